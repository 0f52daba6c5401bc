//! What a step's change means for its run: the steps that wait for it, and the run's own state.
//!
//! Called in the transaction that changes the step, so no process is needed that moves runs along
//! and could die. A job that is no step costs nothing here. Never: a step due before all that it
//! waits for has completed.

use rusqlite::{Connection, OptionalExtension as _, named_params};
use serde_json::{Map, Value};

use crate::domain::asset::stored_path;
use crate::domain::clock::Timestamp;
use crate::domain::ids::{BrandId, JobId, OrgId, RunId};
use crate::domain::job::{Job, JobError, JobState};
use crate::domain::plan::{InputMap, Unresolved};
use crate::domain::run::{DEPENDENCY_FAILED, INPUT_UNRESOLVED, RunNews, RunState};
use crate::store::StoreError;
use crate::store::sqlite::{brands, rows};

/// Notes that a step of `run` was claimed.
pub(super) fn begin(
    transaction: &Connection,
    run: RunId,
    now: Timestamp,
) -> Result<(), StoreError> {
    transaction
        .prepare_cached(include_str!("sql/claim_begin_step.sql"))?
        .execute(named_params! { ":id": run.as_bytes(), ":now": now.ms() })?;
    Ok(())
}

/// Moves the run along to where `job` is now; `None` for a job that is no step. `result` is what
/// a completed one passes on.
pub(super) fn follow(
    transaction: &Connection,
    job: &Job,
    result: Option<Map<String, Value>>,
    now: Timestamp,
) -> Result<Option<RunNews>, StoreError> {
    let Some((run, step)) = &job.step else { return Ok(None) };
    let ended = match job.state {
        JobState::Completed => {
            pass_on(transaction, job.org, (job.id, step), result.unwrap_or_default(), now)?
        }
        JobState::Failed | JobState::Cancelled => skip_dependants(transaction, job.id, step, now)?,
        JobState::Blocked | JobState::Queued | JobState::Processing => Vec::new(),
    };
    let state = roll_up(transaction, *run, now)?;
    Ok(Some(RunNews { run: *run, state, ended }))
}

/// Gives those who wait for the completed `step` what they take from its result; who waits for
/// nobody else is due. The steps that ended, because what they take is not there.
pub(super) fn pass_on(
    transaction: &Connection,
    org: OrgId,
    (parent, step): (JobId, &str),
    mut result: Map<String, Value>,
    now: Timestamp,
) -> Result<Vec<Job>, StoreError> {
    let dependants = dependants(transaction, parent)?;
    if dependants.iter().any(|(_, takes)| takes.values().any(|path| path.head() == BRAND)) {
        add_brand(transaction, org, &mut result)?;
    }
    let mut ended = Vec::new();
    for (id, takes) in dependants {
        let taken: Result<Map<_, _>, _> = takes
            .iter()
            .map(|(field, path)| Ok((field.clone(), path.take(field, step, &result)?)))
            .collect();
        match taken {
            Ok(mapped) => release(transaction, id, parent, &mapped, now)?,
            Err(unresolved) => ended.extend(fail(transaction, id, unresolved, now)?),
        }
    }
    Ok(ended)
}

/// Who waits for a step, with what they take from it.
fn dependants(
    transaction: &Connection,
    parent: JobId,
) -> Result<Vec<(JobId, InputMap)>, StoreError> {
    let mut statement =
        transaction.prepare_cached(include_str!("sql/finish_find_dependants.sql"))?;
    let mut found = statement.query(named_params! { ":id": parent.as_bytes() })?;
    let mut dependants = Vec::new();
    while let Some(row) = found.next()? {
        let mut columns = rows::Columns::of(row);
        dependants.push((columns.id(JobId::from_bytes)?, columns.json()?));
    }
    Ok(dependants)
}

/// The member of a result under which the brand that it names can be read.
const BRAND: &str = "brand";

