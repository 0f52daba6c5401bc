//! A command as an action: the input on standard input, the result on standard output, lines for
//! the log and progress on standard error, files in a directory.
//!
//! It runs under a supervisor, in a directory of the attempt's own, in an environment that the
//! configuration alone decides. Never: a shell, or a part of a request among its arguments unless
//! the configuration says where.

mod child;
mod desk;
mod files;
mod words;

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::options::{CommandOptions, CustomLimits};
use super::supervisor::{Ending, Order};
use super::template::Template;
use crate::assets::AssetStore;
use crate::domain::asset::FileRoom;
use crate::engine::{ActionContext, ActionError, InvalidInput};
use child::{Broken, GRACE, Supervised};
use desk::Desk;
pub(super) use desk::sweep;
pub(super) use files::{Files, FilesError};
use words::Words;

/// The status by which a command asks for another attempt: `EX_TEMPFAIL`.
const TRY_AGAIN: i32 = 75;

/// A command, ready to be run.
#[derive(Debug)]
pub(super) struct Program {
    command: Vec<Template>,
    name: String,
    options: CommandOptions,
    limits: CustomLimits,
    supervisor: PathBuf,
    scratch: PathBuf,
    assets: Arc<AssetStore>,
}

/// Where commands run, and by whom they are watched.
#[derive(Clone, Debug)]
pub struct CommandPlace {
    /// The program whose subcommand `supervise` stands between the server and a command.
    pub supervisor: PathBuf,
    /// Where attempts get a directory of their own; emptied at the start.
    pub scratch: PathBuf,
}

impl Program {
    pub(super) fn new(
        options: CommandOptions,
        limits: CustomLimits,
        place: CommandPlace,
        assets: Arc<AssetStore>,
    ) -> Self {
        let CommandPlace { supervisor, scratch } = place;
        let command = options.command.iter().map(|word| Template::parse(word)).collect();
        let name = options.command.first().cloned().unwrap_or_default();
        Self { command, name, options, limits, supervisor, scratch, assets }
    }

    /// Whether the arguments can be made of `input`.
    pub(super) fn check(
        &self,
        input: &Map<String, Value>,
        given: &[&str],
    ) -> Result<(), InvalidInput> {
        self.command.iter().try_for_each(|word| word.fill(input, given).map(drop))
    }

    /// One attempt.
    pub(super) async fn run(
        &self,
        context: &ActionContext,
        action: &str,
        input: &Map<String, Value>,
    ) -> Result<(Map<String, Value>, Files), ActionError> {
        let desk = Desk::make(&self.scratch, Value::Object(input.clone()).to_string().as_bytes());
        let desk = desk.map_err(|error| {
            let message = "The server could not make a directory for the command.";
            ActionError::transient("storage_unavailable", message).because(error)
        })?;
        let order = self.order(context, action, input, &desk)?;
        let CustomLimits { output, log_lines, log_bytes, assets, asset_bytes } = self.limits;
        let mut words = Words::new(context.clone(), log_lines, log_bytes);
        let mut supervised = Supervised::start(&self.supervisor, &order).map_err(|error| {
            let message = "The server could not start the command's supervisor.";
            ActionError::transient("overloaded", message).because(error)
        })?;
        let followed = tokio::select! {
            biased;
            followed = supervised.follow(output, &mut words) => Some(followed),
            () = tokio::time::sleep(context.remaining()) => None,
        };
        // All its processes are gone before anything else happens.
        drop(supervised);
        let written = match followed {
            Some(Ok((Ending::Exited(0), written))) => written,
            Some(Ok((ending, _))) => return Err(self.failure(ending, &words)),
            Some(Err(broken)) => return Err(self.broken(&broken, &words)),
            None => return Err(self.too_slow(context, &words)),
        };
        let result = self.result(&written, &words)?;
        let room = FileRoom { files: assets, bytes: asset_bytes };
        let files = files::collect(&desk.assets(), context.org(), room, &self.assets)
            .map_err(files_failed)?;
        Ok((result, files))
    }

