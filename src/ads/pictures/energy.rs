//! Where a picture happens: the centre of its gradients, and how light it is.

use super::matter::{Bytes, Matter};

/// The long side in px at which a picture is measured.
pub(super) const SIDE: u32 = 256;

/// A small copy: for each pixel its luma, 0 to 255, and how much of it can be seen, 0 to 1.
pub(super) struct Sample {
    width: usize,
    height: usize,
    luma: Vec<f64>,
    /// The sum of linear luminance, and of how much it can be seen.
    light: [f64; 2],
}

/// A small copy of `matter`.
pub(super) fn sample(matter: &Matter) -> Sample {
    let long = matter.width.max(matter.height).max(1);
    let scaled = |side: u32| (side * SIDE.min(long) / long).max(1);
    let small = matter.resampled(matter.whole(), scaled(matter.width), scaled(matter.height));
    let mut luma = Vec::with_capacity(small.width as usize * small.height as usize);
    let mut light = [0.0, 0.0];
    let mut take = |rgb: &[u8], alpha: f64| {
        let [red, green, blue] = [rgb[0], rgb[1], rgb[2]].map(f64::from);
        luma.push(0.299 * red + 0.587 * green + 0.114 * blue);
        let own = [rgb[0], rgb[1], rgb[2]].map(|byte| f64::from(byte) / 255.0 / alpha.max(1e-6));
        light[0] += alpha * luminance(own.map(|share| share.min(1.0)));
        light[1] += alpha;
    };
    match &small.bytes {
        Bytes::Opaque(bytes) => bytes.chunks_exact(3).for_each(|pixel| take(pixel, 1.0)),
        Bytes::Alpha(bytes) => {
            bytes.chunks_exact(4).for_each(|pixel| take(pixel, f64::from(pixel[3]) / 255.0));
        }
    }
    Sample { width: small.width as usize, height: small.height as usize, luma, light }
}

/// The luminance that WCAG 2 defines, of sRGB shares.
fn luminance([red, green, blue]: [f64; 3]) -> f64 {
    let linear = |share: f64| {
        if share <= 0.040_45 { share / 12.92 } else { libm::pow((share + 0.055) / 1.055, 2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

impl Sample {
    /// The centre of gradient energy, in shares; the middle of a picture without any.
    pub(super) fn focus(&self) -> [f32; 2] {
        /// The share of energy that a plain surface has anyway, spread over the whole: it keeps
        /// the centre of a nearly plain picture in its middle.
        const CALM: f64 = 2.0;
        let (mut sum, mut along, mut down) = (0.0, 0.0, 0.0);
        for y in 0..self.height {
            for x in 0..self.width {
                let energy = self.energy(x, y) + CALM;
                sum += energy;
                along += energy * (position(x) + 0.5);
                down += energy * (position(y) + 0.5);
            }
        }
        [along / sum / position(self.width), down / sum / position(self.height)].map(share)
    }

    /// Where from the top, in shares, a subject begins that stands before a plain ground; `None`
    /// where there is something from the top on, or nothing at all.
    pub(super) fn crown(&self) -> Option<f32> {
        /// A row with less than this share of the mean energy is plain ground, and the subject
        /// begins with the first that has more than the second.
        const PLAIN: f64 = 0.25;
        const BEGINS: f64 = 0.4;
        let row = |y: usize| (0..self.width).map(|x| self.energy(x, y)).sum::<f64>();
        let rows: Vec<f64> = (0..self.height).map(row).collect();
        let mean = rows.iter().sum::<f64>() / position(self.height);
        let plain = self.height / 40 + 1;
        if rows.iter().take(plain).any(|row| *row > mean * PLAIN) {
            return None;
        }
        let begins = rows.iter().position(|row| *row > mean * BEGINS)?;
        Some(share(position(begins) / position(self.height)))
    }

    /// The mean luminance of what can be seen.
    pub(super) fn mean_luminance(&self) -> f64 {
        let [light, seen] = self.light;
        if seen > 0.0 { light / seen } else { 0.0 }
    }

    fn energy(&self, x: usize, y: usize) -> f64 {
        let at = |x: usize, y: usize| self.luma[y * self.width + x];
        let right = at((x + 1).min(self.width - 1), y) - at(x.saturating_sub(1), y);
        let below = at(x, (y + 1).min(self.height - 1)) - at(x, y.saturating_sub(1));
        (right * right + below * below).sqrt()
    }
}

#[expect(clippy::cast_precision_loss, reason = "a small copy has 256 px a side")]
fn position(n: usize) -> f64 {
    n as f64
}

#[expect(clippy::cast_possible_truncation, reason = "a share needs no more precision")]
fn share(value: f64) -> f32 {
    value.clamp(0.0, 1.0) as f32
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::*;

    fn of(paint: impl Fn(u32, u32) -> [u8; 3]) -> Sample {
        let picture = RgbImage::from_fn(300, 200, |x, y| Rgb(paint(x, y)));
        sample(&Matter::of(picture.into()))
    }

    #[test]
    fn the_eye_goes_where_something_is() {
        let busy = |x: u32, y: u32| x > 200 && y < 80 && (x / 6 + y / 6).is_multiple_of(2);
        let [x, y] = of(|x, y| if busy(x, y) { [250; 3] } else { [60; 3] }).focus();
        assert!((0.7..0.95).contains(&x) && (0.1..0.35).contains(&y), "{x} {y}");
    }

    #[test]
    fn a_subject_begins_where_the_plain_ground_ends() {
        let stripes = |from: u32| {
            of(move |x, y| if y > from && (x / 8).is_multiple_of(2) { [230; 3] } else { [40; 3] })
        };
        let crown = stripes(60).crown().expect("a plain ground");
        assert!((crown - 0.3).abs() < 0.03, "{crown}");
        assert_eq!(stripes(0).crown(), None, "it begins at the top");
        assert_eq!(of(|_, _| [90; 3]).crown(), None, "there is nothing");
    }

    #[test]
    fn a_plain_picture_has_its_middle() {
        let sample = of(|_, _| [128; 3]);
        let [x, y] = sample.focus();
        assert!((x - 0.5).abs() < 1e-4 && (y - 0.5).abs() < 1e-4);
        assert!((sample.mean_luminance() - 0.2159).abs() < 0.001);
    }
}
