//! Cancelling: whatever the job does now, and whoever asks.

use tidemill::domain::audit::Author;
use tidemill::domain::ids::{JobId, OrgId};
use tidemill::domain::job::{Job, JobState, NewJob};
use tidemill::store::Cancelling;

use crate::Subject;
use crate::fixture::{
    at, claim, completed, enqueue, enqueue_one, finish, job, new_job, org, processing, rescue,
    state, unheard,
};

pub(crate) async fn a_queued_job_is_never_run(store: &impl Subject) {
    let org = org(store, "one").await;
    let due = enqueue_one(store, org).await;
    let delayed = enqueue(store, NewJob { run_at: Some(at(10)), ..new_job(org) }).await;
    for id in [due, delayed] {
        let told = cancel_one(store, org, id, 1).await;
        assert_eq!((told.state, told.finished_at), (JobState::Cancelled, Some(at(1))));
        assert_eq!(told.error.as_ref().map(|error| error.code.as_str()), Some("cancelled"));
        assert_eq!(told, job(store, org, id).await);
        assert_eq!((told.run_at, told.attempt), (None, 0));
        assert!(store.attempts(id).await.expect("a read").is_empty());
    }
    assert_eq!(claim(store, 10, at(20)).await.len(), 0);
}

pub(crate) async fn a_processing_job_is_taken_from_its_worker(store: &impl Subject) {
    let org = org(store, "one").await;
    let claimed = processing(store, org, at(1)).await;
    let told = cancel_one(store, org, claimed.job.id, 2).await;
    assert_eq!(told.state, JobState::Cancelled);
    let attempts = store.attempts(told.id).await.expect("a read");
    assert_eq!((attempts.len(), attempts[0].outcome.as_str()), (1, "cancelled"));
    assert!(rescue(store, at(1_000), 10).await.is_empty());
}

pub(crate) async fn a_terminal_job_says_so(store: &impl Subject) {
    let org = org(store, "one").await;
    let claimed = processing(store, org, at(1)).await;
    let done = finish(store, claimed.lease, completed("done"), at(2)).await;
    let cancelled = enqueue_one(store, org).await;
    cancel_one(store, org, cancelled, 3).await;
    let answers = store
        .cancel(org, vec![done.id, cancelled], at(4), Author::SERVER, unheard())
        .await
        .expect("a cancel");
    let states: Vec<_> = answers
        .iter()
        .map(|answer| match answer {
            Some(Cancelling::AlreadyTerminal(state)) => *state,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(states, [JobState::Completed, JobState::Cancelled]);
    assert_eq!(job(store, org, done.id).await, done);
}

pub(crate) async fn each_id_has_its_own_answer(store: &impl Subject) {
    let (ours, theirs) = (org(store, "one").await, org(store, "two").await);
    let foreign = enqueue_one(store, theirs).await;
    let internal = enqueue(store, NewJob { internal: true, ..new_job(ours) }).await;
    let queued = enqueue_one(store, ours).await;
    let ids = vec![JobId::mint(), foreign, internal, queued, queued];
    let answers =
        store.cancel(ours, ids, at(1), Author::SERVER, unheard()).await.expect("a cancel");
    assert!(answers[..3].iter().all(Option::is_none), "{answers:?}");
    assert!(matches!(answers[3], Some(Cancelling::Cancelled { .. })));
    assert!(matches!(answers[4], Some(Cancelling::AlreadyTerminal(JobState::Cancelled))));
    assert_eq!(state(store, theirs, foreign).await, JobState::Queued);
    assert_eq!(state(store, ours, internal).await, JobState::Queued);
}

pub(crate) async fn a_cancelled_job_frees_its_unique_key(store: &impl Subject) {
    let org = org(store, "one").await;
    let unique = || NewJob { unique_key: Some("only".into()), ..new_job(org) };
    let holder = enqueue(store, unique()).await;
    cancel_one(store, org, holder, 1).await;
    enqueue(store, unique()).await;
}

async fn cancel_one(store: &impl Subject, org: OrgId, id: JobId, second: i64) -> Job {
    let answers =
        store.cancel(org, vec![id], at(second), Author::SERVER, unheard()).await.expect("a cancel");
    match answers.into_iter().next().flatten() {
        Some(Cancelling::Cancelled { job, .. }) => *job,
        other => panic!("{other:?}"),
    }
}
