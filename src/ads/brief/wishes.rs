//! Figures, colours, looks and everything else that a brief can wish for.

use std::ops::Range;

use super::read::Reader;
use super::{Action, ColorWish, Look, Percent, PriceSense, Tone, Urgency, color_named};
use crate::ads::format::{MAX_SIDE, MIN_SIDE};
use crate::ads::prompt::{self, Figure, Figures, Hit, Kind, Speech};
use crate::ads::scene::{Format, Ink, LayoutKind, Money, Role};
use crate::domain::brand::{Hex, Scheme};

/// Reads prices, percentages, dates and sizes.
pub(super) fn figures(reader: &mut Reader<'_>) {
    since(reader);
    for Figure { is, range } in prompt::figures_of(&reader.speech) {
        if reader.speech.is_taken(range.clone()) {
            continue;
        }
        let written = reader.speech.words(range.clone()).to_owned();
        match is {
            Figures::Price { amount, currency } => price(reader, amount, currency, range),
            Figures::Percent { number } => percent(reader, number, range),
            Figures::Ratio(ratio) => format(reader, ratio, range),
            Figures::Size(sides) => size(reader, sides, range),
            Figures::Date => date(reader, &written, range),
        }
    }
    months(reader);
}

fn price(reader: &mut Reader<'_>, amount: String, currency: &'static str, range: Range<usize>) {
    let written = reader.speech.words(range.clone()).to_owned();
    if is_near_before(&reader.speech, "old", range.start) {
        reader.note(format!("`{written}` is the price before and is not shown"));
        reader.speech.take(range);
    } else if reader.brief.price.is_some() {
        reader.note(format!("`{written}` is left out: an ad shows one price"));
        reader.speech.take(range);
    } else if is_least(&reader.speech, &range) && !ships_free(&reader.speech) {
        reader.note(format!("`{written}` is what an order must come to and is not shown"));
        reader.speech.take(range);
    } else {
        if written.starts_with('$') || written.ends_with('$') {
            reader.note("`$` was read as US dollars".to_owned());
        }
        let sense = price_sense(&reader.speech, &range);
        let before = match sense {
            PriceSense::Exact => "",
            PriceSense::From => "from ",
            PriceSense::LeastOrder => "orders over ",
        };
        reader.found("price", format!("{before}{amount} {currency}"), range);
        reader.brief.price_sense = sense;
        reader.brief.price = Some(Money { amount, currency: currency.to_owned() });
    }
}

fn percent(reader: &mut Reader<'_>, number: String, range: Range<usize>) {
    /// How far the word that makes a share a discount may stand from it.
    const REACH: usize = 4;
    let speech = &reader.speech;
    let is_near = |hit: &Hit<'_>| {
        matches!(hit.name, "off" | "black_friday")
            && hit.range.end + REACH >= range.start
            && hit.range.start <= range.end + REACH
    };
    let minus = range.start.checked_sub(1).is_some_and(|at| speech.tokens[at].is_mark('-'));
    let is_discount =
        minus || ["figure", "season"].iter().any(|topic| speech.of_topic(topic).any(is_near));
    let written = speech.words(range.clone()).to_owned();
    if !is_discount {
        reader
            .note(format!("`{written}` is not shown: no word beside it says that it is taken off"));
        reader.speech.take(range);
        return;
    }
    if reader.brief.percent.is_some() {
        reader.note(format!("`{written}` is left out: an ad shows one discount"));
        reader.speech.take(range);
        return;
    }
    let is_up_to =
        is_near_before(speech, "up_to", range.start) || is_right_after(speech, "up_to", range.end);
    let most = if is_up_to { "up to " } else { "" };
    reader.found("percent", format!("{most}{number} %"), range);
    reader.brief.percent = Some(Percent { number, is_up_to });
}

/// Whether this word stands before a figure, with nothing but fillers such as “just” between.
/// Whether a price is asked, is the least that is asked, or what an order must come to before it
/// ships free.
fn price_sense(speech: &Speech<'_>, range: &Range<usize>) -> PriceSense {
    if is_least(speech, range) {
        return PriceSense::LeastOrder;
    }
    let is_from =
        is_near_before(speech, "from", range.start) || is_right_after(speech, "from", range.end);
    if is_from { PriceSense::From } else { PriceSense::Exact }
}

