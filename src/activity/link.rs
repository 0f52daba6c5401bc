//! What belongs together: typed edges between records, each with its reason.
//!
//! An edge is drawn where one record names another, where both name the same thing, where one
//! answers, merges, repeats or takes back the other, and, weakly, where one person went on in the
//! same files. Never: an edge that only a likeness of words would draw.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::activity::{Commit, Facts};

use super::read::{Corpus, Record, Reference, is_document, is_test, reverted_sha, short};

/// Why two records belong together, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum EdgeKind {
    /// The one takes the other back.
    Reverts,
    /// The one brings the other in.
    Merges,
    /// The one is the other, on another branch.
    Picked,
    /// The one answers the other, or both are of one conversation.
    Conversation,
    /// The one names the other.
    Names,
    /// A check or a tag of a commit.
    OfCommit,
    /// The one's branch is the other's.
    Branch,
    /// Both name the same thing.
    NameTheSame,
    /// One person went on in the same files.
    Continues,
}

impl EdgeKind {
    /// The word for it in an insight.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Reverts => "reverts",
            Self::Merges => "merges",
            Self::Picked => "picked",
            Self::Conversation => "conversation",
            Self::Names => "names",
            Self::OfCommit => "of_commit",
            Self::Branch => "branch",
            Self::NameTheSame => "name_the_same",
            Self::Continues => "continues",
        }
    }

    /// What it says of two records.
    pub(crate) const fn sentence(self) -> &'static str {
        match self {
            Self::Reverts => "something takes another thing back",
            Self::Merges => "a merge brings a commit in",
            Self::Picked => "one change lies on two branches",
            Self::Conversation => "a conversation goes on",
            Self::Names => "something names another thing by its own name",
            Self::OfCommit => "a check or a tag is of a commit",
            Self::Branch => "a commit lies on a request's branch",
            Self::NameTheSame => "two name the same number or page",
            Self::Continues => "one person went on in the same files",
        }
    }

    /// How sure it is that they belong together, 0 to 1.
    pub(crate) const fn strength(self) -> f64 {
        match self {
            Self::Reverts | Self::Merges => 1.0,
            Self::Picked => 0.95,
            Self::Conversation | Self::Names => 0.9,
            Self::OfCommit | Self::Branch => 0.8,
            Self::NameTheSame => 0.7,
            Self::Continues => 0.5,
        }
    }
}

/// Two records that belong together; `one` is the earlier.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Edge {
    pub(crate) one: usize,
    pub(crate) other: usize,
    pub(crate) kind: EdgeKind,
    /// In a sentence: `abc1234 names #12`.
    pub(crate) reason: String,
}

/// What more records than this name says nothing of any two of them: a tracking issue, a standard.
const MAX_NAMED: usize = 25;

/// How long after a commit another one may go on with it.
const CONTINUES_MS: i64 = 24 * 3_600 * 1_000;

/// How many commits back it is looked for what a commit goes on with.
const CONTINUES_BACK: usize = 12;

/// How much of the files must be the same.
const CONTINUES_SHARE: f64 = 0.5;

/// A headline of fewer words is said of many changes.
const LEAST_PICKED_WORDS: usize = 4;

/// Every edge once, in the order of its records.
pub(crate) fn link(corpus: &Corpus<'_>) -> Vec<Edge> {
    let mut edges = Edges { corpus, found: BTreeMap::new() };
    edges.names();
    edges.merges();
    edges.picked();
    edges.conversations();
    edges.branches();
    edges.named_alike();
    edges.continued();
    let found = edges.found.into_iter();
    found.map(|((one, other), (kind, reason))| Edge { one, other, kind, reason }).collect()
}

struct Edges<'c, 'a> {
    corpus: &'c Corpus<'a>,
    found: BTreeMap<(usize, usize), (EdgeKind, String)>,
}

impl Edges<'_, '_> {
    /// Keeps the surest kind of each pair.
    fn draw(&mut self, one: usize, other: usize, kind: EdgeKind, reason: String) {
        if one == other {
            return;
        }
        let pair = (one.min(other), one.max(other));
        let known = self.found.get(&pair);
        if known.is_none_or(|(before, _)| kind < *before) {
            self.found.insert(pair, (kind, reason));
        }
    }

