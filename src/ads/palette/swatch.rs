//! The colours that there are to choose from, each with where it came from.

use super::ink::{distance, hue_distance};
use crate::domain::brand::{BrandColors, ColorRole, Hex};
use crate::domain::color::Oklch;

/// How many colours of a brand are looked at: a logo may list any number.
const MOST: usize = 8;

/// Below this distance two colours are one to the eye.
const SAME: f32 = 0.03;

/// From this chroma on a colour is seen as one.
const COLORFUL: f32 = 0.045;

/// A colour that a palette may be made of.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Swatch {
    pub(super) hex: Hex,
    /// As `brand.primary`.
    pub(super) origin: String,
    /// How much it stands for the brand, 0 to 1.
    pub(super) weight: f32,
}

impl Swatch {
    pub(super) fn new(hex: Hex, origin: &str, weight: f32) -> Self {
        Self { hex, origin: origin.to_owned(), weight }
    }

    pub(super) fn lch(&self) -> Oklch {
        self.hex.into()
    }

    pub(super) fn is_colorful(&self) -> bool {
        let lch = self.lch();
        // The eye sees less colour in what is very dark or very light.
        lch.c >= COLORFUL && (0.15..0.97).contains(&lch.l)
    }
}

/// A brand's colours by their weight, each once.
pub(super) fn of_brand(colors: &BrandColors) -> Vec<Swatch> {
    let mut found: Vec<Swatch> = Vec::new();
    let roles = [
        (colors.primary, "brand.primary", 1.0),
        (colors.accent, "brand.accent", 0.8),
        (colors.secondary, "brand.secondary", 0.6),
    ];
    let named = roles
        .into_iter()
        .filter_map(|(hex, origin, weight)| hex.map(|hex| Swatch::new(hex, origin, weight)));
    let logo = colors.logo.iter().map(|hex| Swatch::new(*hex, "brand.logo", 0.4));
    let page = [(colors.link, "brand.link"), (colors.surface, "brand.surface")];
    let page =
        page.into_iter().filter_map(|(hex, origin)| hex.map(|hex| Swatch::new(hex, origin, 0.2)));
    for swatch in named.chain(logo).chain(page) {
        let is_new = found.iter().all(|known| distance(known.hex, swatch.hex) > SAME);
        if is_new && found.len() < MOST {
            found.push(swatch);
        }
    }
    found
}

/// The colour that a brand has for a role.
pub(super) const fn of_role(colors: &BrandColors, role: ColorRole) -> Option<Hex> {
    match role {
        ColorRole::Primary => colors.primary,
        ColorRole::OnPrimary => colors.on_primary,
        ColorRole::Secondary => colors.secondary,
        ColorRole::Accent => colors.accent,
        ColorRole::Background => colors.background,
        ColorRole::Surface => colors.surface,
        ColorRole::Text => colors.text,
        ColorRole::MutedText => colors.muted_text,
        ColorRole::Link => colors.link,
        ColorRole::Border => colors.border,
    }
}

/// The swatch that a person means by a colour's name: of the same hue, or as dark a grey.
pub(super) fn meant(named: Hex, swatches: &[Swatch]) -> Option<&Swatch> {
    /// Within this angle of hue, in degrees, two colours go by one name.
    const SAME_NAME: f32 = 22.0;
    /// Within this lightness two greys do, and no light colour goes by a dark one's.
    const AS_LIGHT: f32 = 0.2;
    let wanted = Oklch::from(named);
    swatches.iter().find(|swatch| {
        let lch = swatch.lch();
        let alike = if wanted.is_grey() {
            lch.is_grey()
        } else {
            swatch.is_colorful() && hue_distance(lch, wanted) <= SAME_NAME
        };
        alike && (lch.l - wanted.l).abs() <= AS_LIGHT
    })
}
