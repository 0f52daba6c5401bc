//! Handoffs: accepted, made of a repository and of events, waited for as this dialect's clients do.

use std::process::{Command, Output};

use reqwest::Method;
use serde_json::{Value, json};
use tidemill::domain::key::{Dialect, Scope};

use crate::client::Client;
use crate::repository::{BEGINNING, Repository};
use crate::server::{Server, Settings};

pub(crate) const DAY: i64 = 86_400;

/// A server with a project whose repository has a week of work, and a client of it.
pub(crate) struct Desk {
    pub(crate) server: Server,
    pub(crate) client: Client,
    pub(crate) project: String,
    /// The root of repositories.
    pub(crate) dir: tempfile::TempDir,
}

pub(crate) async fn desk() -> Desk {
    desk_with(|_| ()).await
}

pub(crate) async fn desk_with(change: impl FnOnce(&mut Settings)) -> Desk {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("mill.git");
    let mut git = Repository::new(&path);
    git.commit("main", "Ada Low", 0, "Begin the mill", &[("src/mill.rs", Some("mill\n"))]);
    let wheel = [("src/wheel.rs", Some("wheel\n// TODO: oil it\n"))];
    git.branch("wheel", "main");
    git.commit("wheel", "Ada Low", 5 * DAY, "feat(wheel): turn at low tide", &wheel);
    git.merge("main", "wheel", 5 * DAY + 60, "Merge branch 'wheel'");
    let gate = [("src/gate.rs", Some("gate\n"))];
    let sha = git.commit("main", "Bob Roe", 6 * DAY, "fix: close the gate in time (#4)", &gate);
    git.tag("v1.0", &sha);
    git.branch("sluice", "main");
    git.commit("sluice", "Cyd Poe", 6 * DAY + 60, "Try a sluice", &[("src/s.rs", Some("s\n"))]);
    let root = dir.path().to_owned();
    let server = Server::with(|settings| {
        settings.team.root = Some(root);
        settings.http.flow_relay.requests = 0;
        change(settings);
    });
    let scopes = [Scope::Read, Scope::Write];
    let client = server.client_of(server.org, &scopes, Dialect::FlowRelay).await.0;
    let made = client.post("/api/v1/projects", &json!({"name": "Mill", "repository": path})).await;
    let project = made.body["project"]["id"].as_str().expect("an id").to_owned();
    Desk { server, client, project, dir }
}

pub(crate) fn as_of(seconds: i64) -> String {
    tidemill::domain::clock::Timestamp::from_ms((BEGINNING + seconds) * 1_000).iso()
}

impl Desk {
    fn body(&self, end: i64) -> Value {
        json!({ "project_id": self.project, "asOf": as_of(end) })
    }

