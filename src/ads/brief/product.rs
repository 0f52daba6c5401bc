//! What an ad is about, in the prompt's own words.

use std::ops::Range;

use super::read::Reader;
use crate::ads::prompt::{Kind, Speech};

/// The most words of a product's name, and in scripts without spaces the most characters.
const MAX_TOKENS: usize = 12;
const MAX_WORDS: usize = 5;
const MAX_CHARS: usize = 48;

/// Looks for it behind “for our new …”, or in some languages before “… の広告”.
pub(super) fn read(reader: &mut Reader<'_>) {
    if reader.brief.product.is_some() {
        return;
    }
    let speech = &reader.speech;
    let about = speech.of_topic("about").map(|hit| match hit.name {
        "after" => before(speech, hit.range.start),
        _ => behind(speech, hit.range.end),
    });
    let launched = speech.of_topic("intent").filter(|hit| hit.name == "launch" && !hit.negated);
    let launched = launched.map(|hit| behind(speech, hit.range.end));
    let named = about.chain(launched).flatten().find_map(|range| whole(speech, range));
    if let Some((range, name)) = named {
        reader.brief.product = Some(name.clone());
        reader.found("product", name, range);
    }
}

fn behind(speech: &Speech<'_>, start: usize) -> Option<Range<usize>> {
    let end = speech.tokens.len();
    let leads = |at: usize| {
        speech.at("filler", at).is_some()
            || speech.at("intent", at).is_some_and(|hit| ["new", "launch"].contains(&hit.name))
    };
    let start = (start..end).find(|at| !leads(*at) && !speech.tokens[*at].is_mark('\''))?;
    let stop = (start..end.min(start + MAX_TOKENS)).find(|at| ends(speech, *at));
    if stop.is_some_and(|stop| speech.at("audience", stop).is_some()) {
        // “for dog owners” says who it is for.
        return None;
    }
    Some(start..stop.unwrap_or(end.min(start + MAX_TOKENS)))
}

fn before(speech: &Speech<'_>, end: usize) -> Option<Range<usize>> {
    let least = end.saturating_sub(MAX_TOKENS);
    let stop = (least..end).rev().find(|at| ends(speech, *at));
    let range = stop.map_or(least, |stop| stop + 1)..end;
    (!range.is_empty()).then_some(range)
}

/// Whether a token belongs to no product's name.
fn ends(speech: &Speech<'_>, at: usize) -> bool {
    let token = &speech.tokens[at];
    let joins = token.is_mark('-') || token.is_mark('&') || token.is_mark('\'');
    let is_name = matches!(token.kind, Kind::Word | Kind::Number) || joins;
    let ending = [
        "filler", "word", "about", "no", "intent", "thing", "layout", "format", "lang", "cta",
        "time", "figure", "audience", "ship", "currency", "place",
    ];
    !is_name || speech.is_taken(at..at + 1) || ending.iter().any(|t| speech.at(t, at).is_some())
}

/// The name, if at least one of its words is none that means something else here.
fn whole(speech: &Speech<'_>, range: Range<usize>) -> Option<(Range<usize>, String)> {
    let is_word = |at: &usize| matches!(speech.tokens[*at].kind, Kind::Word | Kind::Number);
    let end = range.clone().rev().find(is_word)? + 1;
    let range = range.start..end;
    let meant = ["color", "season", "scheme", "look", "tone", "month"];
    let is_own = |at: usize| {
        speech.tokens[at].kind == Kind::Word && meant.iter().all(|t| speech.at(t, at).is_none())
    };
    let name = super::cut_to_fit(speech.words(range.clone()));
    let words = name.split_whitespace().count();
    let chars = name.chars().count();
    let fits = (1..=MAX_WORDS).contains(&words) && (2..=MAX_CHARS).contains(&chars);
    (fits && range.clone().any(is_own)).then_some((range, name))
}
