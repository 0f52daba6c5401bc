//! A drawing of the icon set, in the colour of its node.

use std::fmt::Write as _;

use super::DrawError;
use super::fill::{attribute, opacity_of};
use super::markup::{Px, Share};
use crate::ads::icons;
use crate::ads::scene::{Node, Palette};

/// The icon of `node`, whole, in the middle of its box.
pub(super) fn icon(node: &Node, palette: &Palette, id: &str) -> Result<String, DrawError> {
    let Some(icon) = &node.icon else { return Ok(String::new()) };
    let outline = icons::outline(&icon.name).ok_or_else(|| DrawError::NoIcon(icon.name.clone()))?;
    let [x, y, w, h] = [node.frame.x, node.frame.y, node.frame.w, node.frame.h].map(f64::from);
    let side = w.min(h);
    let (x, y) = (Px(x + (w - side) / 2.0), Px(y + (h - side) / 2.0));
    let (scale, color) = (Share(side / f64::from(icons::SIDE)), palette.color(icon.color));
    let alpha = attribute("fill", opacity_of(node));
    let place = format!("matrix({scale} 0 0 {scale} {x} {y})");
    let cast = if node.paint.is_none() && node.shadow > 0 {
        shadow(&icon.name, f64::from(node.shadow) * f64::from(icons::SIDE) / side, &place, id)
    } else {
        String::new()
    };
    Ok(format!(r#"{cast}<path transform="{place}" fill="{color}"{alpha} d="{outline}"/>"#))
}

/// The icon's long shadow, in units of its own box; it fades out where it ends.
fn shadow(name: &str, reach: f64, transform: &str, id: &str) -> String {
    /// At the icon itself: enough for a light plate, not too much for a dark one.
    const DARKEST: f64 = 0.26;
    // Longer ones are nothing but more of the same.
    let reach = reach.min(f64::from(icons::SIDE));
    #[expect(clippy::cast_possible_truncation, reason = "at most 256")]
    let Some(d) = icons::long_shadow(name, reach as f32) else { return String::new() };
    // Along the diagonal, from the icon's upper left to the end of its lower right's shadow.
    let (from, to) = (Px(64.0), Px(192.0 + reach * 0.82));
    let dark = Share(DARKEST);
    let mut svg = format!(r#"<linearGradient id="{id}-cast" gradientUnits="userSpaceOnUse""#);
    let _ = write!(svg, r#" x1="{from}" y1="{from}" x2="{to}" y2="{to}">"#);
    let _ = write!(svg, r#"<stop offset="0.2" stop-opacity="{dark}"/>"#);
    svg.push_str(r#"<stop offset="1" stop-opacity="0"/></linearGradient>"#);
    let _ = write!(svg, r#"<path transform="{transform}" fill="url(#{id}-cast)" d="{d}"/>"#);
    svg
}
