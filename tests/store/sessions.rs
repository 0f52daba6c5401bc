//! Sessions: found with their key while both hold.

use tidemill::domain::audit::Author;
use tidemill::domain::key::{Dialect, NewApiKey, Scopes};
use tidemill::domain::session::{MAX_SESSIONS_A_KEY, NewSession, SESSION_LIFETIME};

use crate::Subject;
use crate::fixture::{at, org};

async fn stored_key(store: &impl Subject) -> NewApiKey {
    let org = org(store, "one").await;
    let key = NewApiKey::mint(org, "person", Scopes::all(), Dialect::Pi, at(0));
    store.insert_key(key.clone(), Author::SERVER).await.expect("an insert");
    key
}

pub(crate) async fn a_session_is_found_with_its_key_until_it_is_over(store: &impl Subject) {
    let key = stored_key(store).await.key;
    let session = NewSession::mint(key.id, at(1));
    store.insert_session(session.clone()).await.expect("an insert");
    let last = session.expires_at.before(std::time::Duration::from_millis(1));
    let found = store.find_session(session.hash, last).await.expect("a read").expect("there");
    assert_eq!((found.key, found.expires_at), (key, at(1).after(SESSION_LIFETIME)));
    assert_eq!(store.find_session(session.hash, session.expires_at).await.expect("a read"), None);
}

pub(crate) async fn a_session_ends_with_its_key_or_by_itself(store: &impl Subject) {
    let key = stored_key(store).await.key;
    let [one, other] = [NewSession::mint(key.id, at(1)), NewSession::mint(key.id, at(1))];
    for session in [&one, &other] {
        store.insert_session(session.clone()).await.expect("an insert");
    }
    store.end_session(one.hash).await.expect("a write");
    store.end_session(one.hash).await.expect("a second end changes nothing");
    assert_eq!(store.find_session(one.hash, at(2)).await.expect("a read"), None);
    assert!(store.find_session(other.hash, at(2)).await.expect("a read").is_some());
    store.revoke_key(None, key.id, at(3), Author::SERVER).await.expect("a write");
    assert_eq!(store.find_session(other.hash, at(4)).await.expect("a read"), None);
}

pub(crate) async fn a_key_has_so_many_sessions_and_no_more(store: &impl Subject) {
    let key = stored_key(store).await.key;
    let sessions: Vec<NewSession> = (1..)
        .take(MAX_SESSIONS_A_KEY + 1)
        .map(|second| NewSession::mint(key.id, at(second)))
        .collect();
    for session in &sessions {
        store.insert_session(session.clone()).await.expect("an insert");
    }
    let now = at(100);
    assert_eq!(store.find_session(sessions[0].hash, now).await.expect("a read"), None);
    for session in &sessions[1..] {
        assert!(store.find_session(session.hash, now).await.expect("a read").is_some());
    }
}
