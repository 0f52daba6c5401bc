//! The life of an attempt, on a worker's own thread.
//!
//! A worker takes a claimed job, drives its action to an end, hands the outcome to the store and
//! takes the next job without waiting for the commit. A panic, a time-out or a cancellation ends
//! one attempt and nothing else. Never: a write without the lease.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt as _;
use serde_json::{Map, Value, json};

use crate::assets::AssetError;
use crate::domain::ids::{JobId, jitter};
use crate::domain::job::{Claimed, Job, Outcome};
use crate::engine::context::ActionContext;
use crate::engine::dispatcher::Order;
use crate::engine::reporter::Reporter;
use crate::engine::retry::Tries;
use crate::engine::running::Attempting;
use crate::engine::{
    Action, ActionError, Bulletin, Core, Output, PermitClass, payloads, retry, time_limit,
};
use crate::store::{Claiming, Ending, Finished, StoreError};

/// How a drive of an action ended.
enum Drive {
    /// The action came to its end.
    Ended(Result<Output, ActionError>),
    /// The attempt was told to stop: the job was cancelled, or the server stops.
    Stopped,
}

/// Takes orders until told to stop, or until this thread was given up.
pub(super) fn work(core: &Arc<Core>) {
    while let Order::Attempt(attempting) = core.dispatcher.next_order() {
        if !attempt(core, &attempting) {
            // Another thread has this one's seat.
            return;
        }
    }
}

/// Attempts a job; `false` when somebody else ended the attempt meanwhile.
fn attempt(core: &Arc<Core>, attempting: &Arc<Attempting>) -> bool {
    note_start(core, &attempting.job);
    let drive = perform(core, attempting);
    // Before the attempt ends: a large result is still to be synced, and leases of what has ended
    // are no longer renewed.
    let outcome = outcome(core, attempting, drive);
    if !attempting.end() {
        return false;
    }
    let next = core.claiming_with_finish(attempting.job.step.is_some());
    let seat_is_kept = next.is_some();
    finish(core, attempting, outcome, next);
    if !seat_is_kept {
        core.dispatcher.free_seat();
    }
    true
}

/// Notes that a claimed job is being attempted, before a thread has taken it. Called on the
/// store's own thread.
pub(super) fn begin(core: &Core, claimed: Claimed) -> Arc<Attempting> {
    let Claimed { lease, job } = claimed;
    core.tell_of_claim(&job);
    let deadline = Instant::now() + job.attempt_timeout;
    let reporter = Arc::new(Reporter::new(core.clock.clone(), Arc::clone(&core.news)));
    let attempting = Arc::new(Attempting::new(lease, job, deadline, reporter));
    core.running.begin(&attempting);
    // A shutdown that looked at the running attempts just before has not seen this one.
    if core.is_releasing() {
        attempting.token.cancel();
    }
    attempting
}

/// Notes that the first or a further attempt at a job begins.
pub(super) fn note_start(core: &Core, job: &Job) {
    if let Some(started_at) = job.started_at
        && job.attempt == 1
    {
        let wait = started_at.since(job.created_at);
        core.metrics.job_waited(&job.action, wait);
        if !job.internal {
            core.ledger.waited(job.org, &job.action, wait, started_at);
        }
    }
    if let Some((run, _)) = &job.step {
        core.run_notifier.publish_change(*run);
    }
}

fn perform(core: &Arc<Core>, attempting: &Arc<Attempting>) -> Drive {
    if attempting.token.is_cancelled() {
        // Cancelled, or released, before it began.
        return Drive::Stopped;
    }
    let job = &attempting.job;
    let Some(action) = core.actions.find(&job.action) else {
        let message = format!("This server has no action `{}`.", job.action);
        return Drive::Ended(Err(ActionError::fatal("action_not_found", message)));
    };
    if let Err(error) = time_limit::apply(core, attempting, &action.policy()) {
        return Drive::Ended(Err(error));
    }
    let input = match payloads::load_input(&core.assets, job) {
        Ok(input) => input,
        Err(cause) => return Drive::Ended(Err(input_unreadable(cause))),
    };
    let context = ActionContext {
        org: job.org,
        lease: attempting.lease,
        attempt: job.attempt,
        allowed: job.attempt_timeout,
        deadline: attempting.deadline(),
        token: attempting.token.clone(),
        clock: core.clock.clone(),
        reporter: Arc::clone(&attempting.reporter),
        catalog: Arc::clone(&core.catalog),
        assets: Arc::clone(&core.assets),
    };
    let drive = || drive(core, attempting, action.as_ref(), context, input);
    match action.policy().class {
        Some(PermitClass::Render) => standing_back(drive),
        None => drive(),
    }
}