    fn order(
        &self,
        context: &ActionContext,
        action: &str,
        input: &Map<String, Value>,
        desk: &Desk,
    ) -> Result<Order, ActionError> {
        let words = self.command.iter().map(|word| word.fill(input, &[]));
        let command =
            words.collect::<Result<_, _>>().map_err(|fault| super::invalid_input(&fault))?;
        let mut env = self.options.env.clone();
        let own = [
            ("TIDEMILL_ASSETS", desk.assets().display().to_string()),
            ("TIDEMILL_JOB_ID", context.job_id().to_string()),
            ("TIDEMILL_ORG_ID", context.org().to_string()),
            ("TIDEMILL_ACTION", action.to_owned()),
            ("TIDEMILL_ATTEMPT", context.attempt().to_string()),
        ];
        env.extend(own.map(|(name, value)| (name.to_owned(), value)));
        Ok(Order {
            command,
            env,
            working_dir: self.options.working_dir.clone().unwrap_or_else(|| desk.work()),
            input: desk.input(),
            assets: desk.assets(),
            max_asset_bytes: self.limits.asset_bytes,
            max_memory: self.options.max_memory,
            max_processes: self.options.max_processes,
            grace_ms: u64::try_from(GRACE.as_millis()).unwrap_or(u64::MAX),
        })
    }

    fn result(&self, written: &[u8], words: &Words) -> Result<Map<String, Value>, ActionError> {
        let written = written.trim_ascii();
        if written.is_empty() {
            return Ok(Map::new());
        }
        match serde_json::from_slice(written) {
            Ok(Value::Object(result)) => Ok(result),
            Ok(_) => Err(self.told("result_invalid", "wrote JSON that is no object", words)),
            Err(error) => {
                let what = format!("wrote what is no JSON ({error}); log to standard error");
                Err(self.told("result_invalid", &what, words))
            }
        }
    }

    fn failure(&self, ending: Ending, words: &Words) -> ActionError {
        match ending {
            Ending::Exited(TRY_AGAIN) => {
                let what = format!("ended with status {TRY_AGAIN}, which asks for another attempt");
                ActionError {
                    retry: crate::engine::Retry::Backoff,
                    ..self.told("command_try_again", &what, words)
                }
            }
            Ending::Exited(status) => {
                self.told("command_failed", &format!("ended with status {status}"), words)
            }
            Ending::Signalled(signal) => {
                self.told("command_failed", &format!("was ended by signal {signal}"), words)
            }
            Ending::NotStarted => self.told("command_failed", "could not be started", words),
            Ending::TooManyProcesses => {
                let most = self.options.max_processes;
                let what = format!("had more than {most} processes (max_processes)");
                self.told("too_many_processes", &what, words)
            }
            Ending::TooManyBytes => {
                let most = self.limits.asset_bytes;
                let what = format!("left files of more than {most} bytes (max_asset_bytes)");
                self.told("assets_too_large", &what, words)
            }
            Ending::Stopped => self.told("command_failed", "was stopped", words),
        }
    }

    fn broken(&self, broken: &Broken, words: &Words) -> ActionError {
        match broken {
            Broken::TooMuch => {
                let most = self.limits.output;
                let what = format!("wrote more than {most} bytes (max_output)");
                self.told("output_too_large", &what, words)
            }
            Broken::Lost => {
                let error = self.told("command_lost", "lost its supervisor", words);
                ActionError { retry: crate::engine::Retry::Backoff, ..error }
            }
            Broken::Io(error) => {
                let told = self.told("command_lost", "could not be heard", words);
                let retry = crate::engine::Retry::Backoff;
                ActionError { retry, ..told.because(error) }
            }
        }
    }

    fn too_slow(&self, context: &ActionContext, words: &Words) -> ActionError {
        let allowed = context.allowed().as_secs_f64();
        let what = format!(
            "did not end within {allowed} s and was ended. Allow it more with \
             `attempt_timeout_seconds`"
        );
        let error = self.told("attempt_timed_out", &what, words);
        ActionError { retry: crate::engine::Retry::Backoff, ..error }
    }

    /// A failure with the command's last words.
    fn told(&self, code: &str, what: &str, words: &Words) -> ActionError {
        let (name, last) = (&self.name, words.last());
        let message = if last.is_empty() {
            format!("`{name}` {what}. It said nothing on standard error.")
        } else {
            format!("`{name}` {what}. Its last words:\n{last}")
        };
        ActionError::fatal(code, message)
    }
}

/// What becomes of an attempt whose files cannot be kept.
pub(super) fn files_failed(error: FilesError) -> ActionError {
    match error {
        FilesError::TooMany(most) => {
            let message = format!("It left more than {most} files (max_assets).");
            ActionError::fatal("too_many_assets", message)
        }
        FilesError::TooLarge(most) => {
            let message = format!("It left files of more than {most} bytes (max_asset_bytes).");
            ActionError::fatal("assets_too_large", message)
        }
        error @ (FilesError::Io(_) | FilesError::Assets(_)) => {
            let message = "The files that it left could not be kept.";
            ActionError::transient("storage_unavailable", message).because(error)
        }
    }
}
