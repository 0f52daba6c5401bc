//! Webhooks: who is told of which ends, and how a message is signed.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde::{Deserialize, Serialize};

use crate::domain::clock::Timestamp;
use crate::domain::ids::{JobId, OrgId, RunId, WebhookEventId, WebhookId};
use crate::domain::job::{Job, JobState};
use crate::domain::run::{DEPENDENCY_FAILED, RunState};

/// Webhooks that an organization may have: each one is a delivery for every end.
pub const MAX_WEBHOOKS: usize = 100;

/// How long an earlier secret signs beside a new one, so that receivers can be changed over.
pub const SECRETS_OVERLAP: std::time::Duration = std::time::Duration::from_hours(24);

/// What a webhook can be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventKind {
    /// A job ended with a result.
    #[serde(rename = "job.completed")]
    JobCompleted,
    /// A job ended with an error, or was cancelled.
    #[serde(rename = "job.failed")]
    JobFailed,
    /// Every step of a run completed.
    #[serde(rename = "run.completed")]
    RunCompleted,
    /// Every step of a run ended, and not all completed.
    #[serde(rename = "run.failed")]
    RunFailed,
    /// Somebody cancelled a run.
    #[serde(rename = "run.cancelled")]
    RunCancelled,
}

impl EventKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [
        Self::JobCompleted,
        Self::JobFailed,
        Self::RunCompleted,
        Self::RunFailed,
        Self::RunCancelled,
    ];

    /// What a webhook is told of when nobody said more.
    pub const USUAL: [Self; 2] = [Self::JobCompleted, Self::JobFailed];

    /// The word that is stored, and said on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::JobCompleted => "job.completed",
            Self::JobFailed => "job.failed",
            Self::RunCompleted => "run.completed",
            Self::RunFailed => "run.failed",
            Self::RunCancelled => "run.cancelled",
        }
    }

    /// What a job's end is to those outside; `None` while it goes on, for a job of the server's
    /// own, and for a step that waited for another in vain.
    pub fn of_job(job: &Job) -> Option<Self> {
        let in_vain = job.error.as_ref().is_some_and(|error| error.code == DEPENDENCY_FAILED);
        match job.state {
            _ if job.internal => None,
            JobState::Completed => Some(Self::JobCompleted),
            JobState::Failed => Some(Self::JobFailed),
            JobState::Cancelled if !in_vain => Some(Self::JobFailed),
            _ => None,
        }
    }

    /// What a run's state is to those outside; `None` while it goes on.
    pub const fn of_run(state: RunState) -> Option<Self> {
        match state {
            RunState::Pending | RunState::InProgress => None,
            RunState::Completed => Some(Self::RunCompleted),
            RunState::Failed => Some(Self::RunFailed),
            RunState::Cancelled => Some(Self::RunCancelled),
        }
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no event.
#[derive(Debug, thiserror::Error)]
#[error(
    "no event `{0}`; there are job.completed, job.failed, run.completed, run.failed and \
     run.cancelled"
)]
pub struct UnknownEvent(String);

impl FromStr for EventKind {
    type Err = UnknownEvent;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == word);
        found.ok_or_else(|| UnknownEvent(word.to_owned()))
    }
}

/// Something that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The same for every webhook and on every attempt.
    pub id: WebhookEventId,
    /// What happened.
    pub kind: EventKind,
    /// To what.
    pub subject: EventSubject,
    /// When.
    pub at: Timestamp,
}

impl Event {
    /// Its id on the wire.
    pub fn wire_id(&self) -> String {
        format!("evt_pi_{}", self.id)
    }
}

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventSubject {
    /// A job.
    Job(JobId),
    /// A run.
    Run(RunId),
}

/// What a job that delivers an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewDelivery {
    /// Who is told.
    pub webhook: WebhookId,
    /// Of what.
    pub event: Event,
}

/// An address that is told of ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// Whose it is.
    pub org: OrgId,
    /// Where it is told.
    pub endpoint_url: String,
    /// Of what.
    pub events: Vec<EventKind>,
    /// Whether it is told at all.
    pub is_active: bool,
    /// The secret that signs, sealed for the id; empty once it was given up.
    pub secret: Vec<u8>,
    /// The one before it, and until when that signs too.
    pub previous_secret: Option<(Vec<u8>, Timestamp)>,
    /// When its endpoint said that it is gone for good, which switched it off.
    pub gone_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When any of this last changed.
    pub updated_at: Timestamp,
}

