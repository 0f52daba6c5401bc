//! In which order jobs are claimed: by priority within an organization, in turn between them.

use std::sync::Arc;

use tidemill::domain::ids::OrgId;
use tidemill::domain::job::NewJob;
use tidemill::store::Claiming;

use crate::Subject;
use crate::fixture::{NO_LIMIT, at, claim, claim_as, claim_one, claiming, enqueue, new_job, org};

pub(crate) async fn lower_priorities_go_first_then_older_jobs(store: &impl Subject) {
    let org = org(store, "one").await;
    let mut expected = Vec::new();
    for priority in [5, 0, 9, 5, 0, 1] {
        let id = enqueue(store, NewJob { priority, ..new_job(org) }).await;
        expected.push((priority, id));
    }
    expected.sort();
    let claimed = claim(store, 10, at(1)).await;
    let order: Vec<_> = claimed.iter().map(|it| (it.job.priority, it.job.id)).collect();
    assert_eq!(order, expected);
}

pub(crate) async fn organizations_take_turns(store: &impl Subject) {
    let (many, few) = (org(store, "many").await, org(store, "few").await);
    enqueue_many(store, many, 20).await;
    enqueue_many(store, few, 3).await;
    let order = claim_in_single_steps(store, 8).await;
    // In every two turns each has one, whatever stands behind it; then the rest is the others'.
    for pair in order[..6].chunks(2) {
        assert_ne!(pair[0], pair[1], "{order:?}");
    }
    assert_eq!(order[6..], [many, many]);
    // A claim of several jobs at once takes the same turns.
    enqueue_many(store, few, 3).await;
    let claimed = claim(store, 6, at(1)).await;
    assert_eq!(claimed.iter().filter(|claimed| claimed.job.org == few).count(), 3);
}

pub(crate) async fn who_comes_late_does_not_catch_up(store: &impl Subject) {
    let (first, late) = (org(store, "first").await, org(store, "late").await);
    enqueue_many(store, first, 100).await;
    claim(store, 50, at(1)).await;
    enqueue_many(store, late, 50).await;
    let order = claim_in_single_steps(store, 20).await;
    let share = order.iter().filter(|org| **org == late).count();
    assert!((9..=11).contains(&share), "{share} of 20 turns");
}

pub(crate) async fn who_comes_back_starts_now(store: &impl Subject) {
    let (busy, resting) = (org(store, "busy").await, org(store, "resting").await);
    enqueue_many(store, resting, 1).await;
    enqueue_many(store, busy, 100).await;
    claim(store, 60, at(1)).await;
    enqueue_many(store, resting, 30).await;
    let order = claim_in_single_steps(store, 20).await;
    let share = order.iter().filter(|org| **org == resting).count();
    assert!((9..=11).contains(&share), "{share} of 20 turns");
}

pub(crate) async fn a_second_action_gives_no_second_turn(store: &impl Subject) {
    let (broad, narrow) = (org(store, "broad").await, org(store, "narrow").await);
    for action in ["a", "b", "c"] {
        for _ in 0..20 {
            enqueue(store, NewJob { action: action.into(), ..new_job(broad) }).await;
        }
    }
    for _ in 0..20 {
        enqueue(store, NewJob { action: "a".into(), ..new_job(narrow) }).await;
    }
    let (claiming, delivered) = claiming(20, at(1));
    let actions = Arc::from(["a", "b", "c"].map(str::to_owned));
    let claimed = claim_as(store, Claiming { actions, ..claiming }, delivered).await;
    let share = claimed.iter().filter(|claimed| claimed.job.org == narrow).count();
    assert_eq!(share, 10, "of 20 turns");
}

pub(crate) async fn a_new_action_gives_no_head_start(store: &impl Subject) {
    let (ahead, behind) = (org(store, "ahead").await, org(store, "behind").await);
    enqueue_many(store, ahead, 10).await;
    enqueue_many(store, behind, 10).await;
    // A worker of its own took one organization ten turns ahead.
    let (own, delivered) = claiming(10, at(1));
    claim_as(store, Claiming { org: Some(ahead), ..own }, delivered).await;
    enqueue(store, NewJob { action: "a".into(), ..new_job(ahead) }).await;

    let (both, delivered) = claiming(10, at(1));
    let actions = Arc::from(["a", "noop"].map(str::to_owned));
    let claimed = claim_as(store, Claiming { actions, ..both }, delivered).await;
    assert!(claimed.iter().all(|claimed| claimed.job.org == behind), "{claimed:?}");
}

pub(crate) async fn who_cannot_be_served_holds_the_time_for_nobody(store: &impl Subject) {
    let (stuck, busy) = (org(store, "stuck").await, org(store, "busy").await);
    let gone = NewJob { action: "gone".into(), ..new_job(stuck) };
    enqueue(store, gone).await;
    enqueue_many(store, busy, 100).await;
    claim(store, 60, at(1)).await;
    // Who comes now begins where the served one is, not where the stuck one was.
    let late = org(store, "late").await;
    enqueue_many(store, late, 30).await;
    let order = claim_in_single_steps(store, 20).await;
    let share = order.iter().filter(|org| **org == late).count();
    assert!((9..=11).contains(&share), "{share} of 20 turns");
    // Nor has the stuck one saved up turns until it can be served again.
    enqueue_many(store, stuck, 30).await;
    let order = claim_in_single_steps(store, 21).await;
    let share = order.iter().filter(|org| **org == stuck).count();
    assert!((6..=9).contains(&share), "{share} of 21 turns");
}

async fn enqueue_many(store: &impl Subject, org: OrgId, number: usize) {
    let jobs = (0..number).map(|_| new_job(org)).collect();
    store.enqueue(jobs, at(0), NO_LIMIT, None).await.expect("an enqueue");
}

async fn claim_in_single_steps(store: &impl Subject, steps: usize) -> Vec<OrgId> {
    let mut order = Vec::with_capacity(steps);
    for _ in 0..steps {
        order.push(claim_one(store, at(1)).await.job.org);
    }
    order
}
