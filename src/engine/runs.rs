//! What clients ask of runs: to be accepted, waited for, cancelled. How a run moves along is
//! written by the store, together with what moved it; here others are told of it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::audit::Author;
use crate::domain::ids::{OrgId, RunId};
use crate::domain::run::{EnqueuedRun, NewRun, Run};
use crate::engine::jobs::{LOOK_EVERY, Waiting};
use crate::engine::notifier::RunWatch;
use crate::engine::{Engine, EngineError};
use crate::store::CancellingRun;

impl Engine {
    /// Accepts a run: when this returns, it is on disk with all its steps.
    pub async fn enqueue_run(&self, run: NewRun) -> Result<EnqueuedRun, EngineError> {
        let core = &self.0;
        if core.is_stopping() {
            return Err(EngineError::ShuttingDown);
        }
        let fresh = run.steps.iter().filter(|step| step.reuses.is_none());
        let actions: Vec<String> = fresh.map(|step| step.job.action.clone()).collect();
        let org = run.org;
        let waits = |place: &usize| run.steps.get(*place).is_some_and(|on| on.reuses.is_none());
        let due = run.steps.iter().filter(|step| {
            step.reuses.is_none() && !step.depends_on.iter().chain(step.takes.keys()).any(waits)
        });
        let bulletins = core.bulletins_of_run(&run);
        let claiming = core.claiming_with_run(due.count());
        let limit = core.options.queue_limit;
        let now = core.clock.now();
        let enqueued = core.store.enqueue_run(run, now, limit, claiming).await?;
        if matches!(enqueued, EnqueuedRun::Created(_)) {
            for action in &actions {
                core.note_arrival(org, action, false, now);
            }
            for bulletin in bulletins {
                core.feed.publish(|| Some(bulletin));
            }
        }
        Ok(enqueued)
    }

    /// Waits until a run has ended, at most for `at_most`, and gives it as it is then; zero reads
    /// once. `None` when the organization has no such run.
    pub async fn wait_run(
        &self,
        org: OrgId,
        id: RunId,
        at_most: Duration,
    ) -> Result<Option<Run>, EngineError> {
        let core = &self.0;
        let until = Instant::now() + at_most;
        // Subscribe before reading: an end in between is seen, not missed.
        let watch = (!at_most.is_zero()).then(|| core.run_notifier.watch(id));
        let mut run = core.catalog.run(org, id).await?;
        let Some(mut watch) = watch else { return Ok(run) };
        let _waiting = Waiting::begin(core, org);
        while run.as_ref().is_some_and(|run| !run.state.is_terminal())
            && Instant::now() < until
            && !core.is_stopping()
        {
            let look = until.min(Instant::now() + LOOK_EVERY);
            tokio::select! {
                () = may_have_ended(&mut watch) => {}
                () = tokio::time::sleep_until(look) => {}
                () = core.stopping.cancelled() => {}
            }
            run = core.catalog.run(org, id).await?;
        }
        Ok(run)
    }

    /// News of a run, for streams. What it tells may be about another organization's run: read
    /// the run before.
    pub fn watch_run(&self, id: RunId) -> RunWatch {
        self.0.run_notifier.watch(id)
    }

    /// Cancels a run with all its unfinished jobs; `None` for an unknown one.
    pub async fn cancel_run(
        &self,
        org: OrgId,
        id: RunId,
        author: Author,
    ) -> Result<Option<CancellingRun>, EngineError> {
        let core = &self.0;
        let at = core.clock.now();
        let core_after = Arc::clone(core);
        let herald = Box::new(move |cancelling: &Option<CancellingRun>| {
            if let Some(CancellingRun::Cancelled(jobs)) = cancelling {
                core_after.tell_of_cancelled_run(id, jobs);
            }
        });
        Ok(core.store.cancel_run(org, id, at, author, herald).await?)
    }
}

/// Returns when the news do not say that the run goes on: whoever waits for its end need not read
/// it for each step.
async fn may_have_ended(watch: &mut RunWatch) {
    while watch.changed().await.is_some_and(|state| !state.is_terminal()) {}
}
