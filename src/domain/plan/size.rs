//! How long the JSON of a value is, without writing it down.

use std::io;

use serde::Serialize;

/// Whether the JSON of `value` has at most `most` bytes. Stops at the first one beyond.
pub(super) fn fits(value: &impl Serialize, most: usize) -> bool {
    serde_json::to_writer(Room(most), value).is_ok()
}

/// Takes so many bytes and no more.
struct Room(usize);

impl io::Write for Room {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::WriteZero)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
