//! The fields of a handoff, each taken from the records.
//!
//! A line is made of what a record says and of counts; its evidence is at hand when it is made.
//! Never: a line without evidence, an intention that nobody wrote down.

pub(crate) mod changes;
pub(crate) mod cite;
pub(crate) mod decisions;
pub(crate) mod defaults;
pub(crate) mod dependencies;
pub(crate) mod detail;
pub(crate) mod documents;
mod jvm;
pub(crate) mod ledger;
pub(crate) mod questions;
pub(crate) mod steps;
pub(crate) mod summary;

use std::collections::BTreeSet;

use crate::domain::activity::{Bullet, Evidence};

use super::read::Record;

/// A line and what speaks for it, each once, in the order given.
pub(crate) fn bullet(text: String, evidence: impl IntoIterator<Item = Evidence>) -> Bullet {
    let mut seen = BTreeSet::new();
    let evidence = evidence.into_iter().filter(|one| seen.insert(one.clone())).collect();
    Bullet { text, evidence }
}

/// The events of some records.
pub(crate) fn events_of(records: &[&Record<'_>]) -> Vec<Evidence> {
    records.iter().map(|record| record.evidence()).collect()
}

/// Words that tell two lines apart.
fn words(text: &str) -> BTreeSet<String> {
    text.to_lowercase()
        .split(|one: char| !one.is_alphanumeric())
        .filter(|word| word.len() > 2)
        .map(str::to_owned)
        .collect()
}

/// More of the words of two lines in both than this, and they are one.
const SAME: f64 = 0.8;

/// Without the lines that say what an earlier one says; their evidence joins the earlier one's.
pub(crate) fn without_repeats(bullets: Vec<Bullet>) -> Vec<Bullet> {
    let mut kept: Vec<(BTreeSet<String>, Bullet)> = Vec::new();
    for bullet in bullets {
        let own = words(&bullet.text);
        let same = kept.iter_mut().find(|(other, _)| {
            let both = own.intersection(other).count();
            super::link::ratio(both, own.len().max(other.len())) > SAME
        });
        match same {
            Some((_, earlier)) => {
                for evidence in bullet.evidence {
                    if !earlier.evidence.contains(&evidence) {
                        earlier.evidence.push(evidence);
                    }
                }
            }
            None => kept.push((own, bullet)),
        }
    }
    kept.into_iter().map(|(_, bullet)| bullet).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_line_gives_its_evidence_to_the_first() {
        let line = |text: &str, path: &str| bullet(text.to_owned(), [Evidence::file(path)]);
        let lines = vec![
            line("Dropped chrono and added jiff", "a"),
            line("Close files early", "b"),
            line("dropped chrono, and added jiff!", "c"),
        ];
        let kept = without_repeats(lines);
        assert_eq!(kept.len(), 2);
        assert_eq!(kept[0].evidence, [Evidence::file("a"), Evidence::file("c")]);
    }
}
