//! `$steps.<id>.result.<path>`: which step's result is meant, and what of it.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::size;

/// The longest path, in bytes.
const MAX_PATH_BYTES: usize = 500;

/// The longest value that one step passes to another, in bytes of JSON: it is written into a row.
const MAX_VALUE_BYTES: usize = 64 * 1024;

/// A value in some step's result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// The step's place in its plan.
    pub(super) step: usize,
    /// Where in its result.
    pub(super) path: ResultPath,
}

impl Reference {
    /// Reads a reference in a run whose steps have these ids.
    pub(super) fn parse(text: &str, ids: &[String]) -> Result<Self, String> {
        const FORM: &str = "write `$steps.<id>.result.<path>`, such as `$steps.a.result.images.0`";
        let rest = text.strip_prefix("$steps.").ok_or(FORM)?;
        let path_behind = |id: &str| rest.strip_prefix(id)?.strip_prefix(".result.");
        // An id may hold dots: the longest one that fits is meant.
        let step = (0..ids.len())
            .filter(|step| path_behind(&ids[*step]).is_some())
            .max_by_key(|step| ids[*step].len());
        let Some((step, path)) = step.and_then(|step| Some((step, path_behind(&ids[step])?)))
        else {
            return Err(match rest.split_once(".result.") {
                Some((id, _)) => format!("no step of this run has the id `{id}`"),
                None => FORM.to_owned(),
            });
        };
        let path = ResultPath::parse(path).ok_or_else(|| {
            format!("a path is names and indices joined by dots, at most {MAX_PATH_BYTES} bytes")
        })?;
        Ok(Self { step, path })
    }
}

/// Member names and array indices joined by dots, `images.0.url`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ResultPath(String);

impl ResultPath {
    /// Reads a path; `None` when it is empty, too long, or has an empty part.
    pub fn parse(text: &str) -> Option<Self> {
        let whole = text.len() <= MAX_PATH_BYTES && text.split('.').all(|part| !part.is_empty());
        whole.then(|| Self(text.to_owned()))
    }

    /// The first member's name.
    pub fn head(&self) -> &str {
        self.0.split('.').next().unwrap_or_default()
    }

    /// The value of field `field`, taken from the `result` of the step `step`.
    pub fn take(
        &self,
        field: &str,
        step: &str,
        result: &Map<String, Value>,
    ) -> Result<Value, Unresolved> {
        let unresolved = |why: &str| Unresolved {
            message: format!(
                "The field `{field}` could not be filled: `$steps.{step}.result.{self}` {why}."
            ),
        };
        let value = self.follow(result).ok_or_else(|| unresolved("is absent or null"))?;
        if !size::fits(value, MAX_VALUE_BYTES) {
            return Err(unresolved(&format!("has more than {MAX_VALUE_BYTES} bytes")));
        }
        Ok(value.clone())
    }

    /// The value at this path; `None` when there is none, or it is null.
    fn follow<'a>(&self, result: &'a Map<String, Value>) -> Option<&'a Value> {
        let mut parts = self.0.split('.');
        let mut value = result.get(parts.next()?)?;
        for part in parts {
            value = match value {
                Value::Object(members) => members.get(part)?,
                Value::Array(values) => values.get(index(part)?)?,
                _ => return None,
            };
        }
        Some(value).filter(|value| !value.is_null())
    }
}

impl fmt::Display for ResultPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Digits alone: `parse` would take a sign.
fn index(part: &str) -> Option<usize> {
    part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())?
}

/// A value that a step should have been given and is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Unresolved {
    /// Names the field and the path, and says what is wrong.
    pub message: String,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ids(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|&id| id.to_owned()).collect()
    }

    fn take(path: &str, result: &Value) -> Result<Value, Unresolved> {
        let path = ResultPath::parse(path).expect("a path");
        path.take("logo", "find", result.as_object().expect("an object"))
    }

    #[test]
    fn the_longest_id_that_fits_is_meant() {
        let ids = ids(&["a", "a.result.b", "a.b"]);
        let parse = |text| Reference::parse(text, &ids).map(|it| (it.step, it.path.to_string()));
        assert_eq!(parse("$steps.a.result.c"), Ok((0, "c".to_owned())));
        assert_eq!(parse("$steps.a.result.b.c"), Ok((0, "b.c".to_owned())));
        assert_eq!(parse("$steps.a.result.b.result.c"), Ok((1, "c".to_owned())));
        assert_eq!(parse("$steps.a.b.result.result.c"), Ok((2, "result.c".to_owned())));
    }

    #[test]
    fn what_is_no_reference_is_refused() {
        let long = format!("$steps.a.result.{}", "x".repeat(MAX_PATH_BYTES + 1));
        for text in [
            "",
            "a",
            "steps.a.result.b",
            "$steps.a",
            "$steps.a.result",
            "$steps.a.result.",
            "$steps.a.result.b..c",
            "$steps.a.result..b",
            "$steps.a.output.b",
            "$steps.b.result.c",
            long.as_str(),
        ] {
            assert!(Reference::parse(text, &ids(&["a"])).is_err(), "{text}");
        }
    }

    #[test]
    fn a_path_goes_through_members_and_indices() {
        let result = json!({"images": [{"url": "u"}, null], "by": {"0": 7}, "none": null});
        assert_eq!(take("images.0.url", &result), Ok(json!("u")));
        assert_eq!(take("by.0", &result), Ok(json!(7)));
        assert_eq!(take("images", &result), Ok(json!([{"url": "u"}, null])));
        for path in ["images.1", "images.2", "images.+0", "images.url", "none", "x", "by.0.y"] {
            let message = take(path, &result).expect_err("nothing is there").message;
            assert!(message.contains("`logo`") && message.contains(path), "{message}");
        }
    }

    #[test]
    fn a_value_has_its_limit() {
        let fits = json!({"text": "x".repeat(MAX_VALUE_BYTES - 2)});
        assert!(take("text", &fits).is_ok());
        let over = json!({"text": "x".repeat(MAX_VALUE_BYTES - 1)});
        let message = take("text", &over).expect_err("too long").message;
        assert!(message.contains("$steps.find.result.text"), "{message}");
    }
}
