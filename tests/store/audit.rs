//! The audit log: an entry with each change, in its transaction.

use std::collections::BTreeSet;

use tidemill::domain::audit::{Actor, AuditAction, AuditEntry, Author};
use tidemill::domain::ids::{KeyId, RequestId};
use tidemill::domain::job::NewJob;
use tidemill::domain::key::{Dialect, NewApiKey, Scopes};
use tidemill::domain::run::NewRun;
use tidemill::store::{AuditFilter, AuditPage};

use crate::Subject;
use crate::fixture::{at, claim_one, completed, enqueue, enqueue_one, finish, new_job, unheard};
use crate::run_fixture::new_run;

const EVERYTHING: AuditFilter = AuditFilter {
    action: None,
    key: None,
    object: None,
    after: None,
    before: None,
    cursor: None,
    limit: 100,
};

fn by_key(key: KeyId) -> Author {
    let address = Some([203, 0, 113, 7].into());
    Author { actor: Actor::Key(key), request: Some(RequestId::mint()), address }
}

async fn entries(store: &impl Subject, filter: AuditFilter) -> Vec<AuditEntry> {
    store.audit(filter).await.expect("a read").entries
}

pub(crate) async fn every_change_is_told_with_its_author(store: &impl Subject) {
    let org = store.ensure_org("one", at(1), Author::LOCAL).await.expect("a write").id;
    store.ensure_org("one", at(1), Author::LOCAL).await.expect("a write");
    let key = NewApiKey::mint(org, "deploy", Scopes::all(), Dialect::Pi, at(2));
    let (id, author) = (key.key.id, by_key(key.key.id));
    store.insert_key(key, Author::SERVER).await.expect("a write");
    let job = enqueue_one(store, org).await;
    store.cancel(org, vec![job, job], at(3), author, unheard()).await.expect("a write");
    let again = NewJob { retry_of: Some(job), retried_by: Some(author), ..new_job(org) };
    enqueue(store, again).await;
    store.delete(org, job, at(4), author).await.expect("a write");
    let run = NewRun { retried_by: Some(author), ..new_run(org, &[("a", &[])]) };
    let run_id = run.id;
    let (claiming, _) = crate::fixture::claiming(0, at(4));
    store.enqueue_run(run, at(4), 100, claiming).await.expect("a write");
    store.cancel_run(org, run_id, at(5), author, unheard()).await.expect("a write");
    store.cancel_run(org, run_id, at(5), author, unheard()).await.expect("a write");
    store.revoke_key(None, id, at(6), author).await.expect("a write");
    store.revoke_key(None, id, at(7), author).await.expect("a write");
    store.rename_org("one", "two", at(8), author).await.expect("a write");

    let mut told = entries(store, EVERYTHING).await;
    told.reverse();
    let words: Vec<&str> = told.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(
        words,
        [
            "org.created",
            "key.created",
            "job.cancelled",
            "job.retried",
            "job.deleted",
            "run.retried",
            "run.cancelled",
            "key.revoked",
            "org.renamed",
        ]
    );
    assert!(told.iter().all(|entry| entry.org == Some(org)));
    assert_eq!((told[0].author, told[1].author), (Author::LOCAL, Author::SERVER));
    assert!(told[2..].iter().all(|entry| entry.author == author));
    assert!(told[2..].iter().all(|entry| entry.key_name.as_deref() == Some("deploy")));
    assert_eq!((told[2].at, &told[2].object), (at(3), &job.to_string()));
    assert_eq!(told[1].detail.as_deref(), Some("scopes: read,write,work,keys,operator"));
    assert_eq!(told[3].detail, Some(format!("again: {job}")));
    assert_eq!(told[8].object_name.as_deref(), Some("two"));
    assert_eq!(told[8].detail.as_deref(), Some("was: one"));
}

pub(crate) async fn what_changed_nothing_is_not_told(store: &impl Subject) {
    let org = crate::fixture::org(store, "one").await;
    let other = crate::fixture::org(store, "two").await;
    let told = entries(store, EVERYTHING).await.len();
    let done = enqueue_one(store, org).await;
    let claimed = claim_one(store, at(1)).await;
    finish(store, claimed.lease, completed("so"), at(2)).await;
    store.cancel(org, vec![done], at(3), Author::LOCAL, unheard()).await.expect("a read");
    store.cancel(other, vec![done], at(3), Author::LOCAL, unheard()).await.expect("a read");
    store.delete(other, done, at(3), Author::LOCAL).await.expect("a read");
    store.revoke_key(None, KeyId::mint(), at(3), Author::LOCAL).await.expect("a read");
    store.rename_org("nobody", "x", at(3), Author::LOCAL).await.expect("a read");
    assert!(store.rename_org("one", "two", at(3), Author::LOCAL).await.is_err());
    store.delete_org("nobody", at(3), Author::LOCAL).await.expect("a read");
    assert_eq!(entries(store, EVERYTHING).await.len(), told);
}

pub(crate) async fn entries_outlive_what_they_are_about(store: &impl Subject) {
    let org = crate::fixture::org(store, "one").await;
    store.delete_org("one", at(5), Author::LOCAL).await.expect("a write");
    let told = entries(store, EVERYTHING).await;
    assert_eq!(told[0].action, AuditAction::OrgDeleted);
    assert_eq!((told[0].org, told[0].object_name.as_deref()), (Some(org), Some("one")));
    assert_eq!(told[1].action, AuditAction::OrgCreated);
}

pub(crate) async fn the_log_is_read_in_pages_and_by_filters(store: &impl Subject) {
    for second in 0..7 {
        let name = format!("org {second}");
        store.ensure_org(&name, at(second), Author::LOCAL).await.expect("a write");
    }
    let (mut cursor, mut seen, mut pages) = (None, BTreeSet::new(), 0);
    loop {
        let filter = AuditFilter { cursor, limit: 3, ..EVERYTHING };
        let AuditPage { entries, next } = store.audit(filter).await.expect("a read");
        seen.extend(entries.into_iter().map(|entry| entry.id));
        pages += 1;
        match next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    assert_eq!((seen.len(), pages), (7, 3));
    let found = async |filter: AuditFilter| entries(store, filter).await.len();
    let (after, before) = (Some(at(2)), Some(at(5)));
    assert_eq!(found(AuditFilter { after, before, ..EVERYTHING }).await, 3);
    let org = store.find_org("org 3").await.expect("a read").expect("it is there").id;
    assert_eq!(found(AuditFilter { object: Some(org.to_string()), ..EVERYTHING }).await, 1);
    let key = NewApiKey::mint(org, "k", Scopes::all(), Dialect::Pi, at(9));
    let id = key.key.id;
    store.insert_key(key, Author::LOCAL).await.expect("a write");
    store.rename_org("org 3", "org x", at(9), by_key(id)).await.expect("a write");
    assert_eq!(found(AuditFilter { key: Some(id), ..EVERYTHING }).await, 1);
    let action = Some(AuditAction::KeyCreated);
    assert_eq!(found(AuditFilter { action, ..EVERYTHING }).await, 1);
}

pub(crate) async fn old_entries_are_pruned_in_portions(store: &impl Subject) {
    for second in 0..5 {
        let name = format!("org {second}");
        store.ensure_org(&name, at(second), Author::LOCAL).await.expect("a write");
    }
    assert_eq!(store.prune_audit(at(3), 2).await.expect("a write"), 2);
    assert_eq!(store.prune_audit(at(3), 2).await.expect("a write"), 1);
    assert_eq!(store.prune_audit(at(3), 2).await.expect("a write"), 0);
    assert_eq!(entries(store, EVERYTHING).await.len(), 2);
}
