//! Text as people wrote it, made fit for a line of a document.
//!
//! `one_line` takes Markdown's marks and control characters away, `sentences` splits prose,
//! `escape` makes any text harmless in Markdown. Never: a word that the text has not.

mod escape;
mod sentences;

pub(crate) use escape::escape;
pub(crate) use sentences::{Passage, passages, sentences};

/// Prose on one line: no control characters, no bidirectional overrides, no runs of white space.
pub(crate) fn one_line(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|one| if one.is_whitespace() { ' ' } else { one })
        .filter(|one| is_plain(*one))
        .collect();
    plain.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Cut to at most `most` characters, at a word's end if there is one near, with `…`.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most.saturating_sub(1)).collect();
    let end = head.rfind(' ').filter(|end| *end * 3 > head.len() * 2).unwrap_or(head.len());
    let mut head =
        head[..end].trim_end_matches([',', ';', ':', ' ', '-', '–', '—', '(']).to_owned();
    // A code span that was opened and cut is closed, or it would swallow what follows.
    if head.matches('`').count() % 2 == 1 {
        head.push('`');
    }
    head.push('…');
    head
}

/// Whether a character may stand in a document.
fn is_plain(character: char) -> bool {
    !character.is_control()
        && !matches!(
            character,
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        )
}

/// `1 commit`, `3 commits`; for words whose plural is an `s`.
pub(crate) fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{} {word}s", grouped(count)) }
}

/// `12,345`.
pub(crate) fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [word] => word.clone(),
        [words @ .., last] => format!("{} and {last}", words.join(", ")),
    }
}

/// The first letter as a capital, unless the first word is code: has a capital, a digit, `_`,
/// `::`, `/`, a back-tick or a dot inside.
pub(crate) fn capitalized(text: &str) -> String {
    let first = text.split(' ').next().unwrap_or_default();
    let is_word = first.chars().all(|one| one.is_lowercase() || "-',:;".contains(one));
    let is_label = first.ends_with(':');
    let mut letters = text.chars();
    match letters.next() {
        Some(letter) if is_word && !is_label => {
            letter.to_uppercase().collect::<String>() + letters.as_str()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_plain() {
        assert_eq!(one_line(" a\r\n\tb\u{202e}c\u{0} "), "a bc");
        assert_eq!(shortened("one two three", 9), "one two…");
        assert_eq!(shortened("one `two three`", 12), "one `two`…");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(counted(1, "commit"), "1 commit");
    }

    #[test]
    fn only_words_get_capitals() {
        assert_eq!(capitalized("fix the leak"), "Fix the leak");
        assert_eq!(capitalized("http2 works"), "http2 works");
        assert_eq!(capitalized("printer: fix it"), "printer: fix it");
    }
}
