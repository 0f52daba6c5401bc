//! `GET /openapi.json`: the API for machines, in OpenAPI 3.1.
//!
//! A file a group of routes says what each takes, answers and refuses; `operation` is the language
//! they say it in, `document` puts it all together with the schemas that the actions themselves
//! give. `docs/openapi.json` is the same text, and the tests hold the routes, the codes and every
//! answer that they see against it. Never: a rule of a route; what is told here is done elsewhere.

mod actions;
mod activity;
mod ads;
mod assets;
mod audit;
mod brands;
mod dashboard;
mod document;
mod documents;
mod examples;
mod jobs;
mod keys;
mod live;
mod operation;
mod parameters;
mod refusals;
mod runs;
mod schedules;
mod schemas;
mod server;
mod webhooks;
mod workers;

use std::sync::OnceLock;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use bytes::Bytes;
use serde::Serialize as _;
use serde_json::Serializer;
use serde_json::ser::PrettyFormatter;

use crate::engine::ActionRegistry;
use crate::http::front::Front;
use crate::http::openapi::operation::Group;

/// The document, for whoever asks: it tells nothing that this server's operator made.
pub(crate) async fn show(front: web::Data<Front>) -> HttpResponse {
    static TEXT: OnceLock<Bytes> = OnceLock::new();
    // The built-in actions' schemas are the same on every server.
    let text = TEXT.get_or_init(|| Bytes::from(text(front.engine.actions())));
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(text.clone())
}

fn text(actions: &ActionRegistry) -> Vec<u8> {
    let document = document::assemble(&groups(), &schemas::components(actions));
    let mut text = Vec::new();
    let lines = PrettyFormatter::with_indent(b" ");
    let written = document.serialize(&mut Serializer::with_formatter(&mut text, lines));
    written.expect("plain values have a JSON text");
    text.push(b'\n');
    text
}

/// All groups of routes, in the order in which a reader wants them.
fn groups() -> Vec<Group> {
    vec![
        jobs::group(),
        runs::group(),
        schedules::group(),
        actions::group(),
        brands::group(),
        ads::group(),
        assets::group(),
        workers::group(),
        activity::group(),
        documents::group(),
        keys::group(),
        audit::group(),
        webhooks::group(),
        live::group(),
        dashboard::group(),
        server::group(),
    ]
}
