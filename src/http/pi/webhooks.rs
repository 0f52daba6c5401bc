//! Webhooks of the caller's organization, and what was delivered to them.
//!
//! A secret is sealed as it comes in, and no answer holds one. Never: an address that the
//! operator's rules refuse, or a word of what an endpoint answered.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use crate::actions;
use crate::domain::clock::Timestamp;
use crate::domain::ids::{JobId, WebhookId};
use crate::domain::job::{Attempt, Enqueued, JobState};
use crate::domain::webhook::{
    EventKind, EventSubject, MAX_WEBHOOKS, NewDelivery, Webhook, WebhookEdit,
};
use crate::http::auth::{Authorized, Caller, Keys};
use crate::http::body::Body;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::fields::Fields;
use crate::http::front::Front;
use crate::http::idempotency::{self, ClientKey};
use crate::http::pi::creation;
use crate::http::pi::render::{self, Head};
use crate::http::query::Query;
use crate::outbound::rules;
use crate::store::{Delivering, DeliveryFilter, Inserted};

/// The longest and the shortest secret, in characters.
const SECRET_CHARACTERS: std::ops::RangeInclusive<usize> = 8..=500;

/// All webhooks, newest first.
pub(crate) async fn list(
    caller: Authorized<Keys>,
    front: web::Data<Front>,
) -> Result<HttpResponse, ApiError> {
    let webhooks = front.catalog.webhooks(caller.org).await?;
    let items = webhooks.iter().map(members).collect();
    let more = json!({ "object": "list", "has_more": false });
    Ok(render::list(&caller.exchange, front.clock.now(), items, more))
}

/// Makes a webhook.
pub(crate) async fn create(
    caller: Authorized<Keys>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let (key, json) = ClientKey::of(request.headers(), "webhooks", body.json().await?).await?;
    let (body, _share) = json.object()?;
    let fields = Fields::of(&body);
    let endpoint_url = endpoint(&front, fields)?;
    let endpoint_url = endpoint_url.ok_or_else(|| fields.fault("endpoint_url", "is required"))?;
    let secret = fields.required_text("secret", SECRET_CHARACTERS)?;
    let events = events(fields)?.unwrap_or_else(|| EventKind::USUAL.to_vec());
    let (id, now) = (WebhookId::mint(), front.clock.now());
    let webhook = Webhook {
        id,
        org: caller.org,
        endpoint_url,
        events,
        is_active: true,
        secret: front.secret_key.seal(id.as_bytes(), secret),
        previous_secret: None,
        gone_at: None,
        created_at: now,
        updated_at: now,
    };
    let body = render::body(&caller.exchange, now, Head::of("webhook"), members(&webhook));
    let key = key.map(|key| key.storing(201, body.clone()));
    let author = caller.author(&front, &request);
    match front.catalog.insert_webhook(webhook, MAX_WEBHOOKS, key, author).await? {
        Inserted::Created => Ok(render::json_text(StatusCode::CREATED, body)),
        Inserted::Replayed(answer) => Ok(creation::replayed(StatusCode::CREATED, answer)),
        Inserted::KeyMismatch => Err(idempotency::mismatch()),
        Inserted::Full => {
            let message = format!("an organization has at most {MAX_WEBHOOKS} webhooks");
            Err(ApiError::new(ErrorCode::InvalidRequestBody, message))
        }
    }
}

/// Changes a webhook.
pub(crate) async fn edit(
    caller: Authorized<Keys>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let id = webhook_id(&request)?;
    let (body, _share) = body.json().await?.object()?;
    let fields = Fields::of(&body);
    let secret = fields.text("secret", SECRET_CHARACTERS)?;
    let edit = WebhookEdit {
        is_active: fields.boolean("is_active")?,
        endpoint_url: endpoint(&front, fields)?,
        events: events(fields)?,
        secret: secret.map(|secret| front.secret_key.seal(id.as_bytes(), secret)),
    };
    if edit.is_active == Some(true) && edit.secret.is_none() {
        let webhook = front.catalog.webhook(caller.org, id).await?.ok_or_else(unknown)?;
        if !webhook.has_secret() {
            return Err(fields.fault("secret", "is required: the earlier one was lost"));
        }
    }
    let now = front.clock.now();
    let author = caller.author(&front, &request);
    let edited = front.catalog.edit_webhook(caller.org, id, edit, now, author).await?;
    let data = members(&edited.ok_or_else(unknown)?);
    Ok(render::succeed(&caller.exchange, now, Head::of("webhook"), data))
}

