//! How work came in and went again: what each merge brought, and what was taken back within it.
//!
//! Found of the records that a document is made of, so that it is bounded by their number.

use std::collections::{BTreeMap, BTreeSet};

use super::{Corpus, quoted_title, reverted_sha};

/// A merge of more commits is of many topics, and no topic of its own.
const MAX_BROUGHT: usize = 25;

/// What merges brought and what was undone, by places of records.
#[derive(Debug, Default)]
pub(crate) struct Course {
    /// Each merge's commits: those its further parents have and its first one has not.
    pub(crate) brought: BTreeMap<usize, Vec<usize>>,
    /// The merge by which a commit came in, the innermost one.
    by: BTreeMap<usize, usize>,
    /// What was taken back, and what took it back: nothing of them is left.
    undone: BTreeSet<usize>,
}

impl Course {
    pub(super) fn of(corpus: &Corpus<'_>) -> Self {
        let mut course = Self::default();
        course.follow_merges(corpus);
        course.follow_reverts(corpus);
        course
    }

    /// Whether nothing of a record is left.
    pub(crate) fn is_undone(&self, place: usize) -> bool {
        self.undone.contains(&place)
    }

    /// Whether two commits came in by different merges, or the one by a merge and the other not.
    pub(crate) fn came_apart(&self, one: usize, other: usize) -> bool {
        self.by.get(&one) != self.by.get(&other)
    }

    fn follow_merges(&mut self, corpus: &Corpus<'_>) {
        for (place, record) in corpus.records.iter().enumerate() {
            let merge = record.event.facts.commit().filter(|one| one.is_merge());
            let Some(merge) = merge.filter(|_| !record.message.is_sync) else { continue };
            let mainline = ancestors(corpus, &merge.parents[..1]);
            let brought = ancestors(corpus, &merge.parents[1..]);
            let new: Vec<usize> = brought.difference(&mainline).copied().collect();
            if new.len() > MAX_BROUGHT {
                continue;
            }
            for commit in &new {
                self.by.entry(*commit).or_insert(place);
            }
            self.brought.insert(place, new);
        }
    }

    /// The last commit before with the title that a revert quotes: it may name the sha of the same
    /// change on another branch.
    fn of_title(corpus: &Corpus<'_>, place: usize) -> Option<usize> {
        let title = quoted_title(&corpus.records[place].event.title)?;
        (0..place).rev().find(|before| {
            let record = &corpus.records[*before];
            record.event.facts.commit().is_some() && record.event.title.trim() == title
        })
    }

    /// From the newest on, so that a revert that was itself taken back takes nothing back.
    fn follow_reverts(&mut self, corpus: &Corpus<'_>) {
        for (place, record) in corpus.records.iter().enumerate().rev() {
            let target = reverted_sha(&record.message).and_then(|sha| corpus.by_sha(sha));
            let target = target.or_else(|| Self::of_title(corpus, place));
            let Some(target) = target.filter(|target| *target < place) else { continue };
            if !self.undone.contains(&place) && corpus.is_landed(record) {
                self.undone.extend([place, target]);
                self.undone.extend(self.brought.get(&target).into_iter().flatten());
            }
        }
        // A merge that brought nothing but what is gone has gone with it.
        for (merge, brought) in &self.brought {
            let has_gone = |place: &usize| self.undone.contains(place);
            if !brought.is_empty() && brought.iter().all(has_gone) {
                self.undone.insert(*merge);
            }
        }
    }
}

/// Places of what is reachable from some shas, among the records.
fn ancestors(corpus: &Corpus<'_>, shas: &[String]) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<usize> = shas.iter().filter_map(|sha| corpus.by_sha(sha)).collect();
    while let Some(place) = waiting.pop() {
        if seen.insert(place)
            && let Some(commit) = corpus.records[place].event.facts.commit()
        {
            waiting.extend(commit.parents.iter().filter_map(|sha| corpus.by_sha(sha)));
        }
    }
    seen
}
