//! The colours of an ad: seven roles from any number of brand colours, always legible.
//!
//! `ground` ranks what the ad may stand on, `roles` derives the rest in `OKLCH` by moving nothing
//! but lightness, `curated` stands in where there is no brand, and `words` knows colours by name.
//! Never: a colour that breaks a promise of [`Palette`], or a change of the brand's own colours.

mod curated;
mod ground;
mod ink;
mod roles;
mod swatch;
#[cfg(test)]
mod trials;
mod wish;
mod words;

pub use wish::{Asked, Energy, Wish};
pub use words::named;

use crate::ads::random::Random;
use crate::ads::scene::{Ink, Palette};
use crate::domain::brand::{BrandColors, Hex, Scheme};
use crate::domain::color::Oklch;
use roles::Choice;
use swatch::Swatch;

/// The palette for a brand's colours, its page's `scheme` and what the prompt asked.
///
/// Without a brand colour a curated palette is taken. The same arguments give the same palette.
pub fn of(
    colors: &BrandColors,
    scheme: Option<Scheme>,
    wish: &Wish,
    random: &mut Random,
) -> Palette {
    chosen(&Material::of(colors, wish, random), scheme, wish, random)
}

/// The palette of an ad that has one already and is asked for a change: what was not asked for
/// stays as near to `current` as the promises allow.
pub fn again(current: &Palette, colors: &BrandColors, wish: &Wish, random: &mut Random) -> Palette {
    let mut material = Material::of(colors, wish, random);
    for (ink, weight) in [(Ink::Accent, 0.9), (Ink::Panel, 0.3), (Ink::Bg, 0.3)] {
        let hex = current.color(ink);
        if material.swatches.iter().all(|swatch| swatch.hex != hex) {
            material.swatches.push(Swatch::new(hex, &origin(current, ink), weight));
        }
    }
    material.current = Some(current);
    material.curated = None;
    chosen(&material, Some(ground::scheme_of(current.bg)), wish, random)
}

/// What a palette is made from.
struct Material<'a> {
    colors: &'a BrandColors,
    swatches: Vec<Swatch>,
    /// Where there is no brand.
    curated: Option<curated::Curated>,
    /// Where an ad is changed.
    current: Option<&'a Palette>,
}

impl<'a> Material<'a> {
    fn of(colors: &'a BrandColors, wish: &Wish, random: &mut Random) -> Self {
        let mut swatches = swatch::of_brand(colors);
        let mut curated = None;
        if swatches.is_empty() {
            let page = [(colors.text, "brand.text"), (colors.background, "brand.background")];
            for (hex, origin) in page {
                swatches.extend(hex.map(|hex| Swatch::new(hex, origin, 0.5)));
            }
        }
        if swatches.is_empty() {
            let set = curated::pick(wish, random);
            swatches = set.swatches();
            curated = Some(set);
        }
        Self { colors, swatches, curated, current: None }
    }

    /// The colour that was asked for and where it comes from.
    fn asked(&self, asked: Option<Asked>) -> Option<(Hex, String)> {
        match asked? {
            Asked::Exact(hex) => Some((hex, "prompt".to_owned())),
            Asked::Named(hex) => Some(swatch::meant(hex, &self.swatches).map_or_else(
                || (hex, "prompt".to_owned()),
                |swatch| (swatch.hex, swatch.origin.clone()),
            )),
            Asked::Brand(role) => swatch::of_role(self.colors, role)
                .map(|hex| (hex, role.field().replace("colors.", "brand."))),
            Asked::Current(ink) => {
                self.current.map(|current| (current.color(ink), origin(current, ink)))
            }
        }
    }
}

fn origin(palette: &Palette, ink: Ink) -> String {
    palette.origin.get(&ink).cloned().unwrap_or_else(|| "derived:current".to_owned())
}

fn chosen(
    material: &Material<'_>,
    scheme: Option<Scheme>,
    wish: &Wish,
    random: &mut Random,
) -> Palette {
    let accent = material.asked(wish.accent);
    let bg = ground_of(material, scheme, wish, accent.as_ref(), random);
    let kept = material.current.filter(|current| current.bg == bg.0);
    let set = material.curated.as_ref().filter(|set| set.bg == bg.0);
    let choice = Choice {
        swatches: &material.swatches,
        text: material.colors.text,
        energy: wish.energy,
        bg,
        fg: set.map(|set| (set.fg, set.origin())).or(kept.map(|kept| own(kept, Ink::Fg))),
        accent: accent
            .or(set.map(|set| (set.accent, set.origin())))
            .or(material.current.map(|current| own(current, Ink::Accent))),
        is_accent_asked: wish.accent.is_some(),
        panel: set.map(|set| (set.panel, set.origin())).or(kept.map(|kept| own(kept, Ink::Panel))),
    };
    choice.palette(random)
}

fn own(palette: &Palette, ink: Ink) -> (Hex, String) {
    (palette.color(ink), origin(palette, ink))
}

/// The ground: what was asked for, what stands, or what the seed ranks first.
fn ground_of(
    material: &Material<'_>,
    scheme: Option<Scheme>,
    wish: &Wish,
    accent: Option<&(Hex, String)>,
    random: &mut Random,
) -> (Hex, String) {
    if let Some((hex, origin)) = material.asked(wish.ground) {
        return in_scheme(hex, origin, wish);
    }
    if let Some(current) = material.current
        && wish.scheme.is_none_or(|asked| ground::scheme_of(current.bg) == asked)
    {
        return own(current, Ink::Bg);
    }
    if let Some(set) = &material.curated
        && wish.scheme.is_none_or(|asked| ground::scheme_of(set.bg) == asked)
    {
        return (set.bg, set.origin());
    }
    let mut grounds = ground::ranked(
        &material.swatches,
        material.colors,
        scheme,
        wish.scheme,
        wish.energy,
        random,
    );
    if let Some((accent, _)) = accent {
        // A ground on which the accent that was asked for can stay as it is goes first.
        grounds.sort_by_key(|ground| ground.hex.contrast(*accent) < ink::SHAPES);
    }
    let place = wish.variant as usize % grounds.len().max(1);
    grounds.into_iter().nth(place).map_or_else(
        || (Hex::WHITE, "default:paper".to_owned()),
        |ground| (ground.hex, ground.origin),
    )
}

/// “Dark green”, “a light blue”: a colour that was asked for in words, in the scheme asked for.
fn in_scheme(hex: Hex, origin: String, wish: &Wish) -> (Hex, String) {
    let is_exact = matches!(wish.ground, Some(Asked::Exact(_)));
    match wish.scheme {
        Some(asked) if !is_exact && ground::scheme_of(hex) != asked => {
            let lch = Oklch::from(hex);
            let moved = match asked {
                Scheme::Dark => ground::dark_of(lch, 0.27),
                Scheme::Light => lch.muted_to(0.06).at(0.92).hex(),
            };
            (moved, format!("derived:{origin}"))
        }
        _ => (hex, origin),
    }
}
