//! Insights: all five kinds over HTTP, of a repository, a tracker and a chat.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::handoffs::{DAY, Desk, as_of, desk, desk_with};
use crate::repository::Repository;

/// Work in a tracker and a chat beside the repository's.
async fn with_a_tracker(desk: &Desk) {
    let milestone = |due: i64| json!({"title": "Spring", "due_at": as_of_ms(due)});
    let issue = |key: &str, state: &str, closed: Option<i64>| {
        json!({
            "source": "linear", "external_id": key, "event_type": "issue", "title": "Mend it",
            "created_at": as_of(2 * DAY), "updated_at": as_of(6 * DAY), "author": "Bob Roe",
            "facts": {
                "kind": "issue", "key": key, "state": state, "milestone": milestone(8 * DAY),
                "closed_at": closed.map(as_of_ms),
            },
        })
    };
    let words = json!({
        "source": "slack", "external_id": "ops/1", "event_type": "message",
        "content": "The gate of #4 is closed now, and MILL-7 with it. Who oils the wheel?",
        "author": "Ada Low", "created_at": as_of(6 * DAY + 60),
    });
    let all =
        json!([issue("MILL-7", "closed", Some(6 * DAY)), issue("MILL-8", "open", None), words]);
    let path = format!("/api/v1/events?project_id={}", desk.project);
    let sent = desk.client.post(&path, &all).await;
    assert_eq!(sent.status, 200, "{}", sent.body);
}

fn as_of_ms(seconds: i64) -> Value {
    json!((crate::repository::BEGINNING + seconds) * 1_000)
}

