//! Projects and their events in the second dialect.

use reqwest::Method;
use serde_json::{Value, json};
use tidemill::domain::key::{Dialect, Scope};

use crate::client::{Answer, Client};
use crate::repository::Repository;
use crate::server::Server;

const NO_ID: &str = "0198c0de-0000-7000-8000-000000000000";

async fn relay(server: &Server) -> Client {
    server.client_of(server.org, &[Scope::Read, Scope::Write], Dialect::FlowRelay).await.0
}

async fn project(client: &Client, name: &str) -> String {
    let made = client.post("/api/v1/projects", &json!({ "name": name })).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body["project"]["id"].as_str().expect("an id").to_owned()
}

fn message(id: &str) -> Value {
    json!({
        "source": "slack", "external_id": id, "event_type": "message", "title": "",
        "content": format!("words of {id}"), "created_at": "2026-01-05T10:00:00Z",
    })
}

/// Whether a refusal has this dialect's form.
fn is_refusal(answer: &Answer) -> bool {
    let members = answer.body.as_object();
    members.is_some_and(|members| members.len() == 1 && members["error"].is_string())
}

#[tokio::test]
async fn a_project_is_made_listed_and_deleted() {
    let server = Server::start();
    let client = relay(&server).await;
    let body = json!({"name": "Tide mill", "description": "d"});
    let made = client.post("/api/v1/projects", &body).await;
    let shown = made.body["project"].clone();
    assert_eq!((&shown["key"], &shown["slug"]), (&json!("TM"), &json!("tide-mill")));
    assert_eq!(
        (&shown["project_type"], &shown["access_role"]),
        (&json!("organization"), &json!("member"))
    );
    let taken = client.post("/api/v1/projects", &json!({"name": "Tide mill"})).await;
    assert_eq!((taken.status, is_refusal(&taken)), (409, true));
    let listed = client.get("/api/v1/projects").await.body;
    assert_eq!((&listed["projects"][0], &listed["account_type"]), (&shown, &json!("business")));
    assert_eq!(listed["organizations"][0]["name"], "default");
    let path = format!("/api/v1/projects/{}", shown["id"].as_str().expect("an id"));
    assert_eq!(server.stranger().await.delete(&path).await.status, 404);
    assert_eq!(client.delete(&path).await.status, 200);
    assert_eq!(client.delete(&path).await.status, 404);
    assert_eq!(client.get("/api/v1/projects").await.body["projects"], json!([]));
}

#[tokio::test]
async fn a_repository_must_lie_below_a_granted_root() {
    let dir = tempfile::tempdir().expect("a directory");
    let (root, outside) = (dir.path().join("root"), dir.path().join("outside"));
    for path in [&root, &outside] {
        Repository::new(&path.join("mill.git")).commit("main", "Ada", 0, "begin", &[]);
    }
    let info = root.join("mill.git/objects/info");
    std::fs::create_dir_all(&info).expect("made");
    std::fs::write(info.join("alternates"), "/x\n").expect("written");
    std::fs::create_dir_all(root.join("empty")).expect("made");
    let mut good = Repository::new(&root.join("good.git"));
    let begin = good.commit("main", "Ada", 0, "begin", &[]);
    good.branch("wheel", "main");
    good.merge("main", "wheel", 1, "bring in the wheel");
    good.tag("v1", &begin);
    std::os::unix::fs::symlink(outside.join("mill.git"), root.join("linked")).expect("linked");
    let server = Server::with(|settings| settings.team.root = Some(root.clone()));
    let client = relay(&server).await;
    let made = async |path: &std::path::Path| {
        let body = json!({ "name": path.display().to_string(), "repository": path });
        client.post("/api/v1/projects", &body).await
    };
    assert_eq!(made(&root.join("good.git")).await.status, 201);
    for path in [
        outside.join("mill.git"),
        root.join("../outside/mill.git"),
        root.join("linked"),
        root.join("gone"),
    ] {
        let refused = made(&path).await;
        let text = refused.body["error"].as_str().unwrap_or_default();
        assert!(refused.status == 400 && text.contains("`[activity] roots`"), "{text}");
        assert!(!text.contains("outside/"), "it names the setting, not the file system: {text}");
    }
    assert!(made(&root.join("mill.git")).await.body["error"].to_string().contains("alternates"));
    assert!(made(&root.join("empty")).await.body["error"].to_string().contains("no git"));
}

