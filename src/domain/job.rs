//! Jobs: their states, what makes one, what is known of one, and how an attempt at one ends.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::activity::{Digest, Handoff, Insight};
use crate::domain::asset::NewAsset;
use crate::domain::audit::Author;
use crate::domain::brand::BrandDraft;
use crate::domain::clock::Timestamp;
use crate::domain::idempotency::IdempotencyKey;
use crate::domain::ids::{BrandId, JobId, OrgId, RunId, WebhookId};
use crate::domain::payload::Payload;
use crate::domain::webhook::NewDelivery;

/// The priority of a job that names none; 0 goes first, 9 last.
pub const DEFAULT_PRIORITY: u8 = 5;

/// The last priority.
pub const MAX_PRIORITY: u8 = 9;

/// Where a job is in its life. `docs/states.md` draws the moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits for the steps that it depends on.
    Blocked,
    /// Waits for a worker, or for the time of its next attempt.
    Queued,
    /// A worker holds its lease.
    Processing,
    /// Ended with a result.
    Completed,
    /// Ended with an error.
    Failed,
    /// Ended because somebody said so.
    Cancelled,
}

impl JobState {
    /// All states, in the order of a job's life.
    pub const ALL: [Self; 6] = [
        Self::Blocked,
        Self::Queued,
        Self::Processing,
        Self::Completed,
        Self::Failed,
        Self::Cancelled,
    ];

    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Queued => "queued",
            Self::Processing => "processing",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether the job will never change again.
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

impl fmt::Display for JobState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no state.
#[derive(Debug, thiserror::Error)]
#[error("no job state `{0}`")]
pub struct UnknownState(String);

impl FromStr for JobState {
    type Err = UnknownState;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or_else(|| UnknownState(word.to_owned()))
    }
}

/// A job not yet stored.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Minted by the caller, so that the answer can be written before the transaction.
    pub id: JobId,
    /// Whose it is.
    pub org: OrgId,
    /// The action's name.
    pub action: String,
    /// Whether the job exists for the server itself: in no list, with no event.
    pub internal: bool,
    /// 0 first, 9 last, within the organization.
    pub priority: u8,
    /// The action's arguments.
    pub input: Payload,
    /// What a client may see of the arguments: a JSON object without pictures.
    pub echo: Map<String, Value>,
    /// Not before this moment; `None` is at once.
    pub run_at: Option<Timestamp>,
    /// How often it may be attempted, at least 1.
    pub max_attempts: u16,
    /// How long one attempt may take.
    pub attempt_timeout: Duration,
    /// At most one unfinished job of the organization and action may carry it.
    pub unique_key: Option<String>,
    /// The job that this one does again.
    pub retry_of: Option<JobId>,
    /// Files that came with the request.
    pub assets: Vec<NewAsset>,
    /// Files of earlier jobs that the input names, so that they are kept with this one.
    pub uses: Vec<crate::domain::ids::AssetId>,
    /// Who has it done again by hand, for the audit log; `None` when it is nobody's retry.
    pub retried_by: Option<Author>,
    /// What it delivers to a webhook, if that is what it is for.
    pub delivery: Option<NewDelivery>,
    /// Stored in the same transaction.
    pub idempotency: Option<IdempotencyKey>,
}

/// What became of one `NewJob`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enqueued {
    /// It is on disk.
    Created(JobId),
    /// The idempotency key was seen before with the same body: the answer given then.
    Replayed(crate::domain::idempotency::Answer),
    /// The idempotency key was seen before with another body; nothing was stored.
    KeyMismatch,
    /// An unfinished job holds the unique key; nothing was stored.
    UniqueJobExists(JobId),
    /// The organization has as many unfinished jobs as it may; nothing was stored.
    QueueFull,
}

