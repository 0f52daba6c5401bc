//! The traits for the life of a run and for reading runs. A step's own life is its job's:
//! `Store::finish`, `rescue_expired` and `cancel` move the run along with it.

use async_trait::async_trait;

use crate::domain::audit::Author;
use crate::domain::clock::Timestamp;
use crate::domain::ids::{OrgId, RunId};
use crate::domain::job::Job;
use crate::domain::run::{EnqueuedRun, NewRun, Run, RunState};
use crate::store::{Claiming, Herald, StoreError};

/// What happens to a run as a whole.
#[async_trait]
pub trait Runs: Send + Sync + 'static {
    /// Stores a run with all its steps in one transaction, and claims for idle workers in the
    /// same. `queue_limit` is the most unfinished jobs that an organization may have.
    async fn enqueue_run(
        &self,
        run: NewRun,
        now: Timestamp,
        queue_limit: u64,
        claiming: Claiming,
    ) -> Result<EnqueuedRun, StoreError>;

    /// Cancels a run of an organization with all its unfinished jobs, in one transaction, and notes
    /// in the audit log who did; `None` when there is no such run.
    async fn cancel_run(
        &self,
        org: OrgId,
        id: RunId,
        now: Timestamp,
        author: Author,
        herald: Herald<Option<CancellingRun>>,
    ) -> Result<Option<CancellingRun>, StoreError>;
}

/// What became of a run that was to be cancelled.
#[derive(Clone, Debug)]
pub enum CancellingRun {
    /// It is cancelled, and so are these jobs; workers that still run one hear so at their next
    /// renewal.
    Cancelled(Vec<Job>),
    /// It had ended already, as it says.
    AlreadyTerminal(RunState),
}

/// Reads runs. Every method is confined to the organization that it is given.
#[async_trait]
pub trait RunReader: Send + Sync + 'static {
    /// A run with the jobs of its steps.
    async fn run(&self, org: OrgId, id: RunId) -> Result<Option<Run>, StoreError>;

    /// Runs, newest first.
    async fn runs(&self, filter: RunFilter) -> Result<RunPage, StoreError>;
}

/// Which runs to list.
#[derive(Clone, Debug)]
pub struct RunFilter {
    /// Whose.
    pub org: OrgId,
    /// In one of these states; empty is any.
    pub states: Vec<RunState>,
    /// Accepted at or after this moment.
    pub created_after: Option<Timestamp>,
    /// Accepted before this moment.
    pub created_before: Option<Timestamp>,
    /// Older than this place in the list.
    pub cursor: Option<RunCursor>,
    /// How many, 1 to 100.
    pub limit: usize,
}

/// A place in a list of runs: the last run already seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunCursor(pub RunId);

/// A page of runs.
#[derive(Clone, Debug, Default)]
pub struct RunPage {
    /// The runs, newest first; their jobs without `input`, `echo`, `mapped` and `result`.
    pub runs: Vec<Run>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<RunCursor>,
}