    /// Records that name a commit or an item by its own name.
    fn names(&mut self) {
        for (place, record) in self.corpus.records.iter().enumerate() {
            let taken_back = reverted_sha(&record.message);
            for reference in &record.refs {
                let (found, named) = match reference {
                    Reference::Sha(sha) => (self.corpus.by_sha(sha), short(sha).to_owned()),
                    Reference::Number(number) => {
                        (self.corpus.by_key(&format!("#{number}")), format!("#{number}"))
                    }
                    Reference::Key(key) => (self.corpus.by_key(key), key.clone()),
                    Reference::Url(_) | Reference::Path(_) | Reference::Name(_) => continue,
                };
                let Some(found) = found else { continue };
                let kind = Self::kind_of_name(record, reference, taken_back);
                let who = name_of(record);
                let verb = match kind {
                    EdgeKind::Reverts => "takes back",
                    EdgeKind::OfCommit => "is of",
                    EdgeKind::Merges => "brings in",
                    _ => "names",
                };
                self.draw(place, found, kind, format!("{who} {verb} {named}"));
            }
        }
    }

    fn kind_of_name(
        record: &Record<'_>,
        reference: &Reference,
        taken_back: Option<&str>,
    ) -> EdgeKind {
        match (&record.event.facts, reference) {
            (Facts::Check(_) | Facts::Release(_), Reference::Sha(_)) => EdgeKind::OfCommit,
            (_, Reference::Sha(sha)) if taken_back.is_some_and(|one| one.starts_with(sha)) => {
                EdgeKind::Reverts
            }
            (_, Reference::Number(number)) if record.message.merged_number == Some(*number) => {
                EdgeKind::Merges
            }
            (Facts::PullRequest(item), Reference::Sha(sha)) if item.sha.as_ref() == Some(sha) => {
                EdgeKind::Merges
            }
            (Facts::Message(_), Reference::Number(_) | Reference::Key(_)) => EdgeKind::Conversation,
            _ => EdgeKind::Names,
        }
    }

    /// A merge and the commits that came in by it, as far as they are here.
    fn merges(&mut self) {
        for (merge, brought) in &self.corpus.course.brought {
            for commit in brought {
                let reason = format!("{} brings in {}", self.name(*merge), self.name(*commit));
                self.draw(*merge, *commit, EdgeKind::Merges, reason);
            }
        }
    }

    /// One change on two branches: the same words of the same person, over the same files.
    fn picked(&mut self) {
        let mut first: BTreeMap<(&str, usize, BTreeSet<&str>), usize> = BTreeMap::new();
        for (place, record) in self.corpus.records.iter().enumerate() {
            let commit = record.event.facts.commit().filter(|one| !one.is_merge());
            let words = record.message.headline.split(' ').count();
            let Some(commit) = commit.filter(|_| words >= LEAST_PICKED_WORDS) else { continue };
            let paths = commit.paths.iter().map(|change| change.path.as_str()).collect();
            let change = (record.message.headline.as_str(), record.person, paths);
            let Some(before) = first.insert(change, place) else { continue };
            if self.lie_apart(before, place) {
                let reason =
                    format!("{} and {} are one change", self.name(before), self.name(place));
                self.draw(before, place, EdgeKind::Picked, reason);
            }
        }
    }

    /// Whether two commits lie on different branches.
    fn lie_apart(&self, one: usize, other: usize) -> bool {
        let branches = |place: usize| &self.corpus.records[place].event.branches;
        branches(one) != branches(other)
    }

    /// Messages of one thread, one after the other, and what a message says it answers.
    fn conversations(&mut self) {
        let mut last: BTreeMap<&str, usize> = BTreeMap::new();
        let ids: BTreeMap<&str, usize> = self
            .corpus
            .records
            .iter()
            .enumerate()
            .map(|(place, record)| (record.event.external_id.as_str(), place))
            .collect();
        for (place, record) in self.corpus.records.iter().enumerate() {
            if let Facts::Message(message) = &record.event.facts {
                let thread = message.thread.as_deref().unwrap_or(&record.event.external_id);
                let before = last.insert(thread, place).or_else(|| ids.get(thread).copied());
                if let Some(before) = before {
                    let reason = format!("{} goes on with a conversation", name_of(record));
                    self.draw(before, place, EdgeKind::Conversation, reason);
                }
            }
            for reference in &record.refs {
                if let Reference::Name(name) = reference
                    && let Some(answered) = ids.get(name.as_str())
                {
                    let reason = format!("{} answers {}", name_of(record), self.name(*answered));
                    self.draw(place, *answered, EdgeKind::Conversation, reason);
                }
            }
        }
    }

