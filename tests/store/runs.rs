//! Runs: stored whole, moved along by their steps' ends.

use serde_json::{Value, json};
use tidemill::domain::audit::Author;
use tidemill::domain::idempotency::{Answer, Fingerprint, IdempotencyKey};
use tidemill::domain::ids::RunId;
use tidemill::domain::job::{JobState, Outcome};
use tidemill::domain::run::{EnqueuedRun, NewRun, RunState};
use tidemill::store::{Deletion, OrgDeletion, RunCursor, RunFilter};

use crate::Subject;
use crate::fixture::{
    LEASE_SECONDS, NO_LIMIT, at, claim, claim_one, claiming, ending, error, failed, new_asset, org,
    rescue, state, try_finish, unheard,
};
use crate::run_fixture::{
    brings, complete, end_step, enqueue_run, job_of, new_run, run, states, steps_of, taking,
    try_enqueue_run,
};

/// `b` and `c` wait for `a`, `d` for both.
const DIAMOND: [(&str, &[&str]); 4] =
    [("a", &[]), ("b", &["a"]), ("c", &["a"]), ("d", &["c", "b"])];

pub(crate) async fn a_run_reads_as_it_was_stored(store: &impl Subject) {
    let org = org(store, "one").await;
    let metadata = json!({"campaign": [7]}).as_object().cloned();
    let new = NewRun { metadata: metadata.clone(), ..new_run(org, &DIAMOND) };
    let jobs: Vec<_> = new.steps.iter().map(|step| step.job.id).collect();
    let id = enqueue_run(store, new).await;
    let run = run(store, org, id).await;
    assert_eq!((run.id, run.org, run.state), (id, org, RunState::Pending));
    assert_eq!((run.metadata.clone(), run.finished_at), (metadata, None));
    assert_eq!((run.created_at, run.updated_at), (at(0), at(0)));
    let plan = |step: usize| &run.steps[step].plan;
    assert_eq!(run.steps.iter().map(|step| step.plan.job).collect::<Vec<_>>(), jobs);
    assert_eq!((plan(3).id.as_str(), plan(3).action.as_str()), ("d", "noop"));
    assert_eq!(plan(3).depends_on, ["c", "b"]);
    assert_eq!(
        states(&run),
        [JobState::Queued, JobState::Blocked, JobState::Blocked, JobState::Blocked]
    );
    let job = store.job(org, jobs[1]).await.expect("a read").expect("a job");
    assert_eq!(job.step, Some((id, "b".to_owned())));
}

pub(crate) async fn a_step_is_due_when_all_it_waits_for_has_completed(store: &impl Subject) {
    let org = org(store, "one").await;
    let id = enqueue_run(store, new_run(org, &DIAMOND)).await;
    let a = claim(store, 9, at(1)).await;
    assert_eq!(steps_of(&a), ["a"]);
    let begun = run(store, org, id).await;
    assert_eq!((begun.state, begun.updated_at), (RunState::InProgress, at(1)));
    complete(store, &a[0], at(2)).await;
    let both = claim(store, 9, at(3)).await;
    assert_eq!(steps_of(&both), ["b", "c"], "side by side");
    complete(store, &both[0], at(4)).await;
    assert!(claim(store, 9, at(5)).await.is_empty(), "one of two is not enough");
    let news = complete(store, &both[1], at(6)).await;
    assert_eq!((news.run, news.state), (id, RunState::InProgress));
    let d = claim_one(store, at(7)).await;
    let news = complete(store, &d, at(8)).await;
    assert_eq!(news.state, RunState::Completed);
    let ended = run(store, org, id).await;
    assert_eq!((ended.state, ended.finished_at), (RunState::Completed, Some(at(8))));
    assert_eq!(ended.updated_at, at(8));
}

