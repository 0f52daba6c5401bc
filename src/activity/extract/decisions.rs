//! What was decided: records of decisions, trailers, sentences that say so, and hard facts.

use crate::domain::activity::{Bullet, Evidence, Facts, Turn, Window};

use crate::activity::read::{ChangeKind, Corpus, Noise, Record, quoted_title, reverted_sha, short};
use crate::activity::text::{Passage, listed, one_line, passages, sentences, shortened};

use super::cite::{people, quotation, said_at};
use super::ledger::Ledger;
use super::{bullet, changes, defaults, dependencies, documents, events_of, without_repeats};

/// How many decisions a handoff tells of.
const MAX_DECISIONS: usize = 8;

/// Words with which people say that something is decided.
const CUES: [&str; 33] = [
    "we decided",
    "we've decided",
    "we have decided",
    "i decided",
    "i've decided",
    "i have decided",
    "it was decided",
    "decision:",
    "decided:",
    "decided to ",
    "decided against",
    "let's go with",
    "lets go with",
    "we'll go with",
    "we will go with",
    "going with ",
    "we agreed",
    "it was agreed",
    "we all agreed",
    "agreed to ",
    "agreed that",
    "settled on",
    "we settle on",
    "we chose",
    "we choose",
    "i chose to",
    "we opted",
    "i opted",
    "opted to ",
    "we will not ",
    "we won't ",
    "the consensus is",
    "consensus:",
];

/// Words that make a cue a question or a report of something else.
const NOT_CUES: [&str; 12] = [
    "have we decided",
    "should we",
    "if we decide",
    "not decided",
    "haven't decided",
    "until we",
    "whether we",
    "user decided",
    "users decided",
    "has decided to be",
    "can be decided",
    "would be decided",
];

/// The decisions of a window, records first, then the newest.
pub(crate) fn decisions(corpus: &Corpus<'_>, ledger: &Ledger, window: Window) -> Vec<Bullet> {
    let mut bullets = accepted_records(corpus, window);
    let inside = || corpus.records.iter().filter(|record| window.contains(record.event.created_at));
    let newest =
        || inside().rev().filter(|one| one.noise != Some(Noise::Bot) && corpus.is_landed(one));
    bullets.extend(newest().flat_map(|record| trailers(corpus, record)));
    bullets.extend(newest().filter_map(|record| reverted(corpus, record)));
    bullets.extend(newest().filter_map(|record| swapped(corpus, record, ledger)));
    bullets.extend(newest().filter_map(|record| flipped(corpus, record)));
    bullets.extend(newest().flat_map(|record| said(corpus, record)));
    let mut bullets = without_repeats(bullets);
    bullets.truncate(MAX_DECISIONS);
    bullets
}

/// Records of decisions that commits or imports of the window brought or changed, and that hold.
fn accepted_records(corpus: &Corpus<'_>, window: Window) -> Vec<Bullet> {
    let mut bullets = Vec::new();
    let mut told: Vec<String> = Vec::new();
    for record in corpus.records.iter().rev() {
        if !window.contains(record.event.updated_at) && !window.contains(record.event.created_at) {
            continue;
        }
        match &record.event.facts {
            Facts::Commit(commit) => {
                for change in &commit.paths {
                    let text = corpus.snapshot.and_then(|snapshot| snapshot.text(&change.path));
                    let Some(text) = text.filter(|_| !told.contains(&change.path)) else {
                        continue;
                    };
                    if let Some(bullet) = decision_record(corpus, record, &change.path, text) {
                        told.push(change.path.clone());
                        bullets.push(bullet);
                    }
                }
            }
            Facts::Document(document) if !told.contains(&document.path) => {
                let text = &record.event.content;
                if let Some(bullet) = decision_record(corpus, record, &document.path, text) {
                    told.push(document.path.clone());
                    bullets.push(bullet);
                }
            }
            _ => {}
        }
    }
    bullets
}

fn decision_record(
    corpus: &Corpus<'_>,
    record: &Record<'_>,
    path: &str,
    text: &str,
) -> Option<Bullet> {
    if !documents::is_decision_record(path) {
        return None;
    }
    let found = documents::read(text).filter(documents::DecisionRecord::is_accepted)?;
    let who = people(corpus, &[record]);
    let cited = record.event.facts.commit().map(|commit| format!("{}, ", short(&commit.sha)));
    let text = format!(
        "Accepted: {} — {who}, `{path}` ({}{})",
        shortened(&found.title, 160),
        cited.unwrap_or_default(),
        record.day(),
    );
    let file = corpus.snapshot.filter(|snapshot| snapshot.has_file(path));
    let evidence = file.map(|_| Evidence::file(path)).into_iter().chain([record.evidence()]);
    Some(bullet(text, evidence))
}

fn trailers(corpus: &Corpus<'_>, record: &Record<'_>) -> Vec<Bullet> {
    let named = record.message.values("decision").map(str::to_owned);
    let lines = record.message.body.lines().filter_map(|line| {
        let line = line.trim().trim_start_matches(['*', '-', ' ']);
        let rest = line.strip_prefix("Decision:").or_else(|| line.strip_prefix("**Decision:**"));
        rest.map(|rest| rest.trim().to_owned()).filter(|rest| rest.contains(' '))
    });
    named
        .chain(lines)
        .map(|words| {
            let who = corpus.author(record);
            let text = format!("{who}: {} ({})", quotation(&words), said_at(record));
            bullet(text, [record.evidence()])
        })
        .collect()
}

