//! `color-mix()`.

use cssparser::Parser;

use super::Rgba;
use super::parse::read;
use super::space::clipped;
use crate::domain::color::{Oklab, linear};

/// Reads the inside of `color-mix(in <space> …, <colour> <share>?, <colour> <share>?)`.
///
/// `srgb` is mixed channel by channel, polar spaces along the shorter hue, everything else in
/// `OKLab`, which the CIE spaces come close to.
pub(super) fn mix(inner: &mut Parser<'_>, current: Rgba) -> Option<Rgba> {
    inner.expect_ident_matching("in").ok()?;
    let space = inner.expect_ident().ok()?.to_ascii_lowercase();
    while inner.try_parse(|inner| inner.expect_ident().map(drop)).is_ok() {}
    inner.expect_comma().ok()?;
    let (one, first) = part(inner, current)?;
    inner.expect_comma().ok()?;
    let (two, second) = part(inner, current)?;
    if !inner.is_exhausted() {
        return None;
    }
    let (first, second) = match (first, second) {
        (Some(first), Some(second)) => (first, second),
        (Some(first), None) => (first, 1.0 - first),
        (None, Some(second)) => (1.0 - second, second),
        (None, None) => (0.5, 0.5),
    };
    let sum = first + second;
    if sum <= 0.0 {
        return None;
    }
    let mut mixed = blend(&space, one, two, second / sum);
    mixed.alpha *= sum.min(1.0);
    Some(mixed)
}

fn part(inner: &mut Parser<'_>, current: Rgba) -> Option<(Rgba, Option<f32>)> {
    let before = inner.try_parse(Parser::expect_percentage).ok();
    let color = read(inner, current)?;
    let share = before.or_else(|| inner.try_parse(Parser::expect_percentage).ok());
    Some((color, share.map(|share| share.clamp(0.0, 1.0))))
}

/// `share` of `two`, the rest `one`, with premultiplied alpha.
fn blend(space: &str, one: Rgba, two: Rgba, share: f32) -> Rgba {
    let alpha = one.alpha * (1.0 - share) + two.alpha * share;
    // What is invisible has no colour to give.
    let share = if alpha <= 0.0 { share } else { two.alpha * share / alpha };
    let between = |one: f32, two: f32| one * (1.0 - share) + two * share;
    let rgb = match space {
        "srgb" => {
            let mut mixed = [0.0; 3];
            for ((mixed, one), two) in mixed.iter_mut().zip(one.rgb).zip(two.rgb) {
                *mixed = linear(between(f32::from(one), f32::from(two)) / 255.0);
            }
            clipped(mixed)
        }
        "oklch" | "lch" | "hsl" | "hwb" => {
            let (one, two) = (Oklab::from(one), Oklab::from(two));
            let chroma = between(one.chroma(), two.chroma());
            let turn = (two.hue() - one.hue() + 540.0).rem_euclid(360.0) - 180.0;
            let hue = match (one.chroma() < 0.004, two.chroma() < 0.004) {
                (true, _) => two.hue(),
                (false, true) => one.hue(),
                (false, false) => one.hue() + turn * share,
            };
            let (sine, cosine) = hue.to_radians().sin_cos();
            let l = between(one.l, two.l);
            clipped(Oklab { l, a: chroma * cosine, b: chroma * sine }.to_linear())
        }
        _ => {
            let (one, two) = (Oklab::from(one), Oklab::from(two));
            let (a, b) = (between(one.a, two.a), between(one.b, two.b));
            clipped(Oklab { l: between(one.l, two.l), a, b }.to_linear())
        }
    };
    Rgba { rgb, alpha }
}
