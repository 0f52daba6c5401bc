//! A scene as one SVG file that stands alone.
//!
//! From back to front each node gives its shadow, fill, drawn art, picture, icon and words, in
//! this order. Words are outlines with the text beside them for screen readers; pictures are
//! embedded. Never: a script, a style, a font, a filter, a reference to another file.

mod error;
mod fill;
mod icon;
mod image;
mod markup;
mod words;

use std::collections::BTreeMap;
use std::fmt::Write as _;

pub use error::DrawError;
pub use image::plate_frame;

use markup::{Px, Share, escaped};

use crate::ads::background;
use crate::ads::pictures::Gallery;
use crate::ads::scene::{Format, Node, Role, Scene};
use crate::ads::text::SetText;
use crate::domain::brand::Direction;

/// The longest side of a canvas in px.
pub const MAX_SIDE: u32 = 4096;

/// The whole scene. `texts` holds the set words by node id, `gallery` each picture it names.
pub fn draw(
    scene: &Scene,
    texts: &BTreeMap<String, SetText>,
    gallery: &Gallery,
) -> Result<String, DrawError> {
    let lacks =
        |node: &&Node| node.text.is_some() && node.style.is_some() && !texts.contains_key(&node.id);
    if let Some(node) = scene.nodes.iter().find(lacks) {
        return Err(DrawError::NotSet(node.id.clone()));
    }
    drawn(scene, texts, gallery, i32::MAX)
}

/// What lies below `z`, for measuring what is seen behind a node; words not in `texts` are left
/// out.
pub fn draw_below(
    scene: &Scene,
    texts: &BTreeMap<String, SetText>,
    gallery: &Gallery,
    z: i32,
) -> Result<String, DrawError> {
    drawn(scene, texts, gallery, z)
}

/// What the picture says, for those who cannot see it: `Brand: headline. Subline`.
pub fn alt_text(scene: &Scene) -> String {
    let of = |role: Role| {
        let text = scene.of_role(role).and_then(|node| node.text.as_ref());
        text.map(|text| text.v.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|words| !words.is_empty())
    };
    let mut parts: Vec<String> = Vec::new();
    for role in [Role::Number, Role::Headline, Role::Subline, Role::Price] {
        parts.extend(of(role));
    }
    let said = parts.iter().enumerate().fold(String::new(), |mut said, (n, part)| {
        if n > 0 {
            // A line that ends with a mark of its own needs no full stop.
            said.push_str(
                if said.ends_with(['.', '!', '?', '。', '！', '？', '؟', '…', '।']) {
                    " "
                } else {
                    ". "
                },
            );
        }
        said.push_str(part);
        said
    });
    match (of(Role::Logo), said.is_empty()) {
        (Some(brand), true) => brand,
        (Some(brand), false) => format!("{brand}: {said}"),
        (None, _) => said,
    }
}

fn drawn(
    scene: &Scene,
    texts: &BTreeMap<String, SetText>,
    gallery: &Gallery,
    z: i32,
) -> Result<String, DrawError> {
    let (w, h) = (scene.format.w, scene.format.h);
    if w == 0 || h == 0 || w > MAX_SIDE || h > MAX_SIDE {
        return Err(DrawError::Size(w, h));
    }
    let direction = match scene.dir {
        Direction::Ltr => "ltr",
        Direction::Rtl => "rtl",
    };
    let (lang, title) = (escaped(&scene.lang), escaped(&alt_text(scene)));
    let mut svg = format!(r#"<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}""#);
    let _ = write!(svg, r#" viewBox="0 0 {w} {h}" lang="{lang}" dir="{direction}">"#);
    let _ = write!(svg, "<title>{title}</title>");
    for (index, node) in scene.back_to_front().into_iter().enumerate() {
        if node.z < z {
            svg.push_str(&node_of(scene, node, texts, gallery, &format!("n{index}"))?);
        }
    }
    svg.push_str("</svg>");
    Ok(svg)
}

fn node_of(
    scene: &Scene,
    node: &Node,
    texts: &BTreeMap<String, SetText>,
    gallery: &Gallery,
    id: &str,
) -> Result<String, DrawError> {
    if node.frame.w <= 0 || node.frame.h <= 0 {
        return Ok(String::new());
    }
    let palette = &scene.palette;
    let mut svg = fill::fill(node, palette, id);
    if let Some(generator) = &node.generator {
        let art = background::draw(generator, node.frame, palette, id);
        let art = unclipped(scene, node, art);
        let opacity = fill::opacity_of(node);
        if opacity < 1.0 {
            let _ = write!(svg, r#"<g opacity="{}">{art}</g>"#, Share(opacity));
        } else {
            svg.push_str(&art);
        }
    }
    svg.push_str(&image::image(node, palette, gallery, id)?);
    svg.push_str(&icon::icon(node, palette, id)?);
    if let Some(set) = texts.get(&node.id) {
        svg.push_str(&words::words(scene, node, set, palette));
    }
    Ok(if node.rotate == 0 { svg } else { rotated(node, &svg) })
}

/// Drawn art that fills the canvas is cut off by the canvas: a clip would cost a layer of its own.
fn unclipped(scene: &Scene, node: &Node, art: String) -> String {
    let Format { w, h, .. } = scene.format;
    let [x, y, right, bottom] =
        [node.frame.x, node.frame.y, node.frame.right(), node.frame.bottom()].map(i64::from);
    let covers = x <= 0 && y <= 0 && right >= i64::from(w) && bottom >= i64::from(h);
    match art.strip_prefix("<svg ") {
        Some(rest) if covers && node.rotate == 0 => format!(r#"<svg overflow="visible" {rest}"#),
        _ => art,
    }
}

/// Turned around the middle of its box; the matrix is ours, since renderers differ in sines.
fn rotated(node: &Node, svg: &str) -> String {
    let turn = f64::from(node.rotate.rem_euclid(360)).to_radians();
    let (sine, cosine) = (libm::sin(turn), libm::cos(turn));
    let x = f64::from(node.frame.x) + f64::from(node.frame.w) / 2.0;
    let y = f64::from(node.frame.y) + f64::from(node.frame.h) / 2.0;
    let (dx, dy) = (Px(x - x * cosine + y * sine), Px(y - x * sine - y * cosine));
    let (along, across, back) = (Share(cosine), Share(sine), Share(-sine));
    format!(r#"<g transform="matrix({along} {across} {back} {along} {dx} {dy})">{svg}</g>"#)
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod trial;
