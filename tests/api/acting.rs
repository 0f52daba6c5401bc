//! Actions whose end a test decides.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Map, Value, json};
use tidemill::domain::job::{Diagnostic, LogLevel};
use tidemill::engine::{
    Action, ActionContext, ActionDescription, ActionError, InvalidInput, Output, Visibility,
};
use tokio::sync::Semaphore;

/// A door that attempts wait behind.
#[derive(Clone)]
pub(crate) struct Gate {
    entered: Arc<Semaphore>,
    open: Arc<Semaphore>,
}

impl Default for Gate {
    fn default() -> Self {
        Self { entered: Arc::new(Semaphore::new(0)), open: Arc::new(Semaphore::new(0)) }
    }
}

impl Gate {
    /// Returns when one more attempt stands at the gate.
    pub(crate) async fn entered(&self) {
        self.entered.acquire().await.expect("never closed").forget();
    }

    /// Lets one attempt through.
    pub(crate) fn open(&self) {
        self.open.add_permits(1);
    }

    /// Stands at the gate until it is opened.
    pub(crate) async fn pass(&self) {
        self.entered.add_permits(1);
        self.open.acquire().await.expect("never closed").forget();
    }
}

/// All of them.
pub(crate) fn all(gate: &Gate) -> Vec<Arc<dyn Action>> {
    vec![
        Arc::new(Scripted { name: "test.echo", script: Script::Echo }),
        Arc::new(Scripted { name: "test.fail", script: Script::Fail }),
        Arc::new(Scripted { name: "test.flaky", script: Script::Flaky }),
        Arc::new(Scripted { name: "test.gate", script: Script::Gate(gate.clone()) }),
        Arc::new(Scripted { name: "test.internal", script: Script::Internal }),
        Arc::new(Scripted { name: "test.disabled", script: Script::Echo }),
    ]
}

struct Scripted {
    name: &'static str,
    script: Script,
}

enum Script {
    /// Gives its input back.
    Echo,
    /// Fails for good.
    Fail,
    /// Fails the first time in a way that another attempt may mend.
    Flaky,
    /// Waits at the gate, then gives its input back.
    Gate(Gate),
    /// Gives its input back, and is not for clients.
    Internal,
}

#[async_trait]
impl Action for Scripted {
    fn name(&self) -> &str {
        self.name
    }

    fn description(&self) -> ActionDescription {
        ActionDescription {
            summary: "Does what a test wants.".to_owned(),
            input_schema: json!({ "type": "object" }),
            result_schema: json!({ "type": "object" }),
        }
    }

    fn visibility(&self) -> Visibility {
        match self.script {
            Script::Internal => Visibility::Internal,
            _ => Visibility::Public,
        }
    }

    fn check(&self, input: &Map<String, Value>, _given: &[&str]) -> Result<(), InvalidInput> {
        match input.get("wrong") {
            None => Ok(()),
            Some(_) => Err(InvalidInput {
                param: "wrong".to_owned(),
                message: "`wrong` is always wrong".to_owned(),
            }),
        }
    }

    async fn run(
        &self,
        context: ActionContext,
        input: Map<String, Value>,
    ) -> Result<Output, ActionError> {
        match &self.script {
            Script::Fail => {
                return Err(ActionError::fatal("test_failed", "It was asked to fail."));
            }
            Script::Flaky if context.attempt() == 1 => {
                return Err(ActionError::transient("test_flaky", "It fails the first time."));
            }
            Script::Echo | Script::Internal | Script::Flaky => {}
            Script::Gate(gate) => {
                context.progress("at the gate", Some(0.5));
                context.log(LogLevel::Info, "reached the gate");
                tokio::select! {
                    () = gate.pass() => {}
                    () = context.cancelled() => {
                        return Err(ActionError::fatal("cancelled", "It was told to stop."));
                    }
                }
                context.log(LogLevel::Warn, "passed the gate");
            }
        }
        context.diagnose(Diagnostic {
            step: "echo".to_owned(),
            status: "ok".to_owned(),
            duration_ms: 0,
            detail: format!("{} members", input.len()),
        });
        Ok(Output { result: input, writes: Vec::new() })
    }
}
