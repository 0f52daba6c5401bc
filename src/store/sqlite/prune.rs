//! Deleting what has served its time, and what a client wants gone.

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::domain::clock::Timestamp;
use crate::domain::ids::{JobId, OrgId};
use crate::domain::job::JobState;
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
    let delete = |sql: &str, before: Timestamp| -> Result<usize, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(transaction
            .prepare_cached(sql)?
            .execute(named_params! { ":before": before.ms(), ":limit": limit })?)
    };
    Ok(Pruned {
        jobs: delete(include_str!("sql/prune_finished.sql"), before)?,
        keys: delete(include_str!("sql/prune_keys.sql"), keys_before)?,
        assets: delete(include_str!("sql/prune_assets.sql"), assets_before)?,
    })
}

/// Deletes a terminal job of `org`.
pub(super) fn delete(
    transaction: &Connection,
    org: OrgId,
    id: JobId,
) -> Result<Deletion, StoreError> {
    let key = named_params! { ":id": id.as_bytes(), ":org_id": org.as_bytes() };
    let state: Option<String> = transaction
        .prepare_cached(include_str!("sql/delete_find_state.sql"))?
        .query_row(key, |row| row.get(0))
        .optional()?;
    let Some(state) = state else { return Ok(Deletion::Unknown) };
    if !rows::word::<JobState>(&state)?.is_terminal() {
        return Ok(Deletion::NotTerminal);
    }
    transaction.prepare_cached(include_str!("sql/delete_assets.sql"))?.execute(key)?;
    transaction.prepare_cached(include_str!("sql/delete.sql"))?.execute(key)?;
    Ok(Deletion::Deleted)
}
