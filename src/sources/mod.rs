//! What lies on this machine, read.
//!
//! Everything here was made by strangers: sizes, depths and counts are limited. What comes out are
//! plain values. Never: a write, a network, a program of somebody else's.

mod fonts;

pub use fonts::FontFolders;
