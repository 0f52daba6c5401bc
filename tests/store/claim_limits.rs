//! How many jobs are processed at one time: of an action, and of an organization.

use std::sync::Arc;

use tidemill::domain::ids::OrgId;
use tidemill::domain::job::{Claimed, NewJob};
use tidemill::store::{Claiming, ConcurrencyLimits};

use crate::Subject;
use crate::fixture::{NO_LIMIT, at, claim_as, claiming, completed, enqueue, finish, new_job, org};

async fn claim(store: &impl Subject, most: usize, limits: &ConcurrencyLimits) -> Vec<Claimed> {
    let (claiming, delivered) = claiming(most, at(1));
    let actions = Arc::from(["noop", "other"].map(str::to_owned));
    let claiming = Claiming { actions, limits: Arc::new(limits.clone()), ..claiming };
    claim_as(store, claiming, delivered).await
}

async fn enqueue_many(store: &impl Subject, org: OrgId, action: &str, number: usize) {
    for _ in 0..number {
        enqueue(store, NewJob { action: action.into(), ..new_job(org) }).await;
    }
}

fn of_action(limit: u32) -> ConcurrencyLimits {
    let actions = [("noop".to_owned(), limit)].into();
    ConcurrencyLimits { actions, ..ConcurrencyLimits::default() }
}

pub(crate) async fn an_action_has_no_more_than_its_limit(store: &impl Subject) {
    let (one, two) = (org(store, "one").await, org(store, "two").await);
    enqueue_many(store, one, "noop", 5).await;
    enqueue_many(store, two, "noop", 5).await;
    enqueue_many(store, two, "other", 2).await;
    let claimed = claim(store, 10, &of_action(3)).await;
    let noops = claimed.iter().filter(|claimed| claimed.job.action == "noop").count();
    assert_eq!((noops, claimed.len()), (3, 5), "others go on");
    assert!(claim(store, 10, &of_action(3)).await.is_empty());
    // Each end makes room for one.
    let ended = claimed.iter().find(|claimed| claimed.job.action == "noop").expect("one");
    finish(store, ended.lease, completed("done"), at(2)).await;
    assert_eq!(claim(store, 10, &of_action(3)).await.len(), 1);
}

pub(crate) async fn an_organization_has_no_more_than_its_limit(store: &impl Subject) {
    let (one, two) = (org(store, "one").await, org(store, "two").await);
    for org in [one, two] {
        enqueue_many(store, org, "noop", 5).await;
        enqueue_many(store, org, "other", 5).await;
    }
    let orgs = [("two".to_owned(), 4), ("nobody".to_owned(), 9)].into();
    let limits = ConcurrencyLimits { org: Some(2), orgs, ..ConcurrencyLimits::default() };
    let claimed = claim(store, 20, &limits).await;
    let of = |org| claimed.iter().filter(|claimed| claimed.job.org == org).count();
    assert_eq!((of(one), of(two)), (2, 4));
    assert!(claim(store, 20, &limits).await.is_empty());
}

pub(crate) async fn who_has_room_takes_turns(store: &impl Subject) {
    let (full, one, two) =
        (org(store, "full").await, org(store, "one").await, org(store, "two").await);
    for org in [full, one, two] {
        enqueue_many(store, org, "noop", 20).await;
    }
    let orgs = [("full".to_owned(), 1)].into();
    let limits = ConcurrencyLimits { orgs, ..ConcurrencyLimits::default() };
    let claimed = claim(store, 21, &limits).await;
    let of = |org| claimed.iter().filter(|claimed| claimed.job.org == org).count();
    assert_eq!((of(full), of(one), of(two)), (1, 10, 10));
    // When it has room again, it has saved up no turns.
    let claimed = claim(store, 9, &ConcurrencyLimits::default()).await;
    assert!(claimed.iter().filter(|claimed| claimed.job.org == full).count() <= 4);
}

pub(crate) async fn a_new_job_does_not_slip_past_a_limit(store: &impl Subject) {
    let org = org(store, "one").await;
    for left in [1, 0] {
        let (claiming, delivered) = claiming(1, at(1));
        let claiming = Claiming { limits: Arc::new(of_action(1)), ..claiming };
        let jobs = vec![new_job(org)];
        store.enqueue(jobs, at(0), NO_LIMIT, Some(claiming)).await.expect("an enqueue");
        assert_eq!(delivered.await.expect("a delivery").len(), left);
    }
    let running = store.running(org, "noop".to_owned()).await.expect("a read");
    assert_eq!((running.of_action, running.of_org, running.org_name.as_str()), (1, 1, "one"));
}

pub(crate) async fn a_token_finds_its_lease_until_another_has_the_job(store: &impl Subject) {
    use tidemill::domain::key::SecretHash;
    let org = org(store, "one").await;
    let id = enqueue(store, new_job(org)).await;
    let give = async |token: &str, second| {
        let (claiming, delivered) = claiming(1, at(second));
        let tokens = vec![SecretHash::of(token)];
        claim_as(store, Claiming { tokens, worker: "press".into(), ..claiming }, delivered).await
    };
    let found = async |token: &str| {
        let found = store.find_lease(SecretHash::of(token)).await.expect("a read");
        found.map(|claimed| (claimed.job.id, claimed.lease.epoch))
    };
    assert_eq!(give("first", 1).await.len(), 1);
    assert_eq!(found("first").await, Some((id, 1)));
    assert_eq!(found("other").await, None);
    store.rescue_expired(at(60), 10).await.expect("a rescue");
    assert_eq!(give("second", 61).await.len(), 1);
    assert_eq!((found("first").await, found("second").await), (None, Some((id, 2))));
}
