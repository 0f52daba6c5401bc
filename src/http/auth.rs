//! Who is asking, and whether they may: a handler says what it needs in its arguments.
//!
//! `caller: Authorized<Write>` reads the key, counts the request against the key's window and
//! checks the scope, in that order. Nothing of a key is kept here, so that a revoked one is
//! refused from the next request on. Never: a key in a log line or an error.

use std::future::Future;
use std::marker::PhantomData;
use std::ops::Deref;
use std::pin::Pin;
use std::rc::Rc;

use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, dev, web};

use crate::domain::ids::OrgId;
use crate::domain::key::{Dialect, Scope, Scopes, SecretHash};
use crate::http::error::{ApiError, ErrorCode};
use crate::http::front::Front;
use crate::http::request_id::Exchange;

/// A kind of permission that a handler can ask for.
pub(crate) trait Permission: 'static {
    /// The scope that it takes.
    const SCOPE: Scope;
}

macro_rules! permissions {
    ($($name:ident: $doc:literal),*) => {$(
        #[doc = $doc]
        #[derive(Debug)]
        pub(crate) struct $name;

        impl Permission for $name {
            const SCOPE: Scope = Scope::$name;
        }
    )*};
}

permissions! {
    Read: "To see what the organization has.",
    Write: "To create and change jobs, brands and files.",
    Keys: "To create and revoke keys of the organization.",
    Operator: "To see the whole server."
}

/// A caller who may do `P`.
#[derive(Debug)]
pub(crate) struct Authorized<P> {
    caller: Caller,
    permission: PhantomData<P>,
}

/// Who is asking.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// Whose objects they see.
    pub(crate) org: OrgId,
    /// What it may do.
    pub(crate) scopes: Scopes,
    /// The request that they sent.
    pub(crate) exchange: Rc<Exchange>,
}

impl<P> Deref for Authorized<P> {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl<P: Permission> FromRequest for Authorized<P> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let caller = authorize(&request, P::SCOPE).await?;
            Ok(Self { caller, permission: PhantomData })
        })
    }
}

async fn authorize(request: &HttpRequest, scope: Scope) -> Result<Caller, ApiError> {
    let front = request.app_data::<web::Data<Front>>().expect("the server hands its front down");
    let hash = SecretHash::of(bearer(request)?);
    let key = front.catalog.find_key(hash).await?.ok_or_else(|| {
        ApiError::new(ErrorCode::InvalidApiKey, "the API key is unknown or was revoked")
    })?;
    let now = front.clock.now();
    let exchange = Exchange::of(request);
    exchange.key.set(Some(key.id));
    let allowance = front.rates.count(key.id, now);
    exchange.allowance.set(Some(allowance));
    if allowance.first {
        front.uses.key(key.id, now);
    }
    if allowance.exceeded {
        let message = format!(
            "this key may send {} requests a minute; wait {} s",
            allowance.limit, allowance.reset_in
        );
        return Err(ApiError::new(ErrorCode::RateLimitExceeded, message)
            .retry_after(allowance.reset_in.max(1)));
    }
    if !key.scopes.contains(scope) {
        let message = format!("this needs a key with the scope `{}`", scope.as_str());
        return Err(ApiError::new(ErrorCode::InsufficientScope, message));
    }
    Ok(Caller { org: key.org, scopes: key.scopes, exchange })
}

/// The secret that `request` shows.
fn bearer(request: &HttpRequest) -> Result<&str, ApiError> {
    let Some(value) = request.headers().get(header::AUTHORIZATION) else {
        return Err(ApiError::new(
            ErrorCode::MissingAuthorizationHeader,
            "send the API key as `Authorization: Bearer <key>`",
        ));
    };
    value.to_str().ok().and_then(secret).ok_or_else(|| {
        ApiError::new(ErrorCode::InvalidApiKey, "the Authorization header must read `Bearer <key>`")
    })
}

fn secret(value: &str) -> Option<&str> {
    let (scheme, secret) = value.split_once(' ')?;
    let secret = secret.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !secret.is_empty()).then_some(secret)
}

/// The dialect that the shown key announces, be it valid or not; Pi when none is shown.
pub(crate) fn announced_dialect(request: &HttpRequest) -> Dialect {
    request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(secret)
        .map_or(Dialect::Pi, Dialect::of_secret)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn showing(value: &'static str) -> HttpRequest {
        TestRequest::get().insert_header((header::AUTHORIZATION, value)).to_http_request()
    }

    #[test]
    fn the_scheme_is_read_in_any_case_and_nothing_else_is_taken() {
        assert_eq!(bearer(&showing("bearer pi_live_x")).ok(), Some("pi_live_x"));
        assert_eq!(bearer(&showing("Bearer  fr_x ")).ok(), Some("fr_x"));
        for value in ["Basic cGk6", "pi_live_x", "Bearer ", "Bearer"] {
            let refusal = bearer(&showing(value)).expect_err("not a bearer key");
            assert_eq!(refusal.refusal().code, ErrorCode::InvalidApiKey, "{value}");
        }
        let refusal = bearer(&TestRequest::get().to_http_request()).expect_err("no header");
        assert_eq!(refusal.refusal().code, ErrorCode::MissingAuthorizationHeader);
    }

    #[test]
    fn the_prefix_of_a_key_announces_the_dialect() {
        assert_eq!(announced_dialect(&showing("Bearer fr_x")), Dialect::FlowRelay);
        assert_eq!(announced_dialect(&showing("Bearer pi_live_x")), Dialect::Pi);
        assert_eq!(announced_dialect(&TestRequest::get().to_http_request()), Dialect::Pi);
    }
}
