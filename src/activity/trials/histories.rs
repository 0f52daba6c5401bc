//! Habits of real histories, each made small: what a reader of them would call wrong.

use crate::activity::{InsightRequest, handoff, insight};
use crate::domain::activity::{
    Author, Branch, ChangedLine, Event, Facts, FileText, HandoffContent, ItemState, Milestone,
    RepositorySnapshot, Sign, StandingLine, WorkItem,
};

use super::{at, candidates, commit, issue, material, project, selection, sha, snapshot};

fn made(events: Vec<Event>, snapshot: Option<&RepositorySnapshot>) -> HandoffContent {
    let (project, candidates) = (project(), candidates(events));
    let made = handoff(&material(&project, &candidates, snapshot), &selection(150));
    made.expect("a handoff").content()
}

fn changes(made: &HandoffContent) -> String {
    let texts: Vec<&str> = made.key_changes.iter().map(|one| one.text.as_str()).collect();
    texts.join("\n")
}

fn merge(number: u32, hours: i64, title: &str, parents: [u32; 2]) -> Event {
    let mut merge = commit(number, hours, title, "src/mill.rs");
    if let Facts::Commit(commit) = &mut merge.facts {
        commit.parents = parents.map(sha).to_vec();
        commit.paths.clear();
    }
    merge
}

fn with_parent(mut event: Event, parent: u32) -> Event {
    if let Facts::Commit(commit) = &mut event.facts {
        commit.parents = vec![sha(parent)];
    }
    event
}

fn with_lines(mut event: Event, lines: &[(Sign, &str, &str)]) -> Event {
    if let Facts::Commit(commit) = &mut event.facts {
        let line = |(sign, path, text): &(Sign, &str, &str)| ChangedLine {
            path: (*path).to_owned(),
            sign: *sign,
            number: 1,
            text: (*text).to_owned(),
            section: path.contains("Cargo").then(|| "dependencies".to_owned()),
        };
        commit.lines = lines.iter().map(line).collect();
    }
    event
}

#[test]
fn what_was_taken_back_is_a_decision_and_no_change() {
    let add = commit(1, 10, "Grind at night for more flour", "src/mill.rs");
    let mut back = commit(2, 20, "Revert \"Grind at night for more flour\"", "src/mill.rs");
    back.content = format!("This reverts commit {}.", sha(1));
    let other = commit(3, 30, "Add a tide table", "src/table.rs");
    let made = made(vec![add, back, other], None);
    assert!(!changes(&made).contains("Grind"), "{}", changes(&made));
    assert!(!made.summary.contains("Most of it: Grind"), "{}", made.summary);
    assert!(made.decisions[0].text.starts_with("Reverted “Grind at night"), "{:?}", made.decisions);
}

#[test]
fn a_revert_may_name_another_sha_of_what_it_takes_back() {
    let add = commit(1, 10, "Grind at night for more flour (#4)", "src/mill.rs");
    let mut back = commit(2, 20, "Revert \"Grind at night for more flour (#4)\"", "src/mill.rs");
    back.content = format!("This reverts commit {}.", sha(9));
    let other = commit(3, 30, "Add a tide table", "src/table.rs");
    let made = made(vec![add, back, other], None);
    assert!(!changes(&made).contains("Grind"), "{}", changes(&made));
}

#[test]
fn a_squashed_message_that_quotes_a_revert_takes_nothing_back() {
    let mut squashed = commit(1, 10, "Remove the outdated wheel (#3)", "src/wheel.rs");
    squashed.content = format!(
        "* Remove it\n\n* Revert \"Try another wheel\"\n\nThis reverts commit {}.\n\n* Tidy",
        sha(9)
    );
    squashed.content.push_str("\n\nThe tidied wheel turns without a sound at every tide.");
    let mut described = commit(2, 20, "Add a second wheel (#4)", "src/second.rs");
    described.content =
        "* Add a second wheel\n\nThe first one stands still at every low tide.\n\n* Oil it"
            .to_owned();
    let made = made(vec![squashed, described], None);
    assert_eq!(made.decisions, []);
    assert!(changes(&made).contains("stands still at every low tide"), "{}", changes(&made));
    assert!(!changes(&made).contains("without a sound"), "{}", changes(&made));
    assert!(changes(&made).contains("Remove the outdated wheel"), "{}", changes(&made));
}

