//! Remote workers: what one claims, keeps and ends.

use serde_json::{Value, json};

use crate::domain::key::Scope;
use crate::http::error::ErrorCode;
use crate::http::openapi::examples;
use crate::http::openapi::operation::{Group, Operation, post};
use crate::http::openapi::parameters::{Parameter, path, query_as};
use crate::http::openapi::schemas::{
    boolean, count, envelope, list, members, moment, object, page, text, uuid,
};

const LEASE: Parameter = path("lease", "lease", "What the claim gave for the job.", text);

const NAME: Parameter =
    query_as("file_name", "name", "The file's name, 1 to 200 characters.", text);

const UNTIL: &str = "2025-11-28T12:00:30.000Z";

pub(super) fn group() -> Group {
    Group {
        name: "Workers",
        about: "Work for the operator's `remote` actions, done anywhere by whoever has a key with \
                the scope `work`. Who loses its lease is refused with 409 `lease_lost`.",
        operations: vec![claim(), renew(), log(), attach(), finish(), fail()],
    }
}

fn claim() -> Operation {
    let body = members(
        json!({
            "actions": list(text()),
            "limit": {"type": ["integer", "null"], "minimum": 1, "maximum": 100, "default": 1},
            "wait_seconds": {"type": ["number", "null"], "minimum": 0, "default": 20},
            "worker": {"type": ["string", "null"], "minLength": 1, "maxLength": 100},
        }),
        &["actions"],
    );
    let job = members(
        json!({
            "id": text(),
            "action": text(),
            "input": object(),
            "attempt": {"type": "integer"},
            "max_attempts": {"type": "integer"},
            "attempt_timeout_seconds": {"type": "number"},
        }),
        &["id", "action", "input", "attempt", "max_attempts"],
    );
    let item = members(
        json!({"lease": text(), "expires_at": text(), "job": job}),
        &["lease", "expires_at", "job"],
    );
    let example = json!({
        "lease": "l9qkcT4nB4eLfZaUxR8wE7Yd0yJrWmXGm0H1p3oQJ5s",
        "expires_at": UNTIL,
        "job": {
            "id": "019ad3c0-5b1e-7c60-9a47-2f6f3d0e8a12", "action": "page.print",
            "input": {"pages": 4}, "attempt": 1, "max_attempts": 3,
            "attempt_timeout_seconds": 600.0,
        },
    });
    post("/api/v1/workers/claim", "claim_jobs", "Claim jobs, waiting for the first")
        .about("The list is empty when the time is up; at most 30 seconds are waited.")
        .needs(Scope::Work)
        .reads(body, json!({"actions": ["page.print"], "worker": "press-1"}))
        .answers(
            200,
            "The jobs, each with a lease.",
            page(item, json!({"has_more": boolean()})),
            examples::list(json!([example])),
        )
}

fn renew() -> Operation {
    let body = members(
        json!({
            "progress": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
            "phase": {"type": ["string", "null"], "minLength": 1, "maxLength": 500},
        }),
        &[],
    );
    let data = members(
        json!({"state": {"enum": ["held", "cancelled", "lost"]}, "expires_at": text()}),
        &["state", "expires_at"],
    );
    post("/api/v1/workers/leases/{lease}/renew", "renew_lease", "Keep a job")
        .about("`cancelled` and `lost` mean: stop, nothing that follows is taken.")
        .needs(Scope::Work)
        .takes([LEASE])
        .may_read(body, json!({"progress": 0.5}))
        .answers(200, "How the lease is.", envelope("lease", data), {
            examples::envelope("lease", "completed", json!({"state": "held", "expires_at": UNTIL}))
        })
}

fn log() -> Operation {
    let line = members(
        json!({
            "level": {"enum": ["debug", "info", "warn", "error", null], "default": "info"},
            "message": {"type": "string", "maxLength": 4_000},
        }),
        &["message"],
    );
    let data = members(
        json!({"accepted": {"type": "integer"}, "expires_at": text()}),
        &["accepted", "expires_at"],
    );
    post("/api/v1/workers/leases/{lease}/log", "log_lines", "Add lines to a job's log")
        .needs(Scope::Work)
        .takes([LEASE])
        .reads(
            members(json!({"lines": list(line)}), &["lines"]),
            json!({"lines": [{"level": "warn", "message": "low ink"}]}),
        )
        .answers(200, "They are kept, and so is the job.", envelope("lease", data), {
            examples::envelope("lease", "completed", json!({"accepted": 1, "expires_at": UNTIL}))
        })
        .refuses([ErrorCode::LeaseLost])
}

fn attach() -> Operation {
    let data = members(
        json!({
            "name": text(),
            "asset_id": uuid(),
            "url": {"type": "string", "description": "What to say for it in the result."},
            "mime_type": text(),
            "bytes": count(),
            "width": count(),
            "height": count(),
            "expires_at": moment(),
        }),
        &["name", "asset_id", "url", "mime_type", "bytes", "expires_at"],
    );
    let example = json!({
        "name": "page-1.png", "asset_id": examples::ASSET,
        "url": format!("/assets/{}", examples::ASSET), "mime_type": "image/png", "bytes": 48_213,
        "width": 1240, "height": 1754, "expires_at": UNTIL,
    });
    post("/api/v1/workers/leases/{lease}/assets", "attach_file", "Bring a file for a job")
        .about(
            "The body is the file; its content tells its type. A second one of the same name takes \
             the first one's place. When the job is finished by this lease, its files are the \
             job's and stand in the result's `assets`. How many and how large they may be is told \
             in the action's configuration; over it 413.",
        )
        .needs(Scope::Work)
        .takes([LEASE, NAME])
        .reads_a_file()
        .answers(201, "It is kept, and so is the job.", envelope("asset", data), {
            examples::envelope("asset", "completed", example)
        })
        .refuses([ErrorCode::LeaseLost])
}

fn finish() -> Operation {
    let body = members(json!({"result": object()}), &["result"]);
    post("/api/v1/workers/leases/{lease}/finish", "finish_job", "End a job with its result")
        .needs(Scope::Work)
        .takes([LEASE])
        .reads(body, json!({"result": {"printed": 4}}))
        .answers(200, "It has ended.", envelope("lease", ended()), {
            examples::envelope("lease", "completed", json!({"status": "completed"}))
        })
        .refuses([ErrorCode::LeaseLost])
}

fn fail() -> Operation {
    let body = members(
        json!({
            "message": {"type": "string", "minLength": 1, "maxLength": 4_000},
            "code": {"type": ["string", "null"], "minLength": 1, "maxLength": 100},
            "retryable": {"type": ["boolean", "null"], "default": true},
            "retry_after_seconds": {"type": ["number", "null"], "minimum": 0, "maximum": 86_400},
        }),
        &["message"],
    );
    post("/api/v1/workers/leases/{lease}/fail", "fail_job", "Say that an attempt failed")
        .needs(Scope::Work)
        .takes([LEASE])
        .reads(body, json!({"message": "out of paper", "retry_after_seconds": 60}))
        .answers(
            200,
            "Another attempt follows, or the job has failed.",
            envelope("lease", ended()),
            examples::envelope("lease", "completed", json!({"status": "queued"})),
        )
        .refuses([ErrorCode::LeaseLost])
}

fn ended() -> Value {
    members(json!({"status": {"enum": ["completed", "failed", "queued"]}}), &["status"])
}
