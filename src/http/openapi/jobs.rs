//! Jobs: created, waited for, listed, cancelled, done again, deleted.

use serde_json::{Value, json};

use crate::domain::key::Scope;
use crate::http::error::ErrorCode;
use crate::http::openapi::examples::{self, JOB};
use crate::http::openapi::operation::{Group, Operation, delete, get, post};
use crate::http::openapi::parameters::{
    CREATED_AFTER, CREATED_BEFORE, CURSOR, FIELDS, LAST_EVENT_ID, LIMIT, PREFER, Parameter,
    TIMEOUT_SECONDS, WAIT_FOR_COMPLETION, path, query, query_as,
};
use crate::http::openapi::schemas::{
    self, boolean, envelope, list, members, named, object, or_null, page_with_cursor, text, uuid,
};

/// A job in a path.
pub(super) const JOB_ID: Parameter = path("job_id", "id", "The job's id.", uuid);

/// What else to tell of a job.
pub(super) const EXPAND: Parameter = query(
    "expand",
    "`brand`, `ad`, `diagnostics`, `attempts`, `assets`, with commas between them.",
    text,
);

const INCLUDE: Parameter = query("include", "The same as `expand`.", text);

const AFTER: Parameter = query(
    "after",
    "Only lines with a greater `seq`.",
    || json!({"type": "integer", "minimum": 0, "default": 0}),
);

const LOG_LIMIT: Parameter = query_as(
    "log_limit",
    "limit",
    "The size of a page; more counts as the most.",
    || json!({"type": "integer", "minimum": 1, "maximum": 1_000, "default": 100}),
);

const FOLLOW: Parameter =
    query("follow", "`true` answers as `/events`.", || json!({"enum": [true, false, 1, 0]}));

const STATUS: Parameter = query_as(
    "job_status",
    "status",
    "`queued`, `processing`, `completed`, `failed`, `cancelled`, with commas between them.",
    text,
);

pub(super) fn group() -> Group {
    Group {
        name: "Jobs",
        about: "A job is one piece of work. It is on disk before its 202, is attempted until it \
                completes or its attempts are used up, and ends once.",
        operations: vec![
            create(),
            list_jobs(),
            show(),
            delete_job(),
            cancel(),
            cancel_many(),
            retry(),
            retry_many(),
            log(),
            events(),
        ],
    }
}

/// What creating a job of an action can be refused for, beside what every creation can.
pub(super) const REFUSED_INPUT: [ErrorCode; 6] = [
    ErrorCode::ActionDisabled,
    ErrorCode::SourceJobTypeInvalid,
    ErrorCode::SourceJobNotCompleted,
    ErrorCode::JobNotFound,
    ErrorCode::BrandNotFound,
    ErrorCode::AssetNotFound,
];

/// The two answers to a request that makes one job.
pub(super) fn accepts(operation: Operation) -> Operation {
    operation
        .answers(
            202,
            "The job is on disk.",
            envelope("job", named("AcceptedJob")),
            examples::accepted_job(),
        )
        .with(["Location", "Retry-After", "Preference-Applied", "Idempotent-Replayed"])
        .answers(
            200,
            "It ended while the client waited (`Prefer`).",
            envelope("job", named("Job")),
            examples::job_envelope(),
        )
        .with(["Preference-Applied", "Idempotent-Replayed"])
        .enqueues()
}

fn create() -> Operation {
    let one = new_job();
    let many = json!({"type": "array", "items": object(), "minItems": 1, "maxItems": 1_000});
    let answers = members(json!({"data": list(named("JobAnswer"))}), &["data"]);
    let accepted = json!({"anyOf": [
        envelope("job", named("AcceptedJob")), envelope("list", answers),
    ]});
    let url = json!({"url": "https://example.com"});
    post("/api/v1/jobs", "create_jobs", "Create a job of any action, or up to 1,000")
        .about("Each of several is accepted or refused by itself; the answers keep their order.")
        .needs(Scope::Write)
        .reads(json!({"anyOf": [one, many]}), json!({"action": "brands.extract", "input": url}))
        .or("later", json!({"action": "brands.extract", "input": url, "delay_seconds": 3600}))
        .or("several", json!([{"action": "brands.extract", "input": url}]))
        .answers(202, "On disk.", accepted, examples::accepted_job())
        .with(["Location", "Retry-After", "Preference-Applied", "Idempotent-Replayed"])
        .answers(
            200,
            "The one job ended while the client waited (`Prefer`).",
            envelope("job", named("Job")),
            examples::job_envelope(),
        )
        .with(["Preference-Applied", "Idempotent-Replayed"])
        .enqueues()
        .refuses(REFUSED_INPUT)
        .refuses([ErrorCode::UniqueJobExists])
}

fn new_job() -> Value {
    members(
        json!({
            "action": {"type": "string", "minLength": 1, "maxLength": 100},
            "input": or_null(object()),
            "priority": {"type": ["integer", "null"], "minimum": 0, "maximum": 9, "default": 5,
                "description": "0 goes first."},
            "run_at": {"type": ["string", "null"], "format": "date-time",
                "description": "Not before this moment; excludes `delay_seconds`."},
            "delay_seconds": {"type": ["number", "null"], "minimum": 0},
            "max_attempts": {"type": ["integer", "null"], "minimum": 1, "maximum": 25},
            "attempt_timeout_seconds": {"type": ["number", "null"], "exclusiveMinimum": 0,
                "maximum": 21_600},
            "unique_key": {"type": ["string", "null"], "minLength": 1, "maxLength": 255,
                "description": "Only one unfinished job may have it."},
            "client_reference_id": schemas::reference(),
            "metadata": schemas::metadata(),
        }),
        &["action"],
    )
}

