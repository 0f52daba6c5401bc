//! Jobs: shown, listed, cancelled, deleted.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use crate::domain::asset::Asset;
use crate::domain::ids::{BrandId, JobId};
use crate::domain::job::{Attempt, Job, JobState};
use crate::http::auth::{Authorized, Caller, Read, Write};
use crate::http::body::{Body, Json};
use crate::http::error::{ApiError, ErrorCode};
use crate::http::front::Front;
use crate::http::jobs::job_id;
use crate::http::pi::render::{self, Detail, Head, JobView, Selection};
use crate::http::pi::{assets, brands};
use crate::http::query::Query;
use crate::http::request_id::Wire;
use crate::store::{Cancelling, Cursor, Deletion, JobFilter};

/// The answer to one who may have waited for the job, as thousands of others may have.
pub(crate) async fn answer_to_waiter(
    front: &Front,
    caller: &Caller,
    request: &HttpRequest,
    job: &Arc<Job>,
) -> Result<HttpResponse, ApiError> {
    let query = Query(request.query_string());
    let expands = !query.words(&["expand", "include"]).is_empty();
    if expands || !job.state.is_terminal() {
        return answer(front, caller, request, job).await;
    }
    let base = || front.hosts.base_url(request);
    let known = front.last_shown.recall(job, query.0, base);
    let text = if let Some(text) = known {
        text
    } else {
        let selection = Selection::of(query.words(&["fields"]));
        let detail = detail(front, request, job, &[]).await?;
        let now = front.clock.now();
        let view =
            JobView { job, detail: Some(&detail), result_url: None, selection: &selection, now };
        let text = Arc::from(render::text(view));
        front.last_shown.keep(job, query.0, base, &text);
        text
    };
    Ok(render::succeed_with_text(&caller.exchange, front.clock.now(), head(job.state), &text))
}

/// The answer that shows a job, with what the query asks for.
pub(crate) async fn answer(
    front: &Front,
    caller: &Caller,
    request: &HttpRequest,
    job: &Job,
) -> Result<HttpResponse, ApiError> {
    let query = Query(request.query_string());
    let selection = Selection::of(query.words(&["fields"]));
    let detail = detail(front, request, job, &query.words(&["expand", "include"])).await?;
    let now = front.clock.now();
    let view = JobView { job, detail: Some(&detail), result_url: None, selection: &selection, now };
    Ok(render::succeed(&caller.exchange, now, head(job.state), view))
}

/// The members of that answer, for one that shows more.
pub(crate) async fn envelope(
    front: &Front,
    caller: &Caller,
    request: &HttpRequest,
    job: &Job,
) -> Result<Map<String, Value>, ApiError> {
    let query = Query(request.query_string());
    let selection = Selection::of(query.words(&["fields"]));
    let detail = detail(front, request, job, &query.words(&["expand", "include"])).await?;
    let now = front.clock.now();
    let view = JobView { job, detail: Some(&detail), result_url: None, selection: &selection, now };
    Ok(render::members(&caller.exchange, now, head(job.state), json!(view)))
}

/// A job as a member of something else.
pub(super) async fn value(
    front: &Front,
    request: &HttpRequest,
    job: &Job,
) -> Result<Value, ApiError> {
    let detail = detail(front, request, job, &[]).await?;
    let (selection, now) = (Selection::default(), front.clock.now());
    Ok(json!(JobView { job, detail: Some(&detail), result_url: None, selection: &selection, now }))
}

fn head(state: JobState) -> Head {
    Head { object: "job", status: render::job_status(state) }
}

async fn detail(
    front: &Front,
    request: &HttpRequest,
    job: &Job,
    wanted: &[String],
) -> Result<Detail, ApiError> {
    let wants = |name: &str| wanted.iter().any(|word| word == name);
    let mut result = front.engine.result_of(job).await?;
    if let Some(result) = &mut result {
        assets::make_absolute(front, request, job.org, result).await?;
    }
    let position = match job.state {
        JobState::Queued => front.catalog.position(job.org, job.id).await?,
        _ => None,
    };
    let brand = match result.as_ref().filter(|_| wants("brand")).and_then(brand_of) {
        Some(id) => brands::members(front, request, job.org, id, true).await?,
        None => None,
    };
    let mut more = Map::new();
    if wants("diagnostics") {
        more.insert("diagnostics".to_owned(), json!(job.diagnostics));
    }
    if wants("attempts") {
        let attempts = front.catalog.attempts(job.id).await?;
        more.insert("attempts".to_owned(), attempts.iter().map(attempt).collect());
    }
    if wants("assets") {
        let files = front.catalog.assets_of(job.id).await?;
        let base = front.hosts.base_url(request);
        let files = files.iter().map(|file: &Asset| assets::members(file, &base));
        more.insert("assets".to_owned(), files.collect());
    }
    expand_picture(&mut more, job, result.as_ref(), &wants);
    let input = render::shown_input(job);
    let is_due = job.state == JobState::Queued && job.run_at.is_none();
    let waits_for = if is_due { Some(front.engine.waits_for(job).await?) } else { None };
    let obstacle = obstacle(front, job);
    Ok(Detail { result, input, position, obstacle, waits_for, brand, more })
}

