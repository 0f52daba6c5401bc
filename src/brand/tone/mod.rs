//! How a brand speaks, as far as counting can say.
//!
//! Counts how the visible text addresses its reader, how long and how loud its sentences are, and
//! how often it claims, presses, prices and abbreviates. Two or three labels follow, each with its
//! count as evidence. Never: a label from words that were not counted, or from a short text.

mod words;

use crate::brand::evidence::{Finding, source};
use crate::domain::brand::Source;
use words::Words;

/// The tone of `text`, written in `language` (a tag; only the primary subtag is asked).
///
/// Labels are of `formal`, `friendly`, `playful`, `technical`, `luxurious`, `urgent`, `plain`.
pub(crate) fn tone(text: &str, language: Option<&str>) -> Finding<Vec<String>> {
    /// A label needs a text: some paragraphs, or as many signs of a script without spaces.
    const MIN_WORDS: usize = 60;
    /// More text says the same.
    const MAX_CHARS: usize = 40_000;
    let text: String = text.chars().take(MAX_CHARS).collect();
    let primary = language.and_then(|tag| tag.split('-').next()).unwrap_or_default();
    let counts = Counts::of(&text, words::words(primary));
    if counts.words < MIN_WORDS {
        return Finding::none();
    }
    let mut labels = labels(&counts);
    labels.retain(|(_, strength, _)| *strength >= 1.0);
    labels.sort_by(|one, two| two.1.total_cmp(&one.1));
    labels.truncate(3);
    if labels.is_empty() {
        return Finding::none();
    }
    let sources: Vec<Source> = labels
        .iter()
        .map(|(label, strength, why)| source("text", *label, why, strength.min(3.0)))
        .collect();
    let strongest = labels[0].1;
    // Counting hears how something is said, not whether it is meant.
    let confidence = (0.3 + 0.1 * strongest).min(0.6);
    let names = labels.into_iter().map(|(label, _, _)| label.to_owned()).collect();
    Finding::new(names, confidence, sources)
}

/// What was counted in a text.
#[derive(Debug, Default)]
struct Counts {
    words: usize,
    sentences: usize,
    exclamations: usize,
    emoji: usize,
    technical: usize,
    formal: usize,
    familiar: usize,
    superlative: usize,
    urgent: usize,
    price: usize,
    luxury: usize,
}

impl Counts {
    fn of(text: &str, words: Option<&Words>) -> Self {
        let lower = text.to_lowercase();
        let count = |list: fn(&Words) -> &'static str| {
            words.map_or(0, |words| {
                list(words).split('|').map(|word| occurrences(&lower, word)).sum()
            })
        };
        Self {
            words: word_count(text),
            sentences: text.chars().filter(|c| is_sentence_end(*c)).count().max(1),
            exclamations: text.chars().filter(|c| matches!(c, '!' | '！')).count(),
            emoji: text.chars().filter(|c| is_emoji(*c)).count(),
            technical: text.split_whitespace().filter(|word| is_technical(word)).count(),
            formal: count(|words| words.formal),
            familiar: count(|words| words.familiar),
            superlative: count(|words| words.superlative),
            urgent: count(|words| words.urgent),
            price: count(|words| words.price),
            luxury: count(|words| words.luxury),
        }
    }

    /// `count` for each hundred words.
    fn rate(&self, count: usize) -> f64 {
        number(count) * 100.0 / number(self.words.max(1))
    }

    fn words_a_sentence(&self) -> f64 {
        number(self.words) / number(self.sentences)
    }
}

/// Each label with its strength, 1 and more when it is to be heard, and the counts that say so.
fn labels(counts: &Counts) -> Vec<(&'static str, f64, String)> {
    let rate = |count| counts.rate(count);
    let address = rate(counts.formal) - rate(counts.familiar);
    let long = counts.words_a_sentence();
    // Three exclamations in a page of headings are no habit.
    let loud = number(counts.exclamations) / number(counts.sentences.max(12));
    let claims = rate(counts.superlative) + rate(counts.luxury) + rate(counts.price);
    let plain = if loud < 0.05 && claims < 0.5 && (4.0..=18.0).contains(&long) { 1.2 } else { 0.0 };
    vec![
        (
            "formal",
            address.max(0.0) / 0.8 + (long - 22.0).clamp(0.0, 10.0) / 10.0,
            format!("{} formal and {} familiar forms", counts.formal, counts.familiar),
        ),
        (
            "friendly",
            (-address).max(0.0) / 0.8 + loud.min(0.5),
            format!("{} familiar and {} formal forms", counts.familiar, counts.formal),
        ),
        (
            "playful",
            rate(counts.emoji) / 0.6 + (loud - 0.15).max(0.0) * 4.0,
            format!("{} emoji, {} exclamation marks", counts.emoji, counts.exclamations),
        ),
        (
            "technical",
            rate(counts.technical) / 4.0,
            format!("{} technical words of {}", counts.technical, counts.words),
        ),
        (
            "luxurious",
            rate(counts.luxury) / 0.6,
            format!("{} words of rarity and craft", counts.luxury),
        ),
        (
            "urgent",
            rate(counts.urgent) / 0.3 + rate(counts.price) / 1.5,
            format!("{} pressing phrases, {} of price", counts.urgent, counts.price),
        ),
        (
            "plain",
            plain,
            format!("{long:.0} words a sentence, {} superlatives", counts.superlative),
        ),
    ]
}

