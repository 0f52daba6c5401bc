//! What an importer knows of an event beyond its text.

use serde::{Deserialize, Serialize};

use crate::domain::activity::event::{clip_chars, clipped};
use crate::domain::activity::lines::ChangedLine;
use crate::domain::activity::work_item::WorkItem;

/// How many paths of one commit are kept; `paths_total` says how many there were.
const MAX_PATHS: usize = 300;

/// How many changed lines of one commit are kept.
const MAX_LINES: usize = 200;

/// The longest changed line that is kept, in characters.
const MAX_LINE_CHARS: usize = 300;

/// How many turns of a meeting are kept: two hours of lively talk.
const MAX_TURNS: usize = 2_000;

/// The longest turn, in bytes.
const MAX_TURN_BYTES: usize = 2_000;

/// How many failed tests of one check are kept by name.
const MAX_FAILED: usize = 50;

/// What an importer knows, by the kind of event. Stored as JSON: `{"kind": "commit", …}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Facts {
    /// Nothing beyond its text.
    #[default]
    Plain,
    /// A commit.
    Commit(Commit),
    /// A tag, or a release made of one.
    Release(Release),
    /// A pull request, a merge request.
    PullRequest(WorkItem),
    /// An issue, a ticket, an incident.
    Issue(WorkItem),
    /// A message in a chat, a comment under an item, a review.
    Message(Message),
    /// A build or a test run.
    Check(Check),
    /// A document, an ADR among them.
    Document(Document),
    /// A meeting, word by word.
    Transcript(Transcript),
}

/// A commit. Its message is the event's title and content, its moment `created_at`, its branches
/// the event's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Commit {
    /// In hex, whole.
    pub sha: String,
    /// Its parents' shas; two and more are a merge.
    pub parents: Vec<String>,
    /// What it changed against its first parent, in the order of paths. A merge may leave it empty.
    pub paths: Vec<PathChange>,
    /// How many paths it changed, those beyond the limit included.
    pub paths_total: u32,
    /// Those of its added and removed lines that tell something, see
    /// [`is_telling`](crate::domain::activity::is_telling).
    pub lines: Vec<ChangedLine>,
    /// Tags that point at it.
    pub tags: Vec<String>,
}

/// A path that a commit changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathChange {
    /// Its name afterwards; that of a removed one before.
    pub path: String,
    /// Its name before, when it was renamed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What became of it.
    pub fate: PathFate,
    /// Lines that came; 0 for what is not text.
    pub added: u32,
    /// Lines that went.
    pub removed: u32,
}

/// What became of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PathFate {
    /// It is new.
    Added,
    /// Its content is another.
    Modified,
    /// It is gone.
    Removed,
    /// It has another name.
    Renamed,
}

/// A tag or a release.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Release {
    /// Its name.
    pub tag: String,
    /// The commit that it points at.
    pub sha: Option<String>,
}

/// A message, a comment, a review.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Message {
    /// What holds the conversation together: the external id of its first message, or the key of
    /// the item that is commented on. Messages with the same one are a thread.
    pub thread: Option<String>,
    /// It answers something of its thread.
    pub is_reply: bool,
    /// How many answers it got, where the source tells.
    pub replies: Option<u32>,
    /// Whether its thread was marked as resolved, where the source tells.
    pub resolved: Option<bool>,
}

/// A build or a test run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Check {
    /// What was run.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Of which commit.
    pub sha: Option<String>,
    /// How many tests passed and failed, where it tells.
    pub passed: u32,
    /// See `passed`.
    pub failed: u32,
    /// Names of those that failed.
    pub failures: Vec<String>,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The source does not tell.
    #[default]
    Unknown,
    /// Well.
    Passed,
    /// Not well.
    Failed,
    /// Somebody ended it.
    Cancelled,
}

/// A document; its text is the event's content.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Document {
    /// Where it lies, below what was imported.
    pub path: String,
}

/// A meeting, word by word.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Transcript {
    /// In the order in which they were said.
    pub turns: Vec<Turn>,
}

/// What one person said before the next spoke.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Turn {
    /// Who; empty when the transcript does not say.
    pub speaker: String,
    /// How many seconds into the meeting.
    pub at_seconds: u32,
    /// The words.
    pub text: String,
}

impl Facts {
    /// The commit, if it is one.
    pub const fn commit(&self) -> Option<&Commit> {
        if let Self::Commit(commit) = self { Some(commit) } else { None }
    }

    /// The pull request or issue, if it is one.
    pub const fn item(&self) -> Option<&WorkItem> {
        match self {
            Self::PullRequest(item) | Self::Issue(item) => Some(item),
            _ => None,
        }
    }

    pub(super) fn clip(&mut self) {
        match self {
            Self::Commit(commit) => {
                commit.paths.truncate(MAX_PATHS);
                commit.lines.truncate(MAX_LINES);
                commit.lines.iter_mut().for_each(|line| clip_chars(&mut line.text, MAX_LINE_CHARS));
            }
            Self::PullRequest(item) | Self::Issue(item) => item.clip(),
            Self::Check(check) => check.failures.truncate(MAX_FAILED),
            Self::Transcript(transcript) => {
                transcript.turns.truncate(MAX_TURNS);
                transcript
                    .turns
                    .iter_mut()
                    .for_each(|turn| clipped(&mut turn.text, MAX_TURN_BYTES));
            }
            Self::Plain | Self::Release(_) | Self::Message(_) | Self::Document(_) => {}
        }
    }
}

impl Commit {
    /// Whether it joins histories.
    pub fn is_merge(&self) -> bool {
        self.parents.len() > 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_read_what_they_write_and_forgive_what_is_missing() {
        let facts = Facts::Commit(Commit { sha: "ab".repeat(20), ..Commit::default() });
        let text = serde_json::to_string(&facts).expect("plain values");
        assert!(text.starts_with("{\"kind\":\"commit\""));
        assert_eq!(serde_json::from_str::<Facts>(&text).ok(), Some(facts));
        let issue = serde_json::from_str::<Facts>("{\"kind\":\"issue\",\"key\":\"#3\"}");
        assert!(issue.is_ok_and(|facts| facts.item().is_some_and(|item| item.key == "#3")));
    }
}
