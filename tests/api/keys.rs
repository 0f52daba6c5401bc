//! API keys: made, listed, revoked.

use serde_json::json;
use tidemill::domain::ids::KeyId;
use tidemill::domain::key::{Dialect, Scope};

use crate::server::Server;

#[tokio::test]
async fn a_key_is_shown_once_and_works_until_it_is_revoked() {
    let server = Server::start();
    let body = json!({"name": "ci", "scopes": ["read"]});
    let made = server.client.post("/api/v1/keys", &body).await;
    assert_eq!((made.status, &made.body["object"]), (201, &json!("key")));
    let data = &made.body["data"];
    let secret = data["key"].as_str().expect("a secret");
    assert!(secret.starts_with("pi_live_"));
    assert_eq!((&data["name"], &data["scopes"]), (&json!("ci"), &json!(["read"])));
    let client = server.client.with_key(secret);
    assert_eq!(client.get("/api/v1/jobs").await.status, 200);
    let list = server.client.get("/api/v1/keys").await;
    let text = String::from_utf8(list.bytes.clone()).expect("text");
    assert!(!text.contains(secret));
    assert_eq!(list.body["data"]["data"][0]["id"], data["id"]);
    let path = format!("/api/v1/keys/{}", data["id"].as_str().expect("an id"));
    let deleted = server.client.delete(&path).await;
    assert_eq!(deleted.body["data"], json!({"id": data["id"], "deleted": true}));
    let refused = client.get("/api/v1/jobs").await;
    assert_eq!((refused.status, refused.code()), (401, "invalid_api_key"));
}

#[tokio::test]
async fn a_key_gives_only_scopes_that_it_has() {
    let server = Server::start();
    let keeper = server.client_with(&[Scope::Read, Scope::Keys]).await;
    let make = async |scopes: serde_json::Value| {
        keeper.post("/api/v1/keys", &json!({"name": "n", "scopes": scopes})).await
    };
    assert_eq!(make(json!(["read", "keys"])).await.status, 201);
    let refused = make(json!(["write"])).await;
    assert_eq!((refused.status, refused.code()), (403, "insufficient_scope"));
    let defaults = keeper.post("/api/v1/keys", &json!({"name": "n"})).await;
    assert_eq!(defaults.status, 403);
    for scopes in [json!([]), json!(["fly"]), json!("read"), json!(["operator"])] {
        let body = json!({"name": "n", "scopes": scopes});
        let refused = server.client.post("/api/v1/keys", &body).await;
        assert_eq!((refused.status, refused.param()), (400, "scopes"), "{scopes}");
    }
    let dialect = json!({"name": "n", "dialect": "flowrelay"});
    let relay = server.client.post("/api/v1/keys", &dialect).await;
    assert!(relay.body["data"]["key"].as_str().is_some_and(|key| key.starts_with("fr_")));
    for body in [json!({}), json!({"name": ""}), json!({"name": "n", "dialect": "morse"})] {
        assert_eq!(server.client.post("/api/v1/keys", &body).await.status, 400, "{body}");
    }
}

