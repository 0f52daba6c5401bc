//! Runs as the cases want them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use tidemill::domain::clock::Timestamp;
use tidemill::domain::ids::{JobId, OrgId, RunId};
use tidemill::domain::job::{Claimed, JobState, Outcome};
use tidemill::domain::payload::Payload;
use tidemill::domain::plan::ResultPath;
use tidemill::domain::run::{EnqueuedRun, NewRun, NewStep, Run, RunNews};
use tidemill::store::Finished;

use crate::Subject;
use crate::fixture::{NO_LIMIT, at, claiming, ending, new_job, try_finish};

/// A run of steps with these ids, each with the ids of those that it depends on.
pub(crate) fn new_run(org: OrgId, steps: &[(&str, &[&str])]) -> NewRun {
    let place = |id: &&str| steps.iter().position(|(known, _)| known == id).expect("a step");
    let steps = steps.iter().map(|(id, depends_on)| NewStep {
        id: (*id).to_owned(),
        job: new_job(org),
        depends_on: depends_on.iter().map(place).collect(),
        takes: BTreeMap::new(),
        reuses: None,
    });
    let steps = steps.collect();
    NewRun {
        id: RunId::mint(),
        org,
        steps,
        metadata: None,
        retry_of: None,
        retried_by: None,
        idempotency: None,
    }
}

/// The same run, in which `step` takes `field` from `path` in the result of `from`.
pub(crate) fn taking(mut run: NewRun, step: &str, field: &str, from: &str, path: &str) -> NewRun {
    let from = run.steps.iter().position(|known| known.id == from).expect("a step");
    let path = ResultPath::parse(path).expect("a path");
    let step = run.steps.iter_mut().find(|known| known.id == step).expect("a step");
    step.takes.entry(from).or_default().insert(field.to_owned(), path);
    run
}

/// Stores a run, whatever comes of it; nobody is idle.
pub(crate) async fn try_enqueue_run(store: &impl Subject, run: NewRun) -> EnqueuedRun {
    let (asked, _) = claiming(0, at(0));
    store.enqueue_run(run, at(0), NO_LIMIT, asked).await.expect("an enqueue")
}

/// Stores a run that must be accepted.
pub(crate) async fn enqueue_run(store: &impl Subject, run: NewRun) -> RunId {
    let id = run.id;
    assert_eq!(try_enqueue_run(store, run).await, EnqueuedRun::Created(id));
    id
}

/// The run, which must be there.
pub(crate) async fn run(store: &impl Subject, org: OrgId, id: RunId) -> Run {
    store.run(org, id).await.expect("a read").expect("the run is there")
}

/// The job of a step.
pub(crate) fn job_of(run: &Run, step: &str) -> JobId {
    run.steps.iter().find(|known| known.plan.id == step).expect("a step").plan.job
}

/// The states of all steps, in their order.
pub(crate) fn states(run: &Run) -> Vec<JobState> {
    run.steps.iter().map(|step| step.job.as_ref().expect("its job is there").state).collect()
}

/// The ids of the steps that were claimed.
pub(crate) fn steps_of(claimed: &[Claimed]) -> Vec<&str> {
    let mut steps: Vec<&str> =
        claimed.iter().filter_map(|it| it.job.step.as_ref()).map(|(_, id)| id.as_str()).collect();
    steps.sort_unstable();
    steps
}

/// An outcome with `result`, as a step's attempt brings it.
pub(crate) fn brings(result: &Value) -> Outcome {
    let members: Map<String, Value> = result.as_object().cloned().expect("an object");
    Outcome::Completed {
        result: Payload::Inline(result.to_string()),
        writes: Vec::new(),
        step_result: Some(members),
    }
}

/// Ends a step's attempt, whose lease must hold; what the run hears of it.
pub(crate) async fn end_step(
    store: &impl Subject,
    claimed: &Claimed,
    outcome: Outcome,
    now: Timestamp,
) -> RunNews {
    let finished = try_finish(store, ending(claimed.lease, outcome, now)).await;
    match finished.expect("a finish") {
        Finished::Written { run: Some(news), .. } => news,
        other => panic!("{other:?}"),
    }
}

/// Completes a step with `{"said": <its id>}`.
pub(crate) async fn complete(store: &impl Subject, claimed: &Claimed, now: Timestamp) -> RunNews {
    let (_, step) = claimed.job.step.clone().expect("a step");
    end_step(store, claimed, brings(&json!({ "said": step })), now).await
}
