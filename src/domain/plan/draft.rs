//! One step as it was sent: its own members checked, the steps that it names not yet found.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::order::Order;
use super::reference::Reference;
use super::{InputMap, InvalidPlan};

/// The longest id of a step, in characters, as the contract has it.
const MAX_ID: usize = 64;

/// The longest name of an action, in characters.
const MAX_ACTION: usize = 100;

/// How many fields of an input may be mapped: more than any action has.
const MAX_FIELDS: usize = 32;

/// The longest name of a mapped field, in characters.
const MAX_FIELD_NAME: usize = 100;

/// A step as it was sent.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) id: String,
    pub(super) action: String,
    pub(super) input: Map<String, Value>,
    depends_on: Vec<Value>,
    input_map: Map<String, Value>,
}

impl Draft {
    /// Reads the step at `place`.
    pub(super) fn parse(place: usize, step: Value) -> Result<Self, InvalidPlan> {
        let Value::Object(mut members) = step else {
            return Err(InvalidPlan::at(format!("steps[{place}]"), "each step must be an object"));
        };
        let mut members = Members { place, members: &mut members };
        Ok(Self {
            id: members.text("id", MAX_ID)?,
            action: members.text("action", MAX_ACTION)?,
            input: members.object("input")?,
            depends_on: members.list("depends_on")?,
            input_map: members.object("input_map")?,
        })
    }

    /// The places of the steps that it depends on, one for each entry.
    pub(super) fn dependencies(
        &self,
        place: usize,
        ids: &[String],
    ) -> Result<Vec<usize>, InvalidPlan> {
        let found = self.depends_on.iter().enumerate().map(|(entry, value)| {
            let id = value.as_str();
            id.and_then(|id| ids.iter().position(|known| known == id)).ok_or_else(|| {
                let message = match id {
                    Some(id) => format!("no step of this run has the id `{id}`"),
                    None => "a dependency is the id of a step, a text".to_owned(),
                };
                InvalidPlan::at(format!("steps[{place}].depends_on[{entry}]"), message)
            })
        });
        found.collect()
    }

    /// What it takes from which steps.
    pub(super) fn takes(
        &self,
        place: usize,
        ids: &[String],
        order: &Order,
    ) -> Result<BTreeMap<usize, InputMap>, InvalidPlan> {
        if self.input_map.len() > MAX_FIELDS {
            let message = format!("`input_map` must have at most {MAX_FIELDS} fields");
            return Err(InvalidPlan::at(format!("steps[{place}].input_map"), message));
        }
        let mut takes: BTreeMap<usize, InputMap> = BTreeMap::new();
        for (field, value) in &self.input_map {
            let fault = |message: String| {
                InvalidPlan::at(format!("steps[{place}].input_map.{field}"), message)
            };
            if !(1..=MAX_FIELD_NAME).contains(&field.chars().count()) {
                let message = format!("a field's name has 1 to {MAX_FIELD_NAME} characters");
                return Err(fault(message));
            }
            let text = value.as_str().unwrap_or_default();
            let Reference { step, path } = Reference::parse(text, ids).map_err(fault)?;
            if !order.waits(place, step) {
                return Err(fault(format!(
                    "this step does not depend on `{}`; name it in `depends_on`",
                    ids[step]
                )));
            }
            takes.entry(step).or_default().insert(field.clone(), path);
        }
        Ok(takes)
    }
}

/// The members of a step, taken out one by one; `null` counts as absent.
struct Members<'a> {
    place: usize,
    members: &'a mut Map<String, Value>,
}

impl Members<'_> {
    fn text(&mut self, name: &str, most: usize) -> Result<String, InvalidPlan> {
        match self.take(name) {
            Some(Value::String(text)) if (1..=most).contains(&text.chars().count()) => Ok(text),
            None => Err(self.fault(name, "is required")),
            Some(_) => Err(self.fault(name, &format!("must be a text of 1 to {most} characters"))),
        }
    }

    fn object(&mut self, name: &str) -> Result<Map<String, Value>, InvalidPlan> {
        match self.take(name) {
            None => Ok(Map::new()),
            Some(Value::Object(members)) => Ok(members),
            Some(_) => Err(self.fault(name, "must be an object")),
        }
    }

    fn list(&mut self, name: &str) -> Result<Vec<Value>, InvalidPlan> {
        match self.take(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(values)) => Ok(values),
            Some(_) => Err(self.fault(name, "must be a list of ids of steps")),
        }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.members.remove(name).filter(|value| !value.is_null())
    }

    fn fault(&self, name: &str, message: &str) -> InvalidPlan {
        InvalidPlan::at(format!("steps[{}].{name}", self.place), format!("`{name}` {message}"))
    }
}
