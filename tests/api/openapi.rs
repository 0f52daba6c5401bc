//! `/openapi.json`: the same as the checked-in file, complete, and true.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use flate2::read::GzDecoder;
use serde_json::{Map, Value};

use crate::errors;
use crate::reference::{self, ADVICE, DOCUMENT, TEXT};
use crate::routes;
use crate::server::Server;

const BOOK: &str = include_str!("../../docs/api.md");

const METHODS: [&str; 5] = ["get", "head", "post", "patch", "delete"];

#[tokio::test]
async fn the_checked_in_reference_is_the_one_that_is_served() {
    let served = Server::start().client.without_key().get("/openapi.json").await;
    assert_eq!(served.status, 200);
    if std::env::var_os("WRITE_REFERENCE").is_some() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json");
        std::fs::write(file, &served.bytes).expect("the file can be written");
        return;
    }
    let text = String::from_utf8(served.bytes).expect("text");
    let different = text.lines().zip(TEXT.lines()).find(|(served, kept)| served != kept);
    assert!(text == TEXT, "docs/openapi.json is old, at {different:?}; {ADVICE}");
}

#[tokio::test]
async fn the_reference_is_sent_compressed_to_those_who_take_it() {
    let server = Server::start();
    let client = server.client.without_key();
    let packed = client.read_with("/openapi.json", &[("accept-encoding", "gzip")]).await;
    assert_eq!(packed.headers["content-encoding"], "gzip");
    let mut text = String::new();
    GzDecoder::new(&*packed.bytes).read_to_string(&mut text).expect("gzip");
    assert_eq!(packed.headers["vary"], "accept-encoding");
    assert!(packed.bytes.len() * 5 < text.len() && text == TEXT, "{}", packed.bytes.len());
}

/// Every operation with its method and path.
fn operations() -> Vec<(String, &'static Value)> {
    let paths = DOCUMENT["paths"].as_object().expect("paths");
    let of_path = |(path, methods): (&String, &'static Value)| {
        let path = path.clone();
        let methods = methods.as_object().expect("methods");
        methods.iter().map(move |(method, operation)| {
            (format!("{} {path}", method.to_uppercase()), operation)
        })
    };
    paths.iter().flat_map(of_path).collect()
}

#[test]
fn every_route_is_in_the_reference_and_no_other() {
    let told: BTreeSet<String> = operations().into_iter().map(|(route, _)| route).collect();
    let of_path = |(path, methods): (String, Vec<reqwest::Method>)| {
        methods.into_iter().map(move |method| format!("{method} {path}"))
    };
    let served: BTreeSet<String> = routes::routes().into_iter().flat_map(of_path).collect();
    let missing: Vec<_> = served.difference(&told).collect();
    assert!(missing.is_empty(), "{missing:#?} stand in src/http/routes.rs alone; {ADVICE}");
    let invented: Vec<_> = told.difference(&served).collect();
    assert!(invented.is_empty(), "{invented:#?} are no routes; {ADVICE}");
}

/// The book's scopes are held against the handlers' signatures by `tests/tidy`.
#[test]
fn scopes_are_those_of_the_book() {
    let mut book = BTreeMap::new();
    for row in BOOK.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        for route in cells[1].split('`').filter(|text| text.contains(" /")) {
            book.insert(route, cells[2].trim_matches('`'));
        }
    }
    for (route, operation) in operations() {
        let scope = operation["security"][0]["key"][0].as_str().unwrap_or("none");
        let route = route.replace("HEAD ", "GET ");
        assert_eq!(book.get(route.as_str()), Some(&scope), "{route}");
    }
}

