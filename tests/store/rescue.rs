//! Taking jobs from workers that are gone.

use tidemill::domain::job::{JobState, NewJob};
use tidemill::store::Claiming;

use crate::Subject;
use crate::fixture::{
    LEASE_SECONDS, at, claim, claim_as, claim_one, claiming, completed, enqueue, enqueue_one,
    finish, finish_is_refused, job, new_job, org, processing, rescue, state,
};

pub(crate) async fn an_expired_lease_puts_the_job_back(store: &impl Subject) {
    let org = org(store, "one").await;
    let lost = processing(store, org, at(0)).await;
    let rescued = rescue(store, at(LEASE_SECONDS + 1), 10).await;
    assert_eq!(rescued, [job(store, org, lost.job.id).await]);
    assert_eq!((rescued[0].state, rescued[0].attempt), (JobState::Queued, 1));
    let attempts = store.attempts(lost.job.id).await.expect("a read");
    assert_eq!((attempts.len(), attempts[0].outcome.as_str()), (1, "lost"));
    let again = claim_one(store, at(LEASE_SECONDS + 1)).await;
    assert_eq!((again.job.id, again.job.attempt), (lost.job.id, 2));
}

pub(crate) async fn the_last_attempt_s_loss_ends_the_job(store: &impl Subject) {
    let org = org(store, "one").await;
    let id = enqueue(store, NewJob { max_attempts: 2, ..new_job(org) }).await;
    for (now, expected) in [(0, JobState::Queued), (100, JobState::Failed)] {
        claim_one(store, at(now)).await;
        let later = at(now + LEASE_SECONDS + 1);
        let rescued = rescue(store, later, 10).await;
        assert_eq!((rescued.len(), rescued[0].state), (1, expected));
    }
    let ended = job(store, org, id).await;
    assert_eq!(ended.error.map(|error| error.code).as_deref(), Some("worker_lost"));
    assert_eq!((ended.attempt, ended.finished_at), (2, Some(at(100 + LEASE_SECONDS + 1))));
}

pub(crate) async fn a_live_lease_is_left_alone(store: &impl Subject) {
    let org = org(store, "one").await;
    let live = processing(store, org, at(0)).await;
    assert!(rescue(store, at(LEASE_SECONDS), 10).await.is_empty());
    finish(store, live.lease, completed("in time"), at(LEASE_SECONDS)).await;
    assert!(rescue(store, at(1_000), 10).await.is_empty());
}

pub(crate) async fn a_rescue_takes_no_more_than_its_limit(store: &impl Subject) {
    let org = org(store, "one").await;
    for _ in 0..5 {
        enqueue_one(store, org).await;
    }
    assert_eq!(claim(store, 5, at(0)).await.len(), 5);
    for expected in [2, 2, 1, 0] {
        let rescued = rescue(store, at(100), 2).await;
        assert_eq!(rescued.len(), expected);
    }
}

pub(crate) async fn local_leases_end_at_start(store: &impl Subject) {
    let org = org(store, "one").await;
    let local = processing(store, org, at(0)).await;
    let remote = enqueue_one(store, org).await;
    let (asked, delivered) = claiming(1, at(0));
    claim_as(store, Claiming { worker: "printer".into(), ..asked }, delivered).await;

    assert_eq!(store.expire_local_leases(at(1)).await.expect("an expiry"), 1);
    let rescued = rescue(store, at(1), 10).await;
    assert_eq!(rescued.iter().map(|job| job.id).collect::<Vec<_>>(), [local.job.id]);
    assert_eq!(state(store, org, remote).await, JobState::Processing);
    assert!(finish_is_refused(store, local.lease, at(2)).await);
}
