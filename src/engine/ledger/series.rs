//! One pair's hour: quarter minutes in a ring, and durations in spans of five minutes.
//!
//! A place of a ring that belongs to an earlier round is emptied when it is next written, and
//! passed over when it is read. Never: a timer.

use std::time::Duration;

use crate::domain::clock::{Timestamp, millis};
use crate::engine::ledger::spread::Spread;

/// How long a tick of the ring is.
pub const TICK: Duration = Duration::from_secs(15);

/// The ticks of an hour.
const TICKS: usize = 240;

/// How long the durations of a span are kept together.
const SPAN: Duration = Duration::from_mins(5);

/// The spans of an hour.
const SPANS: usize = 12;

/// How many jobs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Accepted.
    pub arrived: u32,
    /// Ended with a result.
    pub completed: u32,
    /// Ended with an error.
    pub failed: u32,
    /// Ended because somebody said so.
    pub cancelled: u32,
}

impl Tally {
    /// Adds others.
    pub fn add(&mut self, other: Self) {
        let Self { arrived, completed, failed, cancelled } = other;
        self.arrived = self.arrived.saturating_add(arrived);
        self.completed = self.completed.saturating_add(completed);
        self.failed = self.failed.saturating_add(failed);
        self.cancelled = self.cancelled.saturating_add(cancelled);
    }
}

/// What happened in a quarter of a minute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tick {
    /// When it began.
    pub at: Timestamp,
    /// How many jobs.
    pub tally: Tally,
}

/// Durations of five minutes.
#[derive(Clone, Debug, Default)]
pub(super) struct Span {
    number: i64,
    pub(super) wait: Spread,
    pub(super) run: Spread,
}

/// The hour of one organization and action.
#[derive(Debug)]
pub(super) struct Series {
    ticks: [Tick; TICKS],
    spans: [Span; SPANS],
    /// When something last happened.
    pub(super) touched_at: Timestamp,
}

impl Default for Series {
    fn default() -> Self {
        Self {
            ticks: [Tick::default(); TICKS],
            spans: std::array::from_fn(|_| Span::default()),
            touched_at: Timestamp::default(),
        }
    }
}

impl Series {
    /// The tick of this moment.
    pub(super) fn tick(&mut self, now: Timestamp) -> &mut Tick {
        let at = start_of_tick(now);
        let tick = &mut self.ticks[place(at.ms() / millis(TICK), TICKS)];
        if tick.at != at {
            *tick = Tick { at, ..Tick::default() };
        }
        tick
    }

    /// The span of this moment.
    pub(super) fn span(&mut self, now: Timestamp) -> &mut Span {
        let number = now.ms().div_euclid(millis(SPAN));
        let span = &mut self.spans[place(number, SPANS)];
        if span.number != number {
            *span = Span { number, ..Span::default() };
        }
        span
    }

    /// All of the hour before `now`.
    pub(super) fn tally(&self, now: Timestamp) -> Tally {
        let mut sum = Tally::default();
        for tick in self.ticks.iter().filter(|tick| is_recent(tick.at, now)) {
            sum.add(tick.tally);
        }
        sum
    }

    /// The waits of the hour before `now`.
    pub(super) fn waits(&self, now: Timestamp) -> Spread {
        self.spread(now, |span| &span.wait)
    }

    /// The run times of the hour before `now`.
    pub(super) fn runs(&self, now: Timestamp) -> Spread {
        self.spread(now, |span| &span.run)
    }

    fn spread(&self, now: Timestamp, of: impl Fn(&Span) -> &Spread) -> Spread {
        let newest = now.ms().div_euclid(millis(SPAN));
        let oldest = newest - i64::try_from(SPANS).unwrap_or(i64::MAX);
        let mut sum = Spread::default();
        for span in self.spans.iter().filter(|span| (oldest + 1..=newest).contains(&span.number)) {
            sum.merge(of(span));
        }
        sum
    }

    /// Adds another's ticks of the hour before `now`.
    pub(super) fn add_ticks(&mut self, other: &Self, now: Timestamp) {
        for tick in other.ticks.iter().filter(|tick| is_recent(tick.at, now)) {
            self.tick(tick.at).tally.add(tick.tally);
        }
    }

    /// Every tick of the hour before `now`, empty ones included, the oldest first.
    pub(super) fn ticks(&self, now: Timestamp) -> Vec<Tick> {
        let last = start_of_tick(now);
        let behind = (0..TICKS).rev();
        behind
            .map(|behind| {
                let at = last.before(TICK * u32::try_from(behind).unwrap_or(u32::MAX));
                let tick = &self.ticks[place(at.ms() / millis(TICK), TICKS)];
                if tick.at == at { *tick } else { Tick { at, ..Tick::default() } }
            })
            .collect()
    }
}

fn start_of_tick(now: Timestamp) -> Timestamp {
    Timestamp::from_ms(now.ms() - now.ms().rem_euclid(millis(TICK)))
}

fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    let hour = TICK * u32::try_from(TICKS).unwrap_or(u32::MAX);
    at <= now && now.since(at) < hour
}

fn place(number: i64, places: usize) -> usize {
    let places = i64::try_from(places).unwrap_or(i64::MAX);
    usize::try_from(number.rem_euclid(places)).expect("a remainder is less than the places")
}
