//! Whom an ad shall speak to, from free text such as “French urban premium”.
//!
//! Places and demonyms give a region, a few words give a tone and a form of address, longest phrase
//! first. Whatever is not in the tables is listed, never interpreted: a region decides how numbers
//! are written and which words are looked up, not what its people are supposed to like.

mod regions;

use regions::{REGIONS, Row};

use crate::ads::catalog::Formality;

/// What a text about a culture was understood to ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Culture {
    /// ISO 3166, as `FR`; `419` is Latin America.
    pub region: Option<&'static str>,
    /// The language that a word named, as `fr` of “French”.
    pub language: Option<&'static str>,
    /// How the words shall sound.
    pub tone: Option<Tone>,
    /// How a reader is addressed, where the language has two forms.
    pub formality: Option<Formality>,
    /// The words that nothing followed from, as they were written, at most 20.
    pub ignored: Vec<String>,
}

/// How words sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Few words, no exclamation mark, no talk of discounts.
    Premium,
    /// Short and straight.
    Direct,
    /// Near and friendly.
    Warm,
    /// Light.
    Playful,
    /// Sober.
    Plain,
}

/// Reads a text of at most 200 characters; more are left out.
pub(super) fn read(text: &str) -> Culture {
    /// The limit of the wire's `target_culture`.
    const MAX_CHARS: usize = 200;
    let text: String = text.chars().take(MAX_CHARS).collect();
    let words: Vec<(&str, String)> = text
        .split(|c: char| !(c.is_alphanumeric() || is_mark(c) || matches!(c, '\'' | '’' | '-')))
        .flat_map(compounds)
        .map(|word| (word, fold(word)))
        .filter(|(_, folded)| !folded.is_empty())
        .collect();
    let mut reading = Reading::default();
    let mut at = 0;
    while at < words.len() {
        let taken = (1..=LONGEST_PHRASE.min(words.len() - at))
            .rev()
            .find(|length| reading.take(&phrase(&words[at..at + length])));
        if taken.is_none() && !FILLERS.contains(&words[at].1.as_str()) {
            reading.ignore(words[at].0);
        }
        at += taken.unwrap_or(1);
    }
    reading.end()
}

/// The most words that a name in the tables has.
const LONGEST_PHRASE: usize = 4;

/// Words that carry nothing here.
const FILLERS: [&str; 28] = [
    "a",
    "an",
    "and",
    "the",
    "for",
    "of",
    "in",
    "to",
    "with",
    "very",
    "style",
    "culture",
    "market",
    "audience",
    "people",
    "customers",
    "consumers",
    "feel",
    "tone",
    "et",
    "de",
    "la",
    "le",
    "und",
    "y",
    "our",
    "shoppers",
    "readers",
];

/// The region of a place or a demonym, folded.
pub(super) fn region_of(folded: &str) -> Option<&'static str> {
    row_of(folded)?.region
}

/// Small letters without accents, so that “Québécois” and “quebecois” are the same.
pub(super) fn fold(text: &str) -> String {
    text.trim().to_lowercase().chars().filter(|c| !is_accent(*c)).map(unaccented).collect()
}

/// “Franco-Canadian” is one name in no table, but “Hong-Kong” might be two words of one.
fn compounds(word: &str) -> impl Iterator<Item = &str> {
    word.split('-').map(|part| part.trim_matches(['\'', '’']))
}

fn phrase(words: &[(&str, String)]) -> String {
    words.iter().map(|(_, folded)| folded.as_str()).collect::<Vec<_>>().join(" ")
}

fn row_of(folded: &str) -> Option<&'static Row> {
    REGIONS.iter().find(|row| row.names.contains(&folded))
}

/// The tables' answers so far.
#[derive(Default)]
struct Reading {
    regions: Vec<&'static Row>,
    tone: Option<Tone>,
    formality: Option<Formality>,
    ignored: Vec<String>,
}

impl Reading {
    fn take(&mut self, phrase: &str) -> bool {
        if let Some(row) = row_of(phrase) {
            self.regions.push(row);
        } else if let Some((_, tone, formality)) =
            REGISTERS.iter().find(|row| row.0.contains(&phrase))
        {
            self.tone = self.tone.or(*tone);
            self.formality = self.formality.or(*formality);
        } else {
            return false;
        }
        true
    }

    fn ignore(&mut self, word: &str) {
        /// More would only repeat the request.
        const MAX_IGNORED: usize = 20;
        let word = word.to_owned();
        if self.ignored.len() < MAX_IGNORED && !self.ignored.contains(&word) {
            self.ignored.push(word);
        }
    }

    /// Of “French Canadian” the word that is no name of a language says where; a second place is
    /// listed as ignored, because an ad has one.
    fn end(mut self) -> Culture {
        let place = self.regions.iter().find(|row| row.tongue.is_none());
        let chosen = place.or(self.regions.iter().find(|row| row.region.is_some())).copied();
        let language = self.regions.iter().find_map(|row| row.tongue);
        let others: Vec<&str> = self
            .regions
            .iter()
            .filter(|row| row.region != chosen.and_then(|row| row.region))
            .filter(|row| row.tongue.is_none() || row.tongue != language)
            .map(|row| row.names[0])
            .collect();
        for name in others {
            self.ignore(name);
        }
        Culture {
            region: chosen.and_then(|row| row.region),
            language: language.or(chosen.and_then(|row| row.speaks)),
            tone: self.tone,
            formality: self.formality,
            ignored: self.ignored,
        }
    }
}

type Register = (&'static [&'static str], Option<Tone>, Option<Formality>);

