//! What insights and answers tell of small teams.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::activity::{InsightDraft, InsightRequest, NoInsight, ReleaseStyle, answer, insight};
use crate::domain::activity::{
    Author, Event, Facts, FileText, InsightContent, ItemState, Milestone, Release,
    RepositorySnapshot, Tag, Touch, WorkItem,
};

use super::{
    at, candidates, commit, event, issue, material, message, project, selection, sha, snapshot,
};

fn asked(
    events: &[Event],
    tree: Option<&RepositorySnapshot>,
    request: &InsightRequest,
) -> Result<InsightContent, NoInsight> {
    let (project, candidates) = (project(), candidates(events.to_vec()));
    let material = material(&project, &candidates, tree);
    insight(&material, &selection(150), request, &mut |_, _| true).map(InsightDraft::content)
}

/// Every `evidence` in the data, and that each item has some that exists.
fn evidence_of(
    value: &Value,
    tree: Option<&RepositorySnapshot>,
    events: &[Event],
) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    match value {
        Value::Object(object) => {
            if let Some(evidence) = object.get("evidence").and_then(Value::as_array) {
                assert!(!evidence.is_empty(), "{object:?}");
                found.extend(evidence.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            found.extend(object.values().flat_map(|one| evidence_of(one, tree, events)));
        }
        Value::Array(values) => {
            found.extend(values.iter().flat_map(|one| evidence_of(one, tree, events)));
        }
        _ => {}
    }
    for one in &found {
        let path = one.split("#L").next().unwrap_or(one);
        let is_file = tree.is_some_and(|tree| tree.has_file(path));
        assert!(is_file || events.iter().any(|event| event.id.to_string() == *one), "{one}");
    }
    found
}

fn team() -> Vec<Event> {
    let mut feature = commit(1, 10, "feat(http): tell the tide", "src/http/tide.rs");
    feature.content = "Refs #12".to_owned();
    let breaking = commit(2, 20, "fix(store)!: keep levels in centimetres", "src/store/level.rs");
    let closed = WorkItem {
        state: ItemState::Closed,
        closed_at: Some(at(30)),
        milestone: Some(Milestone { title: "Spring".to_owned(), due_at: Some(at(90)) }),
        ..WorkItem::default()
    };
    let open = WorkItem { state: ItemState::Open, closed_at: None, ..closed.clone() };
    let tag = Release { tag: "v1.1".to_owned(), sha: Some(sha(2)) };
    let mut release = event(feature.source, "tag/v1.1", 40, Facts::Release(tag));
    release.title = "v1.1".to_owned();
    vec![
        feature,
        breaking,
        issue("#12", 5, "Tell the tide", closed),
        issue("#13", 6, "Mend the sluice gate", open),
        message("m1", 12, "Bo Bay", "t1", "The tide of #12 is told. Who checks the levels?"),
        release,
    ]
}

fn tree() -> RepositorySnapshot {
    let texts = [
        ("README.md", "# Tide mill\n\nThe mill grinds when the water is high enough to turn it.\n"),
        ("src/http/tide.rs", "use crate::store::level::Level;\n"),
        ("src/store/level.rs", "use crate::http::tide::Tide;\n"),
        ("src/lib.rs", "mod http;\nmod store;\n"),
    ];
    let mut tree = snapshot(&texts.map(|(path, _)| path));
    let text =
        |(path, text): (&str, &str)| FileText { path: path.to_owned(), text: text.to_owned() };
    tree.texts = texts.into_iter().map(text).collect();
    tree.texts.sort_by(|one, other| one.path.cmp(&other.path));
    let tag = |name: &str, hours| Tag { name: name.to_owned(), sha: sha(2), at: at(hours) };
    tree.tags = vec![tag("v1.0", -50), tag("v1.1", 40)];
    let touch = |nth: u32| Touch {
        sha: sha(100 + nth),
        author: Author::named("Ada Low"),
        at: at(0),
        subject: "fix: levels".to_owned(),
        paths: vec!["src/store/level.rs".to_owned()],
    };
    tree.history = (0..12).map(touch).collect();
    tree
}

fn requests() -> Vec<InsightRequest> {
    vec![
        InsightRequest::Correlation,
        InsightRequest::Onboarding { new_member_role: Some("miller".to_owned()), focus_area: None },
        InsightRequest::Architecture { focus_question: None },
        InsightRequest::ReleaseNotes {
            source: None,
            repo: None,
            style: ReleaseStyle::ReleaseNotes,
            since: None,
        },
        InsightRequest::ReleaseNotes {
            source: None,
            repo: None,
            style: ReleaseStyle::PrDescription,
            since: None,
        },
        InsightRequest::PlanReview,
    ]
}

#[test]
fn every_kind_has_evidence_for_each_item_and_is_the_same_twice() {
    let (events, tree) = (team(), tree());
    for request in requests() {
        let content = asked(&events, Some(&tree), &request).expect("an insight");
        let turned: Vec<Event> = events.iter().rev().cloned().collect();
        assert_eq!(asked(&turned, Some(&tree), &request).as_ref(), Ok(&content));
        let data = Value::Object(content.data.clone());
        let evidence = evidence_of(&data, Some(&tree), &events);
        let mut of_events: Vec<String> = evidence
            .into_iter()
            .filter(|one| events.iter().any(|event| event.id.to_string() == *one))
            .collect();
        of_events.sort();
        let mut related: Vec<String> =
            content.related_event_ids.iter().map(ToString::to_string).collect();
        related.sort();
        assert_eq!(related, of_events, "{:?}", content.kind);
        assert!(!content.title.is_empty() && !content.summary.is_empty());
        assert_eq!(content.model_used, "extractive/1");
    }
}

#[test]
fn a_cycle_is_found_with_its_files() {
    let request =
        InsightRequest::Architecture { focus_question: Some("Is there a cycle?".to_owned()) };
    let content = asked(&[], Some(&tree()), &request).expect("an insight");
    let risk = &content.data["risks"][0];
    assert_eq!(risk["directories"], json!(["src/http", "src/store"]));
    assert_eq!(risk["evidence"], json!(["src/http/tide.rs", "src/store/level.rs"]));
    let all = content.data["risks"].to_string();
    assert!(all.contains("known by one person: Ada Low made 12 of its 12 commits"), "{all}");
}

#[test]
fn code_that_is_not_parsed_is_told_of() {
    let mut tree = tree();
    let request = InsightRequest::Architecture { focus_question: None };
    let content = asked(&[], Some(&tree), &request).expect("an insight");
    assert!(!content.summary.contains("Not parsed"), "{}", content.summary);
    tree.files.extend(snapshot(&["lib/gate.rb", "lib/wheel.rb", "native/mill.c"]).files);
    tree.files.sort_by(|one, other| one.path.cmp(&other.path));
    let content = asked(&[], Some(&tree), &request).expect("an insight");
    let told = "Not parsed: 2 files of Ruby and 1 file of C.";
    assert!(content.summary.contains(told), "{}", content.summary);
    let metrics = content.data["metrics"].as_array().expect("a list");
    let ruby = metrics.iter().find(|item| item["name"] == "not_parsed_Ruby").expect("it is told");
    assert_eq!((&ruby["value"], &ruby["evidence"]), (&json!(2), &json!(["lib/gate.rb"])));
}

#[test]
fn architecture_stops_when_it_is_told_to() {
    let (project, none, tree) = (project(), candidates(Vec::new()), tree());
    let material = material(&project, &none, Some(&tree));
    let request = InsightRequest::Architecture { focus_question: None };
    let stopped = insight(&material, &selection(1), &request, &mut |_, _| false);
    assert_eq!(stopped.err(), Some(NoInsight::Stopped));
}

#[test]
fn releases_are_told_by_sort_between_their_tags() {
    let style = ReleaseStyle::ReleaseNotes;
    let mut tree = tree();
    tree.head = sha(2);
    let since = tree.tags.first().cloned();
    let request = InsightRequest::ReleaseNotes { source: None, repo: None, style, since };
    let content = asked(&team(), Some(&tree), &request).expect("notes");
    assert_eq!(content.data["range"]["from"], "v1.0");
    assert_eq!(content.data["range"]["to"], "v1.1");
    let groups = &content.data["groups"];
    assert_eq!(groups["features"][0]["title"], "http: tell the tide");
    assert_eq!(groups["breaking"][0]["title"], "store: keep levels in centimetres");
    assert_eq!(groups["fixes"], json!([]));
    assert_eq!(content.data["contributors"][0]["name"], "Ada Low");
}

#[test]
fn a_plan_is_reviewed_where_there_is_one() {
    let content = asked(&team(), None, &InsightRequest::PlanReview).expect("a review");
    let milestone = &content.data["milestones"][0];
    assert_eq!(milestone["title"], "Spring");
    assert_eq!((&milestone["done"], &milestone["total"]), (&json!(1), &json!(2)));
    assert_eq!(milestone["overdue"], true);
    assert_eq!(content.data["throughput"]["opened_per_week"], 2.0);
    let none =
        asked(&[commit(1, 1, "Oil the wheel well", "a.rs")], None, &InsightRequest::PlanReview);
    assert!(matches!(none, Err(NoInsight::NoResult(_))));
}

#[test]
fn an_answer_quotes_what_it_cites_or_says_that_it_cannot() {
    let (project, candidates, tree) = (project(), candidates(team()), tree());
    let material = material(&project, &candidates, Some(&tree));
    let known = answer(&material, "When does the mill grind?");
    assert!(known.is_answered);
    assert!(known.answer.contains("grinds when the water is high enough"), "{}", known.answer);
    assert_eq!(known.citations[0].to_string(), "file:README.md#L1");
    let event = answer(&material, "Who mends the sluice gate?");
    assert!(event.citations[0].to_string().starts_with("ev:"), "{event:?}");
    let unknown = answer(&material, "Which tide tables does the harbour master of Bergen publish?");
    assert_eq!(unknown.answer, "not enough evidence");
    assert!(!unknown.is_answered && !unknown.citations.is_empty());
}

#[test]
fn a_crate_is_known_by_its_package_and_not_by_its_folder() {
    let mut tree = tree();
    let texts = [
        ("crates/regex/Cargo.toml", "[package]\nname = \"grep-regex\"\n"),
        ("crates/regex/src/lib.rs", "pub struct Regex;\n"),
        ("crates/wheel/src/lib.rs", "use regex::bytes::Regex;\n"),
        ("crates/mill/src/lib.rs", "use grep_regex::Regex;\n"),
    ];
    let paths: Vec<&str> = texts.iter().map(|(path, _)| *path).collect();
    let files = snapshot(&paths).files;
    tree.files = files;
    tree.texts = texts
        .map(|(path, text)| FileText { path: path.to_owned(), text: text.to_owned() })
        .into_iter()
        .collect();
    tree.texts.sort_by(|one, other| one.path.cmp(&other.path));
    let request = InsightRequest::Architecture { focus_question: None };
    let content = asked(&[], Some(&tree), &request).expect("an insight");
    let patterns = content.data["patterns"].to_string();
    assert!(patterns.contains("`crates/mill/src` imports `crates/regex/src`"), "{patterns}");
    assert!(!patterns.contains("crates/wheel"), "{patterns}");
}
