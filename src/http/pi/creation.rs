//! Accepting jobs: 202 once they are on disk, or 200 with the job when the client chose to wait.
//!
//! The answer is written before the job is stored, because an idempotency key stores both in one
//! transaction. Never: an answer before the commit.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::domain::idempotency::Answer;
use crate::domain::ids::JobId;
use crate::domain::job::{Enqueued, Job, NewJob};
use crate::http::auth::Caller;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::front::Front;
use crate::http::idempotency::{self, ClientKey};
use crate::http::pi::jobs;
use crate::http::pi::render::{self, Head};
use crate::http::request_id::Wire;
use crate::http::wait::{self, Wait};

/// What the envelope of an accepted job says.
const QUEUED: Head = Head { object: "job", status: "queued" };

#[derive(Deserialize, Serialize)]
struct Accepted {
    job_id: JobId,
}

/// Accepts one job.
pub(super) async fn accept(
    front: &Front,
    caller: &Caller,
    request: &HttpRequest,
    key: Option<ClientKey>,
    mut job: NewJob,
) -> Result<HttpResponse, ApiError> {
    let body =
        render::body(&caller.exchange, front.clock.now(), QUEUED, Accepted { job_id: job.id });
    job.idempotency = key.map(|key| key.storing(202, body.clone()));
    let (id, body, replayed) = match stored(front.engine.enqueue(job).await?)? {
        Stored::New(id) => (id, body, false),
        Stored::Before(Answer { body, .. }) => (job_in(&body)?, body, true),
    };
    let mut response = match ended_in_time(front, caller, request, id).await? {
        Some(job) => Box::pin(jobs::answer(front, caller, request, &job)).await?,
        None => accepted(id, body),
    };
    if let Some(wait) = Wait::of_creation(request.headers()) {
        wait::say_applied(&mut response, wait);
    }
    if replayed {
        say_replayed(response.headers_mut());
    }
    Ok(response)
}

/// The job, if the client wanted to wait for it and it ended.
async fn ended_in_time(
    front: &Front,
    caller: &Caller,
    request: &HttpRequest,
    id: JobId,
) -> Result<Option<Arc<Job>>, ApiError> {
    let Some(wait) = Wait::of_creation(request.headers()) else { return Ok(None) };
    caller.exchange.waits.set(true);
    let job = front.engine.wait(caller.org, id, wait).await?;
    Ok(job.filter(|job| job.state.is_terminal()))
}

