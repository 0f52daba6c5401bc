//! What an action is, and what it is given: the seam between the engine and the work.
//!
//! An action reads its arguments, what Tidemill stores through its [`ActionContext`], and the
//! world through what it was built with; it returns an [`Output`] that says what to write.
//! Never: a write of its own, a status code, or a store.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use crate::domain::asset::FileRoom;
use crate::domain::job::{Diagnostic, Write};
use crate::engine::context::ActionContext;

/// A kind of work.
#[async_trait]
pub trait Action: Send + Sync + 'static {
    /// Its name, `noun.verb`.
    fn name(&self) -> &str;

    /// What it does, for people and for `GET /actions`.
    fn description(&self) -> ActionDescription;

    /// Whether clients may ask for it.
    fn visibility(&self) -> Visibility {
        Visibility::Public
    }

    /// Where its attempts are made.
    fn place(&self) -> Place {
        Place::Here
    }

    /// How its attempts are limited and repeated.
    fn policy(&self) -> AttemptPolicy {
        AttemptPolicy::default()
    }

    /// Whether `input` would be accepted; otherwise the fault's path, as `url` or
    /// `location.country`. The members named in `given` are not in `input` yet: a run fills them
    /// in later from another step's result. They count as there and valid.
    fn check(&self, input: &Map<String, Value>, given: &[&str]) -> Result<(), InvalidInput>;

    /// Whether a remote worker's `result` is what the action promises; otherwise the fault's path
    /// within it. Not asked of what [`Action::run`] returns.
    fn check_result(&self, _result: &Map<String, Value>) -> Result<(), InvalidInput> {
        Ok(())
    }

    /// How many files a remote worker may bring in one attempt. Not asked of what
    /// [`Action::run`] returns.
    fn file_room(&self) -> FileRoom {
        FileRoom::default()
    }

    /// Does the work. May run twice for one job, so it must be idempotent: what it wants to keep
    /// stands in its output. Ends soon after `context.cancelled()` fires. Never called of an action
    /// whose place is [`Place::Remote`].
    async fn run(
        &self,
        context: ActionContext,
        input: Map<String, Value>,
    ) -> Result<Output, ActionError>;
}

/// What `GET /actions` tells of an action.
#[derive(Clone, Debug)]
pub struct ActionDescription {
    /// One sentence.
    pub summary: String,
    /// A JSON Schema of the input.
    pub input_schema: Value,
    /// A JSON Schema of the result.
    pub result_schema: Value,
}

impl ActionDescription {
    /// Of an [internal](Visibility::Internal) action, which is asked for by the server alone.
    pub fn internal(summary: &str) -> Self {
        let any = || json!({ "type": "object" });
        Self { summary: summary.to_owned(), input_schema: any(), result_schema: any() }
    }
}

/// Who may ask for an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Any client with the scope `write`.
    Public,
    /// The server itself: its jobs stand in no list and raise no event.
    Internal,
}

/// Where an action's attempts are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On this process's worker threads.
    Here,
    /// By remote workers, which claim its jobs over HTTP.
    Remote,
}

/// How an action's attempts are limited and repeated.
#[derive(Clone, Debug)]
pub struct AttemptPolicy {
    /// How often a job may be attempted when its request names no number.
    pub max_attempts: u16,
    /// How long one attempt may take.
    pub attempt_timeout: Duration,
    /// The waits before the second, third … attempt; the last one serves for all further.
    pub backoff: Vec<Duration>,
    /// How long all attempts of a job may take together, waits between them included, from the
    /// claim of the first; `None` when nobody minds. An attempt that was lost or released with its
    /// process begins anew.
    pub total_time: Option<Duration>,
    /// Attempts of one class share its permits, one a core.
    pub class: Option<PermitClass>,
    /// How many attempts may go on at one time, over all organizations; `None` is no limit.
    pub concurrency: Option<u32>,
}

