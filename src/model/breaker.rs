//! Leaves a model alone that fails and fails.
//!
//! Five failures in a row open the circuit for a minute: nobody asks. Then one call tries, and
//! decides for all. The warning in `/readyz` stands from the opening to the next success.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::domain::clock::{Clock, Timestamp};
use crate::telemetry::Metrics;

/// Fewer would open on one bad moment of a server that restarts.
const FAILURES: u32 = 5;

/// Long enough to load a model, short enough that nobody looks for the reason elsewhere.
const PAUSE: Duration = Duration::from_mins(1);

pub(super) struct Breaker {
    /// Which model, for the operator.
    model: &'static str,
    clock: Clock,
    metrics: Arc<Metrics>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    failures: u32,
    /// Nobody asks before this moment.
    closed_until: Option<Timestamp>,
}

impl Breaker {
    pub(super) fn new(model: &'static str, clock: Clock, metrics: Arc<Metrics>) -> Self {
        metrics.model_available(model, true);
        Self { model, clock, metrics, state: Mutex::default() }
    }

    /// Whether a call may be made. After the pause one caller may; it holds the others off for
    /// another pause, or until its success.
    pub(super) fn admits(&self) -> bool {
        let mut state = self.lock();
        let now = self.clock.now();
        match state.closed_until {
            Some(until) if now < until => false,
            Some(_) => {
                state.closed_until = Some(now.after(PAUSE));
                true
            }
            None => true,
        }
    }

    pub(super) fn succeeded(&self) {
        let mut state = self.lock();
        if state.closed_until.is_some() {
            tracing::info!(model = self.model, "the model answers again");
            self.metrics.model_available(self.model, true);
        }
        *state = State::default();
    }

    pub(super) fn failed(&self) {
        let mut state = self.lock();
        state.failures = state.failures.saturating_add(1);
        if state.failures < FAILURES {
            return;
        }
        if state.failures == FAILURES {
            let (model, pause) = (self.model, PAUSE.as_secs());
            tracing::warn!(model, pause, "the model failed {FAILURES} times in a row");
            self.metrics.model_available(self.model, false);
        }
        state.closed_until = Some(self.clock.now().after(PAUSE));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaker() -> (Breaker, Clock, Arc<Metrics>) {
        let clock = Clock::manual(Timestamp::from_ms(1_000));
        let metrics = Arc::new(Metrics::default());
        (Breaker::new("text", clock.clone(), Arc::clone(&metrics)), clock, metrics)
    }

    #[test]
    fn five_failures_in_a_row_open_it_for_a_minute_with_a_warning() {
        let (breaker, clock, metrics) = breaker();
        for _ in 0..4 {
            breaker.failed();
        }
        breaker.succeeded();
        for _ in 0..4 {
            breaker.failed();
        }
        assert!(breaker.admits());
        assert!(metrics.warnings().is_empty());
        breaker.failed();
        assert!(!breaker.admits());
        assert_eq!(metrics.warnings(), ["model_unavailable"]);
        clock.advance(PAUSE);
        assert!(breaker.admits(), "one may try");
        assert!(!breaker.admits(), "the others wait for it");
        breaker.failed();
        clock.advance(PAUSE.saturating_sub(Duration::from_millis(1)));
        assert!(!breaker.admits());
        clock.advance(Duration::from_millis(1));
        assert!(breaker.admits());
        breaker.succeeded();
        assert!(breaker.admits() && breaker.admits());
        assert!(metrics.warnings().is_empty());
    }
}
