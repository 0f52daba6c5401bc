//! What a handoff tells of small teams.

use crate::activity::{NoResult, handoff};
use crate::domain::activity::{
    Author, Branch, Bullet, ChangedLine, Event, Facts, FileText, HandoffContent, ItemState,
    RepositorySnapshot, Review, Sign, StandingLine, WorkItem,
};

use super::{at, candidates, commit, issue, material, message, project, selection, sha, snapshot};

fn made(events: Vec<Event>, snapshot: Option<&RepositorySnapshot>) -> HandoffContent {
    let (project, candidates) = (project(), candidates(events));
    let made = handoff(&material(&project, &candidates, snapshot), &selection(150));
    made.expect("a handoff").content()
}

fn texts(bullets: &[Bullet]) -> Vec<&str> {
    bullets.iter().map(|bullet| bullet.text.as_str()).collect()
}

fn with_lines(mut event: Event, lines: &[(Sign, &str, &str, Option<&str>)]) -> Event {
    if let Facts::Commit(commit) = &mut event.facts {
        let line = |(sign, path, text, section): &(Sign, &str, &str, Option<&str>)| ChangedLine {
            path: (*path).to_owned(),
            sign: *sign,
            number: 1,
            text: (*text).to_owned(),
            section: section.map(str::to_owned),
        };
        commit.lines = lines.iter().map(line).collect();
    }
    event
}

#[test]
fn a_topic_is_one_line_with_all_its_events() {
    let mut fix = commit(0x1a, 30, "http: close files early", "src/http/files.rs");
    fix.content = "Files stayed open until the next collection ran. See #12.".to_owned();
    let mut test = commit(0x1b, 31, "http: test that files close (#12)", "src/http/tests.rs");
    test.author = Author::named("Bo Bay");
    let closed =
        WorkItem { state: ItemState::Closed, closed_at: Some(at(32)), ..WorkItem::default() };
    let leak = issue("#12", 2, "Files leak", closed);
    let other = commit(0x1c, 40, "Add a tide table", "src/table.rs");
    let made = made(vec![fix, test, leak, other], None);
    let changes = texts(&made.key_changes);
    assert_eq!(changes.len(), 2, "{changes:?}");
    let topic = made.key_changes.iter().find(|one| one.text.contains("close files early"));
    let topic = topic.expect("the topic");
    assert!(topic.text.contains("Ada Low and Bo Bay"), "{}", topic.text);
    assert!(topic.text.contains("#12"), "{}", topic.text);
    assert!(topic.text.contains("Files stayed open until the next collection ran."));
    assert_eq!(topic.evidence.len(), 3);
    assert!(made.summary.contains("3 commits by 2 people"), "{}", made.summary);
    assert!(made.summary.contains("1 issue opened, 1 issue closed"), "{}", made.summary);
}

#[test]
fn noise_is_left_out_and_counted() {
    let mut bot = commit(1, 20, "Bump left-pad from 1.0 to 1.1", "package.json");
    bot.author = Author::named("dependabot[bot]");
    let lock = commit(2, 21, "Update dependencies", "Cargo.lock");
    let format = commit(3, 22, "cargo fmt", "src/a.rs");
    let wordless = commit(4, 23, "wip", "src/b.rs");
    let real = commit(5, 24, "Keep the wheel from stalling at low tide", "src/wheel.rs");
    let made = made(vec![bot, lock, format, wordless, real], None);
    let changes = texts(&made.key_changes);
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert!(changes[0].starts_with("Keep the wheel from stalling"), "{changes:?}");
    let passed = "Passed over: 1 by bots, 1 lock files alone, 1 formatting, 1 without words.";
    assert!(made.markdown.contains(passed), "{}", made.markdown);
}

#[test]
fn decisions_are_records_words_and_hard_facts() {
    let (added, removed) = (Sign::Added, Sign::Removed);
    let section = Some("dependencies");
    let swap = with_lines(
        commit(1, 10, "Tell time by jiff", "Cargo.toml"),
        &[
            (removed, "Cargo.toml", "chrono = \"0.4\"", section),
            (added, "Cargo.toml", "jiff = \"0.2\"", section),
        ],
    );
    let flip = with_lines(
        commit(2, 11, "Raise the sluice more slowly", "src/sluice.rs"),
        &[
            (removed, "src/sluice.rs", "const DEFAULT_STEP: u32 = 9;", None),
            (added, "src/sluice.rs", "const DEFAULT_STEP: u32 = 4;", None),
        ],
    );
    let mut revert = commit(3, 12, "Revert \"Grind at night\"", "src/mill.rs");
    revert.content = format!("This reverts commit {}.\n\nNeighbours cannot sleep.", sha(9));
    let adr = commit(4, 13, "Record how floods are met", "docs/decisions/0002-floods.md");
    let said = message("m1", 14, "Bo Bay", "t1", "We decided to grind at spring tide only.");
    let mut tree = snapshot(&["docs/decisions/0002-floods.md", "src/mill.rs"]);
    tree.texts.push(FileText {
        path: "docs/decisions/0002-floods.md".to_owned(),
        text: "# 2. Floods open the gate\n\nStatus: accepted\n".to_owned(),
    });
    let made = made(vec![swap, flip, revert, adr, said], Some(&tree));
    let decisions = texts(&made.decisions).join("\n");
    for expected in [
        "Accepted: 2. Floods open the gate",
        "Dependency swapped: `chrono 0.4` dropped, `jiff 0.2` added in `Cargo.toml`",
        "Default changed: `DEFAULT_STEP` in `src/sluice.rs` went from `9` to `4`",
        "Reverted “Grind at night” (0000000)",
        "Bo Bay: “We decided to grind at spring tide only.”",
    ] {
        assert!(decisions.contains(expected), "{expected} in {decisions}");
    }
}

