//! Queues as an onlooker sees them.

use tidemill::domain::job::NewJob;
use tidemill::store::{Backlog, Underway};

use crate::Subject;
use crate::fixture::{NO_LIMIT, at, claim, new_job, org};

pub(crate) async fn what_has_not_ended_is_counted_by_organization(store: &impl Subject) {
    let (ours, theirs) = (org(store, "one").await, org(store, "two").await);
    for (place, org) in [(1, ours), (2, ours), (3, theirs)] {
        store.enqueue(vec![new_job(org)], at(place), NO_LIMIT, None).await.expect("a write");
    }
    let mut delayed = new_job(ours);
    delayed.run_at = Some(at(900));
    store.enqueue(vec![delayed], at(4), NO_LIMIT, None).await.expect("a write");
    let claimed = claim(store, 1, at(5)).await;
    let taken = claimed[0].job.org;
    let all = store.backlogs(None, 10).await.expect("a read");
    assert_eq!(all.iter().map(|backlog| backlog.ready).sum::<u64>(), 2);
    let message = NewJob { internal: true, action: "deliver".into(), ..new_job(ours) };
    store.enqueue(vec![message], at(6), NO_LIMIT, None).await.expect("a write");
    assert_eq!(store.backlogs(None, 10).await.expect("a read").len(), 3, "the server sees its own");
    let own = store.backlogs(Some(ours), 10).await.expect("a read");
    let [Backlog { org_name, ready, processing, later, oldest, .. }] = &own[..] else {
        panic!("one queue: {own:?}");
    };
    let expected = if taken == ours { (1, 1, at(2)) } else { (2, 0, at(1)) };
    assert_eq!((*ready, *processing, oldest.expect("some wait")), expected);
    assert_eq!((org_name.as_str(), *later), ("one", 1));
}

pub(crate) async fn jobs_in_hands_are_shown_to_their_organization(store: &impl Subject) {
    let (ours, theirs) = (org(store, "one").await, org(store, "two").await);
    for org in [ours, theirs] {
        store.enqueue(vec![new_job(org)], at(1), NO_LIMIT, None).await.expect("a write");
    }
    assert!(store.underway(None, 10).await.expect("a read").is_empty());
    claim(store, 2, at(5)).await;
    let own = store.underway(Some(ours), 10).await.expect("a read");
    let [Underway { org, worker, started_at, attempt, .. }] = &own[..] else {
        panic!("one job: {own:?}");
    };
    assert_eq!((*org, worker.as_str(), *started_at, *attempt), (ours, "local", Some(at(5)), 1));
    assert_eq!(store.underway(None, 10).await.expect("a read").len(), 2);
    assert_eq!(store.underway(None, 1).await.expect("a read").len(), 1);
}
