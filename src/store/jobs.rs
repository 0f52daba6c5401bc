//! The traits for the life of a job and for reading jobs, and the values that they speak in.

use async_trait::async_trait;

use crate::domain::asset::Asset;
use crate::domain::audit::Author;
use crate::domain::clock::Timestamp;
use crate::domain::ids::{JobId, OrgId};
use crate::domain::job::{
    Attempt, Claimed, Diagnostic, Enqueued, Job, JobState, Lease, LogLimits, LogSize, NewJob,
    Outcome, Renewal, Report, StoredLogLine,
};
use crate::domain::key::SecretHash;
use crate::domain::run::RunNews;
use crate::store::{ConcurrencyLimits, Firing, FiringEnd, Messenger, Runs, StoreError};

/// The life of a job, from its acceptance to its end.
#[async_trait]
pub trait Store: Runs {
    /// Stores jobs in one transaction, each with its own answer in the order given, and claims
    /// for idle workers in the same transaction.
    ///
    /// A job's refusal (a known idempotency key, a held unique key, a full queue) leaves the
    /// others standing. `queue_limit` is the most unfinished jobs that an organization may have.
    async fn enqueue(
        &self,
        jobs: Vec<NewJob>,
        now: Timestamp,
        queue_limit: u64,
        claiming: Option<Claiming>,
    ) -> Result<Vec<Enqueued>, StoreError>;

    /// Gives due jobs to workers, organizations in turn, within one by priority, then age.
    /// What was claimed goes to `claiming.deliver`; the answer is its number.
    async fn claim(&self, claiming: Claiming) -> Result<usize, StoreError>;

    /// Ends an attempt: the outcome's writes and the job's new state in one transaction, if the
    /// lease still holds. Returns before the commit; `hook` is called after it, on the store's
    /// own thread, so it must be quick. With `claiming` the worker that becomes idle is given its
    /// next job in the same transaction.
    fn finish(&self, ending: Ending, claiming: Option<Claiming>, hook: FinishedHook);

    /// Extends leases and stores what their attempts reported, in one transaction; the answers
    /// are in the order given.
    async fn renew(&self, renewing: Renewing) -> Result<Vec<Renewal>, StoreError>;

    /// Cancels unfinished jobs of an organization, and notes in the audit log who did. The answer
    /// tells for each id what became of it, `None` for an unknown one.
    async fn cancel(
        &self,
        org: OrgId,
        ids: Vec<JobId>,
        now: Timestamp,
        author: Author,
        herald: Herald<Vec<Option<Cancelling>>>,
    ) -> Result<Vec<Option<Cancelling>>, StoreError>;

    /// Takes jobs from workers whose lease ran out before `now`: back to the queue, or failed
    /// with code `worker_lost` when no attempt is left. At most `limit`; the jobs as they are now.
    async fn rescue_expired(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Rescued>, StoreError>;

    /// At start: ends at once the leases that workers inside a process now dead held, so that
    /// [`Store::rescue_expired`] finds them. Answers their number.
    async fn expire_local_leases(&self, now: Timestamp) -> Result<usize, StoreError>;

    /// Deletes jobs and runs that ended before `before`, idempotency keys stored before
    /// `keys_before` and unreferenced asset rows older than `assets_before`; at most `limit` of
    /// each.
    async fn prune_finished(
        &self,
        before: Timestamp,
        keys_before: Timestamp,
        assets_before: Timestamp,
        limit: usize,
    ) -> Result<Pruned, StoreError>;

    /// Submits what a schedule that is due asks for, and notes its next moment, in one
    /// transaction, unless it was changed or fired since it was read.
    async fn fire(
        &self,
        firing: Firing,
        herald: Herald<FiringEnd>,
    ) -> Result<FiringEnd, StoreError>;

    /// Tells webhooks from now on of the ends of jobs and runs, by jobs that `messenger` makes,
    /// each stored in the transaction of the end that it reports.
    fn deliver_by(&self, messenger: Messenger);

    /// Deletes a terminal job of an organization with its log, and the rows of files that neither
    /// another job has nor a brand shows. The audit log keeps who did.
    async fn delete(
        &self,
        org: OrgId,
        id: JobId,
        now: Timestamp,
        author: Author,
    ) -> Result<Deletion, StoreError>;
}

/// Reads jobs. Every method is confined to the organization that it is given.
#[async_trait]
pub trait StoreReader: Send + Sync + 'static {
    /// A job, internal ones included.
    async fn job(&self, org: OrgId, id: JobId) -> Result<Option<Job>, StoreError>;