/// Words for how an ad shall sound, and what follows from them.
const REGISTERS: [Register; 8] = [
    (
        &[
            "premium",
            "luxury",
            "luxurious",
            "luxe",
            "upscale",
            "exclusive",
            "high end",
            "sophisticated",
            "elegant",
            "refined",
            "haut de gamme",
            "lujo",
            "lusso",
            "gehoben",
        ],
        Some(Tone::Premium),
        Some(Formality::Formal),
    ),
    (
        &[
            "urban",
            "young",
            "youth",
            "street",
            "streetwear",
            "gen z",
            "students",
            "student",
            "millennial",
            "millennials",
            "direct",
            "bold",
            "edgy",
            "city",
            "trendy",
            "modern",
            "urbain",
            "jeune",
            "urbano",
            "joven",
            "jung",
        ],
        Some(Tone::Direct),
        None,
    ),
    (
        &[
            "family", "families", "warm", "friendly", "cozy", "homely", "famille", "familia",
            "familie",
        ],
        Some(Tone::Warm),
        None,
    ),
    (&["playful", "fun", "funny", "humorous", "witty", "quirky"], Some(Tone::Playful), None),
    (
        &[
            "professional",
            "business",
            "corporate",
            "b2b",
            "serious",
            "sober",
            "minimal",
            "minimalist",
        ],
        Some(Tone::Plain),
        Some(Formality::Formal),
    ),
    (&["plain", "simple", "neutral", "classic"], Some(Tone::Plain), None),
    (&["formal", "polite", "respectful", "formel"], None, Some(Formality::Formal)),
    (&["informal", "casual", "relaxed", "colloquial", "informel"], None, Some(Formality::Informal)),
];

fn is_mark(c: char) -> bool {
    use icu_properties::CodePointMapData;
    use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    GeneralCategoryGroup::Mark.contains(category)
}

fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

fn unaccented(c: char) -> char {
    match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ạ' | 'ả' | 'ấ' | 'ầ' | 'ậ' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è'..='ë' | 'ē' | 'ę' | 'ě' | 'ế' | 'ề' | 'ể' | 'ệ' | 'ẹ' => 'e',
        'ğ' => 'g',
        'ì'..='ï' | 'ī' | 'ı' | 'ị' => 'i',
        'ł' | 'ľ' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' | 'ố' | 'ồ' | 'ộ' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' | 'ș' => 's',
        'ť' | 'ț' | 'ţ' => 't',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' | 'ư' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        '\u{a0}' | '\u{202f}' => ' ',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_wire_is_read_whole() {
        let culture = read("French urban premium");
        assert_eq!(culture.region, Some("FR"));
        assert_eq!(culture.language, Some("fr"));
        // The first word for a tone is the one that counts, and the second still says how to
        // address the reader.
        assert_eq!(culture.tone, Some(Tone::Direct));
        assert_eq!(culture.formality, Some(Formality::Formal));
        assert_eq!(culture.ignored, Vec::<String>::new());
    }

    #[test]
    fn places_and_demonyms_give_a_region() {
        for (text, region, language) in [
            ("Québécois families", "CA", "fr"),
            ("French Canadian", "CA", "fr"),
            ("Canadian French", "CA", "fr"),
            ("Swiss", "CH", ""),
            ("Swiss German business", "CH", "de"),
            ("Emirati luxury", "AE", "ar"),
            ("Mexican", "MX", "es"),
            ("Brazilian Portuguese", "BR", "pt"),
            ("the Japanese market", "JP", "ja"),
            ("日本", "JP", "ja"),
            ("हिन्दी भारत", "IN", "hi"),
            ("Hong-Kong", "HK", ""),
            ("United Arab Emirates", "AE", "ar"),
            ("Österreich", "AT", "de"),
            ("Latin American Spanish", "419", "es"),
            ("Parisian", "FR", "fr"),
            ("Arabic, Dubai", "AE", "ar"),
        ] {
            let culture = read(text);
            let got = (culture.region, culture.language.unwrap_or(""));
            assert_eq!(got, (Some(region), language), "{text}");
            assert_eq!(culture.ignored, Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn unknown_words_are_listed_and_nothing_follows_from_them() {
        let culture = read("Martian romantic wine-loving premium; Korean or Danish");
        assert_eq!(culture.region, Some("KR"));
        assert_eq!(culture.tone, Some(Tone::Premium));
        let ignored = ["Martian", "romantic", "wine", "loving", "or", "danish"];
        assert_eq!(culture.ignored, ignored);
        assert_eq!(read(""), Culture::default());
        assert_eq!(read(&"x ".repeat(500)).ignored, ["x"]);
        assert!(
            read(&(0..200).map(|n| format!("q{n}")).collect::<Vec<_>>().join(" ")).ignored.len()
                <= 20
        );
    }

    #[test]
    fn names_are_folded_and_stand_once() {
        let mut seen = std::collections::BTreeSet::new();
        let registers = REGISTERS.iter().flat_map(|row| row.0.iter());
        for name in REGIONS.iter().flat_map(|row| row.names.iter()).chain(registers) {
            assert_eq!(&fold(name), name);
            assert!(name.split(' ').count() <= LONGEST_PHRASE, "{name}");
            assert!(seen.insert(*name), "{name} stands twice");
            assert!(!name.contains('-'), "{name}");
        }
        assert!(REGIONS.len() >= 60);
    }

    #[test]
    fn every_region_is_one_that_cldr_knows_and_speaks_its_language() {
        use crate::ads::localize::language::Language;
        for row in &REGIONS {
            let language = row.tongue.or(row.speaks);
            assert!(language.is_some() || row.region.is_some(), "{:?}", row.names);
            if let Some(language) = language {
                let tag = format!("{language}-{}", row.region.unwrap_or("001"));
                assert!(Language::parse(&tag).is_ok(), "{tag}");
            }
        }
    }
}
