//! Whether a picture is a photograph.
//!
//! Cameras leave hardly two neighbouring pixels alike and thousands of colours; what is drawn has
//! flat areas. Screenshots and logos with gradients lie between and count as drawn.

use std::collections::HashSet;

use super::ground::ratio;
use crate::pixels::Picture;

/// What a picture's surface is like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Texture {
    /// Different colours at five bits a channel.
    pub(crate) colors: usize,
    /// Different levels of grey at eight bits, of pixels without a hue.
    pub(crate) greys: usize,
    /// The share of pixels that equal their right neighbour but for noise.
    pub(crate) flat: f64,
}

impl Texture {
    /// Measures `picture`.
    pub(crate) fn of(picture: &Picture) -> Self {
        let pixels = &picture.pixels;
        let mut colors = HashSet::new();
        let mut greys = [false; 256];
        let (mut flat, mut pairs) = (0, 0);
        for (x, y, pixel) in pixels.enumerate_pixels() {
            let [red, green, blue, alpha] = pixel.0;
            if alpha < 128 {
                continue;
            }
            colors.insert((red >> 3, green >> 3, blue >> 3));
            if red.abs_diff(green) <= 6 && green.abs_diff(blue) <= 6 {
                greys[usize::from(green)] = true;
            }
            let Some(right) = pixels.get_pixel_checked(x + 1, y) else { continue };
            pairs += 1;
            let alike = pixel.0.iter().zip(right.0).all(|(one, two)| one.abs_diff(two) <= 2);
            flat += usize::from(alike);
        }
        let greys = greys.into_iter().filter(|seen| *seen).count();
        Self { colors: colors.len(), greys, flat: ratio(flat, pairs) }
    }

    /// Whether a camera made it.
    pub(crate) fn is_photo(self) -> bool {
        /// Drawn pictures with gradients have some hundred colours.
        const MIN_COLORS: usize = 900;
        /// Even a blurred sky changes from pixel to pixel.
        const MAX_FLAT: f64 = 0.65;
        /// A grey photograph has nearly every level, but only few colours.
        const MIN_GREYS: usize = 170;
        const GREY_COLORS: usize = 400;
        let is_rich =
            self.colors >= MIN_COLORS || (self.colors <= GREY_COLORS && self.greys >= MIN_GREYS);
        is_rich && self.flat <= MAX_FLAT
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::{byte, open, png_of};

    fn is_photo(paint: impl Fn(u32, u32) -> [u8; 4]) -> bool {
        Texture::of(&open(&png_of(160, 120, paint)).expect("a PNG")).is_photo()
    }

    #[test]
    fn noise_over_many_colours_is_a_photograph() {
        let grain = |x: u32, y: u32| (x.wrapping_mul(7919) ^ y.wrapping_mul(104_729)) % 23;
        assert!(is_photo(|x, y| {
            let g = grain(x, y);
            [byte(x + g), byte(y + g), byte(x * y / 80 + g), 255]
        }));
    }

    #[test]
    fn a_grey_photograph_is_one_too() {
        assert!(is_photo(|x, y| {
            let level = byte(x + x.wrapping_mul(y).wrapping_mul(7919) % 61);
            [level, level, level, 255]
        }));
    }

    #[test]
    fn flat_areas_and_gradients_are_drawn() {
        assert!(!is_photo(|x, _| if x < 80 { [255, 0, 0, 255] } else { [255; 4] }));
        assert!(!is_photo(|x, y| [byte(x / 2), byte(y / 2), 90, 255]));
        assert!(!is_photo(|_, _| [0; 4]));
    }
}