    /// Jobs that clients may see, newest first.
    async fn jobs(&self, filter: JobFilter) -> Result<Page, StoreError>;

    /// The finished attempts of a job, oldest first.
    async fn attempts(&self, job: JobId) -> Result<Vec<Attempt>, StoreError>;

    /// Lines of a job's log with a `seq` above `after`, oldest first, at most `limit`.
    async fn log(
        &self,
        job: JobId,
        after: i64,
        limit: usize,
    ) -> Result<Vec<StoredLogLine>, StoreError>;

    /// How much a job's log holds.
    async fn log_size(&self, job: JobId) -> Result<LogSize, StoreError>;

    /// The files that came with a job or out of it, and those that it has from the one that it
    /// does again.
    async fn assets_of(&self, job: JobId) -> Result<Vec<Asset>, StoreError>;

    /// How many due jobs of the same organization and action go before this queued one, itself
    /// counted; `None` when it is not queued and due. Counts to [`Position::MAX`].
    async fn position(&self, org: OrgId, id: JobId) -> Result<Option<Position>, StoreError>;

    /// Jobs by action and state, over all organizations, for metrics. Terminal ones not counted.
    async fn depths(&self) -> Result<Vec<QueueDepth>, StoreError>;

    /// When the next delayed job becomes due, over all organizations.
    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError>;

    /// The sizes of what is stored.
    async fn usage(&self) -> Result<Usage, StoreError>;
}

/// Asks for jobs on behalf of workers.
pub struct Claiming {
    /// How many at the most.
    pub limit: usize,
    /// The actions that these workers can run.
    pub actions: std::sync::Arc<[String]>,
    /// Who runs them: [`Claiming::LOCAL`], or a remote worker's name.
    pub worker: String,
    /// Only of this organization; `None` takes all in turn.
    pub org: Option<OrgId>,
    /// What stands for each lease, in the order of the claimed jobs; empty for workers inside the
    /// process, which need no such thing.
    pub tokens: Vec<SecretHash>,
    /// How much may be processed at one time, this claim's jobs included.
    pub limits: std::sync::Arc<ConcurrencyLimits>,
    /// The present moment.
    pub now: Timestamp,
    /// How long the leases hold without renewal.
    pub lease_expires_at: Timestamp,
    /// Where the claimed jobs go.
    pub deliver: Delivery,
}

impl Claiming {
    /// The name under which the process's own workers claim.
    pub const LOCAL: &str = "local";
}

/// Takes what was claimed, after the commit, exactly once. It travels with the write, so that a
/// caller who goes away cannot lose a claimed job.
pub struct Delivery(Option<Box<dyn FnOnce(Delivered) + Send>>);

/// The jobs that a claim brought.
#[derive(Clone, Debug)]
pub struct ClaimOutcome {
    /// As many as were asked for at the most, in the order in which they were taken.
    pub jobs: Vec<Claimed>,
    /// Whether others may be due that these workers could run now: a claim that brought as many as
    /// were asked for cannot tell, one that came to the end can. Those that limits leave no room
    /// for, and those that are due later, do not count.
    pub others_may_wait: bool,
    /// Whether delayed jobs became due with it, anybody's.
    pub ripened: bool,
}

/// What became of a claim.
#[derive(Clone, Debug)]
pub enum Delivered {
    /// It brought these jobs, or none.
    Claimed(ClaimOutcome),
    /// Nothing, because the write failed: that says nothing about what waits.
    Failed,
}

impl Delivery {
    /// A delivery to `take`, which must be quick: it is called on the store's own thread.
    pub fn new(take: impl FnOnce(Delivered) + Send + 'static) -> Self {
        Self(Some(Box::new(take)))
    }

    /// Hands the claimed jobs over. A delivery that is dropped instead says that its write failed.
    pub fn deliver(mut self, claims: ClaimOutcome) {
        if let Some(take) = self.0.take() {
            take(Delivered::Claimed(claims));
        }
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        if let Some(take) = self.0.take() {
            take(Delivered::Failed);
        }
    }
}

/// An attempt's end, to be written under its lease.
#[derive(Clone, Debug)]
pub struct Ending {
    /// The right to write it.
    pub lease: Lease,
    /// The job as it was claimed under this lease, from whoever still has it: it saves reading
    /// the row again.
    pub claimed: Option<std::sync::Arc<Job>>,
    /// How it ended.
    pub outcome: Outcome,
    /// What the attempt did, step by step.
    pub diagnostics: Vec<Diagnostic>,
    /// What it had to say since the last renewal.
    pub report: Report,
    /// How much the job's log may hold.
    pub log_limits: LogLimits,
    /// The present moment.
    pub now: Timestamp,
}

