//! The whole truth about persistence: what may be asked of a database, and what it promises.
//!
//! [`Store`] is the life of a job, [`StoreReader`] reads jobs, [`Runs`] and [`RunReader`] are the
//! same for runs, and each further noun has a trait of its own; [`Catalog`] is their sum. Every
//! method that writes answers only after the commit is on disk. Never: a rule about what an action
//! does, a status code, or SQL outside `sqlite/`.

mod activity;
mod audit;
mod catalog;
mod jobs;
mod limits;
mod queues;
mod runs;
mod schedules;
pub mod sqlite;
mod webhooks;
mod worker_files;

pub use activity::{
    DocumentFilter, Documents, EventFilter, EventPlace, Events, FacetValues, Facets, KnownCommit,
    MAX_EVENTS_A_WRITE, MAX_PROJECTS, Projects, SavedEvents,
};
pub use audit::{AuditFilter, AuditLog, AuditPage};
pub use catalog::{
    AssetUse, Assets, BrandFilter, BrandPage, Brands, Catalog, FoundSession, KeyUse, Keys,
    OrgDeletion, Orgs, Sessions, WorkerLeases,
};
pub use jobs::{
    Cancelling, ClaimOutcome, Claiming, Cursor, Deletion, Delivered, Delivery, Disk, Ending,
    Finished, FinishedHook, Herald, JobFilter, Page, Position, Pruned, QueueDepth, Renewing,
    Rescued, Store, StoreReader, Usage,
};
pub use limits::{ConcurrencyLimits, Running};
pub use queues::{Backlog, Queues, Underway};
pub use runs::{CancellingRun, RunCursor, RunFilter, RunPage, RunReader, Runs};
pub use schedules::{Firing, FiringEnd, Schedules};
pub use webhooks::{Delivering, DeliveryFilter, DeliveryPage, Inserted, Messenger, Webhooks};
pub use worker_files::{Attached, WorkerFiles};

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The write channel is full: the disk cannot follow. Try again shortly.
    #[error("the write queue is full")]
    Busy,
    /// The writer has stopped; the process is ending.
    #[error("the store is closed")]
    Closed,
    /// The disk has no room left.
    #[error("the disk is full")]
    DiskFull,
    /// A name that must be unique is taken.
    #[error("`{0}` is taken")]
    Taken(String),
    /// The database is newer than this binary.
    #[error("the database has schema {found}; this binary knows {known}: run a newer `tidemill`")]
    SchemaTooNew {
        /// The database's version.
        found: i64,
        /// The newest that this binary knows.
        known: i64,
    },
    /// The database said no.
    #[error("database: {0}")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A row does not hold what its schema promises.
    #[error("damaged row: {0}")]
    Damaged(String),
}
