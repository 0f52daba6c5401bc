//! Puts a configuration together: defaults, then the file, then variables, then flags.

use std::ffi::OsString;
use std::path::PathBuf;

use toml::{Table, Value};

use crate::config::file::{self, with_default};
use crate::config::keys::{Keys, dotted, variable_of};
use crate::config::{Config, ConfigError, Findings};

/// Where a configuration comes from, the weakest first.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The file that the command line names.
    pub file: Option<PathBuf>,
    /// Variables whose names begin with `TIDEMILL_`.
    pub environment: Vec<(String, String)>,
    /// What the command line says.
    pub flags: Vec<Flag>,
}

/// A key set on the command line.
#[derive(Clone, Debug)]
pub struct Flag {
    /// Such as `--listen`.
    pub name: &'static str,
    /// Such as `server.listen`.
    pub key: &'static str,
    /// Its value.
    pub value: String,
}

/// A configuration, and what to think of it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// Warnings, and errors for which the server does not start.
    pub findings: Findings,
}

/// Variables that are ours without setting a key.
const NO_KEYS: [&str; 2] = ["TIDEMILL_CONFIG", "TIDEMILL_SECRET_KEY"];

/// The variables of this process that concern us.
pub fn environment() -> Vec<(String, String)> {
    let text = |text: OsString| text.into_string().ok();
    std::env::vars_os()
        .filter_map(|(name, value)| Some((text(name)?, text(value)?)))
        .filter(|(name, _)| name.starts_with("TIDEMILL_"))
        .collect()
}

/// A variable that a key such as `model.text.api_key_env` names: what it holds is in no file.
pub fn read_variable(name: &str) -> Option<String> {
    std::env::var_os(name)?.into_string().ok().filter(|value| !value.is_empty())
}

/// Reads all sources. The first fault that makes a value unusable is the error; what could be
/// better is in the findings.
pub fn load(sources: &Sources) -> Result<Loaded, ConfigError> {
    let Sources { file, environment, flags } = sources;
    let keys = Keys::all();
    let named = environment.iter().find(|(name, _)| name == "TIDEMILL_CONFIG");
    let path = file.clone().or_else(|| named.map(|(_, path)| PathBuf::from(path)));
    let mut table = match path {
        Some(path) => file::read(&path, &keys)?,
        None => Table::new(),
    };
    let mut findings = Findings::default();
    for (variable, value) in environment {
        match keys.of_variable(variable) {
            Some(path) => table = overridden(table, &path, value, variable, &keys)?,
            None if NO_KEYS.contains(&variable.as_str()) => {}
            None => findings.warning("environment", unknown_variable(variable, &keys)),
        }
    }
    for Flag { name, key, value } in flags {
        let path: Vec<String> = key.split('.').map(str::to_owned).collect();
        table = overridden(table, &path, value, name, &keys)?;
    }
    let config = Config::of_table(&table).expect("each part of it was read before");
    config.check(&mut findings);
    Ok(Loaded { config, findings })
}

/// A warning, not an error: orchestrators put variables of this form into the environment of
/// whatever carries our name.
fn unknown_variable(variable: &str, keys: &Keys) -> String {
    match keys.hint_for_variable(variable) {
        Some(meant) => format!("`{variable}` sets nothing; did you mean `{meant}`?"),
        None => format!("`{variable}` sets nothing"),
    }
}

/// `table` with the key at `path` set to `text`, read as the type that its default has.
fn overridden(
    mut table: Table,
    path: &[String],
    text: &str,
    origin: &str,
    keys: &Keys,
) -> Result<Table, ConfigError> {
    let path = path.to_vec();
    let fault = |message: &str| ConfigError::Value {
        origin: origin.to_owned(),
        key: dotted(&path),
        message: with_default(message, &path, keys),
    };
    let default = keys.default_of(&path).expect("an override names a known key");
    let value = read_as(default, text)
        .ok_or_else(|| fault(&format!("`{text}` is no {}", default.type_str())))?;
    insert(&mut table, &path, value);
    Config::of_table(&table).map_err(|error| fault(error.message()))?;
    Ok(table)
}

