//! The long shadow of an icon: everything that its outline sweeps over on the way down and right.
//!
//! Each edge of the outline, its curves cut into chords, sweeps over a parallelogram; all of them
//! wound the same way are one shape under the non-zero rule.

use std::fmt::Write as _;

use resvg::tiny_skia::{Path, PathSegment, Point};
use resvg::usvg::{Group, Node, Options, Tree};

use super::{SIDE, named};

/// The path data of the shadow that an icon casts, to be filled with the non-zero rule, in the
/// icon's own box and `reach` beyond it on each axis; `None` when no icon is of this name.
pub fn long_shadow(name: &str, reach: f32) -> Option<String> {
    let outline = &named(name)?.outline;
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{SIDE}\" height=\"{SIDE}\">\
         <path d=\"{outline}\"/></svg>"
    );
    let tree = Tree::from_str(&svg, &Options::default()).ok()?;
    let mut d = String::new();
    sweep(tree.root(), reach, &mut d);
    Some(d)
}

fn sweep(group: &Group, reach: f32, d: &mut String) {
    for node in group.children() {
        match node {
            Node::Path(path) => {
                for [from, to] in chords(path.data()) {
                    parallelogram(from, to, reach, d);
                }
            }
            Node::Group(group) => sweep(group, reach, d),
            _ => {}
        }
    }
}

/// The outline as straight pieces.
fn chords(path: &Path) -> Vec<[Point; 2]> {
    /// Chords of a curve: the shadow's edge is soft, and nobody counts its corners.
    const PIECES: u8 = 6;
    let mut chords: Vec<[Point; 2]> = Vec::new();
    let (mut start, mut at) = (Point::zero(), Point::zero());
    let curve = |at: &mut Point, point: &dyn Fn(f32) -> Point, chords: &mut Vec<[Point; 2]>| {
        for piece in 1..=PIECES {
            let next = point(f32::from(piece) / f32::from(PIECES));
            chords.push([*at, next]);
            *at = next;
        }
    };
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(to) => (start, at) = (to, to),
            PathSegment::LineTo(to) => {
                chords.push([at, to]);
                at = to;
            }
            PathSegment::QuadTo(one, to) => {
                let from = at;
                curve(&mut at, &|t| mixed(mixed(from, one, t), mixed(one, to, t), t), &mut chords);
            }
            PathSegment::CubicTo(one, two, to) => {
                let from = at;
                let point = |t: f32| {
                    let middle = mixed(one, two, t);
                    let first = mixed(mixed(from, one, t), middle, t);
                    mixed(first, mixed(middle, mixed(two, to, t), t), t)
                };
                curve(&mut at, &point, &mut chords);
            }
            PathSegment::Close => {
                chords.push([at, start]);
                at = start;
            }
        }
    }
    chords
}

fn mixed(from: Point, to: Point, share: f32) -> Point {
    Point::from_xy(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share)
}

fn parallelogram(from: Point, to: Point, reach: f32, d: &mut String) {
    // Which way an edge winds around its sweep: turned so that none cancels another.
    let winding = (to.x - from.x) - (to.y - from.y);
    if winding.abs() < 0.05 {
        return;
    }
    let (from, to) = if winding > 0.0 { (from, to) } else { (to, from) };
    let [x, y, dx, dy] = [from.x, from.y, to.x - from.x, to.y - from.y].map(tenth);
    let reach = tenth(reach);
    write!(d, "M{x} {y}l{dx} {dy}l{reach} {reach}l{} {}Z", -dx, -dy)
        .expect("a String takes any text");
}

/// A tenth of a unit of 256: finer than a pixel at any size that icons are drawn in.
fn tenth(value: f32) -> f32 {
    libm::roundf(value * 10.0) / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shadow_covers_the_sweep_and_nothing_else() {
        let d = long_shadow("square", 100.0).expect("an icon");
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"400\" height=\"400\">\
             <path d=\"{d}\"/></svg>"
        );
        let tree = Tree::from_str(&svg, &Options::default()).expect("an SVG");
        let mut pixels = resvg::tiny_skia::Pixmap::new(400, 400).expect("a picture");
        resvg::render(&tree, resvg::tiny_skia::Transform::identity(), &mut pixels.as_mut());
        let alpha = |x, y| pixels.pixel(x, y).expect("within it").alpha();
        // Beside the square on its lower right, on the diagonal and short of the end.
        assert_eq!([alpha(250, 250), alpha(240, 150), alpha(310, 310)], [255, 255, 255]);
        assert_eq!([alpha(20, 20), alpha(330, 330), alpha(260, 60), alpha(60, 290)], [0; 4]);
    }

    #[test]
    fn every_icon_has_one_of_a_bounded_size() {
        for icon in &super::super::set().icons {
            let d = long_shadow(&icon.name, 120.0).expect("an icon");
            assert!(d.len() < 64 * 1024, "{}: {} bytes", icon.name, d.len());
            assert!(!d.contains("NaN") && !d.contains('e'), "{}", icon.name);
        }
        assert!(long_shadow("no such", 1.0).is_none());
    }
}
