//! Colours: what style sheets write, and how far two of them are apart to the eye.
//!
//! `parse` reads CSS Color 4 into `Rgba`; the domain's `Oklab` measures. Never: a guess for what
//! it cannot read.

mod mix;
mod names;
mod parse;
mod space;

pub(crate) use parse::{parse, read};

use crate::domain::brand::Hex;

/// An sRGB colour that may be translucent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rgba {
    /// Red, green and blue.
    pub(crate) rgb: [u8; 3],
    /// 0 (invisible) to 1 (opaque).
    pub(crate) alpha: f32,
}

impl Rgba {
    /// Black, the initial text colour.
    pub(crate) const BLACK: Self = Self::opaque([0; 3]);
    /// White, the canvas.
    pub(crate) const WHITE: Self = Self::opaque([255; 3]);

    /// An opaque colour.
    pub(crate) const fn opaque(rgb: [u8; 3]) -> Self {
        Self { rgb, alpha: 1.0 }
    }

    /// Whether nothing of it is to be seen.
    pub(crate) fn is_invisible(self) -> bool {
        self.alpha < 0.02
    }

    /// What is seen when it lies on an opaque `ground`.
    #[must_use]
    pub(crate) fn over(self, ground: Hex) -> Hex {
        let [red, green, blue] = self.rgb;
        Hex::new(red, green, blue).mixed(ground, f64::from(self.alpha))
    }

    /// The colour without its translucency.
    pub(crate) const fn hex(self) -> Hex {
        let [red, green, blue] = self.rgb;
        Hex::new(red, green, blue)
    }
}
