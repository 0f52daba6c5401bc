//! What a prompt asked of the colours.

use crate::ads::scene::Ink;
use crate::domain::brand::{ColorRole, Hex, Scheme};

/// What a prompt asked of the colours; the default asks nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// The ground.
    pub ground: Option<Asked>,
    /// The colour that points.
    pub accent: Option<Asked>,
    /// A dark or a light ground.
    pub scheme: Option<Scheme>,
    /// Quiet or loud.
    pub energy: Energy,
    /// Which of the grounds that the seed ranks, from 0; they come again when there is no more.
    pub variant: u32,
}

/// One colour that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Exactly this one, as `#0B3D2E`.
    Exact(Hex),
    /// One of this name, as `green`: a brand's own of that hue is taken before this value.
    Named(Hex),
    /// What the brand has for this; nothing is asked when it has none.
    Brand(ColorRole),
    /// What the ad has for this now; only for [`again`](super::again).
    Current(Ink),
}

/// How much the colours speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Energy {
    /// “Minimal”, “clean”: light or dark neutrals, one colour.
    Quiet,
    /// Nothing was said.
    #[default]
    Plain,
    /// “Bold”, “vibrant”: the brand's own colour as ground where it can be one.
    Loud,
}
