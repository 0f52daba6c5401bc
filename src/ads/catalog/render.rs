//! A row and what fills its gaps, as words that an ad can show.

use super::slots::{Part, parts};
use super::{Formality, Length, Row, Slot, Slots};
use crate::ads::scene::Text;

/// The words of a row with its gaps filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// As they are shown: with isolates around what runs the other way.
    pub text: String,
    /// BCP 47, of the words.
    pub lang: String,
    /// Such as `catalog:headline.promise.2`.
    pub source: String,
    /// The values of names and figures, as they stand in `text`.
    pub protect: Vec<String>,
    /// Whether a native speaker has read the row.
    pub reviewed: bool,
}

impl From<Words> for Text {
    fn from(words: Words) -> Self {
        let Words { text, lang, source, protect, reviewed: _ } = words;
        Self { v: text, lang, source, protect }
    }
}

/// A gap of the row that nothing was given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing fills {slot} of this phrase")]
pub struct MissingSlot {
    /// The gap.
    pub slot: Slot,
}

/// Fills a row's gaps. Without a formality the language's own default is taken.
pub fn render(
    row: Row<'_>,
    length: Length,
    formality: Option<Formality>,
    slots: &Slots,
) -> Result<Words, MissingSlot> {
    let phrase = row.phrase.text(length, formality.or(row.language.formality));
    let mut text = String::new();
    let mut protect = Vec::new();
    for part in parts(phrase).expect("the loader has read this phrase") {
        match part {
            Part::Literal(literal) => text.push_str(literal),
            Part::Gap(slot) => {
                let value = slots.value(slot).ok_or(MissingSlot { slot })?;
                let value = clean(slot, value, text.is_empty());
                if is_one_word(&text, &value) {
                    text.push(' ');
                }
                text.push_str(&isolated(&value, row.language.is_right_to_left()));
                protect.push(value);
            }
        }
    }
    let Row { language, .. } = row;
    let (lang, reviewed) = (language.lang.clone(), language.reviewed);
    Ok(Words { text, lang, source: row.source(), protect, reviewed })
}

