//! What belongs together: topics that several sources or several kinds of events speak of.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, json};

use crate::activity::cluster::{Cluster, cluster};
use crate::activity::extract::changes::headline;
use crate::activity::extract::{events_of, questions};
use crate::activity::link::{Edge, EdgeKind, link, name_of, ratio};
use crate::activity::read::{ChangeKind, Corpus, Record, Reference};
use crate::activity::select::Selected;
use crate::activity::text::{counted, listed};
use crate::domain::activity::{EventSource, Facts, Window};

use super::{Found, Item, Section};

/// How many topics are told of.
const MAX_TOPICS: usize = 20;

/// How many reasons of one topic are told.
const MAX_REASONS: usize = 6;

/// How many patterns are told.
const MAX_PATTERNS: usize = 6;

/// Fewer edges of one sort are no pattern.
const LEAST_OF_PATTERN: usize = 3;

pub(super) fn find(selected: &Selected<'_>, window: Window) -> Found {
    let corpus = &selected.corpus;
    let edges = link(corpus);
    let mut topics: Vec<(f64, Item)> = cluster(corpus, &edges, window)
        .iter()
        .filter_map(|one| {
            topic(corpus, one, &edges)
                .map(|(strength, item)| (strength * one.weight.max(0.1), item))
        })
        .collect();
    topics.sort_by(|one, other| {
        other.0.total_cmp(&one.0).then_with(|| one.1.line.text.cmp(&other.1.line.text))
    });
    topics.truncate(MAX_TOPICS);
    let items: Vec<Item> = topics.into_iter().map(|(_, item)| item).collect();
    let patterns = patterns(corpus, &edges);
    let open: Vec<Item> = questions::open_questions(corpus, window)
        .into_iter()
        .map(|bullet| Item::new(bullet.text, bullet.evidence))
        .collect();
    let sources: BTreeSet<EventSource> =
        corpus.records.iter().map(|one| one.event.source).collect();
    let summary = format!(
        "{} of {} belong together by {}: {}.",
        counted(corpus.records.len(), "event"),
        counted(sources.len(), "source"),
        counted(edges.len(), "edge"),
        counted(items.len(), "topic"),
    );
    let summary = summary.replacen(" belong together by ", " are joined by ", 1);
    let sections = vec![
        Section { path: "correlations", heading: "What belongs together", items },
        Section { path: "patterns", heading: "Patterns", items: patterns },
        Section { path: "open_threads", heading: "Open threads", items: open },
    ];
    Found { summary, sections, members: Map::new() }
}

/// A topic of several records, with how surely they belong together.
fn topic(corpus: &Corpus<'_>, cluster: &Cluster, edges: &[Edge]) -> Option<(f64, Item)> {
    let members: Vec<&Record<'_>> =
        cluster.members.iter().map(|place| &corpus.records[*place]).collect();
    let inner: Vec<&Edge> = edges
        .iter()
        .filter(|edge| cluster.members.contains(&edge.one) && cluster.members.contains(&edge.other))
        .collect();
    // What was taken back belongs together as well; what says nothing is no topic.
    let telling = || members.iter().rev().find(|one| one.noise.is_none()).copied();
    let head = cluster.head(corpus).or_else(telling)?;
    // A tag and its commit are one thing.
    let is_tagged = |edge: &&Edge| {
        [edge.one, edge.other].iter().any(|place| is_release(&corpus.records[*place]))
    };
    if members.len() < 2 || inner.iter().all(is_tagged) {
        return None;
    }
    let sources: BTreeSet<EventSource> = members.iter().map(|one| one.event.source).collect();
    let kinds: BTreeSet<&str> = members.iter().map(|one| one.event.event_type.as_str()).collect();
    let mean = inner.iter().map(|edge| edge.kind.strength()).sum::<f64>() / ratio(inner.len(), 1);
    // What several sources say is surer than what one says often.
    let strength =
        (mean + 0.05 * ratio(sources.len() - 1, 1) + 0.02 * ratio(kinds.len() - 1, 1)).min(1.0);
    let strength = (strength * 100.0).round() / 100.0;
    let mut reasons: Vec<String> = inner.iter().map(|edge| edge.reason.clone()).collect();
    reasons.sort();
    reasons.dedup();
    reasons.truncate(MAX_REASONS);
    let graph: Vec<_> = inner
        .iter()
        .map(|edge| {
            let id = |place: usize| corpus.records[place].event.id;
            json!({"from": id(edge.one), "to": id(edge.other), "type": edge.kind.word(),
                "reason": edge.reason, "strength": edge.kind.strength()})
        })
        .collect();
    let title = headline(head);
    let summary = summary(&members, &sources);
    let ids: Vec<_> = members.iter().map(|one| one.event.id).collect();
    let text = format!("{title}: {summary}; {}", listed(&reasons[..reasons.len().min(3)]));
    let item = Item::new(text, events_of(&members))
        .with("title", json!(title))
        .with("summary", json!(summary))
        .with("sources", json!(sources))
        .with("event_ids", json!(ids))
        .with("reasons", json!(reasons))
        .with("strength", json!(strength))
        .with("edges", json!(graph));
    Some((strength * ratio(sources.len(), 1), item))
}

