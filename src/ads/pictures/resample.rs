//! Resampling: a box filter down to at most three times the size, then a cubic one.
//!
//! Weights are fixed-point numbers and sums are integers, so that every machine gives the same
//! bytes. Rows are mixed first, because whole rows are mixed quickly.

/// A rectangle of a picture, in pixels and parts of pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// `part` of a picture of `from` pixels with `N` bytes each, in `to` pixels.
pub(super) fn resample<const N: usize>(
    bytes: &[u8],
    from: [u32; 2],
    part: Part,
    to: [u32; 2],
) -> Vec<u8> {
    /// Above this the cubic filter would spend its time on averaging.
    const MAX_CUBIC_SCALE: f64 = 3.0;
    let scale = (part.width / f64::from(to[0])).min(part.height / f64::from(to[1]));
    if scale <= MAX_CUBIC_SCALE {
        return cubic::<N>(bytes, from, part, to);
    }
    let by = whole(scale / 1.5);
    let (small, size) = averaged::<N>(bytes, from, by);
    let factor = f64::from(by);
    let part = Part {
        x: part.x / factor,
        y: part.y / factor,
        width: part.width / factor,
        height: part.height / factor,
    };
    cubic::<N>(&small, size, part, to)
}

/// Squares of `by` pixels as one; those at the right and lower edge may be smaller.
fn averaged<const N: usize>(bytes: &[u8], from: [u32; 2], by: u32) -> (Vec<u8>, [u32; 2]) {
    let (width, by) = (from[0] as usize, by as usize);
    let size = from.map(|side| side.div_ceil(u32::try_from(by).unwrap_or(u32::MAX)));
    let row_bytes = width * N;
    let mut small = Vec::with_capacity(size[0] as usize * size[1] as usize * N);
    let mut sums = vec![0_u32; row_bytes];
    for rows in bytes.chunks(row_bytes * by) {
        sums.fill(0);
        for row in rows.chunks_exact(row_bytes) {
            sums.iter_mut().zip(row).for_each(|(sum, byte)| *sum += u32::from(*byte));
        }
        let height = rows.len() / row_bytes;
        for cell in sums.chunks(by * N) {
            let mut channels = [0_u32; N];
            for pixel in cell.chunks_exact(N) {
                channels.iter_mut().zip(pixel).for_each(|(sum, part)| *sum += part);
            }
            let count = u32::try_from(height * cell.len() / N).unwrap_or(u32::MAX).max(1);
            small.extend(channels.map(|sum| byte((sum + count / 2) / count)));
        }
    }
    (small, size)
}

fn cubic<const N: usize>(bytes: &[u8], from: [u32; 2], part: Part, to: [u32; 2]) -> Vec<u8> {
    let columns = taps(from[0], part.x, part.width, to[0]);
    let rows = taps(from[1], part.y, part.height, to[1]);
    let row_bytes = from[0] as usize * N;
    let mut mixed = vec![0_i32; row_bytes];
    let mut line = vec![0_u8; row_bytes];
    let mut out = Vec::with_capacity(to[0] as usize * to[1] as usize * N);
    for row in &rows {
        mixed.fill(HALF);
        for (offset, weight) in row.weights.iter().enumerate() {
            let start = (row.start + offset) * row_bytes;
            let source = &bytes[start..start + row_bytes];
            mixed.iter_mut().zip(source).for_each(|(sum, byte)| *sum += i32::from(*byte) * weight);
        }
        line.iter_mut().zip(&mixed).for_each(|(byte, sum)| *byte = rounded(*sum));
        let (pixels, _) = line.as_chunks::<N>();
        for column in &columns {
            let mut sums = [HALF; N];
            for (pixel, weight) in pixels[column.start..].iter().zip(&column.weights) {
                for (sum, byte) in sums.iter_mut().zip(pixel) {
                    *sum += i32::from(*byte) * weight;
                }
            }
            out.extend(sums.map(rounded));
        }
    }
    if N == 4 {
        hold_premultiplied(&mut out);
    }
    out
}

/// A cubic filter overshoots at edges: no colour may be stronger than its alpha.
fn hold_premultiplied(bytes: &mut [u8]) {
    for pixel in bytes.chunks_exact_mut(4) {
        let alpha = pixel[3];
        pixel[..3].iter_mut().for_each(|channel| *channel = (*channel).min(alpha));
    }
}

/// The bits behind the point of a weight.
const BITS: u32 = 14;
const HALF: i32 = 1 << (BITS - 1);

/// The pixels that one pixel is made of.
struct Taps {
    start: usize,
    /// Sums to 1 in fixed point.
    weights: Vec<i32>,
}

