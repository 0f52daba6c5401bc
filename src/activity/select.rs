//! Which of the candidates a document is made of: window, sources, filters, and the cap.
//!
//! Where there are more than the cap, those that say nothing go first, then what stands from
//! before the window, then the oldest. Never: an event that the request did not ask for.

use std::collections::BTreeMap;

use crate::domain::activity::{Candidates, EventSource, RepositorySnapshot, Selection, Window};

use super::read::{Corpus, Record};

/// Too little happened to make a document of. `error_meta` of the job says these three.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the window from {} to {} holds too little to make a document of: {events_considered} events",
    window.start.iso(),
    window.end.iso()
)]
pub struct NoResult {
    /// How many events passed window, sources and filters.
    pub events_considered: usize,
    /// From when to when.
    pub window: Window,
    /// The sources that were asked, in the contract's order.
    pub sources: Vec<EventSource>,
}

/// What a document is made of, and what was left out.
pub(crate) struct Selected<'a> {
    pub(crate) corpus: Corpus<'a>,
    /// How many events passed window, sources and filters.
    pub(crate) considered: usize,
    /// How many of those the cap left out.
    pub(crate) cut: usize,
    /// How many events of each source the document is made of.
    pub(crate) per_source: BTreeMap<EventSource, usize>,
}

/// The records of a selection; an error when nothing in the window says anything.
pub(crate) fn select<'a>(
    candidates: &'a Candidates,
    snapshot: Option<&'a RepositorySnapshot>,
    selection: &Selection,
) -> Result<Selected<'a>, NoResult> {
    let admitted = candidates.events.iter().filter(|event| selection.admits(event));
    let mut corpus = Corpus::of(admitted, snapshot);
    let considered = corpus.records.len() + candidates.left_out;
    let signal = |record: &Record<'_>| record.noise.is_none() && selection.is_within(record.event);
    if !corpus.records.iter().any(signal) {
        return Err(no_result(considered, selection, &corpus));
    }
    let mut order: Vec<_> = corpus
        .records
        .iter()
        .map(|record| {
            let event = record.event;
            let rank = (record.noise.is_some(), !selection.is_within(event));
            (rank, std::cmp::Reverse(event.updated_at), event.id)
        })
        .collect();
    order.sort_unstable();
    order.truncate(selection.max_events);
    let kept: std::collections::BTreeSet<_> = order.into_iter().map(|(_, _, id)| id).collect();
    if kept.len() < corpus.records.len() {
        let events = corpus.records.iter().map(|record| record.event);
        corpus = Corpus::of(events.filter(|event| kept.contains(&event.id)), snapshot);
    }
    let mut per_source = BTreeMap::new();
    for record in &corpus.records {
        *per_source.entry(record.event.source).or_insert(0) += 1;
    }
    let cut = considered - corpus.records.len();
    let corpus = corpus.followed();
    Ok(Selected { corpus, considered, cut, per_source })
}

fn no_result(considered: usize, selection: &Selection, corpus: &Corpus<'_>) -> NoResult {
    let asked = selection
        .sources
        .clone()
        .unwrap_or_else(|| corpus.records.iter().map(|record| record.event.source).collect());
    let sources: std::collections::BTreeSet<_> = asked.into_iter().collect();
    NoResult {
        events_considered: considered,
        window: selection.window,
        sources: sources.into_iter().collect(),
    }
}

impl<'a> Selected<'a> {
    /// The records of a selection, be they none: for what a repository alone can tell.
    pub(crate) fn even_of_nothing(
        candidates: &'a Candidates,
        snapshot: Option<&'a RepositorySnapshot>,
        selection: &Selection,
    ) -> Self {
        select(candidates, snapshot, selection).unwrap_or_else(|none| Self {
            corpus: Corpus::of([], snapshot),
            considered: none.events_considered,
            cut: none.events_considered,
            per_source: BTreeMap::new(),
        })
    }
}
