//! What the document shows as answers. A test checks each against its schema.

#![expect(
    clippy::needless_pass_by_value,
    reason = "examples are written in place, like the literals that they stand for"
)]

use serde_json::{Value, json};

pub(super) const REQUEST_ID: &str = "req_pi_019ad3c0-5b1e-7c60-9a47-2f6f3d0e8a11";

pub(super) const ORG: &str = "019ad3bf-0a11-7b32-8d1c-6f3a52c0e9b4";
pub(super) const JOB: &str = "019ad3c0-5b1f-7d84-b2a3-91c8e5f7d206";
pub(super) const RUN: &str = "019ad3c1-77c2-7e05-a9f4-0b6d8c3e5a17";
pub(super) const BRAND: &str = "019ad3c0-61aa-7f19-8c5e-d4b2a7f09365";
pub(super) const ASSET: &str = "019ad3c0-61ab-7012-94e6-7a8b3c5d1f28";
pub(super) const KEY: &str = "019ad3bf-0a12-7c43-9e2d-8f4b63d1fac5";

pub(super) const SCHEDULE: &str = "019ad3c2-1d40-7a96-8b07-5c1e9f2d6a38";

/// When all this happened, in both forms.
pub(super) const UNIX: i64 = 1_764_331_200;
pub(super) const ISO: &str = "2025-11-28T12:00:00.000Z";

/// A success around `data`.
pub(super) fn envelope(kind: &str, status: &str, data: Value) -> Value {
    json!({
        "id": REQUEST_ID, "object": kind, "status": status, "created_at": UNIX, "data": data,
    })
}

/// A page of a list.
pub(super) fn page(items: Value, more: Value) -> Value {
    let mut data = more;
    data["data"] = items;
    envelope("list", "completed", data)
}

/// A whole list.
pub(super) fn list(items: Value) -> Value {
    page(items, json!({"has_more": false}))
}

/// The last page of a list with a cursor.
pub(super) fn last_page(items: Value) -> Value {
    page(items, json!({"has_more": false, "next_cursor": null}))
}

pub(super) fn deleted(kind: &str, id: &str) -> Value {
    envelope(kind, "completed", json!({"id": id, "deleted": true}))
}

pub(super) fn accepted_job() -> Value {
    envelope("job", "queued", json!({"job_id": JOB}))
}

/// A job as lists show it.
pub(super) fn listed_job() -> Value {
    json!({
        "id": JOB, "org_id": ORG, "action": "brands.extract", "type": "brand_extraction",
        "status": "completed", "payload": {"phase": "completed"},
        "created_at": UNIX, "updated_at": UNIX + 1, "started_at": UNIX, "completed_at": UNIX + 1,
        "progress": null, "attempt": 1, "max_attempts": 3, "waiting_for": null,
        "error_log": null, "error_code": null,
    })
}

/// The same job by itself.
pub(super) fn job() -> Value {
    let mut job = listed_job();
    job["payload"] = json!({
        "phase": "completed", "input": {"url": "https://example.com"}, "brand_id": BRAND,
    });
    job["result_url"] = json!(format!("brands/{BRAND}"));
    job["job_result"] = json!({
        "type": "brand", "id": BRAND, "url": format!("brands/{BRAND}"), "brand_id": BRAND,
        "domain": "example.com",
    });
    job
}

/// The answer that shows it.
pub(super) fn job_envelope() -> Value {
    envelope("job", "completed", job())
}

/// A job that was ended by a client.
pub(super) fn cancelled_job() -> Value {
    let mut job = listed_job();
    job["status"] = json!("failed");
    job["payload"]["phase"] = json!("failed");
    job["error_code"] = json!("cancelled");
    job["error_log"] = json!("The job was cancelled.");
    job["result_url"] = Value::Null;
    job["job_result"] = Value::Null;
    envelope("job", "failed", job)
}

/// Steps that make a run: a brand, then an ad of it.
pub(super) fn new_run() -> Value {
    json!({
        "steps": [
            {"id": "brand", "action": "brands.extract", "input": {"url": "https://example.com"}},
            {
                "id": "ad", "action": "campaigns.generate", "depends_on": ["brand"],
                "input": {"prompt": "Spring is here"},
                "input_map": {"brand_id": "$steps.brand.result.brand_id"},
            },
        ],
        "metadata": {"campaign": "spring"},
    })
}