fn list_jobs() -> Operation {
    get("/api/v1/jobs", "list_jobs", "List jobs, newest first")
        .about("Without inputs and results.")
        .needs(Scope::Read)
        .takes([
            STATUS,
            query("type", "Types, with commas between them.", text),
            query("action", "Actions, with commas between them.", text),
            query("run_id", "Only steps of this run.", uuid),
            query(
                "q",
                "A part of the error's text.",
                || json!({"type": "string", "maxLength": 200}),
            ),
            CREATED_AFTER,
            CREATED_BEFORE,
            LIMIT,
            CURSOR,
        ])
        .answers(
            200,
            "A page.",
            page_with_cursor(named("Job")),
            examples::last_page(json!([examples::listed_job()])),
        )
}

fn show() -> Operation {
    get("/api/v1/jobs/{id}", "show_job", "Show a job, at once or when it has ended")
        .about(
            "The one route that both dialects share: a job of the Flow Relay dialect has `job` and \
             `result` beside the envelope, and refusals take the form that the key announces.",
        )
        .needs(Scope::Read)
        .takes([JOB_ID, WAIT_FOR_COMPLETION, TIMEOUT_SECONDS, PREFER, EXPAND, INCLUDE, FIELDS])
        .answers(200, "The job.", envelope("job", named("Job")), examples::job_envelope())
        .with(["Retry-After", "Preference-Applied"])
        .refuses([ErrorCode::JobNotFound])
        .by_key()
}

fn delete_job() -> Operation {
    delete("/api/v1/jobs/{id}", "delete_job", "Delete an ended job with its log and its files")
        .about("Files that another job has, or a brand shows, stay.")
        .needs(Scope::Write)
        .takes([JOB_ID])
        .answers(200, "It is gone.", schemas::deleted("job"), examples::deleted("job", JOB))
        .refuses([ErrorCode::JobNotFound, ErrorCode::JobNotTerminal])
        .by_key()
}

fn cancel() -> Operation {
    post("/api/v1/jobs/{id}/cancel", "cancel_job", "Cancel a job that has not ended")
        .needs(Scope::Write)
        .takes([JOB_ID])
        .answers(
            200,
            "It has ended, as failed with `error_code` `cancelled`.",
            envelope("job", named("Job")),
            examples::cancelled_job(),
        )
        .refuses([ErrorCode::JobNotFound, ErrorCode::JobAlreadyTerminal])
}

fn cancel_many() -> Operation {
    let answer = json!([{"job_id": JOB, "status": "failed"}]);
    post("/api/v1/jobs/cancel", "cancel_jobs", "Cancel up to 1,000 jobs")
        .needs(Scope::Write)
        .reads(named("Ids"), json!({"ids": [JOB]}))
        .answers(
            200,
            "An answer for each, in order.",
            schemas::page(named("JobAnswer"), json!({"has_more": boolean()})),
            examples::list(answer),
        )
}

fn retry() -> Operation {
    let operation = post("/api/v1/jobs/{id}/retry", "retry_job", "Do an ended job again")
        .about("A new job from the same input, files included, with `retry_of`.")
        .needs(Scope::Write)
        .takes([JOB_ID])
        .may_read(
            json!({
                "type": "object",
                "properties": {"input": {
                    "type": ["object", "null"], "description": "Members to replace.",
                }},
            }),
            json!({"input": {"prompt": "Warmer"}}),
        );
    accepts(operation)
        .refuses(REFUSED_INPUT)
        .refuses([ErrorCode::JobNotTerminal, ErrorCode::UniqueJobExists])
}

fn retry_many() -> Operation {
    let answers = members(json!({"data": list(named("JobAnswer"))}), &["data"]);
    post("/api/v1/jobs/retry", "retry_jobs", "Do up to 1,000 ended jobs again")
        .needs(Scope::Write)
        .reads(named("Ids"), json!({"ids": [JOB]}))
        .answers(
            202,
            "An answer for each, in order; what was accepted is on disk.",
            envelope("list", answers),
            examples::envelope("list", "queued", json!({"data": [{"job_id": JOB}]})),
        )
        .with(["Idempotent-Replayed"])
        .enqueues()
}

fn log() -> Operation {
    get("/api/v1/jobs/{id}/log", "show_log", "Show a page of a job's log, oldest first")
        .needs(Scope::Read)
        .takes([JOB_ID, AFTER, LOG_LIMIT, FOLLOW, LAST_EVENT_ID])
        .answers(
            200,
            "A page; with `follow` the stream.",
            schemas::page(
                named("LogLine"),
                json!({
                    "has_more": boolean(),
                    "next_after": {"type": ["integer", "null"]},
                }),
            ),
            examples::page(json!([line()]), json!({"has_more": false, "next_after": 1})),
        )
        .answers_as(200, "", "text/event-stream", text(), None)
        .answers_empty(204, "The stream was seen to its end; there is no need to come back.")
        .refuses([ErrorCode::JobNotFound])
}

fn line() -> Value {
    json!({
        "seq": 1, "at": examples::ISO, "attempt": 1, "level": "info", "message": "fetch page",
    })
}

fn events() -> Operation {
    let example = format!("id: 1\nevent: log\ndata: {}\n\n", line());
    get("/api/v1/jobs/{id}/events", "follow_job", "Follow a job's log as server-sent events")
        .about("Events `log`, one a line, then `end` with the status.")
        .needs(Scope::Read)
        .takes([JOB_ID, AFTER, LAST_EVENT_ID])
        .answers_as(200, "The stream.", "text/event-stream", text(), Some(json!(example)))
        .answers_empty(204, "The stream was seen to its end; there is no need to come back.")
        .refuses([ErrorCode::JobNotFound])
}
