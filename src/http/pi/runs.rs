//! Runs: steps that wait for each other, accepted in one request; shown, waited for, listed,
//! cancelled, done again.
//!
//! All that a request can get wrong is found before anything is stored, each fault with its path.
//! Never: a run of which only a part is accepted.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::actions::BRANDS_EXTRACT;
use crate::domain::ids::{OrgId, RunId};
use crate::domain::plan::{InvalidPlan, Plan, Step};
use crate::domain::run::{EnqueuedRun, NewRun, NewStep, Run, RunState, RunStep};
use crate::engine::RunRetry;
use crate::http::auth::{Authorized, Caller, Read, Write};
use crate::http::body::Body;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::front::Front;
use crate::http::idempotency::{self, ClientKey};
use crate::http::pi::render::{self, Head, RunView};
use crate::http::pi::{assets, brands, creation, jobs, requests};
use crate::http::query::Query;
use crate::http::wait::{self, Wait};
use crate::store::{CancellingRun, RunCursor, RunFilter};

/// Accepts a run, or with `validate_only=true` says that it would be.
pub(crate) async fn create(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let validate_only = Query(request.query_string()).boolean("validate_only")? == Some(true);
    let json = body.json().await?;
    let (key, json) = ClientKey::of(request.headers(), "runs", json).await?;
    let (members, share) = json.object()?;
    let run = draft(&front, &caller, Plan::parse(members)?).await?;
    drop(share);
    if validate_only {
        let steps = render::accepted_run(&run)["steps"].take();
        let data = json!({ "valid": true, "status": "pending", "steps": steps });
        return Ok(render::succeed(&caller.exchange, front.clock.now(), Head::of("run"), data));
    }
    accept(&front, &caller, &request, key, run).await
}

impl From<InvalidPlan> for ApiError {
    fn from(fault: InvalidPlan) -> Self {
        let InvalidPlan { param, message } = fault;
        Self::body(param, message)
    }
}

/// The run of a plan whose steps' actions accept what they will be given.
pub(super) async fn draft(front: &Front, caller: &Caller, plan: Plan) -> Result<NewRun, ApiError> {
    let Plan { steps, metadata } = plan;
    for (place, step) in steps.iter().enumerate() {
        permit(front, place, &step.action)?;
    }
    let mut drafts = Vec::with_capacity(steps.len());
    for (place, step) in steps.into_iter().enumerate() {
        let given: Vec<String> = step.given().into_iter().map(str::to_owned).collect();
        let given: Vec<&str> = given.iter().map(String::as_str).collect();
        let Step { id, action, input, depends_on, takes } = step;
        let path = format!("steps[{place}].input");
        let job =
            requests::with_input_to_come(front, caller, &action, input, &given, &path).await?;
        drafts.push(NewStep { id, job, depends_on, takes, reuses: None });
    }
    Ok(NewRun {
        id: RunId::mint(),
        org: caller.org,
        steps: drafts,
        metadata,
        retry_of: None,
        retried_by: None,
        idempotency: None,
    })
}

fn permit(front: &Front, place: usize, action: &str) -> Result<(), ApiError> {
    requests::permit(front, action).map_err(|error| error.at(format!("steps[{place}].action")))
}

/// Stores a run: 202 once it is on disk, or 200 with the run when the client chose to wait and it
/// ended in time.
pub(super) async fn accept(
    front: &Front,
    caller: &Caller,
    request: &HttpRequest,
    key: Option<ClientKey>,
    mut run: NewRun,
) -> Result<HttpResponse, ApiError> {
    let head = Head { object: "run", status: "queued" };
    let body = render::body(&caller.exchange, front.clock.now(), head, render::accepted_run(&run));
    run.idempotency = key.map(|key| key.storing(202, body.clone()));
    let (id, body, replayed) = match front.engine.enqueue_run(run).await? {
        EnqueuedRun::Created(id) => (id, body, false),
        EnqueuedRun::Replayed(answer) => (run_in(&answer.body)?, answer.body, true),
        EnqueuedRun::KeyMismatch => return Err(idempotency::mismatch()),
        EnqueuedRun::QueueFull => return Err(creation::queue_full()),
        EnqueuedRun::StepGone(step) => return Err(step_gone(&step)),
    };
    let waits = Wait::of_creation(request.headers());
    caller.exchange.waits.set(waits.is_some());
    let ended = match waits {
        Some(wait) => front.engine.wait_run(caller.org, id, wait).await?,
        None => None,
    };
    let mut response = match ended.filter(|run| run.state.is_terminal()) {
        Some(run) => Box::pin(answer(front, caller, request, &run)).await?,
        None => accepted(id, body),
    };
    if let Some(wait) = waits {
        wait::say_applied(&mut response, wait);
    }
    if replayed {
        creation::say_replayed(response.headers_mut());
    }
    Ok(response)
}

fn accepted(id: RunId, body: String) -> HttpResponse {
    let mut response = render::json_text(StatusCode::ACCEPTED, body);
    let headers = response.headers_mut();
    let location = HeaderValue::try_from(format!("/api/v1/runs/{id}"));
    headers.insert(header::LOCATION, location.expect("an id is a header value"));
    headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// The run that a stored answer speaks of.
fn run_in(answer: &str) -> Result<RunId, ApiError> {
    #[derive(Deserialize)]
    struct Envelope {
        data: Accepted,
    }
    #[derive(Deserialize)]
    struct Accepted {
        run_id: RunId,
    }
    let envelope: Envelope = serde_json::from_str(answer).map_err(ApiError::internal)?;
    Ok(envelope.data.run_id)
}

/// A run, at once or when it has ended.
pub(crate) async fn show(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let id = run_id(&request)?;
    let Wait { asked, at_most, preferred } =
        Wait::of_read(Query(request.query_string()), request.headers())?;
    caller.exchange.waits.set(asked);
    let run = front.engine.wait_run(caller.org, id, at_most).await?.ok_or_else(not_found)?;
    // Boxed, so that a waiting client holds no room for what is only needed afterwards.
    let mut response = Box::pin(answer(&front, &caller, &request, &run)).await?;
    if asked && !run.state.is_terminal() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("0"));
    }
    if preferred {
        wait::say_applied(&mut response, at_most);
    }
    Ok(response)
}

