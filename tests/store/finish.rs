//! Ending attempts: each outcome, the fence before each write, and what is written with an end.

use tidemill::domain::asset::ContentDigest;
use tidemill::domain::audit::Author;
use tidemill::domain::brand::{BrandDraft, BrandEvidence, BrandProfile};
use tidemill::domain::ids::{BrandId, OrgId};
use tidemill::domain::job::{Diagnostic, JobState, Lease, NewJob, Outcome, Report, Write};
use tidemill::domain::payload::Payload;
use tidemill::store::{Deletion, Ending, Finished};

use crate::Subject;
use crate::fixture::{
    LEASE_SECONDS, at, claim, claim_one, claiming, completed, completed_with, ending, enqueue,
    error, failed, finish, finish_is_refused, job, line, new_asset, new_job, org, processing,
    rescue, result, state, try_finish, unheard,
};

pub(crate) async fn an_end_brings_its_worker_the_next_job(store: &impl Subject) {
    let org = org(store, "one").await;
    let first = processing(store, org, at(1)).await;
    let next = enqueue(store, new_job(org)).await;
    let (asked, delivered) = claiming(1, at(2));
    let (hook, finished) = tokio::sync::oneshot::channel();
    let ending_first = ending(first.lease, completed("done"), at(2));
    store.finish(ending_first, Some(asked), Box::new(move |end| drop(hook.send(end))));
    let ended = finished.await.expect("the hook is called").expect("a write");
    assert!(matches!(ended, Finished::Written { job, .. } if job.state == JobState::Completed));
    let claimed = delivered.await.expect("a delivery");
    assert_eq!(claimed.iter().map(|claimed| claimed.job.id).collect::<Vec<_>>(), [next]);

    // A worker that comes late with an end finds it lost, and is served all the same.
    let (asked, delivered) = claiming(1, at(3));
    let (hook, finished) = tokio::sync::oneshot::channel();
    let again = ending(first.lease, completed("again"), at(3));
    store.finish(again, Some(asked), Box::new(move |end| drop(hook.send(end))));
    let ended = finished.await.expect("the hook is called").expect("a write");
    assert!(matches!(ended, Finished::LeaseLost));
    assert!(delivered.await.expect("a delivery").is_empty());
}

pub(crate) async fn a_completed_job_has_its_result(store: &impl Subject) {
    let org = org(store, "one").await;
    let claimed = processing(store, org, at(1)).await;
    let diagnostics = vec![Diagnostic {
        step: "fetch".into(),
        status: "ok".into(),
        duration_ms: 12,
        detail: "3 documents".into(),
    }];
    let report = Report { lines: vec![line(at(2), "the last word")], ..Report::default() };
    let ending = Ending {
        diagnostics: diagnostics.clone(),
        report,
        ..ending(claimed.lease, completed("done"), at(2))
    };
    let Ok(Finished::Written { job: told, .. }) = try_finish(store, ending).await else {
        panic!("the lease holds");
    };
    let stored = job(store, org, claimed.job.id).await;
    assert_eq!(*told, stored);
    assert_eq!(
        (stored.state, stored.result.as_ref()),
        (JobState::Completed, Some(&result("done")))
    );
    assert_eq!((stored.finished_at, stored.updated_at), (Some(at(2)), at(2)));
    assert_eq!((stored.error, stored.phase, stored.diagnostics), (None, None, diagnostics));
    let log = store.log(stored.id, 0, 10).await.expect("a read");
    assert_eq!(log[0].line.message, "the last word");
}

pub(crate) async fn what_an_end_tells_is_what_is_stored(store: &impl Subject) {
    let org = org(store, "one").await;
    let later = Outcome::Retry { error: error("site_unreachable"), run_at: at(9) };
    let outcomes = [completed("done"), failed(), later, Outcome::Released];
    for (nth, outcome) in (1..).zip(outcomes) {
        let claimed = processing(store, org, at(nth)).await;
        // Whoever still has the job saves the store a reading of its row.
        let known = std::sync::Arc::new(claimed.job.clone());
        let ending = Ending { claimed: Some(known), ..ending(claimed.lease, outcome, at(nth)) };
        let Ok(Finished::Written { job: told, .. }) = try_finish(store, ending).await else {
            panic!("the lease holds");
        };
        assert_eq!(*told, job(store, org, claimed.job.id).await);
        // No longer in the way of the next one.
        store
            .cancel(org, vec![claimed.job.id], at(nth), Author::SERVER, unheard())
            .await
            .expect("a cancelling");
    }
}

