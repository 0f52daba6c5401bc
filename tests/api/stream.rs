//! `GET /stream`: everything that changes, for those who may see it.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tidemill::domain::key::Scope;

use crate::client::Client;
use crate::runs;
use crate::server::Server;

/// An open stream, read event by event.
struct Stream {
    response: reqwest::Response,
    unread: String,
}

/// What one block of the stream says.
#[derive(Clone, Debug, Default)]
struct Event {
    id: String,
    name: String,
    data: Value,
}

impl Stream {
    async fn open(client: &Client, last: Option<&str>) -> Self {
        let headers: Vec<_> = last.map(|id| ("last-event-id", id)).into_iter().collect();
        let response = client.send(Method::GET, "/api/v1/stream", &headers, None).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, unread: String::new() }
    }

    /// The next block with an id.
    async fn next(&mut self) -> Event {
        loop {
            while let Some(end) = self.unread.find("\n\n") {
                let rest = self.unread.split_off(end + 2);
                let block = std::mem::replace(&mut self.unread, rest);
                let mut event = Event::default();
                for line in block.trim_end().lines() {
                    match line.split_once(": ").expect("a field") {
                        ("id", id) => id.clone_into(&mut event.id),
                        ("event", name) => name.clone_into(&mut event.name),
                        ("data", data) => event.data = data.parse().expect("JSON"),
                        _ => {}
                    }
                }
                if !event.id.is_empty() {
                    return event;
                }
            }
            let part = self.response.chunk().await.expect("the stream lives").expect("goes on");
            self.unread.push_str(std::str::from_utf8(&part).expect("text"));
        }
    }

    /// The next event that says so of this job or run.
    async fn until(&mut self, id: &str, status: &str) -> Event {
        loop {
            let event = self.next().await;
            if event.data["id"] == id && event.data["status"] == status {
                return event;
            }
        }
    }
}

#[tokio::test]
async fn a_job_is_told_of_from_its_acceptance_to_its_end() {
    let server = Server::start();
    let reader = server.client_with(&[Scope::Read]).await;
    let mut stream = Stream::open(&reader, None).await;
    let first = stream.next().await;
    assert_eq!((first.name.as_str(), &first.data), ("", &Value::Null), "an id to come back to");
    let id = server.client.enqueue("test.gate", json!({})).await;
    server.gate.entered().await;
    let mut told = stream.until(&id, "processing").await;
    while told.data["phase"] != "at the gate" {
        told = stream.until(&id, "processing").await;
    }
    assert_eq!((told.name.as_str(), &told.data["progress"]), ("job", &json!(0.5)));
    assert_eq!((&told.data["kind"], &told.data["action"]), (&json!("job"), &json!("test.gate")));
    assert_eq!((&told.data["type"], &told.data["attempt"]), (&json!("test.gate"), &json!(1)));
    assert!(told.data["created_at"].is_i64() && told.data["updated_at"].is_i64());
    assert_eq!((told.data.get("org_id"), told.data.get("error_code")), (None, None));
    server.gate.open();
    stream.until(&id, "completed").await;
    let failing = server.client.enqueue("test.fail", json!({})).await;
    let failed = stream.until(&failing, "failed").await;
    assert_eq!(failed.data["error_code"], "test_failed");
}

#[tokio::test]
async fn a_run_is_told_of_with_its_steps() {
    let server = Server::start();
    let mut stream = Stream::open(&server.client, None).await;
    let steps = json!([
        {"id": "a", "action": "test.fail"},
        {"id": "b", "action": "test.echo", "depends_on": ["a"]},
    ]);
    let run = runs::start(&server.client, steps).await;
    let (mut skipped, mut ended) = (Value::Null, Value::Null);
    while skipped.is_null() || ended.is_null() {
        let event = stream.next().await;
        if event.data["step_id"] == "b" && event.data["status"] == "failed" {
            skipped = event.data;
        } else if event.name == "run" && event.data["status"] == "failed" {
            ended = event.data;
        }
    }
    assert_eq!(
        (&skipped["run_id"], &skipped["error_code"]),
        (&json!(run), &json!("dependency_failed"))
    );
    assert_eq!((&ended["id"], &ended["kind"]), (&json!(run), &json!("run")));
    let whole = server.client.get(&format!("/api/v1/runs/{run}")).await.body;
    assert_eq!(ended["created_at"], whole["data"]["created_at"]);
    assert_eq!(ended["updated_at"], whole["data"]["updated_at"]);
}

