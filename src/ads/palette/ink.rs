//! Colours that can be read on each other: lightness moves, hue stays.

use crate::domain::brand::Hex;
use crate::domain::color::{Oklab, Oklch};

/// The least contrast of words to their ground: WCAG 2.2's AA, for small text too.
pub(super) const WORDS: f64 = 4.5;

/// The least contrast of the colour that points to what it stands on: WCAG 2.2's 1.4.11.
pub(super) const SHAPES: f64 = 3.0;

/// The colour nearest to `color` that has at least `least` to every ground; only its lightness
/// moves, and its chroma where sRGB ends. Black or white when no colour can.
pub(super) fn reaching(color: Oklch, grounds: &[Hex], least: f64) -> Hex {
    /// Lightness in steps that a byte of sRGB just shows.
    const STEPS: u8 = 200;
    let holds = |hex: Hex| worst(hex, grounds) >= least;
    if holds(color.hex()) {
        return color.hex();
    }
    (1..=STEPS)
        .flat_map(|step| {
            let shift = f32::from(step) / f32::from(STEPS);
            [color.l - shift, color.l + shift]
        })
        .filter(|l| (0.0..=1.0).contains(l))
        .map(|l| color.at(l).hex())
        .find(|hex| holds(*hex))
        .unwrap_or_else(|| most_legible(&[Hex::BLACK, Hex::WHITE], grounds))
}

/// The first of the colours that has the most contrast to the grounds.
pub(super) fn most_legible(colors: &[Hex], grounds: &[Hex]) -> Hex {
    let better = |best: Hex, next: &Hex| {
        if worst(*next, grounds) > worst(best, grounds) { *next } else { best }
    };
    colors.iter().fold(colors.first().copied().unwrap_or(Hex::BLACK), better)
}

/// The least contrast that a colour has to any of the grounds.
pub(super) fn worst(color: Hex, grounds: &[Hex]) -> f64 {
    grounds.iter().map(|ground| color.contrast(*ground)).fold(21.0, f64::min)
}

/// A near-white with a breath of the hue.
pub(super) fn paper(hue: Oklch) -> Hex {
    hue.muted_to(0.012).at(0.975).hex()
}

/// A near-black with some of the hue: nothing is printed in pure black.
pub(super) fn ink(hue: Oklch) -> Hex {
    hue.muted_to(if is_sallow(hue) { 0.025 } else { 0.055 }).at(0.23).hex()
}

/// Whether the hue turns to mud when it is darkened: from orange over yellow to olive.
pub(super) fn is_sallow(color: Oklch) -> bool {
    !color.is_grey() && (55.0..128.0).contains(&color.h)
}

/// How far two colours are apart to the eye.
pub(super) fn distance(one: Hex, two: Hex) -> f32 {
    Oklab::from(one).distance(two.into())
}

/// The angle between two hues in degrees, 0 to 180.
pub(super) fn hue_distance(one: Oklch, two: Oklch) -> f32 {
    let angle = (one.h - two.h).abs();
    angle.min(360.0 - angle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_colour_can_be_brought_to_be_read_on_any_one() {
        for red in [0, 90, 119, 128, 200, 255] {
            for blue in [0, 60, 119, 180, 255] {
                let ground = Hex::new(red, 119, blue);
                let color = reaching(Oklch::from(Hex::new(blue, 40, red)), &[ground], WORDS);
                assert!(color.contrast(ground) >= WORDS, "{color} on {ground}");
            }
        }
    }

    #[test]
    fn what_can_be_read_already_is_left_alone_and_the_rest_moves_little() {
        let red = Hex::new(0xE6, 0x39, 0x46);
        assert_eq!(reaching(red.into(), &[Hex::WHITE], SHAPES), red);
        let darker = reaching(red.into(), &[Hex::WHITE], WORDS);
        assert!(distance(red, darker) < 0.06, "{darker}");
        assert!(hue_distance(red.into(), darker.into()) < 4.0, "{darker}");
    }
}
