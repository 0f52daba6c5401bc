//! The audit log: who changed what of the server, and when.
//!
//! An entry is written in the transaction of the change that it tells, and never changed. What is
//! told has a word of its own here, `noun.deed`; the noun is the kind of its object. Never: a
//! secret, or what a request carried.

use core::net::IpAddr;
use std::fmt;
use std::str::FromStr;

use crate::domain::clock::Timestamp;
use crate::domain::ids::{AuditId, KeyId, OrgId, RequestId};

/// Who makes a change, and in which request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Author {
    /// Who.
    pub actor: Actor,
    /// The request, if it came by one.
    pub request: Option<RequestId>,
    /// The address that it came from, if it came over a network.
    pub address: Option<IpAddr>,
}

impl Author {
    /// The server itself.
    pub const SERVER: Self = Self::without_request(Actor::Server);

    /// A command on the server's machine, with the data directory in its hands.
    pub const LOCAL: Self = Self::without_request(Actor::Local);

    const fn without_request(actor: Actor) -> Self {
        Self { actor, request: None, address: None }
    }
}

/// Whose hand it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Whoever has this key.
    Key(KeyId),
    /// Whoever may use the data directory: a command on the server's machine.
    Local,
    /// The server itself, as at its first start.
    Server,
}

impl Actor {
    /// The word for it in the database and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Key(_) => "key",
            Self::Local => "local",
            Self::Server => "server",
        }
    }
}

macro_rules! audit_actions {
    ($($name:ident = $word:literal: $doc:literal,)*) => {
        /// What is told in the audit log.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum AuditAction {
            $(#[doc = $doc] $name,)*
        }

        impl AuditAction {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The word in the database and on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

audit_actions! {
    KeyCreated = "key.created": "A key was made.",
    KeyRevoked = "key.revoked": "A key was revoked.",
    OrgCreated = "org.created": "An organization was made.",
    OrgRenamed = "org.renamed": "An organization has another name.",
    OrgDeleted = "org.deleted": "An organization was deleted with all it had.",
    WebhookCreated = "webhook.created": "A webhook was made.",
    WebhookChanged = "webhook.changed": "A webhook's address, events, secret or state is another.",
    WebhookDeleted = "webhook.deleted": "A webhook was deleted.",
    JobCancelled = "job.cancelled": "Somebody cancelled a job.",
    JobRetried = "job.retried": "Somebody had an ended job done again; the object is the new one.",
    JobDeleted = "job.deleted": "An ended job was deleted.",
    RunCancelled = "run.cancelled": "Somebody cancelled a run.",
    RunRetried = "run.retried": "Somebody had an ended run done again; the object is the new one.",
    ScheduleCreated = "schedule.created": "A schedule was made.",
    ScheduleChanged = "schedule.changed": "A schedule was changed, paused or resumed.",
    ScheduleDeleted = "schedule.deleted": "A schedule was deleted.",
}

impl AuditAction {
    /// What kind of object it is about: the noun of its word.
    pub fn noun(self) -> &'static str {
        self.as_str().split('.').next().unwrap_or_default()
    }
}

impl fmt::Display for AuditAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names nothing which is told.
#[derive(Debug, thiserror::Error)]
#[error("no action `{0}` is told; there are {known}", known = known())]
pub struct UnknownAuditAction(String);

fn known() -> String {
    let words: Vec<&str> = AuditAction::ALL.iter().map(|action| action.as_str()).collect();
    words.join(", ")
}

impl FromStr for AuditAction {
    type Err = UnknownAuditAction;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().find(|action| action.as_str() == word);
        found.copied().ok_or_else(|| UnknownAuditAction(word.to_owned()))
    }
}

/// An entry as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its id; entries are listed by it, newest first.
    pub id: AuditId,
    /// When it was.
    pub at: Timestamp,
    /// Who did it.
    pub author: Author,
    /// The name that the author's key had, if it was a key.
    pub key_name: Option<String>,
    /// What was done.
    pub action: AuditAction,
    /// Whose object it is; `None` when it is no organization's.
    pub org: Option<OrgId>,
    /// The object's id.
    pub object: String,
    /// The name that the object had.
    pub object_name: Option<String>,
    /// What else one should know, in a few words.
    pub detail: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_a_noun_and_a_deed_and_reads_as_it_is_written() {
        for action in AuditAction::ALL {
            let word = action.as_str();
            assert!(word.split_once('.').is_some_and(|(noun, _)| noun == action.noun()), "{word}");
            assert_eq!(word.parse::<AuditAction>().ok(), Some(*action));
        }
        let unknown = "key.stolen".parse::<AuditAction>().expect_err("unknown").to_string();
        assert!(unknown.contains("key.created, key.revoked"), "{unknown}");
    }
}
