//! `GET /audit`: who changed what, for operators.

use serde_json::{Value, json};
use tidemill::domain::key::{Dialect, Scope};
use tidemill::http::HttpOptions;

use crate::client::Client;
use crate::server::Server;

/// The entries that a query finds, newest first.
async fn entries(client: &Client, query: &str) -> Vec<Value> {
    let answer = client.get(&format!("/api/v1/audit{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["data"]["data"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn what_a_key_did_is_told_with_its_request() {
    let server = Server::start();
    let scopes = [Scope::Read, Scope::Write, Scope::Keys];
    let (client, key) = server.client_of(server.org, &scopes, Dialect::Pi).await;
    let made = client.post("/api/v1/keys", &json!({"name": "ci", "scopes": ["read"]})).await;
    let id = made.body["data"]["id"].as_str().expect("an id").to_owned();
    let revoked = client.delete(&format!("/api/v1/keys/{id}")).await;
    let told = entries(&server.client, &format!("?object_id={id}")).await;
    assert_eq!((told.len(), &told[0]["action"]), (2, &json!("key.revoked")));
    assert_eq!(told[0]["actor"], json!({"type": "key", "id": key, "name": "test"}));
    assert_eq!(told[0]["object"], json!({"type": "key", "id": id, "name": "ci"}));
    assert_eq!(told[0]["request_id"], revoked.body["id"]);
    assert_eq!(
        (&told[0]["address"], &told[0]["org_id"]),
        (&json!("127.0.0.1"), &json!(server.org))
    );
    assert_eq!(
        (&told[1]["action"], &told[1]["detail"]),
        (&json!("key.created"), &json!("scopes: read"))
    );
    let text = told.iter().map(Value::to_string).collect::<String>();
    assert!(!text.contains(made.body["data"]["key"].as_str().expect("a secret")));
}

#[tokio::test]
async fn ended_and_repeated_work_is_told_and_submitted_work_is_not() {
    let server = Server::start();
    let later = json!({"action": "noop", "delay_seconds": 3600});
    let job = server.client.post("/api/v1/jobs", &later).await.accepted();
    let bulk = server.client.post("/api/v1/jobs", &later).await.accepted();
    let run = json!({"steps": [{"id": "a", "action": "test.gate"}]});
    let run = server.client.post("/api/v1/runs", &run).await;
    let run = run.body["data"]["run_id"].as_str().expect("an id").to_owned();
    let before = entries(&server.client, "").await.len();
    server.client.post(&format!("/api/v1/jobs/{job}/cancel"), &json!({})).await;
    server.client.post("/api/v1/jobs/cancel", &json!({"ids": [bulk, job]})).await;
    server.client.post(&format!("/api/v1/jobs/{job}/retry"), &json!({})).await.accepted();
    server.client.delete(&format!("/api/v1/jobs/{job}")).await;
    server.client.post(&format!("/api/v1/runs/{run}/cancel"), &json!({})).await;
    server.client.post(&format!("/api/v1/runs/{run}/retry"), &json!({})).await;
    let told = entries(&server.client, "").await;
    let words: Vec<&str> = told.iter().filter_map(|entry| entry["action"].as_str()).collect();
    assert_eq!(
        words[..words.len() - before],
        [
            "run.retried",
            "run.cancelled",
            "job.deleted",
            "job.retried",
            "job.cancelled",
            "job.cancelled"
        ]
    );
    let about = entries(&server.client, &format!("?object_id={job}&action=job.cancelled")).await;
    assert_eq!(about.len(), 1, "a second cancelling changes nothing");
}

#[tokio::test]
async fn the_log_is_read_in_pages_by_operators_alone() {
    let server = Server::start();
    for _ in 0..3 {
        server.client.post("/api/v1/keys", &json!({"name": "n", "scopes": ["read"]})).await;
    }
    let first = server.client.get("/api/v1/audit?limit=2&action=key.created").await.body;
    let cursor = first["data"]["next_cursor"].as_str().expect("more").to_owned();
    let path = format!("/api/v1/audit?action=key.created&cursor={cursor}");
    let second = server.client.get(&path).await.body;
    assert_eq!(second["data"]["has_more"], false);
    assert!(second["data"]["data"].as_array().is_some_and(|rest| rest.len() >= 2));
    for query in ["?action=key.stolen", "?key_id=x", "?created_after=soon", "?limit=0"] {
        let refused = server.client.get(&format!("/api/v1/audit{query}")).await;
        assert_eq!((refused.status, refused.code()), (400, "invalid_query_parameter"), "{query}");
    }
    let scopes = [Scope::Read, Scope::Write, Scope::Work, Scope::Keys];
    let refused = server.client_with(&scopes).await.get("/api/v1/audit").await;
    assert_eq!((refused.status, refused.code()), (403, "insufficient_scope"));
    assert!(entries(&server.client, "?created_before=1000").await.is_empty());
}

#[tokio::test]
async fn the_address_is_the_nearest_that_is_no_trusted_proxys() {
    let server = Server::with(|settings| {
        let proxies = ["127.0.0.1/32", "10.0.0.0/8"];
        let trusted_proxies = proxies.iter().map(|net| net.parse().expect("a network")).collect();
        settings.http = HttpOptions { trusted_proxies, ..settings.http.clone() };
    });
    let body = json!({"name": "n", "scopes": ["read"]});
    for (forwarded, address) in [
        ("198.51.100.1, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("2001:db8::7", "2001:db8::7"),
        ("198.51.100.1, unknown", "127.0.0.1"),
    ] {
        server.client.post_with("/api/v1/keys", &[("x-forwarded-for", forwarded)], &body).await;
        assert_eq!(entries(&server.client, "?limit=1").await[0]["address"], address);
    }
    let plain = Server::start();
    plain.client.post_with("/api/v1/keys", &[("x-forwarded-for", "198.51.100.1")], &body).await;
    assert_eq!(entries(&plain.client, "?limit=1").await[0]["address"], "127.0.0.1");
}
