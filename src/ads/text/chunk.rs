//! The parts of a text that no line break may divide, and how good a break after each is.

use icu_properties::props::Script;

use super::paragraph::Paragraph;
use super::script::script;
use super::words::is_mark_of_format;

/// A part of a text that stays whole: a word with what clings to it, or a character of Chinese.
pub(super) struct Chunk {
    /// How many characters of the text it takes, with the blanks after it.
    pub(super) characters: usize,
    /// Its width with the blanks after it, in px at the reference size.
    pub(super) advance: f32,
    /// Its width without them.
    pub(super) width: f32,
    /// What it inks above the base line (negative) and below it.
    pub(super) ink: [f32; 2],
    /// What a break after it costs: 0 for the end of a sentence, 1 for the worst.
    pub(super) cost: f32,
    /// Whether a sentence ends with it.
    pub(super) ends_sentence: bool,
    /// Whether it is one short word, which should not stand alone on the last line.
    pub(super) is_short: bool,
}

impl Paragraph<'_> {
    /// The chunks of the text. Leaves every one of them on a line of its own.
    pub(super) fn chunks(&mut self) -> Vec<Chunk> {
        let lines = self.break_at(0.0);
        let text = &self.words.text;
        let words: Vec<&str> =
            self.layout.lines().map(|l| text.get(l.text_range()).unwrap_or_default()).collect();
        let measured = self.layout.lines().zip(&lines).enumerate();
        let chunk = |(place, (line, inked)): (usize, (parley::Line<'_, ()>, &super::ink::Line))| {
            let metrics = line.metrics();
            let word = words.get(place).copied().unwrap_or_default();
            Chunk {
                characters: inked.characters,
                advance: metrics.advance,
                width: metrics.advance - metrics.hanging_advance,
                ink: [inked.ink.top, inked.ink.bottom],
                cost: words.get(place + 1).map_or(0.0, |next| cost(word, next)),
                ends_sentence: last(word).is_some_and(ends_sentence),
                is_short: word.chars().filter(|c| c.is_alphanumeric()).count() < SHORT_WORD,
            }
        };
        measured.map(chunk).collect()
    }
}

/// A last word of fewer letters looks forgotten.
const SHORT_WORD: usize = 5;

fn last(word: &str) -> Option<char> {
    word.chars().rev().find(|c| !c.is_whitespace() && !is_mark_of_format(*c))
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | ':' | '。' | '！' | '？' | '：' | '؟' | '۔' | '।')
}

fn ends_clause(c: char) -> bool {
    matches!(c, ',' | ';' | '–' | '—' | '、' | '，' | '；' | '،' | '؛' | '·' | '|')
}

/// What a break between two chunks costs.
fn cost(before: &str, after: &str) -> f32 {
    let next = after.chars().find(|c| !is_mark_of_format(*c));
    let (Some(last), Some(next)) = (last(before), next) else { return 0.0 };
    let marked = before.ends_with('\u{200b}');
    let blank = before.trim_end_matches(is_mark_of_format).ends_with(char::is_whitespace);
    if ends_sentence(last) {
        0.0
    } else if ends_clause(last) || marked {
        0.02
    } else if blank {
        if is_little_word(before) { 0.1 } else { 0.05 }
    } else {
        within_words(last, next)
    }
}

/// Articles and prepositions belong to what follows them.
fn is_little_word(word: &str) -> bool {
    const LETTERS: usize = 3;
    let word = word.trim();
    word.chars().count() <= LETTERS && word.chars().all(char::is_lowercase)
}

/// Where words are not parted by blanks: Japanese phrases start with a kanji, a katakana or a
/// letter, and go on in hiragana.
fn within_words(last: char, next: char) -> f32 {
    match (script(last), script(next)) {
        (_, Some(Script::Hiragana)) | (Some(Script::Katakana), Some(Script::Katakana)) => 0.3,
        (Some(Script::Hiragana), _) => 0.02,
        (Some(Script::Han), Some(Script::Han)) => 0.12,
        (Some(Script::Han | Script::Katakana), _) => 0.1,
        // After a hyphen, a stroke or a dash in the middle of a word.
        _ => 0.15,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_better_broken_than_phrases_and_phrases_than_words() {
        let costs = [
            cost("fruit. ", "Real"),
            cost("fruit, ", "real"),
            cost("Nothing ", "to"),
            cost("to ", "hide"),
            cost("Kettle-", "cooked"),
        ];
        assert!(costs.is_sorted_by(|a, b| a < b), "{costs:?}");
    }

    #[test]
    fn japanese_breaks_before_a_phrase_and_not_before_its_particle() {
        assert!(cost("で", "朝") < cost("朝", "焙"));
        assert!(cost("朝", "焙") < cost("朝", "が"));
        assert!(cost("。", "隠") < cost("の", "果"));
        assert!(cost("は\u{200b}", "の") < cost("は", "の"));
    }
}
