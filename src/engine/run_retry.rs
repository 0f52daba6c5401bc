//! Doing a run again: a new one that takes over what completed, and begins with the rest.

use std::collections::BTreeMap;

use crate::domain::audit::Author;
use crate::domain::ids::{JobId, RunId};
use crate::domain::job::{Job, JobState, NewJob};
use crate::domain::run::{NewRun, NewStep, Run, RunStep};
use crate::engine::executor::step_result;
use crate::engine::{Engine, EngineError};

/// What doing a run again would mean.
#[derive(Debug)]
pub enum RunRetry {
    /// This run.
    Ready(Box<NewRun>),
    /// It has not ended yet.
    NotTerminal,
    /// Every step completed: nothing is left to do.
    NothingToDo,
    /// The job of the step with this id was deleted, and its input with it.
    StepGone(String),
}

impl Engine {
    /// The run that does `run` again, not stored yet.
    pub async fn draft_retry(&self, run: &Run, author: Author) -> Result<RunRetry, EngineError> {
        if !run.state.is_terminal() {
            return Ok(RunRetry::NotTerminal);
        }
        let mut steps = Vec::with_capacity(run.steps.len());
        for RunStep { plan, job } in &run.steps {
            let Some(job) = job else { return Ok(RunRetry::StepGone(plan.id.clone())) };
            let again = again(job);
            let reuses = match job.state {
                JobState::Completed => {
                    let result = self.result_of(job).await?.unwrap_or_default();
                    Some(step_result(again.id, result))
                }
                _ => None,
            };
            let place = |id: &String| run.steps.iter().position(|step| step.plan.id == *id);
            steps.push(NewStep {
                id: plan.id.clone(),
                job: again,
                depends_on: plan.depends_on.iter().filter_map(place).collect(),
                takes: plan
                    .takes
                    .iter()
                    .filter_map(|(id, fields)| Some((place(id)?, fields.clone())))
                    .collect::<BTreeMap<_, _>>(),
                reuses,
            });
        }
        if steps.iter().all(|step| step.reuses.is_some()) {
            return Ok(RunRetry::NothingToDo);
        }
        Ok(RunRetry::Ready(Box::new(NewRun {
            id: RunId::mint(),
            org: run.org,
            steps,
            metadata: run.metadata.clone(),
            retry_of: Some(run.id),
            retried_by: Some(author),
            idempotency: None,
        })))
    }
}

/// A new job with the same stored arguments. What was passed into them is passed anew.
fn again(job: &Job) -> NewJob {
    NewJob {
        id: JobId::mint(),
        org: job.org,
        action: job.action.clone(),
        internal: job.internal,
        priority: job.priority,
        input: job.input.clone(),
        echo: job.echo.clone(),
        run_at: None,
        max_attempts: job.max_attempts,
        attempt_timeout: job.attempt_timeout,
        unique_key: None,
        retry_of: Some(job.id),
        assets: Vec::new(),
        uses: Vec::new(),
        retried_by: None,
        delivery: None,
        idempotency: None,
    }
}