pub(crate) async fn values_pass_into_the_inputs_of_later_steps(store: &impl Subject) {
    let org = org(store, "one").await;
    let steps = new_run(org, &[("a", &[]), ("b", &["a"]), ("c", &["b"])]);
    let steps = taking(steps, "c", "from_b", "b", "images.1.url");
    // `c` does not name `a`, which ends before it in any case.
    let steps = taking(steps, "c", "from_a", "a", "said");
    let id = enqueue_run(store, steps).await;
    let a = claim_one(store, at(1)).await;
    end_step(store, &a, brings(&json!({"said": {"deep": [1, "ü"]}})), at(2)).await;
    let b = claim_one(store, at(3)).await;
    assert!(b.job.mapped.is_empty(), "it takes nothing");
    end_step(store, &b, brings(&json!({"images": [0, {"url": "u"}]})), at(4)).await;
    let c = claim_one(store, at(5)).await;
    let expected = json!({"from_a": {"deep": [1, "ü"]}, "from_b": "u"});
    assert_eq!(Value::Object(c.job.mapped.clone()), expected);
    complete(store, &c, at(6)).await;
    let run = run(store, org, id).await;
    assert_eq!(run.state, RunState::Completed);
    assert_eq!(run.steps[2].job.as_ref().expect("its job").mapped, c.job.mapped);
    assert_eq!(run.steps[2].plan.depends_on, ["b"], "as the client named them");
}

pub(crate) async fn a_value_that_is_missing_fails_the_step(store: &impl Subject) {
    let org = org(store, "one").await;
    for result in [json!({}), json!({"x": null}), json!({"x": "y".repeat(64 * 1024)})] {
        let steps = new_run(org, &[("a", &[]), ("b", &["a"]), ("c", &["b"]), ("d", &["a"])]);
        let id = enqueue_run(store, taking(steps, "b", "field", "a", "x")).await;
        let a = claim_one(store, at(1)).await;
        let news = end_step(store, &a, brings(&result), at(2)).await;
        assert_eq!(news.state, RunState::InProgress);
        assert_eq!(news.ended.len(), 2);
        let later = run(store, org, id).await;
        assert_eq!(
            states(&later),
            [JobState::Completed, JobState::Failed, JobState::Cancelled, JobState::Queued]
        );
        let error = later.steps[1].job.as_ref().and_then(|job| job.error.clone()).expect("why");
        assert_eq!(error.code, "input_unresolved");
        assert!(error.message.contains("`field`"), "{error:?}");
        assert!(error.message.contains("$steps.a.result.x"), "{error:?}");
        let d = claim_one(store, at(3)).await;
        assert_eq!(complete(store, &d, at(4)).await.state, RunState::Failed);
    }
}

pub(crate) async fn dependants_of_a_failed_step_never_run(store: &impl Subject) {
    let org = org(store, "one").await;
    let steps = [("a", &[] as &[&str]), ("b", &["a"]), ("c", &["b"]), ("other", &[])];
    let id = enqueue_run(store, new_run(org, &steps)).await;
    let claimed = claim(store, 9, at(1)).await;
    assert_eq!(steps_of(&claimed), ["a", "other"]);
    let a = claimed.iter().find(|it| it.job.id == claimed[0].job.id).expect("a");
    let news = end_step(store, a, failed(), at(2)).await;
    assert_eq!(news.ended.len(), 2);
    let later = run(store, org, id).await;
    assert_eq!(later.state, RunState::InProgress, "what still can run, runs");
    let skipped = later.steps[2].job.as_ref().expect("its job");
    assert_eq!((skipped.state, skipped.started_at), (JobState::Cancelled, None));
    let error = skipped.error.clone().expect("why");
    assert_eq!(error.code, "dependency_failed");
    assert!(error.message.contains("`a`"), "{error:?}");
    assert_eq!(complete(store, &claimed[1], at(3)).await.state, RunState::Failed);
    assert_eq!(run(store, org, id).await.finished_at, Some(at(3)));
    assert!(claim(store, 9, at(4)).await.is_empty());
}

