//! What a box is filled with: colours, gradients, scrims, frames, and the shadow under it.

use std::fmt::Write as _;

use super::markup::{Px, Share};
use crate::ads::scene::{Frame, Node, Paint, Palette};
use crate::domain::brand::Hex;

/// A rounded rectangle, in px.
#[derive(Clone, Copy)]
struct Rect {
    x: f64,
    y: f64,
    w: f64,
    h: f64,
    radius: f64,
}

/// The shadow and the fill of `node`; `id` begins the ids that it defines.
pub(super) fn fill(node: &Node, palette: &Palette, id: &str) -> String {
    let Some(paint) = &node.paint else { return String::new() };
    let mut svg = String::new();
    if node.shadow > 0 {
        svg.push_str(&shadow(node, palette));
    }
    let opacity = opacity_of(node);
    let rect = Rect::of(node.frame, node.radius);
    match *paint {
        Paint::Solid(ink) => {
            let color = palette.color(ink);
            push(&mut svg, rect, &format!(r#"fill="{color}"{}"#, attribute("fill", opacity)));
        }
        Paint::Linear { from, to, angle } => {
            let stops = [(0.0, palette.color(from), opacity), (1.0, palette.color(to), opacity)];
            svg.push_str(&gradient(id, node.frame, angle, &stops));
            push(&mut svg, rect, &format!(r#"fill="url(#{id}-fill)""#));
        }
        Paint::Scrim { color, from, to, angle } => {
            let color = palette.color(color);
            let stops = eased(f64::from(from), f64::from(to))
                .map(|(at, alpha)| (at, color, alpha.clamp(0.0, 1.0) * opacity));
            svg.push_str(&gradient(id, node.frame, angle, &stops));
            push(&mut svg, rect, &format!(r#"fill="url(#{id}-fill)""#));
        }
        Paint::Outline { color, width } => {
            let color = palette.color(color);
            let inside = rect.grown(-f64::from(width) / 2.0);
            let alpha = attribute("stroke", opacity);
            let stroke = format!(r#"fill="none" stroke="{color}" stroke-width="{width}"{alpha}"#);
            push(&mut svg, inside, &stroke);
        }
    }
    svg
}

/// A rounded rectangle of one colour.
pub(super) fn plate(frame: Frame, radius: i32, color: Hex, opacity: f64) -> String {
    let mut svg = String::new();
    let alpha = attribute("fill", opacity);
    push(&mut svg, Rect::of(frame, radius), &format!(r#"fill="{color}"{alpha}"#));
    svg
}

/// The opacity of a node, 0 to 1.
pub(super) fn opacity_of(node: &Node) -> f64 {
    node.opacity.map_or(1.0, |opacity| f64::from(opacity).clamp(0.0, 1.0))
}

/// `fill-opacity="…"` or `stroke-opacity="…"`, with a space before it; nothing where it is 1.
pub(super) fn attribute(what: &str, opacity: f64) -> String {
    if opacity >= 1.0 {
        return String::new();
    }
    format!(r#" {what}-opacity="{}""#, Share(opacity))
}

/// A blurred shadow as a stack of faint shapes: renderers agree on it, and it costs no filter.
fn shadow(node: &Node, palette: &Palette) -> String {
    const LAYERS: i32 = 8;
    /// Of one layer; all of them together darken by a sixth.
    const ALPHA: f64 = 0.022;
    let depth = f64::from(node.shadow);
    let color = Hex::BLACK.mixed(palette.bg, 0.8);
    let alpha = attribute("fill", ALPHA * opacity_of(node));
    let mut svg = format!(r#"<g fill="{color}"{alpha}>"#);
    for layer in (0..LAYERS).rev() {
        let spread = depth * (f64::from(layer) / f64::from(LAYERS - 1) - 0.25) * 0.8;
        let mut rect = Rect::of(node.frame, node.radius).grown(spread);
        rect.y += depth * 0.4;
        push(&mut svg, rect, "");
    }
    svg.push_str("</g>");
    svg
}

/// Opacities along a smooth curve: a straight ramp shows as an edge where it begins.
fn eased(from: f64, to: f64) -> [(f64, f64); 7] {
    [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0].map(|n| {
        let at = n / 6.0;
        (at, from + (to - from) * at * at * (3.0 - 2.0 * at))
    })
}

/// A gradient across `frame`, from edge to edge along `angle`.
fn gradient(id: &str, frame: Frame, angle: i32, stops: &[(f64, Hex, f64)]) -> String {
    let (w, h) = (f64::from(frame.w), f64::from(frame.h));
    let (x, y) = (f64::from(frame.x) + w / 2.0, f64::from(frame.y) + h / 2.0);
    let turn = f64::from(angle.rem_euclid(360)).to_radians();
    let (sine, cosine) = (libm::sin(turn), libm::cos(turn));
    let half = f64::midpoint((w * cosine).abs(), (h * sine).abs());
    let (dx, dy) = (cosine * half, sine * half);
    let (x1, y1, x2, y2) = (Px(x - dx), Px(y - dy), Px(x + dx), Px(y + dy));
    let mut svg = format!(r#"<linearGradient id="{id}-fill" gradientUnits="userSpaceOnUse""#);
    let _ = write!(svg, r#" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}">"#);
    for (at, color, alpha) in stops {
        let alpha = attribute("stop", *alpha);
        let _ = write!(svg, r#"<stop offset="{}" stop-color="{color}"{alpha}/>"#, Share(*at));
    }
    svg.push_str("</linearGradient>");
    svg
}

fn push(svg: &mut String, rect: Rect, attributes: &str) {
    let Rect { x, y, w, h, radius } = rect;
    if w <= 0.0 || h <= 0.0 {
        return;
    }
    let (x, y, w, h, space) =
        (Px(x), Px(y), Px(w), Px(h), if attributes.is_empty() { "" } else { " " });
    let _ = write!(svg, r#"<rect x="{x}" y="{y}" width="{w}" height="{h}""#);
    if radius > 0.0 {
        let _ = write!(svg, r#" rx="{}""#, Px(radius));
    }
    let _ = write!(svg, "{space}{attributes}/>");
}

impl Rect {
    fn of(frame: Frame, radius: i32) -> Self {
        let [x, y, w, h] = [frame.x, frame.y, frame.w, frame.h].map(f64::from);
        let radius = f64::from(radius).clamp(0.0, (w.min(h) / 2.0).max(0.0));
        Self { x, y, w, h, radius }
    }

    /// Larger by `by` on every side, its corners with it.
    fn grown(self, by: f64) -> Self {
        Self {
            x: self.x - by,
            y: self.y - by,
            w: self.w + 2.0 * by,
            h: self.h + 2.0 * by,
            radius: if self.radius > 0.0 { (self.radius + by).max(0.0) } else { by.max(0.0) },
        }
    }
}
