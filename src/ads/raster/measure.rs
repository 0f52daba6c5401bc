//! What can be measured on a rendered picture: contrast, luminance, difference.

use std::sync::LazyLock;

use super::Pixels;
use crate::ads::scene::Frame;
use crate::domain::brand::Hex;

/// The luminance under a frame, as WCAG 2 defines it, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tones {
    /// One pixel in a hundred is darker.
    pub dark: f64,
    /// One pixel in a hundred is lighter.
    pub light: f64,
    /// The mean.
    pub mean: f64,
}

/// One pixel in this many may be worse than what is reported: dust, not ground.
const WORST: u64 = 100;

impl Pixels {
    /// The luminance under `frame`; `None` where it shows nothing of the picture.
    pub fn tones(&self, frame: Frame) -> Option<Tones> {
        let counts = self.counts(frame)?;
        let total: u64 = counts.iter().sum();
        let dark = nth(counts.iter().copied().enumerate(), total)?;
        let light = nth(counts.iter().copied().enumerate().rev(), total)?;
        let sum: f64 =
            counts.iter().enumerate().map(|(bin, count)| level(bin) * times(*count)).sum();
        Some(Tones { dark: level(dark), light: level(light), mean: sum / times(total) })
    }

    /// The contrast ratio of `ink` to what is under `frame`: one pixel in a hundred is worse.
    pub fn worst_contrast(&self, frame: Frame, ink: Hex) -> Option<f64> {
        let counts = self.counts(frame)?;
        let own = ink.luminance();
        let ratio = |bin: usize| {
            let ground = level(bin);
            (own.max(ground) + 0.05) / (own.min(ground) + 0.05)
        };
        let mut by_contrast: Vec<(usize, u64)> = counts.iter().copied().enumerate().collect();
        by_contrast.sort_by(|one, two| ratio(one.0).total_cmp(&ratio(two.0)));
        nth(by_contrast.into_iter(), counts.iter().sum()).map(ratio)
    }

    /// The part of the picture under `frame`; `None` where there is none.
    pub fn part(&self, frame: Frame) -> Option<Self> {
        let [left, top, right, bottom] = self.within(frame)?;
        let mut bytes = Vec::with_capacity((right - left) as usize * (bottom - top) as usize * 3);
        for y in top..bottom {
            bytes.extend_from_slice(&self.row(y)[left as usize * 3..right as usize * 3]);
        }
        Some(Self { width: right - left, height: bottom - top, bytes })
    }

    /// The picture behind a veil of `color`: what a scrim of this opacity, 0 to 1, would leave.
    #[must_use]
    pub fn veiled(&self, color: Hex, opacity: f32) -> Self {
        let share = f64::from(opacity.clamp(0.0, 1.0));
        let tables = color.rgb().map(|channel| {
            let mut table = [0_u8; 256];
            for (value, mixed) in (0..=255_u8).zip(&mut table) {
                *mixed = Hex::new(channel, 0, 0).mixed(Hex::new(value, 0, 0), share).rgb()[0];
            }
            table
        });
        let mut veiled = self.clone();
        for pixel in veiled.bytes.chunks_exact_mut(3) {
            for (channel, table) in pixel.iter_mut().zip(&tables) {
                *channel = table[usize::from(*channel)];
            }
        }
        veiled
    }

    /// How many pixels outside all of `frames` are not the same in `other`; all of them when the
    /// sizes differ.
    pub fn difference_outside(&self, other: &Self, frames: &[Frame]) -> u64 {
        if self.size() != other.size() {
            return u64::from(self.width) * u64::from(self.height);
        }
        let mut differing = 0;
        for y in 0..self.height {
            let (own, others) = (self.row(y), other.row(y));
            if own == others {
                continue;
            }
            let spans: Vec<[u32; 2]> = frames
                .iter()
                .filter_map(|frame| self.within(*frame))
                .filter(|[_, top, _, bottom]| (*top..*bottom).contains(&y))
                .map(|[left, _, right, _]| [left, right])
                .collect();
            let pairs = own.chunks_exact(3).zip(others.chunks_exact(3));
            for (x, _) in (0_u32..).zip(pairs).filter(|(_, (one, two))| one != two) {
                let is_inside = spans.iter().any(|[left, right]| (*left..*right).contains(&x));
                differing += u64::from(!is_inside);
            }
        }
        differing
    }

    /// How many pixels under `frame` have each of [`BINS`] levels of luminance.
    fn counts(&self, frame: Frame) -> Option<Vec<u64>> {
        let [left, top, right, bottom] = self.within(frame)?;
        let (linear, mut counts) = (&*LINEAR, vec![0_u64; BINS]);
        for y in top..bottom {
            let (pixels, _) = self.row(y)[left as usize * 3..right as usize * 3].as_chunks::<3>();
            for pixel in pixels {
                let [red, green, blue] = pixel.map(usize::from);
                let sum = linear[red] * 0.2126 + linear[green] * 0.7152 + linear[blue] * 0.0722;
                counts[bin(sum)] += 1;
            }
        }
        Some(counts)
    }

    /// Left, top, right and bottom of what `frame` shows of the picture.
    fn within(&self, frame: Frame) -> Option<[u32; 4]> {
        let clamped = |at: i32, side: u32| u32::try_from(at.max(0)).unwrap_or(0).min(side);
        let (left, right) = (clamped(frame.x, self.width), clamped(frame.right(), self.width));
        let (top, bottom) = (clamped(frame.y, self.height), clamped(frame.bottom(), self.height));
        (left < right && top < bottom).then_some([left, top, right, bottom])
    }
}

/// Levels of luminance that are told apart, evenly in its square root, so that dark ones are too.
const BINS: usize = 4096;

fn level(bin: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "there are 4096 bins")]
    let root = bin as f64 / (BINS - 1) as f64;
    root * root
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a luminance lies between 0 and 1, and there are 4096 bins"
)]
fn bin(luminance: f32) -> usize {
    ((luminance.max(0.0).sqrt() * (BINS - 1) as f32 + 0.5) as usize).min(BINS - 1)
}

/// sRGB bytes as linear light.
static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    let mut table = [0.0; 256];
    for (byte, linear) in (0..=255_u8).zip(&mut table) {
        let share = f64::from(byte) / 255.0;
        let value =
            if share <= 0.040_45 { share / 12.92 } else { libm::pow((share + 0.055) / 1.055, 2.4) };
        #[expect(clippy::cast_possible_truncation, reason = "a share needs no more precision")]
        let value = value as f32;
        *linear = value;
    }
    table
});

/// The bin of the pixel behind the worst hundredth, in the order given.
fn nth(bins: impl Iterator<Item = (usize, u64)>, total: u64) -> Option<usize> {
    let mut passed = 0;
    for (bin, count) in bins {
        passed += count;
        if count > 0 && passed > total / WORST {
            return Some(bin);
        }
    }
    None
}

#[expect(clippy::cast_precision_loss, reason = "a picture has below 2^52 pixels")]
fn times(count: u64) -> f64 {
    count as f64
}
