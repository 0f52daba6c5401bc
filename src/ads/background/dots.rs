//! Dots: an even grid that fades out, and a halftone whose dots shrink.

use super::pen::{Coat, Pen};
use super::sheet::{Sheet, distance};

/// The most dots of one drawing: 2 000 are about 100 KiB of path.
const MOST_DOTS: f32 = 2000.0;

/// An even grid of small dots, strongest at the origin and gone where words stand.
pub(super) fn grid(sheet: &mut Sheet<'_>, pen: &mut Pen) {
    /// Dots of nearly one opacity share a path.
    const LEVELS: u8 = 6;
    let gap = spacing(sheet, sheet.step() * 0.52, 1.0);
    let r = (gap * 0.125).max(0.8);
    let reach = sheet.reach() * sheet.random.between(0.62, 0.74);
    let mut levels: Vec<_> = (0..LEVELS).map(|_| pen.path()).collect();
    each(sheet, gap, false, |at| {
        let share = 1.0 - distance(at, sheet.origin) / reach;
        if share > 0.0 {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a share of 6"
            )]
            let level = (share * f32::from(LEVELS)) as u8;
            levels[usize::from(level.min(LEVELS - 1))].circle(at, r);
        }
    });
    for (level, path) in (0..LEVELS).zip(&levels) {
        let share = (f32::from(level) + 0.6) / f32::from(LEVELS);
        pen.shape(path, &Coat::Fill(sheet.color), sheet.opacity * libm::powf(share, 0.6).min(1.0));
    }
}

/// Dots on a grid that stands on its corner, large at the origin and smaller the farther away.
pub(super) fn halftone(sheet: &mut Sheet<'_>, pen: &mut Pen) {
    let gap = spacing(sheet, sheet.step() * 0.42, 0.5);
    let reach = sheet.reach() * sheet.random.between(0.6, 0.72);
    let largest = gap * 0.44;
    let mut path = pen.path();
    each(sheet, gap, true, |at| {
        let share = 1.0 - distance(at, sheet.origin) / reach;
        let r = largest * libm::powf(share.max(0.0), 0.8);
        // What is smaller than this is dirt on the screen.
        if r >= gap * 0.05 {
            path.circle(at, r);
        }
    });
    pen.shape(&path, &Coat::Fill(sheet.color), sheet.opacity);
}

/// The distance of dots: as wanted, or as much more as the limit asks.
fn spacing(sheet: &Sheet<'_>, wanted: f32, rows_per_gap: f32) -> f32 {
    let least = libm::sqrtf(sheet.w * sheet.h / (MOST_DOTS * rows_per_gap));
    wanted.max(least).max(3.0)
}

/// Calls for every place of a grid with half a gap to the edges; every other row may be shifted,
/// and then stands half a gap lower.
fn each(sheet: &Sheet<'_>, gap: f32, is_shifted: bool, mut draw: impl FnMut([f32; 2])) {
    let (down, mut row) = (if is_shifted { gap * 0.5 } else { gap }, 0_u16);
    loop {
        let y = gap * 0.5 + f32::from(row) * down;
        if y > sheet.h + gap * 0.5 {
            return;
        }
        let start = if is_shifted && row % 2 == 1 { 0.0 } else { gap * 0.5 };
        let mut column = 0_u16;
        loop {
            let x = start + f32::from(column) * gap;
            if x > sheet.w + gap * 0.5 {
                break;
            }
            draw([x, y]);
            column += 1;
        }
        row += 1;
    }
}
