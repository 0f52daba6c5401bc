//! Runs listed, and followed as they go on.

use serde_json::{Value, json};

use crate::runs::{RUNS, ended, start};
use crate::server::Server;

#[tokio::test]
async fn runs_are_listed_and_confined_to_their_organization() {
    let server = Server::start();
    let steps = json!([{"id": "a", "action": "test.echo", "input": {"n": 1}}]);
    let mut ids = Vec::new();
    for _ in 0..3 {
        let id = start(&server.client, steps.clone()).await;
        ended(&server.client, &id).await;
        ids.insert(0, id);
    }
    let page = server.client.get(&format!("{RUNS}?limit=2&status=completed")).await.body;
    assert_eq!((&page["object"], &page["data"]["has_more"]), (&json!("list"), &json!(true)));
    let listed = |page: &Value| -> Vec<String> {
        let items = page["data"]["data"].as_array().expect("a list");
        items.iter().map(|run| run["id"].as_str().expect("an id").to_owned()).collect()
    };
    assert_eq!(listed(&page), ids[..2]);
    let step = &page["data"]["data"][0]["steps"][0];
    assert_eq!((&step["status"], step.get("result")), (&json!("completed"), None));
    let next = page["data"]["next_cursor"].as_str().expect("a cursor");
    let rest = server.client.get(&format!("{RUNS}?cursor={next}")).await.body;
    assert_eq!((listed(&rest), &rest["data"]["has_more"]), (ids[2..].to_vec(), &json!(false)));
    let none = server.client.get(&format!("{RUNS}?status=cancelled,failed")).await.body;
    assert_eq!(none["data"]["data"], json!([]));
    for (query, param) in
        [("status=queued", "status"), ("limit=0", "limit"), ("cursor=x", "cursor")]
    {
        let odd = server.client.get(&format!("{RUNS}?{query}")).await;
        assert_eq!((odd.status, odd.param()), (400, param), "{query}");
    }
    let stranger = server.stranger().await;
    assert_eq!(stranger.get(RUNS).await.body["data"]["data"], json!([]));
    for path in [format!("{RUNS}/{}", ids[0]), format!("{RUNS}/{}/events", ids[0])] {
        let foreign = stranger.get(&path).await;
        assert_eq!((foreign.status, foreign.code()), (404, "run_not_found"));
    }
    for deed in ["cancel", "retry"] {
        let path = format!("{RUNS}/{}/{deed}", ids[0]);
        let foreign = stranger.post(&path, &json!({})).await;
        assert_eq!((foreign.status, foreign.code()), (404, "run_not_found"));
    }
    let foreign = stranger.get(&format!("/api/v1/jobs?run_id={}", ids[0])).await.body;
    assert_eq!(foreign["data"]["data"], json!([]));
}

#[tokio::test]
async fn events_tell_the_lines_of_all_steps() {
    let server = Server::start();
    let id = start(
        &server.client,
        json!([
            {"id": "a", "action": "test.gate"},
            {"id": "b", "action": "test.gate", "depends_on": ["a"]},
        ]),
    )
    .await;
    let path = format!("{RUNS}/{id}/events");
    let response = server.client.send(reqwest::Method::GET, &path, &[], None).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    server.gate.open();
    server.gate.open();
    let text = response.text().await.expect("a whole stream");
    let events: Vec<&str> = text.split("\n\n").filter(|event| event.contains("id: ")).collect();
    assert_eq!(events.len(), 5, "{text}");
    assert!(events[0].starts_with("id: 1.0\nevent: log\n"), "{text}");
    assert!(events[0].contains("\"step_id\":\"a\""), "{text}");
    assert_eq!(events[4], "id: 2.2\nevent: end\ndata: {\"status\":\"completed\"}");
    let resume = async |last: &str| {
        let headers = [("last-event-id", last)];
        let response = server.client.send(reqwest::Method::GET, &path, &headers, None).await;
        let status = response.status().as_u16();
        (status, response.text().await.expect("a whole stream"))
    };
    let (status, rest) = resume("2.1").await;
    let rest: Vec<&str> = rest.split("\n\n").filter(|event| event.contains("id: ")).collect();
    assert_eq!((status, rest), (200, events[3..].to_vec()));
    assert_eq!(resume("2.2").await, (204, String::new()));
}
