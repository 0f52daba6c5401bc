//! Accepting jobs: what is stored, and each reason to store nothing.

use std::time::Duration;

use tidemill::domain::asset::ContentDigest;
use tidemill::domain::idempotency::{Answer, Fingerprint, IdempotencyKey, KEPT_FOR};
use tidemill::domain::ids::{JobId, OrgId};
use tidemill::domain::job::{Enqueued, JobState, NewJob};
use tidemill::domain::payload::Payload;
use tidemill::store::Claiming;

use crate::Subject;
use crate::fixture::{
    NO_LIMIT, at, claim, claim_one, claiming, claiming_with, claims, completed, enqueue, failed,
    finish, job, new_asset, new_job, org, try_enqueue,
};

pub(crate) async fn a_job_reads_as_it_was_stored(store: &impl Subject) {
    let org = org(store, "one").await;
    let new = NewJob {
        action: "brands.extract".into(),
        priority: 2,
        input: Payload::Stored(ContentDigest::of(b"large")),
        run_at: Some(at(60)),
        max_attempts: 7,
        attempt_timeout: Duration::from_millis(1_234),
        unique_key: Some("only".into()),
        retry_of: Some(JobId::mint()),
        ..new_job(org)
    };
    enqueue(store, new.clone()).await;
    let stored = job(store, org, new.id).await;
    assert_eq!((stored.id, stored.org, stored.action), (new.id, org, new.action));
    assert_eq!((stored.input, stored.echo), (new.input, new.echo));
    assert_eq!((stored.state, stored.priority, stored.internal), (JobState::Queued, 2, false));
    assert_eq!((stored.run_at, stored.unique_key), (Some(at(60)), new.unique_key));
    assert_eq!((stored.attempt, stored.max_attempts), (0, 7));
    assert_eq!((stored.attempt_timeout, stored.retry_of), (new.attempt_timeout, new.retry_of));
    assert_eq!((stored.created_at, stored.updated_at), (at(0), at(0)));
    assert_eq!((stored.started_at, stored.finished_at), (None, None));
    assert_eq!((stored.result, stored.error, stored.phase), (None, None, None));
}

pub(crate) async fn a_known_idempotency_key_answers_as_before(store: &impl Subject) {
    let org = org(store, "one").await;
    let first = keyed(org, "once", "body");
    enqueue(store, first.clone()).await;

    let again = keyed(org, "once", "body");
    let before = first.idempotency.expect("a key").answer;
    assert_eq!(try_enqueue(store, again.clone()).await, Enqueued::Replayed(before));
    assert_eq!(store.job(org, again.id).await.expect("a read"), None);

    let other = keyed(org, "once", "another body");
    assert_eq!(try_enqueue(store, other.clone()).await, Enqueued::KeyMismatch);
    assert_eq!(store.job(org, other.id).await.expect("a read"), None);
}

pub(crate) async fn an_idempotency_key_is_forgotten_after_its_time(store: &impl Subject) {
    let org = org(store, "one").await;
    enqueue(store, keyed(org, "once", "body")).await;
    for (later, is_new) in
        [(KEPT_FOR.saturating_sub(Duration::from_millis(1)), false), (KEPT_FOR, true)]
    {
        let again = keyed(org, "once", "body");
        let now = at(0).after(later);
        let answers = store.enqueue(vec![again], now, NO_LIMIT, None).await.expect("an enqueue");
        assert_eq!(matches!(answers[0], Enqueued::Created(_)), is_new, "{later:?}");
    }
}

pub(crate) async fn keys_of_other_routes_and_organizations_do_not_meet(store: &impl Subject) {
    let (one, two) = (org(store, "one").await, org(store, "two").await);
    enqueue(store, keyed(one, "once", "body")).await;
    enqueue(store, keyed(two, "once", "another body")).await;
    let mut elsewhere = keyed(one, "once", "another body");
    elsewhere.idempotency.as_mut().expect("a key").route = "jobs";
    enqueue(store, elsewhere).await;
}

pub(crate) async fn a_refused_job_leaves_its_idempotency_key_unused(store: &impl Subject) {
    let org = org(store, "one").await;
    let refused = keyed(org, "once", "body");
    let answers = store.enqueue(vec![refused], at(0), 0, None).await.expect("an enqueue");
    assert_eq!(answers, [Enqueued::QueueFull]);
    enqueue(store, keyed(org, "once", "body")).await;
}

