//! Lines of equal height of a smooth hill around the origin, as on a map.
//!
//! A field of a few waves is sampled on a grid; marching squares find each level's crossings of
//! the cells, which are chained into lines and smoothed.

use std::collections::BTreeMap;
use std::f32::consts::TAU;

use super::pen::{Coat, Pen};
use super::sheet::{Sheet, distance};

/// Cells along the longer side: enough that smoothing leaves no corner.
const CELLS: f32 = 44.0;

/// Lines of height.
const LEVELS: u8 = 9;

pub(super) fn draw(sheet: &mut Sheet<'_>, pen: &mut Pen) {
    let field = Field::new(sheet);
    for level in 0..LEVELS {
        let height = 0.16 + 0.1 * f32::from(level);
        let mut path = pen.path();
        for chain in chained(&field.crossings(height)) {
            let (points, is_closed) = thinned(chain);
            path.spline(&points, is_closed);
        }
        // Every fourth line is drawn stronger, as on a map.
        let is_main = level % 4 == 3;
        let line = sheet.line() * if is_main { 1.5 } else { 0.9 };
        let fade = 0.45 + 0.55 * f32::from(level) / f32::from(LEVELS);
        pen.shape(&path, &Coat::Line(sheet.color, line), sheet.opacity * fade);
    }
}

/// Heights on a grid that reaches a cell over the frame on each side.
struct Field {
    cell: f32,
    columns: usize,
    rows: usize,
    heights: Vec<f32>,
}

impl Field {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a grid of at most 50 by 50"
    )]
    fn new(sheet: &mut Sheet<'_>) -> Self {
        let cell = sheet.w.max(sheet.h) / CELLS;
        let columns = libm::ceilf(sheet.w / cell) as usize + 3;
        let rows = libm::ceilf(sheet.h / cell) as usize + 3;
        let waves: Vec<[f32; 3]> = (0..5)
            .map(|_| {
                let length = sheet.measure() * sheet.random.between(0.5, 1.1);
                let angle = sheet.random.between(0.0, TAU);
                let phase = sheet.random.between(0.0, TAU);
                [libm::cosf(angle) * TAU / length, libm::sinf(angle) * TAU / length, phase]
            })
            .collect();
        let reach = sheet.measure() * (0.62 + 2.6 * sheet.step() / sheet.measure()).min(1.25);
        let height = |x: f32, y: f32| {
            let hill = 1.12 - distance([x, y], sheet.origin) / reach;
            let swell: f32 = waves.iter().map(|[a, b, c]| libm::sinf(a * x + b * y + c)).sum();
            hill + 0.085 * swell
        };
        let heights = (0..rows)
            .flat_map(|row| (0..columns).map(move |column| (column, row)))
            .map(|(column, row)| ((column as f32 - 1.0) * cell, (row as f32 - 1.0) * cell))
            .map(|(x, y)| height(x, y))
            .collect();
        Self { cell, columns, rows, heights }
    }

    fn at(&self, column: usize, row: usize) -> f32 {
        self.heights[row * self.columns + column]
    }

    /// The pieces of one level's lines, each from one edge of a cell to another.
    fn crossings(&self, level: f32) -> Vec<[Crossing; 2]> {
        let mut pieces = Vec::new();
        for row in 0..self.rows - 1 {
            for column in 0..self.columns - 1 {
                let corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
                    .map(|(right, down)| (column + right, row + down));
                let mut found: Vec<Crossing> = Vec::with_capacity(4);
                for side in 0..4 {
                    found.extend(self.crossing(corners[side], corners[(side + 1) % 4], level));
                }
                // Two crossings are one piece; four are a saddle, cut into two.
                for pair in found.chunks_exact(2) {
                    pieces.push([pair[0], pair[1]]);
                }
            }
        }
        pieces
    }

    /// Where the level crosses an edge of the grid.
    fn crossing(&self, one: (usize, usize), two: (usize, usize), level: f32) -> Option<Crossing> {
        // An edge has one name, from whichever side it is looked at.
        let (one, two) = if one <= two { (one, two) } else { (two, one) };
        let (low, high) = (self.at(one.0, one.1) - level, self.at(two.0, two.1) - level);
        if (low < 0.0) == (high < 0.0) {
            return None;
        }
        let share = low / (low - high);
        #[expect(clippy::cast_precision_loss, reason = "a grid of at most 50 by 50")]
        let place = |from: usize, to: usize| {
            (from as f32 + (to as f32 - from as f32) * share - 1.0) * self.cell
        };
        Some(Crossing { edge: (one, two), at: [place(one.0, two.0), place(one.1, two.1)] })
    }
}

/// A point of a line, on an edge of the grid.
#[derive(Clone, Copy, Debug)]
struct Crossing {
    edge: ((usize, usize), (usize, usize)),
    at: [f32; 2],
}

/// The pieces joined end to end, and whether each line closes; every piece is used once.
fn chained(pieces: &[[Crossing; 2]]) -> Vec<(Vec<[f32; 2]>, bool)> {
    let mut by_edge: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (place, piece) in pieces.iter().enumerate() {
        for end in piece {
            by_edge.entry(end.edge).or_default().push(place);
        }
    }
    let mut is_used = vec![false; pieces.len()];
    let mut lines = Vec::new();
    // Open lines start at an end; what remains then is closed.
    let is_end = |piece: &[Crossing; 2]| piece.iter().any(|end| by_edge[&end.edge].len() == 1);
    let mut starts: Vec<usize> = (0..pieces.len()).collect();
    starts.sort_by_key(|place| !is_end(&pieces[*place]));
    for start in starts {
        if is_used[start] {
            continue;
        }
        let [one, two] = pieces[start];
        let begins = if by_edge[&one.edge].len() == 1 { [one, two] } else { [two, one] };
        let (from, mut to) = (begins[0], begins[1]);
        let mut points = vec![from.at, to.at];
        is_used[start] = true;
        while let Some(next) = by_edge[&to.edge].iter().copied().find(|next| !is_used[*next]) {
            is_used[next] = true;
            let [one, two] = pieces[next];
            to = if one.edge == to.edge { two } else { one };
            points.push(to.at);
        }
        lines.push((points, from.edge == to.edge));
    }
    lines
}

/// Every second point: the spline between them is smoother than the grid was.
fn thinned((points, is_closed): (Vec<[f32; 2]>, bool)) -> (Vec<[f32; 2]>, bool) {
    /// Shorter closed lines are specks.
    const LEAST: usize = 8;
    if points.len() < LEAST {
        return (if is_closed { Vec::new() } else { points }, is_closed);
    }
    let last = points.len() - 1;
    let kept = points
        .into_iter()
        .enumerate()
        .filter(|(place, _)| {
            if is_closed {
                place % 2 == 0 && *place != last
            } else {
                place % 2 == 0 || *place == last
            }
        })
        .map(|(_, point)| point)
        .collect();
    (kept, is_closed)
}
