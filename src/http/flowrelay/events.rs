//! Events: listed, and sent by scripts.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use crate::activity::redact_event;
use crate::domain::activity::{Event, EventDraft, EventSource, Project};
use crate::http::auth::{Authorized, Caller, Read, Write};
use crate::http::body::Body;
use crate::http::error::ApiError;
use crate::http::fields::Fields;
use crate::http::flowrelay::{projects, render};
use crate::http::front::Front;
use crate::http::query::Query;
use crate::store::{EventFilter, MAX_EVENTS_A_WRITE};

/// Events of the organization, or of one project, newest first.
pub(crate) async fn list(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let query = Query(request.query_string());
    let source = query.filled("source").map(|id| source("source", &id)).transpose()?;
    let limit = query.limit()?;
    let project = projects::in_query(&front, &caller, query).await?.map(|project| project.id);
    let filter = EventFilter { org: caller.org, project, source, limit };
    let events = front.catalog.events(filter).await?;
    let events: Vec<Value> = events.iter().map(|event| render::event(event, caller.key)).collect();
    Ok(HttpResponse::Ok().json(json!({ "events": events })))
}

/// The source that a query names.
pub(super) fn source(name: &'static str, id: &str) -> Result<EventSource, ApiError> {
    id.parse().map_err(|error| ApiError::query(name, format!("`{name}`: {error}")))
}

/// Takes one event, or up to 1,000, of one project.
pub(crate) async fn create(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let json = body.json().await?;
    let named =
        Query(request.query_string()).filled("project_id").map(std::borrow::Cow::into_owned);
    let items = items(&json.value)?;
    let mut drafts = Vec::with_capacity(items.len());
    for (path, item) in &items {
        drafts.push(EventDraft::parse(path, item).map_err(projects::fault)?);
    }
    let project = project(&front, &caller, named, &json.value, &items).await?;
    let mut events: Vec<Event> = drafts.into_iter().map(|draft| draft.of(project.id)).collect();
    for event in &mut events {
        redact_event(event);
    }
    let ids: Vec<_> = events.iter().map(|event| event.id).collect();
    let now = front.clock.now();
    let saved = front.catalog.save_events(caller.org, events, None, now).await?;
    let saved = saved.ok_or_else(projects::not_found)?;
    Ok(HttpResponse::Ok().json(json!({
        "ok": true,
        "new": saved.new,
        "changed": saved.changed,
        "unchanged": saved.unchanged,
        "ids": ids,
    })))
}

/// An event as it was sent, with its place in the body.
type Item<'a> = (String, &'a Map<String, Value>);

/// The events of a body, each with its place in it: one object, a list, or `events` in an object.
fn items(body: &Value) -> Result<Vec<Item<'_>>, ApiError> {
    let (list, name) = match body {
        Value::Array(list) => (list, ""),
        Value::Object(members) => match members.get("events") {
            Some(Value::Array(list)) => (list, "events"),
            Some(_) => return Err(ApiError::body("events", "`events` must be a list")),
            None => return Ok(vec![(String::new(), members)]),
        },
        Value::Null => return Err(ApiError::body("", "the body is empty; send an event")),
        _ => return Err(ApiError::body("", "the body must be an event or a list of events")),
    };
    if !(1..=MAX_EVENTS_A_WRITE).contains(&list.len()) {
        let message = format!("send 1 to {MAX_EVENTS_A_WRITE} events at once");
        return Err(ApiError::body("events", message));
    }
    let mut items = Vec::with_capacity(list.len());
    for (place, item) in list.iter().enumerate() {
        let Value::Object(members) = item else {
            let place = format!("{name}[{place}]");
            return Err(ApiError::body(place, "each event must be an object"));
        };
        items.push((format!("{name}[{place}]."), members));
    }
    Ok(items)
}

/// The project that a request names: in its query, in its body, or in each of its events.
async fn project(
    front: &Front,
    caller: &Caller,
    named: Option<String>,
    body: &Value,
    items: &[Item<'_>],
) -> Result<Project, ApiError> {
    let in_body = body.as_object().map(|members| Fields::of(members).text("project_id", 1..=100));
    let in_body = in_body.transpose()?.flatten().map(str::to_owned);
    let differs = |path: &str| {
        let message = "`project_id` must be the same for all events of a request";
        ApiError::body(format!("{path}project_id"), message)
    };
    if named.is_some() && in_body.is_some() && named != in_body {
        return Err(differs(""));
    }
    let mut id = named.or(in_body);
    for (path, item) in items {
        let Some(own) = Fields::of(item).text("project_id", 1..=100)? else { continue };
        match &id {
            Some(id) if id != own => return Err(differs(path)),
            Some(_) => {}
            None => id = Some(own.to_owned()),
        }
    }
    let id = id.ok_or_else(|| ApiError::body("project_id", "`project_id` is required"))?;
    projects::find(front, caller, id.parse().map_err(|_| projects::not_found())?).await
}
