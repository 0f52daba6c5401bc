//! The catalog: what an ad can say without a model, in every language that Tidemill writes.
//!
//! One JSON file a language, embedded and parsed once. A row is one thought: the same key says
//! the same in every file, so that an ad changes its language by looking up its own keys again.
//! Never: a number, a price or a claim of its own, a brand's words, a guess at a language.

#[cfg(test)]
mod copy_rules;
mod phrase;
mod render;
mod slots;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::ads::packed::{packed, unpacked};

pub use phrase::{Formality, Length, Phrase};
pub use render::{MissingSlot, Words, render, seen_length};
pub use slots::{Slot, Slots};

/// Where the source of a text of this catalog begins; its key follows.
const SOURCE_PREFIX: &str = "catalog:";

const FILES: [&[u8]; 13] = [
    packed!("src/ads/catalog/ar.json"),
    packed!("src/ads/catalog/de.json"),
    packed!("src/ads/catalog/en.json"),
    packed!("src/ads/catalog/es.json"),
    packed!("src/ads/catalog/fr.json"),
    packed!("src/ads/catalog/he.json"),
    packed!("src/ads/catalog/hi.json"),
    packed!("src/ads/catalog/it.json"),
    packed!("src/ads/catalog/ja.json"),
    packed!("src/ads/catalog/nl.json"),
    packed!("src/ads/catalog/pl.json"),
    packed!("src/ads/catalog/pt-BR.json"),
    packed!("src/ads/catalog/zh-Hans.json"),
];

/// Every language's phrases.
#[derive(Debug)]
pub struct Catalog {
    languages: BTreeMap<String, Language>,
}

/// One language's phrases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// BCP 47.
    pub lang: String,
    /// Whether a native speaker has read it.
    pub reviewed: bool,
    /// How it addresses people unless told otherwise; none where it knows one way only.
    #[serde(default)]
    pub formality: Option<Formality>,
    /// A percentage, with `{n}` for the number.
    percent: String,
    /// What stands before the fraction of a number.
    decimal: String,
    rows: BTreeMap<String, Phrase>,
}

/// One thought in one language.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// Whose it is.
    pub language: &'a Language,
    /// As `headline.promise.2`.
    pub key: &'a str,
    /// How it is said.
    pub phrase: &'a Phrase,
}

impl Catalog {
    /// The catalog of this program; the first call parses it.
    pub fn embedded() -> &'static Self {
        static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
            Catalog::parse(&FILES.map(unpacked)).expect("the tests have parsed the embedded files")
        });
        &CATALOG
    }

    fn parse(files: &[impl AsRef<str>]) -> serde_json::Result<Self> {
        let languages = files.iter().map(|file| {
            let language: Language = serde_json::from_str(file.as_ref())?;
            Ok((language.lang.clone(), language))
        });
        Ok(Self { languages: languages.collect::<serde_json::Result<_>>()? })
    }

    /// The row of this key in the language that is nearest to this BCP 47 tag.
    pub fn row(&self, lang: &str, key: &str) -> Option<Row<'_>> {
        self.language(lang)?.row(key)
    }

    /// The row that a text was made from, in another language: `source` is as in a scene, such as
    /// `catalog:headline.promise.2`.
    pub fn row_of_source(&self, lang: &str, source: &str) -> Option<Row<'_>> {
        self.row(lang, source.strip_prefix(SOURCE_PREFIX)?)
    }

    /// The phrases of the nearest language: `fr-CA` is read as `fr`, `pt` as `pt-BR`, `zh` as
    /// `zh-Hans`. Traditional Chinese is none: the simplified script does not stand in for it.
    pub fn language(&self, tag: &str) -> Option<&Language> {
        let tag = tag.trim().replace('_', "-").to_ascii_lowercase();
        let parts: Vec<&str> = tag.split('-').collect();
        let name = match parts.first().copied()? {
            "zh" if parts.iter().any(|part| ["hant", "tw", "hk", "mo"].contains(part)) => {
                return None;
            }
            "zh" | "cmn" => "zh-Hans",
            "pt" => "pt-BR",
            "iw" => "he",
            primary => primary,
        };
        self.languages.get(name)
    }

    /// All languages, by tag.
    pub fn languages(&self) -> impl Iterator<Item = &Language> {
        self.languages.values()
    }
}

