//! The attempts under way in this process: who to cancel, renew, time out and wait for.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio_util::sync::CancellationToken;

use crate::domain::ids::{JobId, OrgId};
use crate::domain::job::{Job, Lease};
use crate::engine::reporter::Reporter;

/// One attempt under way.
#[derive(Debug)]
pub(super) struct Attempting {
    /// The right to end it.
    pub(super) lease: Lease,
    /// The job as it was claimed.
    pub(super) job: Arc<Job>,
    /// When its time is up.
    pub(super) deadline: Instant,
    /// Fires when it should stop.
    pub(super) token: CancellationToken,
    /// What it has to say.
    pub(super) reporter: Arc<Reporter>,
    /// Set by whoever ends it: its own thread, or the one that gave up on that thread.
    ended: AtomicBool,
}

impl Attempting {
    /// A new attempt.
    pub(super) fn new(lease: Lease, job: Job, deadline: Instant, reporter: Arc<Reporter>) -> Self {
        let token = CancellationToken::new();
        let job = Arc::new(job);
        Self { lease, job, deadline, token, reporter, ended: AtomicBool::new(false) }
    }

    /// Takes the right to end the attempt; only the first caller gets it.
    pub(super) fn end(&self) -> bool {
        !self.ended.swap(true, Ordering::SeqCst)
    }

    fn has_ended(&self) -> bool {
        self.ended.load(Ordering::SeqCst)
    }
}

/// All attempts under way. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Running(Arc<Mutex<HashMap<JobId, Arc<Attempting>>>>);

impl Running {
    /// Notes that an attempt began.
    pub(super) fn begin(&self, attempting: &Arc<Attempting>) {
        self.attempts().insert(attempting.lease.job, Arc::clone(attempting));
    }

    /// Notes that an attempt ended, unless a later one of the same job began meanwhile.
    pub(super) fn end(&self, attempting: &Attempting) {
        let mut attempts = self.attempts();
        if attempts.get(&attempting.lease.job).is_some_and(|known| known.lease == attempting.lease)
        {
            attempts.remove(&attempting.lease.job);
        }
    }

    /// Tells the attempt at a job to stop.
    pub(super) fn cancel(&self, job: JobId) {
        if let Some(attempting) = self.attempts().get(&job) {
            attempting.token.cancel();
        }
    }

    /// Whether a job of the organization is being attempted here, or its end is being written:
    /// then news of it is still to come.
    pub(super) fn has(&self, org: OrgId, job: JobId) -> bool {
        // One that was told to stop may be at a job that has ended, and whose news are out.
        self.attempts()
            .get(&job)
            .is_some_and(|attempting| attempting.job.org == org && !attempting.token.is_cancelled())
    }

    /// All attempts that have not ended.
    pub(super) fn all(&self) -> Vec<Arc<Attempting>> {
        let attempts = self.attempts();
        attempts.values().filter(|attempting| !attempting.has_ended()).cloned().collect()
    }

    /// Whether there is none, their written ends included.
    pub(super) fn is_empty(&self) -> bool {
        self.attempts().is_empty()
    }

    fn attempts(&self) -> MutexGuard<'_, HashMap<JobId, Arc<Attempting>>> {
        // Every change under the lock is a single call of the map's: a panic leaves it whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
