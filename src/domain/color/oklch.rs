//! `OKLab` by lightness, chroma and hue: the space in which one colour is derived from another.

use super::{Oklab, encoded};
use crate::domain::brand::Hex;

/// A colour in `OKLCH`; it may lie outside what sRGB can show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Oklch {
    /// Lightness, 0 to 1.
    pub l: f32,
    /// Chroma, 0 for greys to about 0.32 for the purest.
    pub c: f32,
    /// Hue in degrees, 0 to 360; without meaning for greys.
    pub h: f32,
}

impl Oklch {
    /// Below this chroma a colour looks grey and its hue says nothing.
    pub const GREY: f32 = 0.02;

    /// A colour by its three values.
    pub const fn new(l: f32, c: f32, h: f32) -> Self {
        Self { l, c, h }
    }

    /// The same at another lightness.
    #[must_use]
    pub const fn at(self, l: f32) -> Self {
        Self { l, ..self }
    }

    /// The same with no more than this chroma.
    #[must_use]
    pub const fn muted_to(self, most: f32) -> Self {
        Self { c: self.c.min(most), ..self }
    }

    /// Whether its hue says nothing.
    pub const fn is_grey(self) -> bool {
        self.c < Self::GREY
    }

    /// The colour that sRGB shows for it: with less chroma where its own lies outside.
    pub fn hex(self) -> Hex {
        /// Each step halves the error; after 16 it is below a byte's.
        const STEPS: u32 = 16;
        let l = self.l.clamp(0.0, 1.0);
        if l <= 0.0 {
            // The slack below would let a breath of red into black.
            return Hex::BLACK;
        }
        let full = Self { l, ..self }.linear();
        if is_shown(full) {
            return bytes(full);
        }
        let (mut inside, mut outside) = (0.0, self.c);
        for _ in 0..STEPS {
            let middle = f32::midpoint(inside, outside);
            if is_shown(Self { l, c: middle, ..self }.linear()) {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        bytes(Self { l, c: inside, ..self }.linear())
    }

    fn linear(self) -> [f32; 3] {
        let turn = self.h.to_radians();
        Oklab { l: self.l, a: self.c * libm::cosf(turn), b: self.c * libm::sinf(turn) }.to_linear()
    }
}

/// Whether sRGB holds it, give or take less than half a byte.
fn is_shown(linear: [f32; 3]) -> bool {
    const SLACK: f32 = 0.001;
    linear.into_iter().all(|part| (-SLACK..=1.0 + SLACK).contains(&part))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is clamped to a byte's range before the cast"
)]
fn bytes(linear: [f32; 3]) -> Hex {
    let [red, green, blue] =
        linear.map(|part| libm::roundf(encoded(part.clamp(0.0, 1.0)) * 255.0) as u8);
    Hex::new(red, green, blue)
}

impl From<Oklab> for Oklch {
    fn from(lab: Oklab) -> Self {
        Self { l: lab.l, c: lab.chroma(), h: lab.hue() }
    }
}

impl From<Hex> for Oklch {
    fn from(hex: Hex) -> Self {
        Oklab::from(hex).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_of_srgb_comes_back() {
        for step in 0..4096_u32 {
            let [_, _, high, low] = step.to_be_bytes();
            let hex = Hex::new(high * 17, (low >> 4) * 17, (low & 15) * 17);
            assert_eq!(Oklch::from(hex).hex(), hex);
        }
    }

    #[test]
    fn what_srgb_cannot_show_keeps_lightness_and_hue() {
        let wanted = Oklch::new(0.95, 0.3, 264.0);
        let shown = Oklch::from(wanted.hex());
        assert!((shown.l - wanted.l).abs() < 0.01, "{shown:?}");
        assert!(shown.c < 0.06 && (shown.h - wanted.h).abs() < 8.0, "{shown:?}");
        assert_eq!(Oklch::new(1.7, 0.3, 20.0).hex(), Hex::WHITE);
        assert_eq!(Oklch::new(-1.0, 0.3, 20.0).hex(), Hex::BLACK);
    }
}
