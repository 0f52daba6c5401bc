//! Writes SVG: numbers with two decimals, ids with a prefix, and the mirror in one place.

use std::fmt::Write as _;

use crate::domain::brand::Hex;

/// Four of these in a row come within 0.03 % of a circle.
const QUARTER: f32 = 0.552_285;

/// Collects the elements of one fragment.
#[derive(Debug)]
pub(super) struct Pen {
    svg: String,
    ids: String,
    gradients: usize,
    /// The width to mirror in.
    mirror: Option<f32>,
}

/// What a shape is painted with.
#[derive(Clone, Debug)]
pub(super) enum Coat {
    /// A fill.
    Fill(Hex),
    /// A gradient's id, as [`Pen::radial`] or [`Pen::linear`] gave it.
    Gradient(String),
    /// A line of this width in px, with round ends.
    Line(Hex, f32),
}

impl Pen {
    pub(super) fn new(ids: &str, mirror: Option<f32>) -> Self {
        // An id is an attribute's value and part of a `url()`: what is neither is left out.
        let is_plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let ids = ids.chars().filter(is_plain).collect();
        Self { svg: String::new(), ids, gradients: 0, mirror }
    }

    /// A path with no points yet, mirrored as everything of this pen is.
    pub(super) fn path(&self) -> Path {
        Path { d: String::new(), mirror: self.mirror }
    }

    /// Draws a path; nothing at all when it is empty or cannot be seen.
    pub(super) fn shape(&mut self, path: &Path, coat: &Coat, opacity: f32) {
        if path.d.is_empty() || opacity < 0.004 {
            return;
        }
        let d = &path.d;
        let written = match coat {
            Coat::Fill(hex) => write!(self.svg, "<path d=\"{d}\" fill=\"{hex}\""),
            Coat::Gradient(id) => write!(self.svg, "<path d=\"{d}\" fill=\"url(#{id})\""),
            Coat::Line(hex, width) => write!(
                self.svg,
                "<path d=\"{d}\" fill=\"none\" stroke=\"{hex}\" stroke-width=\"{}\" \
                 stroke-linecap=\"round\" stroke-linejoin=\"round\"",
                number(*width)
            ),
        };
        written.expect(STRING);
        if opacity < 0.996 {
            // The opacity of an element would cost a layer of its own.
            let what = if matches!(coat, Coat::Line(..)) { "stroke" } else { "fill" };
            write!(self.svg, " {what}-opacity=\"{}\"", number(opacity)).expect(STRING);
        }
        self.svg.push_str("/>");
    }

    /// A gradient around a point, its stops `(place, colour, opacity)`.
    pub(super) fn radial(&mut self, at: [f32; 2], r: f32, stops: &[(f32, Hex, f32)]) -> Coat {
        let id = self.next_id();
        let place =
            format!("cx=\"{}\" cy=\"{}\" r=\"{}\"", self.x(at[0]), number(at[1]), number(r));
        self.gradient("radialGradient", id, &place, stops)
    }

    /// A gradient from one point to another.
    pub(super) fn linear(
        &mut self,
        from: [f32; 2],
        to: [f32; 2],
        stops: &[(f32, Hex, f32)],
    ) -> Coat {
        let id = self.next_id();
        let place = format!(
            "x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"",
            self.x(from[0]),
            number(from[1]),
            self.x(to[0]),
            number(to[1])
        );
        self.gradient("linearGradient", id, &place, stops)
    }

    pub(super) fn finish(self) -> String {
        self.svg
    }

    fn gradient(&mut self, kind: &str, id: String, place: &str, stops: &[(f32, Hex, f32)]) -> Coat {
        write!(self.svg, "<{kind} id=\"{id}\" gradientUnits=\"userSpaceOnUse\" {place}>")
            .expect(STRING);
        for (offset, hex, opacity) in stops {
            let (offset, opacity) = (fine(*offset), fine(*opacity));
            write!(self.svg, "<stop offset=\"{offset}\" stop-color=\"{hex}\"").expect(STRING);
            if opacity != "1" {
                write!(self.svg, " stop-opacity=\"{opacity}\"").expect(STRING);
            }
            self.svg.push_str("/>");
        }
        write!(self.svg, "</{kind}>").expect(STRING);
        Coat::Gradient(id)
    }

    fn next_id(&mut self) -> String {
        self.gradients += 1;
        format!("{}-g{}", self.ids, self.gradients)
    }

    fn x(&self, x: f32) -> String {
        number(self.mirror.map_or(x, |width| width - x))
    }
}

/// Why writing into a text cannot fail.
const STRING: &str = "a String takes any text";

/// The data of a path.
#[derive(Clone, Debug)]
pub(super) struct Path {
    d: String,
    mirror: Option<f32>,
}

impl Path {
    pub(super) fn move_to(&mut self, [x, y]: [f32; 2]) {
        self.put('M', &[[x, y]]);
    }

    pub(super) fn line_to(&mut self, [x, y]: [f32; 2]) {
        self.put('L', &[[x, y]]);
    }

    pub(super) fn curve_to(&mut self, one: [f32; 2], two: [f32; 2], to: [f32; 2]) {
        self.put('C', &[one, two, to]);
    }

    pub(super) fn close(&mut self) {
        self.d.push('Z');
    }

    /// A closed polygon.
    pub(super) fn polygon(&mut self, points: &[[f32; 2]]) {
        for (place, point) in points.iter().enumerate() {
            if place == 0 { self.move_to(*point) } else { self.line_to(*point) }
        }
        if !points.is_empty() {
            self.close();
        }
    }

