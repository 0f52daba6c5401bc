//! The figures of the dashboard, and its session.

use serde_json::{Value, json};

use super::{Named, count, list, members, moment, named, or_null, text, unix, uuid};

pub(super) fn schemas() -> Named {
    vec![
        ("Overview", overview()),
        ("LastHour", last_hour()),
        ("Quantiles", quantiles()),
        ("QueueFigures", queue()),
        ("Session", session()),
    ]
}

fn overview() -> Value {
    members(
        json!({
            "scope": {"enum": ["server", "organization"]},
            "now": moment(),
            "since": {"type": "string", "format": "date-time",
                "description": "When the process began, and its counts of the last hour with it."},
            "jobs": members(
                json!({
                    "queued": count(), "later": count(), "processing": count(),
                    "last_hour": named("LastHour"),
                }),
                &["queued", "later", "processing", "last_hour"],
            ),
            "series": series(),
            "wait_seconds": or_null(named("Quantiles")),
            "run_seconds": or_null(named("Quantiles")),
            "waiting_clients": count(),
            "workers": members(
                json!({
                    "threads": or_null(count()), "abandoned": or_null(count()),
                    "busy": list(underway()),
                }),
                &["threads", "abandoned", "busy"],
            ),
            "queues": list(named("QueueFigures")),
            "organizations": or_null(list(members(
                json!({
                    "org_id": uuid(), "name": or_null(text()), "queued": count(),
                    "processing": count(), "later": count(), "last_hour": named("LastHour"),
                }),
                &["org_id", "name", "queued", "processing", "later", "last_hour"],
            ))),
            "storage": or_null(members(
                json!({
                    "database_bytes": count(), "asset_bytes": count(),
                    "disk_free_bytes": or_null(count()), "disk_total_bytes": or_null(count()),
                }),
                &["database_bytes", "asset_bytes", "disk_free_bytes", "disk_total_bytes"],
            )),
            "warnings": list(members(
                json!({
                    "code": text(), "message": {"type": "string", "description": "For people."},
                }),
                &["code", "message"],
            )),
        }),
        &[
            "scope",
            "now",
            "since",
            "jobs",
            "series",
            "wait_seconds",
            "run_seconds",
            "waiting_clients",
            "workers",
            "queues",
            "organizations",
            "storage",
            "warnings",
        ],
    )
}

fn series() -> Value {
    let counts = list(count());
    members(
        json!({
            "tick_seconds": count(), "from": or_null(unix()), "arrived": counts,
            "completed": counts, "failed": counts, "cancelled": counts,
        }),
        &["tick_seconds", "from", "arrived", "completed", "failed", "cancelled"],
    )
}

fn underway() -> Value {
    members(
        json!({
            "worker": or_null(text()),
            "job_id": uuid(),
            "org_id": or_null(uuid()),
            "action": text(),
            "phase": or_null(text()),
            "progress": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
            "attempt": count(),
            "max_attempts": count(),
            "started_at": or_null(unix()),
            "run_id": or_null(uuid()),
            "step_id": or_null(text()),
        }),
        &["job_id", "action", "attempt", "max_attempts", "started_at"],
    )
}

fn last_hour() -> Value {
    members(
        json!({
            "arrived": count(), "completed": count(), "failed": count(), "cancelled": count(),
        }),
        &["arrived", "completed", "failed", "cancelled"],
    )
}

fn quantiles() -> Value {
    let seconds = json!({"type": "number", "minimum": 0});
    members(json!({"p50": seconds, "p95": seconds}), &["p50", "p95"])
}

fn queue() -> Value {
    members(
        json!({
            "action": text(),
            "queued": count(),
            "processing": count(),
            "later": count(),
            "oldest_at": or_null(unix()),
            "last_hour": named("LastHour"),
            "wait_seconds": or_null(named("Quantiles")),
            "run_seconds": or_null(named("Quantiles")),
        }),
        &["action", "queued", "processing", "later", "oldest_at", "last_hour"],
    )
}

fn session() -> Value {
    members(
        json!({
            "org_id": uuid(),
            "org_name": or_null(text()),
            "key_id": or_null(uuid()),
            "scopes": list(named("Scope")),
            "expires_at": {
                "type": ["string", "null"], "format": "date-time",
                "description": "Null when the key itself was shown.",
            },
            "version": text(),
        }),
        &["org_id", "org_name", "key_id", "scopes", "expires_at", "version"],
    )
}
