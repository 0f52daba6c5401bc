//! Topics: records that belong together, weighed.
//!
//! Edges are followed from the surest on, and no topic grows beyond what one line can tell of.
//! A topic's weight comes of its size, its sort and its day. Never: chance, or an order of hashing.

use crate::domain::activity::{Commit, Facts, Window, is_lock_file};

use super::link::{Edge, ratio};
use super::read::{ChangeKind, Corpus, Record, is_document, is_test};

/// More records than these are no topic.
const MAX_MEMBERS: usize = 60;

/// More changed lines of one file than these are moved or generated.
const MAX_LINES_OF_FILE: f64 = 400.0;

/// Records that belong together.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cluster {
    /// In the order of time; never empty.
    pub(crate) members: Vec<usize>,
    /// How much it matters.
    pub(crate) weight: f64,
}

/// Every record in one cluster, the weightiest cluster first.
pub(crate) fn cluster(corpus: &Corpus<'_>, edges: &[Edge], window: Window) -> Vec<Cluster> {
    let mut sets = Sets::of(corpus.records.len());
    let mut order: Vec<&Edge> = edges.iter().collect();
    order.sort_by_key(|edge| (edge.kind, edge.one, edge.other));
    for edge in order {
        sets.join(edge.one, edge.other);
    }
    let mut clusters: Vec<Cluster> = sets
        .all()
        .into_iter()
        .map(|members| Cluster { weight: weight(corpus, &members, window), members })
        .collect();
    clusters.sort_by(|one, other| {
        other.weight.total_cmp(&one.weight).then_with(|| other.members.cmp(&one.members))
    });
    clusters
}

/// Sets of places that are joined.
struct Sets {
    parent: Vec<usize>,
    size: Vec<usize>,
}

impl Sets {
    fn of(count: usize) -> Self {
        Self { parent: (0..count).collect(), size: vec![1; count] }
    }

    fn root(&mut self, mut place: usize) -> usize {
        while self.parent[place] != place {
            self.parent[place] = self.parent[self.parent[place]];
            place = self.parent[place];
        }
        place
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        if one != other && self.size[one] + self.size[other] <= MAX_MEMBERS {
            let (root, child) = (one.min(other), one.max(other));
            self.parent[child] = root;
            self.size[root] += self.size[child];
        }
    }

    fn all(&mut self) -> Vec<Vec<usize>> {
        let mut sets: std::collections::BTreeMap<usize, Vec<usize>> =
            std::collections::BTreeMap::new();
        for place in 0..self.parent.len() {
            let root = self.root(place);
            sets.entry(root).or_default().push(place);
        }
        sets.into_values().collect()
    }
}

fn weight(corpus: &Corpus<'_>, members: &[usize], window: Window) -> f64 {
    let records = || members.iter().map(|place| &corpus.records[*place]);
    let telling = || records().filter(|record| record.noise.is_none() && !corpus.is_undone(record));
    let lines: f64 = telling().filter_map(|record| record.event.facts.commit()).map(size).sum();
    let comments: u32 =
        records().filter_map(|record| record.event.facts.item()).map(|item| item.comments).sum();
    let kind = telling().map(|record| record.kind.weight()).fold(0.0, f64::max);
    let breaking = telling().any(|record| record.message.is_breaking);
    let amount = 0.6
        + 0.32 * (1.0 + lines).log2()
        + 0.5 * ratio(telling().count(), 1).max(1.0).log2()
        + 0.3 * (1.0 + f64::from(comments)).log2();
    let last = telling().map(|record| record.event.created_at.ms()).max();
    let span = window.end.ms() - window.start.ms();
    let age = last.map_or(1.0, |last| share(window.end.ms() - last, span));
    let recency = 1.0 - 0.3 * age;
    kind * amount * recency * if breaking { 2.5 } else { 1.0 }
}