#[test]
fn every_code_is_explained() {
    let known: BTreeSet<&str> = errors::codes().collect();
    let responses = DOCUMENT["components"]["responses"].as_object().expect("responses");
    let told: BTreeSet<&str> = responses
        .values()
        .flat_map(|response| {
            let examples = &response["content"]["application/json"]["examples"];
            examples.as_object().into_iter().flatten().map(|(code, _)| code.as_str())
        })
        .collect();
    let general = DOCUMENT["info"]["description"].as_str().expect("a text");
    for code in &known {
        assert!(told.contains(code) || general.contains(&format!("`{code}`")), "{code}");
    }
    for code in told {
        assert!(BOOK.contains(&format!("`{code}`")), "{code} is not in docs/api.md");
    }
}

#[test]
fn every_example_is_valid() {
    let mut checked = 0;
    for (place, media) in media_types() {
        let schema = reference::validator(&format!("{place}/schema"));
        let several = media["examples"].as_object().into_iter().flatten();
        let several = several.map(|(_, example)| &example["value"]);
        for example in several.chain(media.get("example")) {
            let faults: Vec<String> =
                schema.iter_errors(example).map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "{place}: {example} {faults:?}");
            checked += 1;
        }
    }
    assert!(checked > 100, "{checked}");
}

/// Every body that is described, with its place in the document.
fn media_types() -> Vec<(String, &'static Value)> {
    let mut found = Vec::new();
    walk("#", &DOCUMENT, &mut |place, members| {
        // A member of a body may be called `content` too.
        let is_body = !place.ends_with("/properties");
        if let Some(Value::Object(content)) = members.get("content").filter(|_| is_body) {
            for (kind, media) in content {
                found.push((format!("{place}/content/{}", kind.replace('/', "~1")), media));
            }
        }
    });
    found
}

/// Shows `see` every object of a document but examples, with its place.
fn walk(
    place: &str,
    value: &'static Value,
    see: &mut impl FnMut(&str, &'static Map<String, Value>),
) {
    match value {
        Value::Object(members) => {
            see(place, members);
            for (name, value) in members {
                if !matches!(name.as_str(), "example" | "examples") {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    walk(&format!("{place}/{name}"), value, see);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(&format!("{place}/{index}"), item, see);
            }
        }
        _ => {}
    }
}

#[test]
fn the_reference_is_whole() {
    walk("#", &DOCUMENT, &mut |place, members| {
        if let Some(Value::String(target)) = members.get("$ref") {
            let target = target.trim_start_matches('#');
            assert!(DOCUMENT.pointer(target).is_some(), "{place}: nothing at {target}");
        }
    });
    let mut ids = BTreeSet::new();
    for (route, operation) in operations() {
        let id = operation["operationId"].as_str().expect("an id");
        assert!(ids.insert(id), "{route}: `{id}` is used twice");
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let parameters = parameters.iter().map(|parameter| {
            let target = parameter["$ref"].as_str().expect("a reference").trim_start_matches('#');
            DOCUMENT.pointer(target).expect("it is there")
        });
        let (of_path, others): (Vec<_>, Vec<_>) =
            parameters.partition(|parameter| parameter["in"] == "path");
        let named: BTreeSet<&str> = of_path.iter().filter_map(|it| it["name"].as_str()).collect();
        let parts = route.split('{').skip(1).filter_map(|rest| rest.split('}').next());
        assert_eq!(named, parts.collect(), "{route}");
        let unique: BTreeSet<_> = others.iter().map(|it| it["name"].to_string()).collect();
        assert_eq!(unique.len(), others.len(), "{route} names a parameter twice");
    }
    let schemas = DOCUMENT["components"]["schemas"].as_object().expect("schemas");
    for (name, schema) in schemas {
        assert!(jsonschema::meta::validate(schema).is_ok(), "{name} is no JSON Schema");
    }
    for (place, media) in media_types() {
        let valid = jsonschema::meta::validate(&media["schema"]).is_ok();
        assert!(valid, "{place} has no JSON Schema");
    }
    let used = DOCUMENT["paths"].as_object().into_iter().flat_map(Map::values);
    let used: BTreeSet<_> = used.filter_map(Value::as_object).flat_map(Map::keys).collect();
    assert!(used.iter().all(|method| METHODS.contains(&method.as_str())), "{used:?}");
}
