//! The frame that a generator draws in: its size, its values made safe, its chance.

use crate::ads::random::Random;
use crate::ads::scene::{Frame, Generator, Ink, Palette};
use crate::domain::brand::Hex;

/// What every generator draws from.
#[derive(Debug)]
pub(super) struct Sheet<'a> {
    pub(super) w: f32,
    pub(super) h: f32,
    pub(super) random: Random,
    pub(super) palette: &'a Palette,
    /// The colour that it draws with.
    pub(super) color: Hex,
    /// The second one, where the scene names one.
    pub(super) second: Option<Hex>,
    /// 0 to 1.
    pub(super) opacity: f32,
    /// Where it starts from, in px.
    pub(super) origin: [f32; 2],
    step: f32,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(generator: &Generator, frame: Frame, palette: &'a Palette) -> Self {
        /// A canvas has at most 4096 px, and art may run over it.
        const WIDEST: i32 = 8192;
        #[expect(clippy::cast_precision_loss, reason = "at most 8192")]
        let [w, h] = [frame.w, frame.h].map(|side| side.clamp(1, WIDEST) as f32);
        let [x, y] = generator.origin.map(|share| within(share, -2.0, 3.0, 0.5));
        Self {
            w,
            h,
            random: Random::of_text(&generator.seed),
            palette,
            color: palette.color(generator.color),
            second: generator.second.map(|ink| palette.color(ink)),
            opacity: within(generator.opacity, 0.0, 1.0, 1.0),
            origin: [x * w, y * h],
            step: within(generator.step, 0.01, 1.0, 0.1),
        }
    }

    /// The shorter side in px.
    pub(super) fn short(&self) -> f32 {
        self.w.min(self.h)
    }

    /// A length that art is measured by: the shorter side, and more of the longer the longer it
    /// is, so that a banner's drawing is not as small as the banner is low.
    pub(super) fn measure(&self) -> f32 {
        measure(self.w, self.h)
    }

    /// The size of its parts in px.
    pub(super) fn step(&self) -> f32 {
        (self.step * self.measure()).max(2.0)
    }

    /// The width of a fine line in px: 2.6 on a square of 1080.
    pub(super) fn line(&self) -> f32 {
        (self.measure() * 0.0024).max(0.9)
    }

    pub(super) fn diagonal(&self) -> f32 {
        libm::hypotf(self.w, self.h)
    }

    /// How far the farthest corner is from the origin, in px.
    pub(super) fn reach(&self) -> f32 {
        [[0.0, 0.0], [self.w, 0.0], [0.0, self.h], [self.w, self.h]]
            .into_iter()
            .map(|corner| distance(corner, self.origin))
            .fold(1.0, f32::max)
    }

    pub(super) fn ink(&self, ink: Ink) -> Hex {
        self.palette.color(ink)
    }
}

pub(super) fn distance(one: [f32; 2], two: [f32; 2]) -> f32 {
    libm::hypotf(one[0] - two[0], one[1] - two[1])
}

/// The point at an angle in radians and a distance from another.
pub(super) fn around(center: [f32; 2], angle: f32, r: f32) -> [f32; 2] {
    [center[0] + r * libm::cosf(angle), center[1] + r * libm::sinf(angle)]
}

fn within(value: f32, low: f32, high: f32, otherwise: f32) -> f32 {
    if value.is_finite() { value.clamp(low, high) } else { otherwise }
}

/// The length that art on a sheet of this size is measured by.
pub(super) fn measure(w: f32, h: f32) -> f32 {
    let short = w.min(h).max(1.0);
    short * libm::powf(w.max(h) / short, 0.4)
}
