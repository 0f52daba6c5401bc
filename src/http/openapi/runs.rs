//! Runs: steps that wait for each other, created in one request.

use serde_json::{Value, json};

use crate::domain::key::Scope;
use crate::http::error::ErrorCode;
use crate::http::openapi::examples::{self, JOB};
use crate::http::openapi::operation::{Group, Operation, get, post};
use crate::http::openapi::parameters::{
    CREATED_AFTER, CREATED_BEFORE, CURSOR, LAST_EVENT_ID, LIMIT, PREFER, Parameter,
    TIMEOUT_SECONDS, WAIT_FOR_COMPLETION, path, query, query_as,
};
use crate::http::openapi::schemas::{
    envelope, list, members, named, object, page_with_cursor, text, uuid,
};

const RUN_ID: Parameter = path("run_id_in_path", "id", "The run's id.", uuid);

const STATUS: Parameter = query_as(
    "run_status",
    "status",
    "`pending`, `in_progress`, `completed`, `failed`, `cancelled`, with commas between them.",
    text,
);

pub(super) const VALIDATE_ONLY: Parameter = query(
    "validate_only",
    "`true` checks the whole request and stops there, with 200.",
    || json!({"enum": [true, false, 1, 0]}),
);

pub(super) fn group() -> Group {
    Group {
        name: "Runs",
        about: "Up to ten steps that wait for each other and take values from each other's \
                results. A step is a job of its own.",
        operations: vec![create(), list_runs(), show(), cancel(), retry(), events()],
    }
}

/// The answers to a request that makes a run.
fn accepts(operation: Operation, ok: Value) -> Operation {
    operation
        .answers(
            202,
            "The run is on disk.",
            envelope("run", named("AcceptedRun")),
            examples::accepted_run(),
        )
        .with(["Location", "Retry-After", "Preference-Applied", "Idempotent-Replayed"])
        .answers(
            200,
            "It ended while the client waited (`Prefer`), or was only to be checked.",
            envelope("run", ok),
            examples::envelope("run", "in_progress", examples::run()),
        )
        .with(["Preference-Applied", "Idempotent-Replayed"])
        .enqueues()
        .refuses([ErrorCode::ActionDisabled, ErrorCode::JobNotFound])
}

fn create() -> Operation {
    let step = members(json!({"id": text(), "status": text()}), &["id", "status"]);
    let valid = members(
        json!({"valid": {"const": true}, "status": {"const": "pending"}, "steps": list(step)}),
        &["valid", "status", "steps"],
    );
    let operation = post("/api/v1/runs", "create_run", "Create a run of up to ten steps")
        .about(
            "All that can be wrong is found before anything starts. A value that `input_map` \
             names and that is not there at run time fails its step.",
        )
        .needs(Scope::Write)
        .takes([VALIDATE_ONLY])
        .reads(named("NewRun"), examples::new_run());
    accepts(operation, json!({"anyOf": [named("Run"), valid]}))
}

fn list_runs() -> Operation {
    get("/api/v1/runs", "list_runs", "List runs, newest first")
        .about("Without the results of their steps.")
        .needs(Scope::Read)
        .takes([STATUS, CREATED_AFTER, CREATED_BEFORE, LIMIT, CURSOR])
        .answers(
            200,
            "A page.",
            page_with_cursor(named("Run")),
            examples::last_page(json!([examples::run()])),
        )
}

fn show() -> Operation {
    get("/api/v1/runs/{id}", "show_run", "Show a run, at once or when it has ended")
        .needs(Scope::Read)
        .takes([RUN_ID, WAIT_FOR_COMPLETION, TIMEOUT_SECONDS, PREFER])
        .answers(
            200,
            "The run with its steps.",
            envelope("run", named("Run")),
            examples::envelope("run", "in_progress", examples::run()),
        )
        .with(["Retry-After", "Preference-Applied"])
        .refuses([ErrorCode::RunNotFound])
}

fn cancel() -> Operation {
    let mut run = examples::run();
    run["status"] = json!("cancelled");
    post("/api/v1/runs/{id}/cancel", "cancel_run", "Cancel all of a run that has not ended")
        .needs(Scope::Write)
        .takes([RUN_ID])
        .answers(
            200,
            "The run as it ended.",
            envelope("run", named("Run")),
            examples::envelope("run", "cancelled", run),
        )
        .refuses([ErrorCode::RunNotFound, ErrorCode::RunAlreadyTerminal])
}

fn retry() -> Operation {
    let operation = post("/api/v1/runs/{id}/retry", "retry_run", "Do an ended run again")
        .about(
            "A new run that takes over the steps that completed and begins with the rest. \
             `run_already_terminal` says that all of them completed.",
        )
        .needs(Scope::Write)
        .takes([RUN_ID])
        .may_read(object(), json!({}));
    accepts(operation, named("Run")).refuses([
        ErrorCode::RunNotFound,
        ErrorCode::RunAlreadyTerminal,
        ErrorCode::JobNotTerminal,
    ])
}

fn events() -> Operation {
    let line = json!({
        "seq": 1, "at": examples::ISO, "attempt": 1, "level": "info", "message": "fetch page",
        "step_id": "brand", "job_id": JOB,
    });
    let example = format!("id: 1.0\nevent: log\ndata: {line}\n\n");
    get("/api/v1/runs/{id}/events", "follow_run", "Follow the logs of all steps")
        .about("Server-sent events `log`, one a line, then `end` with the status.")
        .needs(Scope::Read)
        .takes([RUN_ID, LAST_EVENT_ID])
        .answers_as(200, "The stream.", "text/event-stream", text(), Some(json!(example)))
        .answers_empty(204, "The stream was seen to its end; there is no need to come back.")
        .refuses([ErrorCode::RunNotFound])
}
