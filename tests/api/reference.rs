//! The reference, held against what the server really answers: every answer that any of these
//! tests gets is looked up in `docs/openapi.json` and must be as it is told there.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::Answer;

/// The checked-in document. A test compares it with the one that is served.
pub(crate) const TEXT: &str = include_str!("../../docs/openapi.json");

pub(crate) static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(TEXT).expect("docs/openapi.json is JSON"));

/// Where to mend the reference, for who reads a failure.
pub(crate) const ADVICE: &str = "describe it in the file of its group in src/http/openapi/, then \
    write docs/openapi.json with `WRITE_REFERENCE=1 cargo test --test api openapi`";

/// Fails unless `answer` is told of. What no route answers, and members selected by `fields`, are
/// passed over.
pub(crate) fn check(method: &Method, path: &str, answer: &Answer) {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let Some(pattern) = pattern_of(path) else { return };
    let verb = method.as_str().to_lowercase();
    let Some(operation) = DOCUMENT["paths"][pattern].get(&verb) else { return };
    if query.contains("fields=") || answer.code() == "route_not_found" {
        return;
    }
    let told = format!("`{method} {pattern}` answers {}", answer.status);
    let response = operation["responses"].get(answer.status.to_string());
    let response = response.unwrap_or_else(|| panic!("{told}: {}; {ADVICE}", answer.body));
    let place = place_of(pattern, &verb, answer.status, response);
    let content = DOCUMENT.pointer(place.trim_start_matches('#')).and_then(|at| at.get("content"));
    let is_packed = answer.header("content-encoding").is_some();
    if answer.bytes.is_empty() || is_packed || *method == Method::HEAD {
        return;
    }
    let media_type = answer.header("content-type").unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default();
    let content = content.unwrap_or_else(|| panic!("{told} with a body; {ADVICE}"));
    if content.get("*/*").is_some() {
        return;
    }
    assert!(content.get(media_type).is_some(), "{told} as `{media_type}`; {ADVICE}");
    if media_type != "application/json" {
        return;
    }
    let validator = validator(&format!("{place}/content/application~1json/schema"));
    let faults: Vec<String> = validator
        .iter_errors(&answer.body)
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{told} {}\nbut {faults:#?}\n{ADVICE}", answer.body);
}

/// The path of the document that a request's path means; one that is spelt out goes before one
/// with a part to fill in.
fn pattern_of(path: &str) -> Option<&'static str> {
    let matches = |pattern: &&String| {
        let (mut told, mut asked) = (pattern.split('/'), path.split('/'));
        let alike = told
            .by_ref()
            .zip(asked.by_ref())
            .all(|(told, asked)| told == asked || (told.starts_with('{') && !asked.is_empty()));
        alike && pattern.split('/').count() == path.split('/').count()
    };
    let paths = DOCUMENT["paths"].as_object().expect("paths").keys();
    paths.filter(matches).min_by_key(|pattern| pattern.matches('{').count()).map(String::as_str)
}

fn place_of(pattern: &str, verb: &str, status: u16, response: &Value) -> String {
    let own = || {
        let pattern = pattern.replace('~', "~0").replace('/', "~1");
        format!("#/paths/{pattern}/{verb}/responses/{status}")
    };
    response["$ref"].as_str().map_or_else(own, str::to_owned)
}

/// What checks values against the schema at a place of the document.
pub(crate) fn validator(place: &str) -> Arc<Validator> {
    static KNOWN: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let made = known.entry(place.to_owned()).or_insert_with(|| {
        // The whole document is the schema, so that references find what they name.
        let mut root = DOCUMENT.clone();
        root["$ref"] = json!(place.replace('{', "%7B").replace('}', "%7D"));
        let options = jsonschema::options().should_validate_formats(true);
        Arc::new(options.build(&root).unwrap_or_else(|fault| panic!("{place}: {fault}")))
    });
    Arc::clone(made)
}
