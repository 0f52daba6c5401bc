//! A schedule as a Pi client sees it.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::domain::clock::Timestamp;
use crate::domain::schedule::{Fired, Schedule, Task, TaskJob, TaskStep};

/// The members of a schedule in a list.
pub(crate) fn schedule(schedule: &Schedule) -> Map<String, Value> {
    let Schedule {
        id,
        org,
        name,
        cron,
        time_zone,
        task,
        overlap,
        catch_up,
        is_active,
        next_at,
        last_at,
        last,
        skip_reason,
        skipped,
        created_at,
        updated_at,
    } = schedule;
    let (job, run) = match last {
        Some(Fired::Job(id)) => (Some(id), None),
        Some(Fired::Run(id)) => (None, Some(id)),
        None => (None, None),
    };
    let mut shown = members([
        ("id", json!(id)),
        ("org_id", json!(org)),
        ("name", json!(name)),
        ("cron", json!(cron)),
        ("time_zone", json!(time_zone)),
        ("overlap", json!(overlap.as_str())),
        ("catch_up", json!(catch_up)),
        ("is_active", json!(is_active)),
        ("next_at", json!(next_at.map(Timestamp::iso))),
        ("last_at", json!(last_at.map(Timestamp::iso))),
        ("last_job_id", json!(job)),
        ("last_run_id", json!(run)),
        ("skip_reason", json!(skip_reason)),
        ("skipped", json!(skipped)),
        ("created_at", json!(created_at.iso())),
        ("updated_at", json!(updated_at.iso())),
    ]);
    shown.extend(match task {
        Task::Job(job) => schedule_job(job),
        Task::Run { steps, metadata } => {
            let steps: Vec<Value> = steps.iter().map(|step| step_members(steps, step)).collect();
            members([("run", json!({ "steps": steps, "metadata": metadata }))])
        }
    });
    shown
}

/// The members that say what job a schedule submits, as a request would.
pub(crate) fn schedule_job(job: &TaskJob) -> Map<String, Value> {
    let TaskJob { action, input, echo, priority, max_attempts, attempt_timeout_ms, unique_key } =
        job;
    let timeout = attempt_timeout_ms.map(|ms| Duration::from_millis(ms).as_secs_f64());
    members([
        ("action", json!(action)),
        ("input", parsed(input)),
        ("priority", json!(priority)),
        ("max_attempts", json!(max_attempts)),
        ("attempt_timeout_seconds", json!(timeout)),
        ("unique_key", json!(unique_key)),
        ("client_reference_id", json!(echo.get("client_reference_id"))),
        ("metadata", json!(echo.get("metadata"))),
    ])
}

fn step_members(steps: &[TaskStep], step: &TaskStep) -> Value {
    let TaskStep { id, job, depends_on, takes } = step;
    let id_of = |place: &usize| steps.get(*place).map(|step| step.id.as_str());
    let mut input_map = Map::new();
    for (place, fields) in takes {
        for (field, path) in fields {
            let step = id_of(place).unwrap_or_default();
            input_map.insert(field.clone(), json!(format!("$steps.{step}.result.{path}")));
        }
    }
    json!({
        "id": id,
        "action": job.action,
        "input": parsed(&job.input),
        "depends_on": depends_on.iter().filter_map(id_of).collect::<Vec<_>>(),
        "input_map": input_map,
    })
}

/// An input, which was an object when it was stored.
fn parsed(input: &str) -> Value {
    serde_json::from_str(input).unwrap_or_default()
}

fn members<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
