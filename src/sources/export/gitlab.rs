//! GitLab's issues, merge requests, notes and releases, as its REST API gives them.

use crate::domain::activity::{
    Author, Event, EventSource, Facts, ItemState, Message, Milestone, Place, Release, Review,
    WorkItem,
};
use crate::sources::SourceError;
use crate::sources::export::Intake;
use crate::sources::export::files::Files;
use crate::sources::export::json::Record;
use crate::sources::export::record::{event, note_boxes, web_url};

pub(super) fn read(files: &mut Files, intake: &mut Intake<'_, '_>) -> Result<(), SourceError> {
    super::json_files(files, intake, &mut |intake, value| {
        let record = Record(value);
        // What the program notes itself, such as that a label was set.
        if record.is("system") { None } else { Some(parse(record, intake)) }
    })
}

fn parse(record: Record<'_>, intake: &Intake<'_, '_>) -> Result<Event, String> {
    if record.value("noteable_type").is_some() {
        note(record, intake)
    } else if record.value("tag_name").is_some() {
        release(record, intake)
    } else {
        item(record, intake)
    }
}

fn item(record: Record<'_>, intake: &Intake<'_, '_>) -> Result<Event, String> {
    let number = record.number("iid").ok_or("`iid` is missing: no issue or merge request")?;
    let title = record.text("title").ok_or("`title` is missing")?;
    let created_at = record.needed_moment("created_at")?;
    let is_request = record.value("source_branch").is_some();
    let (kind, path, mark) =
        if is_request { ("pull_request", "merge_requests", '!') } else { ("issue", "issues", '#') };
    let body = record.text("description").unwrap_or_default();
    let place = place(record);
    let external_id = match &place {
        Some(place) => format!("{}/{path}/{number}", place.id),
        None => format!("{path}/{number}"),
    };
    let mut event = event(intake.project, EventSource::GITLAB, &external_id, kind, created_at);
    event.title = String::from(title);
    event.content = String::from(body);
    event.author = author(record);
    event.url = record.text("web_url").and_then(web_url);
    event.place = place;
    event.updated_at = record.moment("updated_at").unwrap_or(created_at).max(created_at);
    let mut item = WorkItem {
        key: format!("{mark}{number}"),
        state: state(record, is_request),
        is_draft: record.is("draft") || record.is("work_in_progress"),
        labels: record.texts("labels", "name"),
        assignees: record.texts("assignees", "username"),
        review: record.items("reviewers").next().map(|_| Review::Requested),
        milestone: record.text("milestone.title").map(|title| Milestone {
            title: title.to_owned(),
            due_at: record.moment("milestone.due_date"),
        }),
        due_at: record.moment("due_date"),
        merged_at: record.moment("merged_at"),
        closed_at: record.moment("closed_at"),
        sha: record.text("merge_commit_sha").or(record.text("sha")).map(str::to_owned),
        head_branch: record.text("source_branch").map(str::to_owned),
        base_branch: record.text("target_branch").map(str::to_owned),
        comments: record.number("user_notes_count").and_then(|n| n.try_into().ok()).unwrap_or(0),
        ..WorkItem::default()
    };
    note_boxes(body, &mut item);
    event.branches.extend(item.base_branch.clone());
    event.refs.extend(item.sha.clone());
    event.facts = if is_request { Facts::PullRequest(item) } else { Facts::Issue(item) };
    Ok(event)
}

fn state(record: Record<'_>, is_request: bool) -> ItemState {
    match record.text("state") {
        Some("merged") => ItemState::Merged,
        Some("closed" | "locked") if is_request => ItemState::Declined,
        Some("closed") => ItemState::Closed,
        _ => ItemState::Open,
    }
}

fn note(record: Record<'_>, intake: &Intake<'_, '_>) -> Result<Event, String> {
    let id = record.number("id").ok_or("`id` is missing")?;
    let body = record.text("body").ok_or("`body` is missing or empty")?;
    let created_at = record.needed_moment("created_at")?;
    let mark = if record.text("noteable_type") == Some("MergeRequest") { '!' } else { '#' };
    let thread = record.number("noteable_iid").map(|number| format!("{mark}{number}"));
    let source = EventSource::GITLAB;
    let mut event = event(intake.project, source, &format!("notes/{id}"), "comment", created_at);
    event.content = String::from(body);
    event.author = author(record);
    event.updated_at = record.moment("updated_at").unwrap_or(created_at).max(created_at);
    event.refs.extend(thread.clone());
    let resolved = record.is("resolvable").then(|| record.is("resolved"));
    event.facts = Facts::Message(Message { thread, resolved, ..Message::default() });
    Ok(event)
}

fn release(record: Record<'_>, intake: &Intake<'_, '_>) -> Result<Event, String> {
    let tag = record.text("tag_name").ok_or("`tag_name` is missing")?;
    let at = record.moment("released_at").map_or_else(|| record.needed_moment("created_at"), Ok)?;
    let source = EventSource::GITLAB;
    let mut event = event(intake.project, source, &format!("releases/{tag}"), "release", at);
    event.title = String::from(record.text("name").unwrap_or(tag));
    event.content = String::from(record.text("description").unwrap_or_default());
    event.author = author(record);
    event.url = record.text("_links.self").and_then(web_url);
    let sha = record.text("commit.id").map(str::to_owned);
    event.facts = Facts::Release(Release { tag: tag.to_owned(), sha });
    Ok(event)
}

fn author(record: Record<'_>) -> Author {
    let login = record.text("author.username");
    let name = record.text("author.name").or(login).unwrap_or_default();
    Author {
        name: name.to_owned(),
        login: login.map(str::to_owned),
        email: None,
        is_bot: record.is("author.bot"),
    }
}

/// `group/project`, out of `references.full` (`group/project#3`).
fn place(record: Record<'_>) -> Option<Place> {
    let full = record.text("references.full")?;
    let id = full.split(['#', '!']).next().filter(|id| !id.is_empty())?;
    Some(Place { id: id.to_owned(), label: id.to_owned() })
}
