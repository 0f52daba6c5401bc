//! Internal jobs for which a client waits, because they need another machine or a thread's time.
//!
//! Never: longer than [`WITHIN`].

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::domain::audit::Author;
use crate::domain::ids::OrgId;
use crate::domain::job::{Enqueued, Job, JobState};
use crate::http::error::{ApiError, ErrorCode};
use crate::http::front::Front;

/// How long a client waits: it gives up after 30 s.
const WITHIN: Duration = Duration::from_secs(25);

/// How soon to ask again when there was no time, in seconds.
const RETRY_AFTER: u32 = 5;

/// The result of an internal job, waited for; the job itself when it failed. 503 when it did not
/// end in time.
pub(super) async fn done(
    front: &Front,
    org: OrgId,
    action: &str,
    input: &Map<String, Value>,
) -> Result<Result<Map<String, Value>, Arc<Job>>, ApiError> {
    let job = front.engine.draft(org, action, input).await?;
    let id = match front.engine.enqueue(job).await? {
        Enqueued::Created(id) => id,
        other => return Err(ApiError::internal(format!("an internal job was {other:?}"))),
    };
    let job = front.engine.wait(org, id, WITHIN).await?;
    let job = job.ok_or_else(|| ApiError::internal("an internal job went away"))?;
    match job.state {
        JobState::Completed => Ok(Ok(front.engine.result_of(&job).await?.unwrap_or_default())),
        state if state.is_terminal() => Ok(Err(job)),
        _ => {
            // Nobody waits for it any more.
            front.engine.cancel(org, vec![id], Author::SERVER).await?;
            let message = "the server had no time for this within 25 s; send it again";
            Err(ApiError::new(ErrorCode::Overloaded, message).retry_after(RETRY_AFTER))
        }
    }
}
