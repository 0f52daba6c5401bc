//! A rendered picture made small: a thumbnail, and what a terminal can show.

use super::Pixels;

/// Two pixels that a terminal shows in one place, as the upper half block `▀` in the first colour
/// upon the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HalfBlock {
    /// Red, green and blue of the upper half.
    pub upper: [u8; 3],
    /// Red, green and blue of the lower half.
    pub lower: [u8; 3],
}

impl Pixels {
    /// The picture with a long side of at most `side` px, each pixel the mean of what it covers.
    #[must_use]
    pub fn thumbnail(&self, side: u32) -> Self {
        let long = self.width.max(self.height);
        if long <= side {
            return self.clone();
        }
        let scaled = |length: u32| {
            let scaled = u64::from(length) * u64::from(side.max(1)) / u64::from(long);
            u32::try_from(scaled).unwrap_or(1).max(1)
        };
        self.shrunk(scaled(self.width), scaled(self.height))
    }

    /// Rows of places for a terminal `columns` wide; nothing is drawn, and no escape code made.
    pub fn half_blocks(&self, columns: u32) -> Vec<Vec<HalfBlock>> {
        /// More than any terminal has.
        const MAX_COLUMNS: u32 = 512;
        let columns = columns.clamp(1, MAX_COLUMNS).min(self.width);
        let rows = u64::from(self.height) * u64::from(columns) / u64::from(self.width) / 2;
        let rows = u32::try_from(rows).unwrap_or(1).clamp(1, self.height.div_ceil(2));
        let small = self.shrunk(columns, (rows * 2).min(self.height));
        let lines: Vec<&[u8]> = (0..small.height).map(|y| small.row(y)).collect();
        lines
            .chunks(2)
            .map(|pair| {
                let (upper, lower) = (pair[0], pair[pair.len() - 1]);
                upper
                    .chunks_exact(3)
                    .zip(lower.chunks_exact(3))
                    .map(|(one, two)| HalfBlock {
                        upper: [one[0], one[1], one[2]],
                        lower: [two[0], two[1], two[2]],
                    })
                    .collect()
            })
            .collect()
    }

    /// At most its own size, each pixel the mean of what it covers.
    fn shrunk(&self, width: u32, height: u32) -> Self {
        let mut bytes = Vec::with_capacity(width as usize * height as usize * 3);
        let span = |n: u32, small: u32, whole: u32| {
            let at = |n: u32| u64::from(n) * u64::from(whole) / u64::from(small);
            let (start, end) = (at(n), at(n + 1).max(at(n) + 1));
            let bound = |at: u64| u32::try_from(at).unwrap_or(whole).min(whole);
            (bound(start), bound(end))
        };
        for y in 0..height {
            let (top, bottom) = span(y, height, self.height);
            for x in 0..width {
                let (left, right) = span(x, width, self.width);
                let mut sums = [0_u64; 3];
                for row in top..bottom {
                    let part = &self.row(row)[left as usize * 3..right as usize * 3];
                    for pixel in part.chunks_exact(3) {
                        sums.iter_mut().zip(pixel).for_each(|(sum, byte)| *sum += u64::from(*byte));
                    }
                }
                let count = u64::from(bottom - top) * u64::from(right - left);
                let mean = |sum: u64| u8::try_from((sum + count / 2) / count).unwrap_or(255);
                bytes.extend(sums.map(mean));
            }
        }
        Self { width, height, bytes }
    }
}
