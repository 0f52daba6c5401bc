//! Every code that a refusal can have, reached once.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use reqwest::Method;
use serde_json::{Value, json};
use tidemill::domain::key::Scope;

use crate::client::Answer;
use crate::server::Server;

/// The contract's table, as far as today's routes go: status, type, codes.
const TABLE: &[(u16, &str, &[&str])] = &[
    (
        400,
        "invalid_request_error",
        &[
            "invalid_json_body",
            "invalid_request_body",
            "invalid_query_parameter",
            "invalid_brand_id",
            "projection_request_too_large",
        ],
    ),
    (401, "invalid_request_error", &["missing_authorization_header"]),
    (401, "authentication_error", &["invalid_api_key"]),
    (403, "permission_error", &["insufficient_scope", "action_disabled"]),
    (
        404,
        "invalid_request_error",
        &[
            "job_not_found",
            "run_not_found",
            "brand_not_found",
            "asset_not_found",
            "action_not_found",
            "schedule_not_found",
            "webhook_not_found",
            "delivery_not_found",
            "key_not_found",
            "route_not_found",
        ],
    ),
    (405, "invalid_request_error", &["method_not_allowed"]),
    (406, "invalid_request_error", &["not_acceptable"]),
    (413, "invalid_request_error", &["request_too_large"]),
    (415, "invalid_request_error", &["unsupported_media_type"]),
    (
        409,
        "invalid_request_error",
        &[
            "idempotency_key_mismatch",
            "job_already_terminal",
            "run_already_terminal",
            "job_not_terminal",
            "unique_job_exists",
        ],
    ),
    (421, "invalid_request_error", &["host_not_allowed"]),
    (429, "rate_limit_error", &["rate_limit_exceeded", "queue_limit_exceeded"]),
    (500, "api_error", &["internal_error"]),
    (503, "api_error", &["storage_unavailable", "overloaded", "shutting_down"]),
];

/// All codes of the table.
pub(crate) fn codes() -> impl Iterator<Item = &'static str> {
    TABLE.iter().flat_map(|(_, _, codes)| codes.iter().copied())
}

const NO_ID: &str = "0198c0de-0000-7000-8000-000000000000";

#[tokio::test]
async fn every_code_is_reached_with_its_status_and_type() {
    let mut answers = refused_requests().await;
    answers.extend(refused_by_state().await);
    answers.extend(refused_by_limits().await);
    answers.extend(refused_in_trouble().await);
    let mut reached = BTreeSet::new();
    for answer in &answers {
        let code = answer.code();
        let row = TABLE.iter().find(|(_, _, codes)| codes.contains(&code));
        let (status, kind, _) = row.unwrap_or_else(|| panic!("not in the table: {}", answer.body));
        assert_eq!(answer.status, *status, "{code}");
        let error = &answer.body["error"];
        assert_eq!(error["type"], *kind, "{code}");
        assert!(error["message"].as_str().is_some_and(|text| text.len() > 5), "{code}");
        assert_eq!(error["request_id"].as_str(), answer.header("x-request-id"), "{code}");
        let members = error.as_object().expect("an object").keys();
        let known = ["type", "code", "message", "request_id", "param", "job_id"];
        assert!(members.into_iter().all(|name| known.contains(&name.as_str())), "{error}");
        reached.insert(code.to_owned());
    }
    let all: BTreeSet<String> = codes().map(str::to_owned).collect();
    assert_eq!(reached, all);
}

async fn refused_requests() -> Vec<Answer> {
    let server = Server::start();
    let client = &server.client;
    let extract = "/api/v1/brands/extract";
    let job = "/api/v1/jobs";
    let long = json!({"use_case": "u".repeat(2_001)});
    let post = Method::POST;
    let broken = client.ask(post.clone(), job, &[], Some(b"{".to_vec())).await;
    let text = [("content-type", "text/plain")];
    let typed = client.ask(post, job, &text, Some(b"{}".to_vec())).await;
    let hooks = "/api/v1/webhooks";
    let hook = json!({"endpoint_url": "https://hooks.example/", "secret": "12345678"});
    let hook = client.post(hooks, &hook).await.body["data"]["id"].clone();
    let hook = format!("{hooks}/{}", hook.as_str().expect("an id"));
    vec![
        broken,
        typed,
        client.post(extract, &json!({})).await,
        client.get("/api/v1/jobs?limit=0").await,
        client.get("/api/v1/brands/no-id").await,
        client.post(&format!("/api/v1/brands/{NO_ID}/project"), &long).await,
        client.without_key().get(job).await,
        client.with_key("pi_live_nobody").get(job).await,
        server.client_with(&[Scope::Read]).await.post(job, &json!({"action": "noop"})).await,
        client.post(job, &json!({"action": "test.disabled"})).await,
        client.get(&format!("{job}/{NO_ID}")).await,
        client.get(&format!("{job}/no-id")).await,
        client.get(&format!("/api/v1/runs/{NO_ID}")).await,
        client.get("/api/v1/runs/no-id").await,
        client.get(&format!("/api/v1/brands/{NO_ID}")).await,
        client.get(&format!("/api/v1/assets/{NO_ID}")).await,
        client.get("/assets/guess").await,
        client.get("/api/v1/actions/nothing").await,
        client.delete(&format!("/api/v1/keys/{NO_ID}")).await,
        client.get(&format!("/api/v1/schedules/{NO_ID}")).await,
        client.delete(&format!("{hooks}/{NO_ID}")).await,
        client.post(&format!("{hook}/deliveries/{NO_ID}/resend"), &json!({})).await,
        client.get("/api/v2").await,
        client.ask(Method::PUT, job, &[], None).await,
        client.read_with(job, &[("accept", "text/html")]).await,
        client.read_with(job, &[("host", "evil.example")]).await,
    ]
}

