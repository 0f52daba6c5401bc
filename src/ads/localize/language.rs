//! Which language an ad shall speak, from whatever the caller wrote for it.
//!
//! A tag of BCP 47 (`fr`, `fr_FR`, `zh-Hant-HK`) is canonicalised; anything else is looked up among
//! the names of languages, in English and in their own language. What CLDR does not know is refused
//! with an example of what would be right. Never: a guess from a text.

use std::fmt;

use icu_locale::subtags::{Region, Script};
use icu_locale::{
    Direction as IcuDirection, LanguageIdentifier, Locale, LocaleCanonicalizer,
    LocaleDirectionality, LocaleExpander,
};

use super::culture;
use crate::domain::brand::Direction;

/// A language that CLDR knows, perhaps with a script and a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language {
    asked: LanguageIdentifier,
    likely: LanguageIdentifier,
    script: Script,
}

impl Language {
    /// The longest text that may name a language, in characters.
    pub const MAX_CHARS: usize = 64;

    /// Reads a tag such as `fr-FR` or `zh_Hant_HK`, or a name such as `French`, `français` or
    /// `French (Canada)`.
    pub fn parse(text: &str) -> Result<Self, LanguageError> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err(LanguageError::Empty);
        }
        if trimmed.chars().count() > Self::MAX_CHARS {
            return Err(LanguageError::TooLong);
        }
        named(trimmed).or_else(|| tagged(trimmed)).ok_or_else(|| LanguageError::Unknown {
            text: trimmed.chars().filter(|c| !c.is_control()).collect(),
        })
    }

    /// The canonical tag, as `fr-FR`: with a region only where one was given.
    pub fn tag(&self) -> String {
        self.asked.to_string()
    }

    /// The language alone, as `fr`.
    pub fn base(&self) -> &str {
        self.asked.language.as_str()
    }

    /// The script that it is written in, given or likely, as `Latn`.
    pub fn script(&self) -> &str {
        self.script.as_str()
    }

    /// The region that was given, as `FR`.
    pub fn region(&self) -> Option<&str> {
        self.asked.region.as_ref().map(Region::as_str)
    }

    /// The region that was given, or else the one where most of its readers live.
    pub fn likely_region(&self) -> Option<&str> {
        self.asked.region.as_ref().or(self.likely.region.as_ref()).map(Region::as_str)
    }

    /// The same language for the readers of another region; unchanged where it already has one.
    #[must_use]
    pub fn in_region(self, region: Option<&str>) -> Self {
        let Some(region) = region.and_then(|region| region.parse::<Region>().ok()) else {
            return self;
        };
        if self.asked.region.is_some() {
            return self;
        }
        let mut asked = self.asked.clone();
        asked.region = Some(region);
        // Chinese for Hong Kong is in traditional characters unless the tag says otherwise, and a
        // script that was likely without the region must not be contradicted by it.
        Self::of(asked).unwrap_or(self)
    }

    /// Which way it is written.
    pub fn direction(&self) -> Direction {
        let mut written = self.asked.clone();
        written.script = Some(self.script);
        match LocaleDirectionality::new_extended().get(&written) {
            Some(IcuDirection::RightToLeft) => Direction::Rtl,
            _ => Direction::Ltr,
        }
    }

    /// Where words for it may be found, best first: `pt-BR`, `pt`; of Chinese `zh-Hans-CN`,
    /// `zh-Hans`, `zh`.
    pub fn lookups(&self) -> Vec<String> {
        let language = self.base();
        let script = self.script();
        let mut lookups = Vec::new();
        let is_usual = self.is_in_its_usual_script();
        if let Some(region) = self.likely_region() {
            lookups.push(format!("{language}-{script}-{region}"));
            lookups.extend(is_usual.then(|| format!("{language}-{region}")));
        }
        lookups.push(format!("{language}-{script}"));
        lookups.extend(is_usual.then(|| language.to_owned()));
        lookups
    }

    /// Whether both are the same language in the same script, whatever their regions.
    pub fn reads_like(&self, other: &Self) -> bool {
        self.asked.language == other.asked.language && self.script == other.script
    }

    /// What ICU4X formats numbers and money by.
    pub(super) fn locale(&self) -> Locale {
        let mut locale = Locale::from(self.asked.clone());
        locale.id.region = self.asked.region.or(self.likely.region);
        locale
    }

    fn is_in_its_usual_script(&self) -> bool {
        let mut usual = LanguageIdentifier::from(self.asked.language);
        LocaleExpander::new_extended().maximize(&mut usual);
        usual.script == Some(self.script)
    }

    fn of(asked: LanguageIdentifier) -> Option<Self> {
        if asked.language.is_unknown() {
            return None;
        }
        let expander = LocaleExpander::new_extended();
        let mut plain = LanguageIdentifier::from(asked.language);
        expander.maximize(&mut plain);
        // CLDR has a likely script for every language that it knows.
        plain.script?;
        let mut likely = asked.clone();
        expander.maximize(&mut likely);
        let script = likely.script.or(plain.script)?;
        Some(Self { asked, likely, script })
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.asked.fmt(formatter)
    }
}

