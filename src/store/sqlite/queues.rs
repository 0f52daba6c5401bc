//! Queues for who looks on: what waits, and what is being done. Both from counters and partial
//! indexes, so that the size of the past costs nothing.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use crate::domain::ids::{JobId, OrgId, RunId};
use crate::store::sqlite::SqliteStore;
use crate::store::sqlite::rows::Columns;
use crate::store::{Backlog, Queues, StoreError, Underway};

#[async_trait]
impl Queues for SqliteStore {
    async fn backlogs(&self, org: Option<OrgId>, limit: usize) -> Result<Vec<Backlog>, StoreError> {
        self.readers.read(move |connection| backlogs(connection, org, limit)).await
    }

    async fn underway(
        &self,
        org: Option<OrgId>,
        limit: usize,
    ) -> Result<Vec<Underway>, StoreError> {
        self.readers.read(move |connection| underway(connection, org, limit)).await
    }
}

fn backlogs(
    connection: &Connection,
    org: Option<OrgId>,
    limit: usize,
) -> Result<Vec<Backlog>, StoreError> {
    let mut statement = connection.prepare_cached(include_str!("sql/backlogs.sql"))?;
    let mut rows = statement.query(named_params! {
        ":org_id": org.as_ref().map(OrgId::as_bytes),
        ":limit": i64::try_from(limit).unwrap_or(i64::MAX),
    })?;
    let mut backlogs = Vec::new();
    while let Some(row) = rows.next()? {
        let mut columns = Columns::of(row);
        let (org, org_name) = (columns.id(OrgId::from_bytes)?, columns.next()?);
        let action = columns.next()?;
        let (ready, unfinished, processing): (u64, u64, u64) =
            (columns.next()?, columns.next()?, columns.next()?);
        let later = unfinished.saturating_sub(ready).saturating_sub(processing);
        let oldest = columns.maybe_at()?;
        backlogs.push(Backlog { org, org_name, action, ready, processing, later, oldest });
    }
    Ok(backlogs)
}

fn underway(
    connection: &Connection,
    org: Option<OrgId>,
    limit: usize,
) -> Result<Vec<Underway>, StoreError> {
    let mut statement = connection.prepare_cached(include_str!("sql/underway.sql"))?;
    let mut rows = statement.query(named_params! {
        ":org_id": org.as_ref().map(OrgId::as_bytes),
        ":limit": i64::try_from(limit).unwrap_or(i64::MAX),
    })?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let mut columns = Columns::of(row);
        found.push(Underway {
            job: columns.id(JobId::from_bytes)?,
            org: columns.id(OrgId::from_bytes)?,
            action: columns.next()?,
            worker: columns.next()?,
            started_at: columns.maybe_at()?,
            attempt: columns.next()?,
            max_attempts: columns.next()?,
            phase: columns.next()?,
            progress: columns.next()?,
            step: columns.maybe_id(RunId::from_bytes)?.zip(columns.next::<Option<String>>()?),
        });
    }
    Ok(found)
}
