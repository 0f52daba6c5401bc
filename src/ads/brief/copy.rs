//! The words of an ad: quotations first, then the brand's own line, then the catalog.

use super::{Action, Brief, Intent, PriceSense, Season, Tone, Urgency};
use crate::ads::catalog::{Catalog, Formality, Language, Length, Row, Slot, Slots, render};
use crate::ads::copy::{AdCopy, Priced};
use crate::ads::kit::BrandKit;
use crate::ads::prompt::language_of_script;
use crate::ads::scene::{Role, Text};

/// The figures of a brief as the ad's language writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// The brief's price, such as `12,50 €`; without it the ad shows none.
    pub price: Option<String>,
    /// The brief's discount, such as `30 %`; without it the catalog's own form is used.
    pub percent: Option<String>,
}

/// What an ad says for a brief in this language, or none where the catalog does not speak it and
/// the brief quotes no headline.
///
/// Every ladder has the best words first and shorter ones after them. Equal picks choose equal
/// words; another pick chooses others where there are any.
pub fn words(
    brief: &Brief,
    kit: &BrandKit,
    figures: &Figures,
    lang: &str,
    pick: u64,
) -> Option<AdCopy> {
    let language = Catalog::embedded().language(lang);
    if language.is_none() && brief.quoted.headline.is_none() {
        return None;
    }
    let legal = brief.quoted.legal.as_deref().map(|words| quoted(brief, words, lang));
    let legal = legal.or_else(|| Some(of_brand(kit, kit.legal.as_deref()?, "brand.legal", lang)));
    if brief.no_text {
        return Some(AdCopy { legal, ..AdCopy::default() });
    }
    let writer = language.map(|language| Writer::new(brief, kit, figures, language));
    let writer = writer.as_ref();
    let headline = headline(brief, writer, lang, pick);
    let mut copy = AdCopy {
        eyebrow: eyebrow(brief, writer, lang, &headline),
        subline: subline(brief, kit, writer, lang, &headline),
        cta: cta(brief, writer, lang),
        number: writer.and_then(Writer::number),
        badge: badge(brief, writer, lang),
        price: price(brief, figures, writer, lang),
        headline,
        legal,
    };
    leave_out(brief, &mut copy);
    Some(copy)
}

fn leave_out(brief: &Brief, copy: &mut AdCopy) {
    for role in &brief.leave_out {
        match role {
            Role::Eyebrow => copy.eyebrow.clear(),
            Role::Headline => copy.headline.clear(),
            Role::Subline => copy.subline.clear(),
            Role::Cta => copy.cta.clear(),
            Role::Number => copy.number = None,
            Role::Badge => copy.badge = None,
            Role::Price => copy.price = None,
            _ => {}
        }
    }
}

fn headline(brief: &Brief, writer: Option<&Writer<'_>>, lang: &str, pick: u64) -> Vec<Text> {
    if let Some(words) = &brief.quoted.headline {
        return vec![quoted(brief, words, lang)];
    }
    let Some(writer) = writer else { return Vec::new() };
    let rows = writer.headlines(brief.intent);
    let Some(at) = usize::try_from(pick % rows.len().max(1) as u64).ok() else { return Vec::new() };
    let Some(row) = rows.get(at) else { return Vec::new() };
    let mut ladder = writer.ladder(*row);
    // Where even its own short form is too long, another thought in fewer words serves.
    let shortest = rows.iter().flat_map(|row| writer.ladder(*row)).min_by_key(length);
    ladder.extend(shortest);
    descending(ladder)
}

fn subline(
    brief: &Brief,
    kit: &BrandKit,
    writer: Option<&Writer<'_>>,
    lang: &str,
    headline: &[Text],
) -> Vec<Text> {
    if let Some(words) = &brief.quoted.subline {
        return vec![quoted(brief, words, lang)];
    }
    let tagline = tagline(brief, kit, lang, headline);
    // A subline of the catalog follows the headline of its number, and no quotation.
    let row = headline.first().and_then(|text| {
        let key = text.source.strip_prefix("catalog:headline.")?;
        writer?.language.row(&format!("subline.{key}"))
    });
    let follows = row.zip(writer).map(|(row, writer)| writer.ladder(row)).unwrap_or_default();
    descending(tagline.into_iter().chain(follows).collect())
}

/// The brand's own line, where it speaks the ad's language or was asked for by name.
fn tagline(brief: &Brief, kit: &BrandKit, lang: &str, headline: &[Text]) -> Option<Text> {
    /// What a subline may have.
    const MAX_CHARS: usize = 90;
    let line = kit.tagline.as_ref().filter(|_| brief.tagline != Some(false))?;
    let text = one_line(&line.text);
    let spoken = line.lang.as_deref().or(language_of_script(&text));
    let is_known = spoken.is_none_or(|spoken| primary(spoken) == primary(lang));
    let fits = (1..=MAX_CHARS).contains(&text.chars().count());
    let is_shown = headline.iter().any(|shown| shown.v.eq_ignore_ascii_case(&text));
    let is_wanted = brief.tagline == Some(true) || is_known;
    let lang = spoken.unwrap_or(lang);
    (fits && !is_shown && is_wanted).then(|| of_brand(kit, &text, "brand.tagline", lang))
}

