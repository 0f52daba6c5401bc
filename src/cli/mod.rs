//! The command line: one file a command, each asks, calls and prints.
//!
//! Every command takes `--config` and `--data-dir`. Commands that write beside a running server do
//! so through its control socket. Never: a rule of another room.

mod audit;
mod backup;
mod completions;
mod control;
mod demo;
mod desk;
mod doctor;
mod error;
mod help;
mod import;
mod keys;
mod licenses;
mod limits;
mod model;
mod orgs;
mod projects;
mod serve;
mod supervise;
mod terminal;
mod tls;
mod webhooks;
mod workshop;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use tokio::runtime::Runtime;

use crate::cli::error::CliError;
use crate::cli::terminal::Terminal;
use crate::config::{Flag, Loaded, Sources, environment, load};

/// A durable HTTP front door for slow work: one binary, no broker, no cloud.
#[derive(Debug, Parser)]
#[command(name = "tidemill", version, max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    shared: SharedArgs,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
struct SharedArgs {
    /// The configuration file; `config.example.toml` shows every key.
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// The directory that holds everything the server keeps.
    #[arg(long, value_name = "DIR", global = true)]
    data_dir: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server.
    Serve(serve::ServeArgs),
    /// Create, list and revoke API keys.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// List, rename and delete organizations.
    #[command(subcommand)]
    Orgs(orgs::OrgsCommand),
    /// Show who changed keys, organizations, jobs and runs.
    Audit(audit::AuditArgs),
    /// Copy everything into a directory, also beside a running server.
    Backup(backup::BackupArgs),
    /// Make a data directory of a backup.
    Restore(backup::RestoreArgs),
    /// Give up webhooks' secrets whose key is lost.
    #[command(subcommand)]
    Webhooks(webhooks::WebhooksCommand),
    /// Add, list and remove projects.
    #[command(subcommand)]
    Projects(projects::ProjectsCommand),
    /// Read a repository, or an export of a tracker or chat, into a project.
    Import(import::ImportArgs),
    /// Look for what is wrong in configuration, data directory, disk and limits.
    Doctor,
    /// Start a server and a small web site, and have the site's brand extracted.
    Demo(demo::DemoArgs),
    /// Print what in the program was made by others, and on which terms.
    Licenses,
    /// Print what a shell needs to complete commands and flags.
    Completions(completions::CompletionsArgs),
    /// Run a command for the server.
    #[command(hide = true)]
    Supervise(supervise::SuperviseArgs),
}

/// Runs the command of this process.
pub fn run() -> ExitCode {
    let matches = help::with_examples(Arguments::command()).get_matches();
    let Arguments { shared, command } =
        Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let terminal = Terminal::of_process();
    let outcome = match command {
        Command::Serve(args) => serve::serve(&shared, args, terminal),
        Command::Keys(command) => keys::run(&shared, command, terminal),
        Command::Orgs(command) => orgs::run(&shared, command, terminal),
        Command::Audit(args) => audit::print(&shared, &args, terminal),
        Command::Backup(args) => backup::run_backup(&shared, &args, terminal),
        Command::Restore(args) => backup::run_restore(&shared, &args, terminal),
        Command::Webhooks(command) => webhooks::run(&shared, &command, terminal),
        Command::Projects(command) => projects::run(&shared, command, terminal),
        Command::Import(args) => import::run(&shared, &args, terminal),
        Command::Doctor => doctor::examine(&shared, terminal),
        Command::Demo(args) => demo::demo(&shared, &args, terminal),
        Command::Licenses => {
            licenses::print(terminal);
            Ok(())
        }
        Command::Completions(args) => {
            completions::print(&args, terminal);
            Ok(())
        }
        Command::Supervise(args) => return supervise::run(args, terminal),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal.remark(format_args!("tidemill: {error}"));
            ExitCode::FAILURE
        }
    }
}

impl SharedArgs {
    /// The configuration with what the command line says.
    fn load(&self, mut flags: Vec<Flag>) -> Result<Loaded, CliError> {
        if let Some(dir) = &self.data_dir {
            let value = dir.to_string_lossy().into_owned();
            flags.push(Flag { name: "--data-dir", key: "data_dir", value });
        }
        let sources = Sources { file: self.config.clone(), environment: environment(), flags };
        Ok(load(&sources)?)
    }
}

/// Threads that drive timers, signals and background services; HTTP and actions have their own.
const RUNTIME_THREADS: usize = 2;

fn runtime() -> Result<Runtime, CliError> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(RUNTIME_THREADS)
        .thread_name("runtime")
        .enable_all()
        .build()
        .map_err(CliError::Runtime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_takes_both_shared_flags() {
        for command in
            [&["doctor"][..], &["orgs", "list"], &["keys", "list"], &["demo"], &["serve"]]
        {
            let flags = ["--config", "a.toml", "--data-dir", "b"];
            let line = [&["tidemill"], command, &flags[..]].concat();
            let shared = Arguments::try_parse_from(line).expect("parses").shared;
            assert_eq!(shared.config, Some(PathBuf::from("a.toml")));
            assert_eq!(shared.data_dir, Some(PathBuf::from("b")));
        }
    }
}
