//! Soft light: radial gradients whose opacity falls like a bell, so that no edge is seen.

use super::pen::Pen;
use super::sheet::{Sheet, around};
use super::wash::{beside, between};
use crate::ads::scene::Ink;
use crate::domain::brand::Hex;
use crate::domain::color::Oklch;

/// One light around the origin, with a smaller one of a neighbouring hue within it.
pub(super) fn radial(sheet: &mut Sheet<'_>, pen: &mut Pen) {
    let reach = sheet.diagonal() * sheet.random.between(0.5, 0.62);
    let first = lit(sheet, sheet.color);
    light(sheet, pen, sheet.origin, reach, first, sheet.opacity);
    let turn = if sheet.random.chance(0.5) { 24.0 } else { -24.0 };
    let second = sheet.second.map_or_else(|| turned(first, turn, 0.04), |hex| lit(sheet, hex));
    let angle = sheet.random.between(0.0, std::f32::consts::TAU);
    let beside = around(sheet.origin, angle, reach * 0.22);
    light(sheet, pen, beside, reach * 0.6, second, sheet.opacity * 0.6);
}

/// Five lights around the frame's edges that flow into each other.
pub(super) fn mesh(sheet: &mut Sheet<'_>, pen: &mut Pen) {
    /// Where they stand, as shares of the frame; each moves a little by chance.
    const PLACES: [[f32; 2]; 5] =
        [[0.02, 0.3], [0.98, 0.12], [0.86, 0.9], [0.16, 1.02], [0.52, -0.05]];
    let first = lit(sheet, sheet.color);
    let second = sheet.second.map_or_else(|| turned(first, 34.0, -0.02), |hex| lit(sheet, hex));
    let halfway = between(first, second, 0.5).into();
    let lights = [first, second, turned(first, -18.0, 0.03), halfway, turned(second, 10.0, -0.05)];
    let turn = sheet.random.below(PLACES.len());
    let size = libm::sqrtf(sheet.w * sheet.h);
    for (place, color) in lights.into_iter().enumerate() {
        let [x, y] = PLACES[(place + turn) % PLACES.len()];
        let x = (x + sheet.random.between(-0.09, 0.09)) * sheet.w;
        let y = (y + sheet.random.between(-0.09, 0.09)) * sheet.h;
        // The first is the strongest and stands where the drawing starts from.
        let at = if place == 0 { sheet.origin } else { [x, y] };
        let r = size * sheet.random.between(0.62, 0.86);
        let strength = if place == 0 { 1.0 } else { sheet.random.between(0.5, 0.8) };
        light(sheet, pen, at, r, color, sheet.opacity * strength);
    }
}

/// A colour as light on the ground: near to its hue, pale on paper and deep in the dark, so that
/// neither the blend nor what is written on it turns to mud.
fn lit(sheet: &Sheet<'_>, color: Hex) -> Oklch {
    let ground = Oklch::from(sheet.ink(Ink::Bg));
    // A faint hue says nothing of what goes with it.
    let near = if ground.c < 0.035 { color.into() } else { beside(color.into(), ground) };
    if ground.l > 0.6 {
        return near.at(near.l.max(0.8));
    }
    let dim = near.at(near.l.min((ground.l + 0.3).clamp(0.5, 0.78)));
    // Dim yellow is olive: amber beside warm grounds and green beside cool ones glow instead.
    if (66.0..134.0).contains(&dim.h) && !ground.is_grey() {
        let is_warm = ground.h < 100.0 || ground.h > 300.0;
        return Oklch { h: if is_warm { 60.0 } else { 138.0 }, ..dim };
    }
    dim
}

/// A disc whose opacity falls like a bell from its middle to nothing at `r`.
fn light(sheet: &Sheet<'_>, pen: &mut Pen, at: [f32; 2], r: f32, color: Oklch, opacity: f32) {
    /// Enough for a bell without an edge; each more costs at every pixel.
    const STOPS: u8 = 5;
    let hex = color.hex();
    let bell = |share: f32| {
        let fall = libm::cosf(share * std::f32::consts::PI);
        f32::midpoint(fall, 1.0) * (1.0 - 0.25 * share)
    };
    let stops: Vec<(f32, Hex, f32)> = (0..=STOPS)
        .map(|stop| f32::from(stop) / f32::from(STOPS))
        .map(|share| (share, hex, opacity * bell(share)))
        .collect();
    let coat = pen.radial(at, r, &stops);
    let mut path = pen.path();
    // Only the part of the frame that the light reaches is painted.
    let [left, top] = [(at[0] - r).max(0.0), (at[1] - r).max(0.0)];
    let [right, bottom] = [(at[0] + r).min(sheet.w), (at[1] + r).min(sheet.h)];
    if right > left && bottom > top {
        path.rectangle(left, top, right - left, bottom - top);
        pen.shape(&path, &coat, 1.0);
    }
}

/// A neighbour of a colour: another hue, a little lighter or darker.
fn turned(color: Oklch, degrees: f32, lighter: f32) -> Oklch {
    let l = (color.l + lighter).clamp(0.0, 1.0);
    Oklch { l, h: (color.h + degrees).rem_euclid(360.0), ..color }
}
