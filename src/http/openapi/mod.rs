//! The API for machines, in OpenAPI 3.1, as `docs/openapi.json` has it.
//!
//! A file a group of routes says what each takes, answers and refuses; `operation` is the language
//! they say it in, `document` puts it all together with the schemas that the actions themselves
//! give. The tests hold the routes, the codes and every answer that they see against it. Debug
//! builds alone have this room. Never: a rule of a route; what is told here is done elsewhere.

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

use serde::Serialize as _;
use serde_json::Serializer;
use serde_json::ser::PrettyFormatter;

use crate::engine::ActionRegistry;
use crate::http::openapi::operation::Group;

/// The document. The built-in actions' schemas are the same on every server.
pub(super) fn text(actions: &ActionRegistry) -> Vec<u8> {
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
