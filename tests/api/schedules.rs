//! Schedules: made, fired, missed, switched off, asked for out of turn.

use std::time::Duration;

use serde_json::{Value, json};
use tidemill::domain::clock::Clock;
use tidemill::domain::key::Scope;

use crate::client::Client;
use crate::server::{Server, manual_clock};

const SCHEDULES: &str = "/api/v1/schedules";

/// A server whose clock stands at 2027-01-15T08:00:00Z and is looked at all the time.
fn server() -> (Server, Clock) {
    let clock = manual_clock();
    let server = Server::with(|settings| {
        settings.clock = clock.clone();
        settings.poll = Duration::from_millis(5);
    });
    (server, clock)
}

/// Makes a schedule; its id.
async fn made(client: &Client, body: &Value) -> String {
    let answer = client.post(SCHEDULES, body).await;
    assert_eq!(
        (answer.status, &answer.body["object"]),
        (201, &json!("schedule")),
        "{}",
        answer.body
    );
    let id = answer.body["data"]["id"].as_str().expect("an id").to_owned();
    assert_eq!(answer.header("location"), Some(&*format!("{SCHEDULES}/{id}")));
    id
}

async fn shown(client: &Client, id: &str) -> Value {
    client.get(&format!("{SCHEDULES}/{id}")).await.body["data"].take()
}

/// The schedule, once `is_so` of it.
async fn until(client: &Client, id: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    loop {
        let schedule = shown(client, id).await;
        if is_so(&schedule) {
            return schedule;
        }
        tokio::task::yield_now().await;
    }
}

fn hourly() -> Value {
    json!({ "cron": "0 * * * *", "action": "test.echo", "input": {"word": "tide"}, "priority": 2,
            "metadata": {"team": "ops"} })
}

#[tokio::test]
async fn a_job_is_submitted_at_its_hour() {
    let (server, clock) = server();
    let id = made(&server.client, &hourly()).await;
    let fresh = shown(&server.client, &id).await;
    assert_eq!(fresh["next_at"], "2027-01-15T09:00:00.000Z");
    assert_eq!(fresh["upcoming"][6], "2027-01-15T15:00:00.000Z");
    assert_eq!((&fresh["last_at"], &fresh["last_job_id"]), (&Value::Null, &Value::Null));
    assert_eq!((&fresh["overlap"], &fresh["time_zone"]), (&json!("skip"), &json!("UTC")));
    assert_eq!((&fresh["priority"], &fresh["metadata"]["team"]), (&json!(2), &json!("ops")));
    clock.advance(Duration::from_hours(1));
    let fired = until(&server.client, &id, |schedule| schedule["last_at"].is_string()).await;
    assert_eq!(fired["next_at"], "2027-01-15T10:00:00.000Z");
    let job = fired["last_job_id"].as_str().expect("a job");
    let job = server.client.ended(job).await;
    let input = &job["payload"]["input"];
    assert_eq!((&job["action"], &input["word"]), (&json!("test.echo"), &json!("tide")));
    assert_eq!(input["scheduled_at"], "2027-01-15T09:00:00.000Z");
    assert_eq!((&input["schedule_id"], &input["metadata"]["team"]), (&json!(id), &json!("ops")));
    let jobs = server.client.get("/api/v1/jobs").await.body;
    assert_eq!(jobs["data"]["data"].as_array().map(Vec::len), Some(1), "once");
    let metrics = server.client.get("/metrics").await;
    let text = String::from_utf8(metrics.bytes).expect("text");
    assert!(text.contains("tidemill_schedule_firings_total{outcome=\"submitted\"} 1"), "{text}");
}

#[tokio::test]
async fn a_run_is_submitted_and_what_was_missed_is_counted() {
    let (server, clock) = server();
    let steps = json!([
        {"id": "a", "action": "test.echo", "input": {"x": 7}},
        {"id": "b", "action": "test.echo", "depends_on": ["a"],
         "input_map": {"y": "$steps.a.result.x"}},
    ]);
    let body = json!({ "cron": "30 9 * * *", "time_zone": "europe/berlin", "catch_up": 0,
                       "run": {"steps": steps} });
    let id = made(&server.client, &body).await;
    let fresh = shown(&server.client, &id).await;
    assert_eq!(fresh["next_at"], "2027-01-15T08:30:00.000Z");
    let step = &fresh["run"]["steps"][1];
    assert_eq!(
        (&step["depends_on"], &fresh["time_zone"]),
        (&json!(["a"]), &json!("Europe/Berlin"))
    );
    assert_eq!(step["input_map"], json!({"y": "$steps.a.result.x"}));
    clock.advance(Duration::from_mins(30));
    let fired = until(&server.client, &id, |schedule| schedule["last_at"].is_string()).await;
    let run = fired["last_run_id"].as_str().expect("a run");
    let path = format!("/api/v1/runs/{run}?wait_for_completion=true");
    let run = server.client.get(&path).await.body["data"].take();
    assert_eq!((&run["status"], &run["steps"][1]["result"]["y"]), (&json!("completed"), &json!(7)));
    clock.advance(Duration::from_hours(72) + Duration::from_mins(5));
    let missed = until(&server.client, &id, |schedule| schedule["skipped"] == 3).await;
    assert_eq!(missed["last_run_id"], fired["last_run_id"], "what was missed stays so");
    assert!(missed["skip_reason"].as_str().is_some_and(|reason| reason.contains("away")));
}

