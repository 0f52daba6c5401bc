//! Limits on requests, bodies and queues.

use std::time::Duration;

use futures_util::future::poll_immediate;
use reqwest::Method;
use serde_json::{Value, json};
use tidemill::store::StoreError;

use crate::client::Client;
use crate::commands::script;
use crate::server::{Server, manual_clock};

#[tokio::test]
async fn a_window_has_so_many_requests_and_the_next_one_is_full_again() {
    let server = Server::with(|settings| {
        settings.http.requests_per_minute = 3;
        settings.clock = manual_clock();
    });
    for left in ["2", "1", "0"] {
        let answer = server.client.get("/api/v1/jobs").await;
        assert_eq!((answer.status, answer.header("x-ratelimit-remaining")), (200, Some(left)));
    }
    let refused = server.client.get("/api/v1/jobs").await;
    assert_eq!((refused.status, refused.code()), (429, "rate_limit_exceeded"));
    assert_eq!(refused.body["error"]["type"], "rate_limit_error");
    assert_eq!(refused.header("retry-after"), Some("60"));
    assert_eq!(refused.header("ratelimit"), Some("\"default\";r=0;t=60"));
    assert_eq!(refused.header("x-ratelimit-limit"), Some("3"));
    assert_eq!(server.stranger().await.get("/api/v1/jobs").await.status, 200);
    server.clock.advance(Duration::from_mins(1));
    assert_eq!(server.client.get("/api/v1/jobs").await.status, 200);
}

#[tokio::test]
async fn each_route_has_its_own_longest_body() {
    let server = Server::with(|settings| {
        settings.http.body_limits.standard = 100;
        settings.http.body_limits.jobs = 2_000;
    });
    let body = |bytes: usize| json!({"name": "n", "x": "y".repeat(bytes)});
    let refused = server.client.post("/api/v1/keys", &body(100)).await;
    assert_eq!((refused.status, refused.code()), (413, "request_too_large"));
    let job = json!({"action": "noop", "input": {"x": "y".repeat(1_000)}});
    server.client.post("/api/v1/jobs", &job).await.accepted();
    assert_eq!(server.client.post("/api/v1/jobs", &body(2_000)).await.status, 413);
}

#[tokio::test]
async fn bodies_share_the_memory_for_bodies() {
    let server = Server::with(|settings| settings.http.body_memory = 500);
    let job = json!({"action": "noop", "input": {"x": "y".repeat(1_000)}});
    let refused = server.client.post("/api/v1/jobs", &job).await;
    assert_eq!((refused.status, refused.code()), (503, "overloaded"));
    assert!(refused.header("retry-after").is_some());
    // What was taken is given back.
    for _ in 0..5 {
        server.client.post("/api/v1/jobs", &json!({"action": "noop"})).await.accepted();
    }
}

#[tokio::test]
async fn an_organization_has_so_many_unfinished_jobs() {
    let server = Server::with(|settings| settings.queue_limit = 2);
    let later = json!({"action": "noop", "delay_seconds": 3600});
    for _ in 0..2 {
        server.client.post("/api/v1/jobs", &later).await.accepted();
    }
    let refused = server.client.post("/api/v1/jobs", &later).await;
    assert_eq!((refused.status, refused.code()), (429, "queue_limit_exceeded"));
    assert!(refused.header("retry-after").is_some());
    server.stranger().await.post("/api/v1/jobs", &later).await.accepted();
}

#[tokio::test]
async fn a_body_must_be_json_and_say_so() {
    let server = Server::start();
    let post = async |kind: &str, text: &str| {
        let headers = [("content-type", kind)];
        let body = Some(text.as_bytes().to_vec());
        server.client.ask(Method::POST, "/api/v1/jobs", &headers, body).await
    };
    let form = post("application/x-www-form-urlencoded", "{\"action\":\"noop\"}").await;
    assert_eq!((form.status, form.code()), (415, "unsupported_media_type"));
    let coded = [("content-encoding", "gzip")];
    let coded = server.client.post_with("/api/v1/jobs", &coded, &json!({})).await;
    assert_eq!((coded.status, coded.code()), (415, "unsupported_media_type"));
    let broken = post("application/json", "{\"action\":").await;
    assert_eq!((broken.status, broken.code()), (400, "invalid_json_body"));
    let list = post("application/json; charset=utf-8", "\"noop\"").await;
    assert_eq!((list.status, list.code()), (400, "invalid_request_body"));
    let empty = post("application/json", "").await;
    assert_eq!((empty.status, empty.code()), (400, "invalid_request_body"));
    let vendor = post("application/vnd.x+json", "{\"action\":\"noop\"}").await;
    assert_eq!(vendor.status, 202);
}

