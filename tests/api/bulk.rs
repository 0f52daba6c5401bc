//! Many jobs in one request.

use serde_json::{Value, json};

use crate::server::Server;

#[tokio::test]
async fn each_job_gets_its_own_answer() {
    let server = Server::start();
    let body = json!([
        {"action": "test.echo", "input": {"n": 1}},
        {"action": "test.echo", "input": {"wrong": 1}},
        7,
        {"action": "test.disabled"},
        {"action": "test.echo", "priority": 10},
        {"action": "test.echo", "unique_key": "u", "delay_seconds": 60},
        {"action": "test.echo", "unique_key": "u"},
    ]);
    let answer = server.client.post("/api/v1/jobs", &body).await;
    assert_eq!((answer.status, &answer.body["object"]), (202, &json!("list")));
    let items = answer.body["data"]["data"].as_array().expect("a list");
    let says = |index: usize| {
        let error = &items[index]["error"];
        (error["code"].as_str().unwrap_or("-"), error["param"].as_str().unwrap_or("-"))
    };
    assert!(items[0]["job_id"].is_string() && items[5]["job_id"].is_string());
    assert_eq!(says(1), ("invalid_request_body", "[1].input.wrong"));
    assert_eq!(says(2), ("invalid_request_body", "[2]"));
    assert_eq!(says(3), ("action_disabled", "[3].action"));
    assert_eq!(says(4), ("invalid_request_body", "[4].priority"));
    assert_eq!(says(6).0, "unique_job_exists");
    assert_eq!(items[6]["error"]["job_id"], items[5]["job_id"]);
    let id = items[0]["job_id"].as_str().expect("an id");
    assert_eq!(server.client.ended(id).await["job_result"]["n"], 1);
}

#[tokio::test]
async fn a_thousand_jobs_are_the_most() {
    let server = Server::start();
    let jobs = |count: usize| Value::from(vec![json!({"action": "noop"}); count]);
    let answer = server.client.post("/api/v1/jobs", &jobs(1_000)).await;
    let items = answer.body["data"]["data"].as_array().expect("a list");
    assert_eq!(items.len(), 1_000);
    assert!(items.iter().all(|item| item["job_id"].is_string()));
    for count in [0, 1_001] {
        let refused = server.client.post("/api/v1/jobs", &jobs(count)).await;
        assert_eq!((refused.status, refused.code()), (400, "invalid_request_body"), "{count}");
    }
}

#[tokio::test]
async fn many_are_cancelled_and_done_again() {
    let server = Server::start();
    let later = json!({"action": "test.echo", "delay_seconds": 3600, "input": {"n": 1}});
    let waiting = server.client.post("/api/v1/jobs", &later).await.accepted();
    let ended = server.client.enqueue("test.echo", json!({"n": 2})).await;
    server.client.ended(&ended).await;
    let ids = json!({"ids": [waiting, "no-id", ended]});
    let answer = server.client.post("/api/v1/jobs/cancel", &ids).await;
    let items = &answer.body["data"]["data"];
    assert_eq!(items[0], json!({"job_id": waiting, "status": "failed"}));
    assert_eq!(items[1]["error"]["code"], "job_not_found");
    assert_eq!(items[2]["error"]["code"], "job_already_terminal");
    let answer = server.client.post("/api/v1/jobs/retry", &ids).await;
    assert_eq!(answer.status, 202);
    let items = &answer.body["data"]["data"];
    assert_eq!(items[1]["error"]["code"], "job_not_found");
    let again = server.client.ended(items[0]["job_id"].as_str().expect("an id")).await;
    assert_eq!((&again["retry_of"], &again["job_result"]["n"]), (&json!(waiting), &json!(1)));
    for ids in [json!({}), json!({"ids": []}), json!({"ids": [1]}), json!({"ids": "x"})] {
        let refused = server.client.post("/api/v1/jobs/cancel", &ids).await;
        assert_eq!((refused.status, refused.param()), (400, "ids"), "{ids}");
    }
}
