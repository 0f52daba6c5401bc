//! Rings around a point, fading outwards; with a second colour, a disc in their middle.

use super::pen::{Coat, Pen};
use super::sheet::{Sheet, measure};
use crate::ads::layout::{float, px};
use crate::ads::scene::{Frame, Generator, GeneratorKind};

/// The box of the disc in the middle of the rings, in px of the canvas.
pub(crate) fn disc(generator: &Generator, frame: Frame) -> Option<Frame> {
    generator.second.filter(|_| generator.kind == GeneratorKind::Arcs)?;
    let size = [float(frame.w), float(frame.h)];
    let [across, down] = generator.origin;
    let across = if generator.mirrored { 1.0 - across } else { across };
    let radius = (generator.step * measure(size[0], size[1])).max(2.0);
    let corner = |share: f32, side: f32| px(share * side - radius);
    let [left, top] = [corner(across, size[0]), corner(down, size[1])];
    let diameter = px(radius * 2.0);
    Some(Frame::new(frame.x + left, frame.y + top, diameter, diameter))
}

/// More rings than this are a target, not a drawing.
const MOST_RINGS: u8 = 14;

pub(super) fn draw(sheet: &mut Sheet<'_>, pen: &mut Pen) {
    let step = sheet.step();
    let reach = sheet.reach();
    let line = sheet.line();
    // Beside even rings: rings that draw apart, as waves on water do.
    let widening = sheet.random.pick(&[1.0_f32, 1.0, 1.12]).copied().unwrap_or(1.0);
    if let Some(second) = sheet.second {
        let mut disc = pen.path();
        disc.circle(sheet.origin, step);
        pen.shape(&disc, &Coat::Fill(second), 1.0);
    }
    let (mut r, mut gap) = (step * 2.0, step);
    for ring in 0..MOST_RINGS {
        if r > reach {
            break;
        }
        let fade = 1.0 - 0.62 * f32::from(ring) / f32::from(MOST_RINGS);
        let mut path = pen.path();
        path.circle(sheet.origin, r);
        pen.shape(&path, &Coat::Line(sheet.color, line), sheet.opacity * fade);
        gap *= widening;
        r += gap;
    }
}