    /// Asks for a document and waits for it as a modern client does.
    pub(crate) async fn made(&self, path: &str, body: &Value) -> Value {
        // Beside the windows of this dialect's keys, which have a test of their own.
        let answer = self.server.client.post_with(path, &[("prefer", "wait=30")], body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }

    async fn handoff(&self, body: &Value) -> Value {
        self.made("/api/v1/handoffs", body).await
    }
}

#[tokio::test]
async fn a_handoff_is_made_of_a_repository() {
    let desk = desk().await;
    let accepted = desk.client.post("/api/v1/handoffs", &desk.body(7 * DAY)).await;
    let job = accepted.body["jobId"].as_str().expect("an id").to_owned();
    assert_eq!((accepted.status, &accepted.body["status"]), (202, &json!("pending")));
    assert_eq!(accepted.header("location"), Some(format!("/api/v1/jobs/{job}").as_str()));
    let path =
        format!("/api/v1/jobs/{job}?wait_for_completion=true&timeout_seconds=30&fields=status");
    let shown = desk.client.get(&path).await.body;
    let (told, result) = (&shown["job"], &shown["result"]);
    assert_eq!(
        (&told["status"], &told["kind"]),
        (&json!("completed"), &json!("handoff")),
        "{shown}"
    );
    assert_eq!(told["result_id"], result["id"]);
    assert_eq!((&told["error"], &told["error_meta"]), (&Value::Null, &json!({})));
    assert_eq!((&shown["object"], &shown["status"]), (&json!("job"), &json!("completed")));
    let changes = result["key_changes"].to_string();
    assert!(changes.contains("low tide") && changes.contains("gate"), "{changes}");
    assert_eq!(
        (&result["project_name"], &result["scope_type"]),
        (&json!("Mill"), &json!("project"))
    );
    assert!(result["markdown"].as_str().is_some_and(|text| text.starts_with("# Mill")));
    let handoff = format!("/api/v1/handoffs/{}", result["id"].as_str().expect("an id"));
    assert_eq!(&desk.client.get(&handoff).await.body["handoff"], result);
    let listed =
        desk.client.get(&format!("/api/v1/handoffs?project_id={}", desk.project)).await.body;
    assert_eq!(&listed["handoffs"][0], result);
    let away = desk.client.patch(&handoff, &json!({"status": "archived"})).await;
    assert_eq!(away.body["handoff"]["status"], "archived");
    assert_eq!(desk.client.get("/api/v1/handoffs").await.body, json!({ "handoffs": [] }));
    assert_eq!(desk.server.stranger().await.get(&handoff).await.status, 404);
    let events = desk.client.get("/api/v1/events?source=git").await.body;
    let events = events["events"].as_array().expect("a list");
    let related = result["related_event_ids"].as_array().expect("a list");
    assert!(!related.is_empty());
    assert!(related.iter().all(|id| events.iter().any(|event| event["id"] == *id)));
}

#[tokio::test]
async fn the_same_question_has_the_same_answer() {
    let desk = desk().await;
    let mut two = Vec::new();
    for _ in 0..2 {
        let mut made = desk.handoff(&desk.body(7 * DAY)).await["result"].take();
        for own in ["id", "created_at", "updated_at"] {
            made.as_object_mut().expect("a handoff").remove(own);
        }
        two.push(made.to_string());
    }
    assert_eq!(two[0], two[1]);
}

#[tokio::test]
async fn a_quiet_window_is_no_result_and_says_what_was_looked_at() {
    let desk = desk().await;
    let shown = desk.handoff(&desk.body(400 * DAY)).await;
    let job = &shown["job"];
    assert_eq!((&job["status"], &job["error_code"]), (&json!("failed"), &json!("no_result")));
    assert_eq!((&shown["result"], &job["result_kind"]), (&Value::Null, &Value::Null));
    let meta = job["error_meta"].as_object().expect("an object");
    let members: Vec<&String> = meta.keys().collect();
    assert_eq!(members, ["events_considered", "sources", "window"]);
}

#[tokio::test]
async fn events_of_scripts_and_branches_are_told_and_filtered() {
    let desk = desk().await;
    let event = json!({
        "source": "slack", "external_id": "ops/1", "event_type": "message",
        "content": "Decision: we keep one wheel.", "author": "Ada Low",
        "created_at": as_of(6 * DAY),
    });
    let path = format!("/api/v1/events?project_id={}", desk.project);
    assert_eq!(desk.client.post(&path, &event).await.status, 200);
    let made = desk.handoff(&desk.body(7 * DAY)).await;
    assert!(made["result"]["decisions"].to_string().contains("one wheel"), "{}", made["result"]);
    let mut only = desk.body(7 * DAY);
    only["sources"] = json!(["slack"]);
    let made = desk.handoff(&only).await;
    assert_eq!(made["result"]["sources"], json!(["slack"]));
    assert!(!made["result"]["key_changes"].to_string().contains("low tide"));
}

#[tokio::test]
async fn a_key_answers_the_same_again_and_a_wrong_body_is_named() {
    let desk = desk().await;
    let key = [("idempotency-key", "k")];
    let first = desk.client.post_with("/api/v1/handoffs", &key, &desk.body(7 * DAY)).await;
    let again = desk.client.post_with("/api/v1/handoffs", &key, &desk.body(7 * DAY)).await;
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let other = desk.client.post_with("/api/v1/handoffs", &key, &desk.body(8 * DAY)).await;
    assert_eq!(other.status, 409);
    for (name, value) in [
        ("lookbackHours", json!(0)),
        ("maxEvents", json!(1_001)),
        ("sources", json!(["githib"])),
        ("filters", json!({"slack": {"branches": ["main"]}})),
        ("asOf", json!("yesterday")),
    ] {
        let mut body = desk.body(7 * DAY);
        body[name] = value;
        let refused = desk.client.post("/api/v1/handoffs", &body).await;
        let text = refused.body["error"].as_str().unwrap_or_default();
        assert!(refused.status == 400 && text.contains(name), "{name}: {text}");
    }
    assert_eq!(desk.client.post("/api/v1/handoffs", &json!({})).await.status, 400);
    let nobody = json!({ "project_id": "0198c0de-0000-7000-8000-000000000000" });
    assert_eq!(desk.client.post("/api/v1/handoffs", &nobody).await.status, 404);
    let none = desk.client.ask(Method::POST, "/api/v1/handoffs", &[], None).await;
    assert_eq!(none.status, 400);
}

#[tokio::test]
async fn generations_have_a_window_of_their_own() {
    let desk = desk().await;
    let mut statuses = Vec::new();
    for _ in 0..11 {
        statuses.push(desk.client.post("/api/v1/handoffs", &desk.body(7 * DAY)).await.status);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 202).count(), 10, "{statuses:?}");
    assert_eq!(statuses[10], 429);
    let refused = desk.client.post("/api/v1/handoffs", &desk.body(7 * DAY)).await;
    assert!(refused.header("retry-after").is_some() && refused.body["error"].is_string());
}

