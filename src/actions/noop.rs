//! `noop`: does nothing, for measuring how fast nothing is done, and for tests of the engine.

use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::NOOP;
use crate::domain::ids::mint_secret;
use crate::engine::{Action, ActionContext, ActionDescription, ActionError, InvalidInput, Output};

/// The longest that a job may be asked to do nothing.
const MAX_DELAY_MS: u64 = 60_000;

/// Returns a `nonce` of its own for each attempt, so that a job that completed twice shows it.
#[derive(Debug)]
pub(super) struct Noop;

#[async_trait]
impl Action for Noop {
    fn name(&self) -> &str {
        NOOP
    }

    fn description(&self) -> ActionDescription {
        ActionDescription {
            summary: "Gives back its `text`, at once or after `delay_ms`; with `fail` it fails."
                .to_owned(),
            input_schema: json!({
                "type": "object",
                "properties": {
                    "delay_ms": {"type": "integer", "minimum": 0, "maximum": MAX_DELAY_MS},
                    "fail": {"type": "boolean"},
                    "text": {"description": "Anything; the result has it, too."},
                },
            }),
            result_schema: json!({
                "type": "object",
                "properties": {"nonce": {"type": "string"}, "text": {}},
                "required": ["nonce"],
            }),
        }
    }

    fn check(&self, input: &Map<String, Value>, _given: &[&str]) -> Result<(), InvalidInput> {
        delay(input)?;
        fails(input).map(drop)
    }

    async fn run(
        &self,
        _context: ActionContext,
        input: Map<String, Value>,
    ) -> Result<Output, ActionError> {
        let invalid = |fault: InvalidInput| ActionError::fatal("invalid_input", fault.to_string());
        let (delay, fails) = (delay(&input).map_err(invalid)?, fails(&input).map_err(invalid)?);
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        if fails {
            return Err(ActionError::fatal("noop_failed", "It was asked to fail."));
        }
        Ok(Output { result: result(input), writes: Vec::new() })
    }
}

fn result(mut input: Map<String, Value>) -> Map<String, Value> {
    let mut result = Map::from_iter([("nonce".to_owned(), Value::String(mint_secret()))]);
    result.extend(input.remove_entry("text"));
    result
}

fn delay(input: &Map<String, Value>) -> Result<Duration, InvalidInput> {
    match input.get("delay_ms") {
        None | Some(Value::Null) => Ok(Duration::ZERO),
        Some(value) => {
            value.as_u64().filter(|ms| *ms <= MAX_DELAY_MS).map(Duration::from_millis).ok_or_else(
                || InvalidInput {
                    param: "delay_ms".to_owned(),
                    message: format!("give a whole number from 0 to {MAX_DELAY_MS}"),
                },
            )
        }
    }
}

/// Whether the job is asked to fail, once and for all.
fn fails(input: &Map<String, Value>) -> Result<bool, InvalidInput> {
    match input.get("fail") {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(fails)) => Ok(*fails),
        Some(_) => Err(InvalidInput {
            param: "fail".to_owned(),
            message: "give `true` or `false`".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_comes_back_beside_a_nonce() {
        let input = Map::from_iter([("text".to_owned(), json!("tide")), ("else".into(), json!(1))]);
        let [first, second] = [result(input.clone()), result(input)];
        assert_eq!((&first["text"], first.len()), (&json!("tide"), 2));
        assert_ne!(first["nonce"], second["nonce"]);
        assert_eq!(result(Map::new()).len(), 1);
    }

    #[test]
    fn a_delay_is_checked_before_the_job_is_accepted() {
        let check = |input: Value| Noop.check(input.as_object().expect("an object"), &[]);
        assert!(check(json!({})).is_ok());
        assert!(check(json!({"delay_ms": 60_000})).is_ok());
        for wrong in [json!(60_001), json!(-1), json!("1"), json!(0.5)] {
            let fault = check(json!({"delay_ms": wrong})).expect_err("refused");
            assert_eq!(fault.param, "delay_ms");
        }
        assert!(check(json!({"fail": true})).is_ok());
        assert_eq!(check(json!({"fail": "yes"})).expect_err("refused").param, "fail");
    }
}
