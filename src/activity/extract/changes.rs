//! Key changes: one line a topic, the weightiest first, and the releases of the window.

use std::collections::BTreeSet;

use crate::domain::activity::{Bullet, Facts, PathFate, Window};

use crate::activity::cluster::{Cluster, size};
use crate::activity::link::ratio;
use crate::activity::read::{Corpus, Record, day, short};
use crate::activity::text::{capitalized, counted, grouped, listed, shortened};

use super::cite::{citation, people, places};
use super::dependencies::DependencyChange;
use super::ledger::Ledger;
use super::{bullet, defaults, dependencies, detail, events_of};

/// How many topics a handoff tells of.
const MAX_CHANGES: usize = 8;

/// How many further headlines of a topic are named.
const MAX_ALSO: usize = 2;

/// The longest headline, in characters.
const MAX_HEADLINE: usize = 160;

/// How many tags one line names.
const MAX_TAGS: usize = 6;

/// The key changes of a window, and the topics that they tell of.
pub(crate) fn key_changes(
    corpus: &Corpus<'_>,
    clusters: &[Cluster],
    ledger: &Ledger,
    window: Window,
) -> Vec<Bullet> {
    let mut bullets: Vec<Bullet> = released(corpus, window).into_iter().collect();
    let topics = clusters.iter().filter(|cluster| is_key(corpus, cluster, window));
    let mut told = super::without_repeats(
        topics
            .take(2 * MAX_CHANGES)
            .filter_map(|cluster| change(corpus, cluster, window, ledger))
            .collect(),
    );
    told.truncate(MAX_CHANGES - bullets.len().min(1));
    bullets.splice(0..0, told);
    bullets
}

/// Whether a topic is a change that somebody who takes over has to know.
pub(crate) fn is_key(corpus: &Corpus<'_>, cluster: &Cluster, window: Window) -> bool {
    let head = cluster.head(corpus);
    cluster.has_change(corpus, window) && head.is_some_and(|head| head.kind.is_key())
}

/// A topic's headline with the part of the project that it names.
pub(crate) fn headline(record: &Record<'_>) -> String {
    shortened(&record.message.shown(), MAX_HEADLINE)
}

fn change(
    corpus: &Corpus<'_>,
    cluster: &Cluster,
    window: Window,
    ledger: &Ledger,
) -> Option<Bullet> {
    let head = cluster.head(corpus)?;
    let members: Vec<&Record<'_>> = done(corpus, cluster, window);
    if members.is_empty() {
        return None;
    }
    let mut text = match flag(&members) {
        Some(flag) => format!("{flag}: {}", headline(head)),
        None => headline(head),
    };
    let note = members.iter().find_map(|record| record.message.breaking_note.as_deref());
    let more = note
        .map(|note| capitalized(&shortened(note, MAX_HEADLINE)))
        .or_else(|| detail::detail(head));
    push_sentence(&mut text, more);
    push_sentence(&mut text, also(head, &members));
    for fact in hard_facts(&members, ledger) {
        push_sentence(&mut text, Some(fact));
    }
    let text = format!("{text} — {}", byline(corpus, &members));
    Some(bullet(text, events_of(&members)))
}

/// The members that are changes of the window: commits and merged requests.
pub(crate) fn done<'c, 'a>(
    corpus: &'c Corpus<'a>,
    cluster: &Cluster,
    window: Window,
) -> Vec<&'c Record<'a>> {
    let members = cluster.members.iter().map(|place| &corpus.records[*place]);
    members
        .filter(|record| {
            record.noise.is_none()
                && !corpus.is_undone(record)
                && match &record.event.facts {
                    Facts::Commit(_) => {
                        window.contains(record.event.created_at) && corpus.is_landed(record)
                    }
                    Facts::PullRequest(item) => item.merged_at.is_some(),
                    Facts::Issue(item) => !item.state.is_open(),
                    _ => false,
                }
        })
        .collect()
}