#[tokio::test]
async fn who_comes_back_is_told_what_they_missed() {
    let server = Server::start();
    let mut stream = Stream::open(&server.client, None).await;
    let first = server.client.enqueue("test.echo", json!({})).await;
    let place = stream.until(&first, "completed").await.id;
    drop(stream);
    let second = server.client.enqueue("test.echo", json!({})).await;
    server.client.ended(&second).await;
    let mut again = Stream::open(&server.client, Some(&place)).await;
    let missed = again.next().await;
    assert_eq!((missed.name.as_str(), &missed.data["id"]), ("job", &json!(second)));
    assert_eq!(missed.data["status"], "completed");
}

#[tokio::test]
async fn a_place_that_is_lost_is_said_to_be() {
    let server = Server::start();
    for place in ["1-1", "nonsense"] {
        let mut stream = Stream::open(&server.client, Some(place)).await;
        let event = stream.next().await;
        assert_eq!((event.name.as_str(), &event.data), ("reset", &json!({})));
        let id = server.client.enqueue("test.echo", json!({})).await;
        stream.until(&id, "completed").await;
    }
}

#[tokio::test]
async fn nobody_is_told_of_another_organization_but_an_operator() {
    let server = Server::start();
    let stranger = server.stranger().await;
    let own = server.client_with(&[Scope::Read]).await;
    let (mut all, mut own) =
        (Stream::open(&server.client, None).await, Stream::open(&own, None).await);
    let theirs = stranger.enqueue("test.echo", json!({})).await;
    let org = stranger.ended(&theirs).await["org_id"].clone();
    let told = all.until(&theirs, "completed").await;
    assert_eq!(told.data["org_id"], org);
    own.next().await;
    let ours = server.client.enqueue("test.echo", json!({})).await;
    let event = own.next().await;
    assert_eq!(event.data["id"], ours, "the first event is not the stranger's");
}

#[tokio::test]
async fn a_stream_needs_the_scope_and_ends_with_the_server() {
    let server = Server::start();
    let writer = server.client_with(&[Scope::Write]).await;
    assert_eq!(writer.get("/api/v1/stream").await.code(), "insufficient_scope");
    let stream = Stream::open(&server.client, None).await;
    server.stop_engine().await;
    let text = stream.response.text().await.expect("a whole stream");
    assert!(text.starts_with("id: "), "{text}");
}

/// Jobs while the streams are open, and the clients that submit them.
const JOBS: usize = 200;
const CLIENTS: usize = 8;

/// Submits so many jobs and waits for them, and asks for this and that; their ids.
async fn work(client: &Client, jobs: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for _ in 0..jobs {
        let id = client.enqueue("test.echo", json!({ "word": "tide" })).await;
        client.ended(&id).await;
        assert_eq!(client.get("/api/v1/jobs?limit=1").await.status, 200);
        ids.push(id);
    }
    ids
}

#[tokio::test]
async fn fifty_streams_under_load_hear_of_every_end() {
    let server = Server::start();
    let client = &server.client;
    let held = client.enqueue("test.gate", json!({})).await;
    server.gate.entered().await;
    let log = format!("/api/v1/jobs/{held}/events");
    // Half of them watch everything, half follow one job's log.
    let watching = join_all((0..25).map(|_| Stream::open(client, None))).await;
    let following = join_all((0..25).map(|_| client.send(Method::GET, &log, &[], None))).await;
    let hear = watching.into_iter().map(async |mut stream| {
        let mut ended = BTreeSet::new();
        while ended.len() <= JOBS {
            let Event { name, data, .. } = stream.next().await;
            assert_ne!(name, "reset", "a stream fell behind");
            if data["status"] == "completed" {
                ended.insert(data["id"].as_str().expect("an id").to_owned());
            }
        }
        ended
    });
    let load = async {
        let clients = (0..CLIENTS).map(|_| work(client, JOBS / CLIENTS));
        let ids: Vec<String> = join_all(clients).await.concat();
        server.gate.open();
        ids
    };
    let logs = following.into_iter().map(reqwest::Response::text);
    let (heard, logs, ids) = tokio::join!(join_all(hear), join_all(logs), load);
    let all: BTreeSet<String> = ids.into_iter().chain([held]).collect();
    assert!(heard.iter().all(|ended| *ended == all));
    for log in logs {
        let log = log.expect("a whole stream");
        for part in ["reached the gate", "passed the gate", "{\"status\":\"completed\"}\n\n"] {
            assert!(log.contains(part), "{log}");
        }
    }
}
