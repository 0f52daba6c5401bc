//! The groups put together as one OpenAPI document.

use serde_json::{Map, Value, json};

use crate::http::openapi::operation::{Answer, Body, Group, Operation};
use crate::http::openapi::parameters::{Parameter, Place};
use crate::http::openapi::refusals::Refusals;

const ABOUT: &str = "A durable HTTP front door for slow work. A 202 is given when the job is on \
disk; any number of clients may then wait for its end, by \
`GET /api/v1/jobs/{id}?wait_for_completion=true`.\n\n\
Success is `{id, object, status, created_at, data}`, failure `{error: {type, code, message, \
request_id, param?}}`: `code` is for programs, `message` says what would be right. A path that \
does not exist is 404 `route_not_found`, a method that it does not have 405 \
`method_not_allowed`.\n\n\
A key is sent as `Authorization: Bearer <key>`, belongs to one organization and has scopes; each \
route names the one that it needs. What is another organization's is 404, never 403. Every answer \
carries `X-Request-Id`, which the server's log knows; every answer to a key says in \
`X-RateLimit-*` and `RateLimit` how many requests are left of its minute.";

/// The document of these routes, with schemas for them to name.
pub(super) fn assemble(groups: &[Group], schemas: &Value) -> Value {
    let (mut paths, mut parameters) = (Map::new(), Map::new());
    let mut refusals = Refusals::default();
    for group in groups {
        for operation in &group.operations {
            let path = paths.entry(operation.path).or_insert_with(|| json!({}));
            let described = describe(group, operation, &mut refusals);
            if operation.head {
                path["head"] = without_bodies(described.clone());
            }
            path[operation.method] = described;
            for parameter in &operation.parameters {
                parameters.insert(parameter.key.to_owned(), component(parameter));
            }
        }
    }
    let tags: Vec<Value> = groups
        .iter()
        .map(|group| json!({"name": group.name, "description": group.about}))
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Tidemill",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": parameters,
            "responses": refusals.components(),
            "headers": headers(),
            "securitySchemes": {"key": {
                "type": "http",
                "scheme": "bearer",
                "description": "A key of the server, `pi_live_…` or `fr_…`.",
            }},
        },
    })
}

fn describe(group: &Group, operation: &Operation, refusals: &mut Refusals) -> Value {
    let codes = operation.all_refusals();
    let mut responses: Map<String, Value> =
        refusals.of(&codes, operation.errors).into_iter().collect();
    for answer in &operation.answers {
        let described = describe_answer(answer, operation.scope.is_some());
        // A status that also refuses says both.
        let refusal = responses.insert(answer.status.to_string(), described);
        debug_assert!(refusal.is_none(), "{} {}", operation.id, answer.status);
    }
    let mut described = json!({
        "tags": [group.name],
        "operationId": operation.id,
        "summary": operation.summary,
        "responses": responses,
    });
    if !operation.about.is_empty() {
        described["description"] = json!(operation.about);
    }
    described["security"] = match operation.scope {
        Some(scope) => json!([{"key": [scope.as_str()]}]),
        None => json!([]),
    };
    if !operation.parameters.is_empty() {
        let reference = |parameter: &Parameter| {
            let reference = format!("#/components/parameters/{}", parameter.key);
            json!({ "$ref": reference })
        };
        described["parameters"] = operation.parameters.iter().map(reference).collect();
    }
    if let Some(body) = &operation.body {
        described["requestBody"] = describe_body(body);
    }
    described
}

fn describe_body(body: &Body) -> Value {
    let examples: Map<String, Value> = body
        .examples
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!({ "value": value })))
        .collect();
    let mut media = json!({"schema": body.schema});
    if !examples.is_empty() {
        media["examples"] = Value::Object(examples);
    }
    json!({"required": body.required, "content": {body.media_type: media}})
}

fn describe_answer(answer: &Answer, with_key: bool) -> Value {
    let mut described = json!({"description": answer.about});
    let limits = ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"];
    let limits = limits.into_iter().filter(|_| with_key);
    let names = ["X-Request-Id"].into_iter().chain(limits).chain(answer.headers.iter().copied());
    let reference = |name: &str| json!({"$ref": format!("#/components/headers/{name}")});
    let headers: Map<String, Value> =
        names.map(|name| (name.to_owned(), reference(name))).collect();
    described["headers"] = Value::Object(headers);
    for content in &answer.content {
        let mut media = json!({"schema": content.schema});
        if let Some(example) = &content.example {
            media["example"] = example.clone();
        }
        described["content"][content.media_type] = media;
    }
    described
}

/// What `HEAD` answers where `GET` answers as described.
fn without_bodies(mut described: Value) -> Value {
    let id = described["operationId"].as_str().unwrap_or_default().to_owned();
    described["operationId"] = json!(format!("{id}_head"));
    for response in described["responses"].as_object_mut().into_iter().flat_map(Map::values_mut) {
        if let Some(members) = response.as_object_mut() {
            members.remove("content");
        }
    }
    described
}

fn component(parameter: &Parameter) -> Value {
    let Parameter { key: _, name, place, about, schema } = parameter;
    json!({
        "name": name,
        "in": place.as_str(),
        "required": *place == Place::Path,
        "description": about,
        "schema": schema(),
    })
}

/// Headers of answers.
fn headers() -> Value {
    let text = |about: &str| json!({"description": about, "schema": {"type": "string"}});
    let number = |about: &str| json!({"description": about, "schema": {"type": "integer"}});
    json!({
        "X-Request-Id": text("The request's id, as the server's log has it."),
        "X-RateLimit-Limit": number("How many requests the key may send a minute."),
        "X-RateLimit-Remaining": number("How many of them are left."),
        "X-RateLimit-Reset": number("When the minute is over, in seconds since 1970."),
        "Retry-After": number("Ask again after so many seconds."),
        "Location": text("Where what was created can be read."),
        "Preference-Applied": text("`wait=N`: the preference was honoured."),
        "Idempotent-Replayed": text("`true`: this answer was given before to the same key."),
        "ETag": text("Changes with the content, which never changes under one id."),
        "Content-Range": text("Which bytes of how many these are."),
    })
}
