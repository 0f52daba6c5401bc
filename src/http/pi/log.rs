//! A job's log: a page of it, or all of it as it grows, as server-sent events.
//!
//! Every event is a stored line and carries its number, so that a client that comes back with
//! `Last-Event-ID` misses none and sees none twice. Never: a task of its own; the stream runs in
//! the client's connection and ends with it.

use std::fmt::Write as _;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use futures_util::stream::{self, Stream};
use serde_json::{Value, json};

use crate::domain::ids::{JobId, OrgId};
use crate::domain::job::{Job, StoredLogLine};
use crate::engine::JobWatch;
use crate::http::auth::{Authorized, Caller, Read};
use crate::http::error::ApiError;
use crate::http::front::Front;
use crate::http::jobs::job_id;
use crate::http::pi::render;
use crate::http::query::Query;

/// How many lines a page has at the most, and when the client names no number.
const MAX_LINES: usize = 1_000;
const DEFAULT_LINES: usize = 100;

/// A page of the log, or with `follow=true` the stream.
pub(crate) async fn show(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let query = Query(request.query_string());
    let after = after(query)?;
    if query.boolean("follow")? == Some(true) {
        return follow(&caller, front, &request, after).await;
    }
    let limit = query.clamped("limit", 1, MAX_LINES)?.unwrap_or(DEFAULT_LINES);
    let job = find(&front, caller.org, job_id(&request)?).await?;
    let mut lines = front.catalog.log(job.id, after, limit + 1).await?;
    let has_more = lines.len() > limit;
    lines.truncate(limit);
    let next_after = lines.last().map(|line| line.seq);
    let items = lines.iter().map(line).collect();
    let more = json!({ "has_more": has_more, "next_after": next_after });
    Ok(render::list(&caller.exchange, front.clock.now(), items, more))
}

/// The stream of the log.
pub(crate) async fn events(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let after = after(Query(request.query_string()))?;
    follow(&caller, front, &request, after).await
}

fn after(query: Query<'_>) -> Result<i64, ApiError> {
    let most = usize::try_from(i64::MAX).unwrap_or(usize::MAX);
    let after = query.clamped("after", 0, most)?.unwrap_or(0);
    Ok(i64::try_from(after).unwrap_or(i64::MAX))
}

async fn find(front: &Front, org: OrgId, id: JobId) -> Result<Job, ApiError> {
    let job = front.catalog.job(org, id).await?;
    job.filter(|job| !job.internal).ok_or_else(ApiError::job_not_found)
}

/// A line as data.
pub(super) fn line(stored: &StoredLogLine) -> Value {
    let StoredLogLine { seq, attempt, line } = stored;
    json!({
        "seq": seq,
        "at": line.at.iso(),
        "attempt": attempt,
        "level": line.level.as_str(),
        "message": line.message,
    })
}

async fn follow(
    caller: &Caller,
    front: web::Data<Front>,
    request: &HttpRequest,
    after: i64,
) -> Result<HttpResponse, ApiError> {
    let id = job_id(request)?;
    // Subscribe before reading: a line in between is seen, not missed.
    let watch = front.engine.watch(id);
    let job = find(&front, caller.org, id).await?;
    let seen: Option<i64> = last_event(request).and_then(|id| id.parse().ok());
    let seq = seen.unwrap_or(after).max(after);
    if seen.is_some() && job.state.is_terminal() {
        let rest = front.catalog.log(id, seq, 1).await?;
        if rest.is_empty() {
            // The status by which a browser's event source learns to stop asking.
            return Ok(HttpResponse::new(StatusCode::NO_CONTENT));
        }
    }
    let follower = Follower { front, watch, org: caller.org, id, seq, ended: false };
    Ok(event_stream(stream::unfold(follower, Follower::next)))
}

/// An answer of server-sent events.
pub(super) fn event_stream(
    pieces: impl Stream<Item = Result<Bytes, ApiError>> + 'static,
) -> HttpResponse {
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
pub(super) const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// How many lines one piece of the stream carries at the most.
pub(super) const LINES_A_PIECE: usize = 200;

/// Where a stream stands.
struct Follower {
    front: web::Data<Front>,
    watch: JobWatch,
    org: OrgId,
    id: JobId,
    seq: i64,
    ended: bool,
}

type Piece = (Result<Bytes, ApiError>, Follower);

impl Follower {
    /// The next piece of the stream; `None` when it is over.
    async fn next(mut self) -> Option<Piece> {
        if self.ended {
            return None;
        }
        let mut silent = false;
        loop {
            let (lines, status) = match self.read().await {
                Ok(news) => news,
                Err(error) => {
                    self.ended = true;
                    return Some((Err(error), self));
                }
            };
            if let Some(last) = lines.last() {
                self.seq = last.seq;
                return Some((Ok(events_of(&lines)), self));
            }
            if let Some(status) = status {
                self.ended = true;
                return Some((Ok(end(self.seq, status)), self));
            }
            if silent {
                return Some((Ok(Bytes::from_static(b": waiting\n\n")), self));
            }
            tokio::select! {
                _news = self.watch.changed() => {}
                () = tokio::time::sleep(KEEP_ALIVE) => silent = true,
                () = self.front.engine.stopping() => return None,
            }
        }
    }

    /// The lines that came since, and the job's status if it has ended.
    async fn read(&self) -> Result<(Vec<StoredLogLine>, Option<&'static str>), ApiError> {
        // The job first: lines stored with its end are there when it is seen to have ended.
        let job = self.front.catalog.job(self.org, self.id).await?;
        let status = match job {
            Some(job) if job.state.is_terminal() => Some(render::job_status(job.state)),
            Some(_) => None,
            None => Some("deleted"),
        };
        let lines = self.front.catalog.log(self.id, self.seq, LINES_A_PIECE).await?;
        Ok((lines, status))
    }
}

fn events_of(lines: &[StoredLogLine]) -> Bytes {
    let mut text = String::new();
    for stored in lines {
        let (seq, data) = (stored.seq, line(stored));
        write!(text, "id: {seq}\nevent: log\ndata: {data}\n\n").expect("a string takes all text");
    }
    Bytes::from(text)
}

/// The last event: with an id, so that a browser that comes back is told to stop asking.
fn end(seq: i64, status: &str) -> Bytes {
    Bytes::from(format!("id: {seq}\nevent: end\ndata: {}\n\n", json!({ "status": status })))
}
