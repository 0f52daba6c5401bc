//! Schedules of the caller's organization: jobs and runs that are submitted again and again.
//!
//! What a schedule submits is checked when it comes in, as `POST /jobs` and `POST /runs` check it.
//! Never: a firing made here.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use crate::domain::clock::Timestamp;
use crate::domain::ids::{OrgId, ScheduleId};
use crate::domain::schedule::{MAX_SCHEDULES, Schedule, Submission};
use crate::domain::timetable::Timetable;
use crate::http::auth::{Authorized, Read, Write};
use crate::http::body::Body;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::front::Front;
use crate::http::idempotency::{self, ClientKey};
use crate::http::pi::render::{self, Head};
use crate::http::pi::schedule_draft::{self, Edit};
use crate::http::pi::{creation, requests, runs};
use crate::http::query::Query;
use crate::store::Inserted;

/// How many of its next firings a schedule shows: a week of a daily one.
const UPCOMING: usize = 7;

/// How often an edit is tried again because the schedule was fired or changed under it.
const EDIT_TRIES: usize = 5;

/// All schedules, newest first.
pub(crate) async fn list(
    caller: Authorized<Read>,
    front: web::Data<Front>,
) -> Result<HttpResponse, ApiError> {
    let schedules = front.catalog.schedules(caller.org, None).await?;
    let items = schedules.iter().map(render::schedule).map(Value::Object).collect();
    Ok(render::list(&caller.exchange, front.clock.now(), items, json!({ "has_more": false })))
}

/// Makes a schedule, or with `validate_only=true` says that it would, and when it would fire.
pub(crate) async fn create(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let validate_only = Query(request.query_string()).boolean("validate_only")? == Some(true);
    let (key, json) = ClientKey::of(request.headers(), "schedules", body.json().await?).await?;
    let (body, _share) = json.object()?;
    let now = front.clock.now();
    let schedule = schedule_draft::new(&front, &caller, &body, now).await?;
    if validate_only {
        let data = json!({
            "valid": true,
            "next_at": schedule.next_at.map(Timestamp::iso),
            "upcoming": upcoming(&schedule, now),
        });
        return Ok(render::succeed(&caller.exchange, now, Head::of("schedule"), data));
    }
    let id = schedule.id;
    let body = render::body(&caller.exchange, now, Head::of("schedule"), whole(&schedule, now));
    let key = key.map(|key| key.storing(201, body.clone()));
    let author = caller.author(&front, &request);
    match front.catalog.insert_schedule(schedule, MAX_SCHEDULES, key, author).await? {
        Inserted::Created => {
            front.engine.schedules_changed();
            let mut response = render::json_text(StatusCode::CREATED, body);
            let location = HeaderValue::try_from(format!("/api/v1/schedules/{id}"));
            let location = location.expect("an id is a header value");
            response.headers_mut().insert(header::LOCATION, location);
            Ok(response)
        }
        Inserted::Replayed(answer) => Ok(creation::replayed(StatusCode::CREATED, answer)),
        Inserted::KeyMismatch => Err(idempotency::mismatch()),
        Inserted::Full => {
            let message =
                format!("an organization has at most {MAX_SCHEDULES} schedules; delete one first");
            Err(ApiError::new(ErrorCode::InvalidRequestBody, message))
        }
    }
}

/// A schedule, with its next firings.
pub(crate) async fn show(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let schedule = find(&front, caller.org, schedule_id(&request)?).await?;
    let now = front.clock.now();
    Ok(render::succeed(&caller.exchange, now, Head::of("schedule"), whole(&schedule, now)))
}

/// Changes a schedule.
pub(crate) async fn edit(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let id = schedule_id(&request)?;
    let (body, _share) = body.json().await?.object()?;
    for _ in 0..EDIT_TRIES {
        let was = find(&front, caller.org, id).await?;
        let now = front.clock.now();
        let edited = schedule_draft::edited(&front, &caller, Edit { was: &was, body: &body }, now);
        let edited = edited.await?;
        let author = caller.author(&front, &request);
        if front.catalog.edit_schedule(was, edited.clone(), author).await? {
            front.engine.schedules_changed();
            let data = whole(&edited, now);
            return Ok(render::succeed(&caller.exchange, now, Head::of("schedule"), data));
        }
    }
    let message = "the schedule is being changed all the time; send this again shortly";
    Err(ApiError::new(ErrorCode::Overloaded, message).retry_after(1))
}

/// Deletes a schedule; what it submitted goes on.
pub(crate) async fn delete(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let id = schedule_id(&request)?;
    let (now, author) = (front.clock.now(), caller.author(&front, &request));
    if !front.catalog.delete_schedule(caller.org, id, now, author).await? {
        return Err(unknown());
    }
    Ok(render::deleted(&caller.exchange, now, "schedule", id))
}

/// Submits now what a schedule submits, out of turn: its own firings stay as they are.
pub(crate) async fn run(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let id = schedule_id(&request)?;
    let (key, json) = ClientKey::of(request.headers(), "schedules/run", body.json().await?).await?;
    let key = key.map(|key| key.about(id));
    json.optional_object()?;
    let schedule = find(&front, caller.org, id).await?;
    for action in schedule.task.actions() {
        requests::permit(&front, action)?;
    }
    match front.engine.draft_firing(&schedule)? {
        Submission::Job(job) => creation::accept(&front, &caller, &request, key, *job).await,
        Submission::Run(run) => runs::accept(&front, &caller, &request, key, *run).await,
    }
}

async fn find(front: &Front, org: OrgId, id: ScheduleId) -> Result<Schedule, ApiError> {
    front.catalog.schedules(org, Some(id)).await?.pop().ok_or_else(unknown)
}

/// The id in the path; 404 for what is none.
fn schedule_id(request: &HttpRequest) -> Result<ScheduleId, ApiError> {
    request.match_info().get("id").and_then(|id| id.parse().ok()).ok_or_else(unknown)
}

fn unknown() -> ApiError {
    ApiError::new(ErrorCode::ScheduleNotFound, "no such schedule")
}

/// A schedule by itself.
fn whole(schedule: &Schedule, now: Timestamp) -> Value {
    let mut members = render::schedule(schedule);
    members.insert("upcoming".to_owned(), json!(upcoming(schedule, now)));
    Value::Object(members)
}

/// When a schedule fires next; never while it is switched off.
fn upcoming(schedule: &Schedule, now: Timestamp) -> Vec<String> {
    let table = Timetable::parse(&schedule.cron, &schedule.time_zone).ok();
    let Some((table, next)) = table.zip(schedule.next_at) else { return Vec::new() };
    // What is due already, or waits behind a clock that went back, comes first.
    let further = table.upcoming(now.max(next), UPCOMING - 1);
    std::iter::once(next).chain(further).map(Timestamp::iso).collect()
}
