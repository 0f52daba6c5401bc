//! Documents made of events: rows of `handoffs`, `insights` and `digests`, their content as JSON.
//!
//! A document is stored in the transaction that ends its job. Never: a change of its content.

use async_trait::async_trait;
use rusqlite::{Connection, Row, named_params};

use crate::domain::activity::{Digest, DocumentStatus, Handoff, Insight, InsightKind, Window};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{DigestId, HandoffId, InsightId, KeyId, OrgId, ProjectId};
use crate::store::sqlite::{SqliteStore, rows};
use crate::store::{DocumentFilter, Documents, StoreError};

#[async_trait]
impl Documents for SqliteStore {
    async fn handoff(&self, org: OrgId, id: HandoffId) -> Result<Option<Handoff>, StoreError> {
        self.readers.read(move |connection| find_handoff(connection, org, id)).await
    }

    async fn handoffs(&self, filter: DocumentFilter) -> Result<Vec<Handoff>, StoreError> {
        let DocumentFilter { org, project, kind: _, status, limit } = filter;
        let status = status.as_ref().map(rows::name_of).transpose()?;
        self.readers
            .read(move |connection| {
                let parameters = named_params! {
                    ":org_id": org.as_bytes(),
                    ":project_id": project.as_ref().map(ProjectId::as_bytes),
                    ":status": status, ":limit": limit,
                };
                rows::all(connection, include_str!("sql/handoffs.sql"), parameters, handoff)
            })
            .await
    }

    async fn mark_handoff(
        &self,
        org: OrgId,
        id: HandoffId,
        status: DocumentStatus,
        now: Timestamp,
    ) -> Result<Option<Handoff>, StoreError> {
        self.writer
            .write(move |tx| {
                mark(tx, include_str!("sql/mark_handoff.sql"), org, id.as_bytes(), status, now)?;
                find_handoff(tx, org, id)
            })
            .await
    }

    async fn insight(&self, org: OrgId, id: InsightId) -> Result<Option<Insight>, StoreError> {
        self.readers.read(move |connection| find_insight(connection, org, id)).await
    }

    async fn insights(&self, filter: DocumentFilter) -> Result<Vec<Insight>, StoreError> {
        let DocumentFilter { org, project, kind, status, limit } = filter;
        let status = status.as_ref().map(rows::name_of).transpose()?;
        self.readers
            .read(move |connection| {
                let parameters = named_params! {
                    ":org_id": org.as_bytes(),
                    ":project_id": project.as_ref().map(ProjectId::as_bytes),
                    ":kind": kind.map(InsightKind::name), ":status": status, ":limit": limit,
                };
                rows::all(connection, include_str!("sql/insights.sql"), parameters, insight)
            })
            .await
    }

    async fn mark_insight(
        &self,
        org: OrgId,
        id: InsightId,
        status: DocumentStatus,
        now: Timestamp,
    ) -> Result<Option<Insight>, StoreError> {
        self.writer
            .write(move |tx| {
                mark(tx, include_str!("sql/mark_insight.sql"), org, id.as_bytes(), status, now)?;
                find_insight(tx, org, id)
            })
            .await
    }

    async fn digest(&self, org: OrgId, id: DigestId) -> Result<Option<Digest>, StoreError> {
        self.readers
            .read(move |connection| {
                let key = named_params! { ":org_id": org.as_bytes(), ":id": id.as_bytes() };
                Ok(rows::all(connection, include_str!("sql/digest.sql"), key, digest)?.pop())
            })
            .await
    }

    async fn digests(
        &self,
        org: OrgId,
        project: ProjectId,
        limit: usize,
    ) -> Result<Vec<Digest>, StoreError> {
        self.readers
            .read(move |connection| {
                let parameters = named_params! {
                    ":org_id": org.as_bytes(), ":project_id": project.as_bytes(), ":limit": limit,
                };
                rows::all(connection, include_str!("sql/digests.sql"), parameters, digest)
            })
            .await
    }

    async fn documents_since(&self, org: OrgId, since: Timestamp) -> Result<usize, StoreError> {
        self.readers
            .read(move |connection| {
                let key = named_params! { ":org_id": org.as_bytes(), ":since": since.ms() };
                let mut statement =
                    connection.prepare_cached(include_str!("sql/documents_since.sql"))?;
                Ok(statement.query_row(key, |row| row.get(0))?)
            })
            .await
    }

    async fn prune_documents(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        self.writer
            .write(move |tx| {
                let mut most = 0;
                for sql in [
                    include_str!("sql/prune_handoffs.sql"),
                    include_str!("sql/prune_insights.sql"),
                    include_str!("sql/prune_digests.sql"),
                ] {
                    let parameters = named_params! { ":before": before.ms(), ":limit": limit };
                    most = tx.prepare_cached(sql)?.execute(parameters)?.max(most);
                }
                Ok(most)
            })
            .await
    }
}