/// Whether two names in Latin letters would run together, where a language has no spaces.
fn is_one_word(before: &str, value: &str) -> bool {
    let seen = before.trim_end_matches(is_unseen);
    seen.ends_with(|c: char| c.is_ascii_alphanumeric())
        && value.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// A value that cannot turn the text around it and does not break inside a figure.
fn clean(slot: Slot, value: &str, is_first: bool) -> String {
    let plain = value.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut value: String = plain.filter(|c| !turns_text(*c)).collect();
    if matches!(slot, Slot::Price | Slot::Percent | Slot::Date) {
        value = value.replace(' ', "\u{a0}");
    }
    if slot == Slot::Product && is_first {
        value = capitalized(&value);
    }
    value
}

/// Embeddings, overrides and isolates; marks such as U+200F are harmless and belong to prices.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn capitalized(value: &str) -> String {
    let mut chars = value.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Puts what may run the other way between U+2068 and U+2069, so that it moves nothing beside it.
fn isolated(value: &str, is_right_to_left: bool) -> String {
    let has_right = value.chars().any(is_right_to_left_letter);
    let only_right = has_right && value.chars().all(|c| is_right_to_left_letter(c) || c == ' ');
    let is_foreign = if is_right_to_left { !only_right } else { has_right };
    if is_foreign { format!("\u{2068}{value}\u{2069}") } else { value.to_owned() }
}

fn is_right_to_left_letter(c: char) -> bool {
    let code = u32::from(c);
    matches!(code, 0x0590..=0x08ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff | 0x1_0800..=0x1_0fff)
        && !matches!(code, 0x0660..=0x0669 | 0x06f0..=0x06f9)
}

/// The length of a text as it is seen: without isolates, joiners and break marks.
pub fn seen_length(text: &str) -> usize {
    text.chars().filter(|c| !is_unseen(*c)).count()
}

fn is_unseen(c: char) -> bool {
    turns_text(c) || matches!(c, '\u{200b}' | '\u{2060}')
}

/// The values that make this phrase this text: the inverse of [`render`].
pub(super) fn filled(phrase: &str, text: &str) -> Option<Slots> {
    let parts = parts(phrase).ok()?;
    let mut slots = Slots::default();
    let mut rest = text;
    for (at, part) in parts.iter().enumerate() {
        let Part::Gap(slot) = part else {
            let Part::Literal(literal) = part else { continue };
            rest = rest.strip_prefix(literal)?;
            continue;
        };
        let end = match parts.get(at + 1) {
            Some(Part::Literal(literal)) => rest.find(literal)?,
            Some(Part::Gap(_)) => return None,
            None => rest.len(),
        };
        let value: String = rest[..end].trim().chars().filter(|c| !turns_text(*c)).collect();
        if value.is_empty() {
            return None;
        }
        slots.set(*slot, value);
        rest = &rest[end..];
    }
    rest.is_empty().then_some(slots)
}

#[cfg(test)]
mod tests {
    use super::super::Catalog;
    use super::*;

    #[test]
    fn two_latin_names_do_not_run_together_where_there_are_no_spaces() {
        let slots = Slots {
            brand: Some("Harvest Lane".to_owned()),
            product: Some("Tea".to_owned()),
            ..Slots::default()
        };
        let words = rendered("zh-Hans", "headline.launch.4", &slots).expect("both are given");
        assert_eq!(words.text.replace('\u{200b}', ""), "Harvest Lane Tea");
    }

    fn rendered(lang: &str, key: &str, slots: &Slots) -> Result<Words, MissingSlot> {
        let row = Catalog::embedded().row(lang, key).expect("a row");
        render(row, Length::Normal, None, slots)
    }

    fn brand(name: &str) -> Slots {
        Slots { brand: Some(name.to_owned()), ..Slots::default() }
    }

    #[test]
    fn gaps_are_filled_and_protected() {
        let slots = Slots { product: Some("cold brew".to_owned()), ..brand("Harvest Lane") };
        let words = rendered("en", "headline.launch.4", &slots).expect("words");
        assert_eq!(words.text, "Cold brew by Harvest Lane");
        assert_eq!(words.protect, ["Cold brew", "Harvest Lane"]);
        assert_eq!(words.source, "catalog:headline.launch.4");
        assert_eq!((words.lang.as_str(), words.reviewed), ("en", true));
    }

    #[test]
    fn a_gap_without_a_value_is_named() {
        let missing = rendered("en", "headline.offer.4", &brand("X")).expect_err("no price");
        assert_eq!(missing.slot, Slot::Price);
        assert_eq!(missing.to_string(), "nothing fills {price} of this phrase");
    }

    #[test]
    fn what_runs_the_other_way_is_isolated() {
        let words = rendered("ar", "headline.launch.3", &brand("Harvest Lane")).expect("words");
        assert!(words.text.contains("\u{2068}Harvest Lane\u{2069}"), "{}", words.text);
        let words = rendered("he", "headline.launch.3", &brand("תנובה")).expect("words");
        assert!(!words.text.contains('\u{2068}'), "{}", words.text);
        let words = rendered("en", "headline.launch.3", &brand("תנובה")).expect("words");
        assert_eq!(words.text, "New from \u{2068}תנובה\u{2069}");
    }

    #[test]
    fn a_value_cannot_turn_the_text_around_it() {
        let words = rendered("en", "headline.launch.3", &brand("A\u{202e}B\nC")).expect("words");
        assert_eq!(words.text, "New from AB C");
    }

    #[test]
    fn what_filled_the_gaps_is_found_again() {
        for lang in ["en", "ar", "ja", "fr"] {
            let slots = Slots { product: Some("Cold brew".to_owned()), ..brand("Harvest Lane") };
            let row = Catalog::embedded().row(lang, "headline.launch.4").expect("a row");
            let words = render(row, Length::Normal, None, &slots).expect("words");
            assert_eq!(row.slots_in(&words.text), Some(slots), "{lang}");
        }
        let row = Catalog::embedded().row("en", "headline.launch.3").expect("a row");
        assert_eq!(row.slots_in("something else"), None);
        assert_eq!(row.slots_in("New from "), None);
    }

    #[test]
    fn a_price_does_not_break() {
        let slots = Slots { price: Some("12,50 €".to_owned()), ..Slots::default() };
        let words = rendered("de", "headline.offer.4", &slots).expect("words");
        assert!(words.text.contains("12,50\u{a0}€"), "{}", words.text);
    }
}
