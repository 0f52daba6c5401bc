//! One of the operator's own actions: a command, an HTTP service, or work for remote workers.
//!
//! What a schema, a URL or a placeholder means is read by the rooms that obey it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::config::{Findings, units};

/// `[actions."NAME"]`, of a name that no built-in action has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OwnActionConfig {
    /// Whether clients may ask for it.
    pub enabled: bool,
    /// One sentence for `GET /actions`.
    pub summary: String,
    /// The program that does the work, and its arguments.
    pub command: Vec<String>,
    /// The service that does it.
    pub http: HttpActionConfig,
    /// Whether remote workers do it.
    pub remote: bool,
    /// How long one attempt may take.
    #[serde(with = "units::duration")]
    pub attempt_timeout: Duration,
    /// How often a job may be attempted.
    pub max_attempts: u16,
    /// The waits before the second, third … attempt; the last one serves for all further.
    #[serde(with = "units::durations")]
    pub backoff: Vec<Duration>,
    /// Attempts that may go on at one time; 0 is no limit.
    pub concurrency: u32,
    /// What the command finds in its environment.
    pub env: BTreeMap<String, String>,
    /// Where the command begins; empty for a directory of the attempt's own.
    pub working_dir: String,
    /// A JSON Schema of the input.
    pub input_schema: SchemaConfig,
    /// A JSON Schema of the result.
    pub result_schema: SchemaConfig,
    /// Bytes of a result.
    #[serde(with = "units::size")]
    pub max_output: u64,
    /// Lines that one attempt may add to its job's log.
    pub max_log_lines: u32,
    /// Bytes of these lines.
    #[serde(with = "units::size")]
    pub max_log_bytes: u64,
    /// Files that one attempt may bring.
    pub max_assets: u32,
    /// Bytes of these files together.
    #[serde(with = "units::size")]
    pub max_asset_bytes: u64,
    /// Address space of each process of a command; 0B is no limit.
    #[serde(with = "units::size")]
    pub max_memory: u64,
    /// Processes that a command may have at one time, itself included.
    pub max_processes: u32,
}

/// `http = {…}`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpActionConfig {
    /// Where the input is sent.
    pub url: String,
    /// How: `POST`, `PUT` or `PATCH`.
    pub method: String,
    /// Headers, which go to that origin only.
    pub headers: BTreeMap<String, String>,
}

/// A JSON Schema, or where it lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a table, or the path of a JSON file")]
pub enum SchemaConfig {
    /// The path of a JSON file; empty for none.
    File(String),
    /// The schema itself.
    Inline(Map<String, Value>),
}

const MIB: u64 = 1 << 20;

impl Default for OwnActionConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            summary: String::new(),
            command: Vec::new(),
            http: HttpActionConfig::default(),
            remote: false,
            attempt_timeout: Duration::from_mins(10),
            max_attempts: 3,
            backoff: vec![Duration::from_secs(1), Duration::from_secs(4)],
            concurrency: 0,
            env: BTreeMap::new(),
            working_dir: String::new(),
            input_schema: SchemaConfig::default(),
            result_schema: SchemaConfig::default(),
            max_output: 16 * MIB,
            max_log_lines: 5_000,
            max_log_bytes: 4 * MIB,
            max_assets: 100,
            max_asset_bytes: 256 * MIB,
            max_memory: 0,
            max_processes: 256,
        }
    }
}

impl Default for HttpActionConfig {
    fn default() -> Self {
        Self { url: String::new(), method: "POST".to_owned(), headers: BTreeMap::new() }
    }
}

impl Default for SchemaConfig {
    fn default() -> Self {
        Self::File(String::new())
    }
}

/// The longest name: what `POST /jobs` takes.
const MAX_NAME: usize = 100;

/// The longest attempt: a week, so that a slip of the pen shows.
const MAX_ATTEMPT: Duration = Duration::from_hours(7 * 24);

/// How often a job may be attempted at the most: what `POST /jobs` takes.
const MAX_ATTEMPTS: u16 = 25;

/// What a job's log keeps, whoever writes it.
const MAX_LOG_LINES: u32 = 10_000;

/// More files than this are an archive that should be one file.
const MAX_ASSETS: u32 = 10_000;

impl OwnActionConfig {
    /// The key of one of its members, for findings.
    pub fn key_of(name: &str, member: &str) -> String {
        format!("actions.\"{name}\".{member}")
    }

    /// Adds what is wrong with the action of this name; `meant` is a built-in one much like it.
    pub(super) fn check(&self, name: &str, meant: Option<&str>, findings: &mut Findings) {
        if !is_name(name) {
            let message = "is no name for an action: 1 to 100 letters, digits, `.`, `_` and `-`";
            findings.error(format!("actions.\"{name}\""), message);
        }
        self.check_work(name, meant, findings);
        self.check_attempts(name, findings);
        self.check_limits(name, findings);
    }

