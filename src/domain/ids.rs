//! Identifiers, and the one door through which identity and randomness come in.
//!
//! Row ids are UUIDv7, so that their order is the order of creation and an index on them grows at
//! its end. Secrets are 32 bytes from the operating system. Never: an id made anywhere else.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

macro_rules! row_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id, greater than every id minted before it in this process.
            #[expect(clippy::disallowed_methods, reason = "this is the one door for ids")]
            pub fn mint() -> Self {
                Self(Uuid::now_v7())
            }

            /// The id whose 16 bytes these are.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes that are stored.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

row_id!(
    /// A job.
    JobId
);
row_id!(
    /// An organization.
    OrgId
);
row_id!(
    /// An API key; never the key's secret.
    KeyId
);
row_id!(
    /// A stored file of one organization.
    AssetId
);
row_id!(
    /// A brand.
    BrandId
);
row_id!(
    /// A run of dependent steps.
    RunId
);
row_id!(
    /// A project.
    ProjectId
);
row_id!(
    /// Something that happened in a project.
    EventId
);
row_id!(
    /// A handoff.
    HandoffId
);
row_id!(
    /// An insight.
    InsightId
);
row_id!(
    /// A digest of a project's day or week.
    DigestId
);
row_id!(
    /// An entry of the audit log.
    AuditId
);
row_id!(
    /// A webhook.
    WebhookId
);
row_id!(
    /// An end that webhooks are told of; rendered behind `evt_pi_`.
    WebhookEventId
);
row_id!(
    /// A schedule.
    ScheduleId
);
row_id!(
    /// One HTTP request; rendered behind `req_pi_`.
    RequestId
);

impl BrandId {
    /// The id of the brand of `domain` in `org`: the same each time, so that an extraction knows
    /// it before it is stored. A UUID of version 8 over a SHA-256.
    pub fn of_domain(org: OrgId, domain: &str) -> Self {
        Self(derived(Sha256::new().chain_update(org.as_bytes()).chain_update(domain)))
    }
}

impl AssetId {
    /// The id of the file of this content in `org`: the same each time, so that a file has one row
    /// and one public name, however many jobs bring it.
    pub fn of_content(org: OrgId, content: &[u8; 32], mime_type: &str) -> Self {
        let digest = Sha256::new().chain_update(org.as_bytes()).chain_update(content);
        Self(derived(digest.chain_update(mime_type)))
    }
}

impl EventId {
    /// The id of the event that `source` calls `external_id`: the same each time, so that what is
    /// sent or read again updates and never doubles.
    pub fn of(project: ProjectId, source: &str, external_id: &str) -> Self {
        let parts = [project.as_bytes().as_slice(), source.as_bytes(), external_id.as_bytes()];
        // Lengths keep `a` + `bc` and `ab` + `c` apart.
        let digest = parts.into_iter().fold(Sha256::new(), |digest, part| {
            digest.chain_update((part.len() as u64).to_le_bytes()).chain_update(part)
        });
        Self(derived(digest))
    }
}

/// A UUID of version 8 over a SHA-256.
fn derived(digest: Sha256) -> Uuid {
    let digest = digest.finalize();
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// How many random bytes a secret has: beyond guessing for ever.
const SECRET_BYTES: usize = 32;

/// 32 bytes of the operating system's randomness as 43 characters of base64url.
///
/// # Panics
/// When the operating system has no randomness to give: nothing secret can be made then.
pub fn mint_secret() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes::<SECRET_BYTES>())
}

/// Bytes of the operating system's randomness, for keys and nonces.
///
/// # Panics
/// When the operating system has no randomness to give: nothing secret can be made then.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}

/// A number in `0.0..1.0`, for jitter; not for secrets.
pub fn jitter() -> f64 {
    let mut bytes = [0_u8; 4];
    // Without randomness there is no jitter: the middle serves.
    getrandom::fill(&mut bytes)
        .map_or(0.5, |()| f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow() {
        let ids: Vec<JobId> = (0..1_000).map(|_| JobId::mint()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn text_form_round_trips() {
        let id = BrandId::mint();
        assert_eq!(id.to_string().parse::<BrandId>().ok(), Some(id));
        assert_eq!(id.to_string(), id.to_string().to_lowercase());
    }

    #[test]
    fn secrets_differ_and_have_43_characters() {
        assert_eq!(mint_secret().len(), 43);
        assert_ne!(mint_secret(), mint_secret());
    }
}
