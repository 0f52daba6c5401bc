//! `Idempotency-Key`: what a client sends along, and what is stored of it beside a new job.
//!
//! Whether a key was seen before is decided by a unique index in the transaction that stores the
//! job; nothing is looked up here. Never: a refusal stored as an answer.

use std::fmt::Display;

use actix_web::http::header::HeaderMap;
use actix_web::web;
use serde_json::json;

use crate::domain::asset::ContentDigest;
use crate::domain::idempotency::{Answer, Fingerprint, IdempotencyKey, MAX_KEY};
use crate::http::body::Json;
use crate::http::error::{ApiError, ErrorCode};

/// The header's name, and the `param` of a refusal.
const NAME: &str = "Idempotency-Key";

/// Above this a body's fingerprint is taken on a thread of its own.
const HASHED_IN_PLACE: usize = 256 * 1024;

/// The key that came with a request.
#[derive(Clone, Debug)]
pub(crate) struct ClientKey {
    route: &'static str,
    key: String,
    fingerprint: Fingerprint,
}

impl ClientKey {
    /// The key of a request to the main route `route`, if it has one, and its body again.
    pub(crate) async fn of(
        headers: &HeaderMap,
        route: &'static str,
        json: Json,
    ) -> Result<(Option<Self>, Json), ApiError> {
        let Some(key) = named(headers)? else { return Ok((None, json)) };
        let (fingerprint, json) = if json.share.bytes() <= HASHED_IN_PLACE {
            (Fingerprint::of(&json.value), json)
        } else {
            web::block(move || (Fingerprint::of(&json.value), json))
                .await
                .map_err(ApiError::internal)?
        };
        Ok((Some(Self { route, key, fingerprint }), json))
    }

    /// The key of a request that is about `object`, as its path says: about another one, the same
    /// key is another request.
    #[must_use]
    pub(crate) fn about(self, object: impl Display) -> Self {
        let whole = json!([object.to_string(), self.fingerprint.as_bytes()]);
        Self { fingerprint: Fingerprint::of(&whole), ..self }
    }

    /// What is stored with the one job that the request makes, or with the first of several, so
    /// that the key is known whatever came with it.
    pub(crate) fn storing(self, status: u16, body: String) -> IdempotencyKey {
        let Self { route, key, fingerprint } = self;
        IdempotencyKey { route, key, fingerprint, answer: Answer { status, body } }
    }

    /// What is stored with the job at `index` of a request that makes several. The client's key
    /// may be as long as a stored one can be, so its hash stands for it.
    pub(crate) fn storing_item(&self, index: usize, body: String) -> IdempotencyKey {
        let hash = ContentDigest::of(format!("{}\n{}", self.route, self.key).as_bytes());
        IdempotencyKey {
            route: "items",
            key: format!("{index}:{hash}"),
            fingerprint: self.fingerprint,
            answer: Answer { status: 202, body },
        }
    }
}

/// Refuses a key on a route whose answer holds a secret, which must not be stored.
pub(crate) fn refuse_key(headers: &HeaderMap) -> Result<(), ApiError> {
    if headers.contains_key("idempotency-key") {
        return Err(malformed("this route takes no Idempotency-Key: its answer is not kept"));
    }
    Ok(())
}

/// 409 for a key that came before with another body.
pub(crate) fn mismatch() -> ApiError {
    let message = "this Idempotency-Key was sent before with another body; use a new one";
    ApiError::new(ErrorCode::IdempotencyKeyMismatch, message)
}

fn named(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
    if text.is_empty() || text.len() > MAX_KEY || !visible {
        return Err(malformed("`Idempotency-Key` must be 1 to 255 visible characters"));
    }
    Ok(Some(text.to_owned()))
}

fn malformed(message: &'static str) -> ApiError {
    ApiError::body(NAME, message)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn headers(value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let value = HeaderValue::from_str(value).expect("a header value");
        headers.insert(HeaderName::from_static("idempotency-key"), value);
        headers
    }

    #[test]
    fn one_pair_of_quotes_is_stripped() {
        let key = |value| named(&headers(value)).ok().flatten();
        assert_eq!(key("abc").as_deref(), Some("abc"));
        assert_eq!(key("\"abc\"").as_deref(), Some("abc"));
        assert_eq!(key("\"\"abc\"\"").as_deref(), Some("\"abc\""));
        assert_eq!(key("\"").as_deref(), Some("\""));
        assert_eq!(named(&HeaderMap::new()).ok(), Some(None));
    }

    #[test]
    fn a_malformed_key_is_refused() {
        for value in ["", "\"\"", "a b", &"k".repeat(256)] {
            let error = named(&headers(value)).expect_err("malformed");
            assert_eq!(error.refusal().param.as_deref(), Some(NAME), "{value}");
        }
        assert!(named(&headers(&"k".repeat(255))).is_ok());
    }

    #[test]
    fn keys_of_items_are_short_and_differ() {
        let fingerprint = Fingerprint::of(&serde_json::Value::Null);
        let key = ClientKey { route: "jobs", key: "k".repeat(255), fingerprint };
        let (one, two) = (key.storing_item(0, String::new()), key.storing_item(1, String::new()));
        assert!(one.key.len() <= MAX_KEY && one.key != two.key);
        assert_eq!(one.fingerprint, fingerprint);
    }
}
