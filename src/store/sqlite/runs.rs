//! `Runs` and `RunReader` for SQLite.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, named_params};

use crate::domain::audit::{AuditAction, Author};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{OrgId, RunId};
use crate::domain::run::{EnqueuedRun, NewRun, Run};
use crate::store::sqlite::audit::{self, Note};
use crate::store::sqlite::events::Events;
use crate::store::sqlite::writer::Guard;
use crate::store::sqlite::{SqliteStore, claim, rows, run_enqueue, run_reading};
use crate::store::{
    CancellingRun, Claiming, Herald, RunFilter, RunPage, RunReader, Runs, StoreError,
};

#[async_trait]
impl Runs for SqliteStore {
    async fn enqueue_run(
        &self,
        run: NewRun,
        now: Timestamp,
        queue_limit: u64,
        claiming: Claiming,
    ) -> Result<EnqueuedRun, StoreError> {
        let (answer, answered) = tokio::sync::oneshot::channel();
        let (ask, deliver) = claim::Ask::split(claiming);
        let events = self.events.clone();
        self.writer.submit(
            Guard::Savepoint,
            move |transaction| {
                let enqueued = run_enqueue::enqueue(transaction, run, now, queue_limit, &events)?;
                Ok((enqueued, claim::claim(transaction, &ask, ask.limit)?))
            },
            move |result| {
                let result = result.map(|(enqueued, claims)| {
                    deliver.deliver(claims);
                    enqueued
                });
                // The caller may have gone away; its write stands all the same.
                drop(answer.send(result));
            },
        )?;
        answered.await.unwrap_or(Err(StoreError::Closed))
    }

    async fn cancel_run(
        &self,
        org: OrgId,
        id: RunId,
        now: Timestamp,
        author: Author,
        herald: Herald<Option<CancellingRun>>,
    ) -> Result<Option<CancellingRun>, StoreError> {
        let events = self.events.clone();
        let cancel_all =
            move |transaction: &Connection| cancel(transaction, org, id, now, author, &events);
        self.write_and_tell(cancel_all, herald).await
    }
}

#[async_trait]
impl RunReader for SqliteStore {
    async fn run(&self, org: OrgId, id: RunId) -> Result<Option<Run>, StoreError> {
        self.readers.read(move |connection| run_reading::find(connection, org, id)).await
    }

    async fn runs(&self, filter: RunFilter) -> Result<RunPage, StoreError> {
        self.readers.read(move |connection| run_reading::list(connection, &filter)).await
    }
}

/// Cancels a run of `org` with all its unfinished jobs; `None` when there is none.
pub(super) fn cancel(
    transaction: &Connection,
    org: OrgId,
    id: RunId,
    now: Timestamp,
    author: Author,
    events: &Events,
) -> Result<Option<CancellingRun>, StoreError> {
    let state: Option<String> = transaction
        .prepare_cached(include_str!("sql/cancel_run_find_state.sql"))?
        .query_row(named_params! { ":id": id.as_bytes(), ":org_id": org.as_bytes() }, |row| {
            row.get(0)
        })
        .optional()?;
    let Some(state) = state else { return Ok(None) };
    let moment = named_params! { ":id": id.as_bytes(), ":now": now.ms() };
    let cancelled =
        transaction.prepare_cached(include_str!("sql/cancel_run.sql"))?.execute(moment)?;
    if cancelled == 0 {
        return Ok(Some(CancellingRun::AlreadyTerminal(rows::word(&state)?)));
    }
    let mut steps = transaction.prepare_cached(include_str!("sql/cancel_run_steps.sql"))?;
    let jobs = rows::jobs(steps.query(moment)?)?;
    audit::note(transaction, author, now, &Note::of(AuditAction::RunCancelled, org, &id))?;
    events.tell_of_cancelled(transaction, org, id, &jobs, now)?;
    Ok(Some(CancellingRun::Cancelled(jobs)))
}
