//! The store on SQLite: one file, one writer, many readers.
//!
//! `writer` owns the only connection that writes and commits in groups; `readers` is a pool of
//! read-only ones. Each method of a trait has its statements in `sql/`, named after it.
//! Never: a second process on the same file; the composition root holds the lock.

mod activity;
mod assets;
mod audit;
mod backup;
mod binding;
mod brands;
mod cancel;
mod claim;
mod connection;
mod documents;
mod enqueue;
mod events;
mod finish;
mod firing;
mod keys;
mod leases;
mod lifecycle;
mod migrate;
mod orgs;
mod projects;
mod prune;
mod queues;
mod readers;
mod reading;
mod renew;
mod room;
mod rows;
mod run_enqueue;
mod run_progress;
mod run_reading;
mod runs;
mod schedules;
mod sessions;
mod webhooks;
mod worker_files;
mod writer;

use std::path::Path;

use tokio::runtime::Handle;

use crate::store::StoreError;

pub use backup::{check_database, copy_database, named_contents};
pub use migrate::{found as found_schema, newest as newest_schema};
pub use webhooks::sealed_secrets;
pub use writer::{CommitFault, CommitObserver, WriterHooks};

/// The database's file name inside the data directory.
pub const FILE_NAME: &str = "tidemill.sqlite";

/// Everything that is stored, in one SQLite database.
pub struct SqliteStore {
    writer: writer::Writer,
    readers: readers::Readers,
    key_cache: keys::KeyCache,
    events: events::Events,
}

impl SqliteStore {
    /// Opens the database in `data_dir`, which exists, makes it if it is new, and migrates it.
    /// Reads run on `runtime`'s blocking threads.
    pub fn open(data_dir: &Path, runtime: Handle, hooks: WriterHooks) -> Result<Self, StoreError> {
        let path = data_dir.join(FILE_NAME);
        let connection = writer::open(&path)?;
        let events = events::Events::of(&connection)?;
        Ok(Self {
            writer: writer::Writer::start(connection, hooks)?,
            readers: readers::Readers::open(&path, runtime),
            key_cache: keys::KeyCache::default(),
            events,
        })
    }
}