pub(crate) async fn a_step_is_retried_before_it_fails(store: &impl Subject) {
    let org = org(store, "one").await;
    let id = enqueue_run(store, new_run(org, &[("a", &[]), ("b", &["a"])])).await;
    let first = claim_one(store, at(1)).await;
    let again = Outcome::Retry { error: error("connect_timeout"), run_at: at(5) };
    let news = end_step(store, &first, again, at(2)).await;
    assert_eq!((news.state, news.ended.len()), (RunState::InProgress, 0));
    let waits = run(store, org, id).await;
    assert_eq!((states(&waits)[1], waits.updated_at), (JobState::Blocked, at(2)));
    let second = claim_one(store, at(6)).await;
    end_step(store, &second, Outcome::Released, at(7)).await;
    let third = claim_one(store, at(8)).await;
    complete(store, &third, at(9)).await;
    assert_eq!(steps_of(&claim(store, 9, at(10)).await), ["b"]);
}

pub(crate) async fn a_step_whose_worker_is_lost_fails_with_its_last_attempt(store: &impl Subject) {
    let org = org(store, "one").await;
    let mut new = new_run(org, &[("a", &[]), ("b", &["a"])]);
    new.steps[0].job.max_attempts = 1;
    let id = enqueue_run(store, new).await;
    let a = claim_one(store, at(1)).await;
    let lost = at(1 + LEASE_SECONDS + 1);
    let rescued = store.rescue_expired(lost, 10).await.expect("a rescue");
    let news = rescued[0].run.clone().expect("news of its run");
    assert_eq!((news.run, news.state, news.ended.len()), (id, RunState::Failed, 1));
    // The ghost's end changes nothing.
    let late = try_finish(store, ending(a.lease, brings(&json!({})), lost)).await;
    assert!(matches!(late, Ok(tidemill::store::Finished::LeaseLost)));
    assert_eq!(states(&run(store, org, id).await), [JobState::Failed, JobState::Cancelled]);
    assert!(rescue(store, lost, 10).await.is_empty());
}

pub(crate) async fn a_cancelled_step_fails_its_run(store: &impl Subject) {
    let org = org(store, "one").await;
    let id = enqueue_run(store, new_run(org, &[("a", &[]), ("b", &["a"])])).await;
    let a = job_of(&run(store, org, id).await, "a");
    let told = store
        .cancel(org, vec![a], at(1), Author::SERVER, unheard())
        .await
        .expect("a cancel")
        .remove(0);
    let Some(tidemill::store::Cancelling::Cancelled { run: Some(news), .. }) = told else {
        panic!("{told:?}")
    };
    assert_eq!((news.state, news.ended.len()), (RunState::Failed, 1));
    let ended = run(store, org, id).await;
    assert_eq!((ended.state, ended.finished_at), (RunState::Failed, Some(at(1))));
    assert_eq!(states(&ended), [JobState::Cancelled, JobState::Cancelled]);
}

pub(crate) async fn a_run_is_cancelled_with_all_its_unfinished_steps(store: &impl Subject) {
    let org = org(store, "one").await;
    let id = enqueue_run(store, new_run(org, &DIAMOND)).await;
    let a = claim_one(store, at(1)).await;
    complete(store, &a, at(2)).await;
    let b = claim_one(store, at(3)).await;
    let told = store.cancel_run(org, id, at(4), Author::SERVER, unheard()).await.expect("a cancel");
    let Some(tidemill::store::CancellingRun::Cancelled(jobs)) = told else { panic!("{told:?}") };
    assert_eq!(jobs.len(), 3);
    let ended = run(store, org, id).await;
    assert_eq!((ended.state, ended.finished_at), (RunState::Cancelled, Some(at(4))));
    let cancelled = JobState::Cancelled;
    assert_eq!(states(&ended), [JobState::Completed, cancelled, cancelled, cancelled]);
    let late = try_finish(store, ending(b.lease, brings(&json!({})), at(5))).await;
    assert!(matches!(late, Ok(tidemill::store::Finished::LeaseLost)));
    let again =
        store.cancel_run(org, id, at(6), Author::SERVER, unheard()).await.expect("a cancel");
    let state = RunState::Cancelled;
    assert!(matches!(
        again,
        Some(tidemill::store::CancellingRun::AlreadyTerminal(known)) if known == state
    ));
    assert_eq!(run(store, org, id).await, ended);
}

