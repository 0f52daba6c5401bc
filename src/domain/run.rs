//! Runs: steps that wait for each other, accepted in one request. Each step is a job of its own.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::audit::Author;
use crate::domain::clock::Timestamp;
use crate::domain::idempotency::IdempotencyKey;
use crate::domain::ids::{JobId, OrgId, RunId};
use crate::domain::job::{Job, JobState, NewJob};
use crate::domain::plan::InputMap;

/// The code of a step that cannot run because one that it depends on did not complete.
pub const DEPENDENCY_FAILED: &str = "dependency_failed";

/// The code of a step whose input names a value that an earlier step did not bring.
pub const INPUT_UNRESOLVED: &str = "input_unresolved";

/// The code of a job that somebody cancelled, alone or with its run.
pub const CANCELLED: &str = "cancelled";

/// Where a run is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RunState {
    /// No step has begun.
    Pending,
    /// Some step has begun, and not all have ended.
    InProgress,
    /// Every step completed.
    Completed,
    /// Every step has ended, and not all completed.
    Failed,
    /// Somebody cancelled it.
    Cancelled,
}

impl RunState {
    /// All states, in the order of a run's life.
    pub const ALL: [Self; 5] =
        [Self::Pending, Self::InProgress, Self::Completed, Self::Failed, Self::Cancelled];

    /// The word that is stored, and said on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether the run will never change again.
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

impl fmt::Display for RunState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no state.
#[derive(Debug, thiserror::Error)]
#[error("no run state `{0}`")]
pub struct UnknownState(String);

impl FromStr for RunState {
    type Err = UnknownState;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or_else(|| UnknownState(word.to_owned()))
    }
}

/// A run not yet stored.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// Minted by the caller, so that the answer can be written before the transaction.
    pub id: RunId,
    /// Whose it is.
    pub org: OrgId,
    /// In the client's order; who waits for whom has no cycle.
    pub steps: Vec<NewStep>,
    /// What the client wants to read again.
    pub metadata: Option<Map<String, Value>>,
    /// The run that this one does again.
    pub retry_of: Option<RunId>,
    /// Who has it done again by hand, for the audit log; `None` when it is nobody's retry.
    pub retried_by: Option<Author>,
    /// Stored in the same transaction.
    pub idempotency: Option<IdempotencyKey>,
}

/// A step not yet stored. Other steps are named by their place in the run.
#[derive(Clone, Debug)]
pub struct NewStep {
    /// Unique in the run.
    pub id: String,
    /// Its job. One with `retry_of` takes over that job's files.
    pub job: NewJob,
    /// The steps that the client named as its dependencies.
    pub depends_on: Vec<usize>,
    /// What it takes from which steps.
    pub takes: BTreeMap<usize, InputMap>,
    /// The end of the job that `retry_of` names stands for this step too; this is its result, as
    /// other steps read it.
    pub reuses: Option<Map<String, Value>>,
}

/// What became of a `NewRun`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnqueuedRun {
    /// It is on disk.
    Created(RunId),
    /// The idempotency key was seen before with the same body: the answer given then.
    Replayed(crate::domain::idempotency::Answer),
    /// The idempotency key was seen before with another body; nothing was stored.
    KeyMismatch,
    /// The organization would have more unfinished jobs than it may; nothing was stored.
    QueueFull,
    /// The job of this step, whose end was to be used again, is gone; nothing was stored.
    StepGone(String),
}

/// A run as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// Whose it is.
    pub org: OrgId,
    /// Where it is in its life.
    pub state: RunState,
    /// In the client's order.
    pub steps: Vec<RunStep>,
    /// What the client wants to read again.
    pub metadata: Option<Map<String, Value>>,
    /// The run that this one does again.
    pub retry_of: Option<RunId>,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When the state of the run or of a step last changed.
    pub updated_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// A step of a stored run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunStep {
    /// What does not change of it.
    pub plan: PlannedStep,
    /// Its job; `None` once that was deleted.
    pub job: Option<Job>,
}

/// What does not change of a step, as its run's row keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedStep {
    /// Unique in the run.
    pub id: String,
    /// The action's name.
    pub action: String,
    /// Its job.
    pub job: JobId,
    /// The ids of the steps that the client named as its dependencies.
    pub depends_on: Vec<String>,
    /// What it takes from which steps, by their ids.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub takes: BTreeMap<String, InputMap>,
    /// How its job ended, noted when the job was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<JobState>,
}

/// What a step's change meant for its run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunNews {
    /// The run.
    pub run: RunId,
    /// As it is now.
    pub state: RunState,
    /// Further steps that ended with this change: they can no longer run.
    pub ended: Vec<Job>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_read_what_they_print() {
        for state in RunState::ALL {
            assert_eq!(state.as_str().parse::<RunState>().ok(), Some(state));
        }
        assert!("queued".parse::<RunState>().is_err());
    }
}
