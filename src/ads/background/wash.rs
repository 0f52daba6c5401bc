//! One colour, or one that turns into another.

use super::pen::{Coat, Pen};
use super::sheet::{Sheet, around};
use crate::domain::brand::Hex;
use crate::domain::color::Oklch;

/// The frame in one colour.
pub(super) fn solid(sheet: &Sheet<'_>, pen: &mut Pen) {
    cover(sheet, pen, &Coat::Fill(sheet.color));
}

/// The frame from one colour to another; without a second, to a deeper one of the same hue.
pub(super) fn linear(sheet: &mut Sheet<'_>, pen: &mut Pen) {
    /// Slanting lines of light: 0 runs to the right, 90 downwards.
    const ANGLES: [f32; 4] = [35.0, 52.0, 90.0, 128.0];
    let angle = sheet.random.pick(&ANGLES).copied().unwrap_or(90.0).to_radians();
    let from = Oklch::from(sheet.color);
    let to = sheet.second.map_or_else(|| deeper(from), |second| neighbor(second.into(), from));
    let center = [sheet.w / 2.0, sheet.h / 2.0];
    // Half the frame's extent along the line, so that both ends lie in its corners.
    let reach = f32::midpoint(
        sheet.w * libm::fabsf(libm::cosf(angle)),
        sheet.h * libm::fabsf(libm::sinf(angle)),
    );
    let stops: Vec<(f32, Hex, f32)> = (0..=4_u8)
        .map(|step| f32::from(step) / 4.0)
        .map(|at| (at, between(from, to, at), 1.0))
        .collect();
    let coat = pen.linear(around(center, angle, -reach), around(center, angle, reach), &stops);
    cover(sheet, pen, &coat);
}

fn cover(sheet: &Sheet<'_>, pen: &mut Pen, coat: &Coat) {
    let mut path = pen.path();
    path.rectangle(0.0, 0.0, sheet.w, sheet.h);
    pen.shape(&path, coat, sheet.opacity);
}

/// The same colour in the shade; a dark one in the light.
fn deeper(color: Oklch) -> Oklch {
    let (l, c) = match color.l {
        l if l > 0.85 => (l - 0.07, color.c * 1.7),
        l if l > 0.4 => (l - 0.1, color.c * 1.1),
        l => (l + 0.08, color.c * 1.15),
    };
    Oklch { l, c, ..color }
}

/// The second colour, as near in hue and lightness as one surface can turn.
pub(super) fn neighbor(second: Oklch, first: Oklch) -> Oklch {
    /// What words on both ends can bear.
    const APART: f32 = 0.2;
    let to = beside(second, first);
    to.at(to.l.clamp(first.l - APART, first.l + APART))
}

/// A colour as near in hue to another as two must be to flow into each other: between far hues
/// there is nothing but mud.
pub(super) fn beside(color: Oklch, ground: Oklch) -> Oklch {
    /// The widest angle between neighbours, in degrees.
    const NEIGHBORS: f32 = 52.0;
    if color.is_grey() || ground.is_grey() {
        return color;
    }
    let turn = (color.h - ground.h + 540.0).rem_euclid(360.0) - 180.0;
    Oklch { h: (ground.h + turn.clamp(-NEIGHBORS, NEIGHBORS)).rem_euclid(360.0), ..color }
}

/// A colour on the way, along the shorter arc of hues.
pub(super) fn between(from: Oklch, to: Oklch, share: f32) -> Hex {
    let mix = |one: f32, two: f32| one + (two - one) * share;
    let turn = (to.h - from.h + 540.0).rem_euclid(360.0) - 180.0;
    let h = match (from.is_grey(), to.is_grey()) {
        (true, _) => to.h,
        (false, true) => from.h,
        (false, false) => (from.h + turn * share).rem_euclid(360.0),
    };
    Oklch::new(mix(from.l, to.l), mix(from.c, to.c), h).hex()
}
