//! Own files in an input, as the operator's program can open them.
//!
//! What a step passes on names a file by its stored path. A program knows neither the store nor
//! this server's address: it is given the whole URL, with the token of the moment.

use serde_json::{Map, Value};

use crate::domain::asset::{PUBLIC_PATH, named_by_path};
use crate::engine::{ActionContext, ActionError};

/// How many files an input may name; further paths stay as they are.
const MAX_FILES: usize = 1_000;

/// Makes the stored paths in `input` whole URLs below `base`, which ends without a slash.
pub(super) async fn make_absolute(
    context: &ActionContext,
    base: &str,
    input: &mut Map<String, Value>,
) -> Result<(), ActionError> {
    let mut named = Vec::new();
    for_each(input, &mut |path| named.extend(named_by_path(path)));
    named.sort_unstable();
    named.dedup();
    named.truncate(MAX_FILES);
    let mut paths = Vec::new();
    for id in named {
        paths.push((id, context.public_path(id).await?));
    }
    for_each(input, &mut |path| {
        let found = named_by_path(path).and_then(|id| paths.iter().find(|(known, _)| *known == id));
        if let Some((_, Some(public))) = found {
            *path = format!("{base}{public}");
        }
    });
    Ok(())
}

fn for_each(members: &mut Map<String, Value>, visit: &mut dyn FnMut(&mut String)) {
    fn within(value: &mut Value, visit: &mut dyn FnMut(&mut String)) {
        match value {
            Value::String(text) if text.starts_with(PUBLIC_PATH) => visit(text),
            Value::Array(values) => values.iter_mut().for_each(|value| within(value, visit)),
            Value::Object(members) => for_each(members, visit),
            _ => {}
        }
    }
    members.values_mut().for_each(|value| within(value, visit));
}
