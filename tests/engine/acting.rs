//! Actions that end as a test wants, or not at all.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Map, Value, json};
use tidemill::engine::{
    Action, ActionContext, ActionDescription, ActionError, AttemptPolicy, InvalidInput, Output,
    PermitClass, Retry,
};
use tokio::sync::Semaphore;

/// What attempts do, as one can see and steer it.
#[derive(Clone, Default)]
pub(crate) struct Stage(Arc<Parts>);

struct Parts {
    entered: Semaphore,
    begun: AtomicUsize,
    may_go: Mutex<bool>,
    gone: Condvar,
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            entered: Semaphore::new(0),
            begun: AtomicUsize::new(0),
            may_go: Mutex::new(false),
            gone: Condvar::new(),
        }
    }
}

impl Stage {
    /// Returns when one more attempt has begun.
    pub(crate) async fn entered(&self) {
        self.0.entered.acquire().await.expect("never closed").forget();
    }

    /// How many attempts have begun.
    pub(crate) fn begun(&self) -> usize {
        self.0.begun.load(Ordering::SeqCst)
    }

    /// Lets the threads go that hang.
    pub(crate) fn let_go(&self) {
        *self.0.may_go.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.gone.notify_all();
    }

    fn enter(&self) {
        self.0.begun.fetch_add(1, Ordering::SeqCst);
        self.0.entered.add_permits(1);
    }

    fn hang(&self) {
        let mut may_go = self.0.may_go.lock().unwrap_or_else(PoisonError::into_inner);
        while !*may_go {
            may_go = self.0.gone.wait(may_go).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// What an attempt does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Deed {
    /// Ends at once.
    Done,
    /// Panics.
    Panic,
    /// Waits for ever, but lets itself be stopped.
    Wait,
    /// Keeps its thread, whatever it is told.
    Hang,
    /// The same, with a permit to draw.
    HangDrawing,
    /// Ends at once, with a permit to draw.
    Draw,
    /// Hangs the first time, and ends at once the second.
    HangOnce,
    /// Fails, and may be tried again in a second; all attempts together have a minute.
    Fail,
    /// Fails, and asks for a pause of an hour.
    FailAndAskForAnHour,
}

impl Deed {
    /// All of them.
    pub(crate) const ALL: [Self; 9] = [
        Self::Done,
        Self::Panic,
        Self::Wait,
        Self::Hang,
        Self::HangDrawing,
        Self::Draw,
        Self::HangOnce,
        Self::Fail,
        Self::FailAndAskForAnHour,
    ];

    /// The name of the action that does it.
    pub(crate) fn action(self) -> String {
        format!("test.{self:?}").to_lowercase()
    }
}

/// An action that does one deed.
pub(crate) struct Acting {
    pub(crate) name: String,
    pub(crate) deed: Deed,
    pub(crate) stage: Stage,
}

#[async_trait]
impl Action for Acting {
    fn name(&self) -> &str {
        &self.name
    }

    fn description(&self) -> ActionDescription {
        ActionDescription {
            summary: "Does what a test wants.".to_owned(),
            input_schema: json!({ "type": "object" }),
            result_schema: json!({ "type": "object" }),
        }
    }

    fn policy(&self) -> AttemptPolicy {
        let draws = matches!(self.deed, Deed::HangDrawing | Deed::Draw);
        let is_limited = matches!(self.deed, Deed::Fail | Deed::FailAndAskForAnHour);
        AttemptPolicy {
            backoff: vec![if is_limited { Duration::from_secs(1) } else { Duration::ZERO }],
            total_time: is_limited.then_some(Duration::from_mins(1)),
            class: draws.then_some(PermitClass::Render),
            ..AttemptPolicy::default()
        }
    }

    fn check(&self, _input: &Map<String, Value>, _given: &[&str]) -> Result<(), InvalidInput> {
        Ok(())
    }

    async fn run(
        &self,
        context: ActionContext,
        _input: Map<String, Value>,
    ) -> Result<Output, ActionError> {
        self.stage.enter();
        let failed = ActionError::transient("test_failed", "It was asked to fail.");
        match self.deed {
            Deed::Done | Deed::Draw => {}
            Deed::HangOnce if context.attempt() > 1 => {}
            Deed::Panic => panic!("it was asked to"),
            Deed::Wait => std::future::pending().await,
            Deed::Hang | Deed::HangDrawing | Deed::HangOnce => self.stage.hang(),
            Deed::Fail => return Err(failed),
            Deed::FailAndAskForAnHour => {
                let retry = Retry::After(Duration::from_hours(1));
                return Err(ActionError { retry, ..failed });
            }
        }
        Ok(Output::default())
    }
}
