//! How the Pi dialect says things: envelopes, refusals, lists.
//!
//! States, types and ids are translated here and nowhere else. Never: a read of its own.

mod brand;
mod event;
mod job;
mod run;
mod schedule;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::domain::clock::Timestamp;
use crate::http::error::Refusal;
use crate::http::request_id::{Exchange, Wire};

pub(super) use brand::{BrandView, dna as brand_dna};
pub(crate) use event::{event_job, event_run};
pub(super) use job::{
    Detail, JobView, Selection, action_of_type, error_code, is_picture_job, noted_input,
    result_url, shown_input, states_of_status, status as job_status, type_of_action,
};
pub(super) use run::{RunView, accepted_run};
pub(super) use schedule::{schedule, schedule_job};

/// What a success says beside its data.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    /// What the data is, such as `job`.
    pub(super) object: &'static str,
    /// The state of it; `completed` for what has none.
    pub(super) status: &'static str,
}

impl Head {
    /// Of something that has no state.
    pub(super) const fn of(object: &'static str) -> Self {
        Self { object, status: "completed" }
    }
}

#[derive(Serialize)]
struct Envelope<'a, T> {
    id: &'a str,
    object: &'static str,
    status: &'static str,
    created_at: i64,
    data: T,
}

/// A success's whole body as text.
pub(super) fn body(
    exchange: &Exchange,
    now: Timestamp,
    head: Head,
    data: impl Serialize,
) -> String {
    let id = Wire(exchange.id).to_string();
    let Head { object, status } = head;
    let envelope = Envelope { id: &id, object, status, created_at: now.unix(), data };
    text(envelope)
}

/// The members of a success.
pub(super) fn members(
    exchange: &Exchange,
    now: Timestamp,
    head: Head,
    data: Value,
) -> Map<String, Value> {
    let Head { object, status } = head;
    Map::from_iter([
        ("id".to_owned(), json!(Wire(exchange.id).to_string())),
        ("object".to_owned(), json!(object)),
        ("status".to_owned(), json!(status)),
        ("created_at".to_owned(), json!(now.unix())),
        ("data".to_owned(), data),
    ])
}

/// A success.
pub(super) fn succeed(
    exchange: &Exchange,
    now: Timestamp,
    head: Head,
    data: impl Serialize,
) -> HttpResponse {
    json_text(StatusCode::OK, body(exchange, now, head, data))
}

/// A value as JSON text.
pub(super) fn text(value: impl Serialize) -> String {
    serde_json::to_string(&value).expect("plain values have a JSON text")
}

/// A success whose data is a JSON text already.
pub(super) fn succeed_with_text(
    exchange: &Exchange,
    now: Timestamp,
    head: Head,
    data: &str,
) -> HttpResponse {
    let (id, created_at) = (Wire(exchange.id), now.unix());
    let Head { object, status } = head;
    let body = format!(
        "{{\"id\":\"{id}\",\"object\":\"{object}\",\"status\":\"{status}\",\
         \"created_at\":{created_at},\"data\":{data}}}"
    );
    json_text(StatusCode::OK, body)
}

/// A success whose body is a JSON text already.
pub(super) fn json_text(status: StatusCode, body: String) -> HttpResponse {
    HttpResponse::build(status).content_type("application/json").body(body)
}

/// A page of a list, `more` being the members that say what comes after it.
pub(super) fn list(
    exchange: &Exchange,
    now: Timestamp,
    items: Vec<Value>,
    more: Value,
) -> HttpResponse {
    let mut data = match more {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    data.insert("data".to_owned(), Value::Array(items));
    succeed(exchange, now, Head::of("list"), data)
}

/// The answer to a deletion.
pub(super) fn deleted(
    exchange: &Exchange,
    now: Timestamp,
    object: &'static str,
    id: impl std::fmt::Display,
) -> HttpResponse {
    let data = json!({ "id": id.to_string(), "deleted": true });
    succeed(exchange, now, Head::of(object), data)
}

/// A refusal.
pub(crate) fn refuse(refusal: &Refusal, request_id: &str) -> HttpResponse {
    let status = StatusCode::from_u16(refusal.code.status()).expect("the table holds statuses");
    HttpResponse::build(status).json(json!({ "error": error(refusal, request_id) }))
}

/// The `error` of a refusal, also of a single item in a list of answers.
pub(super) fn error(refusal: &Refusal, request_id: &str) -> Value {
    let mut error = json!({
        "type": refusal.code.kind().as_str(),
        "code": refusal.code.as_str(),
        "message": refusal.message,
        "request_id": request_id,
    });
    if let Some(param) = &refusal.param {
        error["param"] = json!(param);
    }
    if let Some(job) = &refusal.job {
        error["job_id"] = json!(job);
    }
    error
}
