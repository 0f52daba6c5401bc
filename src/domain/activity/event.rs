//! One thing that happened in a project.

use serde::{Deserialize, Serialize};

use crate::domain::activity::facts::Facts;
use crate::domain::activity::source::EventSource;
use crate::domain::clock::Timestamp;
use crate::domain::ids::{EventId, ProjectId};

/// The longest title, in characters: a commit's subject or an issue's title is one line.
pub const MAX_TITLE_CHARS: usize = 500;

/// The longest content, in bytes: as long as a tracker lets a description be.
pub const MAX_CONTENT_BYTES: usize = 64 * 1024;

/// The longest id that a source gives to a thing, in characters.
pub const MAX_EXTERNAL_ID: usize = 300;

/// How many references one event names beside those in its text.
pub const MAX_REFS: usize = 50;

/// The longest reference, in characters: a URL.
pub const MAX_REF_CHARS: usize = 500;

/// How many branches of one event are kept.
pub const MAX_BRANCHES: usize = 20;

/// One thing that happened, as its source tells it. Secrets are taken out before it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The same for the same `(project, source, external_id)`, see [`EventId::of`].
    pub id: EventId,
    /// Whose it is.
    pub project: ProjectId,
    /// Where it comes from.
    pub source: EventSource,
    /// What its source calls it: a commit's sha, `pull/12`, `KEY-3`, a message's time stamp.
    pub external_id: String,
    /// Such as `commit`, `tag`, `pull_request`, `issue`, `comment`, `message`, `check`,
    /// `document`, `meeting`; free text from scripts.
    pub event_type: String,
    /// One line: a commit's subject, an issue's title; empty for a message.
    pub title: String,
    /// The text under it: a commit's body, an issue's description, a message.
    pub content: String,
    /// Who did it.
    pub author: Author,
    /// Where people can look at it; `http` or `https`.
    pub url: Option<String>,
    /// What it names beside its text: shas, `#12`, `KEY-3`, branches, paths, URLs, and the
    /// external ids of what it answers.
    pub refs: Vec<String>,
    /// The source's own project, repository or channel: what `filters.<source>.projects` names.
    pub place: Option<Place>,
    /// The branches that it lies on, short names; only of sources with branches.
    pub branches: Vec<String>,
    /// As its source words it, `high`, `P1`.
    pub priority: Option<String>,
    /// What its importer knows beyond text.
    pub facts: Facts,
    /// When it began to be: a commit's committer date, the day an issue was opened.
    pub created_at: Timestamp,
    /// When it last changed; never before `created_at`.
    pub updated_at: Timestamp,
}

/// Who did something.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Author {
    /// As the source shows it; empty when it does not say.
    pub name: String,
    /// The account's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// Only to tell that two names are one person; never shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The source says that it is a program.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_bot: bool,
}

/// A project, repository, channel or folder of a source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// What a filter names it by.
    pub id: String,
    /// What people call it.
    pub label: String,
}

impl Event {
    /// Every moment at which the source says that something happened to it, in order.
    pub fn moments(&self) -> Vec<Timestamp> {
        let mut moments = vec![self.created_at, self.updated_at];
        if let Some(item) = self.facts.item() {
            moments.extend(item.merged_at);
            moments.extend(item.closed_at);
        }
        moments.sort_unstable();
        moments.dedup();
        moments
    }

    /// Whether it is work that its source says is not done.
    pub fn is_open(&self) -> bool {
        self.facts.item().is_some_and(|item| item.state.is_open())
    }

    /// Brings everything within the limits, so that an importer need not ask for each.
    pub fn clip(&mut self) {
        clip_chars(&mut self.title, MAX_TITLE_CHARS);
        clipped(&mut self.content, MAX_CONTENT_BYTES);
        clip_chars(&mut self.external_id, MAX_EXTERNAL_ID);
        clip_chars(&mut self.author.name, MAX_TITLE_CHARS);
        self.refs.truncate(MAX_REFS);
        self.refs.retain(|one| one.chars().count() <= MAX_REF_CHARS);
        self.branches.truncate(MAX_BRANCHES);
        self.updated_at = self.updated_at.max(self.created_at);
        self.facts.clip();
    }
}

impl Author {
    /// Somebody of whom only a name is known.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }
}

/// Cuts a text to at most `most` bytes, at the end of a character.
pub fn clipped(text: &mut String, most: usize) {
    if text.len() > most {
        let end = (0..=most).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
    }
}

pub(super) fn clip_chars(text: &mut String, most: usize) {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cutting_never_splits_a_character() {
        let mut text = "aéé".to_owned();
        clipped(&mut text, 4);
        assert_eq!(text, "aé");
        let mut text = "ééé".to_owned();
        clip_chars(&mut text, 2);
        assert_eq!(text, "éé");
    }
}
