//! Remote workers: what they are given, and what comes of what they send.

use std::time::Duration;

use serde_json::{Value, json};
use tidemill::actions::{CustomOptions, WorkOptions};
use tidemill::domain::audit::Author;
use tidemill::domain::job::LogLimits;
use tidemill::domain::key::{Dialect, NewApiKey, Reach, Scope, Scopes};

use crate::client::{Answer, Client};
use crate::commands::script;
use crate::runs::{self, start};
use crate::server::{Server, manual_clock};

const CLAIM: &str = "/api/v1/workers/claim";

fn remote(name: &str) -> CustomOptions {
    CustomOptions { work: WorkOptions::Remote, ..script(name, "") }
}

fn server() -> Server {
    Server::with(|settings| {
        let result_schema = json!({"type": "object", "properties": {"pages": {"type": "array",
            "items": {"type": "integer"}}}});
        settings.own =
            vec![CustomOptions { result_schema, ..remote("far.render") }, remote("far.other")];
    })
}

async fn worker(server: &Server) -> Client {
    server.client_with(&[Scope::Work]).await
}

/// What a claim gives that waits for nothing.
async fn claim(worker: &Client) -> Vec<Value> {
    let body =
        json!({"actions": ["far.render"], "wait_seconds": 0, "limit": 10, "worker": "press"});
    let answer = worker.post(CLAIM, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["data"]["data"].as_array().expect("a list").clone()
}

/// Sends `body` to a route of a claimed job's lease.
async fn send(worker: &Client, claimed: &Value, route: &str, body: Value) -> Answer {
    let lease = claimed["lease"].as_str().expect("a lease");
    worker.post(&format!("/api/v1/workers/leases/{lease}/{route}"), &body).await
}

#[tokio::test]
async fn from_claim_to_result() {
    let server = server();
    let worker = worker(&server).await;
    let id = server.client.enqueue("far.render", json!({"size": 3})).await;
    let claimed = claim(&worker).await.remove(0);
    assert_eq!(claimed["job"]["id"], json!(id));
    assert_eq!(
        (&claimed["job"]["input"], &claimed["job"]["attempt"]),
        (&json!({"size": 3}), &json!(1))
    );
    assert!(claimed["expires_at"].as_str().is_some_and(|at| at.ends_with('Z')));
    assert!(claim(&worker).await.is_empty(), "it is taken");

    let kept = send(&worker, &claimed, "renew", json!({"progress": 0.5, "phase": "inking"})).await;
    assert_eq!(kept.body["data"]["state"], "held");
    let lines = json!({"lines": [{"level": "warn", "message": "low ink"}, {"message": "go on"}]});
    assert_eq!(send(&worker, &claimed, "log", lines).await.body["data"]["accepted"], 2);
    let job = server.client.get(&format!("/api/v1/jobs/{id}")).await.body["data"].clone();
    assert_eq!((&job["status"], &job["progress"]), (&json!("processing"), &json!(0.5)));
    assert_eq!(job["payload"]["phase"], "inking");

    let wrong = send(&worker, &claimed, "finish", json!({"result": {"pages": [1, "2"]}})).await;
    assert_eq!((wrong.status, wrong.param()), (400, "result.pages[1]"));
    let done = send(&worker, &claimed, "finish", json!({"result": {"pages": [1, 2]}})).await;
    assert_eq!((done.status, &done.body["data"]["status"]), (200, &json!("completed")));
    let job = server.client.ended(&id).await;
    assert_eq!(job["job_result"]["pages"], json!([1, 2]));
    let with = server.client.get(&format!("/api/v1/jobs/{id}?include=attempts")).await.body;
    assert_eq!(with["data"]["attempts"][0]["worker"], "press");
    let log = server.client.get(&format!("/api/v1/jobs/{id}/log")).await.body;
    assert_eq!(log["data"]["data"][0]["level"], "warn");
    for (route, body) in late() {
        let late = send(&worker, &claimed, route, body).await;
        assert_eq!((late.status, late.code()), (409, "lease_lost"), "{route}");
    }
    assert_eq!(send(&worker, &claimed, "renew", json!({})).await.body["data"]["state"], "lost");
}

/// What a worker may still send that has lost its lease.
fn late() -> [(&'static str, Value); 3] {
    [
        ("log", json!({"lines": [{"message": "late"}]})),
        ("finish", json!({"result": {}})),
        ("fail", json!({"message": "late"})),
    ]
}

#[tokio::test]
async fn a_failure_is_tried_again_unless_it_says_otherwise() {
    let server = server();
    let worker = worker(&server).await;
    let body = json!({"action": "far.render", "max_attempts": 2});
    let id = server.client.post("/api/v1/jobs", &body).await.accepted();
    let first = claim(&worker).await.remove(0);
    let again = json!({"message": "no ink", "retry_after_seconds": 3600});
    let again = send(&worker, &first, "fail", again).await;
    assert_eq!(again.body["data"]["status"], "queued");
    let job = server.client.get(&format!("/api/v1/jobs/{id}")).await.body["data"].clone();
    assert_eq!(job["waiting_for"]["reason"], "retry");
    let late = send(&worker, &first, "finish", json!({"result": {}})).await;
    assert_eq!(late.code(), "lease_lost");

    let id = server.client.enqueue("far.render", json!({})).await;
    let only = claim(&worker).await.remove(0);
    let never = json!({"message": "no such size", "code": "bad_size", "retryable": false});
    send(&worker, &only, "fail", never).await;
    let job = server.client.ended(&id).await;
    assert_eq!(
        (&job["error_code"], &job["error_log"]),
        (&json!("bad_size"), &json!("no such size"))
    );
}

#[tokio::test]
async fn a_job_whose_input_is_gone_fails_and_holds_up_nobody() {
    let server = server();
    let worker = worker(&server).await;
    let large = json!({"pages": "p".repeat(100_000)});
    let body = json!({"action": "far.render", "max_attempts": 1, "input": large});
    let lost = server.client.post("/api/v1/jobs", &body).await.accepted();
    let next = server.client.enqueue("far.render", json!({"size": 3})).await;
    std::fs::remove_dir_all(server.dir.path().join("assets")).expect("its file is gone");
    let claimed = claim(&worker).await;
    let ids: Vec<&Value> = claimed.iter().map(|claimed| &claimed["job"]["id"]).collect();
    assert_eq!(ids, [&json!(next)]);
    let job = server.client.ended(&lost).await;
    assert_eq!(job["error_code"], "storage_unavailable");
}

#[tokio::test]
async fn a_wait_without_an_upper_bound_says_its_lower_one() {
    let server = server();
    let body = json!({"actions": ["far.render"], "wait_seconds": -1});
    let refused = worker(&server).await.post(CLAIM, &body).await;
    let message = "`wait_seconds` must be a number of at least 0";
    assert_eq!((refused.status, &refused.body["error"]["message"]), (400, &json!(message)));
}

#[tokio::test]
async fn a_waiting_claim_hears_of_a_new_job_at_once() {
    let server = server();
    let worker = worker(&server).await;
    let body = json!({"actions": ["far.render"], "wait_seconds": 30});
    let post = async {
        // Behind the claim, or before it: it hears of the job in either case.
        server.client.enqueue("far.render", json!({})).await
    };
    let (answer, id) = tokio::join!(worker.post(CLAIM, &body), post);
    assert_eq!(answer.body["data"]["data"][0]["job"]["id"], json!(id));
}

#[tokio::test]
async fn a_cancelled_job_tells_its_worker() {
    let server = server();
    let worker = worker(&server).await;
    let id = server.client.enqueue("far.render", json!({})).await;
    let claimed = claim(&worker).await.remove(0);
    server.client.post(&format!("/api/v1/jobs/{id}/cancel"), &json!({})).await;
    let renewed = send(&worker, &claimed, "renew", json!({})).await;
    assert_eq!((renewed.status, &renewed.body["data"]["state"]), (200, &json!("cancelled")));
    for (route, body) in late() {
        assert_eq!(send(&worker, &claimed, route, body).await.code(), "lease_lost");
    }
}

#[tokio::test]
async fn a_worker_sees_its_organization_s_jobs_only() {
    let server = server();
    let id = server.client.enqueue("far.render", json!({})).await;
    let other = server
        .catalog
        .ensure_org("other", server.clock.now(), Author::SERVER)
        .await
        .expect("stored");
    let (stranger, _) = server.client_of(other.id, &[Scope::Work], Dialect::Pi).await;
    assert!(claim(&stranger).await.is_empty());
    let scopes = Scopes::of(&[Scope::Work]);
    let key = NewApiKey::mint(Reach::EveryOrg, "all", scopes, Dialect::Pi, server.clock.now());
    let every = server.client.with_key(&key.secret);
    server.catalog.insert_key(key, Author::SERVER).await.expect("stored");
    let claimed = claim(&every).await.remove(0);
    assert_eq!(claimed["job"]["id"], json!(id));
    // A token alone opens nothing.
    let finish = json!({"result": {}});
    assert_eq!(send(&stranger, &claimed, "finish", finish.clone()).await.code(), "lease_lost");
    let reader = server.client_with(&[Scope::Read, Scope::Write]).await;
    assert_eq!(
        send(&reader, &claimed, "finish", finish.clone()).await.code(),
        "insufficient_scope"
    );
    assert_eq!(send(&every, &claimed, "finish", finish).await.status, 200);
}

#[tokio::test]
async fn faults_of_a_request_are_named() {
    let server = server();
    let worker = worker(&server).await;
    let claim = async |body: Value| {
        let answer = worker.post(CLAIM, &body).await;
        assert_eq!(answer.status, 400, "{}", answer.body);
        answer.param().to_owned()
    };
    assert_eq!(claim(json!({})).await, "actions");
    assert_eq!(claim(json!({"actions": ["far.render", "noop"]})).await, "actions[1]");
    assert_eq!(claim(json!({"actions": ["far.render"], "limit": 101})).await, "limit");
    assert_eq!(claim(json!({"actions": ["far.render"], "worker": "local"})).await, "worker");
    server.client.enqueue("far.render", json!({})).await;
    let claimed = self::claim(&worker).await.remove(0);
    for (route, body, param) in [
        ("renew", json!({"progress": 2}), "progress"),
        ("log", json!({"lines": [{"level": "loud", "message": ""}]}), "lines[0].level"),
        ("finish", json!({"result": 1}), "result"),
        ("fail", json!({}), "message"),
    ] {
        assert_eq!(send(&worker, &claimed, route, body).await.param(), param, "{route}");
    }
}

#[tokio::test]
async fn a_step_of_a_run_goes_to_a_worker_and_comes_back() {
    let server = server();
    let worker = worker(&server).await;
    let steps = json!([
        {"id": "far", "action": "far.render", "input": {"size": 1}},
        {"id": "near", "action": "test.echo", "depends_on": ["far"],
         "input_map": {"pages": "$steps.far.result.pages"}},
    ]);
    let id = start(&server.client, steps).await;
    let claimed = claim(&worker).await.remove(0);
    send(&worker, &claimed, "finish", json!({"result": {"pages": [7]}})).await;
    let run = runs::ended(&server.client, &id).await;
    assert_eq!(
        (&run["status"], &run["steps"][1]["mapped"]["pages"]),
        (&json!("completed"), &json!([7]))
    );
}

#[tokio::test]
async fn a_large_result_is_kept_whole() {
    let server = server();
    let worker = worker(&server).await;
    let id = server.client.enqueue("far.render", json!({})).await;
    let claimed = claim(&worker).await.remove(0);
    let text = "tide ".repeat(400_000);
    send(&worker, &claimed, "finish", json!({"result": {"text": text}})).await;
    assert_eq!(server.client.ended(&id).await["job_result"]["text"], json!(text));
}

#[tokio::test]
async fn what_a_job_waits_for_is_told() {
    let limited = |mut own: CustomOptions| {
        own.policy.concurrency = Some(1);
        own
    };
    let server = Server::with(|settings| {
        settings.own = vec![limited(remote("far.one")), remote("far.render")];
        settings.org_concurrency = Some(2);
    });
    let why = async |id: &str| {
        let job = server.client.get(&format!("/api/v1/jobs/{id}")).await.body;
        job["data"]["waiting_for"].clone()
    };
    let worker = worker(&server).await;
    let forsaken = server.client.enqueue("far.render", json!({})).await;
    assert_eq!(why(&forsaken).await, json!({"reason": "remote_worker", "position": 1}));
    let first = claim(&worker).await.remove(0);
    let waiting = server.client.enqueue("far.render", json!({})).await;
    assert_eq!(why(&waiting).await, json!({"reason": "worker", "position": 1}));
    let both = json!({"actions": ["far.one", "far.render"], "wait_seconds": 0, "limit": 10});
    let one = server.client.enqueue("far.one", json!({})).await;
    let more = server.client.enqueue("far.one", json!({})).await;
    let second = worker.post(CLAIM, &both).await.body["data"]["data"].clone();
    assert_eq!(second.as_array().map(Vec::len), Some(1), "the organization has room for one more");
    assert_eq!(second[0]["job"]["id"], json!(waiting));
    assert_eq!(why(&one).await["reason"], "organization_limit");
    send(&worker, &first, "finish", json!({"result": {}})).await;
    send(&worker, &second[0], "finish", json!({"result": {}})).await;
    let third = worker.post(CLAIM, &both).await.body["data"]["data"].clone();
    assert_eq!(third.as_array().map(Vec::len), Some(1), "the action has room for one");
    assert_eq!(third[0]["job"]["id"], json!(one));
    assert_eq!(why(&more).await["reason"], "action_limit");
}

#[tokio::test]
async fn work_that_nobody_asks_for_any_more_is_a_warning() {
    let clock = manual_clock();
    let server = Server::with(|settings| {
        settings.own = vec![remote("far.render")];
        settings.clock = clock.clone();
    });
    let worker = worker(&server).await;
    let warnings = async |client: &Client| {
        client.get("/api/v1/overview").await.body["data"]["warnings"].take()
    };
    // The clock stands at 08:00.
    assert!(claim(&worker).await.is_empty());
    for _ in 0..3 {
        server.client.enqueue("far.render", json!({})).await;
    }
    let reader = server.client_with(&[Scope::Read]).await;
    assert_eq!(warnings(&reader).await, json!([]), "it asked just now");
    clock.advance(Duration::from_mins(2));
    let message = "3 jobs of `far.render` wait: no remote worker has asked for it since 08:00 UTC.";
    let told = json!({"code": "no_remote_worker", "action": "far.render", "message": message});
    assert_eq!(warnings(&reader).await, json!([told]));
    let of_all = warnings(&server.client).await;
    assert!(of_all.as_array().is_some_and(|all| all.contains(&told)), "{of_all}");
    assert_eq!(warnings(&server.stranger().await).await, json!([]), "they wait for nothing");
    assert_eq!(claim(&worker).await.len(), 3);
    assert_eq!(warnings(&reader).await, json!([]));
}

#[tokio::test]
async fn a_job_s_log_has_a_limit_that_is_said() {
    let server = Server::with(|settings| {
        settings.own = vec![remote("far.render")];
        settings.log_limits = LogLimits { lines: 5, bytes: 1_000 };
    });
    let worker = worker(&server).await;
    let id = server.client.enqueue("far.render", json!({})).await;
    let claimed = claim(&worker).await.remove(0);
    let say = async |count: usize| {
        let lines: Vec<Value> = (0..count).map(|_| json!({"message": "tick"})).collect();
        send(&worker, &claimed, "log", json!({"lines": lines})).await
    };
    assert_eq!(say(3).await.body["data"]["accepted"], 3);
    assert_eq!(say(3).await.body["data"]["accepted"], 1, "the last line is the server's");
    let full = say(1).await;
    assert_eq!((full.status, full.code(), full.param()), (413, "request_too_large", "lines"));
    assert!(full.body["error"]["message"].as_str().is_some_and(|it| it.contains("log_lines = 5")));
    let log = server.client.get(&format!("/api/v1/jobs/{id}/log")).await.body;
    let last = &log["data"]["data"][4];
    assert!(
        last["message"].as_str().is_some_and(|it| it.contains("limits.log_lines = 5")),
        "{log}"
    );
    // It costs the job nothing.
    let done = send(&worker, &claimed, "finish", json!({"result": {}})).await;
    assert_eq!(done.body["data"]["status"], "completed");
}
