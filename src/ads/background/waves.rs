//! Lines that rise and fall together, or with a second colour layers of hills.

use std::f32::consts::TAU;

use super::pen::{Coat, Pen};
use super::sheet::Sheet;
use super::wash::{between, neighbor};
use crate::domain::color::Oklch;

pub(super) fn draw(sheet: &mut Sheet<'_>, pen: &mut Pen) {
    let swell = Swell::new(sheet);
    if sheet.second.is_some() { hills(sheet, pen, &swell) } else { lines(sheet, pen, &swell) }
}

/// Two slow waves upon each other.
struct Swell {
    length: f32,
    height: f32,
    phases: [f32; 2],
    drift: f32,
}

impl Swell {
    fn new(sheet: &mut Sheet<'_>) -> Self {
        let long = sheet.w.max(sheet.measure());
        Self {
            length: long * sheet.random.between(0.75, 1.05),
            height: sheet.measure().min(sheet.h * 1.2) * sheet.random.between(0.07, 0.1),
            phases: [sheet.random.between(0.0, TAU), sheet.random.between(0.0, TAU)],
            drift: sheet.random.between(0.16, 0.3),
        }
    }

    /// The height of line number `line` at `x`.
    fn at(&self, x: f32, line: f32) -> f32 {
        let turn = TAU * x / self.length + line * self.drift;
        let slow = libm::sinf(turn + self.phases[0]);
        let quick = libm::sinf(turn * 1.7 - line * self.drift * 0.6 + self.phases[1]);
        self.height * (slow + 0.4 * quick)
    }

    /// The line through the whole frame and a little beyond.
    fn points(&self, sheet: &Sheet<'_>, y: f32, line: f32) -> Vec<[f32; 2]> {
        /// Points enough for two waves of a spline.
        const POINTS: u8 = 28;
        (0..=POINTS)
            .map(|point| sheet.w * (f32::from(point) / f32::from(POINTS) * 1.08 - 0.04))
            .map(|x| [x, y + self.at(x, line)])
            .collect()
    }
}

fn lines(sheet: &Sheet<'_>, pen: &mut Pen, swell: &Swell) {
    const MOST_LINES: u8 = 13;
    let gap = (sheet.step() * 0.4).max(sheet.line() * 4.0);
    // From the origin's height both ways, and never more than the frame holds.
    let middle = f32::from(MOST_LINES - 1) / 2.0;
    for line in 0..MOST_LINES {
        let place = f32::from(line) - middle;
        let y = sheet.origin[1] + place * gap;
        if y < -swell.height * 2.0 || y > sheet.h + swell.height * 2.0 {
            continue;
        }
        let fade = 1.0 - 0.8 * (place / middle).abs();
        let mut path = pen.path();
        path.spline(&swell.points(sheet, y, f32::from(line)), false);
        pen.shape(&path, &Coat::Line(sheet.color, sheet.line()), sheet.opacity * fade);
    }
}

fn hills(sheet: &Sheet<'_>, pen: &mut Pen, swell: &Swell) {
    const LAYERS: u8 = 4;
    let first = Oklch::from(sheet.color);
    let mut second = neighbor(sheet.second.unwrap_or(sheet.color).into(), first);
    // Towards a grey only the light changes: hills of ash are drab.
    if second.c < 0.05 {
        second = Oklch { c: first.c.max(second.c), h: first.h, ..second };
    }
    // Upwards from the bottom: the origin's height is the crest of the farthest.
    let top = sheet.origin[1].clamp(sheet.h * 0.2, sheet.h * 0.92);
    let gap = (sheet.h - top) / f32::from(LAYERS);
    for layer in 0..LAYERS {
        let share = f32::from(layer) / f32::from(LAYERS - 1);
        let y = top + gap * f32::from(layer) * 1.05;
        let mut points = swell.points(sheet, y, f32::from(layer) * 3.6);
        // A crest never shows the ground under its own layer.
        for point in &mut points {
            point[1] = point[1].min(sheet.h + 1.0);
        }
        let mut path = pen.path();
        path.spline(&points, false);
        path.line_to([sheet.w * 1.04, sheet.h + 2.0]);
        path.line_to([-sheet.w * 0.04, sheet.h + 2.0]);
        path.close();
        let hex = between(first, second, share);
        pen.shape(&path, &Coat::Fill(hex), sheet.opacity);
    }
}