/// Stores a handoff that a job brought.
pub(super) fn put_handoff(tx: &Connection, handoff: &Handoff) -> Result<(), StoreError> {
    let Handoff {
        id,
        org,
        project,
        project_name,
        requested_by,
        status,
        content,
        created_at,
        updated_at: _,
    } = handoff;
    tx.prepare_cached(include_str!("sql/handoffs_put.sql"))?.execute(named_params! {
        ":id": id.as_bytes(), ":org_id": org.as_bytes(), ":project_id": project.as_bytes(),
        ":project_name": project_name, ":requested_by": requested_by.as_ref().map(KeyId::as_bytes),
        ":status": rows::name_of(status)?, ":content": rows::text(content)?,
        ":created_at": created_at.ms(),
    })?;
    Ok(())
}

/// Stores an insight that a job brought.
pub(super) fn put_insight(tx: &Connection, insight: &Insight) -> Result<(), StoreError> {
    let Insight { id, org, project, requested_by, status, content, created_at, updated_at: _ } =
        insight;
    tx.prepare_cached(include_str!("sql/insights_put.sql"))?.execute(named_params! {
        ":id": id.as_bytes(), ":org_id": org.as_bytes(), ":project_id": project.as_bytes(),
        ":requested_by": requested_by.as_ref().map(KeyId::as_bytes),
        ":kind": content.kind.name(), ":status": rows::name_of(status)?,
        ":content": rows::text(content)?, ":created_at": created_at.ms(),
    })?;
    Ok(())
}

/// Stores a digest that a job brought.
pub(super) fn put_digest(tx: &Connection, digest: &Digest) -> Result<(), StoreError> {
    let Digest { id, org, project, period, window, content, created_at } = digest;
    tx.prepare_cached(include_str!("sql/digests_put.sql"))?.execute(named_params! {
        ":id": id.as_bytes(), ":org_id": org.as_bytes(), ":project_id": project.as_bytes(),
        ":period": rows::name_of(period)?, ":period_start": window.start.ms(),
        ":period_end": window.end.ms(), ":content": rows::text(content)?,
        ":created_at": created_at.ms(),
    })?;
    Ok(())
}

fn find_handoff(
    connection: &Connection,
    org: OrgId,
    id: HandoffId,
) -> Result<Option<Handoff>, StoreError> {
    let key = named_params! { ":org_id": org.as_bytes(), ":id": id.as_bytes() };
    Ok(rows::all(connection, include_str!("sql/handoff.sql"), key, handoff)?.pop())
}

fn find_insight(
    connection: &Connection,
    org: OrgId,
    id: InsightId,
) -> Result<Option<Insight>, StoreError> {
    let key = named_params! { ":org_id": org.as_bytes(), ":id": id.as_bytes() };
    Ok(rows::all(connection, include_str!("sql/insight.sql"), key, insight)?.pop())
}

fn mark(
    tx: &Connection,
    sql: &str,
    org: OrgId,
    id: &[u8; 16],
    status: DocumentStatus,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.prepare_cached(sql)?.execute(named_params! {
        ":org_id": org.as_bytes(), ":id": id, ":status": rows::name_of(&status)?, ":now": now.ms(),
    })?;
    Ok(())
}

fn handoff(row: &Row<'_>) -> Result<Handoff, StoreError> {
    Ok(Handoff {
        id: HandoffId::from_bytes(row.get("id")?),
        org: OrgId::from_bytes(row.get("org_id")?),
        project: ProjectId::from_bytes(row.get("project_id")?),
        project_name: row.get("project_name")?,
        requested_by: row.get::<_, Option<_>>("requested_by")?.map(KeyId::from_bytes),
        status: rows::named(row.get("status")?)?,
        content: rows::json_of(&row.get::<_, String>("content")?)?,
        created_at: Timestamp::from_ms(row.get("created_at")?),
        updated_at: Timestamp::from_ms(row.get("updated_at")?),
    })
}

fn insight(row: &Row<'_>) -> Result<Insight, StoreError> {
    Ok(Insight {
        id: InsightId::from_bytes(row.get("id")?),
        org: OrgId::from_bytes(row.get("org_id")?),
        project: ProjectId::from_bytes(row.get("project_id")?),
        requested_by: row.get::<_, Option<_>>("requested_by")?.map(KeyId::from_bytes),
        status: rows::named(row.get("status")?)?,
        content: rows::json_of(&row.get::<_, String>("content")?)?,
        created_at: Timestamp::from_ms(row.get("created_at")?),
        updated_at: Timestamp::from_ms(row.get("updated_at")?),
    })
}

fn digest(row: &Row<'_>) -> Result<Digest, StoreError> {
    Ok(Digest {
        id: DigestId::from_bytes(row.get("id")?),
        org: OrgId::from_bytes(row.get("org_id")?),
        project: ProjectId::from_bytes(row.get("project_id")?),
        period: rows::named(row.get("period")?)?,
        window: Window {
            start: Timestamp::from_ms(row.get("period_start")?),
            end: Timestamp::from_ms(row.get("period_end")?),
        },
        content: rows::json_of(&row.get::<_, String>("content")?)?,
        created_at: Timestamp::from_ms(row.get("created_at")?),
    })
}
