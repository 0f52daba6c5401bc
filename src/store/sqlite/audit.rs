//! The audit log: `note` writes an entry in the transaction of the change that it tells, `AuditLog`
//! reads.
//!
//! Never: an entry changed, which the schema refuses as well.

use std::fmt::Display;

use async_trait::async_trait;
use rusqlite::{Connection, Row, named_params};

use crate::domain::audit::{Actor, AuditAction, AuditEntry, Author};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{AuditId, KeyId, OrgId, RequestId};
use crate::store::sqlite::SqliteStore;
use crate::store::sqlite::rows::{self, Columns};
use crate::store::{AuditFilter, AuditLog, AuditPage, StoreError};

/// What was done, and to what.
#[derive(Debug)]
pub(super) struct Note<'a> {
    action: AuditAction,
    org: Option<OrgId>,
    object: String,
    name: Option<&'a str>,
    detail: Option<String>,
}

impl<'a> Note<'a> {
    /// Of what was done to the object with this id, which is `org`'s if it is anybody's.
    pub(super) fn of(
        action: AuditAction,
        org: impl Into<Option<OrgId>>,
        object: &impl ToString,
    ) -> Self {
        let (org, object) = (org.into(), object.to_string());
        Self { action, org, object, name: None, detail: None }
    }

    /// The object's name.
    pub(super) fn named(self, name: &'a str) -> Self {
        Self { name: Some(name), ..self }
    }

    /// What else one should know, in a few words.
    pub(super) fn detail(self, detail: impl Into<Option<String>>) -> Self {
        Self { detail: detail.into(), ..self }
    }

    /// That it does an earlier one again.
    pub(super) fn again(self, earlier: Option<impl Display>) -> Self {
        self.detail(earlier.map(|earlier| format!("again: {earlier}")))
    }
}

/// Writes an entry.
pub(super) fn note(
    transaction: &Connection,
    author: Author,
    now: Timestamp,
    note: &Note<'_>,
) -> Result<(), StoreError> {
    let Author { actor, request, address } = author;
    let key = match actor {
        Actor::Key(key) => Some(key),
        Actor::Local | Actor::Server => None,
    };
    transaction.prepare_cached(include_str!("sql/audit_note.sql"))?.execute(named_params! {
        ":id": AuditId::mint().as_bytes(),
        ":now": now.ms(),
        ":actor": actor.as_str(),
        ":key_id": key.as_ref().map(KeyId::as_bytes),
        ":action": note.action.as_str(),
        ":org_id": note.org.as_ref().map(OrgId::as_bytes),
        ":object_id": note.object,
        ":object_name": note.name,
        ":detail": note.detail,
        ":request_id": request.as_ref().map(RequestId::as_bytes),
        ":address": address.map(|address| address.to_string()),
    })?;
    Ok(())
}

#[async_trait]
impl AuditLog for SqliteStore {
    async fn audit(&self, filter: AuditFilter) -> Result<AuditPage, StoreError> {
        self.readers.read(move |connection| list(connection, &filter)).await
    }

    async fn prune_audit(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        self.writer
            .write(move |transaction| {
                let limit = i64::try_from(limit).unwrap_or(i64::MAX);
                let parameters = named_params! { ":before": before.ms(), ":limit": limit };
                let mut statement =
                    transaction.prepare_cached(include_str!("sql/prune_audit.sql"))?;
                Ok(statement.execute(parameters)?)
            })
            .await
    }
}

fn list(connection: &Connection, filter: &AuditFilter) -> Result<AuditPage, StoreError> {
    let AuditFilter { action, key, object, after, before, cursor, limit } = filter;
    let parameters = named_params! {
        ":cursor": cursor.as_ref().map(AuditId::as_bytes),
        ":action": action.map(AuditAction::as_str),
        ":key_id": key.as_ref().map(KeyId::as_bytes),
        ":object_id": object,
        ":after": after.map(Timestamp::ms),
        ":before": before.map(Timestamp::ms),
        ":limit": i64::try_from(limit + 1).unwrap_or(i64::MAX),
    };
    let mut entries = rows::all(connection, include_str!("sql/audit.sql"), parameters, entry)?;
    let next = rows::cut(&mut entries, *limit).map(|last| last.id);
    Ok(AuditPage { entries, next })
}

fn entry(row: &Row<'_>) -> Result<AuditEntry, StoreError> {
    let mut columns = Columns::of(row);
    let (id, at) = (columns.id(AuditId::from_bytes)?, columns.at()?);
    let (actor, key) = (columns.next::<String>()?, columns.maybe_id(KeyId::from_bytes)?);
    let actor = match key {
        Some(key) => Actor::Key(key),
        None if actor == Actor::Local.as_str() => Actor::Local,
        None => Actor::Server,
    };
    let request = columns.maybe_id(RequestId::from_bytes)?;
    let address = columns.next::<Option<String>>()?.map(|text| rows::word(&text)).transpose()?;
    Ok(AuditEntry {
        id,
        at,
        author: Author { actor, request, address },
        key_name: columns.next()?,
        action: rows::word(&columns.next::<String>()?)?,
        org: columns.maybe_id(OrgId::from_bytes)?,
        object: columns.next()?,
        object_name: columns.next()?,
        detail: columns.next()?,
    })
}
