//! K4: outside of the words not one pixel differs.

use super::{none_of, spoken};
use crate::ads::raster::Pixels;
use crate::ads::scene::{Check, Frame, Scene};

/// A picture: rows from the top, three bytes a pixel.
#[derive(Clone, Copy)]
pub struct Rgb<'a> {
    /// In pixels.
    width: u32,
    /// In pixels.
    height: u32,
    bytes: &'a [u8],
}

impl<'a> Rgb<'a> {
    /// None when there are not exactly `3 · width · height` bytes.
    pub fn new(width: u32, height: u32, bytes: &'a [u8]) -> Option<Self> {
        let expected = u64::from(width) * u64::from(height) * 3;
        (bytes.len() as u64 == expected).then_some(Self { width, height, bytes })
    }

    /// One row of pixels; empty outside of the picture.
    fn row(&self, y: u32) -> &'a [u8] {
        let length = self.width as usize * 3;
        let start = y as usize * length;
        self.bytes.get(start..start + length).unwrap_or_default()
    }

    /// The pixels in a box, row by row; those outside of the picture are left out.
    pub(super) fn pixels_in(&self, frame: Frame) -> impl Iterator<Item = [u8; 3]> + use<'a> {
        let whole = *self;
        let columns = clamped(frame.x, frame.right(), whole.width);
        clamped(frame.y, frame.bottom(), whole.height).flat_map(move |y| {
            let row = whole.row(y);
            columns
                .clone()
                .filter_map(move |x| row.get(x as usize * 3..)?.first_chunk::<3>().copied())
        })
    }
}

impl<'a> From<&'a Pixels> for Rgb<'a> {
    fn from(pixels: &'a Pixels) -> Self {
        let [width, height] = pixels.size();
        Self { width, height, bytes: pixels.rgb() }
    }
}

impl std::fmt::Debug for Rgb<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Rgb({} × {})", self.width, self.height)
    }
}

fn clamped(from: i32, to: i32, size: u32) -> std::ops::Range<u32> {
    let inside = |edge: i32| u32::try_from(edge.max(0)).unwrap_or(0).min(size);
    inside(from)..inside(to)
}

/// K4 of the target's scene, whose boxes K2 has found to be the source's: counts the pixels that
/// differ outside of the union of the boxes of the words, each grown by one pixel for the edges of
/// glyphs. Pictures of different sizes differ in every pixel.
pub(super) fn same_outside_of_words(scene: &Scene, source: Rgb<'_>, target: Rgb<'_>) -> Check {
    if (source.width, source.height) != (target.width, target.height) {
        return none_of("K4", target.bytes.len().max(source.bytes.len()) / 3);
    }
    let boxes: Vec<Frame> =
        spoken(scene).map(|(node, _)| node.text_frame().inset([-1, -1])).collect();
    let differing = (0..source.height).map(|y| differing_in_row(y, source, target, &boxes));
    none_of("K4", differing.sum())
}

fn differing_in_row(y: u32, source: Rgb<'_>, target: Rgb<'_>, boxes: &[Frame]) -> usize {
    let (before, after) = (source.row(y), target.row(y));
    if before == after {
        return 0;
    }
    let is_in = |x: i32, frame: &Frame| x >= frame.x && x < frame.right();
    let y = i32::try_from(y).unwrap_or(i32::MAX);
    let here: Vec<&Frame> =
        boxes.iter().filter(|frame| y >= frame.y && y < frame.bottom()).collect();
    let pixels = (0_i32..).zip(before.chunks_exact(3).zip(after.chunks_exact(3)));
    pixels
        .filter(|(_, (before, after))| before != after)
        .filter(|(x, _)| !here.iter().any(|frame| is_in(*x, frame)))
        .count()
}
