//! JSON Schemas of what goes over the wire, each under its name.
//!
//! They say what a client may rely on: members may be added to any object. The schemas of an
//! action's input and result are the action's own. Never: a rule that is only told here.

#![expect(
    clippy::needless_pass_by_value,
    reason = "schemas are written in place, like the literals that they stand for"
)]

mod brand;
mod job;
mod live;
mod run;
mod schedule;
mod small;

use serde_json::{Map, Value, json};

use crate::actions::{
    BRANDS_EXTRACT, CAMPAIGNS_EDIT, CAMPAIGNS_GENERATE, CAMPAIGNS_LOCALIZE_AD, IMAGES_GENERATE,
};
use crate::engine::{ActionDescription, ActionRegistry};

/// The actions that have routes of their own.
const WITH_ROUTES: [&str; 5] =
    [BRANDS_EXTRACT, IMAGES_GENERATE, CAMPAIGNS_GENERATE, CAMPAIGNS_EDIT, CAMPAIGNS_LOCALIZE_AD];

/// The document's `components.schemas`.
pub(super) fn components(actions: &ActionRegistry) -> Value {
    let all = [
        job::schemas(),
        run::schemas(),
        schedule::schemas(),
        brand::schemas(),
        live::schemas(),
        small::schemas(),
    ];
    let mut components = Map::new();
    for schemas in all {
        components.extend(schemas.into_iter().map(|(name, schema)| (name.to_owned(), schema)));
    }
    for name in WITH_ROUTES {
        let Some(action) = actions.find(name) else { continue };
        let ActionDescription { input_schema, result_schema, .. } = action.description();
        components.insert(format!("{name}.input"), input_schema);
        components.insert(format!("{name}.result"), result_schema);
    }
    Value::Object(components)
}

/// Some schemas, each with its name.
type Named = Vec<(&'static str, Value)>;

/// A reference to a component.
pub(super) fn named(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

pub(super) fn text() -> Value {
    json!({"type": "string"})
}

pub(super) fn uuid() -> Value {
    json!({"type": "string", "format": "uuid"})
}

pub(super) fn boolean() -> Value {
    json!({"type": "boolean"})
}

/// Whole seconds since 1970.
pub(super) fn unix() -> Value {
    json!({"type": "integer", "description": "Seconds since 1970."})
}

/// ISO 8601 in UTC.
pub(super) fn moment() -> Value {
    json!({"type": "string", "format": "date-time"})
}

pub(super) fn count() -> Value {
    json!({"type": "integer", "minimum": 0})
}

pub(super) fn object() -> Value {
    json!({"type": "object"})
}

pub(super) fn list(of: Value) -> Value {
    json!({"type": "array", "items": of})
}

/// The same, or null.
pub(super) fn or_null(mut schema: Value) -> Value {
    if let Value::String(kind) = &schema["type"] {
        schema["type"] = json!([kind, "null"]);
        return schema;
    }
    json!({"anyOf": [schema, {"type": "null"}]})
}

/// An object with these members, of which those named in `required` are always there.
pub(super) fn members(properties: Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": properties, "required": required})
}

/// A success whose `data` is as given.
pub(super) fn envelope(kind: &str, data: Value) -> Value {
    members(
        json!({
            "id": {"type": "string", "pattern": "^req_pi_"},
            "object": {"const": kind},
            "status": {"type": "string"},
            "created_at": unix(),
            "data": data,
        }),
        &["id", "object", "status", "created_at", "data"],
    )
}

/// A page of a list, `more` being the members that say what comes after it.
pub(super) fn page(of: Value, more: Value) -> Value {
    let mut properties = json!({"data": list(of)});
    let mut required = vec!["data"];
    for (name, schema) in more.as_object().into_iter().flatten() {
        properties[name.as_str()] = schema.clone();
        required.push(name);
    }
    envelope("list", members(properties, &required))
}

/// A page that goes on at a cursor.
pub(super) fn page_with_cursor(of: Value) -> Value {
    page(of, json!({"has_more": boolean(), "next_cursor": or_null(uuid())}))
}

/// The answer to a deletion.
pub(super) fn deleted(kind: &str) -> Value {
    envelope(kind, members(json!({"id": uuid(), "deleted": {"const": true}}), &["id", "deleted"]))
}

/// `client_reference_id`: echoed, so that a client finds its own again.
pub(super) fn reference() -> Value {
    json!({"type": ["string", "null"], "maxLength": 200, "description": "Echoed."})
}

/// `metadata`: echoed.
pub(super) fn metadata() -> Value {
    json!({
        "type": ["object", "null"],
        "maxProperties": 16,
        "additionalProperties": {"type": "string", "maxLength": 500},
        "description": "Echoed.",
    })
}
