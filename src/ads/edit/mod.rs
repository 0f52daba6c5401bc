//! Edits: a stored scene, and what a prompt wants changed in it.
//!
//! `reading` turns the prompt into changes; `apply` takes the scene apart into its words, colours
//! and looks, changes those, and composes it again with its own seed and arrangement, so that all
//! that was not named stays. Never: a change that the prompt does not ask for, or one that is
//! silently left out.

mod apply;
mod colors;
mod effect;
mod mark;
mod material;
mod picture;
pub mod reading;
#[cfg(test)]
mod trials;
mod wording;

pub use apply::{Desk, EditError, Edited, apply};