/// `A and B, 3 commits in x (#12, abc1234, 2026-08-01)`.
pub(crate) fn byline(corpus: &Corpus<'_>, members: &[&Record<'_>]) -> String {
    let commits: Vec<_> = members.iter().filter_map(|record| record.event.facts.commit()).collect();
    let mut parts = vec![people(corpus, members)];
    let place = places(members);
    let amount = if commits.len() > 1 { counted(commits.len(), "commit") } else { String::new() };
    let (added, removed) = commits.iter().flat_map(|commit| &commit.paths).fold(
        (0_usize, 0_usize),
        |(added, removed), change| {
            (added + change.added as usize, removed + change.removed as usize)
        },
    );
    let lines = (added + removed > 0).then(|| format!("+{} −{}", grouped(added), grouped(removed)));
    match (amount.is_empty(), place.is_empty()) {
        (true, true) => {}
        (true, false) => parts.push(place),
        (false, true) => parts.push(amount),
        (false, false) => parts.push(format!("{amount} in {place}")),
    }
    parts.extend(lines);
    format!("{} ({})", parts.join(", "), citation(members))
}

/// What is to be seen first.
fn flag(members: &[&Record<'_>]) -> Option<&'static str> {
    let label = |record: &&Record<'_>| {
        record.event.facts.item().is_some_and(|item| {
            item.labels.iter().any(|label| label.to_lowercase().contains("breaking"))
        })
    };
    if members.iter().any(|record| record.message.is_breaking || label(record)) {
        return Some("Breaking");
    }
    members.iter().any(|record| has_migration(record)).then_some("Migration")
}

/// A file that changes a database's form came.
fn has_migration(record: &Record<'_>) -> bool {
    let Some(commit) = record.event.facts.commit() else { return false };
    commit.paths.iter().any(|change| {
        let folder = change.path.split('/').any(|part| part == "migrations" || part == "migrate");
        let script = ["sql", "py", "rb", "ts", "js", "php"];
        let extension = change.path.rsplit_once('.').map_or("", |(_, end)| end);
        let tested = crate::activity::read::is_test(&change.path);
        folder
            && change.fate == PathFate::Added
            && script.contains(&extension)
            && !tested
            && !change.path.ends_with("__init__.py")
    })
}

/// The headlines of the topic's other commits of weight.
fn also(head: &Record<'_>, members: &[&Record<'_>]) -> Option<String> {
    let mut others: Vec<&&Record<'_>> = members
        .iter()
        .filter(|record| record.event.id != head.event.id && record.kind.is_key())
        .filter(|record| record.event.facts.commit().is_some_and(|commit| !commit.is_merge()))
        .filter(|record| record.message.headline.split(' ').count() >= 3)
        .collect();
    others.sort_by(|one, other| {
        let weight = |record: &Record<'_>| {
            record.kind.weight() * (1.0 + record.event.facts.commit().map_or(0.0, size)).log2()
        };
        weight(other).total_cmp(&weight(one)).then_with(|| one.event.id.cmp(&other.event.id))
    });
    let mut names: Vec<String> = Vec::new();
    let mut told = vec![super::words(&head.message.headline)];
    for record in others {
        let own = super::words(&record.message.headline);
        if names.len() < MAX_ALSO && !told.iter().any(|one| says_the_same(one, &own)) {
            names.push(shortened(record.message.headline.trim_end_matches([':', '.', ' ']), 90));
            told.push(own);
        }
    }
    (!names.is_empty()).then(|| format!("Also: {}.", names.join("; ")))
}

/// How much of the shorter one of two headlines is in both, and they say the same.
const SAME_HEADLINE: f64 = 0.65;

/// Whether two headlines say the same, by their words.
pub(super) fn says_the_same(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    let both = one.intersection(other).count();
    ratio(both, one.len().min(other.len())) >= SAME_HEADLINE
}

