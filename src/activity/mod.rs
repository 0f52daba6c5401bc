//! A team's work in, documents out: handoffs, digests, insights, answers.
//!
//! Events are selected, read, linked into topics, weighed and told; each line carries what speaks
//! for it, and what nothing speaks for is not said. Imported text is data: it is escaped where it
//! is shown and never an instruction. Never: I/O, a clock, chance, an order of hashing.

mod answer;
mod cluster;
mod draft;
mod evidence;
mod extract;
mod footer;
mod handoff;
mod insight;
mod link;
mod read;
mod redact;
pub mod rewrite;
mod select;
mod text;
#[cfg(test)]
mod trials;

pub use answer::answer;
pub use draft::Draft;
pub use footer::EXTRACTIVE;
pub use handoff::{HandoffDraft, digest, handoff};
pub use insight::{InsightDraft, InsightRequest, NoInsight, Pace, ReleaseStyle, insight};
pub use redact::{redact, redact_event};
pub use select::NoResult;

use crate::domain::activity::{Candidates, Project, RepositorySnapshot, is_manifest};

/// What a document is made of.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    /// Whose document it is.
    pub project: &'a Project,
    /// The events that the store has for it.
    pub candidates: &'a Candidates,
    /// The project's repository, where it has one.
    pub snapshot: Option<&'a RepositorySnapshot>,
    /// Whether `asOf` was named and is not the present.
    pub is_past: bool,
}

/// What a document needs of a repository's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A handoff or a digest: records of decisions, and what the project depends on.
    Handoff,
    /// What a newcomer reads first.
    Onboarding,
    /// Every source file whose imports are understood.
    Architecture,
    /// Prose and source files, to answer a question from.
    Answer,
}

/// The largest file that is read: larger ones are generated or data.
const MAX_FILE_BYTES: u64 = 1_000_000;

/// Whether a document for this purpose wants to read a file.
pub fn wants(purpose: Purpose, path: &str, bytes: u64) -> bool {
    let is_record = extract::documents::is_decision_record(path);
    bytes <= MAX_FILE_BYTES
        && match purpose {
            Purpose::Handoff => is_record || is_manifest(path),
            Purpose::Onboarding => {
                is_record || is_manifest(path) || insight::is_for_newcomers(path)
            }
            Purpose::Architecture => insight::is_understood(path) || is_manifest(path),
            Purpose::Answer => read::is_document(path) || insight::is_understood(path),
        }
}
