//! From a ground to all seven roles.

use std::collections::BTreeMap;

use super::ground::{dark_of, tint_of};
use super::ink::{
    SHAPES, WORDS, distance, hue_distance, ink, is_sallow, most_legible, paper, reaching, worst,
};
use super::swatch::Swatch;
use super::wish::Energy;
use crate::ads::random::Random;
use crate::ads::scene::{Ink, Palette};
use crate::domain::brand::Hex;
use crate::domain::color::Oklch;

/// A colour and where it came from.
type Sourced = (Hex, String);

/// What is settled, and what the rest is derived from.
pub(super) struct Choice<'a> {
    pub(super) swatches: &'a [Swatch],
    /// The brand's body text.
    pub(super) text: Option<Hex>,
    pub(super) energy: Energy,
    pub(super) bg: Sourced,
    pub(super) fg: Option<Sourced>,
    pub(super) accent: Option<Sourced>,
    /// Whether a person asked for the accent: then it is kept even when another would be better.
    pub(super) is_accent_asked: bool,
    pub(super) panel: Option<Sourced>,
}

impl Choice<'_> {
    /// The palette, all of its promises held.
    pub(super) fn palette(&self, random: &mut Random) -> Palette {
        let bg = self.bg.0;
        let fg = self.fg(random);
        let accent = self.accent(&fg);
        let panel = self.panel(&fg, &accent, random);
        let on_accent = on_color(accent.0, &[fg.0, bg]);
        let on_panel = on_color(panel.0, &[fg.0, bg]);
        let muted = muted(fg.0, bg);
        let origin = BTreeMap::from([
            (Ink::Bg, self.bg.1.clone()),
            (Ink::Muted, "derived:fg".to_owned()),
            (Ink::OnAccent, self.origin_of(on_accent, &fg)),
            (Ink::OnPanel, self.origin_of(on_panel, &fg)),
            (Ink::Fg, fg.1),
            (Ink::Accent, accent.1),
            (Ink::Panel, panel.1),
        ]);
        let (fg, accent, panel) = (fg.0, accent.0, panel.0);
        Palette { bg, fg, muted, accent, on_accent, panel, on_panel, origin }
    }

    /// Words: light on what is dark enough for white, dark on the rest.
    fn fg(&self, random: &mut Random) -> Sourced {
        /// What words should have where the colours allow it: AAA.
        const EASY: f64 = 7.0;
        let bg = self.bg.0;
        let ground = Oklch::from(bg);
        if let Some((hex, origin)) = self.fg.clone().filter(|fg| fg.0.contrast(bg) >= WORDS) {
            return (hex, origin);
        }
        let hue = self.swatches.iter().find(|swatch| swatch.is_colorful()).map(Swatch::lch);
        let is_read = |hex: Hex| hex.contrast(bg) >= EASY;
        if bg.contrast(Hex::WHITE) >= WORDS {
            let light = self.swatches.iter().find(|swatch| {
                let lch = swatch.lch();
                lch.l >= 0.9 && lch.c < 0.06 && is_read(swatch.hex) && swatch.hex != Hex::WHITE
            });
            if let Some(light) = light {
                return (light.hex, light.origin.clone());
            }
            let own = paper(if ground.is_grey() { hue.unwrap_or(ground) } else { ground });
            return self.legible(own);
        }
        let is_ink = |hex: Hex| (0.14..0.4).contains(&Oklch::from(hex).l) && is_read(hex);
        let deep = self.swatches.iter().find(|swatch| swatch.is_colorful() && is_ink(swatch.hex));
        if let Some(deep) = deep.filter(|_| random.chance(0.6)) {
            return (deep.hex, deep.origin.clone());
        }
        if let Some(text) = self.text.filter(|text| is_ink(*text)) {
            return (text, "brand.text".to_owned());
        }
        self.legible(ink(if ground.is_grey() { hue.unwrap_or(ground) } else { ground }))
    }

    fn legible(&self, color: Hex) -> Sourced {
        let best = reaching(color.into(), &[self.bg.0], WORDS);
        (best, format!("derived:{}", self.bg.1.trim_start_matches("derived:")))
    }

    /// The colour that points: the brand's that stands out most with the least change.
    fn accent(&self, fg: &Sourced) -> Sourced {
        /// What the words' own colour is worth: it points where every other would be mud.
        const WORDS_WORTH: f32 = 0.25;
        let bg = self.bg.0;
        let asked = self.accent.as_ref().filter(|accent| {
            self.is_accent_asked || (self.is_apart(accent.0) && accent.0.contrast(bg) >= SHAPES)
        });
        if let Some((hex, origin)) = asked {
            return self.pointing(&Swatch::new(*hex, origin, 1.0));
        }
        let mut best = (WORDS_WORTH, None);
        for swatch in self.swatches.iter().filter(|swatch| swatch.is_colorful()) {
            let worth = self.worth(swatch);
            if worth > best.0 {
                best = (worth, Some(swatch));
            }
        }
        best.1.map_or_else(|| fg.clone(), |swatch| self.pointing(swatch))
    }

    /// How well a colour would point, after what its lightness has to move.
    fn worth(&self, swatch: &Swatch) -> f32 {
        let (bg, lch) = (Oklch::from(self.bg.0), swatch.lch());
        let reached = Oklch::from(reaching(lch, &[self.bg.0], SHAPES));
        let apart = if bg.is_grey() { 0.5 } else { hue_distance(lch, bg) / 180.0 };
        let is_mud = is_sallow(lch) && reached.l < 0.74 && reached.l < lch.l - 0.04;
        let moved = (reached.l - lch.l).abs();
        let pale = if reached.c < 0.06 { 0.2 } else { 0.0 };
        // On a ground of its own hue a colour does not point.
        let same = if self.is_apart(swatch.hex) { 0.0 } else { 2.0 };
        0.6 * apart + 3.0 * reached.c.min(0.2) + 0.5 * swatch.weight
            - 3.0 * moved
            - pale
            - same
            - if is_mud { 1.0 } else { 0.0 }
    }

    fn is_apart(&self, color: Hex) -> bool {
        distance(color, self.bg.0) >= 0.16
    }

    /// The colour as accent: at least [`SHAPES`] to the ground, and words that stand on it.
    fn pointing(&self, swatch: &Swatch) -> Sourced {
        let bg = [self.bg.0];
        let seen = reaching(swatch.lch(), &bg, SHAPES);
        // White nearly stands on it: a shade darker is better than black words on a red.
        let white = seen.contrast(Hex::WHITE);
        let deeper = reaching(seen.into(), &[Hex::WHITE], WORDS);
        let is_deep = Oklch::from(seen).l < 0.68 && !is_sallow(seen.into());
        let hex = if (SHAPES..WORDS).contains(&white) && is_deep && worst(deeper, &bg) >= SHAPES {
            deeper
        } else {
            seen
        };
        let changed = if hex == swatch.hex { "" } else { "derived:" };
        (hex, format!("{changed}{}", swatch.origin))
    }

    /// The second ground: a step beside the first, or another colour of the brand.
    fn panel(&self, fg: &Sourced, accent: &Sourced, random: &mut Random) -> Sourced {
        /// The least that a second ground should differ by from the first.
        const APART: f32 = 0.1;
        let bg = self.bg.0;
        let fits = |panel: Hex| {
            accent.0.contrast(panel) >= SHAPES
                && distance(panel, bg) >= 0.02
                && distance(panel, accent.0) >= APART
        };
        if let Some(panel) = self.panel.clone().filter(|panel| fits(panel.0)) {
            return panel;
        }
        let quiet = self.step_beside(accent.0);
        if self.energy == Energy::Quiet || random.chance(0.4) {
            return quiet;
        }
        let ground = Oklch::from(bg);
        let mut options: Vec<Sourced> = Vec::new();
        for swatch in self.swatches.iter().filter(|swatch| swatch.is_colorful()).take(3) {
            let lch = swatch.lch();
            let calm = lch.c < 0.16 || lch.l < 0.5;
            if calm {
                options.push((swatch.hex, swatch.origin.clone()));
            }
            if ground.l > 0.8 {
                options.push((dark_of(lch, 0.3), format!("derived:{}:dark", swatch.origin)));
            } else {
                options.push((tint_of(lch), format!("derived:{}:tint", swatch.origin)));
            }
        }
        options.retain(|panel| {
            fits(panel.0) && distance(panel.0, bg) >= APART && is_stage(panel.0, fg.0, bg)
        });
        random.pick(&options).cloned().unwrap_or(quiet)
    }

    /// The ground a step lighter or darker, the accent's promise kept.
    fn step_beside(&self, accent: Hex) -> Sourced {
        let ground = Oklch::from(self.bg.0);
        let steps: [f32; 4] = if ground.l > 0.86 {
            [-0.045, -0.03, -0.02, 0.012]
        } else {
            [0.065, -0.06, 0.04, -0.03]
        };
        let panel = steps
            .into_iter()
            .map(|step| ground.at((ground.l + step).clamp(0.0, 1.0)))
            .map(|panel| if ground.l > 0.86 { fuller(panel) } else { panel }.hex())
            .find(|panel| accent.contrast(*panel) >= SHAPES)
            .unwrap_or(self.bg.0);
        (panel, format!("derived:{}", self.bg.1.trim_start_matches("derived:")))
    }

    fn origin_of(&self, color: Hex, fg: &Sourced) -> String {
        if color == fg.0 {
            return fg.1.clone();
        }
        if color == self.bg.0 {
            return self.bg.1.clone();
        }
        let known = self.swatches.iter().find(|swatch| swatch.hex == color);
        known.map_or_else(|| "derived:contrast".to_owned(), |swatch| swatch.origin.clone())
    }
}

