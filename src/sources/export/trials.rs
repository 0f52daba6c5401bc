//! Exports as their programs write them, small ones; and what strangers could put in their place.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use serde_json::json;

use super::{ExportKind, ExportSummary, read};
use crate::domain::activity::{Event, Facts, ItemState, Outcome};
use crate::domain::ids::ProjectId;
use crate::sources::{SourceError, Watch};

fn taken(kind: ExportKind, path: &Path) -> (Vec<Event>, ExportSummary) {
    let mut events = Vec::new();
    let project = ProjectId::from_bytes([1; 16]);
    let summary = read(
        kind,
        path,
        project,
        &mut |event| {
            events.push(event);
            Ok(())
        },
        Watch::nobody(),
    );
    (events, summary.expect("it can be read"))
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a directory");
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().expect("below it")).expect("made");
        fs::write(path, text).expect("written");
    }
    dir
}

#[test]
fn github_s_issues_requests_comments_and_releases_are_taken() {
    let user = json!({"login": "ada", "type": "User"});
    let issue = json!({
        "number": 3, "title": "It leaks", "body": "- [ ] find\n- [x] see", "state": "closed",
        "state_reason": "completed", "user": user, "labels": [{"name": "bug"}, {"name": "P1"}],
        "created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-01-05T00:00:00Z",
        "closed_at": "2026-01-05T00:00:00Z", "html_url": "https://github.com/acme/mill/issues/3",
        "milestone": {"title": "1.0", "due_on": "2026-02-01T00:00:00Z"}, "comments": 2,
    });
    let request = json!({
        "number": 4, "title": "Mend it", "body": null, "state": "closed", "draft": false,
        "user": {"login": "dependabot[bot]", "type": "Bot"}, "merged_at": "2026-01-06T00:00:00Z",
        "closed_at": "2026-01-06T00:00:00Z", "merge_commit_sha": "ab".repeat(20),
        "head": {"ref": "mend", "sha": "cd".repeat(20)}, "base": {"ref": "main"},
        "created_at": "2026-01-03T00:00:00Z", "updated_at": "2026-01-06T00:00:00Z",
        "html_url": "https://github.com/acme/mill/pull/4",
    });
    let comment = json!({
        "id": 9, "body": "Which one?", "user": user, "created_at": "2026-01-03T00:00:00Z",
        "issue_url": "https://api.github.com/repos/acme/mill/issues/3",
        "html_url": "https://github.com/acme/mill/issues/3#issuecomment-9",
    });
    let release = json!({"tag_name": "v1", "name": "One", "published_at": "2026-01-07T00:00:00Z"});
    let pages = format!("{}{}", json!([issue, {"title": "no number"}]), json!([request]));
    let more = json!([comment, release]).to_string();
    let dir = folder(&[("a/issues.json", &pages), ("b.json", &more), ("c.json", "[{]")]);
    let (events, summary) = taken(ExportKind::Github, dir.path());
    assert_eq!((summary.taken, summary.refused), (4, 2), "{:?}", summary.refusals);
    assert!(summary.refusals[0].starts_with("a/issues.json, record 2: `number` is missing"));
    let ids: Vec<&str> = events.iter().map(|event| event.external_id.as_str()).collect();
    let prefix = "acme/mill";
    assert_eq!(
        ids,
        [
            format!("{prefix}/issues/3"),
            format!("{prefix}/pull/4"),
            format!("{prefix}/comments/9"),
            "releases/v1".to_owned()
        ]
    );
    let item = events[0].facts.item().expect("an issue");
    assert_eq!((item.state, item.checked, item.unchecked.len()), (ItemState::Closed, 1, 1));
    assert_eq!(events[0].priority.as_deref(), Some("P1"));
    let request = events[1].facts.item().expect("a request");
    assert_eq!((request.state, events[1].author.is_bot), (ItemState::Merged, true));
    assert!(matches!(&events[2].facts, Facts::Message(message)
        if message.thread.as_deref() == Some("#3")));
    let (again, _) = taken(ExportKind::Github, dir.path());
    assert_eq!(again, events, "the same export gives the same events");
}

