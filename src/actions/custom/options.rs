//! What one of the operator's own actions is made of: plain values that the composition root
//! fills in.

use std::path::PathBuf;

use serde_json::Value;
use url::Url;

use crate::engine::AttemptPolicy;
use crate::outbound::Secret;

/// One of the operator's own actions.
#[derive(Clone, Debug)]
pub struct CustomOptions {
    /// Its name.
    pub name: String,
    /// One sentence for `GET /actions`; empty for one made up from the kind of work.
    pub summary: String,
    /// A JSON Schema of the input.
    pub input_schema: Value,
    /// A JSON Schema of the result.
    pub result_schema: Value,
    /// How its attempts are limited and repeated.
    pub policy: AttemptPolicy,
    /// Who does the work.
    pub work: WorkOptions,
    /// How much one attempt may bring and say.
    pub limits: CustomLimits,
}

/// Who does the work.
#[derive(Clone, Debug)]
pub enum WorkOptions {
    /// A program.
    Command(CommandOptions),
    /// A service.
    Http(ServiceOptions),
    /// Remote workers.
    Remote,
}

/// A program and its surroundings.
#[derive(Clone, Debug)]
pub struct CommandOptions {
    /// The program and its arguments, in which `{input.FIELD}` may stand.
    pub command: Vec<String>,
    /// All that it finds in its environment, beside what says which job it is.
    pub env: Vec<(String, String)>,
    /// Where it begins; `None` for a directory of the attempt's own.
    pub working_dir: Option<PathBuf>,
    /// Address space of each process, in bytes.
    pub max_memory: Option<u64>,
    /// Processes at one time.
    pub max_processes: u32,
}

/// A service and what it is told beside the input.
#[derive(Clone, Debug)]
pub struct ServiceOptions {
    /// Where the input is sent.
    pub url: Url,
    /// `POST`, `PUT` or `PATCH`.
    pub method: String,
    /// Sent to this origin only.
    pub headers: Vec<(String, Secret)>,
}

/// How much one attempt may bring and say.
#[derive(Clone, Copy, Debug)]
pub struct CustomLimits {
    /// Bytes of a result.
    pub output: usize,
    /// Lines for the job's log.
    pub log_lines: u32,
    /// Bytes of these lines.
    pub log_bytes: u64,
    /// Files.
    pub assets: usize,
    /// Bytes of these files together.
    pub asset_bytes: u64,
}
