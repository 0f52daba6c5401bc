//! Extending leases, and keeping what attempts report.

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::domain::ids::JobId;
use crate::domain::job::{JobState, Lease, LogLine, Renewal, Report};
use crate::store::sqlite::rows;
use crate::store::{Renewing, StoreError};

/// The lines that a job's log keeps: enough to find a fault, too few to fill a disk.
const MAX_LOG_LINES: u32 = 10_000;

/// Extends each lease that still holds.
pub(super) fn renew(
    transaction: &Connection,
    renewing: &Renewing,
) -> Result<Vec<Renewal>, StoreError> {
    renewing
        .reports
        .iter()
        .map(|(lease, report)| {
            if extend(transaction, *lease, report, renewing)? {
                append_log(transaction, lease.job, &report.lines)?;
                return Ok(Renewal::Held);
            }
            why_not(transaction, *lease)
        })
        .collect()
}

fn extend(
    transaction: &Connection,
    lease: Lease,
    report: &Report,
    renewing: &Renewing,
) -> Result<bool, StoreError> {
    let extended =
        transaction.prepare_cached(include_str!("sql/renew.sql"))?.execute(named_params! {
            ":id": lease.job.as_bytes(), ":epoch": lease.epoch, ":phase": report.phase,
            ":progress": report.progress, ":now": renewing.now.ms(),
            ":lease_expires_at": renewing.lease_expires_at.ms(),
        })?;
    Ok(extended == 1)
}

fn why_not(transaction: &Connection, lease: Lease) -> Result<Renewal, StoreError> {
    let state: Option<String> = transaction
        .prepare_cached(include_str!("sql/renew_find_state.sql"))?
        .query_row(named_params! { ":id": lease.job.as_bytes(), ":epoch": lease.epoch }, |row| {
            row.get(0)
        })
        .optional()?;
    match state.map(|state| rows::word(&state)).transpose()? {
        Some(JobState::Cancelled) => Ok(Renewal::Cancelled),
        _ => Ok(Renewal::Lost),
    }
}

/// Adds lines to a job's log, up to its last.
pub(super) fn append_log(
    transaction: &Connection,
    job: JobId,
    lines: &[LogLine],
) -> Result<(), StoreError> {
    for line in lines {
        transaction.prepare_cached(include_str!("sql/append_log.sql"))?.execute(named_params! {
            ":id": job.as_bytes(), ":at": line.at.ms(), ":level": line.level.as_str(),
            ":message": line.message, ":max_lines": MAX_LOG_LINES,
        })?;
    }
    Ok(())
}
