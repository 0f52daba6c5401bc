//! Changes of colours.

use super::material::Material;
use super::reading::{Change, ColorTarget, Shade};
use super::{Desk, EditError};
use crate::ads::palette::{self, Asked, Energy, Wish};
use crate::ads::random::Random;
use crate::ads::scene::{Ink, Palette, Role};
use crate::domain::brand::{Hex, Scheme};

/// Makes one change of colours.
pub(super) fn change(
    change: &Change,
    material: &mut Material,
    desk: &Desk<'_>,
) -> Result<(), EditError> {
    let palette = current(material);
    match change {
        Change::Recolor { target, from } => {
            let color = palette.color(*from);
            recolor(*target, Asked::Current(*from), color, Some(*from), material, desk)
        }
        Change::SetColor { target, color, exact } => {
            let asked = if *exact { Asked::Exact(*color) } else { Asked::Named(*color) };
            recolor(*target, asked, *color, None, material, desk)
        }
        Change::Shade { target, shade } => {
            let target = target.unwrap_or(ColorTarget::Background);
            let towards = match shade {
                Shade::Darker => Hex::BLACK,
                Shade::Lighter => Hex::WHITE,
            };
            let color = palette.color(ink_of(target)).mixed(towards, STAYS);
            recolor(target, Asked::Exact(color), color, None, material, desk)
        }
        Change::SwapColors => {
            let wish = Wish {
                ground: Some(Asked::Current(Ink::Accent)),
                accent: Some(Asked::Current(Ink::Bg)),
                ..Wish::default()
            };
            again(&wish, material, desk);
            Ok(())
        }
        Change::BrandColors => {
            let (colors, wish) = (&desk.kit.colors, Wish::default());
            let palette = palette::of(colors, desk.kit.scheme, &wish, &mut random(material));
            material.settled.palette = Some(palette);
            Ok(())
        }
        Change::OtherColors => {
            others(&palette, material, desk);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// What stays of a colour that becomes darker or lighter.
const STAYS: f64 = 0.72;

/// Louder or quieter colours of the same brand.
pub(super) fn retune(material: &mut Material, desk: &Desk<'_>, loud: bool) {
    let energy = if loud { Energy::Loud } else { Energy::Quiet };
    let wish = Wish { energy, ..Wish::default() };
    let palette = palette::of(&desk.kit.colors, desk.kit.scheme, &wish, &mut random(material));
    material.settled.palette = Some(palette);
}

/// A dark ground of the ad's colours, where it has none: what a photograph asks of its scrim.
pub(super) fn darken(material: &mut Material, desk: &Desk<'_>) {
    /// A veil that is lighter takes a photograph's depth.
    const DARK: f64 = 0.2;
    if current(material).bg.luminance() > DARK {
        again(&Wish { scheme: Some(Scheme::Dark), ..Wish::default() }, material, desk);
    }
}

fn current(material: &Material) -> Palette {
    let palette = material.settled.palette.clone();
    palette.expect("a scene that was taken apart has its palette")
}

fn random(material: &Material) -> Random {
    Random::new(material.seed).fork("palette")
}

fn again(wish: &Wish, material: &mut Material, desk: &Desk<'_>) {
    let palette = palette::again(&current(material), &desk.kit.colors, wish, &mut random(material));
    material.settled.palette = Some(palette);
}

/// The next of the brand's palettes that looks other than the present one.
fn others(present: &Palette, material: &mut Material, desk: &Desk<'_>) {
    const TRIED: u32 = 6;
    let palettes = (1..=TRIED).map(|variant| {
        let wish = Wish { variant, ..Wish::default() };
        palette::of(&desk.kit.colors, desk.kit.scheme, &wish, &mut random(material))
    });
    let mut palettes = palettes.collect::<Vec<_>>().into_iter();
    if let Some(other) = palettes.find(|palette| palette.bg != present.bg) {
        material.settled.palette = Some(other);
    } else {
        material.notes.push("the brand has no other colours for a ground".to_owned());
    }
}

const fn ink_of(target: ColorTarget) -> Ink {
    match target {
        ColorTarget::Background => Ink::Bg,
        ColorTarget::Accent => Ink::Accent,
        ColorTarget::ButtonText | ColorTarget::Role(Role::Cta) => Ink::OnAccent,
        ColorTarget::Panel => Ink::Panel,
        ColorTarget::Text | ColorTarget::Role(_) => Ink::Fg,
    }
}

fn recolor(
    target: ColorTarget,
    asked: Asked,
    color: Hex,
    ink: Option<Ink>,
    material: &mut Material,
    desk: &Desk<'_>,
) -> Result<(), EditError> {
    let mut palette = current(material);
    match target {
        ColorTarget::Background => {
            again(&Wish { ground: Some(asked), ..Wish::default() }, material, desk);
        }
        ColorTarget::Accent => {
            again(&Wish { accent: Some(asked), ..Wish::default() }, material, desk);
        }
        ColorTarget::Panel => {
            palette.panel = color;
            let choices = [palette.fg, palette.bg, palette.on_accent, Hex::WHITE, Hex::BLACK];
            let best = choices
                .into_iter()
                .max_by(|one, two| one.contrast(color).total_cmp(&two.contrast(color)));
            palette.on_panel = best.unwrap_or(Hex::BLACK);
            material.settled.palette = Some(palette);
        }
        ColorTarget::Text => {
            legible(color, palette.bg)?;
            palette.fg = color;
            material.settled.palette = Some(palette);
        }
        ColorTarget::ButtonText | ColorTarget::Role(Role::Cta) => {
            legible(color, palette.accent)?;
            palette.on_accent = color;
            material.settled.palette = Some(palette);
        }
        ColorTarget::Role(role) => {
            legible(color, palette.bg)?;
            // A role takes one of the ad's own colours; another colour becomes its quiet one.
            let ink = ink.unwrap_or(Ink::Muted);
            if ink == Ink::Muted {
                palette.muted = color;
                material.settled.palette = Some(palette);
            }
            material.existing(role)?.fill = Some(ink);
        }
    }
    Ok(())
}

fn legible(color: Hex, ground: Hex) -> Result<(), EditError> {
    let ratio = color.contrast(ground);
    if ratio >= 4.5 {
        return Ok(());
    }
    Err(EditError::Illegible { color: color.to_string(), ground: ground.to_string(), ratio })
}
