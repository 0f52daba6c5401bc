//! A prompt as a brief.

use std::ops::Range;

use super::{Action, Brief, intent, product, quoted, wishes};
use crate::ads::prompt::{Interpretation, Speech};

/// Reads a prompt; `lang_hint` is the language to assume where its words do not tell.
///
/// Every prompt is a brief: one that says nothing asks for the brand's own ad. The first 5,000
/// characters are read.
pub fn read(prompt: &str, lang_hint: Option<&str>) -> Brief {
    let speech = Speech::of(prompt, lang_hint);
    let brief = Brief { prompt_lang: speech.lang.clone(), ..Brief::default() };
    let mut reader = Reader { speech, brief, found: Vec::new() };
    quoted::read(&mut reader);
    wishes::figures(&mut reader);
    product::read(&mut reader);
    intent::read(&mut reader);
    wishes::read(&mut reader);
    reader.finish()
}

/// A brief while it is read.
pub(super) struct Reader<'a> {
    pub(super) speech: Speech<'a>,
    pub(super) brief: Brief,
    found: Vec<(Range<usize>, String, String)>,
}

impl Reader<'_> {
    /// Notes that these tokens were understood, and how.
    pub(super) fn found(&mut self, what: &str, value: impl Into<String>, range: Range<usize>) {
        self.speech.take(range.clone());
        self.found.push((range, what.to_owned(), value.into()));
    }

    /// Adds a note for whoever wrote the prompt.
    pub(super) fn note(&mut self, note: String) {
        self.brief.interpretation.note(note);
    }

    fn finish(mut self) -> Brief {
        let mut interpretation = std::mem::take(&mut self.brief.interpretation);
        self.found.sort_by_key(|(range, ..)| (range.start, range.end));
        if !self.found.iter().any(|(_, what, _)| what == "intent") {
            interpretation.add("intent", self.brief.intent.name(), "");
        }
        for (range, what, value) in self.found {
            interpretation.add(&what, value, self.speech.words(range));
        }
        // “add a badge” and “use red” wish for what stands behind them.
        let verbs = self.speech.of_topic("edit").filter(|hit| ["add", "use"].contains(&hit.name));
        let verbs: Vec<_> = verbs.map(|hit| hit.range.clone()).collect();
        for verb in verbs {
            self.speech.take(verb);
        }
        self.speech.leave_rest(0..self.speech.tokens.len(), &mut interpretation);
        if self.speech.is_cut {
            interpretation.note("only the first 5,000 characters were read");
        }
        Brief { interpretation, ..self.brief }
    }
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Shop,
        Self::Learn,
        Self::Book,
        Self::Try,
        Self::Order,
        Self::FindStore,
        Self::SignUp,
        Self::Download,
        Self::Contact,
        Self::Apply,
    ];
}

impl Interpretation {
    /// The words of the prompt that this was understood from.
    #[cfg(test)]
    pub(super) fn words_of(&self, what: &str) -> Option<&str> {
        self.understood.iter().find(|one| one.what == what).map(|one| one.words.as_str())
    }
}