    pub(super) fn rectangle(&mut self, x: f32, y: f32, w: f32, h: f32) {
        self.polygon(&[[x, y], [x + w, y], [x + w, y + h], [x, y + h]]);
    }

    /// A circle; nothing for one that no pixel would show.
    pub(super) fn circle(&mut self, [x, y]: [f32; 2], r: f32) {
        if r < 0.05 {
            return;
        }
        self.put('M', &[[x - r, y]]);
        // The arc is symmetric, so that its direction needs no mirror.
        let (r, across) =
            (number(r), number(if self.mirror.is_some() { -2.0 * r } else { 2.0 * r }));
        let back = across.strip_prefix('-').map_or_else(|| format!("-{across}"), str::to_owned);
        write!(self.d, "a{r} {r} 0 1 0 {across} 0a{r} {r} 0 1 0 {back} 0Z").expect(STRING);
    }

    /// A quarter of a circle on from the point at `corner + from`, around `corner`, to
    /// `corner + to`; both arms are at right angles.
    pub(super) fn quarter(&mut self, corner: [f32; 2], from: [f32; 2], to: [f32; 2]) {
        let at = |one: f32, two: f32| {
            [corner[0] + one * from[0] + two * to[0], corner[1] + one * from[1] + two * to[1]]
        };
        self.curve_to(at(1.0, QUARTER), at(QUARTER, 1.0), at(0.0, 1.0));
    }

    /// A smooth line through the points, closed or open.
    pub(super) fn spline(&mut self, points: &[[f32; 2]], is_closed: bool) {
        let count = points.len();
        if count < 2 {
            return;
        }
        let at = |place: usize, by: isize| -> [f32; 2] {
            let place = place.cast_signed() + by;
            let last = count.cast_signed() - 1;
            let place = if is_closed {
                place.rem_euclid(count.cast_signed())
            } else {
                place.clamp(0, last)
            };
            points[place.cast_unsigned()]
        };
        self.move_to(points[0]);
        let segments = if is_closed { count } else { count - 1 };
        for place in 0..segments {
            let [before, from, to, after] =
                [at(place, -1), at(place, 0), at(place, 1), at(place, 2)];
            // Catmull-Rom: each point's tangent is a sixth of the way between its neighbours.
            let one = [from[0] + (to[0] - before[0]) / 6.0, from[1] + (to[1] - before[1]) / 6.0];
            let two = [to[0] - (after[0] - from[0]) / 6.0, to[1] - (after[1] - from[1]) / 6.0];
            self.curve_to(one, two, to);
        }
        if is_closed {
            self.close();
        }
    }

    fn put(&mut self, command: char, points: &[[f32; 2]]) {
        self.d.push(command);
        for (place, [x, y]) in points.iter().enumerate() {
            let x = self.mirror.map_or(*x, |width| width - x);
            let gap = if place == 0 { "" } else { " " };
            write!(self.d, "{gap}{} {}", number(x), number(*y)).expect(STRING);
        }
    }
}

/// A number with at most two decimals and no trailing zeros, within ±100 000.
pub(super) fn number(value: f32) -> String {
    decimal(value, 100)
}

/// A share with at most four decimals, for opacities that 8 bits tell apart.
fn fine(value: f32) -> String {
    decimal(value, 10_000)
}

fn decimal(value: f32, parts: i64) -> String {
    /// No canvas is nearly as large, and beyond it an `f32` has no two decimals.
    const FARTHEST: f64 = 100_000.0;
    #[expect(clippy::cast_precision_loss, reason = "100 or 10 000")]
    let scaled = f64::from(value).clamp(-FARTHEST, FARTHEST) * parts as f64;
    #[expect(clippy::cast_possible_truncation, reason = "clamped above; NaN becomes 0")]
    let rounded = libm::round(scaled) as i64;
    let sign = if rounded < 0 { "-" } else { "" };
    let (whole, rest) = (rounded.abs() / parts, rounded.abs() % parts);
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let width = parts.ilog10() as usize;
    let rest = format!("{rest:0width$}");
    format!("{sign}{whole}.{}", rest.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_never_odd() {
        let written = [0.0, -0.001, 1.005, -12.5, 3.0, 0.1 + 0.2, 1e30, f32::NAN].map(number);
        assert_eq!(written, ["0", "0", "1", "-12.5", "3", "0.3", "100000", "0"]);
        assert_eq!(fine(0.012_34), "0.0123");
    }

    #[test]
    fn a_mirror_turns_every_point_around() {
        let mut path = Pen::new("a", Some(100.0)).path();
        path.move_to([10.0, 20.0]);
        path.quarter([0.0, 0.0], [10.0, 0.0], [0.0, 10.0]);
        path.circle([30.0, 5.0], 5.0);
        assert_eq!(path.d, "M90 20C90 5.52 94.48 10 100 10M75 5a5 5 0 1 0 -10 0a5 5 0 1 0 10 0Z");
    }

    #[test]
    fn ids_stay_ids_whatever_the_node_is_called() {
        let mut pen = Pen::new("art\"/><script>", None);
        let coat = pen.radial([1.0, 2.0], 3.0, &[(0.0, Hex::WHITE, 0.5)]);
        assert!(matches!(coat, Coat::Gradient(id) if id == "artscript-g1"));
        assert!(!pen.finish().contains("script>"));
    }
}