    /// An item's branch and the commits that lie on it alone.
    fn branches(&mut self) {
        let mut items: BTreeMap<&str, usize> = BTreeMap::new();
        for (place, record) in self.corpus.records.iter().enumerate() {
            if let Facts::PullRequest(item) = &record.event.facts
                && let Some(branch) = &item.head_branch
            {
                items.insert(branch, place);
            }
        }
        for (place, record) in self.corpus.records.iter().enumerate() {
            let [branch] = record.event.branches.as_slice() else { continue };
            if record.event.facts.commit().is_some()
                && let Some(item) = items.get(branch.as_str())
            {
                let reason = format!("{} lies on {branch}", name_of(record));
                self.draw(place, *item, EdgeKind::Branch, reason);
            }
        }
    }

    /// Records that name the same issue, ticket or page, which itself is not here.
    fn named_alike(&mut self) {
        let mut named: BTreeMap<&Reference, Vec<usize>> = BTreeMap::new();
        for (place, record) in self.corpus.records.iter().enumerate() {
            for reference in &record.refs {
                let is_thing = matches!(
                    reference,
                    Reference::Number(_) | Reference::Key(_) | Reference::Url(_)
                );
                if is_thing {
                    named.entry(reference).or_default().push(place);
                }
            }
        }
        for (reference, places) in named {
            if places.len() > MAX_NAMED {
                continue;
            }
            for pair in places.windows(2) {
                let thing = match reference {
                    Reference::Number(number) => format!("#{number}"),
                    Reference::Key(text) | Reference::Url(text) => text.clone(),
                    _ => continue,
                };
                let reason = format!("both name {thing}");
                self.draw(pair[0], pair[1], EdgeKind::NameTheSame, reason);
            }
        }
    }

    /// A commit and the one of the same person, in the same files, that it goes on with.
    fn continued(&mut self) {
        let commits: Vec<usize> = (0..self.corpus.records.len())
            .filter(|place| self.corpus.records[*place].event.facts.commit().is_some())
            .collect();
        let files: BTreeMap<usize, BTreeSet<&str>> = commits
            .iter()
            .filter_map(|place| {
                Some((*place, files(self.corpus.records[*place].event.facts.commit()?)))
            })
            .collect();
        for (nth, place) in commits.iter().enumerate() {
            let record = &self.corpus.records[*place];
            for before in commits[..nth].iter().rev().take(CONTINUES_BACK) {
                let earlier = &self.corpus.records[*before];
                let gap = record.event.created_at.ms() - earlier.event.created_at.ms();
                let same = record.person == earlier.person
                    && record.noise.is_none()
                    && earlier.noise.is_none()
                    && record.message.scope == earlier.message.scope
                    && gap <= CONTINUES_MS;
                let apart = self.corpus.course.came_apart(*before, *place);
                if same && !apart && !each_has_number(record, earlier) {
                    let share = overlap(&files[place], &files[before]);
                    if share >= CONTINUES_SHARE {
                        let person = self.corpus.author(record);
                        let reason = format!("{person} went on in the same files");
                        self.draw(*before, *place, EdgeKind::Continues, reason);
                        break;
                    }
                }
            }
        }
    }

    fn name(&self, place: usize) -> String {
        name_of(&self.corpus.records[place])
    }
}

/// What a sentence calls a record.
pub(crate) fn name_of(record: &Record<'_>) -> String {
    record
        .citation()
        .unwrap_or_else(|| format!("a {} of {}", record.event.event_type, record.day()))
}

/// Two commits that were brought in by requests of their own are two topics.
fn each_has_number(one: &Record<'_>, other: &Record<'_>) -> bool {
    let numbered = |record: &Record<'_>| {
        record
            .refs
            .iter()
            .any(|reference| matches!(reference, Reference::Number(_) | Reference::Key(_)))
    };
    numbered(one) && numbered(other)
}

/// The files that a commit is about: not tests and documents, if it has others.
fn files(commit: &Commit) -> BTreeSet<&str> {
    let paths = commit.paths.iter().map(|change| change.path.as_str());
    let code: BTreeSet<&str> =
        paths.clone().filter(|path| !is_test(path) && !is_document(path)).collect();
    if code.is_empty() { paths.collect() } else { code }
}

/// How much of two sets is in both, 0 to 1.
fn overlap(one: &BTreeSet<&str>, other: &BTreeSet<&str>) -> f64 {
    let both = one.intersection(other).count();
    let all = one.len() + other.len() - both;
    if all == 0 { 0.0 } else { ratio(both, all) }
}

/// A share of counts that are small.
pub(crate) fn ratio(part: usize, whole: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    if whole == 0 { 0.0 } else { number(part) / number(whole) }
}