fn read_as(default: &Value, text: &str) -> Option<Value> {
    match default {
        Value::Integer(_) => text.parse().ok().map(Value::Integer),
        Value::Boolean(_) => match text {
            "true" | "1" => Some(Value::Boolean(true)),
            "false" | "0" => Some(Value::Boolean(false)),
            _ => None,
        },
        Value::Array(_) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            Some(Value::Array(parts.map(Value::from).collect()))
        }
        _ => Some(Value::from(text)),
    }
}

fn insert(table: &mut Table, path: &[String], value: Value) {
    let (last, outer) = path.split_last().expect("a path has at least one key");
    let inner = outer.iter().fold(table, |table, key| {
        table
            .entry(key)
            .or_insert_with(|| Value::Table(Table::new()))
            .as_table_mut()
            .expect("a table stands where the defaults have one")
    });
    inner.insert(last.clone(), value);
}

/// The variable that sets `key`, for messages and documents; `None` when there is no such key.
pub fn variable_for(key: &str) -> Option<String> {
    let leaves = Keys::all().leaves();
    leaves.iter().find(|path| dotted(path) == key).map(|path| variable_of(path))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn variable(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn nothing_at_all_is_the_defaults() {
        let loaded = load(&Sources::default()).expect("loads");
        assert_eq!(loaded.config, Config::default());
        assert_eq!(loaded.findings.iter().count(), 0);
    }

    #[test]
    fn flags_override_variables_and_variables_the_file() {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("t.toml");
        let text = "[server]\nlisten = \"127.0.0.1:1\"\npublic_url = \"https://file.example\"\n\
                    [workers]\ncount = 3\n";
        fs::write(&file, text).expect("written");
        let loaded = load(&Sources {
            file: Some(file),
            environment: vec![
                variable("TIDEMILL_SERVER_LISTEN", "127.0.0.1:2"),
                variable("TIDEMILL_WORKERS_COUNT", "5"),
                variable("TIDEMILL_OUTBOUND_ALLOW", "localhost, 10.0.0.0/8"),
                variable("TIDEMILL_ACTIONS_NOOP_ENABLED", "true"),
            ],
            flags: vec![Flag {
                name: "--listen",
                key: "server.listen",
                value: "127.0.0.1:3".to_owned(),
            }],
        });
        let config = loaded.expect("loads").config;
        assert_eq!(config.server.listen.port(), 3);
        assert_eq!(config.server.public_url, "https://file.example");
        assert_eq!(config.workers.count, 5);
        assert_eq!(config.outbound.allow, ["localhost", "10.0.0.0/8"]);
        assert!(config.actions.noop.enabled);
    }

    #[test]
    fn a_wrong_override_is_named_by_its_variable_or_flag() {
        let fault = |name: &str, value: &str| {
            load(&Sources { environment: vec![variable(name, value)], ..Sources::default() })
                .expect_err("a fault")
                .to_string()
        };
        assert_eq!(
            fault("TIDEMILL_WORKERS_COUNT", "many"),
            "TIDEMILL_WORKERS_COUNT: `workers.count`: `many` is no integer (the default is 0)"
        );
        assert!(
            fault("TIDEMILL_RETENTION_JOBS", "30").starts_with(
                "TIDEMILL_RETENTION_JOBS: `retention.jobs`: `30` is no duration; write"
            )
        );
    }

    #[test]
    fn an_unknown_variable_is_a_warning() {
        let environment = vec![
            variable("TIDEMILL_SERVER_LISTN", "127.0.0.1:2"),
            variable("TIDEMILL_PORT_8080_TCP", "tcp://10.0.0.1"),
        ];
        let loaded = load(&Sources { environment, ..Sources::default() }).expect("loads");
        let messages: Vec<&str> =
            loaded.findings.warnings().map(|finding| finding.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "`TIDEMILL_SERVER_LISTN` sets nothing; did you mean `TIDEMILL_SERVER_LISTEN`?",
                "`TIDEMILL_PORT_8080_TCP` sets nothing",
            ]
        );
    }

    #[test]
    fn keys_and_variables_name_each_other() {
        assert_eq!(variable_for("limits.body").as_deref(), Some("TIDEMILL_LIMITS_BODY"));
        assert_eq!(variable_for("limits.soul"), None);
    }
}
