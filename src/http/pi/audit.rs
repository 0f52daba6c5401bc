//! The audit log, for who may see the whole server.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use crate::domain::audit::{Actor, AuditEntry, Author};
use crate::http::auth::{Authorized, Operator};
use crate::http::error::ApiError;
use crate::http::front::Front;
use crate::http::pi::render;
use crate::http::query::Query;
use crate::http::request_id::Wire;
use crate::store::{AuditFilter, AuditPage};

/// A page of the log, newest first.
pub(crate) async fn list(
    caller: Authorized<Operator>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let (items, more) = page(&front, &request).await?;
    Ok(render::list(&caller.exchange, front.clock.now(), items, more))
}

/// The entries that a query asks for, and what comes after them.
pub(crate) async fn page(
    front: &Front,
    request: &HttpRequest,
) -> Result<(Vec<Value>, Value), ApiError> {
    let filter = filter(Query(request.query_string()))?;
    let AuditPage { entries, next } = front.catalog.audit(filter).await?;
    let more = json!({ "has_more": next.is_some(), "next_cursor": next });
    Ok((entries.iter().map(members).collect(), more))
}

fn filter(query: Query<'_>) -> Result<AuditFilter, ApiError> {
    let action = query.filled("action").map(|word| word.parse()).transpose();
    Ok(AuditFilter {
        action: action.map_err(|error: crate::domain::audit::UnknownAuditAction| {
            ApiError::query("action", error.to_string())
        })?,
        key: query.id("key_id")?,
        object: query.filled("object_id").map(std::borrow::Cow::into_owned),
        after: query.moment("created_after")?,
        before: query.moment("created_before")?,
        cursor: query.id("cursor")?,
        limit: query.limit()?,
    })
}

/// An entry, as the wire and the command line show it.
pub(crate) fn members(entry: &AuditEntry) -> Value {
    let AuditEntry { id, at, author, key_name, action, org, object, object_name, detail } = entry;
    let Author { actor, request, address } = author;
    let mut who = json!({ "type": actor.as_str() });
    if let Actor::Key(key) = actor {
        who["id"] = json!(key);
        who["name"] = json!(key_name);
    }
    json!({
        "id": id,
        "at": at.iso(),
        "action": action.as_str(),
        "actor": who,
        "org_id": org,
        "object": { "type": action.noun(), "id": object, "name": object_name },
        "detail": detail,
        "request_id": request.map(|id| Wire(id).to_string()),
        "address": address,
    })
}
