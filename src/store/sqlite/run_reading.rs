//! Runs as they are, each with the jobs of its steps.

use rusqlite::{Connection, Row, named_params};

use crate::domain::clock::Timestamp;
use crate::domain::ids::{OrgId, RunId};
use crate::domain::job::Job;
use crate::domain::run::{PlannedStep, Run, RunState, RunStep};
use crate::store::sqlite::{reading, rows};
use crate::store::{JobFilter, RunCursor, RunFilter, RunPage, StoreError};

/// The run of `org`.
pub(super) fn find(
    connection: &Connection,
    org: OrgId,
    id: RunId,
) -> Result<Option<Run>, StoreError> {
    // One snapshot for both reads, so that run and steps agree. Nothing is written in it.
    let snapshot = connection.unchecked_transaction()?;
    let mut statement = snapshot.prepare_cached(include_str!("sql/run.sql"))?;
    let mut found =
        statement.query(named_params! { ":id": id.as_bytes(), ":org_id": org.as_bytes() })?;
    let Some(mut run) = found.next()?.map(run).transpose()? else { return Ok(None) };
    let mut statement = snapshot.prepare_cached(include_str!("sql/run_find_jobs.sql"))?;
    let jobs = rows::jobs(statement.query(named_params! { ":id": id.as_bytes() })?)?;
    assign(&mut run, jobs);
    Ok(Some(run))
}

/// A page of runs.
pub(super) fn list(connection: &Connection, filter: &RunFilter) -> Result<RunPage, StoreError> {
    let snapshot = connection.unchecked_transaction()?;
    let parameters = named_params! {
        ":org_id": filter.org.as_bytes(),
        ":cursor": filter.cursor.as_ref().map(|cursor| cursor.0.as_bytes()),
        ":states": reading::words(filter.states.iter().map(|state| state.as_str()).collect()),
        ":created_after": filter.created_after.map(Timestamp::ms),
        ":created_before": filter.created_before.map(Timestamp::ms),
        ":limit": i64::try_from(filter.limit + 1).unwrap_or(i64::MAX),
    };
    let mut runs = rows::all(&snapshot, include_str!("sql/runs.sql"), parameters, run)?;
    let next = rows::cut(&mut runs, filter.limit).map(|last| RunCursor(last.id));
    for run in &mut runs {
        let jobs = reading::list(&snapshot, &steps_of(run))?.jobs;
        assign(run, jobs);
    }
    Ok(RunPage { runs, next })
}

fn steps_of(run: &Run) -> JobFilter {
    JobFilter {
        org: run.org,
        states: Vec::new(),
        actions: Vec::new(),
        run: Some(run.id),
        error_text: None,
        created_after: None,
        created_before: None,
        cursor: None,
        limit: run.steps.len(),
    }
}

/// A run whose steps have no jobs yet.
fn run(row: &Row<'_>) -> Result<Run, StoreError> {
    let mut columns = rows::Columns::of(row);
    Ok(Run {
        id: columns.id(RunId::from_bytes)?,
        org: columns.id(OrgId::from_bytes)?,
        state: rows::word::<RunState>(&columns.next::<String>()?)?,
        steps: columns
            .json::<Vec<PlannedStep>>()?
            .into_iter()
            .map(|plan| RunStep { plan, job: None })
            .collect(),
        metadata: columns.maybe_json()?,
        retry_of: columns.maybe_id(RunId::from_bytes)?,
        created_at: columns.at()?,
        updated_at: columns.at()?,
        finished_at: columns.maybe_at()?,
    })
}

fn assign(run: &mut Run, jobs: Vec<Job>) {
    for job in jobs {
        if let Some(step) = run.steps.iter_mut().find(|step| step.plan.job == job.id) {
            step.job = Some(job);
        }
    }
}
