//! Remote workers: claim jobs, keep them, say how they go, and end them.
//!
//! A worker shows its key and, for each job, the token that the claim gave it. What comes under a
//! lease that no longer holds is refused with 409. Never: a job of an organization that the key
//! does not reach.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use crate::domain::job::{LogLevel, LogLine, Renewal, Report};
use crate::engine::{
    ActionError, MAX_REMOTE_CLAIM, RemoteAsk, RemoteClaim, RemoteEnd, RemoteFault, RemoteLog,
    RemoteRenewal, Retry,
};
use crate::http::auth::{Authorized, Work};
use crate::http::body::Body;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::fields::Fields;
use crate::http::front::Front;
use crate::http::pi::assets;
use crate::http::pi::render::{self, Head};
use crate::store::Claiming;

/// The most actions that one worker can name.
const MAX_ACTIONS: usize = 100;

/// How long a claim waits for a job, when the worker names no number and at the most, in seconds.
const DEFAULT_WAIT: f64 = 20.0;
const MAX_WAIT: f64 = 30.0;

/// The longest name of a worker, in characters.
const MAX_NAME: usize = 100;

/// The most lines that one request brings.
const MAX_LINES: usize = 1_000;

/// The longest line, in characters.
const MAX_LINE: usize = 4_000;

/// The longest phase, in characters: a few words.
const MAX_PHASE: usize = 500;

/// The longest code and message of a failure, in characters.
const MAX_CODE: usize = 100;
const MAX_MESSAGE: usize = 4_000;

/// The longest pause that a worker may ask for before the next attempt, in seconds: a day.
const MAX_PAUSE: f64 = 86_400.0;

/// Gives a worker jobs; waits for the first.
pub(crate) async fn claim(
    caller: Authorized<Work>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let (members, _share) = body.json().await?.object()?;
    let fields = Fields::of(&members);
    let actions = fields.texts("actions", 1..=MAX_ACTIONS)?;
    let actions = actions.ok_or_else(|| fields.fault("actions", "is required"))?;
    let remote = front.engine.remote_actions();
    for (place, action) in actions.iter().enumerate() {
        if !remote.iter().any(|known| known == action) {
            let known = remote.join(", ");
            let message =
                format!("`{action}` is no action for remote workers here; there are: {known}");
            return Err(ApiError::body(format!("actions[{place}]"), message));
        }
    }
    let limit = fields.integer("limit", 1..=MAX_REMOTE_CLAIM as u64)?.unwrap_or(1);
    let wait = fields.number("wait_seconds", 0.0..=f64::MAX)?.unwrap_or(DEFAULT_WAIT);
    let worker = fields.text("worker", 1..=MAX_NAME)?.unwrap_or("remote");
    if worker == Claiming::LOCAL {
        return Err(fields.fault("worker", "may not be `local`, which is the server itself"));
    }
    caller.exchange.waits.set(true);
    let claims = front.engine.claim_remote(RemoteAsk {
        reach: caller.org,
        worker: worker.to_owned(),
        actions: actions.into_iter().map(str::to_owned).collect(),
        limit: usize::try_from(limit).unwrap_or(1),
        wait: Duration::from_secs_f64(wait.min(MAX_WAIT)),
    });
    let mut items = Vec::new();
    for claim in claims.await? {
        items.push(shown(&front, &request, claim).await?);
    }
    Ok(render::list(&caller.exchange, front.clock.now(), items, json!({ "has_more": false })))
}

/// A job as a worker is given it, URLs of own files absolute.
async fn shown(
    front: &Front,
    request: &HttpRequest,
    claim: RemoteClaim,
) -> Result<Value, ApiError> {
    let RemoteClaim { token, expires_at, job, mut input } = claim;
    assets::make_absolute(front, request, job.org, &mut input).await?;
    Ok(json!({
        "lease": token,
        "expires_at": expires_at.iso(),
        "job": {
            "id": job.id,
            "action": job.action,
            "input": input,
            "attempt": job.attempt,
            "max_attempts": job.max_attempts,
            "attempt_timeout_seconds": job.attempt_timeout.as_secs_f64(),
        },
    }))
}

pub(super) fn token(request: &HttpRequest) -> &str {
    request.match_info().get("lease").unwrap_or_default()
}

/// Keeps a lease, and says how the attempt goes.
pub(crate) async fn renew(
    caller: Authorized<Work>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let (members, _share) = body.json().await?.optional_object()?;
    let fields = Fields::of(&members);
    let report = Report {
        phase: fields.text("phase", 1..=MAX_PHASE)?.map(str::to_owned),
        progress: fields.number("progress", 0.0..=1.0)?,
        lines: Vec::new(),
    };
    let renewal = front.engine.renew_remote(caller.org, token(&request), report).await?;
    let RemoteRenewal { state, expires_at } = renewal;
    let state = match state {
        Renewal::Held => "held",
        Renewal::Cancelled => "cancelled",
        Renewal::Lost => "lost",
    };
    let data = json!({ "state": state, "expires_at": expires_at.iso() });
    Ok(render::succeed(&caller.exchange, front.clock.now(), Head::of("lease"), data))
}

