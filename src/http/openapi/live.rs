//! What changes, and the figures of now.

use serde_json::{Value, json};

use crate::domain::key::Scope;
use crate::http::error::ErrorCode;
use crate::http::openapi::examples;
use crate::http::openapi::operation::{Group, Operation, get};
use crate::http::openapi::parameters::LAST_EVENT_ID;
use crate::http::openapi::schemas::{envelope, named, text};

pub(super) fn group() -> Group {
    Group {
        name: "Live",
        about: "What the dashboard is made of. A key with `operator` is told of the whole server, \
                any other of its organization.",
        operations: vec![stream(), overview()],
    }
}

fn stream() -> Operation {
    let event = "id: 19acb2f07d1-42\nevent: run\ndata: {\"kind\":\"run\",\"id\":\"…\",\
                 \"status\":\"completed\",\"created_at\":1764331200,\"updated_at\":1764331203}\n\n";
    get("/api/v1/stream", "stream", "Follow everything that changes")
        .about(
            "Server-sent events `job` and `run`, each with its subject as it is now, and `reset` \
             when the client's place is lost: read anew what is shown. It goes on for ever; at \
             most 1,000 are open at a time.",
        )
        .needs(Scope::Read)
        .takes([LAST_EVENT_ID])
        .answers_as(200, "The stream.", "text/event-stream", text(), Some(json!(event)))
        .refuses([ErrorCode::Overloaded])
}

fn overview() -> Operation {
    get("/api/v1/overview", "show_overview", "Show the figures of now and of the last hour")
        .needs(Scope::Read)
        .answers(
            200,
            "The figures.",
            envelope("overview", named("Overview")),
            examples::envelope("overview", "completed", example()),
        )
}

fn example() -> Value {
    let hour = json!({"arrived": 4, "completed": 3, "failed": 1, "cancelled": 0});
    json!({
        "scope": "organization", "now": examples::ISO, "since": examples::ISO,
        "jobs": {"queued": 1, "later": 0, "processing": 1, "last_hour": hour},
        "series": {
            "tick_seconds": 15, "from": examples::UNIX,
            "arrived": [3, 1], "completed": [1, 2], "failed": [0, 1], "cancelled": [0, 0],
        },
        "wait_seconds": {"p50": 0.004, "p95": 0.02}, "run_seconds": {"p50": 0.4, "p95": 2.5},
        "waiting_clients": 2,
        "workers": {"threads": null, "abandoned": null, "busy": []},
        "queues": [], "organizations": null, "storage": null, "warnings": [],
    })
}
