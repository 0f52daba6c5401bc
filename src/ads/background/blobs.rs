//! A few large round shapes, none of them regular, that run off the frame's edges.

use std::f32::consts::TAU;

use super::pen::{Coat, Pen};
use super::sheet::{Sheet, around};

pub(super) fn draw(sheet: &mut Sheet<'_>, pen: &mut Pen) {
    let size = sheet.measure();
    let large = size * (0.3 + sheet.step() / size).min(0.62);
    let second = sheet.second.unwrap_or(sheet.color);
    // The largest at the origin, one across from it, and a small one beside the first.
    let across = [sheet.w - sheet.origin[0], sheet.h - sheet.origin[1]];
    let center = [sheet.w / 2.0, sheet.h / 2.0];
    let outward =
        |at: [f32; 2], by: f32| [0, 1].map(|axis| at[axis] + (at[axis] - center[axis]) * by);
    let beside = [
        sheet.origin[0] + (center[0] - sheet.origin[0]) * 0.75,
        sheet.origin[1] + (sheet.h * 0.02 - sheet.origin[1]) * 0.12,
    ];
    let shapes = [
        (sheet.origin, large, sheet.color, 1.0),
        (outward(across, 0.12), large * 0.66, second, 0.85),
        (beside, large * 0.2, second, 1.0),
    ];
    for (at, r, hex, strength) in shapes {
        let points = outline(sheet, at, r);
        let mut path = pen.path();
        path.spline(&points, true);
        pen.shape(&path, &Coat::Fill(hex), sheet.opacity * strength);
    }
}

/// A closed line around a point whose distance to it swells twice and three times a turn.
fn outline(sheet: &mut Sheet<'_>, at: [f32; 2], r: f32) -> Vec<[f32; 2]> {
    const POINTS: u8 = 12;
    let [two, three] = [0.13, 0.07].map(|most| sheet.random.between(most * 0.6, most));
    let phases = [sheet.random.between(0.0, TAU), sheet.random.between(0.0, TAU)];
    (0..POINTS)
        .map(|point| TAU * f32::from(point) / f32::from(POINTS))
        .map(|angle| {
            let swell = two * libm::sinf(2.0 * angle + phases[0])
                + three * libm::sinf(3.0 * angle + phases[1]);
            around(at, angle, r * (1.0 + swell))
        })
        .collect()
}
