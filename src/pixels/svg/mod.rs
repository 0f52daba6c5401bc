//! Draws SVG files that strangers sent.
//!
//! The text is parsed under a cap of nodes and with its entities measured; `demand` bounds what its
//! references multiply to, `cost` what the resolved drawing asks of the renderer; only then is it
//! drawn, or written anew by `vector`. Never: an external reference, live text, a drawing whose
//! work is not known beforehand.

mod cost;
mod demand;
mod embedded;
mod markup;
mod sheet;
mod strict;
mod vector;

pub use vector::Vector;

use image::RgbaImage;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, roxmltree};

use super::PictureError;

/// The long side in pixels at which a drawing is looked at.
pub(super) const LOOKING_SIDE: u32 = 256;

/// The largest SVG text that is read; logos are a hundredth of it.
const MAX_BYTES: usize = 512 << 10;

/// A drawn SVG.
pub(super) struct Drawing {
    /// The size that the file asks for, in pixels, rounded up.
    pub(super) natural: (u32, u32),
    /// The drawing on a transparent ground, not premultiplied.
    pub(super) pixels: RgbaImage,
    /// Whether the file has text that was not drawn.
    pub(super) text_left_out: bool,
}

/// How large to draw.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fit {
    /// With a long side of this many pixels.
    Within(u32),
}

/// Draws `bytes`, which begin like an SVG.
pub(super) fn draw(bytes: &[u8], fit: Fit) -> Result<Drawing, PictureError> {
    let document = parse(text(bytes)?)?;
    demand::check(&document)?;
    let tree = resolve(&document)?;
    let size = tree.size();
    let Fit::Within(long) = fit;
    let scale = scale_to(long, size.width(), size.height())?;
    cost::check(&tree, scale)?;
    let text_left_out = document.descendants().any(|node| node.tag_name().name() == "text");
    Ok(Drawing {
        natural: (whole(size.width()), whole(size.height())),
        pixels: render(&tree, scale)?,
        text_left_out,
    })
}

fn text(bytes: &[u8]) -> Result<&str, PictureError> {
    if bytes.len() > MAX_BYTES {
        return Err(PictureError::TooLarge("an SVG of more than 512 KiB"));
    }
    std::str::from_utf8(bytes)
        .map_err(|_| PictureError::Damaged("an SVG that is not UTF-8".to_owned()))
}

/// The XML, with entities that cannot grow beyond a small multiple of the file.
fn parse(text: &str) -> Result<roxmltree::Document<'_>, PictureError> {
    /// The most nodes of a file; a detailed illustration has some thousands.
    const MAX_NODES: u32 = 20_000;
    /// Drawing programs declare namespaces as entities, a few hundred bytes in all.
    const MAX_DOCTYPE_BYTES: usize = 8 << 10;
    if text.contains("<!ENTITY") && doctype_bytes(text) > MAX_DOCTYPE_BYTES {
        return Err(PictureError::TooLarge("an SVG with many entities"));
    }
    let options = roxmltree::ParsingOptions {
        allow_dtd: true,
        nodes_limit: MAX_NODES,
        ..roxmltree::ParsingOptions::default()
    };
    roxmltree::Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => PictureError::TooLarge("an SVG of many nodes"),
        // The parser's message can quote the file at length.
        _ => PictureError::Damaged("it is not well-formed XML".to_owned()),
    })
}

fn doctype_bytes(text: &str) -> usize {
    let (first, last) = (text.find("<!DOCTYPE"), text.rfind("<!ENTITY"));
    match (first, last) {
        (Some(first), Some(last)) if last > first => {
            let end = text[last..].find("]>").map_or(text.len(), |close| last + close);
            end - first
        }
        _ => text.len(),
    }
}

fn resolve(document: &roxmltree::Document<'_>) -> Result<Tree, PictureError> {
    let options = Options { image_href_resolver: embedded::resolver(), ..Options::default() };
    Tree::from_xmltree(document, &options)
        .map_err(|_| PictureError::Damaged("it does not draw anything".to_owned()))
}

fn scale_to(side: u32, width: f32, height: f32) -> Result<f32, PictureError> {
    /// A drawing flatter than this is a line, not a mark.
    const MAX_ASPECT: f32 = 40.0;
    let (long, short) = (width.max(height), width.min(height));
    if !long.is_finite() || short <= 0.0 || long / short > MAX_ASPECT {
        return Err(PictureError::Damaged("it has an unusable size".to_owned()));
    }
    #[expect(clippy::cast_precision_loss, reason = "a side is some thousand pixels")]
    Ok(side as f32 / long)
}

