//! Cancelling jobs, whether they wait or run.

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::domain::clock::Timestamp;
use crate::domain::ids::{JobId, OrgId};
use crate::domain::job::{JobState, Lease};
use crate::store::sqlite::{finish, rows};
use crate::store::{Cancelling, StoreError};

/// Cancels a job of `org`; `None` when there is none.
pub(super) fn cancel(
    transaction: &Connection,
    org: OrgId,
    id: JobId,
    now: Timestamp,
) -> Result<Option<Cancelling>, StoreError> {
    let Some((state, epoch)) = find_state(transaction, org, id)? else { return Ok(None) };
    if state.is_terminal() {
        return Ok(Some(Cancelling::AlreadyTerminal(state)));
    }
    if state == JobState::Processing {
        finish::record_attempt(transaction, Lease { job: id, epoch }, "cancelled", None, now)?;
    }
    let mut statement = transaction.prepare_cached(include_str!("sql/cancel.sql"))?;
    let mut cancelled =
        statement.query(named_params! { ":id": id.as_bytes(), ":now": now.ms() })?;
    let row = cancelled
        .next()?
        .ok_or_else(|| StoreError::Damaged("an unfinished job with an end".into()))?;
    let job = rows::job(row)?;
    while cancelled.next()?.is_some() {}
    Ok(Some(Cancelling::Cancelled(Box::new(job))))
}

fn find_state(
    transaction: &Connection,
    org: OrgId,
    id: JobId,
) -> Result<Option<(JobState, i64)>, StoreError> {
    let found: Option<(String, i64)> = transaction
        .prepare_cached(include_str!("sql/cancel_find_state.sql"))?
        .query_row(
            named_params! { ":id": id.as_bytes(), ":org_id": org.as_bytes() },
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    found.map(|(state, epoch)| Ok((rows::word(&state)?, epoch))).transpose()
}
