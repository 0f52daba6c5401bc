//! Webhooks: made, told, signed, told again, switched off.

use std::time::Duration;

use serde_json::{Value, json};
use tidemill::domain::key::Scope;
use tidemill::domain::webhook::{pi_signature, standard_signature};

use crate::client::Client;
use crate::receiver::{Message, Receiver};
use crate::runs;
use crate::server::{Server, manual_clock};

const HOOKS: &str = "/api/v1/webhooks";
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Makes a webhook; its id.
async fn hook(client: &Client, url: &str, events: Value) -> String {
    let body = json!({ "endpoint_url": url, "secret": SECRET, "events": events });
    let answer = client.post(HOOKS, &body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.body["data"]["id"].as_str().expect("an id").to_owned()
}

/// The deliveries, once the newest of them has this status.
async fn deliveries(client: &Client, hook: &str, status: &str) -> Vec<Value> {
    loop {
        let answer = client.get(&format!("{HOOKS}/{hook}/deliveries")).await;
        let items = answer.body["data"]["data"].as_array().expect("a list").clone();
        if items.first().is_some_and(|newest| newest["status"] == status) {
            return items;
        }
        tokio::task::yield_now().await;
    }
}

fn assert_signed(message: &Message, secrets: &[&str]) {
    let (id, time) = (message.header("webhook-id"), message.header("webhook-timestamp"));
    let unix = time.parse().expect("seconds");
    let sign = |secret: &&str| standard_signature(secret, id, unix, &message.body);
    let standard: Vec<String> = secrets.iter().map(sign).collect();
    assert_eq!(message.header("webhook-signature"), standard.join(" "));
    let pi: Vec<String> =
        secrets.iter().map(|secret| pi_signature(secret, &message.body)).collect();
    assert_eq!(message.all("x-pi-signature"), pi);
}

#[tokio::test]
async fn the_end_of_a_job_is_told_and_signed() {
    let (server, mut receiver) = (Server::start(), Receiver::answering(&[]));
    let id = hook(&server.client, &receiver.url(), Value::Null).await;
    let input = json!({ "word": "tide" });
    let job = server.client.enqueue("test.echo", input).await;
    let message = receiver.next().await;
    assert_signed(&message, &[SECRET]);
    assert_eq!(message.header("x-pi-event"), "job.completed");
    assert_eq!(message.header("content-type"), "application/json");
    let body = message.json();
    assert_eq!(body["id"], message.header("webhook-id"));
    assert!(body["id"].as_str().is_some_and(|id| id.starts_with("evt_pi_")), "{body}");
    assert_eq!((&body["object"], &body["type"]), (&json!("event"), &json!("job.completed")));
    assert!(body["created_at"].is_i64());
    let told = &body["data"]["job"];
    assert_eq!((&told["id"], &told["status"]), (&json!(job), &json!("completed")));
    assert_eq!((&told["type"], &told["error_log"]), (&json!("test.echo"), &Value::Null));
    assert_eq!(told["payload"]["input"]["word"], "tide");
    assert_eq!(told["payload"]["output"]["word"], "tide");
    let shown = &deliveries(&server.client, &id, "delivered").await[0];
    assert_eq!((&shown["event"], &shown["event_id"]), (&json!("job.completed"), &body["id"]));
    assert_eq!(
        (&shown["job_id"], &shown["attempts"][0]["response_status"]),
        (&json!(job), &json!(204))
    );
    assert!(shown["attempts"][0]["duration_ms"].is_u64() && shown["attempts"][0]["at"].is_string());
    let list = server.client.get("/api/v1/jobs").await.body;
    assert_eq!(list["data"]["data"].as_array().map(Vec::len), Some(1), "deliveries are not listed");
    let delivery = shown["id"].as_str().expect("an id");
    let hidden = server.client.get(&format!("/api/v1/jobs/{delivery}")).await;
    assert_eq!(hidden.code(), "job_not_found");
}

#[tokio::test]
async fn each_webhook_is_told_what_it_asked_for() {
    let (server, mut receiver) = (Server::start(), Receiver::answering(&[]));
    hook(&server.client, &receiver.url(), json!(["job.failed", "run.failed", "run.cancelled"]))
        .await;
    let done = server.client.enqueue("test.echo", json!({})).await;
    server.client.ended(&done).await;
    server.client.enqueue("test.fail", json!({})).await;
    let told = receiver.next().await.json();
    assert_eq!(told["data"]["job"]["error_code"], "test_failed");
    assert_eq!(told["data"]["job"]["error_log"], "It was asked to fail.");
    let steps = json!([
        {"id": "a", "action": "test.fail"},
        {"id": "b", "action": "test.echo", "depends_on": ["a"]},
    ]);
    let run = runs::start(&server.client, steps).await;
    let both = [receiver.next().await.json(), receiver.next().await.json()];
    let of = |kind: &str| both.iter().find(|told| told["type"] == kind).expect("told").clone();
    assert_eq!(of("job.failed")["data"]["job"]["step_id"], "a", "the skipped step is not told of");
    let told = &of("run.failed")["data"]["run"];
    assert_eq!((&told["id"], &told["steps"][1]["status"]), (&json!(run), &json!("skipped")));
    let run = runs::start(&server.client, json!([{"id": "a", "action": "test.gate"}])).await;
    server.gate.entered().await;
    server.client.post(&format!("/api/v1/runs/{run}/cancel"), &json!({})).await;
    let both = [receiver.next().await.json(), receiver.next().await.json()];
    let kinds = both.map(|told| told["type"].as_str().expect("a word").to_owned());
    assert!(kinds.contains(&"run.cancelled".to_owned()), "{kinds:?}");
    assert!(kinds.contains(&"job.failed".to_owned()), "{kinds:?}");
}

#[tokio::test]
async fn a_cancelled_job_and_another_organizations_end_are_told_to_their_own() {
    let (server, mut receiver) = (Server::start(), Receiver::answering(&[]));
    hook(&server.client, &receiver.url(), json!(["job.failed"])).await;
    let stranger = server.stranger().await;
    let theirs = stranger.enqueue("test.fail", json!({})).await;
    stranger.ended(&theirs).await;
    let job = server.client.enqueue("test.gate", json!({})).await;
    server.gate.entered().await;
    server.client.post(&format!("/api/v1/jobs/{job}/cancel"), &json!({})).await;
    let told = receiver.next().await.json();
    assert_eq!(told["data"]["job"]["id"], job, "nobody else's");
    assert_eq!(told["data"]["job"]["error_code"], "cancelled");
}

#[tokio::test]
async fn what_was_not_taken_is_told_again_under_the_same_id() {
    let clock = manual_clock();
    let server = Server::with(|settings| {
        settings.clock = clock.clone();
        settings.poll = Duration::from_millis(5);
    });
    let mut receiver =
        Receiver::answering(&["503 Busy\r\nretry-after: 120", "302 Found\r\nlocation: /x"]);
    let id = hook(&server.client, &receiver.url(), Value::Null).await;
    server.client.enqueue("test.echo", json!({})).await;
    let first = receiver.next().await;
    let waiting = deliveries(&server.client, &id, "pending").await;
    let at = waiting[0]["next_attempt_at"].as_str().expect("a moment");
    let due = tidemill::domain::clock::Timestamp::parse(at).expect("a moment");
    assert!(due.since(clock.now()) >= Duration::from_mins(2), "Retry-After is respected");
    assert_eq!(waiting[0]["attempts"][0]["response_status"], 503);
    clock.advance(Duration::from_mins(3));
    let second = receiver.next().await;
    assert_eq!(first.header("webhook-id"), second.header("webhook-id"));
    assert_eq!(first.body, second.body);
    assert_ne!(first.header("webhook-timestamp"), second.header("webhook-timestamp"));
    assert_signed(&second, &[SECRET]);
    let waiting = deliveries(&server.client, &id, "pending").await;
    assert_eq!(waiting[0]["attempts"][1]["error_code"], "status_302", "no redirect is followed");
    clock.advance(Duration::from_mins(7));
    receiver.next().await;
    let done = deliveries(&server.client, &id, "delivered").await;
    assert_eq!(done[0]["attempts"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn an_endpoint_that_is_gone_is_switched_off() {
    let (server, mut receiver) = (Server::start(), Receiver::answering(&["410 Gone"]));
    let id = hook(&server.client, &receiver.url(), Value::Null).await;
    let job = server.client.enqueue("test.echo", json!({})).await;
    receiver.next().await;
    let shown = deliveries(&server.client, &id, "failed").await;
    assert_eq!(shown[0]["attempts"][0]["response_status"], 410);
    let all = server.client.get(HOOKS).await.body;
    let hook = &all["data"]["data"][0];
    assert_eq!((&hook["is_active"], hook["gone_at"].is_string()), (&json!(false), true));
    server.client.ended(&job).await;
    let next = server.client.enqueue("test.echo", json!({})).await;
    server.client.ended(&next).await;
    let on = server.client.patch(&format!("{HOOKS}/{id}"), &json!({ "is_active": true })).await;
    assert_eq!(
        (&on.body["data"]["is_active"], &on.body["data"]["gone_at"]),
        (&json!(true), &Value::Null)
    );
    let last = server.client.enqueue("test.echo", json!({})).await;
    assert_eq!(receiver.next().await.json()["data"]["job"]["id"], last, "not the one between");
}

#[tokio::test]
async fn after_a_new_secret_both_sign_for_a_day() {
    let clock = manual_clock();
    let server = Server::with(|settings| settings.clock = clock.clone());
    let mut receiver = Receiver::answering(&[]);
    let id = hook(&server.client, &receiver.url(), Value::Null).await;
    let path = format!("{HOOKS}/{id}");
    let edited = server.client.patch(&path, &json!({ "secret": "a new secret" })).await;
    assert_eq!(edited.status, 200, "{}", edited.body);
    assert!(edited.body["data"]["previous_secret_until"].is_string());
    server.client.enqueue("test.echo", json!({})).await;
    assert_signed(&receiver.next().await, &["a new secret", SECRET]);
    clock.advance(Duration::from_hours(24));
    server.client.enqueue("test.echo", json!({})).await;
    assert_signed(&receiver.next().await, &["a new secret"]);
    let database = std::fs::read(server.dir.path().join("tidemill.sqlite")).expect("readable");
    let log = std::fs::read(server.dir.path().join("tidemill.sqlite-wal")).unwrap_or_default();
    for secret in ["a new secret", SECRET] {
        let lies_in =
            |bytes: &[u8]| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!lies_in(&database) && !lies_in(&log), "a secret lies in the database");
    }
}

#[tokio::test]
async fn a_delivery_is_sent_once_more_when_asked() {
    let (server, mut receiver) = (Server::start(), Receiver::answering(&[]));
    let id = hook(&server.client, &receiver.url(), Value::Null).await;
    server.client.enqueue("test.echo", json!({})).await;
    let first = receiver.next().await;
    let delivery = deliveries(&server.client, &id, "delivered").await[0]["id"].clone();
    let path = format!("{HOOKS}/{id}/deliveries/{}/resend", delivery.as_str().expect("an id"));
    let key = [("idempotency-key", "once")];
    let again = server.client.post_with(&path, &key, &json!({})).await;
    assert_eq!((again.status, &again.body["object"]), (202, &json!("delivery")));
    let same = server.client.post_with(&path, &key, &json!({})).await;
    assert_eq!(same.body["data"]["id"], again.body["data"]["id"]);
    let second = receiver.next().await;
    assert_eq!(
        (first.header("webhook-id"), &first.body),
        (second.header("webhook-id"), &second.body)
    );
    let all = deliveries(&server.client, &id, "delivered").await;
    assert_eq!(all.len(), 2);
    assert!(receiver.is_silent());
    let figures = server.client.get("/api/v1/overview").await.body["data"]["jobs"].clone();
    let hour = json!({"arrived": 1, "completed": 1, "failed": 0, "cancelled": 0});
    assert_eq!(figures["last_hour"], hour, "messages are no figure of an organization's");
    let unknown = format!("{HOOKS}/{id}/deliveries/{id}/resend");
    assert_eq!(server.client.post(&unknown, &json!({})).await.code(), "delivery_not_found");
}

#[tokio::test]
async fn what_cannot_be_a_webhook_is_refused_with_its_field() {
    let server = Server::start();
    let good = json!({ "endpoint_url": "https://hooks.example/", "secret": "12345678" });
    let with = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        body
    };
    let table = [
        ("endpoint_url", json!("http://hooks.example/")),
        ("endpoint_url", json!("https://10.0.0.1/")),
        ("endpoint_url", json!("https://[::1]/")),
        ("endpoint_url", json!("hooks.example")),
        ("endpoint_url", Value::Null),
        ("secret", json!("short")),
        ("secret", Value::Null),
        ("events", json!(["job.begun"])),
        ("events", json!([])),
    ];
    for (param, value) in table {
        let answer = server.client.post(HOOKS, &with(param, value)).await;
        assert_eq!((answer.status, answer.param()), (400, param), "{}", answer.body);
    }
    let answer = server.client.post(HOOKS, &good).await;
    assert_eq!(answer.body["data"]["events"], json!(["job.completed", "job.failed"]));
    assert!(!answer.body.to_string().contains("12345678"), "the secret is never returned");
    let id = answer.body["data"]["id"].as_str().expect("an id").to_owned();
    let path = format!("{HOOKS}/{id}");
    let local = json!({ "endpoint_url": "https://192.168.1.1/" });
    assert_eq!(server.client.patch(&path, &local).await.param(), "endpoint_url");
    let stranger = server.stranger().await;
    assert_eq!(stranger.delete(&path).await.code(), "webhook_not_found");
    assert_eq!(stranger.get(&format!("{path}/deliveries")).await.code(), "webhook_not_found");
    let writer = server.client_with(&[Scope::Read, Scope::Write]).await;
    assert_eq!(writer.get(HOOKS).await.code(), "insufficient_scope");
    assert_eq!(server.client.delete(&path).await.body["data"]["deleted"], true);
    assert_eq!(server.client.patch(&path, &json!({})).await.code(), "webhook_not_found");
}

#[tokio::test]
async fn a_webhook_is_made_once_under_one_key() {
    let server = Server::start();
    let body = json!({ "endpoint_url": "https://hooks.example/", "secret": "12345678" });
    let key = [("idempotency-key", "one")];
    let first = server.client.post_with(HOOKS, &key, &body).await;
    let second = server.client.post_with(HOOKS, &key, &body).await;
    assert_eq!((second.status, &second.body), (201, &first.body));
    let other = json!({ "endpoint_url": "https://hooks.example/", "secret": "87654321" });
    let mismatch = server.client.post_with(HOOKS, &key, &other).await;
    assert_eq!(mismatch.code(), "idempotency_key_mismatch");
}

/// What a receiver in Python does with a message that it is given on its standard input.
const VERIFY: &str = "import hashlib, hmac, json, sys
from standardwebhooks import Webhook
message = json.load(sys.stdin)
event = Webhook(message['secret']).verify(message['body'].encode(), message['headers'])
pi = hmac.new(message['secret'].encode(), message['body'].encode(), hashlib.sha256).hexdigest()
assert message['headers']['x-pi-signature'] == 'sha256=' + pi
try:
    Webhook(message['secret']).verify(message['body'] + ' ', message['headers'])
except Exception:
    print(event['id'])
";

#[tokio::test]
async fn a_library_that_others_wrote_verifies_a_message() {
    let Some(python) = std::env::var_os("STANDARDWEBHOOKS") else {
        eprintln!("skipped: STANDARDWEBHOOKS names no Python with it; `./test` brings one");
        return;
    };
    let (server, mut receiver) = (Server::start(), Receiver::answering(&[]));
    hook(&server.client, &receiver.url(), Value::Null).await;
    server.client.enqueue("test.echo", json!({ "word": "Gezeitenmühle" })).await;
    let message = receiver.next().await;
    let names = ["webhook-id", "webhook-timestamp", "webhook-signature", "x-pi-signature"];
    let headers: serde_json::Map<_, _> =
        names.iter().map(|name| ((*name).to_owned(), json!(message.header(name)))).collect();
    let body = String::from_utf8(message.body.clone()).expect("text");
    let given = json!({ "secret": SECRET, "headers": headers, "body": body });
    let mut child = std::process::Command::new(python)
        .args(["-c", VERIFY])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut input = child.stdin.take().expect("it is piped");
    std::io::Write::write_all(&mut input, given.to_string().as_bytes()).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), message.header("webhook-id"));
}