/// For each of `to` pixels its taps among `from`, of which `start..start + length` is shown.
fn taps(from: u32, start: f64, length: f64, to: u32) -> Vec<Taps> {
    let scale = length / f64::from(to);
    let stretch = scale.max(1.0);
    let last = f64::from(from.saturating_sub(1));
    (0..to)
        .map(|n| {
            let center = start + (f64::from(n) + 0.5) * scale - 0.5;
            let first = (center - 2.0 * stretch).ceil().clamp(0.0, last);
            let end = (center + 2.0 * stretch).floor().clamp(first, last);
            let (first, end) = (whole_or_zero(first), whole_or_zero(end));
            let weights: Vec<f64> =
                (first..=end).map(|at| catmull_rom((f64::from(at) - center) / stretch)).collect();
            Taps { start: first as usize, weights: fixed(&weights) }
        })
        .collect()
}

/// The cubic of Catmull and Rom: sharp, with little overshoot.
fn catmull_rom(at: f64) -> f64 {
    let at = at.abs();
    if at < 1.0 {
        (1.5 * at - 2.5) * at * at + 1.0
    } else if at < 2.0 {
        ((-0.5 * at + 2.5) * at - 4.0) * at + 2.0
    } else {
        0.0
    }
}

/// Weights in fixed point that sum to exactly 1: a plain area stays as it is.
#[expect(clippy::cast_possible_truncation, reason = "weights lie between -1 and 2")]
fn fixed(weights: &[f64]) -> Vec<i32> {
    let sum: f64 = weights.iter().sum();
    let one = f64::from(1_i32 << BITS);
    if sum.abs() < 1e-9 {
        let mut alone = vec![0; weights.len()];
        alone[weights.len() / 2] = 1 << BITS;
        return alone;
    }
    let mut fixed: Vec<i32> =
        weights.iter().map(|weight| (weight / sum * one).round() as i32).collect();
    let rest = (1 << BITS) - fixed.iter().sum::<i32>();
    if let Some(largest) = fixed.iter_mut().max_by_key(|weight| **weight) {
        *largest += rest;
    }
    fixed
}

#[expect(clippy::cast_sign_loss, reason = "clamped to a byte before the cast")]
fn rounded(sum: i32) -> u8 {
    (sum >> BITS).clamp(0, 255) as u8
}

#[expect(clippy::cast_possible_truncation, reason = "a mean of bytes is a byte")]
fn byte(mean: u32) -> u8 {
    mean as u8
}

fn whole(scale: f64) -> u32 {
    whole_or_zero(scale).max(1)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a position in a picture of at most 8192 px, not below 0"
)]
fn whole_or_zero(position: f64) -> u32 {
    position as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(size: [u32; 2]) -> Part {
        Part { x: 0.0, y: 0.0, width: f64::from(size[0]), height: f64::from(size[1]) }
    }

    #[test]
    fn a_plain_area_stays_plain_at_every_scale() {
        let plain = [200_u8, 30, 117].repeat(97 * 61);
        for to in [[97, 61], [1, 1], [300, 7], [13, 200], [5, 3]] {
            let out = resample::<3>(&plain, [97, 61], all([97, 61]), to);
            assert_eq!(out.len(), (to[0] * to[1] * 3) as usize);
            assert!(out.chunks_exact(3).all(|pixel| pixel == [200, 30, 117]), "{to:?}");
        }
    }

    #[test]
    fn the_same_size_gives_the_same_pixels() {
        let bytes: Vec<u8> = (0..40 * 30 * 3_u32).map(|n| byte(n * 7919 % 256)).collect();
        assert_eq!(resample::<3>(&bytes, [40, 30], all([40, 30]), [40, 30]), bytes);
    }

    #[test]
    fn a_mean_is_kept_when_it_shrinks() {
        let stripes: Vec<u8> =
            (0..1000_u32).flat_map(|n| [if n % 2 == 0 { 0 } else { 255 }; 3]).collect();
        let out = resample::<3>(&stripes, [1000, 1], all([1000, 1]), [50, 1]);
        assert!(out.iter().all(|byte| (120..136).contains(byte)), "{out:?}");
    }

    #[test]
    fn only_the_part_is_shown() {
        let halves: Vec<u8> =
            (0..100 * 10_u32).flat_map(|n| [if n % 100 < 50 { 0 } else { 255 }; 3]).collect();
        let right = Part { x: 60.0, y: 0.0, width: 40.0, height: 10.0 };
        let out = resample::<3>(&halves, [100, 10], right, [20, 5]);
        assert!(out.iter().all(|byte| *byte == 255));
    }
}
