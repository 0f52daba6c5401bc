//! The attempts under way in this process: who to cancel, renew, time out and wait for.
//!
//! An attempt stands here from the delivery of its claim, before a thread has begun it, until its
//! end is written. A job can have several: one that hangs loses its lease, and the next one begins
//! beside it. Never: an attempt told to stop because another one of its job is out of date.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::OwnedSemaphorePermit;
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
    /// When its own time is up.
    deadline: Instant,
    /// When the time of all the job's attempts is up, if there is such a limit.
    last_moment: OnceLock<Instant>,
    /// Fires when it should stop.
    pub(super) token: CancellationToken,
    /// What it has to say.
    pub(super) reporter: Arc<Reporter>,
    /// What it holds of the class of its action. It lies here because a thread that hangs does not
    /// give it back.
    permit: Mutex<Option<OwnedSemaphorePermit>>,
    /// Set by whoever ends it: its own thread, or the one that gave up on that thread.
    ended: AtomicBool,
}

impl Attempting {
    /// A new attempt.
    pub(super) fn new(lease: Lease, job: Job, deadline: Instant, reporter: Arc<Reporter>) -> Self {
        Self {
            lease,
            job: Arc::new(job),
            deadline,
            last_moment: OnceLock::new(),
            token: CancellationToken::new(),
            reporter,
            permit: Mutex::default(),
            ended: AtomicBool::new(false),
        }
    }

    /// Limits the attempt to what is left of the time of all the job's attempts.
    pub(super) fn limit(&self, left: Duration) {
        // Set once, by the thread that begins it.
        let _ = self.last_moment.set(Instant::now() + left);
    }

    /// When its time is up.
    pub(super) fn deadline(&self) -> Instant {
        self.last_moment.get().map_or(self.deadline, |last| self.deadline.min(*last))
    }

    /// Whether its deadline is that of all the job's attempts.
    pub(super) fn is_last_moment(&self) -> bool {
        self.last_moment.get().is_some_and(|last| *last <= self.deadline)
    }

    /// What is left of the time of all the job's attempts; `None` without such a limit.
    pub(super) fn left(&self) -> Option<Duration> {
        self.last_moment.get().map(|last| last.saturating_duration_since(Instant::now()))
    }

    /// Takes the right to end the attempt; only the first caller gets it.
    pub(super) fn end(&self) -> bool {
        !self.ended.swap(true, Ordering::SeqCst)
    }

    /// Keeps a permit until the value returned is dropped, or the thread is given up.
    pub(super) fn hold(&self, permit: OwnedSemaphorePermit) -> Holding<'_> {
        *self.permit() = Some(permit);
        Holding(self)
    }

    /// Gives back what it holds.
    pub(super) fn give_back(&self) {
        drop(self.permit().take());
    }

    fn has_ended(&self) -> bool {
        self.ended.load(Ordering::SeqCst)
    }

    fn permit(&self) -> MutexGuard<'_, Option<OwnedSemaphorePermit>> {
        // A value is put in or taken out: a panic leaves it whole.
        self.permit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A permit in use.
pub(super) struct Holding<'attempt>(&'attempt Attempting);

impl Drop for Holding<'_> {
    fn drop(&mut self) {
        self.0.give_back();
    }
}

/// All attempts under way. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Running(Arc<Mutex<Attempts>>);

#[derive(Debug, Default)]
struct Attempts {
    /// The latest attempt of each job.
    latest: HashMap<JobId, Arc<Attempting>>,
    /// Earlier ones, whose leases are lost and whose threads have not noticed.
    superseded: Vec<Arc<Attempting>>,
}

impl Attempts {
    fn all(&self) -> impl Iterator<Item = &Arc<Attempting>> {
        self.latest.values().chain(&self.superseded)
    }
}

impl Running {
    /// Notes that an attempt began.
    pub(super) fn begin(&self, attempting: &Arc<Attempting>) {
        let mut attempts = self.attempts();
        let earlier = attempts.latest.insert(attempting.lease.job, Arc::clone(attempting));
        attempts.superseded.extend(earlier);
    }

    /// Notes that the end of an attempt is written.
    pub(super) fn end(&self, attempting: &Attempting) {
        let (lease, mut attempts) = (attempting.lease, self.attempts());
        if attempts.latest.get(&lease.job).is_some_and(|latest| latest.lease == lease) {
            attempts.latest.remove(&lease.job);
        } else {
            attempts.superseded.retain(|earlier| earlier.lease != lease);
        }
    }

    /// Tells the attempt under this lease to stop.
    pub(super) fn stop(&self, lease: Lease) {
        for attempting in self.attempts().all().filter(|it| it.lease == lease) {
            attempting.token.cancel();
        }
    }

    /// Tells every attempt at a job that has ended to stop.
    pub(super) fn stop_all_of(&self, job: JobId) {
        let attempts = self.attempts();
        let superseded = attempts.superseded.iter().filter(|it| it.lease.job == job);
        for attempting in attempts.latest.get(&job).into_iter().chain(superseded) {
            attempting.token.cancel();
        }
    }

    /// Whether a job of the organization is being attempted here, or its end is being written:
    /// then news of it is still to come.
    pub(super) fn has(&self, org: OrgId, job: JobId) -> bool {
        // One that was told to stop may be at a job that has ended, and whose news are out.
        self.attempts()
            .latest
            .get(&job)
            .is_some_and(|attempting| attempting.job.org == org && !attempting.token.is_cancelled())
    }

    /// All attempts that have not ended.
    pub(super) fn all(&self) -> Vec<Arc<Attempting>> {
        let attempts = self.attempts();
        attempts.all().filter(|attempting| !attempting.has_ended()).cloned().collect()
    }

    /// Whether there is none, their written ends included.
    pub(super) fn is_empty(&self) -> bool {
        self.attempts().all().next().is_none()
    }

    fn attempts(&self) -> MutexGuard<'_, Attempts> {
        // Every change under the lock is a single call of the map's or the list's: a panic leaves
        // them whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::{Clock, Timestamp};

    const NOW: Timestamp = Timestamp::from_ms(1_000);

    fn attempt(job: &Job, epoch: i64) -> Arc<Attempting> {
        let reporter = Arc::new(Reporter::new(Clock::manual(NOW), Arc::default()));
        let lease = Lease { job: job.id, epoch };
        Arc::new(Attempting::new(lease, job.clone(), Instant::now(), reporter))
    }

    #[test]
    fn a_lost_lease_stops_its_own_attempt_only() {
        let (running, job) = (Running::default(), Job::sample(NOW));
        let (lost, next) = (attempt(&job, 1), attempt(&job, 2));
        running.begin(&lost);
        running.begin(&next);
        running.stop(lost.lease);
        assert!(lost.token.is_cancelled() && !next.token.is_cancelled());
        assert!(running.has(job.org, job.id));
        running.stop_all_of(job.id);
        assert!(next.token.is_cancelled() && !running.has(job.org, job.id));
    }

    #[test]
    fn a_superseded_attempt_is_still_watched() {
        let (running, job) = (Running::default(), Job::sample(NOW));
        let (hung, next) = (attempt(&job, 1), attempt(&job, 2));
        running.begin(&hung);
        running.begin(&next);
        assert_eq!(running.all().len(), 2);
        running.end(&next);
        assert_eq!(running.all().iter().map(|it| it.lease.epoch).collect::<Vec<_>>(), [1]);
        running.end(&hung);
        assert!(running.is_empty());
    }
}
