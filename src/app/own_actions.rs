//! The operator's own actions, from the words of the configuration into those of their room.
//!
//! Schemas are read from their files and `{env:NAME}` from the environment, once. Every fault
//! names its key, for `serve` and for `doctor` alike.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{Access, access};
use serde_json::{Map, Value, json};

use crate::actions::{
    CommandOptions, CustomAction, CustomLimits, CustomOptions, CustomParts, InvalidCustom,
    ServiceOptions, WorkOptions, check_custom,
};
use crate::config::{
    ActionsConfig, HttpActionConfig, OwnActionConfig, SchemaConfig, read_variable,
};
use crate::engine::{Action, AttemptPolicy};
use crate::outbound::{Outbound, OutboundOptions, Secret};

/// What is wrong with one of the operator's own actions.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{key}`: {message}")]
pub struct OwnActionFault {
    /// The key.
    pub key: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// The actions that are switched on.
pub(super) fn build(
    config: &ActionsConfig,
    parts: &CustomParts,
) -> Result<Vec<Arc<dyn Action>>, OwnActionFault> {
    let enabled = config.own.iter().filter(|(_, own)| own.enabled);
    let actions = enabled.map(|(name, own)| {
        let options = own_action(name, own)?;
        if let Some(message) = missing_program(&options) {
            tracing::warn!(action = name, "{message}");
        }
        let action = CustomAction::new(options, parts).map_err(|error| invalid(name, &error))?;
        Ok(Arc::new(action) as Arc<dyn Action>)
    });
    actions.collect()
}

/// What an action would be made of, if it can be made.
pub fn check_own_action(
    name: &str,
    config: &OwnActionConfig,
) -> Result<CustomOptions, OwnActionFault> {
    let options = own_action(name, config)?;
    let outbound = Outbound::new(OutboundOptions::default());
    check_custom(&options, &outbound).map_err(|error| invalid(name, &error))?;
    Ok(options)
}

fn invalid(name: &str, error: &InvalidCustom) -> OwnActionFault {
    let key = OwnActionConfig::key_of(name, error.member());
    OwnActionFault { key, message: error.to_string() }
}

/// An action in the words of its room.
fn own_action(name: &str, config: &OwnActionConfig) -> Result<CustomOptions, OwnActionFault> {
    let OwnActionConfig {
        enabled: _,
        summary,
        command,
        http,
        remote: _,
        attempt_timeout,
        max_attempts,
        backoff,
        concurrency,
        env,
        working_dir,
        input_schema,
        result_schema,
        max_output,
        max_log_lines,
        max_log_bytes,
        max_assets,
        max_asset_bytes,
        max_memory,
        max_processes,
    } = config;
    let fault = |member: &str, message: String| OwnActionFault {
        key: OwnActionConfig::key_of(name, member),
        message,
    };
    let schema = |member: &str, schema: &SchemaConfig| {
        read_schema(schema).map_err(|message| fault(member, message))
    };
    let work = if !command.is_empty() {
        let env = environment(env).map_err(|message| fault("env", message))?;
        let mut command = command.clone();
        command[0] = absolute_program(&command[0]);
        WorkOptions::Command(CommandOptions {
            command,
            env,
            working_dir: (!working_dir.is_empty()).then(|| absolute(working_dir)),
            max_memory: (*max_memory > 0).then_some(*max_memory),
            max_processes: *max_processes,
        })
    } else if !http.url.is_empty() {
        WorkOptions::Http(service(http).map_err(|(member, message)| fault(member, message))?)
    } else {
        WorkOptions::Remote
    };
    Ok(CustomOptions {
        name: name.to_owned(),
        summary: summary.clone(),
        input_schema: schema("input_schema", input_schema)?,
        result_schema: schema("result_schema", result_schema)?,
        policy: AttemptPolicy {
            max_attempts: *max_attempts,
            attempt_timeout: *attempt_timeout,
            backoff: backoff.clone(),
            concurrency: (*concurrency > 0).then_some(*concurrency),
            ..AttemptPolicy::default()
        },
        work,
        limits: CustomLimits {
            output: usize::try_from(*max_output).unwrap_or(usize::MAX),
            log_lines: *max_log_lines,
            log_bytes: *max_log_bytes,
            assets: *max_assets as usize,
            asset_bytes: *max_asset_bytes,
        },
    })
}

/// Where its program is not, if it is a command: it may come later, so that this is a warning.
pub fn missing_program(options: &CustomOptions) -> Option<String> {
    let WorkOptions::Command(CommandOptions { command, env, working_dir, .. }) = &options.work
    else {
        return None;
    };
    let program = &command[0];
    let can_run = |path: &Path| path.is_file() && access(path, Access::EXEC_OK).is_ok();
    if program.contains('/') {
        let found = can_run(Path::new(program));
        let message = format!("`{program}` is not there, or cannot be executed (chmod +x)");
        return (!found).then_some(message).or_else(|| missing_dir(working_dir.as_deref()));
    }
    // Where there is no such variable, the system looks in these.
    let path = env.iter().find(|(name, _)| name == "PATH");
    let path = path.map_or("/bin:/usr/bin", |(_, path)| path.as_str());
    let found = std::env::split_paths(path).any(|dir| can_run(&dir.join(program)));
    let message = format!("there is no program `{program}` in PATH (`{path}`)");
    (!found).then_some(message).or_else(|| missing_dir(working_dir.as_deref()))
}

fn missing_dir(working_dir: Option<&Path>) -> Option<String> {
    let missing = working_dir.filter(|dir| !dir.is_dir());
    missing.map(|dir| format!("there is no directory `{}` (`working_dir`)", dir.display()))
}

/// What a command finds in its environment without being configured: never the server's own
/// variables, in which keys may stand.
const INHERITED: [&str; 9] =
    ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SHELL"];

/// Those, and what the configuration says.
fn environment(configured: &BTreeMap<String, String>) -> Result<Vec<(String, String)>, String> {
    let found = INHERITED.iter().map(|name| Some(((*name).to_owned(), read_variable(name)?)));
    let mut all: Vec<(String, String)> = found.flatten().collect();
    for (variable, value) in configured {
        let value = filled(value)?;
        all.retain(|(known, _)| known != variable);
        all.push((variable.clone(), value));
    }
    Ok(all)
}

/// A program that is named by its place: relative to where the server was started, not to where
/// the command will begin.
fn absolute_program(program: &str) -> String {
    if program.contains('/') { absolute(program).display().to_string() } else { program.to_owned() }
}

fn absolute(path: &str) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path))
}

