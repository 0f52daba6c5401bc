//! `tidemill supervise`: what the server starts for each run of a command. Not for people.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Args;

use crate::actions::{Launch, launch, supervise};
use crate::cli::terminal::Terminal;

/// The status of a program that was not found, as shells have it.
const NOT_FOUND: u8 = 127;

/// The status of a program that was found and could not be run.
const NOT_RUN: u8 = 126;

#[derive(Debug, Args)]
pub(super) struct SuperviseArgs {
    /// Set limits and become the command.
    #[arg(long)]
    launch: bool,
    /// Address space of each process, in bytes.
    #[arg(long)]
    memory: Option<u64>,
    /// The command.
    #[arg(last = true)]
    command: Vec<OsString>,
}

pub(super) fn run(args: SuperviseArgs, terminal: Terminal) -> ExitCode {
    let SuperviseArgs { launch: launches, memory, command } = args;
    if launches {
        let error = launch(&Launch { command, memory });
        terminal.remark(format_args!("tidemill: {error}"));
        let found = error.kind() != std::io::ErrorKind::NotFound;
        return ExitCode::from(if found { NOT_RUN } else { NOT_FOUND });
    }
    match supervise() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal.remark(format_args!("tidemill: cannot supervise: {error}"));
            ExitCode::FAILURE
        }
    }
}
