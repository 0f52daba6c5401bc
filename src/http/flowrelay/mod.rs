//! The Flow Relay dialect: its routes, one file a noun, and `render`, the one place that knows its
//! words.
//!
//! A handler reads a request, asks a room, and hands what it got to `render`.
//! Never: a job changed but by the engine, a Pi envelope, and never the other dialect.

mod at_once;
pub(crate) mod choices;
pub(crate) mod discord;
pub(crate) mod events;
pub(crate) mod projects;
mod render;

pub(crate) use render::refuse;