impl Default for AttemptPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            attempt_timeout: Duration::from_secs(90),
            backoff: vec![Duration::from_secs(1), Duration::from_secs(4)],
            total_time: None,
            class: None,
            concurrency: None,
        }
    }
}

/// Work that is heavy on CPU or memory, of which only so much may run at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PermitClass {
    /// Draws pictures.
    Render,
}

/// An input that an action would not accept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{param}: {message}")]
pub struct InvalidInput {
    /// The path of the fault within the input; empty for the input as a whole.
    pub param: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// What an action gives back.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// The job's result.
    pub result: Map<String, Value>,
    /// Stored in the transaction that ends the job.
    pub writes: Vec<Write>,
}

/// Why an attempt failed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{code}: {message}")]
pub struct ActionError {
    /// For programs, such as `site_unreachable`.
    pub code: String,
    /// For people: what failed and what to correct.
    pub message: String,
    /// Whether another attempt may help.
    pub retry: Retry,
    /// What the log gets and the caller does not.
    pub cause: Option<String>,
}

impl ActionError {
    /// A failure that another attempt would not mend.
    pub fn fatal(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), retry: Retry::Never, cause: None }
    }

    /// A failure that another attempt may mend, after the policy's wait.
    pub fn transient(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), retry: Retry::Backoff, cause: None }
    }

    /// The same, with what the log should know.
    #[must_use]
    pub fn because(mut self, cause: impl std::fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }
}

/// Whether another attempt may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// It would fail alike.
    Never,
    /// After the policy's wait, with jitter.
    Backoff,
    /// After at least this wait: the other side said so.
    After(Duration),
}

/// Steps that an attempt went through, for `include=diagnostics`.
pub type Diagnostics = Vec<Diagnostic>;

/// The actions of this server, by name.
#[derive(Clone, Default)]
pub struct ActionRegistry {
    actions: Arc<std::collections::BTreeMap<String, Arc<dyn Action>>>,
    disabled: Arc<std::collections::BTreeSet<String>>,
}

impl ActionRegistry {
    /// The registry of these actions. `disabled` names those that exist but are switched off.
    pub fn new(actions: Vec<Arc<dyn Action>>, disabled: Vec<String>) -> Self {
        let actions =
            actions.into_iter().map(|action| (action.name().to_owned(), action)).collect();
        Self { actions: Arc::new(actions), disabled: Arc::new(disabled.into_iter().collect()) }
    }

    /// The same with further actions. The name of one that is taken, if there is such a one.
    pub fn with(self, further: Vec<Arc<dyn Action>>) -> Result<Self, String> {
        let mut actions = (*self.actions).clone();
        for action in further {
            let name = action.name().to_owned();
            if actions.insert(name.clone(), action).is_some() {
                return Err(name);
            }
        }
        Ok(Self { actions: Arc::new(actions), disabled: self.disabled })
    }

    /// The action of this name.
    pub fn find(&self, name: &str) -> Option<&Arc<dyn Action>> {
        self.actions.get(name)
    }

    /// Whether an action of this name exists and was switched off by the operator.
    pub fn is_disabled(&self, name: &str) -> bool {
        self.disabled.contains(name)
    }

    /// Whether an action exists for the server itself.
    pub fn is_internal(&self, name: &str) -> bool {
        self.find(name).is_some_and(|action| action.visibility() == Visibility::Internal)
    }

    /// All actions, by name.
    pub fn all(&self) -> impl Iterator<Item = &Arc<dyn Action>> {
        self.actions.values()
    }

    /// The actions that clients may ask for, by name.
    pub fn public(&self) -> impl Iterator<Item = &Arc<dyn Action>> {
        self.actions.values().filter(|action| action.visibility() == Visibility::Public)
    }

    /// The names of the actions whose attempts are made in this place.
    pub fn names(&self, place: Place) -> Arc<[String]> {
        let there = self.actions.iter().filter(|(_, action)| action.place() == place);
        there.map(|(name, _)| name.clone()).collect()
    }
}
