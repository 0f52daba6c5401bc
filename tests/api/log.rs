//! A job's log, by pages and as it grows.

use reqwest::Method;
use serde_json::json;

use crate::client::Client;
use crate::server::Server;

async fn gated(server: &Server) -> String {
    let id = server.client.enqueue("test.gate", json!({})).await;
    server.gate.entered().await;
    id
}

#[tokio::test]
async fn the_log_is_read_page_by_page() {
    let server = Server::start();
    let id = gated(&server).await;
    server.gate.open();
    server.client.ended(&id).await;
    let page = server.client.get(&format!("/api/v1/jobs/{id}/log?limit=1")).await.body;
    let line = &page["data"]["data"][0];
    assert_eq!((&line["seq"], &line["attempt"]), (&json!(1), &json!(1)));
    assert_eq!((&line["level"], &line["message"]), (&json!("info"), &json!("reached the gate")));
    assert_eq!(page["data"]["has_more"], true);
    let rest = server.client.get(&format!("/api/v1/jobs/{id}/log?after=1")).await.body;
    assert_eq!(rest["data"]["data"][0]["message"], "passed the gate");
    assert_eq!(rest["data"]["has_more"], false);
    let odd = server.client.get(&format!("/api/v1/jobs/{id}/log?after=x")).await;
    assert_eq!((odd.status, odd.param()), (400, "after"));
}

/// The whole stream of events, which ends with the job.
async fn stream(client: &Client, path: &str, last: Option<&str>) -> (u16, String) {
    let headers: Vec<(&str, &str)> = last.map(|id| ("last-event-id", id)).into_iter().collect();
    let response = client.send(Method::GET, path, &headers, None).await;
    let status = response.status().as_u16();
    (status, response.text().await.expect("a whole stream"))
}

#[tokio::test]
async fn events_come_as_the_job_goes_on_and_end_with_it() {
    let server = Server::start();
    let id = gated(&server).await;
    let path = format!("/api/v1/jobs/{id}/events");
    let response = server.client.send(Method::GET, &path, &[], None).await;
    let kind = response.headers()["content-type"].to_str().expect("text").to_owned();
    assert_eq!(kind, "text/event-stream");
    server.gate.open();
    let text = response.text().await.expect("a whole stream");
    let events: Vec<&str> = text.split("\n\n").filter(|event| event.contains("id: ")).collect();
    assert_eq!(events.len(), 3, "{text}");
    assert!(events[0].starts_with("id: 1\nevent: log\ndata: {"), "{text}");
    assert!(events[1].starts_with("id: 2\n") && events[1].contains("passed the gate"));
    assert_eq!(events[2], "id: 2\nevent: end\ndata: {\"status\":\"completed\"}");
    let (_, same) =
        stream(&server.client, &format!("/api/v1/jobs/{id}/log?follow=true"), None).await;
    assert_eq!(same, text);
}

#[tokio::test]
async fn a_client_that_comes_back_misses_nothing_and_sees_nothing_twice() {
    let server = Server::start();
    let id = gated(&server).await;
    server.gate.open();
    server.client.ended(&id).await;
    let path = format!("/api/v1/jobs/{id}/events");
    let (_, rest) = stream(&server.client, &path, Some("1")).await;
    assert!(!rest.contains("reached the gate") && rest.contains("passed the gate"), "{rest}");
    let (status, text) = stream(&server.client, &path, Some("2")).await;
    assert_eq!((status, text.as_str()), (204, ""));
}