pub(crate) async fn an_unfinished_job_holds_its_unique_key(store: &impl Subject) {
    let (org, other) = (org(store, "one").await, org(store, "two").await);
    let unique = |org| NewJob { unique_key: Some("only".into()), ..new_job(org) };
    let holder = enqueue(store, unique(org)).await;
    assert_eq!(try_enqueue(store, unique(org)).await, Enqueued::UniqueJobExists(holder));
    enqueue(store, NewJob { action: "another".into(), ..unique(org) }).await;

    let claimed = claim_one(store, at(1)).await;
    assert_eq!(try_enqueue(store, unique(org)).await, Enqueued::UniqueJobExists(holder));
    enqueue(store, unique(other)).await;

    finish(store, claimed.lease, completed("done"), at(2)).await;
    enqueue(store, unique(org)).await;
}

pub(crate) async fn a_full_queue_refuses_more(store: &impl Subject) {
    let (org, other) = (org(store, "one").await, org(store, "two").await);
    let bulk = (0..4).map(|_| new_job(org)).chain([new_job(other)]).collect();
    let answers = store.enqueue(bulk, at(0), 3, None).await.expect("an enqueue");
    assert_eq!(answers.iter().filter(|answer| created(answer)).count(), 4);
    assert_eq!(answers[3], Enqueued::QueueFull);

    // What a worker holds has not ended; what has ended makes room.
    let claimed = claim(store, 10, at(1)).await;
    let answers = store.enqueue(vec![new_job(org)], at(1), 3, None).await.expect("an enqueue");
    assert_eq!(answers, [Enqueued::QueueFull]);
    let ours = claimed.iter().find(|claimed| claimed.job.org == org).expect("one of ours");
    finish(store, ours.lease, failed(), at(2)).await;
    let answers = store.enqueue(vec![new_job(org)], at(2), 3, None).await.expect("an enqueue");
    assert!(created(&answers[0]));
}

pub(crate) async fn internal_jobs_pass_a_full_queue(store: &impl Subject) {
    let org = org(store, "one").await;
    let internal = NewJob { internal: true, ..new_job(org) };
    let answers = store.enqueue(vec![internal], at(0), 0, None).await.expect("an enqueue");
    assert!(created(&answers[0]));
}

pub(crate) async fn internal_jobs_fill_no_queue(store: &impl Subject) {
    let org = org(store, "one").await;
    for number in 0..3 {
        let run_at = (number == 0).then(|| at(9));
        let own = NewJob { internal: true, action: "deliver".into(), run_at, ..new_job(org) };
        enqueue(store, own).await;
    }
    let answers = store.enqueue(vec![new_job(org)], at(0), 1, None).await.expect("an enqueue");
    assert!(created(&answers[0]));
    let answers = store.enqueue(vec![new_job(org)], at(0), 1, None).await.expect("an enqueue");
    assert_eq!(answers, [Enqueued::QueueFull]);
}

pub(crate) async fn each_job_of_a_bulk_has_its_own_answer(store: &impl Subject) {
    let org = org(store, "one").await;
    let known = keyed(org, "known", "body");
    enqueue(store, known.clone()).await;
    let unique = |action: &str| NewJob {
        action: action.into(),
        unique_key: Some("only".into()),
        ..new_job(org)
    };
    let bulk = vec![
        new_job(org),
        keyed(org, "known", "body"),
        keyed(org, "known", "another body"),
        unique("noop"),
        unique("noop"),
        unique("another"),
        new_job(org),
    ];
    let ids: Vec<JobId> = bulk.iter().map(|job| job.id).collect();
    let answers = store.enqueue(bulk, at(0), 4, None).await.expect("an enqueue");
    let expected = [
        Enqueued::Created(ids[0]),
        Enqueued::Replayed(known.idempotency.expect("a key").answer),
        Enqueued::KeyMismatch,
        Enqueued::Created(ids[3]),
        Enqueued::UniqueJobExists(ids[3]),
        Enqueued::Created(ids[5]),
        Enqueued::QueueFull,
    ];
    assert_eq!(answers, expected);
    for (id, answer) in ids.into_iter().zip(expected) {
        assert_eq!(store.job(org, id).await.expect("a read").is_some(), created(&answer));
    }
}

pub(crate) async fn an_idle_worker_is_served_in_the_same_write(store: &impl Subject) {
    let org = org(store, "one").await;
    let new = new_job(org);
    let (claiming, delivered) = claiming(2, at(0));
    let answers = store.enqueue(vec![new.clone()], at(0), NO_LIMIT, Some(claiming)).await;
    assert_eq!(answers.expect("an enqueue"), [Enqueued::Created(new.id)]);
    let claimed = delivered.await.expect("a delivery");
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].job, job(store, org, new.id).await);
    assert_eq!((claimed[0].job.state, claimed[0].job.attempt), (JobState::Processing, 1));
    let told = finish(store, claimed[0].lease, completed("done"), at(2)).await;
    assert_eq!((told.id, told.started_at), (new.id, Some(at(0))));
}

