//! What every answer has, whichever route gives it: an id, the headers of the key's window, an
//! error in the caller's dialect, and a place in the metrics.
//!
//! The outermost middleware of each server. Never: a decision about what a request means.

use std::future::{Future, ready};
use std::rc::Rc;

use actix_web::body::BoxBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::future::Either;

use crate::domain::key::Dialect;
use crate::http::account::Account;
use crate::http::error::{ApiError, ErrorCode, Refusal};
use crate::http::front::Front;
use crate::http::rate_limit::Allowance;
use crate::http::request_id::{Exchange, Wire};
use crate::http::{auth, cors, flowrelay, host, pi};

/// What `routes` says of a path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Route {
    /// The path's pattern, a metric's label.
    pub(crate) pattern: &'static str,
    /// How its errors look.
    pub(crate) errors: ErrorForm,
    /// Whether the log notes every change that is made through it.
    pub(crate) noted: bool,
}

/// In which dialect a route refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorForm {
    /// Always in Pi's.
    Pi,
    /// Always in Flow Relay's.
    FlowRelay,
    /// In the one that the key's prefix announces.
    ByKey,
}

/// Set on a server whose address is guard enough: it answers whatever host a request names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AnyHost;

/// Answers a request by `service`, with all that an answer needs around it.
pub(crate) fn around<S>(
    request: ServiceRequest,
    service: &S,
) -> impl Future<Output = Result<ServiceResponse, actix_web::Error>> + use<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = actix_web::Error>,
{
    let front = front_of(request.request()).clone();
    let exchange = Exchange::begin();
    actix_web::HttpMessage::extensions_mut(&request).insert(Rc::clone(&exchange));
    let answer = match turned_away(&front, request.request()) {
        None => Either::Left(service.call(request)),
        Some(Ok(response)) => Either::Right(ready(Ok(request.into_response(response)))),
        Some(Err(error)) => Either::Right(ready(Ok(request.error_response(error)))),
    };
    async move {
        let answer = answer.await?;
        Ok(finished(&front, &exchange, answer))
    }
}

/// The answer to a request that reaches no route, because of its host, its origin or what it
/// would accept.
fn turned_away(front: &Front, request: &HttpRequest) -> Option<Result<HttpResponse, ApiError>> {
    let path = request.path();
    let probe = matches!(path, "/healthz" | "/readyz") || request.app_data::<AnyHost>().is_some();
    let host = host::named_host(request);
    if let Some(host) = host.filter(|host| !probe && !front.hosts.allows(host)) {
        let message = format!("this server does not answer for `{host}`: its operator can name it");
        return Some(Err(ApiError::new(ErrorCode::HostNotAllowed, message)));
    }
    if let Some(response) = cors::preflight(request, &front.options.cors) {
        return Some(Ok(response));
    }
    let json = path.starts_with("/api/v1/") && !path.starts_with("/api/v1/assets/");
    if json && !accepts_json(request.headers()) {
        let message = "answers are `application/json`: accept that, or send no Accept header";
        return Some(Err(ApiError::new(ErrorCode::NotAcceptable, message)));
    }
    None
}

fn accepts_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::ACCEPT).filter_map(|value| value.to_str().ok());
    let Some(first) = values.next() else { return true };
    let served = ["application/json", "application/*", "*/*", "text/event-stream"];
    std::iter::once(first).chain(values).flat_map(|value| value.split(',')).any(|range| {
        let range = range.split(';').next().unwrap_or_default().trim();
        served.iter().any(|kind| kind.eq_ignore_ascii_case(range))
    })
}

