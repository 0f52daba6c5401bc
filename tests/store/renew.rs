//! Renewing leases: how long they hold, what is reported with them, and what a worker hears.

use std::time::Duration;

use tidemill::domain::audit::Author;
use tidemill::domain::job::LogLimits;
use tidemill::domain::job::{JobState, Lease, Renewal, Report};
use tidemill::store::Renewing;

use crate::Subject;
use crate::fixture::{
    self, LEASE_SECONDS, at, claim_one, completed, finish, job, line, org, processing, state,
    unheard,
};

pub(crate) async fn a_renewed_lease_is_not_rescued(store: &impl Subject) {
    let org = org(store, "one").await;
    let claimed = processing(store, org, at(0)).await;
    let renewed = renew(store, vec![(claimed.lease, Report::default())], LEASE_SECONDS - 1).await;
    assert_eq!(renewed, [Renewal::Held]);
    assert!(rescue(store, LEASE_SECONDS + 1).await.is_empty());
    let rescued = rescue(store, 2 * LEASE_SECONDS + 1).await;
    assert_eq!(rescued, [claimed.job.id]);
}

pub(crate) async fn a_renewal_stores_what_was_reported(store: &impl Subject) {
    let org = org(store, "one").await;
    let claimed = processing(store, org, at(0)).await;
    let said = |phase: Option<&str>, progress, lines| Report {
        phase: phase.map(str::to_owned),
        progress,
        lines,
    };
    let full = said(Some("reading"), Some(0.25), vec![line(at(1), "one"), line(at(1), "two")]);
    renew(store, vec![(claimed.lease, full)], 1).await;
    let stored = job(store, org, claimed.job.id).await;
    assert_eq!((stored.phase.as_deref(), stored.progress), (Some("reading"), Some(0.25)));
    assert_eq!(stored.updated_at, at(1));

    // What did not change is not said again, and stays.
    renew(store, vec![(claimed.lease, said(None, Some(0.5), vec![line(at(2), "three")]))], 2).await;
    let stored = job(store, org, claimed.job.id).await;
    assert_eq!((stored.phase.as_deref(), stored.progress), (Some("reading"), Some(0.5)));
    let log = store.log(claimed.job.id, 0, 10).await.expect("a read");
    let messages: Vec<_> = log.iter().map(|stored| stored.line.message.as_str()).collect();
    assert_eq!(messages, ["one", "two", "three"]);

    // A renewal that says nothing changes nothing that a client sees.
    let before = job(store, org, claimed.job.id).await;
    renew(store, vec![(claimed.lease, Report::default())], 3).await;
    assert_eq!(job(store, org, claimed.job.id).await, before);
}

pub(crate) async fn a_renewal_hears_of_a_cancel(store: &impl Subject) {
    let org = org(store, "one").await;
    let claimed = processing(store, org, at(0)).await;
    store
        .cancel(org, vec![claimed.job.id], at(1), Author::SERVER, unheard())
        .await
        .expect("a cancel");
    let report = Report { lines: vec![line(at(2), "too late")], ..Report::default() };
    assert_eq!(renew(store, vec![(claimed.lease, report)], 2).await, [Renewal::Cancelled]);
    assert_eq!(state(store, org, claimed.job.id).await, JobState::Cancelled);
    assert!(store.log(claimed.job.id, 0, 10).await.expect("a read").is_empty());
}

pub(crate) async fn a_lost_lease_is_not_renewed(store: &impl Subject) {
    let org = org(store, "one").await;
    let late = processing(store, org, at(0)).await;
    rescue(store, LEASE_SECONDS + 1).await;
    let quiet = || vec![(late.lease, Report::default())];
    assert_eq!(renew(store, quiet(), LEASE_SECONDS + 2).await, [Renewal::Lost]);
    assert_eq!(state(store, org, late.job.id).await, JobState::Queued);

    let current = claim_one(store, at(40)).await;
    assert_eq!(renew(store, quiet(), 41).await, [Renewal::Lost]);
    // The other worker's lease was not extended by it.
    assert_eq!(rescue(store, 40 + LEASE_SECONDS + 1).await, [current.job.id]);

    // A cancel is news for the worker that had the job then, not for those before.
    let third = claim_one(store, at(100)).await;
    store
        .cancel(org, vec![third.job.id], at(101), Author::SERVER, unheard())
        .await
        .expect("a cancel");
    assert_eq!(renew(store, quiet(), 102).await, [Renewal::Lost]);
}

pub(crate) async fn each_lease_has_its_own_answer(store: &impl Subject) {
    let org = org(store, "one").await;
    let (held, cancelled, done) = (
        processing(store, org, at(0)).await,
        processing(store, org, at(0)).await,
        processing(store, org, at(0)).await,
    );
    store
        .cancel(org, vec![cancelled.job.id], at(1), Author::SERVER, unheard())
        .await
        .expect("a cancel");
    finish(store, done.lease, completed("done"), at(1)).await;
    let leases = [cancelled.lease, held.lease, done.lease];
    let reports = leases.into_iter().map(|lease| (lease, Report::default())).collect();
    let renewed = renew(store, reports, 2).await;
    assert_eq!(renewed, [Renewal::Cancelled, Renewal::Held, Renewal::Lost]);
}

async fn renew(store: &impl Subject, reports: Vec<(Lease, Report)>, second: i64) -> Vec<Renewal> {
    let now = at(second);
    let lease_expires_at = now.after(Duration::from_secs(LEASE_SECONDS.unsigned_abs()));
    store
        .renew(Renewing { reports, log_limits: LogLimits::default(), now, lease_expires_at })
        .await
        .expect("a renewal")
}

async fn rescue(store: &impl Subject, second: i64) -> Vec<tidemill::domain::ids::JobId> {
    let rescued = fixture::rescue(store, at(second), 10).await;
    rescued.into_iter().map(|job| job.id).collect()
}