#[tokio::test]
async fn a_disk_that_cannot_follow_is_said_at_once_and_nothing_is_lost() {
    let server = Server::start();
    let accepted = server.client.enqueue("test.echo", json!({"n": 1})).await;
    server.client.ended(&accepted).await;
    server.brake.hold();
    // Writes wait until there is no room for one more.
    let mut waiting = vec![server.catalog.touch_keys(Vec::new())];
    assert!(poll_immediate(waiting[0].as_mut()).await.is_none());
    server.brake.met().await;
    loop {
        let mut write = server.catalog.touch_keys(Vec::new());
        match poll_immediate(write.as_mut()).await {
            None => waiting.push(write),
            Some(refused) => break assert!(matches!(refused, Err(StoreError::Busy))),
        }
        assert!(waiting.len() < 100_000, "the channel has no end");
    }
    let job = json!({"action": "noop"});
    let refused = server.client.post("/api/v1/jobs", &job).await;
    assert_eq!((refused.status, refused.code()), (503, "overloaded"));
    assert_eq!(refused.body["error"]["type"], "api_error");
    assert_eq!(refused.header("retry-after"), Some("1"));
    // Reads go on.
    let path = format!("/api/v1/jobs/{accepted}");
    assert_eq!(server.client.get(&path).await.status, 200);
    server.brake.release();
    for write in waiting {
        write.await.expect("it was taken, so it is written");
    }
    let id = server.client.post("/api/v1/jobs", &job).await.accepted();
    assert_eq!(server.client.ended(&id).await["status"], "completed");
}

/// Why a job does not run.
async fn why(client: &Client, id: &str) -> Value {
    client.get(&format!("/api/v1/jobs/{id}")).await.body["data"]["waiting_for"].clone()
}

#[tokio::test]
async fn who_is_held_back_by_their_organization_s_limit_is_told_so() {
    let server = Server::with(|settings| settings.org_concurrency = Some(1));
    let first = server.client.enqueue("test.gate", json!({})).await;
    server.gate.entered().await;
    let second = server.client.enqueue("test.echo", json!({})).await;
    let held_back = json!({"reason": "organization_limit", "position": 1});
    assert_eq!(why(&server.client, &second).await, held_back);
    // Workers are free, for others.
    let stranger = server.stranger().await;
    let theirs = stranger.enqueue("test.echo", json!({})).await;
    assert_eq!(stranger.ended(&theirs).await["status"], "completed");
    assert_eq!(why(&server.client, &second).await, held_back);
    server.gate.open();
    assert_eq!(server.client.ended(&first).await["waiting_for"], Value::Null);
    assert_eq!(server.client.ended(&second).await["status"], "completed");
}

#[tokio::test]
async fn who_is_held_back_by_their_action_s_limit_is_told_so() {
    let server = Server::with(|settings| {
        // Without end, until it is cancelled.
        let mut own = script("own.endless", "exec sleep 600");
        own.policy.concurrency = Some(1);
        own.policy.attempt_timeout = Duration::from_mins(10);
        settings.own = vec![own];
    });
    let client = &server.client;
    let first = client.enqueue("own.endless", json!({})).await;
    let second = client.enqueue("own.endless", json!({})).await;
    let third = client.enqueue("own.endless", json!({})).await;
    assert_eq!(why(client, &second).await, json!({"reason": "action_limit", "position": 1}));
    assert_eq!(why(client, &third).await, json!({"reason": "action_limit", "position": 2}));
    // Others of the organization are not held back.
    let other = client.enqueue("test.echo", json!({})).await;
    assert_eq!(client.ended(&other).await["status"], "completed");
    for (over, next) in [(first, Some(&second)), (third, None), (second.clone(), None)] {
        client.post(&format!("/api/v1/jobs/{over}/cancel"), &json!({})).await;
        while let Some(next) = next {
            let job = client.get(&format!("/api/v1/jobs/{next}")).await.body["data"].clone();
            if job["status"] == "processing" {
                assert_eq!(job["waiting_for"], Value::Null);
                break;
            }
        }
    }
}