#[tokio::test]
async fn what_overlaps_is_left_out_or_replaces() {
    let (server, clock) = server();
    let gated =
        |overlap: &str| json!({ "cron": "0 * * * *", "action": "test.gate", "overlap": overlap });
    let skipping = made(&server.client, &gated("skip")).await;
    let replacing = made(&server.client, &gated("replace")).await;
    clock.advance(Duration::from_hours(1));
    let fired = |schedule: &Value| schedule["last_job_id"].is_string();
    let first = until(&server.client, &skipping, fired).await;
    let replaced = until(&server.client, &replacing, fired).await;
    clock.advance(Duration::from_hours(1));
    let left = until(&server.client, &skipping, |schedule| schedule["skipped"] == 1).await;
    assert_eq!(left["last_job_id"], first["last_job_id"]);
    let other = replaced["last_job_id"].clone();
    let next = until(&server.client, &replacing, |schedule| schedule["last_job_id"] != other).await;
    let cancelled = server.client.ended(other.as_str().expect("an id")).await;
    assert_eq!(cancelled["error_code"], "cancelled");
    assert_eq!(next["skipped"], 0);
}

#[tokio::test]
async fn one_that_is_paused_does_not_fire_and_begins_anew() {
    let (server, clock) = server();
    let id = made(&server.client, &hourly()).await;
    let other = made(&server.client, &hourly()).await;
    let path = format!("{SCHEDULES}/{id}");
    let off = server.client.patch(&path, &json!({ "is_active": false })).await;
    assert_eq!((off.status, &off.body["data"]["next_at"]), (200, &Value::Null));
    assert_eq!(off.body["data"]["upcoming"], json!([]));
    clock.advance(Duration::from_hours(1));
    until(&server.client, &other, |schedule| schedule["last_at"].is_string()).await;
    let on = json!({ "is_active": true, "cron": "15 * * * *", "name": "quarters" });
    let on = server.client.patch(&path, &on).await.body;
    assert_eq!(on["data"]["next_at"], "2027-01-15T09:15:00.000Z");
    assert_eq!((&on["data"]["last_at"], &on["data"]["name"]), (&Value::Null, &json!("quarters")));
    let list = server.client.get(SCHEDULES).await.body["data"].take();
    assert_eq!((&list["data"][1]["id"], &list["has_more"]), (&json!(id), &json!(false)));
    assert_eq!(server.client.delete(&path).await.body["data"]["deleted"], true);
    assert_eq!(server.client.delete(&path).await.code(), "schedule_not_found");
}

