//! The palette of a campaign: from the brand, the brief, and what the mark can stand on.

use super::{Commission, mark};
use crate::ads::brief::{Look, Season};
use crate::ads::palette::{self, Asked, Energy, Wish};
use crate::ads::random::Random;
use crate::ads::scene::{Ink, LayoutKind, Palette};
use crate::domain::brand::{Ground, Scheme};

/// The same for all formats of a campaign.
pub(super) fn of(commission: &Commission<'_>, kind: LayoutKind) -> Palette {
    if let Some(palette) = &commission.settled.palette {
        return palette.clone();
    }
    let random = Random::new(commission.seed).fork(&commission.kit.identity()).fork("palette");
    let asked = wish(commission, kind);
    let palette = |variant: u32| {
        let wish = Wish { variant: asked.variant + variant, ..asked.clone() };
        palette::of(&commission.kit.colors, commission.kit.scheme, &wish, &mut random.clone())
    };
    // A ground on which the mark stands by itself is better than a plate under it.
    (0..GROUNDS_TRIED)
        .map(palette)
        .find(|palette| suits_mark(commission, palette))
        .unwrap_or_else(|| palette(0))
}

/// How many grounds are tried for one on which the mark needs no plate.
const GROUNDS_TRIED: u32 = 6;

fn suits_mark(commission: &Commission<'_>, palette: &Palette) -> bool {
    commission.kit.logo.is_none_or(|logo| {
        logo.ground == Ground::Opaque
            || mark::stands(commission, logo.ground, palette.color(Ink::Bg))
    })
}

fn wish(commission: &Commission<'_>, kind: LayoutKind) -> Wish {
    let brief = commission.brief;
    let asked = |ink: Ink| {
        let wish = brief.colors.iter().find(|wish| wish.ink == Some(ink))?;
        Some(if wish.is_exact { Asked::Exact(wish.color) } else { Asked::Named(wish.color) })
    };
    // A colour that is asked for without saying what for is the ad's ground.
    let loose = brief.colors.iter().find(|wish| wish.ink.is_none()).map(|wish| {
        if wish.is_exact { Asked::Exact(wish.color) } else { Asked::Named(wish.color) }
    });
    let dark = kind == LayoutKind::ScrimPhoto || brief.season == Some(Season::BlackFriday);
    Wish {
        ground: asked(Ink::Bg).or(loose),
        accent: asked(Ink::Accent),
        scheme: brief.scheme.or(dark.then_some(Scheme::Dark)),
        energy: match brief.look {
            Some(Look::Minimal | Look::Elegant) => Energy::Quiet,
            Some(Look::Bold | Look::Playful) => Energy::Loud,
            None => Energy::Plain,
        },
        variant: commission.variant,
    }
}