    /// Exactly one of three must do the work, and only what belongs to it may be set.
    fn check_work(&self, name: &str, meant: Option<&str>, findings: &mut Findings) {
        let is_command = !self.command.is_empty();
        let is_http = !self.http.url.is_empty();
        match (is_command, is_http, self.remote) {
            (true, false, false) | (false, true, false) | (false, false, true) => {}
            (false, false, false) => {
                let hint = meant.map(|meant| format!("; did you mean `{meant}`?"));
                let message = "says not who does the work: give it a `command`, an `http.url`, or \
                               `remote = true`";
                let message = format!("{message}{}", hint.unwrap_or_default());
                findings.error(format!("actions.\"{name}\""), message);
            }
            _ => {
                let message = "has more than one of `command`, `http` and `remote`; keep one";
                findings.error(format!("actions.\"{name}\""), message);
            }
        }
        let empty = self.command.first().is_some_and(String::is_empty);
        if empty || self.command.iter().any(|word| word.contains('\0')) {
            let message = "needs a program first, and no NUL in any argument";
            findings.error(Self::key_of(name, "command"), message);
        }
        let only_commands = [
            ("env", !self.env.is_empty()),
            ("working_dir", !self.working_dir.is_empty()),
            ("max_memory", self.max_memory > 0),
        ];
        for (member, _) in only_commands.into_iter().filter(|(_, is_set)| *is_set && !is_command) {
            findings.error(Self::key_of(name, member), "belongs to a `command` only");
        }
        let wrong = |variable: &&String| {
            variable.is_empty()
                || variable.contains(['=', '\0'])
                || variable.starts_with("TIDEMILL_")
        };
        if let Some(variable) = self.env.keys().find(wrong) {
            let message = format!(
                "`{variable}` is no variable that can be set: it needs a name without `=`, and \
                 those that begin with `TIDEMILL_` are the server's"
            );
            findings.error(Self::key_of(name, "env"), message);
        }
        if is_http && !["POST", "PUT", "PATCH"].contains(&self.http.method.as_str()) {
            let message = format!("`{}` is none of POST, PUT and PATCH", self.http.method);
            findings.error(Self::key_of(name, "http.method"), message);
        }
    }

    fn check_attempts(&self, name: &str, findings: &mut Findings) {
        if self.attempt_timeout.is_zero() || self.attempt_timeout > MAX_ATTEMPT {
            let message = "must be above 0 and at most 7d";
            findings.error(Self::key_of(name, "attempt_timeout"), message);
        }
        if !(1..=MAX_ATTEMPTS).contains(&self.max_attempts) {
            let message = format!("must be 1 to {MAX_ATTEMPTS}");
            findings.error(Self::key_of(name, "max_attempts"), message);
        }
        if self.backoff.is_empty() || self.backoff.len() > usize::from(MAX_ATTEMPTS) {
            let message = format!("must name 1 to {MAX_ATTEMPTS} waits, as [\"1s\", \"4s\"]");
            findings.error(Self::key_of(name, "backoff"), message);
        }
    }

    fn check_limits(&self, name: &str, findings: &mut Findings) {
        if self.max_output == 0 {
            let message = "0B would refuse every result";
            findings.error(Self::key_of(name, "max_output"), message);
        }
        if self.max_log_lines > MAX_LOG_LINES {
            let message = format!("a job's log keeps {MAX_LOG_LINES} lines at the most");
            findings.error(Self::key_of(name, "max_log_lines"), message);
        }
        if self.max_assets > MAX_ASSETS {
            let message = format!("must be at most {MAX_ASSETS}; put so many files into one");
            findings.error(Self::key_of(name, "max_assets"), message);
        }
        if self.max_processes == 0 {
            findings.error(Self::key_of(name, "max_processes"), "a command is one process itself");
        }
    }
}

fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || ['.', '_', '-'].contains(&c);
    (1..=MAX_NAME).contains(&name.len()) && name.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Severity};

    fn faults_of(text: &str) -> Vec<String> {
        let config: Config = toml::from_str(text).expect("reads");
        let mut findings = Findings::default();
        config.actions.check(&mut findings);
        assert!(findings.iter().all(|finding| finding.severity == Severity::Error));
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn five_lines_make_an_action() {
        let text = r#"
            [actions."video.transcode"]
            command = ["ffmpeg-wrapper", "--json"]
            attempt_timeout = "30m"
            concurrency = 2
            input_schema = {type = "object", required = ["source"]}
        "#;
        assert!(faults_of(text).is_empty());
        let config: Config = toml::from_str(text).expect("reads");
        let own = &config.actions.own["video.transcode"];
        assert_eq!(own.attempt_timeout, Duration::from_mins(30));
        assert!(matches!(&own.input_schema, SchemaConfig::Inline(schema) if schema.len() == 2));
        assert!(config.actions.brands_extract.enabled);
    }

    #[test]
    fn what_does_the_work_is_said_once() {
        let none = faults_of("[actions.\"brands.extrct\"]\nenabled = false\n");
        assert!(none[0].ends_with("did you mean `brands.extract`?"), "{none:?}");
        let both = faults_of("[actions.a]\nremote = true\ncommand = [\"a\"]\n");
        assert_eq!(both.len(), 1, "{both:?}");
        let foreign = faults_of("[actions.a]\nremote = true\nworking_dir = \"/\"\n");
        assert_eq!(foreign, ["`actions.\"a\".working_dir`: belongs to a `command` only"]);
    }

    #[test]
    fn limits_have_limits() {
        let text = "[actions.\"a b\"]\ncommand = [\"a\"]\nmax_attempts = 0\nmax_output = \"0B\"\n\
                    backoff = []\nattempt_timeout = \"0s\"\nmax_log_lines = 20000\n\
                    max_processes = 0\nmax_assets = 10001\nenv = {\"TIDEMILL_X\" = \"\"}\n";
        assert_eq!(faults_of(text).len(), 9);
    }
}