impl Language {
    /// The row of this key.
    pub fn row(&self, key: &str) -> Option<Row<'_>> {
        let (key, phrase) = self.rows.get_key_value(key)?;
        Some(Row { language: self, key, phrase })
    }

    /// The rows whose keys begin with this and a point, in the order of their keys.
    pub fn rows_under(&self, start: &str) -> Vec<Row<'_>> {
        let start = format!("{start}.");
        let rows = self.rows.iter().filter(|(key, _)| key.starts_with(&start));
        rows.map(|(key, phrase)| Row { language: self, key, phrase }).collect()
    }

    /// All keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.rows.keys().map(String::as_str)
    }

    /// A percentage as this language writes it: `12.5` is `12,5 %` in French.
    pub fn percent(&self, number: &str) -> String {
        self.percent.replace("{n}", &number.replace('.', &self.decimal))
    }

    /// Whether the language reads from right to left.
    pub fn is_right_to_left(&self) -> bool {
        matches!(self.lang.as_str(), "ar" | "he")
    }
}

impl Row<'_> {
    /// As it is written in a scene, such as `catalog:headline.promise.2`.
    pub fn source(&self) -> String {
        format!("{SOURCE_PREFIX}{}", self.key)
    }

    /// What filled the gaps of a text that was rendered from this row, in whichever form; none if
    /// it was not.
    pub fn slots_in(&self, text: &str) -> Option<Slots> {
        self.phrase.texts().into_iter().find_map(|(_, phrase)| render::filled(phrase, text))
    }

    /// The slots that must be filled for this length.
    pub fn needs(&self, length: Length) -> Vec<Slot> {
        slots::of(self.phrase.text(length, self.language.formality))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_language_is_found() {
        let catalog = Catalog::embedded();
        let nearest = |tag: &str| catalog.language(tag).map(|language| language.lang.as_str());
        for (tag, lang) in [
            ("en", "en"),
            ("en-GB", "en"),
            ("fr_CA", "fr"),
            ("FR", "fr"),
            ("pt", "pt-BR"),
            ("pt-PT", "pt-BR"),
            ("zh", "zh-Hans"),
            ("zh-CN", "zh-Hans"),
            ("zh-Hans-SG", "zh-Hans"),
            ("iw", "he"),
        ] {
            assert_eq!(nearest(tag), Some(lang), "{tag}");
        }
        for tag in ["", "zh-Hant", "zh_TW", "ko", "frr", "x-klingon", "🦀"] {
            assert_eq!(nearest(tag), None, "{tag}");
        }
    }

    #[test]
    fn a_source_leads_to_the_same_row_elsewhere() {
        let catalog = Catalog::embedded();
        let row = catalog.row("en", "cta.book").expect("a row");
        let french = catalog.row_of_source("fr-FR", &row.source()).expect("a row");
        assert_eq!((french.key, french.language.lang.as_str()), ("cta.book", "fr"));
        assert!(catalog.row_of_source("fr", "brand.tagline").is_none());
        assert!(catalog.row("fr", "cta.unheard_of").is_none());
    }

    #[test]
    fn a_percentage_follows_its_language() {
        let catalog = Catalog::embedded();
        let percent = |lang| catalog.language(lang).expect("a language").percent("12.5");
        assert_eq!(percent("en"), "12.5%");
        assert_eq!(percent("fr"), "12,5\u{a0}%");
        assert_eq!(percent("de"), "12,5\u{a0}%");
        assert_eq!(percent("ja"), "12.5%");
    }

    #[test]
    fn a_broken_file_is_refused() {
        let good = unpacked(FILES[2]);
        assert!(Catalog::parse(&[&good]).is_ok());
        for broken in [
            good.replace("{brand}", "{brnad}"),
            good.replace("{brand}", "{brand"),
            good.replacen("\"rows\"", "\"raws\"", 1),
            good.replacen("\"short\": \"Sale\"", "\"shrt\": \"Sale\"", 1),
            good.replacen("Made for you\"", "\"", 1),
        ] {
            assert!(Catalog::parse(&[&broken]).is_err());
        }
    }
}