pub(crate) async fn who_is_served_hears_whether_others_may_wait(store: &impl Subject) {
    let org = org(store, "one").await;
    let ask = |idle| claiming_with(idle, at(0), |delivered| claims(delivered).others_may_wait);
    let enqueue = async |idle, jobs| {
        let (asked, may_wait) = ask(idle);
        store.enqueue(jobs, at(0), NO_LIMIT, Some(asked)).await.expect("an enqueue");
        may_wait.await.expect("a delivery")
    };
    // Nobody waits, or it would not go straight to the worker.
    assert!(!enqueue(1, vec![new_job(org)]).await);
    assert!(!enqueue(2, vec![new_job(org)]).await, "there is no second one");
    assert!(enqueue(1, vec![new_job(org), new_job(org)]).await, "one is left");
    assert!(enqueue(0, vec![new_job(org)]).await, "nobody was idle");
    assert!(enqueue(1, vec![new_job(org)]).await, "an older one was taken");
    let (asked, may_wait) = ask(5);
    assert_eq!(store.claim(asked).await.expect("a claim"), 2);
    assert!(!may_wait.await.expect("a delivery"));
}

pub(crate) async fn a_claim_tells_that_delayed_jobs_became_due(store: &impl Subject) {
    let org = org(store, "one").await;
    let claim = async |second| {
        let (asked, ripened) = claiming_with(1, at(second), |it| claims(it).ripened);
        let asked = Claiming { actions: ["another".to_owned()].into(), ..asked };
        assert_eq!(store.claim(asked).await.expect("a claim"), 0);
        ripened.await.expect("a delivery")
    };
    enqueue(store, NewJob { run_at: Some(at(5)), ..new_job(org) }).await;
    assert!(!claim(4).await, "not yet");
    assert!(claim(6).await, "another worker's");
    assert!(!claim(7).await, "it is told once");
}

pub(crate) async fn an_idle_worker_gets_no_more_than_a_claim_would_give(store: &impl Subject) {
    let (ours, theirs) = (org(store, "one").await, org(store, "two").await);
    let (asked, delivered) = claiming(1, at(0));
    let asked = Claiming { org: Some(theirs), ..asked };
    let unknown = NewJob { action: "unknown".into(), ..new_job(theirs) };
    let delayed = NewJob { run_at: Some(at(9)), ..new_job(theirs) };
    let bulk = vec![new_job(ours), unknown, delayed, new_job(theirs), new_job(theirs)];
    let expected = bulk[3].id;
    store.enqueue(bulk, at(0), NO_LIMIT, Some(asked)).await.expect("an enqueue");
    let claimed = delivered.await.expect("a delivery");
    assert_eq!(claimed.iter().map(|claimed| claimed.job.id).collect::<Vec<_>>(), [expected]);

    // Who waited before goes first.
    let (asked, delivered) = claiming(1, at(1));
    let later = NewJob { priority: 9, ..new_job(ours) };
    store.enqueue(vec![later], at(1), NO_LIMIT, Some(asked)).await.expect("an enqueue");
    let claimed = delivered.await.expect("a delivery");
    assert_eq!(claimed[0].job.priority, new_job(ours).priority);
}

pub(crate) async fn an_idle_worker_gets_the_first_of_a_bulk_by_priority(store: &impl Subject) {
    let org = org(store, "one").await;
    let (asked, delivered) = claiming(2, at(0));
    let bulk = [9, 5, 0, 5].map(|priority| NewJob { priority, ..new_job(org) }).to_vec();
    store.enqueue(bulk, at(0), NO_LIMIT, Some(asked)).await.expect("an enqueue");
    let claimed = delivered.await.expect("a delivery");
    assert_eq!(claimed.iter().map(|claimed| claimed.job.priority).collect::<Vec<_>>(), [0, 5]);
}

pub(crate) async fn files_are_stored_with_their_job(store: &impl Subject) {
    let org = org(store, "one").await;
    let (first, second) = (new_asset("first"), new_asset("second"));
    let new = NewJob { assets: vec![first.clone(), second.clone()], ..new_job(org) };
    enqueue(store, new.clone()).await;
    let stored = store.assets_of(new.id).await.expect("a read");
    assert_eq!(stored.iter().map(|asset| asset.id).collect::<Vec<_>>(), [first.id, second.id]);
    assert!(stored.iter().all(|asset| asset.job == Some(new.id) && asset.org == org));
}

const fn created(answer: &Enqueued) -> bool {
    matches!(answer, Enqueued::Created(_))
}

fn keyed(org: OrgId, key: &str, body: &str) -> NewJob {
    let new = new_job(org);
    let answer = Answer { status: 202, body: format!("{{\"job_id\":\"{}\"}}", new.id) };
    let idempotency = IdempotencyKey {
        route: "brands/extract",
        key: key.to_owned(),
        fingerprint: Fingerprint::of(&body.into()),
        answer,
    };
    NewJob { idempotency: Some(idempotency), ..new }
}
