//! Deleting what has served its time, and what a client wants gone.

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::domain::audit::{AuditAction, Author};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{JobId, OrgId, RunId};
use crate::domain::job::JobState;
use crate::domain::plan::MAX_STEPS;
use crate::domain::run::PlannedStep;
use crate::store::sqlite::audit::{self, Note};
use crate::store::sqlite::rows;
use crate::store::{Deletion, Pruned, StoreError};

/// Deletes at most `limit` rows of each kind that ended before their moment.
pub(super) fn prune(
    transaction: &Connection,
    before: Timestamp,
    keys_before: Timestamp,
    assets_before: Timestamp,
    limit: usize,
) -> Result<Pruned, StoreError> {
    let delete = |sql: &str, before: Timestamp, limit: usize| -> Result<usize, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(transaction
            .prepare_cached(sql)?
            .execute(named_params! { ":before": before.ms(), ":limit": limit })?)
    };
    Ok(Pruned {
        jobs: delete(include_str!("sql/prune_finished.sql"), before, limit)?,
        runs: delete(include_str!("sql/prune_runs.sql"), before, limit.div_ceil(MAX_STEPS))?,
        keys: delete(include_str!("sql/prune_keys.sql"), keys_before, limit)?,
        assets: delete(include_str!("sql/prune_assets.sql"), assets_before, limit)?,
    })
}

/// A job that is to be deleted.
struct Found {
    state: String,
    run: Option<[u8; 16]>,
    run_has_ended: Option<bool>,
    action: String,
}

/// Deletes a terminal job of `org`.
pub(super) fn delete(
    transaction: &Connection,
    org: OrgId,
    id: JobId,
    now: Timestamp,
    author: Author,
) -> Result<Deletion, StoreError> {
    let key = named_params! { ":id": id.as_bytes(), ":org_id": org.as_bytes() };
    let mut statement = transaction.prepare_cached(include_str!("sql/delete_find_state.sql"))?;
    let found = statement.query_row(key, |row| {
        Ok(Found {
            state: row.get(0)?,
            run: row.get(1)?,
            run_has_ended: row.get(2)?,
            action: row.get(3)?,
        })
    });
    let Some(found) = found.optional()? else { return Ok(Deletion::Unknown) };
    let Found { state, run, run_has_ended, action } = found;
    let state: JobState = rows::word(&state)?;
    if !state.is_terminal() {
        return Ok(Deletion::NotTerminal);
    }
    if run_has_ended == Some(false) {
        return Ok(Deletion::RunNotTerminal);
    }
    if let Some(run) = run {
        note_end(transaction, RunId::from_bytes(run), id, state)?;
    }
    transaction.prepare_cached(include_str!("sql/delete_assets.sql"))?.execute(key)?;
    transaction.prepare_cached(include_str!("sql/delete.sql"))?.execute(key)?;
    let note = Note::of(AuditAction::JobDeleted, org, &id).named(&action);
    audit::note(transaction, author, now, &note)?;
    Ok(Deletion::Deleted)
}

/// Notes in the run's row how a step ended whose job goes away.
fn note_end(
    transaction: &Connection,
    run: RunId,
    id: JobId,
    state: JobState,
) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(include_str!("sql/delete_find_steps.sql"))?;
    let mut found = statement.query(named_params! { ":id": run.as_bytes() })?;
    let Some(row) = found.next()? else { return Ok(()) };
    let mut steps: Vec<PlannedStep> = rows::Columns::of(row).json()?;
    for step in steps.iter_mut().filter(|step| step.job == id) {
        step.ended = Some(state);
    }
    transaction
        .prepare_cached(include_str!("sql/delete_note_end.sql"))?
        .execute(named_params! { ":id": run.as_bytes(), ":steps": rows::text(&steps)? })?;
    Ok(())
}
