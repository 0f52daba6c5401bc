//! Webhooks for SQLite: rows of `webhooks`, and the jobs that deliver to them.

use std::path::Path;

use async_trait::async_trait;
use r2d2::ManageConnection as _;
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};

use crate::domain::audit::{AuditAction, Author};
use crate::domain::clock::Timestamp;
use crate::domain::idempotency::IdempotencyKey;
use crate::domain::ids::{JobId, OrgId, WebhookId};
use crate::domain::webhook::{EventKind, SECRETS_OVERLAP, Webhook, WebhookEdit};
use crate::store::sqlite::audit::{self, Note};
use crate::store::sqlite::connection::ReadConnections;
use crate::store::sqlite::rows::{self, Columns};
use crate::store::sqlite::{FILE_NAME, SqliteStore, enqueue, reading};
use crate::store::{Delivering, DeliveryFilter, DeliveryPage, Inserted, StoreError, Webhooks};

#[async_trait]
impl Webhooks for SqliteStore {
    async fn insert_webhook(
        &self,
        webhook: Webhook,
        limit: usize,
        key: Option<IdempotencyKey>,
        author: Author,
    ) -> Result<Inserted, StoreError> {
        // Before the commit: an end in the same transaction must find it.
        self.events.expect_webhook(webhook.org);
        self.writer
            .write(move |tx| {
                if let Some(known) =
                    enqueue::known(tx, webhook.org, key.as_ref(), webhook.created_at)?
                {
                    return Ok(known);
                }
                let inserted = tx.prepare_cached(include_str!("sql/insert_webhook.sql"))?.execute(
                    named_params! {
                        ":id": webhook.id.as_bytes(), ":org_id": webhook.org.as_bytes(),
                        ":endpoint_url": webhook.endpoint_url,
                        ":events": words(&webhook.events), ":secret": webhook.secret,
                        ":now": webhook.created_at.ms(),
                        ":limit": i64::try_from(limit).unwrap_or(i64::MAX),
                    },
                )?;
                if inserted == 0 {
                    return Ok(Inserted::Full);
                }
                if let Some(key) = &key {
                    enqueue::store_key(tx, webhook.org, key, webhook.created_at)?;
                }
                note(tx, author, webhook.created_at, AuditAction::WebhookCreated, &webhook, None)?;
                Ok(Inserted::Created)
            })
            .await
    }

    async fn webhook(&self, org: OrgId, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
        self.readers.read(move |connection| find(connection, org, id)).await
    }

    async fn webhooks(&self, org: OrgId) -> Result<Vec<Webhook>, StoreError> {
        self.readers
            .read(move |connection| {
                let parameters = named_params! { ":org_id": org.as_bytes() };
                rows::all(connection, include_str!("sql/webhooks.sql"), parameters, webhook)
            })
            .await
    }

    async fn edit_webhook(
        &self,
        org: OrgId,
        id: WebhookId,
        edit: WebhookEdit,
        now: Timestamp,
        author: Author,
    ) -> Result<Option<Webhook>, StoreError> {
        let changes = changes(&edit);
        let WebhookEdit { is_active, endpoint_url, events, secret } = edit;
        self.writer
            .write(move |tx| {
                let mut statement = tx.prepare_cached(include_str!("sql/edit_webhook.sql"))?;
                let edited = statement
                    .query_row(
                        named_params! {
                            ":id": id.as_bytes(), ":org_id": org.as_bytes(),
                            ":is_active": is_active, ":endpoint_url": endpoint_url,
                            ":events": events.as_deref().map(words), ":secret": secret,
                            ":previous_until": now.after(SECRETS_OVERLAP).ms(), ":now": now.ms(),
                        },
                        |row| Ok(webhook(row)),
                    )
                    .optional()?
                    .transpose()?;
                if let Some(edited) = &edited {
                    note(tx, author, now, AuditAction::WebhookChanged, edited, Some(changes))?;
                }
                Ok(edited)
            })
            .await
    }

    async fn delete_webhook(
        &self,
        org: OrgId,
        id: WebhookId,
        now: Timestamp,
        author: Author,
    ) -> Result<bool, StoreError> {
        self.writer
            .write(move |tx| {
                let Some(webhook) = find(tx, org, id)? else { return Ok(false) };
                tx.prepare_cached(include_str!("sql/delete_webhook.sql"))?
                    .execute(named_params! { ":id": id.as_bytes(), ":org_id": org.as_bytes() })?;
                note(tx, author, now, AuditAction::WebhookDeleted, &webhook, None)?;
                Ok(true)
            })
            .await
    }

    async fn webhook_secrets(&self) -> Result<Vec<(WebhookId, Vec<u8>)>, StoreError> {
        self.readers.read(secrets).await
    }

    async fn forget_secrets(
        &self,
        ids: Vec<WebhookId>,
        now: Timestamp,
        author: Author,
    ) -> Result<Vec<Webhook>, StoreError> {
        self.writer
            .write(move |tx| {
                let mut statement = tx.prepare_cached(include_str!("sql/forget_secret.sql"))?;
                let mut forgetting = Vec::new();
                for id in ids {
                    let changed = statement
                        .query_row(
                            named_params! { ":id": id.as_bytes(), ":now": now.ms() },
                            |row| Ok(webhook(row)),
                        )
                        .optional()?;
                    forgetting.extend(changed.transpose()?);
                }
                for webhook in &forgetting {
                    let detail = Some("secret given up, switched off".to_owned());
                    note(tx, author, now, AuditAction::WebhookChanged, webhook, detail)?;
                }
                Ok(forgetting)
            })
            .await
    }