#[tokio::test]
async fn a_waiting_job_is_pending_and_a_cancelled_one_failed() {
    let desk = desk().await;
    let input = desk.body(7 * DAY);
    let job = json!({"action": "handoffs.generate", "input": input, "delay_seconds": 3600});
    let path =
        format!("/api/v1/jobs/{}", desk.server.client.post("/api/v1/jobs", &job).await.accepted());
    let waiting = desk.client.get(&path).await.body;
    assert_eq!((&waiting["job"]["status"], &waiting["result"]), (&json!("pending"), &Value::Null));
    desk.server.client.post(&format!("{path}/cancel"), &json!({})).await;
    let ended = desk.client.get(&path).await.body;
    let (job, result) = (&ended["job"], &ended["result"]);
    assert_eq!((&job["status"], result), (&json!("failed"), &Value::Null));
    let told = (&job["error"], &job["error_code"], &job["error_meta"]);
    assert_eq!(told, (&json!("cancelled"), &json!("generation_failed"), &json!({})));
}

#[tokio::test]
async fn a_handoff_is_a_step_of_a_run() {
    let desk = desk().await;
    let input = desk.body(7 * DAY);
    let run = json!({"steps": [{"id": "week", "action": "handoffs.generate", "input": input}]});
    let wait = [("prefer", "wait=30")];
    let run = desk.server.client.post_with("/api/v1/runs", &wait, &run).await;
    let step = &run.body["data"]["steps"][0];
    assert_eq!(step["status"], "completed", "{}", run.body);
    assert_eq!(step["result"]["result_kind"], "handoff");
    assert!(step["result"]["job_id"].is_string() && step["result"]["result_id"].is_string());
}

