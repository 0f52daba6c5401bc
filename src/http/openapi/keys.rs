//! Keys of the caller's organization.

use serde_json::json;

use crate::domain::key::{MAX_KEY_NAME, Scope};
use crate::http::error::ErrorCode;
use crate::http::openapi::examples::{self, KEY};
use crate::http::openapi::operation::{Group, Operation, delete, get, post};
use crate::http::openapi::parameters::{Parameter, path};
use crate::http::openapi::schemas::{boolean, deleted, envelope, list, members, named, page, uuid};

const KEY_ID: Parameter = path("key_id", "id", "The key's id.", uuid);

pub(super) fn group() -> Group {
    Group {
        name: "Keys",
        about: "Who may call. A key gives only scopes that it has; `operator` is given on the \
                server's command line.",
        operations: vec![list_keys(), create(), revoke()],
    }
}

fn list_keys() -> Operation {
    get("/api/v1/keys", "list_keys", "List keys, revoked ones included").needs(Scope::Keys).answers(
        200,
        "All of them, without their secrets.",
        page(named("Key"), json!({"has_more": boolean()})),
        examples::list(json!([examples::key()])),
    )
}

fn create() -> Operation {
    let mut made = examples::key();
    made["key"] = json!("pi_live_7Yd0yJrWmXGm0H1p3oQJ5sV2kq9cTnB4eLfZaUxR8wE");
    let body = members(
        json!({
            "name": {"type": "string", "minLength": 1, "maxLength": MAX_KEY_NAME},
            "scopes": list(named("Scope")),
            "dialect": {"enum": ["pi", "flowrelay", null], "default": "pi"},
        }),
        &["name"],
    );
    post("/api/v1/keys", "create_key", "Make a key")
        .about("Its secret is in this answer and in no other. Takes no `Idempotency-Key`.")
        .needs(Scope::Keys)
        .reads(body, json!({"name": "deploy", "scopes": ["read", "write"]}))
        .answers(
            201,
            "The key with its secret.",
            envelope("key", named("Key")),
            examples::envelope("key", "completed", made),
        )
}

fn revoke() -> Operation {
    delete("/api/v1/keys/{id}", "revoke_key", "Revoke a key, from the next request on")
        .needs(Scope::Keys)
        .takes([KEY_ID])
        .answers(200, "It opens nothing any more.", deleted("key"), examples::deleted("key", KEY))
        .refuses([ErrorCode::KeyNotFound])
}
