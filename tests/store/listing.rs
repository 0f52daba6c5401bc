//! Reading jobs: lists and filters, places in a queue, figures.

use std::collections::BTreeMap;

use tidemill::domain::ids::JobId;
use tidemill::domain::job::{JobState, NewJob};
use tidemill::domain::payload::Payload;
use tidemill::store::{Claiming, JobFilter, Position};

use crate::Subject;
use crate::fixture::{
    NO_LIMIT, at, claim, claim_as, claiming, completed, enqueue, enqueue_one, everything, failed,
    finish, job, new_asset, new_job, org, processing,
};

pub(crate) async fn jobs_are_listed_newest_first_in_pages(store: &impl Subject) {
    let org = org(store, "one").await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(enqueue_one(store, org).await);
    }
    ids.reverse();
    let mut cursor = None;
    let mut pages = Vec::new();
    loop {
        let filter = JobFilter { cursor, limit: 2, ..everything(org) };
        let page = store.jobs(filter).await.expect("a read");
        pages.push(page.jobs.iter().map(|job| job.id).collect::<Vec<_>>());
        // A job that comes in meanwhile shifts nothing.
        enqueue_one(store, org).await;
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(pages, [&ids[..2], &ids[2..4], &ids[4..]]);
}

pub(crate) async fn lists_leave_payloads_out(store: &impl Subject) {
    let org = org(store, "one").await;
    let claimed = processing(store, org, at(1)).await;
    let whole = finish(store, claimed.lease, completed("done"), at(2)).await;
    let listed = store.jobs(everything(org)).await.expect("a read").jobs.remove(0);
    assert_eq!((&listed.input, listed.echo.len()), (&Payload::empty(), 0));
    // Of a result only the ids under which it can be read.
    let ids = r#"{"brand_id":null,"asset_id":null}"#.to_owned();
    assert_eq!(listed.result, Some(Payload::Inline(ids)));
    assert_eq!(listed.finished_at, whole.finished_at);
    assert_eq!((listed.state, listed.attempt), (whole.state, whole.attempt));
}

pub(crate) async fn internal_jobs_stand_in_no_list(store: &impl Subject) {
    let org = org(store, "one").await;
    let id = enqueue(store, NewJob { internal: true, ..new_job(org) }).await;
    assert!(store.jobs(everything(org)).await.expect("a read").jobs.is_empty());
    assert!(job(store, org, id).await.internal);
}

pub(crate) async fn filters_narrow_the_list(store: &impl Subject) {
    let org = org(store, "one").await;
    let failing = processing(store, org, at(1)).await;
    finish(store, failing.lease, failed(), at(2)).await;
    let running = processing(store, org, at(1)).await.job.id;
    let another = NewJob { action: "another".into(), ..new_job(org) };
    let later = another.id;
    store.enqueue(vec![another], at(100), NO_LIMIT, None).await.expect("an enqueue");

    let all = || everything(org);
    let failing = failing.job.id;
    let cases = [
        (all(), vec![later, running, failing]),
        (JobFilter { states: vec![JobState::Failed], ..all() }, vec![failing]),
        (
            JobFilter { states: vec![JobState::Failed, JobState::Queued], ..all() },
            vec![later, failing],
        ),
        (JobFilter { actions: vec!["another".into(), "unknown".into()], ..all() }, vec![later]),
        (JobFilter { created_after: Some(at(100)), ..all() }, vec![later]),
        (JobFilter { created_before: Some(at(100)), ..all() }, vec![running, failing]),
        (JobFilter { run: Some(tidemill::domain::ids::RunId::mint()), ..all() }, vec![]),
    ];
    for (filter, expected) in cases {
        let shown = format!("{filter:?}");
        assert_eq!(list(store, filter).await, expected, "{shown}");
    }
}

pub(crate) async fn error_text_is_found_in_any_case(store: &impl Subject) {
    let org = org(store, "one").await;
    let failing = processing(store, org, at(1)).await;
    finish(store, failing.lease, failed(), at(2)).await;
    for (text, found) in [("THE REASON", 1), ("the reason", 1), ("%", 0), ("_", 1), ("nothing", 0)]
    {
        let filter = JobFilter { error_text: Some(text.into()), ..everything(org) };
        assert_eq!(list(store, filter).await.len(), found, "{text}");
    }
}

