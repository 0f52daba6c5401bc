//! Which events a document is made of.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::activity::event::Event;
use crate::domain::activity::filters::Filters;
use crate::domain::activity::source::EventSource;
use crate::domain::clock::Timestamp;

/// How many events a store hands over for one document: a busy quarter. The newest are taken, and
/// the document says how many were left out.
pub const MAX_CANDIDATES: usize = 10_000;

/// From when to when, both ends included. `end` is the request's `asOf`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The first moment.
    pub start: Timestamp,
    /// The last moment.
    pub end: Timestamp,
}

impl Window {
    /// The `lookback` before `end`.
    pub fn before(end: Timestamp, lookback: Duration) -> Self {
        Self { start: end.before(lookback), end }
    }

    /// Whether a moment lies within.
    pub fn contains(&self, at: Timestamp) -> bool {
        (self.start..=self.end).contains(&at)
    }
}

/// Which events a document is made of; frozen in its job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// From when to when.
    pub window: Window,
    /// Only these; `None` is every source.
    pub sources: Option<Vec<EventSource>>,
    /// What is wanted of each.
    pub filters: Filters,
    /// So many at most, the newest and those that tell something.
    pub max_events: usize,
}

/// What a store hands over: every event that [`Selection::admits`], newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Candidates {
    /// At most [`MAX_CANDIDATES`].
    pub events: Vec<Event>,
    /// How many more there are.
    pub left_out: usize,
}

impl Selection {
    /// Whether an event may be a part of the document: something happened to it in the window, or
    /// it began before and is open still. A store asks the same of its rows.
    pub fn admits(&self, event: &Event) -> bool {
        let happened = event.moments().into_iter().any(|at| self.window.contains(at));
        let stands = event.created_at <= self.window.end && event.is_open();
        (happened || stands) && self.admits_source(event.source) && self.filters.admit(event)
    }

    /// Whether something happened to it in the window.
    pub fn is_within(&self, event: &Event) -> bool {
        event.moments().into_iter().any(|at| self.window.contains(at))
    }

    fn admits_source(&self, source: EventSource) -> bool {
        self.sources.as_ref().is_none_or(|sources| sources.contains(&source))
    }
}
