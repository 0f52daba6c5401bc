//! The operator's own HTTP services, as clients use them.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tidemill::actions::{CustomOptions, ServiceOptions, WorkOptions};
use tidemill::engine::AttemptPolicy;
use tidemill::outbound::Secret;

use crate::commands::script;
use crate::server::Server;

/// A service that answers its requests one after the other with what it was told, the last answer
/// serving for all further; and what it was asked.
struct Endpoint {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Endpoint {
    fn answering(answers: Vec<String>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let noted = Arc::clone(&asked);
        thread::spawn(move || {
            for (number, stream) in listener.incoming().flatten().enumerate() {
                let mut stream = BufReader::new(stream);
                let mut request = String::new();
                while !request.ends_with("\r\n\r\n")
                    && stream.read_line(&mut request).unwrap_or(0) > 0
                {}
                let length = request.to_ascii_lowercase();
                let length = length.split("content-length: ").nth(1);
                let length = length.and_then(|rest| rest.split("\r\n").next()?.parse().ok());
                let mut body = vec![0; length.unwrap_or(0)];
                stream.read_exact(&mut body).expect("a body");
                request.push_str(&String::from_utf8_lossy(&body));
                noted.lock().expect("no panic").push(request);
                let answer = answers.get(number).or(answers.last()).expect("an answer");
                // A client that went away is none of ours.
                drop(stream.get_mut().write_all(answer.as_bytes()));
            }
        });
        Self { url, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no panic").clone()
    }

    fn action(&self) -> CustomOptions {
        let url = format!("{}/render?v=1", self.url).parse().expect("a URL");
        let headers = vec![("X-Secret".to_owned(), Secret::new("hush-hush"))];
        CustomOptions {
            policy: AttemptPolicy {
                max_attempts: 2,
                backoff: vec![Duration::ZERO],
                ..AttemptPolicy::default()
            },
            work: WorkOptions::Http(ServiceOptions { url, method: "POST".to_owned(), headers }),
            ..script("own.service", "")
        }
    }

    /// The job, when it has ended.
    async fn job(&self) -> Value {
        let server = Server::with(|settings| settings.own = vec![self.action()]);
        let id = server.client.enqueue("own.service", json!({"size": 3})).await;
        server.client.ended(&id).await
    }
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n\
         {body}"
    )
}

#[tokio::test]
async fn an_answer_is_the_result() {
    let service = Endpoint::answering(vec![answer("201", "", r#"{"pages": 4}"#)]);
    let job = service.job().await;
    assert_eq!((&job["status"], &job["job_result"]["pages"]), (&json!("completed"), &json!(4)));
    let asked = service.asked();
    assert!(asked[0].starts_with("POST /render?v=1 HTTP/1.1\r\n"), "{asked:?}");
    assert!(asked[0].ends_with(r#"{"size":3}"#), "{asked:?}");
    let head = asked[0].to_ascii_lowercase();
    assert!(head.contains("x-secret: hush-hush\r\n"), "{head}");
    let id = job["id"].as_str().expect("an id");
    assert!(head.contains(&format!("idempotency-key: {id}\r\n")), "{head}");
}

#[tokio::test]
async fn work_that_goes_on_is_looked_at_until_it_ends() {
    let service = Endpoint::answering(vec![
        answer("202", "location: /jobs/1\r\nretry-after: 0\r\n", r#"{"progress": 0.5}"#),
        answer("503", "retry-after: 0\r\n", ""),
        answer("202", "retry-after: 0\r\n", ""),
        answer("200", "", r#"{"done": true}"#),
    ]);
    let job = service.job().await;
    assert_eq!((&job["status"], &job["attempt"]), (&json!("completed"), &json!(1)), "{job}");
    let asked = service.asked();
    let line = |place: usize| asked[place].split("\r\n").next().unwrap_or_default();
    assert_eq!((line(1), line(3)), ("GET /jobs/1 HTTP/1.1", "GET /jobs/1 HTTP/1.1"));
    assert!(asked[3].to_ascii_lowercase().contains("x-secret: hush-hush"));
}

#[tokio::test]
async fn headers_go_to_their_origin_only() {
    let elsewhere = Endpoint::answering(vec![answer("200", "", "{}")]);
    let location = format!("location: {}/jobs/1\r\n", elsewhere.url);
    for (status, code) in [("202", "service_invalid"), ("302", "service_redirected")] {
        let service = Endpoint::answering(vec![answer(status, &location, "")]);
        let job = service.job().await;
        assert_eq!((&job["status"], &job["error_code"]), (&json!("failed"), &json!(code)), "{job}");
        assert_eq!(service.asked().len(), 1);
    }
    assert!(elsewhere.asked().is_empty());
}

#[tokio::test]
async fn a_passing_failure_is_tried_again_and_another_is_not() {
    for status in ["408", "425", "429", "500", "503"] {
        let fault = answer(status, "retry-after: 0\r\n", "");
        let service = Endpoint::answering(vec![fault, answer("200", "", "{}")]);
        let job = service.job().await;
        assert_eq!((&job["status"], &job["attempt"]), (&json!("completed"), &json!(2)), "{job}");
    }
    let said = r#"{"error": "no such size; the key is hush-hush"}"#;
    let job = Endpoint::answering(vec![answer("422", "", said)]).job().await;
    assert_eq!((&job["error_code"], &job["attempt"]), (&json!("service_failed"), &json!(1)));
    let log = job["error_log"].as_str().expect("an error");
    assert!(log.contains("/render` answered with status 422"), "{log}");
    assert!(log.contains("no such size") && !log.contains("hush-hush"), "{log}");
    for (body, code) in [("[1]", "result_invalid"), ("tide", "result_invalid")] {
        let job = Endpoint::answering(vec![answer("200", "", body)]).job().await;
        assert_eq!(job["error_code"], code, "{job}");
    }
    let endless = format!("{{\"a\": \"{}\"}}", "x".repeat(70_000));
    let job = Endpoint::answering(vec![answer("200", "", &endless)]).job().await;
    assert_eq!(job["error_code"], "output_too_large", "{job}");
}
