//! A drawing of the icon set, in the colour of its node.

use super::DrawError;
use super::fill::{attribute, opacity_of};
use super::markup::{Px, Share};
use crate::ads::icons;
use crate::ads::scene::{Node, Palette};

/// The icon of `node`, whole, in the middle of its box.
pub(super) fn icon(node: &Node, palette: &Palette) -> Result<String, DrawError> {
    let Some(icon) = &node.icon else { return Ok(String::new()) };
    let outline = icons::outline(&icon.name).ok_or_else(|| DrawError::NoIcon(icon.name.clone()))?;
    let [x, y, w, h] = [node.frame.x, node.frame.y, node.frame.w, node.frame.h].map(f64::from);
    let side = w.min(h);
    let (x, y) = (Px(x + (w - side) / 2.0), Px(y + (h - side) / 2.0));
    let (scale, color) = (Share(side / icons::SIDE), palette.color(icon.color));
    let alpha = attribute("fill", opacity_of(node));
    Ok(format!(
        r#"<path transform="matrix({scale} 0 0 {scale} {x} {y})" fill="{color}"{alpha} d="{outline}"/>"#
    ))
}