/// What a dependency's change by a record is asked.
type Test<'t> = &'t dyn Fn(&Record<'_>, &DependencyChange) -> bool;

/// Dependencies and defaults that the topic changed, each as what changed.
fn hard_facts(members: &[&Record<'_>], ledger: &Ledger) -> Vec<String> {
    let mut facts = Vec::new();
    let named = |test: Test<'_>, shown: &dyn Fn(&DependencyChange) -> String| {
        let mut names: Vec<String> = Vec::new();
        for record in members {
            let changes = dependencies::changes_of(record).into_iter();
            names.extend(changes.filter(|one| test(record, one)).map(|one| shown(&one)));
        }
        let mut names = dependencies::each_once(names);
        let more = names.len().saturating_sub(3);
        names.truncate(3);
        if more > 0 {
            names.push(format!("{more} more"));
        }
        names
    };
    let is_raised: Test<'_> = &|_, one| ledger.is_of_another_major(one);
    let new = named(&|record, one| ledger.is_first(one, record), &|one| ledger.shown_at_end(one));
    let gone = named(&|_, one| ledger.is_gone(one), &DependencyChange::shown);
    let raised = named(is_raised, &DependencyChange::shown_with_before);
    if !new.is_empty() {
        facts.push(format!("New dependency: {}.", listed(&new)));
    }
    if !gone.is_empty() {
        facts.push(format!("Dependency dropped: {}.", listed(&gone)));
    }
    if !raised.is_empty() {
        facts.push(format!("Dependency upgraded: {}.", listed(&raised)));
    }
    let defaults: Vec<_> =
        members.iter().flat_map(|record| defaults::changes_of(record)).take(2).collect();
    if !defaults.is_empty() {
        let shown: Vec<String> = defaults.iter().map(defaults::DefaultChange::shown).collect();
        facts.push(format!("Default changed: {}.", listed(&shown)));
    }
    facts
}

fn push_sentence(text: &mut String, sentence: Option<String>) {
    if let Some(sentence) = sentence {
        if !text.ends_with(['.', '!', '?', '…']) {
            text.push('.');
        }
        text.push(' ');
        text.push_str(&sentence);
    }
}

/// The tags of the window in one line.
fn released(corpus: &Corpus<'_>, window: Window) -> Option<Bullet> {
    let mut releases: Vec<(&Record<'_>, String)> = Vec::new();
    for record in &corpus.records {
        let Facts::Release(release) = &record.event.facts else { continue };
        let known = releases.iter().any(|(_, name)| name == &release.tag);
        if !known && window.contains(record.event.created_at) {
            releases.push((record, release.tag.clone()));
        }
    }
    releases.reverse();
    let shown = |(record, name): &(&Record<'_>, String)| match &record.event.facts {
        Facts::Release(release) => {
            let sha =
                release.sha.as_deref().map(|sha| format!("{}, ", short(sha))).unwrap_or_default();
            format!("`{name}` ({sha}{})", day(record.event.created_at))
        }
        _ => format!("`{name}`"),
    };
    let mut names: Vec<String> = releases.iter().take(MAX_TAGS).map(shown).collect();
    if releases.len() > MAX_TAGS {
        names.push(format!("{} more", releases.len() - MAX_TAGS));
    }
    let records: Vec<&Record<'_>> = releases.iter().map(|(record, _)| *record).collect();
    (!names.is_empty()).then(|| bullet(format!("Tagged {}", listed(&names)), events_of(&records)))
}

#[cfg(test)]
mod tests {
    use super::says_the_same;
    use crate::activity::extract::words;

    #[test]
    fn a_headline_says_the_same_with_another_end() {
        let same = |one, other| says_the_same(&words(one), &words(other));
        assert!(same("Allow url helpers:", "allow url helpers"));
        assert!(same("Fix #7: reject malformed mails", "Reject malformed mails"));
        assert!(same("Add shims for shareability", "Add shims for shareability so that all can"));
        assert!(!same("Allow url helpers in mails", "Allow form helpers in pages"));
    }
}