/// Adds lines to the job's log; keeps the lease as well.
pub(crate) async fn log(
    caller: Authorized<Work>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let (members, _share) = body.json().await?.object()?;
    let now = front.clock.now();
    let lines = lines(&members)?
        .into_iter()
        .map(|(level, message)| LogLine { at: now, level, message })
        .collect::<Vec<_>>();
    match front.engine.log_remote(caller.org, token(&request), lines).await? {
        RemoteLog::Kept { lines, expires_at } => {
            let data = json!({ "accepted": lines, "expires_at": expires_at.iso() });
            Ok(render::succeed(&caller.exchange, now, Head::of("lease"), data))
        }
        RemoteLog::Full(limits) => {
            let message = format!(
                "the job's log has reached its limit ({limits}); nothing more is kept, and the \
                 lease holds"
            );
            Err(ApiError::new(ErrorCode::RequestTooLarge, message).at("lines"))
        }
        RemoteLog::LeaseLost => Err(lease_lost()),
    }
}

fn lines(members: &Map<String, Value>) -> Result<Vec<(LogLevel, String)>, ApiError> {
    let lines = match members.get("lines") {
        Some(Value::Array(lines)) if (1..=MAX_LINES).contains(&lines.len()) => lines,
        _ => {
            let message = format!("`lines` must be a list of 1 to {MAX_LINES} lines");
            return Err(ApiError::body("lines", message));
        }
    };
    let read = lines.iter().enumerate().map(|(place, line)| {
        let path = format!("lines[{place}]");
        let Value::Object(line) = line else {
            return Err(ApiError::body(path, "each line must be an object"));
        };
        let fields = Fields::at(line, &path);
        let level = match fields.text("level", 1..=10)?.unwrap_or("info") {
            word @ ("debug" | "info" | "warn" | "error") => LogLevel::from_word(word),
            _ => return Err(fields.fault("level", "must be debug, info, warn or error")),
        };
        let message = fields.required_text("message", 0..=MAX_LINE)?;
        Ok((level, message.to_owned()))
    });
    read.collect()
}

/// Ends an attempt with its result.
pub(crate) async fn finish(
    caller: Authorized<Work>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let (mut members, share) = body.json().await?.object()?;
    let result = match members.remove("result") {
        Some(Value::Object(result)) => result,
        None | Some(Value::Null) => return Err(ApiError::body("result", "`result` is required")),
        Some(_) => return Err(ApiError::body("result", "`result` must be an object")),
    };
    let end = front.engine.finish_remote(caller.org, token(&request), result).await?;
    drop(share);
    ended(&caller, &front, end)
}

/// Ends an attempt with its failure.
pub(crate) async fn fail(
    caller: Authorized<Work>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let (members, _share) = body.json().await?.object()?;
    let fields = Fields::of(&members);
    let message = fields.required_text("message", 1..=MAX_MESSAGE)?.to_owned();
    let code = fields.text("code", 1..=MAX_CODE)?.unwrap_or("worker_failed").to_owned();
    let retryable = match members.get("retryable") {
        None | Some(Value::Null) => true,
        Some(Value::Bool(retryable)) => *retryable,
        Some(_) => return Err(fields.fault("retryable", "must be true or false")),
    };
    let pause = fields.number("retry_after_seconds", 0.0..=MAX_PAUSE)?;
    let retry = match (retryable, pause) {
        (false, _) => Retry::Never,
        (true, Some(seconds)) => Retry::After(Duration::from_secs_f64(seconds)),
        (true, None) => Retry::Backoff,
    };
    let error = ActionError { code, message, retry, cause: None };
    let fault = RemoteFault { error };
    let end = front.engine.fail_remote(caller.org, token(&request), fault).await?;
    ended(&caller, &front, end)
}

fn ended(
    caller: &Authorized<Work>,
    front: &Front,
    end: RemoteEnd,
) -> Result<HttpResponse, ApiError> {
    match end {
        RemoteEnd::Ended(state) => {
            let status = render::job_status(state);
            let data = json!({ "status": status });
            Ok(render::succeed(&caller.exchange, front.clock.now(), Head::of("lease"), data))
        }
        RemoteEnd::LeaseLost => Err(lease_lost()),
        RemoteEnd::Invalid(fault) => Err(ApiError::input("result", fault)),
    }
}

pub(super) fn lease_lost() -> ApiError {
    let message = "the lease no longer holds: the job ended, was cancelled, or is another \
                   worker's; stop working on it";
    ApiError::new(ErrorCode::LeaseLost, message)
}
