//! What a session may use, and what it has used.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::error::FetchError;

/// What all fetches of a session may use together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Requests, redirects and `robots.txt` included.
    pub requests: u32,
    /// Bytes of bodies, after decompression.
    pub bytes: u64,
    /// From the session's opening on.
    pub time: Duration,
}

/// One of the things that a [`Budget`] limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Resource {
    /// [`Budget::requests`].
    #[error("requests")]
    Requests,
    /// [`Budget::bytes`].
    #[error("bytes")]
    Bytes,
    /// [`Budget::time`].
    #[error("time")]
    Time,
}

/// The running account of a session.
#[derive(Debug)]
pub(super) struct Ledger {
    deadline: Instant,
    left: Mutex<(u32, u64)>,
}

impl Ledger {
    pub(super) fn open(budget: Budget) -> Self {
        let Budget { requests, bytes, time } = budget;
        Self { deadline: Instant::now() + time, left: Mutex::new((requests, bytes)) }
    }

    pub(super) fn deadline(&self) -> Instant {
        self.deadline
    }

    pub(super) fn left(&self) -> Budget {
        let (requests, bytes) = *self.lock();
        Budget { requests, bytes, time: self.deadline.saturating_duration_since(Instant::now()) }
    }

    pub(super) fn spend_request(&self) -> Result<(), FetchError> {
        let (requests, _) = &mut *self.lock();
        *requests = requests.checked_sub(1).ok_or(FetchError::BudgetSpent(Resource::Requests))?;
        Ok(())
    }

    pub(super) fn spend_bytes(&self, count: u64) -> Result<(), FetchError> {
        let (_, bytes) = &mut *self.lock();
        let left = bytes.checked_sub(count);
        *bytes = left.unwrap_or(0);
        left.map(|_| ()).ok_or(FetchError::BudgetSpent(Resource::Bytes))
    }

    fn lock(&self) -> MutexGuard<'_, (u32, u64)> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
