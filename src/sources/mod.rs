//! What lies on this machine, read: git repositories, exports of trackers and chats, fonts.
//!
//! Everything here was made by strangers: sizes, depths and counts are limited, a bad record is
//! refused with its reason while the rest goes on, and nothing in a repository is run. What comes
//! out are plain values. Never: a write, a network, a program of somebody else's.

mod error;
pub mod export;
mod fonts;
pub mod git;
mod grant;
mod watch;

pub use error::SourceError;
pub use fonts::FontFolders;
pub use grant::{inside, resolve};
pub use watch::Watch;
