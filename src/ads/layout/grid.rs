//! The grid of a canvas: twelve columns between its margins, and a base unit that all edges keep.

use crate::ads::format::Class;
use crate::ads::scene::{Format, Frame};

/// How many columns there are.
const COLUMNS: i32 = 12;

/// The grid of one canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Grid {
    /// The whole canvas.
    pub(crate) canvas: Frame,
    /// Where text, mark and button may stand: within the safe area and the margins.
    pub(crate) content: Frame,
    /// Which boxes a layout uses.
    pub(crate) class: Class,
    /// How large things are: 1 on a square of 1080 px.
    pub(crate) scale: f32,
    /// What positions and sizes are multiples of: 8 px where there is room, else 4 or 2.
    pub(crate) base: i32,
    gutter: i32,
}

impl Grid {
    /// The grid of a canvas.
    pub(crate) fn of(format: &Format) -> Self {
        let class = format.class();
        let scale = format.scale();
        let base = match scale {
            0.7.. => 8,
            0.35.. => 4,
            _ => 2,
        };
        let (canvas, safe) = (format.frame(), format.safe_frame());
        let short = canvas.w.min(canvas.h);
        let share = if class.is_terse() { MARGIN_OF_TERSE } else { MARGIN };
        let margin = round_to(px(share * float(short)), base);
        let content = canvas.inset([margin, margin]).within(safe);
        let gutter = round_to(px(24.0 * scale), base).max(base);
        Self { canvas, content, class, scale, base, gutter }
    }

    /// A length that is `on_square` px on a square of 1080 px, as a multiple of the base unit.
    pub(crate) fn px(&self, on_square: f32) -> i32 {
        round_to(px(on_square * self.scale), self.base).max(self.base)
    }

    /// The nearest multiple of the base unit.
    pub(crate) fn snap(&self, length: i32) -> i32 {
        round_to(length, self.base)
    }

    /// The next multiple of the base unit that is no less.
    pub(crate) fn snap_up(&self, length: i32) -> i32 {
        (length + self.base - 1).div_euclid(self.base) * self.base
    }

    /// Left edge and width of the columns `from` up to and without `to`.
    pub(crate) fn columns(&self, from: i32, to: i32) -> (i32, i32) {
        let x = self.edge(from);
        (x, self.edge(to) - self.gutter - x)
    }

    /// A share of the canvas's width, as a multiple of the base unit.
    pub(crate) fn across(&self, share: f32) -> i32 {
        self.snap(px(share * float(self.canvas.w)))
    }

    /// A share of the canvas's height, as a multiple of the base unit.
    pub(crate) fn down(&self, share: f32) -> i32 {
        self.snap(px(share * float(self.canvas.h)))
    }

    /// Where column `index` begins.
    fn edge(&self, index: i32) -> i32 {
        self.content.x + (self.content.w + self.gutter) * index / COLUMNS
    }
}

/// The outer margin as a share of the shorter side.
const MARGIN: f32 = 0.067;

/// The same on banners, where each px counts.
const MARGIN_OF_TERSE: f32 = 0.09;

fn round_to(length: i32, base: i32) -> i32 {
    (length + base / 2).div_euclid(base) * base
}

/// The nearest whole px.
#[expect(clippy::cast_possible_truncation, reason = "canvases have at most 4096 px")]
pub(crate) fn px(length: f32) -> i32 {
    libm::roundf(length) as i32
}

/// A length as a float.
#[expect(clippy::cast_precision_loss, reason = "canvases have at most 4096 px")]
pub(crate) fn float(length: i32) -> f32 {
    length as f32
}

impl Frame {
    /// What the two share; empty when nothing.
    #[must_use]
    pub fn within(self, other: Self) -> Self {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let right = self.right().min(other.right());
        let bottom = self.bottom().min(other.bottom());
        Self::new(x, y, (right - x).max(0), (bottom - y).max(0))
    }

    /// The smallest frame around both.
    #[must_use]
    pub fn around(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let right = self.right().max(other.right());
        let bottom = self.bottom().max(other.bottom());
        Self::new(x, y, right - x, bottom - y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fill_the_content_from_edge_to_edge() {
        for id in Format::names() {
            let grid = Grid::of(&Format::named(id).expect("named in the table"));
            let (x, w) = grid.columns(0, COLUMNS);
            assert_eq!((x, w), (grid.content.x, grid.content.w), "{id}");
            let (left, right) = (grid.columns(0, 6), grid.columns(6, 12));
            assert!(left.0 + left.1 < right.0, "{id}: a gutter stands between");
            assert!(grid.canvas.contains(grid.content), "{id}");
        }
    }

    #[test]
    fn the_square_has_the_margins_of_the_pattern_book() {
        let grid = Grid::of(&Format::named("square").expect("named in the table"));
        assert_eq!(grid.content, Frame::new(72, 72, 936, 936));
        assert_eq!((grid.base, grid.px(84.0), grid.px(1.0)), (8, 88, 8));
    }
}
