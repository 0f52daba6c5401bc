//! GitHub's, Gitea's and Forgejo's issues, pull requests, comments, reviews and releases, as the
//! REST APIs give them: lists, pages of lists one after the other, or single objects.

use serde_json::Value;

use crate::domain::activity::{
    Author, Event, EventSource, Facts, ItemState, Message, Milestone, Place, Release, Review,
    WorkItem,
};
use crate::sources::SourceError;
use crate::sources::export::Intake;
use crate::sources::export::files::Files;
use crate::sources::export::json::Record;
use crate::sources::export::record::{event, note_boxes, web_url};

/// Whose API it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Host {
    /// GitHub's.
    Github,
    /// Gitea's or Forgejo's.
    Gitea,
}

impl Host {
    const fn source(self) -> EventSource {
        match self {
            Self::Github => EventSource::GITHUB,
            // The contract has no name for self-hosted trackers of this family.
            Self::Gitea => EventSource::GIT,
        }
    }
}

pub(super) fn read(
    files: &mut Files,
    host: Host,
    intake: &mut Intake<'_, '_>,
) -> Result<(), SourceError> {
    super::json_files(files, intake, &mut |intake, value| {
        let record = Record(value);
        Some(parse(record, host, intake))
    })
}

fn parse(record: Record<'_>, host: Host, intake: &Intake<'_, '_>) -> Result<Event, String> {
    if record.value("tag_name").is_some() {
        return release(record, host, intake);
    }
    let is_comment =
        record.value("issue_url").is_some() || record.value("pull_request_url").is_some();
    if is_comment && record.value("title").is_none() {
        return comment(record, host, intake);
    }
    let is_request = record.value("pull_request").is_some()
        || (record.value("head").is_some() && record.value("base").is_some());
    item(record, host, is_request, intake)
}

fn item(
    record: Record<'_>,
    host: Host,
    is_request: bool,
    intake: &Intake<'_, '_>,
) -> Result<Event, String> {
    let number = record.number("number").ok_or("`number` is missing: no issue or pull request")?;
    let title = record.text("title").ok_or("`title` is missing")?;
    let created_at = record.needed_moment("created_at")?;
    let (kind, path) = if is_request { ("pull_request", "pull") } else { ("issue", "issues") };
    let body = record.text("body").unwrap_or_default();
    let place = place(record);
    let external_id = within(place.as_ref(), &format!("{path}/{number}"));
    let mut event = event(intake.project, host.source(), &external_id, kind, created_at);
    event.title = String::from(title);
    event.content = String::from(body);
    event.author = author(record, "user");
    event.url = record.text("html_url").and_then(web_url);
    event.place = place;
    event.updated_at = record.moment("updated_at").unwrap_or(created_at).max(created_at);
    let item = work_item(record, number, body);
    event.branches.extend(item.base_branch.clone());
    event.priority = item.labels.iter().find_map(|label| priority(label));
    event.refs.extend(item.sha.clone());
    event.facts = if is_request { Facts::PullRequest(item) } else { Facts::Issue(item) };
    Ok(event)
}

fn work_item(record: Record<'_>, number: u64, body: &str) -> WorkItem {
    let merged_at = record.moment("merged_at").or_else(|| record.moment("pull_request.merged_at"));
    let is_merged = merged_at.is_some() || record.is("merged");
    let is_open = record.text("state").is_none_or(|state| state == "open");
    let is_request = record.value("head").is_some() || record.value("pull_request").is_some();
    let is_declined = record.text("state_reason") == Some("not_planned") || is_request;
    let state = match (is_merged, is_open, is_declined) {
        (true, _, _) => ItemState::Merged,
        (_, true, _) => ItemState::Open,
        (_, false, true) => ItemState::Declined,
        (_, false, false) => ItemState::Closed,
    };
    let asked = record.items("requested_reviewers").next().is_some();
    let mut item = WorkItem {
        key: format!("#{number}"),
        state,
        is_draft: record.is("draft"),
        labels: record.texts("labels", "name"),
        assignees: record.texts("assignees", "login"),
        review: asked.then_some(Review::Requested),
        milestone: record.text("milestone.title").map(|title| Milestone {
            title: title.to_owned(),
            due_at: record.moment("milestone.due_on"),
        }),
        due_at: record.moment("due_date"),
        merged_at,
        closed_at: record.moment("closed_at"),
        sha: record.text("merge_commit_sha").map(str::to_owned).filter(|_| is_merged),
        head_branch: record.text("head.ref").map(str::to_owned),
        base_branch: record.text("base.ref").map(str::to_owned),
        comments: count(record.value("comments")),
        ..WorkItem::default()
    };
    item.sha = item.sha.or_else(|| record.text("head.sha").map(str::to_owned));
    note_boxes(body, &mut item);
    item
}

