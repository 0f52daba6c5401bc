//! Ending attempts: by their worker, or because their worker is gone. Every write is fenced.

use rusqlite::{Connection, named_params};

use crate::domain::clock::Timestamp;
use crate::domain::ids::{JobId, OrgId};
use crate::domain::job::{Diagnostic, Job, JobError, JobState, Lease, Outcome, Write};
use crate::store::sqlite::binding::bind;
use crate::store::sqlite::events::Events;
use crate::store::sqlite::writer::Guard;
use crate::store::sqlite::{assets, brands, documents, renew, rows, run_progress, webhooks};
use crate::store::{Claiming, Ending, Finished, Rescued, StoreError};

/// The code of a job whose worker vanished on its last attempt.
const WORKER_LOST: &str = "worker_lost";

/// The code of one whose remote worker took longer than the attempt may.
const TIMED_OUT: &str = "attempt_timed_out";

/// An end without rows beside it changes the job alone, or nothing when the lease is lost.
pub(super) fn guard(ending: &Ending, events: &Events) -> Guard {
    let writes = match &ending.outcome {
        Outcome::Completed { writes, .. } => !writes.is_empty(),
        _ => false,
    };
    // A step's end moves the others of its run along, and a webhook may be told. Who does not know
    // the job may end a step.
    let has_more =
        ending.claimed.as_ref().is_none_or(|job| job.step.is_some() || events.may_tell(job));
    if writes || has_more { Guard::Savepoint } else { Guard::Group }
}

/// Writes an attempt's end and its outcome's rows, if the lease still holds.
pub(super) fn finish(
    transaction: &Connection,
    ending: Ending,
    events: &Events,
) -> Result<Finished, StoreError> {
    let Ending { lease, claimed, outcome, diagnostics, report, log_limits, now } = ending;
    let ends_job = matches!(outcome, Outcome::Completed { .. } | Outcome::Failed { .. });
    if !ends_job {
        if !record_attempt(transaction, lease, outcome.as_str(), error_of(&outcome), now)? {
            return Ok(Finished::LeaseLost);
        }
        // Before the end: an attempt that is released is no longer counted after it.
        renew::append_log(transaction, lease.job, &report.lines, log_limits)?;
    }
    if !end(transaction, lease, &outcome, &diagnostics, now)? {
        return Ok(Finished::LeaseLost);
    }
    let job = match claimed {
        Some(claimed) => ended(&claimed, &outcome, diagnostics, now),
        None => find_ended(transaction, lease.job)?,
    };
    if ends_job {
        renew::append_log(transaction, lease.job, &report.lines, log_limits)?;
    }
    let mut result = None;
    if let Outcome::Completed { writes, step_result, .. } = outcome {
        // Files first: a brand may name one that stands after it.
        let (files, others): (Vec<_>, Vec<_>) =
            writes.into_iter().partition(|write| matches!(write, Write::Asset(_)));
        for write in files.into_iter().chain(others) {
            apply(transaction, job.org, job.id, write, now)?;
        }
        result = step_result;
    }
    let run = run_progress::follow(transaction, &job, result, now)?;
    let messages = events.tell(transaction, &job, run.as_ref(), now)?;
    Ok(Finished::Written { job: Box::new(job), run, messages })
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

/// What an attempt's end changes in its job's row.
struct Change<'outcome> {
    state: JobState,
    run_at: Option<Timestamp>,
    error: Option<&'outcome JobError>,
    /// An attempt that the server gave up at its own shutdown does not count.
    uncounted: bool,
    finished_at: Option<Timestamp>,
}

impl<'outcome> Change<'outcome> {
    fn of(outcome: &'outcome Outcome, now: Timestamp) -> Self {
        let (state, run_at) = match outcome {
            Outcome::Completed { .. } => (JobState::Completed, None),
            Outcome::Failed { .. } => (JobState::Failed, None),
            Outcome::Retry { run_at, .. } => {
                (JobState::Queued, Some(*run_at).filter(|at| *at > now))
            }
            Outcome::Released => (JobState::Queued, None),
        };
        Self {
            state,
            run_at,
            error: error_of(outcome),
            uncounted: matches!(outcome, Outcome::Released),
            finished_at: state.is_terminal().then_some(now),
        }
    }
}

