//! JSON Schemas of inputs and results, compiled once.
//!
//! A schema stands for itself: a reference to another file or machine is a fault of the
//! configuration. Never: a fetch, or a pattern that backtracks without end.

use std::fmt::Write as _;

use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::paths::LocationSegment;
use jsonschema::{PatternOptions, ValidationError, Validator};
use serde_json::{Map, Value};

use crate::engine::InvalidInput;

/// How often a pattern may try again on one text: a schema is the operator's, the text a client's.
const BACKTRACK_LIMIT: usize = 100_000;

/// The longest part of a text that a fault repeats, in characters.
const MAX_QUOTED: usize = 200;

/// A schema that means nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no valid JSON Schema: {0}")]
pub struct InvalidSchema(String);

/// A compiled schema of an object.
#[derive(Debug)]
pub(super) struct Schema {
    text: Value,
    validator: Validator,
}

impl Schema {
    /// Compiles `schema`.
    pub(super) fn compile(schema: Value) -> Result<Self, InvalidSchema> {
        if !schema.is_object() {
            return Err(InvalidSchema("it must be an object".to_owned()));
        }
        let patterns = PatternOptions::fancy_regex().backtrack_limit(BACKTRACK_LIMIT);
        let compiled = jsonschema::options().with_pattern_options(patterns).build(&schema);
        match compiled {
            Ok(validator) => Ok(Self { text: schema, validator }),
            Err(error) => Err(InvalidSchema(short(&error.to_string()))),
        }
    }

    /// The schema as it was given.
    pub(super) const fn text(&self) -> &Value {
        &self.text
    }

    /// Whether `document` is as it should be; otherwise the first fault. The members named in
    /// `given` are not in it yet, and count as there and valid.
    pub(super) fn check(
        &self,
        document: &Map<String, Value>,
        given: &[&str],
    ) -> Result<(), InvalidInput> {
        // A member that is given later wins over what stands here now.
        let mut document = document.clone();
        document.retain(|name, _| !given.contains(&name.as_str()));
        let document = Value::Object(document);
        let mut faults = self.validator.iter_errors(&document);
        match faults.find(|fault| !may_be_mended(fault, given)) {
            Some(fault) => Err(told(&fault)),
            None => Ok(()),
        }
    }
}

/// Whether what is given later may make the fault good. It is looked at again before the work
/// begins, when all is there.
fn may_be_mended(fault: &ValidationError<'_>, given: &[&str]) -> bool {
    if given.is_empty() || fault.instance_path().into_iter().next().is_some() {
        return false;
    }
    match fault.kind() {
        Kind::Required { property } => {
            property.as_str().is_some_and(|property| given.contains(&property))
        }
        Kind::AnyOf { .. }
        | Kind::OneOfMultipleValid { .. }
        | Kind::OneOfNotValid { .. }
        | Kind::Not { .. }
        | Kind::MinProperties { .. } => true,
        _ => false,
    }
}

fn told(fault: &ValidationError<'_>) -> InvalidInput {
    let mut param = String::new();
    for segment in fault.instance_path() {
        match segment {
            LocationSegment::Property(name) => step_into(&mut param, &name),
            LocationSegment::Index(index) => {
                write!(param, "[{index}]").expect("a string takes all text");
            }
        }
    }
    match fault.kind() {
        Kind::Required { property: Value::String(property) } => {
            step_into(&mut param, property);
            InvalidInput { param, message: format!("`{property}` is required") }
        }
        Kind::AdditionalProperties { unexpected } if unexpected.len() == 1 => {
            step_into(&mut param, &unexpected[0]);
            let message = format!("there is no member `{}`", short(&unexpected[0]));
            InvalidInput { param, message }
        }
        _ => InvalidInput { param, message: short(&fault.to_string()) },
    }
}

fn step_into(path: &mut String, member: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(member);
}

fn short(text: &str) -> String {
    match text.char_indices().nth(MAX_QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema(text: Value) -> Schema {
        Schema::compile(text).expect("a schema")
    }

    fn fault(schema: &Schema, document: &Value, given: &[&str]) -> Option<(String, String)> {
        let document = document.as_object().cloned().expect("an object");
        let checked = schema.check(&document, given).err();
        checked.map(|InvalidInput { param, message }| (param, message))
    }

    fn transcode() -> Schema {
        schema(json!({
            "type": "object",
            "properties": {
                "source": {"type": "string", "pattern": "^https?://"},
                "cuts": {"type": "array", "items": {
                    "type": "object",
                    "properties": {"at": {"type": "number", "minimum": 0}},
                    "required": ["at"],
                }},
            },
            "required": ["source"],
            "additionalProperties": false,
        }))
    }

    #[test]
    fn a_fault_has_a_path() {
        let schema = transcode();
        assert_eq!(fault(&schema, &json!({"source": "http://a"}), &[]), None);
        let param = |document: Value| fault(&schema, &document, &[]).expect("a fault").0;
        assert_eq!(param(json!({})), "source");
        assert_eq!(param(json!({"source": 1})), "source");
        assert_eq!(param(json!({"source": "http://a", "cuts": [{"at": 0}, {}]})), "cuts[1].at");
        assert_eq!(param(json!({"source": "http://a", "cuts": [{"at": -1}]})), "cuts[0].at");
        assert_eq!(param(json!({"source": "http://a", "sauce": 1})), "sauce");
    }

    #[test]
    fn what_is_given_later_counts_as_there() {
        let schema = transcode();
        assert_eq!(fault(&schema, &json!({}), &["source"]), None);
        assert_eq!(fault(&schema, &json!({"source": 1}), &["source"]), None);
        assert!(fault(&schema, &json!({"cuts": 1}), &["source"]).is_some());
        let either = self::schema(json!({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}));
        assert_eq!(fault(&either, &json!({}), &["a"]), None);
        assert!(fault(&either, &json!({}), &[]).is_some());
    }

    #[test]
    fn a_schema_reaches_for_nothing_outside_itself() {
        for away in ["http://127.0.0.1:9/schema", "file:///etc/passwd", "other.json"] {
            let error = Schema::compile(json!({"properties": {"a": {"$ref": away}}}));
            assert!(error.is_err(), "{away}");
        }
        assert!(Schema::compile(json!({"type": "objekt"})).is_err());
        assert!(Schema::compile(json!(true)).is_err());
        let own =
            json!({"$defs": {"n": {"type": "number"}}, "properties": {"a": {"$ref": "#/$defs/n"}}});
        assert!(fault(&schema(own), &json!({"a": "x"}), &[]).is_some());
    }

    #[test]
    fn a_pattern_that_backtracks_ends() {
        let schema = schema(json!({"properties": {"a": {"pattern": "^(?=a)(a|aa|a?)+$"}}}));
        let text = format!("{}!", "a".repeat(5_000));
        assert!(fault(&schema, &json!({"a": text}), &[]).is_some());
    }
}
