//! Palettes for ads that have no brand: each chosen by eye, each whole.

use super::ground::scheme_of;
use super::swatch::Swatch;
use super::wish::{Energy, Wish};
use crate::ads::random::Random;
use crate::domain::brand::Hex;
use crate::domain::color::Oklch;

/// Four colours that belong together; the rest follows from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Curated {
    name: &'static str,
    pub(super) bg: Hex,
    pub(super) fg: Hex,
    pub(super) accent: Hex,
    pub(super) panel: Hex,
}

impl Curated {
    const fn new(name: &'static str, bg: u32, fg: u32, accent: u32, panel: u32) -> Self {
        Self { name, bg: hex(bg), fg: hex(fg), accent: hex(accent), panel: hex(panel) }
    }

    /// As `default:orchard`.
    pub(super) fn origin(&self) -> String {
        format!("default:{}", self.name)
    }

    /// What to derive from when the prompt wants another ground than its own.
    pub(super) fn swatches(&self) -> Vec<Swatch> {
        [(self.accent, 1.0), (self.panel, 0.5), (self.bg, 0.4), (self.fg, 0.3)]
            .into_iter()
            .map(|(hex, weight)| Swatch::new(hex, &self.origin(), weight))
            .collect()
    }
}

const fn hex(value: u32) -> Hex {
    let [_, red, green, blue] = value.to_be_bytes();
    Hex::new(red, green, blue)
}

/// All of them; `trials` holds each to the promises and asks that no two be alike.
pub(super) const ALL: [Curated; 12] = [
    Curated::new("orchard", 0x0B_3D2E, 0xF5_ECD7, 0xF4_A261, 0x14_523F),
    Curated::new("atelier", 0xF5_F1E8, 0x1D_3557, 0xC1_121F, 0xBF_DDE0),
    Curated::new("orchid", 0x21_1240, 0xF7_F2FF, 0xFF_86A6, 0x38_2266),
    Curated::new("clay", 0xFA_F5EE, 0x2E_2019, 0xA8_4424, 0xF0_DFCF),
    Curated::new("lighthouse", 0x10_2042, 0xF5_F6FB, 0xFF_CB47, 0x1C_3466),
    Curated::new("rosewood", 0xFB_EBE8, 0x48_1424, 0x9B_1B45, 0xF3_CFC9),
    Curated::new("lagoon", 0xE9_F3F1, 0x0D_3940, 0xC2_4A1F, 0xCF_E3DF),
    Curated::new("cobalt", 0xF6_F3EC, 0x15_2040, 0x1E_4BD1, 0xE6_DCC8),
    Curated::new("slate", 0x1D_2125, 0xF2_F4F1, 0x7F_DDB0, 0x2C_3238),
    Curated::new("marigold", 0xFF_C64A, 0x2B_1B08, 0x4F_2683, 0xFF_DA8C),
    Curated::new("terracotta", 0xA8_4B2F, 0xFF_F5E9, 0xFF_E0A3, 0x8A_3A22),
    Curated::new("meadow", 0xE4_EDDC, 0x1F_3524, 0x2D_6A3E, 0xCF_DFC2),
];

/// The one that the seed takes among those that fit the wish.
pub(super) fn pick(wish: &Wish, random: &mut Random) -> Curated {
    /// Below this chroma a ground is quiet.
    const QUIET: f32 = 0.03;
    let fits = |set: &&Curated| {
        let is_quiet = Oklch::from(set.bg).c < QUIET;
        wish.scheme.is_none_or(|asked| scheme_of(set.bg) == asked)
            && match wish.energy {
                Energy::Quiet => is_quiet,
                Energy::Plain => true,
                Energy::Loud => !is_quiet,
            }
    };
    let fitting: Vec<&Curated> = ALL.iter().filter(fits).collect();
    let place = random.below(fitting.len()) + wish.variant as usize;
    fitting.get(place % fitting.len().max(1)).map_or(ALL[0], |set| **set)
}
