//! A small history that has everything: what is read of it, and what of it lies in a window.

use super::repository::{BEGINNING, Repository as Builder};
use super::{GitRepository, NotedLine, SnapshotRequest};
use crate::domain::activity::{Event, EventSource, Facts, PathFate, Repository, Sign, Window};
use crate::domain::clock::Timestamp;
use crate::domain::ids::ProjectId;
use crate::sources::{SourceError, Watch};

const DAY: i64 = 86_400;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_ms((BEGINNING + seconds) * 1_000)
}

fn window(start: i64, end: i64) -> Window {
    Window { start: at(start), end: at(end) }
}

fn opened(dir: &tempfile::TempDir) -> GitRepository {
    let wanted = Repository { path: String::new(), source: None };
    GitRepository::open(dir.path(), &wanted).expect("it opens")
}

/// Main has four commits of its own and a merge; `wheel` is merged, `mill` is not.
fn history() -> (tempfile::TempDir, Vec<String>) {
    let dir = tempfile::tempdir().expect("a directory");
    let mut git = Builder::new(dir.path());
    let mut shas = Vec::new();
    let first = [("src/a.rs", Some("one\ntwo\n")), ("Cargo.toml", Some("[dependencies]\n"))];
    shas.push(git.commit("main", "Ada", 0, "begin", &first));
    let second = [("src/a.rs", Some("one\n// TODO: turn\ntwo\n"))];
    shas.push(git.commit("main", "Bob", 10 * DAY, "turn\n\nBecause of #3.", &second));
    git.branch("wheel", "main");
    let wheel = [
        ("src/wheel/b.rs", Some("wheel\n")),
        ("Cargo.toml", Some("[dependencies]\nserde = \"1\"\n")),
    ];
    shas.push(git.commit("wheel", "Ada", 11 * DAY, "wheel", &wheel));
    shas.push(git.merge("main", "wheel", 12 * DAY, "Merge pull request #4 from wheel"));
    git.branch("mill", "main");
    let mill = [("src/mill.rs", Some("mill\n"))];
    shas.push(git.commit("mill", "Cyd", 13 * DAY, "mill", &mill));
    let moved = [("src/wheel/b.rs", None), ("src/c.rs", Some("wheel\n"))];
    shas.push(git.commit("main", "Ada", 14 * DAY, "move", &moved));
    git.tag("v1", &shas[5]);
    (dir, shas)
}

fn read(git: &GitRepository, window: Window) -> Vec<Event> {
    let history = git.history(window, Watch::nobody()).expect("a history");
    let project = ProjectId::from_bytes([1; 16]);
    git.read(project, &history.commits, Watch::nobody()).expect("events")
}

#[test]
fn a_window_has_its_commits_newest_first_with_their_branches() {
    let (dir, shas) = history();
    let git = opened(&dir);
    let events = read(&git, window(9 * DAY, 20 * DAY));
    let found: Vec<(&str, &str)> = events
        .iter()
        .map(|event| (event.external_id.as_str(), event.branches[0].as_str()))
        .collect();
    let expected = [5, 4, 3, 2, 1]
        .map(|place: usize| (shas[place].as_str(), if place == 4 { "mill" } else { "main" }));
    assert_eq!(found, expected);
    assert_eq!(events[0].source, EventSource::GIT);
    let early = read(&git, window(0, 9 * DAY));
    assert_eq!(early.iter().map(|event| event.title.as_str()).collect::<Vec<_>>(), ["begin"]);
    assert!(read(&git, window(30 * DAY, 40 * DAY)).is_empty());
}

#[test]
fn a_commit_says_what_it_changed() {
    let (dir, shas) = history();
    let events = read(&opened(&dir), window(0, 20 * DAY));
    let commit = |sha: &str| {
        let event = events.iter().find(|event| event.external_id == sha).expect("it was read");
        let Facts::Commit(commit) = &event.facts else { panic!("a commit") };
        (event, commit)
    };
    let (event, turn) = commit(&shas[1]);
    assert_eq!((event.title.as_str(), event.content.as_str()), ("turn", "Because of #3."));
    assert_eq!(event.author.email.as_deref(), Some("bob@example.org"));
    let path = &turn.paths[0];
    assert_eq!(
        (path.path.as_str(), path.fate, path.added, path.removed),
        ("src/a.rs", PathFate::Modified, 1, 0)
    );
    assert_eq!((turn.lines[0].number, turn.lines[0].sign), (2, Sign::Added));
    let (_, wheel) = commit(&shas[2]);
    assert_eq!(wheel.lines[0].section.as_deref(), Some("dependencies"));
    let (_, merge) = commit(&shas[3]);
    assert!(merge.is_merge() && merge.paths.is_empty());
    let (_, moved) = commit(&shas[5]);
    assert_eq!((moved.paths.len(), moved.paths_total), (1, 1));
    assert_eq!(moved.paths[0].from.as_deref(), Some("src/wheel/b.rs"));
    assert_eq!(moved.tags, ["v1"]);
}

