//! `tidemill backup` and `tidemill restore`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::app::{BackupContents, BackupOutcome, BackupStage, LEFT_OUT, back_up, restore};
use crate::cli::SharedArgs;
use crate::cli::error::{CliError, Count};
use crate::cli::terminal::Terminal;
use crate::config::format_size;
use crate::domain::clock::Clock;

#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// A directory that is new or empty.
    #[arg(value_name = "DIR")]
    to: PathBuf,
    /// Say what was done as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// A directory that `tidemill backup` made.
    #[arg(value_name = "DIR")]
    from: PathBuf,
    /// Say what was done as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run_backup(
    shared: &SharedArgs,
    args: &BackupArgs,
    terminal: Terminal,
) -> Result<(), CliError> {
    let BackupArgs { to, json } = args;
    let data_dir = shared.load(Vec::new())?.config.data_dir;
    let mut progress = Progress::new(terminal);
    let outcome = back_up(&data_dir, to, &Clock::system(), &mut |stage| progress.tell(stage))?;
    report(&outcome, to, *json, terminal);
    terminal.remark(format_args!(
        "left out: {}; keep a copy of it elsewhere, without it webhooks' secrets cannot be read",
        LEFT_OUT.join(", ")
    ));
    whole(&outcome, terminal)
}

pub(super) fn run_restore(
    shared: &SharedArgs,
    args: &RestoreArgs,
    terminal: Terminal,
) -> Result<(), CliError> {
    let RestoreArgs { from, json } = args;
    let data_dir = shared.load(Vec::new())?.config.data_dir;
    let mut progress = Progress::new(terminal);
    let outcome = restore(from, &data_dir, &mut |stage| progress.tell(stage))?;
    report(&outcome, &data_dir, *json, terminal);
    terminal.remark(format_args!(
        "before the first start put your copy of {} into {}",
        LEFT_OUT.join(", "),
        data_dir.display()
    ));
    whole(&outcome, terminal)
}

fn report(outcome: &BackupOutcome, place: &Path, as_json: bool, terminal: Terminal) {
    let BackupOutcome { contents, lost } = outcome;
    if as_json {
        let mut document = json!(contents);
        document["path"] = json!(place);
        document["left_out"] = json!(LEFT_OUT);
        document["lost"] = lost.iter().map(ToString::to_string).collect();
        terminal.line(document);
        return;
    }
    let BackupContents { made_at, schema, database_bytes, files, file_bytes, .. } = contents;
    terminal.line(format_args!(
        "{}\tas of {made_at}, schema {schema}, database {}, {files} files of {}",
        place.display(),
        rounded(*database_bytes),
        rounded(*file_bytes)
    ));
}

/// What is missing makes the command fail, though all the rest is there.
fn whole(outcome: &BackupOutcome, terminal: Terminal) -> Result<(), CliError> {
    for digest in &outcome.lost {
        terminal.remark(format_args!("file {digest} is missing or damaged, and was left out"));
    }
    match outcome.lost.len() {
        0 => Ok(()),
        lost => Err(CliError::Lost(Count(lost))),
    }
}

fn rounded(bytes: u64) -> String {
    let unit = if bytes < 1 << 20 { 1 << 10 } else { 1 << 20 };
    format_size(bytes.div_ceil(unit) * unit)
}

/// Says how far it is, in tenths.
struct Progress {
    terminal: Terminal,
    told: Option<(&'static str, u64)>,
}

impl Progress {
    fn new(terminal: Terminal) -> Self {
        Self { terminal, told: None }
    }

    fn tell(&mut self, stage: BackupStage) {
        /// Less than so many bytes or files are there before anybody wonders.
        const WORTH_TELLING: u64 = 1_000;
        let (what, done, all) = match stage {
            BackupStage::Database(done, all) => ("database", done, all),
            BackupStage::Files(done, all) => ("files", done, all),
        };
        let tenths = done.saturating_mul(10) / all.max(1);
        if all >= WORTH_TELLING && self.told != Some((what, tenths)) {
            self.told = Some((what, tenths));
            self.terminal.remark(format_args!("{what}: {} %", tenths * 10));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_up_to_what_one_can_read() {
        assert_eq!(rounded(1), "1KiB");
        assert_eq!(rounded(5 << 20), "5MiB");
        assert_eq!(rounded((5 << 20) + 1), "6MiB");
    }
}
