//! The summary: counted facts, then the weightiest topics, then the largest open item.

use std::collections::BTreeSet;

use crate::domain::activity::{Facts, ItemState, Window};

use crate::activity::cluster::Cluster;
use crate::activity::read::{Corpus, Noise, day};
use crate::activity::text::{counted, listed, shortened};

use super::{changes, steps};

/// How many topics the summary names.
const MAX_TOPICS: usize = 3;

/// How many tags it names.
const MAX_TAGS: usize = 4;

/// What was counted.
#[derive(Debug, Default)]
struct Counts {
    commits: usize,
    merges: usize,
    by_bots: usize,
    people: BTreeSet<usize>,
    branches: BTreeSet<String>,
    merged: usize,
    open_requests: usize,
    opened: usize,
    closed: usize,
    messages: usize,
    meetings: usize,
    red_checks: usize,
    tags: Vec<String>,
}

/// The whole summary.
pub(crate) fn summary(corpus: &Corpus<'_>, clusters: &[Cluster], window: Window) -> String {
    let counts = Counts::of(corpus, window);
    let mut sentences = vec![counts.sentence(window)];
    let topics: Vec<String> = clusters
        .iter()
        .filter(|cluster| changes::is_key(corpus, cluster, window))
        .filter_map(|cluster| cluster.head(corpus))
        .map(|head| {
            let cited = head.citation().map(|one| format!(" ({one})")).unwrap_or_default();
            format!("{}{cited}", shortened(&changes::headline(head), 110))
        })
        .take(MAX_TOPICS)
        .collect();
    if !topics.is_empty() {
        sentences.push(format!("Most of it: {}.", topics.join("; ")));
    }
    if let Some(open) = steps::largest_open(corpus) {
        let key = open.citation().unwrap_or_default();
        let headline = shortened(&changes::headline(open), 110);
        sentences.push(format!("Largest open item: {key} {headline}."));
    }
    sentences.join(" ")
}

impl Counts {
    fn of(corpus: &Corpus<'_>, window: Window) -> Self {
        let mut counts = Self::default();
        for record in &corpus.records {
            let created = window.contains(record.event.created_at);
            match &record.event.facts {
                Facts::Commit(commit) if created => {
                    counts.commits += 1;
                    counts.merges += usize::from(commit.is_merge());
                    if record.noise == Some(Noise::Bot) {
                        counts.by_bots += 1;
                    } else {
                        counts.people.extend(&record.people);
                    }
                    counts.branches.extend(record.event.branches.first().cloned());
                }
                Facts::PullRequest(item) => {
                    let merged = item.merged_at.is_some_and(|at| window.contains(at));
                    counts.merged += usize::from(merged);
                    counts.open_requests += usize::from(item.state.is_open());
                }
                Facts::Issue(item) => {
                    let closed = item.closed_at.is_some_and(|at| window.contains(at))
                        || item.state == ItemState::Closed
                            && item.closed_at.is_none()
                            && window.contains(record.event.updated_at);
                    counts.opened += usize::from(created);
                    counts.closed += usize::from(closed);
                }
                Facts::Message(_) if created => counts.messages += 1,
                Facts::Transcript(_) if created => counts.meetings += 1,
                Facts::Check(check) if created => {
                    counts.red_checks +=
                        usize::from(check.outcome == crate::domain::activity::Outcome::Failed);
                }
                Facts::Release(release) if created && !counts.tags.contains(&release.tag) => {
                    counts.tags.push(release.tag.clone());
                }
                _ => {}
            }
        }
        counts.people.retain(|person| !corpus.people.is_bot(*person));
        counts
    }

    fn sentence(&self, window: Window) -> String {
        let mut parts = Vec::new();
        if self.commits > 0 {
            parts.push(self.commits_words());
        }
        let mut count = |count: usize, words: String| {
            if count > 0 {
                parts.push(words);
            }
        };
        count(self.merged, format!("{} merged", counted(self.merged, "pull request")));
        count(self.open_requests, format!("{} open", counted(self.open_requests, "pull request")));
        count(self.opened, format!("{} opened", counted(self.opened, "issue")));
        count(self.closed, format!("{} closed", counted(self.closed, "issue")));
        count(self.messages, counted(self.messages, "message"));
        count(self.meetings, counted(self.meetings, "meeting"));
        count(self.red_checks, counted(self.red_checks, "failed check"));
        let mut tags: Vec<String> = self.tags.iter().rev().take(MAX_TAGS).cloned().collect();
        if self.tags.len() > MAX_TAGS {
            tags.push(format!("{} more", self.tags.len() - MAX_TAGS));
        }
        count(tags.len(), format!("tagged {}", listed(&tags)));
        let days = (window.end.ms() - window.start.ms()) / (24 * 3_600 * 1_000);
        let span = if days >= 1 {
            format!(
                "In the {} to {}",
                counted(usize::try_from(days).unwrap_or(0), "day"),
                day(window.end)
            )
        } else {
            format!("On {}", day(window.end))
        };
        if parts.is_empty() {
            return format!("{span}: {}.", "documents and other events alone");
        }
        format!("{span}: {}.", parts.join(", "))
    }

    /// `41 commits (6 merges, 3 by bots) by 9 people on 2 branches`.
    fn commits_words(&self) -> String {
        let mut aside = Vec::new();
        if self.merges > 0 {
            aside.push(counted(self.merges, "merge"));
        }
        if self.by_bots > 0 {
            aside.push(format!("{} by bots", self.by_bots));
        }
        let aside =
            if aside.is_empty() { String::new() } else { format!(" ({})", aside.join(", ")) };
        let people = match self.people.len() {
            0 => String::new(),
            1 => " by 1 person".to_owned(),
            count => format!(" by {count} people"),
        };
        let branches = match self.branches.len() {
            0 => String::new(),
            1 => format!(" on {}", self.branches.first().map_or("", String::as_str)),
            count => format!(" on {count} branches"),
        };
        format!("{}{aside}{people}{branches}", counted(self.commits, "commit"))
    }
}