/// The id in the path; 404 for what is none.
pub(super) fn run_id(request: &HttpRequest) -> Result<RunId, ApiError> {
    request.match_info().get("id").and_then(|id| id.parse().ok()).ok_or_else(not_found)
}

/// 404 for a run that is unknown, another organization's, or no id at all.
pub(super) fn not_found() -> ApiError {
    ApiError::new(ErrorCode::RunNotFound, "no such run")
}

async fn answer(
    front: &Front,
    caller: &Caller,
    request: &HttpRequest,
    run: &Run,
) -> Result<HttpResponse, ApiError> {
    let mut results = Vec::with_capacity(run.steps.len());
    for step in &run.steps {
        results.push(result(front, request, step).await?);
    }
    let head = Head { object: "run", status: run.state.as_str() };
    let members = RunView { run, results: Some(results) }.members();
    Ok(render::succeed(&caller.exchange, front.clock.now(), head, members))
}

/// A completed step's result, URLs absolute.
async fn result(
    front: &Front,
    request: &HttpRequest,
    step: &RunStep,
) -> Result<Option<Map<String, Value>>, ApiError> {
    let Some(job) = &step.job else { return Ok(None) };
    let Some(mut result) = front.engine.result_of(job).await? else { return Ok(None) };
    assets::make_absolute(front, request, job.org, &mut result).await?;
    result.insert("job_id".to_owned(), json!(job.id));
    if job.action == BRANDS_EXTRACT
        && let Some(id) = jobs::brand_of(&result)
        && let Some(brand) = brands::members(front, request, job.org, id, false).await?
    {
        result.insert("brand".to_owned(), Value::Object(brand));
    }
    Ok(Some(result))
}

/// A page of the organization's runs, newest first.
pub(crate) async fn list(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let filter = filter(caller.org, Query(request.query_string()))?;
    let page = front.catalog.runs(filter).await?;
    let view = |run| Value::Object(RunView { run, results: None }.members());
    let items = page.runs.iter().map(view).collect();
    let next = page.next.map(|RunCursor(id)| id);
    let more = json!({ "has_more": next.is_some(), "next_cursor": next });
    Ok(render::list(&caller.exchange, front.clock.now(), items, more))
}

fn filter(org: OrgId, query: Query<'_>) -> Result<RunFilter, ApiError> {
    let mut states: Vec<RunState> = Vec::new();
    for word in query.words(&["status"]) {
        states.push(word.parse().map_err(|_| {
            let known = RunState::ALL.map(RunState::as_str).join(", ");
            ApiError::query("status", format!("no status `{word}`; there are {known}"))
        })?);
    }
    Ok(RunFilter {
        org,
        states,
        created_after: query.moment("created_after")?,
        created_before: query.moment("created_before")?,
        cursor: query.id("cursor")?.map(RunCursor),
        limit: query.limit()?,
    })
}

/// Cancels a run that has not ended, with all its unfinished steps.
pub(crate) async fn cancel(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let id = run_id(&request)?;
    let author = caller.author(&front, &request);
    match front.engine.cancel_run(caller.org, id, author).await?.ok_or_else(not_found)? {
        CancellingRun::Cancelled(_) => {}
        CancellingRun::AlreadyTerminal(state) => {
            let message = format!("the run has ended already, with the status `{state}`");
            return Err(ApiError::new(ErrorCode::RunAlreadyTerminal, message));
        }
    }
    let run = front.catalog.run(caller.org, id).await?.ok_or_else(not_found)?;
    answer(&front, &caller, &request, &run).await
}

/// Does an ended run again: a new one that takes over what completed.
pub(crate) async fn retry(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let id = run_id(&request)?;
    let json = body.json().await?;
    let (key, json) = ClientKey::of(request.headers(), "runs/retry", json).await?;
    let key = key.map(|key| key.about(id));
    json.optional_object()?;
    let earlier = front.catalog.run(caller.org, id).await?.ok_or_else(not_found)?;
    let run = match front.engine.draft_retry(&earlier, caller.author(&front, &request)).await? {
        RunRetry::Ready(run) => *run,
        RunRetry::NotTerminal => {
            let message = "the run has not ended yet: only an ended run can be done again";
            return Err(ApiError::new(ErrorCode::JobNotTerminal, message));
        }
        RunRetry::NothingToDo => {
            let message = "every step of the run completed: nothing is left to do again";
            return Err(ApiError::new(ErrorCode::RunAlreadyTerminal, message));
        }
        RunRetry::StepGone(step) => return Err(step_gone(&step)),
    };
    for (place, step) in run.steps.iter().enumerate().filter(|(_, step)| step.reuses.is_none()) {
        permit(&front, place, &step.job.action)?;
    }
    accept(&front, &caller, &request, key, run).await
}

fn step_gone(step: &str) -> ApiError {
    let message =
        format!("the job of the step `{step}` was deleted, and what it was asked with it");
    ApiError::new(ErrorCode::JobNotFound, message)
}
