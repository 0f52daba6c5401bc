//! Documents made of events: handoffs, insights, digests, answers; and what speaks for each line.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::activity::project::DigestPeriod;
use crate::domain::activity::selection::Window;
use crate::domain::activity::source::EventSource;
use crate::domain::clock::Timestamp;
use crate::domain::ids::{DigestId, EventId, HandoffId, InsightId, KeyId, OrgId, ProjectId};

/// What speaks for a line of a document: an event or a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// An event of the store.
    Event(EventId),
    /// A file of the repository, at the commit that the document was made of.
    File {
        /// With `/` between its parts.
        path: String,
        /// From 1, where one line says it.
        line: Option<u32>,
    },
}

/// The text form: an event's id as it is, or `path` or `path#L12`.
impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(id) => id.fmt(f),
            Self::File { path, line: None } => f.write_str(path),
            Self::File { path, line: Some(line) } => write!(f, "{path}#L{line}"),
        }
    }
}

impl Evidence {
    /// A file as a whole.
    pub fn file(path: impl Into<String>) -> Self {
        Self::File { path: path.into(), line: None }
    }

    fn parse(text: &str) -> Self {
        if let Ok(id) = text.parse::<EventId>() {
            return Self::Event(id);
        }
        let with_line = text.rsplit_once("#L").and_then(|(path, line)| {
            line.parse().ok().map(|line| Self::File { path: path.to_owned(), line: Some(line) })
        });
        with_line.unwrap_or_else(|| Self::file(text))
    }
}

impl Serialize for Evidence {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Evidence {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::parse(&text))
    }
}

/// One line of a document with what speaks for it; on the wire its text alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bullet {
    /// Plain text, not Markdown.
    pub text: String,
    /// Never empty, each once, the strongest first.
    pub evidence: Vec<Evidence>,
}

/// The events of some evidence, each once, in the order of their ids: `related_event_ids`.
pub fn union_of_events<'a>(evidence: impl IntoIterator<Item = &'a Evidence>) -> Vec<EventId> {
    let events = evidence.into_iter().filter_map(|one| match one {
        Evidence::Event(id) => Some(*id),
        Evidence::File { .. } => None,
    });
    events.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Whether a document is in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentStatus {
    /// It is.
    #[default]
    Active,
    /// Somebody put it away.
    Archived,
}

/// What a handoff says; a digest says the same of its period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoffContent {
    /// Never empty.
    pub title: String,
    /// Never empty.
    pub summary: String,
    /// Of whose events it is made, in the contract's order.
    pub sources: Vec<EventSource>,
    /// What changed, the weightiest first.
    pub key_changes: Vec<Bullet>,
    /// What was decided, the newest first.
    pub decisions: Vec<Bullet>,
    /// What nobody has answered.
    pub open_questions: Vec<Bullet>,
    /// What is to be done, what blocks others first.
    pub next_steps: Vec<Bullet>,
    /// Exactly the events of all bullets, in the order of their ids.
    pub related_event_ids: Vec<EventId>,
    /// All of it for people, with how it was made at its end.
    pub markdown: String,
    /// `extractive/1`, or the model that rewrote it.
    pub model_used: String,
    /// What the model took.
    pub token_usage: TokenUsage,
}

/// A stored handoff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handoff {
    /// Its id.
    pub id: HandoffId,
    /// Whose it is.
    pub org: OrgId,
    /// Of which project.
    pub project: ProjectId,
    /// The project's name when it was made.
    pub project_name: String,
    /// The key that asked for it; `None` for Tidemill's own.
    pub requested_by: Option<KeyId>,
    /// Whether it is in use.
    pub status: DocumentStatus,
    /// What it says.
    pub content: HandoffContent,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The five kinds of insights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InsightKind {
    /// What belongs together across sources.
    CrossSourceCorrelation,
    /// What a newcomer needs.
    OnboardingBrief,
    /// How the code hangs together.
    ArchitectureInsight,
    /// What a release brings.
    ReleaseNotes,
    /// How the plan stands.
    PlanReview,
}

impl InsightKind {
    /// All of them, in the contract's order.
    pub const ALL: [Self; 5] = [
        Self::CrossSourceCorrelation,
        Self::OnboardingBrief,
        Self::ArchitectureInsight,
        Self::ReleaseNotes,
        Self::PlanReview,
    ];