/// Told what a write brought, after its commit and on the store's own thread, in the order of the
/// writes: so it must be quick. It is told whether or not the caller still waits for the answer,
/// and not when the write failed.
pub type Herald<T> = Box<dyn FnOnce(&T) + Send>;

/// Called once after the commit of an ending, or with the error that prevented it.
pub type FinishedHook = Box<dyn FnOnce(Result<Finished, StoreError>) + Send>;

/// What became of an ending.
#[derive(Clone, Debug)]
pub enum Finished {
    /// Written.
    Written {
        /// The job as it is now, queued again or terminal.
        job: Box<Job>,
        /// What that means for the run that it is a step of.
        run: Option<RunNews>,
        /// How many jobs were stored that tell webhooks of it.
        messages: usize,
    },
    /// The lease no longer held; nothing was written.
    LeaseLost,
}

/// Asks for leases to be extended.
#[derive(Debug)]
pub struct Renewing {
    /// The leases, each with what its attempt reported.
    pub reports: Vec<(Lease, Report)>,
    /// How much a job's log may hold.
    pub log_limits: LogLimits,
    /// The present moment.
    pub now: Timestamp,
    /// How long they hold from now on.
    pub lease_expires_at: Timestamp,
}

/// A job that was taken from a worker that does not answer.
#[derive(Clone, Debug)]
pub struct Rescued {
    /// The lease that ran out.
    pub lease: Lease,
    /// The job as it is now, queued again or failed.
    pub job: Job,
    /// What that means for the run that it is a step of.
    pub run: Option<RunNews>,
}

/// What became of a job that was to be cancelled.
#[derive(Clone, Debug)]
pub enum Cancelling {
    /// It is cancelled; a worker that still runs it hears so at its next renewal.
    Cancelled {
        /// The job as it is now.
        job: Box<Job>,
        /// What that means for the run that it is a step of.
        run: Option<RunNews>,
    },
    /// It had ended already, as it says.
    AlreadyTerminal(JobState),
}

/// What became of a job that was to be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// It is gone.
    Deleted,
    /// It has not ended yet.
    NotTerminal,
    /// It is a step of a run that has not ended yet.
    RunNotTerminal,
    /// There is none.
    Unknown,
}

/// How much a pruning deleted. Content that no row names any longer is swept by the asset store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Jobs that are no steps, with their logs and attempts.
    pub jobs: usize,
    /// Runs, with their steps.
    pub runs: usize,
    /// Idempotency keys.
    pub keys: usize,
    /// Rows of assets.
    pub assets: usize,
}

/// Which jobs to list.
#[derive(Clone, Debug)]
pub struct JobFilter {
    /// Whose.
    pub org: OrgId,
    /// In one of these states; empty is any.
    pub states: Vec<JobState>,
    /// Of one of these actions; empty is any.
    pub actions: Vec<String>,
    /// Steps of this run.
    pub run: Option<crate::domain::ids::RunId>,
    /// With this text in the error's message, in any case.
    pub error_text: Option<String>,
    /// Accepted at or after this moment.
    pub created_after: Option<Timestamp>,
    /// Accepted before this moment.
    pub created_before: Option<Timestamp>,
    /// Older than this place in the list.
    pub cursor: Option<Cursor>,
    /// How many, 1 to 100.
    pub limit: usize,
}

/// A place in a list of jobs: the last job already seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor(pub JobId);

/// A page of jobs.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The jobs, newest first; without `input` and `echo`, and with
    /// nothing of a result but the ids under which it can be read, unless it lies in a file.
    pub jobs: Vec<Job>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Cursor>,
}

/// A place in a queue, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position(pub u64);

impl Position {
    /// How far positions are counted: beyond it nobody cares for the exact number.
    pub const MAX: u64 = 1_000;
}

/// How many jobs of an action are in a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueDepth {
    /// The action's name.
    pub action: String,
    /// The state.
    pub state: JobState,
    /// How many.
    pub jobs: u64,
}

/// The sizes of what is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// The database file, without its write-ahead log.
    pub database_bytes: u64,
    /// The sum over all asset rows.
    pub asset_bytes: u64,
    /// The disk that the database lies on; `None` when the system does not tell.
    pub disk: Option<Disk>,
}

/// A disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disk {
    /// What is left of it for this process.
    pub free_bytes: u64,
    /// Its size.
    pub total_bytes: u64,
}