#[tokio::test]
async fn events_are_taken_once_and_without_secrets() {
    let server = Server::start();
    let client = relay(&server).await;
    let id = project(&client, "mill").await;
    let path = format!("/api/v1/events?project_id={id}");
    let one = client.post(&path, &message("ops/1")).await;
    assert_eq!((one.status, &one.body["new"]), (200, &json!(1)), "{}", one.body);
    let mut second = message("ops/2");
    second["content"] =
        json!("password: hF7q9Zk2Lm0xTr and ghp_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX");
    let several = json!({ "project_id": id, "events": [message("ops/1"), second] });
    let answer = client.post("/api/v1/events", &several).await;
    assert_eq!((&answer.body["new"], &answer.body["unchanged"]), (&json!(1), &json!(1)));
    let other = json!({ "project_id": NO_ID, "events": [message("ops/3")] });
    let refused = client.post(&path, &other).await;
    assert_eq!((refused.status, is_refusal(&refused)), (400, true), "two projects are named");
    let listed = client.get(&format!("{path}&source=slack&limit=1")).await.body;
    let content = listed["events"][0]["content"].as_str().expect("a text");
    assert!(!content.contains("hF7q9") && !content.contains("ghp_"), "{content}");
    let members: Vec<&String> = listed["events"][0].as_object().expect("an event").keys().collect();
    let expected = ["content", "created_at", "event_type", "id", "source", "title", "user_id"];
    assert_eq!(members, expected);
    assert_eq!(client.get("/api/v1/events?source=jira").await.body, json!({ "events": [] }));
    let stranger = server.stranger().await;
    assert_eq!(stranger.get("/api/v1/events").await.body, json!({ "events": [] }));
    assert_eq!(stranger.get(&path).await.status, 404);
    assert_eq!(stranger.post(&path, &message("x")).await.status, 404);
    let filters = client.get(&format!("/api/v1/handoffs/filters?project_id={id}")).await.body;
    assert_eq!(filters["filters"]["slack"]["eventTypes"][0]["value"], "message");
    let connected = client.get("/api/v1/integrations").await.body;
    assert_eq!(connected["integrations"][0]["source"], "slack");
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let server = Server::start();
    let client = relay(&server).await;
    let id = project(&client, "mill").await;
    let wrong = |name: &str, value: Value| {
        let mut event = message("ops/1");
        event[name] = value;
        event
    };
    let events = format!("/api/v1/events?project_id={id}");
    for (body, says) in [
        (wrong("source", json!("githib")), "no source `githib`"),
        (wrong("external_id", Value::Null), "external_id"),
        (wrong("created_at", json!("yesterday")), "created_at"),
        (json!([message("a"), wrong("url", json!("javascript:x"))]), "[1].url"),
        (json!([]), "1 to 1000"),
        (json!([3]), "[0]"),
        (json!({ "events": {} }), "events"),
    ] {
        let answer = client.post(&events, &body).await;
        let text = answer.body["error"].as_str().unwrap_or_default();
        assert!(answer.status == 400 && is_refusal(&answer) && text.contains(says), "{text}");
    }
    assert_eq!(client.post("/api/v1/events", &message("a")).await.status, 400);
    for (path, status) in [
        ("/api/v1/events?limit=0".to_owned(), 400),
        ("/api/v1/events?source=x".to_owned(), 400),
        ("/api/v1/events?project_id=x".to_owned(), 404),
        ("/api/v1/handoffs/filters".to_owned(), 400),
        ("/api/v1/discord/channels".to_owned(), 403),
    ] {
        let answer = client.get(&path).await;
        assert_eq!((answer.status, is_refusal(&answer)), (status, true), "{path}");
    }
    for body in [json!({}), json!({"name": " "}), json!({"name": "a", "key": "no-key"})] {
        assert_eq!(client.post("/api/v1/projects", &body).await.status, 400, "{body}");
    }
    let unknown = client.without_key().get("/api/v1/projects").await;
    assert_eq!((unknown.status, is_refusal(&unknown)), (401, true));
    let wrong_method = client.ask(Method::PUT, "/api/v1/projects", &[], None).await;
    assert_eq!((wrong_method.status, is_refusal(&wrong_method)), (405, true));
    let reader = server.client_of(server.org, &[Scope::Read], Dialect::FlowRelay).await.0;
    assert_eq!(reader.post(&events, &message("a")).await.status, 403);
}

#[tokio::test]
async fn what_is_too_long_is_told_in_this_dialect() {
    let server = Server::with(|settings| {
        settings.http.body_limits.standard = 200;
        settings.http.body_limits.events = 500;
    });
    let client = relay(&server).await;
    let id = project(&client, "mill").await;
    let long = json!({ "project_id": id, "question": "x".repeat(600) });
    for path in [
        "/api/v1/handoffs".to_owned(),
        "/api/v1/projects".to_owned(),
        "/api/v1/events".to_owned(),
        format!("/api/v1/projects/{id}/insights/correlation"),
        format!("/api/v1/projects/{id}/qa"),
    ] {
        let refused = client.post(&path, &long).await;
        assert_eq!((refused.status, is_refusal(&refused)), (413, true), "{path}: {}", refused.body);
    }
    let path = format!("/api/v1/events?project_id={id}");
    let mut event = message("ops/1");
    event["content"] = json!("x".repeat(250));
    assert_eq!(client.post(&path, &event).await.status, 200, "it has a longest body of its own");
}

#[tokio::test]
async fn what_is_not_there_is_empty() {
    let server = Server::start();
    let client = relay(&server).await;
    let id = project(&client, "mill").await;
    for (path, body) in [
        ("/api/v1/events".to_owned(), json!({ "events": [] })),
        ("/api/v1/integrations".to_owned(), json!({ "integrations": [] })),
        (format!("/api/v1/handoffs/filters?project_id={id}"), json!({ "filters": {} })),
    ] {
        let answer = client.get(&path).await;
        assert_eq!((answer.status, &answer.body), (200, &body), "{path}");
    }
}

#[tokio::test]
async fn looking_at_jobs_has_a_window_of_its_own() {
    let server = Server::with(|settings| {
        settings.http.flow_relay.requests = 2;
        settings.http.flow_relay.polls = 5;
    });
    let client = relay(&server).await;
    for _ in 0..2 {
        assert_eq!(client.get("/api/v1/integrations").await.status, 200);
    }
    let refused = client.get("/api/v1/integrations").await;
    assert_eq!((refused.status, is_refusal(&refused)), (429, true));
    assert!(refused.header("retry-after").is_some());
    let job = format!("/api/v1/jobs/{NO_ID}");
    for _ in 0..5 {
        assert_eq!(client.get(&job).await.status, 404);
    }
    assert_eq!(client.get(&job).await.status, 429);
    // The same server's other keys have a limit of their own.
    assert_eq!(server.client.get("/api/v1/integrations").await.status, 200);
}
