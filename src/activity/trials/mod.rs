//! Small teams made up for tests, and what must hold of every document made of their work.

mod handoffs;
mod histories;
mod insights;
mod properties;

use std::time::Duration;

use crate::domain::activity::{
    Author, Candidates, Commit, Event, EventSource, Facts, FileEntry, Filters, Message, PathChange,
    PathFate, Project, ProjectKind, RepositorySnapshot, Selection, Window, WorkItem,
};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{EventId, OrgId, ProjectId};

use super::Material;

/// 2026-03-01T00:00:00Z.
pub(super) const START: i64 = 1_772_323_200_000;

pub(super) const HOUR: i64 = 3_600_000;

pub(super) fn at(hours: i64) -> Timestamp {
    Timestamp::from_ms(START + hours * HOUR)
}

pub(super) fn project() -> Project {
    Project {
        id: ProjectId::from_bytes([1; 16]),
        org: OrgId::from_bytes([2; 16]),
        name: "Tide mill".to_owned(),
        key: "TM".to_owned(),
        description: String::new(),
        kind: ProjectKind::Organization,
        repository: None,
        digest: None,
        created_at: at(0),
        updated_at: at(0),
    }
}

pub(super) fn event(source: EventSource, id: &str, hours: i64, facts: Facts) -> Event {
    let project = ProjectId::from_bytes([1; 16]);
    Event {
        id: EventId::of(project, source.id(), id),
        project,
        source,
        external_id: id.to_owned(),
        event_type: "event".to_owned(),
        title: String::new(),
        content: String::new(),
        author: Author::named("Ada Low"),
        url: None,
        refs: Vec::new(),
        place: None,
        branches: Vec::new(),
        priority: None,
        facts,
        created_at: at(hours),
        updated_at: at(hours),
    }
}

/// A sha that begins with `number` and is long enough.
pub(super) fn sha(number: u32) -> String {
    format!("{number:08x}{}", "ab".repeat(16))
}

pub(super) fn commit(number: u32, hours: i64, title: &str, path: &str) -> Event {
    let change = PathChange {
        path: path.to_owned(),
        from: None,
        fate: PathFate::Modified,
        added: 30,
        removed: 5,
    };
    let facts =
        Commit { sha: sha(number), paths: vec![change], paths_total: 1, ..Commit::default() };
    let mut event = event(EventSource::GIT, &sha(number), hours, Facts::Commit(facts));
    event.event_type = "commit".to_owned();
    title.clone_into(&mut event.title);
    event
}

pub(super) fn message(id: &str, hours: i64, who: &str, thread: &str, text: &str) -> Event {
    let facts = Message { thread: Some(thread.to_owned()), ..Message::default() };
    let mut event = event(EventSource::SLACK, id, hours, Facts::Message(facts));
    event.event_type = "message".to_owned();
    event.author = Author::named(who);
    text.clone_into(&mut event.content);
    event
}

pub(super) fn issue(key: &str, hours: i64, title: &str, item: WorkItem) -> Event {
    let item = WorkItem { key: key.to_owned(), ..item };
    let mut event = event(EventSource::GITHUB, key, hours, Facts::Issue(item));
    event.event_type = "issue".to_owned();
    title.clone_into(&mut event.title);
    event
}

pub(super) fn selection(max_events: usize) -> Selection {
    let window = Window::before(at(7 * 24), Duration::from_hours(7 * 24));
    Selection { window, sources: None, filters: Filters::default(), max_events }
}

pub(super) fn snapshot(files: &[&str]) -> RepositorySnapshot {
    let mut files: Vec<FileEntry> =
        files.iter().map(|path| FileEntry { path: (*path).to_owned(), bytes: 100 }).collect();
    files.sort_by(|one, other| one.path.cmp(&other.path));
    RepositorySnapshot {
        source: EventSource::GIT,
        default_branch: "main".to_owned(),
        head: sha(1),
        branches: Vec::new(),
        tags: Vec::new(),
        files,
        files_cut: false,
        texts: Vec::new(),
        standing: Vec::new(),
        history: Vec::new(),
        history_cut: false,
    }
}

pub(super) fn candidates(events: Vec<Event>) -> Candidates {
    Candidates { events, left_out: 0 }
}

pub(super) fn material<'a>(
    project: &'a Project,
    candidates: &'a Candidates,
    snapshot: Option<&'a RepositorySnapshot>,
) -> Material<'a> {
    Material { project, candidates, snapshot, is_past: false }
}