/// Whether the lease held and the end is written.
fn end(
    transaction: &Connection,
    lease: Lease,
    outcome: &Outcome,
    diagnostics: &[Diagnostic],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Change { state, run_at, error, uncounted, finished_at } = Change::of(outcome, now);
    let (result, result_file) = match outcome {
        Outcome::Completed { result, .. } => rows::payload_columns(result),
        _ => (None, None),
    };
    let diagnostics = if diagnostics.is_empty() { None } else { to_json(diagnostics)? };
    let mut statement = transaction.prepare_cached(include_str!("sql/finish.sql"))?;
    let parameters = named_params! {
        ":state": state.as_str(), ":result": result, ":result_file": result_file,
        ":error_code": error.map(|error| &error.code),
        ":error_message": error.map(|error| &error.message), ":diagnostics": diagnostics,
        ":uncounted": uncounted, ":run_at": run_at.map(Timestamp::ms), ":now": now.ms(),
        ":finished_at": finished_at.map(Timestamp::ms), ":id": lease.job.as_bytes(),
        ":epoch": lease.epoch,
    };
    bind(&mut statement, parameters)?;
    Ok(statement.raw_execute()? == 1)
}

/// The job as its row is after `end`, made from what it was when it was claimed.
fn ended(claimed: &Job, outcome: &Outcome, diagnostics: Vec<Diagnostic>, now: Timestamp) -> Job {
    let Change { state, run_at, error, uncounted, finished_at } = Change::of(outcome, now);
    let result = match outcome {
        Outcome::Completed { result, .. } => Some(result.clone()),
        _ => None,
    };
    Job {
        state,
        run_at,
        error: error.cloned(),
        result,
        diagnostics,
        attempt: claimed.attempt - u16::from(uncounted),
        phase: None,
        progress: None,
        updated_at: now,
        finished_at,
        ..claimed.clone()
    }
}

fn find_ended(transaction: &Connection, id: JobId) -> Result<Job, StoreError> {
    let mut statement = transaction.prepare_cached(include_str!("sql/finish_find_job.sql"))?;
    let mut found = statement.query([id.as_bytes()])?;
    let row = found.next()?;
    row.ok_or_else(|| StoreError::Damaged("a job that ended and is not there".into()))
        .and_then(rows::job)
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
        Write::WebhookGone { id, endpoint_url } => {
            webhooks::note_gone(transaction, org, id, &endpoint_url, now)
        }
        Write::Brand { id, draft } => brands::absorb_draft(transaction, org, id, job, *draft, now),
        Write::Handoff(handoff) => documents::put_handoff(transaction, &handoff),
        Write::Insight(insight) => documents::put_insight(transaction, &insight),
        Write::Digest(digest) => documents::put_digest(transaction, &digest),
    }
}

/// Takes up to `limit` jobs from workers whose lease ran out.
pub(super) fn rescue_expired(
    transaction: &Connection,
    now: Timestamp,
    limit: usize,
    events: &Events,
) -> Result<Vec<Rescued>, StoreError> {
    let mut rescued = Vec::new();
    for Expired { lease, attempts_left, timed_out } in find_expired(transaction, now, limit)? {
        let (code, message) = if timed_out {
            let message = "The remote worker did not end the attempt within its time. Allow it \
                           more with `attempt_timeout_seconds`.";
            (TIMED_OUT, message)
        } else {
            let message = "The worker that ran this job stopped answering. Submit it again, or \
                           allow it more attempts.";
            (WORKER_LOST, message)
        };
        let error = JobError { code: code.to_owned(), message: message.to_owned() };
        record_attempt(transaction, lease, "lost", Some(&error), now)?;
        let outcome = if attempts_left {
            Outcome::Retry { error, run_at: now }
        } else {
            Outcome::Failed { error }
        };
        if end(transaction, lease, &outcome, &[], now)? {
            let job = find_ended(transaction, lease.job)?;
            let run = run_progress::follow(transaction, &job, None, now)?;
            events.tell(transaction, &job, run.as_ref(), now)?;
            rescued.push(Rescued { lease, job, run });
        }
    }
    Ok(rescued)
}

/// A lease that ran out.
struct Expired {
    lease: Lease,
    attempts_left: bool,
    /// The attempt had all of its time.
    timed_out: bool,
}

fn find_expired(
    transaction: &Connection,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<Expired>, StoreError> {
    let mut statement = transaction.prepare_cached(include_str!("sql/rescue_expired.sql"))?;
    let parameters = named_params! {
        ":now": now.ms(), ":limit": i64::try_from(limit).unwrap_or(i64::MAX),
        ":local": Claiming::LOCAL,
    };
    let found = statement.query_map(parameters, |row| {
        let lease = Lease { job: JobId::from_bytes(row.get(0)?), epoch: row.get(1)? };
        Ok(Expired { lease, attempts_left: row.get(2)?, timed_out: row.get(3)? })
    })?;
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
