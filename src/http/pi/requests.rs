//! `POST /jobs`: any action by its name, one job or up to 1,000.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use crate::actions::{REQUESTED_BY, is_generation};
use crate::domain::clock::Timestamp;
use crate::domain::job::{MAX_PRIORITY, NewJob};
use crate::domain::payload::Payload;
use crate::engine::MAX_JOBS_A_REQUEST;
use crate::http::auth::{Authorized, Caller, Write};
use crate::http::body::Body;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::fields::Fields;
use crate::http::front::Front;
use crate::http::idempotency::ClientKey;
use crate::http::pi::{creation, render, sources, uploads};

/// The longest name of an action, in characters.
const MAX_ACTION_NAME: usize = 100;

/// The longest `unique_key`, in characters.
const MAX_UNIQUE_KEY: usize = 255;

/// How often a job may be attempted at the most: with back-off that is days.
const MAX_ATTEMPTS: u64 = 25;

/// How long an attempt may take at the most, in seconds: six hours.
const MAX_ATTEMPT_SECONDS: f64 = 21_600.0;

/// How far ahead a job may be scheduled, in seconds: a year, so that a slip of the pen shows.
const MAX_DELAY_SECONDS: f64 = 366.0 * 24.0 * 60.0 * 60.0;

/// Accepts a job, or several.
pub(crate) async fn create(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let json = body.json().await?;
    let (key, json) = ClientKey::of(request.headers(), "jobs", json).await?;
    if json.value.is_array() {
        return create_many(&caller, &front, key, json.value).await;
    }
    let (members, share) = json.object()?;
    let job = draft(&front, &caller, members, "").await?;
    drop(share);
    creation::accept(&front, &caller, &request, key, job).await
}

async fn create_many(
    caller: &Caller,
    front: &Front,
    key: Option<ClientKey>,
    items: Value,
) -> Result<HttpResponse, ApiError> {
    let items = match items {
        Value::Array(items) if (1..=MAX_JOBS_A_REQUEST).contains(&items.len()) => items,
        _ => {
            let message = format!("send 1 to {MAX_JOBS_A_REQUEST} jobs at once");
            return Err(ApiError::new(ErrorCode::InvalidRequestBody, message));
        }
    };
    let mut drafts = Vec::with_capacity(items.len());
    for (index, item) in items.into_iter().enumerate() {
        let path = format!("[{index}]");
        drafts.push(match item {
            Value::Object(members) => draft(front, caller, members, &path).await,
            _ => Err(ApiError::body(path, "each job must be an object")),
        });
    }
    creation::accept_many(front, caller, key, drafts).await
}

/// The job that a request describes; its members stand at `path` in the body.
pub(super) async fn draft(
    front: &Front,
    caller: &Caller,
    mut members: Map<String, Value>,
    path: &str,
) -> Result<NewJob, ApiError> {
    let input = members.remove("input");
    let fields = Fields::at(&members, path);
    let action = fields.required_text("action", 1..=MAX_ACTION_NAME)?;
    permit(front, action).map_err(|error| error.at(place(path, "action")))?;
    let input_path = place(path, "input");
    let input = match input {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(input)) => input,
        Some(_) => return Err(ApiError::body(input_path, "`input` must be an object")),
    };
    let mut job = with_input(front, caller, action, input, &input_path).await?;
    apply(fields, &mut job, front.clock.now())?;
    job.echo.append(&mut fields.references()?);
    Ok(job)
}