/// Words, where a script without spaces counts two signs as one.
fn word_count(text: &str) -> usize {
    let signs = text.chars().filter(|c| is_spaceless(*c)).count();
    text.split(|c: char| c.is_whitespace() || is_spaceless(c))
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .count()
        + signs / 2
}

/// Chinese, Japanese and Thai signs.
fn is_spaceless(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

/// How often `word` stands in `text` between characters that are no letters; in a script without
/// spaces, anywhere.
fn occurrences(text: &str, word: &str) -> usize {
    let stands_alone = |at: usize| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    };
    let spaceless = word.chars().any(is_spaceless);
    text.match_indices(word).filter(|(at, _)| spaceless || stands_alone(*at)).count()
}

fn is_sentence_end(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '。' | '！' | '？' | '؟' | '।')
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f300}'..='\u{1faff}' | '\u{2764}' | '\u{2728}' | '\u{2705}')
}

/// Abbreviations, inner capitals, paths and versions: `API`, `JavaScript`, `a/b`, `x86`.
fn is_technical(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    if !word.is_ascii() || word.len() < 2 {
        return false;
    }
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    let upper = word.bytes().filter(u8::is_ascii_uppercase).count();
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let inner_capital = word.as_bytes()[1..].iter().any(u8::is_ascii_uppercase);
    let abbreviation = upper >= 2 && upper == letters && word.len() <= 5;
    let camel = inner_capital && upper < letters && letters >= 4;
    let mixed = digits > 0 && letters > 0 && digits + letters > 2;
    let code = word.bytes().any(|byte| matches!(byte, b'_' | b'/')) && letters > 3;
    abbreviation || camel || mixed || code
}

#[expect(clippy::cast_precision_loss, reason = "counts of words in one page")]
const fn number(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels_of(sentence: &str, language: &str) -> Vec<String> {
        tone(&sentence.repeat(12), Some(language)).value.unwrap_or_default()
    }

    #[test]
    fn each_label_has_its_voice() {
        for (sentence, language, label) in [
            (
                "Wir beraten Sie gern und senden Ihnen Ihren Vertrag gemäß Ihren Wünschen zu. ",
                "de",
                "formal",
            ),
            (
                "Hol dir dein Rad, wir helfen dir und du fährst los mit deinen Leuten! ",
                "de",
                "friendly",
            ),
            ("Yay 🎉 party time! So much fun 🥳 for all! ", "en", "playful"),
            (
                "The API speaks HTTP and JSON, runs on x86 and ARM64, and ships a SQLite store. ",
                "en",
                "technical",
            ),
            (
                "A timeless, exclusive, handcrafted piece of elegance and heritage for you. ",
                "en",
                "luxurious",
            ),
            (
                "Hurry, last chance: the sale ends soon, save with every deal before midnight. ",
                "en",
                "urgent",
            ),
            ("We repair shoes. You bring them on Monday and fetch them on Friday. ", "en", "plain"),
        ] {
            let labels = labels_of(sentence, language);
            assert!(labels.contains(&label.to_owned()), "{sentence} {labels:?}");
            assert!(labels.len() <= 3);
        }
    }

    #[test]
    fn a_short_text_has_no_tone() {
        assert_eq!(tone("Hurry, last chance!", Some("en")).value, None);
        assert_eq!(tone(&"?".repeat(100_000), None).value, None);
    }

    #[test]
    fn every_label_shows_its_count() {
        let heard = tone(&"You're awesome, hey, let's go and it's fun. ".repeat(20), Some("en"));
        assert_eq!(heard.sources.len(), heard.value.as_ref().map_or(0, Vec::len));
        assert!(heard.sources.iter().all(|source| !source.snippet.is_empty()));
        assert!(heard.confidence <= 0.6);
    }

    #[test]
    fn a_word_inside_another_does_not_count() {
        assert_eq!(occurrences("sale wholesale sales sale.", "sale"), 2);
        assert_eq!(occurrences("期間限定です", "期間限定"), 1);
    }
}
