//! What ended, as a webhook is told of it.

use serde_json::{Map, Value, json};

use crate::domain::job::Job;
use crate::domain::run::Run;
use crate::http::pi::render::{Detail, JobView, RunView, Selection, shown_input};

/// The members of a job that a message has; the rest is read with a GET.
const JOB_MEMBERS: [&str; 14] = [
    "id",
    "org_id",
    "action",
    "type",
    "status",
    "result_url",
    "error_log",
    "error_code",
    "payload",
    "run_id",
    "step_id",
    "created_at",
    "updated_at",
    "completed_at",
];

/// A job that ended. Without its `result` the message stays short, and says less.
pub(crate) fn event_job(job: &Job, result: Option<Map<String, Value>>) -> Value {
    let input = shown_input(job);
    let detail = Detail { result, input, ..Detail::default() };
    let selection = Selection::of(JOB_MEMBERS.map(str::to_owned).to_vec());
    let now = job.updated_at;
    json!(JobView { job, detail: Some(&detail), result_url: None, selection: &selection, now })
}

/// A run that ended, with its steps.
pub(crate) fn event_run(run: &Run) -> Value {
    Value::Object(RunView { run, results: None }.members())
}