/// The file is damaged or gone, or the disk does not give it.
pub(super) fn input_unreadable(cause: AssetError) -> ActionError {
    let message = "The job's stored input could not be read.";
    ActionError::transient("storage_unavailable", message).because(cause)
}

/// Drives the action to its end, or until it is told to stop.
fn drive(
    core: &Core,
    attempting: &Attempting,
    action: &dyn Action,
    context: ActionContext,
    input: Map<String, Value>,
) -> Drive {
    core.runtime.block_on(async {
        let run = AssertUnwindSafe(run(core, attempting, action, context, input)).catch_unwind();
        tokio::select! {
            biased;
            ended = run => Drive::Ended(ended.unwrap_or_else(|_| Err(panicked()))),
            () = attempting.token.cancelled() => Drive::Stopped,
            () = tokio::time::sleep_until(attempting.deadline().into()) => {
                Drive::Ended(Err(time_limit::exceeded(core, attempting)))
            }
        }
    })
}

/// How far drawing stands back behind the threads that answer clients and write: a picture that
/// comes a little later is not noticed, an answer that waits for one is.
const RENDER_NICENESS: i32 = 19;

/// Does the work on a thread of its own, because a thread that stood back once cannot come forward.
fn standing_back(work: impl FnOnce() -> Drive + Send) -> Drive {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("render".to_owned());
        let working = thread.spawn_scoped(scope, || {
            // Where it cannot be lowered, it stays what it is.
            let _ = rustix::process::nice(RENDER_NICENESS);
            work()
        });
        match working {
            Ok(working) => working.join().unwrap_or_else(|_| Drive::Ended(Err(panicked()))),
            Err(error) => {
                let message = "The server could not start a thread to draw on.";
                let error = ActionError::transient("overloaded", message).because(error);
                Drive::Ended(Err(error))
            }
        }
    })
}

async fn run(
    core: &Core,
    attempting: &Attempting,
    action: &dyn Action,
    context: ActionContext,
    input: Map<String, Value>,
) -> Result<Output, ActionError> {
    let _holding = match action.policy().class {
        Some(class) => {
            // The semaphore is never closed.
            let permit = Arc::clone(core.permits.of(class)).acquire_owned().await.ok();
            permit.map(|permit| attempting.hold(permit))
        }
        None => None,
    };
    action.run(context, input).await
}

fn panicked() -> ActionError {
    // The panic hook has logged where and why.
    ActionError::transient(
        "action_panicked",
        "The action ended abnormally; the server's log says why.",
    )
}

fn outcome(core: &Core, attempting: &Attempting, drive: Drive) -> Outcome {
    let output = match drive {
        Drive::Ended(Ok(output)) => output,
        // An action that notices that it is told to stop may end with an error of its own.
        Drive::Ended(Err(_)) if attempting.token.is_cancelled() => return Outcome::Released,
        Drive::Ended(Err(error)) => return failed(core, attempting, &error),
        // If the job was cancelled, its row says so already, and this changes nothing.
        Drive::Stopped => return Outcome::Released,
    };
    match payloads::store(&core.assets, &output.result) {
        Ok(result) => {
            let job = &attempting.job;
            let step_result = job.step.as_ref().map(|_| step_result(job.id, output.result));
            Outcome::Completed { result, writes: output.writes, step_result }
        }
        Err(error) => {
            let message = "The result could not be stored.";
            let error = ActionError::transient("storage_unavailable", message).because(error);
            failed(core, attempting, &error)
        }
    }
}

