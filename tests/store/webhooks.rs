//! Webhooks: who is told of which end, in the transaction of the end itself.

use std::collections::BTreeSet;

use serde_json::json;
use tidemill::domain::audit::{AuditEntry, Author};
use tidemill::domain::clock::Timestamp;
use tidemill::domain::ids::{JobId, OrgId, WebhookEventId, WebhookId};
use tidemill::domain::job::{Claimed, JobState, NewJob, Outcome, Write};
use tidemill::domain::payload::Payload;
use tidemill::domain::run::RunState;
use tidemill::domain::webhook::{
    Event, EventKind, EventSubject, NewDelivery, SECRETS_OVERLAP, Webhook, WebhookEdit,
};
use tidemill::store::{
    AuditFilter, Claiming, Deletion, DeliveryFilter, DeliveryPage, Finished, Inserted, Store,
    Webhooks,
};

use crate::Subject;
use crate::fixture::{
    LEASE_SECONDS, at, claim, claim_as, claiming, completed, completed_with, ending, enqueue,
    enqueue_one, error, failed, finish, new_asset, new_job, org, processing, rescue, state,
    try_finish, unheard,
};
use crate::run_fixture::{brings, complete, end_step, enqueue_run, new_run};

/// Who changes webhooks here.
const LOCAL: Author = Author::LOCAL;

/// The action of the jobs that deliver: none that a case claims by accident.
pub(crate) const DELIVER: &str = "deliver";

/// The job that delivers, as the cases have it.
fn delivery(org: OrgId, delivery: NewDelivery) -> NewJob {
    let action = DELIVER.to_owned();
    NewJob { action, internal: true, delivery: Some(delivery), ..new_job(org) }
}

/// Lets the store tell webhooks of ends.
pub(crate) fn deliver(store: &impl Store) {
    store.deliver_by(std::sync::Arc::new(delivery));
}

/// A webhook that is not stored yet.
fn new_webhook(org: OrgId, events: &[EventKind]) -> Webhook {
    Webhook {
        id: WebhookId::mint(),
        org,
        endpoint_url: "https://hooks.example/tide".to_owned(),
        events: events.to_vec(),
        is_active: true,
        secret: b"sealed".to_vec(),
        previous_secret: None,
        gone_at: None,
        created_at: at(0),
        updated_at: at(0),
    }
}

/// A webhook of `org` that is told of these.
pub(crate) async fn webhook(store: &impl Webhooks, org: OrgId, events: &[EventKind]) -> WebhookId {
    let new = new_webhook(org, events);
    let id = new.id;
    assert_eq!(
        store.insert_webhook(new, 9, None, LOCAL).await.expect("a write"),
        Inserted::Created
    );
    id
}

/// What was told to a webhook, newest first.
pub(crate) async fn told(store: &impl Webhooks, org: OrgId, webhook: WebhookId) -> Vec<Event> {
    let page = deliveries(store, org, webhook, None, 10_000).await;
    page.deliveries.into_iter().map(|delivery| delivery.event).collect()
}

async fn deliveries(
    store: &impl Webhooks,
    org: OrgId,
    webhook: WebhookId,
    cursor: Option<JobId>,
    limit: usize,
) -> DeliveryPage {
    let filter = DeliveryFilter { org, webhook, id: None, cursor, limit };
    store.deliveries(filter).await.expect("a read")
}

/// The first delivery that waits, claimed.
async fn claim_delivery(store: &impl Subject, now: Timestamp) -> Claimed {
    let (asked, delivered) = claiming(1, now);
    let asked = Claiming { actions: [DELIVER.to_owned()].into(), ..asked };
    claim_as(store, asked, delivered).await.remove(0)
}

