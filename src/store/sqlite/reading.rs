//! `StoreReader` for SQLite: jobs as they are, each read on a pooled connection.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, named_params};

use crate::domain::asset::Asset;
use crate::domain::clock::Timestamp;
use crate::domain::ids::{JobId, OrgId, RunId};
use crate::domain::job::{Attempt, Job, JobState, LogLine, LogSize, StoredLogLine};
use crate::store::sqlite::rows::{self, Columns};
use crate::store::sqlite::{SqliteStore, assets, renew};
use crate::store::{
    Cursor, Disk, JobFilter, Page, Position, QueueDepth, StoreError, StoreReader, Usage,
};

#[async_trait]
impl StoreReader for SqliteStore {
    async fn job(&self, org: OrgId, id: JobId) -> Result<Option<Job>, StoreError> {
        self.readers.read(move |connection| find(connection, org, id)).await
    }

    async fn jobs(&self, filter: JobFilter) -> Result<Page, StoreError> {
        self.readers.read(move |connection| list(connection, &filter)).await
    }

    async fn attempts(&self, job: JobId) -> Result<Vec<Attempt>, StoreError> {
        self.readers.read(move |connection| attempts(connection, job)).await
    }

    async fn log(
        &self,
        job: JobId,
        after: i64,
        limit: usize,
    ) -> Result<Vec<StoredLogLine>, StoreError> {
        self.readers.read(move |connection| log(connection, job, after, limit)).await
    }

    async fn log_size(&self, job: JobId) -> Result<LogSize, StoreError> {
        self.readers.read(move |connection| renew::log_size(connection, job)).await
    }

    async fn assets_of(&self, job: JobId) -> Result<Vec<Asset>, StoreError> {
        self.readers
            .read(move |connection| {
                let parameters = named_params! { ":id": job.as_bytes() };
                let asset = |row: &Row<'_>| Ok(assets::asset(row)?);
                rows::all(connection, include_str!("sql/assets_of.sql"), parameters, asset)
            })
            .await
    }

    async fn position(&self, org: OrgId, id: JobId) -> Result<Option<Position>, StoreError> {
        self.readers.read(move |connection| position(connection, org, id)).await
    }

    async fn depths(&self) -> Result<Vec<QueueDepth>, StoreError> {
        self.readers.read(depths).await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.readers
            .read(|connection| {
                let mut statement = connection.prepare_cached(include_str!("sql/next_due.sql"))?;
                let at: Option<i64> = statement.query_row([], |row| row.get(0))?;
                Ok(at.map(Timestamp::from_ms))
            })
            .await
    }

    async fn usage(&self) -> Result<Usage, StoreError> {
        self.readers
            .read(|connection| {
                let mut statement = connection.prepare_cached(include_str!("sql/usage.sql"))?;
                let (database_bytes, asset_bytes) =
                    statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok(Usage { database_bytes, asset_bytes, disk: connection.path().and_then(disk) })
            })
            .await
    }
}

/// The disk that the database's file lies on.
fn disk(path: &str) -> Option<Disk> {
    let disk = rustix::fs::statvfs(path).ok()?;
    Some(Disk {
        free_bytes: disk.f_bavail.saturating_mul(disk.f_frsize),
        total_bytes: disk.f_blocks.saturating_mul(disk.f_frsize),
    })
}

fn find(connection: &Connection, org: OrgId, id: JobId) -> Result<Option<Job>, StoreError> {
    let mut statement = connection.prepare_cached(include_str!("sql/job.sql"))?;
    let mut found =
        statement.query(named_params! { ":id": id.as_bytes(), ":org_id": org.as_bytes() })?;
    found.next()?.map(rows::job).transpose()
}

