//! The last check before a document leaves: every line's evidence exists.

use std::collections::BTreeSet;

use crate::domain::activity::{Bullet, Evidence};
use crate::domain::ids::EventId;

use super::read::Corpus;

/// What may be cited.
pub(crate) struct Ground<'a> {
    events: BTreeSet<EventId>,
    corpus: &'a Corpus<'a>,
}

impl<'a> Ground<'a> {
    /// What a corpus holds.
    pub(crate) fn of(corpus: &'a Corpus<'a>) -> Self {
        Self { events: corpus.records.iter().map(|record| record.event.id).collect(), corpus }
    }

    /// Whether there is such an event or file.
    pub(crate) fn has(&self, evidence: &Evidence) -> bool {
        match evidence {
            Evidence::Event(id) => self.events.contains(id),
            Evidence::File { path, .. } => {
                self.corpus.snapshot.is_some_and(|snapshot| snapshot.has_file(path))
            }
        }
    }

    /// The lines with the evidence that exists; those that have none, or no words, are dropped.
    pub(crate) fn checked(&self, bullets: Vec<Bullet>) -> Vec<Bullet> {
        bullets
            .into_iter()
            .map(|mut bullet| {
                bullet.evidence.retain(|one| self.has(one));
                bullet
            })
            .filter(|bullet| !bullet.evidence.is_empty() && !bullet.text.trim().is_empty())
            .collect()
    }
}
