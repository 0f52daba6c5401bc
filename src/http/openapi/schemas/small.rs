//! Errors, actions, keys and files.

use serde_json::{Value, json};

use super::{Named, count, list, members, moment, named, or_null, text, uuid};
use crate::domain::key::Scope;

pub(super) fn schemas() -> Named {
    let scopes = Scope::ALL.map(Scope::as_str);
    vec![
        ("Error", error()),
        ("FlowRelayError", members(json!({"error": text()}), &["error"])),
        ("Action", action()),
        ("Scope", json!({ "enum": scopes })),
        ("Key", key()),
        ("Asset", asset()),
        ("Readiness", readiness()),
        ("Ids", ids()),
    ]
}

fn error() -> Value {
    let kinds = [
        "invalid_request_error",
        "authentication_error",
        "permission_error",
        "rate_limit_error",
        "api_error",
    ];
    let error = members(
        json!({
            "type": {"enum": kinds},
            "code": {"type": "string", "description": "For programs."},
            "message": {"type": "string", "description": "What was wrong and would be right."},
            "request_id": text(),
            "param": {"type": "string", "description": "The path of what is at fault."},
            "job_id": {"type": "string", "description": "The job that stands in the way."},
        }),
        &["type", "code", "message", "request_id"],
    );
    members(json!({ "error": error }), &["error"])
}

fn action() -> Value {
    members(
        json!({
            "name": text(),
            "summary": text(),
            "input_schema": {"type": "object", "description": "A JSON Schema."},
            "result_schema": {"type": "object", "description": "A JSON Schema."},
            "max_attempts": count(),
            "attempt_timeout_seconds": {"type": "number"},
        }),
        &[
            "name",
            "summary",
            "input_schema",
            "result_schema",
            "max_attempts",
            "attempt_timeout_seconds",
        ],
    )
}

fn key() -> Value {
    members(
        json!({
            "id": uuid(),
            "name": text(),
            "scopes": list(named("Scope")),
            "hint": {"type": "string", "description": "How the key begins."},
            "key": {"type": "string", "description": "Only in the answer that makes it."},
            "created_at": moment(),
            "last_used_at": or_null(moment()),
            "revoked_at": or_null(moment()),
        }),
        &["id", "name", "scopes", "hint", "created_at", "last_used_at", "revoked_at"],
    )
}

fn asset() -> Value {
    members(
        json!({
            "id": uuid(),
            "url": {"type": "string", "description": "Below `/api/v1/`, with a key."},
            "image_url": {
                "type": ["string", "null"],
                "description": "Opens without a key; null when that was ended.",
            },
            "mime_type": text(),
            "bytes": count(),
            "width": count(),
            "height": count(),
            "created_at": moment(),
        }),
        &["id", "url", "image_url", "mime_type", "bytes"],
    )
}

fn readiness() -> Value {
    members(
        json!({
            "status": {"enum": ["ready", "not_ready"]},
            "engine": {"enum": ["ok", "failing"]},
            "store": {"enum": ["ok", "failing"]},
            "warnings": list(json!({})),
        }),
        &["status", "engine", "store", "warnings"],
    )
}

fn ids() -> Value {
    members(
        json!({"ids": {"type": "array", "items": text(), "minItems": 1, "maxItems": 1_000}}),
        &["ids"],
    )
}
