//! An event as a script sends it: the body of `POST /events`.

use serde_json::{Map, Value};

use crate::domain::activity::InvalidField;
use crate::domain::activity::event::{
    Author, Event, MAX_BRANCHES, MAX_CONTENT_BYTES, MAX_EXTERNAL_ID, MAX_REF_CHARS, MAX_REFS,
    MAX_TITLE_CHARS, Place,
};
use crate::domain::activity::facts::Facts;
use crate::domain::activity::source::EventSource;
use crate::domain::activity::work_item::{ItemState, WorkItem};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{EventId, ProjectId};

/// The longest event type, priority or place, in characters.
const MAX_WORD: usize = 100;

/// An event that was sent, checked; whose it is comes from the request's path or body.
#[derive(Clone, Debug, PartialEq)]
pub struct EventDraft {
    source: EventSource,
    external_id: String,
    event_type: String,
    title: String,
    content: String,
    author: Author,
    url: Option<String>,
    refs: Vec<String>,
    place: Option<Place>,
    branches: Vec<String>,
    priority: Option<String>,
    facts: Facts,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl EventDraft {
    /// Reads one event. `path` is its place in the request, such as `events[3].`; members that
    /// mean nothing here are passed over.
    ///
    /// Beside the contract's members it takes `updated_at`, `place`, `branches`, `priority`,
    /// and `facts` in the form in which [`Facts`] are stored.
    pub fn parse(path: &str, body: &Map<String, Value>) -> Result<Self, InvalidField> {
        let body = Body { path, body };
        let source = body.required("source", MAX_WORD)?;
        let source: EventSource =
            source.parse().map_err(|error| body.wrong("source", format!("{error}")))?;
        let external_id = body.required("external_id", MAX_EXTERNAL_ID)?;
        let event_type = body.required("event_type", MAX_WORD)?;
        let created_at = body
            .moment("created_at")?
            .ok_or_else(|| body.wrong("created_at", "is missing; an ISO 8601 time is needed"))?;
        let title = body.text("title", MAX_TITLE_CHARS)?.unwrap_or_default();
        let refs = body.texts("refs", MAX_REFS, MAX_REF_CHARS)?;
        let facts = match body.body.get("facts") {
            None | Some(Value::Null) => inferred(&event_type, &external_id, &refs, created_at),
            Some(facts) => serde_json::from_value(facts.clone()).map_err(|error| {
                let right = || "is not an object with a `kind`".to_owned();
                body.wrong("facts", if facts.is_object() { error.to_string() } else { right() })
            })?,
        };
        let content = body.text("content", MAX_CONTENT_BYTES)?.unwrap_or_default();
        if title.trim().is_empty() && content.trim().is_empty() {
            return Err(body.wrong("title", "is missing, and so is content; one of them is needed"));
        }
        Ok(Self {
            source,
            external_id,
            event_type,
            title,
            content,
            author: body.author()?,
            url: body.url()?,
            refs,
            place: body.place()?,
            branches: body.texts("branches", MAX_BRANCHES, MAX_REF_CHARS)?,
            priority: body.text("priority", MAX_WORD)?,
            facts,
            created_at,
            updated_at: body.moment("updated_at")?.unwrap_or(created_at).max(created_at),
        })
    }

    /// The event of a project.
    pub fn of(self, project: ProjectId) -> Event {
        let Self {
            source,
            external_id,
            event_type,
            title,
            content,
            author,
            url,
            refs,
            place,
            branches,
            priority,
            facts,
            created_at,
            updated_at,
        } = self;
        let id = EventId::of(project, source.id(), &external_id);
        let mut event = Event {
            id,
            project,
            source,
            external_id,
            event_type,
            title,
            content,
            author,
            url,
            refs,
            place,
            branches,
            priority,
            facts,
            created_at,
            updated_at,
        };
        event.clip();
        event
    }
}

/// What an event's type says of its state, for scripts that send no facts: `issue_closed`,
/// `pull_request.merged`, `issue`.
fn inferred(event_type: &str, external_id: &str, refs: &[String], at: Timestamp) -> Facts {
    let kind = event_type.to_ascii_lowercase().replace(['.', '-', ' ', ':'], "_");
    let has = |word: &str| kind.split('_').any(|part| part == word);
    let is_request = kind.starts_with("pull_request") || kind.starts_with("merge_request");
    let is_issue = ["issue", "ticket", "task", "incident"].iter().any(|one| kind.starts_with(one));
    if !(is_request || is_issue) || has("comment") || has("commented") || has("review") {
        return Facts::Plain;
    }
    let state = if has("merged") {
        ItemState::Merged
    } else if ["closed", "completed", "done", "resolved"].into_iter().any(has) {
        ItemState::Closed
    } else if has("started") || kind.ends_with("in_progress") {
        ItemState::InProgress
    } else {
        ItemState::Open
    };
    let is_key = |text: &&String| text.starts_with('#') || text.starts_with('!');
    let key = refs.iter().find(is_key).cloned().unwrap_or_else(|| external_id.to_owned());
    let ended = (!state.is_open()).then_some(at);
    let merged_at = ended.filter(|_| state == ItemState::Merged);
    let item = WorkItem { key, state, closed_at: ended, merged_at, ..WorkItem::default() };
    if is_request { Facts::PullRequest(item) } else { Facts::Issue(item) }
}

/// A body's members by name.
struct Body<'a> {
    path: &'a str,
    body: &'a Map<String, Value>,
}

