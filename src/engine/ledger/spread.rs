//! Durations by their size, so that quantiles can be read off without keeping them.
//!
//! Four buckets an octave of milliseconds: a quantile is right to a tenth or so.

use std::time::Duration;

/// The octaves of milliseconds that are told apart: up to four and a half hours.
const OCTAVES: usize = 24;

/// Buckets an octave.
const PARTS: usize = 4;

/// The middle and the slow end of a set of durations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantiles {
    /// Half of them took no longer.
    pub p50: Duration,
    /// Nineteen of twenty took no longer.
    pub p95: Duration,
}

/// A set of durations.
#[derive(Clone, Debug)]
pub(super) struct Spread([u32; OCTAVES * PARTS]);

impl Default for Spread {
    fn default() -> Self {
        Self([0; OCTAVES * PARTS])
    }
}

impl Spread {
    /// Adds one.
    pub(super) fn add(&mut self, duration: Duration) {
        let count = &mut self.0[bucket(duration)];
        *count = count.saturating_add(1);
    }

    /// Adds all of another set.
    pub(super) fn merge(&mut self, other: &Self) {
        for (count, more) in self.0.iter_mut().zip(&other.0) {
            *count = count.saturating_add(*more);
        }
    }

    /// Its quantiles, unless it is empty.
    pub(super) fn quantiles(&self) -> Option<Quantiles> {
        let total: u64 = self.0.iter().map(|count| u64::from(*count)).sum();
        let quantile = |percent: u64| {
            let rank = (total * percent).div_ceil(100);
            let mut seen = 0;
            let place = self.0.iter().position(|count| {
                seen += u64::from(*count);
                seen >= rank
            });
            place.map(middle)
        };
        if total == 0 {
            return None;
        }
        Some(Quantiles { p50: quantile(50)?, p95: quantile(95)? })
    }
}

/// Where a duration belongs: the octave of its milliseconds plus one, and the quarter in it.
fn bucket(duration: Duration) -> usize {
    let size = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX).saturating_add(PARTS as u64);
    let octave = size.ilog2();
    let quarter = (size >> (octave - 2)) & 3;
    let place = (octave as usize - 2) * PARTS + usize::try_from(quarter).unwrap_or(0);
    place.min(OCTAVES * PARTS - 1)
}

/// The middle of what a bucket holds.
fn middle(place: usize) -> Duration {
    let (octave, quarter) = (place / PARTS, (place % PARTS) as u64);
    let width = 1_u64 << octave;
    let low = (PARTS as u64 + quarter) * width - PARTS as u64;
    Duration::from_micros(low * 1_000 + (width - 1) * 500)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(durations: impl IntoIterator<Item = u64>) -> Spread {
        let mut spread = Spread::default();
        durations.into_iter().for_each(|ms| spread.add(Duration::from_millis(ms)));
        spread
    }

    #[test]
    fn short_durations_are_exact_and_long_ones_right_to_a_tenth() {
        for ms in (0..=8).chain([20, 333, 4_000, 61_000, 3_600_000, 10_000_000]) {
            let told = spread([ms]).quantiles().expect("one").p50;
            let (told, is) = (told.as_secs_f64() * 1_000.0, Duration::from_millis(ms));
            let is = is.as_secs_f64() * 1_000.0;
            assert!((told - is).abs() <= 0.125 * is, "{told} for {is}");
        }
    }

    #[test]
    fn quantiles_are_read_off() {
        let quantiles = spread((0..100).map(|n| if n < 94 { 3 } else { 5_000 })).quantiles();
        let Quantiles { p50, p95 } = quantiles.expect("some");
        assert_eq!(p50, Duration::from_millis(3));
        assert!(p95 > Duration::from_secs(4) && p95 < Duration::from_secs(6), "{p95:?}");
        assert_eq!(spread([]).quantiles(), None);
    }

    #[test]
    fn what_is_longer_than_all_buckets_is_in_the_last() {
        let quantiles = spread([u64::MAX]).quantiles().expect("one");
        assert!(quantiles.p50 > Duration::from_hours(3));
    }
}