pub(crate) async fn a_failed_job_has_its_error(store: &impl Subject) {
    let org = org(store, "one").await;
    let claimed = processing(store, org, at(1)).await;
    let told = finish(store, claimed.lease, failed(), at(2)).await;
    let stored = job(store, org, claimed.job.id).await;
    assert_eq!(told, stored);
    assert_eq!((stored.state, stored.finished_at), (JobState::Failed, Some(at(2))));
    assert_eq!((stored.error, stored.result), (Some(error("site_unreachable")), None));
}

pub(crate) async fn a_retried_job_waits_for_its_time(store: &impl Subject) {
    let org = org(store, "one").await;
    let claimed = processing(store, org, at(1)).await;
    let outcome = Outcome::Retry { error: error("connect_timeout"), run_at: at(10) };
    let told = finish(store, claimed.lease, outcome, at(2)).await;
    assert_eq!((told.state, told.run_at), (JobState::Queued, Some(at(10))));
    assert_eq!((told.attempt, told.error), (1, Some(error("connect_timeout"))));
    assert_eq!((told.finished_at, told.result), (None, None));

    assert_eq!(claim(store, 1, at(9)).await.len(), 0);
    let again = claim_one(store, at(10)).await;
    assert_eq!((again.job.id, again.job.attempt), (claimed.job.id, 2));
    assert!(again.lease.epoch > claimed.lease.epoch);
    let ended = finish(store, again.lease, completed("at last"), at(11)).await;
    assert_eq!((ended.state, ended.error), (JobState::Completed, None));
}

pub(crate) async fn a_released_attempt_does_not_count(store: &impl Subject) {
    let org = org(store, "one").await;
    let new = NewJob { max_attempts: 1, ..new_job(org) };
    let id = enqueue(store, new).await;
    for now in 1..4 {
        let claimed = claim_one(store, at(now)).await;
        assert_eq!((claimed.job.id, claimed.job.attempt), (id, 1));
        let told = finish(store, claimed.lease, Outcome::Released, at(now)).await;
        assert_eq!((told.state, told.attempt, told.run_at), (JobState::Queued, 0, None));
    }
}

pub(crate) async fn a_late_finish_writes_nothing(store: &impl Subject) {
    let org = org(store, "one").await;
    let late = processing(store, org, at(1)).await;
    rescue(store, at(1 + LEASE_SECONDS + 1), 10).await;
    assert!(finish_is_refused(store, late.lease, at(40)).await);
    let current = claim_one(store, at(40)).await;
    assert_eq!(current.job.id, late.job.id);
    assert!(finish_is_refused(store, late.lease, at(41)).await);
    let told = finish(store, current.lease, completed("in time"), at(42)).await;
    assert_eq!(told.result, Some(result("in time")));
    assert!(finish_is_refused(store, late.lease, at(43)).await);
    assert_eq!(job(store, org, late.job.id).await, told);
}

pub(crate) async fn a_second_finish_writes_nothing(store: &impl Subject) {
    let org = org(store, "one").await;
    let claimed = processing(store, org, at(1)).await;
    let told = finish(store, claimed.lease, completed("first"), at(2)).await;
    assert!(finish_is_refused(store, claimed.lease, at(3)).await);
    assert_eq!(job(store, org, claimed.job.id).await, told);
    assert_eq!(store.attempts(claimed.job.id).await.expect("a read").len(), 1);
}

pub(crate) async fn a_finish_after_a_cancel_writes_nothing(store: &impl Subject) {
    let org = org(store, "one").await;
    let claimed = processing(store, org, at(1)).await;
    store
        .cancel(org, vec![claimed.job.id], at(2), Author::SERVER, unheard())
        .await
        .expect("a cancel");
    assert!(finish_is_refused(store, claimed.lease, at(3)).await);
    assert_eq!(state(store, org, claimed.job.id).await, JobState::Cancelled);
}