#[test]
fn requests_of_one_person_in_one_file_are_topics_of_their_own() {
    let events = vec![
        commit(0x10, 1, "Begin the mill", "src/begin.rs"),
        with_parent(commit(0x11, 10, "Close the gate early", "src/gate.rs"), 0x10),
        merge(0x12, 11, "Merge pull request #5 from ada/early", [0x10, 0x11]),
        with_parent(commit(0x13, 12, "Count the sacks twice", "src/gate.rs"), 0x12),
        merge(0x14, 13, "Merge pull request #6 from ada/count", [0x12, 0x13]),
    ];
    let made = made(events, None);
    let changes = changes(&made);
    assert_eq!(changes.lines().filter(|line| line.contains("gate.rs")).count(), 2, "{changes}");
}

#[test]
fn a_merge_of_a_main_or_kept_branch_is_no_topic() {
    let events = vec![
        commit(0x10, 1, "Begin the mill", "src/begin.rs"),
        with_parent(commit(0x11, 10, "Close the gate early", "src/gate.rs"), 0x10),
        with_parent(commit(0x13, 12, "Weigh the sacks of flour", "src/sack.rs"), 0x11),
        merge(0x14, 13, "Merge branch 'v0.8.x'", [0x10, 0x13]),
        merge(0x15, 14, "chore: Merge branch 'main' into minor", [0x10, 0x14]),
    ];
    let made = made(events, None);
    let changes = changes(&made);
    assert_eq!(changes.lines().count(), 3, "{changes}");
    assert!(!changes.contains("Merge"), "{changes}");
}

#[test]
fn the_merge_of_a_programs_request_says_as_little_as_its_commit() {
    let mut bump = with_parent(commit(0x11, 10, "Update crate sack to 2", "Cargo.toml"), 0x10);
    bump.author = Author::named("renovate[bot]");
    let mut bot = merge(0x12, 11, "Merge pull request #5 from acme/renovate/sack", [0x10, 0x11]);
    bot.content = "Update crate sack to 2".to_owned();
    let events = vec![commit(0x10, 1, "Begin the mill", "src/begin.rs"), bump, bot];
    let told = changes(&made(events, None));
    assert!(!told.contains("sack"), "{told}");

    // What another program mended was looked at and merged by somebody.
    let mut mended = with_parent(commit(0x11, 10, "Weigh again", "src/sack.rs"), 0x10);
    mended.author = Author::named("ada-helper-bot");
    let mut request = merge(0x12, 11, "Merge pull request #5 from ada/weigh", [0x10, 0x11]);
    request.content = "Weigh each sack again".to_owned();
    let events = vec![commit(0x10, 1, "Begin the mill", "src/begin.rs"), mended, request];
    let told = changes(&made(events, None));
    assert!(told.contains("Weigh each sack again"), "{told}");
}

#[test]
fn a_change_picked_to_a_kept_branch_is_told_once() {
    let title = "Allow other bodies in the served files";
    let mut picked = commit(2, 90, title, "src/serve.rs");
    picked.branches = vec!["v0.8.x".to_owned()];
    let mut landed = commit(1, 10, title, "src/serve.rs");
    landed.branches = vec!["main".to_owned()];
    let changes = changes(&made(vec![landed, picked], None));
    assert_eq!(changes.lines().count(), 1, "{changes}");
}

