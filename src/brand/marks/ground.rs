//! On which ground a picture can stand.

use super::palette::{Palette, SEEN};
use crate::domain::brand::{Ground, Hex};
use crate::domain::color::Oklab;
use crate::pixels::Picture;

/// The ground that `picture` needs.
pub(crate) fn ground(picture: &Picture, palette: &Palette) -> Ground {
    /// Lighter than this is lost on white, darker than the other is lost on black.
    const LIGHT: f32 = 0.8;
    const DARK: f32 = 0.42;
    /// A wordmark's line takes a good part of what is drawn; a highlight less than this.
    const A_PART: f64 = 0.25;
    if !picture.transparent || palette.backdrop.is_some() {
        return Ground::Opaque;
    }
    let mut lightness: Vec<f32> = picture
        .pixels
        .pixels()
        .filter(|pixel| pixel.0[3] >= SEEN)
        .map(|pixel| Oklab::from(Hex::new(pixel.0[0], pixel.0[1], pixel.0[2])).l)
        .collect();
    lightness.sort_by(f32::total_cmp);
    let Some(median) = lightness.get(lightness.len() / 2) else { return Ground::Any };
    let part = |count: usize| ratio(count, lightness.len()) >= A_PART;
    let light = part(lightness.iter().filter(|l| **l > LIGHT).count());
    let dark = part(lightness.iter().filter(|l| **l < DARK).count());
    match (light, dark) {
        (true, false) => Ground::Dark,
        (false, true) => Ground::Light,
        _ if *median > LIGHT => Ground::Dark,
        _ if *median < DARK => Ground::Light,
        _ => Ground::Any,
    }
}

/// `part` of `whole` as a share.
pub(super) fn ratio(part: usize, whole: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a picture has below 2^52 pixels")]
    let share = part as f64 / whole.max(1) as f64;
    share
}

#[cfg(test)]
mod tests {
    use super::super::palette;
    use super::*;
    use crate::pixels::{open, png_of};

    fn of(paint: impl Fn(u32, u32) -> [u8; 4]) -> Ground {
        let picture = open(&png_of(40, 40, paint)).expect("a PNG");
        ground(&picture, &palette(&picture))
    }

    #[test]
    fn a_mark_stands_where_it_can_be_seen() {
        let disc = |ink: [u8; 3]| {
            move |x: u32, y: u32| {
                let inside = (8..32).contains(&x) && (8..32).contains(&y);
                [ink[0], ink[1], ink[2], if inside { 255 } else { 0 }]
            }
        };
        assert_eq!(of(disc([240, 240, 240])), Ground::Dark);
        assert_eq!(of(disc([20, 30, 90])), Ground::Light);
        assert_eq!(of(disc([225, 60, 48])), Ground::Any);
        assert_eq!(of(|_, _| [225, 60, 48, 255]), Ground::Opaque);
    }

    #[test]
    fn a_white_line_under_a_coloured_mark_needs_a_dark_ground() {
        let mark = of(|x, y| match y {
            4..=20 if x > 4 && x < 36 => [209, 60, 60, 255],
            26..=34 if x > 4 && x < 36 => [255, 255, 255, 255],
            _ => [0; 4],
        });
        assert_eq!(mark, Ground::Dark);
    }
}
