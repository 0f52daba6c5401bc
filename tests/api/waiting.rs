//! Waiting for a job's end.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::server::{Server, manual_clock};

#[tokio::test]
async fn a_waiting_client_is_answered_when_the_job_ends() {
    let server = Server::start();
    let id = server.client.enqueue("test.gate", json!({})).await;
    server.gate.entered().await;
    let path = format!("/api/v1/jobs/{id}?wait_for_completion=1");
    let (answer, ()) = tokio::join!(server.client.get(&path), async { server.gate.open() });
    assert_eq!(answer.body["data"]["status"], "completed");
    assert_eq!(answer.header("retry-after"), None);
}

#[tokio::test]
async fn a_hundred_clients_wait_for_one_job() {
    let server = Server::start();
    let id = server.client.enqueue("test.gate", json!({})).await;
    server.gate.entered().await;
    let path = format!("/api/v1/jobs/{id}?wait_for_completion=true");
    let few = format!("{path}&fields=status");
    let paths = (0..100).map(|n| if n % 2 == 0 { &path } else { &few });
    let waiting = futures_util::future::join_all(paths.map(|path| server.client.get(path)));
    let (answers, ()) = tokio::join!(waiting, async { server.gate.open() });
    let mut ids = std::collections::BTreeSet::new();
    for (n, answer) in answers.iter().enumerate() {
        assert_eq!(answer.body["data"]["status"], "completed");
        assert_eq!(answer.body["data"].get("job_result").is_some(), n % 2 == 0);
        assert_eq!(answer.body["id"].as_str(), answer.header("x-request-id"));
        ids.insert(answer.body["id"].to_string());
    }
    assert_eq!(ids.len(), 100);
}

#[tokio::test]
async fn when_the_time_is_up_the_present_state_is_the_answer() {
    let server = Server::start();
    let id = server.client.enqueue("test.gate", json!({})).await;
    server.gate.entered().await;
    let path = format!("/api/v1/jobs/{id}?wait_for_completion=true&timeout_seconds=0.05");
    let answer = server.client.get(&path).await;
    assert_eq!((answer.status, answer.header("retry-after")), (200, Some("0")));
    assert_eq!(answer.body["data"]["status"], "processing");
    assert_eq!(answer.body["data"]["payload"]["phase"], "processing");
    let at_once = format!("/api/v1/jobs/{id}?wait_for_completion=true&timeout_seconds=-5");
    let answer = server.client.get(&at_once).await;
    assert_eq!((answer.status, answer.header("retry-after")), (200, Some("0")));
    let plain = server.client.get(&format!("/api/v1/jobs/{id}")).await;
    assert_eq!(plain.header("retry-after"), None);
    server.gate.open();
}

#[tokio::test]
async fn a_preference_to_wait_is_honoured_and_said_to_be() {
    let server = Server::start();
    let body = json!({"action": "test.echo", "input": {"a": 1}});
    let prefer = [("prefer", "wait=10")];
    let answer = server.client.post_with("/api/v1/jobs", &prefer, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("preference-applied"), Some("wait=10"));
    assert_eq!(answer.body["data"]["job_result"]["a"], 1);
    let id = answer.body["data"]["id"].as_str().expect("an id");
    let shown = server.client.read_with(&format!("/api/v1/jobs/{id}"), &prefer).await;
    assert_eq!(shown.header("preference-applied"), Some("wait=10"));
    let query = format!("/api/v1/jobs/{id}?wait_for_completion=false");
    let shown = server.client.read_with(&query, &prefer).await;
    assert_eq!(shown.header("preference-applied"), None);
    let odd = [("prefer", "wait=soon")];
    assert_eq!(server.client.post_with("/api/v1/jobs", &odd, &body).await.status, 202);
}

#[tokio::test]
async fn a_job_that_does_not_end_in_time_is_accepted_all_the_same() {
    let server = Server::start();
    let body = json!({"action": "test.gate"});
    let prefer = [("prefer", "wait=0")];
    let answer = server.client.post_with("/api/v1/jobs", &prefer, &body).await;
    let id = answer.accepted();
    assert_eq!(answer.header("preference-applied"), Some("wait=0"));
    server.gate.open();
    server.client.ended(&id).await;
}

#[tokio::test]
async fn a_client_that_hangs_up_is_waited_for_no_longer() {
    let server = Server::start();
    let id = server.client.enqueue("test.gate", json!({})).await;
    server.gate.entered().await;
    let mut stream = TcpStream::connect(server.address()).await.expect("a connection");
    let key = server.client.key.as_deref().expect("a key");
    let head = format!(
        "GET /api/v1/jobs/{id}?wait_for_completion=true&timeout_seconds=30 HTTP/1.1\r\n\
         host: localhost\r\nauthorization: Bearer {key}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    waiting_clients(&server, 1).await;
    drop(stream);
    waiting_clients(&server, 0).await;
    server.gate.open();
}

/// Returns when so many clients wait.
async fn waiting_clients(server: &Server, number: usize) {
    let line = format!("tidemill_waiting_clients {number}\n");
    let begun = Instant::now();
    loop {
        let metrics = server.client.get("/metrics").await;
        let text = String::from_utf8(metrics.bytes).expect("text");
        if text.contains(&line) {
            return;
        }
        assert!(begun.elapsed().as_secs() < 20, "never so many: {line}{text}");
    }
}

#[tokio::test]
async fn those_who_wait_are_answered_when_the_server_stops() {
    let server = Server::start();
    let id = server.client.enqueue("test.gate", json!({})).await;
    server.gate.entered().await;
    let path = format!("/api/v1/jobs/{id}?wait_for_completion=true&timeout_seconds=30");
    let (answer, ()) = tokio::join!(server.client.get(&path), async {
        waiting_clients(&server, 1).await;
        server.stop_engine().await;
    });
    assert_eq!(answer.status, 200);
    assert_ne!(answer.body["data"]["status"], "completed");
}

#[tokio::test]
async fn a_job_between_two_attempts_says_when_the_next_one_is() {
    let server = Server::with(|settings| settings.clock = manual_clock());
    let id = server.client.enqueue("test.flaky", json!({})).await;
    let path = format!("/api/v1/jobs/{id}");
    let job = loop {
        let job = server.client.get(&path).await.body["data"].clone();
        if job["waiting_for"]["reason"] == "retry" {
            break job;
        }
        assert!(["queued", "processing"].iter().any(|status| job["status"] == *status), "{job}");
        tokio::task::yield_now().await;
    };
    assert_eq!((&job["status"], &job["attempt"]), (&json!("queued"), &json!(1)));
    let at = job["waiting_for"]["retry_at"].as_i64().expect("unix seconds");
    let now = server.clock.now().unix();
    assert!((now..=now + 3).contains(&at), "{at} is not about a second after {now}");
    assert!(job.get("job_result").is_none());
    server.clock.advance(Duration::from_secs(10));
    assert_eq!(server.client.ended(&id).await["status"], "completed");
}
