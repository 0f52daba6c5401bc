//! What every answer has, and what no request may do.

use reqwest::Method;
use serde_json::json;
use tidemill::domain::key::{Dialect, Scope};

use crate::server::Server;

#[tokio::test]
async fn every_answer_carries_the_id_of_its_envelope() {
    let server = Server::start();
    let client = &server.client;
    for answer in [
        client.get("/api/v1/jobs").await,
        client.get("/api/v1/actions").await,
        client.post("/api/v1/jobs", &json!({"action": "noop"})).await,
    ] {
        let id = answer.header("x-request-id").expect("an id");
        assert!(id.starts_with("req_pi_") && id.len() == 43, "{id}");
        assert_eq!(answer.body["id"], json!(id));
        assert!(answer.body.get("error").is_none());
    }
    for answer in [
        client.get("/api/v1/nothing").await,
        client.get("/nothing").await,
        client.without_key().get("/api/v1/jobs").await,
        client.post("/api/v1/jobs", &json!(7)).await,
    ] {
        let id = answer.header("x-request-id").expect("an id");
        assert_eq!(answer.body["error"]["request_id"], json!(id));
        assert_eq!(answer.body.as_object().map(serde_json::Map::len), Some(1));
    }
    assert!(client.get("/healthz").await.header("x-request-id").is_some());
}

#[tokio::test]
async fn authenticated_answers_tell_of_the_window() {
    let server = Server::start();
    let answer = server.client.get("/api/v1/jobs").await;
    assert_eq!(answer.header("x-ratelimit-limit"), Some("1000000"));
    assert_eq!(answer.header("x-ratelimit-remaining"), Some("1000000"));
    assert!(answer.header("x-ratelimit-reset").is_some());
    assert_eq!(answer.header("ratelimit-policy"), Some("\"default\";q=1000000;w=60"));
    assert!(answer.header("ratelimit").is_some_and(|text| text.contains(";r=1000000;t=")));
    let anonymous = server.client.without_key().get("/api/v1/jobs").await;
    assert_eq!(anonymous.header("x-ratelimit-limit"), None);
    assert_eq!(anonymous.header("www-authenticate"), Some("Bearer"));
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let server = Server::start();
    let answer = server.client.ask(Method::PUT, "/api/v1/jobs", &[], None).await;
    assert_eq!((answer.status, answer.code()), (405, "method_not_allowed"));
    assert_eq!(answer.header("allow"), Some("POST, GET"));
}

#[tokio::test]
async fn the_keys_prefix_decides_the_form_of_errors_where_dialects_meet() {
    let server = Server::start();
    let scopes = [Scope::Read];
    let (relay, _) = server.client_of(server.org, &scopes, Dialect::FlowRelay).await;
    let unknown = "/api/v1/jobs/0198c0de-0000-7000-8000-000000000000";
    for path in [unknown, "/api/v1/jobs/no-id", "/api/v1/nothing"] {
        let answer = relay.get(path).await;
        assert_eq!(answer.status, 404);
        assert!(answer.body["error"].is_string(), "{}", answer.body);
    }
    let method = relay.ask(Method::PUT, "/api/v1/brands", &[], None).await;
    assert!(method.status == 405 && method.body["error"].is_string());
    let revoked = server.client.with_key("fr_nobody").get(unknown).await;
    assert!(revoked.status == 401 && revoked.body["error"].is_string());
    // A route of Pi's alone keeps Pi's form, whatever the key.
    let scope = relay.post("/api/v1/jobs", &json!({"action": "noop"})).await;
    assert_eq!((scope.status, scope.code()), (403, "insufficient_scope"));
}

#[tokio::test]
async fn a_host_that_was_not_named_is_refused_but_for_probes() {
    let server = Server::start();
    let evil = [("host", "evil.example")];
    let refused = server.client.read_with("/api/v1/jobs", &evil).await;
    assert_eq!((refused.status, refused.code()), (421, "host_not_allowed"));
    assert_eq!(server.client.read_with("/healthz", &evil).await.status, 200);
    assert_eq!(server.client.read_with("/readyz", &evil).await.status, 200);
    let named = [("host", "localhost:9")];
    assert_eq!(server.client.read_with("/api/v1/jobs", &named).await.status, 200);
}

#[tokio::test]
async fn pages_of_named_origins_may_call() {
    let origin = "https://app.example";
    let server = Server::with(|settings| settings.http.cors = vec![origin.to_owned()]);
    let asks = [("origin", origin), ("access-control-request-method", "POST")];
    let answer = server.client.ask(Method::OPTIONS, "/api/v1/jobs", &asks, None).await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
    assert!(answer.header("access-control-allow-headers").is_some());
    let answer = server.client.read_with("/api/v1/jobs", &[("origin", origin)]).await;
    assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
    let other = server.client.read_with("/api/v1/jobs", &[("origin", "https://x.example")]).await;
    assert_eq!(other.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn metrics_need_the_operator_and_probes_need_nobody() {
    let server = Server::start();
    let id = server.client.enqueue("noop", json!({})).await;
    server.client.ended(&id).await;
    let text = String::from_utf8(server.client.get("/metrics").await.bytes).expect("text");
    let count = "tidemill_http_requests_total{route=\"/api/v1/jobs\",status=\"202\"} 1";
    assert!(text.contains(count), "{text}");
    let reader = server.client_with(&[Scope::Read]).await;
    assert_eq!(reader.get("/metrics").await.code(), "insufficient_scope");
    let anyone = server.client.without_key();
    assert_eq!(anyone.get("/metrics").await.status, 401);
    assert_eq!(anyone.get("/healthz").await.body, json!({"status": "ok"}));
    assert_eq!(anyone.get("/readyz").await.body["status"], "ready");
}

#[tokio::test]
async fn metrics_with_an_address_of_their_own_need_nobody() {
    let server = Server::start();
    let scraper = server.telemetry();
    let named = [("host", "scraper.example")];
    let answer = scraper.read_with("/metrics", &named).await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").is_some_and(|kind| kind.contains("openmetrics")));
    assert_eq!(scraper.get("/api/v1/jobs").await.code(), "route_not_found");
}