/// A commit that takes another one back.
fn reverted(corpus: &Corpus<'_>, record: &Record<'_>) -> Option<Bullet> {
    let commit = record.event.facts.commit().filter(|commit| !commit.is_merge())?;
    let of_title = quoted_title(&record.event.title);
    let sha = reverted_sha(&record.message);
    if record.kind != ChangeKind::Revert || (of_title.is_none() && sha.is_none()) {
        return None;
    }
    let taken_back = sha.and_then(|sha| corpus.by_sha(sha)).map(|place| &corpus.records[place]);
    // A merge's own title names a branch; what it brought in says more.
    let of_title = of_title.filter(|title| !title.starts_with("Merge ") || taken_back.is_none());
    let what = of_title.map_or_else(
        || taken_back.map_or_else(|| changes::headline(record), changes::headline),
        |title| one_line(title).replacen("Merge pull request #", "pull request #", 1),
    );
    let of = sha.map(|sha| format!(" ({})", short(sha))).unwrap_or_default();
    let why = super::detail::detail(record).map(|why| format!(". {why}")).unwrap_or_default();
    let text = format!(
        "Reverted {}{of}{why} — {} ({}, {})",
        quotation(&what),
        people(corpus, &[record]),
        short(&commit.sha),
        record.day(),
    );
    let evidence = [record].into_iter().chain(taken_back).map(Record::evidence);
    Some(bullet(text, evidence))
}

/// A commit that dropped one dependency and added another.
fn swapped(corpus: &Corpus<'_>, record: &Record<'_>, ledger: &Ledger) -> Option<Bullet> {
    let all = dependencies::changes_of(record);
    let named = |test: &dyn Fn(&dependencies::DependencyChange) -> bool| {
        let mut names: Vec<String> =
            all.iter().filter(|one| test(one)).map(dependencies::DependencyChange::shown).collect();
        names.sort();
        names.dedup();
        names
    };
    let gone = named(&|one| ledger.is_gone(one));
    let new = named(&|one| ledger.is_new(one));
    let few = 1..=3;
    if !few.contains(&gone.len()) || !few.contains(&new.len()) {
        return None;
    }
    let mut manifests: Vec<String> = all
        .iter()
        .filter(|one| ledger.is_new(one) || ledger.is_gone(one))
        .map(|one| format!("`{}`", one.manifest))
        .collect();
    manifests.sort();
    manifests.dedup();
    manifests.truncate(2);
    let text = format!(
        "Dependency swapped: {} dropped, {} added in {} — {} ({})",
        listed(&gone),
        listed(&new),
        listed(&manifests),
        people(corpus, &[record]),
        said_at(record),
    );
    Some(bullet(text, [record.evidence()]))
}

/// A commit that gave a default another value.
fn flipped(corpus: &Corpus<'_>, record: &Record<'_>) -> Option<Bullet> {
    let changes = defaults::changes_of(record);
    let shown: Vec<String> = changes.iter().take(3).map(defaults::DefaultChange::shown).collect();
    if shown.is_empty() {
        return None;
    }
    let who = people(corpus, &[record]);
    let text = format!("Default changed: {} — {who} ({})", listed(&shown), said_at(record));
    Some(bullet(text, [record.evidence()]))
}

/// Sentences in which somebody says that something is decided, with who and where.
fn said(corpus: &Corpus<'_>, record: &Record<'_>) -> Vec<Bullet> {
    if let Facts::Transcript(transcript) = &record.event.facts {
        let spoken = transcript.turns.iter().flat_map(|turn| spoken(record, turn));
        return spoken.collect();
    }
    let speaker = corpus.author(record);
    let found = prose(record).into_iter().flat_map(|prose| {
        let sentences = sentences(&prose).into_iter().filter(|one| is_decision(one));
        sentences.map(str::to_owned).collect::<Vec<_>>()
    });
    found
        .map(|sentence| {
            let text = format!("{speaker}: {} ({})", quotation(&sentence), said_at(record));
            bullet(text, events_of(&[record]))
        })
        .collect()
}

fn spoken(record: &Record<'_>, turn: &Turn) -> Vec<Bullet> {
    let line = one_line(&turn.text);
    let found = sentences(&line).into_iter().filter(|sentence| is_decision(sentence));
    let speaker = if turn.speaker.is_empty() { "somebody" } else { &turn.speaker };
    found
        .map(|sentence| {
            let minute = format!("{}:{:02}", turn.at_seconds / 60, turn.at_seconds % 60);
            let text =
                format!("{speaker}: {} ({}, {minute})", quotation(sentence), said_at(record));
            bullet(text, [record.evidence()])
        })
        .collect()
}

/// The prose of a record: what people wrote, not lists and code.
pub(crate) fn prose(record: &Record<'_>) -> Vec<String> {
    let text = match record.event.facts {
        Facts::Commit(_) => &record.message.body,
        // What a document says was decided is not news; its own status is.
        Facts::Document(_) | Facts::Check(_) | Facts::Release(_) => return Vec::new(),
        _ => &record.event.content,
    };
    passages(text)
        .into_iter()
        .filter_map(|passage| match passage {
            Passage::Prose(text) | Passage::Item(text) => Some(text),
            Passage::Checkbox(..) => None,
        })
        .collect()
}

fn is_decision(sentence: &str) -> bool {
    let lower = sentence.to_lowercase().replace('’', "'");
    let words = lower.split(' ').count();
    (5..=60).contains(&words)
        && !lower.ends_with('?')
        && CUES.iter().any(|cue| starts_a_word(&lower, cue))
        && !NOT_CUES.iter().any(|not| lower.contains(not))
}

fn starts_a_word(text: &str, cue: &str) -> bool {
    text.match_indices(cue)
        .any(|(at, _)| !text[..at].chars().next_back().is_some_and(char::is_alphanumeric))
}