    /// Its name in a job and an insight.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CrossSourceCorrelation => "cross_source_correlation",
            Self::OnboardingBrief => "onboarding_brief",
            Self::ArchitectureInsight => "architecture_insight",
            Self::ReleaseNotes => "release_notes",
            Self::PlanReview => "plan_review",
        }
    }

    /// Its name in a path and in a step's input.
    pub const fn path_name(self) -> &'static str {
        match self {
            Self::CrossSourceCorrelation => "correlation",
            Self::OnboardingBrief => "onboarding",
            Self::ArchitectureInsight => "architecture",
            Self::ReleaseNotes => "release_notes",
            Self::PlanReview => "plan_review",
        }
    }
}

/// A text that is no kind of insight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not one of correlation, onboarding, architecture, release_notes, plan_review")]
pub struct UnknownInsightKind;

impl FromStr for InsightKind {
    type Err = UnknownInsightKind;

    /// Reads both names.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = |kind: &Self| kind.name() == text || kind.path_name() == text;
        Self::ALL.into_iter().find(named).ok_or(UnknownInsightKind)
    }
}

/// What an insight says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InsightContent {
    /// Of which kind.
    pub kind: InsightKind,
    /// Never empty.
    pub title: String,
    /// Never empty.
    pub summary: String,
    /// The contract's members of the kind; every item has `evidence`.
    pub data: Map<String, Value>,
    /// Exactly the events of all evidence, in the order of their ids.
    pub related_event_ids: Vec<EventId>,
    /// All of it for people, with how it was made at its end.
    pub markdown: String,
    /// `extractive/1`, or the model that rewrote it.
    pub model_used: String,
    /// What the model took.
    pub token_usage: TokenUsage,
}

/// A stored insight.
#[derive(Clone, Debug, PartialEq)]
pub struct Insight {
    /// Its id.
    pub id: InsightId,
    /// Whose it is.
    pub org: OrgId,
    /// Of which project.
    pub project: ProjectId,
    /// The key that asked for it.
    pub requested_by: Option<KeyId>,
    /// Whether it is in use.
    pub status: DocumentStatus,
    /// What it says.
    pub content: InsightContent,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What a model took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenUsage {
    /// Of the question.
    pub prompt_tokens: u64,
    /// Of the answer.
    pub completion_tokens: u64,
    /// Of both.
    pub total_tokens: u64,
}

/// A stored digest of a project's day or week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// Its id.
    pub id: DigestId,
    /// Whose it is.
    pub org: OrgId,
    /// Of which project.
    pub project: ProjectId,
    /// How long its period is: `generatedBy` says `schedule:daily` or `schedule:weekly`.
    pub period: DigestPeriod,
    /// From when to when.
    pub window: Window,
    /// What it says.
    pub content: HandoffContent,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Where an answer comes from: `ev:<id>` or `file:<path>#L<n>` in text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation(pub Evidence);

impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Evidence::Event(id) => write!(f, "ev:{id}"),
            Evidence::File { path, line } => write!(f, "file:{path}#L{}", line.unwrap_or(1)),
        }
    }
}

/// An answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The words, or `not enough evidence`.
    pub answer: String,
    /// Where they come from; of an answer without evidence the nearest sources.
    pub citations: Vec<Citation>,
    /// Whether the citations speak for the answer.
    pub is_answered: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_reads_what_it_writes() {
        let id = EventId::from_bytes([7; 16]);
        let file = |line| Evidence::File { path: "src/a.rs".to_owned(), line };
        for evidence in [Evidence::Event(id), file(None), file(Some(12))] {
            let text = serde_json::to_string(&evidence).expect("text");
            assert_eq!(serde_json::from_str::<Evidence>(&text).ok(), Some(evidence));
        }
        assert_eq!(Citation(file(Some(12))).to_string(), "file:src/a.rs#L12");
    }

    #[test]
    fn both_names_of_a_kind_are_read() {
        for kind in InsightKind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
            assert_eq!(kind.path_name().parse(), Ok(kind));
        }
        assert!("insight".parse::<InsightKind>().is_err());
    }
}