/// A job as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Whose it is.
    pub org: OrgId,
    /// The action's name.
    pub action: String,
    /// Whether it exists for the server itself.
    pub internal: bool,
    /// Where it is in its life.
    pub state: JobState,
    /// 0 first, 9 last.
    pub priority: u8,
    /// The action's arguments.
    pub input: Payload,
    /// What a client may see of the arguments.
    pub echo: Map<String, Value>,
    /// What the attempt is doing now, in a few words.
    pub phase: Option<String>,
    /// 0 to 1, when the action can tell.
    pub progress: Option<f64>,
    /// The action's result: an object; only when completed.
    pub result: Option<Payload>,
    /// Why it failed or was last put back.
    pub error: Option<JobError>,
    /// What the last attempt did, step by step.
    pub diagnostics: Vec<Diagnostic>,
    /// How many attempts have begun.
    pub attempt: u16,
    /// How many may.
    pub max_attempts: u16,
    /// How long one may take.
    pub attempt_timeout: Duration,
    /// Not before this moment; `None` once it is due.
    pub run_at: Option<Timestamp>,
    /// At most one unfinished job of the organization and action carries it.
    pub unique_key: Option<String>,
    /// The job that this one does again.
    pub retry_of: Option<JobId>,
    /// The run that it is a step of, with the step's id.
    pub step: Option<(RunId, String)>,
    /// What earlier steps of its run passed into its input; these members win.
    pub mapped: Map<String, Value>,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When any of this last changed.
    pub updated_at: Timestamp,
    /// When the latest attempt began.
    pub started_at: Option<Timestamp>,
    /// When it ended for good.
    pub finished_at: Option<Timestamp>,
}

/// Why a job failed: a code for programs, a message for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobError {
    /// Such as `site_unreachable`.
    pub code: String,
    /// What failed and what to correct.
    pub message: String,
}

/// One step of an attempt, for `include=diagnostics`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// What was done.
    pub step: String,
    /// `ok`, `skipped` or `failed`.
    pub status: String,
    /// How long it took.
    pub duration_ms: u64,
    /// What came of it.
    pub detail: String,
}

/// A line of a job's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// When it was said.
    pub at: Timestamp,
    /// `debug`, `info`, `warn` or `error`.
    pub level: LogLevel,
    /// What was said.
    pub message: String,
}

/// How much a job's log may hold; `Default` is what `config.example.toml` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogLimits {
    /// Lines, of which the last says that there is no room for more.
    pub lines: u32,
    /// Bytes of these lines together.
    pub bytes: u64,
}

impl Default for LogLimits {
    fn default() -> Self {
        Self { lines: 10_000, bytes: 16 << 20 }
    }
}

impl fmt::Display for LogLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lines, bytes } = self;
        write!(f, "limits.log_lines = {lines}, limits.log_bytes = {bytes}")
    }
}

/// How much a job's log holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogSize {
    /// Lines.
    pub lines: u32,
    /// Their bytes.
    pub bytes: u64,
}

impl LogSize {
    /// Whether no further line will be kept.
    pub const fn is_full(self, limits: LogLimits) -> bool {
        self.lines >= limits.lines || self.bytes >= limits.bytes
    }
}

/// How much a log line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// For those who look for a cause.
    Debug,
    /// What happened.
    Info,
    /// What may be wrong.
    Warn,
    /// What went wrong.
    Error,
}

impl LogLevel {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }

    /// The level that a stored word names; `Info` for a word that names none.
    pub fn from_word(word: &str) -> Self {
        match word {
            "debug" => Self::Debug,
            "warn" => Self::Warn,
            "error" => Self::Error,
            _ => Self::Info,
        }
    }
}

/// A stored line of a job's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLogLine {
    /// Its place in the job's log, from 1.
    pub seq: i64,
    /// The attempt that said it.
    pub attempt: u16,
    /// The line.
    pub line: LogLine,
}

/// One finished attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// From 1.
    pub attempt: u16,
    /// When a worker took it.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// `completed`, `failed`, `retried`, `cancelled`, `released` or `lost`.
    pub outcome: String,
    /// Why, unless it completed.
    pub error: Option<JobError>,
    /// Who ran it: `local`, or a remote worker's name.
    pub worker: String,
}

