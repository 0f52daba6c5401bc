//! The same request twice is one job.

use serde_json::{Value, json};

use crate::server::Server;

const KEY: [(&str, &str); 1] = [("idempotency-key", "one")];

#[tokio::test]
async fn the_same_request_gets_the_same_answer() {
    let server = Server::start();
    let body = json!({"action": "test.echo", "input": {"a": 1, "b": 2}});
    let first = server.client.post_with("/api/v1/jobs", &KEY, &body).await;
    let id = first.accepted();
    assert_eq!(first.header("idempotent-replayed"), None);
    // Members in another order and quotes around the key are the same request.
    let quoted = [("idempotency-key", "\"one\"")];
    let text = br#"{"input": {"b": 2, "a": 1}, "action": "test.echo"}"#.to_vec();
    let again = server.client.ask(reqwest::Method::POST, "/api/v1/jobs", &quoted, Some(text)).await;
    assert_eq!((again.status, &again.body), (202, &first.body));
    assert_eq!(again.header("x-idempotency-replayed"), Some("true"));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.header("location"), Some(format!("/api/v1/jobs/{id}").as_str()));
    assert_ne!(again.header("x-request-id"), again.body["id"].as_str());
    server.client.ended(&id).await;
    let list = server.client.get("/api/v1/jobs").await.body;
    assert_eq!(list["data"]["data"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_preference_to_wait_is_applied_anew() {
    let server = Server::start();
    let body = json!({"action": "test.echo", "input": {"a": 1}});
    let first = server.client.post_with("/api/v1/jobs", &KEY, &body).await.accepted();
    let both = [KEY[0], ("prefer", "wait=10")];
    let again = server.client.post_with("/api/v1/jobs", &both, &body).await;
    assert_eq!((again.status, &again.body["data"]["id"]), (200, &json!(first)));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
}

#[tokio::test]
async fn another_body_is_refused_and_makes_no_job() {
    let server = Server::start();
    let post = async |input: Value| {
        let body = json!({"action": "test.echo", "input": input});
        server.client.post_with("/api/v1/jobs", &KEY, &body).await
    };
    post(json!({"a": 1})).await.accepted();
    let refused = post(json!({"a": 2})).await;
    assert_eq!((refused.status, refused.code()), (409, "idempotency_key_mismatch"));
    let list = server.client.get("/api/v1/jobs").await.body;
    assert_eq!(list["data"]["data"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn two_at_once_are_one_job() {
    let server = Server::start();
    let body = json!({"action": "test.echo", "input": {}});
    let posts = (0..20).map(|_| server.client.post_with("/api/v1/jobs", &KEY, &body));
    let answers = futures_util::future::join_all(posts).await;
    let first = answers[0].accepted();
    assert!(answers.iter().all(|answer| answer.accepted() == first));
    let fresh = answers.iter().filter(|answer| answer.header("idempotent-replayed").is_none());
    assert_eq!(fresh.count(), 1);
}

#[tokio::test]
async fn keys_of_organizations_and_routes_do_not_meet() {
    let server = Server::start();
    let body = json!({"action": "test.echo", "input": {}});
    let own = server.client.post_with("/api/v1/jobs", &KEY, &body).await.accepted();
    let stranger = server.stranger().await;
    let theirs = stranger.post_with("/api/v1/jobs", &KEY, &body).await;
    assert_ne!(theirs.accepted(), own);
    server.client.ended(&own).await;
    let retry = format!("/api/v1/jobs/{own}/retry");
    assert_ne!(server.client.post_with(&retry, &KEY, &json!({})).await.accepted(), own);
}

#[tokio::test]
async fn a_refusal_is_not_kept() {
    let server = Server::start();
    let wrong = json!({"action": "test.echo", "input": {"wrong": 1}});
    assert_eq!(server.client.post_with("/api/v1/jobs", &KEY, &wrong).await.status, 400);
    let right = json!({"action": "test.echo", "input": {}});
    server.client.post_with("/api/v1/jobs", &KEY, &right).await.accepted();
}

#[tokio::test]
async fn a_malformed_key_is_named() {
    let server = Server::start();
    let body = json!({"action": "test.echo"});
    let long = "k".repeat(256);
    for key in ["", "two words", long.as_str()] {
        let headers = [("idempotency-key", key)];
        let refused = server.client.post_with("/api/v1/jobs", &headers, &body).await;
        assert_eq!((refused.status, refused.param()), (400, "Idempotency-Key"), "{key}");
    }
    let keys = server.client.post_with("/api/v1/keys", &KEY, &json!({"name": "n"})).await;
    assert_eq!((keys.status, keys.param()), (400, "Idempotency-Key"));
}

#[tokio::test]
async fn a_request_for_several_jobs_is_repeated_whole() {
    let server = Server::start();
    let item = json!({"action": "test.echo", "input": {}});
    let wrong = json!({"action": "nothing"});
    let body = json!([item, wrong, item]);
    let first = server.client.post_with("/api/v1/jobs", &KEY, &body).await;
    assert_eq!(first.status, 202, "{}", first.body);
    let again = server.client.post_with("/api/v1/jobs", &KEY, &body).await;
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.body["id"], first.body["id"]);
    for index in [0, 2] {
        let item = |answer: &Value| answer["data"]["data"][index]["job_id"].clone();
        assert!(item(&first.body).is_string());
        assert_eq!(item(&again.body), item(&first.body));
    }
    let longer = json!([item, wrong, item, item]);
    let refused = server.client.post_with("/api/v1/jobs", &KEY, &longer).await;
    assert_eq!((refused.status, refused.code()), (409, "idempotency_key_mismatch"));
    let list = server.client.get("/api/v1/jobs").await.body;
    assert_eq!(list["data"]["data"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn one_job_and_several_do_not_share_a_key() {
    let server = Server::start();
    let item = json!({"action": "test.echo", "input": {}});
    server.client.post_with("/api/v1/jobs", &KEY, &item).await.accepted();
    let several = json!([item, item]);
    let refused = server.client.post_with("/api/v1/jobs", &KEY, &several).await;
    assert_eq!((refused.status, refused.code()), (409, "idempotency_key_mismatch"));
    let other = [("idempotency-key", "two")];
    assert_eq!(server.client.post_with("/api/v1/jobs", &other, &several).await.status, 202);
    let refused = server.client.post_with("/api/v1/jobs", &other, &item).await;
    assert_eq!(refused.code(), "idempotency_key_mismatch");
}

#[tokio::test]
async fn a_key_is_about_one_job() {
    let server = Server::start();
    let mut ended = Vec::new();
    for _ in 0..2 {
        let id = server.client.enqueue("test.echo", json!({})).await;
        server.client.ended(&id).await;
        ended.push(format!("/api/v1/jobs/{id}/retry"));
    }
    let first = server.client.post_with(&ended[0], &KEY, &json!({})).await.accepted();
    let again = server.client.post_with(&ended[0], &KEY, &json!({})).await.accepted();
    assert_eq!(again, first);
    let other = server.client.post_with(&ended[1], &KEY, &json!({})).await;
    assert_eq!((other.status, other.code()), (409, "idempotency_key_mismatch"));
}
