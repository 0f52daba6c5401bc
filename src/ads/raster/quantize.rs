//! A picture in at most 256 colours, by median cut.
//!
//! Colours are counted in cells of five bits a channel; the box of cells that spreads most is
//! halved until there are enough. Never: dithering, which would be noise on flat ground and would
//! make the file larger again.

use std::collections::BTreeMap;

/// A picture whose pixels are places in a palette.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Indexed {
    /// Red, green and blue, at most 256 of them.
    pub(super) palette: Vec<[u8; 3]>,
    /// For each pixel its place in the palette.
    pub(super) pixels: Vec<u8>,
    /// The mean squared error of a channel.
    pub(super) error: f64,
}

/// The colours that a palette can hold.
const MAX_COLORS: usize = 256;

/// `rgb` in at most 256 colours; exactly, where it has no more.
pub(super) fn indexed(rgb: &[u8]) -> Indexed {
    exact(rgb).unwrap_or_else(|| cut(rgb))
}

fn exact(rgb: &[u8]) -> Option<Indexed> {
    let mut places = BTreeMap::new();
    let mut last = ([0_u8; 3], None);
    for pixel in rgb.chunks_exact(3) {
        let color = [pixel[0], pixel[1], pixel[2]];
        if last != (color, Some(())) {
            places.insert(color, 0_u8);
            if places.len() > MAX_COLORS {
                return None;
            }
            last = (color, Some(()));
        }
    }
    for (place, index) in places.values_mut().zip(0..=u8::MAX) {
        *place = index;
    }
    let pixels = rgb.chunks_exact(3).map(|p| places[&[p[0], p[1], p[2]]]).collect();
    Some(Indexed { palette: places.into_keys().collect(), pixels, error: 0.0 })
}

fn cut(rgb: &[u8]) -> Indexed {
    let mut boxes = vec![ColorBox::of(cells(rgb))];
    while boxes.len() < MAX_COLORS {
        let widest = (0..boxes.len())
            .filter(|n| boxes[*n].cells.len() > 1)
            .max_by(|one, two| boxes[*one].spread.total_cmp(&boxes[*two].spread));
        let Some(widest) = widest else { break };
        let (lower, upper) = boxes.swap_remove(widest).halved();
        boxes.extend([lower, upper]);
    }
    let palette: Vec<[u8; 3]> = boxes.iter().map(ColorBox::mean).collect();
    let mut nearest = vec![0_u8; CELLS];
    for cell in boxes.iter().flat_map(|colors| &colors.cells) {
        nearest[cell.place] = closest(&palette, cell.mean());
    }
    let pixels: Vec<u8> = rgb.chunks_exact(3).map(|pixel| nearest[place(pixel)]).collect();
    let error = error(rgb, &pixels, &palette);
    Indexed { palette, pixels, error }
}

/// Cells of five bits a channel.
const CELLS: usize = 1 << 15;

fn place(pixel: &[u8]) -> usize {
    usize::from(pixel[0] >> 3) << 10 | usize::from(pixel[1] >> 3) << 5 | usize::from(pixel[2] >> 3)
}

/// The pixels of one cell.
#[derive(Debug, Clone, Copy)]
struct Cell {
    place: usize,
    count: u64,
    sums: [u64; 3],
}

impl Cell {
    fn mean(&self) -> [u8; 3] {
        self.sums.map(|sum| u8::try_from((sum + self.count / 2) / self.count).unwrap_or(255))
    }
}

/// The cells that have pixels, in the order of their place.
fn cells(rgb: &[u8]) -> Vec<Cell> {
    let mut cells: Vec<Cell> =
        (0..CELLS).map(|place| Cell { place, count: 0, sums: [0; 3] }).collect();
    for pixel in rgb.chunks_exact(3) {
        let cell = &mut cells[place(pixel)];
        cell.count += 1;
        cell.sums.iter_mut().zip(pixel).for_each(|(sum, byte)| *sum += u64::from(*byte));
    }
    cells.retain(|cell| cell.count > 0);
    cells
}

