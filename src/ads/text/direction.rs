//! Which way a paragraph reads.

use icu_locale::{LanguageIdentifier, LocaleDirectionality};
use icu_properties::CodePointMapData;
use icu_properties::props::BidiClass;

use crate::domain::brand::Direction;

/// Which way a paragraph reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// From the left.
    Ltr,
    /// From the right.
    Rtl,
}

/// By the style, else by the language, else by the first letter that has a direction.
pub(super) fn reading(style: Option<Direction>, lang: &str, words: &str) -> Reading {
    match style {
        Some(Direction::Ltr) => Reading::Ltr,
        Some(Direction::Rtl) => Reading::Rtl,
        None => of_language(lang).or_else(|| first_strong(words)).unwrap_or(Reading::Ltr),
    }
}

fn of_language(lang: &str) -> Option<Reading> {
    let lang = LanguageIdentifier::try_from_str(lang).ok()?;
    let directions = LocaleDirectionality::new_common();
    if directions.is_right_to_left(&lang) {
        Some(Reading::Rtl)
    } else if directions.is_left_to_right(&lang) {
        Some(Reading::Ltr)
    } else {
        None
    }
}

/// The direction of the first letter that has one.
pub(super) fn first_strong(words: &str) -> Option<Reading> {
    let classes = CodePointMapData::<BidiClass>::new();
    words.chars().find_map(|c| match classes.get(c) {
        BidiClass::LeftToRight => Some(Reading::Ltr),
        BidiClass::RightToLeft | BidiClass::ArabicLetter => Some(Reading::Rtl),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_then_language_then_letters() {
        assert_eq!(reading(Some(Direction::Ltr), "ar", "مرحبا"), Reading::Ltr);
        assert_eq!(reading(None, "ar-AE", "Hello"), Reading::Rtl);
        assert_eq!(reading(None, "he", "1"), Reading::Rtl);
        assert_eq!(reading(None, "zh-Hant-HK", "森"), Reading::Ltr);
        assert_eq!(reading(None, "", "… مرحبا"), Reading::Rtl);
        assert_eq!(reading(None, "??", "30 %"), Reading::Ltr);
    }
}
