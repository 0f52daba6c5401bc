//! Jobs: accepted, shown, listed, cancelled, done again, deleted.

use serde_json::{Value, json};
use tidemill::domain::key::Scope;

use crate::server::Server;

#[tokio::test]
async fn a_job_is_accepted_with_its_place_and_shown_when_it_has_ended() {
    let server = Server::start();
    let body = json!({
        "action": "test.echo",
        "input": {"tide": "high"},
        "client_reference_id": "mine",
        "metadata": {"k": "v"},
    });
    let accepted = server.client.post("/api/v1/jobs", &body).await;
    let id = accepted.accepted();
    assert_eq!(accepted.header("location"), Some(format!("/api/v1/jobs/{id}").as_str()));
    assert_eq!(accepted.header("retry-after"), Some("1"));
    insta::assert_json_snapshot!("accepted", accepted.body, {
        ".id" => "[id]", ".created_at" => "[unix]", ".data.job_id" => "[uuid]",
    });
    server.client.ended(&id).await;
    let shown = server.client.get(&format!("/api/v1/jobs/{id}")).await;
    insta::assert_json_snapshot!("completed", shown.body, {
        ".id" => "[id]", ".created_at" => "[unix]", ".data.id" => "[uuid]",
        ".data.org_id" => "[uuid]", ".data.created_at" => "[unix]",
        ".data.updated_at" => "[unix]", ".data.started_at" => "[unix]",
        ".data.completed_at" => "[unix]", ".data.job_result.id" => "[uuid]",
    });
}

#[tokio::test]
async fn a_failed_job_says_why_to_people_and_to_programs() {
    let server = Server::start();
    let id = server.client.enqueue("test.fail", json!({})).await;
    let job = server.client.ended(&id).await;
    assert_eq!(job["status"], "failed");
    assert_eq!(job["error_code"], "test_failed");
    assert_eq!(job["error_log"], "It was asked to fail.");
    assert_eq!(job["payload"]["phase"], "failed");
    assert!(job["job_result"].is_null() && job.get("job_result").is_some());
}

#[tokio::test]
async fn a_job_has_no_result_before_it_ends() {
    let server = Server::start();
    let id = server.client.enqueue("test.gate", json!({})).await;
    server.gate.entered().await;
    let shown = server.client.get(&format!("/api/v1/jobs/{id}")).await.body;
    assert_eq!(shown["status"], "processing");
    assert_eq!(shown["data"]["status"], "processing");
    assert!(shown["data"].get("job_result").is_none());
    assert!(shown["data"]["result_url"].is_null() && shown["data"]["error_log"].is_null());
    server.gate.open();
    server.client.ended(&id).await;
}

#[tokio::test]
async fn a_job_that_waits_says_for_what() {
    let server = Server::start();
    for _ in 0..4 {
        server.client.enqueue("test.gate", json!({})).await;
        server.gate.entered().await;
    }
    // All four workers stand at the gate.
    let first = server.client.enqueue("test.gate", json!({})).await;
    let second = server.client.enqueue("test.gate", json!({})).await;
    let waits = async |id: &str| {
        let path = format!("/api/v1/jobs/{id}?fields=waiting_for");
        server.client.get(&path).await.body["data"]["waiting_for"].clone()
    };
    assert_eq!(waits(&first).await, json!({"reason": "worker", "position": 1}));
    assert_eq!(waits(&second).await, json!({"reason": "worker", "position": 2}));
    let later = json!({"action": "test.echo", "delay_seconds": 3600});
    let later = server.client.post("/api/v1/jobs", &later).await.accepted();
    assert_eq!(waits(&later).await["reason"], "scheduled");
    (0..6).for_each(|_| server.gate.open());
}

#[tokio::test]
async fn a_job_whose_action_is_gone_says_so() {
    let server = Server::start();
    let later = json!({"action": "test.echo", "delay_seconds": 3600});
    let id = server.client.post("/api/v1/jobs", &later).await.accepted();
    // As a restart under another configuration would find it.
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
    let path = server.dir.path().join(tidemill::store::sqlite::FILE_NAME);
    let database = rusqlite::Connection::open_with_flags(path, flags).expect("it opens");
    let gone = "update jobs set action = 'test.gone', run_at = null";
    database.execute_batch(&format!("drop trigger jobs_become_ready; {gone}")).expect("an update");
    let waiting = server.client.get(&format!("/api/v1/jobs/{id}")).await.body["data"].clone();
    assert_eq!((&waiting["status"], &waiting["attempt"]), (&json!("queued"), &json!(0)));
    assert_eq!(waiting["waiting_for"]["reason"], "worker");
    let message = waiting["waiting_for"]["message"].as_str().expect("a message");
    assert!(message.contains("`test.gone`"), "{message}");
}

