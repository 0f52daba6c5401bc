//! `questions.answer`: a question about a project, answered out of its events and files.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use crate::activity::{self, Purpose};
use crate::domain::activity::{Filters, Selection, Window};
use crate::engine::{
    Action, ActionContext, ActionDescription, ActionError, AttemptPolicy, InvalidInput, Output,
    Visibility,
};

use super::QUESTIONS_ANSWER;
use super::generate::Desk;
use super::reading::{self, Material, Reader, Wish};

/// How far back an answer is looked for: a quarter.
const LOOKBACK: Duration = Duration::from_hours(24 * 90);

/// Events among which an answer is looked for.
const MAX_EVENTS: usize = 1_000;

/// The client waits 25 s at the most.
const TIME: Duration = Duration::from_secs(24);

/// How long new commits are read before the question: the rest of the time is for the answer, and
/// what was not read then is read by the next question or document.
const READING: Duration = Duration::from_secs(10);

/// Answers questions.
pub(super) struct AnswerQuestion {
    pub(super) desk: Arc<Desk>,
}

#[async_trait]
impl Action for AnswerQuestion {
    fn name(&self) -> &str {
        QUESTIONS_ANSWER
    }

    fn description(&self) -> ActionDescription {
        ActionDescription::internal("Answers a question about a project.")
    }

    fn visibility(&self) -> Visibility {
        Visibility::Internal
    }

    fn policy(&self) -> AttemptPolicy {
        AttemptPolicy { max_attempts: 1, attempt_timeout: TIME, ..AttemptPolicy::default() }
    }

    fn check(&self, _input: &Map<String, Value>, _given: &[&str]) -> Result<(), InvalidInput> {
        Ok(())
    }

    async fn run(
        &self,
        context: ActionContext,
        input: Map<String, Value>,
    ) -> Result<Output, ActionError> {
        let text = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default();
        let invalid = || ActionError::fatal("generation_failed", "The question is damaged.");
        let project = text("project_id").parse().map_err(|_| invalid())?;
        let project = reading::project(&context, project).await?;
        let selection = Selection {
            window: Window::before(context.clock().now(), LOOKBACK),
            sources: None,
            filters: Filters::default(),
            max_events: MAX_EVENTS,
        };
        let mut reader = Reader::open(&context, &self.desk.grants, &project, None).await?;
        reader.read_at_most(READING);
        let wish = Wish { purpose: Purpose::Answer, history: 0 };
        let Material { mut candidates, snapshot } = reader.gather(&selection, wish).await?;
        candidates.events.truncate(selection.max_events);
        let material = activity::Material {
            project: &project,
            candidates: &candidates,
            snapshot: snapshot.as_ref(),
            is_past: false,
        };
        let answer = activity::answer(&material, text("question"));
        let citations: Vec<String> = answer.citations.iter().map(ToString::to_string).collect();
        let result = json!({ "answer": answer.answer, "citations": citations });
        Ok(Output { result: result.as_object().cloned().unwrap_or_default(), writes: Vec::new() })
    }
}
