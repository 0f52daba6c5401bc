//! Schedules: what is to be done again and again, and what becomes of it while the last time goes
//! on.
//!
//! A schedule keeps the request, checked once, and each firing makes jobs of it. Never: a clock, or
//! a file, which would be gone at a later firing.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::clock::Timestamp;
use crate::domain::ids::{JobId, OrgId, RunId, ScheduleId};
use crate::domain::job::NewJob;
use crate::domain::payload::Payload;
use crate::domain::plan::InputMap;
use crate::domain::run::{NewRun, NewStep};

/// Schedules that an organization may have.
pub const MAX_SCHEDULES: usize = 100;

/// The most missed firings that are caught up with.
pub const MAX_CATCH_UP: u32 = 100;

/// What becomes of a firing while the one before it has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// It is left out.
    Skip,
    /// It is begun all the same, and waits for its turn in the queue.
    Queue,
    /// The one before it is cancelled.
    Replace,
}

impl Overlap {
    /// All policies.
    pub const ALL: [Self; 3] = [Self::Skip, Self::Queue, Self::Replace];

    /// The word that is stored, and said on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Queue => "queue",
            Self::Replace => "replace",
        }
    }
}

impl fmt::Display for Overlap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no policy.
#[derive(Debug, thiserror::Error)]
#[error("no overlap policy `{0}`; there are skip, queue and replace")]
pub struct UnknownOverlap(String);

impl FromStr for Overlap {
    type Err = UnknownOverlap;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|policy| policy.as_str() == word);
        found.ok_or_else(|| UnknownOverlap(word.to_owned()))
    }
}

/// What a firing brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fired {
    /// A job.
    Job(JobId),
    /// A run.
    Run(RunId),
}

/// What a firing submits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// A job.
    Job(TaskJob),
    /// A run.
    Run {
        /// In the client's order.
        steps: Vec<TaskStep>,
        /// What the client wants to read again.
        metadata: Option<Map<String, Value>>,
    },
}

/// A job, as it is submitted at each firing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskJob {
    /// The action's name.
    pub action: String,
    /// Its arguments, as a JSON text.
    pub input: String,
    /// What a client may see beside them.
    pub echo: Map<String, Value>,
    /// 0 first, 9 last.
    pub priority: u8,
    /// How often it may be attempted; as the action's policy says at the firing, without it.
    pub max_attempts: Option<u16>,
    /// How long one attempt may take; as the action's policy says at the firing, without it.
    pub attempt_timeout_ms: Option<u64>,
    /// At most one unfinished job of the organization and action may carry it.
    pub unique_key: Option<String>,
}

/// A step, as it is submitted at each firing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskStep {
    /// Unique in the run.
    pub id: String,
    /// Its job.
    pub job: TaskJob,
    /// The places of the steps that it depends on.
    pub depends_on: Vec<usize>,
    /// What it takes from which steps.
    pub takes: BTreeMap<usize, InputMap>,
}

/// What an action's policy says of its jobs.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How often a job may be attempted.
    pub max_attempts: u16,
    /// How long one attempt may take.
    pub attempt_timeout: Duration,
}

/// Which firing of which schedule brings a job; the job shows it.
#[derive(Clone, Copy, Debug)]
pub struct Occasion {
    /// The schedule.
    pub schedule: ScheduleId,
    /// When it fell due; `None` when somebody asked for it out of turn.
    pub due_at: Option<Timestamp>,
}

impl TaskJob {
    /// The task of a job; `None` when it brings files. Attempts and time-out are the policy's
    /// until somebody sets them.
    pub fn of(job: NewJob) -> Option<Self> {
        let has_files = !job.assets.is_empty() || !job.uses.is_empty();
        let Payload::Inline(input) = job.input else { return None };
        (!has_files).then_some(Self {
            action: job.action,
            input,
            echo: job.echo,
            priority: job.priority,
            max_attempts: None,
            attempt_timeout_ms: None,
            unique_key: job.unique_key,
        })
    }

