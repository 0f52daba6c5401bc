//! Reading JSON bodies: a limit for each route, and one for all of them together.
//!
//! A handler takes a [`Body`], decides that the caller may go on, and only then reads it. The
//! bytes are counted against the server's budget until the parsed value is dropped.
//! Never: a byte kept beyond the limits, and never more memory asked for than has arrived.

use std::future::{Ready, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, dev, web};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use serde_json::{Map, Value};

use crate::http::error::{ApiError, ErrorCode};
use crate::http::front::Front;

/// How long a body may be; set on each route.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BodyLimit(pub(crate) usize);

/// How long the next piece of a body may take: a client that stalls holds memory of others.
const PIECE_TIMEOUT: Duration = Duration::from_secs(20);

/// Above this a body is parsed on a thread of its own, so that others are answered meanwhile.
const PARSED_IN_PLACE: usize = 256 * 1024;

/// A body that was not read yet.
pub(crate) struct Body {
    payload: dev::Payload,
    limit: usize,
    declared: Option<usize>,
    is_json: bool,
    is_plain: bool,
    budget: Arc<BodyBudget>,
}

/// A body that was read.
#[derive(Debug)]
pub(crate) struct Json {
    /// What it says; `Null` when it was empty.
    pub(crate) value: Value,
    /// Its share of the budget, given back when this is dropped.
    pub(crate) share: BodyShare,
}

impl FromRequest for Body {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let front =
            request.app_data::<web::Data<Front>>().expect("the server hands its front down");
        let BodyLimit(limit) = request
            .app_data::<BodyLimit>()
            .copied()
            .unwrap_or(BodyLimit(front.options.body_limits.standard));
        let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        ready(Ok(Self {
            payload: payload.take(),
            limit,
            declared: text(header::CONTENT_LENGTH).and_then(|length| length.parse().ok()),
            is_json: !request.headers().contains_key(header::CONTENT_TYPE)
                || text(header::CONTENT_TYPE).is_some_and(is_json),
            is_plain: text(header::CONTENT_ENCODING)
                .is_none_or(|coding| coding.eq_ignore_ascii_case("identity")),
            budget: Arc::clone(&front.bodies),
        }))
    }
}

impl Body {
    /// Reads a body of any JSON.
    pub(crate) async fn json(self) -> Result<Json, ApiError> {
        let Self { is_json, is_plain, .. } = self;
        let (bytes, share) = self.read().await?;
        if bytes.is_empty() {
            return Ok(Json { value: Value::Null, share });
        }
        if !is_json {
            return Err(ApiError::new(
                ErrorCode::UnsupportedMediaType,
                "send the body as `Content-Type: application/json`",
            ));
        }
        if !is_plain {
            return Err(not_plain());
        }
        let parsed = if bytes.len() <= PARSED_IN_PLACE {
            serde_json::from_slice(&bytes)
        } else {
            web::block(move || serde_json::from_slice(&bytes)).await.map_err(ApiError::internal)?
        };
        let value = parsed.map_err(|error| {
            ApiError::new(ErrorCode::InvalidJsonBody, format!("the body is not JSON: {error}"))
        })?;
        Ok(Json { value, share })
    }

    /// The pieces of a body that is a file, whatever its type; its limit is the handler's affair.
    pub(crate) fn pieces(self) -> Result<Pieces, ApiError> {
        if self.is_plain {
            return Ok(Pieces { payload: self.payload, declared: self.declared });
        }
        Err(not_plain())
    }

    async fn read(mut self) -> Result<(Bytes, BodyShare), ApiError> {
        if self.declared.is_some_and(|length| length > self.limit) {
            return Err(too_large(self.limit));
        }
        let mut share = BodyShare { budget: self.budget, taken: 0 };
        let mut whole = BytesMut::new();
        loop {
            let Some(piece) = next_piece(&mut self.payload).await? else {
                return Ok((whole.freeze(), share));
            };
            if whole.len() + piece.len() > self.limit {
                return Err(too_large(self.limit));
            }
            share.take(piece.len())?;
            if whole.is_empty() && self.declared == Some(piece.len()) {
                // The usual case: the whole body came with its head, and needs no copy.
                return Ok((piece, share));
            }
            whole.extend_from_slice(&piece);
        }
    }
}