#[tokio::test]
async fn fields_select_and_expansions_stay() {
    let server = Server::start();
    let id = server.client.enqueue("test.echo", json!({"a": 1})).await;
    server.client.ended(&id).await;
    let path = format!("/api/v1/jobs/{id}?fields=id,status,nothing&include=attempts,diagnostics");
    let data = server.client.get(&path).await.body["data"].clone();
    let members: Vec<&String> = data.as_object().expect("an object").keys().collect();
    assert_eq!(members, ["attempts", "diagnostics", "id", "status"]);
    assert_eq!(data["attempts"][0]["outcome"], "completed");
    assert_eq!(data["diagnostics"][0]["detail"], "1 members");
    let ignored = format!("/api/v1/jobs/{id}?expand=avatar,brand,ad&include=nothing");
    let data = server.client.get(&ignored).await.body["data"].clone();
    for absent in ["avatar", "ad", "expanded", "diagnostics", "attempts"] {
        assert!(data.get(absent).is_none(), "{absent}");
    }
}

#[tokio::test]
async fn an_attempt_that_may_be_mended_is_made_again() {
    let server = Server::start();
    let id = server.client.enqueue("test.flaky", json!({})).await;
    server.client.ended(&id).await;
    let path = format!("/api/v1/jobs/{id}?include=attempts");
    let job = server.client.get(&path).await.body["data"].clone();
    assert_eq!((&job["status"], &job["attempt"]), (&json!("completed"), &json!(2)));
    let outcomes: Vec<&Value> =
        job["attempts"].as_array().expect("a list").iter().map(|one| &one["outcome"]).collect();
    assert_eq!(outcomes, ["retried", "completed"]);
    assert_eq!(job["attempts"][0]["error"]["code"], "test_flaky");
}

#[tokio::test]
async fn jobs_are_listed_by_what_they_are_and_page_by_page() {
    let server = Server::start();
    let mut echoes = Vec::new();
    for _ in 0..3 {
        echoes.push(server.client.enqueue("test.echo", json!({"secret": "s"})).await);
    }
    let failed = server.client.enqueue("test.fail", json!({})).await;
    for id in echoes.iter().chain([&failed]) {
        server.client.ended(id).await;
    }
    let ids = async |query: &str| {
        let list = server.client.get(&format!("/api/v1/jobs?{query}")).await.body;
        assert_eq!(list["object"], "list", "{list}");
        let items = list["data"]["data"].as_array().expect("a list").clone();
        let ids: Vec<String> =
            items.iter().map(|job| job["id"].as_str().expect("an id").to_owned()).collect();
        (ids, list["data"].clone())
    };
    echoes.reverse();
    assert_eq!(ids("type=test.echo").await.0, echoes);
    assert_eq!(ids("status=failed").await.0, std::slice::from_ref(&failed));
    assert_eq!(ids("q=asked%20to").await.0, std::slice::from_ref(&failed));
    assert_eq!(ids("action=test.fail&type=test.echo").await.0, [""; 0]);
    assert_eq!(ids("created_before=1000000000").await.0, [""; 0]);
    assert_eq!(ids("created_after=2001-09-09T01:46:40Z").await.0.len(), 4);
    let (first, page) = ids("action=test.echo&limit=2").await;
    assert_eq!((first.as_slice(), &page["has_more"]), (&echoes[..2], &json!(true)));
    let cursor = page["next_cursor"].as_str().expect("a cursor");
    let (rest, page) = ids(&format!("action=test.echo&limit=2&cursor={cursor}")).await;
    assert_eq!((rest.as_slice(), &page["has_more"]), (&echoes[2..], &json!(false)));
    assert!(page["next_cursor"].is_null());
    assert!(page["data"][0].get("job_result").is_none());
    assert!(page["data"][0]["payload"].get("input").is_none());
}

#[tokio::test]
async fn a_cancelled_job_has_failed_by_its_code() {
    let server = Server::start();
    let id = server.client.enqueue("test.gate", json!({})).await;
    server.gate.entered().await;
    let cancelled = server.client.post(&format!("/api/v1/jobs/{id}/cancel"), &json!({})).await;
    assert_eq!(cancelled.status, 200, "{}", cancelled.body);
    assert_eq!(cancelled.body["data"]["status"], "failed");
    assert_eq!(cancelled.body["data"]["error_code"], "cancelled");
    assert!(cancelled.body["data"]["error_log"].is_string());
    let again = server.client.post(&format!("/api/v1/jobs/{id}/cancel"), &json!({})).await;
    assert_eq!((again.status, again.code()), (409, "job_already_terminal"));
    let listed = server.client.get("/api/v1/jobs?status=failed").await.body;
    assert_eq!(listed["data"]["data"][0]["id"], json!(id));
}

