//! The true colours of a mark.
//!
//! Pixels are counted in bins of four bits a channel, where those beside a pixel of their own
//! colour count more than the mixtures along edges; each bin gives the colour that is really there,
//! and bins that look alike are merged. Never: an average, which would be a colour that nobody
//! chose.

use std::collections::HashMap;

use image::RgbaImage;

use super::ground::ratio;
use crate::domain::brand::Hex;
use crate::domain::color::Oklab;
use crate::pixels::Picture;

/// One colour of a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Swatch {
    /// The colour, as some pixel has it.
    pub(crate) color: Hex,
    /// Its part of what is drawn, 0 to 1.
    pub(crate) share: f64,
}

/// The colours of a picture.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Palette {
    /// The uniform colour that an opaque picture stands on.
    pub(crate) backdrop: Option<Hex>,
    /// The colours in front of it, largest share first; those under 2 % are left out.
    pub(crate) swatches: Vec<Swatch>,
}

impl Palette {
    /// The swatches that are no grey, black or white.
    pub(crate) fn chromatic(&self) -> impl Iterator<Item = Swatch> {
        self.swatches.iter().copied().filter(|swatch| is_chromatic(swatch.color))
    }

    /// The greys, black and white among the swatches.
    pub(crate) fn neutral(&self) -> impl Iterator<Item = Swatch> {
        self.swatches.iter().copied().filter(|swatch| !is_chromatic(swatch.color))
    }
}

/// Whether a colour has a hue that people would name.
pub(crate) fn is_chromatic(color: Hex) -> bool {
    /// Dark navy and bottle green have a chroma of 0.04 and more, warm greys below 0.02.
    const MIN_CHROMA: f32 = 0.03;
    let lab = Oklab::from(color);
    lab.chroma() >= MIN_CHROMA && (lab.l > 0.12 || lab.chroma() > 0.05)
}

/// The colours of `picture`.
pub(crate) fn palette(picture: &Picture) -> Palette {
    let backdrop = backdrop(&picture.pixels);
    let counts = counts(&picture.pixels, backdrop);
    let total: f64 = counts.values().sum();
    if total <= 0.0 {
        return Palette { backdrop, swatches: Vec::new() };
    }
    Palette { backdrop, swatches: merged(bins(&counts), total) }
}

/// A pixel counts as seen from this opacity on.
pub(super) const SEEN: u8 = 179;

/// The colour that surrounds an opaque picture: most of the border has it, on every side.
fn backdrop(pixels: &RgbaImage) -> Option<Hex> {
    /// How much of the whole border must agree, and how much of each side: a mark may touch one.
    const AGREEING: f64 = 0.6;
    const AGREEING_SIDE: f64 = 0.4;
    let (width, height) = pixels.dimensions();
    let mut border = HashMap::<u16, ([usize; 4], [u8; 3])>::new();
    let mut lengths = [0_usize; 4];
    for (x, y, pixel) in pixels.enumerate_pixels() {
        let sides = [x == 0, y == 0, x + 1 == width, y + 1 == height];
        let [red, green, blue, alpha] = pixel.0;
        for side in (0..4).filter(|side| sides[*side]) {
            lengths[side] += 1;
            if alpha >= SEEN {
                let rgb = [red, green, blue];
                border.entry(bin(rgb)).or_insert(([0; 4], rgb)).0[side] += 1;
            }
        }
    }
    let (counts, [red, green, blue]) =
        border.into_values().max_by_key(|(counts, rgb)| (counts.iter().sum::<usize>(), *rgb))?;
    let agrees = ratio(counts.iter().sum(), lengths.iter().sum()) > AGREEING
        && counts.into_iter().zip(lengths).all(|(one, all)| ratio(one, all) >= AGREEING_SIDE);
    agrees.then(|| Hex::new(red, green, blue))
}