#[test]
fn dependencies_are_those_of_the_whole_project() {
    let (added, removed) = (Sign::Added, Sign::Removed);
    let example = with_lines(
        commit(1, 10, "Drop an example of floods", "examples/a/Cargo.toml"),
        &[
            (removed, "examples/a/Cargo.toml", "serde = \"1\""),
            (removed, "examples/a/Cargo.toml", "only-here = \"1\""),
        ],
    );
    let part = with_lines(
        commit(2, 11, "Add a part for tides", "tides/src/lib.rs"),
        &[
            (added, "tides/Cargo.toml", "serde = \"1\""),
            (added, "tides/Cargo.toml", "moon = \"2\""),
            (added, "tides/Cargo.toml", "mill = { path = \"..\", version = \"1\" }"),
        ],
    );
    let raised = with_lines(
        commit(3, 12, "Follow the newest wheel", "src/wheel.rs"),
        &[(removed, "Cargo.toml", "wheel = \"0.9\""), (added, "Cargo.toml", "wheel = \"1\"")],
    );
    let mut tree = snapshot(&["Cargo.toml", "tides/Cargo.toml"]);
    for (path, text) in [
        ("Cargo.toml", "[dependencies]\nserde = \"1\"\nwheel = \"1\"\n"),
        ("ebb/Cargo.toml", "[dependencies]\nmoon = \"2\"\n"),
        ("tides/Cargo.toml", "[dependencies]\nserde = \"1\"\nmoon = \"2\"\n"),
    ] {
        tree.texts.push(FileText { path: path.to_owned(), text: text.to_owned() });
    }
    let second = with_lines(
        commit(4, 13, "Follow the moon in another part", "ebb/src/lib.rs"),
        &[(added, "ebb/Cargo.toml", "moon = \"2\"")],
    );
    let changes = changes(&made(vec![example, part, raised, second], Some(&tree)));
    assert_eq!(changes.matches("New dependency").count(), 1, "{changes}");
    assert!(changes.contains("Dependency dropped: `only-here 1`."), "{changes}");
    assert!(changes.contains("New dependency: `moon 2`."), "{changes}");
    assert!(changes.contains("Dependency upgraded: `wheel` from 0.9 to 1."), "{changes}");
    assert!(!changes.contains("serde") && !changes.contains("`mill"), "{changes}");
}

#[test]
fn a_part_of_a_project_of_maven_is_no_dependency_of_it() {
    let lines_of = |event, path: &str, lines: &[(Sign, &str)]| {
        let lines: Vec<_> = lines.iter().map(|(sign, text)| (*sign, path, *text)).collect();
        let mut event = with_lines(event, &lines);
        if let Facts::Commit(commit) = &mut event.facts {
            for line in &mut commit.lines {
                line.section = Some(std::mem::take(&mut line.text));
            }
        }
        event
    };
    let (added, removed) = (Sign::Added, Sign::Removed);
    let managed = lines_of(
        commit(1, 10, "Tell the moon's tides", "src/Moon.java"),
        "pom.xml",
        &[(added, "dependency org.moon:tides:2.1")],
    );
    let used = lines_of(
        commit(2, 11, "Show the tides on the wheel", "wheel/src/Wheel.java"),
        "wheel/pom.xml",
        &[(added, "dependency org.moon:tides"), (added, "dependency org.mill:mill:1.0")],
    );
    let raised = lines_of(
        commit(3, 12, "Weigh sacks of any size", "src/Sack.java"),
        "pom.xml",
        &[
            (removed, "version org.sack:sack:1.9 version org.mill:mill:1.0"),
            (added, "version org.sack:sack:2.0 version org.mill:mill:2.0"),
            (added, "version org.rope:rope:3.0"),
        ],
    );
    let mut tree = snapshot(&["pom.xml", "wheel/pom.xml"]);
    let text = "<project><groupId>org.mill</groupId><artifactId>mill</artifactId></project>";
    tree.texts.push(FileText { path: "pom.xml".to_owned(), text: text.to_owned() });
    let changes = changes(&made(vec![managed, used, raised], Some(&tree)));
    assert_eq!(changes.matches("New dependency").count(), 1, "{changes}");
    assert!(changes.contains("New dependency: `org.moon:tides 2.1`."), "{changes}");
    assert!(changes.contains("upgraded: `org.sack:sack` from 1.9 to 2.0."), "{changes}");
    assert!(!changes.contains("org.mill") && !changes.contains("rope"), "{changes}");
}

#[test]
fn a_note_that_moved_is_not_new() {
    let note = "// TODO: grease the axle of the wheel";
    let moved = with_lines(
        commit(1, 10, "Rename the wheel to what it is", "src/rotor.rs"),
        &[(Sign::Removed, "src/wheel.rs", note), (Sign::Added, "src/rotor.rs", note)],
    );
    let mut tree = snapshot(&["src/rotor.rs"]);
    tree.standing.push(StandingLine {
        path: "src/rotor.rs".to_owned(),
        number: 7,
        text: note.to_owned(),
        sha: sha(1),
    });
    assert_eq!(made(vec![moved], Some(&tree)).open_questions, []);
}