    /// A job of it.
    fn job(&self, org: OrgId, occasion: Occasion, limits: Limits) -> NewJob {
        let Occasion { schedule, due_at } = occasion;
        let mut echo = self.echo.clone();
        echo.insert("schedule_id".to_owned(), Value::from(schedule.to_string()));
        if let Some(at) = due_at {
            echo.insert("scheduled_at".to_owned(), Value::from(at.iso()));
        }
        let timeout = self.attempt_timeout_ms.map(Duration::from_millis);
        NewJob {
            id: JobId::mint(),
            org,
            action: self.action.clone(),
            internal: false,
            priority: self.priority,
            input: Payload::Inline(self.input.clone()),
            echo,
            run_at: None,
            max_attempts: self.max_attempts.unwrap_or(limits.max_attempts),
            attempt_timeout: timeout.unwrap_or(limits.attempt_timeout),
            unique_key: self.unique_key.clone(),
            retry_of: None,
            retried_by: None,
            assets: Vec::new(),
            uses: Vec::new(),
            delivery: None,
            idempotency: None,
        }
    }
}

impl Task {
    /// The task of a run; `None` when a step brings files.
    pub fn of_run(run: NewRun) -> Option<Self> {
        let steps = run.steps.into_iter().map(|step| {
            let NewStep { id, job, depends_on, takes, reuses: _ } = step;
            Some(TaskStep { id, job: TaskJob::of(job)?, depends_on, takes })
        });
        let steps = steps.collect::<Option<Vec<_>>>()?;
        Some(Self::Run { steps, metadata: run.metadata })
    }

    /// The names of the actions that it asks for.
    pub fn actions(&self) -> Vec<&str> {
        match self {
            Self::Job(job) => vec![&job.action],
            Self::Run { steps, .. } => steps.iter().map(|step| step.job.action.as_str()).collect(),
        }
    }

    /// What is submitted for `org`; `limits` are those of each action.
    pub fn submission(
        &self,
        org: OrgId,
        occasion: Occasion,
        limits: impl Fn(&str) -> Limits,
    ) -> Submission {
        let job = |job: &TaskJob| job.job(org, occasion, limits(&job.action));
        match self {
            Self::Job(task) => Submission::Job(Box::new(job(task))),
            Self::Run { steps, metadata } => Submission::Run(Box::new(NewRun {
                id: RunId::mint(),
                org,
                steps: steps
                    .iter()
                    .map(|step| NewStep {
                        id: step.id.clone(),
                        job: job(&step.job),
                        depends_on: step.depends_on.clone(),
                        takes: step.takes.clone(),
                        reuses: None,
                    })
                    .collect(),
                metadata: metadata.clone(),
                retry_of: None,
                retried_by: None,
                idempotency: None,
            })),
        }
    }
}

/// A job or a run about to be stored.
#[derive(Clone, Debug)]
pub enum Submission {
    /// A job.
    Job(Box<NewJob>),
    /// A run.
    Run(Box<NewRun>),
}

impl Submission {
    /// What it will have become once it is stored.
    pub fn id(&self) -> Fired {
        match self {
            Self::Job(job) => Fired::Job(job.id),
            Self::Run(run) => Fired::Run(run.id),
        }
    }
}

/// What is to be done again and again.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// Its id.
    pub id: ScheduleId,
    /// Whose it is.
    pub org: OrgId,
    /// For people.
    pub name: Option<String>,
    /// Five fields.
    pub cron: String,
    /// An IANA name.
    pub time_zone: String,
    /// What is submitted.
    pub task: Task,
    /// What becomes of a firing while the one before it has not ended.
    pub overlap: Overlap,
    /// How many missed firings are made good.
    pub catch_up: u32,
    /// Whether it fires at all.
    pub is_active: bool,
    /// When it fires next; `None` while it is switched off.
    pub next_at: Option<Timestamp>,
    /// When it last fired.
    pub last_at: Option<Timestamp>,
    /// What that brought.
    pub last: Option<Fired>,
    /// Why the last firing was left out; `None` when it brought something.
    pub skip_reason: Option<String>,
    /// How many firings were left out, missed ones included.
    pub skipped: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed by somebody.
    pub updated_at: Timestamp,
}