fn accepted(id: JobId, body: String) -> HttpResponse {
    let mut response = render::json_text(StatusCode::ACCEPTED, body);
    let headers = response.headers_mut();
    let location = HeaderValue::try_from(format!("/api/v1/jobs/{id}"));
    headers.insert(header::LOCATION, location.expect("an id is a header value"));
    headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// The job that a stored answer speaks of.
fn job_in(answer: &str) -> Result<JobId, ApiError> {
    #[derive(Deserialize)]
    struct Envelope {
        data: Accepted,
    }
    let envelope: Envelope = serde_json::from_str(answer).map_err(ApiError::internal)?;
    Ok(envelope.data.job_id)
}

static X_IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("x-idempotency-replayed");
static IDEMPOTENT_REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// Says that the answer is one given before.
pub(super) fn say_replayed(headers: &mut HeaderMap) {
    for name in [&X_IDEMPOTENCY_REPLAYED, &IDEMPOTENT_REPLAYED] {
        headers.insert(name.clone(), HeaderValue::from_static("true"));
    }
}

/// An answer that was given before.
pub(super) fn replayed(status: StatusCode, answer: Answer) -> HttpResponse {
    let mut response = render::json_text(status, answer.body);
    say_replayed(response.headers_mut());
    response
}

enum Stored {
    New(JobId),
    Before(Answer),
}

/// How soon a queue may have room again, in seconds.
const QUEUE_RETRY_AFTER: u32 = 5;

fn stored(enqueued: Enqueued) -> Result<Stored, ApiError> {
    match enqueued {
        Enqueued::Created(id) => Ok(Stored::New(id)),
        Enqueued::Replayed(answer) => Ok(Stored::Before(answer)),
        Enqueued::KeyMismatch => Err(idempotency::mismatch()),
        Enqueued::UniqueJobExists(id) => {
            let message = format!("the unfinished job {id} has this `unique_key`");
            Err(ApiError::new(ErrorCode::UniqueJobExists, message).naming(id))
        }
        Enqueued::QueueFull => Err(queue_full()),
    }
}

/// 429 for what would be more unfinished jobs than the organization may have.
pub(super) fn queue_full() -> ApiError {
    let message = "the organization has as many unfinished jobs as it may; wait for some to end";
    ApiError::new(ErrorCode::QueueLimitExceeded, message).retry_after(QUEUE_RETRY_AFTER)
}

/// What is stored as the answer to one item of a request with a key, so that the whole answer
/// can be put together again.
#[derive(Deserialize, Serialize)]
struct ItemAnswer {
    id: String,
    job_id: JobId,
}

/// Accepts several jobs, each with its own answer, given in order.
pub(super) async fn accept_many(
    front: &Front,
    caller: &Caller,
    key: Option<ClientKey>,
    drafts: Vec<Result<NewJob, ApiError>>,
) -> Result<HttpResponse, ApiError> {
    let mut jobs = Vec::with_capacity(drafts.len());
    let refusals: Vec<Option<ApiError>> =
        drafts.into_iter().map(|draft| draft.map(|job| jobs.push(job)).err()).collect();
    let enqueued = match key {
        None if jobs.is_empty() => Vec::new(),
        None => front.engine.enqueue_all(jobs).await?,
        Some(key) => enqueue_once(front, caller, &key, jobs).await?,
    };
    let mut enqueued = enqueued.into_iter();
    let mut first_answer = None;
    let mut items = Vec::with_capacity(refusals.len());
    for refusal in refusals {
        let answer = match refusal {
            Some(refusal) => Err(refusal),
            None => item(enqueued.next(), &mut first_answer),
        };
        items.push(match answer {
            Ok(id) => json!({ "job_id": id }),
            Err(error) => jobs::item_error(caller, None, &error),
        });
    }
    Ok(many(front, caller, &items, first_answer))
}

fn item(enqueued: Option<Enqueued>, first: &mut Option<String>) -> Result<JobId, ApiError> {
    let enqueued = enqueued.ok_or_else(|| ApiError::internal("a job without an answer"))?;
    match stored(enqueued)? {
        Stored::New(id) => Ok(id),
        Stored::Before(Answer { body, .. }) => {
            let ItemAnswer { id, job_id } =
                serde_json::from_str(&body).map_err(ApiError::internal)?;
            first.get_or_insert(id);
            Ok(job_id)
        }
    }
}

/// Stores jobs under one key. The first goes alone: if the key came before with another body,
/// nothing of this request is stored.
async fn enqueue_once(
    front: &Front,
    caller: &Caller,
    key: &ClientKey,
    jobs: Vec<NewJob>,
) -> Result<Vec<Enqueued>, ApiError> {
    let id = Wire(caller.exchange.id).to_string();
    let mut jobs = jobs.into_iter().enumerate().map(|(index, mut job)| {
        let answer = render::text(ItemAnswer { id: id.clone(), job_id: job.id });
        job.idempotency = Some(match index {
            0 => key.clone().storing(202, answer),
            index => key.storing_item(index, answer),
        });
        job
    });
    let Some(first) = jobs.next() else { return Ok(Vec::new()) };
    let first = front.engine.enqueue(first).await?;
    if first == Enqueued::KeyMismatch {
        return Err(idempotency::mismatch());
    }
    let rest: Vec<NewJob> = jobs.collect();
    let mut answers = vec![first];
    if !rest.is_empty() {
        answers.extend(front.engine.enqueue_all(rest).await?);
    }
    Ok(answers)
}

/// 202 with an item for each job; with the first answer's id when this one repeats it.
fn many(
    front: &Front,
    caller: &Caller,
    items: &[Value],
    first_answer: Option<String>,
) -> HttpResponse {
    let head = Head { object: "list", status: "queued" };
    let data = json!({ "data": items });
    let body = render::body(&caller.exchange, front.clock.now(), head, data);
    let Some(first) = first_answer else {
        return render::json_text(StatusCode::ACCEPTED, body);
    };
    let own = Wire(caller.exchange.id).to_string();
    let body = body.replacen(&own, &first, 1);
    let mut response = render::json_text(StatusCode::ACCEPTED, body);
    say_replayed(response.headers_mut());
    response
}