#[tokio::test]
async fn another_organizations_keys_do_not_exist() {
    let server = Server::start();
    let stranger = server.stranger().await;
    let list = server.client.get("/api/v1/keys").await.body;
    let own = list["data"]["data"][0]["id"].as_str().expect("an id").to_owned();
    let refused = stranger.delete(&format!("/api/v1/keys/{own}")).await;
    assert_eq!((refused.status, refused.code()), (404, "key_not_found"));
    let theirs = stranger.get("/api/v1/keys").await.body;
    assert_eq!(theirs["data"]["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(server.client.get("/api/v1/jobs").await.status, 200);
}

#[tokio::test]
async fn under_load_a_revoked_key_is_refused_from_the_next_request_on() {
    let server = Server::start();
    let scopes = [Scope::Read, Scope::Write];
    let (client, id) = server.client_of(server.org, &scopes, Dialect::Pi).await;
    let revoked = std::cell::Cell::new(false);
    let body = json!({"action": "noop"});
    let hammer = async {
        loop {
            // A request sent after the revocation was answered must be refused.
            let must_fail = revoked.get();
            let answer = client.post("/api/v1/jobs", &body).await;
            match answer.status {
                202 => assert!(!must_fail, "accepted after the revocation"),
                401 => return,
                status => panic!("{status}: {}", answer.body),
            }
        }
    };
    let revoke = async {
        for _ in 0..50 {
            client.post("/api/v1/jobs", &body).await.accepted();
        }
        let answer = server.client.delete(&format!("/api/v1/keys/{id}")).await;
        assert_eq!(answer.status, 200);
        revoked.set(true);
        assert_eq!(client.get("/api/v1/jobs").await.code(), "invalid_api_key");
    };
    tokio::join!(hammer, hammer_more(&client, &revoked), revoke);
}

/// A second connection that asks at the same time.
async fn hammer_more(client: &crate::client::Client, revoked: &std::cell::Cell<bool>) {
    loop {
        let must_fail = revoked.get();
        match client.get("/api/v1/jobs?limit=1").await.status {
            200 => assert!(!must_fail, "served after the revocation"),
            401 => return,
            status => panic!("{status}"),
        }
    }
}

#[tokio::test]
async fn the_last_use_of_a_key_is_kept_and_costs_no_write_a_request() {
    let mut server = Server::start();
    let (client, id) = server.client_of(server.org, &[Scope::Read], Dialect::Pi).await;
    let (_, idle) = server.client_of(server.org, &[Scope::Read], Dialect::Pi).await;
    let before = server.clock.now();
    for _ in 0..50 {
        assert_eq!(client.get("/api/v1/jobs?limit=1").await.status, 200);
    }
    let commits = server.brake.passed();
    for _ in 0..50 {
        assert_eq!(client.get("/api/v1/jobs?limit=1").await.status, 200);
    }
    // The server looks after itself now and then; the requests write nothing.
    assert!(server.brake.passed() < commits + 25, "{} commits", server.brake.passed() - commits);
    let database = server.end();
    let last_used = |id: KeyId| -> Option<i64> {
        let sql = "select last_used_at from api_keys where id = ?1";
        database.query_row(sql, [id.as_bytes()], |row| row.get(0)).expect("it is there")
    };
    let seen = last_used(id).expect("what was in memory is written at the end");
    assert!(before.ms() - seen < 60_000, "to the minute");
    assert_eq!(last_used(idle), None);
}

#[tokio::test]
async fn under_load_a_key_is_replaced_without_a_single_refusal() {
    let server = Server::start();
    let scopes = [Scope::Read, Scope::Write];
    let (old, old_id) = server.client_of(server.org, &scopes, Dialect::Pi).await;
    // The key in use, and how many clients have begun to use the next one.
    let in_use = std::cell::RefCell::new((old, false));
    let (switched, done) = (std::cell::Cell::new(0), std::cell::Cell::new(false));
    let body = json!({"action": "noop"});
    let load = async || {
        let (mut answered, mut has_switched) = (0, false);
        while !done.get() {
            // As a client that reads its key anew for each request.
            let (client, is_new) = in_use.borrow().clone();
            if is_new && !std::mem::replace(&mut has_switched, true) {
                switched.set(switched.get() + 1);
            }
            let answer = client.post("/api/v1/jobs", &body).await;
            assert_eq!(answer.status, 202, "{}", answer.body);
            answered += 1;
        }
        answered
    };
    let rotate = async {
        let made = json!({"name": "next", "scopes": ["read", "write"]});
        let made = server.client.post("/api/v1/keys", &made).await;
        let secret = made.body["data"]["key"].as_str().expect("a secret");
        let next = server.client.with_key(secret);
        let (replaced, _) = in_use.replace((next.clone(), true));
        while switched.get() < 3 {
            assert_eq!(next.get("/api/v1/jobs?limit=1").await.status, 200);
        }
        let path = format!("/api/v1/keys/{old_id}");
        assert_eq!(server.client.delete(&path).await.status, 200);
        assert_eq!(replaced.get("/api/v1/jobs").await.code(), "invalid_api_key");
        for _ in 0..20 {
            assert_eq!(next.get("/api/v1/jobs?limit=1").await.status, 200);
        }
        done.set(true);
    };
    let (one, two, three, ()) = tokio::join!(load(), load(), load(), rotate);
    assert!(one.min(two).min(three) > 1);
}
