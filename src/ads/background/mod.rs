//! What is drawn behind an ad: twelve kinds of drawing, each a pure function of its values.
//!
//! `draw` gives an SVG fragment in px of the canvas, cut off at its frame. Every kind places its
//! shapes on a sheet through a pen, which rounds, mirrors and counts. Never: a filter
//! (soft light is a radial gradient), a picture, or more than [`MOST_BYTES`].

mod arcs;
mod blobs;
mod contours;
mod dots;
mod glow;
mod pen;
mod sheet;
mod stripes;
mod tiles;
#[cfg(test)]
mod trials;
mod wash;
mod waves;

use crate::ads::scene::{Frame, Generator, GeneratorKind, Palette};
pub(crate) use arcs::disc;
use pen::{Pen, number};
use sheet::Sheet;

/// The most that one fragment takes: a picture carries several, and every device reads it.
pub const MOST_BYTES: usize = 160 * 1024;

/// Draws the generator into the frame; the result is empty for a frame without an area.
///
/// `ids` begins every id of the fragment and must be used once in a document; a node's own id is.
/// Only solid, linear and tiles cover the frame: the rest lies upon what is under it.
pub fn draw(generator: &Generator, frame: Frame, palette: &Palette, ids: &str) -> String {
    if frame.w <= 0 || frame.h <= 0 {
        return String::new();
    }
    let mut sheet = Sheet::new(generator, frame, palette);
    let mut pen = Pen::new(ids, generator.mirrored.then_some(sheet.w));
    match generator.kind {
        GeneratorKind::Solid => wash::solid(&sheet, &mut pen),
        GeneratorKind::Linear => wash::linear(&mut sheet, &mut pen),
        GeneratorKind::RadialGlow => glow::radial(&mut sheet, &mut pen),
        GeneratorKind::Mesh => glow::mesh(&mut sheet, &mut pen),
        GeneratorKind::Arcs => arcs::draw(&mut sheet, &mut pen),
        GeneratorKind::BauhausTiles => tiles::draw(&mut sheet, &mut pen),
        GeneratorKind::DotGrid => dots::grid(&mut sheet, &mut pen),
        GeneratorKind::Stripes => stripes::draw(&mut sheet, &mut pen),
        GeneratorKind::Waves => waves::draw(&mut sheet, &mut pen),
        GeneratorKind::Contours => contours::draw(&mut sheet, &mut pen),
        GeneratorKind::Halftone => dots::halftone(&mut sheet, &mut pen),
        GeneratorKind::Blobs => blobs::draw(&mut sheet, &mut pen),
    }
    let (w, h) = (number(sheet.w), number(sheet.h));
    format!(
        "<svg x=\"{}\" y=\"{}\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\">{}</svg>",
        frame.x,
        frame.y,
        pen.finish()
    )
}