struct ColorBox {
    cells: Vec<Cell>,
    /// The channel along which it spreads most.
    channel: usize,
    /// How much it spreads there: its squared error.
    spread: f64,
}

impl ColorBox {
    fn of(cells: Vec<Cell>) -> Self {
        let (mut count, mut sums, mut squares) = (0.0, [0.0; 3], [0.0; 3]);
        for cell in &cells {
            let times = number(cell.count);
            count += times;
            for (channel, value) in cell.mean().map(f64::from).into_iter().enumerate() {
                sums[channel] += times * value;
                squares[channel] += times * value * value;
            }
        }
        let spreads = [0, 1, 2].map(|n| squares[n] - sums[n] * sums[n] / count);
        let widest = (0..3).max_by(|one, two| spreads[*one].total_cmp(&spreads[*two]));
        let channel = widest.unwrap_or(0);
        Self { cells, channel, spread: spreads[channel] }
    }

    /// The half up to its mean, and the other.
    fn halved(mut self) -> (Self, Self) {
        let channel = self.channel;
        let middle = self.mean()[channel];
        self.cells.sort_by_key(|cell| (cell.mean()[channel], cell.place));
        let at = self.cells.partition_point(|cell| cell.mean()[channel] <= middle);
        let at = at.clamp(1, self.cells.len() - 1);
        let upper = self.cells.split_off(at);
        (Self::of(self.cells), Self::of(upper))
    }

    fn mean(&self) -> [u8; 3] {
        let count: u64 = self.cells.iter().map(|cell| cell.count).sum();
        [0, 1, 2].map(|channel| {
            let sum: u64 = self.cells.iter().map(|cell| cell.sums[channel]).sum();
            u8::try_from((sum + count / 2) / count.max(1)).unwrap_or(255)
        })
    }
}

fn closest(palette: &[[u8; 3]], color: [u8; 3]) -> u8 {
    let distance = |other: &[u8; 3]| -> u32 {
        other.iter().zip(color).map(|(one, two)| u32::from(one.abs_diff(two)).pow(2)).sum()
    };
    let nearest = palette.iter().zip(0..=u8::MAX).min_by_key(|(other, _)| distance(other));
    nearest.map_or(0, |(_, place)| place)
}

fn error(rgb: &[u8], pixels: &[u8], palette: &[[u8; 3]]) -> f64 {
    let mut sum = 0_u64;
    for (pixel, place) in rgb.chunks_exact(3).zip(pixels) {
        let color = palette[usize::from(*place)];
        sum += pixel
            .iter()
            .zip(color)
            .map(|(one, two)| u64::from(one.abs_diff(two)).pow(2))
            .sum::<u64>();
    }
    number(sum) / number(rgb.len().max(1) as u64)
}

#[expect(clippy::cast_precision_loss, reason = "a picture has below 2^52 pixels")]
fn number(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_colours_are_kept_exactly() {
        let rgb: Vec<u8> = (0..=255_u8).flat_map(|n| [n, 255 - n, 7]).collect();
        let indexed = indexed(&rgb);
        assert_eq!((indexed.palette.len(), indexed.error.to_bits()), (256, 0));
        let back: Vec<u8> =
            indexed.pixels.iter().flat_map(|place| indexed.palette[usize::from(*place)]).collect();
        assert_eq!(back, rgb);
    }

    #[test]
    fn many_colours_become_near_ones() {
        let rgb: Vec<u8> = (0..=255_u8)
            .flat_map(|x| (0..=255_u8).step_by(3).flat_map(move |y| [x, y, x / 2 + y / 2]))
            .collect();
        let indexed = indexed(&rgb);
        assert_eq!(indexed.palette.len(), 256);
        assert!(indexed.error > 0.0 && indexed.error < 60.0, "{}", indexed.error);
    }

    #[test]
    fn the_same_pixels_give_the_same_palette() {
        let rgb: Vec<u8> = (0..30_000_u32).map(|n| n.wrapping_mul(7919).to_be_bytes()[2]).collect();
        assert_eq!(indexed(&rgb), indexed(&rgb));
    }
}