/// Why no worker of this server takes a job that waits.
fn obstacle(front: &Front, job: &Job) -> Option<String> {
    let actions = front.engine.actions();
    if job.state != JobState::Queued || actions.find(&job.action).is_some() {
        return None;
    }
    let action = &job.action;
    Some(if actions.is_disabled(action) {
        format!("the operator switched `{action}` off; the job waits until it is on again")
    } else {
        format!("this server no longer has the action `{action}`; cancel the job, or wait for it")
    })
}

/// The brand that a result names.
pub(super) fn brand_of(result: &Map<String, Value>) -> Option<BrandId> {
    result.get("brand_id")?.as_str()?.parse().ok()
}

/// `ad {image_url}`, of a completed image job only.
fn expand_picture(
    more: &mut Map<String, Value>,
    job: &Job,
    result: Option<&Map<String, Value>>,
    wants: &impl Fn(&str) -> bool,
) {
    let url = result.and_then(|result| result.get("image_url"));
    if let Some(url) = url.filter(|_| wants("ad") && render::is_picture_job(&job.action)) {
        more.insert("ad".to_owned(), json!({ "image_url": url }));
    }
}

fn attempt(attempt: &Attempt) -> Value {
    let Attempt { attempt, started_at, ended_at, outcome, error, worker } = attempt;
    json!({
        "attempt": attempt,
        "started_at": started_at.unix(),
        "ended_at": ended_at.unix(),
        "outcome": outcome,
        "error": error,
        "worker": worker,
    })
}

/// A page of the organization's jobs, newest first.
pub(crate) async fn list(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let filter = filter(&caller, Query(request.query_string()))?;
    let now = front.clock.now();
    let page = match filter {
        Some(filter) => front.catalog.jobs(filter).await?,
        None => crate::store::Page::default(),
    };
    let all = Selection::default();
    let mut items = Vec::with_capacity(page.jobs.len());
    for job in &page.jobs {
        let url = result_url(&front, job).await?;
        let result_url = url.as_deref();
        items.push(json!(JobView { job, detail: None, result_url, selection: &all, now }));
    }
    let next = page.next.map(|Cursor(id)| id);
    let more = json!({ "has_more": next.is_some(), "next_cursor": next });
    Ok(render::list(&caller.exchange, now, items, more))
}

/// Where the list says that a job's result can be read.
async fn result_url(front: &Front, job: &Job) -> Result<Option<String>, ApiError> {
    // Only of what can be read elsewhere; the others' results are not looked into.
    if render::type_of_action(&job.action) == job.action {
        return Ok(None);
    }
    let result = front.engine.result_of(job).await?;
    Ok(result.and_then(|result| render::result_url(job, &result)))
}

/// `None` when no job can match.
fn filter(caller: &Caller, query: Query<'_>) -> Result<Option<JobFilter>, ApiError> {
    let mut states = Vec::new();
    for word in query.words(&["status"]) {
        states.extend_from_slice(render::states_of_status(&word).ok_or_else(|| {
            ApiError::query(
                "status",
                format!(
                    "no status `{word}`; there are queued, \
                processing, completed and failed"
                ),
            )
        })?);
    }
    let mut actions = query.words(&["action"]);
    let types: Vec<String> =
        query.words(&["type"]).iter().map(|kind| render::action_of_type(kind).to_owned()).collect();
    if actions.is_empty() {
        actions = types;
    } else if !types.is_empty() {
        actions.retain(|action| types.contains(action));
        if actions.is_empty() {
            return Ok(None);
        }
    }
    Ok(Some(JobFilter {
        org: caller.org,
        states,
        actions,
        run: query.id("run_id")?,
        error_text: error_text(query)?,
        created_after: query.moment("created_after")?,
        created_before: query.moment("created_before")?,
        cursor: query.id("cursor")?.map(Cursor),
        limit: query.limit()?,
    }))
}

