//! Accepting generations: 202 once the job is on disk, or 200 with the document when the client
//! chose to wait and it was made in time.
//!
//! The answer is written before the job is stored, because an idempotency key stores both in one
//! transaction. Never: an answer before the commit.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::actions::REQUESTED_BY;
use crate::domain::idempotency::Answer;
use crate::domain::ids::JobId;
use crate::domain::job::Enqueued;
use crate::domain::key::Dialect;
use crate::http::auth::{self, Caller};
use crate::http::error::{ApiError, ErrorCode};
use crate::http::flowrelay::{job_members, render};
use crate::http::front::Front;
use crate::http::idempotency::{self, ClientKey};
use crate::http::wait::{self, Wait};

/// How soon a queue may have room again, in seconds.
const QUEUE_RETRY_AFTER: u32 = 5;

/// Accepts one generation of `action`, whose input was checked by nobody yet. One that the operator
/// switched off is accepted too: its job fails with `plan_violation`, as this dialect has it.
pub(super) async fn accept(
    front: &Front,
    caller: &Caller,
    request: &HttpRequest,
    action: &str,
    input: Map<String, Value>,
    key: Option<ClientKey>,
) -> Result<HttpResponse, ApiError> {
    let actions = front.engine.actions();
    let found = actions.find(action).ok_or_else(|| ApiError::internal("an action went away"))?;
    found.check(&input, &[]).map_err(|fault| ApiError::input("", fault))?;
    count(front, caller, request)?;
    let mut job = front.engine.draft(caller.org, action, &input).await?;
    job.echo = Map::from_iter([(REQUESTED_BY.to_owned(), json!(caller.key))]);
    let body = render::accepted(job.id);
    job.idempotency = key.map(|key| key.storing(202, body.clone()));
    let (id, body, replayed) = match front.engine.enqueue(job).await? {
        Enqueued::Created(id) => (id, body, false),
        Enqueued::Replayed(Answer { body, .. }) => (job_in(&body)?, body, true),
        Enqueued::KeyMismatch => return Err(idempotency::mismatch()),
        Enqueued::UniqueJobExists(id) => {
            return Err(ApiError::internal(format!("job {id} has a key that none was given")));
        }
        Enqueued::QueueFull => {
            let message =
                "the organization has as many unfinished jobs as it may; wait for some to end";
            return Err(ApiError::new(ErrorCode::QueueLimitExceeded, message)
                .retry_after(QUEUE_RETRY_AFTER));
        }
    };
    let mut response = made_in_time(front, caller, request, id, body).await?;
    if replayed {
        for name in ["x-idempotency-replayed", "idempotent-replayed"] {
            let name = HeaderName::from_static(name);
            response.headers_mut().insert(name, HeaderValue::from_static("true"));
        }
    }
    Ok(response)
}

async fn made_in_time(
    front: &Front,
    caller: &Caller,
    request: &HttpRequest,
    id: JobId,
    body: String,
) -> Result<HttpResponse, ApiError> {
    let Some(wait) = Wait::of_creation(request.headers()) else { return Ok(accepted(id, body)) };
    caller.exchange.waits.set(true);
    let job = front.engine.wait(caller.org, id, wait).await?;
    let mut response = match job.filter(|job| job.state.is_terminal()) {
        Some(job) => HttpResponse::Ok().json(Box::pin(job_members(front, &job)).await?),
        None => accepted(id, body),
    };
    wait::say_applied(&mut response, wait);
    Ok(response)
}

fn accepted(id: JobId, body: String) -> HttpResponse {
    let location = HeaderValue::try_from(format!("/api/v1/jobs/{id}"));
    HttpResponse::build(StatusCode::ACCEPTED)
        .insert_header((header::LOCATION, location.expect("an id is a header value")))
        .insert_header((header::RETRY_AFTER, HeaderValue::from_static("1")))
        .content_type("application/json")
        .body(body)
}

/// The job that a stored answer speaks of.
fn job_in(answer: &str) -> Result<JobId, ApiError> {
    #[derive(Deserialize)]
    struct Accepted {
        #[serde(rename = "jobId")]
        job: JobId,
    }
    let accepted: Accepted = serde_json::from_str(answer).map_err(ApiError::internal)?;
    Ok(accepted.job)
}

/// Counts a generation against the key's window for them, which only this dialect's keys have.
fn count(front: &Front, caller: &Caller, request: &HttpRequest) -> Result<(), ApiError> {
    if auth::announced_dialect(request) != Dialect::FlowRelay {
        return Ok(());
    }
    let allowance = front.generation_rates.count(caller.key, front.clock.now());
    if !allowance.exceeded {
        return Ok(());
    }
    // What is left of its requests would say the contrary.
    caller.exchange.allowance.set(Some(allowance));
    let message = format!(
        "this key may ask for {} generations a minute; wait {} s",
        allowance.limit, allowance.reset_in
    );
    Err(ApiError::new(ErrorCode::RateLimitExceeded, message).retry_after(allowance.reset_in.max(1)))
}
