//! Who is asking, and whether they may: a handler says what it needs in its arguments.
//!
//! `caller: Authorized<Write>` reads the key, counts the request against the key's window and
//! checks the scope, in that order. A browser may show the cookie of a session instead. Nothing of
//! a key is kept here, so that a revoked one is refused from the next request on. Never: a key in a
//! log line or an error.

use std::future::Future;
use std::marker::PhantomData;
use std::ops::Deref;
use std::pin::Pin;
use std::rc::Rc;

use actix_web::http::{Method, header};
use actix_web::{FromRequest, HttpRequest, dev, web};

use crate::domain::audit::{Actor, Author};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{KeyId, OrgId};
use crate::domain::key::{ApiKey, Dialect, Reach, Scope, Scopes, SecretHash};
use crate::http::cookie::Shown;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::frame::{ErrorForm, Route};
use crate::http::front::Front;
use crate::http::rate_limit::RateLimits;
use crate::http::request_id::Exchange;

/// A kind of permission that a handler can ask for.
pub(crate) trait Permission: 'static {
    /// The scope that it takes.
    const SCOPE: Scope;

    /// Whose objects it opens.
    type Whose: Copy + std::fmt::Debug + 'static;

    /// Whose objects a key opens that reaches so far; `None` when it opens nobody's.
    fn whose(reach: Reach) -> Option<Self::Whose>;
}

macro_rules! permissions {
    ($($name:ident: $doc:literal),*) => {$(
        #[doc = $doc]
        #[derive(Debug)]
        pub(crate) struct $name;

        impl Permission for $name {
            const SCOPE: Scope = Scope::$name;
            type Whose = OrgId;

            fn whose(reach: Reach) -> Option<OrgId> {
                match reach {
                    Reach::Org(org) => Some(org),
                    Reach::EveryOrg => None,
                }
            }
        }
    )*};
}

permissions! {
    Read: "To see what the organization has.",
    Write: "To create and change jobs, brands and files.",
    Keys: "To create and revoke keys of the organization.",
    Operator: "To see the whole server."
}

/// To claim and finish jobs as a remote worker: the one permission that may be for every
/// organization.
#[derive(Debug)]
pub(crate) struct Work;

impl Permission for Work {
    const SCOPE: Scope = Scope::Work;
    type Whose = Reach;

    fn whose(reach: Reach) -> Option<Reach> {
        Some(reach)
    }
}

/// A caller who may do `P`.
#[derive(Debug)]
pub(crate) struct Authorized<P: Permission> {
    caller: Caller<P::Whose>,
    permission: PhantomData<P>,
}

/// Who is asking.
#[derive(Clone, Debug)]
pub(crate) struct Caller<W = OrgId> {
    /// Whose objects they see.
    pub(crate) org: W,
    /// The key that they show.
    pub(crate) key: KeyId,
    /// What it may do.
    pub(crate) scopes: Scopes,
    /// When their session ends; `None` when they show the key itself.
    pub(crate) session_ends_at: Option<Timestamp>,
    /// The request that they sent.
    pub(crate) exchange: Rc<Exchange>,
}

impl<W> Caller<W> {
    /// Who makes the changes that `request` asks for, for the audit log.
    pub(crate) fn author(&self, front: &Front, request: &HttpRequest) -> Author {
        Author {
            actor: Actor::Key(self.key),
            request: Some(self.exchange.id),
            address: front.hosts.client_address(request),
        }
    }
}

impl<P: Permission> Deref for Authorized<P> {
    type Target = Caller<P::Whose>;

    fn deref(&self) -> &Caller<P::Whose> {
        &self.caller
    }
}

impl<P: Permission> FromRequest for Authorized<P> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let (key, session_ends_at, exchange) = recognize(&request).await?;
            let org = permit::<P>(&key)?;
            let (key, scopes) = (key.id, key.scopes);
            let caller = Caller { org, key, scopes, session_ends_at, exchange };
            Ok(Self { caller, permission: PhantomData })
        })
    }
}

/// The key that `request` shows, one of its requests being counted.
async fn recognize(
    request: &HttpRequest,
) -> Result<(ApiKey, Option<Timestamp>, Rc<Exchange>), ApiError> {
    let front = request.app_data::<web::Data<Front>>().expect("the server hands its front down");
    let now = front.clock.now();
    let (key, session_ends_at) = shown_key(front, request, now).await?;
    let exchange = Exchange::of(request);
    exchange.key.set(Some(key.id));
    let allowance = rates(front, request).count(key.id, now);
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
    Ok((key, session_ends_at, exchange))
}

