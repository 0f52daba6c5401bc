//! Storing a run: its row, a job for each step, and who waits for whom.
//!
//! A step that takes over the end of an earlier run's job is stored as ended, and then passed on
//! as if it had ended just now. Never: a run of which only a part is stored.

use std::collections::BTreeSet;

use rusqlite::{Connection, named_params};

use crate::domain::audit::AuditAction;
use crate::domain::clock::{Timestamp, millis};
use crate::domain::ids::{JobId, RunId};
use crate::domain::job::{JobState, NewJob};
use crate::domain::run::{EnqueuedRun, NewRun, NewStep, PlannedStep};
use crate::store::StoreError;
use crate::store::sqlite::audit::{self, Note};
use crate::store::sqlite::enqueue::{self, KnownKey, Standing};
use crate::store::sqlite::events::Events;
use crate::store::sqlite::{assets, rows, run_progress};

/// Stores `run`, unless something stands against it.
pub(super) fn enqueue(
    transaction: &Connection,
    run: NewRun,
    now: Timestamp,
    queue_limit: u64,
    events: &Events,
) -> Result<EnqueuedRun, StoreError> {
    if let Some(key) = &run.idempotency
        && let Some(known) = enqueue::find_key(transaction, run.org, key, now)?
    {
        return Ok(match known {
            KnownKey::SameBody(answer) => EnqueuedRun::Replayed(answer),
            KnownKey::AnotherBody => EnqueuedRun::KeyMismatch,
        });
    }
    if let Some(gone) = find_gone(transaction, &run)? {
        return Ok(EnqueuedRun::StepGone(gone.id.clone()));
    }
    let further = run.steps.iter().filter(|step| step.reuses.is_none()).count() as u64;
    if Standing::read(transaction, run.org)?.unfinished + further > queue_limit {
        return Ok(EnqueuedRun::QueueFull);
    }
    insert_run(transaction, &run, now)?;
    for step in &run.steps {
        insert_step(transaction, run.id, step, now)?;
    }
    for step in &run.steps {
        insert_dependencies(transaction, &run, step)?;
    }
    if let Some(key) = &run.idempotency {
        enqueue::store_key(transaction, run.org, key, now)?;
    }
    if let Some(author) = run.retried_by {
        let note = Note::of(AuditAction::RunRetried, run.org, &run.id);
        audit::note(transaction, author, now, &note.again(run.retry_of))?;
    }
    let NewRun { id, org, steps, .. } = run;
    for NewStep { id: step, job, reuses, .. } in steps {
        if let Some(result) = reuses {
            let ended = run_progress::pass_on(transaction, org, (job.id, &step), result, now)?;
            for step in &ended {
                events.tell(transaction, step, None, now)?;
            }
        }
    }
    let state = run_progress::roll_up(transaction, id, now)?;
    events.tell_of_run(transaction, org, id, state, now)?;
    Ok(EnqueuedRun::Created(id))
}

/// A step whose job was to be used again and is not there any more.
fn find_gone<'a>(
    transaction: &Connection,
    run: &'a NewRun,
) -> Result<Option<&'a NewStep>, StoreError> {
    for step in run.steps.iter().filter(|step| step.reuses.is_some()) {
        let found = transaction
            .prepare_cached(include_str!("sql/enqueue_run_find_reused.sql"))?
            .query_row(
                named_params! {
                    ":id": step.job.retry_of.as_ref().map(JobId::as_bytes),
                    ":org_id": run.org.as_bytes(),
                },
                |row| row.get::<_, bool>(0),
            )?;
        if !found {
            return Ok(Some(step));
        }
    }
    Ok(None)
}