impl Body<'_> {
    fn wrong(&self, name: &str, message: impl Into<String>) -> InvalidField {
        InvalidField::new(format!("{}{name}", self.path), message)
    }

    fn text(&self, name: &str, most: usize) -> Result<Option<String>, InvalidField> {
        match self.body.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.len() <= most || text.chars().count() <= most => {
                Ok(Some(text.clone()))
            }
            Some(Value::String(_)) => {
                Err(self.wrong(name, format!("is longer than {most} characters")))
            }
            Some(_) => Err(self.wrong(name, "is not a string")),
        }
    }

    fn required(&self, name: &str, most: usize) -> Result<String, InvalidField> {
        let text = self.text(name, most)?.filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| self.wrong(name, "is missing; a text is needed"))
    }

    fn moment(&self, name: &str) -> Result<Option<Timestamp>, InvalidField> {
        let Some(text) = self.text(name, MAX_WORD)? else { return Ok(None) };
        let at = Timestamp::parse(&text);
        at.map(Some).ok_or_else(|| self.wrong(name, "is not an ISO 8601 time with its offset"))
    }

    fn texts(&self, name: &str, most: usize, chars: usize) -> Result<Vec<String>, InvalidField> {
        let wrong = || {
            let right = format!("is not an array of at most {most} strings of {chars} characters");
            self.wrong(name, right)
        };
        let values = match self.body.get(name) {
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(Value::Array(values)) if values.len() <= most => values,
            Some(_) => return Err(wrong()),
        };
        let text = |value: &Value| {
            let text = value.as_str().filter(|text| text.chars().count() <= chars);
            text.map(str::to_owned).ok_or_else(wrong)
        };
        values.iter().map(text).collect()
    }

    fn author(&self) -> Result<Author, InvalidField> {
        match self.body.get("author") {
            None | Some(Value::Null) => Ok(Author::default()),
            Some(Value::String(name)) if name.chars().count() <= MAX_TITLE_CHARS => {
                Ok(Author::named(name))
            }
            Some(Value::Object(body)) => {
                let member = Body { path: &format!("{}author.", self.path), body };
                let login = member.text("login", MAX_WORD)?;
                let name = member.text("name", MAX_TITLE_CHARS)?;
                Ok(Author {
                    name: name.or_else(|| login.clone()).unwrap_or_default(),
                    login,
                    email: member.text("email", MAX_EXTERNAL_ID)?,
                    is_bot: body.get("is_bot").and_then(Value::as_bool).unwrap_or(false),
                })
            }
            Some(_) => {
                Err(self.wrong("author", "is neither a name nor an object of name, login, email"))
            }
        }
    }

    fn url(&self) -> Result<Option<String>, InvalidField> {
        let Some(text) = self.text("url", MAX_REF_CHARS)? else { return Ok(None) };
        let is_web = text.starts_with("https://") || text.starts_with("http://");
        if !is_web || text.chars().any(|one| one.is_whitespace() || one.is_control()) {
            return Err(self.wrong("url", "is not an http or https URL"));
        }
        Ok(Some(text))
    }

    fn place(&self) -> Result<Option<Place>, InvalidField> {
        match self.body.get("place") {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(body)) => {
                let member = Body { path: &format!("{}place.", self.path), body };
                let id = member.required("id", MAX_EXTERNAL_ID)?;
                let label = member.text("label", MAX_EXTERNAL_ID)?.unwrap_or_else(|| id.clone());
                Ok(Some(Place { id, label }))
            }
            Some(_) => {
                let id = self.required("place", MAX_EXTERNAL_ID)?;
                Ok(Some(Place { label: id.clone(), id }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parsed(value: &Value) -> Result<EventDraft, InvalidField> {
        EventDraft::parse("events[0].", value.as_object().expect("an object"))
    }

    fn least() -> Value {
        json!({"source": "github", "external_id": "issues/3", "event_type": "issue.closed",
            "title": "It leaks", "refs": ["#3"], "created_at": "2026-01-02T03:04:05Z"})
    }

    #[test]
    fn the_contracts_body_is_taken() {
        let event = parsed(&least()).expect("taken").of(ProjectId::from_bytes([1; 16]));
        let item = event.facts.item().expect("an issue");
        assert_eq!((item.key.as_str(), item.state), ("#3", ItemState::Closed));
        assert_eq!(item.closed_at, Some(event.created_at));
        let again = parsed(&least()).expect("taken").of(event.project);
        assert_eq!(again.id, event.id, "the same thing is the same event");
    }

    #[test]
    fn each_fault_is_named() {
        let faults = [
            ("source", json!("githib")),
            ("external_id", json!(" ")),
            ("created_at", json!("yesterday")),
            ("url", json!("javascript:alert(1)")),
            ("refs", json!("#3")),
            ("author", json!(3)),
            ("facts", json!({"kind": "nothing"})),
        ];
        for (name, value) in faults {
            let mut body = least();
            body[name] = value;
            let error = parsed(&body).expect_err(name);
            assert_eq!(error.field, format!("events[0].{name}"));
        }
        let mut body = least();
        body["facts"] = json!(5);
        let error = parsed(&body).expect_err("no object").to_string();
        assert!(error.ends_with("is not an object with a `kind`"), "{error}");
    }
}