/// Deletes a webhook.
pub(crate) async fn delete(
    caller: Authorized<Keys>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let id = webhook_id(&request)?;
    let (now, author) = (front.clock.now(), caller.author(&front, &request));
    if !front.catalog.delete_webhook(caller.org, id, now, author).await? {
        return Err(unknown());
    }
    Ok(render::deleted(&caller.exchange, now, "webhook", id))
}

/// A page of what was, or is to be, delivered to a webhook, newest first.
pub(crate) async fn deliveries(
    caller: Authorized<Keys>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let webhook = webhook_id(&request)?;
    let query = Query(request.query_string());
    let filter = DeliveryFilter {
        org: caller.org,
        webhook,
        id: None,
        cursor: query.id("cursor")?,
        limit: query.limit()?,
    };
    front.catalog.webhook(caller.org, webhook).await?.ok_or_else(unknown)?;
    let page = front.catalog.deliveries(filter).await?;
    let items = page.deliveries.iter().map(delivery_members).collect();
    let more = json!({ "has_more": page.next.is_some(), "next_cursor": page.next });
    Ok(render::list(&caller.exchange, front.clock.now(), items, more))
}

/// Delivers the event of an earlier delivery once more.
pub(crate) async fn resend(
    caller: Authorized<Keys>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let (key, _) =
        ClientKey::of(request.headers(), "deliveries/resend", body.json().await?).await?;
    let webhook = webhook_id(&request)?;
    front.catalog.webhook(caller.org, webhook).await?.ok_or_else(unknown)?;
    let no_delivery = || ApiError::new(ErrorCode::DeliveryNotFound, "no such delivery");
    let id = request.match_info().get("delivery").and_then(|id| id.parse::<JobId>().ok());
    let id = id.ok_or_else(no_delivery)?;
    let earlier = find(&front, &caller, webhook, id).await?;
    let event = earlier.ok_or_else(no_delivery)?.event;
    let mut job = actions::delivery(caller.org, NewDelivery { webhook, event });
    let data = json!({
        "object": "delivery", "id": job.id, "event": event.kind, "event_id": event.wire_id(),
        "status": "pending", "resend_of": id,
    });
    let head = Head { object: "delivery", status: "queued" };
    let body = render::body(&caller.exchange, front.clock.now(), head, data);
    job.idempotency = key.map(|key| key.about(id).storing(202, body.clone()));
    match front.engine.enqueue(job).await? {
        Enqueued::Created(_) => Ok(render::json_text(StatusCode::ACCEPTED, body)),
        Enqueued::Replayed(answer) => Ok(creation::replayed(StatusCode::ACCEPTED, answer)),
        Enqueued::KeyMismatch => Err(idempotency::mismatch()),
        Enqueued::UniqueJobExists(_) | Enqueued::QueueFull => {
            Err(ApiError::internal("a delivery that was refused"))
        }
    }
}

async fn find(
    front: &Front,
    caller: &Caller,
    webhook: WebhookId,
    id: JobId,
) -> Result<Option<Delivering>, ApiError> {
    let filter = DeliveryFilter { org: caller.org, webhook, id: Some(id), cursor: None, limit: 1 };
    Ok(front.catalog.deliveries(filter).await?.deliveries.pop())
}

fn webhook_id(request: &HttpRequest) -> Result<WebhookId, ApiError> {
    request.match_info().get("id").and_then(|id| id.parse().ok()).ok_or_else(unknown)
}

fn unknown() -> ApiError {
    ApiError::new(ErrorCode::WebhookNotFound, "no such webhook")
}