fn is_release(record: &Record<'_>) -> bool {
    record.kind == ChangeKind::Release || matches!(record.event.facts, Facts::Release(_))
}

/// `3 commits, 1 pull request and 2 messages from 2026-08-01 to 2026-08-03`.
fn summary(members: &[&Record<'_>], sources: &BTreeSet<EventSource>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for record in members {
        *counts.entry(kind_word(record)).or_default() += 1;
    }
    let parts: Vec<String> = counts.into_iter().map(|(word, count)| counted(count, word)).collect();
    let days = (members.first().map(|one| one.day()), members.last().map(|one| one.day()));
    let span = match days {
        (Some(first), Some(last)) if first != last => format!("from {first} to {last}"),
        (Some(first), _) => format!("on {first}"),
        _ => String::new(),
    };
    let of: Vec<String> = sources.iter().map(|one| one.label().to_owned()).collect();
    format!("{} of {} {span}", listed(&parts), listed(&of))
}

fn kind_word<'a>(record: &Record<'a>) -> &'a str {
    match &record.event.facts {
        Facts::Commit(_) => "commit",
        Facts::Release(_) => "tag",
        Facts::PullRequest(_) => "pull request",
        Facts::Issue(_) => "issue",
        Facts::Message(_) => "message",
        Facts::Check(_) => "check",
        Facts::Document(_) => "document",
        Facts::Transcript(_) => "meeting",
        Facts::Plain => "event",
    }
}

fn names_item(record: &Record<'_>) -> bool {
    let is_item = |one: &Reference| matches!(one, Reference::Number(_) | Reference::Key(_));
    record.refs.iter().any(is_item)
}

/// What happens again and again: work without an issue, reverts, red checks, one person's paths.
fn patterns(corpus: &Corpus<'_>, edges: &[Edge]) -> Vec<Item> {
    let mut items = Vec::new();
    let joined: BTreeSet<usize> = edges.iter().flat_map(|edge| [edge.one, edge.other]).collect();
    let commits: Vec<(usize, &Record<'_>)> = corpus
        .records
        .iter()
        .enumerate()
        .filter(|(_, record)| record.event.facts.commit().is_some() && record.noise.is_none())
        .collect();
    let alone: Vec<&Record<'_>> =
        commits.iter().filter(|(place, _)| !joined.contains(place)).map(|(_, one)| *one).collect();
    if alone.len() >= 3 && commits.len() >= 5 {
        let named = alone.iter().filter(|record| names_item(record)).count();
        let named = match named {
            0 => String::new(),
            all => {
                format!("; {all} of them name an issue or a request that is not among the events")
            }
        };
        let text = format!(
            "{} of {} stand alone: nothing else here names them or is named by them{named}",
            alone.len(),
            counted(commits.len(), "commit")
        );
        items.push(Item::new(text, events_of(&alone)));
    }
    let mut kinds: BTreeMap<EdgeKind, Vec<&Edge>> = BTreeMap::new();
    for edge in edges {
        kinds.entry(edge.kind).or_default().push(edge);
    }
    for (kind, of_kind) in kinds {
        // What was seen once or twice is no pattern.
        if of_kind.len() < LEAST_OF_PATTERN {
            continue;
        }
        let records: BTreeSet<usize> =
            of_kind.iter().flat_map(|one| [one.one, one.other]).collect();
        let records: Vec<&Record<'_>> =
            records.iter().map(|place| &corpus.records[*place]).collect();
        let examples: Vec<String> = records.iter().take(3).map(|record| name_of(record)).collect();
        let text = format!(
            "{} {} (`{}`), among {}, such as {}",
            counted(of_kind.len(), "time"),
            kind.sentence(),
            kind.word(),
            counted(records.len(), "event"),
            listed(&examples)
        );
        items.push(Item::new(text, events_of(&records)).with("type", json!(kind.word())));
    }
    items.truncate(MAX_PATTERNS);
    items
}
