//! A run as a Pi client sees it.

use serde_json::{Map, Value, json};

use crate::domain::clock::Timestamp;
use crate::domain::job::{Job, JobState};
use crate::domain::run::{DEPENDENCY_FAILED, NewRun, Run, RunState, RunStep};

/// A run, and what is known of its steps beside their rows.
#[derive(Debug)]
pub(crate) struct RunView<'a> {
    /// The run.
    pub(crate) run: &'a Run,
    /// The result of each step, `None` for one that has none; `None` in a list.
    pub(crate) results: Option<Vec<Option<Map<String, Value>>>>,
}

impl RunView<'_> {
    /// The members of `data`.
    pub(crate) fn members(self) -> Map<String, Value> {
        let Self { run, results } = self;
        let mut steps: Vec<Map<String, Value>> =
            run.steps.iter().map(|step| step_members(step, run.state)).collect();
        if let Some(results) = results {
            for ((members, step), result) in steps.iter_mut().zip(&run.steps).zip(results) {
                let mapped = step.job.as_ref().map(|job| &job.mapped);
                members.insert("mapped".to_owned(), json!(mapped.unwrap_or(&Map::new())));
                members.insert("result".to_owned(), json!(result));
            }
        }
        let mut data = members([
            ("id", json!(run.id)),
            ("run_id", json!(run.id)),
            ("org_id", json!(run.org)),
            ("status", json!(run.state.as_str())),
            ("steps", json!(steps)),
            ("metadata", json!(run.metadata)),
            ("created_at", json!(run.created_at.unix())),
            ("updated_at", json!(run.updated_at.unix())),
            ("completed_at", json!(run.finished_at.map(Timestamp::unix))),
        ]);
        if let Some(earlier) = run.retry_of {
            data.insert("retry_of".to_owned(), json!(earlier));
        }
        data
    }
}

fn members<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn step_members(step: &RunStep, run: RunState) -> Map<String, Value> {
    let RunStep { plan, job } = step;
    let job = job.as_ref();
    let moment = |at: fn(&Job) -> Option<Timestamp>| json!(job.and_then(at).map(Timestamp::unix));
    let error = job.filter(|job| job.state.is_terminal()).and_then(|job| job.error.as_ref());
    members([
        ("id", json!(plan.id)),
        ("action", json!(plan.action)),
        ("status", json!(step_status(step, run))),
        ("depends_on", json!(plan.depends_on)),
        ("job_id", json!(plan.job)),
        ("error", json!(error.map(|error| &error.message))),
        ("error_code", json!(error.map(|error| &error.code))),
        ("started_at", moment(|job| job.started_at)),
        ("completed_at", moment(|job| job.finished_at)),
        ("attempt", json!(job.map_or(0, |job| job.attempt))),
    ])
}

/// The step's word, read from its job.
pub(crate) fn step_status(step: &RunStep, run: RunState) -> &'static str {
    let state = match &step.job {
        Some(job) if was_skipped(job, run) => return "skipped",
        Some(job) => job.state,
        // Deleted since; how it ended was noted.
        None => match step.plan.ended {
            Some(JobState::Cancelled) | None => return "skipped",
            Some(state) => state,
        },
    };
    match state {
        JobState::Blocked => "pending",
        JobState::Queued => "queued",
        JobState::Processing => "processing",
        JobState::Completed => "completed",
        JobState::Failed | JobState::Cancelled => "failed",
    }
}

/// Whether a step never ran because another one failed or the run was cancelled, and not because
/// somebody cancelled its own job.
fn was_skipped(job: &Job, run: RunState) -> bool {
    let waited_in_vain = job.error.as_ref().is_some_and(|error| error.code == DEPENDENCY_FAILED);
    job.state == JobState::Cancelled
        && job.started_at.is_none()
        && (waited_in_vain || run == RunState::Cancelled)
}

/// The `data` of the answer to a run that was accepted.
pub(crate) fn accepted_run(run: &NewRun) -> Value {
    let steps: Vec<Value> = run
        .steps
        .iter()
        .map(|step| {
            let status = if step.reuses.is_some() { "completed" } else { "pending" };
            json!({ "id": step.id, "status": status })
        })
        .collect();
    json!({ "run_id": run.id, "status": RunState::Pending.as_str(), "steps": steps })
}
