//! Which language a page is written in, and which way its text runs.
//!
//! The text is asked first and the page's own declaration second, because declarations are copied
//! with templates. Two detectors must agree before a longer text overrules a declaration. Never: a
//! guess from a domain's country.

mod codes;

pub(in crate::brand) use codes::tag;

use crate::brand::evidence::{Finding, source};
use crate::domain::brand::{Direction, Source};

/// What a page shows of its language.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LanguageSigns<'a> {
    /// The visible text, code left out.
    pub(crate) text: &'a str,
    /// `lang` of the root element, or `Content-Language`.
    pub(crate) declared: Option<&'a str>,
    /// `og:locale`.
    pub(crate) og_locale: Option<&'a str>,
    /// `hreflang` of the alternate that is the page itself.
    pub(crate) hreflang: Option<&'a str>,
    /// `dir` of the root element or the body.
    pub(crate) dir: Option<&'a str>,
}

/// The language of a page.
#[derive(Debug, Clone)]
pub(crate) struct Spoken {
    /// A BCP 47 tag.
    pub(crate) language: Finding<String>,
    /// Which way the text runs; none for a page without letters or declarations.
    pub(crate) direction: Option<Direction>,
    /// Whether the page declares a language that it is not written in.
    pub(crate) is_mismatch: bool,
}

/// Reads the language from the text and the declarations.
pub(crate) fn spoken(signs: &LanguageSigns<'_>) -> Spoken {
    let text = sample(signs.text);
    let heard = hear(&text);
    let (language, is_mismatch) = weigh(declared(signs), heard);
    let direction = direction(signs.dir, &text, language.value.as_deref());
    Spoken { language, direction, is_mismatch }
}

/// The letters that are listened to: enough for certainty, few enough to be quick.
fn sample(text: &str) -> String {
    const MAX_CHARS: usize = 12_000;
    text.chars().take(MAX_CHARS).collect()
}

/// What the text alone says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Heard {
    language: &'static str,
    letters: usize,
    /// Whether both detectors say so, or the one that knows the language is sure.
    is_sure: bool,
    /// The beginning of the text, as evidence.
    opening: String,
}

fn hear(text: &str) -> Option<Heard> {
    /// With fewer letters a detector answers at random.
    const MIN_LETTERS: usize = 40;
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if letters < MIN_LETTERS {
        return None;
    }
    let quick = codes::two_letters(whichlang::detect_language(text).three_letter_code());
    let broad = whatlang::detect(text);
    let broad_code = broad.as_ref().map(|info| codes::two_letters(info.lang().code()));
    let opening = text.chars().take(80).collect();
    let (language, is_sure) = match (broad, broad_code) {
        // Nobody's site is in Latin: it is the printers' filler of an unfinished one.
        (_, Some("la")) => return None,
        (_, Some(code)) if codes::are_alike(code, quick) => (quick, true),
        _ if has_its_letters(quick, text) => (quick, true),
        // The quick detector knows 16 languages and names one of them for every text.
        (Some(info), Some(code)) if !is_known_to_quick(code) => {
            if info.is_reliable() || is_of_own_script(code) { (code, true) } else { (quick, false) }
        }
        _ => (quick, false),
    };
    Some(Heard { language, letters, is_sure, opening })
}

fn is_known_to_quick(code: &str) -> bool {
    whichlang::LANGUAGES
        .iter()
        .any(|language| codes::two_letters(language.three_letter_code()) == code)
}

/// Whether the text has letters that only this language uses.
fn has_its_letters(code: &str, text: &str) -> bool {
    /// A foreign name or two do not make a language.
    const MIN_LETTERS: usize = 20;
    let is_own = |c: char| match code {
        "ja" => matches!(c, '\u{3041}'..='\u{30ff}'),
        "ko" => matches!(c, '\u{ac00}'..='\u{d7af}'),
        _ => false,
    };
    text.chars().filter(|c| is_own(*c)).count() >= MIN_LETTERS
}

/// Languages that nothing else is written like.
fn is_of_own_script(code: &str) -> bool {
    const ALONE: [&str; 14] =
        ["he", "el", "th", "ka", "hy", "ta", "te", "ml", "kn", "gu", "pa", "si", "km", "my"];
    ALONE.contains(&code)
}

/// The declarations that are well-formed, strongest first: value and source.
fn declared(signs: &LanguageSigns<'_>) -> Vec<(String, Source)> {
    [
        ("lang-attribute", "html[lang]", signs.declared, 3.0),
        ("hreflang", "link[hreflang]", signs.hreflang, 2.0),
        ("open-graph", "meta[property=\"og:locale\"]", signs.og_locale, 1.0),
    ]
    .into_iter()
    .filter_map(|(kind, place, text, weight)| {
        Some((codes::tag(text?)?, source(kind, place, text?, weight)))
    })
    .collect()
}

fn weigh(declared: Vec<(String, Source)>, heard: Option<Heard>) -> (Finding<String>, bool) {
    /// From this length on a sure detector knows better than a copied attribute.
    const OVERRULING_LETTERS: usize = 200;
    let Some(heard) = heard else {
        return (from_declarations(declared), false);
    };
    let alike = |tag: &str| codes::are_alike(codes::primary(tag), heard.language);
    let weight = if heard.is_sure { 5.0 } else { 2.0 };
    let by_text = source("text", "visible text", &heard.opening, weight);
    let (agreeing, others): (Vec<_>, Vec<_>) =
        declared.into_iter().partition(|(tag, _)| alike(tag));
    if let Some((tag, _)) = agreeing.first() {
        let tag = tag.clone();
        let mut sources: Vec<Source> = agreeing.into_iter().map(|(_, source)| source).collect();
        sources.push(by_text);
        // The root's attribute may be wrong while another declaration is right.
        let is_mismatch = others.iter().any(|(_, source)| source.kind == "lang-attribute");
        return (Finding::new(tag, 0.97, sources), is_mismatch && heard.is_sure);
    }
    let by_ear = heard.language.to_owned();
    if others.is_empty() {
        let confidence = if heard.is_sure { 0.9 } else { 0.55 };
        return (Finding::new(by_ear, confidence, vec![by_text]), false);
    }
    if heard.is_sure && heard.letters >= OVERRULING_LETTERS {
        let alternatives = others.into_iter().map(|(tag, _)| tag).collect();
        let finding = Finding::new(by_ear, 0.8, vec![by_text]).with_alternatives(alternatives);
        return (finding, true);
    }
    (from_declarations(others).capped(0.5).with_alternatives(vec![by_ear]), false)
}