fn place(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// Refuses an action that clients cannot ask for.
pub(super) fn permit(front: &Front, action: &str) -> Result<(), ApiError> {
    let actions = front.engine.actions();
    if actions.is_disabled(action) {
        let message = format!("the operator switched `{action}` off");
        return Err(ApiError::new(ErrorCode::ActionDisabled, message));
    }
    if actions.find(action).is_none() || actions.is_internal(action) {
        let mut message = format!("no action `{action}`");
        if let Some(meant) = nearest(action, actions.public().map(|action| action.name())) {
            message = format!("{message}; did you mean `{meant}`?");
        }
        return Err(ApiError::new(ErrorCode::InvalidRequestBody, message));
    }
    Ok(())
}

/// A job with an input that its action accepts, pictures in it stored as files.
pub(super) async fn with_input(
    front: &Front,
    caller: &Caller,
    action: &str,
    input: Map<String, Value>,
    path: &str,
) -> Result<NewJob, ApiError> {
    let named = sources::Named::of(action, &input);
    let job = with_input_to_come(front, caller, action, input, &[], path).await?;
    named.check(front, caller, path).await?;
    Ok(job)
}

/// The same, with members named in `given` that are filled in later.
pub(super) async fn with_input_to_come(
    front: &Front,
    caller: &Caller,
    action: &str,
    mut input: Map<String, Value>,
    given: &[&str],
    path: &str,
) -> Result<NewJob, ApiError> {
    let uploads = uploads::store(front, caller.org, action, &mut input, path).await?;
    let actions = front.engine.actions();
    let found = actions.find(action).ok_or_else(|| ApiError::internal("an action went away"))?;
    found.check(&input, given).map_err(|fault| ApiError::input(path, fault))?;
    let mut job = front.engine.draft(caller.org, action, &input).await?;
    job.assets = uploads.assets;
    job.echo = uploads.echo;
    if is_generation(action) {
        job.echo.insert(REQUESTED_BY.to_owned(), json!(caller.key));
    }
    if matches!(job.input, Payload::Stored(_)) {
        job.echo.extend(render::noted_input(input));
    }
    Ok(job)
}

/// Sets what a request may say of a job beside its input.
fn apply(fields: Fields<'_>, job: &mut NewJob, now: Timestamp) -> Result<(), ApiError> {
    if let Some(priority) = fields.integer("priority", 0..=u64::from(MAX_PRIORITY))? {
        job.priority = u8::try_from(priority).unwrap_or(MAX_PRIORITY);
    }
    if let Some(attempts) = fields.integer("max_attempts", 1..=MAX_ATTEMPTS)? {
        job.max_attempts = u16::try_from(attempts).unwrap_or(u16::MAX);
    }
    if let Some(seconds) = fields.number("attempt_timeout_seconds", 0.001..=MAX_ATTEMPT_SECONDS)? {
        job.attempt_timeout = Duration::from_secs_f64(seconds);
    }
    let unique_key = fields.text("unique_key", 1..=MAX_UNIQUE_KEY)?;
    job.unique_key = unique_key.map(str::to_owned);
    job.run_at = run_at(fields, now)?;
    Ok(())
}

fn run_at(fields: Fields<'_>, now: Timestamp) -> Result<Option<Timestamp>, ApiError> {
    let delay = fields.number("delay_seconds", 0.0..=MAX_DELAY_SECONDS)?;
    let latest = now.after(Duration::from_secs_f64(MAX_DELAY_SECONDS));
    match (fields.text("run_at", 1..=64)?, delay) {
        (Some(_), Some(_)) => Err(fields.fault("run_at", "and `delay_seconds` exclude each other")),
        (Some(text), None) => {
            let message = "must be ISO 8601 with an offset, at most a year from now";
            let at = Timestamp::parse(text).filter(|at| *at <= latest);
            at.ok_or_else(|| fields.fault("run_at", message)).map(Some)
        }
        (None, delay) => Ok(delay.map(|seconds| now.after(Duration::from_secs_f64(seconds)))),
    }
}

/// The name that `word` was probably meant to be.
fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    /// More slips than these are another word.
    const SLIPS: usize = 3;
    names
        .map(|name| (slips(word, name), name))
        .filter(|(slips, _)| *slips <= SLIPS)
        .min()
        .map(|(_, name)| name)
}

/// Levenshtein's distance.
fn slips(one: &str, two: &str) -> usize {
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (line, a) in one.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, b) in two.bytes().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[two.len()]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_recognized() {
        let names = || ["brands.extract", "noop"].into_iter();
        assert_eq!(nearest("brand.extract", names()), Some("brands.extract"));
        assert_eq!(nearest("nop", names()), Some("noop"));
        assert_eq!(nearest("campaigns.generate", names()), None);
    }

    #[test]
    fn a_job_runs_at_a_moment_or_after_a_delay_and_not_both() {
        let now = Timestamp::from_ms(1_700_000_000_000);
        let at = |body: Value| {
            let members = body.as_object().cloned().unwrap_or_default();
            run_at(Fields::of(&members), now).map(|at| at.map(Timestamp::ms))
        };
        assert_eq!(at(json!({})).ok(), Some(None));
        assert_eq!(at(json!({"delay_seconds": 1.5})).ok(), Some(Some(now.ms() + 1_500)));
        let iso = "2023-11-14T22:13:21Z";
        assert_eq!(at(json!({"run_at": iso})).ok(), Some(Some(now.ms() + 1_000)));
        assert!(at(json!({"run_at": iso, "delay_seconds": 1})).is_err());
        assert!(at(json!({"run_at": "tomorrow"})).is_err());
        assert!(at(json!({"run_at": "2999-01-01T00:00:00Z"})).is_err());
        assert!(at(json!({"delay_seconds": -1})).is_err());
    }
}
