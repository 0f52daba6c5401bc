//! Runs: accepted whole, moved along, waited for, cancelled, done again.

use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::server::Server;
use crate::site;

/// Where runs are.
pub(crate) const RUNS: &str = "/api/v1/runs";

/// Posts a run of these steps, which must be accepted; its id.
pub(crate) async fn start(client: &Client, steps: Value) -> String {
    accepted(&client.post(RUNS, &json!({ "steps": steps })).await)
}

fn accepted(answer: &Answer) -> String {
    assert_eq!(answer.status, 202, "{}", answer.body);
    answer.body["data"]["run_id"].as_str().expect("a run id").to_owned()
}

/// The run when it has ended.
pub(crate) async fn ended(client: &Client, id: &str) -> Value {
    let path = format!("{RUNS}/{id}?wait_for_completion=true&timeout_seconds=30");
    let answer = client.get(&path).await;
    let data = answer.body["data"].clone();
    let terminal = ["completed", "failed", "cancelled"];
    assert!(terminal.iter().any(|status| data["status"] == *status), "{}", answer.body);
    data
}

/// The statuses of all steps.
fn statuses(run: &Value) -> Vec<&str> {
    let steps = run["steps"].as_array().expect("steps");
    steps.iter().map(|step| step["status"].as_str().expect("a status")).collect()
}