fn count(value: Option<&Value>) -> u32 {
    value.and_then(Value::as_u64).and_then(|count| count.try_into().ok()).unwrap_or(0)
}

/// What a label says of urgency: `P1`, `priority: high`.
fn priority(label: &str) -> Option<String> {
    let lower = label.to_ascii_lowercase();
    let short = ["p0", "p1", "p2", "p3", "p4"].contains(&lower.as_str());
    let named = lower.strip_prefix("priority").map(|rest| rest.trim_matches([':', '/', '-', ' ']));
    match (short, named) {
        (true, _) => Some(label.to_owned()),
        (_, Some(word)) if !word.is_empty() => Some(word.to_owned()),
        _ => None,
    }
}

fn comment(record: Record<'_>, host: Host, intake: &Intake<'_, '_>) -> Result<Event, String> {
    let id = record.number("id").ok_or("`id` is missing")?;
    let body = record.text("body").ok_or("`body` is missing or empty")?;
    let created_at = record.moment("created_at").or_else(|| record.moment("submitted_at"));
    let created_at = created_at.ok_or("`created_at` is missing or no time")?;
    let about = record.text("issue_url").or_else(|| record.text("pull_request_url"));
    let number = about.and_then(|url| url.rsplit('/').next()).unwrap_or_default();
    let key = format!("#{number}");
    let place = place(record);
    let external_id = within(place.as_ref(), &format!("comments/{id}"));
    let mut event = event(intake.project, host.source(), &external_id, "comment", created_at);
    event.content = String::from(body);
    event.author = author(record, "user");
    event.url = record.text("html_url").and_then(web_url);
    event.place = place;
    event.updated_at = record.moment("updated_at").unwrap_or(created_at).max(created_at);
    event.refs = vec![key.clone()];
    let is_reply = record.value("in_reply_to_id").is_some();
    event.facts = Facts::Message(Message { thread: Some(key), is_reply, ..Message::default() });
    Ok(event)
}

fn release(record: Record<'_>, host: Host, intake: &Intake<'_, '_>) -> Result<Event, String> {
    let tag = record.text("tag_name").ok_or("`tag_name` is missing")?;
    let at =
        record.moment("published_at").map_or_else(|| record.needed_moment("created_at"), Ok)?;
    let place = place(record);
    let external_id = within(place.as_ref(), &format!("releases/{tag}"));
    let mut event = event(intake.project, host.source(), &external_id, "release", at);
    event.title = String::from(record.text("name").unwrap_or(tag));
    event.content = String::from(record.text("body").unwrap_or_default());
    event.author = author(record, "author");
    event.url = record.text("html_url").and_then(web_url);
    event.place = place;
    let target = record.text("target_commitish").filter(|target| is_sha(target));
    event.facts = Facts::Release(Release { tag: tag.to_owned(), sha: target.map(str::to_owned) });
    Ok(event)
}

fn is_sha(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn author(record: Record<'_>, member: &str) -> Author {
    let login = record.text(&format!("{member}.login"));
    let name = record.text(&format!("{member}.full_name")).or(login).unwrap_or_default();
    let kind = record.text(&format!("{member}.type"));
    Author {
        name: name.to_owned(),
        login: login.map(str::to_owned),
        email: None,
        is_bot: kind == Some("Bot") || login.is_some_and(|login| login.ends_with("[bot]")),
    }
}

/// `owner/name`, out of the address at which people look at the record.
fn place(record: Record<'_>) -> Option<Place> {
    let url = record.text("html_url")?;
    let path = url.split_once("://")?.1.split_once('/')?.1;
    let mut parts = path.split('/');
    let id = format!("{}/{}", parts.next()?, parts.next()?);
    Some(Place { label: id.clone(), id })
}

/// Numbers are a repository's own: of several in one project each has its name before them.
fn within(place: Option<&Place>, id: &str) -> String {
    place.map_or_else(|| id.to_owned(), |place| format!("{}/{id}", place.id))
}
