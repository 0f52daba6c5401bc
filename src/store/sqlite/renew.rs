//! Extending leases, and keeping what attempts report.

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::domain::clock::Timestamp;
use crate::domain::ids::JobId;
use crate::domain::job::{JobState, Lease, LogLevel, LogLimits, LogLine, LogSize, Renewal, Report};
use crate::store::sqlite::rows;
use crate::store::{Renewing, StoreError};

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
                append_log(transaction, lease.job, &report.lines, renewing.log_limits)?;
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

/// Adds lines to a job's log. In the place of the first one for which there is no room stands a
/// last one that says so.
pub(super) fn append_log(
    transaction: &Connection,
    job: JobId,
    lines: &[LogLine],
    limits: LogLimits,
) -> Result<(), StoreError> {
    if lines.is_empty() {
        return Ok(());
    }
    let mut size = log_size(transaction, job)?;
    for line in lines {
        if size.is_full(limits) {
            return Ok(());
        }
        size.lines += 1;
        size.bytes += line.message.len() as u64;
        if size.is_full(limits) {
            size.bytes = limits.bytes;
            append(transaction, job, size, &last_line(limits, line.at))?;
        } else {
            append(transaction, job, size, line)?;
        }
    }
    Ok(())
}

fn last_line(limits: LogLimits, at: Timestamp) -> LogLine {
    let message =
        format!("The job's log has reached its limit ({limits}); what follows is not kept.");
    LogLine { at, level: LogLevel::Warn, message }
}

/// Writes the line with which the log is so large.
fn append(
    transaction: &Connection,
    job: JobId,
    size: LogSize,
    line: &LogLine,
) -> Result<(), StoreError> {
    transaction.prepare_cached(include_str!("sql/append_log.sql"))?.execute(named_params! {
        ":id": job.as_bytes(), ":seq": size.lines, ":at": line.at.ms(),
        ":level": line.level.as_str(), ":message": line.message, ":total_bytes": size.bytes,
    })?;
    Ok(())
}

/// How much a job's log holds.
pub(super) fn log_size(connection: &Connection, job: JobId) -> Result<LogSize, StoreError> {
    let size = connection
        .prepare_cached(include_str!("sql/log_size.sql"))?
        .query_row(named_params! { ":id": job.as_bytes() }, |row| {
            Ok(LogSize { lines: row.get(0)?, bytes: row.get(1)? })
        })
        .optional()?;
    Ok(size.unwrap_or_default())
}