fn service(config: &HttpActionConfig) -> Result<ServiceOptions, (&'static str, String)> {
    let HttpActionConfig { url, method, headers } = config;
    let url = url::Url::parse(url).map_err(|error| {
        ("http.url", format!("`{url}` is no URL ({error}); write it as \"http://127.0.0.1:9000/\""))
    })?;
    let headers = headers.iter().map(|(name, value)| {
        let framing = ["host", "content-length", "content-type", "transfer-encoding", "connection"];
        if framing.contains(&name.to_ascii_lowercase().as_str()) {
            return Err(("http.headers", format!("`{name}` is set by the server itself")));
        }
        let value = filled(value).map_err(|message| ("http.headers", message))?;
        Ok((name.clone(), Secret::new(&value)))
    });
    Ok(ServiceOptions { url, method: method.clone(), headers: headers.collect::<Result<_, _>>()? })
}

/// `text` with the variables that it names as `{env:NAME}`.
fn filled(text: &str) -> Result<String, String> {
    let mut whole = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{env:") {
        let (name, behind) =
            after.split_once('}').ok_or_else(|| "`{env:` without its `}`".to_owned())?;
        let value = read_variable(name).ok_or_else(|| {
            format!(
                "the environment has no variable `{name}`, or it is empty; set it for the server"
            )
        })?;
        whole.push_str(before);
        whole.push_str(&value);
        rest = behind;
    }
    whole.push_str(rest);
    Ok(whole)
}

fn read_schema(config: &SchemaConfig) -> Result<Value, String> {
    match config {
        SchemaConfig::Inline(schema) if schema.is_empty() => Ok(json!({ "type": "object" })),
        SchemaConfig::Inline(schema) => Ok(Value::Object(schema.clone())),
        SchemaConfig::File(path) if path.is_empty() => Ok(json!({ "type": "object" })),
        SchemaConfig::File(path) => {
            let text = fs::read(path).map_err(|error| format!("cannot read `{path}`: {error}"))?;
            let schema: Map<String, Value> = serde_json::from_slice(&text)
                .map_err(|error| format!("`{path}` holds no JSON object: {error}"))?;
            Ok(Value::Object(schema))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(change: impl FnOnce(&mut OwnActionConfig)) -> String {
        let mut config = OwnActionConfig { remote: true, ..OwnActionConfig::default() };
        change(&mut config);
        own_action("a.b", &config).expect_err("a fault").to_string()
    }

    #[test]
    fn faults_name_their_key() {
        let schema = fault(|own| own.input_schema = SchemaConfig::File("nowhere.json".to_owned()));
        assert!(schema.starts_with("`actions.\"a.b\".input_schema`: cannot read"), "{schema}");
        let url = fault(|own| own.http.url = "render".to_owned());
        assert!(url.starts_with("`actions.\"a.b\".http.url`: `render` is no URL"), "{url}");
        let secret = fault(|own| {
            own.http.url = "http://127.0.0.1:1/".to_owned();
            own.http.headers.insert("X-Key".to_owned(), "{env:NO_SUCH_NAME}".to_owned());
        });
        assert!(secret.contains("no variable `NO_SUCH_NAME`"), "{secret}");
        let framing = fault(|own| {
            own.http.url = "http://127.0.0.1:1/".to_owned();
            own.http.headers.insert("Host".to_owned(), "x".to_owned());
        });
        assert!(framing.contains("set by the server itself"), "{framing}");
    }

    #[test]
    fn a_program_is_looked_for_where_the_command_will_be() {
        let missing = |command: &str| {
            let command = vec![command.to_owned()];
            let config = OwnActionConfig { command, ..OwnActionConfig::default() };
            missing_program(&own_action("a", &config).expect("well formed"))
        };
        assert_eq!(missing("sh"), None);
        assert_eq!(missing("/bin/sh"), None);
        assert!(missing("no-such-program-at-all").is_some());
        assert!(missing("/etc/passwd").is_some());
    }
}