#[tokio::test]
async fn from_post_to_the_waiting_client() {
    let server = Server::start();
    let body = json!({
        "steps": [
            {"id": "first", "action": "test.echo", "input": {"list": [{"x": 7}], "word": "tide"}},
            {"id": "second", "action": "test.echo", "depends_on": ["first"],
             "input": {"own": 1, "x": "overridden"},
             "input_map": {"x": "$steps.first.result.list.0.x",
                           "job": "$steps.first.result.job_id"}},
        ],
        "metadata": {"campaign": ["spring", 26]},
    });
    let answer = server.client.post(RUNS, &body).await;
    assert_eq!((answer.status, &answer.body["object"]), (202, &json!("run")));
    assert_eq!((&answer.body["status"], &answer.body["error"]), (&json!("queued"), &Value::Null));
    let id = accepted(&answer);
    let location = format!("{RUNS}/{id}");
    assert_eq!(answer.header("location"), Some(location.as_str()));
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(
        answer.body["data"],
        json!({
            "run_id": id, "status": "pending",
            "steps": [{"id": "first", "status": "pending"}, {"id": "second", "status": "pending"}],
        })
    );
    let run = ended(&server.client, &id).await;
    assert_eq!((&run["id"], &run["run_id"]), (&json!(id), &json!(id)));
    assert_eq!(run["org_id"], json!(server.org));
    assert_eq!((&run["status"], &run["metadata"]), (&json!("completed"), &body["metadata"]));
    assert!(run["created_at"].is_i64() && run["updated_at"].is_i64());
    let (first, second) = (&run["steps"][0], &run["steps"][1]);
    assert_eq!((&first["id"], &first["action"]), (&json!("first"), &json!("test.echo")));
    assert_eq!((&first["depends_on"], &second["depends_on"]), (&json!([]), &json!(["first"])));
    assert_eq!(first["result"]["word"], "tide");
    assert_eq!(first["result"]["job_id"], first["job_id"]);
    assert_eq!((&first["mapped"], &first["error"]), (&json!({}), &Value::Null));
    assert_eq!(second["mapped"], json!({"x": 7, "job": first["job_id"]}));
    let result = &second["result"];
    assert_eq!((&result["own"], &result["x"]), (&json!(1), &json!(7)));
    for step in [first, second] {
        assert!(step["started_at"].is_i64() && step["completed_at"].is_i64(), "{step}");
        assert_eq!((&step["status"], &step["attempt"]), (&json!("completed"), &json!(1)));
    }
    // Each step is a job of its own, with what was passed into it.
    let job = second["job_id"].as_str().expect("an id");
    let job = server.client.get(&format!("/api/v1/jobs/{job}")).await.body["data"].clone();
    assert_eq!((&job["run_id"], &job["step_id"]), (&json!(id), &json!("second")));
    assert_eq!(job["payload"]["input"]["x"], 7);
    let again = format!("/api/v1/jobs/{}/retry", job["id"].as_str().expect("an id"));
    let again = server.client.post(&again, &json!({})).await.accepted();
    assert_eq!(server.client.ended(&again).await["job_result"]["x"], 7, "from the same input");
    let listed = server.client.get(&format!("/api/v1/jobs?run_id={id}")).await.body;
    assert_eq!(listed["data"]["data"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn an_extraction_passes_its_brand_on() {
    let server = Server::start();
    let address = site::serve(site::boat_builder());
    let id = start(
        &server.client,
        json!([
            {"id": "extract_brand", "action": "brands.extract",
             "input": {"url": format!("http://{address}/")}},
            {"id": "use", "action": "test.echo", "depends_on": ["extract_brand"],
             "input_map": {
                "brand_id": "$steps.extract_brand.result.brand_id",
                "name": "$steps.extract_brand.result.brand.name",
                "second": "$steps.extract_brand.result.brand.brand_dna.color_palette.1",
                "logo": "$steps.extract_brand.result.brand.logo_url",
             }},
        ]),
    )
    .await;
    let run = ended(&server.client, &id).await;
    assert_eq!(statuses(&run), ["completed", "completed"], "{run}");
    let (result, mapped) = (&run["steps"][0]["result"], &run["steps"][1]["mapped"]);
    assert_eq!(result["job_id"], run["steps"][0]["job_id"]);
    assert_eq!(result["brand"]["id"], result["brand_id"]);
    assert_eq!(result["brand"]["primary_hex"], "#0B5D7A");
    assert_eq!(mapped["brand_id"], result["brand_id"]);
    assert_eq!(mapped["name"], "Kielwerk");
    assert_eq!(mapped["second"], result["brand"]["brand_dna"]["color_palette"][1]);
    // The stored path passes, which names the file; whoever reads it is told its public URL.
    let path = mapped["logo"].as_str().expect("a path");
    assert!(path.starts_with("/assets/"), "{path}");
    let file = server.client.get(&format!("/api/v1{path}")).await;
    assert_eq!((file.status, file.header("content-type")), (200, Some("image/png")));
    let shown = &result["brand"]["logo_url"];
    assert!(shown.as_str().is_some_and(|url| url.starts_with(&server.client.base)), "{shown}");
    assert_eq!(&run["steps"][1]["result"]["logo"], shown);
}

#[tokio::test]
async fn a_fault_is_named_before_anything_starts() {
    let server = Server::start();
    let two = |more: Value| {
        let mut step = json!({"id": "b", "action": "test.echo"});
        for (name, value) in more.as_object().cloned().unwrap_or_default() {
            step[name] = value;
        }
        json!({"steps": [{"id": "a", "action": "test.echo"}, step]})
    };
    let extract = |more: Value| {
        let mut step = more;
        step["action"] = json!("brands.extract");
        two(step)
    };
    let many = json!(vec![json!({"id": "a", "action": "test.echo"}); 11]);
    let table = [
        (json!({}), "steps"),
        (json!({"steps": []}), "steps"),
        (json!({ "steps": many }), "steps"),
        (json!({"steps": [1]}), "steps[0]"),
        (two(json!({"id": ""})), "steps[1].id"),
        (two(json!({"id": "a"})), "steps[1].id"),
        (two(json!({"id": "x".repeat(65)})), "steps[1].id"),
        (two(json!({"action": "nothing"})), "steps[1].action"),
        (two(json!({"action": "test.internal"})), "steps[1].action"),
        (two(json!({"action": null})), "steps[1].action"),
        (two(json!({"input": "x"})), "steps[1].input"),
        (two(json!({"input": {"wrong": 1}})), "steps[1].input.wrong"),
        (two(json!({"depends_on": ["c"]})), "steps[1].depends_on[0]"),
        (two(json!({"depends_on": ["a", "b"]})), "steps[1].depends_on[1]"),
        (two(json!({"input_map": {"x": "a.result.x"}})), "steps[1].input_map.x"),
        (two(json!({"input_map": {"x": "$steps.a.result.x"}})), "steps[1].input_map.x"),
        (extract(json!({})), "steps[1].input.url"),
        (extract(json!({"input": {"url": "ftp://a.example"}})), "steps[1].input.url"),
        (extract(json!({"input": {"logoBase64": "%%"}})), "steps[1].input.logoBase64"),
        (
            extract(json!({"depends_on": ["a"], "input": {"location": 7},
                           "input_map": {"url": "$steps.a.result.url"}})),
            "steps[1].input.location",
        ),
        (json!({"steps": [{"id": "a", "action": "noop"}], "metadata": "x"}), "metadata"),
    ];
    for (body, param) in table {
        for path in [RUNS, "/api/v1/runs?validate_only=true"] {
            let answer = server.client.post(path, &body).await;
            let told = (answer.status, answer.code(), answer.param());
            assert_eq!(told, (400, "invalid_request_body", param), "{body}: {}", answer.body);
        }
    }
    let disabled = server.client.post(RUNS, &two(json!({"action": "test.disabled"}))).await;
    let told = (disabled.status, disabled.code(), disabled.param());
    assert_eq!(told, (403, "action_disabled", "steps[1].action"));
    let odd = server.client.post("/api/v1/runs?validate_only=maybe", &two(json!({}))).await;
    assert_eq!((odd.status, odd.param()), (400, "validate_only"));
    let listed = server.client.get("/api/v1/jobs").await.body;
    assert_eq!(listed["data"]["data"], json!([]));
}

#[tokio::test]
async fn a_run_can_be_validated_without_starting_it() {
    let server = Server::start();
    let body = json!({"steps": [
        {"id": "a", "action": "test.echo"},
        // Its address is filled in later: it counts as there.
        {"id": "b", "action": "brands.extract", "depends_on": ["a"],
         "input_map": {"url": "$steps.a.result.url"}},
    ]});
    let answer = server.client.post("/api/v1/runs?validate_only=true", &body).await;
    assert_eq!((answer.status, &answer.body["object"]), (200, &json!("run")));
    assert_eq!(
        (&answer.body["data"]["valid"], answer.body["data"].get("run_id")),
        (&json!(true), None)
    );
    assert_eq!(answer.body["data"]["steps"][1], json!({"id": "b", "status": "pending"}));
    let listed = server.client.get(RUNS).await.body;
    assert_eq!(listed["data"]["data"], json!([]));
}

#[tokio::test]
async fn branches_run_side_by_side_and_a_join_waits_for_both() {
    let server = Server::start();
    let id = start(
        &server.client,
        json!([
            {"id": "join", "action": "test.echo", "depends_on": ["left", "right"]},
            {"id": "left", "action": "test.gate"},
            {"id": "right", "action": "test.gate"},
        ]),
    )
    .await;
    // Both stand at the gate at once.
    server.gate.entered().await;
    server.gate.entered().await;
    let run = server.client.get(&format!("{RUNS}/{id}")).await.body;
    assert_eq!(
        (&run["status"], &run["data"]["status"]),
        (&json!("in_progress"), &json!("in_progress"))
    );
    assert_eq!(statuses(&run["data"]), ["pending", "processing", "processing"]);
    let join = run["data"]["steps"][0]["job_id"].as_str().expect("an id");
    let job = server.client.get(&format!("/api/v1/jobs/{join}")).await.body["data"].clone();
    assert_eq!(
        (&job["status"], &job["waiting_for"]["reason"]),
        (&json!("queued"), &json!("dependency"))
    );
    let deleted = server.client.delete(&format!("/api/v1/jobs/{join}")).await;
    assert_eq!(deleted.code(), "job_not_terminal");
    server.gate.open();
    server.gate.open();
    assert_eq!(statuses(&ended(&server.client, &id).await), ["completed"; 3]);
}

#[tokio::test]
async fn a_failed_step_skips_what_waits_for_it_and_lets_the_rest_run() {
    let server = Server::start();
    let id = start(
        &server.client,
        json!([
            {"id": "fails", "action": "test.fail"},
            {"id": "waits", "action": "test.echo", "depends_on": ["fails"]},
            {"id": "waits_too", "action": "test.echo", "depends_on": ["waits"]},
            {"id": "other", "action": "test.flaky"},
            {"id": "empty", "action": "test.echo", "depends_on": ["other"],
             "input_map": {"x": "$steps.other.result.nothing.0"}},
        ]),
    )
    .await;
    let run = ended(&server.client, &id).await;
    assert_eq!(run["status"], "failed");
    assert_eq!(statuses(&run), ["failed", "skipped", "skipped", "completed", "failed"]);
    let steps = &run["steps"];
    assert_eq!(steps[0]["error"], "It was asked to fail.");
    assert_eq!((&steps[1]["result"], &steps[1]["started_at"]), (&Value::Null, &Value::Null));
    assert_eq!(steps[3]["attempt"], 2, "retried before it could have failed");
    let error = steps[4]["error"].as_str().expect("why");
    assert!(error.contains("`x`") && error.contains("$steps.other.result.nothing.0"), "{error}");
    let skipped = steps[2]["job_id"].as_str().expect("an id");
    let job = server.client.get(&format!("/api/v1/jobs/{skipped}")).await.body["data"].clone();
    assert_eq!(
        (&job["status"], &job["error_code"]),
        (&json!("failed"), &json!("dependency_failed"))
    );
    assert_eq!(job["job_result"], Value::Null);
}

#[tokio::test]
async fn a_cancelled_run_ends_all_its_steps() {
    let server = Server::start();
    let id = start(
        &server.client,
        json!([
            {"id": "done", "action": "test.echo"},
            {"id": "runs", "action": "test.gate", "depends_on": ["done"]},
            {"id": "waits", "action": "test.echo", "depends_on": ["runs"]},
        ]),
    )
    .await;
    server.gate.entered().await;
    let path = format!("{RUNS}/{id}/cancel");
    let answer = server.client.post(&path, &json!({})).await;
    assert_eq!(
        (answer.status, &answer.body["status"]),
        (200, &json!("cancelled")),
        "{}",
        answer.body
    );
    assert_eq!(statuses(&answer.body["data"]), ["completed", "failed", "skipped"]);
    let error = answer.body["data"]["steps"][1]["error"].as_str().expect("why");
    assert!(error.contains("cancelled"), "{error}");
    assert_eq!(ended(&server.client, &id).await, answer.body["data"]);
    let again = server.client.post(&path, &json!({})).await;
    assert_eq!((again.status, again.code()), (409, "run_already_terminal"));
}

#[tokio::test]
async fn a_cancelled_step_fails_its_run() {
    let server = Server::start();
    let id = start(
        &server.client,
        json!([
            {"id": "a", "action": "test.gate"},
            {"id": "b", "action": "test.echo", "depends_on": ["a"]},
        ]),
    )
    .await;
    server.gate.entered().await;
    let run = server.client.get(&format!("{RUNS}/{id}")).await.body["data"].clone();
    let job = run["steps"][0]["job_id"].as_str().expect("an id");
    server.client.post(&format!("/api/v1/jobs/{job}/cancel"), &json!({})).await;
    let run = ended(&server.client, &id).await;
    assert_eq!((&run["status"], statuses(&run)), (&json!("failed"), vec!["failed", "skipped"]));
}

#[tokio::test]
async fn a_retry_begins_with_what_failed() {
    let server = Server::start();
    let id = start(
        &server.client,
        json!([
            {"id": "a", "action": "test.echo", "input": {"n": 1}},
            {"id": "b", "action": "test.gate", "depends_on": ["a"],
             "input_map": {"n": "$steps.a.result.n", "job": "$steps.a.result.job_id"}},
            {"id": "c", "action": "test.echo", "depends_on": ["b"],
             "input_map": {"n": "$steps.b.result.n"}},
        ]),
    )
    .await;
    server.gate.entered().await;
    let retry = format!("{RUNS}/{id}/retry");
    let early = server.client.post(&retry, &json!({})).await;
    assert_eq!((early.status, early.code()), (409, "job_not_terminal"));
    server.client.post(&format!("{RUNS}/{id}/cancel"), &json!({})).await;
    let key = [("idempotency-key", "r")];
    let answer = server.client.post_with(&retry, &key, &json!({})).await;
    let second = accepted(&answer);
    assert_eq!(answer.body["data"]["steps"][0], json!({"id": "a", "status": "completed"}));
    let same = server.client.post_with(&retry, &key, &json!({})).await;
    assert_eq!(
        (accepted(&same), same.header("idempotent-replayed")),
        (second.clone(), Some("true"))
    );
    server.gate.entered().await;
    server.gate.open();
    let run = ended(&server.client, &second).await;
    assert_eq!((&run["status"], &run["retry_of"]), (&json!("completed"), &json!(id)), "{run}");
    let first = ended(&server.client, &id).await;
    assert_eq!(statuses(&first), ["completed", "failed", "skipped"], "the first stays as it was");
    let (old, new) = (&first["steps"][0], &run["steps"][0]);
    assert_ne!(old["job_id"], new["job_id"]);
    assert_eq!(new["completed_at"], old["completed_at"]);
    assert_eq!(run["steps"][1]["mapped"], json!({"n": 1, "job": new["job_id"]}));
    assert_eq!(run["steps"][2]["result"]["n"], 1);
    let done = server.client.post(&format!("{RUNS}/{second}/retry"), &json!({})).await;
    assert_eq!((done.status, done.code()), (409, "run_already_terminal"));
    // What was to be done again is gone.
    let gone = first["steps"][1]["job_id"].as_str().expect("an id");
    assert_eq!(server.client.delete(&format!("/api/v1/jobs/{gone}")).await.status, 200);
    let refused = server.client.post(&retry, &json!({})).await;
    assert_eq!((refused.status, refused.code()), (404, "job_not_found"));
    let left = ended(&server.client, &id).await;
    assert_eq!(statuses(&left)[0], "completed");
    assert_eq!(left["steps"][1]["job_id"], json!(gone));
}

#[tokio::test]
async fn the_same_request_is_one_run() {
    let server = Server::start();
    let key = [("idempotency-key", "one")];
    let body = json!({"steps": [{"id": "a", "action": "test.echo"}]});
    let first = server.client.post_with(RUNS, &key, &body).await;
    let again = server.client.post_with(RUNS, &key, &body).await;
    assert_eq!((again.status, &again.body), (202, &first.body));
    assert_eq!(again.header("x-idempotency-replayed"), Some("true"));
    let both = [key[0], ("prefer", "wait=10")];
    let waited = server.client.post_with(RUNS, &both, &body).await;
    assert_eq!((waited.status, &waited.body["data"]["id"]), (200, &json!(accepted(&first))));
    let other = json!({"steps": [{"id": "b", "action": "test.echo"}]});
    let refused = server.client.post_with(RUNS, &key, &other).await;
    assert_eq!((refused.status, refused.code()), (409, "idempotency_key_mismatch"));
    // A job's keys are not a run's.
    let job = json!({"action": "test.echo"});
    assert_eq!(server.client.post_with("/api/v1/jobs", &key, &job).await.status, 202);
    let listed = server.client.get(RUNS).await.body;
    assert_eq!(listed["data"]["data"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn waiting_ends_with_the_run_or_the_time() {
    let server = Server::start();
    let steps = json!([{"id": "a", "action": "test.gate"}]);
    let prefer = [("prefer", "wait=0")];
    let answer = server.client.post_with(RUNS, &prefer, &json!({ "steps": steps })).await;
    let id = accepted(&answer);
    assert_eq!(answer.header("preference-applied"), Some("wait=0"));
    server.gate.entered().await;
    let path = format!("{RUNS}/{id}?wait_for_completion=true&timeout_seconds=0.05");
    let late = server.client.get(&path).await;
    assert_eq!((late.status, late.header("retry-after")), (200, Some("0")));
    assert_eq!(late.body["data"]["status"], "in_progress");
    let odd = server.client.get(&format!("{RUNS}/{id}?timeout_seconds=soon")).await;
    assert_eq!((odd.status, odd.param()), (400, "timeout_seconds"));
    let path = format!("{RUNS}/{id}");
    let wait = [("prefer", "wait=20")];
    let waiting = server.client.read_with(&path, &wait);
    let (answer, ()) = tokio::join!(waiting, async { server.gate.open() });
    assert_eq!(answer.header("preference-applied"), Some("wait=20"));
    assert_eq!((&answer.body["status"], answer.header("retry-after")), (&json!("completed"), None));
}

#[tokio::test]
async fn a_run_needs_room_for_all_its_steps() {
    let server = Server::with(|settings| settings.queue_limit = 2);
    let step = |id: &str| json!({"id": id, "action": "test.echo"});
    let body = json!({"steps": [step("a"), step("b"), step("c")]});
    let refused = server.client.post(RUNS, &body).await;
    assert_eq!((refused.status, refused.code()), (429, "queue_limit_exceeded"));
    let id = start(&server.client, json!([step("a"), step("b")])).await;
    ended(&server.client, &id).await;
}

#[tokio::test]
async fn large_results_pass_values_on() {
    let server = Server::start();
    let text = "x".repeat(60_000);
    let id = start(
        &server.client,
        json!([
            {"id": "a", "action": "test.echo", "input": {"one": text, "two": text, "small": 1}},
            {"id": "b", "action": "test.echo", "depends_on": ["a"],
             "input_map": {"small": "$steps.a.result.small", "one": "$steps.a.result.one"}},
        ]),
    )
    .await;
    let run = ended(&server.client, &id).await;
    assert_eq!(statuses(&run), ["completed", "completed"]);
    assert_eq!(run["steps"][1]["result"]["small"], 1);
    assert_eq!(run["steps"][1]["result"]["one"].as_str().map(str::len), Some(60_000));
}
