//! What is to be done: open requests, boxes, assigned work, branches, milestones, red checks.
//!
//! In the order of what blocks others, then of priority, then of age. Never: a step that nobody
//! wrote down or that no state of a source asks for.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::activity::{
    Branch, Bullet, Facts, ItemState, Outcome, Review, Window, WorkItem,
};
use crate::domain::clock::Timestamp;

use crate::activity::read::{Corpus, Record, Reference, day, is_kept_branch, short};
use crate::activity::text::{counted, listed, one_line, shortened};

use super::questions::ByTime as _;
use super::{bullet, changes};

/// How many steps a handoff tells of.
const MAX_STEPS: usize = 10;

/// How many of them are branches.
const MAX_BRANCHES: usize = 3;

/// How many boxes of an item are quoted.
const MAX_BOXES: usize = 2;

/// How many items of a milestone are named.
const MAX_KEYS: usize = 4;

/// How many days before its date a milestone or an item is pressing.
const PRESSING_DAYS: i64 = 14;

/// A step with what it is ordered by: smaller is sooner.
struct Step {
    blocks: bool,
    rank: u8,
    since: Timestamp,
    bullet: Bullet,
}

/// The steps, what blocks others first.
pub(crate) fn next_steps(corpus: &Corpus<'_>, window: Window) -> Vec<Bullet> {
    let blocked = blocking(corpus);
    let mut steps = Vec::new();
    let mut in_requests = BTreeSet::new();
    for record in corpus.records.iter().filter(|one| one.noise.is_none()) {
        match &record.event.facts {
            Facts::PullRequest(item) if item.state.is_open() => {
                in_requests.extend(item.head_branch.clone());
                steps.push(request(corpus, record, item, &blocked));
            }
            Facts::Issue(item) if item.state.is_open() => {
                steps.extend(issue(record, item, &blocked, window));
            }
            Facts::Document(document) => steps.extend(boxes_of_document(record, &document.path)),
            _ => {}
        }
    }
    steps.extend(red_checks(corpus));
    steps.extend(milestones(corpus, window));
    steps.extend(branches(corpus, window, &in_requests));
    steps.sort_by(|one, other| {
        (!one.blocks, one.rank, one.since, &one.bullet.text).cmp(&(
            !other.blocks,
            other.rank,
            other.since,
            &other.bullet.text,
        ))
    });
    let bullets = steps.into_iter().map(|step| step.bullet).collect();
    let mut bullets = super::without_repeats(bullets);
    bullets.truncate(MAX_STEPS);
    bullets
}

/// Keys of items that others wait for, each with the keys that wait.
fn blocking(corpus: &Corpus<'_>) -> BTreeMap<String, Vec<String>> {
    let mut blocking: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for record in &corpus.records {
        let Some(item) = record.event.facts.item() else { continue };
        if item.state.is_open() {
            for key in corpus.blockers(record) {
                blocking.entry(key.to_uppercase()).or_default().push(item.key.clone());
            }
            if !item.blocks.is_empty() {
                blocking.entry(item.key.to_uppercase()).or_default().extend(item.blocks.clone());
            }
        }
    }
    blocking
}

fn blocks(item: &WorkItem, blocked: &BTreeMap<String, Vec<String>>) -> Option<String> {
    let mut keys = blocked.get(&item.key.to_uppercase())?.clone();
    keys.sort();
    keys.dedup();
    keys.truncate(4);
    Some(format!("; blocks {}", listed(&keys)))
}

fn request(
    corpus: &Corpus<'_>,
    record: &Record<'_>,
    item: &WorkItem,
    blocked: &BTreeMap<String, Vec<String>>,
) -> Step {
    let (verb, rank) = match (item.is_draft, item.review) {
        (true, _) => ("Finish draft", 5),
        (false, Some(Review::Approved)) => ("Merge", 1),
        (false, Some(Review::ChangesRequested)) => ("Address the review of", 2),
        (false, Some(Review::Requested)) => ("Review", 2),
        (false, None) => ("Review", 3),
    };
    let blocks = blocks(item, blocked);
    let approved = if item.review == Some(Review::Approved) { ", approved" } else { "" };
    let text = format!(
        "{verb} {}: {} — by {}, open since {}{approved}{}{}",
        item.key,
        changes::headline(record),
        corpus.author(record),
        record.day(),
        boxes(item).map(|boxes| format!("; {boxes}")).unwrap_or_default(),
        blocks.clone().unwrap_or_default(),
    );
    Step {
        blocks: blocks.is_some(),
        rank: rank_of(record, rank),
        since: record.event.created_at,
        bullet: bullet(text, [record.evidence()]),
    }
}

