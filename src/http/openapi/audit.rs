//! The audit log.

use serde_json::{Value, json};

use crate::domain::audit::AuditAction;
use crate::domain::key::Scope;
use crate::http::openapi::examples::{self, KEY, ORG, REQUEST_ID};
use crate::http::openapi::operation::{Group, Operation, get};
use crate::http::openapi::parameters::{
    CREATED_AFTER, CREATED_BEFORE, CURSOR, LIMIT, Parameter, query, query_as,
};
use crate::http::openapi::schemas::{members, moment, or_null, page_with_cursor, text, uuid};

const ACTION: Parameter =
    query_as("audit_action", "action", "Only entries of this action.", action);
const KEY_ID: Parameter = query_as("by_key", "key_id", "Only what this key did.", uuid);
const OBJECT_ID: Parameter =
    query("object_id", "Only what was done to the object with this id.", text);

pub(super) fn group() -> Group {
    Group {
        name: "Audit",
        about: "Who changed keys, organizations, jobs and runs, over the whole server.",
        operations: vec![list_audit()],
    }
}

fn action() -> Value {
    let words: Vec<&str> = AuditAction::ALL.iter().map(|action| action.as_str()).collect();
    json!({ "enum": words })
}

fn list_audit() -> Operation {
    let actor = members(
        json!({
            "type": {"enum": ["key", "local", "server"]},
            "id": uuid(),
            "name": or_null(text()),
        }),
        &["type"],
    );
    let object = members(
        json!({"type": text(), "id": text(), "name": or_null(text())}),
        &["type", "id", "name"],
    );
    let entry = members(
        json!({
            "id": uuid(),
            "at": moment(),
            "action": action(),
            "actor": actor,
            "org_id": or_null(uuid()),
            "object": object,
            "detail": or_null(text()),
            "request_id": or_null(text()),
            "address": or_null(text()),
        }),
        &["id", "at", "action", "actor", "org_id", "object", "detail", "request_id", "address"],
    );
    let example = json!({
        "id": "019ad3c5-0b0d-7f3e-8a61-5d2c9b7e4f10", "at": examples::ISO,
        "action": "key.revoked", "actor": {"type": "key", "id": KEY, "name": "deploy"},
        "org_id": ORG,
        "object": {"type": "key", "id": "019ad3bf-1c44-7a02-b1d9-3e8f6a5c7d21", "name": "old"},
        "detail": null, "request_id": REQUEST_ID, "address": "203.0.113.7",
    });
    get("/api/v1/audit", "list_audit", "List what was changed, newest first")
        .about(
            "`local` is a command on the server's machine, `server` the server itself. Entries \
             are written with the change that they tell, and kept as long as `retention.audit`.",
        )
        .needs(Scope::Operator)
        .takes([ACTION, KEY_ID, OBJECT_ID, CREATED_AFTER, CREATED_BEFORE, LIMIT, CURSOR])
        .answers(
            200,
            "A page of entries.",
            page_with_cursor(entry),
            examples::last_page(json!([example])),
        )
}
