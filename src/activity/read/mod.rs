//! Events made comparable: each becomes a record with its message taken apart, what it names, who
//! did it and whether it says anything.
//!
//! `Corpus::of` reads a selection once; everything after asks the corpus. Never: an order that is
//! not that of time and ids.

mod course;
mod kind;
mod message;
mod noise;
mod people;
mod refs;

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::activity::{Event, Evidence, Facts, RepositorySnapshot};
use crate::domain::clock::Timestamp;

pub(crate) use course::Course;
pub(crate) use kind::{ChangeKind, is_document, is_test, is_version};
pub(crate) use message::Message;
pub(crate) use noise::Noise;
pub(crate) use people::{People, Person};
pub(crate) use refs::{Reference, in_text};

/// How many characters of a sha are shown.
const SHORT_SHA: usize = 7;

/// An event, read.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    /// As it is stored.
    pub(crate) event: &'a Event,
    /// Its title and content taken apart.
    pub(crate) message: Message,
    /// What sort of change it is; `Other` for what is none.
    pub(crate) kind: ChangeKind,
    /// Who did it.
    pub(crate) person: Person,
    /// Everybody who did it, from its trailers.
    pub(crate) people: BTreeSet<Person>,
    /// What it names, itself excepted.
    pub(crate) refs: BTreeSet<Reference>,
    /// Why it says nothing, if it does not.
    pub(crate) noise: Option<Noise>,
}

/// All records of a document, in the order of time.
#[derive(Debug)]
pub(crate) struct Corpus<'a> {
    /// In the order of `(created_at, id)`.
    pub(crate) records: Vec<Record<'a>>,
    /// Who is who.
    pub(crate) people: People,
    /// The repository, where one was read.
    pub(crate) snapshot: Option<&'a RepositorySnapshot>,
    /// How the work came in and went again; of nothing before [`Corpus::followed`].
    pub(crate) course: Course,
    shas: BTreeMap<&'a str, usize>,
    keys: BTreeMap<String, usize>,
}

impl<'a> Corpus<'a> {
    /// Reads events, which may come in any order.
    pub(crate) fn of(
        events: impl IntoIterator<Item = &'a Event>,
        snapshot: Option<&'a RepositorySnapshot>,
    ) -> Self {
        let mut events: Vec<&Event> = events.into_iter().collect();
        events.sort_by_key(|event| (event.created_at, event.id));
        events.dedup_by_key(|event| event.id);
        let mut people = People::default();
        let records = events.into_iter().map(|event| Record::of(event, &mut people)).collect();
        let mut corpus = Self {
            records,
            people,
            snapshot,
            course: Course::default(),
            shas: BTreeMap::new(),
            keys: BTreeMap::new(),
        };
        for (place, record) in corpus.records.iter().enumerate() {
            match &record.event.facts {
                Facts::Commit(commit) => {
                    corpus.shas.insert(&commit.sha, place);
                }
                Facts::PullRequest(item) | Facts::Issue(item) => {
                    corpus.keys.insert(item.key.to_uppercase(), place);
                }
                _ => {}
            }
        }
        corpus.pass_over_merged_bots();
        corpus
    }

    /// With the course of its work; for a corpus that was cut to what a document is made of.
    pub(crate) fn followed(mut self) -> Self {
        self.course = Course::of(&self);
        self
    }

    /// A merge says as little as what it brings in of a program that follows versions. Of other
    /// programs somebody looked at the work and merged it.
    fn pass_over_merged_bots(&mut self) {
        let is_bots = |sha: &String| {
            let Some(record) = self.by_sha(sha).map(|place| &self.records[place]) else {
                return false;
            };
            let of_paths = record.event.facts.commit().and_then(ChangeKind::of_paths);
            let follows = matches!(of_paths, Some(ChangeKind::Dependencies | ChangeKind::Ci));
            record.noise == Some(Noise::Bot)
                && (follows || people::follows_versions(self.people.name(record.person)))
        };
        let merged: Vec<usize> = (0..self.records.len())
            .filter(|place| match self.records[*place].event.facts.commit() {
                Some(commit) if commit.is_merge() => commit.parents[1..].iter().all(is_bots),
                _ => false,
            })
            .collect();
        for place in merged {
            self.records[place].noise.get_or_insert(Noise::Bot);
        }
    }