#[test]
fn a_branch_that_landed_under_another_sha_is_no_step() {
    let mut landed = commit(1, 20, "Try a larger wheel", "src/wheel.rs");
    landed.branches = vec!["main".to_owned()];
    let mut tip = commit(2, 19, "Try a larger wheel", "src/wheel.rs");
    tip.branches = vec!["larger-wheel".to_owned()];
    let mut tree = snapshot(&["src/wheel.rs"]);
    tree.branches.push(Branch {
        name: "larger-wheel".to_owned(),
        sha: sha(2),
        tip_at: at(19),
        author: Author::named("Ada Low"),
        subject: "Try a larger wheel".to_owned(),
        ahead: Some(1),
        is_merged: false,
    });
    assert_eq!(made(vec![landed, tip], Some(&tree)).next_steps, []);
}

#[test]
fn a_place_is_where_the_code_is_and_not_its_long_tests() {
    let mut fix = commit(1, 10, "Keep the order of sacks", "src/core/sack.rs");
    if let Facts::Commit(commit) = &mut fix.facts {
        let mut test = commit.paths[0].clone();
        test.path = "src/__tests__/sack.rs".to_owned();
        test.added = 300;
        commit.paths.push(test);
    }
    let changes = changes(&made(vec![fix], None));
    assert!(changes.contains("`src/core`") && !changes.contains("__tests__"), "{changes}");
}

#[test]
fn a_tag_and_its_commit_are_no_topic() {
    let mut release = commit(1, 10, "v1.2.3", "Cargo.toml");
    release.content = "The third one.".to_owned();
    let mut tag = super::event(
        "git".parse().expect("a source"),
        "v1.2.3",
        10,
        Facts::Release(crate::domain::activity::Release {
            tag: "v1.2.3".to_owned(),
            sha: Some(sha(1)),
        }),
    );
    tag.event_type = "tag".to_owned();
    let other = commit(2, 20, "Add a tide table (#4)", "src/table.rs");
    let third = commit(3, 40, "Test the tide table of #4", "src/table_of_tides.rs");
    let (project, candidates) = (project(), candidates(vec![release, tag, other, third]));
    let material = material(&project, &candidates, None);
    let made = insight(&material, &selection(150), &InsightRequest::Correlation, &mut |_, _| true);
    let data = made.expect("an insight").content().data;
    let titles = data["correlations"].as_array().expect("topics");
    assert_eq!(titles.len(), 1, "{titles:?}");
    assert!(titles[0]["title"].as_str().is_some_and(|one| one.contains("tide table")));
}

#[test]
fn an_open_request_does_not_stand_for_what_was_done() {
    let open = WorkItem { state: ItemState::Open, ..WorkItem::default() };
    let mut request = issue("#7", 2, "Sketch of another mill", open.clone());
    request.facts = Facts::PullRequest(WorkItem { key: "#7".to_owned(), ..open });
    let done = commit(1, 10, "Link to the sketch of #7", "docs/mill.md");
    let changes = changes(&made(vec![request, done], None));
    assert!(changes.starts_with("Link to the sketch"), "{changes}");
}

#[test]
fn a_plan_tells_what_waits_and_whose_requests_are() {
    let spring = Milestone { title: "Spring".to_owned(), due_at: Some(at(90)) };
    let open = WorkItem { milestone: Some(spring), ..WorkItem::default() };
    let mut waiting = issue("#2", 2, "Turn the wheel", open.clone());
    waiting.content = "Blocked by #1.".to_owned();
    let mut request = issue("#3", 3, "Oil the wheel", open.clone());
    request.facts = Facts::PullRequest(WorkItem { key: "#3".to_owned(), ..open.clone() });
    let (project, candidates) =
        (project(), candidates(vec![issue("#1", 1, "Cut the wheel", open), waiting, request]));
    let material = material(&project, &candidates, None);
    let made = insight(&material, &selection(150), &InsightRequest::PlanReview, &mut |_, _| true);
    let made = made.expect("an insight").content().markdown;
    assert!(made.contains("Spring: overdue since 2026-03-04, 0 of 3 done, 1 blocked"), "{made}");
    assert!(made.contains("2 open items of the plan assigned to nobody: #1 and #2"), "{made}");
    assert!(made.contains("1 open item blocked by others: #2"), "{made}");
    assert!(made.contains("#3: Oil the wheel — 3 days past 2026-03-04, by Ada Low"), "{made}");
    assert!(made.contains("Milestone Spring: overdue since 2026-03-04, 3 open items"), "{made}");
}