async fn next_piece(payload: &mut dev::Payload) -> Result<Option<Bytes>, ApiError> {
    match tokio::time::timeout(PIECE_TIMEOUT, payload.next()).await {
        Ok(Some(Ok(piece))) => Ok(Some(piece)),
        Ok(None) => Ok(None),
        Ok(Some(Err(_))) | Err(_) => Err(broken_off()),
    }
}

/// A body that is taken piece by piece.
pub(crate) struct Pieces {
    payload: dev::Payload,
    declared: Option<usize>,
}

impl Pieces {
    /// How long it will be, if the client says so.
    pub(crate) fn declared(&self) -> Option<u64> {
        self.declared.map(|bytes| bytes as u64)
    }

    /// The next piece; `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, ApiError> {
        next_piece(&mut self.payload).await
    }
}

impl Json {
    /// The members of a body that must be an object.
    pub(crate) fn object(self) -> Result<(Map<String, Value>, BodyShare), ApiError> {
        match self.value {
            Value::Object(members) => Ok((members, self.share)),
            Value::Null => Err(not_an_object("the body is empty; send a JSON object")),
            _ => Err(not_an_object("the body must be a JSON object")),
        }
    }

    /// The members of a body that may be missing, else must be an object.
    pub(crate) fn optional_object(self) -> Result<(Map<String, Value>, BodyShare), ApiError> {
        match self.value {
            Value::Null => Ok((Map::new(), self.share)),
            _ => self.object(),
        }
    }
}

fn is_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    let subtype = kind.len().checked_sub("+json".len()).and_then(|start| kind.get(start..));
    kind.eq_ignore_ascii_case("application/json")
        || subtype.is_some_and(|end| end.eq_ignore_ascii_case("+json"))
}

fn not_plain() -> ApiError {
    let message = "send the body as it is, without a Content-Encoding";
    ApiError::new(ErrorCode::UnsupportedMediaType, message)
}

fn not_an_object(message: &'static str) -> ApiError {
    ApiError::new(ErrorCode::InvalidRequestBody, message)
}

fn too_large(limit: usize) -> ApiError {
    let message = format!("the body is longer than {limit} bytes, this route's limit");
    ApiError::new(ErrorCode::RequestTooLarge, message)
}

fn broken_off() -> ApiError {
    ApiError::new(ErrorCode::InvalidRequestBody, "the body broke off before its end")
}

/// The memory for all bodies together.
#[derive(Debug)]
pub(crate) struct BodyBudget {
    size: usize,
    taken: AtomicUsize,
}

impl BodyBudget {
    /// A budget of `size` bytes.
    pub(crate) fn new(size: usize) -> Self {
        Self { size, taken: AtomicUsize::new(0) }
    }
}

/// A body's share of the budget.
#[derive(Debug)]
pub(crate) struct BodyShare {
    budget: Arc<BodyBudget>,
    taken: usize,
}

/// How soon memory may be free again, in seconds.
const BUDGET_RETRY_AFTER: u32 = 1;

impl BodyShare {
    /// How many bytes the body has.
    pub(crate) fn bytes(&self) -> usize {
        self.taken
    }

    fn take(&mut self, bytes: usize) -> Result<(), ApiError> {
        let before = self.budget.taken.fetch_add(bytes, Ordering::Relaxed);
        self.taken += bytes;
        if before + bytes > self.budget.size {
            return Err(ApiError::new(
                ErrorCode::Overloaded,
                "the server reads as many bodies as it has memory for; send this again shortly",
            )
            .retry_after(BUDGET_RETRY_AFTER));
        }
        Ok(())
    }
}

impl Drop for BodyShare {
    fn drop(&mut self) {
        self.budget.taken.fetch_sub(self.taken, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_known_by_its_name_whatever_its_case_and_parameters() {
        for kind in ["application/json", "Application/JSON; charset=utf-8", "application/x.y+json"]
        {
            assert!(is_json(kind), "{kind}");
        }
        for kind in ["text/plain", "application/x-www-form-urlencoded", "json", ""] {
            assert!(!is_json(kind), "{kind}");
        }
    }

    #[test]
    fn the_budget_is_given_back() {
        let budget = Arc::new(BodyBudget::new(10));
        let share = || BodyShare { budget: Arc::clone(&budget), taken: 0 };
        let mut first = share();
        first.take(8).expect("room for the first");
        let refusal = share().take(3).expect_err("no room for the second");
        assert_eq!(refusal.refusal().code, ErrorCode::Overloaded);
        drop(first);
        share().take(10).expect("room again");
        assert_eq!(budget.taken.load(Ordering::Relaxed), 0);
    }
}
