//! Brings together what a document is made of: new commits of the project's repository, the
//! events in the store, and what the tree looks like.
//!
//! What was read of a repository is stored at once, so that nobody reads it twice, whatever
//! becomes of the job. Never: an event stored with a secret in it.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use crate::activity::{self, Purpose, redact_event};
use crate::domain::activity::{
    Candidates, Event, EventSource, Facts, Project, RepositorySnapshot, Selection, Sign, Tag,
    Window,
};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{EventId, ProjectId};
use crate::domain::job::LogLevel;
use crate::engine::{ActionContext, ActionError};
use crate::sources::git::{FoundCommit, GitRepository, History, NotedLine, SnapshotRequest};
use crate::sources::{SourceError, Watch};

use super::RepositoryGrants;

/// Commits that are read between two writes: a second's work at the most.
const COMMITS_A_WRITE: usize = 200;

/// What a document is made of.
pub(super) struct Material {
    /// The events.
    pub(super) candidates: Candidates,
    /// The repository, where the project has one and it is wanted.
    pub(super) snapshot: Option<RepositorySnapshot>,
}

/// What of a repository is wanted beside its commits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    /// What for.
    pub(super) purpose: Purpose,
    /// How many commits of the history with their paths.
    pub(super) history: usize,
}

/// Reads for one project.
pub(super) struct Reader<'a> {
    context: &'a ActionContext,
    project: &'a Project,
    git: Option<GitRepository>,
    /// When no further commits are read.
    enough_at: Option<Instant>,
}

impl<'a> Reader<'a> {
    /// Opens the project's repository, if it has one that these sources do not leave out.
    pub(super) async fn open(
        context: &'a ActionContext,
        grants: &RepositoryGrants,
        project: &'a Project,
        sources: Option<&[EventSource]>,
    ) -> Result<Self, ActionError> {
        let mut reader = Self { context, project, git: None, enough_at: None };
        let Some(repository) = &project.repository else { return Ok(reader) };
        let is_granted = context.is_repository_granted(&repository.path).await?;
        context.progress("opening the repository", None);
        let git =
            grants.open(context.org(), repository, is_granted).map_err(|error| unread(&error))?;
        let is_wanted = sources.is_none_or(|sources| sources.contains(&git.source()));
        reader.git = Some(git).filter(|_| is_wanted);
        Ok(reader)
    }

    /// Reads new commits for so long at the most; what is missing then is read another time.
    pub(super) fn read_at_most(&mut self, time: Duration) {
        self.enough_at = Some(Instant::now() + time);
    }

    /// The release before the work up to `end`, with the moment after which that work began.
    pub(super) fn release_before(
        &self,
        end: Timestamp,
    ) -> Result<Option<(Tag, Timestamp)>, ActionError> {
        let Some(git) = &self.git else { return Ok(None) };
        self.watched(|watch| git.release_before(end, watch)).map_err(|error| unread(&error))
    }

    /// Gathers what `selection` admits.
    pub(super) async fn gather(
        &mut self,
        selection: &Selection,
        wish: Wish,
    ) -> Result<Material, ActionError> {
        let (context, project) = (self.context, self.project.id);
        let Some(source) = self.git.as_ref().map(GitRepository::source) else {
            let candidates = context.events(project, selection).await?;
            return Ok(Material { candidates, snapshot: None });
        };
        let history = self.git(|git, watch| git.history(selection.window, watch))?;
        self.read_new(source, selection.window, &history).await?;
        let mut candidates = context.events(project, selection).await?;
        drop_unreachable(&mut candidates, source, &history);
        let Wish { purpose, history: touches } = wish;
        let request = SnapshotRequest {
            wants: &|file| activity::wants(purpose, &file.path, file.bytes),
            history: touches,
            noted: noted_lines(&candidates.events),
        };
        let snapshot = self.git(|git, watch| git.snapshot(history, request, watch))?;
        Ok(Material { candidates, snapshot: Some(snapshot) })
    }