/// Why a text names no language.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LanguageError {
    /// There is nothing.
    #[error("target_language is empty; give a tag such as `fr`, `fr-FR` or `zh-Hant-HK`")]
    Empty,
    /// It is longer than [`Language::MAX_CHARS`].
    #[error("target_language is longer than 64 characters; give a tag such as `fr-FR`")]
    TooLong,
    /// Neither a tag of a known language nor a known name.
    #[error(
        "target_language `{text}` names no language that Tidemill knows; \
         give a BCP 47 tag such as `fr`, `fr-FR` or `zh-Hant-HK`, or a name such as `French`"
    )]
    Unknown {
        /// What was given.
        text: String,
    },
}

fn tagged(text: &str) -> Option<Language> {
    // `fr_FR.UTF-8` and `sr_RS@latin` are what operating systems write.
    let tag = text.split(['.', '@']).next()?.replace('_', "-");
    let mut locale: Locale = tag.parse().ok()?;
    LocaleCanonicalizer::new_extended().canonicalize(&mut locale);
    let mut asked = locale.id;
    asked.variants.clear();
    Language::of(asked)
}

fn named(text: &str) -> Option<Language> {
    let folded = culture::fold(text);
    if let Some(tag) = tag_of_name(&folded) {
        return tagged(tag);
    }
    // “French (Canada)”, “French – Canada”, “French, Canada”.
    let (name, place) = folded.split_once(['(', ',', '-', '–'])?;
    let tag = tag_of_name(name.trim())?;
    let region = culture::region_of(place.trim_matches([' ', ')']))?;
    Some(tagged(tag)?.in_region(Some(region)))
}

fn tag_of_name(folded: &str) -> Option<&'static str> {
    NAMES.iter().find(|(_, names)| names.contains(&folded)).map(|(tag, _)| *tag)
}