#[tokio::test]
async fn secrets_are_taken_out_and_imported_text_is_only_text() {
    let desk = desk().await;
    let path = format!("/api/v1/events?project_id={}", desk.project);
    let words = "Decision: use ghp_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789 \
                 ![x](https://evil.example/p.png) <script>alert(1)</script> for the gate.";
    let event = json!({
        "source": "slack", "external_id": "ops/9", "event_type": "message", "content": words,
        "author": "Ada Low", "created_at": as_of(6 * DAY),
    });
    assert_eq!(desk.client.post(&path, &event).await.status, 200);
    let made = desk.handoff(&desk.body(7 * DAY)).await["result"].take();
    assert!(made["decisions"].to_string().contains("for the gate"), "{made}");
    let markdown = made["markdown"].as_str().expect("a text");
    assert!(!markdown.contains("<script") && !markdown.contains("![x]("), "{markdown}");
    let stored = desk.client.get("/api/v1/events?source=slack").await.body;
    assert!(!format!("{made}{stored}").contains("ghp_AbCd"), "{stored}");
}

/// As existing clients are written.
const IN_JAVASCRIPT: &str = r"
const [base, key, project, asOf] = process.argv.slice(1);
const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
const body = JSON.stringify({ project_id: project, asOf });
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
(async () => {
  const created = await fetch(`${base}/api/v1/handoffs`, { method: 'POST', headers, body });
  const { jobId } = await created.json();
  for (let waited = 0; waited < 120000; waited += 2000) {
    const { job, result } = await (await fetch(`${base}/api/v1/jobs/${jobId}`, { headers })).json();
    if (job.status === 'completed') { console.log(result.title); return; }
    if (job.status === 'failed') throw new Error(job.error);
    await wait(2000);
  }
  throw new Error('timed out');
})().catch((error) => { console.error(error.message); process.exit(1); });
";

/// The same with the library that most of them use.
const IN_PYTHON: &str = r#"
import sys, time
try:
    import requests
except ImportError:
    sys.exit("no requests")
base, key, project, as_of = sys.argv[1:5]
headers = {"Authorization": "Bearer " + key, "Content-Type": "application/json"}
body = {"project_id": project, "asOf": as_of}
created = requests.post(base + "/api/v1/handoffs", headers=headers, json=body, timeout=30)
created.raise_for_status()
job_id = created.json()["jobId"]
for _ in range(60):
    response = requests.get(base + "/api/v1/jobs/" + job_id, headers=headers, timeout=30)
    response.raise_for_status()
    payload = response.json()
    if payload["job"]["status"] == "completed":
        print(payload["result"]["title"])
        sys.exit(0)
    if payload["job"]["status"] == "failed":
        sys.exit(payload["job"]["error"])
    time.sleep(2)
sys.exit("timed out")
"#;

/// Runs a client of another language, where there is that language.
async fn run(program: &str, flag: &str, source: &str, desk: &Desk, end: i64) -> Option<Output> {
    let own = std::env::var_os("REQUESTS").filter(|_| program == "python3");
    let mut command = Command::new(own.unwrap_or_else(|| program.into()));
    let key = desk.client.key.clone().expect("a key");
    command.args([flag, source]).args([&desk.client.base, &key, &desk.project, &as_of(end)]);
    let spawned = tokio::task::spawn_blocking(move || command.output()).await.expect("it ran");
    match spawned {
        Ok(output) => Some(output),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn clients_of_other_languages_poll_for_it() {
    let desk = desk().await;
    for (program, flag, source) in [("node", "-e", IN_JAVASCRIPT), ("python3", "-c", IN_PYTHON)] {
        let Some(made) = run(program, flag, source, &desk, 7 * DAY).await else { continue };
        let (said, complained) =
            (String::from_utf8_lossy(&made.stdout), String::from_utf8_lossy(&made.stderr));
        if complained.trim() == "no requests" && std::env::var_os("REQUESTS").is_none() {
            eprintln!("skipped: this Python has no `requests`; `./test` brings one");
            continue;
        }
        assert!(
            made.status.success() && said.starts_with("Mill: handoff"),
            "{program}: {complained}"
        );
        let Some(quiet) = run(program, flag, source, &desk, 400 * DAY).await else { continue };
        let complained = String::from_utf8_lossy(&quiet.stderr);
        assert!(!quiet.status.success() && complained.contains("too little"), "{complained}");
    }
}
