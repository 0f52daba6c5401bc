//! Server-sent events of a log that grows: pieces as they come, a sign of life while none does,
//! and an end.
//!
//! What is followed says what came since, and when there may be more; the rest is the same for all.
//! Never: a task of its own; a stream runs in the client's connection and ends with it.

use std::time::Duration;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use futures_util::stream;

use crate::domain::ids::RequestId;
use crate::http::auth::Caller;
use crate::http::error::ApiError;
use crate::http::front::Front;
use crate::http::request_id::Wire;

/// Something that can be followed.
pub(super) trait Followed: 'static {
    /// What came since the last time; `None` when nothing did.
    async fn piece(&mut self) -> Result<Option<Piece>, ApiError>;

    /// Returns when there may be more.
    async fn changed(&mut self);
}

/// A piece of a stream.
pub(super) enum Piece {
    /// More may follow.
    Lines(Bytes),
    /// Nothing follows.
    End(Bytes),
}

/// An answer to `caller` that follows a log to its end.
pub(super) fn follow(front: web::Data<Front>, caller: &Caller, log: impl Followed) -> HttpResponse {
    let follower = Follower { front, request: caller.exchange.id, log, ended: false };
    let pieces = stream::unfold(follower, Follower::next);
    let mut response = HttpResponse::Ok().content_type("text/event-stream").streaming(pieces);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_ACCEL_BUFFERING.clone(), HeaderValue::from_static("no"));
    response
}

/// Asks a proxy in front of the server not to hold events back.
static X_ACCEL_BUFFERING: header::HeaderName = header::HeaderName::from_static("x-accel-buffering");

/// The id of the last event that a client saw before it came back.
pub(super) fn last_event(request: &HttpRequest) -> Option<String> {
    Some(request.headers().get("last-event-id")?.to_str().ok()?.trim().to_owned())
}

/// How often a silent stream says that it is alive. Lines of a running attempt are stored when
/// its lease is renewed, and this is also how often they are looked for.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// How many lines one piece of the stream carries at the most.
pub(super) const LINES_A_PIECE: usize = 200;

/// Where a stream stands.
struct Follower<F> {
    front: web::Data<Front>,
    request: RequestId,
    log: F,
    ended: bool,
}

impl<F: Followed> Follower<F> {
    /// The next piece of the stream; `None` when it is over.
    async fn next(mut self) -> Option<(Result<Bytes, ApiError>, Self)> {
        if self.ended {
            return None;
        }
        let mut silent = false;
        loop {
            match self.log.piece().await {
                Ok(Some(Piece::Lines(lines))) => return Some((Ok(lines), self)),
                Ok(Some(Piece::End(end))) => {
                    self.ended = true;
                    return Some((Ok(end), self));
                }
                Ok(None) => {}
                Err(error) => {
                    self.ended = true;
                    let (id, cause) = (Wire(self.request), &error.refusal().cause);
                    tracing::error!(request_id = %id, cause, "a stream broke off");
                    return Some((Err(error), self));
                }
            }
            if silent {
                return Some((Ok(Bytes::from_static(b": waiting\n\n")), self));
            }
            tokio::select! {
                () = self.log.changed() => {}
                () = tokio::time::sleep(KEEP_ALIVE) => silent = true,
                () = self.front.engine.stopping() => return None,
            }
        }
    }
}
