//! Runs and their steps.

use serde_json::{Value, json};

use super::{Named, count, list, members, named, object, or_null, text, unix, uuid};
use crate::domain::plan::MAX_STEPS;
use crate::domain::run::RunState;

pub(super) fn schemas() -> Named {
    let states: Vec<&str> = RunState::ALL.iter().map(|state| state.as_str()).collect();
    vec![
        ("RunStatus", json!({ "enum": states })),
        (
            "StepStatus",
            json!({"enum": [
                "pending", "queued", "processing", "completed", "failed", "skipped",
            ]}),
        ),
        ("Run", run()),
        ("Step", step()),
        ("NewRun", new_run()),
        ("AcceptedRun", accepted_run()),
    ]
}

fn run() -> Value {
    members(
        json!({
            "id": uuid(),
            "run_id": uuid(),
            "org_id": uuid(),
            "status": named("RunStatus"),
            "steps": list(named("Step")),
            "metadata": or_null(object()),
            "created_at": unix(),
            "updated_at": unix(),
            "completed_at": or_null(unix()),
            "retry_of": {"type": "string", "format": "uuid", "description": "The run that it does \
                again."},
        }),
        &["id", "run_id", "org_id", "status", "steps", "metadata", "created_at", "updated_at"],
    )
}

fn step() -> Value {
    members(
        json!({
            "id": text(),
            "action": text(),
            "status": named("StepStatus"),
            "depends_on": list(text()),
            "job_id": uuid(),
            "result": {
                "type": ["object", "null"],
                "description": "What `input_map` reads; absent in a list of runs.",
            },
            "mapped": {"type": "object", "description": "What `input_map` passed."},
            "error": or_null(text()),
            "error_code": or_null(text()),
            "started_at": or_null(unix()),
            "completed_at": or_null(unix()),
            "attempt": count(),
        }),
        &[
            "id",
            "action",
            "status",
            "depends_on",
            "job_id",
            "error",
            "started_at",
            "completed_at",
            "attempt",
        ],
    )
}

fn new_run() -> Value {
    let step = members(
        json!({
            "id": {"type": "string", "minLength": 1, "maxLength": 64},
            "action": text(),
            "input": object(),
            "depends_on": list(text()),
            "input_map": {
                "type": "object",
                "description": "Members of the input that are taken from results of other steps.",
                "additionalProperties": {
                    "type": "string", "pattern": r"^\$steps\..+\.result\..+$",
                },
            },
        }),
        &["id", "action"],
    );
    members(
        json!({
            "steps": {"type": "array", "minItems": 1, "maxItems": MAX_STEPS, "items": step},
            "metadata": or_null(object()),
        }),
        &["steps"],
    )
}

fn accepted_run() -> Value {
    let step = members(json!({"id": text(), "status": named("StepStatus")}), &["id", "status"]);
    members(
        json!({"run_id": uuid(), "status": {"const": "pending"}, "steps": list(step)}),
        &["run_id", "status", "steps"],
    )
}
