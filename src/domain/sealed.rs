//! Secrets that must be read again, as they are stored: encrypted and authenticated.
//!
//! A [`SecretKey`] seals with ChaCha20-Poly1305 under a fresh random nonce. What is sealed for one
//! row opens for no other. Never: the key, or what it sealed, in a text for people.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::domain::ids::random_bytes;

/// The length of a key, in bytes.
const KEY_BYTES: usize = 32;

/// What every sealed text begins with, so that another form can be told from this one.
const VERSION: u8 = 1;

/// The key that seals.
#[derive(Clone)]
pub struct SecretKey([u8; KEY_BYTES]);

/// A text that is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key is the base64 of {KEY_BYTES} bytes, as `openssl rand -base64 32` gives one")]
pub struct NotAKey;

/// What a key cannot open: it was sealed by another one, for another row, or was damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key does not open what was sealed")]
pub struct Sealed;

impl SecretKey {
    /// A new key.
    pub fn mint() -> Self {
        Self(random_bytes())
    }

    /// The key that a text holds.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        let bytes = STANDARD.decode(text.trim()).map_err(|_| NotAKey)?;
        bytes.try_into().map(Self).map_err(|_| NotAKey)
    }

    /// The text that holds the key.
    pub fn text(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Seals `secret` for the row that `owner` names.
    pub fn seal(&self, owner: &[u8], secret: &str) -> Vec<u8> {
        let nonce: [u8; NONCE_LEN] = random_bytes();
        let mut sealed = secret.as_bytes().to_vec();
        self.key()
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(owner),
                &mut sealed,
            )
            .expect("a secret is shorter than the cipher's limit");
        let mut whole = vec![VERSION];
        whole.extend_from_slice(&nonce);
        whole.append(&mut sealed);
        whole
    }

    /// What was sealed for the row that `owner` names.
    pub fn open(&self, owner: &[u8], sealed: &[u8]) -> Result<String, Sealed> {
        let (version, rest) = sealed.split_first().ok_or(Sealed)?;
        let (nonce, text) = rest.split_first_chunk::<NONCE_LEN>().ok_or(Sealed)?;
        if *version != VERSION {
            return Err(Sealed);
        }
        let mut text = text.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = self.key().open_in_place(nonce, Aad::from(owner), &mut text);
        let opened = opened.map_err(|_| Sealed)?;
        String::from_utf8(opened.to_vec()).map_err(|_| Sealed)
    }

    fn key(&self) -> LessSafeKey {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &self.0);
        LessSafeKey::new(key.expect("the key has the cipher's length"))
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret key]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_for_its_row_and_key_only() {
        let key = SecretKey::mint();
        let sealed = key.seal(b"one", "whsec_tide");
        assert_eq!(key.open(b"one", &sealed).as_deref(), Ok("whsec_tide"));
        assert_ne!(sealed, key.seal(b"one", "whsec_tide"), "a nonce serves once");
        assert_eq!(key.open(b"two", &sealed), Err(Sealed));
        assert_eq!(SecretKey::mint().open(b"one", &sealed), Err(Sealed));
        for place in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[place] ^= 1;
            assert_eq!(key.open(b"one", &damaged), Err(Sealed), "byte {place}");
            assert_eq!(key.open(b"one", &sealed[..place]), Err(Sealed));
        }
    }

    #[test]
    fn a_key_reads_its_own_text_and_shows_itself_to_nobody() {
        let key = SecretKey::mint();
        let again = SecretKey::parse(&format!("{}\n", key.text())).expect("a key");
        assert_eq!(again.0, key.0);
        assert_eq!(format!("{key:?}"), "[secret key]");
        for text in ["", "tide", "AAAA", &"A".repeat(43)] {
            assert_eq!(SecretKey::parse(text).err(), Some(NotAKey), "{text}");
        }
    }
}
