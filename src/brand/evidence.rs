//! What a module found out about one field, with what speaks for it.

use crate::domain::brand::{FieldEvidence, Source};

/// How many sources and how many alternatives are kept: enough to see why.
const KEPT_SOURCES: usize = 5;
const KEPT_ALTERNATIVES: usize = 3;

/// The longest snippet, in characters.
const SNIPPET_CHARS: usize = 160;

/// A value, or honestly none, and its evidence.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Finding<T> {
    /// The value that the evidence speaks for.
    pub(crate) value: Option<T>,
    /// How sure it is, 0 to 1.
    pub(crate) confidence: f64,
    /// What speaks for it, strongest first.
    pub(crate) sources: Vec<Source>,
    /// The values that came next, best first.
    pub(crate) alternatives: Vec<T>,
}

impl<T> Finding<T> {
    /// Nothing that could be defended.
    pub(crate) const fn none() -> Self {
        Self { value: None, confidence: 0.0, sources: Vec::new(), alternatives: Vec::new() }
    }

    /// A value with its sources, in any order.
    pub(crate) fn new(value: T, confidence: f64, sources: Vec<Source>) -> Self {
        Self { value: Some(value), confidence, sources, alternatives: Vec::new() }
    }

    /// The same with the values that came next.
    #[must_use]
    pub(crate) fn with_alternatives(mut self, alternatives: Vec<T>) -> Self {
        self.alternatives = alternatives;
        self
    }

    /// The same with a confidence of at most `cap`.
    #[must_use]
    pub(crate) fn capped(mut self, cap: f64) -> Self {
        self.confidence = self.confidence.min(cap);
        self
    }

    /// The evidence as it is stored; `text` shows an alternative.
    pub(crate) fn evidence(&self, text: impl Fn(&T) -> String) -> FieldEvidence {
        let mut sources = self.sources.clone();
        sources.sort_by(|one, two| two.weight.total_cmp(&one.weight));
        sources.truncate(KEPT_SOURCES);
        for source in &mut sources {
            source.weight = rounded(source.weight);
        }
        FieldEvidence {
            confidence: rounded(self.confidence.clamp(0.0, 1.0)),
            sources,
            alternatives: self.alternatives.iter().take(KEPT_ALTERNATIVES).map(text).collect(),
            set_by: None,
        }
    }
}

/// One source; `snippet` is cleaned and shortened here, so that callers pass what they saw.
pub(crate) fn source(kind: &str, place: impl Into<String>, snippet: &str, weight: f64) -> Source {
    Source { kind: kind.to_owned(), place: place.into(), snippet: clean(snippet), weight }
}

/// One line without control and bidirectional override characters, shortened.
pub(crate) fn clean(text: &str) -> String {
    // Runs of white space may be long; four characters for one is generous and bounded.
    let spaced = text.chars().take(4 * SNIPPET_CHARS);
    let plain: String = spaced
        .map(|one| if one.is_whitespace() { ' ' } else { one })
        .filter(|one| is_plain(*one))
        .collect();
    let line = plain.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    line.chars().take(SNIPPET_CHARS).collect()
}

/// Whether a character may stand in what is stored: no controls, no bidirectional overrides, no
/// invisible joiners.
pub(crate) fn is_plain(character: char) -> bool {
    !character.is_control()
        && !matches!(
            character,
            '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}'
                | '\u{feff}'
        )
}

fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snippets_are_one_clean_line() {
        assert_eq!(clean(" a\n\tb\u{202e}c \u{0} d"), "a bc d");
        assert!(clean(&"word ".repeat(100)).chars().count() <= SNIPPET_CHARS);
    }

    #[test]
    fn evidence_keeps_the_strongest_sources() {
        let sources = (0..9).map(|n| source("k", "p", "s", f64::from(n))).collect();
        let kept = Finding::new(1, 2.0, sources).evidence(ToString::to_string);
        assert_eq!(kept.sources.len(), KEPT_SOURCES);
        assert!((kept.sources[0].weight - 8.0).abs() < 1e-9);
        assert!((kept.confidence - 1.0).abs() < 1e-9);
    }
}