#[tokio::test]
async fn a_job_is_done_again_from_its_stored_input() {
    let server = Server::start();
    let body = json!({"action": "test.echo", "input": {"a": 1, "b": 2}, "priority": 1,
        "client_reference_id": "mine", "max_attempts": 7});
    let id = server.client.post("/api/v1/jobs", &body).await.accepted();
    server.client.ended(&id).await;
    let retry = format!("/api/v1/jobs/{id}/retry");
    let same = server.client.post_with(&retry, &[], &Value::Null).await;
    let job = server.client.ended(&same.accepted()).await;
    assert_eq!(job["job_result"]["a"], 1);
    assert_eq!(job["retry_of"], json!(id));
    assert_eq!(job["max_attempts"], 7);
    assert_eq!(job["payload"]["input"]["client_reference_id"], "mine");
    let changed = server.client.post(&retry, &json!({"input": {"b": 3, "c": 4}})).await;
    let job = server.client.ended(&changed.accepted()).await;
    assert_eq!(job["payload"]["output"], json!({"a": 1, "b": 3, "c": 4}));
    let wrong = server.client.post(&retry, &json!({"input": {"wrong": 1}})).await;
    assert_eq!((wrong.status, wrong.param()), (400, "input.wrong"));
}

#[tokio::test]
async fn only_an_ended_job_is_done_again_or_deleted() {
    let server = Server::start();
    let id = server.client.enqueue("test.gate", json!({})).await;
    server.gate.entered().await;
    let path = format!("/api/v1/jobs/{id}");
    let retry = server.client.post(&format!("{path}/retry"), &json!({})).await;
    assert_eq!((retry.status, retry.code()), (409, "job_not_terminal"));
    let delete = server.client.delete(&path).await;
    assert_eq!((delete.status, delete.code()), (409, "job_not_terminal"));
    server.gate.open();
    server.client.ended(&id).await;
    let delete = server.client.delete(&path).await;
    assert_eq!(delete.body["data"], json!({"id": id, "deleted": true}));
    assert_eq!(server.client.get(&path).await.code(), "job_not_found");
    assert_eq!(server.client.delete(&path).await.code(), "job_not_found");
}

#[tokio::test]
async fn another_organizations_job_does_not_exist() {
    let server = Server::start();
    let id = server.client.enqueue("test.echo", json!({})).await;
    server.client.ended(&id).await;
    let stranger = server.stranger().await;
    let path = format!("/api/v1/jobs/{id}");
    for answer in [
        stranger.get(&path).await,
        stranger.get(&format!("{path}?wait_for_completion=true&timeout_seconds=5")).await,
        stranger.get(&format!("{path}/log")).await,
        stranger.get(&format!("{path}/events")).await,
        stranger.delete(&path).await,
        stranger.post(&format!("{path}/cancel"), &json!({})).await,
        stranger.post(&format!("{path}/retry"), &json!({})).await,
    ] {
        assert_eq!((answer.status, answer.code()), (404, "job_not_found"));
    }
    assert_eq!(stranger.get("/api/v1/jobs").await.body["data"]["data"], json!([]));
    let bulk = stranger.post("/api/v1/jobs/cancel", &json!({"ids": [id]})).await;
    assert_eq!(bulk.body["data"]["data"][0]["error"]["code"], "job_not_found");
}

#[tokio::test]
async fn a_large_result_is_stored_and_given_back_whole() {
    let server = Server::start();
    let tide = "wave ".repeat(40_000);
    let id = server.client.enqueue("test.echo", json!({"tide": tide})).await;
    let job = server.client.ended(&id).await;
    assert_eq!(job["job_result"]["tide"], json!(tide));
    assert_eq!(job["payload"]["input"], json!({}));
}

#[tokio::test]
async fn a_key_without_write_reads_and_does_not_write() {
    let server = Server::start();
    let id = server.client.enqueue("test.echo", json!({})).await;
    let reader = server.client_with(&[Scope::Read]).await;
    assert_eq!(reader.get(&format!("/api/v1/jobs/{id}")).await.status, 200);
    let refused = reader.post("/api/v1/jobs", &json!({"action": "test.echo"})).await;
    assert_eq!((refused.status, refused.code()), (403, "insufficient_scope"));
    let writer = server.client_with(&[Scope::Write]).await;
    assert_eq!(writer.get("/api/v1/jobs").await.code(), "insufficient_scope");
}
