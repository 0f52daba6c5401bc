//! The figures of the dashboard: what happened, what waits, who works; and whose of it is told.

use serde_json::{Value, json};
use tidemill::domain::key::Scope;

use crate::client::Client;
use crate::server::Server;

async fn figures(client: &Client) -> Value {
    let answer = client.get("/api/v1/overview").await;
    assert_eq!((answer.status, &answer.body["object"]), (200, &json!("overview")));
    answer.body["data"].clone()
}

/// The figures once they are `so`: an end is told to its waiters before it is counted.
async fn figures_when(client: &Client, so: impl Fn(&Value) -> bool) -> Value {
    loop {
        let data = figures(client).await;
        if so(&data) {
            return data;
        }
        tokio::task::yield_now().await;
    }
}

/// Runs a job to its end.
async fn run(client: &Client, action: &str) {
    let id = client.enqueue(action, json!({})).await;
    client.ended(&id).await;
}

fn sum(series: &Value) -> u64 {
    series.as_array().expect("a series").iter().filter_map(Value::as_u64).sum()
}

#[tokio::test]
async fn what_happened_is_counted() {
    let server = Server::start();
    for _ in 0..2 {
        run(&server.client, "test.echo").await;
    }
    run(&server.client, "test.fail").await;
    let gate = server.client.enqueue("test.gate", json!({})).await;
    server.gate.entered().await;
    let jobs = json!({
        "queued": 0, "later": 0, "processing": 1,
        "last_hour": {"arrived": 4, "completed": 2, "failed": 1, "cancelled": 0},
    });
    let data = figures_when(&server.client, |data| data["jobs"] == jobs).await;
    let series = &data["series"];
    assert_eq!(series["arrived"].as_array().map(Vec::len), Some(240));
    assert_eq!((sum(&series["arrived"]), sum(&series["completed"])), (4, 2));
    let busy = &data["workers"]["busy"][0];
    assert_eq!((&busy["job_id"], &busy["action"]), (&json!(gate), &json!("test.gate")));
    assert_eq!((&busy["worker"], &data["workers"]["threads"]), (&json!("local"), &json!(4)));
    assert!(data["wait_seconds"]["p50"].is_number() && data["run_seconds"]["p95"].is_number());
    assert!(data["storage"]["database_bytes"].as_u64() > Some(0));
    assert!(data["storage"]["disk_total_bytes"].as_u64() > Some(0));
    let queues = data["queues"].as_array().expect("queues");
    let failing = queues.iter().find(|queue| queue["action"] == "test.fail").expect("told");
    assert_eq!(failing["last_hour"]["failed"], 1);
    server.gate.open();
}

#[tokio::test]
async fn what_is_another_organizations_is_neither_counted_nor_named() {
    let server = Server::start();
    let stranger = server.stranger().await;
    run(&stranger, "test.echo").await;
    stranger.enqueue("test.gate", json!({})).await;
    server.gate.entered().await;
    let own = server.client_with(&[Scope::Read]).await;
    let data = figures(&own).await;
    assert_eq!(data["scope"], "organization");
    assert_eq!(
        data["jobs"],
        json!({
            "queued": 0, "later": 0, "processing": 0,
            "last_hour": {"arrived": 0, "completed": 0, "failed": 0, "cancelled": 0},
        })
    );
    for member in ["wait_seconds", "run_seconds", "organizations", "storage"] {
        assert_eq!(data[member], Value::Null, "{member}");
    }
    assert_eq!(data["workers"], json!({"threads": null, "abandoned": null, "busy": []}));
    assert_eq!((&data["queues"], &data["warnings"]), (&json!([]), &json!([])));
    let whole = figures(&server.client).await;
    assert_eq!((&whole["scope"], &whole["jobs"]["processing"]), (&json!("server"), &json!(1)));
    assert_eq!(whole["organizations"][0]["name"], "strangers");
    server.gate.open();
}

#[tokio::test]
async fn who_waits_is_counted_while_they_wait() {
    let server = Server::start();
    let id = server.client.enqueue("test.gate", json!({})).await;
    server.gate.entered().await;
    let path = format!("/api/v1/jobs/{id}?wait_for_completion=true&timeout_seconds=30");
    let waiting = server.client.get(&path);
    let looking = async {
        while figures(&server.client).await["waiting_clients"] != 1 {
            tokio::task::yield_now().await;
        }
        server.gate.open();
    };
    let (answer, ()) = tokio::join!(waiting, looking);
    assert_eq!(answer.body["status"], "completed");
    figures_when(&server.client, |data| data["waiting_clients"] == 0).await;
}