fn from_declarations(declared: Vec<(String, Source)>) -> Finding<String> {
    let Some((tag, _)) = declared.first() else { return Finding::none() };
    let tag = tag.clone();
    let same: Vec<Source> = declared
        .into_iter()
        .filter(|(other, _)| codes::primary(other) == codes::primary(&tag))
        .map(|(_, source)| source)
        .collect();
    Finding::new(tag, 0.6, same)
}

fn direction(dir: Option<&str>, text: &str, language: Option<&str>) -> Option<Direction> {
    match dir.map(str::trim) {
        Some(dir) if dir.eq_ignore_ascii_case("rtl") => return Some(Direction::Rtl),
        Some(dir) if dir.eq_ignore_ascii_case("ltr") => return Some(Direction::Ltr),
        _ => {}
    }
    let (mut right, mut all) = (0_usize, 0_usize);
    for letter in text.chars().filter(|c| c.is_alphabetic()) {
        all += 1;
        right += usize::from(runs_left(letter));
    }
    if all > 0 {
        // Names of products stand in Latin letters in Arabic and Hebrew pages too.
        return Some(if right * 3 > all { Direction::Rtl } else { Direction::Ltr });
    }
    let right = codes::is_right_to_left(language?);
    Some(if right { Direction::Rtl } else { Direction::Ltr })
}

/// Hebrew, Arabic, Syriac, Thaana, `NKo` and their presentation forms.
fn runs_left(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = "We build small tools for people who want to understand what their \
        servers are doing, and we write down how they work so that nobody has to guess. Every tool \
        is one file that you can read, run and change, and it keeps working when nobody looks.";
    const GERMAN: &str = "Wir bauen kleine Werkzeuge für Menschen, die verstehen wollen, was ihre \
        Rechner tun, und wir schreiben auf, wie sie gehen, damit niemand raten muss. Jedes \
        Werkzeug ist eine Datei, die man lesen, starten und ändern kann, und sie läuft \
        auch ohne Aufsicht.";
    const INDONESIAN: &str = "Kami membuat alat kecil untuk orang yang ingin memahami apa yang \
        dilakukan oleh komputer mereka, dan kami menulis bagaimana cara kerjanya sehingga tidak \
        ada yang harus menebak. Setiap alat adalah satu berkas yang dapat dibaca dan diubah.";

    fn heard(text: &str, declared: Option<&str>) -> Spoken {
        spoken(&LanguageSigns { text, declared, ..LanguageSigns::default() })
    }

    #[test]
    fn the_text_speaks_where_nothing_is_declared() {
        for (text, language) in [(ENGLISH, "en"), (GERMAN, "de"), (INDONESIAN, "id")] {
            assert_eq!(heard(text, None).language.value.as_deref(), Some(language));
        }
    }

    #[test]
    fn filler_has_no_language() {
        let filler = "Lorem ipsum dolor sit amet consectetur adipisicing elit, sed do eiusmod \
            tempor incididunt ut labore et dolore magna aliqua, minus quia quibusdam quod ";
        let spoken = heard(&filler.repeat(3), Some("en"));
        assert_eq!(spoken.language.value.as_deref(), Some("en"));
        assert!(!spoken.is_mismatch);
    }

    #[test]
    fn a_region_survives_agreement() {
        let spoken = heard(ENGLISH, Some("en-gb"));
        assert_eq!(spoken.language.value.as_deref(), Some("en-GB"));
        assert!(spoken.language.confidence > 0.9 && !spoken.is_mismatch);
    }

    #[test]
    fn a_copied_attribute_is_overruled_and_named() {
        let spoken = heard(GERMAN, Some("en"));
        assert_eq!(spoken.language.value.as_deref(), Some("de"));
        assert!(spoken.is_mismatch);
        assert_eq!(spoken.language.alternatives, ["en"]);
    }

    #[test]
    fn a_few_words_prove_nothing() {
        let spoken = heard("Kontakt Impressum", Some("en"));
        assert_eq!(spoken.language.value.as_deref(), Some("en"));
        assert!(spoken.language.confidence <= 0.6);
        assert!(heard("Kontakt", None).language.value.is_none());
        assert!(heard("", Some("klingon")).language.value.is_none());
    }

    #[test]
    fn direction_comes_from_the_attribute_then_the_letters() {
        let hebrew =
            "אנחנו בונים כלים קטנים לאנשים שרוצים להבין מה המחשבים שלהם עושים, כולל SQLite";
        assert_eq!(heard(hebrew, None).direction, Some(Direction::Rtl));
        assert_eq!(heard(hebrew, None).language.value.as_deref(), Some("he"));
        let signs = LanguageSigns { text: ENGLISH, dir: Some("RTL"), ..LanguageSigns::default() };
        assert_eq!(spoken(&signs).direction, Some(Direction::Rtl));
        assert_eq!(heard("", Some("ar")).direction, Some(Direction::Rtl));
        assert_eq!(heard("", None).direction, None);
    }
}