pub(crate) async fn a_finish_of_a_deleted_job_writes_nothing(store: &impl Subject) {
    let org = org(store, "one").await;
    let claimed = processing(store, org, at(1)).await;
    store
        .cancel(org, vec![claimed.job.id], at(2), Author::SERVER, unheard())
        .await
        .expect("a cancel");
    let deletion =
        store.delete(org, claimed.job.id, at(9), Author::SERVER).await.expect("a delete");
    assert_eq!(deletion, Deletion::Deleted);
    assert!(finish_is_refused(store, claimed.lease, at(3)).await);
    let unknown = Lease { epoch: claimed.lease.epoch + 1, ..claimed.lease };
    assert!(finish_is_refused(store, unknown, at(3)).await);
}

pub(crate) async fn writes_are_applied_with_the_end(store: &impl Subject) {
    let org = org(store, "one").await;
    let claimed = processing(store, org, at(1)).await;
    let logo = new_asset("logo");
    let (id, brand) = brand_write(org, Some(logo.clone()));
    let writes = vec![Write::Asset(logo.clone()), brand];
    finish(store, claimed.lease, completed_with("done", writes), at(2)).await;
    let stored = store.brand(org, id).await.expect("a read").expect("the brand is there");
    assert_eq!((stored.name.as_str(), stored.logo), ("Tide", Some(logo.id)));
    let files = store.assets_of(claimed.job.id).await.expect("a read");
    assert_eq!(files.iter().map(|file| file.id).collect::<Vec<_>>(), [logo.id]);
}

pub(crate) async fn writes_of_a_lost_lease_are_not_applied(store: &impl Subject) {
    let org = org(store, "one").await;
    let claimed = processing(store, org, at(1)).await;
    store
        .cancel(org, vec![claimed.job.id], at(2), Author::SERVER, unheard())
        .await
        .expect("a cancel");
    let logo = new_asset("logo");
    let (id, brand) = brand_write(org, Some(logo.clone()));
    let outcome = completed_with("late", vec![Write::Asset(logo.clone()), brand]);
    let finished = try_finish(store, ending(claimed.lease, outcome, at(3))).await;
    assert!(matches!(finished, Ok(Finished::LeaseLost)));
    assert_eq!(store.brand(org, id).await.expect("a read"), None);
    assert_eq!(store.asset(org, logo.id).await.expect("a read"), None);
}

pub(crate) async fn a_brand_may_name_a_file_that_is_written_after_it(store: &impl Subject) {
    let org = org(store, "one").await;
    let claimed = processing(store, org, at(1)).await;
    let logo = new_asset("logo");
    let (id, brand) = brand_write(org, Some(logo.clone()));
    let writes = vec![brand, Write::Asset(logo.clone())];
    finish(store, claimed.lease, completed_with("done", writes), at(2)).await;
    let stored = store.brand(org, id).await.expect("a read").expect("the brand is there");
    assert_eq!(stored.logo, Some(logo.id));
}

pub(crate) async fn a_large_result_stays_a_reference(store: &impl Subject) {
    let org = org(store, "one").await;
    let claimed = processing(store, org, at(1)).await;
    let stored = Payload::Stored(ContentDigest::of(b"large"));
    let outcome =
        Outcome::Completed { result: stored.clone(), writes: Vec::new(), step_result: None };
    let told = finish(store, claimed.lease, outcome, at(2)).await;
    assert_eq!(told.result, Some(stored));
}

fn brand_write(org: OrgId, logo: Option<tidemill::domain::asset::NewAsset>) -> (BrandId, Write) {
    let id = BrandId::of_domain(org, "example.org");
    let draft = BrandDraft {
        domain: "example.org".into(),
        name: "Tide".into(),
        profile: BrandProfile::default(),
        evidence: BrandEvidence::new(),
        logo: logo.map(|logo| logo.id),
        font: None,
    };
    (id, Write::Brand { id, draft: Box::new(draft) })
}