fn render(tree: &Tree, scale: f32) -> Result<RgbaImage, PictureError> {
    let size = tree.size();
    let (width, height) = (whole(size.width() * scale), whole(size.height() * scale));
    let mut canvas = Pixmap::new(width, height)
        .ok_or_else(|| PictureError::Damaged("it has an unusable size".to_owned()))?;
    resvg::render(tree, Transform::from_scale(scale, scale), &mut canvas.as_mut());
    let mut pixels = RgbaImage::new(width, height);
    for (to, from) in pixels.pixels_mut().zip(canvas.pixels()) {
        let color = from.demultiply();
        to.0 = [color.red(), color.green(), color.blue(), color.alpha()];
    }
    if pixels.pixels().all(|pixel| pixel.0[3] == 0) {
        return Err(PictureError::Damaged("it does not draw anything".to_owned()));
    }
    Ok(pixels)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float cast saturates, and sizes are positive"
)]
fn whole(length: f32) -> u32 {
    // A hair above a whole number is a rounding error of the scale, not another pixel.
    ((length - 0.01).ceil() as u32).max(1)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn drawn(inside: &str) -> Result<Drawing, PictureError> {
        let text = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' \
             xmlns:xlink='http://www.w3.org/1999/xlink' viewBox='0 0 100 50'>{inside}</svg>"
        );
        draw(text.as_bytes(), Fit::Within(64))
    }

    #[test]
    fn a_mark_is_drawn_on_nothing() {
        let drawing = drawn("<rect width='50' height='50' fill='#7935ef'/>").expect("a drawing");
        assert_eq!(drawing.natural, (100, 50));
        assert_eq!(drawing.pixels.dimensions(), (64, 32));
        assert_eq!(drawing.pixels.get_pixel(5, 5).0, [0x79, 0x35, 0xef, 255]);
        assert_eq!(drawing.pixels.get_pixel(60, 5).0[3], 0);
    }

    #[test]
    fn what_draws_nothing_is_no_picture() {
        for inside in ["", "<text y='20'>Tide</text>", "<rect width='9' height='9' opacity='0'/>"] {
            assert!(drawn(inside).is_err(), "{inside}");
        }
        assert!(drawn("<rect width='9' height='9'/><text>T</text>").expect("drawn").text_left_out);
    }

    #[test]
    fn nothing_is_read_from_elsewhere() {
        for href in ["file:///etc/passwd", "/etc/hostname", "http://127.0.0.1/x.png", "x.svg"] {
            let image = format!("<image href='{href}' width='50' height='50'/>");
            assert!(drawn(&image).is_err(), "{href}");
        }
        let entity = "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>\
                      <svg xmlns='http://www.w3.org/2000/svg'><title>&x;</title></svg>";
        assert!(draw(entity.as_bytes(), Fit::Within(64)).is_err());
    }

    #[test]
    fn entity_bombs_end_in_errors() {
        let mut bomb = "<!DOCTYPE svg [<!ENTITY a0 'ha'>".to_owned();
        for n in 1..30 {
            let before = format!("&a{};", n - 1).repeat(10);
            write!(bomb, "<!ENTITY a{n} '{before}'>").expect("a string grows");
        }
        bomb.push_str("]><svg xmlns='http://www.w3.org/2000/svg'><desc>&a29;</desc></svg>");
        assert!(draw(bomb.as_bytes(), Fit::Within(64)).is_err());
        let long = format!(
            "<!DOCTYPE svg [<!ENTITY a '{}'>]><svg xmlns='http://www.w3.org/2000/svg'>{}</svg>",
            "x".repeat(100_000),
            "<g id='&a;'/>".repeat(10_000)
        );
        assert!(draw(long.as_bytes(), Fit::Within(64)).is_err());
    }

    #[test]
    fn program_entities_are_read() {
        let text = "<?xml version='1.0'?><!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'x' [\
                    <!ENTITY ns_svg 'http://www.w3.org/2000/svg'>]>\
                    <svg xmlns='&ns_svg;' width='8' height='8'><rect width='8' height='8'/></svg>";
        assert!(draw(text.as_bytes(), Fit::Within(64)).is_ok());
    }

    #[test]
    fn deep_and_wide_files_end_in_errors() {
        let deep = format!("{}<rect/>{}", "<g>".repeat(60_000), "</g>".repeat(60_000));
        assert!(drawn(&deep).is_err());
        let nested = format!("{}{}", "<g>".repeat(400), "</g>".repeat(400));
        assert!(drawn(&nested).is_err());
        assert!(matches!(drawn(&"<rect/>".repeat(60_000)), Err(PictureError::TooLarge(_))));
    }

    #[test]
    fn absurd_sizes_end_in_errors() {
        for size in ["width='1e9' height='1'", "width='0' height='0'", "viewBox='0 0 1e38 1e-38'"] {
            let text = format!(
                "<svg xmlns='http://www.w3.org/2000/svg' {size}><rect width='9' height='9'/></svg>"
            );
            assert!(draw(text.as_bytes(), Fit::Within(64)).is_err(), "{size}");
        }
    }
}