#[test]
fn gitlab_s_and_gitea_s_records_are_taken() {
    let request = json!({
        "iid": 7, "title": "Turn", "description": "d", "state": "merged", "source_branch": "turn",
        "target_branch": "main", "merged_at": "2026-01-02T00:00:00.000Z", "web_url": "https://x/y",
        "created_at": "2026-01-01T00:00:00.000Z", "author": {"username": "ada", "name": "Ada"},
        "references": {"full": "acme/mill!7"}, "labels": ["feature"],
    });
    let notes = json!([
        {"id": 1, "body": "Why?", "noteable_type": "MergeRequest", "noteable_iid": 7,
         "resolvable": true, "resolved": false, "created_at": "2026-01-01T01:00:00Z"},
        {"id": 2, "body": "added label", "system": true, "noteable_type": "MergeRequest"},
    ]);
    let dir = folder(&[("m.json", &json!([request]).to_string()), ("n.json", &notes.to_string())]);
    let (events, summary) = taken(ExportKind::Gitlab, dir.path());
    assert_eq!((summary.taken, summary.skipped, summary.refused), (2, 1, 0));
    assert_eq!(events[0].facts.item().map(|item| item.key.as_str()), Some("!7"));
    assert!(matches!(&events[1].facts, Facts::Message(note) if note.resolved == Some(false)));
    let issue = json!({"number": 1, "title": "Wheel", "state": "open",
        "created_at": "2026-01-01T00:00:00Z", "due_date": "2026-03-01T00:00:00Z",
        "html_url": "https://git.example.org/acme/mill/issues/1"});
    let dir = folder(&[("i.json", &issue.to_string())]);
    let (events, _) = taken("forgejo".parse().expect("a kind"), dir.path());
    assert!(events[0].facts.item().is_some_and(|item| item.due_at.is_some()));
}

