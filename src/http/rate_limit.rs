//! How many requests a key may send: a fixed window of 60 s, from its first request on.
//!
//! Counted in memory, so a restart forgets. Never: a limit over several keys.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use actix_web::http::header::HeaderValue;

use crate::domain::clock::Timestamp;
use crate::domain::ids::KeyId;

/// How long a window is, in seconds.
const WINDOW_SECONDS: u32 = 60;

/// What the headers say where there is no limit.
const UNLIMITED: u32 = 1_000_000;

/// How many windows are held: beyond it, those that are over are dropped, else the table starts
/// anew, which only forgives.
const MAX_WINDOWS: usize = 100_000;

/// The windows of all keys.
#[derive(Debug)]
pub(crate) struct RateLimits {
    per_window: u32,
    policy: HeaderValue,
    windows: Mutex<HashMap<KeyId, Window>>,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    ends_at: Timestamp,
    used: u32,
}

/// What a key has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// How many requests a window has.
    pub(crate) limit: u32,
    /// How many are left of it.
    pub(crate) remaining: u32,
    /// When the next window begins, in seconds since the epoch.
    pub(crate) reset_at: i64,
    /// How many seconds there are until then.
    pub(crate) reset_in: u32,
    /// Whether this request was one too many.
    pub(crate) exceeded: bool,
    /// Whether this request opened the window.
    pub(crate) first: bool,
}

impl RateLimits {
    /// Windows of `per_window` requests; 0 is without a limit.
    pub(crate) fn new(per_window: u32) -> Self {
        let limit = if per_window == 0 { UNLIMITED } else { per_window };
        Self { per_window, policy: policy_of(limit), windows: Mutex::new(HashMap::new()) }
    }

    /// What `RateLimit-Policy` says of an allowance, which mostly is one of these windows.
    pub(crate) fn policy(&self, allowance: Allowance) -> HeaderValue {
        let own = if self.per_window == 0 { UNLIMITED } else { self.per_window };
        if allowance.limit == own { self.policy.clone() } else { policy_of(allowance.limit) }
    }

    /// Counts a request of `key` at `now`.
    pub(crate) fn count(&self, key: KeyId, now: Timestamp) -> Allowance {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= MAX_WINDOWS && !windows.contains_key(&key) {
            windows.retain(|_, window| window.ends_at > now);
            if windows.len() >= MAX_WINDOWS {
                windows.clear();
            }
        }
        let window = windows.entry(key).or_insert(Window { ends_at: now, used: 0 });
        // A window that ends too late was opened before the clock was set back.
        let length = i64::from(WINDOW_SECONDS) * 1_000;
        if window.ends_at <= now || window.ends_at.ms() - now.ms() > length {
            *window = Window { ends_at: Timestamp::from_ms(now.ms() + length), used: 0 };
        }
        window.used = window.used.saturating_add(1);
        self.allowance(*window, now)
    }

    fn allowance(&self, window: Window, now: Timestamp) -> Allowance {
        let Window { ends_at, used } = window;
        let limit = if self.per_window == 0 { UNLIMITED } else { self.per_window };
        let left_ms = ends_at.since(now).as_millis();
        Allowance {
            limit,
            remaining: if self.per_window == 0 { UNLIMITED } else { limit.saturating_sub(used) },
            reset_at: (ends_at.ms() + 999).div_euclid(1_000),
            reset_in: u32::try_from(left_ms.div_ceil(1_000)).unwrap_or(WINDOW_SECONDS),
            exceeded: self.per_window != 0 && used > limit,
            first: used == 1,
        }
    }
}

fn policy_of(limit: u32) -> HeaderValue {
    let policy = HeaderValue::try_from(format!("\"default\";q={limit};w={WINDOW_SECONDS}"));
    policy.expect("digits and quotes are a header value")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    #[test]
    fn the_window_is_fixed_and_the_next_one_is_full() {
        let (limits, key) = (RateLimits::new(2), KeyId::mint());
        let first = limits.count(key, at(1_000));
        assert_eq!((first.remaining, first.reset_at, first.reset_in), (1, 61, 60));
        assert!(first.first && !first.exceeded);
        assert_eq!(limits.count(key, at(30_500)).remaining, 0);
        let third = limits.count(key, at(60_500));
        assert!(third.exceeded);
        assert_eq!((third.remaining, third.reset_in), (0, 1));
        assert_eq!(limits.count(key, at(61_000)).remaining, 1);
    }

    #[test]
    fn keys_do_not_share_a_window() {
        let limits = RateLimits::new(1);
        assert!(!limits.count(KeyId::mint(), at(0)).exceeded);
        assert!(!limits.count(KeyId::mint(), at(0)).exceeded);
    }

    #[test]
    fn zero_is_no_limit() {
        let (limits, key) = (RateLimits::new(0), KeyId::mint());
        for _ in 0..5 {
            let allowance = limits.count(key, at(0));
            assert_eq!((allowance.limit, allowance.remaining), (1_000_000, 1_000_000));
            assert!(!allowance.exceeded);
        }
    }

    #[test]
    fn a_clock_set_back_does_not_lock_a_key_out() {
        let (limits, key) = (RateLimits::new(1), KeyId::mint());
        assert!(!limits.count(key, at(90_000_000)).exceeded);
        assert!(!limits.count(key, at(1_000)).exceeded);
    }
}
