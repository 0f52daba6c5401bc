//! Firing a schedule: what it submits and its next moment, in one transaction.

use rusqlite::{Connection, named_params};

use crate::domain::audit::Author;
use crate::domain::clock::Timestamp;
use crate::domain::ids::OrgId;
use crate::domain::job::Enqueued;
use crate::domain::run::EnqueuedRun;
use crate::domain::schedule::{Fired, Overlap, Schedule, Submission};
use crate::store::sqlite::events::Events;
use crate::store::sqlite::{cancel, enqueue, run_enqueue, runs};
use crate::store::{Firing, FiringEnd, StoreError};

/// Why a firing with the policy `skip` is left out.
const GOES_ON: &str = "what the firing before it brought had not ended";

/// Submits what `firing` does, unless the schedule is not any more as it was read, and notes the
/// next moment.
pub(super) fn fire(
    transaction: &Connection,
    firing: Firing,
    events: &Events,
) -> Result<FiringEnd, StoreError> {
    let Firing { schedule, submissions, missed, skip_reason, next_at, now, queue_limit } = firing;
    let mut end = FiringEnd { skipped: missed, skip_reason, ..FiringEnd::default() };
    if !is_as_read(transaction, &schedule)? {
        return Ok(FiringEnd::default());
    }
    let mut last = schedule.last;
    for submission in submissions {
        let underway = match last {
            Some(last) if goes_on(transaction, schedule.org, last)? => Some(last),
            _ => None,
        };
        match (schedule.overlap, underway) {
            (Overlap::Skip, Some(_)) => {
                end.skipped += 1;
                end.skip_reason = Some(GOES_ON.to_owned());
                continue;
            }
            (Overlap::Replace, Some(underway)) => {
                make_room(transaction, schedule.org, underway, now, events, &mut end)?;
            }
            _ => {}
        }
        match submit(transaction, submission, now, queue_limit, events)? {
            Ok(fired) => {
                end.fired.push(fired);
                end.skip_reason = None;
                last = Some(fired);
            }
            Err(reason) => {
                end.skipped += 1;
                end.skip_reason = Some(reason.to_owned());
            }
        }
    }
    let (last_job, last_run) = match &last {
        Some(Fired::Job(id)) => (Some(id.as_bytes()), None),
        Some(Fired::Run(id)) => (None, Some(id.as_bytes())),
        None => (None, None),
    };
    transaction.prepare_cached(include_str!("sql/fire.sql"))?.execute(named_params! {
        ":id": schedule.id.as_bytes(), ":next_at": next_at.map(Timestamp::ms),
        ":last_at": (!end.fired.is_empty()).then(|| now.ms()),
        ":last_job": last_job, ":last_run": last_run, ":skip_reason": end.skip_reason,
        ":skipped": i64::try_from(end.skipped).unwrap_or(i64::MAX),
    })?;
    Ok(end)
}

/// Whether nobody has changed or fired the schedule since it was read.
fn is_as_read(transaction: &Connection, schedule: &Schedule) -> Result<bool, StoreError> {
    Ok(transaction.prepare_cached(include_str!("sql/fire_find.sql"))?.query_row(
        named_params! {
            ":id": schedule.id.as_bytes(), ":next_at": schedule.next_at.map(Timestamp::ms),
            ":updated_at": schedule.updated_at.ms(),
        },
        |row| row.get(0),
    )?)
}

/// Whether what a firing brought has not ended.
fn goes_on(transaction: &Connection, org: OrgId, last: Fired) -> Result<bool, StoreError> {
    let (job, run) = match &last {
        Fired::Job(id) => (Some(id.as_bytes()), None),
        Fired::Run(id) => (None, Some(id.as_bytes())),
    };
    Ok(transaction.prepare_cached(include_str!("sql/fire_find_last.sql"))?.query_row(
        named_params! { ":job": job, ":run": run, ":org_id": org.as_bytes() },
        |row| row.get(0),
    )?)
}

/// Cancels what the firing before brought.
fn make_room(
    transaction: &Connection,
    org: OrgId,
    underway: Fired,
    now: Timestamp,
    events: &Events,
    end: &mut FiringEnd,
) -> Result<(), StoreError> {
    match underway {
        Fired::Job(id) => {
            end.cancelled.extend(cancel::cancel(
                transaction,
                org,
                id,
                now,
                Author::SERVER,
                events,
            )?);
        }
        Fired::Run(id) => {
            let cancelled = runs::cancel(transaction, org, id, now, Author::SERVER, events)?;
            end.cancelled_runs.extend(cancelled.map(|cancelled| (id, cancelled)));
        }
    }
    Ok(())
}

/// What was submitted, or why nothing was.
fn submit(
    transaction: &Connection,
    submission: Submission,
    now: Timestamp,
    queue_limit: u64,
    events: &Events,
) -> Result<Result<Fired, &'static str>, StoreError> {
    const FULL: &str = "the organization had as many unfinished jobs as it may";
    Ok(match submission {
        Submission::Job(job) => {
            let (enqueued, _) =
                enqueue::enqueue_and_claim(transaction, vec![*job], now, queue_limit, None)?;
            match enqueued.into_iter().next() {
                Some(Enqueued::Created(id)) => Ok(Fired::Job(id)),
                Some(Enqueued::UniqueJobExists(_)) => Err("an unfinished job had its `unique_key`"),
                _ => Err(FULL),
            }
        }
        Submission::Run(run) => {
            match run_enqueue::enqueue(transaction, *run, now, queue_limit, events)? {
                EnqueuedRun::Created(id) => Ok(Fired::Run(id)),
                _ => Err(FULL),
            }
        }
    })
}
