//! What was made of a prompt, so that whoever wrote it can see it.

use serde::{Deserialize, Serialize};

/// What was made of a prompt, in the order of its words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Interpretation {
    /// What was understood, and from which words.
    pub understood: Vec<Understood>,
    /// The words that nothing was made of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_understood: Vec<String>,
    /// What a person should know, such as that `$` was read as US dollars.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// One thing that was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Understood {
    /// What it is about, such as `intent` or `color`.
    pub what: String,
    /// What was understood, such as `sale`.
    pub value: String,
    /// The words of the prompt that say so; empty for what follows from their absence.
    pub words: String,
}

impl Interpretation {
    /// Adds one thing that was understood.
    pub(crate) fn add(&mut self, what: &str, value: impl Into<String>, words: &str) {
        let (what, value, words) = (what.to_owned(), value.into(), cut(words));
        let one = Understood { what, value, words };
        if self.understood.len() < MAX_ENTRIES && !self.understood.contains(&one) {
            self.understood.push(one);
        }
    }

    /// Adds words that nothing was made of.
    pub(crate) fn leave(&mut self, words: &str) {
        let words = cut(words);
        if self.not_understood.len() < MAX_ENTRIES && !words.is_empty() {
            self.not_understood.push(words);
        }
    }

    /// Adds a note.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if self.notes.len() < MAX_ENTRIES && !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

/// More than a person reads; a prompt of nothing but wishes must not fill a job's row.
const MAX_ENTRIES: usize = 40;

fn cut(words: &str) -> String {
    /// Enough to find the place in the prompt again.
    const MAX_CHARS: usize = 120;
    let words = words.trim();
    match words.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words.to_owned(),
    }
}
