//! How a line names who did something, where, and where it can be read again.

use std::collections::BTreeSet;

use crate::activity::cluster::share_of_path;
use crate::activity::read::{Corpus, Record, Reference, is_document, is_test, short};
use crate::activity::text::{counted, listed, one_line, shortened};
use crate::domain::activity::{Facts, is_lock_file};

/// How many names a line has.
const MAX_NAMES: usize = 2;

/// How many citations a line has.
const MAX_CITED: usize = 4;

/// How many directories a line names.
const MAX_PLACES: usize = 2;

/// More changed lines of a file than these do not make its directory weightier.
const MAX_LINES: f64 = 300.0;

/// A directory with a smaller part of the work than the first has is not named.
const FAIR_PART: f64 = 0.25;

/// The longest quotation, in characters.
const MAX_QUOTED: usize = 240;

/// `A`, `A and B`, `A and 3 others`: those with most records first.
pub(crate) fn people(corpus: &Corpus<'_>, records: &[&Record<'_>]) -> String {
    let mut counts: Vec<(usize, usize)> = Vec::new();
    for record in records {
        for person in &record.people {
            match counts.iter_mut().find(|(known, _)| known == person) {
                Some((_, count)) => *count += 1,
                None => counts.push((*person, 1)),
            }
        }
    }
    counts.retain(|(person, _)| !corpus.people.is_bot(*person));
    counts.sort_by_key(|(person, count)| (std::cmp::Reverse(*count), *person));
    let name = |(person, _): &(usize, usize)| corpus.people.name(*person).to_owned();
    let mut names: Vec<String> = counts.iter().take(MAX_NAMES).map(name).collect();
    let more = counts.len() - names.len();
    if more > 0 {
        names.truncate(1);
        names.push(counted(more + 1, "other"));
    }
    listed(&names)
}

/// The directories that records change most, in back-ticks; a file's name if it is one file.
pub(crate) fn places(records: &[&Record<'_>]) -> String {
    let mut weights: std::collections::BTreeMap<String, f64> = std::collections::BTreeMap::new();
    let changes = || {
        let commits = records.iter().filter_map(|record| record.event.facts.commit());
        commits.flat_map(|commit| &commit.paths)
    };
    let files: BTreeSet<&str> = changes().map(|change| change.path.as_str()).collect();
    let is_code = |path: &str| !is_test(path) && !is_document(path) && !is_lock_file(path);
    let has_code = files.iter().any(|path| is_code(path));
    // Where a change is, its code says; long tests of it lie elsewhere.
    for change in changes().filter(|change| !has_code || is_code(&change.path)) {
        let lines = (f64::from(change.added) + f64::from(change.removed) + 1.0).min(MAX_LINES);
        *weights.entry(directory(&change.path)).or_default() += lines * share_of_path(&change.path);
    }
    if files.len() == 1 {
        return format!("`{}`", files.first().copied().unwrap_or_default());
    }
    let worked = weights.into_iter().filter(|(one, weight)| !one.is_empty() && *weight > 0.0);
    let mut places: Vec<(String, f64)> = worked.collect();
    places.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    // A second place is named when it has a fair part of the work.
    let least = places.first().map_or(0.0, |(_, weight)| weight * FAIR_PART);
    places.retain(|(_, weight)| *weight >= least);
    let names: Vec<String> =
        places.iter().take(MAX_PLACES).map(|(place, _)| format!("`{place}`")).collect();
    listed(&names)
}

/// The directory that a reader knows a file by: at most three levels.
pub(crate) fn directory(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').collect();
    let depth = (parts.len() - 1).min(3);
    parts[..depth].join("/")
}

/// `#12, abc1234, 2026-08-01`: numbers and keys first, then commits, then the last day.
pub(crate) fn citation(records: &[&Record<'_>]) -> String {
    let mut cited: Vec<String> = Vec::new();
    let mut push = |text: String| {
        if !text.is_empty() && !cited.contains(&text) {
            cited.push(text);
        }
    };
    for item in records.iter().filter_map(|record| record.event.facts.item()) {
        push(item.key.clone());
    }
    for record in records {
        if let Some(number) = record.message.merged_number.or_else(|| own_number(record)) {
            push(format!("#{number}"));
        }
    }
    for reference in records.iter().flat_map(|record| &record.refs) {
        match reference {
            Reference::Key(key) => push(key.clone()),
            Reference::Number(number) if records.len() == 1 => push(format!("#{number}")),
            _ => {}
        }
    }
    cited.truncate(MAX_CITED - 1);
    let commits: Vec<&str> = records
        .iter()
        .filter_map(|record| record.event.facts.commit())
        .map(|commit| short(&commit.sha))
        .collect();
    match commits.as_slice() {
        [] => {}
        [first, .., last] if commits.len() > 2 => cited.push(format!("{first}…{last}")),
        few => cited.extend(few.iter().map(|sha| (*sha).to_owned())),
    }
    if let Some(last) = records.iter().max_by_key(|record| record.event.created_at) {
        cited.push(last.day());
    }
    cited.join(", ")
}

/// The request by which a host squashed a commit: the `(#12)` at its title's end.
fn own_number(record: &Record<'_>) -> Option<u32> {
    record.event.facts.commit()?;
    let (_, number) = record.event.title.trim().strip_suffix(')')?.rsplit_once("(#")?;
    number.parse().ok()
}

/// Somebody's words: `“…”`, on one line, shortened.
pub(crate) fn quotation(text: &str) -> String {
    format!("“{}”", shortened(&one_line(text).replace(['“', '”'], "\""), MAX_QUOTED))
}

/// Where something was said: `#12`, `abc1234`, `#general`, with its day.
pub(crate) fn said_at(record: &Record<'_>) -> String {
    let place = match &record.event.facts {
        Facts::Message(message) => {
            let thread = message.thread.as_deref().filter(|thread| {
                thread.starts_with(['#', '!']) || thread.contains('-') && thread.len() < 16
            });
            let channel = record.event.place.as_ref().map(|place| place.label.clone());
            thread.map(str::to_owned).or(channel)
        }
        _ => record.citation(),
    };
    let place = place.unwrap_or_else(|| record.event.source.label().to_owned());
    format!("{place}, {}", record.day())
}