fn is_least(speech: &Speech<'_>, range: &Range<usize>) -> bool {
    is_near_before(speech, "least", range.start) || is_right_after(speech, "least", range.end)
}

fn ships_free(speech: &Speech<'_>) -> bool {
    speech.of_topic("ship").next().is_some()
}

fn is_near_before(speech: &Speech<'_>, name: &str, start: usize) -> bool {
    const REACH: usize = 3;
    for at in (start.saturating_sub(REACH)..start).rev() {
        if speech.of_topic_at("figure", at).any(|hit| hit.name == name) {
            return true;
        }
        if !speech.is_filler(at) && speech.at("figure", at).is_none() {
            return false;
        }
    }
    false
}

fn is_right_after(speech: &Speech<'_>, name: &str, end: usize) -> bool {
    // Only in languages that put the word behind the figure.
    let is_behind = matches!(speech.lang.as_str(), "ja" | "zh-Hans" | "hi");
    is_behind && speech.of_topic("figure").any(|hit| hit.name == name && hit.range.start == end)
}

fn format(reader: &mut Reader<'_>, name: &str, range: Range<usize>) {
    if reader.brief.format.get_or_insert_with(|| name.to_owned()) == name {
        reader.found("format", name, range);
    } else {
        reader.note(format!("the format is already named, `{name}` is left out"));
        reader.speech.take(range);
    }
}

fn size(reader: &mut Reader<'_>, [w, h]: [u32; 2], range: Range<usize>) {
    let name = format!("{w}x{h}");
    if Format::sized(w, h).is_ok() {
        format(reader, &name, range);
    } else {
        reader
            .note(format!("`{name}` is no canvas: each side must be {MIN_SIDE} to {MAX_SIDE} px"));
        reader.speech.take(range);
    }
}

fn date(reader: &mut Reader<'_>, written: &str, range: Range<usize>) {
    if reader.brief.date.is_none() {
        reader.brief.date = Some(written.to_owned());
        reader.found("date", written, range);
    }
}

/// `12 May`, `May 12` and `5月12日`.
fn months(reader: &mut Reader<'_>) {
    let months: Vec<_> = reader.speech.of_topic("month").map(|hit| hit.range.clone()).collect();
    for month in months {
        let speech = &reader.speech;
        let is_day = |at: usize| {
            let token = speech.tokens.get(at).filter(|token| token.kind == Kind::Number);
            token.is_some_and(|t| t.folded.parse().is_ok_and(|day: u32| (1..=31).contains(&day)))
        };
        let skip = |at: usize| speech.tokens[at].is_mark('.') || speech.at("filler", at).is_some();
        let before = (month.start.saturating_sub(3)..month.start).rev().find(|at| !skip(*at));
        let range = match before.filter(|at| is_day(*at)) {
            Some(day) => day..month.end,
            None if is_day(month.end) => month.start..month.end + 1,
            None => continue,
        };
        let written = speech.words(range.clone()).to_owned();
        date(reader, &written, range);
    }
}

fn since(reader: &mut Reader<'_>) {
    let hits: Vec<_> =
        reader.speech.of_topic("time").filter(|hit| hit.name == "since").cloned().collect();
    for hit in hits {
        let speech = &reader.speech;
        let is_year = |at: &usize| {
            let token = speech.tokens.get(*at).filter(|token| token.kind == Kind::Number);
            token.is_some_and(|t| {
                t.folded.parse().is_ok_and(|year: u32| (1000..=2200).contains(&year))
            })
        };
        let after = (hit.range.end..hit.range.end + 2).find(is_year);
        let before = (hit.range.start.saturating_sub(2)..hit.range.start).rev().find(is_year);
        let Some(year) = after.or(before) else { continue };
        let written = speech.tokens[year].folded.clone();
        reader.brief.since.get_or_insert_with(|| written.clone());
        reader.found("since", written, hit.range.start.min(year)..hit.range.end.max(year + 1));
    }
}

