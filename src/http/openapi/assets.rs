//! Files: by id with a key, by an unguessable name without one.

use serde_json::{Value, json};

use crate::domain::key::Scope;
use crate::http::error::ErrorCode;
use crate::http::openapi::examples::{self, ASSET};
use crate::http::openapi::operation::{Group, Operation, delete, get, post};
use crate::http::openapi::parameters::{Parameter, path};
use crate::http::openapi::schemas::{deleted, envelope, named, text, uuid};

const ASSET_ID: Parameter = path("asset_id", "id", "The file's id.", uuid);

const TOKEN: Parameter = path("asset_token", "token", "The file's unguessable name.", text);

pub(super) fn group() -> Group {
    Group {
        name: "Files",
        about: "What jobs made and what was sent with them. A file never changes; its public name \
                can be ended or replaced.",
        operations: vec![show(), delete_asset(), rotate(), show_public()],
    }
}

/// The answers that send a file.
fn sends(operation: Operation) -> Operation {
    let bytes: Value = json!({});
    operation
        .answers_as(200, "The file.", "*/*", bytes.clone(), None)
        .with(["ETag"])
        .answers_as(206, "A part of it, as `Range` asks.", "*/*", bytes, None)
        .with(["ETag", "Content-Range"])
        .answers_empty(304, "It is what `If-None-Match` names.")
        .with(["ETag"])
        .answers_empty(416, "The file has no such part.")
        .with(["Content-Range"])
        .refuses([ErrorCode::AssetNotFound])
        .and_head()
}

fn show() -> Operation {
    let operation = get("/api/v1/assets/{id}", "show_asset", "Read a file");
    sends(operation.needs(Scope::Read).takes([ASSET_ID]))
}

fn show_public() -> Operation {
    let operation = get("/assets/{token}", "show_public_asset", "Read a file by its public name");
    sends(operation.takes([TOKEN]))
}

fn delete_asset() -> Operation {
    delete("/api/v1/assets/{id}", "delete_asset", "Delete a file and its public name")
        .needs(Scope::Write)
        .takes([ASSET_ID])
        .answers(200, "It is gone.", deleted("asset"), examples::deleted("asset", ASSET))
        .refuses([ErrorCode::AssetNotFound])
}

fn rotate() -> Operation {
    post("/api/v1/assets/{id}/rotate", "rotate_asset", "Give a file another public name")
        .about("Results, runs and brands show the new one from then on.")
        .needs(Scope::Write)
        .takes([ASSET_ID])
        .answers(
            200,
            "The file with its new name.",
            envelope("asset", named("Asset")),
            examples::envelope("asset", "completed", examples::asset()),
        )
        .refuses([ErrorCode::AssetNotFound])
}