#[tokio::test]
async fn an_edit_keeps_what_it_does_not_name() {
    let server = Server::start();
    let id = made(&server.client, &hourly()).await;
    let path = format!("{SCHEDULES}/{id}");
    let edit = async |body: Value| server.client.patch(&path, &body).await;
    let fresh = shown(&server.client, &id).await;
    let edited = edit(json!({ "input": {"word": "ebb"}, "max_attempts": 7 })).await.body;
    let data = &edited["data"];
    assert_eq!((&data["input"]["word"], &data["max_attempts"]), (&json!("ebb"), &json!(7)));
    assert_eq!((&data["priority"], &data["metadata"]["team"]), (&json!(2), &json!("ops")));
    assert_eq!((&data["next_at"], &data["cron"]), (&fresh["next_at"], &fresh["cron"]));
    let cleared = edit(json!({ "max_attempts": null, "metadata": null, "name": "" })).await.body;
    assert_eq!(
        (&cleared["data"]["max_attempts"], &cleared["data"]["metadata"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(edit(json!({ "input": {"wrong": 1} })).await.param(), "input.wrong");
    let run = json!({ "run": {"steps": [{"id": "a", "action": "test.echo"}]} });
    let run = edit(run).await.body;
    assert_eq!(
        (&run["data"]["run"]["steps"][0]["id"], &run["data"]["action"]),
        (&json!("a"), &Value::Null)
    );
    assert_eq!(edit(json!({ "input": {} })).await.param(), "action", "a run has no input");
    let audit = server.client.get(&format!("/api/v1/audit?object={id}&limit=1")).await.body;
    assert_eq!(audit["data"]["data"][0]["action"], "schedule.changed");
}

#[tokio::test]
async fn what_it_would_do_is_shown_and_done_out_of_turn() {
    let (server, _clock) = server();
    let checked = server.client.post(&format!("{SCHEDULES}?validate_only=true"), &hourly()).await;
    assert_eq!((checked.status, &checked.body["data"]["valid"]), (200, &json!(true)));
    assert_eq!(checked.body["data"]["upcoming"][1], "2027-01-15T10:00:00.000Z");
    assert_eq!(server.client.get(SCHEDULES).await.body["data"]["data"], json!([]));

    let mut body = hourly();
    body["is_active"] = json!(false);
    let id = made(&server.client, &body).await;
    let path = format!("{SCHEDULES}/{id}/run");
    let key = [("idempotency-key", "now")];
    let first = server.client.post_with(&path, &key, &json!({})).await.accepted();
    let again = server.client.post_with(&path, &key, &json!({})).await;
    assert_eq!(
        (again.header("idempotent-replayed"), again.accepted()),
        (Some("true"), first.clone())
    );
    let job = server.client.ended(&first).await;
    assert_eq!(
        (&job["job_result"]["word"], &job["payload"]["input"]["schedule_id"]),
        (&json!("tide"), &json!(id))
    );
    let schedule = shown(&server.client, &id).await;
    assert_eq!((&schedule["last_at"], &schedule["next_at"]), (&Value::Null, &Value::Null));

    let run = json!({ "cron": "@daily", "run": {"steps": [{"id": "a", "action": "test.echo"}]} });
    let id = made(&server.client, &run).await;
    let prefer = [("prefer", "wait=20")];
    let ended =
        server.client.post_with(&format!("{SCHEDULES}/{id}/run"), &prefer, &json!({})).await;
    assert_eq!((ended.status, &ended.body["data"]["status"]), (200, &json!("completed")));
}

#[tokio::test]
async fn what_cannot_be_a_schedule_is_refused_with_its_field() {
    let server = Server::start();
    let with = |name: &str, value: Value| {
        let mut body = hourly();
        body[name] = value;
        body
    };
    let table = [
        ("cron", json!("every day"), "cron"),
        ("cron", json!("* * * * * *"), "cron"),
        ("cron", json!("0 0 30 2 *"), "cron"),
        ("cron", Value::Null, "cron"),
        ("time_zone", json!("Europe/Atlantis"), "time_zone"),
        ("overlap", json!("shout"), "overlap"),
        ("catch_up", json!(101), "catch_up"),
        ("is_active", json!("yes"), "is_active"),
        ("name", json!("n".repeat(101)), "name"),
        ("action", json!("test.internal"), "action"),
        ("action", json!("nothing"), "action"),
        ("action", Value::Null, "action"),
        ("input", json!({"wrong": 1}), "input.wrong"),
        ("input", json!({"long": "x".repeat(70_000)}), "input"),
        ("priority", json!(10), "priority"),
        ("run", json!({"steps": []}), "run"),
        ("run_at", json!("2027-01-01T00:00:00Z"), "run_at"),
    ];
    for (name, value, param) in table {
        let answer = server.client.post(SCHEDULES, &with(name, value)).await;
        assert_eq!((answer.status, answer.param()), (400, param), "{name}: {}", answer.body);
    }
    let runs = [
        (json!({"steps": []}), "run.steps"),
        (json!("a"), "run"),
        (json!({"steps": [{"id": "a", "action": "nothing"}]}), "run.steps[0].action"),
        (
            json!({"steps": [{"id": "a", "action": "test.echo", "input": {"wrong": 1}}]}),
            "run.steps[0].input.wrong",
        ),
    ];
    for (run, param) in runs {
        let answer = server.client.post(SCHEDULES, &json!({"cron": "@daily", "run": run})).await;
        assert_eq!((answer.status, answer.param()), (400, param), "{}", answer.body);
    }
    let answer = server.client.post(SCHEDULES, &json!({"cron": "@daily"})).await;
    assert_eq!((answer.status, answer.param()), (400, "action"));
    assert_eq!(
        server.client.post(SCHEDULES, &with("action", json!("test.disabled"))).await.code(),
        "action_disabled"
    );
}

#[tokio::test]
async fn schedules_are_their_organization_s_and_need_their_scope() {
    let server = Server::start();
    let id = made(&server.client, &hourly()).await;
    let stranger = server.stranger().await;
    let path = format!("{SCHEDULES}/{id}");
    for answer in [
        stranger.get(&path).await,
        stranger.patch(&path, &json!({})).await,
        stranger.delete(&path).await,
        stranger.post(&format!("{path}/run"), &json!({})).await,
        server.client.get(&format!("{SCHEDULES}/no-id")).await,
    ] {
        assert_eq!(answer.code(), "schedule_not_found");
    }
    let reader = server.client_with(&[Scope::Read]).await;
    assert_eq!(reader.get(SCHEDULES).await.status, 200);
    assert_eq!(reader.post(SCHEDULES, &hourly()).await.code(), "insufficient_scope");
    assert_eq!(reader.post(&format!("{path}/run"), &json!({})).await.code(), "insufficient_scope");
    let key = [("idempotency-key", "one")];
    let first = server.client.post_with(SCHEDULES, &key, &hourly()).await.body;
    let second = server.client.post_with(SCHEDULES, &key, &hourly()).await.body;
    assert_eq!(first["data"]["id"], second["data"]["id"]);
    for _ in 2..100 {
        made(&server.client, &hourly()).await;
    }
    let full = server.client.post(SCHEDULES, &hourly()).await;
    assert_eq!((full.status, full.code()), (400, "invalid_request_body"));
    assert_eq!(stranger.post(SCHEDULES, &hourly()).await.status, 201);
}
