//! Arguments in which a field of the input may stand: `{input.FIELD}`.
//!
//! What a request says becomes part of one argument and never more than one, whatever is in it.
//! Where it stands at the beginning it may not look like an option. Never: a shell.

use serde_json::{Map, Value};

use crate::engine::InvalidInput;

const OPENING: &str = "{input.";

/// The longest text that may become part of an argument, in bytes: the system has a limit on all
/// arguments together.
const MAX_VALUE_BYTES: usize = 32 * 1024;

/// One argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// The names of a member, outermost first.
    Field(Vec<String>),
}

impl Template {
    /// Reads an argument; what is no placeholder stands for itself.
    pub(super) fn parse(argument: &str) -> Self {
        let mut pieces = Vec::new();
        let mut text = String::new();
        let mut rest = argument;
        while let Some((before, after)) = rest.split_once(OPENING) {
            text.push_str(before);
            match after.split_once('}') {
                Some((path, behind)) if is_path(path) => {
                    if !text.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut text)));
                    }
                    pieces.push(Piece::Field(path.split('.').map(str::to_owned).collect()));
                    rest = behind;
                }
                _ => {
                    text.push_str(OPENING);
                    rest = after;
                }
            }
        }
        text.push_str(rest);
        if !text.is_empty() || pieces.is_empty() {
            pieces.push(Piece::Text(text));
        }
        Self(pieces)
    }

    /// The argument for `input`. Members named in `given` are not there yet.
    pub(super) fn fill(
        &self,
        input: &Map<String, Value>,
        given: &[&str],
    ) -> Result<String, InvalidInput> {
        let mut argument = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => argument.push_str(text),
                Piece::Field(path) if given.contains(&path[0].as_str()) => {}
                Piece::Field(path) => {
                    let value = value(input, path)?;
                    if argument.is_empty() && value.starts_with('-') {
                        return Err(fault(path, "may not begin with `-` here"));
                    }
                    argument.push_str(&value);
                }
            }
        }
        Ok(argument)
    }
}

fn is_path(path: &str) -> bool {
    !path.is_empty() && path.split('.').all(|name| !name.is_empty()) && !path.contains('{')
}

fn value(input: &Map<String, Value>, path: &[String]) -> Result<String, InvalidInput> {
    let (first, rest) = (&path[0], &path[1..]);
    let found = rest.iter().try_fold(input.get(first), |value, name| {
        value.and_then(Value::as_object).map(|members| members.get(name))
    });
    let text = match found.flatten() {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(truth)) => truth.to_string(),
        None | Some(Value::Null) => return Err(fault(path, "is required")),
        Some(_) => return Err(fault(path, "must be a text, a number or a boolean")),
    };
    if text.len() > MAX_VALUE_BYTES || text.contains('\0') {
        return Err(fault(path, "must have at most 32 KiB and no NUL"));
    }
    Ok(text)
}

fn fault(path: &[String], message: &str) -> InvalidInput {
    let param = path.join(".");
    InvalidInput { message: format!("`{param}` {message}: it becomes an argument"), param }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fill(argument: &str, input: &Value) -> Result<String, String> {
        let input = input.as_object().cloned().expect("an object");
        Template::parse(argument).fill(&input, &[]).map_err(|fault| fault.param)
    }

    #[test]
    fn a_field_becomes_part_of_one_argument() {
        let input = json!({"name": "a b; $(rm)", "size": {"width": 12}, "on": true});
        assert_eq!(fill("--name={input.name}", &input).as_deref(), Ok("--name=a b; $(rm)"));
        assert_eq!(fill("{input.size.width}x{input.on}", &input).as_deref(), Ok("12xtrue"));
        assert_eq!(
            fill("{input.}{other}{input.{x}}", &input).as_deref(),
            Ok("{input.}{other}{input.{x}}")
        );
        assert_eq!(fill("", &json!({})).as_deref(), Ok(""));
    }

    #[test]
    fn what_cannot_be_an_argument_is_refused() {
        assert_eq!(fill("{input.a}", &json!({})), Err("a".to_owned()));
        assert_eq!(fill("{input.a.b}", &json!({"a": 1})), Err("a.b".to_owned()));
        assert_eq!(fill("{input.a}", &json!({"a": []})), Err("a".to_owned()));
        assert_eq!(fill("{input.a}", &json!({"a": "--exec"})), Err("a".to_owned()));
        assert_eq!(fill("x={input.a}", &json!({"a": "--exec"})).as_deref(), Ok("x=--exec"));
        assert_eq!(fill("{input.a}", &json!({"a": "a\0b"})), Err("a".to_owned()));
    }

    #[test]
    fn what_is_given_later_is_looked_at_later() {
        let template = Template::parse("{input.a}{input.b}");
        let input = json!({"b": "x"}).as_object().cloned().expect("an object");
        assert!(template.fill(&input, &["a"]).is_ok());
        assert!(template.fill(&input, &["b"]).is_err());
    }
}
