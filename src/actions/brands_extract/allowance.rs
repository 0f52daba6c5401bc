//! What a job's attempts may use of the network together.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::domain::ids::JobId;
use crate::outbound::Budget;

/// The budget of one job: enough for a page with all its style sheets and marks, and so little
/// that nobody can make Tidemill a load for a third party.
pub(super) const WHOLE: Budget =
    Budget { requests: 48, bytes: 16 << 20, time: Duration::from_secs(20) };

/// How many jobs between two attempts are remembered. The oldest is forgotten first, and begins
/// anew: it has waited longest, or was cancelled meanwhile.
const MAX_JOBS: usize = 10_000;

/// What is left for jobs whose last attempt failed. Lost with the process: then each job begins
/// anew, once.
#[derive(Debug, Default)]
pub(super) struct Allowances(Mutex<BTreeMap<JobId, Budget>>);

impl Allowances {
    /// What the next attempt of `job` may use; from now on the caller keeps the account.
    pub(super) fn take(&self, job: JobId) -> Budget {
        self.lock().remove(&job).unwrap_or(WHOLE)
    }

    /// Notes what an attempt of `job` left for the next one; `false` when it left nothing.
    pub(super) fn leave(&self, job: JobId, left: Budget) -> bool {
        if left.requests == 0 || left.bytes == 0 || left.time.is_zero() {
            return false;
        }
        let mut jobs = self.lock();
        jobs.insert(job, left);
        if jobs.len() > MAX_JOBS {
            jobs.pop_first();
        }
        true
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<JobId, Budget>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_share_one_budget() {
        let (allowances, job) = (Allowances::default(), JobId::mint());
        assert_eq!(allowances.take(job), WHOLE);
        let left = Budget { requests: 3, ..WHOLE };
        assert!(allowances.leave(job, left));
        assert_eq!(allowances.take(JobId::mint()), WHOLE);
        assert_eq!(allowances.take(job), left);
        assert!(!allowances.leave(job, Budget { time: Duration::ZERO, ..left }));
    }

    #[test]
    fn only_so_many_jobs_are_remembered() {
        let allowances = Allowances::default();
        let left = Budget { requests: 1, ..WHOLE };
        let jobs: Vec<JobId> = (0..=MAX_JOBS).map(|_| JobId::mint()).collect();
        assert!(jobs.iter().all(|job| allowances.leave(*job, left)));
        assert_eq!(allowances.take(jobs[0]), WHOLE);
        assert_eq!(allowances.take(jobs[1]), left);
    }
}