/// Every `evidence` of the data; each item of a list has some.
fn evidence(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(own) = members.get("evidence") {
                let own = own.as_array().expect("a list");
                assert!(!own.is_empty(), "{value}");
                found.extend(own.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            members.values().for_each(|member| evidence(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| evidence(item, found)),
        _ => {}
    }
}

const KINDS: [(&str, &str, &[&str]); 5] = [
    ("correlation", "cross_source_correlation", &["correlations", "open_threads", "patterns"]),
    (
        "onboarding",
        "onboarding_brief",
        &[
            "first_steps",
            "key_decisions",
            "key_people",
            "overview",
            "pitfalls",
            "recommended_reading",
        ],
    ),
    (
        "architecture",
        "architecture_insight",
        &["metrics", "patterns", "recommendations", "risks", "trade_offs"],
    ),
    ("release_notes", "release_notes", &["contributors", "groups", "range", "style"]),
    (
        "plan_review",
        "plan_review",
        &["concerns", "milestones", "next_steps", "slips", "throughput"],
    ),
];

#[tokio::test]
async fn each_kind_is_made_with_its_members_and_with_evidence() {
    let desk = desk().await;
    with_a_tracker(&desk).await;
    let insights = format!("/api/v1/projects/{}/insights", desk.project);
    for (word, kind, names) in KINDS {
        let body = json!({ "asOf": as_of(7 * DAY) });
        let made = desk.made(&format!("{insights}/{word}"), &body).await;
        let (job, result) = (&made["job"], &made["result"]);
        assert_eq!((&job["status"], &job["kind"]), (&json!("completed"), &json!(kind)), "{made}");
        assert_eq!((&job["result_kind"], &job["result_id"]), (&json!("insight"), &result["id"]));
        assert_eq!(
            (&result["kind"], &result["model_used"]),
            (&json!(kind), &json!("extractive/1"))
        );
        let data = result["data"].as_object().expect("an object");
        assert_eq!(data.keys().map(String::as_str).collect::<Vec<_>>(), names, "{word}");
        let mut cited = BTreeSet::new();
        evidence(&result["data"], &mut cited);
        for id in result["related_event_ids"].as_array().expect("a list") {
            assert!(cited.contains(id.as_str().expect("an id")), "{word}: {id}");
        }
        assert!(result["markdown"].as_str().is_some_and(|text| text.contains("Window: ")));
        for name in [word, kind] {
            let listed = desk.client.get(&format!("{insights}?kind={name}")).await.body;
            assert_eq!(listed["insights"], json!([result]));
        }
        let again = desk.made(&format!("{insights}/{word}"), &body).await;
        for same in ["title", "summary", "data", "markdown", "related_event_ids"] {
            assert_eq!(again["result"][same], result[same], "{word}");
        }
        let own = format!("/api/v1/insights/{}", result["id"].as_str().expect("an id"));
        assert_eq!(desk.client.get(&own).await.body["insight"], *result);
        let status = json!({"status": "archived"});
        for id in [result, &again["result"]] {
            let own = format!("/api/v1/insights/{}", id["id"].as_str().expect("an id"));
            assert_eq!(
                desk.client.patch(&own, &status).await.body["insight"]["status"],
                "archived"
            );
        }
    }
    assert_eq!(desk.client.get(&insights).await.body, json!({ "insights": [] }));
    let all = desk.client.get(&format!("{insights}?status=all&limit=100")).await.body;
    assert_eq!(all["insights"].as_array().map(Vec::len), Some(10));
}

#[tokio::test]
async fn what_each_kind_finds_is_what_happened() {
    let desk = desk().await;
    with_a_tracker(&desk).await;
    let made = async |kind: &str, mut body: Value| {
        body["asOf"] = json!(as_of(7 * DAY));
        let path = format!("/api/v1/projects/{}/insights/{kind}", desk.project);
        desk.made(&path, &body).await["result"]["data"].take()
    };
    let joined = made("correlation", json!({})).await["correlations"].to_string();
    assert!(joined.contains("slack") && joined.contains("#4"), "{joined}");
    let code = made("architecture", json!({"focusQuestion": "What of the wheel?"})).await;
    assert!(code["metrics"].to_string().contains("Rust: 3 files"), "{code}");
    let brief = made("onboarding", json!({"newMemberRole": "miller"})).await;
    assert!(brief["overview"].to_string().contains("3 files"), "{brief}");
    let notes = made("release_notes", json!({"source": "git"})).await;
    assert_eq!((&notes["style"], &notes["range"]["to"]), (&json!("release_notes"), &json!("v1.0")));
    assert!(notes["groups"]["features"].to_string().contains("low tide"), "{notes}");
    assert!(notes["groups"]["fixes"].to_string().contains("gate"), "{notes}");
    let described = made("release_notes", json!({"style": "pr_description"})).await;
    assert_eq!(described["style"], "pr_description");
    let plan = made("plan_review", json!({})).await;
    let spring = &plan["milestones"][0];
    assert_eq!((&spring["title"], &spring["done"]), (&json!("Spring"), &json!(1)), "{plan}");
    assert_eq!((&spring["total"], &spring["overdue"]), (&json!(2), &json!(false)));
}

#[tokio::test]
async fn what_is_out_of_range_is_named_and_an_unknown_kind_is_not_there() {
    let desk = desk().await;
    let insights = format!("/api/v1/projects/{}/insights", desk.project);
    for (kind, name, value) in [
        ("correlation", "lookbackHours", json!(2_161)),
        ("onboarding", "lookbackDays", json!(366)),
        ("onboarding", "newMemberRole", json!(7)),
        ("architecture", "maxEvents", json!(0)),
        ("architecture", "sources", json!(["slack"])),
        ("release_notes", "source", json!("slack")),
        ("release_notes", "sources", json!(["git"])),
        ("release_notes", "style", json!("song")),
        ("release_notes", "lookbackDays", json!(3_651)),
        ("plan_review", "asOf", json!(5)),
    ] {
        let mut body = json!({});
        body[name] = value;
        let refused = desk.client.post(&format!("{insights}/{kind}"), &body).await;
        let text = refused.body["error"].as_str().unwrap_or_default();
        assert!(refused.status == 400 && text.contains(name), "{kind} {name}: {text}");
    }
    for path in ["/weather", "/cross_source_correlation"] {
        let missing = desk.client.post(&format!("{insights}{path}"), &json!({})).await;
        assert_eq!(missing.status, 404, "{path}");
    }
    assert_eq!(desk.client.get(&format!("{insights}?kind=weather")).await.status, 400);
    assert_eq!(desk.client.get(&format!("{insights}?status=gone")).await.status, 400);
    let stranger = desk.server.stranger().await;
    assert_eq!(stranger.post(&format!("{insights}/correlation"), &json!({})).await.status, 404);
    assert_eq!(stranger.get(&insights).await.status, 404);
}

#[tokio::test]
async fn an_insight_is_a_step_of_a_run_under_both_names() {
    let desk = desk().await;
    let step = |id: &str, kind: &str| {
        let input = json!({"project_id": desk.project, "kind": kind, "asOf": as_of(7 * DAY)});
        json!({"id": id, "action": "insights.generate", "input": input})
    };
    let run = json!({"steps": [step("a", "onboarding"), step("b", "release_notes")]});
    let wait = [("prefer", "wait=30")];
    let run = desk.server.client.post_with("/api/v1/runs", &wait, &run).await;
    for step in run.body["data"]["steps"].as_array().expect("steps") {
        assert_eq!(
            (&step["status"], &step["result"]["result_kind"]),
            (&json!("completed"), &json!("insight")),
            "{step}"
        );
    }
    let input = json!({"project_id": desk.project, "kind": "weather"});
    let job = json!({"action": "insights.generate", "input": input});
    let refused = desk.server.client.post("/api/v1/jobs", &job).await;
    assert_eq!((refused.status, &refused.body["error"]["param"]), (400, &json!("input.kind")));
}

#[tokio::test]
async fn a_body_may_be_left_out() {
    let desk = desk().await;
    let path = format!("/api/v1/projects/{}/insights/correlation", desk.project);
    let json = [("content-type", "application/json")];
    for body in [None, Some(Vec::new()), Some(b"{}".to_vec())] {
        let accepted = desk.client.ask(Method::POST, &path, &json, body.clone()).await;
        assert_eq!(
            (accepted.status, &accepted.body["status"]),
            (202, &json!("pending")),
            "{body:?}"
        );
    }
}

#[tokio::test]
async fn release_notes_begin_at_the_release_before_however_old_it_is() {
    let desk = desk().await;
    let path = desk.dir.path().join("old.git");
    let mut git = Repository::new(&path);
    let begun = git.commit("main", "Ada Low", 0, "Begin the mill", &[("a.rs", Some("a\n"))]);
    git.tag("v1.0", &begun);
    let gate = [("b.rs", Some("b\n"))];
    git.commit("main", "Ada Low", 20 * DAY, "feat: add a gate", &gate);
    git.commit("main", "Ada Low", 700 * DAY, "fix: oil the wheel", &[("a.rs", Some("aa\n"))]);
    let project = json!({"name": "Old mill", "repository": path});
    let made = desk.client.post("/api/v1/projects", &project).await;
    let project = made.body["project"]["id"].as_str().expect("an id");
    let path = format!("/api/v1/projects/{project}/insights/release_notes");
    let notes = desk.made(&path, &json!({ "asOf": as_of(701 * DAY) })).await["result"].take();
    let data = &notes["data"];
    assert_eq!(data["range"]["from"], "v1.0", "{notes}");
    assert!(data["groups"]["features"].to_string().contains("gate"), "{notes}");
    assert!(data["groups"]["fixes"].to_string().contains("wheel"), "{notes}");
    // A window that is asked for counts, whatever was released in it.
    let back = async |days: u32| {
        let body = json!({ "asOf": as_of(701 * DAY), "lookbackDays": days });
        desk.made(&path, &body).await["result"]["data"].take()
    };
    let (short, long) = (back(30).await, back(800).await);
    assert_eq!(short["groups"]["features"], json!([]), "{short}");
    assert!(short["groups"]["fixes"].to_string().contains("wheel"), "{short}");
    assert!(long.to_string().contains("Begin the mill"), "{long}");
}

#[tokio::test]
async fn a_flow_that_is_switched_off_says_so_in_its_job() {
    let desk =
        desk_with(|settings| settings.team.disabled = vec!["insights.generate".to_owned()]).await;
    let path = format!("/api/v1/projects/{}/insights/correlation", desk.project);
    let job = desk.made(&path, &json!({})).await["job"].take();
    assert_eq!((&job["status"], &job["error_code"]), (&json!("failed"), &json!("plan_violation")));
    assert!(job["error"].as_str().is_some_and(|text| text.contains("switched")), "{job}");
}

#[tokio::test]
async fn a_quota_that_is_used_up_is_told_apart() {
    let desk = desk_with(|settings| settings.team.generations_per_day = 1).await;
    let handoffs = json!({ "project_id": desk.project, "asOf": as_of(7 * DAY) });
    assert_eq!(desk.made("/api/v1/handoffs", &handoffs).await["job"]["status"], "completed");
    let job = desk.made("/api/v1/handoffs", &handoffs).await["job"].take();
    assert_eq!((&job["status"], &job["error_code"]), (&json!("failed"), &json!("quota_exceeded")));
}
