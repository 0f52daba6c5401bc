//! Reading what an edit asks for.
//!
//! A prompt is cut into wishes, each wish is read by the words in it, and what cannot be read is
//! listed. Never: a wish that is passed over in silence.

mod change;

pub use change::{Change, ColorTarget, NotUnderstood, Reading, Shade};