/// `endpoint_url`: where the operator's rules let messages go.
fn endpoint(front: &Front, fields: Fields<'_>) -> Result<Option<String>, ApiError> {
    let Some(text) = fields.text("endpoint_url", 1..=rules::MAX_URL_BYTES)? else {
        return Ok(None);
    };
    let url = front.options.webhooks.check(text);
    let url = url.map_err(|fault| ApiError::body("endpoint_url", fault.to_string()))?;
    Ok(Some(url.to_string()))
}

fn events(fields: Fields<'_>) -> Result<Option<Vec<EventKind>>, ApiError> {
    let Some(words) = fields.texts("events", 1..=EventKind::ALL.len())? else { return Ok(None) };
    let kinds: Result<Vec<EventKind>, _> = words.into_iter().map(str::parse).collect();
    let kinds = kinds.map_err(|error| ApiError::body("events", error.to_string()))?;
    Ok(Some(EventKind::ALL.into_iter().filter(|kind| kinds.contains(kind)).collect()))
}

/// A webhook without its secrets.
fn members(webhook: &Webhook) -> Value {
    let Webhook {
        id,
        org: _,
        endpoint_url,
        events,
        is_active,
        secret: _,
        previous_secret,
        gone_at,
        created_at,
        updated_at,
    } = webhook;
    json!({
        "object": "webhook",
        "id": id,
        "endpoint_url": endpoint_url,
        "events": events,
        "is_active": is_active,
        "has_secret": webhook.has_secret(),
        "gone_at": gone_at.map(Timestamp::iso),
        "previous_secret_until": previous_secret.as_ref().map(|(_, until)| until.iso()),
        "created_at": created_at.iso(),
        "updated_at": updated_at.iso(),
    })
}

fn delivery_members(delivery: &Delivering) -> Value {
    let Delivering { job, event, attempts } = delivery;
    let result = match &job.result {
        Some(crate::domain::payload::Payload::Inline(text)) => {
            serde_json::from_str(text).unwrap_or_default()
        }
        _ => Map::new(),
    };
    let subject = match event.subject {
        EventSubject::Job(id) => json!({ "job_id": id }),
        EventSubject::Run(id) => json!({ "run_id": id }),
    };
    let attempts: Vec<Value> =
        attempts.iter().map(|attempt| attempt_members(attempt, &result)).collect();
    let mut members = json!({
        "object": "delivery",
        "id": job.id,
        "event": event.kind,
        "event_id": event.wire_id(),
        "status": delivery_status(job.state, &result),
        "attempts": attempts,
        "max_attempts": job.max_attempts,
        "next_attempt_at": job.run_at.map(Timestamp::iso),
        "created_at": job.created_at.iso(),
        "updated_at": job.updated_at.iso(),
    });
    if let (Value::Object(members), Value::Object(subject)) = (&mut members, subject) {
        members.extend(subject);
    }
    members
}

/// The status by which an endpoint says that it is gone for good.
const GONE: u64 = 410;

fn delivery_status(state: JobState, result: &Map<String, Value>) -> &'static str {
    match state {
        JobState::Blocked | JobState::Queued => "pending",
        JobState::Processing => "delivering",
        JobState::Completed if result.get("status") == Some(&json!(GONE)) => "failed",
        JobState::Completed => "delivered",
        JobState::Failed | JobState::Cancelled => "failed",
    }
}

/// Time, status, duration and class of error, of an attempt that ended.
fn attempt_members(attempt: &Attempt, result: &Map<String, Value>) -> Value {
    let Attempt { attempt, started_at, ended_at, outcome: _, error, worker: _ } = attempt;
    let code = error.as_ref().map(|error| error.code.as_str());
    let status = match code {
        Some(code) => code.strip_prefix("status_").and_then(|status| status.parse::<u64>().ok()),
        None => result.get("status").and_then(Value::as_u64),
    };
    let took = ended_at.since(*started_at);
    json!({
        "attempt": attempt,
        "at": started_at.iso(),
        "response_status": status,
        "duration_ms": u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "error_code": code.or_else(|| (status == Some(GONE)).then_some("status_410")),
        "error": error.as_ref().map(|error| error.message.as_str()),
    })
}