/// The longest text to look for in errors, in characters.
const MAX_ERROR_TEXT: usize = 200;

fn error_text(query: Query<'_>) -> Result<Option<String>, ApiError> {
    let Some(text) = query.filled("q") else { return Ok(None) };
    if text.chars().count() > MAX_ERROR_TEXT {
        let message = format!("`q` must have at most {MAX_ERROR_TEXT} characters");
        return Err(ApiError::query("q", message));
    }
    Ok(Some(text.into_owned()))
}

/// Cancels a job that has not ended.
pub(crate) async fn cancel(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let id = job_id(&request)?;
    let author = caller.author(&front, &request);
    let mut answers = front.engine.cancel(caller.org, vec![id], author).await?;
    let job = cancelled(answers.pop().flatten())?;
    answer(&front, &caller, &request, &job).await
}

fn cancelled(cancelling: Option<Cancelling>) -> Result<Box<Job>, ApiError> {
    match cancelling {
        Some(Cancelling::Cancelled { job, run: _ }) => Ok(job),
        Some(Cancelling::AlreadyTerminal(state)) => {
            let status = render::job_status(state);
            let message = format!("the job has ended already, with the status `{status}`");
            Err(ApiError::new(ErrorCode::JobAlreadyTerminal, message))
        }
        None => Err(ApiError::job_not_found()),
    }
}

/// Cancels up to 1,000 jobs, each with its own answer.
pub(crate) async fn cancel_many(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let ids = ids(body.json().await?)?;
    let known = ids.iter().filter_map(|(_, id)| *id).collect();
    let author = caller.author(&front, &request);
    let mut answers = front.engine.cancel(caller.org, known, author).await?.into_iter();
    let mut items = Vec::with_capacity(ids.len());
    for (text, id) in ids {
        let cancelling = id.and_then(|_| answers.next()).flatten();
        items.push(match cancelled(cancelling) {
            Ok(job) => json!({ "job_id": job.id, "status": render::job_status(job.state) }),
            Err(error) => item_error(&caller, Some(&text), &error),
        });
    }
    Ok(render::list(&caller.exchange, front.clock.now(), items, json!({ "has_more": false })))
}

/// What a list of answers says of an item that was refused.
pub(super) fn item_error(caller: &Caller, job_id: Option<&str>, error: &ApiError) -> Value {
    let id = Wire(caller.exchange.id).to_string();
    let mut item = json!({ "error": render::error(error.refusal(), &id) });
    if let Some(job_id) = job_id {
        item["job_id"] = json!(job_id);
    }
    item
}

/// The most jobs that one request can name.
const MAX_IDS: usize = 1_000;

/// The `ids` of a body, each with what it means, if it means anything.
pub(super) fn ids(json: Json) -> Result<Vec<(String, Option<JobId>)>, ApiError> {
    let (members, _share) = json.object()?;
    let fields = crate::http::fields::Fields::of(&members);
    let texts = fields.texts("ids", 1..=MAX_IDS)?;
    let texts = texts.ok_or_else(|| fields.fault("ids", "is required"))?;
    Ok(texts.into_iter().map(|text| (text.to_owned(), text.parse().ok())).collect())
}

/// Deletes an ended job with its log and its files.
pub(crate) async fn delete(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let id = job_id(&request)?;
    match front.engine.delete(caller.org, id, caller.author(&front, &request)).await? {
        Deletion::Deleted => Ok(render::deleted(&caller.exchange, front.clock.now(), "job", id)),
        Deletion::NotTerminal => Err(not_terminal("cancel it, or let it end, first")),
        Deletion::RunNotTerminal => {
            let message = "the job is a step of a run that has not ended yet: cancel the run, or \
                           let it end, first";
            Err(ApiError::new(ErrorCode::JobNotTerminal, message))
        }
        Deletion::Unknown => Err(ApiError::job_not_found()),
    }
}

/// 409 for what can be done only to a job that has ended.
pub(super) fn not_terminal(advice: &str) -> ApiError {
    ApiError::new(ErrorCode::JobNotTerminal, format!("the job has not ended yet: {advice}"))
}
