//! A histogram of atomic counters: observing is one search and three additions.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Counts observed values by the first bound that is not below them.
#[derive(Debug)]
pub(super) struct Histogram {
    /// In the unit that is observed.
    bounds: &'static [u64],
    /// How many observed units make one of the unit that is shown.
    scale: f64,
    /// One more than there are bounds: the last is for what exceeds them all.
    counts: Box<[AtomicU64]>,
    sum: AtomicU64,
}

/// What a histogram held when it was asked.
#[derive(Debug, PartialEq)]
pub(super) struct Distribution {
    pub(super) sum: f64,
    pub(super) count: u64,
    /// Upper bound and how many values lie under it and above the one before.
    pub(super) buckets: Vec<(f64, u64)>,
}

/// Microseconds, shown as seconds.
const MICROS_A_SECOND: f64 = 1e6;

impl Histogram {
    /// A histogram of durations, with its bounds in microseconds.
    pub(super) fn of_durations(bounds_us: &'static [u64]) -> Self {
        Self::new(bounds_us, MICROS_A_SECOND)
    }

    /// A histogram of plain numbers.
    pub(super) fn of_numbers(bounds: &'static [u64]) -> Self {
        Self::new(bounds, 1.0)
    }

    fn new(bounds: &'static [u64], scale: f64) -> Self {
        let counts = (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Self { bounds, scale, counts, sum: AtomicU64::new(0) }
    }

    /// Notes a duration.
    pub(super) fn observe_duration(&self, duration: Duration) {
        self.observe(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX));
    }

    /// Notes a number.
    pub(super) fn observe(&self, value: u64) {
        let bucket = self.bounds.partition_point(|bound| *bound < value);
        self.counts[bucket].fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    /// What was observed until now.
    #[expect(clippy::cast_precision_loss, reason = "the text format has only floats")]
    pub(super) fn distribution(&self) -> Distribution {
        let bounds = self.bounds.iter().map(|bound| *bound as f64 / self.scale);
        let counts = self.counts.iter().map(|count| count.load(Ordering::Relaxed));
        let buckets: Vec<(f64, u64)> =
            bounds.chain(std::iter::once(f64::INFINITY)).zip(counts).collect();
        Distribution {
            sum: self.sum.load(Ordering::Relaxed) as f64 / self.scale,
            count: buckets.iter().map(|(_, count)| count).sum(),
            buckets,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_counts_under_the_first_bound_that_holds_it() {
        let histogram = Histogram::of_numbers(&[1, 10]);
        for value in [0, 1, 2, 10, 11] {
            histogram.observe(value);
        }
        assert_eq!(
            histogram.distribution(),
            Distribution {
                sum: 24.0,
                count: 5,
                buckets: vec![(1.0, 2), (10.0, 2), (f64::INFINITY, 1)]
            }
        );
    }

    #[test]
    fn durations_are_shown_in_seconds() {
        let histogram = Histogram::of_durations(&[500_000]);
        histogram.observe_duration(Duration::from_millis(250));
        let shown = histogram.distribution();
        assert_eq!((shown.sum, shown.buckets[0]), (0.25, (0.5, 1)));
    }
}