fn issue(
    record: &Record<'_>,
    item: &WorkItem,
    blocked: &BTreeMap<String, Vec<String>>,
    window: Window,
) -> Option<Step> {
    let blocks = blocks(item, blocked);
    let is_due = item.due_at.is_some_and(|due| days_until(window.end, due) <= PRESSING_DAYS);
    let is_taken = !item.assignees.is_empty();
    let is_begun = item.state == ItemState::InProgress;
    let is_urgent = urgency(record) == 0;
    if !(is_taken || is_begun || blocks.is_some() || is_due || is_urgent || boxes(item).is_some()) {
        return None;
    }
    let mut names = item.assignees.iter().map(|name| one_line(name)).collect::<Vec<_>>();
    names.truncate(3);
    let who =
        if is_taken { format!("assigned to {}", listed(&names)) } else { "unassigned".to_owned() };
    let state = if is_begun { ", in progress" } else { "" };
    let due = item.due_at.map(|due| due_words(window.end, due)).unwrap_or_default();
    let text = format!(
        "{}: {} — {who}{state}{due}{}{}{}",
        item.key,
        changes::headline(record),
        record
            .event
            .priority
            .as_ref()
            .map(|one| format!(", priority {}", one_line(one)))
            .unwrap_or_default(),
        boxes(item).map(|boxes| format!("; {boxes}")).unwrap_or_default(),
        blocks.clone().unwrap_or_default(),
    );
    Some(Step {
        blocks: blocks.is_some(),
        rank: rank_of(record, if is_begun { 3 } else { 4 }),
        since: item.due_at.unwrap_or(record.event.created_at).min(record.event.created_at),
        bullet: bullet(text, [record.evidence()]),
    })
}

fn due_words(now: Timestamp, due: Timestamp) -> String {
    if due < now { format!(", overdue since {}", day(due)) } else { format!(", due {}", day(due)) }
}

fn days_until(now: Timestamp, due: Timestamp) -> i64 {
    (due.ms() - now.ms()).div_euclid(24 * 3_600 * 1_000)
}

/// `3 of 5 boxes left: “…”, “…”`.
fn boxes(item: &WorkItem) -> Option<String> {
    let left = item.unchecked.len();
    let all = left + item.checked as usize;
    let quoted: Vec<String> = item
        .unchecked
        .iter()
        .take(MAX_BOXES)
        .map(|text| format!("“{}”", shortened(&one_line(text), 80)))
        .collect();
    (left > 0).then(|| format!("{left} of {all} boxes unchecked: {}", quoted.join(", ")))
}

fn boxes_of_document(record: &Record<'_>, path: &str) -> Option<Step> {
    use crate::activity::text::{Passage, passages};
    let found: Vec<(bool, String)> = passages(&record.event.content)
        .into_iter()
        .filter_map(|passage| match passage {
            Passage::Checkbox(checked, text) => Some((checked, text)),
            Passage::Prose(_) | Passage::Item(_) => None,
        })
        .collect();
    let checked = found.iter().filter(|(checked, _)| *checked).count();
    let item = WorkItem {
        unchecked: found
            .into_iter()
            .filter(|(checked, _)| !checked)
            .map(|(_, text)| text)
            .collect(),
        checked: u32::try_from(checked).unwrap_or(u32::MAX),
        ..WorkItem::default()
    };
    let words = boxes(&item)?;
    let text = format!("`{path}`: {words} (last changed {})", day(record.event.updated_at));
    Some(Step {
        blocks: false,
        rank: 6,
        since: record.event.updated_at,
        bullet: bullet(text, [record.evidence()]),
    })
}

/// The rank of a step, sooner for what its source calls urgent.
fn rank_of(record: &Record<'_>, rank: u8) -> u8 {
    if urgency(record) == 0 { 0 } else { rank + urgency(record) / 2 }
}

/// 0 for urgent, 1 for high, 2 for what is neither, 3 for low.
fn urgency(record: &Record<'_>) -> u8 {
    let words = |one: &str| {
        let lower = one.to_lowercase();
        let is = |words: &[&str]| words.iter().any(|word| lower == *word);
        if is(&["urgent", "highest", "critical", "blocker", "p0", "p1", "sev1", "sev-1"]) {
            0
        } else if is(&["high", "p2", "major", "sev2"]) {
            1
        } else if is(&["low", "lowest", "minor", "trivial", "p4", "p5"]) {
            3
        } else {
            2
        }
    };
    record.event.priority.as_deref().map_or(2, words)
}

/// Checks whose last outcome is red.
fn red_checks(corpus: &Corpus<'_>) -> Vec<Step> {
    let mut last: BTreeMap<&str, &Record<'_>> = BTreeMap::new();
    for record in &corpus.records {
        if let Facts::Check(check) = &record.event.facts {
            last.insert(&check.name, record);
        }
    }
    let red = last.into_iter().filter_map(|(name, record)| {
        let Facts::Check(check) = &record.event.facts else { return None };
        if check.outcome != Outcome::Failed {
            return None;
        }
        let tests = (check.failed > 0).then(|| {
            let mut names: Vec<String> =
                check.failures.iter().take(3).map(|name| format!("`{}`", one_line(name))).collect();
            if check.failures.len() > 3 {
                names.push(format!("{} more", check.failures.len() - 3));
            }
            let of = counted((check.failed + check.passed) as usize, "test");
            let which =
                if names.is_empty() { String::new() } else { format!(" ({})", listed(&names)) };
            format!(": {} of {of} failed{which}", check.failed)
        });
        let sha = check.sha.as_deref().map(|sha| format!("{}, ", short(sha))).unwrap_or_default();
        let name = shortened(&one_line(name), 80);
        let text =
            format!("Check `{name}` is red{} ({sha}{})", tests.unwrap_or_default(), record.day());
        let (since, bullet) = (record.event.created_at, bullet(text, [record.evidence()]));
        Some(Step { blocks: false, rank: 1, since, bullet })
    });
    red.collect()
}