/// A page of jobs.
pub(super) fn list(connection: &Connection, filter: &JobFilter) -> Result<Page, StoreError> {
    let (org, run) = (filter.org.as_bytes(), filter.run.as_ref().map(RunId::as_bytes));
    let cursor = filter.cursor.as_ref().map(|cursor| cursor.0.as_bytes());
    let states = words(filter.states.iter().map(|state| state.as_str()).collect());
    let actions = words(filter.actions.iter().map(String::as_str).collect());
    let after = filter.created_after.map(Timestamp::ms);
    let before = filter.created_before.map(Timestamp::ms);
    let limit = i64::try_from(filter.limit + 1).unwrap_or(i64::MAX);
    let mut parameters: Vec<(&str, &dyn ToSql)> = vec![
        (":org_id", &org),
        (":cursor", &cursor),
        (":states", &states),
        (":actions", &actions),
        (":error_text", &filter.error_text),
        (":created_after", &after),
        (":created_before", &before),
        (":limit", &limit),
    ];
    let sql = match &run {
        None => include_str!("sql/jobs.sql"),
        Some(run) => {
            parameters.push((":run_id", run));
            include_str!("sql/jobs_of_run.sql")
        }
    };
    let mut jobs = rows::all(connection, sql, &parameters, rows::job)?;
    let next = rows::cut(&mut jobs, filter.limit).map(|last| Cursor(last.id));
    Ok(Page { jobs, next })
}

/// A list of words as a parameter; null when it is empty.
pub(super) fn words(words: Vec<&str>) -> Option<String> {
    (!words.is_empty()).then(|| serde_json::Value::from(words).to_string())
}

/// The attempts of a job that ended, oldest first.
pub(super) fn attempts(connection: &Connection, job: JobId) -> Result<Vec<Attempt>, StoreError> {
    let mut statement = connection.prepare_cached(include_str!("sql/attempts.sql"))?;
    let mut found = statement.query(named_params! { ":id": job.as_bytes() })?;
    let mut attempts = Vec::new();
    while let Some(row) = found.next()? {
        let mut columns = Columns::of(row);
        attempts.push(Attempt {
            attempt: columns.next()?,
            started_at: columns.at()?,
            ended_at: columns.at()?,
            outcome: columns.next()?,
            error: rows::error(columns.next()?, columns.next()?),
            worker: columns.next()?,
        });
    }
    Ok(attempts)
}

fn log(
    connection: &Connection,
    job: JobId,
    after: i64,
    limit: usize,
) -> Result<Vec<StoredLogLine>, StoreError> {
    let mut statement = connection.prepare_cached(include_str!("sql/log.sql"))?;
    let mut found = statement.query(named_params! {
        ":id": job.as_bytes(), ":after": after,
        ":limit": i64::try_from(limit).unwrap_or(i64::MAX),
    })?;
    let mut lines = Vec::new();
    while let Some(row) = found.next()? {
        let mut columns = Columns::of(row);
        lines.push(StoredLogLine {
            seq: columns.next()?,
            attempt: columns.next()?,
            line: LogLine {
                at: columns.at()?,
                level: rows::level(&columns.next::<String>()?),
                message: columns.next()?,
            },
        });
    }
    Ok(lines)
}

fn position(
    connection: &Connection,
    org: OrgId,
    id: JobId,
) -> Result<Option<Position>, StoreError> {
    let mut statement = connection.prepare_cached(include_str!("sql/position.sql"))?;
    let place = statement
        .query_row(
            named_params! {
                ":id": id.as_bytes(), ":org_id": org.as_bytes(), ":max": Position::MAX,
            },
            |row| row.get(0),
        )
        .optional()?;
    Ok(place.map(Position))
}

fn depths(connection: &Connection) -> Result<Vec<QueueDepth>, StoreError> {
    let mut statement = connection.prepare_cached(include_str!("sql/depths.sql"))?;
    let mut found = statement.query([])?;
    let mut depths = Vec::new();
    while let Some(row) = found.next()? {
        let mut columns = Columns::of(row);
        depths.push(QueueDepth {
            action: columns.next()?,
            state: rows::word::<JobState>(&columns.next::<String>()?)?,
            jobs: columns.next()?,
        });
    }
    Ok(depths)
}
