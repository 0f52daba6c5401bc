//! Deleting: what is old, what a client wants gone, and what must stay.

use tidemill::domain::audit::Author;
use tidemill::domain::brand::{BrandDraft, BrandEvidence, BrandProfile};
use tidemill::domain::clock::Timestamp;
use tidemill::domain::idempotency::{Answer, Fingerprint, IdempotencyKey};
use tidemill::domain::ids::{BrandId, JobId, OrgId};
use tidemill::domain::job::{NewJob, Report, Write};
use tidemill::store::{Deletion, Ending, Pruned};

use crate::Subject;
use crate::fixture::{
    at, claim_one, completed_with, ending, enqueue, enqueue_one, failed, finish, line, new_asset,
    new_job, org, processing, try_finish,
};

/// Earlier than anything a case stores.
const NOTHING: Timestamp = Timestamp::from_ms(0);

pub(crate) async fn old_ends_are_pruned(store: &impl Subject) {
    let org = org(store, "one").await;
    let old = ended(store, org, 10).await;
    let young = ended(store, org, 20).await;
    let pruned = store.prune_finished(at(20), NOTHING, NOTHING, 10).await.expect("a prune");
    assert_eq!(pruned, Pruned { jobs: 1, runs: 0, keys: 0, assets: 0 });
    assert_eq!(store.job(org, old).await.expect("a read"), None);
    assert!(store.attempts(old).await.expect("a read").is_empty());
    assert!(store.log(old, 0, 10).await.expect("a read").is_empty());
    assert!(store.job(org, young).await.expect("a read").is_some());
}

pub(crate) async fn unfinished_jobs_are_never_pruned(store: &impl Subject) {
    let org = org(store, "one").await;
    processing(store, org, at(0)).await;
    enqueue_one(store, org).await;
    enqueue(store, NewJob { run_at: Some(at(5)), ..new_job(org) }).await;
    let pruned = store.prune_finished(at(1_000), NOTHING, NOTHING, 10).await.expect("a prune");
    assert_eq!(pruned.jobs, 0);
}

pub(crate) async fn old_idempotency_keys_are_pruned(store: &impl Subject) {
    let org = org(store, "one").await;
    let keyed = || NewJob {
        idempotency: Some(IdempotencyKey {
            route: "jobs",
            key: "once".into(),
            fingerprint: Fingerprint::of(&"body".into()),
            answer: Answer { status: 202, body: "{}".into() },
        }),
        ..new_job(org)
    };
    enqueue(store, keyed()).await;
    let prune = |keys_before| store.prune_finished(NOTHING, keys_before, NOTHING, 10);
    assert_eq!(prune(at(0)).await.expect("a prune").keys, 0);
    assert_eq!(prune(at(1)).await.expect("a prune").keys, 1);
    enqueue(store, keyed()).await;
}

pub(crate) async fn unreferenced_files_are_pruned(store: &impl Subject) {
    let org = org(store, "one").await;
    let (used, unused) = (new_asset("used"), new_asset("unused"));
    let id = enqueue(store, NewJob { assets: vec![used.clone()], ..new_job(org) }).await;
    let claimed = claim_one(store, at(1)).await;
    assert_eq!(claimed.job.id, id);
    let gone = enqueue(store, NewJob { assets: vec![unused.clone()], ..new_job(org) }).await;
    let claimed_too = claim_one(store, at(1)).await;
    assert_eq!(claimed_too.job.id, gone);
    finish(store, claimed_too.lease, failed(), at(2)).await;

    // As long as its job is there, a file stays; then it stays its time.
    let prune = |jobs, assets| store.prune_finished(jobs, NOTHING, assets, 10);
    assert_eq!(prune(NOTHING, at(100)).await.expect("a prune").assets, 0);
    assert_eq!(prune(at(3), NOTHING).await.expect("a prune").jobs, 1);
    assert_eq!(prune(NOTHING, at(0)).await.expect("a prune").assets, 0);
    assert_eq!(prune(NOTHING, at(100)).await.expect("a prune").assets, 1);
    assert_eq!(store.asset(org, unused.id).await.expect("a read"), None);
    assert!(store.asset(org, used.id).await.expect("a read").is_some());
}

