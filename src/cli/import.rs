//! `tidemill import`: reads a repository or an export into a project.
//!
//! What is read again changes nothing. The files are read here, with the rights of whoever gives
//! the command, and stored by the server if one runs. Never: an export held in memory whole.

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use crate::cli::SharedArgs;
use crate::cli::desk::Desk;
use crate::cli::error::CliError;
use crate::cli::terminal::Terminal;
use crate::cli::workshop::{ProjectRow, code_source};
use crate::domain::activity::{Event, EventSource, Repository, Window};
use crate::domain::clock::Clock;
use crate::domain::org::DEFAULT_ORG;
use crate::sources::export::{self, ExportKind, ExportSummary};
use crate::sources::git::GitRepository;
use crate::sources::{SourceError, Watch, resolve};
use crate::store::SavedEvents;

/// Events that are stored in one write.
const EVENTS_A_WRITE: usize = 500;

/// Events between two lines of progress.
const TELL_EVERY: usize = 5_000;

/// How far back a repository is read without being told, in days.
const DEFAULT_DAYS: &str = "365";

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// What it is: git, github, gitlab, gitea, forgejo, slack, jira, linear, junit, markdown, vtt.
    kind: String,
    /// The file, folder, zip or repository.
    path: PathBuf,
    /// The project that the events belong to.
    #[arg(long, value_name = "NAME")]
    project: String,
    /// Whose project it is.
    #[arg(long, value_name = "NAME", default_value = DEFAULT_ORG)]
    org: String,
    /// How many days of a repository's history to read.
    #[arg(long, value_name = "DAYS", default_value = DEFAULT_DAYS)]
    days: u32,
    /// What a repository's commits are called, such as `github`.
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
}

pub(super) fn run(
    shared: &SharedArgs,
    args: &ImportArgs,
    terminal: Terminal,
) -> Result<(), CliError> {
    let ImportArgs { kind, path, project, org, days, source } = args;
    let data_dir = shared.load(Vec::new())?.config.data_dir;
    let kind = match kind.as_str() {
        "git" => None,
        word => {
            let kind: ExportKind =
                word.parse().map_err(|error| CliError::Refused(format!("{error}")))?;
            Some(kind)
        }
    };
    let source = source.as_deref().map(code_source).transpose()?;
    let desk = Desk::find(&data_dir)?;
    let projects = desk.projects(Some(org))?;
    let project = projects.into_iter().find(|known| known.name == *project).ok_or_else(|| {
        let message = format!(
            "`{org}` has no project `{project}`; make it with `tidemill projects add {project}`"
        );
        CliError::Refused(message)
    })?;
    let store = Storing::new(&desk, &project, terminal);
    let read = match kind {
        Some(kind) => read_export(kind, path, &store),
        None => read_repository(path, source, *days, &store),
    };
    // What was read before a fault stays read.
    store.flush()?;
    let summary = match (read, store.failure.take()) {
        (_, Some(failure)) => return Err(failure),
        (Err(error), None) => {
            return Err(CliError::Refused(format!("{}: {error}", path.display())));
        }
        (Ok(summary), None) => summary,
    };
    for refusal in &summary.refusals {
        terminal.remark(format_args!("refused: {refusal}"));
    }
    let SavedEvents { new, changed, unchanged } = store.saved.get();
    let skipped = unchanged + summary.skipped;
    terminal.line(format_args!(
        "{new} new, {changed} changed, {skipped} skipped, {} refused",
        summary.refused
    ));
    Ok(())
}

fn read_export(
    kind: ExportKind,
    path: &Path,
    store: &Storing<'_>,
) -> Result<ExportSummary, SourceError> {
    let mut sink = |event| store.take(event);
    export::read(kind, path, store.project.id, &mut sink, Watch::nobody())
}

fn read_repository(
    path: &Path,
    source: Option<EventSource>,
    days: u32,
    store: &Storing<'_>,
) -> Result<ExportSummary, SourceError> {
    let path = resolve(path)?;
    let repository = Repository { path: path.to_string_lossy().into_owned(), source };
    let git = GitRepository::open(&path, &repository)?;
    let now = Clock::system().now();
    let window = Window::before(now, Duration::from_hours(24 * u64::from(days)));
    let terminal = store.terminal;
    let tell = |phase: &str, _: Option<f64>| terminal.remark(phase);
    let watch = Watch::new(&|| false, &tell);
    let history = git.history(window, watch)?;
    let (whole, mut read) = (history.commits.len(), 0);
    terminal.remark(format_args!("reading {whole} commits of the last {days} days"));
    if history.is_cut {
        terminal.remark("there are more in that time: the oldest of them are left out");
    }
    let mut summary = ExportSummary::default();
    for commits in history.commits.chunks(EVENTS_A_WRITE) {
        let events = git.read(store.project.id, commits, watch)?;
        read += commits.len();
        if read < whole {
            terminal.remark(format_args!("{read} of {whole} commits so far"));
        }
        summary.refused += commits.len() - events.len();
        for event in events {
            store.take(event)?;
            summary.taken += 1;
        }
    }
    for tag in history.tags.iter().filter(|tag| window.contains(tag.at)) {
        store.take(git.tag_event(store.project.id, tag))?;
        summary.taken += 1;
    }
    Ok(summary)
}

/// Collects events and stores them in portions.
struct Storing<'a> {
    desk: &'a Desk,
    project: &'a ProjectRow,
    terminal: Terminal,
    waiting: RefCell<Vec<Event>>,
    saved: Cell<SavedEvents>,
    failure: Cell<Option<CliError>>,
}

impl<'a> Storing<'a> {
    fn new(desk: &'a Desk, project: &'a ProjectRow, terminal: Terminal) -> Self {
        Self {
            desk,
            project,
            terminal,
            waiting: RefCell::default(),
            saved: Cell::default(),
            failure: Cell::default(),
        }
    }

    fn take(&self, event: Event) -> Result<(), SourceError> {
        self.waiting.borrow_mut().push(event);
        if self.waiting.borrow().len() < EVENTS_A_WRITE {
            return Ok(());
        }
        self.flush().map_err(|error| {
            self.failure.set(Some(error));
            SourceError::Stopped
        })
    }

    fn flush(&self) -> Result<(), CliError> {
        let events = self.waiting.take();
        if events.is_empty() {
            return Ok(());
        }
        let before = total(self.saved.get());
        let mut saved = self.saved.get();
        saved += self.desk.save_events(self.project, events)?;
        self.saved.set(saved);
        if before / TELL_EVERY != total(saved) / TELL_EVERY {
            self.terminal.remark(format_args!("{} events so far", total(saved)));
        }
        Ok(())
    }
}

fn total(saved: SavedEvents) -> usize {
    saved.new + saved.changed + saved.unchanged
}
