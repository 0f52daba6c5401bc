//! Idempotency keys: the same request twice is one job.

use std::time::Duration;

use sha2::{Digest as _, Sha256};

/// How long an answer is kept, as the contract has it.
pub const KEPT_FOR: Duration = Duration::from_hours(24);

/// The longest idempotency key, in characters, as the contract has it.
pub const MAX_KEY: usize = 255;

/// What a request with an `Idempotency-Key` asks to be stored beside what it creates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The main route's name; keys of different routes do not meet.
    pub route: &'static str,
    /// The client's key, 1 to 255 visible characters.
    pub key: String,
    /// The body that came with it.
    pub fingerprint: Fingerprint,
    /// The answer to give again.
    pub answer: Answer,
}

/// A stored HTTP answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status, 202 or 201.
    pub status: u16,
    /// The whole JSON body.
    pub body: String,
}

/// The SHA-256 of a body as canonical JSON: members sorted, no white space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Of a parsed body. `serde_json` keeps members sorted, so its text is canonical.
    pub fn of(body: &serde_json::Value) -> Self {
        Self(Sha256::digest(body.to_string().as_bytes()).into())
    }

    /// The fingerprint whose 32 bytes these are.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes that are stored.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_members_does_not_matter() {
        let one = serde_json::from_str(r#"{"a": 1, "b": {"d": 2, "c": 3}}"#).expect("json");
        let two = serde_json::from_str(r#"{"b":{"c":3,"d":2},"a":1}"#).expect("json");
        assert_eq!(Fingerprint::of(&one), Fingerprint::of(&two));
    }
}
