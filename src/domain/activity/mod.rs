//! The words of a team's work: projects, the events of their work, and the documents made of them.
//!
//! `Event` is one thing that happened, with what its importer knows as `Facts`; `Selection` says
//! which of them a document is made of; `RepositorySnapshot` is what a repository looks like. A
//! document's `Bullet` carries its evidence. Never: how a document is found in them.

mod document;
mod draft;
mod event;
mod facts;
mod filters;
mod lines;
mod project;
mod sections;
mod selection;
mod snapshot;
mod source;
mod work_item;

pub use document::{
    Answer, Bullet, Citation, Digest, DocumentStatus, Evidence, Handoff, HandoffContent, Insight,
    InsightContent, InsightKind, TokenUsage, union_of_events,
};
pub use draft::EventDraft;
pub use event::{
    Author, Event, MAX_BRANCHES, MAX_CONTENT_BYTES, MAX_EXTERNAL_ID, MAX_REF_CHARS, MAX_REFS,
    MAX_TITLE_CHARS, Place, clipped,
};
pub use facts::{
    Check, Commit, Document, Facts, Message, Outcome, PathChange, PathFate, Release, Transcript,
    Turn,
};
pub use filters::{Filters, SourceFilter};
pub use lines::{ChangedLine, Sign, is_lock_file, is_manifest, is_telling};
pub use project::{DigestPeriod, Project, ProjectKind, Repository};
pub use sections::{SectionEntry, Sections, pom_name, section_entries};
pub use selection::{Candidates, MAX_CANDIDATES, Selection, Window};
pub use snapshot::{Branch, FileEntry, FileText, RepositorySnapshot, StandingLine, Tag, Touch};
pub use source::{EventSource, UnknownSource};
pub use work_item::{ItemState, Milestone, Review, WorkItem};

/// A request or a record that cannot be taken, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct InvalidField {
    /// The path of the field at fault, `filters.github.branches`.
    pub field: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl InvalidField {
    /// A field and what is wrong with it.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}
