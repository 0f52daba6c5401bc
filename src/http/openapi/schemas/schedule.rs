//! Schedules.

use serde_json::{Value, json};

use super::{
    Named, boolean, count, list, members, metadata, moment, named, object, or_null, reference,
    text, uuid,
};
use crate::domain::job::MAX_PRIORITY;
use crate::domain::schedule::{MAX_CATCH_UP, Overlap};

pub(super) fn schemas() -> Named {
    vec![("Schedule", schedule()), ("NewSchedule", new_schedule()), ("ScheduleEdit", edit())]
}

/// What a request may say, in a request's words.
fn request() -> Value {
    json!({
        "name": {"type": ["string", "null"], "maxLength": 100, "description": "For people."},
        "cron": {
            "type": ["string", "null"], "minLength": 1, "maxLength": 200,
            "description": "Minute, hour, day of month, month, day of week.",
        },
        "time_zone": {
            "type": ["string", "null"], "minLength": 1, "maxLength": 200, "default": "UTC",
            "description": "Its IANA name.",
        },
        "action": {"type": ["string", "null"], "description": "Of the job that is submitted."},
        "input": or_null(object()),
        "priority": {
            "type": ["integer", "null"], "minimum": 0, "maximum": MAX_PRIORITY, "default": 5,
        },
        "max_attempts": {"type": ["integer", "null"], "minimum": 1, "maximum": 25},
        "attempt_timeout_seconds": {
            "type": ["number", "null"], "minimum": 0.001, "maximum": 21_600,
        },
        "unique_key": {"type": ["string", "null"], "minLength": 1, "maxLength": 255},
        "client_reference_id": reference(),
        "metadata": metadata(),
        "run": {
            "anyOf": [named("NewRun"), {"type": "null"}],
            "description": "Instead of all that is said of a job.",
        },
        "overlap": {
            "enum": overlaps().chain([Value::Null]).collect::<Vec<_>>(), "default": "skip",
            "description": "What becomes of a firing while what the one before brought goes on: \
                it is left out, submitted all the same, or takes its place.",
        },
        "catch_up": {
            "type": ["integer", "null"], "minimum": 0, "maximum": MAX_CATCH_UP, "default": 1,
            "description": "How many firings that fell due while the server was away are made \
                good, the latest ones.",
        },
        "is_active": {"type": ["boolean", "null"], "default": true},
    })
}

fn overlaps() -> impl Iterator<Item = Value> {
    Overlap::ALL.into_iter().map(|policy| Value::from(policy.as_str()))
}

fn new_schedule() -> Value {
    let mut schema = members(request(), &["cron"]);
    schema["anyOf"] = json!([{"required": ["action"]}, {"required": ["run"]}]);
    schema
}

fn edit() -> Value {
    members(request(), &[])
}

fn schedule() -> Value {
    members(
        json!({
            "id": uuid(),
            "org_id": uuid(),
            "name": or_null(text()),
            "cron": text(),
            "time_zone": text(),
            "overlap": {"enum": overlaps().collect::<Vec<_>>()},
            "catch_up": count(),
            "is_active": boolean(),
            "next_at": or_null(moment()),
            "upcoming": {
                "type": "array", "items": moment(),
                "description": "The next firings; absent in a list.",
            },
            "last_at": or_null(moment()),
            "last_job_id": or_null(uuid()),
            "last_run_id": or_null(uuid()),
            "skip_reason": {
                "type": ["string", "null"], "description": "Why the last firing was left out.",
            },
            "skipped": {"type": "integer", "minimum": 0, "description": "How many were."},
            "created_at": moment(),
            "updated_at": moment(),
            "action": {"type": "string", "description": "Absent where `run` is there."},
            "input": object(),
            "priority": count(),
            "max_attempts": {
                "type": ["integer", "null"], "description": "Null is what the action says.",
            },
            "attempt_timeout_seconds": {
                "type": ["number", "null"], "description": "Null is what the action says.",
            },
            "unique_key": or_null(text()),
            "client_reference_id": reference(),
            "metadata": metadata(),
            "run": members(
                json!({"steps": list(object()), "metadata": or_null(object())}),
                &["steps", "metadata"],
            ),
        }),
        &[
            "id",
            "org_id",
            "name",
            "cron",
            "time_zone",
            "overlap",
            "catch_up",
            "is_active",
            "next_at",
            "last_at",
            "last_job_id",
            "last_run_id",
            "skip_reason",
            "skipped",
            "created_at",
            "updated_at",
        ],
    )
}
