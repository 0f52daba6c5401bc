//! API keys of the caller's organization.
//!
//! A secret is in the answer that creates its key and in no other. Never: a scope that the caller
//! does not have, and never the operator's.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use crate::domain::clock::Timestamp;
use crate::domain::key::{ApiKey, Dialect, MAX_KEY_NAME, NewApiKey, Scope, Scopes};
use crate::http::auth::{Authorized, Caller, Keys};
use crate::http::body::Body;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::fields::Fields;
use crate::http::front::Front;
use crate::http::idempotency;
use crate::http::pi::render::{self, Head};

/// All keys, revoked ones included.
pub(crate) async fn list(
    caller: Authorized<Keys>,
    front: web::Data<Front>,
) -> Result<HttpResponse, ApiError> {
    let keys = front.catalog.keys(Some(caller.org)).await?;
    let items = keys.iter().map(members).collect();
    Ok(render::list(&caller.exchange, front.clock.now(), items, json!({ "has_more": false })))
}

/// Makes a key.
pub(crate) async fn create(
    caller: Authorized<Keys>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    idempotency::refuse_key(request.headers())?;
    let (body, _share) = body.json().await?.object()?;
    let fields = Fields::of(&body);
    let name = fields.required_text("name", 1..=MAX_KEY_NAME)?;
    let scopes = scopes(fields, &caller)?;
    let dialect = dialect(fields)?;
    let now = front.clock.now();
    let new = NewApiKey::mint(caller.org, name, scopes, dialect, now);
    let mut data = members(&new.key);
    data["key"] = json!(new.secret);
    front.catalog.insert_key(new, caller.author(&front, &request)).await?;
    let body = render::body(&caller.exchange, now, Head::of("key"), data);
    Ok(render::json_text(StatusCode::CREATED, body))
}

/// `scopes`: what the new key may do, `read` and `write` when nothing is said.
fn scopes(fields: Fields<'_>, caller: &Caller) -> Result<Scopes, ApiError> {
    let scopes = match fields.texts("scopes", 1..=Scope::ALL.len())? {
        None => Scopes::of(&[Scope::Read, Scope::Write]),
        Some(words) => {
            let scopes: Result<Vec<Scope>, _> = words.into_iter().map(str::parse).collect();
            Scopes::of(&scopes.map_err(|error| ApiError::body("scopes", error.to_string()))?)
        }
    };
    if scopes.contains(Scope::Operator) {
        let message = "`operator` is given on the server's command line only";
        return Err(ApiError::body("scopes", message));
    }
    if !caller.scopes.covers(scopes) {
        let message = format!("a key gives only scopes that it has: {}", caller.scopes);
        return Err(ApiError::new(ErrorCode::InsufficientScope, message).at("scopes"));
    }
    Ok(scopes)
}

/// `dialect`: what the key begins with.
pub(crate) fn dialect(fields: Fields<'_>) -> Result<Dialect, ApiError> {
    match fields.text("dialect", 1..=20)? {
        None | Some("pi") => Ok(Dialect::Pi),
        Some("flowrelay") => Ok(Dialect::FlowRelay),
        Some(_) => Err(fields.fault("dialect", "must be `pi` or `flowrelay`")),
    }
}

/// Revokes a key, the caller's own included.
pub(crate) async fn delete(
    caller: Authorized<Keys>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let unknown = || ApiError::new(ErrorCode::KeyNotFound, "no such key");
    let id = request.match_info().get("id").and_then(|id| id.parse().ok()).ok_or_else(unknown)?;
    let now = front.clock.now();
    let author = caller.author(&front, &request);
    front.catalog.revoke_key(Some(caller.org), id, now, author).await?.ok_or_else(unknown)?;
    Ok(render::deleted(&caller.exchange, now, "key", id))
}

/// A key without its secret.
pub(crate) fn members(key: &ApiKey) -> Value {
    let ApiKey { id, reach: _, name, scopes, hint, created_at, last_used_at, revoked_at } = key;
    json!({
        "id": id,
        "name": name,
        "scopes": scopes.iter().map(Scope::as_str).collect::<Vec<_>>(),
        "hint": hint,
        "created_at": created_at.iso(),
        "last_used_at": last_used_at.map(Timestamp::iso),
        "revoked_at": revoked_at.map(Timestamp::iso),
    })
}