pub(crate) async fn another_organization_s_jobs_are_unknown(store: &impl Subject) {
    let (ours, theirs) = (org(store, "one").await, org(store, "two").await);
    let id = enqueue_one(store, theirs).await;
    assert_eq!(store.job(ours, id).await.expect("a read"), None);
    assert_eq!(store.position(ours, id).await.expect("a read"), None);
    assert!(list(store, everything(ours)).await.is_empty());
    assert_eq!(list(store, everything(theirs)).await, [id]);
}

pub(crate) async fn positions_count_what_goes_before(store: &impl Subject) {
    let (ours, theirs) = (org(store, "one").await, org(store, "two").await);
    let first = enqueue_one(store, ours).await;
    let second = enqueue_one(store, ours).await;
    let urgent = enqueue(store, NewJob { priority: 0, ..new_job(ours) }).await;
    enqueue(store, NewJob { priority: 0, ..new_job(theirs) }).await;
    enqueue(store, NewJob { priority: 0, action: "another".into(), ..new_job(ours) }).await;
    let delayed = enqueue(store, NewJob { run_at: Some(at(9)), ..new_job(ours) }).await;
    for (id, place) in [(urgent, Some(1)), (first, Some(2)), (second, Some(3)), (delayed, None)] {
        let position = store.position(ours, id).await.expect("a read");
        assert_eq!(position, place.map(Position));
    }
    let (asked, delivered) = claiming(1, at(1));
    claim_as(store, Claiming { org: Some(ours), ..asked }, delivered).await;
    assert_eq!(store.position(ours, urgent).await.expect("a read"), None);
    assert_eq!(store.position(ours, second).await.expect("a read"), Some(Position(2)));
}

pub(crate) async fn depths_count_what_has_not_ended(store: &impl Subject) {
    let (one, two) = (org(store, "one").await, org(store, "two").await);
    let ended = processing(store, one, at(1)).await;
    finish(store, ended.lease, failed(), at(2)).await;
    processing(store, two, at(1)).await;
    enqueue_one(store, one).await;
    enqueue_one(store, two).await;
    enqueue(store, NewJob { run_at: Some(at(90)), ..new_job(two) }).await;
    enqueue(store, NewJob { action: "another".into(), ..new_job(two) }).await;
    let depths = store.depths().await.expect("a read");
    let counts: BTreeMap<_, _> = depths
        .iter()
        .filter(|depth| depth.jobs > 0)
        .map(|depth| ((depth.action.as_str(), depth.state.as_str()), depth.jobs))
        .collect();
    let expected =
        [(("another", "queued"), 1), (("noop", "processing"), 1), (("noop", "queued"), 3)];
    assert_eq!(counts, BTreeMap::from(expected));
}

pub(crate) async fn the_next_due_moment_is_known(store: &impl Subject) {
    let org = org(store, "one").await;
    enqueue_one(store, org).await;
    assert_eq!(store.next_due().await.expect("a read"), None);
    for second in [90, 60, 120] {
        enqueue(store, NewJob { run_at: Some(at(second)), ..new_job(org) }).await;
    }
    assert_eq!(store.next_due().await.expect("a read"), Some(at(60)));
    claim(store, 10, at(70)).await;
    assert_eq!(store.next_due().await.expect("a read"), Some(at(90)));
}

pub(crate) async fn usage_grows(store: &impl Subject) {
    let org = org(store, "one").await;
    assert_eq!(store.usage().await.expect("a read").asset_bytes, 0);
    let new = NewJob { assets: vec![new_asset("four"), new_asset("eleven more")], ..new_job(org) };
    enqueue(store, new).await;
    let usage = store.usage().await.expect("a read");
    assert_eq!(usage.asset_bytes, 4 + 11);
    assert!(usage.database_bytes > 0);
}

async fn list(store: &impl Subject, filter: JobFilter) -> Vec<JobId> {
    store.jobs(filter).await.expect("a read").jobs.into_iter().map(|job| job.id).collect()
}