/// The key that a request shows, itself or by a session, and when that session ends.
async fn shown_key(
    front: &Front,
    request: &HttpRequest,
    now: Timestamp,
) -> Result<(ApiKey, Option<Timestamp>), ApiError> {
    let refused = |message| ApiError::new(ErrorCode::InvalidApiKey, message);
    let cookie = if request.headers().contains_key(header::AUTHORIZATION) {
        Shown::Nothing
    } else {
        front.cookie.shown(request)
    };
    match cookie {
        Shown::Nothing => {
            let key = front.catalog.find_key(SecretHash::of(bearer(request)?)).await?;
            let key = key.ok_or_else(|| refused("the API key is unknown or was revoked"))?;
            Ok((key, None))
        }
        Shown::Foreign => Err(ApiError::new(
            ErrorCode::MissingAuthorizationHeader,
            "a session's cookie counts only on the dashboard's own requests; send the API key as \
             `Authorization: Bearer <key>`",
        )),
        Shown::Session(secret) => {
            let found = front.catalog.find_session(SecretHash::of(secret), now).await?;
            let found = found.ok_or_else(|| refused("the session is over; sign in again"))?;
            Ok((found.key, Some(found.expires_at)))
        }
    }
}

/// The windows against which a request counts.
fn rates<'front>(front: &'front Front, request: &HttpRequest) -> &'front RateLimits {
    if announced_dialect(request) == Dialect::Pi {
        return &front.rates;
    }
    // Clients of this dialect look every two seconds, and must never meet a limit by it.
    let route = request.app_data::<Route>();
    let looks = route.is_some_and(|route| route.errors == ErrorForm::ByKey);
    let polls = looks && request.method() == Method::GET;
    if polls { &front.poll_rates } else { &front.flow_relay_rates }
}

/// Whose objects `key` opens for `P`.
fn permit<P: Permission>(key: &ApiKey) -> Result<P::Whose, ApiError> {
    let permitted = key.scopes.contains(P::SCOPE).then(|| P::whose(key.reach)).flatten();
    permitted.ok_or_else(|| {
        let message = format!("this needs a key with the scope `{}`", P::SCOPE.as_str());
        ApiError::new(ErrorCode::InsufficientScope, message)
    })
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
    use crate::domain::key::NewApiKey;

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
    fn a_key_for_every_organization_opens_work_and_nothing_else() {
        let key = |reach: Reach, scopes| {
            NewApiKey::mint(reach, "k", scopes, Dialect::Pi, Timestamp::from_ms(0)).key
        };
        let org = OrgId::mint();
        // No such key can be stored; if one were, it would open nothing.
        let every = key(Reach::EveryOrg, Scopes::all());
        assert_eq!(permit::<Work>(&every).ok(), Some(Reach::EveryOrg));
        let codes = [
            permit::<Read>(&every).map(drop),
            permit::<Write>(&every).map(drop),
            permit::<Keys>(&every).map(drop),
            permit::<Operator>(&every).map(drop),
        ];
        for code in codes.map(|permitted| permitted.expect_err("refused").refusal().code) {
            assert_eq!(code, ErrorCode::InsufficientScope);
        }
        let own = key(Reach::Org(org), Scopes::of(&[Scope::Work]));
        assert_eq!(permit::<Work>(&own).ok(), Some(Reach::Org(org)));
        assert!(permit::<Read>(&own).is_err());
        let reader = key(Reach::Org(org), Scopes::of(&[Scope::Read]));
        assert_eq!(permit::<Read>(&reader).ok(), Some(org));
        assert!(permit::<Work>(&reader).is_err());
    }

    #[test]
    fn the_prefix_of_a_key_announces_the_dialect() {
        assert_eq!(announced_dialect(&showing("Bearer fr_x")), Dialect::FlowRelay);
        assert_eq!(announced_dialect(&showing("Bearer pi_live_x")), Dialect::Pi);
        assert_eq!(announced_dialect(&TestRequest::get().to_http_request()), Dialect::Pi);
    }
}
