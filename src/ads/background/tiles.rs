//! A grid of quarter circles, half circles, discs and triangles, as in a Bauhaus weave.

use super::pen::{Coat, Path, Pen};
use super::sheet::Sheet;
use crate::ads::scene::Ink;
use crate::domain::brand::Hex;
use crate::domain::color::{Oklab, Oklch};

/// More tiles than this are a texture.
const MOST_TILES: f32 = 240.0;

pub(super) fn draw(sheet: &mut Sheet<'_>, pen: &mut Pen) {
    let (columns, rows, tile) = grid(sheet);
    let colors = colors(sheet);
    let mut above: Vec<usize> = vec![usize::MAX; columns];
    for row in 0..rows {
        let mut left = usize::MAX;
        for (column, above) in above.iter_mut().enumerate() {
            let ground = other(sheet, &colors, &[left, *above]);
            let figure = other(sheet, &colors, &[ground]);
            let cell = Cell::new(column, row, tile);
            let mut path = pen.path();
            path.polygon(&cell.corners());
            pen.shape(&path, &Coat::Fill(colors[ground]), sheet.opacity);
            let figure_path = figure_in(sheet, pen.path(), &cell);
            pen.shape(&figure_path, &Coat::Fill(colors[figure]), sheet.opacity);
            left = ground;
            *above = ground;
        }
    }
}

/// A tile between whole pixels, so that no seam shines through.
struct Cell {
    from: [f32; 2],
    to: [f32; 2],
}

impl Cell {
    fn new(column: usize, row: usize, tile: f32) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "at most some hundred tiles")]
        let edge = |place: usize| libm::roundf(place as f32 * tile);
        Self { from: [edge(column), edge(row)], to: [edge(column + 1), edge(row + 1)] }
    }

    /// Clockwise from the top left.
    fn corners(&self) -> [[f32; 2]; 4] {
        let ([x, y], [right, bottom]) = (self.from, self.to);
        [[x, y], [right, y], [right, bottom], [x, bottom]]
    }
}

/// Columns, rows and the tile's side: whole tiles along the shorter side, a cut one at the end of
/// the longer.
fn grid(sheet: &Sheet<'_>) -> (usize, usize, f32) {
    let wanted = libm::roundf(sheet.short() / sheet.step().min(sheet.short())).max(1.0);
    let most = libm::floorf(libm::sqrtf(MOST_TILES * sheet.short() / sheet.w.max(sheet.h)));
    let tile = sheet.short() / wanted.min(most.max(1.0));
    let count = |side: f32| libm::ceilf(side / tile - 0.01).max(1.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive and at most the square root of a side"
    )]
    let (columns, rows) = (count(sheet.w) as usize, count(sheet.h) as usize);
    (columns, rows, tile)
}

/// The palette's colours that the eye tells apart, the drawing's own first and twice.
fn colors(sheet: &Sheet<'_>) -> Vec<Hex> {
    /// Nearer colours than this look like one that was printed badly.
    const APART: f32 = 0.09;
    let accent = sheet.second.unwrap_or_else(|| sheet.ink(Ink::Accent));
    let main = sheet.color;
    let halfway = super::wash::between(Oklch::from(main), Oklch::from(sheet.ink(Ink::Bg)), 0.45);
    let mut colors: Vec<Hex> = Vec::new();
    for hex in
        [main, accent, halfway, sheet.ink(Ink::Bg), sheet.ink(Ink::Panel), sheet.ink(Ink::Fg)]
    {
        let is_new = colors.iter().all(|known| Oklab::from(*known).distance(hex.into()) >= APART);
        if is_new {
            colors.push(hex);
        }
    }
    colors.truncate(5);
    colors
}

/// A colour's place that is none of these.
fn other(sheet: &mut Sheet<'_>, colors: &[Hex], taken: &[usize]) -> usize {
    let free: Vec<usize> = (0..colors.len()).filter(|place| !taken.contains(place)).collect();
    sheet.random.pick(&free).copied().unwrap_or_default()
}

/// One of the figures, in one of its four positions.
fn figure_in(sheet: &mut Sheet<'_>, mut path: Path, cell: &Cell) -> Path {
    let corners = cell.corners();
    let turn = sheet.random.below(4);
    let [one, two, three, four] = [0, 1, 2, 3].map(|place| corners[(place + turn) % 4]);
    let arm = |from: [f32; 2], to: [f32; 2]| [to[0] - from[0], to[1] - from[1]];
    match sheet.random.below(10) {
        // A quarter circle around one corner.
        0..=3 => {
            path.move_to(two);
            path.quarter(one, arm(one, two), arm(one, four));
            path.line_to(one);
            path.close();
        }
        // A half circle on one edge.
        4..=5 => {
            let middle = [f32::midpoint(one[0], two[0]), f32::midpoint(one[1], two[1])];
            let inward = [(four[0] - one[0]) / 2.0, (four[1] - one[1]) / 2.0];
            path.move_to(two);
            path.quarter(middle, arm(middle, two), inward);
            path.quarter(middle, inward, arm(middle, one));
            path.close();
        }
        6..=7 => path.polygon(&[one, two, three]),
        8 => {
            let middle = [0, 1].map(|axis| f32::midpoint(cell.from[axis], cell.to[axis]));
            path.circle(middle, (cell.to[0] - cell.from[0]) * 0.32);
        }
        _ => {}
    }
    path
}
