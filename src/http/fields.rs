//! Reading the members of a JSON object, naming the one at fault.
//!
//! A member that is `null` counts as absent; one that is not asked for is ignored.
//! Never: a rule about what a member means.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::http::error::ApiError;

/// How many members `metadata` may have, and how many characters each value.
const MAX_METADATA: usize = 16;
const MAX_METADATA_VALUE: usize = 500;

/// The longest `client_reference_id`, in characters.
const MAX_REFERENCE: usize = 200;

/// The members of an object at some place of a body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields<'a> {
    members: &'a Map<String, Value>,
    /// Where the object stands, `[3]` or `fonts.heading`; empty for the body itself.
    path: &'a str,
}

impl<'a> Fields<'a> {
    /// The members of the body itself.
    pub(crate) fn of(members: &'a Map<String, Value>) -> Self {
        Self { members, path: "" }
    }

    /// The same members, standing at `path`.
    pub(crate) fn at(members: &'a Map<String, Value>, path: &'a str) -> Self {
        Self { members, path }
    }

    /// A text of so many characters.
    pub(crate) fn text(
        self,
        name: &str,
        characters: RangeInclusive<usize>,
    ) -> Result<Option<&'a str>, ApiError> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let fits = |text: &&str| characters.contains(&text.chars().count());
        let (least, most) = (characters.start(), characters.end());
        let fault = || self.fault(name, &format!("must be a text of {least} to {most} characters"));
        value.as_str().filter(fits).ok_or_else(fault).map(Some)
    }

    /// A text that must be there.
    pub(crate) fn required_text(
        self,
        name: &str,
        characters: RangeInclusive<usize>,
    ) -> Result<&'a str, ApiError> {
        self.text(name, characters)?.ok_or_else(|| self.fault(name, "is required"))
    }

    /// A whole number in a range.
    pub(crate) fn integer(
        self,
        name: &str,
        range: RangeInclusive<u64>,
    ) -> Result<Option<u64>, ApiError> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let (least, most) = (range.start(), range.end());
        let fault = || self.fault(name, &format!("must be a whole number from {least} to {most}"));
        value.as_u64().filter(|number| range.contains(number)).ok_or_else(fault).map(Some)
    }

    /// A number in a range, decimals included.
    pub(crate) fn number(
        self,
        name: &str,
        range: RangeInclusive<f64>,
    ) -> Result<Option<f64>, ApiError> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let (least, most) = (range.start(), range.end());
        let fault = || {
            let right = if *most < f64::MAX {
                format!("must be a number from {least} to {most}")
            } else {
                format!("must be a number of at least {least}")
            };
            self.fault(name, &right)
        };
        value.as_f64().filter(|number| range.contains(number)).ok_or_else(fault).map(Some)
    }

    /// `true` or `false`.
    pub(crate) fn boolean(self, name: &str) -> Result<Option<bool>, ApiError> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let fault = || self.fault(name, "must be `true` or `false`");
        value.as_bool().ok_or_else(fault).map(Some)
    }

    /// An object.
    pub(crate) fn object(self, name: &str) -> Result<Option<&'a Map<String, Value>>, ApiError> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let fault = || self.fault(name, "must be an object");
        value.as_object().ok_or_else(fault).map(Some)
    }

    /// A list of so many texts.
    pub(crate) fn texts(
        self,
        name: &str,
        count: RangeInclusive<usize>,
    ) -> Result<Option<Vec<&'a str>>, ApiError> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let texts = value.as_array().filter(|values| count.contains(&values.len()));
        let texts = texts.and_then(|values| values.iter().map(Value::as_str).collect());
        let fault = || {
            let (least, most) = (count.start(), count.end());
            self.fault(name, &format!("must be a list of {least} to {most} texts"))
        };
        texts.ok_or_else(fault).map(Some)
    }

    /// What a client sends to find its own again: `client_reference_id` and `metadata`, checked.
    pub(crate) fn references(self) -> Result<Map<String, Value>, ApiError> {
        let mut kept = Map::new();
        if let Some(text) = self.text("client_reference_id", 0..=MAX_REFERENCE)? {
            kept.insert("client_reference_id".to_owned(), Value::from(text));
        }
        let Some(metadata) = self.object("metadata")? else { return Ok(kept) };
        let fits = |value: &Value| match value {
            Value::String(text) => text.chars().count() <= MAX_METADATA_VALUE,
            _ => false,
        };
        if metadata.len() > MAX_METADATA || !metadata.values().all(fits) {
            let message = format!(
                "must have at most {MAX_METADATA} members, each a text of at most \
                 {MAX_METADATA_VALUE} characters"
            );
            return Err(self.fault("metadata", &message));
        }
        kept.insert("metadata".to_owned(), Value::Object(metadata.clone()));
        Ok(kept)
    }

    /// 400 for a member, saying what is wrong with it.
    pub(crate) fn fault(self, name: &str, message: &str) -> ApiError {
        ApiError::body(self.place(name), format!("`{name}` {message}"))
    }

    fn value(self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    fn place(self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn members(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    fn param(result: Result<impl std::fmt::Debug, ApiError>) -> String {
        let error = result.expect_err("a fault");
        error.refusal().param.as_deref().unwrap_or_default().to_owned()
    }

    #[test]
    fn absent_and_null_are_the_same() {
        let members = members(json!({ "name": null }));
        let fields = Fields::of(&members);
        assert_eq!(fields.text("name", 1..=5).expect("absent"), None);
        assert_eq!(fields.integer("other", 0..=9).expect("absent"), None);
        assert_eq!(param(fields.required_text("name", 1..=5)), "name");
    }

    #[test]
    fn a_fault_names_its_place() {
        let members = members(json!({ "a": 1.5, "b": "ééé", "c": {"d": []} }));
        let fields = Fields::at(&members, "[2]");
        assert_eq!(param(fields.integer("a", 0..=9)), "[2].a");
        assert_eq!(fields.number("a", 0.0..=9.0).expect("a number"), Some(1.5));
        assert_eq!(fields.text("b", 1..=3).expect("three characters"), Some("ééé"));
        assert_eq!(param(fields.text("b", 1..=2)), "[2].b");
        assert_eq!(param(fields.texts("c", 0..=1)), "[2].c");
    }

    #[test]
    fn references_are_kept_within_their_limits() {
        let good = members(json!({ "client_reference_id": "r", "metadata": {"k": "v"}, "x": 1 }));
        let kept = Fields::of(&good).references().expect("within the limits");
        assert_eq!(
            Value::Object(kept),
            json!({"client_reference_id": "r", "metadata": {"k": "v"}})
        );
        let long = members(json!({ "metadata": {"k": "v".repeat(501)} }));
        assert_eq!(param(Fields::of(&long).references()), "metadata");
        let many: Map<String, Value> = (0..17).map(|n| (n.to_string(), json!(""))).collect();
        let many = members(json!({ "metadata": many }));
        assert_eq!(param(Fields::of(&many).references()), "metadata");
    }
}
