//! The typefaces that an ad may be set in.
//!
//! Tidemill carries families whose licence lets everybody use them; each is unpacked when a text
//! first needs it. A brand's own font goes before them, an operator's after them, and every
//! family that a scene may use is in the digest of the shelf. Never: a file, a font from the
//! system, a font that its maker restricts.

mod carried;
mod family;
mod licences;
mod nearest;
mod order;
mod shelf;
mod stranger;

pub use carried::Class;
pub use family::{Face, Family};
pub use licences::licences;
pub use nearest::nearest;
pub use order::Han;
pub use shelf::{FontShelf, MAX_OWN_FONTS, Resolved, carried_file};
pub use stranger::check;

/// Why a font cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FontError {
    /// The file is larger than the limit.
    #[error("the font has {bytes} bytes; at most {limit} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit: packed, or unpacked.
        limit: usize,
    },
    /// It is no TrueType, OpenType, WOFF or WOFF2 font, or a damaged one.
    #[error("the font cannot be read: {0}")]
    Damaged(&'static str),
    /// It lacks a table that setting text needs.
    #[error("the font has no `{0}` table")]
    Incomplete(&'static str),
    /// Its maker does not let it be embedded.
    #[error("the font's maker does not permit embedding it")]
    Restricted,
    /// The shelf is full.
    #[error("at most {limit} fonts can be added")]
    TooMany {
        /// The limit.
        limit: usize,
    },
}