fn finished(front: &Front, exchange: &Exchange, answer: ServiceResponse) -> ServiceResponse {
    let route = answer.request().app_data::<Route>().copied().unwrap_or(UNKNOWN);
    let refused = answer.response().error().map(|error| {
        let foreign = match error.as_error::<ApiError>() {
            Some(_) => None,
            None => Some(foreign(answer.status().as_u16(), error)),
        };
        let error = foreign.as_ref().or_else(|| error.as_error()).expect("one of the two");
        let (refusal, request) = (error.refusal(), answer.request());
        account(exchange, route, request, refusal.code.status(), Some(refusal));
        refused(exchange, route, refusal, request)
    });
    let mut answer = if let Some(response) = refused {
        answer.into_response(response)
    } else {
        account(exchange, route, answer.request(), answer.status().as_u16(), None);
        answer
    };
    let status = answer.status().as_u16();
    let request = answer.request().clone();
    let headers = answer.headers_mut();
    insert(headers, &X_REQUEST_ID, Wire(exchange.id).to_string());
    if let Some(allowance) = exchange.allowance.get() {
        rate_headers(headers, allowance, front.rates.policy(allowance));
    }
    cors::admit(request.headers(), headers, &front.options.cors);
    front.metrics.http_request(route.pattern, status);
    answer
}

fn account(
    exchange: &Exchange,
    route: Route,
    request: &HttpRequest,
    status: u16,
    refusal: Option<&Refusal>,
) {
    Account { exchange, route, method: request.method(), status, refusal }.write();
}

/// What is said of a path that no route has.
const UNKNOWN: Route = Route { pattern: "unknown", errors: ErrorForm::ByKey, noted: false };

/// Writes a refusal.
fn refused(
    exchange: &Exchange,
    route: Route,
    refusal: &Refusal,
    request: &HttpRequest,
) -> HttpResponse {
    let id = Wire(exchange.id).to_string();
    let by_key = route.errors == ErrorForm::ByKey
        || matches!(refusal.code, ErrorCode::RouteNotFound | ErrorCode::MethodNotAllowed);
    let dialect = match route.errors {
        ErrorForm::FlowRelay => Dialect::FlowRelay,
        _ if by_key => auth::announced_dialect(request),
        _ => Dialect::Pi,
    };
    let mut response = match dialect {
        Dialect::Pi => pi::refuse(refusal, &id),
        Dialect::FlowRelay => flowrelay::refuse(refusal),
    };
    let headers = response.headers_mut();
    if let Some(seconds) = refusal.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(methods) = &refusal.allow {
        insert(headers, &header::ALLOW, methods.clone());
    }
    if refusal.code.status() == 401 {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// A refusal by the framework rather than by a handler.
fn foreign(status: u16, error: &actix_web::Error) -> ApiError {
    match status {
        404 => ApiError::new(ErrorCode::RouteNotFound, "there is no such route"),
        400..500 => {
            ApiError::new(ErrorCode::InvalidRequestBody, format!("malformed request: {error}"))
        }
        _ => ApiError::internal(error),
    }
}

static X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
static X_RATELIMIT_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
static X_RATELIMIT_REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
static X_RATELIMIT_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");
static RATELIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
static RATELIMIT: HeaderName = HeaderName::from_static("ratelimit");

fn rate_headers(headers: &mut HeaderMap, allowance: Allowance, policy: HeaderValue) {
    let Allowance { limit, remaining, reset_at, reset_in, .. } = allowance;
    headers.insert(X_RATELIMIT_LIMIT.clone(), HeaderValue::from(limit));
    headers.insert(X_RATELIMIT_REMAINING.clone(), HeaderValue::from(remaining));
    headers.insert(X_RATELIMIT_RESET.clone(), HeaderValue::from(reset_at));
    headers.insert(RATELIMIT_POLICY.clone(), policy);
    insert(headers, &RATELIMIT, format!("\"default\";r={remaining};t={reset_in}"));
}

/// Sets a header to a text that this server made; one that is no header value is left out.
fn insert(headers: &mut HeaderMap, name: &HeaderName, value: String) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name.clone(), value);
    }
}

fn front_of(request: &HttpRequest) -> &web::Data<Front> {
    request.app_data().expect("every server is given its front")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepting(value: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(value));
        accepts_json(&headers)
    }

    #[test]
    fn json_is_acceptable_unless_the_client_says_otherwise() {
        assert!(accepts_json(&HeaderMap::new()));
        assert!(accepting("*/*") && accepting("text/html, application/json;q=0.9"));
        assert!(accepting("text/event-stream") && accepting("Application/*"));
        assert!(!accepting("text/html") && !accepting("image/png, text/plain"));
    }
}
