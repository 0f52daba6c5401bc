//! Ending attempts: by their worker, or because their worker is gone. Every write is fenced.

use rusqlite::{Connection, named_params};

use crate::domain::clock::Timestamp;
use crate::domain::ids::{JobId, OrgId};
use crate::domain::job::{Diagnostic, Job, JobError, JobState, Lease, Outcome, Write};
use crate::store::sqlite::writer::Guard;
use crate::store::sqlite::{assets, brands, renew, rows};
use crate::store::{Claiming, Ending, Finished, StoreError};

/// The code of a job whose worker vanished on its last attempt.
const WORKER_LOST: &str = "worker_lost";

/// An end without rows beside it changes the job alone, or nothing when the lease is lost.
pub(super) fn guard(ending: &Ending) -> Guard {
    match &ending.outcome {
        Outcome::Completed { writes, .. } if !writes.is_empty() => Guard::Savepoint,
        _ => Guard::Group,
    }
}

/// Writes an attempt's end and its outcome's rows, if the lease still holds.
pub(super) fn finish(transaction: &Connection, ending: Ending) -> Result<Finished, StoreError> {
    let Ending { lease, outcome, diagnostics, report, now } = ending;
    let ends_job = matches!(outcome, Outcome::Completed { .. } | Outcome::Failed { .. });
    if !ends_job {
        if !record_attempt(transaction, lease, outcome.as_str(), error_of(&outcome), now)? {
            return Ok(Finished::LeaseLost);
        }
        // Before the end: an attempt that is released is no longer counted after it.
        renew::append_log(transaction, lease.job, &report.lines)?;
    }
    let Some(job) = end(transaction, lease, &outcome, &diagnostics, now)? else {
        return Ok(Finished::LeaseLost);
    };
    if ends_job {
        renew::append_log(transaction, lease.job, &report.lines)?;
    }
    if let Outcome::Completed { writes, .. } = outcome {
        // Files first: a brand may name one that stands after it.
        let (files, others): (Vec<_>, Vec<_>) =
            writes.into_iter().partition(|write| matches!(write, Write::Asset(_)));
        for write in files.into_iter().chain(others) {
            apply(transaction, job.org, job.id, write, now)?;
        }
    }
    Ok(Finished::Written(Box::new(job)))
}

/// Records an attempt that does not end its job; whether its lease held.
fn record_attempt(
    transaction: &Connection,
    lease: Lease,
    outcome: &str,
    error: Option<&JobError>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let mut statement = transaction.prepare_cached(include_str!("sql/record_attempt.sql"))?;
    let recorded = statement.execute(named_params! {
        ":id": lease.job.as_bytes(), ":epoch": lease.epoch, ":outcome": outcome,
        ":error_code": error.map(|error| &error.code),
        ":error_message": error.map(|error| &error.message), ":now": now.ms(),
    })?;
    Ok(recorded == 1)
}

fn end(
    transaction: &Connection,
    lease: Lease,
    outcome: &Outcome,
    diagnostics: &[Diagnostic],
    now: Timestamp,
) -> Result<Option<Job>, StoreError> {
    let (state, run_at) = match outcome {
        Outcome::Completed { .. } => (JobState::Completed, None),
        Outcome::Failed { .. } => (JobState::Failed, None),
        Outcome::Retry { run_at, .. } => (JobState::Queued, Some(*run_at).filter(|at| *at > now)),
        Outcome::Released => (JobState::Queued, None),
    };
    let (result, result_file) = match outcome {
        Outcome::Completed { result, .. } => rows::payload_columns(result),
        _ => (None, None),
    };
    let error = error_of(outcome);
    let diagnostics = if diagnostics.is_empty() { None } else { to_json(diagnostics)? };
    let mut statement = transaction.prepare_cached(include_str!("sql/finish.sql"))?;
    let mut ended = statement.query(named_params! {
        ":id": lease.job.as_bytes(), ":epoch": lease.epoch, ":state": state.as_str(),
        ":result": result, ":result_file": result_file,
        ":error_code": error.map(|error| &error.code),
        ":error_message": error.map(|error| &error.message), ":diagnostics": diagnostics,
        // An attempt that the server gave up at its own shutdown does not count.
        ":uncounted": matches!(outcome, Outcome::Released), ":run_at": run_at.map(Timestamp::ms),
        ":finished_at": state.is_terminal().then_some(now.ms()), ":now": now.ms(),
    })?;
    let job = ended.next()?.map(rows::job).transpose()?;
    // The statement must be stepped to its end, or its write stays open.
    while job.is_some() && ended.next()?.is_some() {}
    Ok(job)
}

fn to_json(diagnostics: &[Diagnostic]) -> Result<Option<String>, StoreError> {
    serde_json::to_string(diagnostics)
        .map(Some)
        .map_err(|error| StoreError::Damaged(error.to_string()))
}

const fn error_of(outcome: &Outcome) -> Option<&JobError> {
    match outcome {
        Outcome::Retry { error, .. } | Outcome::Failed { error } => Some(error),
        Outcome::Completed { .. } | Outcome::Released => None,
    }
}

fn apply(
    transaction: &Connection,
    org: OrgId,
    job: JobId,
    write: Write,
    now: Timestamp,
) -> Result<(), StoreError> {
    match write {
        Write::Asset(asset) => assets::insert(transaction, org, Some(job), asset, now),
        Write::Brand { id, draft } => brands::absorb_draft(transaction, org, id, job, *draft, now),
    }
}

/// Takes up to `limit` jobs from workers whose lease ran out.
pub(super) fn rescue_expired(
    transaction: &Connection,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<Job>, StoreError> {
    let mut rescued = Vec::new();
    for (lease, attempts_left) in find_expired(transaction, now, limit)? {
        let error = JobError {
            code: WORKER_LOST.to_owned(),
            message: "The worker that ran this job stopped answering. Submit it again, or allow \
                      it more attempts."
                .to_owned(),
        };
        record_attempt(transaction, lease, "lost", Some(&error), now)?;
        let outcome = if attempts_left {
            Outcome::Retry { error, run_at: now }
        } else {
            Outcome::Failed { error }
        };
        rescued.extend(end(transaction, lease, &outcome, &[], now)?);
    }
    Ok(rescued)
}

fn find_expired(
    transaction: &Connection,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<(Lease, bool)>, StoreError> {
    let mut statement = transaction.prepare_cached(include_str!("sql/rescue_expired.sql"))?;
    let found = statement.query_map(
        named_params! { ":now": now.ms(), ":limit": i64::try_from(limit).unwrap_or(i64::MAX) },
        |row| {
            let lease = Lease { job: JobId::from_bytes(row.get(0)?), epoch: row.get(1)? };
            Ok((lease, row.get::<_, u16>(2)? < row.get::<_, u16>(3)?))
        },
    )?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Ends the leases of this process's predecessor.
pub(super) fn expire_local_leases(
    transaction: &Connection,
    now: Timestamp,
) -> Result<usize, StoreError> {
    Ok(transaction
        .prepare_cached(include_str!("sql/expire_local_leases.sql"))?
        .execute(named_params! { ":now": now.ms(), ":worker": Claiming::LOCAL })?)
}