pub(crate) async fn idle_workers_get_what_is_due_in_the_same_write(store: &impl Subject) {
    let org = org(store, "one").await;
    let new = new_run(org, &DIAMOND);
    let (asked, delivered) = claiming(3, at(0));
    store.enqueue_run(new, at(0), NO_LIMIT, asked).await.expect("an enqueue");
    let a = delivered.await.expect("a delivery");
    assert_eq!(steps_of(&a), ["a"]);
    let (asked, delivered) = claiming(3, at(1));
    let (hook, finished) = tokio::sync::oneshot::channel();
    let ending = ending(a[0].lease, brings(&json!({})), at(1));
    store.finish(ending, Some(asked), Box::new(move |result| drop(hook.send(result))));
    finished.await.expect("the hook is called").expect("a finish");
    assert_eq!(steps_of(&delivered.await.expect("a delivery")), ["b", "c"]);
}

pub(crate) async fn a_known_key_answers_a_run_as_before(store: &impl Subject) {
    let org = org(store, "one").await;
    let key = |body: &str| IdempotencyKey {
        route: "runs",
        key: "k".to_owned(),
        fingerprint: Fingerprint::of(&body.into()),
        answer: Answer { status: 202, body: body.to_owned() },
    };
    let new = |body: &str| NewRun { idempotency: Some(key(body)), ..new_run(org, &DIAMOND) };
    let first = new("one");
    let id = first.id;
    assert_eq!(try_enqueue_run(store, first).await, EnqueuedRun::Created(id));
    let answer = Answer { status: 202, body: "one".to_owned() };
    assert_eq!(try_enqueue_run(store, new("one")).await, EnqueuedRun::Replayed(answer));
    assert_eq!(try_enqueue_run(store, new("two")).await, EnqueuedRun::KeyMismatch);
    assert_eq!(store.runs(all(org)).await.expect("a read").runs.len(), 1);
}

pub(crate) async fn a_run_needs_room_for_all_its_steps(store: &impl Subject) {
    let org = org(store, "one").await;
    for (limit, fits) in [(3, false), (4, true)] {
        let (asked, _) = claiming(0, at(0));
        let new = new_run(org, &DIAMOND);
        let id = new.id;
        let told = store.enqueue_run(new, at(0), limit, asked).await.expect("an enqueue");
        let expected = if fits { EnqueuedRun::Created(id) } else { EnqueuedRun::QueueFull };
        assert_eq!(told, expected);
        assert_eq!(store.run(org, id).await.expect("a read").is_some(), fits);
    }
}

pub(crate) async fn a_run_done_again_takes_over_what_completed(store: &impl Subject) {
    let org = org(store, "one").await;
    let id = enqueue_run(store, new_run(org, &[("a", &[]), ("b", &["a"])])).await;
    let a = claim_one(store, at(1)).await;
    complete(store, &a, at(2)).await;
    let b = claim_one(store, at(3)).await;
    end_step(store, &b, failed(), at(4)).await;
    let again = || {
        let mut new = taking(new_run(org, &[("a", &[]), ("b", &["a"])]), "b", "x", "a", "said");
        new.retry_of = Some(id);
        new.steps[0].job.retry_of = Some(a.job.id);
        new.steps[0].reuses = json!({"said": "again"}).as_object().cloned();
        new.steps[1].job.retry_of = Some(b.job.id);
        new
    };
    let second = enqueue_run(store, again()).await;
    let begun = run(store, org, second).await;
    assert_eq!((begun.state, begun.retry_of), (RunState::InProgress, Some(id)));
    let (before, taken) = (run(store, org, id).await, begun.steps[0].job.clone().expect("a job"));
    let done = before.steps[0].job.clone().expect("a job");
    assert_eq!((taken.state, taken.retry_of), (JobState::Completed, Some(a.job.id)));
    assert_eq!((&taken.result, taken.finished_at), (&done.result, done.finished_at));
    let b = claim_one(store, at(5)).await;
    assert_eq!(Value::Object(b.job.mapped.clone()), json!({"x": "again"}));
    assert_eq!(complete(store, &b, at(6)).await.state, RunState::Completed);
    // What is taken over must be there.
    store.delete(org, a.job.id, at(9), Author::SERVER).await.expect("a delete");
    let gone = EnqueuedRun::StepGone("a".to_owned());
    assert_eq!(try_enqueue_run(store, again()).await, gone);
}