#[test]
fn a_line_of_a_pom_is_about_what_it_changed() {
    let pom = |dependencies: &[(&str, &str)]| {
        let each = |(name, version): &(&str, &str)| {
            format!(
                "<dependency>\n<groupId>org.moon</groupId>\n<artifactId>{name}</artifactId>\n\
                 <version>{version}</version>\n</dependency>\n"
            )
        };
        let all: String = dependencies.iter().map(each).collect();
        format!("<project>\n<dependencies>\n{all}</dependencies>\n</project>\n")
    };
    let dir = tempfile::tempdir().expect("a directory");
    let mut git = Builder::new(dir.path());
    let states = [pom(&[("tides", "1")]), pom(&[("ebb", "1"), ("tides", "1")])];
    let raised = pom(&[("ebb", "1"), ("tides", "2")]);
    for (day, state) in (0..).zip(states.iter().chain([&raised])) {
        git.commit("main", "Ada", day * DAY, "change", &[("pom.xml", Some(state))]);
    }
    let events = read(&opened(&dir), window(DAY / 2, 20 * DAY));
    let told = |event: &Event| {
        let Facts::Commit(commit) = &event.facts else { panic!("a commit") };
        let sections = commit.lines.iter().filter_map(|line| line.section.clone());
        sections.collect::<std::collections::BTreeSet<_>>()
    };
    let expected = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
    assert_eq!(told(&events[1]), expected(&["dependency org.moon:ebb:1"]));
    let both = ["version org.moon:tides:1", "version org.moon:tides:2"];
    assert_eq!(told(&events[0]), expected(&both));
}

#[test]
fn branches_and_tags_are_today_s_and_the_tree_is_that_of_the_moment() {
    let (dir, shas) = history();
    let git = opened(&dir);
    let noted = vec![NotedLine {
        path: "src/a.rs".to_owned(),
        text: "// TODO: turn".to_owned(),
        sha: shas[1].clone(),
    }];
    let snapshot = |end: i64, history_length| {
        let history = git.history(window(0, end), Watch::nobody()).expect("a history");
        let wants = |file: &crate::domain::activity::FileEntry| file.path == "Cargo.toml";
        let request =
            SnapshotRequest { wants: &wants, history: history_length, noted: noted.clone() };
        git.snapshot(history, request, Watch::nobody()).expect("a snapshot")
    };
    let now = snapshot(20 * DAY, 10);
    assert_eq!((now.default_branch.as_str(), now.head.as_str()), ("main", shas[5].as_str()));
    let branches: Vec<(&str, bool, Option<u32>)> = now
        .branches
        .iter()
        .map(|branch| (branch.name.as_str(), branch.is_merged, branch.ahead))
        .collect();
    let expected = [("main", true, Some(0)), ("mill", false, Some(1)), ("wheel", true, Some(0))];
    assert_eq!(branches, expected);
    assert_eq!(now.tags[0].name, "v1");
    let files: Vec<&str> = now.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(files, ["Cargo.toml", "src/a.rs", "src/c.rs"]);
    assert!(now.text("Cargo.toml").is_some_and(|text| text.contains("serde")));
    assert_eq!((now.standing[0].number, now.standing.len()), (2, 1));
    assert_eq!(now.history.len(), 4, "without the merge and what is not merged");
    let then = snapshot(11 * DAY, 1);
    assert_eq!(then.head, shas[1], "the newest on the main line at that time");
    assert!(then.tags.is_empty() && then.history_cut);
    assert_eq!(then.branches.len(), 3);
}

#[test]
fn an_empty_repository_has_nothing_and_a_stopped_reading_says_so() {
    let dir = tempfile::tempdir().expect("a directory");
    drop(Builder::new(dir.path()));
    let git = opened(&dir);
    assert!(read(&git, window(0, DAY)).is_empty());
    let (dir, _) = history();
    let stopped = Watch::new(&|| true, &|_, _| ());
    let refused = opened(&dir).history(window(0, DAY), stopped).map(drop);
    assert_eq!(refused, Err(SourceError::Stopped));
}

#[test]
fn the_release_before_is_of_the_same_series() {
    let (dir, shas) = history();
    let found = |end: i64| {
        let end = window(0, end).end;
        let release = opened(&dir).release_before(end, Watch::nobody()).expect("a history");
        release.map(|(tag, _)| tag.name)
    };
    let tag = |name: &str, sha: &str| {
        std::fs::write(dir.path().join("refs/tags").join(name), format!("{sha}\n")).expect("made");
    };
    assert_eq!(found(20 * DAY), None, "v1 is at the head itself");
    tag("0.9", &shas[0]);
    tag("wheel-0.1", &shas[1]);
    assert_eq!(found(20 * DAY).as_deref(), Some("0.9"));
    tag("wheel-0.2", &shas[5]);
    std::fs::remove_file(dir.path().join("refs/tags/v1")).expect("it was there");
    assert_eq!(found(20 * DAY).as_deref(), Some("wheel-0.1"));
}

#[test]
fn the_release_before_is_of_a_series_that_goes_on() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut git = Builder::new(dir.path());
    let days = [0, 100, 400, 500];
    let mut commit = |day: i64| {
        let text = format!("{day}\n");
        git.commit("main", "Ada", day * DAY, "turn", &[("src/a.rs", Some(&text))])
    };
    let shas = days.map(&mut commit);
    git.tag("0.9", &shas[0]);
    git.tag("wheel-0.1", &shas[2]);
    let found = || {
        let end = window(0, 600 * DAY).end;
        let release = opened(&dir).release_before(end, Watch::nobody()).expect("a history");
        release.map(|(tag, _)| tag.name)
    };
    assert_eq!(found().as_deref(), Some("wheel-0.1"), "0.9 was the last for more than a year");
    git.tag("1.0", &shas[1]);
    assert_eq!(found().as_deref(), Some("1.0"), "the whole has had a release within the year");
}