/// Reads all that words alone can wish for.
pub(super) fn read(reader: &mut Reader<'_>) {
    exact_colors(reader);
    let hits = reader.speech.hits.clone();
    for hit in hits {
        // What was quoted, or belongs to the product's name, wishes for nothing.
        let is_free = !reader.speech.is_taken(hit.range.clone());
        if is_free || matches!(hit.topic, "tone") {
            wish(reader, &hit);
        }
    }
}

fn wish(reader: &mut Reader<'_>, hit: &Hit<'_>) {
    match hit.topic {
        "color" => color(reader, hit),
        "thing" => thing(reader, hit),
        _ if hit.negated => {
            let words = reader.speech.words(hit.range.clone()).to_owned();
            reader.note(format!("`{words}` is not wanted"));
            reader.speech.take(hit.range.clone());
        }
        "tone" => tone(reader, hit),
        "look" => look(reader, hit),
        "scheme" => {
            let is = if hit.name == "dark" { Scheme::Dark } else { Scheme::Light };
            if *reader.brief.scheme.get_or_insert(is) == is {
                reader.found("scheme", hit.name, hit.range.clone());
            }
        }
        "layout" => layout(reader, hit),
        "format" => format(reader, hit.name, hit.range.clone()),
        "shape" if prompt::names_a_canvas(&reader.speech, hit) => {
            format(reader, hit.name, hit.range.clone());
            // Its frame, as in “story format”, says no more.
            if reader.speech.at("frame", hit.range.end).is_some() {
                reader.speech.take(hit.range.end..hit.range.end + 1);
            }
        }
        "lang" => {
            let lang = reader.brief.lang.get_or_insert_with(|| hit.name.to_owned());
            let is_it = *lang == hit.name;
            reader.speech.take(hit.range.clone());
            if is_it {
                reader.found("language", hit.name, hit.range.clone());
            }
        }
        "cta" => {
            let action = Action::ALL.into_iter().find(|action| action.name() == hit.name);
            reader.brief.cta = reader.brief.cta.or(action);
            reader.found("cta", hit.name, hit.range.clone());
        }
        "time" if hit.name != "since" => {
            let urgency =
                if hit.name == "this_week" { Urgency::ThisWeek } else { Urgency::Limited };
            reader.brief.urgency.get_or_insert(urgency);
            reader.found("urgency", hit.name, hit.range.clone());
        }
        "ship" => {
            reader.brief.free_shipping = true;
            reader.found("free_shipping", "true", hit.range.clone());
        }
        "audience" => {
            let words = reader.speech.words(hit.range.clone()).to_owned();
            reader.found("audience", words, hit.range.clone());
        }
        "figure" | "currency" => reader.speech.take(hit.range.clone()),
        _ => {}
    }
}

fn tone(reader: &mut Reader<'_>, hit: &Hit<'_>) {
    let tone = match hit.name {
        "premium" => Tone::Premium,
        "direct" => Tone::Direct,
        "playful" => Tone::Playful,
        "warm" => Tone::Warm,
        _ => Tone::Formal,
    };
    if *reader.brief.tone.get_or_insert(tone) == tone {
        reader.found("tone", hit.name, hit.range.clone());
    }
}

fn look(reader: &mut Reader<'_>, hit: &Hit<'_>) {
    let look = match hit.name {
        "minimal" => Look::Minimal,
        "bold" => Look::Bold,
        "playful" => Look::Playful,
        _ => Look::Elegant,
    };
    if *reader.brief.look.get_or_insert(look) == look {
        reader.found("look", hit.name, hit.range.clone());
    }
}

fn layout(reader: &mut Reader<'_>, hit: &Hit<'_>) {
    let kind = layout_named(hit.name);
    if reader.brief.layout.kind.is_none() {
        reader.brief.layout.kind = kind;
    }
    reader.found("layout", hit.name, hit.range.clone());
}

/// The arrangement of this name of the lexicon.
pub(crate) fn layout_named(name: &str) -> Option<LayoutKind> {
    serde_json::from_value(serde_json::Value::from(name)).ok()
}