pub(crate) async fn a_prune_takes_no_more_than_its_limit(store: &impl Subject) {
    let org = org(store, "one").await;
    for _ in 0..5 {
        ended(store, org, 1).await;
    }
    for expected in [2, 2, 1, 0] {
        let pruned = store.prune_finished(at(10), NOTHING, NOTHING, 2).await.expect("a prune");
        assert_eq!(pruned.jobs, expected);
    }
}

pub(crate) async fn a_terminal_job_is_deleted_with_all_it_has(store: &impl Subject) {
    let (org, other) = (org(store, "one").await, org(store, "two").await);
    let file = new_asset("file");
    enqueue(store, NewJob { assets: vec![file.clone()], ..new_job(org) }).await;
    let claimed = claim_one(store, at(1)).await;
    let report = Report { lines: vec![line(at(1), "a line")], ..Report::default() };
    let ending = Ending { report, ..ending(claimed.lease, failed(), at(2)) };
    try_finish(store, ending).await.expect("a finish");

    let id = claimed.job.id;
    assert_eq!(
        store.delete(other, id, at(9), Author::SERVER).await.expect("a delete"),
        Deletion::Unknown
    );
    assert_eq!(
        store.delete(org, id, at(9), Author::SERVER).await.expect("a delete"),
        Deletion::Deleted
    );
    assert_eq!(
        store.delete(org, id, at(9), Author::SERVER).await.expect("a delete"),
        Deletion::Unknown
    );
    assert_eq!(store.job(org, id).await.expect("a read"), None);
    assert!(store.log(id, 0, 10).await.expect("a read").is_empty());
    assert_eq!(store.asset(org, file.id).await.expect("a read"), None);
}

pub(crate) async fn an_unfinished_job_is_not_deleted(store: &impl Subject) {
    let org = org(store, "one").await;
    let running = processing(store, org, at(1)).await.job.id;
    let queued = enqueue_one(store, org).await;
    for id in [queued, running] {
        assert_eq!(
            store.delete(org, id, at(9), Author::SERVER).await.expect("a delete"),
            Deletion::NotTerminal
        );
        assert!(store.job(org, id).await.expect("a read").is_some());
    }
}

pub(crate) async fn what_a_brand_shows_outlives_its_job(store: &impl Subject) {
    let org = org(store, "one").await;
    let claimed = processing(store, org, at(1)).await;
    let (logo, sketch) = (new_asset("logo"), new_asset("sketch"));
    let id = BrandId::of_domain(org, "example.org");
    let draft = BrandDraft {
        domain: "example.org".into(),
        name: "Tide".into(),
        profile: BrandProfile::default(),
        evidence: BrandEvidence::new(),
        logo: Some(logo.id),
        font: None,
    };
    let writes = vec![
        Write::Asset(logo.clone()),
        Write::Asset(sketch.clone()),
        Write::Brand { id, draft: Box::new(draft) },
    ];
    finish(store, claimed.lease, completed_with("done", writes), at(2)).await;
    assert_eq!(
        store.delete(org, claimed.job.id, at(9), Author::SERVER).await.expect("a delete"),
        Deletion::Deleted
    );
    store.prune_finished(at(1_000), NOTHING, at(1_000), 10).await.expect("a prune");
    assert!(store.asset(org, logo.id).await.expect("a read").is_some());
    assert_eq!(store.asset(org, sketch.id).await.expect("a read"), None);
    let brand = store.brand(org, id).await.expect("a read").expect("the brand is there");
    assert_eq!(brand.logo, Some(logo.id));
}

/// A job that ended at `second`, with a line in its log.
async fn ended(store: &impl Subject, org: OrgId, second: i64) -> JobId {
    let claimed = processing(store, org, at(1)).await;
    let report = Report { lines: vec![line(at(second), "a line")], ..Report::default() };
    let ending = Ending { report, ..ending(claimed.lease, failed(), at(second)) };
    try_finish(store, ending).await.expect("a finish");
    claimed.job.id
}