/// The newest event that was told to a webhook.
async fn last_told(store: &impl Subject, org: OrgId, webhook: WebhookId) -> (EventKind, JobId) {
    match told(store, org, webhook).await.first() {
        Some(Event { kind, subject: EventSubject::Job(id), .. }) => (*kind, *id),
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn each_kind_of_end_is_told_once(store: &impl Subject) {
    deliver(store);
    let org = org(store, "one").await;
    let hook = webhook(store, org, &EventKind::USUAL).await;

    let done = processing(store, org, at(1)).await;
    let ended = try_finish(store, ending(done.lease, completed("done"), at(2))).await;
    assert!(matches!(ended, Ok(Finished::Written { messages: 1, .. })), "{ended:?}");
    assert_eq!(last_told(store, org, hook).await, (EventKind::JobCompleted, done.job.id));

    let broken = processing(store, org, at(3)).await;
    finish(store, broken.lease, failed(), at(4)).await;
    assert_eq!(last_told(store, org, hook).await, (EventKind::JobFailed, broken.job.id));

    let unwanted = enqueue_one(store, org).await;
    store.cancel(org, vec![unwanted], at(5), LOCAL, unheard()).await.expect("a cancel");
    store.cancel(org, vec![unwanted], at(6), LOCAL, unheard()).await.expect("a cancel");
    assert_eq!(last_told(store, org, hook).await, (EventKind::JobFailed, unwanted));

    let lost = enqueue(store, NewJob { max_attempts: 1, ..new_job(org) }).await;
    claim(store, 1, at(7)).await;
    rescue(store, at(8 + LEASE_SECONDS), 10).await;
    assert_eq!(last_told(store, org, hook).await, (EventKind::JobFailed, lost));

    let all = told(store, org, hook).await;
    let ids: BTreeSet<_> = all.iter().map(Event::wire_id).collect();
    assert_eq!((all.len(), ids.len()), (4, 4));
}

pub(crate) async fn what_does_not_end_a_client_s_job_is_not_told(store: &impl Subject) {
    deliver(store);
    let org = org(store, "one").await;
    let hook = webhook(store, org, &EventKind::ALL).await;
    let claimed = processing(store, org, at(1)).await;
    finish(store, claimed.lease, Outcome::Released, at(2)).await;
    let again = claim(store, 1, at(3)).await.remove(0);
    let later = Outcome::Retry { error: error("busy"), run_at: at(90) };
    finish(store, again.lease, later, at(4)).await;
    let own = enqueue(store, NewJob { internal: true, ..new_job(org) }).await;
    let claimed = claim(store, 1, at(5)).await.remove(0);
    assert_eq!(claimed.job.id, own);
    finish(store, claimed.lease, completed("the server's own"), at(6)).await;
    assert_eq!(told(store, org, hook).await, []);
}

pub(crate) async fn who_did_not_ask_is_not_told(store: &impl Subject) {
    deliver(store);
    let (asking, silent) = (org(store, "asking").await, org(store, "silent").await);
    let failures = webhook(store, asking, &[EventKind::JobFailed]).await;
    let off = webhook(store, asking, &EventKind::USUAL).await;
    let edit = WebhookEdit { is_active: Some(false), ..WebhookEdit::default() };
    store
        .edit_webhook(asking, off, edit, at(0), LOCAL)
        .await
        .expect("a write")
        .expect("the webhook");
    for org in [asking, silent] {
        let claimed = processing(store, org, at(1)).await;
        let ended = try_finish(store, ending(claimed.lease, completed("done"), at(2))).await;
        assert!(matches!(ended, Ok(Finished::Written { messages: 0, .. })), "{ended:?}");
    }
    let theirs = processing(store, silent, at(3)).await;
    finish(store, theirs.lease, failed(), at(4)).await;
    assert_eq!(
        (told(store, asking, failures).await, told(store, asking, off).await),
        (vec![], vec![])
    );
    // Nothing but the jobs themselves was stored: nobody waits.
    assert_eq!(
        store.depths().await.expect("a read").iter().map(|depth| depth.jobs).sum::<u64>(),
        0
    );
}

pub(crate) async fn an_end_under_a_lost_lease_is_not_told(store: &impl Subject) {
    deliver(store);
    let org = org(store, "one").await;
    let hook = webhook(store, org, &EventKind::USUAL).await;
    let claimed = processing(store, org, at(1)).await;
    finish(store, claimed.lease, completed("done"), at(2)).await;
    for late in [completed("again"), failed()] {
        let refused = try_finish(store, ending(claimed.lease, late, at(3))).await;
        assert!(matches!(refused, Ok(Finished::LeaseLost)), "{refused:?}");
    }
    assert_eq!(told(store, org, hook).await.len(), 1);
}

pub(crate) async fn the_end_of_a_run_is_told_beside_those_of_its_steps(store: &impl Subject) {
    deliver(store);
    let org = org(store, "one").await;
    let hook = webhook(store, org, &EventKind::ALL).await;
    let kinds = async || -> Vec<EventKind> {
        let mut kinds: Vec<_> = told(store, org, hook).await.iter().map(|it| it.kind).collect();
        kinds.reverse();
        kinds
    };
    let run = enqueue_run(store, new_run(org, &[("a", &[]), ("b", &["a"])])).await;
    for second in [1, 2] {
        complete(store, &claim(store, 1, at(second)).await[0], at(second)).await;
    }
    let expected = [EventKind::JobCompleted, EventKind::JobCompleted, EventKind::RunCompleted];
    assert_eq!(kinds().await, expected);
    let last = told(store, org, hook).await[0];
    assert_eq!(last.subject, EventSubject::Run(run));

    // A step that waited for the failed one in vain is nobody's failure.
    enqueue_run(store, new_run(org, &[("a", &[]), ("b", &["a"])])).await;
    let news = end_step(store, &claim(store, 1, at(3)).await[0], failed(), at(4)).await;
    assert_eq!(news.state, RunState::Failed);
    assert_eq!(kinds().await[3..], [EventKind::JobFailed, EventKind::RunFailed]);

    // Nor is one that had not begun when its run was cancelled.
    let run = enqueue_run(store, new_run(org, &[("a", &[]), ("b", &["a"]), ("c", &[])])).await;
    claim(store, 1, at(5)).await;
    store.cancel_run(org, run, at(6), LOCAL, unheard()).await.expect("a cancel");
    assert_eq!(kinds().await[5..], [EventKind::JobFailed, EventKind::RunCancelled]);
}

pub(crate) async fn a_delivery_is_a_job_that_has_its_event(store: &impl Subject) {
    deliver(store);
    let org = org(store, "one").await;
    let hook = webhook(store, org, &EventKind::USUAL).await;
    let ended = processing(store, org, at(1)).await;
    finish(store, ended.lease, completed("done"), at(2)).await;
    let claimed = claim_delivery(store, at(3)).await;
    assert!(claimed.job.internal);
    let later = Outcome::Retry { error: error("status_503"), run_at: at(9) };
    finish(store, claimed.lease, later, at(4)).await;
    let shown = deliveries(store, org, hook, None, 9).await.deliveries.remove(0);
    assert_eq!((shown.job.id, shown.job.run_at), (claimed.job.id, Some(at(9))));
    assert_eq!(shown.event.subject, EventSubject::Job(ended.job.id));
    assert_eq!((shown.event.at, shown.event.kind), (at(2), EventKind::JobCompleted));
    let code = shown.attempts[0].error.as_ref().map(|error| error.code.as_str());
    assert_eq!((shown.attempts.len(), code), (1, Some("status_503")));
}

pub(crate) async fn deliveries_are_listed_newest_first_in_pages(store: &impl Subject) {
    deliver(store);
    let (one, two) = (org(store, "one").await, org(store, "two").await);
    let hook = webhook(store, one, &EventKind::USUAL).await;
    let other = webhook(store, one, &[EventKind::JobFailed]).await;
    let mut jobs = Vec::new();
    for second in 1..=5 {
        let claimed = processing(store, one, at(second)).await;
        finish(store, claimed.lease, completed("done"), at(second)).await;
        jobs.insert(0, EventSubject::Job(claimed.job.id));
    }
    let (mut cursor, mut seen) = (None, Vec::new());
    loop {
        let page = deliveries(store, one, hook, cursor, 2).await;
        assert!(page.deliveries.len() <= 2);
        seen.extend(page.deliveries.iter().map(|delivery| delivery.event.subject));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, jobs);
    assert_eq!(told(store, one, other).await, []);
    assert_eq!(told(store, two, hook).await, [], "another organization's");
}

pub(crate) async fn a_webhook_reads_as_it_was_stored_and_edited(store: &impl Subject) {
    let (one, two) = (org(store, "one").await, org(store, "two").await);
    let new = new_webhook(one, &[EventKind::RunFailed, EventKind::JobCompleted]);
    let id = new.id;
    store.insert_webhook(new.clone(), 1, None, LOCAL).await.expect("a write");
    let full = store.insert_webhook(new_webhook(one, &EventKind::USUAL), 1, None, LOCAL).await;
    assert_eq!(full.expect("a write"), Inserted::Full);
    assert_eq!(store.webhooks(one).await.expect("a read"), std::slice::from_ref(&new));
    assert_eq!(store.webhooks(two).await.expect("a read"), []);
    assert_eq!(store.webhook(two, id).await.expect("a read"), None);

    let edit = WebhookEdit { secret: Some(b"newer".to_vec()), ..WebhookEdit::default() };
    assert_eq!(
        store.edit_webhook(two, id, edit.clone(), at(5), LOCAL).await.expect("a write"),
        None
    );
    let edited = store.edit_webhook(one, id, edit, at(5), LOCAL).await.expect("a write");
    let until: Timestamp = at(5).after(SECRETS_OVERLAP);
    let expected = Webhook {
        secret: b"newer".to_vec(),
        previous_secret: Some((b"sealed".to_vec(), until)),
        updated_at: at(5),
        ..new
    };
    assert_eq!(edited.as_ref(), Some(&expected));
    assert_eq!(store.webhook(one, id).await.expect("a read"), Some(expected.clone()));
    let edit = WebhookEdit {
        endpoint_url: Some("https://hooks.example/other".to_owned()),
        events: Some(vec![EventKind::JobFailed]),
        ..WebhookEdit::default()
    };
    let edited = store.edit_webhook(one, id, edit, at(6), LOCAL).await.expect("a write");
    let edited = edited.expect("the webhook");
    assert_eq!(edited.previous_secret, expected.previous_secret, "it stays as long as it would");
    assert_eq!(
        (edited.endpoint_url.as_str(), edited.events.as_slice()),
        ("https://hooks.example/other", [EventKind::JobFailed].as_slice())
    );
    assert!(!store.delete_webhook(two, id, at(7), LOCAL).await.expect("a write"));
    assert!(store.delete_webhook(one, id, at(7), LOCAL).await.expect("a write"));
    assert_eq!(store.webhook(one, id).await.expect("a read"), None);
}

pub(crate) async fn an_endpoint_that_is_gone_is_told_nothing_more(store: &impl Subject) {
    deliver(store);
    let (one, two) = (org(store, "one").await, org(store, "two").await);
    let hook = webhook(store, one, &EventKind::USUAL).await;
    let endpoint_url = new_webhook(one, &[]).endpoint_url;
    let earlier = "https://earlier.example/".to_owned();
    let cases = [(two, &endpoint_url, true), (one, &earlier, true), (one, &endpoint_url, false)];
    for (org, endpoint_url, is_active) in cases {
        let claimed = processing(store, org, at(1)).await;
        let writes = vec![Write::WebhookGone { id: hook, endpoint_url: endpoint_url.clone() }];
        finish(store, claimed.lease, completed_with("410", writes), at(2)).await;
        let stored = store.webhook(one, hook).await.expect("a read").expect("the webhook");
        assert_eq!((stored.is_active, stored.gone_at), (is_active, (!is_active).then_some(at(2))));
    }
    let told: Vec<_> = audit(store, hook).await.into_iter().map(|it| it.detail).collect();
    assert_eq!(told, [None, Some("switched off: its endpoint answered 410".to_owned())]);
    let edit = WebhookEdit { is_active: Some(true), ..WebhookEdit::default() };
    let edited = store.edit_webhook(one, hook, edit, at(3), LOCAL).await.expect("a write");
    assert_eq!(edited.map(|hook| (hook.is_active, hook.gone_at)), Some((true, None)));
}

pub(crate) async fn a_deleted_webhook_leaves_its_jobs_to_find_that_out(store: &impl Subject) {
    deliver(store);
    let org = org(store, "one").await;
    let hook = webhook(store, org, &EventKind::USUAL).await;
    let claimed = processing(store, org, at(1)).await;
    finish(store, claimed.lease, completed("done"), at(2)).await;
    let job = deliveries(store, org, hook, None, 9).await.deliveries.remove(0).job.id;
    assert!(store.delete_webhook(org, hook, at(7), LOCAL).await.expect("a write"));
    assert_eq!(state(store, org, job).await, JobState::Queued);
    // One that is sent again at the same moment is stored all the same.
    let event = Event {
        id: WebhookEventId::mint(),
        kind: EventKind::JobCompleted,
        subject: EventSubject::Job(claimed.job.id),
        at: at(2),
    };
    enqueue(store, delivery(org, NewDelivery { webhook: hook, event })).await;
    assert_eq!(told(store, org, hook).await, []);
}

pub(crate) async fn deliveries_go_with_their_jobs(store: &impl Subject) {
    deliver(store);
    let org = org(store, "one").await;
    let hook = webhook(store, org, &EventKind::USUAL).await;
    let claimed = processing(store, org, at(1)).await;
    finish(store, claimed.lease, completed("done"), at(2)).await;
    let job = deliveries(store, org, hook, None, 9).await.deliveries.remove(0).job.id;
    let claimed = claim_delivery(store, at(3)).await;
    finish(store, claimed.lease, completed("204"), at(3)).await;
    assert_eq!(told(store, org, hook).await.len(), 1, "the end of a delivery is told to nobody");
    let deletion = store.delete(org, job, at(4), LOCAL).await.expect("a delete");
    assert_eq!(deletion, Deletion::Unknown, "clients see nothing of it");
    let pruned = store.prune_finished(at(4), at(0), at(0), 10).await.expect("a prune");
    assert_eq!(pruned.jobs, 2);
    assert_eq!(told(store, org, hook).await, []);
}

pub(crate) async fn an_end_that_writes_much_is_told_with_it_all(store: &impl Subject) {
    deliver(store);
    let org = org(store, "one").await;
    let hook = webhook(store, org, &EventKind::ALL).await;
    enqueue_run(store, new_run(org, &[("a", &[])])).await;
    let claimed = claim(store, 1, at(1)).await.remove(0);
    let Outcome::Completed { step_result, .. } = brings(&json!({ "said": "a" })) else {
        panic!("it completes");
    };
    let outcome = Outcome::Completed {
        result: Payload::Inline("{}".to_owned()),
        writes: vec![Write::Asset(new_asset("picture"))],
        step_result,
    };
    let ended = try_finish(store, ending(claimed.lease, outcome, at(2))).await;
    assert!(matches!(ended, Ok(Finished::Written { messages: 2, .. })), "{ended:?}");
    assert_eq!(told(store, org, hook).await.len(), 2);
    assert_eq!(store.next_due().await.expect("a read"), None, "both are due at once");
}

pub(crate) async fn a_secret_that_was_given_up_signs_no_more(store: &impl Subject) {
    let org = org(store, "one").await;
    let (lost, kept) = (
        webhook(store, org, &EventKind::USUAL).await,
        webhook(store, org, &EventKind::USUAL).await,
    );
    let edit = WebhookEdit { secret: Some(b"second".to_vec()), ..WebhookEdit::default() };
    store.edit_webhook(org, lost, edit, at(1), LOCAL).await.expect("a write").expect("the webhook");
    let gone = WebhookId::mint();
    let forgotten = store.forget_secrets(vec![gone, lost], at(2), LOCAL).await.expect("a write");
    let [forgotten] = <[Webhook; 1]>::try_from(forgotten).expect("the one that is there");
    assert!(!forgotten.is_active && !forgotten.has_secret());
    assert_eq!((forgotten.id, forgotten.previous_secret), (lost, None));
    let secrets = store.webhook_secrets().await.expect("a read");
    assert_eq!(secrets, [(kept, b"sealed".to_vec())]);

    let edit = WebhookEdit {
        secret: Some(b"new".to_vec()),
        is_active: Some(true),
        ..WebhookEdit::default()
    };
    let edited = store.edit_webhook(org, lost, edit, at(3), LOCAL).await.expect("a write");
    let edited = edited.expect("the webhook");
    assert_eq!(edited.signing(at(3)).collect::<Vec<_>>(), [b"new"], "nothing of the lost one");
    assert!(edited.is_active);
}

/// What the audit log tells of a webhook, oldest first.
async fn audit(store: &impl Subject, webhook: WebhookId) -> Vec<AuditEntry> {
    let filter = AuditFilter {
        action: None,
        key: None,
        object: Some(webhook.to_string()),
        after: None,
        before: None,
        cursor: None,
        limit: 10,
    };
    let mut entries = store.audit(filter).await.expect("a read").entries;
    entries.reverse();
    entries
}

pub(crate) async fn each_change_of_a_webhook_is_in_the_audit_log(store: &impl Subject) {
    let org = org(store, "one").await;
    let hook = webhook(store, org, &EventKind::USUAL).await;
    let edit = WebhookEdit {
        is_active: Some(false),
        secret: Some(b"newer".to_vec()),
        ..WebhookEdit::default()
    };
    store.edit_webhook(org, hook, edit, at(1), LOCAL).await.expect("a write");
    store.forget_secrets(vec![hook], at(2), LOCAL).await.expect("a write");
    for _ in 0..2 {
        store.delete_webhook(org, hook, at(3), LOCAL).await.expect("a write");
    }
    let entries = audit(store, hook).await;
    let told: Vec<_> =
        entries.iter().map(|it| (it.action.as_str(), it.detail.as_deref())).collect();
    assert_eq!(
        told,
        [
            ("webhook.created", None),
            ("webhook.changed", Some("switched off, secret")),
            ("webhook.changed", Some("secret given up, switched off")),
            ("webhook.deleted", None),
        ]
    );
    let name = Some("https://hooks.example/tide");
    assert!(entries.iter().all(|it| it.org == Some(org) && it.object_name.as_deref() == name));
}