    async fn deliveries(&self, filter: DeliveryFilter) -> Result<DeliveryPage, StoreError> {
        self.readers.read(move |connection| deliveries(connection, filter)).await
    }
}

fn find(connection: &Connection, org: OrgId, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
    let mut statement = connection.prepare_cached(include_str!("sql/webhook.sql"))?;
    let mut found =
        statement.query(named_params! { ":id": id.as_bytes(), ":org_id": org.as_bytes() })?;
    found.next()?.map(webhook).transpose()
}

/// What an edit changes, for the audit log: of a secret only that there is another.
fn changes(edit: &WebhookEdit) -> String {
    let WebhookEdit { is_active, endpoint_url, events, secret } = edit;
    let changed = [
        is_active.map(|is_active| if is_active { "switched on" } else { "switched off" }),
        endpoint_url.is_some().then_some("address"),
        events.is_some().then_some("events"),
        secret.is_some().then_some("secret"),
    ];
    changed.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn note(
    transaction: &Connection,
    author: Author,
    now: Timestamp,
    action: AuditAction,
    webhook: &Webhook,
    detail: Option<String>,
) -> Result<(), StoreError> {
    let note = Note::of(action, webhook.org, &webhook.id).named(&webhook.endpoint_url);
    audit::note(transaction, author, now, &note.detail(detail))
}

/// The sealed secrets of the webhooks in the database in `data_dir`, if there is one that knows of
/// webhooks. Changes nothing.
pub fn sealed_secrets(data_dir: &Path) -> Result<Vec<(WebhookId, Vec<u8>)>, StoreError> {
    let path = data_dir.join(FILE_NAME);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let connection = ReadConnections(path).connect()?;
    if connection.table_exists(None, "webhooks")? { secrets(&connection) } else { Ok(Vec::new()) }
}

fn secrets(connection: &Connection) -> Result<Vec<(WebhookId, Vec<u8>)>, StoreError> {
    let mut statement = connection.prepare_cached(include_str!("sql/webhook_secrets.sql"))?;
    let secrets =
        statement.query_map([], |row| Ok((WebhookId::from_bytes(row.get(0)?), row.get(1)?)))?;
    Ok(secrets.collect::<Result<_, _>>()?)
}

fn deliveries(connection: &Connection, filter: DeliveryFilter) -> Result<DeliveryPage, StoreError> {
    let DeliveryFilter { org, webhook, id, cursor, limit } = filter;
    let parameters = named_params! {
        ":webhook_id": webhook.as_bytes(), ":org_id": org.as_bytes(),
        ":id": id.as_ref().map(JobId::as_bytes), ":cursor": cursor.as_ref().map(JobId::as_bytes),
        ":limit": i64::try_from(limit + 1).unwrap_or(i64::MAX),
    };
    let delivering = |row: &Row<'_>| {
        let job = rows::job(row)?;
        let event = rows::json_of(row.get_ref("event")?.as_str().unwrap_or_default())?;
        let attempts = reading::attempts(connection, job.id)?;
        Ok(Delivering { job, event, attempts })
    };
    let sql = include_str!("sql/deliveries.sql");
    let mut deliveries = rows::all(connection, sql, parameters, delivering)?;
    let next = rows::cut(&mut deliveries, limit).map(|last| last.job.id);
    Ok(DeliveryPage { deliveries, next })
}

/// Switches a webhook off whose endpoint is gone for good.
pub(super) fn note_gone(
    transaction: &Connection,
    org: OrgId,
    id: WebhookId,
    endpoint_url: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(include_str!("sql/webhook_gone.sql"))?;
    let changed = statement.execute(named_params! {
        ":id": id.as_bytes(), ":org_id": org.as_bytes(), ":endpoint_url": endpoint_url,
        ":now": now.ms(),
    })?;
    if changed > 0 {
        let note = Note::of(AuditAction::WebhookChanged, org, &id)
            .named(endpoint_url)
            .detail("switched off: its endpoint answered 410".to_owned());
        audit::note(transaction, Author::SERVER, now, &note)?;
    }
    Ok(())
}

fn words(events: &[EventKind]) -> String {
    events.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(",")
}

fn webhook(row: &Row<'_>) -> Result<Webhook, StoreError> {
    let mut columns = Columns::of(row);
    Ok(Webhook {
        id: columns.id(WebhookId::from_bytes)?,
        org: columns.id(OrgId::from_bytes)?,
        endpoint_url: columns.next()?,
        events: columns
            .next::<String>()?
            .split(',')
            .map(rows::word)
            .collect::<Result<_, StoreError>>()?,
        is_active: columns.next()?,
        secret: columns.next()?,
        previous_secret: columns.next::<Option<Vec<u8>>>()?.zip(columns.maybe_at()?),
        gone_at: columns.maybe_at()?,
        created_at: columns.at()?,
        updated_at: columns.at()?,
    })
}
