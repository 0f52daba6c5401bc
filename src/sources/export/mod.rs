//! Exports of trackers, chats, test runs, documents and meetings, as their programs write them.
//!
//! [`read`] goes through a file or folder and hands each record over as an event; a record that
//! cannot be taken is refused with its reason, and the rest goes on. External ids are those of the
//! source, so that reading the same export again changes nothing. Never: a file outside of what was
//! named, or one read whole that could be large.

mod bounded;
mod files;
mod github;
mod gitlab;
mod json;
mod junit;
mod markdown;
mod record;
mod slack;
mod tables;
mod transcript;

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use serde_json::Value;

use crate::domain::activity::Event;
use crate::domain::ids::ProjectId;
use crate::sources::{SourceError, Watch};

use files::Files;

/// What an export is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportKind {
    /// Issues, pull requests, comments and releases as GitHub's REST API gives them.
    Github,
    /// Issues, merge requests and notes as GitLab's REST API gives them.
    Gitlab,
    /// The same of Gitea and Forgejo.
    Gitea,
    /// Slack's own export, a zip file or the folder in it.
    Slack,
    /// Jira's CSV export.
    Jira,
    /// Linear's CSV export.
    Linear,
    /// Test reports in the XML of `JUnit`.
    Junit,
    /// Markdown files, decision records among them.
    Markdown,
    /// `WebVTT` transcripts of meetings.
    Vtt,
}

impl ExportKind {
    /// All kinds with their names.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::Github, "github"),
        (Self::Gitlab, "gitlab"),
        (Self::Gitea, "gitea"),
        (Self::Slack, "slack"),
        (Self::Jira, "jira"),
        (Self::Linear, "linear"),
        (Self::Junit, "junit"),
        (Self::Markdown, "markdown"),
        (Self::Vtt, "vtt"),
    ];
}

/// A word that names no kind of export.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no kind of export `{0}`; there are git, github, gitlab, gitea, forgejo, slack, jira, linear, \
     junit, markdown and vtt"
)]
pub struct UnknownExport(String);

impl FromStr for ExportKind {
    type Err = UnknownExport;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let word = if word == "forgejo" { "gitea" } else { word };
        let found = Self::ALL.into_iter().find(|(_, name)| *name == word);
        found.map(|(kind, _)| kind).ok_or_else(|| UnknownExport(word.to_owned()))
    }
}

impl fmt::Display for ExportKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = Self::ALL.into_iter().find(|(kind, _)| kind == self);
        f.write_str(found.map_or("", |(_, name)| name))
    }
}

/// How many refusals are told one by one.
const MAX_TOLD: usize = 20;

/// What came of an export.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportSummary {
    /// Records handed over as events.
    pub taken: usize,
    /// Records that say nothing, such as that somebody entered a channel.
    pub skipped: usize,
    /// Records that could not be taken.
    pub refused: usize,
    /// Where the first of them stand, and why they were refused.
    pub refusals: Vec<String>,
}

/// Takes events; its error ends the reading.
pub type Sink<'a> = dyn FnMut(Event) -> Result<(), SourceError> + 'a;

/// Reads the export at `path` for `project`.
pub fn read(
    kind: ExportKind,
    path: &Path,
    project: ProjectId,
    sink: &mut Sink<'_>,
    watch: Watch<'_>,
) -> Result<ExportSummary, SourceError> {
    let mut files = Files::open(path)?;
    let mut intake = Intake { project, sink, watch, summary: ExportSummary::default() };
    match kind {
        ExportKind::Github => github::read(&mut files, github::Host::Github, &mut intake)?,
        ExportKind::Gitea => github::read(&mut files, github::Host::Gitea, &mut intake)?,
        ExportKind::Gitlab => gitlab::read(&mut files, &mut intake)?,
        ExportKind::Slack => slack::read(&mut files, &mut intake)?,
        ExportKind::Jira => tables::read(&mut files, tables::Tracker::Jira, &mut intake)?,
        ExportKind::Linear => tables::read(&mut files, tables::Tracker::Linear, &mut intake)?,
        ExportKind::Junit => junit::read(&mut files, &mut intake)?,
        ExportKind::Markdown => markdown::read(&mut files, &mut intake)?,
        ExportKind::Vtt => transcript::read(&mut files, &mut intake)?,
    }
    let summary = intake.summary;
    if summary == ExportSummary::default() {
        let message = format!("there is nothing of {kind} in it");
        return Err(SourceError::Malformed(message));
    }
    Ok(summary)
}

/// Where records go.
struct Intake<'a, 'sink> {
    project: ProjectId,
    sink: &'a mut Sink<'sink>,
    watch: Watch<'a>,
    summary: ExportSummary,
}

impl Intake<'_, '_> {
    /// Takes a record, or notes why it cannot be taken. `place` says where it stands.
    fn take(&mut self, place: &str, record: Result<Event, String>) -> Result<(), SourceError> {
        self.watch.check()?;
        match record {
            Ok(mut event) => {
                event.clip();
                (self.sink)(event)?;
                self.summary.taken += 1;
            }
            Err(reason) => self.refuse(place, &reason),
        }
        Ok(())
    }

    fn refuse(&mut self, place: &str, reason: &str) {
        self.summary.refused += 1;
        if self.summary.refusals.len() < MAX_TOLD {
            self.summary.refusals.push(format!("{place}: {reason}"));
        }
    }

    fn skip(&mut self) {
        self.summary.skipped += 1;
    }
}

/// Reads one record; `None` for one that says nothing.
type Parse<'a> = dyn FnMut(&Intake<'_, '_>, &Value) -> Option<Result<Event, String>> + 'a;

/// Takes every record of every JSON file.
fn json_files(
    files: &mut Files,
    intake: &mut Intake<'_, '_>,
    parse: &mut Parse<'_>,
) -> Result<(), SourceError> {
    for name in files.names(&["json", "ndjson", "jsonl"]) {
        let mut stopped = Ok(());
        let mut place = 0_usize;
        let read = files.reader(&name).and_then(|reader| {
            json::each_record(reader, &mut |value| {
                place += 1;
                match parse(intake, &value) {
                    Some(event) => stopped = intake.take(&format!("{name}, record {place}"), event),
                    None => intake.skip(),
                }
                stopped.is_ok()
            })
        });
        stopped?;
        if let Err(reason) = read {
            intake.refuse(&name, &reason);
        }
    }
    Ok(())
}

#[cfg(test)]
mod trials;
