//! When a failed attempt is followed by another.

use std::time::Duration;

use crate::domain::clock::Timestamp;
use crate::domain::job::{JobError, Outcome};
use crate::engine::{ActionError, AttemptPolicy, Retry};

/// The longest wait that another server's `Retry-After` can impose.
const MAX_ASKED_WAIT: Duration = Duration::from_hours(1);

/// How far a wait may be stretched, so that jobs that failed together do not return together.
const JITTER: f64 = 0.2;

/// The least that another attempt must have of the time that is left to the job: with less it
/// would only delay the answer.
pub(super) const LEAST_ATTEMPT: Duration = Duration::from_secs(1);

/// How many attempts a job had, and what it still may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tries {
    /// The number of the attempt that failed, from 1.
    pub(super) attempt: u16,
    /// How many there may be.
    pub(super) max_attempts: u16,
    /// What is left of the time of all attempts; `None` when it has no limit.
    pub(super) left: Option<Duration>,
}

/// What becomes of a job whose attempt failed with `error`. `jitter` is in `0.0..1.0`.
pub(super) fn after_failure(
    error: &ActionError,
    policy: &AttemptPolicy,
    tries: Tries,
    now: Timestamp,
    jitter: f64,
) -> Outcome {
    let Tries { attempt, max_attempts, left } = tries;
    let job_error = JobError { code: error.code.clone(), message: error.message.clone() };
    let wait = match error.retry {
        _ if attempt >= max_attempts => None,
        Retry::Never => None,
        Retry::Backoff => Some(backoff(policy, attempt)),
        Retry::After(asked) => Some(backoff(policy, attempt).max(asked.min(MAX_ASKED_WAIT))),
    };
    // The longest wait after which an attempt is worth while.
    let longest = left.map_or(Duration::MAX, |left| left.saturating_sub(LEAST_ATTEMPT));
    match wait.filter(|wait| *wait < longest) {
        Some(wait) => Outcome::Retry {
            error: job_error,
            run_at: now.after(wait.mul_f64(1.0 + JITTER * jitter).min(longest)),
        },
        None => Outcome::Failed { error: job_error },
    }
}

fn backoff(policy: &AttemptPolicy, attempt: u16) -> Duration {
    let place = usize::from(attempt.saturating_sub(1));
    policy.backoff.get(place).or(policy.backoff.last()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_ms(1_000_000);

    fn decide(error: &ActionError, attempt: u16) -> Outcome {
        decide_with(error, attempt, None, 0.0)
    }

    fn decide_with(
        error: &ActionError,
        attempt: u16,
        left: Option<Duration>,
        jitter: f64,
    ) -> Outcome {
        let tries = Tries { attempt, max_attempts: 3, left };
        after_failure(error, &AttemptPolicy::default(), tries, NOW, jitter)
    }

    fn run_at(outcome: &Outcome) -> Option<i64> {
        match outcome {
            Outcome::Retry { run_at, .. } => Some(run_at.ms() - NOW.ms()),
            _ => None,
        }
    }

    #[test]
    fn waits_grow_by_the_policy_and_end_with_the_last_attempt() {
        let error = ActionError::transient("x", "y");
        assert_eq!(run_at(&decide(&error, 1)), Some(1_000));
        assert_eq!(run_at(&decide(&error, 2)), Some(4_000));
        assert!(matches!(decide(&error, 3), Outcome::Failed { .. }));
    }

    #[test]
    fn what_another_attempt_would_not_mend_is_not_tried_again() {
        assert!(matches!(decide(&ActionError::fatal("x", "y"), 1), Outcome::Failed { .. }));
    }

    #[test]
    fn an_asked_wait_is_respected_within_reason() {
        let asked = |wait| ActionError {
            retry: Retry::After(Duration::from_secs(wait)),
            ..ActionError::transient("x", "y")
        };
        assert_eq!(run_at(&decide(&asked(9), 1)), Some(9_000));
        assert_eq!(run_at(&decide(&asked(0), 1)), Some(1_000));
        assert_eq!(run_at(&decide(&asked(1_000_000), 1)), Some(3_600_000));
    }

    #[test]
    fn jitter_stretches_and_never_shortens() {
        let error = ActionError::transient("x", "y");
        let outcome = decide_with(&error, 1, None, 0.999);
        let wait = run_at(&outcome).expect("a retry");
        assert!((1_000..=1_200).contains(&wait));
    }

    #[test]
    fn no_attempt_begins_that_the_job_has_no_time_for() {
        let error = ActionError::transient("x", "y");
        let with = |ms, jitter| decide_with(&error, 2, Some(Duration::from_millis(ms)), jitter);
        assert_eq!(run_at(&with(30_000, 0.0)), Some(4_000));
        assert_eq!(run_at(&with(5_500, 0.999)), Some(4_500), "it is not stretched beyond its time");
        for left in [5_000, 4_000, 0] {
            assert!(matches!(with(left, 0.0), Outcome::Failed { .. }));
        }
    }
}