/// The right to write one attempt's end. Every write under it is fenced by its epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lease {
    /// The job.
    pub job: JobId,
    /// Grows with every claim of the job; an older one writes nothing.
    pub epoch: i64,
}

/// A job in the hands of a worker.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The right to finish it.
    pub lease: Lease,
    /// The job as it was claimed.
    pub job: Job,
}

/// What an attempt has to say while it runs; only what changed.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What it is doing now.
    pub phase: Option<String>,
    /// How far it is, 0 to 1.
    pub progress: Option<f64>,
    /// Lines for the job's log.
    pub lines: Vec<LogLine>,
}

/// What became of a renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// The lease holds.
    Held,
    /// Somebody cancelled the job: stop.
    Cancelled,
    /// Another worker has the job, or it is gone: stop, and write nothing.
    Lost,
}

/// How an attempt ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// With a result: an object.
    Completed {
        /// The action's output.
        result: Payload,
        /// Applied in the same transaction, under the same fence.
        writes: Vec<Write>,
        /// The result as later steps of the run read it; only of a step.
        step_result: Option<Map<String, Value>>,
    },
    /// With an error after which the job is queued again.
    Retry {
        /// Why.
        error: JobError,
        /// Not before this moment.
        run_at: Timestamp,
    },
    /// With an error that ends the job.
    Failed {
        /// Why.
        error: JobError,
    },
    /// Not at all: the server stops, and the attempt does not count.
    Released,
}

impl Outcome {
    /// The word that an attempt's row and the metrics use.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Completed { .. } => "completed",
            Self::Retry { .. } => "retried",
            Self::Failed { .. } => "failed",
            Self::Released => "released",
        }
    }
}

/// A row that an action's output brings, stored together with the job's end.
#[derive(Clone, Debug)]
pub enum Write {
    /// A file whose bytes are in the asset store.
    Asset(NewAsset),
    /// A brand: a new one, or what a new extraction says of a known one.
    Brand {
        /// Derived from the organization and the domain, so that it is known beforehand.
        id: BrandId,
        /// What was found.
        draft: Box<BrandDraft>,
    },
    /// A webhook's endpoint is gone for good: it is told no more.
    WebhookGone {
        /// The webhook.
        id: WebhookId,
        /// The endpoint that said so. If the webhook has another one by now, it is not meant.
        endpoint_url: String,
    },
    /// A handoff.
    Handoff(Box<Handoff>),
    /// An insight.
    Insight(Box<Insight>),
    /// A digest; of a period that has one already it is that one's content.
    Digest(Box<Digest>),
}

#[cfg(test)]
impl Job {
    /// A job on its first attempt, for tests that need any.
    pub(crate) fn sample(now: Timestamp) -> Self {
        Self {
            id: JobId::mint(),
            org: OrgId::mint(),
            action: "noop".to_owned(),
            internal: false,
            state: JobState::Processing,
            priority: DEFAULT_PRIORITY,
            input: Payload::empty(),
            echo: Map::new(),
            phase: None,
            progress: None,
            result: None,
            error: None,
            diagnostics: Vec::new(),
            attempt: 1,
            max_attempts: 3,
            attempt_timeout: Duration::from_secs(1),
            run_at: None,
            unique_key: None,
            retry_of: None,
            step: None,
            mapped: Map::new(),
            created_at: now,
            updated_at: now,
            started_at: Some(now),
            finished_at: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_read_what_they_print() {
        for state in JobState::ALL {
            assert_eq!(state.as_str().parse::<JobState>().ok(), Some(state));
        }
        assert!("done".parse::<JobState>().is_err());
    }

    #[test]
    fn three_states_are_terminal() {
        assert_eq!(JobState::ALL.iter().filter(|state| state.is_terminal()).count(), 3);
    }
}