fn thing(reader: &mut Reader<'_>, hit: &Hit<'_>) {
    let brief = &mut reader.brief;
    let wanted = !hit.negated;
    let left_out = match hit.name {
        "photo" => {
            brief.layout.photo.get_or_insert(wanted);
            reader.found("photo", wanted.to_string(), hit.range.clone());
            return;
        }
        "tagline" => {
            brief.tagline.get_or_insert(wanted);
            reader.found("tagline", wanted.to_string(), hit.range.clone());
            return;
        }
        _ if wanted => {
            // Named without a wish: “the headline” alone asks for what every ad has.
            reader.speech.take(hit.range.clone());
            return;
        }
        "text" => {
            brief.no_text = true;
            None
        }
        "logo" => {
            brief.no_logo = true;
            None
        }
        "headline" => Some(Role::Headline),
        "subline" => Some(Role::Subline),
        "cta" => Some(Role::Cta),
        "eyebrow" => Some(Role::Eyebrow),
        "badge" => Some(Role::Badge),
        "price" => Some(Role::Price),
        "number" => Some(Role::Number),
        "art" => Some(Role::Decoration),
        "hero" => Some(Role::Hero),
        _ => return,
    };
    brief.leave_out.extend(left_out);
    reader.found(&format!("no_{}", hit.name), "true", hit.range.clone());
}

fn color(reader: &mut Reader<'_>, hit: &Hit<'_>) {
    let Some(color) = color_named(hit.name) else { return };
    if hit.negated {
        reader.brief.avoid_colors.push(color);
        reader.found("avoid_color", hit.name, hit.range.clone());
    } else {
        let value = format!("{} {color}", hit.name);
        wish_color(reader, color, false, &value, hit.range.clone());
    }
}

fn exact_colors(reader: &mut Reader<'_>) {
    for at in 0..reader.speech.tokens.len() {
        if reader.speech.tokens[at].kind == Kind::Hex
            && !reader.speech.is_taken(at..at + 1)
            && let Ok(color) = reader.speech.tokens[at].folded.parse::<Hex>()
        {
            wish_color(reader, color, true, &color.to_string(), at..at + 1);
        }
    }
}

fn wish_color(
    reader: &mut Reader<'_>,
    color: Hex,
    is_exact: bool,
    value: &str,
    range: Range<usize>,
) {
    /// More colours than a palette has roles for are not a wish.
    const MAX_COLORS: usize = 6;
    let ink = ink_beside(&reader.speech, &range);
    let known = reader.brief.colors.iter().any(|wish| wish.color == color && wish.ink == ink);
    if !known && reader.brief.colors.len() < MAX_COLORS {
        reader.brief.colors.push(ColorWish { color, is_exact, ink });
    }
    let value =
        ink.map_or_else(|| value.to_owned(), |ink| format!("{value} for {}", ink_name(ink)));
    reader.found("color", value, range);
}

/// What a colour is for: “green background”, “background in green”.
fn ink_beside(speech: &Speech<'_>, range: &Range<usize>) -> Option<Ink> {
    let ink = |at: usize| {
        let hit = speech.at("thing", at)?;
        Some(match hit.name {
            "background" => Ink::Bg,
            "accent" | "cta" => Ink::Accent,
            "text" | "headline" => Ink::Fg,
            "panel" => Ink::Panel,
            _ => return None,
        })
    };
    let is_end = |at: &usize| {
        let token = &speech.tokens[*at];
        let is_and = speech.at("word", *at).is_some_and(|hit| ["and", "with"].contains(&hit.name));
        is_and || token.is_mark(',') || token.is_mark('.') || token.kind == Kind::Line
    };
    let end = speech.tokens.len();
    let after = (range.end..end.min(range.end + 3)).take_while(|at| !is_end(at)).find_map(ink);
    let before = || {
        let start = range.start.saturating_sub(4);
        (start..range.start).rev().take_while(|at| !is_end(at)).find_map(ink)
    };
    after.or_else(before)
}

fn ink_name(ink: Ink) -> &'static str {
    match ink {
        Ink::Bg => "background",
        Ink::Accent => "accent",
        Ink::Panel => "panel",
        _ => "text",
    }
}
