//! The outlines of glyphs: read once, then scaled and moved.

use std::collections::BTreeMap;

use parley::fontique::Blob;
use skrifa::instance::{LocationRef, NormalizedCoord, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::raw::TableProvider as _;
use skrifa::{FontRef, GlyphId, MetadataProvider as _};

use super::ink::Bounds;
use super::paragraph::REFERENCE;

/// Glyphs that were drawn before, in px at the reference size, y downwards from the base line.
#[derive(Default)]
pub(super) struct Glyphs {
    instances: Vec<Instance>,
    shapes: BTreeMap<(usize, u32), Shape>,
}

/// A font at one weight.
struct Instance {
    font: Blob<u8>,
    index: u32,
    coords: Vec<NormalizedCoord>,
}

/// A glyph.
#[derive(Default)]
pub(super) struct Shape {
    segments: Vec<Segment>,
    /// What it inks; nothing for spaces.
    pub(super) bounds: Option<Bounds>,
}

#[derive(Clone, Copy)]
enum Segment {
    Move([f32; 2]),
    Line([f32; 2]),
    Quad([f32; 4]),
    Cubic([f32; 6]),
    Close,
}

/// Above this many, the glyphs that were kept are let go: some alphabets at some weights.
const MAX_KEPT: usize = 8_192;

impl Glyphs {
    /// A number for a font at the place `coords` (2.14 bits) on its axes; valid until the next
    /// call of [`Self::make_room`].
    pub(super) fn instance(
        &mut self,
        font: &Blob<u8>,
        index: u32,
        coords: impl Iterator<Item = i16> + Clone,
    ) -> usize {
        let same = |of: &Instance| {
            let coords_of = of.coords.iter().map(|coord| coord.to_bits());
            of.font.id() == font.id() && of.index == index && coords_of.eq(coords.clone())
        };
        self.instances.iter().position(same).unwrap_or_else(|| {
            let coords = coords.map(NormalizedCoord::from_bits).collect();
            self.instances.push(Instance { font: font.clone(), index, coords });
            self.instances.len() - 1
        })
    }

    /// The shape of a glyph.
    pub(super) fn shape(&mut self, instance: usize, glyph: u32) -> &Shape {
        let instances = &self.instances;
        self.shapes.entry((instance, glyph)).or_insert_with(|| {
            instances.get(instance).and_then(|of| of.draw(glyph)).unwrap_or_default()
        })
    }

    /// Lets go of what was kept when it has become too much.
    pub(super) fn make_room(&mut self) {
        if self.shapes.len() > MAX_KEPT {
            self.shapes.clear();
            self.instances.clear();
        }
    }
}

impl Instance {
    fn draw(&self, glyph: u32) -> Option<Shape> {
        let font = FontRef::from_index(self.font.as_ref(), self.index).ok()?;
        let scale = REFERENCE / f32::from(font.head().ok()?.units_per_em());
        let outline = font.outline_glyphs().get(GlyphId::new(glyph))?;
        let location = LocationRef::new(&self.coords);
        let mut pen = Pen { scale, at: [0.0; 2], shape: Shape::default() };
        outline.draw(DrawSettings::unhinted(Size::unscaled(), location), &mut pen).ok()?;
        Some(pen.shape)
    }
}

impl Shape {
    /// Writes the shape to `path`: `scale` times as large, its origin at `to`.
    pub(super) fn write(&self, path: &mut String, scale: f32, to: [f32; 2]) {
        let at = |path: &mut String, points: &[f32]| {
            for (place, value) in points.iter().enumerate() {
                if place > 0 {
                    path.push(' ');
                }
                number(path, value * scale + to[place % 2]);
            }
        };
        for segment in &self.segments {
            let (command, points): (char, &[f32]) = match segment {
                Segment::Move(points) => ('M', points),
                Segment::Line(points) => ('L', points),
                Segment::Quad(points) => ('Q', points),
                Segment::Cubic(points) => ('C', points),
                Segment::Close => ('Z', &[]),
            };
            path.push(command);
            at(path, points);
        }
    }
}

/// Writes a number with at most two decimals.
fn number(path: &mut String, value: f32) {
    use std::fmt::Write as _;
    let hundredths = hundredths(value);
    let (whole, rest) = (hundredths.abs() / 100, hundredths.abs() % 100);
    let sign = if hundredths < 0 { "-" } else { "" };
    let written = match rest {
        0 => write!(path, "{sign}{whole}"),
        rest if rest % 10 == 0 => write!(path, "{sign}{whole}.{}", rest / 10),
        rest => write!(path, "{sign}{whole}.{rest:02}"),
    };
    written.expect("a String can be written to");
}

/// In hundredths of a px, rounded.
#[expect(clippy::cast_possible_truncation, reason = "a cast saturates, and a canvas is small")]
pub(super) fn hundredths(value: f32) -> i64 {
    (f64::from(value) * 100.0).round() as i64
}

struct Pen {
    scale: f32,
    at: [f32; 2],
    shape: Shape,
}

impl Pen {
    fn point(&self, x: f32, y: f32) -> [f32; 2] {
        [x * self.scale, -y * self.scale]
    }

    fn ink(&mut self, points: [[f32; 2]; 2]) {
        for [x, y] in points {
            let point = Bounds { left: x, top: y, right: x, bottom: y };
            self.shape.bounds = Some(self.shape.bounds.map_or(point, |bounds| bounds.with(point)));
        }
    }

    /// Inks a curve from here by its true extremes: control points may lie far outside.
    fn ink_curve(&mut self, a: [f32; 2], b: [f32; 2], to: [f32; 2]) {
        let (mut low, mut high) = ([0.0; 2], [0.0; 2]);
        for axis in 0..2 {
            let curve = [self.at[axis], a[axis], b[axis], to[axis]];
            (low[axis], high[axis]) = extremes(curve);
        }
        self.ink([low, high]);
        self.at = to;
    }
}

/// The least and the greatest value of a cubic curve along one axis.
fn extremes([p0, p1, p2, p3]: [f32; 4]) -> (f32, f32) {
    let (mut low, mut high) = (p0.min(p3), p0.max(p3));
    if (low..=high).contains(&p1) && (low..=high).contains(&p2) {
        return (low, high);
    }
    let (a, b, c) = (p3 - 3.0 * (p2 - p1) - p0, 2.0 * (p0 - 2.0 * p1 + p2), p1 - p0);
    let roots = if a.abs() < 1e-6 {
        [-c / b, -c / b]
    } else {
        let root = (b * b - 4.0 * a * c).max(0.0).sqrt();
        [(-b + root) / (2.0 * a), (-b - root) / (2.0 * a)]
    };
    for t in roots.into_iter().filter(|t| *t > 0.0 && *t < 1.0) {
        let u = 1.0 - t;
        let value = u * u * u * p0 + 3.0 * u * u * t * p1 + 3.0 * u * t * t * p2 + t * t * t * p3;
        (low, high) = (low.min(value), high.max(value));
    }
    (low, high)
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.at = self.point(x, y);
        self.shape.segments.push(Segment::Move(self.at));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.point(x, y);
        self.ink([self.at, to]);
        self.at = to;
        self.shape.segments.push(Segment::Line(to));
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        let (control, to, from) = (self.point(cx0, cy0), self.point(x, y), self.at);
        let toward = |end: [f32; 2]| {
            [0, 1].map(|axis: usize| end[axis] + (control[axis] - end[axis]) * 2.0 / 3.0)
        };
        self.ink_curve(toward(from), toward(to), to);
        self.shape.segments.push(Segment::Quad([control[0], control[1], to[0], to[1]]));
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        let (a, b, to) = (self.point(cx0, cy0), self.point(cx1, cy1), self.point(x, y));
        self.ink_curve(a, b, to);
        self.shape.segments.push(Segment::Cubic([a[0], a[1], b[0], b[1], to[0], to[1]]));
    }

    fn close(&mut self) {
        self.shape.segments.push(Segment::Close);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: f32) -> String {
        let mut path = String::new();
        number(&mut path, value);
        path
    }

    #[test]
    fn numbers_have_at_most_two_decimals() {
        let cases = [(0.0, "0"), (-0.004, "0"), (1.5, "1.5"), (-0.07, "-0.07"), (12.345, "12.35")];
        for (value, text) in cases {
            assert_eq!(written(value), text);
        }
        assert_eq!(written(f32::NAN), "0");
    }

    #[test]
    fn a_curve_reaches_its_extremes_and_not_its_control_points() {
        assert_eq!(extremes([0.0, 1.0, 2.0, 3.0]), (0.0, 3.0));
        let (low, high) = extremes([0.0, 4.0, 4.0, 0.0]);
        assert!((low, high) == (0.0, 3.0), "{low} {high}");
    }
}
