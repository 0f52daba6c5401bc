//! Texts of the source tree that the program carries compressed, as `build.rs` made them.

use std::io::Read as _;

use flate2::read::GzDecoder;

/// The compressed form of a text that `build.rs` names, by its path in the source tree.
macro_rules! packed {
    ($path:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/", $path, ".gz"))
    };
}

pub(crate) use packed;

/// The text itself.
///
/// # Panics
///
/// When `packed` does not come from [`packed!`].
pub(crate) fn unpacked(packed: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(packed).read_to_string(&mut text).expect("a text that was packed at build time");
    text
}
