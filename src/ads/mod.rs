//! Ads: a brand and a brief in, a scene with its checks and its picture out.
//!
//! `brief` reads a prompt, `layout` places what there is, `text` sets it, `background` draws
//! behind it, `svg` and `raster` make the files, `checks` measures the whole; `edit` and
//! `localize` change a stored scene. Never: I/O, a clock, chance that no seed names.

pub mod background;
pub mod brief;
pub mod catalog;
pub mod checks;
pub mod compose;
pub mod copy;
pub mod edit;
pub mod fonts;
pub mod format;
#[cfg(test)]
mod golden;
pub mod icons;
pub mod illustration;
pub mod kit;
pub mod layout;
pub mod licences;
pub mod localize;
mod packed;
pub mod palette;
pub mod pictures;
pub mod prompt;
pub mod random;
pub mod raster;
pub mod scene;
pub mod svg;
pub mod text;
