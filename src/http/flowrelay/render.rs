//! How the Flow Relay dialect says things.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::json;

use crate::http::error::Refusal;

/// A refusal: a text for people, under the statuses that both dialects share.
pub(crate) fn refuse(refusal: &Refusal) -> HttpResponse {
    let status = StatusCode::from_u16(refusal.code.status()).expect("the table holds statuses");
    let text = match &refusal.param {
        Some(param) => format!("{param}: {}", refusal.message),
        None => refusal.message.to_string(),
    };
    HttpResponse::build(status).json(json!({ "error": text }))
}
