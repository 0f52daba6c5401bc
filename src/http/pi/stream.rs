//! Everything that changes, as server-sent events: jobs and runs of the caller's organization, or
//! with `operator` of all.
//!
//! An event carries the subject as it is now, and a place by which a client that comes back with
//! `Last-Event-ID` misses nothing; when that place is lost, `reset` tells it to read anew. Never:
//! another organization's change without `operator`, or a task of its own.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::domain::clock::Timestamp;
use crate::domain::ids::KeyId;
use crate::domain::key::Scope;
use crate::engine::{Bulletin, FeedNews, FeedPlace, FeedWatch, JobBulletin, Subject};
use crate::http::auth::{Authorized, Read};
use crate::http::error::{ApiError, ErrorCode};
use crate::http::front::Front;
use crate::http::pi::follow::{self, Followed, Piece, last_event};
use crate::http::pi::render;

/// How long changes are gathered before one piece carries them: a person sees them at once, and a
/// flood of them costs ten pieces a second.
const GATHER: Duration = Duration::from_millis(100);

/// How many changes one piece carries at the most.
const CHANGES_A_PIECE: usize = 500;

/// How often an open stream looks whether its key still opens anything.
const ASK_KEY_EVERY: Duration = Duration::from_secs(30);

/// How soon a client that is told so comes back, in seconds.
const RETRY_AFTER: u32 = 5;

/// The stream.
pub(crate) async fn show(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let everything = caller.scopes.contains(Scope::Operator);
    // What is no place of ours is one that is lost.
    let place = last_event(&request).map(|id| id.parse::<FeedPlace>().unwrap_or_default());
    let comes_anew = place.is_none();
    let org = (!everything).then_some(caller.org);
    let watch = front.engine.watch_all(org, place).ok_or_else(|| {
        let message = "as many streams are open as may be; close some, or ask again later";
        ApiError::new(ErrorCode::Overloaded, message).retry_after(RETRY_AFTER)
    })?;
    let changes = Changes {
        front: front.clone(),
        watch,
        everything,
        comes_anew,
        key: caller.exchange.key.get(),
        session_ends_at: caller.session_ends_at,
        asked_key: Instant::now(),
    };
    Ok(follow::follow(front, &caller, changes))
}

/// All that changes, told up to a place.
struct Changes {
    front: web::Data<Front>,
    watch: FeedWatch,
    /// Of every organization.
    everything: bool,
    /// Nothing was sent yet, to a client that has not been here before.
    comes_anew: bool,
    key: Option<KeyId>,
    /// When the session ends by which it was opened, if it was.
    session_ends_at: Option<Timestamp>,
    asked_key: Instant,
}

impl Followed for Changes {
    async fn piece(&mut self) -> Result<Option<Piece>, ApiError> {
        if self.asked_key.elapsed() >= ASK_KEY_EVERY {
            self.asked_key = Instant::now();
            if self.session_is_over() || self.key_was_revoked().await? {
                return Ok(Some(Piece::End(Bytes::new())));
            }
        }
        let mut text = String::new();
        if std::mem::take(&mut self.comes_anew) {
            // An id alone is no event, but the client comes back to it.
            write!(text, "id: {}\n\n", self.watch.place()).expect("a string takes all text");
        }
        match self.watch.news(CHANGES_A_PIECE) {
            FeedNews::Reset(place) => {
                write!(text, "id: {place}\nevent: reset\ndata: {{}}\n\n")
                    .expect("a string takes all text");
            }
            FeedNews::Changed(changes) => {
                for (place, bulletin) in &changes {
                    event(&mut text, *place, bulletin, self.everything);
                }
            }
        }
        Ok((!text.is_empty()).then(|| Piece::Lines(Bytes::from(text))))
    }

    async fn changed(&mut self) {
        self.watch.changed().await;
        tokio::time::sleep(GATHER).await;
    }
}

impl Changes {
    fn session_is_over(&self) -> bool {
        self.session_ends_at.is_some_and(|end| end <= self.front.clock.now())
    }

    async fn key_was_revoked(&self) -> Result<bool, ApiError> {
        let Some(id) = self.key else { return Ok(false) };
        let keys = self.front.catalog.keys(None).await?;
        Ok(!keys.iter().any(|key| key.id == id && key.revoked_at.is_none()))
    }
}

/// Adds the event of one change. What all who watch are told is put into words once.
fn event(text: &mut String, place: FeedPlace, bulletin: &Bulletin, everything: bool) {
    let name = match bulletin.subject {
        Subject::Job(_) => "job",
        Subject::Run(..) => "run",
    };
    let members = bulletin.text.get_or_init(|| Arc::from(render::text(members(bulletin))));
    write!(text, "id: {place}\nevent: {name}\ndata: ").expect("a string takes all text");
    match members.strip_prefix('{') {
        Some(rest) if everything => {
            write!(text, "{{\"org_id\":\"{}\",{rest}", bulletin.org)
                .expect("a string takes all text");
        }
        _ => text.push_str(members),
    }
    text.push_str("\n\n");
}

fn members(bulletin: &Bulletin) -> Value {
    let Bulletin { org: _, subject, created_at, updated_at, text: _ } = bulletin;
    let mut members = match subject {
        Subject::Job(job) => job_members(job),
        Subject::Run(id, state) => json!({ "kind": "run", "id": id, "status": state.as_str() }),
    };
    members["created_at"] = json!(created_at.unix());
    members["updated_at"] = json!(updated_at.unix());
    members
}

fn job_members(job: &JobBulletin) -> Value {
    let JobBulletin { id, action, state, attempt, phase, progress, error_code, step } = job;
    let mut members = json!({
        "kind": "job",
        "id": id,
        "action": action,
        "type": render::type_of_action(action),
        "status": render::job_status(*state),
        "attempt": attempt,
        "phase": phase,
        "progress": progress,
    });
    if let Some(code) = render::error_code(*state, error_code.as_deref()) {
        members["error_code"] = json!(code);
    }
    if let Some((run, step)) = step {
        members["run_id"] = json!(run);
        members["step_id"] = json!(step);
    }
    members
}
