//! Pictures in their boxes: photographs cropped and clipped, marks whole and on their plates.

use std::sync::Arc;

use super::DrawError;
use super::fill::{opacity_of, plate};
use super::markup::{Px, Share, escaped};
use crate::ads::pictures::{Embedded, Gallery, Picture};
use crate::ads::scene::{Frame, Node, Palette};
use crate::domain::brand::Hex;

/// The picture of `node` with the plate under it; `id` begins the ids that it defines.
pub(super) fn image(
    node: &Node,
    palette: &Palette,
    gallery: &Gallery,
    id: &str,
) -> Result<String, DrawError> {
    let Some(digest) = &node.asset else { return Ok(String::new()) };
    let picture = gallery.get(digest).ok_or_else(|| DrawError::MissingPicture(node.id.clone()))?;
    let mut svg = String::new();
    if let (Some(ink), Some(frame)) = (node.plate, plate_frame(node)) {
        let radius = if node.radius > 0 { node.radius } else { frame.h / 6 };
        svg.push_str(&plate(frame, radius, palette.color(ink), opacity_of(node)));
    }
    let drawn = match node.focus {
        Some(focus) => covering(node, picture, focus, id)?,
        None => fitted(node, picture, id)?,
    };
    let label = node.text.as_ref().filter(|_| node.style.is_none());
    let labelled = label.map(|text| {
        let (label, lang) = (escaped(&text.v), escaped(&text.lang));
        format!(r#"<g role="img" aria-label="{label}" lang="{lang}">{drawn}</g>"#)
    });
    svg.push_str(&labelled.unwrap_or(drawn));
    Ok(svg)
}

/// The plate under a mark: its box, larger on every side by half of its clear space.
pub fn plate_frame(node: &Node) -> Option<Frame> {
    /// Clear space where a scene names none, as a share of the mark's height.
    const CLEAR: f32 = 0.5;
    node.plate?;
    let clear = node.clear.unwrap_or(CLEAR).clamp(0.0, 2.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a box has some thousand pixels"
    )]
    let pad = (clear / 2.0 * node.frame.h as f32).round() as i32;
    Some(node.frame.inset([-pad, -pad]))
}

fn covering(
    node: &Node,
    picture: &Arc<Picture>,
    focus: [f32; 2],
    id: &str,
) -> Result<String, DrawError> {
    let Frame { x, y, w, h } = node.frame;
    let cut = picture.covering(side(w), side(h), focus).map_err(|error| of(node, error))?;
    let opacity = opacity_of(node);
    let image = |more: &str| element(&cut, f64::from(x), f64::from(y), more);
    if node.radius <= 0 {
        return Ok(image(&plain_opacity(opacity)));
    }
    let radius = node.radius.min(w / 2).min(h / 2);
    let shape = plate(node.frame, radius, Hex::BLACK, 1.0);
    let clip = format!(r#"<clipPath id="{id}-clip">{shape}</clipPath>"#);
    let more = format!(r#" clip-path="url(#{id}-clip)"{}"#, plain_opacity(opacity));
    Ok(format!("{clip}{}", image(&more)))
}

fn fitted(node: &Node, picture: &Arc<Picture>, id: &str) -> Result<String, DrawError> {
    let frame = node.frame;
    let aspect = picture.aspect();
    let (own_w, own_h) = (f64::from(frame.w), f64::from(frame.h));
    let (w, h) = (own_w.min(own_h * aspect), own_h.min(own_w / aspect));
    let (x, y) = (f64::from(frame.x) + (own_w - w) / 2.0, f64::from(frame.y) + (own_h - h) / 2.0);
    let opacity = plain_opacity(opacity_of(node));
    if let Some((elements, scale)) = picture.elements(&format!("{id}-"), w, h) {
        let (x, y, scale) = (Px(x), Px(y), Share(scale));
        return Ok(format!(
            r#"<g transform="matrix({scale} 0 0 {scale} {x} {y})"{opacity}>{elements}</g>"#
        ));
    }
    // Whole pixels, so that nothing is resampled twice.
    let (wide, high) = (w.round().max(1.0), h.round().max(1.0));
    let cut = picture.fitted(whole(wide), whole(high)).map_err(|error| of(node, error))?;
    Ok(element(&cut, x.round(), y.round(), &opacity))
}

fn element(cut: &Embedded, x: f64, y: f64, more: &str) -> String {
    let Embedded { width, height, href } = cut;
    let place = format!(r#"x="{}" y="{}" width="{width}" height="{height}""#, Px(x), Px(y));
    format!(r#"<image {place} preserveAspectRatio="none"{more} href="{href}"/>"#)
}

/// `opacity="…"` with a space before it; nothing where it is 1.
fn plain_opacity(opacity: f64) -> String {
    if opacity >= 1.0 { String::new() } else { format!(r#" opacity="{}""#, Share(opacity)) }
}

fn of(node: &Node, error: crate::pixels::PictureError) -> DrawError {
    DrawError::Picture { node: node.id.clone(), error }
}

fn side(length: i32) -> u32 {
    u32::try_from(length).unwrap_or(0)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float cast saturates, and sides are at least 1"
)]
fn whole(length: f64) -> u32 {
    length as u32
}