    /// The commit whose sha begins so, if it is one alone.
    pub(crate) fn by_sha(&self, prefix: &str) -> Option<usize> {
        let mut found = self.shas.range(prefix..).take_while(|(sha, _)| sha.starts_with(prefix));
        let (_, place) = found.next()?;
        found.next().is_none().then_some(*place)
    }

    /// The item with this key, `#12` or `KEY-3`.
    pub(crate) fn by_key(&self, key: &str) -> Option<usize> {
        let number = |mark: &str| {
            let digits = key.trim_start_matches(['#', '!']);
            self.keys.get(&format!("{mark}{digits}"))
        };
        let exact = self.keys.get(&key.to_uppercase());
        exact.or_else(|| number("#")).or_else(|| number("!")).copied()
    }

    /// The name of whoever did it.
    pub(crate) fn author(&self, record: &Record<'_>) -> &str {
        self.people.name(record.person)
    }

    /// What an item says it waits for, in its fields or in its words, and that is not known to be
    /// done.
    pub(crate) fn blockers(&self, record: &Record<'_>) -> Vec<String> {
        let Some(item) = record.event.facts.item() else { return Vec::new() };
        let mut keys = item.blocked_by.clone();
        keys.extend(refs::waited_for(&record.event.content));
        keys.retain(|key| {
            let known = self.by_key(key).and_then(|place| self.records[place].event.facts.item());
            known.is_none_or(|one| one.state.is_open()) && *key != item.key
        });
        keys.sort();
        keys.dedup();
        keys
    }

    /// Whether a commit lies on the default branch or on one that is kept for a version; true
    /// where its branches are not known.
    pub(crate) fn is_landed(&self, record: &Record<'_>) -> bool {
        let main = self.snapshot.map_or("", |snapshot| snapshot.default_branch.as_str());
        let branches = &record.event.branches;
        main.is_empty()
            || branches.is_empty()
            || branches.iter().any(|branch| branch == main || is_kept_branch(branch))
    }

    /// Whether nothing of a record is left: it was taken back within the document's time.
    pub(crate) fn is_undone(&self, record: &Record<'_>) -> bool {
        let sha = record.event.facts.commit().map(|commit| commit.sha.as_str());
        let place = sha.and_then(|sha| self.shas.get(sha));
        place.is_some_and(|place| self.course.is_undone(*place))
    }

    /// The records that say something.
    pub(crate) fn telling(&self) -> impl Iterator<Item = &Record<'a>> {
        self.records.iter().filter(|record| record.noise.is_none())
    }
}

impl<'a> Record<'a> {
    fn of(event: &'a Event, people: &mut People) -> Self {
        let message = Message::parse(&event.title, &event.content);
        let person = people.know(&event.author);
        let mut all = BTreeSet::from([person]);
        for value in message.values("co-authored-by") {
            all.insert(people.know(&co_author(value)));
        }
        let kind = kind_of(event, &message);
        let noise = noise::noise(event, &message, kind, people.is_bot(person));
        let refs = names_of(event, &message);
        Self { event, message, kind, person, people: all, refs, noise }
    }

    /// What speaks for a line about it.
    pub(crate) fn evidence(&self) -> Evidence {
        Evidence::Event(self.event.id)
    }

    /// What people write to name it: `#12`, `KEY-3`, a short sha.
    pub(crate) fn citation(&self) -> Option<String> {
        match &self.event.facts {
            Facts::Commit(commit) => Some(short(&commit.sha).to_owned()),
            Facts::PullRequest(item) | Facts::Issue(item) => Some(item.key.clone()),
            Facts::Release(release) => Some(release.tag.clone()),
            Facts::Document(document) => Some(document.path.clone()),
            _ => None,
        }
    }

    /// The day, `2026-08-01`.
    pub(crate) fn day(&self) -> String {
        day(self.event.created_at)
    }
}

/// The day of a moment in UTC, `2026-08-01`.
pub(crate) fn day(at: Timestamp) -> String {
    at.iso().chars().take("2026-08-01".len()).collect()
}

/// Whether a branch is kept beside the default one on purpose, for old versions or for pages.
pub(crate) fn is_kept_branch(name: &str) -> bool {
    let lower = name.to_lowercase();
    let version = lower.split(['/', '-', '_']).any(|part| {
        let part = part.trim_start_matches('v');
        part.starts_with(|one: char| one.is_ascii_digit())
            && part.contains('.')
            && part.chars().all(|one| one.is_ascii_digit() || one == '.' || one == 'x')
    });
    let words = ["release", "releases", "stable", "gh-pages", "maint", "lts"];
    version || words.iter().any(|word| lower.split(['/', '-']).any(|part| part == *word))
}