impl Webhook {
    /// Whether it can sign; `false` once its secret was given up because no key opened it.
    pub const fn has_secret(&self) -> bool {
        !self.secret.is_empty()
    }

    /// The sealed secrets that sign at `now`, the newest first.
    pub fn signing(&self, now: Timestamp) -> impl Iterator<Item = &[u8]> {
        let previous = self.previous_secret.as_ref().filter(|(_, until)| now < *until);
        std::iter::once(self.secret.as_slice()).chain(previous.map(|(secret, _)| secret.as_slice()))
    }
}

/// What is to change of a webhook; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct WebhookEdit {
    /// Whether it is told at all.
    pub is_active: Option<bool>,
    /// Where.
    pub endpoint_url: Option<String>,
    /// Of what.
    pub events: Option<Vec<EventKind>>,
    /// A new secret, sealed; the old one signs on for [`SECRETS_OVERLAP`].
    pub secret: Option<Vec<u8>>,
}

/// The value of `X-Pi-Signature`: the secret's own bytes sign the body.
pub fn pi_signature(secret: &str, body: &[u8]) -> String {
    use fmt::Write as _;
    let mut text = "sha256=".to_owned();
    for byte in sign(secret.as_bytes(), &[body]).as_ref() {
        write!(text, "{byte:02x}").expect("a string takes all text");
    }
    text
}

/// One signature of `webhook-signature`, as Standard Webhooks has it.
pub fn standard_signature(secret: &str, id: &str, unix: i64, body: &[u8]) -> String {
    let head = format!("{id}.{unix}.");
    let tag = sign(&standard_key(secret), &[head.as_bytes(), body]);
    format!("v1,{}", STANDARD.encode(tag))
}

/// The bytes of a key in base64 that Standard Webhooks allows.
const STANDARD_KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// The decoded bytes of `whsec_` and base64, else the text's own.
fn standard_key(secret: &str) -> Vec<u8> {
    let encoded = secret.strip_prefix("whsec_").and_then(|text| STANDARD.decode(text).ok());
    encoded
        .filter(|key| STANDARD_KEY_BYTES.contains(&key.len()))
        .unwrap_or_else(|| secret.as_bytes().to_vec())
}

fn sign(key: &[u8], parts: &[&[u8]]) -> hmac::Tag {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for part in parts {
        context.update(part);
    }
    context.sign()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_read_what_they_print() {
        for kind in EventKind::ALL {
            assert_eq!(kind.as_str().parse::<EventKind>().ok(), Some(kind));
            assert_eq!(serde_json::to_value(kind).expect("a word"), kind.as_str());
        }
        assert!("job.begun".parse::<EventKind>().is_err());
    }

    /// The example of the Standard Webhooks specification's own libraries.
    #[test]
    fn a_standard_signature_is_the_one_that_others_expect() {
        let signature = standard_signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    /// RFC 4231, test case 2.
    #[test]
    fn a_pi_signature_is_plain_hmac() {
        assert_eq!(
            pi_signature("Jefe", b"what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn only_a_secret_of_the_standard_form_is_decoded() {
        assert_eq!(standard_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").len(), 24);
        for plain in ["a plain secret", "whsec_c2hvcnQ=", "whsec_not base64 at all"] {
            assert_eq!(standard_key(plain), plain.as_bytes());
        }
    }

    #[test]
    fn an_earlier_secret_signs_until_its_time_is_up() {
        let at = Timestamp::from_ms;
        let mut webhook = Webhook {
            id: WebhookId::mint(),
            org: OrgId::mint(),
            endpoint_url: "https://example.com/".to_owned(),
            events: EventKind::USUAL.to_vec(),
            is_active: true,
            secret: vec![2],
            previous_secret: None,
            gone_at: None,
            created_at: at(0),
            updated_at: at(0),
        };
        assert_eq!(webhook.signing(at(5)).collect::<Vec<_>>(), [&[2]]);
        webhook.previous_secret = Some((vec![1], at(10)));
        assert_eq!(webhook.signing(at(9)).collect::<Vec<_>>(), [&[2], &[1]]);
        assert_eq!(webhook.signing(at(10)).count(), 1);
    }
}