/// A step down from a tint takes a little more of its hue along, or it looks dirty.
fn fuller(tint: Oklch) -> Oklch {
    Oklch { c: tint.c.max((tint.c * 1.5).min(0.05)), ..tint }
}

/// Whether words of the palette stand on it with ease.
fn is_stage(panel: Hex, fg: Hex, bg: Hex) -> bool {
    /// A whole panel of words wants more than the least.
    const EASY: f64 = 5.5;
    [fg, bg, Hex::WHITE].into_iter().any(|words| words.contrast(panel) >= EASY)
}

/// Words on a colour: the palette's own where they can be read, white before any derived dark.
fn on_color(ground: Hex, own: &[Hex]) -> Hex {
    let light_first = ground.contrast(Hex::WHITE) >= WORDS;
    let is_light = |hex: &&Hex| Oklch::from(**hex).l > 0.6;
    let (light, dark): (Vec<&Hex>, Vec<&Hex>) = own.iter().partition(is_light);
    let derived = ink(ground.into());
    let options: Vec<Hex> = if light_first {
        light.into_iter().copied().chain([Hex::WHITE]).collect()
    } else {
        dark.into_iter().copied().chain([derived]).collect()
    };
    options
        .iter()
        .copied()
        .find(|words| words.contrast(ground) >= WORDS)
        .unwrap_or_else(|| most_legible(&[Hex::WHITE, Hex::BLACK], &[ground]))
}

/// The words' colour a good way towards the ground, still to be read.
fn muted(fg: Hex, bg: Hex) -> Hex {
    /// A little more than the least, for small sizes.
    const EASY: f64 = 5.0;
    (14..20)
        .map(|share| fg.mixed(bg, f64::from(share) / 20.0))
        .find(|muted| muted.contrast(bg) >= EASY)
        .unwrap_or(fg)
}