fn primary(tag: &str) -> String {
    tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

fn cta(brief: &Brief, writer: Option<&Writer<'_>>, lang: &str) -> Vec<Text> {
    if let Some(words) = &brief.quoted.cta {
        let mut text = quoted(brief, words, lang);
        // Words that the catalog has too can be said in its other languages.
        let own = writer.and_then(|writer| writer.row_that_says("cta", &text));
        text.source = own.unwrap_or(text.source);
        return vec![text];
    }
    let action = brief.cta.unwrap_or(match brief.intent {
        Intent::Hero | Intent::Launch | Intent::Question => Action::Learn,
        Intent::Proof => Action::Try,
        Intent::Offer | Intent::Seasonal => Action::Shop,
        Intent::Event => Action::SignUp,
        Intent::Hiring => Action::Apply,
        Intent::App => Action::Download,
    });
    writer.map(|writer| writer.phrase(&format!("cta.{}", action.name()))).unwrap_or_default()
}

fn eyebrow(brief: &Brief, writer: Option<&Writer<'_>>, lang: &str, headline: &[Text]) -> Vec<Text> {
    /// Headlines that say it already.
    const SAID: [(&str, &str); 8] = [
        ("new", "launch.1"),
        ("new", "launch.3"),
        ("event", "event.1"),
        ("hiring", "hiring.1"),
        ("hiring", "hiring.2"),
        ("app", "app.2"),
        ("offer", "offer.1"),
        ("offer", "offer.4"),
    ];
    if let Some(words) = &brief.quoted.eyebrow {
        return vec![quoted(brief, words, lang)];
    }
    let Some(writer) = writer else { return Vec::new() };
    let season = brief.season.filter(|season| *season != Season::Other);
    let name = match (brief.urgency, brief.intent, season) {
        (Some(Urgency::Limited), ..) => "limited",
        (Some(Urgency::ThisWeek), ..) => "this_week",
        _ if brief.since.is_some() => "since",
        (.., Some(season)) => season.name(),
        (_, Intent::Launch, _) => "new",
        (_, Intent::Event, _) => "event",
        (_, Intent::Hiring, _) => "hiring",
        (_, Intent::App, _) => "app",
        (_, Intent::Offer, _) if brief.percent.is_none() => "offer",
        _ => return Vec::new(),
    };
    let source = headline.first().map_or("", |text| text.source.as_str());
    let said = source.strip_prefix("catalog:headline.").unwrap_or_default();
    if SAID.contains(&(name, said)) {
        return Vec::new();
    }
    writer.phrase(&format!("eyebrow.{name}"))
}

fn badge(brief: &Brief, writer: Option<&Writer<'_>>, lang: &str) -> Option<Text> {
    if let Some(words) = &brief.quoted.badge {
        return Some(quoted(brief, words, lang));
    }
    let key = brief.free_shipping.then_some("badge.free_shipping")?;
    writer?.phrase(key).into_iter().next()
}

fn price(
    brief: &Brief,
    figures: &Figures,
    writer: Option<&Writer<'_>>,
    lang: &str,
) -> Option<Priced> {
    let (money, shown) = (brief.price.clone()?, figures.price.clone()?);
    // Without its word such a price would be a promise that nobody made.
    let phrase = |key| writer?.phrase(key).into_iter().next();
    let text = match brief.price_sense {
        PriceSense::From => phrase("badge.from")?,
        PriceSense::LeastOrder => phrase("badge.orders_over")?,
        PriceSense::Exact => {
            let (v, source) = (shown, "prompt".to_owned());
            Text { v, lang: lang.to_owned(), source, protect: Vec::new() }
        }
    };
    Some(Priced { text, money })
}

/// Words as they are, in the language that they seem to be in.
fn quoted(brief: &Brief, words: &str, lang: &str) -> Text {
    let script = language_of_script(words);
    let asked = brief.lang.as_deref().unwrap_or(lang);
    let lang = script.unwrap_or(asked).to_owned();
    Text { v: words.to_owned(), lang, source: "prompt".to_owned(), protect: Vec::new() }
}

fn of_brand(kit: &BrandKit, words: &str, source: &str, lang: &str) -> Text {
    let lang = if source == "brand.legal" { kit.language.as_deref().unwrap_or(lang) } else { lang };
    let (v, source) = (one_line(words), source.to_owned());
    Text { v, lang: lang.to_owned(), source, protect: Vec::new() }
}

fn one_line(words: &str) -> String {
    crate::ads::prompt::cleaned(words)
}

/// Only words that are shorter than all before them.
fn descending(ladder: Vec<Text>) -> Vec<Text> {
    let mut kept: Vec<Text> = Vec::new();
    for text in ladder {
        if kept.last().is_none_or(|last| length(&text) < length(last)) {
            kept.push(text);
        }
    }
    kept
}

fn length(text: &Text) -> usize {
    crate::ads::catalog::seen_length(&text.v)
}

/// One language's phrases, with all that can fill their gaps.
struct Writer<'a> {
    brief: &'a Brief,
    language: &'a Language,
    slots: Slots,
    formality: Option<Formality>,
    prohibited: Vec<String>,
}

