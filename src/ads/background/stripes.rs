//! Broad parallel bands that run off the frame, each thinner and fainter than the last.

use super::pen::{Coat, Pen};
use super::sheet::Sheet;

pub(super) fn draw(sheet: &mut Sheet<'_>, pen: &mut Pen) {
    /// More bands are a deckchair.
    const MOST_BANDS: u8 = 6;
    const ANGLES: [f32; 3] = [-56.0, -45.0, -62.0];
    let angle = sheet.random.pick(&ANGLES).copied().unwrap_or(-45.0).to_radians();
    // Along the bands, and across them away from the origin's side.
    let along = [libm::cosf(angle), libm::sinf(angle)];
    let center = [sheet.w / 2.0, sheet.h / 2.0];
    let mut across = [-along[1], along[0]];
    let away = [center[0] - sheet.origin[0], center[1] - sheet.origin[1]];
    if across[0] * away[0] + across[1] * away[1] < 0.0 {
        across = [-across[0], -across[1]];
    }
    let far = sheet.diagonal() * 1.5;
    let mut from = 0.0;
    let mut width = sheet.step() * 1.15;
    for band in 0..MOST_BANDS {
        let to = from + width;
        let at = |along_by: f32, across_by: f32| {
            [0, 1]
                .map(|axis| sheet.origin[axis] + along[axis] * along_by + across[axis] * across_by)
        };
        let mut path = pen.path();
        path.polygon(&[at(-far, from), at(far, from), at(far, to), at(-far, to)]);
        let hex = if band == 1 { sheet.second.unwrap_or(sheet.color) } else { sheet.color };
        let fade = 1.0 - 0.75 * f32::from(band) / f32::from(MOST_BANDS);
        pen.shape(&path, &Coat::Fill(hex), sheet.opacity * fade);
        from = to + width * 0.75;
        width *= 0.72;
    }
}