/// Tags and the names that people write for them, folded as [`culture::fold`] does.
const NAMES: [(&str, &[&str]); 54] = [
    ("en", &["english", "anglais", "englisch", "ingles"]),
    ("en-US", &["american english", "us english"]),
    ("en-GB", &["british english", "uk english"]),
    ("en-AU", &["australian english"]),
    ("fr", &["french", "francais", "franzosisch", "frances"]),
    ("fr-CA", &["canadian french", "french canadian", "quebecois", "quebec french"]),
    ("fr-CH", &["swiss french"]),
    ("de", &["german", "deutsch", "allemand", "aleman"]),
    ("de-AT", &["austrian german"]),
    ("de-CH", &["swiss german"]),
    ("es", &["spanish", "espanol", "castellano", "castilian", "espagnol", "spanisch"]),
    ("es-419", &["latin american spanish", "espanol latinoamericano"]),
    ("es-MX", &["mexican spanish", "espanol mexicano"]),
    ("it", &["italian", "italiano", "italien", "italienisch"]),
    ("pt", &["portuguese", "portugues", "portugais", "portugiesisch"]),
    ("pt-BR", &["brazilian portuguese", "portugues do brasil", "portugues brasileiro"]),
    ("pt-PT", &["european portuguese", "portugues europeu"]),
    ("nl", &["dutch", "nederlands", "neerlandais"]),
    ("nl-BE", &["flemish", "vlaams", "belgian dutch"]),
    ("pl", &["polish", "polski", "polnisch", "polonais"]),
    ("cs", &["czech", "cestina", "cesky"]),
    ("sk", &["slovak", "slovencina", "slovensky"]),
    ("sl", &["slovenian", "slovene", "slovenscina"]),
    ("hr", &["croatian", "hrvatski"]),
    ("sr", &["serbian", "srpski", "српски"]),
    ("bg", &["bulgarian", "български"]),
    ("ro", &["romanian", "romana"]),
    ("hu", &["hungarian", "magyar"]),
    ("el", &["greek", "ελληνικά"]),
    ("sv", &["swedish", "svenska"]),
    ("da", &["danish", "dansk"]),
    ("nb", &["norwegian", "norsk", "bokmal", "norwegian bokmal"]),
    ("fi", &["finnish", "suomi"]),
    ("et", &["estonian", "eesti"]),
    ("lv", &["latvian", "latviesu"]),
    ("lt", &["lithuanian", "lietuviu"]),
    ("tr", &["turkish", "turkce"]),
    ("ru", &["russian", "русский"]),
    ("uk", &["ukrainian", "українська"]),
    ("ar", &["arabic", "العربية", "عربي", "arabe", "arabisch"]),
    ("he", &["hebrew", "עברית", "ivrit"]),
    ("fa", &["persian", "farsi", "فارسی"]),
    ("ur", &["urdu", "اردو"]),
    ("hi", &["hindi", "हिन्दी", "हिंदी"]),
    ("bn", &["bengali", "bangla", "বাংলা"]),
    ("ja", &["japanese", "日本語", "japonais", "japanisch"]),
    ("ko", &["korean", "한국어", "coreen"]),
    (
        "zh-Hans",
        &["chinese", "mandarin", "simplified chinese", "chinese (simplified)", "简体中文", "中文"],
    ),
    ("zh-Hant", &["traditional chinese", "chinese (traditional)", "繁體中文", "繁体中文"]),
    ("zh-Hant-HK", &["cantonese", "廣東話"]),
    ("id", &["indonesian", "bahasa indonesia"]),
    ("ms", &["malay", "bahasa melayu"]),
    ("vi", &["vietnamese", "tieng viet"]),
    ("th", &["thai", "ไทย", "ภาษาไทย"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> String {
        Language::parse(text).map_or_else(|error| error.to_string(), |language| language.tag())
    }

    #[test]
    fn tags_are_read_and_made_canonical() {
        for (text, want) in [
            ("fr", "fr"),
            ("fr-FR", "fr-FR"),
            ("fr_FR", "fr-FR"),
            (" FR_fr.UTF-8 ", "fr-FR"),
            ("zh-Hant-HK", "zh-Hant-HK"),
            ("zh_hant_hk", "zh-Hant-HK"),
            ("iw", "he"),
            ("fra", "fr"),
            ("cmn", "zh"),
            ("es-419", "es-419"),
        ] {
            assert_eq!(tag(text), want, "{text}");
        }
    }

    #[test]
    fn names_are_read_in_english_and_in_their_own_language() {
        for (text, want) in [
            ("French", "fr"),
            ("français", "fr"),
            ("FRANÇAIS", "fr"),
            ("French (Canada)", "fr-CA"),
            ("Portuguese - Brazil", "pt-BR"),
            ("Brazilian Portuguese", "pt-BR"),
            ("Русский", "ru"),
            ("українська", "uk"),
            ("ελληνικά", "el"),
            ("हिन्दी", "hi"),
            ("日本語", "ja"),
            ("한국어", "ko"),
            ("tiếng Việt", "vi"),
            ("العربية", "ar"),
            ("Chinese (Traditional)", "zh-Hant"),
            ("Bokmål", "nb"),
        ] {
            assert_eq!(tag(text), want, "{text}");
        }
    }

    #[test]
    fn every_name_in_the_table_is_folded_and_found_once() {
        let mut seen = std::collections::BTreeSet::new();
        for (tag, names) in NAMES {
            for name in names {
                assert_eq!(culture::fold(name), *name, "{tag}");
                assert!(seen.insert(*name), "{name} stands twice");
                assert_eq!(Language::parse(name).expect(name).tag(), tag);
            }
        }
    }

    #[test]
    fn what_is_no_language_is_refused_with_what_would_be_right() {
        for text in ["zz", "Klingonese", "und", "x-private", "english!!", "fr-", "12", "\u{202e}fr"]
        {
            let error = Language::parse(text).expect_err(text).to_string();
            assert!(error.contains("fr-FR"), "{error}");
        }
        assert_eq!(Language::parse("  "), Err(LanguageError::Empty));
        assert_eq!(Language::parse(&"f".repeat(65)), Err(LanguageError::TooLong));
    }

    #[test]
    fn direction_and_script_follow_the_language() {
        for (text, direction, script) in [
            ("en", Direction::Ltr, "Latn"),
            ("ar-AE", Direction::Rtl, "Arab"),
            ("he", Direction::Rtl, "Hebr"),
            ("fa", Direction::Rtl, "Arab"),
            ("az-Arab", Direction::Rtl, "Arab"),
            ("uz", Direction::Ltr, "Latn"),
            ("zh-HK", Direction::Ltr, "Hant"),
            ("ja", Direction::Ltr, "Jpan"),
        ] {
            let language = Language::parse(text).expect(text);
            assert_eq!((language.direction(), language.script()), (direction, script), "{text}");
        }
    }

    #[test]
    fn a_region_is_added_but_never_replaced() {
        let french = Language::parse("fr").expect("known");
        assert_eq!(french.clone().in_region(Some("CA")).tag(), "fr-CA");
        assert_eq!(french.clone().in_region(None).tag(), "fr");
        assert_eq!(french.clone().in_region(Some("nonsense")).tag(), "fr");
        assert_eq!(Language::parse("fr-CH").expect("known").in_region(Some("CA")).tag(), "fr-CH");
        let chinese = Language::parse("zh").expect("known");
        assert_eq!(chinese.in_region(Some("HK")).script(), "Hant");
        let simplified = Language::parse("zh-Hans").expect("known");
        assert_eq!(simplified.in_region(Some("HK")).script(), "Hans");
    }

    #[test]
    fn lookups_go_from_the_special_to_the_general() {
        let lookups = |text: &str| Language::parse(text).expect(text).lookups();
        assert_eq!(lookups("pt-BR"), ["pt-Latn-BR", "pt-BR", "pt-Latn", "pt"]);
        assert_eq!(lookups("zh"), ["zh-Hans-CN", "zh-CN", "zh-Hans", "zh"]);
        assert_eq!(lookups("zh-TW"), ["zh-Hant-TW", "zh-Hant"]);
        assert_eq!(lookups("sr-Latn"), ["sr-Latn-RS", "sr-Latn"]);
    }
}
