//! Which ground an ad stands on: the brand's own colour, its dark, its tint, or paper.

use super::ink::{SHAPES, distance, ink, is_sallow, paper, reaching};
use super::swatch::Swatch;
use super::wish::Energy;
use crate::ads::random::Random;
use crate::domain::brand::{BrandColors, Hex, Scheme};
use crate::domain::color::Oklch;

/// A ground that an ad may stand on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ground {
    pub(super) hex: Hex,
    pub(super) origin: String,
    /// How readily it is taken.
    weight: f32,
}

/// The grounds that a brand allows, best first as the seed ranks them; never none.
pub(super) fn ranked(
    swatches: &[Swatch],
    colors: &BrandColors,
    scheme: Option<Scheme>,
    asked: Option<Scheme>,
    energy: Energy,
    random: &mut Random,
) -> Vec<Ground> {
    let lead = lead(swatches);
    let is_dark = scheme == Some(Scheme::Dark);
    // Of each kind: how readily a quiet, a plain and a loud ad takes it.
    let readily = |weights: [f32; 3]| weights[energy as usize];
    let mut grounds = Vec::new();
    let own = swatches.iter().filter(|swatch| swatch.is_colorful() && carries(swatch.hex, energy));
    for (place, swatch) in own.take(2).enumerate() {
        let weight = readily([0.0, 3.0, 6.0]) * if place == 0 { 1.0 } else { 0.4 };
        grounds.push(Ground { hex: swatch.hex, origin: swatch.origin.clone(), weight });
    }
    let derived = |hex: Hex, how: &str, weight: f32| Ground {
        hex,
        origin: format!("derived:{}:{how}", lead.origin),
        weight,
    };
    let dark = dark_of(lead.lch(), random.between(0.23, 0.29));
    grounds.push(derived(
        dark,
        "dark",
        readily(if is_dark { [4.0, 4.0, 3.0] } else { [1.0, 2.5, 2.0] }),
    ));
    grounds.push(derived(tint_of(lead.lch()), "tint", readily([2.0, 2.2, 0.6])));
    grounds.push(derived(near_white_of(lead.lch()), "paper", readily([4.0, 1.4, 0.2])));
    if let Some(page) = colors.background.filter(|page| is_page(*page)) {
        let weight = readily(if is_dark { [4.0, 3.0, 1.0] } else { [3.0, 1.0, 0.1] });
        grounds.push(Ground { hex: page, origin: "brand.background".to_owned(), weight });
    }
    let mut grounds = distinct(grounds);
    for ground in &mut grounds {
        // A brand whose colour cannot be seen on a ground would not be recognized there.
        if !shows_a_color(ground.hex, swatches) {
            ground.weight *= COLORLESS;
        }
    }
    if let Some(asked) = asked {
        grounds.retain(|ground| scheme_of(ground.hex) == asked);
    }
    shuffled(grounds, random)
}

/// How much less readily a ground is taken that shows no colour of a brand which has one.
const COLORLESS: f32 = 0.06;

/// Whether the ground is a colour itself, or one of the brand's colours can point on it without
/// turning into mud; a brand without colours asks for none.
fn shows_a_color(ground: Hex, swatches: &[Swatch]) -> bool {
    let mut colorful = swatches.iter().filter(|swatch| swatch.is_colorful()).peekable();
    if colorful.peek().is_none() || Oklch::from(ground).c >= 0.1 {
        return true;
    }
    colorful.any(|swatch| {
        let lch = swatch.lch();
        let reached = Oklch::from(reaching(lch, &[ground], SHAPES));
        let is_mud = is_sallow(lch) && reached.l < 0.74 && reached.l < lch.l - 0.04;
        reached.c >= 0.06 && !is_mud
    })
}

/// The swatch that the brand is known by: its first colour, or its first grey when it has none.
fn lead(swatches: &[Swatch]) -> Swatch {
    let colorful = swatches.iter().find(|swatch| swatch.is_colorful());
    let ink = || Swatch::new(Hex::new(0x22, 0x22, 0x22), "default:ink", 0.0);
    colorful.or(swatches.first()).cloned().unwrap_or_else(ink)
}

/// Whether a colour can carry a whole ad: not so bright that it hurts, not so grey in the middle
/// that neither light nor dark words stand out.
fn carries(hex: Hex, energy: Energy) -> bool {
    /// From here on a colour of the upper half glows.
    const GARISH: f32 = 0.205;
    /// From here on any does.
    const GLARING: f32 = 0.28;
    /// From here on a bright green or blue does.
    const ICY: f32 = 0.13;
    /// What words on a whole ad's ground should have, more than the law wants.
    const EASY: f64 = 5.2;
    let lch = Oklch::from(hex);
    let ease = if energy == Energy::Loud { 0.025 } else { 0.0 };
    // Bright cyan and sea green glow with less chroma than other hues have.
    let is_icy = (130.0..230.0).contains(&lch.h) && lch.l > 0.78 && lch.c > ICY;
    let is_garish = is_icy || (lch.l > 0.5 && lch.c > GARISH + ease) || lch.c > GLARING + ease;
    let is_read = hex.contrast(paper(lch)) >= EASY || hex.contrast(ink(lch)) >= EASY;
    !is_garish && is_read
}

/// A colour's dark: deep, and never the brown and olive that dark yellow turns into.
pub(super) fn dark_of(color: Oklch, l: f32) -> Hex {
    let most = match color.h {
        _ if is_sallow(color) => 0.022,
        // Deep reds are wine, not blood.
        h if !(55.0..350.0).contains(&h) => 0.07,
        _ => 0.095,
    };
    color.muted_to(most).at(l).hex()
}

/// A colour's tint: the hue is felt more than seen.
pub(super) fn tint_of(color: Oklch) -> Hex {
    color.muted_to(if is_sallow(color) { 0.032 } else { 0.024 }).at(0.952).hex()
}

fn near_white_of(color: Oklch) -> Hex {
    color.muted_to(0.006).at(0.982).hex()
}

/// Whether a page's ground is one for an ad too: light or dark, and nearly grey.
fn is_page(page: Hex) -> bool {
    let lch = Oklch::from(page);
    (lch.l >= 0.93 && lch.c < 0.05) || ((0.1..0.32).contains(&lch.l) && lch.c < 0.12)
}

/// Whether words on it are dark or light.
pub(super) fn scheme_of(ground: Hex) -> Scheme {
    if Oklch::from(ground).l < 0.6 { Scheme::Dark } else { Scheme::Light }
}

fn distinct(grounds: Vec<Ground>) -> Vec<Ground> {
    /// Nearer grounds than this are one; the later, more the brand's own, is kept.
    const SAME: f32 = 0.012;
    let mut kept: Vec<Ground> = Vec::with_capacity(grounds.len());
    for ground in grounds {
        match kept.iter_mut().find(|known| distance(known.hex, ground.hex) < SAME) {
            Some(known) => {
                let weight = known.weight.max(ground.weight);
                *known = Ground { weight, ..ground };
            }
            None => kept.push(ground),
        }
    }
    kept
}

/// A weighted draw without returning: what weighs twice as much comes first twice as often.
fn shuffled(grounds: Vec<Ground>, random: &mut Random) -> Vec<Ground> {
    let mut keyed: Vec<(f32, Ground)> = grounds
        .into_iter()
        .map(|ground| {
            let draw = random.between(1e-6, 1.0);
            (-libm::logf(draw) / ground.weight.max(1e-3), ground)
        })
        .collect();
    keyed.sort_by(|one, two| one.0.total_cmp(&two.0));
    keyed.into_iter().map(|(_, ground)| ground).collect()
}
