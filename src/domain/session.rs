//! Sessions of the dashboard: a cookie that stands for an API key in a browser.

use std::time::Duration;

use crate::domain::clock::Timestamp;
use crate::domain::ids::{KeyId, mint_secret};
use crate::domain::key::SecretHash;

/// How long a session lasts: a working day. Then the key is typed again.
pub const SESSION_LIFETIME: Duration = Duration::from_hours(12);

/// How many sessions a key may have at once; the oldest gives way to one more.
pub const MAX_SESSIONS_A_KEY: usize = 20;

/// A session not yet stored.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The SHA-256 of the secret: all of it that is stored.
    pub hash: SecretHash,
    /// What the cookie says. It is nowhere else.
    pub secret: String,
    /// The key that it stands for; it is worth as much, and ends with it.
    pub key: KeyId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

impl NewSession {
    /// Makes a session for `key` with a fresh secret.
    pub fn mint(key: KeyId, now: Timestamp) -> Self {
        let secret = mint_secret();
        Self {
            hash: SecretHash::of(&secret),
            secret,
            key,
            created_at: now,
            expires_at: now.after(SESSION_LIFETIME),
        }
    }
}
