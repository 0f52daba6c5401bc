//! The words as they are shaped: cleaned, in capitals where wanted, foreign runs isolated.

use icu_casemap::CaseMapper;
use icu_locale::LanguageIdentifier;
use icu_normalizer::ComposingNormalizerBorrowed;

use super::TextError;
use super::direction::{Reading, first_strong, reading};
use crate::ads::scene::{Style, Text};

/// The most characters of a text: four times the longest legal line that an ad has room for.
pub const MAX_CHARACTERS: usize = 1_000;

/// U+2068: what follows is of another direction, whatever it is.
pub(super) const ISOLATE: char = '\u{2068}';

/// U+2069: the end of that.
pub(super) const END_OF_ISOLATE: char = '\u{2069}';

/// A text, ready to be shaped.
#[derive(Clone, Debug)]
pub(super) struct Words {
    /// As they are shaped.
    pub(super) text: String,
    /// BCP 47.
    pub(super) lang: String,
    /// Which way the paragraph reads.
    pub(super) reading: Reading,
}

impl Words {
    /// Cleans the words of a node.
    pub(super) fn of(text: &Text, style: &Style) -> Result<Self, TextError> {
        let characters = text.v.chars().take(MAX_CHARACTERS + 1).count();
        if characters > MAX_CHARACTERS {
            let characters = text.v.chars().count();
            return Err(TextError::TooLong { characters, limit: MAX_CHARACTERS });
        }
        let mut words = cleaned(&text.v);
        if style.caps {
            words = capitals(words, &text.lang);
        }
        let reading = reading(style.dir, &text.lang, &words);
        let protect = text.protect.iter().map(|part| cleaned(part));
        let words = protect.fold(words, |words, part| kept_whole(words, &part, reading));
        if words.chars().all(is_invisible) {
            return Err(TextError::Empty);
        }
        Ok(Self { text: words, lang: text.lang.clone(), reading })
    }
}

/// Composed, and without what no font has or what makes a text read otherwise than it is written.
fn cleaned(text: &str) -> String {
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(text);
    let mut clean = String::with_capacity(composed.len());
    for c in composed.chars() {
        let c = if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | ' ') { ' ' } else { c };
        // Overrides and embeddings have no end that is sure to come; isolates do.
        let bad = matches!(c, '\u{202a}'..='\u{202e}' | '\u{feff}' | '\u{fffc}' | '\u{fffd}')
            || matches!(c, '\u{fdd0}'..='\u{fdef}')
            || u32::from(c) & 0xfffe == 0xfffe;
        let again = c == ' ' && (clean.is_empty() || clean.ends_with(' '));
        if !(bad || again) {
            clean.push(c);
        }
    }
    clean.truncate(clean.trim_end_matches(' ').len());
    clean
}

/// In the capitals of its language. German words with ß stay as they are: its capital is `SS`,
/// which reads as another word.
fn capitals(words: String, lang: &str) -> String {
    if words.contains('ß') {
        return words;
    }
    let lang = LanguageIdentifier::try_from_str(lang).unwrap_or(LanguageIdentifier::UNKNOWN);
    CaseMapper::new().uppercase_to_string(&words, &lang).into_owned()
}

/// Keeps a protected part on one line. One that reads the other way goes into an isolate, so that
/// the marks beside it stay where the paragraph wants them.
fn kept_whole(words: String, part: &str, paragraph: Reading) -> String {
    if part.is_empty() || !words.contains(part) {
        return words;
    }
    let whole = if part.chars().count() <= MAX_WHOLE {
        part.replace(' ', "\u{a0}")
    } else {
        part.to_owned()
    };
    let foreign = first_strong(part).is_some_and(|of_part| of_part != paragraph);
    if foreign && !words.contains(ISOLATE) {
        words.replace(part, &format!("{ISOLATE}{whole}{END_OF_ISOLATE}"))
    } else {
        words.replace(part, &whole)
    }
}

/// A protected part of more characters may break: it could fill a line alone.
const MAX_WHOLE: usize = 24;

/// Characters that leave no ink and that no font needs to have.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_mark_of_format(c)
}

/// Characters that only tell how others are set: they are shaped, and stand in no stored line.
pub(super) fn is_mark_of_format(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ads::text::tests::{style, text};

    fn words(v: &str, lang: &str) -> String {
        Words::of(&text(v, lang), &style()).expect("words").text
    }

    fn caps(v: &str, lang: &str) -> String {
        let style = Style { caps: true, ..style() };
        Words::of(&text(v, lang), &style).expect("words").text
    }

    #[test]
    fn controls_and_stray_spaces_are_gone() {
        assert_eq!(words(" a\u{0}b\t\n c\u{fffe}\u{202e}d ", "en"), "a b cd");
        assert_eq!(words("14,90\u{a0}€\u{202f}!", "fr"), "14,90\u{a0}€\u{202f}!");
        assert_eq!(words("東京\u{2060}都", "ja"), "東京\u{2060}都");
    }

    #[test]
    fn nothing_visible_is_an_empty_text() {
        for v in ["", "  ", "\u{200b}\u{2060}", "\u{7}"] {
            let found = Words::of(&text(v, "en"), &style());
            assert_eq!(found.err(), Some(TextError::Empty), "{v:?}");
        }
    }

    #[test]
    fn a_text_of_endless_length_is_refused() {
        let long = "a".repeat(MAX_CHARACTERS + 7);
        let error = Words::of(&text(&long, "en"), &style()).expect_err("too long");
        assert_eq!(error, TextError::TooLong { characters: 1_007, limit: MAX_CHARACTERS });
    }

    #[test]
    fn capitals_are_those_of_the_language() {
        assert_eq!(caps("istanbul ışık", "tr"), "İSTANBUL IŞIK");
        assert_eq!(caps("istanbul", "en"), "ISTANBUL");
        assert_eq!(caps("Große Auswahl", "de"), "Große Auswahl");
        assert_eq!(caps("Καλημέρα", "el"), "ΚΑΛΗΜΕΡΑ");
        assert_eq!(caps("مرحبا", "ar"), "مرحبا");
        assert_eq!(caps("neu", "not a language"), "NEU");
    }

    #[test]
    fn a_protected_part_of_the_other_direction_is_isolated() {
        let mut text = text("قهوة Harvest Lane!", "ar");
        text.protect = vec!["Harvest Lane!".into(), "Harvest".into(), String::new()];
        let words = Words::of(&text, &style()).expect("words").text;
        assert_eq!(words, "قهوة \u{2068}Harvest\u{a0}Lane!\u{2069}");
    }
}
