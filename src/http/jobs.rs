//! `GET /jobs/:id`, the one route that both dialects share.
//!
//! The job is waited for here and rendered by the dialect that it belongs to. Never: a member of
//! a body.

use std::sync::Arc;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::actions::is_generation;
use crate::domain::ids::JobId;
use crate::domain::job::Job;
use crate::http::auth::{Authorized, Caller, Read};
use crate::http::error::ApiError;
use crate::http::front::Front;
use crate::http::query::Query;
use crate::http::wait::{self, Wait};
use crate::http::{flowrelay, pi};

/// The job, at once or when it has ended.
pub(crate) async fn show(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let id = job_id(&request)?;
    let Wait { asked, at_most, preferred } =
        Wait::of_read(Query(request.query_string()), request.headers())?;
    caller.exchange.waits.set(asked);
    let job = front.engine.wait(caller.org, id, at_most).await?;
    let job = job.filter(|job| !job.internal).ok_or_else(ApiError::job_not_found)?;
    // Boxed, so that a waiting client holds no room for what is only needed afterwards.
    let mut response = if is_generation(&job.action) {
        Box::pin(both_views(&front, &caller, &request, &job)).await?
    } else {
        Box::pin(pi::answer_to_waiter(&front, &caller, &request, &job)).await?
    };
    if asked && !job.state.is_terminal() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("0"));
    }
    if preferred {
        wait::say_applied(&mut response, at_most);
    }
    Ok(response)
}

/// A generation's job as each dialect shows it, side by side: their members' names do not meet.
async fn both_views(
    front: &Front,
    caller: &Caller,
    request: &HttpRequest,
    job: &Arc<Job>,
) -> Result<HttpResponse, ApiError> {
    let mut members = pi::job_envelope(front, caller, request, job).await?;
    members.extend(flowrelay::job_members(front, job).await?);
    Ok(HttpResponse::Ok().json(members))
}

/// The id in the path; 404 for what is none.
pub(crate) fn job_id(request: &HttpRequest) -> Result<JobId, ApiError> {
    let id = request.match_info().get("id").and_then(|id| id.parse().ok());
    id.ok_or_else(ApiError::job_not_found)
}
