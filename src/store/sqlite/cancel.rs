//! Cancelling jobs, whether they wait or run.

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::domain::audit::{AuditAction, Author};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{JobId, OrgId};
use crate::domain::job::JobState;
use crate::store::sqlite::audit::{self, Note};
use crate::store::sqlite::events::Events;
use crate::store::sqlite::{rows, run_progress};
use crate::store::{Cancelling, StoreError};

/// Cancels a job of `org`; `None` when there is none.
pub(super) fn cancel(
    transaction: &Connection,
    org: OrgId,
    id: JobId,
    now: Timestamp,
    author: Author,
    events: &Events,
) -> Result<Option<Cancelling>, StoreError> {
    let Some(state) = find_state(transaction, org, id)? else { return Ok(None) };
    if state.is_terminal() {
        return Ok(Some(Cancelling::AlreadyTerminal(state)));
    }
    let mut statement = transaction.prepare_cached(include_str!("sql/cancel.sql"))?;
    let mut cancelled =
        statement.query(named_params! { ":id": id.as_bytes(), ":now": now.ms() })?;
    let row = cancelled
        .next()?
        .ok_or_else(|| StoreError::Damaged("an unfinished job with an end".into()))?;
    let job = rows::job(row)?;
    while cancelled.next()?.is_some() {}
    let run = run_progress::follow(transaction, &job, None, now)?;
    let note = Note::of(AuditAction::JobCancelled, org, &id).named(&job.action);
    audit::note(transaction, author, now, &note)?;
    events.tell(transaction, &job, run.as_ref(), now)?;
    Ok(Some(Cancelling::Cancelled { job: Box::new(job), run }))
}

fn find_state(
    transaction: &Connection,
    org: OrgId,
    id: JobId,
) -> Result<Option<JobState>, StoreError> {
    let found: Option<String> = transaction
        .prepare_cached(include_str!("sql/cancel_find_state.sql"))?
        .query_row(named_params! { ":id": id.as_bytes(), ":org_id": org.as_bytes() }, |row| {
            row.get(0)
        })
        .optional()?;
    found.map(|state| rows::word(&state)).transpose()
}
