//! What a release brings: changes by label, then by conventional type, then by directory.

use std::collections::BTreeMap;

use serde_json::{Map, json};

use crate::activity::cluster::{Cluster, cluster};
use crate::activity::extract::changes::{byline, done, headline};
use crate::activity::extract::{detail, events_of};
use crate::activity::link::link;
use crate::activity::read::{ChangeKind, Corpus, Record, day, short};
use crate::activity::select::Selected;
use crate::activity::text::{capitalized, counted};
use crate::domain::activity::{EventSource, Facts, RepositorySnapshot, Tag, Window};

use super::{Found, Item, ReleaseStyle, Section};

/// How many changes of one sort are told of.
const MAX_ITEMS: usize = 60;

/// What was asked for.
pub(super) struct Asked<'a> {
    pub(super) source: Option<EventSource>,
    pub(super) repo: Option<&'a str>,
    pub(super) style: ReleaseStyle,
    pub(super) since: Option<&'a Tag>,
}

/// The notes and their title; `None` when nothing was done.
pub(super) fn find(
    selected: &Selected<'_>,
    window: Window,
    asked: &Asked<'_>,
    name: &str,
) -> Option<(Found, String)> {
    let corpus = &selected.corpus;
    let clusters = cluster(corpus, &link(corpus), window);
    let mut groups: BTreeMap<Group, Vec<Item>> = BTreeMap::new();
    let mut told: Vec<&Record<'_>> = Vec::new();
    for one in &clusters {
        let Some((group, item, members)) = change(corpus, one, window, asked) else { continue };
        groups.entry(group).or_default().push(item);
        told.extend(members);
    }
    if told.is_empty() {
        return None;
    }
    let range = range(corpus, window, asked.since);
    let mut sections: Vec<Section> = Group::ALL
        .into_iter()
        .map(|group| {
            let mut items = groups.remove(&group).unwrap_or_default();
            items.truncate(MAX_ITEMS);
            Section { path: group.path(), heading: group.heading(asked.style), items }
        })
        .collect();
    let count = |path: &str| {
        sections.iter().filter(|one| one.path == path).map(|one| one.items.len()).sum::<usize>()
    };
    let summary = format!(
        "{} to {}: {} breaking, {}, {}, {} other.",
        range.from,
        range.to,
        count("groups.breaking"),
        counted(count("groups.features"), "feature"),
        counted(count("groups.fixes"), "fix").replace("fixs", "fixes"),
        count("groups.other"),
    );
    let people = contributors(corpus, &told);
    sections.push(Section { path: "contributors", heading: "Contributors", items: people });
    let (style, title) = match asked.style {
        ReleaseStyle::ReleaseNotes => {
            ("release_notes", format!("{name}: release notes, {}", range.to))
        }
        ReleaseStyle::PrDescription => {
            ("pr_description", format!("{name}: changes up to {}", range.to))
        }
    };
    let mut members = Map::new();
    members.insert("style".to_owned(), json!(style));
    let span = json!({"from": range.from, "to": range.to,
        "start": window.start.iso(), "end": window.end.iso()});
    members.insert("range".to_owned(), span);
    Some((Found { summary, sections, members }, title))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Breaking,
    Features,
    Fixes,
    Other,
}

impl Group {
    const ALL: [Self; 4] = [Self::Breaking, Self::Features, Self::Fixes, Self::Other];

    const fn path(self) -> &'static str {
        match self {
            Self::Breaking => "groups.breaking",
            Self::Features => "groups.features",
            Self::Fixes => "groups.fixes",
            Self::Other => "groups.other",
        }
    }

    const fn heading(self, style: ReleaseStyle) -> &'static str {
        match (self, style) {
            (Self::Breaking, _) => "Breaking changes",
            (Self::Features, ReleaseStyle::ReleaseNotes) => "New",
            (Self::Features, ReleaseStyle::PrDescription) => "What is added",
            (Self::Fixes, ReleaseStyle::ReleaseNotes) => "Fixed",
            (Self::Fixes, ReleaseStyle::PrDescription) => "What is corrected",
            (Self::Other, _) => "Other changes",
        }
    }
}