#[expect(clippy::cast_precision_loss, reason = "a window's milliseconds fit a float's 53 bits")]
fn share(part: i64, whole: i64) -> f64 {
    if whole <= 0 { 1.0 } else { (part as f64 / whole as f64).clamp(0.0, 1.0) }
}

/// A commit's changed lines, those of tests, documents and generated files for less.
pub(crate) fn size(commit: &Commit) -> f64 {
    let lines = commit.paths.iter().map(|change| {
        let changed = (f64::from(change.added) + f64::from(change.removed)).min(MAX_LINES_OF_FILE);
        changed * share_of_path(&change.path)
    });
    lines.sum()
}

/// How much a changed line of a file counts.
pub(crate) fn share_of_path(path: &str) -> f64 {
    let folders = ["vendor/", "node_modules/", "dist/", "third_party/", "snapshots/", "fixtures/"];
    let ends =
        [".snap", ".min.js", ".min.css", ".svg", ".map", ".po", ".pb.go", "_pb2.py", ".lock"];
    let generated = folders.iter().any(|folder| path.contains(folder))
        || ends.iter().any(|end| path.ends_with(end));
    if is_lock_file(path) {
        0.0
    } else if generated {
        0.05
    } else if is_test(path) || path.split('/').any(|part| part == "examples" || part == "example") {
        0.3
    } else if is_document(path) {
        0.2
    } else {
        1.0
    }
}

impl Cluster {
    /// The record that tells best what the topic is: a request that was merged, a merge with
    /// words of its own, else the weightiest commit. `None` where nothing of it is left.
    pub(crate) fn head<'c, 'a>(&self, corpus: &'c Corpus<'a>) -> Option<&'c Record<'a>> {
        let left = self.members.iter().filter(|place| !corpus.course.is_undone(**place));
        let telling = left.map(|place| &corpus.records[*place]);
        let telling = telling.filter(|record| record.noise.is_none());
        // What lies on a topic's own branch alone does not speak for what came in of it.
        let landed =
            |record: &Record<'_>| record.event.facts.commit().is_none() || corpus.is_landed(record);
        telling.max_by(|one, other| {
            let by_branch = landed(one).cmp(&landed(other));
            by_branch
                .then_with(|| rank(one).total_cmp(&rank(other)))
                .then_with(|| other.event.id.cmp(&one.event.id))
        })
    }

    /// Whether some of it was done: a commit, a merged request.
    pub(crate) fn has_change(&self, corpus: &Corpus<'_>, window: Window) -> bool {
        self.members.iter().map(|place| &corpus.records[*place]).any(|record| {
            record.noise.is_none()
                && !corpus.is_undone(record)
                && match &record.event.facts {
                    Facts::Commit(_) => {
                        window.contains(record.event.created_at) && corpus.is_landed(record)
                    }
                    Facts::PullRequest(item) => {
                        item.merged_at.is_some_and(|at| window.contains(at))
                    }
                    _ => false,
                }
        })
    }
}

/// How well a record stands for its topic.
fn rank(record: &Record<'_>) -> f64 {
    match &record.event.facts {
        Facts::PullRequest(item) if item.merged_at.is_some() => 1_000.0 + f64::from(item.comments),
        Facts::Commit(commit) if commit.is_merge() => 900.0,
        Facts::Commit(commit) => {
            let breaking = if record.message.is_breaking { 50.0 } else { 0.0 };
            let wordy = if record.message.headline.contains(' ') { 1.0 } else { 0.3 };
            breaking + record.kind.weight() * (1.0 + (1.0 + size(commit)).log2()) * wordy
        }
        // What is not done yet does not stand for what was done.
        Facts::PullRequest(_) => 0.02,
        Facts::Issue(_) => 0.01,
        _ => 0.0,
    }
}

impl ChangeKind {
    /// Whether a topic of this sort alone is worth a line among the key changes.
    pub(crate) const fn is_key(self) -> bool {
        !matches!(self, Self::Style | Self::Release | Self::Ci | Self::Tests)
    }
}
