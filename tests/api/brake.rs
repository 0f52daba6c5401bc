//! A disk that takes its time: while it is held, no commit ends.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

#[derive(Clone, Default)]
pub(crate) struct Brake(Arc<(Mutex<State>, Condvar, AtomicU64)>);

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Free,
    Held,
    /// Held, and a commit stands at it.
    Met,
}

impl Brake {
    pub(crate) fn hold(&self) {
        *self.state() = State::Held;
    }

    pub(crate) fn release(&self) {
        *self.state() = State::Free;
        self.0.1.notify_all();
    }

    /// Returns when a commit stands at the brake: from then on nothing leaves the writer's channel.
    pub(crate) async fn met(&self) {
        while *self.state() != State::Met {
            tokio::task::yield_now().await;
        }
    }

    /// How many commits have come by.
    pub(crate) fn passed(&self) -> u64 {
        self.0.2.load(Ordering::SeqCst)
    }

    /// Returns once the disk is not held. Blocks.
    pub(crate) fn pass(&self) {
        self.0.2.fetch_add(1, Ordering::SeqCst);
        let mut state = self.state();
        if *state == State::Held {
            *state = State::Met;
        }
        let freed = self.0.1.wait_while(state, |state| *state != State::Free);
        drop(freed.unwrap_or_else(PoisonError::into_inner));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