type Change<'c, 'a> = (Group, Item, Vec<&'c Record<'a>>);

fn change<'c, 'a>(
    corpus: &'c Corpus<'a>,
    cluster: &Cluster,
    window: Window,
    asked: &Asked<'_>,
) -> Option<Change<'c, 'a>> {
    let head = cluster.head(corpus).filter(|_| cluster.has_change(corpus, window))?;
    let members: Vec<&Record<'_>> = done(corpus, cluster, window);
    let is_asked = |record: &&Record<'_>| {
        asked.source.is_none_or(|source| record.event.source == source)
            && asked
                .repo
                .is_none_or(|repo| record.event.place.as_ref().is_none_or(|place| place.id == repo))
    };
    if head.kind == ChangeKind::Release || !members.iter().any(is_asked) {
        return None;
    }
    let labelled = |word: &str| {
        members
            .iter()
            .filter_map(|record| record.event.facts.item())
            .any(|item| item.labels.iter().any(|label| label.to_lowercase().contains(word)))
    };
    let breaking = members.iter().any(|record| record.message.is_breaking) || labelled("breaking");
    let group = match head.kind {
        _ if breaking => Group::Breaking,
        ChangeKind::Feature => Group::Features,
        ChangeKind::Fix | ChangeKind::Revert => Group::Fixes,
        _ => Group::Other,
    };
    let note = members.iter().find_map(|record| record.message.breaking_note.as_deref());
    let more = match asked.style {
        ReleaseStyle::ReleaseNotes => note.map(capitalized),
        ReleaseStyle::PrDescription => note.map(capitalized).or_else(|| detail::detail(head)),
    };
    let more = more.map(|more| format!(". {}", more.trim_end_matches('.'))).unwrap_or_default();
    let text = match asked.style {
        ReleaseStyle::ReleaseNotes => {
            let cited = crate::activity::extract::cite::citation(&members);
            format!("{}{more} ({cited})", headline(head))
        }
        ReleaseStyle::PrDescription => {
            format!("{}{more} — {}", headline(head), byline(corpus, &members))
        }
    };
    let item = Item::new(text, events_of(&members)).with("title", json!(headline(head)));
    Some((group, item, members))
}

/// From the release before to what is at the window's end: a release, or a commit.
struct Range {
    from: String,
    to: String,
}

fn range(corpus: &Corpus<'_>, window: Window, since: Option<&Tag>) -> Range {
    let at_head = |snapshot: &RepositorySnapshot| {
        let tags = snapshot.tags.iter().filter(|tag| tag.sha == snapshot.head);
        let newest = tags.max_by_key(|tag| (tag.at, &tag.name));
        newest.map_or_else(|| short(&snapshot.head).to_owned(), |tag| tag.name.clone())
    };
    Range {
        from: since.map_or_else(|| day(window.start), |tag| tag.name.clone()),
        to: corpus.snapshot.map_or_else(|| day(window.end), at_head),
    }
}

fn contributors(corpus: &Corpus<'_>, told: &[&Record<'_>]) -> Vec<Item> {
    // By their names: the same one under two addresses is one contributor.
    let mut work: BTreeMap<&str, Vec<&Record<'_>>> = BTreeMap::new();
    for record in told.iter().filter(|record| matches!(record.event.facts, Facts::Commit(_))) {
        for person in record.people.iter().filter(|person| !corpus.people.is_bot(**person)) {
            work.entry(corpus.people.name(*person)).or_default().push(record);
        }
    }
    let mut people: Vec<(&str, Vec<&Record<'_>>)> = work.into_iter().collect();
    people.sort_by_key(|(name, records)| (std::cmp::Reverse(records.len()), *name));
    people
        .into_iter()
        .map(|(name, records)| {
            let text = format!("{name}, {}", counted(records.len(), "commit"));
            let item = Item::new(text, events_of(&records)).with("name", json!(name));
            item.with("commits", json!(records.len()))
        })
        .collect()
}
