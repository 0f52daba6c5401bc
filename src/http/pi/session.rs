//! Sessions: a key for a cookie, so that the dashboard need not keep the key.
//!
//! A session does what its key does, ends after a working day, and at once when the key is
//! revoked. Never: one session made from another, which would have no end.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use crate::domain::clock::Timestamp;
use crate::domain::key::{Scope, SecretHash};
use crate::domain::session::NewSession;
use crate::http::auth::{Authorized, Caller, Read};
use crate::http::cookie::Shown;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::front::Front;
use crate::http::pi::render::{self, Head};

/// Makes a session of the key in the header, and gives it in a cookie.
pub(crate) async fn create(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    crate::http::idempotency::refuse_key(request.headers())?;
    let key = caller.exchange.key.get().filter(|_| caller.session_ends_at.is_none());
    let key = key.ok_or_else(|| {
        ApiError::new(
            ErrorCode::MissingAuthorizationHeader,
            "a session is made from a key: send it as `Authorization: Bearer <key>`",
        )
    })?;
    let now = front.clock.now();
    let new = NewSession::mint(key, now);
    let cookie = front.cookie.setting(&new.secret, is_secure(&front, &request));
    let ends_at = new.expires_at;
    front.catalog.insert_session(new).await?;
    let data = members(&caller, &front, Some(ends_at)).await?;
    let mut response = render::succeed(&caller.exchange, now, Head::of("session"), data);
    set_cookie(&mut response, &cookie)?;
    Ok(response)
}

/// Whose key or session the caller shows, and what it may do.
pub(crate) async fn show(
    caller: Authorized<Read>,
    front: web::Data<Front>,
) -> Result<HttpResponse, ApiError> {
    let data = members(&caller, &front, caller.session_ends_at).await?;
    Ok(render::succeed(&caller.exchange, front.clock.now(), Head::of("session"), data))
}

/// Ends the session that the caller shows.
pub(crate) async fn end(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    if let Shown::Session(secret) = front.cookie.shown(&request) {
        front.catalog.end_session(SecretHash::of(secret)).await?;
    }
    let id = caller.exchange.key.get().map(|key| key.to_string()).unwrap_or_default();
    let mut response = render::deleted(&caller.exchange, front.clock.now(), "session", id);
    set_cookie(&mut response, &front.cookie.clearing(is_secure(&front, &request)))?;
    Ok(response)
}

async fn members(
    caller: &Caller,
    front: &Front,
    ends_at: Option<Timestamp>,
) -> Result<Value, ApiError> {
    let orgs = front.catalog.orgs().await?;
    let name = orgs.into_iter().find(|org| org.id == caller.org).map(|org| org.name);
    Ok(json!({
        "org_id": caller.org,
        "org_name": name,
        "key_id": caller.exchange.key.get(),
        "scopes": caller.scopes.iter().map(Scope::as_str).collect::<Vec<_>>(),
        "expires_at": ends_at.map(Timestamp::iso),
        "version": env!("CARGO_PKG_VERSION"),
    }))
}

/// Whether browsers reach this server by TLS, so that the cookie must not travel without it.
fn is_secure(front: &Front, request: &HttpRequest) -> bool {
    front.hosts.base_url(request).starts_with("https:")
}

fn set_cookie(response: &mut HttpResponse, cookie: &str) -> Result<(), ApiError> {
    let value = HeaderValue::from_str(cookie).map_err(ApiError::internal)?;
    response.headers_mut().insert(header::SET_COOKIE, value);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(())
}
