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
    let to = sheet.second.unwrap_or_else(|| deeper(sheet.color));
    let (from, to) = (Oklch::from(sheet.color), Oklch::from(to));
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
fn deeper(color: Hex) -> Hex {
    let lch = Oklch::from(color);
    let l = if lch.l > 0.4 { lch.l - 0.09 } else { lch.l + 0.07 };
    Oklch { c: lch.c * 1.1, ..lch }.at(l).hex()
}

/// A colour on the way, along the shorter arc of hues; of greys and far hues along the straight.
pub(super) fn between(from: Oklch, to: Oklch, share: f32) -> Hex {
    /// Beyond this angle the way around passes through foreign colours.
    const FAR: f32 = 70.0;
    let mix = |one: f32, two: f32| one + (two - one) * share;
    let turn = (to.h - from.h + 540.0).rem_euclid(360.0) - 180.0;
    let (l, c) = (mix(from.l, to.l), mix(from.c, to.c));
    if from.is_grey() || to.is_grey() {
        let h = if from.is_grey() { to.h } else { from.h };
        return Oklch::new(l, c, h).hex();
    }
    if turn.abs() > FAR {
        return to.hex().mixed(from.hex(), f64::from(share));
    }
    Oklch::new(l, c, (from.h + turn * share).rem_euclid(360.0)).hex()
}