/// Puts the brand that a result names by its `brand_id` beside it.
fn add_brand(
    transaction: &Connection,
    org: OrgId,
    result: &mut Map<String, Value>,
) -> Result<(), StoreError> {
    let id: Option<BrandId> =
        result.get("brand_id").and_then(Value::as_str).and_then(|id| id.parse().ok());
    let Some(id) = id.filter(|_| !result.contains_key(BRAND)) else { return Ok(()) };
    let Some(brand) = brands::find(transaction, org, id)? else { return Ok(()) };
    // A foreign key holds: a file that is deleted is none of the brand's any more.
    let (logo, font) = (brand.logo.map(stored_path), brand.font.map(stored_path));
    let document = brand.document(logo.as_deref(), font.as_deref());
    result.insert(BRAND.to_owned(), Value::Object(document));
    Ok(())
}

/// One dependency less for the step `id`.
fn release(
    transaction: &Connection,
    id: JobId,
    parent: JobId,
    mapped: &Map<String, Value>,
    now: Timestamp,
) -> Result<(), StoreError> {
    if !mapped.is_empty() {
        transaction.prepare_cached(include_str!("sql/finish_pass.sql"))?.execute(
            named_params! {
                ":job_id": id.as_bytes(), ":depends_on": parent.as_bytes(),
                ":mapped": rows::text(mapped)?,
            },
        )?;
    }
    let pending: Option<u32> = transaction
        .prepare_cached(include_str!("sql/finish_unblock.sql"))?
        .query_row(named_params! { ":id": id.as_bytes() }, |row| row.get(0))
        .optional()?;
    if pending != Some(0) {
        return Ok(());
    }
    let mapped = all_mapped(transaction, id)?;
    let mapped = if mapped.is_empty() { None } else { Some(rows::text(&mapped)?) };
    transaction
        .prepare_cached(include_str!("sql/finish_queue_step.sql"))?
        .execute(named_params! { ":id": id.as_bytes(), ":mapped": mapped, ":now": now.ms() })?;
    Ok(())
}

/// What all the steps that `id` waited for passed to it.
fn all_mapped(transaction: &Connection, id: JobId) -> Result<Map<String, Value>, StoreError> {
    let mut statement = transaction.prepare_cached(include_str!("sql/finish_find_mapped.sql"))?;
    let mut found = statement.query(named_params! { ":id": id.as_bytes() })?;
    let mut all = Map::new();
    while let Some(row) = found.next()? {
        all.append(&mut rows::Columns::of(row).json()?);
    }
    Ok(all)
}

/// Ends a waiting step that cannot be given what it takes, and with it those that wait for it.
fn fail(
    transaction: &Connection,
    id: JobId,
    unresolved: Unresolved,
    now: Timestamp,
) -> Result<Vec<Job>, StoreError> {
    let error = JobError { code: INPUT_UNRESOLVED.to_owned(), message: unresolved.message };
    let mut statement = transaction.prepare_cached(include_str!("sql/finish_fail_step.sql"))?;
    let mut ended = rows::jobs(statement.query(named_params! {
        ":id": id.as_bytes(), ":error_code": error.code, ":error_message": error.message,
        ":now": now.ms(),
    })?)?;
    let step = ended.first().and_then(|job| job.step.as_ref()).map(|(_, step)| step.clone());
    if let Some(step) = step {
        ended.extend(skip_dependants(transaction, id, &step, now)?);
    }
    Ok(ended)
}

/// Ends all that wait for a step which did not complete.
fn skip_dependants(
    transaction: &Connection,
    id: JobId,
    step: &str,
    now: Timestamp,
) -> Result<Vec<Job>, StoreError> {
    let message = format!("The step `{step}`, for which this one waited, did not complete.");
    let mut statement =
        transaction.prepare_cached(include_str!("sql/finish_skip_dependants.sql"))?;
    rows::jobs(statement.query(named_params! {
        ":id": id.as_bytes(), ":error_code": DEPENDENCY_FAILED, ":error_message": message,
        ":now": now.ms(),
    })?)
}

/// Makes the run's state what its steps are.
pub(super) fn roll_up(
    transaction: &Connection,
    run: RunId,
    now: Timestamp,
) -> Result<RunState, StoreError> {
    let state: Option<String> = transaction
        .prepare_cached(include_str!("sql/finish_roll_up.sql"))?
        .query_row(named_params! { ":id": run.as_bytes(), ":now": now.ms() }, |row| row.get(0))
        .optional()?;
    let state =
        state.ok_or_else(|| StoreError::Damaged("a step that outlives its run".to_owned()))?;
    rows::word(&state)
}
