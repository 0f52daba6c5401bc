//! Edits: a stored scene, and what a prompt wants changed in it.
//!
//! `reading` turns the prompt into changes. Never: a change that the prompt does not ask for.

pub mod reading;
