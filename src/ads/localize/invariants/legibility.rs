//! K11: what could be read can be read.

use super::{Rgb, at_least, spoken_pairs, to_hundredths};
use crate::ads::scene::{Check, Composition, Frame, Node, Scene};
use crate::domain::brand::Hex;

/// K11: the contrast of the words to the ground under their ink, at the node that is nearest to its
/// limit: the level of WCAG 2 that the source's words pass on the same ground. Measured against the
/// worst hundredth of the pixels.
pub(super) fn contrast_kept(source: &Scene, target: &Scene, ground: Rgb<'_>) -> Check {
    let brightness = Brightness::new();
    let width = f32::from(u16::try_from(target.format.w).unwrap_or(u16::MAX));
    let is_mirrored = target.composition == Composition::Mirrored;
    let measured = spoken_pairs(source, target).filter_map(|(before, after)| {
        let [left, top, right, bottom] = before.fit.as_ref()?.ink;
        let was = if is_mirrored {
            [width - right, top, width - left, bottom]
        } else {
            [left, top, right, bottom]
        };
        let level = level(contrast(before, was, source, ground, &brightness)?);
        let now = after.fit.as_ref().map(|fit| fit.ink);
        let now = now.and_then(|ink| contrast(after, ink, target, ground, &brightness));
        Some((now.unwrap_or(1.0), level))
    });
    let margin = |(now, level): &(f64, f64)| now - level;
    let worst = measured.min_by(|one, two| margin(one).total_cmp(&margin(two)));
    let (now, level) = worst.unwrap_or((21.0, 1.0));
    at_least("K11", to_hundredths(now), level)
}

/// The highest level that a ratio passes.
fn level(ratio: f64) -> f64 {
    const LEVELS: [f64; 3] = [7.0, 4.5, 3.0];
    LEVELS.into_iter().find(|level| to_hundredths(ratio) >= *level).unwrap_or(1.0)
}

/// The ratio that all but the worst hundredth of the pixels under the ink pass; none where the ink
/// is outside of the picture or the node has no style.
fn contrast(
    node: &Node,
    ink: [f32; 4],
    scene: &Scene,
    ground: Rgb<'_>,
    brightness: &Brightness,
) -> Option<f64> {
    let words = brightness.of(scene.palette.color(node.style.as_ref()?.fill).rgb());
    let pixels = ground.pixels_in(enclosing(ink));
    let mut ratios: Vec<f64> = pixels
        .map(|[red, green, blue]| {
            let under = brightness.of([red, green, blue]);
            (words.max(under) + 0.05) / (words.min(under) + 0.05)
        })
        .collect();
    let worst = ratios.len() / 100;
    (!ratios.is_empty()).then(|| *ratios.select_nth_unstable_by(worst, f64::total_cmp).1)
}

#[expect(clippy::cast_possible_truncation, reason = "a cast of a float saturates")]
fn enclosing([left, top, right, bottom]: [f32; 4]) -> Frame {
    let [x, y] = [left, top].map(|edge| edge.floor() as i32);
    let [to_x, to_y] = [right, bottom].map(|edge| edge.ceil() as i32);
    Frame::new(x, y, to_x.saturating_sub(x), to_y.saturating_sub(y))
}

/// The light of every value of a channel, because a headline covers some hundred thousand pixels.
struct Brightness([f64; 256]);

impl Brightness {
    fn new() -> Self {
        let mut light = [0.0; 256];
        for (value, light) in (0..=u8::MAX).zip(&mut light) {
            // The shares of the three channels add up to one.
            *light = Hex::new(value, value, value).luminance();
        }
        Self(light)
    }

    fn of(&self, [red, green, blue]: [u8; 3]) -> f64 {
        let [red, green, blue] = [red, green, blue].map(|value| self.0[usize::from(value)]);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brightness_is_that_of_the_standard() {
        let brightness = Brightness::new();
        for color in [Hex::WHITE, Hex::BLACK, Hex::new(230, 57, 70), Hex::new(11, 61, 46)] {
            assert!((brightness.of(color.rgb()) - color.luminance()).abs() < 1e-9);
        }
    }

    #[test]
    fn levels_are_those_that_a_ratio_passes() {
        for (ratio, passed) in [(21.0, 7.0), (6.99, 4.5), (4.496, 4.5), (4.4, 3.0), (1.2, 1.0)] {
            assert!((level(ratio) - passed).abs() < 1e-9, "{ratio}");
        }
    }
}