pub(crate) async fn files_go_on_to_the_step_done_again(store: &impl Subject) {
    let org = org(store, "one").await;
    let mut new = new_run(org, &[("a", &[])]);
    let file = new_asset("picture");
    new.steps[0].job.assets.push(file.clone());
    let (job, _) = (new.steps[0].job.id, enqueue_run(store, new).await);
    assert_eq!(store.assets_of(job).await.expect("a read").len(), 1);
    let a = claim_one(store, at(1)).await;
    end_step(store, &a, failed(), at(2)).await;
    let mut again = new_run(org, &[("a", &[])]);
    again.steps[0].job.retry_of = Some(job);
    let job_again = again.steps[0].job.id;
    enqueue_run(store, again).await;
    for job in [job, job_again] {
        let files = store.assets_of(job).await.expect("a read");
        assert_eq!(files.iter().map(|file| file.id).collect::<Vec<_>>(), [file.id]);
    }
    // Whichever of the two goes first, the other keeps its file.
    let claimed = claim_one(store, at(3)).await;
    end_step(store, &claimed, failed(), at(4)).await;
    assert_eq!(
        store.delete(org, job_again, at(9), Author::SERVER).await.expect("a delete"),
        Deletion::Deleted
    );
    assert_eq!(store.assets_of(job).await.expect("a read").len(), 1);
    assert_eq!(
        store.delete(org, job, at(9), Author::SERVER).await.expect("a delete"),
        Deletion::Deleted
    );
    assert_eq!(store.asset(org, file.id).await.expect("a read"), None);
}

pub(crate) async fn a_step_s_job_goes_only_after_its_run_has_ended(store: &impl Subject) {
    let org = org(store, "one").await;
    let id = enqueue_run(store, new_run(org, &[("a", &[]), ("b", &["a"])])).await;
    let a = claim_one(store, at(1)).await;
    complete(store, &a, at(2)).await;
    let delete = async |job| store.delete(org, job, at(9), Author::SERVER).await.expect("a delete");
    assert_eq!(delete(a.job.id).await, Deletion::RunNotTerminal);
    let b = claim_one(store, at(3)).await;
    assert_eq!(delete(b.job.id).await, Deletion::NotTerminal);
    end_step(store, &b, failed(), at(4)).await;
    assert_eq!(delete(b.job.id).await, Deletion::Deleted);
    let left = run(store, org, id).await;
    assert_eq!((left.state, left.steps.len()), (RunState::Failed, 2));
    assert!(left.steps[0].job.is_some() && left.steps[1].job.is_none());
    assert_eq!(left.steps[1].plan.ended, Some(JobState::Failed), "how it ended is still known");
}

pub(crate) async fn old_runs_are_pruned_whole(store: &impl Subject) {
    let org = org(store, "one").await;
    let id = enqueue_run(store, new_run(org, &[("a", &[]), ("b", &["a"])])).await;
    let a = claim_one(store, at(1)).await;
    complete(store, &a, at(2)).await;
    let prune =
        async |before| store.prune_finished(before, before, before, 100).await.expect("a prune");
    assert_eq!(prune(at(1_000)).await.jobs, 0, "a step stays as long as its run");
    let b = claim_one(store, at(3)).await;
    complete(store, &b, at(500)).await;
    assert_eq!(prune(at(400)).await.runs, 0);
    assert_eq!(state(store, org, a.job.id).await, JobState::Completed);
    assert_eq!(prune(at(600)).await.runs, 1);
    assert_eq!(store.run(org, id).await.expect("a read"), None);
    assert_eq!(store.job(org, a.job.id).await.expect("a read"), None);
}

