//! How long attempts may take: each for itself, and all of a job's together where its action says
//! so.
//!
//! The time of all begins with the claim of the first attempt in the present row of failures. What
//! was lost or released with its process does not count: the job is not to blame. Never: an
//! attempt for which no time is left.

use std::time::Duration;

use crate::domain::clock::Timestamp;
use crate::domain::job::{Attempt, Job, JobError};
use crate::engine::retry::LEAST_ATTEMPT;
use crate::engine::running::Attempting;
use crate::engine::{ActionError, AttemptPolicy, Core};
use crate::store::StoreError;

/// Limits an attempt to what is left of the time of all. An error when nothing is: the last
/// attempt's.
pub(super) fn apply(
    core: &Core,
    attempting: &Attempting,
    policy: &AttemptPolicy,
) -> Result<(), ActionError> {
    let Some(total) = policy.total_time else { return Ok(()) };
    let job = &attempting.job;
    let left = left(core, job, total).map_err(|error| {
        let message = "The job's earlier attempts could not be read.";
        ActionError::transient("storage_unavailable", message).because(error)
    })?;
    attempting.limit(left);
    match &job.error {
        Some(JobError { code, message }) if left < LEAST_ATTEMPT => {
            Err(ActionError::fatal(code, message).because("no time is left for another attempt"))
        }
        _ => Ok(()),
    }
}

fn left(core: &Core, job: &Job, total: Duration) -> Result<Duration, StoreError> {
    // The clock may jump: the first attempt does not ask it.
    let (Some(claimed_at), 2..) = (job.started_at, job.attempt) else { return Ok(total) };
    let attempts = core.runtime.block_on(core.catalog.attempts(job.id))?;
    let spent = core.clock.now().since(first_claim(&attempts, claimed_at));
    Ok(total.saturating_sub(spent))
}

/// When the row of attempts began of which the one claimed at `claimed_at` is the latest.
fn first_claim(earlier: &[Attempt], claimed_at: Timestamp) -> Timestamp {
    let row = earlier.iter().rev().take_while(|attempt| attempt.outcome == "retried");
    row.last().map_or(claimed_at, |first| first.started_at)
}

/// The failure of an attempt whose time is up.
pub(super) fn exceeded(core: &Core, attempting: &Attempting) -> ActionError {
    let job = &attempting.job;
    let own = job.attempt_timeout;
    let total = core.actions.find(&job.action).and_then(|action| action.policy().total_time);
    match total {
        Some(total) if attempting.is_last_moment() => ActionError::fatal(
            "attempt_timed_out",
            format!(
                "The job did not end within {} s, all its attempts together, and has no more.",
                total.as_secs_f64()
            ),
        ),
        _ => ActionError::transient(
            "attempt_timed_out",
            format!(
                "The attempt did not end within {} s. Allow it more with \
                 `attempt_timeout_seconds`.",
                own.as_secs_f64()
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(outcome: &str, started_at: i64) -> Attempt {
        Attempt {
            attempt: 1,
            started_at: Timestamp::from_ms(started_at),
            ended_at: Timestamp::from_ms(started_at + 1),
            outcome: outcome.to_owned(),
            error: None,
            worker: "local".to_owned(),
        }
    }

    #[test]
    fn what_was_lost_or_released_begins_anew() {
        let first = |earlier: &[(&str, i64)]| {
            let earlier: Vec<_> = earlier.iter().map(|(word, at)| attempt(word, *at)).collect();
            first_claim(&earlier, Timestamp::from_ms(90)).ms()
        };
        assert_eq!(first(&[]), 90);
        assert_eq!(first(&[("retried", 10), ("retried", 50)]), 10);
        assert_eq!(first(&[("retried", 10), ("lost", 50)]), 90);
        assert_eq!(first(&[("released", 10), ("retried", 50)]), 50);
    }
}
