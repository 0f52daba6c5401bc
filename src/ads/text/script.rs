//! What the writing systems of a text ask of its style.

use icu_properties::CodePointMapData;
use icu_properties::props::Script;

use crate::ads::scene::Style;

/// The writing system of a character: `None` for those that belong to all, such as digits.
pub(super) fn script(c: char) -> Option<Script> {
    match CodePointMapData::<Script>::new().get(c) {
        Script::Common | Script::Inherited | Script::Unknown => None,
        script => Some(script),
    }
}

/// How a script is set, as far as it differs from Latin.
struct Manners {
    /// The smallest distance of base lines in a headline, as a multiple of the size.
    leading: f32,
    /// Whether letters may be moved apart or together.
    tracks: bool,
}

fn manners(script: Script) -> Manners {
    match script {
        Script::Latin | Script::Cyrillic | Script::Greek | Script::Armenian | Script::Georgian => {
            Manners { leading: 1.0, tracks: true }
        }
        Script::Hebrew => Manners { leading: 1.1, tracks: true },
        Script::Han | Script::Hiragana | Script::Katakana | Script::Hangul | Script::Bopomofo => {
            Manners { leading: 1.16, tracks: false }
        }
        // Letters that join, or that carry signs above and below.
        _ => Manners { leading: 1.3, tracks: false },
    }
}

/// From this distance of lines on, a style is meant for running text.
pub(super) const BODY: f32 = 1.2;

/// What running text adds to the smallest distance of a script.
const MORE_FOR_BODY: f32 = 0.2;

/// The distance of base lines as a multiple of the size, for this text.
pub(super) fn leading(text: &str, style: &Style) -> f32 {
    let more = if style.lh >= BODY { MORE_FOR_BODY } else { 0.0 };
    let least = |script| match manners(script).leading {
        latin if latin <= 1.0 => latin,
        other => other + more,
    };
    text.chars().filter_map(script).map(least).fold(style.lh.max(MIN_LEADING), f32::max)
}

/// Below this, lines of capitals touch.
const MIN_LEADING: f32 = 0.8;

/// The letter spacing as a multiple of the size, for this text.
pub(super) fn tracking(text: &str, style: &Style) -> f32 {
    let tracks = text.chars().filter_map(script).all(|script| manners(script).tracks);
    if tracks { style.track.clamp(-0.2, 1.0) } else { 0.0 }
}

/// Whether the text has a script that is written without spaces between its words.
pub(super) fn is_spaceless(text: &str) -> bool {
    let spaceless =
        |c| matches!(script(c), Some(Script::Han | Script::Hiragana | Script::Katakana));
    text.chars().any(spaceless)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ads::text::tests::style;

    fn assert_near(found: f32, wanted: f32, text: &str) {
        assert!((found - wanted).abs() < 1e-6, "{text}: {found}, and not {wanted}");
    }

    #[test]
    fn lines_stand_as_far_apart_as_the_script_needs() {
        let headline = Style { lh: 1.0, ..style() };
        for (text, wanted) in [("Real fruit", 1.0), ("שלום", 1.1), ("東京", 1.16), ("صباح", 1.3)]
        {
            assert_near(leading(text, &headline), wanted, text);
        }
        let body = Style { lh: 1.4, ..style() };
        for (text, wanted) in [("Real fruit", 1.4), ("नमस्ते", 1.5)] {
            assert_near(leading(text, &body), wanted, text);
        }
    }

    #[test]
    fn letters_that_join_are_not_moved() {
        let style = Style { track: -0.03, ..style() };
        assert_near(tracking("Ad 30 %", &style), -0.03, "Latin");
        for text in ["صباح", "東京", "नमस्ते", "Tokyo 東京"] {
            assert_near(tracking(text, &style), 0.0, text);
        }
    }
}