pub(crate) async fn runs_are_listed_newest_first_in_pages(store: &impl Subject) {
    let org = org(store, "one").await;
    let mut ids: Vec<RunId> = Vec::new();
    for _ in 0..5 {
        ids.push(enqueue_run(store, new_run(org, &[("a", &[])])).await);
    }
    ids.reverse();
    let first = store.runs(RunFilter { limit: 3, ..all(org) }).await.expect("a read");
    let listed: Vec<_> = first.runs.iter().map(|run| run.id).collect();
    assert_eq!((listed.as_slice(), first.next), (&ids[..3], Some(RunCursor(ids[2]))));
    let job = first.runs[0].steps[0].job.as_ref().expect("its job");
    assert!(job.echo.is_empty(), "without what is large");
    let rest = store.runs(RunFilter { cursor: first.next, ..all(org) }).await.expect("a read");
    assert_eq!(rest.runs.iter().map(|run| run.id).collect::<Vec<_>>(), ids[3..]);
    assert_eq!(rest.next, None);
    store.cancel_run(org, ids[0], at(1), Author::SERVER, unheard()).await.expect("a cancel");
    let filter = RunFilter { states: vec![RunState::Cancelled], ..all(org) };
    let cancelled = store.runs(filter).await.expect("a read").runs;
    assert_eq!(cancelled.iter().map(|run| run.id).collect::<Vec<_>>(), [ids[0]]);
}

pub(crate) async fn another_organization_s_run_is_unknown(store: &impl Subject) {
    let (ours, theirs) = (org(store, "one").await, org(store, "two").await);
    let id = enqueue_run(store, new_run(ours, &[("a", &[])])).await;
    assert_eq!(store.run(theirs, id).await.expect("a read"), None);
    assert!(store.runs(all(theirs)).await.expect("a read").runs.is_empty());
    assert!(
        store
            .cancel_run(theirs, id, at(1), Author::SERVER, unheard())
            .await
            .expect("a cancel")
            .is_none()
    );
    assert_eq!(run(store, ours, id).await.state, RunState::Pending);
}

pub(crate) async fn the_jobs_of_a_run_are_listed(store: &impl Subject) {
    let org = org(store, "one").await;
    let id = enqueue_run(store, new_run(org, &DIAMOND)).await;
    let depths = store.depths().await.expect("a read");
    let waiting = depths.iter().find(|depth| depth.state == JobState::Blocked);
    assert_eq!(waiting.map(|depth| depth.jobs), Some(3), "what waits is counted");
    crate::fixture::enqueue_one(store, org).await;
    let filter = tidemill::store::JobFilter { run: Some(id), ..crate::fixture::everything(org) };
    assert_eq!(store.jobs(filter).await.expect("a read").jobs.len(), 4);
}

pub(crate) async fn an_organization_goes_with_its_runs(store: &impl Subject) {
    let org = org(store, "one").await;
    let id = enqueue_run(store, new_run(org, &DIAMOND)).await;
    let told = store.delete_org("one", at(9), Author::SERVER).await.expect("a delete");
    assert_eq!(told, OrgDeletion::HasUnfinishedJobs(4));
    store.cancel_run(org, id, at(1), Author::SERVER, unheard()).await.expect("a cancel");
    assert_eq!(
        store.delete_org("one", at(9), Author::SERVER).await.expect("a delete"),
        OrgDeletion::Deleted
    );
    assert_eq!(store.run(org, id).await.expect("a read"), None);
}

fn all(org: tidemill::domain::ids::OrgId) -> RunFilter {
    RunFilter {
        org,
        states: Vec::new(),
        created_after: None,
        created_before: None,
        cursor: None,
        limit: 100,
    }
}
