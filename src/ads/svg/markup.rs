//! Text and numbers as they may stand in an SVG file.

use std::fmt;

/// A length in px: two decimals at most, so that every machine writes the same.
#[derive(Clone, Copy)]
pub(super) struct Px(pub(super) f64);

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        trimmed(f, &format!("{:.2}", self.0))
    }
}

/// A factor or a share: four decimals at most.
#[derive(Clone, Copy)]
pub(super) struct Share(pub(super) f64);

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        trimmed(f, &format!("{:.4}", self.0))
    }
}

fn trimmed(f: &mut fmt::Formatter<'_>, number: &str) -> fmt::Result {
    let number = number.trim_end_matches('0').trim_end_matches('.');
    f.write_str(if number == "-0" { "0" } else { number })
}

/// Words that a screen reader reads: escaped, without marks that only break lines.
pub(super) fn escaped(words: &str) -> String {
    let mut safe = String::with_capacity(words.len());
    for character in words.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' | '\r' | '\t' => safe.push(' '),
            _ if is_silent(character) || is_no_xml(character) => {}
            _ => safe.push(character),
        }
    }
    safe
}

/// Word joiner, zero-width space and soft hyphen.
fn is_silent(character: char) -> bool {
    matches!(character, '\u{2060}' | '\u{200b}' | '\u{ad}')
}

/// What XML has no place for, not even escaped.
fn is_no_xml(character: char) -> bool {
    matches!(character, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_never_minus_nothing() {
        let written = [1.0, 0.5, -0.001, 12.345, -3.10, 100.0].map(|n| Px(n).to_string());
        assert_eq!(written, ["1", "0.5", "0", "12.35", "-3.1", "100"]);
        assert_eq!(Share(0.123_456).to_string(), "0.1235");
    }

    #[test]
    fn words_cannot_leave_their_attribute() {
        let safe = escaped("a\"><script>&'\u{0}\u{8}\u{ffff}\u{2060}b\n");
        assert_eq!(safe, "a&quot;&gt;&lt;script&gt;&amp;&#39;b ");
    }
}
