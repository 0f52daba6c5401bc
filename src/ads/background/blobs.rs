//! A few large round shapes, none of them regular, that run off the frame's edges.

use std::f32::consts::TAU;

use super::pen::{Coat, Pen};
use super::sheet::{Sheet, around};

pub(super) fn draw(sheet: &mut Sheet<'_>, pen: &mut Pen) {
    let size = sheet.measure();
    let large = size * (0.3 + sheet.step() / size).min(0.62);
    let second = sheet.second.unwrap_or(sheet.color);
    // The large one at the origin with its own echo, and one across from it.
    let across = [sheet.w - sheet.origin[0], sheet.h - sheet.origin[1]];
    let center = [sheet.w / 2.0, sheet.h / 2.0];
    let outward = [0, 1].map(|axis| across[axis] + (across[axis] - center[axis]) * 0.12);
    for (at, r, hex, echo) in
        [(sheet.origin, large, sheet.color, true), (outward, large * 0.62, second, false)]
    {
        let shape = Outline::new(sheet);
        if echo {
            let mut path = pen.path();
            path.spline(&shape.around(at, r * 1.28), true);
            pen.shape(&path, &Coat::Fill(hex), sheet.opacity * 0.35);
        }
        let mut path = pen.path();
        path.spline(&shape.around(at, r), true);
        pen.shape(&path, &Coat::Fill(hex), sheet.opacity);
    }
}

/// A closed line whose distance to its middle swells twice and three times a turn.
struct Outline {
    swells: [f32; 2],
    phases: [f32; 2],
}

impl Outline {
    fn new(sheet: &mut Sheet<'_>) -> Self {
        let swells = [0.13, 0.07].map(|most| sheet.random.between(most * 0.6, most));
        Self { swells, phases: [sheet.random.between(0.0, TAU), sheet.random.between(0.0, TAU)] }
    }

    fn around(&self, at: [f32; 2], r: f32) -> Vec<[f32; 2]> {
        const POINTS: u8 = 12;
        let [two, three] = self.swells;
        (0..POINTS)
            .map(|point| TAU * f32::from(point) / f32::from(POINTS))
            .map(|angle| {
                let swell = two * libm::sinf(2.0 * angle + self.phases[0])
                    + three * libm::sinf(3.0 * angle + self.phases[1]);
                around(at, angle, r * (1.0 + swell))
            })
            .collect()
    }
}