/// How much each seen colour in front of the backdrop counts.
fn counts(pixels: &RgbaImage, backdrop: Option<Hex>) -> HashMap<[u8; 3], f64> {
    /// What a pixel without a like neighbour counts: edges are mixtures, but in a tiny icon
    /// everything is an edge.
    const EDGE: f64 = 0.12;
    let mut counts = HashMap::new();
    for (x, y, pixel) in pixels.enumerate_pixels() {
        let [red, green, blue, alpha] = pixel.0;
        if alpha < SEEN || backdrop.is_some_and(|hex| is_near(hex.rgb(), [red, green, blue])) {
            continue;
        }
        let like = like_neighbours(pixels, x, y);
        *counts.entry([red, green, blue]).or_insert(0.0) += if like >= 2 { 1.0 } else { EDGE };
    }
    counts
}

/// How many of the four neighbours have nearly the same colour.
fn like_neighbours(pixels: &RgbaImage, x: u32, y: u32) -> usize {
    let [red, green, blue, _] = pixels.get_pixel(x, y).0;
    let color = [red, green, blue];
    [(x.wrapping_sub(1), y), (x + 1, y), (x, y.wrapping_sub(1)), (x, y + 1)]
        .into_iter()
        .filter_map(|(x, y)| pixels.get_pixel_checked(x, y))
        .filter(|next| {
            let [red, green, blue, alpha] = next.0;
            alpha >= SEEN && is_alike(color, [red, green, blue], 8)
        })
        .count()
}

/// Whether a pixel belongs to the backdrop, compression noise included.
fn is_near(one: [u8; 3], two: [u8; 3]) -> bool {
    is_alike(one, two, 20)
}

fn is_alike(one: [u8; 3], two: [u8; 3], tolerance: u8) -> bool {
    one.into_iter().zip(two).all(|(one, two)| one.abs_diff(two) <= tolerance)
}

fn bin([red, green, blue]: [u8; 3]) -> u16 {
    u16::from(red >> 4) << 8 | u16::from(green >> 4) << 4 | u16::from(blue >> 4)
}

/// Each bin's own colour and how much it counts, largest first.
fn bins(counts: &HashMap<[u8; 3], f64>) -> Vec<(Hex, f64)> {
    let mut bins = HashMap::<u16, Vec<([u8; 3], f64)>>::new();
    for (rgb, count) in counts {
        bins.entry(bin(*rgb)).or_default().push((*rgb, *count));
    }
    let mut colors: Vec<(Hex, f64)> = bins
        .into_values()
        .map(|members| {
            let sum = members.iter().map(|(_, count)| count).sum();
            (representative(members, sum), sum)
        })
        .collect();
    colors.sort_by(|one, two| two.1.total_cmp(&one.1).then(one.0.cmp(&two.0)));
    colors
}

/// The colour that stands for a bin: the one that dominates it, else the middle of each channel.
fn representative(mut members: Vec<([u8; 3], f64)>, sum: f64) -> Hex {
    /// A flat mark has one exact colour in a bin; a photograph has hundreds.
    const DOMINANT: f64 = 0.25;
    members.sort_by(|one, two| two.1.total_cmp(&one.1).then(one.0.cmp(&two.0)));
    let (first, count) = members[0];
    if count >= DOMINANT * sum {
        return Hex::new(first[0], first[1], first[2]);
    }
    let [red, green, blue] = [0, 1, 2].map(|channel| {
        members.sort_by_key(|(rgb, _)| rgb[channel]);
        let mut passed = 0.0;
        let middle = members.iter().find(|(_, count)| {
            passed += count;
            passed * 2.0 >= sum
        });
        middle.map_or(0, |(rgb, _)| rgb[channel])
    });
    Hex::new(red, green, blue)
}

