//! A resolved drawing as SVG elements of our own.
//!
//! Every name, number and colour is written here from the resolved tree; no text of the file can
//! reach it. Never: what renderers do not agree on; a drawing that needs it gives nothing.

use std::fmt::Write as _;

use resvg::tiny_skia::{Path, PathSegment, Transform};
use resvg::usvg::{
    BaseGradient, BlendMode, ClipPath, Color, FillRule, Group, LineCap, LineJoin, Node, Paint,
    SpreadMethod, Tree,
};

/// The elements, every id beginning with `prefix`; `None` for what is more than paths, gradients,
/// opacity and clips.
pub(super) fn elements(tree: &Tree, prefix: &str) -> Option<String> {
    let mut writer = Writer { svg: String::new(), prefix, ids: 0 };
    writer.group(tree.root())?;
    Some(writer.svg)
}

struct Writer<'a> {
    svg: String,
    prefix: &'a str,
    ids: u32,
}

impl Writer<'_> {
    fn group(&mut self, group: &Group) -> Option<()> {
        let is_simple = group.filters().is_empty()
            && group.mask().is_none()
            && group.blend_mode() == BlendMode::Normal;
        if !is_simple {
            return None;
        }
        let clip = match group.clip_path() {
            Some(clip) => Some(self.clip(clip, group.abs_transform())?),
            None => None,
        };
        let opacity = group.opacity().get();
        let is_plain = clip.is_none() && opacity >= 1.0;
        if !is_plain {
            self.svg.push_str("<g");
            if let Some(id) = clip {
                self.push(format_args!(r#" clip-path="url(#{id})""#));
            }
            if opacity < 1.0 {
                self.push(format_args!(r#" opacity="{}""#, Short(opacity)));
            }
            self.svg.push('>');
        }
        for node in group.children() {
            match node {
                Node::Group(group) => self.group(group)?,
                Node::Path(path) => self.path(path)?,
                Node::Image(_) | Node::Text(_) => return None,
            }
        }
        if !is_plain {
            self.svg.push_str("</g>");
        }
        Some(())
    }

    fn path(&mut self, path: &resvg::usvg::Path) -> Option<()> {
        if !path.is_visible() {
            return Some(());
        }
        let mut paint = String::new();
        match path.fill() {
            Some(fill) => {
                paint.push_str(&self.paint("fill", fill.paint(), fill.opacity().get())?);
                if fill.rule() == FillRule::EvenOdd {
                    paint.push_str(r#" fill-rule="evenodd""#);
                }
            }
            None => paint.push_str(r#" fill="none""#),
        }
        if let Some(stroke) = path.stroke() {
            paint.push_str(&self.paint("stroke", stroke.paint(), stroke.opacity().get())?);
            paint.push_str(&line(stroke));
            if path.paint_order() == resvg::usvg::PaintOrder::StrokeAndFill {
                paint.push_str(r#" paint-order="stroke""#);
            }
        }
        let (transform, data) = (matrix("transform", path.abs_transform()), Segments(path.data()));
        self.push(format_args!(r#"<path{paint}{transform} d="{data}"/>"#));
        Some(())
    }

    /// ` fill="…"` or ` stroke="…"`, its gradient written before.
    fn paint(&mut self, what: &str, paint: &Paint, opacity: f32) -> Option<String> {
        let mut attributes = match paint {
            Paint::Color(color) => format!(r#" {what}="{}""#, Rgb(*color)),
            Paint::LinearGradient(gradient) => {
                let id = self.id();
                let [x1, y1, x2, y2] =
                    [gradient.x1(), gradient.y1(), gradient.x2(), gradient.y2()].map(Short);
                self.push(format_args!(
                    r#"<linearGradient id="{id}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}""#
                ));
                self.stops(gradient);
                self.svg.push_str("</linearGradient>");
                format!(r#" {what}="url(#{id})""#)
            }
            Paint::RadialGradient(gradient) => {
                let id = self.id();
                let [cx, cy, r, fx, fy] = [
                    gradient.cx(),
                    gradient.cy(),
                    gradient.r().get(),
                    gradient.fx(),
                    gradient.fy(),
                ]
                .map(Short);
                self.push(format_args!(
                    r#"<radialGradient id="{id}" cx="{cx}" cy="{cy}" r="{r}" fx="{fx}" fy="{fy}""#
                ));
                self.stops(gradient);
                self.svg.push_str("</radialGradient>");
                format!(r#" {what}="url(#{id})""#)
            }
            Paint::Pattern(_) => return None,
        };
        if opacity < 1.0 {
            let _ = write!(attributes, r#" {what}-opacity="{}""#, Short(opacity));
        }
        Some(attributes)
    }

    /// The rest of a gradient's tag, and its stops.
    fn stops(&mut self, gradient: &BaseGradient) {
        let spread = match gradient.spread_method() {
            SpreadMethod::Pad => "",
            SpreadMethod::Reflect => r#" spreadMethod="reflect""#,
            SpreadMethod::Repeat => r#" spreadMethod="repeat""#,
        };
        let transform = matrix("gradientTransform", gradient.transform());
        self.push(format_args!(r#" gradientUnits="userSpaceOnUse"{spread}{transform}>"#));
        for stop in gradient.stops() {
            let (at, color) = (Short(stop.offset().get()), Rgb(stop.color()));
            self.push(format_args!(r#"<stop offset="{at}" stop-color="{color}""#));
            if stop.opacity().get() < 1.0 {
                self.push(format_args!(r#" stop-opacity="{}""#, Short(stop.opacity().get())));
            }
            self.svg.push_str("/>");
        }
    }

    /// Writes a clip of plain paths and gives its id.
    fn clip(&mut self, clip: &ClipPath, outer: Transform) -> Option<String> {
        if clip.clip_path().is_some() {
            return None;
        }
        let id = self.id();
        let transform = outer.pre_concat(clip.transform());
        self.push(format_args!(r#"<clipPath id="{id}">"#));
        self.clip_paths(clip.root(), transform)?;
        self.svg.push_str("</clipPath>");
        Some(id)
    }

    fn clip_paths(&mut self, group: &Group, outer: Transform) -> Option<()> {
        if group.clip_path().is_some() {
            return None;
        }
        let transform = outer.pre_concat(group.transform());
        for node in group.children() {
            match node {
                Node::Group(group) => self.clip_paths(group, transform)?,
                Node::Path(path) => {
                    let is_odd = path.fill().is_some_and(|fill| fill.rule() == FillRule::EvenOdd);
                    let rule = if is_odd { r#" clip-rule="evenodd""# } else { "" };
                    let (matrix, data) = (matrix("transform", transform), Segments(path.data()));
                    self.push(format_args!(r#"<path{rule}{matrix} d="{data}"/>"#));
                }
                Node::Image(_) | Node::Text(_) => return None,
            }
        }
        Some(())
    }

    fn id(&mut self) -> String {
        self.ids += 1;
        format!("{}{}", self.prefix, self.ids)
    }

    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        self.svg.write_fmt(text).expect("a string grows");
    }
}

fn line(stroke: &resvg::usvg::Stroke) -> String {
    let mut line = format!(r#" stroke-width="{}""#, Short(stroke.width().get()));
    line.push_str(match stroke.linecap() {
        LineCap::Butt => "",
        LineCap::Round => r#" stroke-linecap="round""#,
        LineCap::Square => r#" stroke-linecap="square""#,
    });
    line.push_str(match stroke.linejoin() {
        LineJoin::Miter | LineJoin::MiterClip => "",
        LineJoin::Round => r#" stroke-linejoin="round""#,
        LineJoin::Bevel => r#" stroke-linejoin="bevel""#,
    });
    let _ = write!(line, r#" stroke-miterlimit="{}""#, Short(stroke.miterlimit().get()));
    if let Some(dashes) = stroke.dasharray() {
        let dashes: Vec<String> = dashes.iter().map(|dash| Short(*dash).to_string()).collect();
        let _ = write!(line, r#" stroke-dasharray="{}""#, dashes.join(" "));
        let _ = write!(line, r#" stroke-dashoffset="{}""#, Short(stroke.dashoffset()));
    }
    line
}

/// ` name="matrix(…)"`, nothing where it changes nothing.
fn matrix(name: &str, transform: Transform) -> String {
    if transform.is_identity() {
        return String::new();
    }
    let Transform { sx, ky, kx, sy, tx, ty } = transform;
    let [sx, ky, kx, sy, tx, ty] = [sx, ky, kx, sy, tx, ty].map(Short);
    format!(r#" {name}="matrix({sx} {ky} {kx} {sy} {tx} {ty})""#)
}

/// A number with as many digits as a mark needs at any size.
struct Short(f32);

impl std::fmt::Display for Short {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let decimals = match self.0.abs() {
            0.0..0.1 => 6,
            0.1..10.0 => 5,
            10.0..1000.0 => 3,
            _ => 2,
        };
        let number = format!("{:.decimals$}", self.0);
        let number = number.trim_end_matches('0').trim_end_matches('.');
        f.write_str(if number == "-0" { "0" } else { number })
    }
}

struct Rgb(Color);

impl std::fmt::Display for Rgb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Color { red, green, blue } = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// Path data.
struct Segments<'a>(&'a Path);

impl std::fmt::Display for Segments<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for segment in self.0.segments() {
            match segment {
                PathSegment::MoveTo(a) => write!(f, "M{} {}", Short(a.x), Short(a.y))?,
                PathSegment::LineTo(a) => write!(f, "L{} {}", Short(a.x), Short(a.y))?,
                PathSegment::QuadTo(a, b) => {
                    let [ax, ay, bx, by] = [a.x, a.y, b.x, b.y].map(Short);
                    write!(f, "Q{ax} {ay} {bx} {by}")?;
                }
                PathSegment::CubicTo(a, b, c) => {
                    let [ax, ay, bx, by] = [a.x, a.y, b.x, b.y].map(Short);
                    write!(f, "C{ax} {ay} {bx} {by} {} {}", Short(c.x), Short(c.y))?;
                }
                PathSegment::Close => f.write_str("Z")?,
            }
        }
        Ok(())
    }
}
