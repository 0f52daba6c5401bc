//! Organizations: their names, and what goes with one.

use tidemill::domain::audit::Author;
use tidemill::domain::brand::{BrandDraft, BrandEvidence, BrandProfile};
use tidemill::domain::ids::BrandId;
use tidemill::domain::job::{NewJob, Write};
use tidemill::domain::key::{Dialect, NewApiKey, Scopes};
use tidemill::store::{OrgDeletion, StoreError};

use crate::Subject;
use crate::fixture::{
    at, claim_one, completed, completed_with, enqueue, finish, new_asset, new_job, org, processing,
};

pub(crate) async fn an_organization_is_made_once(store: &impl Subject) {
    assert_eq!(store.find_org("one").await.expect("a read"), None);
    let made = store.ensure_org("one", at(1), Author::SERVER).await.expect("a write");
    assert_eq!((made.name.as_str(), made.created_at), ("one", at(1)));
    assert_eq!(store.ensure_org("one", at(2), Author::SERVER).await.expect("a write"), made);
    assert_eq!(store.find_org("one").await.expect("a read"), Some(made));
    assert_eq!(store.find_org("ONE").await.expect("a read"), None);
}

pub(crate) async fn organizations_are_listed_oldest_first(store: &impl Subject) {
    for (name, second) in [("second", 2), ("third", 2), ("first", 1)] {
        store.ensure_org(name, at(second), Author::SERVER).await.expect("a write");
    }
    let listed = store.orgs().await.expect("a read");
    let names: Vec<_> = listed.iter().map(|org| org.name.as_str()).collect();
    assert_eq!(names, ["first", "second", "third"]);
}

pub(crate) async fn a_rename_takes_a_free_name_only(store: &impl Subject) {
    let one = store.ensure_org("one", at(1), Author::SERVER).await.expect("a write");
    store.ensure_org("two", at(1), Author::SERVER).await.expect("a write");
    let refused = store.rename_org("one", "two", at(9), Author::SERVER).await;
    assert!(matches!(refused, Err(StoreError::Taken(name)) if name == "two"));
    assert_eq!(
        store.rename_org("nobody", "three", at(9), Author::SERVER).await.expect("a write"),
        None
    );
    let same = store.rename_org("one", "one", at(9), Author::SERVER).await.expect("a write");
    assert_eq!(same.as_ref(), Some(&one));
    let renamed = store
        .rename_org("one", "three", at(9), Author::SERVER)
        .await
        .expect("a write")
        .expect("one");
    assert_eq!((renamed.id, renamed.name.as_str()), (one.id, "three"));
    assert_eq!(store.find_org("one").await.expect("a read"), None);
}

pub(crate) async fn an_organization_goes_with_all_it_has(store: &impl Subject) {
    let (gone, stays) = (org(store, "gone").await, org(store, "stays").await);
    let mut kept = Vec::new();
    for org in [gone, stays] {
        let key = NewApiKey::mint(org, "key", Scopes::all(), Dialect::Pi, at(0));
        store.insert_key(key.clone(), Author::SERVER).await.expect("an insert");
        assert!(store.find_key(key.hash).await.expect("a read").is_some());
        let (file, logo) = (new_asset("file"), new_asset("logo"));
        enqueue(store, NewJob { assets: vec![file.clone()], ..new_job(org) }).await;
        let claimed = claim_one(store, at(1)).await;
        let id = BrandId::of_domain(org, "example.org");
        let draft = BrandDraft {
            domain: "example.org".into(),
            name: "Tide".into(),
            profile: BrandProfile::default(),
            evidence: BrandEvidence::new(),
            logo: Some(logo.id),
            font: None,
        };
        let writes = vec![Write::Asset(logo), Write::Brand { id, draft: Box::new(draft) }];
        finish(store, claimed.lease, completed_with("done", writes), at(2)).await;
        kept.push((org, key.hash, file.id, claimed.job.id, id));
    }
    assert_eq!(
        store.delete_org("gone", at(9), Author::SERVER).await.expect("a write"),
        OrgDeletion::Deleted
    );
    assert_eq!(
        store.delete_org("gone", at(9), Author::SERVER).await.expect("a write"),
        OrgDeletion::Unknown
    );
    for (org, hash, file, job, brand) in kept {
        let stays = org == stays;
        assert_eq!(store.find_key(hash).await.expect("a read").is_some(), stays);
        assert_eq!(store.asset(org, file).await.expect("a read").is_some(), stays);
        assert_eq!(store.job(org, job).await.expect("a read").is_some(), stays);
        assert_eq!(store.brand(org, brand).await.expect("a read").is_some(), stays);
    }
    let names: Vec<_> =
        store.orgs().await.expect("a read").into_iter().map(|org| org.name).collect();
    assert_eq!(names, ["stays"]);
}

pub(crate) async fn unfinished_jobs_keep_their_organization(store: &impl Subject) {
    let org = org(store, "one").await;
    let key = NewApiKey::mint(org, "key", Scopes::all(), Dialect::Pi, at(0));
    store.insert_key(key.clone(), Author::SERVER).await.expect("an insert");
    let running = processing(store, org, at(1)).await;
    let queued = enqueue(store, new_job(org)).await;
    let refused = store.delete_org("one", at(9), Author::SERVER).await.expect("a write");
    assert_eq!(refused, OrgDeletion::HasUnfinishedJobs(2));
    assert!(store.find_key(key.hash).await.expect("a read").is_some());
    assert!(store.job(org, queued).await.expect("a read").is_some());
    finish(store, running.lease, completed("done"), at(2)).await;
    let last = claim_one(store, at(3)).await;
    finish(store, last.lease, completed("done"), at(4)).await;
    assert_eq!(
        store.delete_org("one", at(9), Author::SERVER).await.expect("a write"),
        OrgDeletion::Deleted
    );
}

pub(crate) async fn the_servers_own_work_keeps_no_organization(store: &impl Subject) {
    let org = org(store, "one").await;
    let own = NewJob { internal: true, action: "deliver".into(), ..new_job(org) };
    let queued = enqueue(store, own).await;
    assert_eq!(
        store.delete_org("one", at(9), Author::SERVER).await.expect("a write"),
        OrgDeletion::Deleted
    );
    assert!(store.job(org, queued).await.expect("a read").is_none());
}