/// Bins that look alike as one colour, that of the largest.
fn merged(bins: Vec<(Hex, f64)>, total: f64) -> Vec<Swatch> {
    /// Nearer than this in `OKLab` two colours of a mark are meant as one.
    const ONE_COLOR: f32 = 0.06;
    /// Less of a picture than this is noise.
    const MIN_SHARE: f64 = 0.02;
    let mut swatches: Vec<(Oklab, Swatch)> = Vec::new();
    for (color, count) in bins {
        let (lab, share) = (Oklab::from(color), count / total);
        let same = swatches.iter_mut().find(|(other, _)| other.distance(lab) < ONE_COLOR);
        match same {
            Some((_, swatch)) => swatch.share += share,
            None => swatches.push((lab, Swatch { color, share })),
        }
    }
    swatches.retain(|(_, swatch)| swatch.share > MIN_SHARE);
    swatches.sort_by(|one, two| two.1.share.total_cmp(&one.1.share));
    swatches.into_iter().map(|(_, swatch)| swatch).collect()
}

#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the tests paint with numbers between 0 and 255"
)]
mod tests {
    use super::*;
    use crate::pixels::{open, png_of};

    fn of(width: u32, height: u32, paint: impl Fn(u32, u32) -> [u8; 4]) -> Palette {
        palette(&open(&png_of(width, height, paint)).expect("a PNG"))
    }

    fn ring(x: u32, y: u32, center: f64, inner: f64, outer: f64) -> f64 {
        let (dx, dy) = (f64::from(x) - center, f64::from(y) - center);
        let far = dx.hypot(dy);
        ((far - inner).clamp(0.0, 1.0)) * ((outer - far).clamp(0.0, 1.0))
    }

    #[test]
    fn a_white_mark_has_no_chromatic_colour() {
        let white = of(64, 64, |x, y| {
            let cover = ring(x, y, 32.0, 10.0, 25.0);
            [240, 240, 240, (cover * 255.0) as u8]
        });
        assert_eq!(white.backdrop, None);
        assert_eq!(white.chromatic().count(), 0);
        assert_eq!(white.neutral().next().map(|one| one.color), Some(Hex::new(240, 240, 240)));
    }

    #[test]
    fn mixtures_along_edges_are_no_colours() {
        let mark = of(64, 64, |x, y| {
            let cover = ring(x, y, 32.0, 14.0, 26.0);
            let mix = |ink: f64| (ink * cover + 255.0 * (1.0 - cover)) as u8;
            [mix(225.0), mix(40.0), mix(48.0), 255]
        });
        assert_eq!(mark.backdrop, Some(Hex::WHITE));
        let colors: Vec<Hex> = mark.swatches.iter().map(|one| one.color).collect();
        assert_eq!(colors, [Hex::new(225, 40, 48)]);
    }

    #[test]
    fn a_colour_that_fills_three_sides_is_no_backdrop() {
        let bands = of(40, 20, |x, _| match x {
            0..30 => [10, 92, 54, 255],
            30..32 => [0; 4],
            _ => [244, 180, 0, 255],
        });
        assert_eq!(bands.backdrop, None);
        assert_eq!(bands.swatches[0].color, Hex::new(10, 92, 54));
    }

    #[test]
    fn the_written_colour_wins_over_its_noise() {
        let noisy = of(60, 60, |x, y| {
            if x % 59 == 0 || y % 59 == 0 {
                [0; 4]
            } else if x < 30 {
                [52, 86, 211, 255]
            } else {
                [52 + (x % 5) as u8, 84 + (y % 5) as u8, 210, 255]
            }
        });
        assert_eq!(noisy.swatches.first().map(|one| one.color), Some(Hex::new(52, 86, 211)));
    }

    #[test]
    fn a_picture_of_one_colour_is_all_backdrop() {
        let plain = of(9, 9, |_, _| [66, 66, 66, 255]);
        assert_eq!(plain.backdrop, Some(Hex::new(66, 66, 66)));
        assert!(plain.swatches.is_empty());
        assert_eq!(of(9, 9, |_, _| [255, 0, 0, 10]), Palette::default());
    }
}