pub(super) fn accepted_run() -> Value {
    let steps = json!([{"id": "brand", "status": "pending"}, {"id": "ad", "status": "pending"}]);
    envelope("run", "queued", json!({"run_id": RUN, "status": "pending", "steps": steps}))
}

/// A run that has just begun.
pub(super) fn run() -> Value {
    let step = |id: &str, action: &str, status: &str, needs: Value| {
        json!({
            "id": id, "action": action, "status": status, "depends_on": needs, "job_id": JOB,
            "result": null, "mapped": {}, "error": null, "error_code": null,
            "started_at": null, "completed_at": null, "attempt": 0,
        })
    };
    json!({
        "id": RUN, "run_id": RUN, "org_id": ORG, "status": "in_progress",
        "steps": [
            step("brand", "brands.extract", "processing", json!([])),
            step("ad", "campaigns.generate", "pending", json!(["brand"])),
        ],
        "metadata": {"campaign": "spring"}, "created_at": UNIX, "updated_at": UNIX,
        "completed_at": null,
    })
}

/// A request for a daily brand.
pub(super) fn new_schedule() -> Value {
    json!({
        "name": "nightly", "cron": "30 2 * * *", "time_zone": "Europe/Berlin",
        "action": "brands.extract", "input": {"url": "https://example.com"},
    })
}

pub(super) fn schedule() -> Value {
    json!({
        "id": SCHEDULE, "org_id": ORG, "name": "nightly", "cron": "30 2 * * *",
        "time_zone": "Europe/Berlin", "overlap": "skip", "catch_up": 1, "is_active": true,
        "next_at": "2025-11-29T01:30:00.000Z", "last_at": "2025-11-28T01:30:00.004Z",
        "last_job_id": JOB, "last_run_id": null, "skip_reason": null, "skipped": 0,
        "created_at": ISO, "updated_at": ISO, "action": "brands.extract",
        "input": {"url": "https://example.com"}, "priority": 5, "max_attempts": null,
        "attempt_timeout_seconds": null, "unique_key": null, "client_reference_id": null,
        "metadata": null,
    })
}

/// The same schedule by itself.
pub(super) fn whole_schedule() -> Value {
    let mut schedule = schedule();
    schedule["upcoming"] = json!(["2025-11-29T01:30:00.000Z", "2025-11-30T01:30:00.000Z"]);
    schedule
}

pub(super) fn brand() -> Value {
    json!({
        "id": BRAND, "org_id": ORG, "domain": "example.com", "name": "Example",
        "primary_hex": "#1F4D3A", "secondary_hex": "#E3A32B",
        "logo_url": "https://jobs.example/assets/q2mO3vXr0c8dQeHh1m1n0YQkqv8xk1mQeR3pS7tUwYE",
        "font_file_url": null, "layout_rules": {"core_slogan": "Worth waking up for"},
        "brand_dna": {
            "primary_background_hex": "#FBF6EC", "primary_accent_hex": "#E3A32B",
            "color_palette": ["#1F4D3A", "#E3A32B", "#FBF6EC", "#22302A"],
            "typography_rules": "Headings in Iowan Old Style, text in Avenir Next.",
            "core_slogan": "Worth waking up for",
            "imagen_style_conditioning": "No pictures were found. Its colours are dark green and \
                amber on cream.",
            "colors": {"primary": "#1F4D3A", "accent": "#E3A32B", "logo": []},
            "fonts": {"heading": {"family": "Iowan Old Style", "class": "serif", "weight": 700}},
        },
        "created_at": ISO, "updated_at": ISO,
    })
}

pub(super) fn asset() -> Value {
    json!({
        "id": ASSET, "url": format!("assets/{ASSET}"),
        "image_url": "https://jobs.example/assets/I57j_UZc30tbie_G-z9qRJar4p7jSeougC8X_RlgJ0E",
        "mime_type": "image/png", "bytes": 52_143, "width": 1080, "height": 1080,
        "created_at": ISO,
    })
}

pub(super) fn key() -> Value {
    json!({
        "id": KEY, "name": "deploy", "scopes": ["read", "write"], "hint": "pi_live_7Yd0",
        "created_at": ISO, "last_used_at": null, "revoked_at": null,
    })
}
