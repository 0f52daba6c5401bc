//! The Flow Relay dialect on the wire.
//!
//! Its routes come with projects and handoffs; until then only the form of its errors is spoken,
//! on the paths where the key's prefix decides. Never: a Pi envelope.

mod render;

pub(crate) use render::refuse;