/// A job's result as later steps of its run read it.
pub(super) fn step_result(job: JobId, mut result: Map<String, Value>) -> Map<String, Value> {
    result.insert("job_id".to_owned(), json!(job));
    result
}

/// What a failed attempt leads to: another one, or the job's end.
pub(super) fn failed(core: &Core, attempting: &Attempting, error: &ActionError) -> Outcome {
    let job = &attempting.job;
    tracing::info!(
        job = %job.id, action = job.action, attempt = job.attempt, code = error.code,
        cause = error.cause.as_deref(), "attempt failed: {}", error.message,
    );
    let policy = core.actions.find(&job.action).map(|action| action.policy()).unwrap_or_default();
    let (attempt, max_attempts) = (job.attempt, job.max_attempts);
    let tries = Tries { attempt, max_attempts, left: attempting.left() };
    retry::after_failure(error, &policy, tries, core.clock.now(), jitter())
}

/// Hands the outcome to the store; what follows the commit happens on the store's thread.
pub(super) fn finish(
    core: &Arc<Core>,
    attempting: &Arc<Attempting>,
    outcome: Outcome,
    next: Option<Claiming>,
) {
    let word = outcome.as_str();
    let ending = Ending {
        lease: attempting.lease,
        claimed: Some(Arc::clone(&attempting.job)),
        outcome,
        diagnostics: attempting.reporter.take_diagnostics(),
        report: attempting.reporter.take().unwrap_or_default(),
        log_limits: core.options.log_limits,
        now: core.clock.now(),
    };
    // From here on the write is in the channel, before any write that could take the lease away.
    let (core_after, attempted) = (Arc::clone(core), Arc::clone(attempting));
    core.store.finish(
        ending,
        next,
        Box::new(move |finished| {
            published(&core_after, &attempted.job, Some(&attempted), word, finished);
            if core_after.is_stopping() {
                core_after.drained.notify_one();
            }
        }),
    );
}

/// Tells of an attempt's end what follows from it. `claimed` is the job as it was claimed, and
/// `here` the attempt if it ran in this process.
pub(super) fn published(
    core: &Core,
    claimed: &Job,
    here: Option<&Arc<Attempting>>,
    word: &str,
    finished: Result<Finished, StoreError>,
) {
    // Those who watch everything first, before anybody can hear of it: whoever did and then comes
    // back to the stream finds it told there.
    if let Ok(Finished::Written { job, .. }) = &finished {
        core.feed.publish(|| Bulletin::of_job(job));
    }
    // Before the news: who finds it gone reads the row, who finds it here hears the news.
    if let Some(attempting) = here {
        core.running.end(attempting);
    }
    let (job, run) = match finished {
        Ok(Finished::Written { job, run, messages }) => {
            if messages > 0 {
                core.dispatcher.ring();
            }
            (Arc::new(*job), run)
        }
        Ok(Finished::LeaseLost) => {
            tracing::debug!(job = %claimed.id, "an attempt ended after its lease");
            core.notifier.publish_change(claimed.id);
            return;
        }
        Err(error) => {
            tracing::error!(
                job = %claimed.id, %error,
                "an attempt's end could not be stored; the job is attempted again after its lease",
            );
            core.notifier.publish_change(claimed.id);
            return;
        }
    };
    let took = job.updated_at.since(claimed.started_at.unwrap_or(job.updated_at));
    core.metrics.attempt_finished(&job.action, word, took);
    core.ledger.ended(&job, Some(took));
    if let Some(run_at) = job.run_at {
        core.dispatcher.expect_at(run_at);
    } else if !job.state.is_terminal() {
        core.dispatcher.ring();
    }
    if core.limits.count(&job.action) {
        // There is room for one more, which nobody looks for otherwise.
        core.dispatcher.ring();
        core.ring_remote(None, None);
    } else if run.is_some() || !job.state.is_terminal() {
        core.ring_remote(Some(job.org), None);
    }
    if run.is_some() && here.is_none() {
        // Steps may be due that a worker of ours can run. An end here asks for them by itself.
        core.dispatcher.ring();
    }
    core.notifier.publish(job.id, &job);
    if let Some(news) = run {
        core.tell_of_run(&job, news);
    }
}