    /// Reads what is not stored yet, or was stored when it lay on other branches.
    async fn read_new(
        &mut self,
        source: EventSource,
        window: Window,
        history: &History,
    ) -> Result<(), ActionError> {
        let (context, project) = (self.context, self.project.id);
        let known = context.known_commits(project, source, window).await?;
        let known: HashMap<EventId, (Vec<String>, Vec<String>)> =
            known.into_iter().map(|commit| (commit.id, (commit.branches, commit.tags))).collect();
        let is_new = |commit: &&FoundCommit| {
            let marks = known.get(&EventId::of(project, source.id(), &commit.sha()));
            marks
                .is_none_or(|(branches, tags)| *branches != commit.branches || *tags != commit.tags)
        };
        let new: Vec<FoundCommit> = history.commits.iter().filter(is_new).cloned().collect();
        let mut read = 0;
        for commits in new.chunks(COMMITS_A_WRITE) {
            if self.enough_at.is_some_and(|at| Instant::now() >= at) {
                break;
            }
            context.progress("reading commits", Some(count(read) / count(new.len())));
            let events = self.git(|git, watch| git.read(project, commits, watch))?;
            context.save(events.into_iter().map(without_secrets).collect()).await?;
            read += commits.len();
        }
        let tags = history.tags.iter().filter(|tag| window.contains(tag.at));
        let tags = self.git(|git, _| Ok(tag_events(git, project, tags)))?;
        context.save(tags).await?;
        if read > 0 {
            context.log(LogLevel::Info, &format!("read {read} new commits"));
        }
        Ok(())
    }

    /// What a question to the repository gives.
    fn git<T>(
        &mut self,
        ask: impl FnOnce(&GitRepository, Watch<'_>) -> Result<T, SourceError>,
    ) -> Result<T, ActionError> {
        // `&mut self`, because a repository may not be shared between threads, only moved.
        let git = self
            .git
            .as_ref()
            .ok_or_else(|| ActionError::fatal("generation_failed", "The repository was closed."))?;
        self.watched(|watch| ask(git, watch)).map_err(|error| unread(&error))
    }

    fn watched<T>(&self, work: impl FnOnce(Watch<'_>) -> T) -> T {
        let context = self.context;
        let is_over = || context.is_over();
        let tell = |phase: &str, progress: Option<f64>| context.progress(phase, progress);
        work(Watch::new(&is_over, &tell))
    }
}

fn tag_events<'t>(
    git: &GitRepository,
    project: ProjectId,
    tags: impl Iterator<Item = &'t Tag>,
) -> Vec<Event> {
    tags.map(|tag| without_secrets(git.tag_event(project, tag))).collect()
}

fn without_secrets(mut event: Event) -> Event {
    redact_event(&mut event);
    event
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// Leaves out commits that no branch reaches any more: somebody took them back.
fn drop_unreachable(candidates: &mut Candidates, source: EventSource, history: &History) {
    if history.is_cut {
        return;
    }
    let there: HashSet<String> = history.commits.iter().map(FoundCommit::sha).collect();
    candidates.events.retain(|event| {
        let is_commit = event.source == source && event.event_type == "commit";
        // A commit that a script sent may be of another repository.
        let is_own = is_commit
            && matches!(&event.facts, Facts::Commit(commit) if !commit.parents.is_empty());
        !is_own || there.contains(&event.external_id)
    });
}

/// Words that leave something for later.
const NOTES: [&str; 4] = ["TODO", "FIXME", "XXX", "HACK"];

/// Lines that commits added and that leave something for later, the newest first.
fn noted_lines(events: &[Event]) -> Vec<NotedLine> {
    let commits = events.iter().filter_map(|event| event.facts.commit());
    let lines = commits.flat_map(|commit| commit.lines.iter().map(|line| (&commit.sha, line)));
    let notes = lines.filter(|(_, line)| {
        line.sign == Sign::Added && NOTES.iter().any(|note| line.text.contains(note))
    });
    notes
        .map(|(sha, line)| NotedLine {
            path: line.path.clone(),
            text: line.text.clone(),
            sha: sha.clone(),
        })
        .collect()
}

/// Why a repository was not read, as a job tells it.
fn unread(error: &SourceError) -> ActionError {
    let message = format!("The repository was not read: {error}.");
    match error {
        SourceError::Stopped => ActionError::transient("generation_failed", message),
        _ => ActionError::fatal("generation_failed", message),
    }
}

/// The project of a job.
pub(super) async fn project(
    context: &ActionContext,
    id: ProjectId,
) -> Result<Project, ActionError> {
    let found = context.project(id).await?;
    found.ok_or_else(|| {
        let message = "There is no such project in this organization.";
        ActionError::fatal("generation_failed", message)
    })
}
