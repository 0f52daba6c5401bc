//! Who may claim what: states, limits, actions, organizations, due times.

use std::collections::HashSet;
use std::sync::Arc;

use tidemill::domain::job::{JobState, NewJob};
use tidemill::store::Claiming;

use crate::Subject;
use crate::fixture::{
    NO_LIMIT, at, claim, claim_as, claim_one, claiming, completed, enqueue, enqueue_one, finish,
    job, new_job, org,
};

pub(crate) async fn a_claimed_job_is_in_a_worker_s_hands(store: &impl Subject) {
    let org = org(store, "one").await;
    let id = enqueue_one(store, org).await;
    let claimed = claim_one(store, at(5)).await;
    assert_eq!((claimed.lease.job, claimed.job.id), (id, id));
    let stored = job(store, org, id).await;
    assert_eq!(claimed.job, stored);
    assert_eq!((stored.state, stored.attempt), (JobState::Processing, 1));
    assert_eq!((stored.started_at, stored.finished_at), (Some(at(5)), None));
}

pub(crate) async fn a_claim_takes_no_more_than_its_limit(store: &impl Subject) {
    let org = org(store, "one").await;
    for _ in 0..5 {
        enqueue_one(store, org).await;
    }
    assert_eq!(claim(store, 2, at(1)).await.len(), 2);
    assert_eq!(claim(store, 10, at(1)).await.len(), 3);
}

pub(crate) async fn only_known_actions_are_claimed(store: &impl Subject) {
    let org = org(store, "one").await;
    // Unknown work in front, in numbers and in priority, must not hide the known.
    for _ in 0..3 {
        let new = NewJob { action: "unknown".into(), priority: 0, ..new_job(org) };
        enqueue(store, new).await;
    }
    let known = enqueue(store, NewJob { priority: 9, ..new_job(org) }).await;
    let claimed = claim(store, 10, at(1)).await;
    assert_eq!(claimed.iter().map(|claimed| claimed.job.id).collect::<Vec<_>>(), [known]);
}

pub(crate) async fn a_remote_worker_claims_its_organization_s_jobs(store: &impl Subject) {
    let (one, two) = (org(store, "one").await, org(store, "two").await);
    enqueue_one(store, one).await;
    let ours = enqueue_one(store, two).await;
    let (claiming, delivered) = claiming(10, at(1));
    let claiming = Claiming { org: Some(two), worker: "printer".into(), ..claiming };
    let claimed = claim_as(store, claiming, delivered).await;
    assert_eq!(claimed.iter().map(|claimed| claimed.job.id).collect::<Vec<_>>(), [ours]);
    finish(store, claimed[0].lease, completed("printed"), at(2)).await;
    let attempts = store.attempts(ours).await.expect("a read");
    assert_eq!(attempts[0].worker, "printer");
}

pub(crate) async fn a_delayed_job_is_claimed_when_it_is_due(store: &impl Subject) {
    let org = org(store, "one").await;
    let id = enqueue(store, NewJob { run_at: Some(at(60)), ..new_job(org) }).await;
    assert_eq!(claim(store, 1, at(59)).await.len(), 0);
    assert_eq!(job(store, org, id).await.run_at, Some(at(60)));
    let claimed = claim_one(store, at(60)).await;
    assert_eq!((claimed.job.id, claimed.job.run_at), (id, None));
}

pub(crate) async fn no_job_is_claimed_twice(store: &impl Subject) {
    let org = org(store, "one").await;
    let jobs = (0..40).map(|_| new_job(org)).collect();
    store.enqueue(jobs, at(0), NO_LIMIT, None).await.expect("an enqueue");
    let claims = (0..20).map(|_| claim(store, 3, at(1)));
    let claimed: Vec<_> =
        futures_util::future::join_all(claims).await.into_iter().flatten().collect();
    let distinct: HashSet<_> = claimed.iter().map(|claimed| claimed.job.id).collect();
    assert_eq!((claimed.len(), distinct.len()), (40, 40));
}

pub(crate) async fn a_claim_of_nothing_is_delivered_too(store: &impl Subject) {
    assert_eq!(claim(store, 4, at(1)).await.len(), 0);
    let (claiming, delivered) = claiming(4, at(1));
    let claiming = Claiming { actions: Arc::from([]), ..claiming };
    assert_eq!(claim_as(store, claiming, delivered).await.len(), 0);
}
