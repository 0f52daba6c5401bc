//! Which pages of other origins may call this server from a browser.
//!
//! Keys travel in a header that a page must send itself, so no credentials are allowed along.
//! Never: an origin that the operator did not name.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};

/// What a page may send.
static METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PATCH, DELETE");
static HEADERS: HeaderValue =
    HeaderValue::from_static("authorization, content-type, idempotency-key, last-event-id, prefer");

/// What a page may read of an answer beside its body.
static EXPOSED: HeaderValue = HeaderValue::from_static(
    "location, retry-after, preference-applied, x-request-id, x-ratelimit-limit, \
     x-ratelimit-remaining, x-ratelimit-reset, ratelimit, ratelimit-policy, etag, \
     x-idempotency-replayed, idempotent-replayed",
);

/// How long a browser may remember a permission: an hour, so that a change is soon obeyed.
static MAX_AGE: HeaderValue = HeaderValue::from_static("3600");

static ANY: HeaderValue = HeaderValue::from_static("*");

/// The answer to a browser's question whether a page may call; `None` for any other request.
pub(crate) fn preflight(request: &HttpRequest, origins: &[String]) -> Option<HttpResponse> {
    let asks = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if !asks || origin(request.headers(), origins).is_none() {
        return None;
    }
    let mut response = HttpResponse::new(StatusCode::NO_CONTENT);
    let headers = response.headers_mut();
    let put = |headers: &mut HeaderMap, name: HeaderName, value: &HeaderValue| {
        headers.insert(name, value.clone());
    };
    put(headers, header::ACCESS_CONTROL_ALLOW_METHODS, &METHODS);
    put(headers, header::ACCESS_CONTROL_ALLOW_HEADERS, &HEADERS);
    put(headers, header::ACCESS_CONTROL_MAX_AGE, &MAX_AGE);
    Some(response)
}

/// Lets the page that sent `request` read the answer, if its origin is one of `origins`.
pub(crate) fn admit(request: &HeaderMap, answer: &mut HeaderMap, origins: &[String]) {
    if origins.is_empty() {
        return;
    }
    answer.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin(request, origins) {
        answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        answer.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED.clone());
    }
}

fn origin(request: &HeaderMap, origins: &[String]) -> Option<HeaderValue> {
    let origin = request.get(header::ORIGIN)?;
    if origins.iter().any(|allowed| allowed == "*") {
        return Some(ANY.clone());
    }
    let text = origin.to_str().ok()?;
    origins.iter().any(|allowed| allowed.trim_end_matches('/') == text).then(|| origin.clone())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn from(origin: &'static str) -> HttpRequest {
        TestRequest::default()
            .method(Method::OPTIONS)
            .insert_header((header::ORIGIN, origin))
            .insert_header((header::ACCESS_CONTROL_REQUEST_METHOD, "POST"))
            .to_http_request()
    }

    #[test]
    fn a_page_may_call_when_its_origin_is_named() {
        let origins = ["https://tides.example".to_owned()];
        assert!(preflight(&from("https://tides.example"), &origins).is_some());
        assert!(preflight(&from("https://evil.example"), &origins).is_none());
        assert!(preflight(&from("https://tides.example"), &[]).is_none());
    }

    #[test]
    fn an_answer_names_the_origin_that_it_is_for() {
        let origins = ["https://tides.example".to_owned()];
        let mut answer = HeaderMap::new();
        admit(from("https://tides.example").headers(), &mut answer, &origins);
        assert_eq!(
            answer.get("access-control-allow-origin").expect("named"),
            "https://tides.example"
        );
        let mut answer = HeaderMap::new();
        admit(from("https://evil.example").headers(), &mut answer, &origins);
        assert!(!answer.contains_key("access-control-allow-origin"));
        assert_eq!(answer.get("vary").expect("varies"), "origin");
    }
}
