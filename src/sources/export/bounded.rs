//! A reader that ends a record which has no end, so that none is held in memory.

use std::cell::Cell;
use std::io::Read;

/// The longest record, in bytes: an issue of the greatest length is a hundredth of it.
const MAX_RECORD_BYTES: u64 = 16 << 20;

/// Counts the bytes of a record and fails when there are too many.
pub(super) struct Bounded<'a, R> {
    inner: R,
    since_last: &'a Cell<u64>,
}

impl<'a, R> Bounded<'a, R> {
    /// Whoever parses sets `since_last` to 0 at the end of each record.
    pub(super) fn new(inner: R, since_last: &'a Cell<u64>) -> Self {
        Self { inner, since_last }
    }
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.since_last.set(self.since_last.get() + read as u64);
        if self.since_last.get() > MAX_RECORD_BYTES {
            let most = MAX_RECORD_BYTES >> 20;
            return Err(std::io::Error::other(format!("a record is longer than {most} MiB")));
        }
        Ok(read)
    }
}
