//! A small table of counters by label, read and written without a lock.
//!
//! Labels are placed by their hash and never leave; a full table gives everybody else the one
//! entry `other`, so that no caller can make the metrics grow without end.

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::sync::OnceLock;

/// How many labels a table tells apart: there are fewer actions and fewer routes than that.
const MAX_LABELS: usize = 256;

/// The label of everything that found no place.
const OTHER: &str = "other";

/// Values of `T` by label.
#[derive(Debug)]
pub(super) struct Table<T> {
    slots: Box<[OnceLock<Entry<T>>]>,
    other: OnceLock<T>,
    make: fn() -> T,
}

type Entry<T> = (Box<str>, T);

impl<T> Table<T> {
    /// A table whose entries are made by `make`.
    pub(super) fn new(make: fn() -> T) -> Self {
        let slots = (0..MAX_LABELS).map(|_| OnceLock::new()).collect();
        Self { slots, other: OnceLock::new(), make }
    }

    /// The entry of `label`. Only its first use allocates.
    pub(super) fn of(&self, label: &str) -> &T {
        let first = self.place(label);
        for place in (first..MAX_LABELS).chain(0..first) {
            let entry = self.slots[place].get_or_init(|| (label.into(), (self.make)()));
            // Another label may have taken the slot, also just now.
            if &*entry.0 == label {
                return &entry.1;
            }
        }
        self.other.get_or_init(self.make)
    }

    /// All entries, by label.
    pub(super) fn entries(&self) -> Vec<(&str, &T)> {
        let mut entries: Vec<(&str, &T)> = self
            .slots
            .iter()
            .filter_map(OnceLock::get)
            .map(|(label, value)| (&**label, value))
            .collect();
        entries.sort_unstable_by_key(|(label, _)| *label);
        entries.extend(self.other.get().map(|value| (OTHER, value)));
        entries
    }

    fn place(&self, label: &str) -> usize {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(label);
        usize::try_from(hash % self.slots.len() as u64).expect("less than the number of slots")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn a_label_keeps_its_entry() {
        let table = Table::new(AtomicU64::default);
        table.of("noop").fetch_add(2, Ordering::Relaxed);
        table.of("brands.extract").fetch_add(1, Ordering::Relaxed);
        table.of("noop").fetch_add(1, Ordering::Relaxed);
        let entries: Vec<(&str, u64)> =
            table.entries().into_iter().map(|(l, n)| (l, n.load(Ordering::Relaxed))).collect();
        assert_eq!(entries, [("brands.extract", 1), ("noop", 3)]);
    }

    #[test]
    fn a_full_table_counts_the_rest_together() {
        let table = Table::new(AtomicU64::default);
        for number in 0..MAX_LABELS + 10 {
            table.of(&format!("label-{number}")).fetch_add(1, Ordering::Relaxed);
        }
        let entries = table.entries();
        assert_eq!(entries.len(), MAX_LABELS + 1);
        let (label, rest) = entries[MAX_LABELS];
        assert_eq!((label, rest.load(Ordering::Relaxed)), (OTHER, 10));
    }
}