fn insert_run(transaction: &Connection, run: &NewRun, now: Timestamp) -> Result<(), StoreError> {
    let name = |place: &usize| run.steps.get(*place).map(|step| step.id.clone());
    let plan: Vec<PlannedStep> = run
        .steps
        .iter()
        .map(|step| PlannedStep {
            id: step.id.clone(),
            action: step.job.action.clone(),
            job: step.job.id,
            depends_on: step.depends_on.iter().filter_map(name).collect(),
            takes: step
                .takes
                .iter()
                .filter_map(|(place, fields)| Some((name(place)?, fields.clone())))
                .collect(),
            ended: None,
        })
        .collect();
    transaction.prepare_cached(include_str!("sql/enqueue_run.sql"))?.execute(named_params! {
        ":id": run.id.as_bytes(), ":org_id": run.org.as_bytes(), ":steps": rows::text(&plan)?,
        ":metadata": run.metadata.as_ref().map(rows::text).transpose()?,
        ":retry_of": run.retry_of.as_ref().map(RunId::as_bytes), ":now": now.ms(),
    })?;
    Ok(())
}

fn insert_step(
    transaction: &Connection,
    run: RunId,
    step: &NewStep,
    now: Timestamp,
) -> Result<(), StoreError> {
    let job = &step.job;
    if step.reuses.is_some() {
        transaction.prepare_cached(include_str!("sql/enqueue_run_reuse.sql"))?.execute(
            named_params! {
                ":id": job.id.as_bytes(), ":run_id": run.as_bytes(), ":step_id": step.id,
                ":reused": job.retry_of.as_ref().map(JobId::as_bytes),
            },
        )?;
    } else {
        insert_job(transaction, run, step, now)?;
    }
    if let Some(earlier) = job.retry_of {
        assets::share_all(transaction, job.org, earlier, job.id, now)?;
    }
    for asset in &job.assets {
        assets::insert(transaction, job.org, Some(job.id), asset.clone(), now)?;
    }
    Ok(())
}

fn insert_job(
    transaction: &Connection,
    run: RunId,
    step: &NewStep,
    now: Timestamp,
) -> Result<(), StoreError> {
    let NewStep { id: step_id, job, .. } = step;
    let NewJob { input, echo, .. } = job;
    let (input, input_file) = rows::payload_columns(input);
    let waits_for = parents(step).len();
    let state = if waits_for == 0 { JobState::Queued } else { JobState::Blocked };
    transaction.prepare_cached(include_str!("sql/enqueue_run_step.sql"))?.execute(
        named_params! {
            ":id": job.id.as_bytes(), ":org_id": job.org.as_bytes(), ":action": job.action,
            ":internal": job.internal, ":state": state.as_str(), ":priority": job.priority,
            ":input": input, ":input_file": input_file, ":echo": rows::text(echo)?,
            ":max_attempts": job.max_attempts,
            ":attempt_timeout_ms": millis(job.attempt_timeout),
            ":retry_of": job.retry_of.as_ref().map(JobId::as_bytes),
            ":run_id": run.as_bytes(), ":step_id": step_id,
            ":pending_dependencies": waits_for, ":now": now.ms(),
        },
    )?;
    Ok(())
}

/// The steps that a step waits for: those that it names, and those that it takes from.
fn parents(step: &NewStep) -> BTreeSet<usize> {
    step.depends_on.iter().chain(step.takes.keys()).copied().collect()
}

fn insert_dependencies(
    transaction: &Connection,
    run: &NewRun,
    step: &NewStep,
) -> Result<(), StoreError> {
    // Nothing that has ended waits.
    if step.reuses.is_some() {
        return Ok(());
    }
    let mut insert = transaction.prepare_cached(include_str!("sql/enqueue_run_dependency.sql"))?;
    for place in parents(step) {
        let parent = run.steps.get(place).ok_or_else(|| {
            StoreError::Damaged(format!("a run whose step `{}` waits for nobody", step.id))
        })?;
        let takes = step.takes.get(&place).map_or_else(|| Ok("{}".to_owned()), rows::text)?;
        insert.execute(named_params! {
            ":job_id": step.job.id.as_bytes(), ":depends_on": parent.job.id.as_bytes(),
            ":takes": takes,
        })?;
    }
    Ok(())
}
