//! The trait for files that remote workers bring for attempts that go on.

use async_trait::async_trait;

use crate::domain::asset::{AttemptFile, FileRoom};
use crate::domain::job::Lease;
use crate::store::StoreError;

/// Files of attempts of remote workers: an attempt's alone until it ends well.
#[async_trait]
pub trait WorkerFiles: Send + Sync + 'static {
    /// Keeps a file, whose bytes are in the asset store, with the attempt that has this lease, if
    /// it still holds and there is room. A second one of the same name takes the first one's
    /// place.
    async fn attach_file(
        &self,
        lease: Lease,
        file: AttemptFile,
        room: FileRoom,
    ) -> Result<Attached, StoreError>;

    /// The files of the attempt that has this lease, by name.
    async fn files_of_lease(&self, lease: Lease) -> Result<Vec<AttemptFile>, StoreError>;

    /// Forgets files of attempts that have ended, at most `limit`; answers their number. Those
    /// that became their job's are the job's since its end.
    async fn prune_worker_files(&self, limit: usize) -> Result<usize, StoreError>;
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attached {
    /// It is kept.
    Kept,
    /// The lease no longer holds.
    LeaseLost,
    /// The attempt has brought as many files as it may.
    TooMany,
    /// With it the attempt's files would be larger than they may be together.
    TooLarge,
}
