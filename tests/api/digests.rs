//! Digests that nobody asks for, questions that are answered at once, documents sent to a chat.

use serde_json::json;
use tidemill::domain::activity::{DigestPeriod, Project, ProjectKind, Repository as Place};
use tidemill::domain::clock::{Clock, Timestamp};
use tidemill::domain::ids::{OrgId, ProjectId};
use tidemill::domain::key::Scope;

use crate::handoffs::{DAY, as_of, desk, desk_with};
use crate::repository::{BEGINNING, Repository};
use crate::server::Server;
use crate::site;

#[tokio::test]
async fn a_week_that_is_over_has_a_digest() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("mill.git");
    let mut git = Repository::new(&path);
    git.commit("main", "Ada Low", 0, "Begin the mill", &[("a.rs", Some("a\n"))]);
    git.commit("main", "Ada Low", 2 * DAY, "feat: turn at low tide", &[("b.rs", Some("b\n"))]);
    let begun = Timestamp::from_ms(BEGINNING * 1_000);
    let project = Project {
        id: ProjectId::mint(),
        org: OrgId::mint(),
        name: "Mill".to_owned(),
        key: "MILL".to_owned(),
        description: String::new(),
        kind: ProjectKind::Organization,
        repository: Some(Place { path: path.to_string_lossy().into_owned(), source: None }),
        digest: Some(DigestPeriod::Weekly),
        created_at: begun,
        updated_at: begun,
    };
    // Seven days later one Monday has passed.
    let now = Timestamp::from_ms((BEGINNING + 7 * DAY) * 1_000);
    let root = dir.path().to_owned();
    let digests = format!("/api/v1/projects/{}/digests", project.id);
    let server = Server::with(|settings| {
        settings.clock = Clock::manual(now);
        settings.team.root = Some(root);
        settings.team.project = Some(project);
    });
    let digest = loop {
        let mut listed = server.client.get(&digests).await.body["digests"].take();
        if let Some(made) = listed.as_array_mut().and_then(Vec::pop) {
            break made;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(digest["generatedBy"], "schedule:weekly");
    let (start, end) = (digest["periodStart"].as_str(), digest["periodEnd"].as_str());
    assert!(end.is_some_and(|end| end.ends_with("T00:00:00.000Z") || end.ends_with("T00:00:00Z")));
    assert!(start < end);
    assert!(digest["content"]["key_changes"].to_string().contains("low tide"), "{digest}");
    assert!(digest["markdown"].as_str().is_some_and(|text| text.contains("digest of the week")));
    let listed = server.client.get("/api/v1/jobs").await.body;
    assert_eq!(listed["data"]["data"], json!([]), "its job is nobody's");
    assert_eq!(server.stranger().await.get(&digests).await.status, 404);
}

#[tokio::test]
async fn a_question_is_answered_with_what_it_rests_on() {
    let desk = desk().await;
    let now = desk.server.clock.now().iso();
    let event = json!({
        "source": "slack", "external_id": "ops/1", "event_type": "message", "author": "Ada Low",
        "content": "The sluice gate is opened by hand every morning.", "created_at": now,
    });
    let path = format!("/api/v1/events?project_id={}", desk.project);
    let id = desk.client.post(&path, &event).await.body["ids"][0].take();
    let path = format!("/api/v1/projects/{}/qa", desk.project);
    let ask = async |question: &str| {
        let answer = desk.client.post(&path, &json!({ "question": question })).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    };
    let answer = ask("Who opens the sluice gate, and when?").await;
    assert!(answer["answer"].as_str().is_some_and(|text| text.contains("every morning")));
    assert_eq!(answer["citations"][0], format!("ev:{}", id.as_str().expect("an id")));
    let answer = ask("Which turbine does the harbour of Bergen prefer?").await;
    assert_eq!(answer["answer"], "not enough evidence");
    for question in [json!(""), json!(" "), json!("x".repeat(2_001)), json!(7)] {
        let refused = desk.client.post(&path, &json!({ "question": question })).await;
        assert_eq!(refused.status, 400, "{question}");
    }
    let reader = desk.server.client_with(&[Scope::Read]).await;
    let asked = reader.post(&path, &json!({ "question": "Who opens the gate?" })).await;
    assert_eq!(asked.status, 200, "a question changes nothing: {}", asked.body);
    let stranger = desk.server.stranger().await;
    assert_eq!(stranger.post(&path, &json!({ "question": "What?" })).await.status, 404);
}

#[tokio::test]
async fn a_document_is_sent_to_a_chat() {
    let hook =
        site::Pages::from([("/hook?wait=true", ("application/json", br#"{"id": "77"}"#.to_vec()))]);
    let address = site::serve(hook);
    let desk =
        desk_with(|settings| settings.team.channel = Some(format!("http://{address}/hook"))).await;
    let body = json!({ "project_id": desk.project, "asOf": as_of(7 * DAY) });
    let made = desk.made("/api/v1/handoffs", &body).await;
    let tell = async |mut body: serde_json::Value| {
        body["channel_id"] = json!("ops");
        desk.client.post("/api/v1/discord/send", &body).await
    };
    let id = &made["result"]["id"];
    for body in [
        json!({ "content": "The mill runs." }),
        json!({ "handoff_id": id }),
        json!({ "artifact": "last_handoff", "project_id": desk.project }),
    ] {
        let sent = tell(body.clone()).await;
        assert_eq!(sent.body, json!({"ok": true, "message_id": "77"}), "{body}");
    }
    for (body, status) in [
        (json!({}), 400),
        (json!({ "content": "a", "handoff_id": id }), 400),
        (json!({ "artifact": "last_song", "project_id": desk.project }), 400),
        (json!({ "artifact": "last_handoff" }), 400),
        (json!({ "artifact": "last_correlation", "project_id": desk.project }), 404),
        (json!({ "insight_id": id }), 404),
    ] {
        assert_eq!(tell(body.clone()).await.status, status, "{body}");
    }
    let none = desk.client.get("/api/v1/my-work").await.body;
    assert_eq!(none, json!({ "items": [] }));
    assert_eq!(desk.client.get("/api/v1/integrations/untracked").await.body, json!([]));
}
