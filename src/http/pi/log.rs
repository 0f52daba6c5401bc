//! A job's log: a page of it, or all of it as it grows, as server-sent events.
//!
//! Every event is a stored line and carries its number, so that a client that comes back with
//! `Last-Event-ID` misses none and sees none twice. Never: a task of its own; the stream runs in
//! the client's connection and ends with it.

use std::fmt::Write as _;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::domain::ids::{JobId, OrgId};
use crate::domain::job::{Job, StoredLogLine};
use crate::engine::JobWatch;
use crate::http::auth::{Authorized, Caller, Read};
use crate::http::error::ApiError;
use crate::http::front::Front;
use crate::http::jobs::job_id;
use crate::http::pi::follow::{self, Followed, LINES_A_PIECE, Piece, last_event};
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
        return stream(&caller, front, &request, after).await;
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
    stream(&caller, front, &request, after).await
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

async fn stream(
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
    let log = JobLog { front: front.clone(), watch, org: caller.org, id, seq };
    Ok(follow::follow(front, caller, log))
}

/// A job's log, told up to a line.
struct JobLog {
    front: web::Data<Front>,
    watch: JobWatch,
    org: OrgId,
    id: JobId,
    seq: i64,
}

impl Followed for JobLog {
    async fn piece(&mut self) -> Result<Option<Piece>, ApiError> {
        let (lines, status) = self.read().await?;
        if let Some(last) = lines.last() {
            self.seq = last.seq;
            return Ok(Some(Piece::Lines(events_of(&lines))));
        }
        Ok(status.map(|status| Piece::End(end(self.seq, status))))
    }

    async fn changed(&mut self) {
        drop(self.watch.changed().await);
    }
}

impl JobLog {
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
