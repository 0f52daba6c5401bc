//! The keys that there are: read off the defaults, so that no list can fall behind.

use toml::{Table, Value};

use crate::config::spelling::nearest;
use crate::config::{Config, OwnActionConfig};

/// What every variable begins with.
const PREFIX: &str = "TIDEMILL_";

/// A variable with a short name of its own, and its key.
const SHORT: [(&str, &[&str]); 1] = [("TIDEMILL_LOG", &["telemetry", "log"])];

/// All keys with their defaults: those of the configuration, and those of each of the operator's
/// own actions, whose tables have names that nobody knows beforehand.
pub(super) struct Keys {
    all: Table,
    own_action: Value,
}

/// A key's place, from the outermost table inwards.
pub(super) type Path = Vec<String>;

impl Keys {
    pub(super) fn all() -> Self {
        let own_action = Value::try_from(OwnActionConfig::default());
        Self {
            all: Table::try_from(Config::default()).expect("the defaults are valid TOML"),
            own_action: own_action.expect("the defaults are valid TOML"),
        }
    }

    /// The default of the key at `path`; `None` when there is no such key.
    pub(super) fn default_of(&self, path: &[String]) -> Option<&Value> {
        let (first, rest) = path.split_first()?;
        let below = self.all.get(first)?;
        let (value, rest) = match rest {
            [name, rest @ ..] if first == "actions" && !below.as_table()?.contains_key(name) => {
                (&self.own_action, rest)
            }
            rest => (below, rest),
        };
        rest.iter().try_fold(value, |value, key| value.as_table()?.get(key))
    }

    /// What to say of a key that there is not.
    pub(super) fn hint(&self, path: &[String]) -> String {
        let (key, outer) = path.split_last().expect("a path has at least one key");
        let siblings = match outer {
            [] => Some(&self.all),
            _ => self.default_of(outer).and_then(Value::as_table),
        };
        let Some(siblings) = siblings else { return "it is no table".to_owned() };
        match nearest(key, siblings.keys().map(String::as_str)) {
            Some(meant) => format!("did you mean `{}`?", dotted(&joined(outer, meant))),
            None => format!("there are {}", quoted_list(siblings.keys())),
        }
    }

    /// The key that a variable sets.
    pub(super) fn of_variable(&self, variable: &str) -> Option<Path> {
        let short = SHORT.iter().find(|(name, _)| *name == variable);
        if let Some((_, path)) = short {
            return Some(path.iter().map(|key| (*key).to_owned()).collect());
        }
        self.leaves().into_iter().find(|path| variable_of(path) == variable)
    }

    /// What to say of a variable that sets nothing.
    pub(super) fn hint_for_variable(&self, variable: &str) -> Option<String> {
        let names: Vec<String> = self.leaves().iter().map(|path| variable_of(path)).collect();
        nearest(variable, names.iter().map(String::as_str)).map(str::to_owned)
    }

    /// The keys that have a value, not those of tables.
    pub(super) fn leaves(&self) -> Vec<Path> {
        let mut leaves = Vec::new();
        collect_leaves(&self.all, &[], &mut leaves);
        leaves
    }
}

/// `["actions", "brands.extract", "enabled"]` as `actions."brands.extract".enabled`.
pub(super) fn dotted(path: &[String]) -> String {
    let bare = |key: &str| !key.contains('.');
    let keys: Vec<String> =
        path.iter().map(|key| if bare(key) { key.clone() } else { format!("\"{key}\"") }).collect();
    keys.join(".")
}

/// `["server", "listen"]` as `TIDEMILL_SERVER_LISTEN`.
pub(super) fn variable_of(path: &[String]) -> String {
    format!("{PREFIX}{}", path.join("_").replace('.', "_").to_uppercase())
}

fn joined(outer: &[String], key: &str) -> Path {
    outer.iter().cloned().chain([key.to_owned()]).collect()
}

fn quoted_list<'a>(keys: impl Iterator<Item = &'a String>) -> String {
    keys.map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}

fn collect_leaves(table: &Table, outer: &[String], leaves: &mut Vec<Path>) {
    for (key, value) in table {
        let path = joined(outer, key);
        match value {
            Value::Table(inner) => collect_leaves(inner, &path, leaves),
            _ => leaves.push(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_key_has_a_variable_of_its_own() {
        let leaves = Keys::all().leaves();
        let variables: BTreeSet<String> = leaves.iter().map(|path| variable_of(path)).collect();
        assert_eq!(variables.len(), leaves.len());
        assert!(variables.contains("TIDEMILL_ACTIONS_BRANDS_EXTRACT_ENABLED"));
        assert!(variables.contains("TIDEMILL_DATA_DIR"));
    }

    #[test]
    fn the_log_has_a_short_variable() {
        let path = Keys::all().of_variable("TIDEMILL_LOG").expect("a key");
        assert_eq!(dotted(&path), "telemetry.log");
        assert!(Keys::all().default_of(&path).is_some());
    }
}