/// Milestones with a date and work left.
fn milestones(corpus: &Corpus<'_>, window: Window) -> Vec<Step> {
    let mut found: BTreeMap<(&str, Timestamp), Vec<(&Record<'_>, &WorkItem)>> = BTreeMap::new();
    for record in &corpus.records {
        let Some(item) = record.event.facts.item() else { continue };
        if let Some(milestone) = &item.milestone
            && let Some(due) = milestone.due_at
        {
            found.entry((&milestone.title, due)).or_default().push((record, item));
        }
    }
    found
        .into_iter()
        .filter_map(|((title, due), items)| {
            let open: Vec<&Record<'_>> = items
                .iter()
                .filter(|(_, item)| item.state.is_open())
                .map(|(one, _)| *one)
                .collect();
            if open.is_empty() {
                return None;
            }
            let mut keys: Vec<String> =
                open.iter().filter_map(|record| record.citation()).collect();
            let more = keys.len().saturating_sub(MAX_KEYS);
            keys.truncate(MAX_KEYS);
            if more > 0 {
                keys.push(format!("{more} more"));
            }
            let words = due_words(window.end, due).trim_start_matches(", ").to_owned();
            let text = format!(
                "Milestone {}: {words}, {} ({})",
                shortened(&one_line(title), 80),
                counted(open.len(), "open item"),
                listed(&keys),
            );
            let rank = if days_until(window.end, due) <= PRESSING_DAYS { 1 } else { 4 };
            let bullet = bullet(text, open.iter().map(|record| record.evidence()));
            Some(Step { blocks: false, rank, since: due, bullet })
        })
        .collect()
}

/// Branches with commits of the window that the default branch has not, and no request.
fn branches(corpus: &Corpus<'_>, window: Window, in_requests: &BTreeSet<String>) -> Vec<Step> {
    let Some(snapshot) = corpus.snapshot else { return Vec::new() };
    let mut open: Vec<(&Branch, &Record<'_>)> = snapshot
        .branches
        .iter()
        .filter(|branch| branch.name != snapshot.default_branch && !branch.is_merged)
        .filter(|branch| !in_requests.contains(&branch.name) && !is_kept_branch(&branch.name))
        .filter(|branch| window.contains(branch.tip_at))
        .filter_map(|branch| Some((branch, &corpus.records[corpus.by_sha(&branch.sha)?])))
        .filter(|(_, record)| record.noise.is_none() && !has_landed(corpus, record))
        .collect();
    open.sort_by_key(|(branch, _)| (std::cmp::Reverse(branch.tip_at), &branch.name));
    open.truncate(MAX_BRANCHES);
    let step = |(branch, record): (&Branch, &Record<'_>)| {
        let ahead = branch.ahead.map_or_else(
            || "has commits not".to_owned(),
            |ahead| format!("has {} not", counted(ahead as usize, "commit")),
        );
        let text = format!(
            "Branch `{}` {ahead} in `{}`; the last is “{}” by {} ({}, {})",
            branch.name,
            snapshot.default_branch,
            changes::headline(record),
            corpus.author(record),
            short(&branch.sha),
            day(branch.tip_at),
        );
        Step {
            blocks: false,
            rank: 5,
            since: branch.tip_at,
            bullet: bullet(text, [record.evidence()]),
        }
    };
    open.into_iter().map(step).collect()
}

/// Whether a branch's last commit lies on the default branch under another sha.
fn has_landed(corpus: &Corpus<'_>, tip: &Record<'_>) -> bool {
    let main = corpus.snapshot.map_or("", |snapshot| snapshot.default_branch.as_str());
    corpus.records.iter().any(|record| {
        record.event.branches.iter().any(|branch| branch == main)
            && record.person == tip.person
            && record.message.headline == tip.message.headline
    })
}

/// The largest open item: the one most talked about, or with most boxes.
pub(crate) fn largest_open<'c, 'a>(corpus: &'c Corpus<'a>) -> Option<&'c Record<'a>> {
    let open = corpus.telling().filter(|record| record.event.is_open()).rev_by_time().into_iter();
    let size = |record: &Record<'_>| {
        let item = record.event.facts.item()?;
        let named = corpus.records.iter().filter(|other| names(other, &item.key)).count();
        Some((item.comments as usize + item.unchecked.len() + 2 * named, record.event.created_at))
    };
    open.filter(|record| size(record).is_some_and(|(size, _)| size > 0))
        .max_by_key(|record| size(record))
}

fn names(record: &Record<'_>, key: &str) -> bool {
    record.refs.iter().any(|reference| match reference {
        Reference::Number(number) => key.trim_start_matches(['#', '!']) == number.to_string(),
        Reference::Key(named) => named == key,
        _ => false,
    })
}
