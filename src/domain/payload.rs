//! A JSON document as a row keeps it: beside the row while it is small, else in the asset store.

use crate::domain::asset::ContentDigest;

/// The longest document, in bytes, that lies in its row; a longer one would make every read of
/// the row carry pages that hardly anybody asks for.
pub const MAX_INLINE_BYTES: usize = 64 * 1024;

/// A JSON text, or where it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// The JSON text itself, at most [`MAX_INLINE_BYTES`] long.
    Inline(String),
    /// A file of the asset store that holds the JSON text.
    Stored(ContentDigest),
}

impl Payload {
    /// The empty object.
    pub fn empty() -> Self {
        Self::Inline("{}".to_owned())
    }
}
