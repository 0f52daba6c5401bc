//! Why a command failed, for the person who gave it.

use std::io;

use crate::app::{AppError, BackupError, DataDirError};
use crate::cli::control::ControlError;
use crate::cli::demo::DemoError;
use crate::config::ConfigError;
use crate::store::StoreError;
use crate::telemetry::BadFilter;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("{0} in the configuration must be corrected before the server can start")]
    Findings(Count),
    #[error("doctor found {0}")]
    Unwell(Count),
    #[error("`telemetry.log`: {0}")]
    Log(#[from] BadFilter),
    #[error(transparent)]
    App(#[from] AppError),
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Control(#[from] ControlError),
    #[error(transparent)]
    Backup(#[from] BackupError),
    #[error("{0}: what is missing or damaged is not in it; all the rest is")]
    Lost(Count),
    #[error("the demo failed: {0}")]
    Demo(#[from] DemoError),
    #[error("cannot start the runtime: {0}")]
    Runtime(#[source] io::Error),
    #[error("cannot listen for signals: {0}")]
    Signals(#[source] io::Error),
    #[error("stopped at once, at a second signal; what ran is taken up again at the next start")]
    Interrupted,
    #[error("{0}")]
    Refused(String),
}

/// A number of errors, in words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Count(pub(super) usize);

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            1 => f.write_str("1 error"),
            many => write!(f, "{many} errors"),
        }
    }
}