/// A sha as people write it.
pub(crate) fn short(sha: &str) -> &str {
    sha.get(..SHORT_SHA).unwrap_or(sha)
}

/// `Name <address>`.
fn co_author(value: &str) -> crate::domain::activity::Author {
    let (name, address) = value.split_once('<').unwrap_or((value, ""));
    crate::domain::activity::Author {
        name: name.trim().to_owned(),
        email: Some(address.trim_end_matches('>').trim().to_owned()).filter(|one| !one.is_empty()),
        ..crate::domain::activity::Author::default()
    }
}

fn kind_of(event: &Event, message: &Message) -> ChangeKind {
    let of_words = || ChangeKind::of_words(&message.headline);
    match &event.facts {
        Facts::Commit(commit) => {
            let words = message.kind.or_else(of_words);
            match (ChangeKind::of_paths(commit), words) {
                // A version is made by changing manifests and documents alone.
                (_, Some(ChangeKind::Release)) => ChangeKind::Release,
                (Some(kind), _) => kind,
                (None, _) if reverted_sha(message).is_some() => ChangeKind::Revert,
                (None, words) => words.unwrap_or(ChangeKind::Other),
            }
        }
        Facts::PullRequest(item) | Facts::Issue(item) => message
            .kind
            .or_else(|| ChangeKind::of_labels(item))
            .or_else(of_words)
            .unwrap_or(ChangeKind::Other),
        _ => ChangeKind::Other,
    }
}

/// The commit that a message says it takes back. A message that tells of more may quote that of a
/// commit within it, as those of squashed requests do.
pub(crate) fn reverted_sha(message: &Message) -> Option<&str> {
    let text = message.body.trim_start();
    let says_so = |text: &str| text.get(..6).is_some_and(|one| one.eq_ignore_ascii_case("revert"));
    let begins = text.get(..12).is_some_and(|one| one.eq_ignore_ascii_case("this reverts"));
    if !(begins || says_so(&message.headline) || message.kind == Some(ChangeKind::Revert)) {
        return None;
    }
    let (_, rest) = ["This reverts commit ", "this reverts commit ", "This reverts "]
        .iter()
        .find_map(|mark| text.split_once(mark))?;
    let sha = rest.split(|one: char| !one.is_ascii_hexdigit()).next().unwrap_or_default();
    (sha.len() >= SHORT_SHA).then_some(sha)
}

/// What is taken back by its title, `Revert "…"`.
pub(crate) fn quoted_title(title: &str) -> Option<&str> {
    let rest = title.trim().strip_prefix("Revert ").or_else(|| title.strip_prefix("revert: "))?;
    let rest = rest.trim().strip_prefix('"')?;
    let end = rest.rfind('"')?;
    Some(&rest[..end])
}

fn names_of(event: &Event, message: &Message) -> BTreeSet<Reference> {
    let place = event.place.as_ref().map(|place| place.id.as_str());
    let mut refs = in_text(&event.title, place);
    refs.extend(in_text(&event.content, place));
    refs.extend(refs::of_refs(&event.refs, place));
    refs.extend(message.merged_number.map(Reference::Number));
    match &event.facts {
        Facts::Commit(commit) => {
            refs.retain(|one| !matches!(one, Reference::Sha(sha) if commit.sha.starts_with(sha)));
        }
        Facts::PullRequest(item) | Facts::Issue(item) => {
            refs.extend(item.sha.clone().map(Reference::Sha));
            refs.extend(
                item.blocked_by.iter().chain(&item.blocks).flat_map(|key| in_text(key, None)),
            );
            let own: BTreeSet<Reference> = in_text(&item.key, None);
            refs.retain(|one| !own.contains(one));
        }
        Facts::Release(release) => refs.extend(release.sha.clone().map(Reference::Sha)),
        Facts::Check(check) => refs.extend(check.sha.clone().map(Reference::Sha)),
        Facts::Message(message) => {
            if let Some(thread) = &message.thread {
                refs.extend(in_text(thread, None));
            }
        }
        Facts::Plain | Facts::Document(_) | Facts::Transcript(_) => {}
    }
    refs
}
