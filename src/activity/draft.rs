//! The words of a document, before it is finished: title, summary, sections of lines, footer.
//!
//! Handoffs, digests and insights differ in what they find; from here on they are made alike: a
//! model may word their lines anew, and they become Markdown. Never: a line without evidence.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::domain::activity::{Bullet, Evidence, TokenUsage, union_of_events};
use crate::domain::ids::EventId;

use super::footer::{EXTRACTIVE, Footer};
use super::rewrite::{Line, Question, SUMMARY};
use super::text::escape;

/// The words of a document that can still be reworded.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) sections: Vec<Section>,
    pub(crate) footer: Footer,
    pub(crate) model_used: String,
    pub(crate) token_usage: TokenUsage,
}

/// Items of one sort.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Section {
    /// Where they stand in `data`: `patterns`, `groups.fixes`.
    pub(crate) path: &'static str,
    /// Their heading for people.
    pub(crate) heading: &'static str,
    pub(crate) items: Vec<Item>,
}

/// One item of a section.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    /// For people: the line with its evidence.
    pub(crate) line: Bullet,
    /// For programs, beside `text` and `evidence`.
    pub(crate) members: Map<String, Value>,
}

impl Item {
    pub(crate) fn new(text: String, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        Self { line: super::extract::bullet(text, evidence), members: Map::new() }
    }

    /// The same with one more member.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: Value) -> Self {
        self.members.insert(name.to_owned(), value);
        self
    }

    /// The item as it stands in `data`.
    pub(crate) fn value(&self) -> Value {
        let mut members = self.members.clone();
        members.entry("text").or_insert_with(|| json!(self.line.text));
        members.insert("evidence".to_owned(), json!(self.line.evidence));
        Value::Object(members)
    }
}

impl Draft {
    pub(crate) fn new(
        title: String,
        summary: String,
        sections: Vec<Section>,
        footer: Footer,
    ) -> Self {
        let (model_used, token_usage) = (EXTRACTIVE.to_owned(), TokenUsage::default());
        Self { title, summary, sections, footer, model_used, token_usage }
    }

    /// What a model is asked that words the draft: a few questions, because the answer to one
    /// about everything would be longer than most models' answers may be.
    pub fn questions(&self) -> Vec<Question> {
        let summary = Line { id: SUMMARY.to_owned(), text: &self.summary, evidence: &[] };
        let lines = self.sections.iter().flat_map(|section| {
            section.items.iter().enumerate().map(|(nth, item)| Line {
                id: id_of(section.path, nth),
                text: &item.line.text,
                evidence: &item.line.evidence,
            })
        });
        Question::portions(std::iter::once(summary).chain(lines))
    }

    /// Takes over lines that [`Question::accept`] let through; the others stay as they were.
    /// `usage` is what the model took, also for what is not taken over.
    pub fn reword(&mut self, taken: &BTreeMap<String, String>, model: &str, usage: TokenUsage) {
        self.token_usage = usage;
        if taken.is_empty() {
            return;
        }
        if let Some(summary) = taken.get(SUMMARY) {
            self.summary.clone_from(summary);
        }
        for section in &mut self.sections {
            for (nth, item) in section.items.iter_mut().enumerate() {
                if let Some(text) = taken.get(&id_of(section.path, nth)) {
                    item.line.text.clone_from(text);
                }
            }
        }
        model.clone_into(&mut self.model_used);
    }

    /// Exactly the events of all lines.
    pub(crate) fn related_event_ids(&self) -> Vec<EventId> {
        let items = self.sections.iter().flat_map(|section| &section.items);
        union_of_events(items.flat_map(|item| &item.line.evidence))
    }

    /// The whole document for people.
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("# {}\n\n{}\n", escape(&self.title), escape(&self.summary));
        for section in self.sections.iter().filter(|section| !section.items.is_empty()) {
            text.extend(["\n## ", section.heading, "\n\n"]);
            for item in &section.items {
                text.extend(["- ", &escape(&item.line.text), "\n"]);
            }
        }
        text.push('\n');
        text.push_str(&self.footer.markdown(&self.model_used));
        text
    }
}

/// What a line is called between a draft and a model.
fn id_of(path: &str, nth: usize) -> String {
    format!("{path}[{nth}]")
}
