//! `tidemill import`: a repository and every kind of export, read once and again, with and without
//! a server that runs.

use std::fs;

use serde_json::{Value, json};

use crate::process::{Place, err, out};
use crate::repository::Repository;
use crate::wire::get;

/// A place with the project `Mill`.
fn mill() -> Place {
    let place = Place::new();
    let added = place.run(&["projects", "add", "Mill"]);
    assert!(added.status.success(), "{}", err(&added));
    place
}

/// What an import says: its summary, and its remarks.
fn import(place: &Place, kind: &str, path: &str, more: &[&str]) -> (String, String) {
    let words = [&["import", kind, path, "--project", "Mill"], more].concat();
    let said = place.run(&words);
    assert!(said.status.success(), "{kind}: {}", err(&said));
    (out(&said), err(&said))
}

#[test]
fn a_repository_is_read_with_progress_and_once() {
    let place = Place::new();
    let path = place.path().join("mill.git");
    let mut git = Repository::new(&path);
    git.commit("main", "Ada Low", 0, "Begin the mill", &[("a.rs", Some("a\n"))]);
    git.branch("wheel", "main");
    git.commit("wheel", "Ada Low", 60, "Turn at low tide", &[("b.rs", Some("b\n"))]);
    let merged = git.merge("main", "wheel", 120, "Merge branch 'wheel'");
    git.tag("v1", &merged);
    let path = path.to_str().expect("text");
    let added = place.run(&["projects", "add", "Mill", "--repo", path]);
    assert!(added.status.success(), "{}", err(&added));
    let listed = out(&place.run(&["projects", "list"]));
    assert!(listed.contains("default\tMill\tMILL\t") && listed.contains(path), "{listed}");
    // As far back as it takes, whatever this machine's clock says.
    let days = ["--days", "36500"];
    let (summary, remarks) = import(&place, "git", path, &days);
    assert_eq!(summary, "4 new, 0 changed, 0 skipped, 0 refused\n");
    for told in ["looking through the history", "reading 3 commits of the last 36500 days"] {
        assert!(remarks.contains(told), "{remarks}");
    }
    assert_eq!(import(&place, "git", path, &days).0, "0 new, 0 changed, 4 skipped, 0 refused\n");
    let (renamed, _) = import(&place, "git", path, &["--days", "36500", "--source", "github"]);
    assert_eq!(renamed, "4 new, 0 changed, 0 skipped, 0 refused\n");
}

/// One record of each kind of export, in a file of this name.
fn exports() -> [(&'static str, &'static str, String); 9] {
    let day = "2026-01-05T10:00:00Z";
    let issue = json!([{"number": 3, "title": "It leaks", "created_at": day}]).to_string();
    let merge = json!([{"iid": 7, "title": "Turn", "state": "opened", "source_branch": "turn",
        "target_branch": "main", "created_at": day, "references": {"full": "acme/mill!7"}}]);
    let message = json!([{"type": "message", "user": "U1", "text": "It turns.",
        "ts": "1767225700.000100"}]);
    let report = "<testsuite name=\"s\" timestamp=\"2026-01-05T10:00:00\">\
        <testcase name=\"a\"/></testsuite>";
    let said = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ada>We turn.</v>\n";
    [
        ("github", "issues.json", issue.clone()),
        ("gitlab", "merge_requests.json", merge.to_string()),
        ("gitea", "issues.json", issue.clone()),
        ("slack", "ops/2026-01-01.json", message.to_string()),
        ("jira", "jira.csv", "Issue key,Summary,Created\nM-1,Oil it,2026-01-05\n".to_owned()),
        ("linear", "linear.csv", format!("ID,Title,Created\nMIL-1,Oil it,{day}\n")),
        ("junit", "report.xml", report.to_owned()),
        ("markdown", "plan.md", "# Plan\n\nDate: 2026-01-05\n\nWe turn.\n".to_owned()),
        ("vtt", "standup-2026-01-05.vtt", said.to_owned()),
    ]
}

#[test]
fn every_kind_of_export_is_read_once() {
    let place = mill();
    for (kind, name, text) in exports() {
        let folder = place.path().join(kind);
        let file = folder.join(name);
        fs::create_dir_all(file.parent().expect("below it")).expect("made");
        fs::write(file, text).expect("written");
        let summary = |more: &str| format!("{more}, 0 refused\n");
        let path = folder.to_str().expect("text");
        let (first, _) = import(&place, kind, path, &[]);
        assert_eq!(first, summary("1 new, 0 changed, 0 skipped"), "{kind}");
        let (second, _) = import(&place, kind, path, &[]);
        assert_eq!(second, summary("0 new, 0 changed, 1 skipped"), "{kind}");
    }
    // Forgejo's are Gitea's.
    let path = place.path().join("gitea");
    let (again, _) = import(&place, "forgejo", path.to_str().expect("text"), &[]);
    assert_eq!(again, "0 new, 0 changed, 1 skipped, 0 refused\n");
}

#[test]
fn what_changed_and_what_is_refused_is_told_beside_a_running_server() {
    let place = mill();
    let table = |title: &str| {
        let rows = format!("M-1,{title},2026-01-05\nM-2,No date,soon\n");
        fs::write(place.path().join("t.csv"), format!("Issue key,Summary,Created\n{rows}"))
            .expect("written");
    };
    table("Oil it");
    assert_eq!(import(&place, "jira", "t.csv", &[]).0, "1 new, 0 changed, 0 skipped, 1 refused\n");
    let mut server = place.serve();
    let key = server.first_key();
    table("Oil it with ghp_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789");
    let (summary, remarks) = import(&place, "jira", "t.csv", &[]);
    assert_eq!(summary, "0 new, 1 changed, 0 skipped, 1 refused\n");
    assert!(remarks.contains("refused: t.csv, row 3: `Created`"), "{remarks}");
    let (status, answer) = get(&server.address, "/api/v1/events?source=jira", &key);
    let body = answer.split("\r\n\r\n").nth(1).unwrap_or_default();
    let body: Value = body.parse().expect("JSON");
    assert_eq!((status, body["events"].as_array().map(Vec::len)), (200, Some(1)));
    let title = body["events"][0]["title"].as_str().unwrap_or_default();
    assert!(title.starts_with("Oil it with") && !title.contains("ghp_"), "{title}");
    assert!(server.stop());
}

#[test]
fn what_cannot_be_imported_says_why() {
    let place = mill();
    for (words, says) in [
        (["songs", ".", "Mill"], "no kind of export `songs`"),
        (["jira", "gone.csv", "Mill"], "the path is not there"),
        (["git", ".", "Mill"], "tidemill: .: the path is no git repository"),
        (["jira", ".", "Wheel"], "tidemill projects add Wheel"),
        (["jira", ".", "Mill"], "nothing of jira"),
    ] {
        let [kind, path, project] = words;
        let refused = place.run(&["import", kind, path, "--project", project]);
        assert!(!refused.status.success(), "{words:?}");
        assert!(err(&refused).contains(says), "{words:?}: {}", err(&refused));
    }
}
