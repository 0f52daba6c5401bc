//! Actions: what can be asked for.

use serde_json::json;

use crate::domain::key::Scope;
use crate::http::error::ErrorCode;
use crate::http::openapi::examples;
use crate::http::openapi::operation::{Group, Operation, get};
use crate::http::openapi::parameters::{Parameter, path};
use crate::http::openapi::schemas::{boolean, envelope, named, page, text};

const NAME: Parameter = path("action_name", "name", "The action's name.", text);

pub(super) fn group() -> Group {
    Group {
        name: "Actions",
        about: "The kinds of work that this server knows, the operator's own among them, each \
                with JSON Schemas of its input and its result.",
        operations: vec![list(), show()],
    }
}

fn list() -> Operation {
    get("/api/v1/actions", "list_actions", "List the actions").needs(Scope::Read).answers(
        200,
        "All of them.",
        page(named("Action"), json!({"has_more": boolean()})),
        examples::list(json!([action()])),
    )
}

fn show() -> Operation {
    get("/api/v1/actions/{name}", "show_action", "Show an action")
        .needs(Scope::Read)
        .takes([NAME])
        .answers(
            200,
            "The action.",
            envelope("action", named("Action")),
            examples::envelope("action", "completed", action()),
        )
        .refuses([ErrorCode::ActionNotFound])
}

fn action() -> serde_json::Value {
    json!({
        "name": "video.transcode",
        "summary": "Makes a video smaller.",
        "input_schema": {"type": "object", "properties": {"url": {"type": "string"}}},
        "result_schema": {"type": "object"},
        "max_attempts": 3,
        "attempt_timeout_seconds": 90.0,
    })
}
