//! The trait for reading the audit log. Its entries are written by the methods of other traits,
//! which take an author, each in the transaction of the change that it tells.

use async_trait::async_trait;

use crate::domain::audit::{AuditAction, AuditEntry};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{AuditId, KeyId};
use crate::store::StoreError;

/// The audit log.
#[async_trait]
pub trait AuditLog: Send + Sync + 'static {
    /// Entries over all organizations, newest first.
    async fn audit(&self, filter: AuditFilter) -> Result<AuditPage, StoreError>;

    /// Deletes at most `limit` entries from before that moment; answers their number.
    async fn prune_audit(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError>;
}

/// Which entries to list.
#[derive(Clone, Debug)]
pub struct AuditFilter {
    /// Of this action alone.
    pub action: Option<AuditAction>,
    /// By this key alone.
    pub key: Option<KeyId>,
    /// About the object with this id alone.
    pub object: Option<String>,
    /// Written at or after this moment.
    pub after: Option<Timestamp>,
    /// Written before this moment.
    pub before: Option<Timestamp>,
    /// Older than this place in the list.
    pub cursor: Option<AuditId>,
    /// How many.
    pub limit: usize,
}

/// A page of entries.
#[derive(Clone, Debug, Default)]
pub struct AuditPage {
    /// The entries, newest first.
    pub entries: Vec<AuditEntry>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<AuditId>,
}