#[test]
fn questions_stay_open_until_somebody_else_answers() {
    let asked = |id, who, thread, text| message(id, 20, who, thread, text);
    let events = vec![
        asked("q1", "Ada Low", "t1", "Who keeps the key of the sluice?"),
        asked("q2", "Ada Low", "t2", "Does the mill run on Sundays?"),
        message("a2", 21, "Bo Bay", "t2", "It does not."),
        message("q3", 22, "Ada Low", "t2", "Thanks."),
        commit(1, 23, "Oil the wheel", "src/wheel.rs"),
    ];
    let mut tree = snapshot(&["src/wheel.rs"]);
    tree.standing.push(StandingLine {
        path: "src/wheel.rs".to_owned(),
        number: 7,
        text: "// TODO: measure the oil".to_owned(),
        sha: sha(1),
    });
    let made = made(events, Some(&tree));
    let questions = texts(&made.open_questions);
    assert_eq!(questions.len(), 2, "{questions:?}");
    assert!(questions[0].contains("Ada Low asked: “Who keeps the key of the sluice?”"));
    assert!(questions[1].starts_with("TODO in `src/wheel.rs` line 7: “measure the oil”"));
}

#[test]
fn steps_begin_with_what_blocks_others() {
    let open = WorkItem::default;
    let approved = WorkItem { review: Some(Review::Approved), ..open() };
    let mut request = issue("#7", 5, "Mend the gate", approved.clone());
    request.facts = Facts::PullRequest(WorkItem { key: "#7".to_owned(), ..approved });
    let taken =
        WorkItem { assignees: vec!["bo".to_owned()], blocks: vec!["#9".to_owned()], ..open() };
    let boxes = WorkItem { unchecked: vec!["oil".to_owned()], checked: 2, ..open() };
    let work = commit(0x77, 9, "Try a larger wheel", "src/wheel.rs");
    let mut tree = snapshot(&["src/wheel.rs"]);
    tree.branches.push(Branch {
        name: "larger-wheel".to_owned(),
        sha: sha(0x77),
        tip_at: at(9),
        author: Author::named("Ada Low"),
        subject: "Try a larger wheel".to_owned(),
        ahead: Some(2),
        is_merged: false,
    });
    let events = vec![
        issue("#8", 6, "Order a stone", taken),
        issue("#10", 3, "Clean", boxes),
        request,
        work,
    ];
    let made = made(events, Some(&tree));
    let steps = texts(&made.next_steps);
    assert!(steps[0].starts_with("#8: Order a stone — assigned to bo; blocks #9"), "{steps:?}");
    assert!(steps[1].starts_with("Merge #7: Mend the gate — by Ada Low"), "{steps:?}");
    assert!(steps[2].contains("1 of 3 boxes unchecked: “oil”"), "{steps:?}");
    assert!(steps[3].starts_with("Branch `larger-wheel` has 2 commits not in `main`"), "{steps:?}");
}

#[test]
fn nothing_that_was_imported_does_anything() {
    let title = "Add [a link](javascript:alert(1)) and <script>x</script> ![p](http://e.vil/p)";
    let mut evil = commit(1, 10, title, "src/a.rs");
    evil.author = Author::named("<b>Eve</b>\n# Own");
    let made = made(vec![evil], None);
    assert!(!made.markdown.contains("<script>"), "{}", made.markdown);
    assert!(!made.markdown.contains("<b>"), "{}", made.markdown);
    assert!(!made.markdown.replace("\\]", "").contains("]("), "{}", made.markdown);
    assert!(!made.markdown.contains("\n# Own"), "{}", made.markdown);
}

#[test]
fn an_empty_window_is_no_result() {
    let (project, late) = (project(), commit(1, 900, "Later", "a.rs"));
    let mut bot = commit(2, 10, "Bump a", "b.rs");
    bot.author.is_bot = true;
    let candidates = candidates(vec![late, bot]);
    let error = handoff(&material(&project, &candidates, None), &selection(150));
    let expected = NoResult {
        events_considered: 1,
        window: selection(1).window,
        sources: vec!["git".parse().expect("a source")],
    };
    assert_eq!(error.expect_err("nothing happened"), expected);
}
