//! A run's plan: what a client sends as `steps`, checked as a whole before anything starts.
//!
//! Steps name those that they wait for, and fields of their input that come out of earlier steps'
//! results. `draft` reads one step, `order` refuses cycles and tells who waits for whom,
//! `reference` reads and follows `$steps.<id>.result.<path>`. Never: what an action takes.

mod draft;
mod order;
mod reference;
mod size;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use draft::Draft;
use order::Order;
pub use reference::{ResultPath, Unresolved};

/// The most steps of a run, as the contract has it.
pub const MAX_STEPS: usize = 10;

/// The longest `metadata` of a run, in bytes of JSON.
const MAX_METADATA_BYTES: usize = 16 * 1024;

/// The fields of an input that come from the results of one earlier step, each with the path there.
pub type InputMap = BTreeMap<String, ResultPath>;

/// A run that may be started.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// In the client's order.
    pub steps: Vec<Step>,
    /// What the client wants to read again.
    pub metadata: Option<Map<String, Value>>,
}

/// One step of a plan. Other steps are named by their place in the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// 1 to 64 characters, unique in its run.
    pub id: String,
    /// The action's name, unchecked.
    pub action: String,
    /// The action's arguments as far as they are known.
    pub input: Map<String, Value>,
    /// The steps that it names as its dependencies, each once, in the client's order.
    pub depends_on: Vec<usize>,
    /// What it takes from which steps; each is a dependency, or one of a dependency's.
    pub takes: BTreeMap<usize, InputMap>,
}

impl Step {
    /// The fields that the run fills in.
    pub fn given(&self) -> Vec<&str> {
        self.takes.values().flat_map(|fields| fields.keys().map(String::as_str)).collect()
    }
}

/// A request that describes no run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{param}: {message}")]
pub struct InvalidPlan {
    /// The path of the field at fault, `steps[1].depends_on[0]`.
    pub param: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl InvalidPlan {
    fn at(param: impl Into<String>, message: impl Into<String>) -> Self {
        Self { param: param.into(), message: message.into() }
    }
}

impl Plan {
    /// Reads a request's body. Members that mean nothing here are passed over.
    pub fn parse(mut body: Map<String, Value>) -> Result<Self, InvalidPlan> {
        let metadata = metadata(body.remove("metadata"))?;
        let steps = match body.remove("steps") {
            Some(Value::Array(steps)) if (1..=MAX_STEPS).contains(&steps.len()) => steps,
            _ => {
                let message = format!("`steps` must be a list of 1 to {MAX_STEPS} steps");
                return Err(InvalidPlan::at("steps", message));
            }
        };
        let drafts = steps
            .into_iter()
            .enumerate()
            .map(|(place, step)| Draft::parse(place, step))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self { steps: connect(drafts)?, metadata })
    }
}

fn metadata(value: Option<Value>) -> Result<Option<Map<String, Value>>, InvalidPlan> {
    let metadata = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Object(metadata)) => metadata,
        Some(_) => return Err(InvalidPlan::at("metadata", "`metadata` must be an object")),
    };
    if !size::fits(&metadata, MAX_METADATA_BYTES) {
        let message = format!("`metadata` must have at most {MAX_METADATA_BYTES} bytes");
        return Err(InvalidPlan::at("metadata", message));
    }
    Ok(Some(metadata))
}

/// Finds the steps that each step names.
fn connect(drafts: Vec<Draft>) -> Result<Vec<Step>, InvalidPlan> {
    let ids: Vec<String> = drafts.iter().map(|draft| draft.id.clone()).collect();
    for (place, id) in ids.iter().enumerate() {
        if ids[..place].contains(id) {
            let message = format!("the id `{id}` is taken by an earlier step");
            return Err(InvalidPlan::at(format!("steps[{place}].id"), message));
        }
    }
    let named = drafts
        .iter()
        .enumerate()
        .map(|(place, draft)| draft.dependencies(place, &ids))
        .collect::<Result<Vec<_>, _>>()?;
    let order = Order::of(&named).map_err(|cycle| {
        let way: Vec<String> = cycle.path.iter().map(|step| format!("`{}`", ids[*step])).collect();
        let message = format!("the steps wait for each other: {}", way.join(" → "));
        InvalidPlan::at(format!("steps[{}].depends_on[{}]", cycle.step, cycle.entry), message)
    })?;
    let mut steps = Vec::with_capacity(drafts.len());
    for (place, draft) in drafts.into_iter().enumerate() {
        let takes = draft.takes(place, &ids, &order)?;
        let mut depends_on = Vec::new();
        for step in &named[place] {
            if !depends_on.contains(step) {
                depends_on.push(*step);
            }
        }
        let Draft { id, action, mut input, .. } = draft;
        // What is mapped wins over what was sent.
        for field in takes.values().flat_map(BTreeMap::keys) {
            input.remove(field);
        }
        steps.push(Step { id, action, input, depends_on, takes });
    }
    Ok(steps)
}

#[cfg(test)]
mod tests;
