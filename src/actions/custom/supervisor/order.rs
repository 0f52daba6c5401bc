//! What a server asks of a supervisor, and what it is told in the end: one line of JSON each, over
//! a socket whose closing means "stop".

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What to run, and within which bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::actions::custom) struct Order {
    /// The program and its arguments.
    pub(in crate::actions::custom) command: Vec<String>,
    /// Its whole environment.
    pub(in crate::actions::custom) env: Vec<(String, String)>,
    /// Where it begins.
    pub(in crate::actions::custom) working_dir: PathBuf,
    /// The file that it reads as its standard input.
    pub(in crate::actions::custom) input: PathBuf,
    /// Where it leaves files.
    pub(in crate::actions::custom) assets: PathBuf,
    /// How many bytes may lie there.
    pub(in crate::actions::custom) max_asset_bytes: u64,
    /// Address space of each process, in bytes.
    pub(in crate::actions::custom) max_memory: Option<u64>,
    /// Processes at one time.
    pub(in crate::actions::custom) max_processes: u32,
    /// How long it may take to heed a SIGTERM.
    pub(in crate::actions::custom) grace_ms: u64,
}

/// How it ended, told when none of its processes is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::actions::custom) enum Ending {
    /// By itself, with this status.
    Exited(i32),
    /// By a signal of somebody else's.
    Signalled(i32),
    /// It could not be started.
    NotStarted,
    /// It had more processes than it may have.
    TooManyProcesses,
    /// It left more in its directory for files than it may.
    TooManyBytes,
    /// The server wanted it to.
    Stopped,
}
