//! API keys: who is recognized, and that nobody is after a revocation.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::{join, join_all, poll_immediate};
use tidemill::domain::audit::Author;
use tidemill::domain::ids::{KeyId, OrgId};
use tidemill::domain::key::{Dialect, NewApiKey, Reach, Scope, Scopes};
use tidemill::store::KeyUse;

use crate::Subject;
use crate::fixture::{at, org};

pub(crate) async fn a_key_is_found_by_its_secret(store: &impl Subject) {
    let org = org(store, "one").await;
    let scopes = Scopes::of(&[Scope::Read, Scope::Work]);
    let new = NewApiKey::mint(org, "printer", scopes, Dialect::FlowRelay, at(7));
    store.insert_key(new.clone(), Author::SERVER).await.expect("an insert");
    for _ in 0..2 {
        let found = store.find_key(new.hash).await.expect("a read");
        assert_eq!(found.as_ref(), Some(&new.key));
    }
    let unknown = stored_key(store, org, "other", 8).await.hash;
    assert_ne!(store.find_key(unknown).await.expect("a read"), Some(new.key));
}

pub(crate) async fn a_revoked_key_is_refused_at_once(store: &impl Subject) {
    let org = org(store, "one").await;
    let new = stored_key(store, org, "one", 0).await;
    assert!(store.find_key(new.hash).await.expect("a read").is_some());
    let revoked = store.revoke_key(None, new.key.id, at(1), Author::SERVER).await.expect("a write");
    assert_eq!(revoked.expect("the key").revoked_at, Some(at(1)));
    assert_eq!(store.find_key(new.hash).await.expect("a read"), None);
    // The first revocation's moment stands.
    let again = store.revoke_key(None, new.key.id, at(2), Author::SERVER).await.expect("a write");
    assert_eq!(again.expect("the key").revoked_at, Some(at(1)));
}

pub(crate) async fn a_revocation_is_confined_to_its_organization(store: &impl Subject) {
    let (ours, theirs) = (org(store, "one").await, org(store, "two").await);
    let new = stored_key(store, theirs, "one", 0).await;
    let foreign =
        store.revoke_key(Some(ours), new.key.id, at(1), Author::SERVER).await.expect("a write");
    assert_eq!(foreign, None);
    assert!(store.find_key(new.hash).await.expect("a read").is_some());
    let own =
        store.revoke_key(Some(theirs), new.key.id, at(1), Author::SERVER).await.expect("a write");
    assert!(own.is_some());
    assert_eq!(store.find_key(new.hash).await.expect("a read"), None);
    assert_eq!(
        store.revoke_key(None, KeyId::mint(), at(1), Author::SERVER).await.expect("a write"),
        None
    );
}

pub(crate) async fn keys_are_listed_newest_first(store: &impl Subject) {
    let (ours, theirs) = (org(store, "one").await, org(store, "two").await);
    let old = stored_key(store, ours, "old", 1).await.key;
    let foreign = stored_key(store, theirs, "foreign", 2).await.key;
    let young = stored_key(store, ours, "young", 3).await.key;
    store.revoke_key(None, old.id, at(9), Author::SERVER).await.expect("a write");
    let names = |keys: Vec<tidemill::domain::key::ApiKey>| {
        keys.into_iter().map(|key| key.name).collect::<Vec<_>>()
    };
    let own = store.keys(Some(ours)).await.expect("a read");
    assert_eq!(names(own), [young.name.clone(), old.name.clone()]);
    let all = store.keys(None).await.expect("a read");
    assert_eq!(names(all), [young.name, foreign.name, old.name]);
}

pub(crate) async fn a_workers_key_belongs_to_no_organization(store: &impl Subject) {
    let org = org(store, "one").await;
    let work = Scopes::of(&[Scope::Work]);
    let new = NewApiKey::mint(Reach::EveryOrg, "worker", work, Dialect::Pi, at(0));
    store.insert_key(new.clone(), Author::SERVER).await.expect("an insert");
    assert_eq!(store.find_key(new.hash).await.expect("a read"), Some(new.key.clone()));
    assert_eq!(store.keys(Some(org)).await.expect("a read"), []);
    assert_eq!(store.keys(None).await.expect("a read"), std::slice::from_ref(&new.key));
    let foreign =
        store.revoke_key(Some(org), new.key.id, at(1), Author::SERVER).await.expect("a write");
    assert_eq!(foreign, None);
    store.delete_org("one", at(9), Author::SERVER).await.expect("a write");
    assert!(store.find_key(new.hash).await.expect("a read").is_some());
    // What could see into every organization is refused by the schema itself.
    let all = NewApiKey::mint(Reach::EveryOrg, "all", Scopes::all(), Dialect::Pi, at(0));
    assert!(store.insert_key(all, Author::SERVER).await.is_err());
}

pub(crate) async fn a_key_is_seen_to_the_minute(store: &impl Subject) {
    let org = org(store, "one").await;
    let key = stored_key(store, org, "one", 0).await.key.id;
    let minute = |at: tidemill::domain::clock::Timestamp| at.ms() / 60_000;
    for (uses, last) in [(vec![90], 90), (vec![300, 200], 300), (vec![10], 300), (vec![301], 301)] {
        let uses = uses.into_iter().map(|second| KeyUse { key, at: at(second) }).collect();
        store.touch_keys(uses).await.expect("a write");
        let seen = store.keys(Some(org)).await.expect("a read")[0].last_used_at.expect("a use");
        assert_eq!(seen.ms(), minute(at(last)) * 60_000);
    }
    store.touch_keys(vec![KeyUse { key: KeyId::mint(), at: at(0) }]).await.expect("a write");
}

pub(crate) async fn no_reader_sees_a_key_after_its_revocation(store: &impl Subject) {
    let org = org(store, "one").await;
    for _ in 0..20 {
        let new = stored_key(store, org, "one", 0).await;
        let revoked = AtomicBool::new(false);
        let revoke = async {
            store.revoke_key(None, new.key.id, at(1), Author::SERVER).await.expect("a write");
            revoked.store(true, Ordering::SeqCst);
        };
        let readers = (0..8).map(|_| async {
            for _ in 0..20 {
                let too_late = revoked.load(Ordering::SeqCst);
                let found = store.find_key(new.hash).await.expect("a read");
                assert!(!(too_late && found.is_some()), "found after its revocation");
            }
        });
        join(revoke, join_all(readers)).await;
        assert_eq!(store.find_key(new.hash).await.expect("a read"), None);
    }
}

pub(crate) async fn a_revocation_stands_when_its_caller_goes_away(store: &impl Subject) {
    let org = org(store, "one").await;
    let new = stored_key(store, org, "one", 0).await;
    assert!(store.find_key(new.hash).await.expect("a read").is_some());
    {
        let mut revocation = store.revoke_key(None, new.key.id, at(1), Author::SERVER);
        let asked = poll_immediate(revocation.as_mut()).await;
        assert!(asked.is_none());
    }
    // Writes keep their order: when this one is answered, the revocation is on disk.
    store.ensure_org("two", at(2), Author::SERVER).await.expect("a write");
    assert_eq!(store.find_key(new.hash).await.expect("a read"), None);
}

async fn stored_key(store: &impl Subject, org: OrgId, name: &str, second: i64) -> NewApiKey {
    let new = NewApiKey::mint(org, name, Scopes::all(), Dialect::Pi, at(second));
    store.insert_key(new.clone(), Author::SERVER).await.expect("an insert");
    new
}
