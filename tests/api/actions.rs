//! `POST /jobs` by action, and what the server says of its actions.

use serde_json::{Value, json};

use crate::server::Server;

#[tokio::test]
async fn actions_are_listed_with_their_schemas() {
    let server = Server::start();
    let list = server.client.get("/api/v1/actions").await.body;
    let names: Vec<&str> = list["data"]["data"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|action| action["name"].as_str())
        .collect();
    assert_eq!(
        names,
        [
            "brands.extract",
            "campaigns.edit",
            "campaigns.generate",
            "campaigns.localize_ad",
            "handoffs.generate",
            "images.generate",
            "insights.generate",
            "noop",
            "test.echo",
            "test.fail",
            "test.flaky",
            "test.gate",
        ]
    );
    let one = server.client.get("/api/v1/actions/brands.extract").await.body;
    assert_eq!((&one["object"], &one["status"]), (&json!("action"), &json!("completed")));
    assert!(one["data"]["input_schema"].is_object() && one["data"]["result_schema"].is_object());
    for name in ["test.internal", "test.disabled", "nothing"] {
        let answer = server.client.get(&format!("/api/v1/actions/{name}")).await;
        assert_eq!((answer.status, answer.code()), (404, "action_not_found"), "{name}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_job_is_named() {
    let server = Server::start();
    let refused = async |body: Value| {
        let answer = server.client.post("/api/v1/jobs", &body).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.body);
        (answer.code().to_owned(), answer.param().to_owned())
    };
    let faults = [
        (json!({}), "action"),
        (json!({"action": 7}), "action"),
        (json!({"action": "nothing"}), "action"),
        (json!({"action": "test.internal"}), "action"),
        (json!({"action": "test.echo", "input": []}), "input"),
        (json!({"action": "test.echo", "input": {"wrong": 1}}), "input.wrong"),
        (json!({"action": "test.echo", "priority": -1}), "priority"),
        (json!({"action": "test.echo", "priority": "high"}), "priority"),
        (json!({"action": "test.echo", "max_attempts": 0}), "max_attempts"),
        (json!({"action": "test.echo", "attempt_timeout_seconds": 0}), "attempt_timeout_seconds"),
        (json!({"action": "test.echo", "run_at": "soon"}), "run_at"),
        (json!({"action": "test.echo", "delay_seconds": -1}), "delay_seconds"),
        (json!({"action": "test.echo", "unique_key": "u".repeat(256)}), "unique_key"),
        (
            json!({"action": "test.echo", "client_reference_id": "r".repeat(201)}),
            "client_reference_id",
        ),
        (json!({"action": "test.echo", "metadata": {"k": 1}}), "metadata"),
        (json!({"action": "brands.extract", "input": {}}), "input.url"),
        (json!({"action": "brands.extract", "input": {"url": "ftp://x"}}), "input.url"),
    ];
    for (body, param) in faults {
        assert_eq!(
            refused(body.clone()).await,
            ("invalid_request_body".to_owned(), param.to_owned()),
            "{body}"
        );
    }
    let meant = server.client.post("/api/v1/jobs", &json!({"action": "test.ecko"})).await;
    let message = meant.body["error"]["message"].as_str().expect("a message").to_owned();
    assert!(message.contains("did you mean `test.echo`?"), "{message}");
    let disabled = server.client.post("/api/v1/jobs", &json!({"action": "test.disabled"})).await;
    assert_eq!((disabled.status, disabled.code()), (403, "action_disabled"));
}

#[tokio::test]
async fn priority_goes_before_age() {
    let server = Server::start();
    for _ in 0..4 {
        server.client.enqueue("test.gate", json!({})).await;
        server.gate.entered().await;
    }
    let late = server.client.enqueue("test.gate", json!({})).await;
    let urgent = json!({"action": "test.gate", "priority": 0});
    let urgent = server.client.post("/api/v1/jobs", &urgent).await.accepted();
    let position = async |id: &str| {
        let job = server.client.get(&format!("/api/v1/jobs/{id}")).await.body;
        job["data"]["waiting_for"]["position"].clone()
    };
    assert_eq!((position(&urgent).await, position(&late).await), (json!(1), json!(2)));
    (0..6).for_each(|_| server.gate.open());
    server.client.ended(&late).await;
}

#[tokio::test]
async fn one_unfinished_job_holds_a_unique_key() {
    let server = Server::start();
    let body = json!({"action": "test.gate", "unique_key": "u"});
    let first = server.client.post("/api/v1/jobs", &body).await.accepted();
    let refused = server.client.post("/api/v1/jobs", &body).await;
    assert_eq!((refused.status, refused.code()), (409, "unique_job_exists"));
    assert_eq!(refused.body["error"]["job_id"], json!(first));
    server.gate.open();
    server.client.ended(&first).await;
    server.client.post("/api/v1/jobs", &body).await.accepted();
    server.gate.open();
}
