//! Colours as the eye sees them: `OKLab` to compare them, `OKLCH` to derive one from another.
//!
//! Every function is `libm`'s, so that a colour is the same on every machine. What lies outside
//! sRGB is brought in by its chroma alone, at the same lightness and hue. Never: CSS, or a name.

mod oklab;
mod oklch;

pub use oklab::{Oklab, encoded, linear};
pub use oklch::Oklch;
