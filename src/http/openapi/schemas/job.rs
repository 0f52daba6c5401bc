//! Jobs, their attempts and their log.

use serde_json::json;

use super::{Named, count, list, members, moment, named, object, or_null, text, unix, uuid};

pub(super) fn schemas() -> Named {
    vec![
        ("JobStatus", json!({"enum": ["queued", "processing", "completed", "failed"]})),
        ("Job", job()),
        ("WaitingFor", waiting_for()),
        ("Attempt", attempt()),
        ("Diagnostic", diagnostic()),
        ("LogLine", log_line()),
        ("AcceptedJob", members(json!({"job_id": uuid()}), &["job_id"])),
        ("JobAnswer", job_answer()),
    ]
}

fn job() -> serde_json::Value {
    members(
        json!({
            "id": uuid(),
            "org_id": uuid(),
            "action": {"type": "string", "description": "The action's own name."},
            "type": {"type": "string", "description": "The action's name as Pi clients know it."},
            "status": named("JobStatus"),
            "payload": members(json!({
                "phase": {"type": "string", "description": "What it is doing now."},
                "input": {"type": "object", "description": "What was asked, without files."},
                "brand_id": or_null(uuid()),
                "image_url": or_null(text()),
                "output": object(),
            }), &["phase"]),
            "result_url": or_null(text()),
            "job_result": {
                "type": ["object", "null"],
                "description": "Absent until the end, null when it failed, else `type`, `id` and \
                    what the action gave.",
            },
            "error_log": {"type": ["string", "null"], "description": "For people."},
            "error_code": {"type": ["string", "null"], "description": "For programs."},
            "created_at": unix(),
            "updated_at": unix(),
            "started_at": or_null(unix()),
            "completed_at": or_null(unix()),
            "progress": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
            "attempt": count(),
            "max_attempts": count(),
            "waiting_for": or_null(named("WaitingFor")),
            "run_id": uuid(),
            "step_id": text(),
            "retry_of": {"type": "string", "format": "uuid", "description": "The job that it does \
                again."},
            "expanded": {"type": "object", "properties": {"brand": named("Brand")}},
            "ad": members(json!({"image_url": text()}), &["image_url"]),
            "attempts": list(named("Attempt")),
            "assets": list(named("Asset")),
            "diagnostics": list(named("Diagnostic")),
        }),
        &[
            "id",
            "org_id",
            "action",
            "type",
            "status",
            "payload",
            "error_log",
            "error_code",
            "created_at",
            "updated_at",
            "started_at",
            "completed_at",
            "progress",
            "attempt",
            "max_attempts",
            "waiting_for",
        ],
    )
}

fn waiting_for() -> serde_json::Value {
    members(
        json!({
            "reason": {"enum": [
                "worker", "remote_worker", "retry", "action_limit", "organization_limit",
                "dependency", "scheduled",
            ]},
            "position": {
                "type": "integer", "minimum": 1,
                "description": "Its place among the organization's own waiting jobs.",
            },
            "retry_at": unix(),
            "run_at": unix(),
            "message": text(),
        }),
        &["reason"],
    )
}

fn attempt() -> serde_json::Value {
    members(
        json!({
            "attempt": count(),
            "started_at": unix(),
            "ended_at": unix(),
            "outcome": {"enum": [
                "completed", "failed", "retried", "cancelled", "released", "lost",
            ]},
            "error": or_null(members(
                json!({"code": text(), "message": text()}),
                &["code", "message"],
            )),
            "worker": {"type": "string", "description": "`local`, or a remote worker's name."},
        }),
        &["attempt", "started_at", "ended_at", "outcome", "error", "worker"],
    )
}

fn diagnostic() -> serde_json::Value {
    members(
        json!({
            "step": text(),
            "status": {"enum": ["ok", "skipped", "failed"]},
            "duration_ms": count(),
            "detail": text(),
        }),
        &["step", "status", "duration_ms", "detail"],
    )
}

fn log_line() -> serde_json::Value {
    members(
        json!({
            "seq": count(),
            "at": moment(),
            "attempt": count(),
            "level": {"enum": ["debug", "info", "warn", "error"]},
            "message": text(),
        }),
        &["seq", "at", "attempt", "level", "message"],
    )
}

/// What a list of answers says of one job.
fn job_answer() -> serde_json::Value {
    let error = json!({"$ref": "#/components/schemas/Error/properties/error"});
    json!({"anyOf": [
        members(json!({"error": error, "job_id": text()}), &["error"]),
        members(json!({"job_id": uuid(), "status": named("JobStatus")}), &["job_id"]),
    ]})
}