async fn refused_by_state() -> Vec<Answer> {
    let server = Server::start();
    let client = &server.client;
    let key = [("idempotency-key", "k")];
    let post = async |n: u8| {
        let body = json!({"action": "noop", "input": {"n": n}});
        client.post_with("/api/v1/jobs", &key, &body).await
    };
    let ended = post(1).await.accepted();
    client.ended(&ended).await;
    let held = json!({"action": "noop", "unique_key": "u", "delay_seconds": 3600});
    let waiting = client.post("/api/v1/jobs", &held).await.accepted();
    let run = json!({"steps": [{"id": "a", "action": "noop"}]});
    let wait = [("prefer", "wait=20")];
    let run = client.post_with("/api/v1/runs", &wait, &run).await;
    let run = run.body["data"]["id"].as_str().expect("an ended run").to_owned();
    vec![
        client.post(&format!("/api/v1/runs/{run}/cancel"), &json!({})).await,
        post(2).await,
        client.post(&format!("/api/v1/jobs/{ended}/cancel"), &json!({})).await,
        client.delete(&format!("/api/v1/jobs/{waiting}")).await,
        client.post("/api/v1/jobs", &held).await,
    ]
}

async fn refused_by_limits() -> Vec<Answer> {
    let server = Server::with(|settings| {
        settings.http.requests_per_minute = 4;
        settings.http.body_limits.jobs = 400;
        settings.http.body_memory = 200;
        settings.queue_limit = 1;
    });
    let post = async |bytes: usize| {
        let body = json!({"action": "noop", "delay_seconds": 9, "input": {"x": "y".repeat(bytes)}});
        server.client.post("/api/v1/jobs", &body).await
    };
    let too_large = post(400).await;
    let overloaded = post(200).await;
    post(1).await.accepted();
    let queue = post(1).await;
    vec![too_large, overloaded, queue, post(1).await]
}

async fn refused_in_trouble() -> Vec<Answer> {
    let server = Server::start();
    let job = json!({"action": "test.echo"});
    let large = server.client.enqueue("test.echo", json!({"x": "y".repeat(100_000)})).await;
    server.client.ended(&large).await;
    std::fs::remove_dir_all(server.dir.path().join("assets")).expect("the files go");
    let damaged = server.client.get(&format!("/api/v1/jobs/{large}")).await;
    let shown = damaged.body["error"]["message"].as_str().unwrap_or_default().to_owned();
    assert!(!shown.contains("assets") && !shown.contains('/'), "{shown}");
    server.disk_is_full.store(true, Ordering::SeqCst);
    let full = server.client.post("/api/v1/jobs", &job).await;
    server.disk_is_full.store(false, Ordering::SeqCst);
    server.stop_engine().await;
    let stopping = server.client.post("/api/v1/jobs", &job).await;
    vec![damaged, full, stopping]
}

#[tokio::test]
async fn parameters_of_queries_are_named() {
    let server = Server::start();
    let id = server.client.enqueue("noop", json!({})).await;
    let one = format!("/api/v1/jobs/{id}");
    for (path, param) in [
        (format!("{one}?wait_for_completion=maybe"), "wait_for_completion"),
        (format!("{one}?wait_for_completion=true&timeout_seconds=soon"), "timeout_seconds"),
        ("/api/v1/jobs?limit=-1".to_owned(), "limit"),
        ("/api/v1/jobs?limit=ten".to_owned(), "limit"),
        ("/api/v1/jobs?status=done".to_owned(), "status"),
        ("/api/v1/jobs?cursor=next".to_owned(), "cursor"),
        ("/api/v1/jobs?run_id=x".to_owned(), "run_id"),
        ("/api/v1/jobs?created_after=soon".to_owned(), "created_after"),
        ("/api/v1/brands?limit=0".to_owned(), "limit"),
        ("/api/v1/brands?offset=-1".to_owned(), "offset"),
    ] {
        let answer = server.client.get(&path).await;
        assert_eq!((answer.status, answer.code()), (400, "invalid_query_parameter"), "{path}");
        assert_eq!(answer.param(), param, "{path}");
    }
    let clamped = server.client.get("/api/v1/jobs?limit=100000").await;
    assert_eq!((clamped.status, clamped.body["error"].clone()), (200, Value::Null));
}
