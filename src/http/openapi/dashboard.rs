//! The dashboard: its session, its page and its files.

use serde_json::json;

use crate::domain::key::Scope;
use crate::http::error::ErrorCode;
use crate::http::openapi::examples::{self, KEY, ORG};
use crate::http::openapi::operation::{Group, Operation, delete, get, post};
use crate::http::openapi::parameters::{Parameter, path};
use crate::http::openapi::schemas::{deleted, envelope, named, text};

const PAGE: Parameter = path("page", "page", "The page's name, as in the menu.", text);
const SUBJECT: Parameter = path("page_subject", "id", "What the page is about.", text);
const FILE: Parameter = path("static_file", "file", "The file's name.", text);
const ROOM: Parameter = path("static_room", "room", "The folder that it lies in.", text);

pub(super) fn group() -> Group {
    Group {
        name: "Dashboard",
        about: "Pages for people, and the session by which a browser need not keep a key. A \
                session does what its key does and ends after twelve hours; its cookie counts only \
                on the dashboard's own requests.",
        operations: vec![
            create_session(),
            show_session(),
            end_session(),
            page(get("/", "dashboard", "The dashboard")),
            page(get("/ui/{page}", "dashboard_page", "A page of the dashboard").takes([PAGE])),
            page(
                get("/ui/{page}/{id}", "dashboard_subject", "A page about one thing")
                    .takes([PAGE, SUBJECT]),
            ),
            file(get("/static/{file}", "dashboard_file", "A file of the dashboard").takes([FILE])),
            file(
                get("/static/{room}/{file}", "dashboard_room_file", "A file in a folder")
                    .takes([ROOM, FILE]),
            ),
        ],
    }
}

/// The answer that shows a session.
fn shows(operation: Operation, ends_at: Option<&str>) -> Operation {
    let session = json!({
        "org_id": ORG, "org_name": "default", "key_id": KEY, "scopes": ["read", "write"],
        "expires_at": ends_at, "version": env!("CARGO_PKG_VERSION"),
    });
    operation.needs(Scope::Read).answers(
        200,
        "Whose it is, and what it may do.",
        envelope("session", named("Session")),
        examples::envelope("session", "completed", session),
    )
}

fn create_session() -> Operation {
    let operation = post("/api/v1/session", "create_session", "Change a key for a cookie")
        .about("The key in the header; `Set-Cookie` has the session. Takes no `Idempotency-Key`.");
    shows(operation, Some(examples::ISO)).refuses([ErrorCode::InvalidRequestBody])
}

fn show_session() -> Operation {
    let operation = get("/api/v1/session", "show_session", "Show whose key or session this is");
    shows(operation, None)
}

fn end_session() -> Operation {
    delete("/api/v1/session", "end_session", "End the session and take its cookie away")
        .needs(Scope::Read)
        .answers(200, "It is over.", deleted("session"), examples::deleted("session", KEY))
}

fn page(operation: Operation) -> Operation {
    operation
        .answers_as(200, "The one page, which reads its address.", "text/html", text(), None)
        .with(["ETag"])
        .answers_empty(304, "It is what `If-None-Match` names.")
        .with(["ETag"])
        .and_head()
}

fn file(operation: Operation) -> Operation {
    operation
        .answers_as(200, "A script, a style sheet or a picture.", "*/*", json!({}), None)
        .with(["ETag"])
        .answers_empty(304, "It is what `If-None-Match` names.")
        .with(["ETag"])
        .refuses([ErrorCode::RouteNotFound])
        .and_head()
}
