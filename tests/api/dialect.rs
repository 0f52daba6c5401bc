//! The second dialect to the letter: the members of its objects, and how it refuses.

use reqwest::Method;
use serde_json::{Value, json};
use tidemill::domain::key::{Dialect, Scope};

use crate::client::Answer;
use crate::handoffs::{DAY, as_of, desk, desk_with};

/// The names of an object's members, in the order of the alphabet.
fn members(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .map(|members| members.keys().map(String::as_str).collect())
        .unwrap_or_default()
}

/// The words of a list, in the order of the alphabet.
fn words(list: &'static str) -> Vec<&'static str> {
    let mut words: Vec<&str> = list.split_whitespace().collect();
    words.sort_unstable();
    words
}

/// Whether a refusal has this dialect's form.
fn is_refusal(answer: &Answer) -> bool {
    members(&answer.body) == ["error"] && answer.body["error"].is_string()
}

#[tokio::test]
async fn objects_have_the_contract_s_members() {
    let desk = desk().await;
    let listed = desk.client.get("/api/v1/projects").await.body;
    assert_eq!(members(&listed), words("account_type organizations projects"));
    let org = words("id name slug role is_temporary_admin");
    assert_eq!(members(&listed["organizations"][0]), org);
    let project = words(
        "id name slug key description organization_id organization_name organization_slug \
         project_type access_role created_at updated_at",
    );
    assert_eq!(members(&listed["projects"][0]), project);

    let body = json!({ "project_id": desk.project, "asOf": as_of(7 * DAY) });
    let made = desk.made("/api/v1/handoffs", &body).await;
    let job = words(
        "id project_id kind status result_kind result_id error error_code error_meta created_at \
         updated_at",
    );
    assert_eq!((members(&made), members(&made["job"])), (words("job result"), job));
    let handoff = words(
        "id user_id project_id project_name scope_type title summary status sources key_changes \
         decisions open_questions next_steps related_event_ids created_at updated_at markdown \
         evidence model_used token_usage",
    );
    assert_eq!(members(&made["result"]), handoff, "the contract's, and how it was made");

    let path = format!("/api/v1/projects/{}/insights/plan_review", desk.project);
    let failed = desk.made(&path, &json!({ "asOf": as_of(7 * DAY) })).await;
    assert_eq!(
        (&failed["job"]["error_code"], &failed["result"]),
        (&json!("no_result"), &json!(null))
    );
    let path = format!("/api/v1/projects/{}/insights/onboarding", desk.project);
    let made = desk.made(&path, &json!({ "asOf": as_of(7 * DAY) })).await;
    let insight = words(
        "id project_id requested_by kind title summary data model_used token_usage status \
         related_event_ids created_at updated_at markdown",
    );
    assert_eq!(members(&made["result"]), insight);
    let usage = words("prompt_tokens completion_tokens total_tokens");
    assert_eq!(members(&made["result"]["token_usage"]), usage);

    let filters = format!("/api/v1/handoffs/filters?project_id={}", desk.project);
    let filters = desk.client.get(&filters).await.body["filters"]["git"].take();
    let choices =
        words("projects branches branchesByProject defaultBranchByProject eventTypes priorities");
    assert_eq!(members(&filters), choices);
    let place = members(&filters["branchesByProject"])[0];
    assert_eq!(filters["defaultBranchByProject"][place], "main");
    assert!(filters["branches"].to_string().contains("sluice"), "{filters}");
    let connected = desk.client.get("/api/v1/integrations").await.body;
    let integration = words(
        "source workspace_id workspace_name connected_at scope resource_type connection_status \
         last_validated_at",
    );
    assert_eq!(members(&connected["integrations"][0]), integration);
}

#[tokio::test]
async fn a_document_says_which_key_asked_for_it() {
    let desk = desk().await;
    let keys = desk.server.client.get("/api/v1/keys").await.body["data"].take();
    let ids: Vec<&Value> =
        keys["data"].as_array().expect("keys").iter().map(|key| &key["id"]).collect();
    let body = json!({ "project_id": desk.project, "asOf": as_of(7 * DAY) });
    let made = desk.made("/api/v1/handoffs", &body).await;
    assert!(ids.contains(&&made["result"]["user_id"]), "{made}");
    // Whichever way it was asked for.
    let own = &desk.server.client;
    let job = own.enqueue("handoffs.generate", body.clone()).await;
    own.ended(&job).await;
    let job = own.get(&format!("/api/v1/jobs/{job}")).await.body;
    assert_eq!(job["result"]["user_id"], made["result"]["user_id"], "{job}");
    let run = json!({ "steps": [{ "id": "a", "action": "handoffs.generate", "input": body }] });
    let run = own.post_with("/api/v1/runs", &[("prefer", "wait=30")], &run).await.body;
    let id = run["data"]["steps"][0]["result"]["result_id"].as_str().expect("an id");
    let found = own.get(&format!("/api/v1/handoffs/{id}")).await.body;
    assert_eq!(found["handoff"]["user_id"], made["result"]["user_id"]);
}

#[tokio::test]
async fn every_refusal_has_this_dialect_s_form() {
    let desk = desk().await;
    let project = format!("/api/v1/projects/{}", desk.project);
    let json = [("content-type", "application/json")];
    let plain = [("content-type", "text/plain")];
    let posts = [
        ("/api/v1/projects".to_owned(), "name"),
        ("/api/v1/handoffs".to_owned(), "project_id"),
        (format!("{project}/qa"), "question"),
        ("/api/v1/events".to_owned(), "event"),
        (format!("{project}/insights/correlation"), ""),
    ];
    for (path, name) in posts {
        for (status, headers, body) in
            [(400, &json, &b"{\"a\": "[..]), (400, &json, b"\"text\""), (415, &plain, b"{}")]
        {
            let refused = desk.client.ask(Method::POST, &path, headers, Some(body.to_vec())).await;
            assert_eq!((refused.status, is_refusal(&refused)), (status, true), "{path}");
        }
        let put = desk.client.ask(Method::PUT, &path, &[], None).await;
        assert_eq!((put.status, is_refusal(&put)), (405, true), "{path}");
        assert!(put.header("allow").is_some_and(|allow| allow.contains("POST")), "{path}");
        if name.is_empty() {
            continue;
        }
        // No body at all is refused for what is missing in it.
        for body in [None, Some(Vec::new())] {
            let refused = desk.client.ask(Method::POST, &path, &json, body).await;
            let text = refused.body["error"].as_str().unwrap_or_default();
            assert!(refused.status == 400 && text.contains(name), "{path}: {text}");
        }
    }
    for path in ["/api/v1/handoffs/x/y", "/api/v1/nothing", "/api/v1/handoffs/x"] {
        let missing = desk.client.get(path).await;
        assert_eq!((missing.status, is_refusal(&missing)), (404, true), "{path}");
    }
    // A route of this dialect refuses in its form whatever key is shown.
    let own = desk.server.client.get("/api/v1/handoffs?limit=none").await;
    assert_eq!((own.status, is_refusal(&own)), (400, true));
    let html = [("accept", "text/html")];
    let refused = desk.client.read_with("/api/v1/projects", &html).await;
    assert_eq!((refused.status, is_refusal(&refused)), (406, true));
}

#[tokio::test]
async fn generations_are_counted_when_they_are_accepted() {
    let desk = desk_with(|settings| settings.http.flow_relay.generations = 2).await;
    let wrong = json!({ "project_id": desk.project, "maxEvents": 0 });
    for _ in 0..3 {
        assert_eq!(desk.client.post("/api/v1/handoffs", &wrong).await.status, 400);
    }
    // Nor is a question a generation.
    let path = format!("/api/v1/projects/{}/qa", desk.project);
    for _ in 0..3 {
        assert_eq!(desk.client.post(&path, &json!({ "question": "Who?" })).await.status, 200);
    }
    let body = json!({ "project_id": desk.project, "asOf": as_of(7 * DAY) });
    let insight = format!("/api/v1/projects/{}/insights/correlation", desk.project);
    assert_eq!(desk.client.post("/api/v1/handoffs", &body).await.status, 202);
    assert_eq!(desk.client.post(&insight, &json!({})).await.status, 202);
    let refused = desk.client.post("/api/v1/handoffs", &body).await;
    assert_eq!((refused.status, is_refusal(&refused)), (429, true));
    for (name, value) in [("x-ratelimit-limit", "2"), ("x-ratelimit-remaining", "0")] {
        assert_eq!(refused.header(name), Some(value));
    }
    assert!(refused.header("retry-after").is_some() && refused.header("ratelimit").is_some());
    // Each key has its own, and only this dialect's have any.
    let scopes = [Scope::Read, Scope::Write];
    let (other, _) = desk.server.client_of(desk.server.org, &scopes, Dialect::FlowRelay).await;
    assert_eq!(other.post("/api/v1/handoffs", &body).await.status, 202);
    for _ in 0..3 {
        assert_eq!(desk.server.client.post("/api/v1/handoffs", &body).await.status, 202);
    }
}
