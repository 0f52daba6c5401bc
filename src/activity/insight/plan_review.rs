//! How the plan stands: milestones, due dates, what is done a week, what slips.

use std::collections::BTreeMap;

use serde_json::{Map, json};

use crate::activity::extract::changes::headline;
use crate::activity::extract::{events_of, steps};
use crate::activity::link::ratio;
use crate::activity::read::{Corpus, Record, day};
use crate::activity::select::Selected;
use crate::activity::text::{Passage, counted, listed, one_line, passages, shortened};
use crate::domain::activity::{Facts, Window, WorkItem};
use crate::domain::clock::Timestamp;

use super::{Found, Item, Section};

/// How many items of a list are told of.
const MAX_ITEMS: usize = 12;

/// An open item that nobody touched for so many days is named.
const STALE_DAYS: i64 = 30;

const DAY_MS: i64 = 24 * 3_600 * 1_000;

type Work<'c, 'a> = (&'c Record<'a>, &'c WorkItem);

/// The review; `None` where neither a milestone nor a due date nor a list of boxes is known.
pub(super) fn find(selected: &Selected<'_>, window: Window) -> Option<Found> {
    let corpus = &selected.corpus;
    let items: Vec<Work<'_, '_>> = corpus
        .records
        .iter()
        .filter_map(|record| Some((record, record.event.facts.item()?)))
        .collect();
    let mut milestones = milestones(corpus, &items, window.end);
    milestones.extend(documents(corpus));
    let slips = slips(corpus, &items, window.end);
    if milestones.is_empty()
        && slips.is_empty()
        && items.iter().all(|(_, one)| one.due_at.is_none())
    {
        return None;
    }
    let late = slips.len();
    let overdue =
        milestones.iter().filter(|one| one.members.get("overdue") == Some(&json!(true))).count();
    let throughput = Throughput::of(&items, window);
    let summary = format!(
        "{}, {overdue} overdue; {} past the date; {} a week opened, {} closed.",
        counted(milestones.len(), "milestone or list"),
        counted(late, "open item"),
        throughput.opened,
        throughput.closed,
    )
    .replace("milestone or lists", "milestones and lists");
    let next: Vec<Item> = steps::next_steps(corpus, window)
        .into_iter()
        .map(|bullet| Item::new(bullet.text, bullet.evidence))
        .collect();
    let mut members = Map::new();
    members.insert(
        "throughput".to_owned(),
        json!({"closed_per_week": throughput.closed, "opened_per_week": throughput.opened,
            "evidence": throughput.evidence}),
    );
    let sections = vec![
        Section { path: "milestones", heading: "Milestones", items: milestones },
        Section { path: "slips", heading: "Past their date", items: slips },
        Section {
            path: "concerns",
            heading: "Concerns",
            items: concerns(corpus, &items, window, &throughput),
        },
        Section { path: "next_steps", heading: "Next steps", items: next },
    ];
    Some(Found { summary, sections, members })
}

fn milestones(corpus: &Corpus<'_>, items: &[Work<'_, '_>], now: Timestamp) -> Vec<Item> {
    let mut found: BTreeMap<&str, Vec<Work<'_, '_>>> = BTreeMap::new();
    for (record, item) in items {
        if let Some(milestone) = &item.milestone {
            found.entry(&milestone.title).or_default().push((record, item));
        }
    }
    let mut made: Vec<(Option<Timestamp>, Item)> = found
        .into_iter()
        .map(|(title, items)| {
            let due = items.iter().filter_map(|(_, one)| one.milestone.as_ref()?.due_at).max();
            let done = items.iter().filter(|(_, one)| !one.state.is_open()).count();
            let blocked = items
                .iter()
                .filter(|(record, one)| one.state.is_open() && is_blocked(corpus, record))
                .count();
            let overdue = due.is_some_and(|due| due < now) && done < items.len();
            let title = shortened(&one_line(title), 120);
            let when = match due {
                Some(due) if overdue => format!("overdue since {}", day(due)),
                Some(due) => format!("due {}", day(due)),
                None => "without a date".to_owned(),
            };
            let text =
                format!("{title}: {when}, {done} of {} done, {blocked} blocked", items.len());
            let records: Vec<&Record<'_>> = items.iter().map(|(record, _)| *record).collect();
            let item = Item::new(text, events_of(&records))
                .with("title", json!(title))
                .with("due", json!(due.map(Timestamp::iso)))
                .with("done", json!(done))
                .with("total", json!(items.len()))
                .with("overdue", json!(overdue))
                .with("blocked", json!(blocked));
            (due, item)
        })
        .collect();
    made.sort_by(|one, other| {
        (one.0.is_none(), one.0, &one.1.line.text).cmp(&(
            other.0.is_none(),
            other.0,
            &other.1.line.text,
        ))
    });
    made.into_iter().map(|(_, item)| item).collect()
}

/// Lists of boxes in documents.
fn documents(corpus: &Corpus<'_>) -> Vec<Item> {
    let mut made = Vec::new();
    for record in &corpus.records {
        let Facts::Document(document) = &record.event.facts else { continue };
        let boxes: Vec<bool> = passages(&record.event.content)
            .into_iter()
            .filter_map(|passage| match passage {
                Passage::Checkbox(checked, _) => Some(checked),
                Passage::Prose(_) | Passage::Item(_) => None,
            })
            .collect();
        let done = boxes.iter().filter(|checked| **checked).count();
        if boxes.is_empty() {
            continue;
        }
        let text = format!("`{}`: {done} of {} boxes checked", document.path, boxes.len());
        made.push(
            Item::new(text, [record.evidence()])
                .with("title", json!(document.path))
                .with("due", json!(null))
                .with("done", json!(done))
                .with("total", json!(boxes.len()))
                .with("overdue", json!(false))
                .with("blocked", json!(0)),
        );
    }
    made
}

/// A request is its author's, whether or not it is assigned to anybody.
fn is_request(record: &Record<'_>) -> bool {
    matches!(record.event.facts, Facts::PullRequest(_))
}

/// Open items past their own date.
fn slips(corpus: &Corpus<'_>, items: &[Work<'_, '_>], now: Timestamp) -> Vec<Item> {
    let mut late: Vec<(Timestamp, &Record<'_>, &WorkItem)> = items
        .iter()
        .filter(|(_, item)| item.state.is_open())
        .filter_map(|(record, item)| {
            let own = item.due_at.or(item.milestone.as_ref().and_then(|one| one.due_at));
            own.filter(|due| *due < now).map(|due| (due, *record, *item))
        })
        .collect();
    late.sort_by_key(|(due, record, _)| (*due, record.event.id));
    late.into_iter()
        .take(MAX_ITEMS)
        .map(|(due, record, item)| {
            let days = (now.ms() - due.ms()) / DAY_MS;
            let days = counted(usize::try_from(days).unwrap_or(0), "day");
            let who = match item.assignees.as_slice() {
                [] if is_request(record) => format!("by {}", corpus.author(record)),
                [] => "unassigned".to_owned(),
                names => format!("assigned to {}", listed(names)),
            };
            let text =
                format!("{}: {} — {days} past {}, {who}", item.key, headline(record), day(due));
            Item::new(text, [record.evidence()]).with("due", json!(due.iso()))
        })
        .collect()
}

/// How much is opened and closed a week, over the window.
struct Throughput {
    opened: f64,
    closed: f64,
    evidence: Vec<crate::domain::activity::Evidence>,
}

impl Throughput {
    fn of(items: &[Work<'_, '_>], window: Window) -> Self {
        let weeks = (window.end.ms() - window.start.ms()).max(DAY_MS) / DAY_MS;
        let weeks = ratio(usize::try_from(weeks).unwrap_or(1), 7);
        let opened: Vec<&Record<'_>> = items
            .iter()
            .map(|(record, _)| *record)
            .filter(|record| window.contains(record.event.created_at))
            .collect();
        let closed: Vec<&Record<'_>> = items
            .iter()
            .filter(|(_, item)| item.closed_at.is_some_and(|at| window.contains(at)))
            .map(|(record, _)| *record)
            .collect();
        let a_week = |count: usize| (ratio(count, 1) / weeks * 10.0).round() / 10.0;
        let both = [opened.as_slice(), closed.as_slice()].concat();
        // Of no items the ratio's whole is none; the counts then are none too.
        Self {
            opened: a_week(opened.len()),
            closed: a_week(closed.len()),
            evidence: events_of(&both),
        }
    }
}

fn is_blocked(corpus: &Corpus<'_>, record: &Record<'_>) -> bool {
    !corpus.blockers(record).is_empty()
}

fn concerns(
    corpus: &Corpus<'_>,
    items: &[Work<'_, '_>],
    window: Window,
    throughput: &Throughput,
) -> Vec<Item> {
    let open: Vec<&Work<'_, '_>> = items.iter().filter(|(_, item)| item.state.is_open()).collect();
    let named = |records: &[&Record<'_>]| {
        let mut keys: Vec<String> = records.iter().filter_map(|record| record.citation()).collect();
        let more = keys.len().saturating_sub(5);
        keys.truncate(5);
        if more > 0 {
            keys.push(format!("{more} more"));
        }
        listed(&keys)
    };
    let mut made = Vec::new();
    let mut tell = |records: Vec<&Record<'_>>, words: &str| {
        if !records.is_empty() {
            let text =
                format!("{} {words}: {}", counted(records.len(), "open item"), named(&records));
            made.push(Item::new(text, events_of(&records)));
        }
    };
    let with = |test: &dyn Fn(&Work<'_, '_>) -> bool| -> Vec<&Record<'_>> {
        open.iter().filter(|work| test(work)).map(|(record, _)| *record).collect()
    };
    let dated = |item: &WorkItem| item.due_at.is_some() || item.milestone.is_some();
    tell(
        with(&|(record, item)| dated(item) && item.assignees.is_empty() && !is_request(record)),
        "of the plan assigned to nobody",
    );
    tell(with(&|(record, _)| is_blocked(corpus, record)), "blocked by others");
    let stale =
        |record: &Record<'_>| window.end.ms() - record.event.updated_at.ms() > STALE_DAYS * DAY_MS;
    tell(
        with(&|(record, item)| dated(item) && stale(record)),
        "of the plan not touched for 30 days",
    );
    if throughput.opened > throughput.closed && !open.is_empty() {
        let text = format!(
            "More is opened than closed: {} against {} a week",
            throughput.opened, throughput.closed
        );
        made.push(Item::new(text, throughput.evidence.clone()));
    }
    made.truncate(MAX_ITEMS);
    made
}