impl<'a> Writer<'a> {
    fn new(brief: &'a Brief, kit: &BrandKit, figures: &Figures, language: &'a Language) -> Self {
        let speaks = |lang: &str| {
            Catalog::embedded().language(lang).is_some_and(|spoken| spoken.lang == language.lang)
        };
        let is_own = speaks(&brief.prompt_lang);
        let is_digits = |date: &&String| !date.chars().any(char::is_alphabetic);
        let name = kit.name.as_deref().map(one_line);
        let is_brand = |product: &&String| {
            name.as_deref().is_some_and(|name| {
                let (name, product) = (name.to_lowercase(), product.to_lowercase());
                name.contains(&product) || product.contains(&name)
            })
        };
        let percent = brief.percent.as_ref().map(|percent| {
            figures.percent.clone().unwrap_or_else(|| language.percent(&percent.number))
        });
        let slots = Slots {
            percent,
            price: brief.price.as_ref().and(figures.price.clone()),
            date: brief.date.as_ref().filter(|date| is_own || is_digits(date)).cloned(),
            product: brief.product.as_ref().filter(|p| is_own && !is_brand(p)).cloned(),
            tagline: None,
            brand: name.clone(),
        };
        let formality = brief.tone.and_then(|tone| match tone {
            Tone::Premium | Tone::Formal => Some(Formality::Formal),
            Tone::Playful | Tone::Warm => Some(Formality::Informal),
            Tone::Direct => None,
        });
        let prohibited = kit.prohibited.iter().map(|word| word.trim().to_lowercase());
        let prohibited = prohibited.filter(|word| !word.is_empty()).collect();
        Self { brief, language, slots, formality, prohibited }
    }

    /// The headlines of a purpose that can be said, all others if none can.
    fn headlines(&self, intent: Intent) -> Vec<Row<'a>> {
        let sayable = |intent: Intent| -> Vec<Row<'a>> {
            let rows = self.language.rows_under(&format!("headline.{}", intent.catalog_name()));
            rows.into_iter().filter(|row| self.can_say(*row)).collect()
        };
        let rows = sayable(intent);
        if rows.is_empty() { sayable(Intent::Hero) } else { rows }
    }

    fn can_say(&self, row: Row<'_>) -> bool {
        /// What a headline may have.
        const MAX_CHARS: usize = 48;
        let needs = row.needs(Length::Normal);
        // The discount is the number of the ad, its price stands by itself too, and a least price
        // is no price to promise.
        let shows_price = !self.brief.leave_out.contains(&Role::Price);
        let twice = needs.contains(&Slot::Percent) || needs.contains(&Slot::Price) && shows_price;
        let untrue = needs.contains(&Slot::Price) && self.brief.price_sense != PriceSense::Exact;
        let text = self.ladder(row).into_iter().next();
        !twice && !untrue && text.is_some_and(|text| length(&text) <= MAX_CHARS)
    }

    /// A row in its normal and its short form, if it can be said and may be.
    fn ladder(&self, row: Row<'_>) -> Vec<Text> {
        let forms = [Length::Normal, Length::Short].into_iter();
        let said = forms.filter_map(|length| render(row, length, self.formality, &self.slots).ok());
        let allowed = said.map(Text::from).filter(|text| {
            let text = text.v.to_lowercase();
            !self.prohibited.iter().any(|word| text.contains(word))
        });
        descending(allowed.collect())
    }

    /// Where a text of the catalog would be from, if one of these rows says just what this does.
    fn row_that_says(&self, start: &str, text: &Text) -> Option<String> {
        let rows = self.language.rows_under(start).into_iter();
        let mut said = rows.flat_map(|row| self.ladder(row));
        said.find(|said| said.v == text.v && said.lang == text.lang).map(|said| said.source)
    }

    fn phrase(&self, key: &str) -> Vec<Text> {
        let since = Slots { date: self.brief.since.clone(), ..Slots::default() };
        let Some(row) = self.language.row(key) else { return Vec::new() };
        if key != "eyebrow.since" {
            return self.ladder(row);
        }
        let words = render(row, Length::Normal, self.formality, &since);
        words.map(|words| vec![Text::from(words)]).unwrap_or_default()
    }

    /// The discount: “−30%”, or “Up to 30% off”, which is not the same.
    fn number(&self) -> Option<Text> {
        let percent = self.brief.percent.as_ref()?;
        let key = if percent.is_up_to { "badge.up_to" } else { "badge.percent_off" };
        let mut text = self.phrase(key).pop()?;
        // Among words from the right the minus would go behind its number.
        let is_bare = !text.v.chars().any(char::is_alphabetic);
        if is_bare && self.language.is_right_to_left() {
            let bare = text.v.replace(['\u{2068}', '\u{2069}'], "");
            text.v = format!("\u{2066}{bare}\u{2069}");
        }
        Some(text)
    }
}
