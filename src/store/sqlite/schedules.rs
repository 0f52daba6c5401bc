//! `Schedules` for SQLite.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};

use crate::domain::audit::{AuditAction, Author};
use crate::domain::clock::Timestamp;
use crate::domain::idempotency::IdempotencyKey;
use crate::domain::ids::{JobId, OrgId, RunId, ScheduleId};
use crate::domain::schedule::{Fired, Schedule};
use crate::store::sqlite::audit::{self, Note};
use crate::store::sqlite::rows::{self, Columns};
use crate::store::sqlite::{SqliteStore, enqueue};
use crate::store::{Inserted, Schedules, StoreError};

#[async_trait]
impl Schedules for SqliteStore {
    async fn insert_schedule(
        &self,
        schedule: Schedule,
        limit: usize,
        key: Option<IdempotencyKey>,
        author: Author,
    ) -> Result<Inserted, StoreError> {
        self.writer
            .write(move |tx| {
                let (org, now) = (schedule.org, schedule.created_at);
                if let Some(known) = enqueue::known(tx, org, key.as_ref(), now)? {
                    return Ok(known);
                }
                let inserted = tx
                    .prepare_cached(include_str!("sql/insert_schedule.sql"))?
                    .execute(named_params! {
                        ":id": schedule.id.as_bytes(), ":org_id": org.as_bytes(),
                        ":name": schedule.name, ":cron": schedule.cron,
                        ":time_zone": schedule.time_zone, ":task": rows::text(&schedule.task)?,
                        ":overlap": schedule.overlap.as_str(), ":catch_up": schedule.catch_up,
                        ":is_active": schedule.is_active,
                        ":next_at": schedule.next_at.map(Timestamp::ms), ":now": now.ms(),
                        ":limit": i64::try_from(limit).unwrap_or(i64::MAX),
                    })?;
                if inserted == 0 {
                    return Ok(Inserted::Full);
                }
                if let Some(key) = &key {
                    enqueue::store_key(tx, org, key, now)?;
                }
                note(tx, author, now, AuditAction::ScheduleCreated, &schedule)?;
                Ok(Inserted::Created)
            })
            .await
    }

    async fn schedules(
        &self,
        org: OrgId,
        id: Option<ScheduleId>,
    ) -> Result<Vec<Schedule>, StoreError> {
        self.readers
            .read(move |connection| {
                let parameters = named_params! {
                    ":org_id": org.as_bytes(), ":id": id.as_ref().map(ScheduleId::as_bytes),
                };
                rows::all(connection, include_str!("sql/schedules.sql"), parameters, schedule)
            })
            .await
    }

    async fn edit_schedule(
        &self,
        was: Schedule,
        edited: Schedule,
        author: Author,
    ) -> Result<bool, StoreError> {
        self.writer
            .write(move |tx| {
                let changed = tx.prepare_cached(include_str!("sql/edit_schedule.sql"))?.execute(
                    named_params! {
                        ":id": was.id.as_bytes(), ":org_id": was.org.as_bytes(),
                        ":was_next_at": was.next_at.map(Timestamp::ms),
                        ":was_updated_at": was.updated_at.ms(),
                        ":name": edited.name, ":cron": edited.cron,
                        ":time_zone": edited.time_zone, ":task": rows::text(&edited.task)?,
                        ":overlap": edited.overlap.as_str(), ":catch_up": edited.catch_up,
                        ":is_active": edited.is_active,
                        ":next_at": edited.next_at.map(Timestamp::ms),
                        ":updated_at": edited.updated_at.ms(),
                    },
                )?;
                if changed == 1 {
                    let now = edited.updated_at;
                    note(tx, author, now, AuditAction::ScheduleChanged, &edited)?;
                }
                Ok(changed == 1)
            })
            .await
    }

    async fn delete_schedule(
        &self,
        org: OrgId,
        id: ScheduleId,
        now: Timestamp,
        author: Author,
    ) -> Result<bool, StoreError> {
        self.writer
            .write(move |tx| {
                let deleted = tx
                    .prepare_cached(include_str!("sql/delete_schedule.sql"))?
                    .query_row(
                        named_params! { ":id": id.as_bytes(), ":org_id": org.as_bytes() },
                        |row| row.get::<_, Option<String>>(0),
                    )
                    .optional()?;
                if let Some(name) = &deleted {
                    let note = Note::of(AuditAction::ScheduleDeleted, org, &id);
                    audit::note(tx, author, now, &named(note, name.as_deref()))?;
                }
                Ok(deleted.is_some())
            })
            .await
    }

    async fn due_schedules(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Schedule>, StoreError> {
        self.readers
            .read(move |connection| {
                let limit = i64::try_from(limit).unwrap_or(i64::MAX);
                let parameters = named_params! { ":now": now.ms(), ":limit": limit };
                rows::all(connection, include_str!("sql/due_schedules.sql"), parameters, schedule)
            })
            .await
    }

    async fn next_schedule(&self) -> Result<Option<Timestamp>, StoreError> {
        self.readers
            .read(|connection| {
                let mut statement =
                    connection.prepare_cached(include_str!("sql/next_schedule.sql"))?;
                let at: Option<i64> = statement.query_row([], |row| row.get(0))?;
                Ok(at.map(Timestamp::from_ms))
            })
            .await
    }
}

fn note(
    transaction: &Connection,
    author: Author,
    now: Timestamp,
    action: AuditAction,
    schedule: &Schedule,
) -> Result<(), StoreError> {
    let Schedule { id, org, name, cron, time_zone, is_active, .. } = schedule;
    let paused = if *is_active { "" } else { ", paused" };
    let note = Note::of(action, *org, id).detail(format!("`{cron}` in {time_zone}{paused}"));
    audit::note(transaction, author, now, &named(note, name.as_deref()))
}

fn named<'a>(note: Note<'a>, name: Option<&'a str>) -> Note<'a> {
    match name {
        Some(name) => note.named(name),
        None => note,
    }
}

fn schedule(row: &Row<'_>) -> Result<Schedule, StoreError> {
    let mut columns = Columns::of(row);
    Ok(Schedule {
        id: columns.id(ScheduleId::from_bytes)?,
        org: columns.id(OrgId::from_bytes)?,
        name: columns.next()?,
        cron: columns.next()?,
        time_zone: columns.next()?,
        task: columns.json()?,
        overlap: rows::word(&columns.next::<String>()?)?,
        catch_up: columns.next()?,
        is_active: columns.next()?,
        next_at: columns.maybe_at()?,
        last_at: columns.maybe_at()?,
        last: {
            let job = columns.maybe_id(JobId::from_bytes)?.map(Fired::Job);
            let run = columns.maybe_id(RunId::from_bytes)?.map(Fired::Run);
            job.or(run)
        },
        skip_reason: columns.next()?,
        skipped: columns.next()?,
        created_at: columns.at()?,
        updated_at: columns.at()?,
    })
}