fn slack() -> [(&'static str, String); 3] {
    let users = json!([{"id": "U1", "profile": {"real_name": "Ada"}}]);
    let day = json!([
        {"type": "message", "user": "U1", "text": "Shall we <@U1>?", "ts": "1767225600.000100",
         "thread_ts": "1767225600.000100", "reply_count": 1},
        {"type": "message", "user": "U2", "text": "Yes.", "ts": "1767225700.000100",
         "thread_ts": "1767225600.000100"},
        {"type": "message", "subtype": "channel_join", "user": "U3", "text": "x", "ts": "1.0"},
        {"type": "message", "user": "U3", "ts": "1767225800.0"},
    ]);
    [
        ("users.json", users.to_string()),
        ("ops/2026-01-01.json", day.to_string()),
        ("integration_logs.json", "[{\"x\": 1}]".to_owned()),
    ]
}

fn zipped(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a directory");
    let file = fs::File::create(dir.path().join("export.zip")).expect("made");
    let mut archive = zip::ZipWriter::new(file);
    for (name, text) in files {
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file(*name, options).expect("begun");
        archive.write_all(text.as_bytes()).expect("written");
    }
    archive.finish().expect("finished");
    dir
}

#[test]
fn slack_s_export_is_read_from_a_folder_and_from_its_zip_alike() {
    let files = slack();
    let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
    let (plain, packed) = (folder(&files), zipped(&files));
    let (events, summary) = taken(ExportKind::Slack, plain.path());
    assert_eq!((summary.taken, summary.skipped, summary.refused), (2, 1, 1));
    assert_eq!(events[0].content, "Shall we @Ada?");
    assert!(matches!(&events[1].facts, Facts::Message(reply) if reply.is_reply));
    assert_eq!(events[1].refs, ["ops/1767225600.000100"]);
    assert_eq!(taken(ExportKind::Slack, &packed.path().join("export.zip")), (events, summary));
}

#[test]
fn a_record_without_an_end_is_refused_and_a_path_that_leads_out_is_a_name() {
    let long = format!("[{{\"type\": \"message\", \"text\": \"{}\"}}]", "a".repeat(17 << 20));
    let day = json!([{"type": "message", "text": "Yes.", "ts": "1767225700.000100"}]).to_string();
    let packed = zipped(&[("ops/2026-01-01.json", &long), ("../../ops/2026-01-02.json", &day)]);
    let (events, summary) = taken(ExportKind::Slack, &packed.path().join("export.zip"));
    assert_eq!((summary.taken, summary.refused), (1, 1));
    assert!(summary.refusals[0].contains("longer than 16 MiB"), "{:?}", summary.refusals);
    assert_eq!(events[0].external_id, "ops/1767225700.000100");
}

#[test]
fn a_row_without_an_end_is_refused() {
    let row = format!("Issue key,Summary\nM-1,\"{}", "a".repeat(17 << 20));
    let (events, summary) = taken(ExportKind::Jira, folder(&[("issues.csv", &row)]).path());
    assert_eq!((events.len(), summary.refused), (0, 1));
    assert!(summary.refusals[0].contains("longer than 16 MiB"), "{:?}", summary.refusals);
}

#[test]
fn tables_of_trackers_are_read() {
    let jira = "Issue key,Summary,Status,Resolution,Priority,Assignee,Created,Resolved,Labels,\
                Labels,Description,Outward issue link (Blocks)\n\
                MILL-1,\"Turn, turn\",In Progress,,High,Ada,05/Jan/26 3:14 PM,,a,b,\"l1\nl2\",\
                MILL-2\n\
                MILL-2,Stop,Done,Won't Do,Low,,2026-01-05 10:00,2026-01-06 10:00,,,,\n\
                MILL-3,No date,Open,,,,yesterday,,,,,\n";
    let dir = folder(&[("jira.csv", jira)]);
    let (events, summary) = taken(ExportKind::Jira, dir.path());
    assert_eq!((summary.taken, summary.refused), (2, 1));
    assert!(summary.refusals[0].contains("row 4") && summary.refusals[0].contains("yesterday"));
    let item = events[0].facts.item().expect("an issue");
    assert_eq!((item.state, item.labels.len()), (ItemState::InProgress, 2));
    assert_eq!(item.blocks, ["MILL-2"]);
    let declined = events[1].facts.item().map(|item| item.state);
    assert_eq!(declined, Some(ItemState::Declined));
    let linear = "ID,Team,Title,Status,Priority,Created,Completed,Due Date\n\
                  MIL-9,Mill,Oil it,Done,Urgent,2026-01-05T00:00:00.000Z,\
                  Tue Jan 06 2026 10:00:00 GMT+0000 (GMT),2026-01-07\n";
    let dir = folder(&[("l.csv", linear)]);
    let (events, _) = taken(ExportKind::Linear, dir.path());
    let item = events[0].facts.item().expect("an issue");
    assert!(item.closed_at.is_some() && item.due_at.is_some());
}

#[test]
fn oddly_quoted_tables_are_read_or_refused_by_their_rows() {
    let read = |text: &str| {
        let dir = folder(&[("t.csv", text)]);
        let (events, summary) = taken(ExportKind::Jira, dir.path());
        let rows = events.into_iter().map(|event| (event.title, event.content));
        (rows.collect::<Vec<(String, String)>>(), summary.refusals)
    };
    let row = |title: &str, content: &str| (title.to_owned(), content.to_owned());
    let (rows, refusals) = read(
        "\u{feff}\"Issue key\",Summary,Created,Description\r\n\
        M-1,\"He said \"\"turn\"\"\",2026-01-05,\"a, b\r\nc\"\r\n\
        \r\n\
        M-2,A 5\" pipe,2026-01-05,\"\"\r\n\
        M-3,\"Oil\" the wheel,2026-01-05\r\n\
        \"M-4\",\"Mend\",\"2026-01-05\",d,\"one, too many\"\r\n\
        \"\",No key,2026-01-05,\r\n",
    );
    let expected = [
        row("He said \"turn\"", "a, b\r\nc"),
        row("A 5\" pipe", ""),
        row("Oil the wheel", ""),
        row("Mend", "d"),
    ];
    assert_eq!(rows, expected);
    assert_eq!(refusals, ["t.csv, row 6: `issue key` is empty"]);
    // A quote without its other one takes all that follows: it is refused, and nothing is made up.
    let (rows, refusals) =
        read("Issue key,Summary,Created\nM-1,\"Open,2026-01-05\nM-2,b,2026-01-05\n");
    assert!(rows.is_empty());
    assert_eq!(refusals, ["t.csv, row 2: `Created` is empty"]);
    for between in [';', '\t', '|', '^'] {
        let text = "Issue key,Summary,Created\nM-1,Turn,2026-01-05\n";
        let (rows, _) = read(&text.replace(',', &between.to_string()));
        assert_eq!(rows, [row("Turn", "")], "{between:?}");
    }
}

#[test]
fn reports_documents_and_meetings_are_read() {
    let report = "<testsuites timestamp=\"2026-01-05T10:00:00\"><testsuite name=\"s\">\
        <testcase name=\"a\"/><testcase classname=\"m\" name=\"b\"><failure/></testcase>\
        <testcase name=\"c\"><skipped/></testcase></testsuite></testsuites>";
    let bomb = "<!DOCTYPE a [<!ENTITY x \"xx\">]><testsuites>&x;</testsuites>";
    let dir = folder(&[("r.xml", report), ("bomb.xml", bomb)]);
    let (events, summary) = taken(ExportKind::Junit, dir.path());
    assert_eq!((summary.taken, summary.refused), (1, 1));
    assert!(matches!(&events[0].facts, Facts::Check(check)
        if check.outcome == Outcome::Failed && check.passed == 1 && check.failures == ["m::b"]));
    let dir = folder(&[
        ("adr/0001-wheel.md", "# Use a wheel\n\nDate: 2026-01-05\n\n## Status\n\nAccepted\n"),
        ("empty.md", ""),
    ]);
    let (events, summary) = taken(ExportKind::Markdown, dir.path());
    assert_eq!((summary.taken, summary.refused), (1, 1));
    assert_eq!(events[0].title, "Use a wheel");
    assert_eq!(events[0].created_at.iso(), "2026-01-05T00:00:00.000Z");
    let vtt = "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\n<v Ada>We turn.</v>\n\n\
               00:01:05.000 --> 00:01:06.000\n<v Ada>At once.</v>\n\n\
               01:10.000 --> 01:11.000\n<v Bob>Why?</v>\n";
    let dir = folder(&[("standup-2026-01-05.vtt", vtt), ("bad.vtt", "hello")]);
    let (events, summary) = taken(ExportKind::Vtt, dir.path());
    assert_eq!((summary.taken, summary.refused), (1, 1));
    let Facts::Transcript(meeting) = &events[0].facts else { panic!("a meeting") };
    let turns: Vec<_> =
        meeting.turns.iter().map(|turn| (turn.speaker.as_str(), turn.at_seconds)).collect();
    assert_eq!(turns, [("Ada", 1), ("Bob", 70)]);
    assert_eq!(meeting.turns[0].text, "We turn. At once.");
}

#[test]
fn what_is_no_export_says_so_and_links_are_not_followed() {
    let dir = folder(&[("x.txt", "x")]);
    let mut nothing = |_: Event| Ok(());
    let project = ProjectId::from_bytes([1; 16]);
    let refused = read(ExportKind::Github, dir.path(), project, &mut nothing, Watch::nobody());
    assert!(matches!(refused, Err(SourceError::Malformed(_))));
    let gone = dir.path().join("gone");
    let refused = read(ExportKind::Slack, &gone, project, &mut nothing, Watch::nobody());
    assert_eq!(refused, Err(SourceError::NotThere));
    let outside = folder(&[("secret.md", "# Secret\n\nDate: 2026-01-05\n")]);
    std::os::unix::fs::symlink(outside.path(), dir.path().join("way")).expect("linked");
    std::os::unix::fs::symlink(outside.path().join("secret.md"), dir.path().join("s.md"))
        .expect("linked");
    let refused = read(ExportKind::Markdown, dir.path(), project, &mut nothing, Watch::nobody());
    assert!(refused.is_err(), "nothing was read through a link");
    fs::write(dir.path().join("broken.zip"), "PK nonsense").expect("written");
    let broken = dir.path().join("broken.zip");
    let refused = read(ExportKind::Slack, &broken, project, &mut nothing, Watch::nobody());
    assert!(matches!(refused, Err(SourceError::Malformed(_))));
}

#[test]
fn deep_json_and_a_stopped_reading_end_without_harm() {
    let deep = "[".repeat(100_000);
    let dir = folder(&[
        ("deep.json", &deep),
        (
            "ok.json",
            "[{\"number\": 1, \"title\": \"t\", \
        \"created_at\": \"2026-01-01T00:00:00Z\"}]",
        ),
    ]);
    let (_, summary) = taken(ExportKind::Github, dir.path());
    assert_eq!((summary.taken, summary.refused), (1, 1));
    let stopped = Watch::new(&|| true, &|_, _| ());
    let project = ProjectId::from_bytes([1; 16]);
    let refused = read(ExportKind::Github, dir.path(), project, &mut |_| Ok(()), stopped);
    assert_eq!(refused, Err(SourceError::Stopped));
}
