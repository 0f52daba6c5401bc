//! How the words of an ad look: their colours on a ground, their typefaces, their sizes.

use super::Commission;
use crate::ads::brief::{Look, Tone};
use crate::ads::fonts::nearest;
use crate::ads::layout::Grid;
use crate::ads::random::Random;
use crate::ads::scene::{Align, Format, Ink, Palette, Role, Style, VerticalAlign};
use crate::domain::brand::BrandFont;

/// How the words of an ad look, whatever its canvas.
pub(super) struct Voice {
    /// The family of headlines and numbers.
    pub(super) display: String,
    /// Their weight.
    weight: u16,
    /// The family of everything else.
    pub(super) body: String,
    /// Families of the brand that are not at hand, as `font_substituted:Gotham→Manrope`.
    pub(super) warnings: Vec<String>,
}

impl Voice {
    /// The brand's own typefaces, or the carried ones next to them; without any, a pair that
    /// suits tone and look.
    pub(super) fn of(commission: &Commission<'_>) -> Self {
        let kit = commission.kit;
        let mut warnings = Vec::new();
        let mut at_hand = |font: &BrandFont| {
            let found = commission.shelf.resolve(&font.family).family;
            if found.name().eq_ignore_ascii_case(&font.family) {
                return found.name().to_owned();
            }
            let near = nearest(&font.family, font.class).to_owned();
            warnings.push(format!("font_substituted:{}→{near}", font.family));
            near
        };
        let named = |font: &Option<BrandFont>| font.clone().filter(|font| is_a_name(&font.family));
        let (heading, body) = (named(&kit.heading), named(&kit.body));
        let own = heading.as_ref().or(body.as_ref()).map(|font| (at_hand(font), font.weight));
        let (display, weight) = match own {
            Some((family, weight)) => (family, weight.unwrap_or(700).clamp(500, 800)),
            None => chosen(commission),
        };
        let body = body.as_ref().map_or_else(|| "Inter".to_owned(), at_hand);
        // Two families at most, and small words in a display face are hard to read.
        let body = if is_for_display(&body) { "Inter".to_owned() } else { body };
        warnings.dedup();
        Self { display, weight, body, warnings }
    }

    /// The look of a role on this canvas; sizes are set by whoever knows the room.
    pub(super) fn style(&self, role: Role, align: Align, inks: Inks) -> Style {
        let is_display = matches!(role, Role::Headline | Role::Number);
        let (weight, lh, track, lines) = match role {
            Role::Headline => (self.weight, 1.04, -0.025, 3),
            Role::Number => (self.weight.max(700), 1.0, -0.03, 1),
            Role::Subline => (400, 1.38, 0.0, 3),
            Role::Eyebrow => (600, 1.2, 0.12, 1),
            Role::Price => (700, 1.1, -0.01, 1),
            Role::Badge | Role::Cta => (600, 1.2, 0.0, 1),
            _ => (400, 1.3, 0.0, 2),
        };
        Style {
            family: if is_display { self.display.clone() } else { self.body.clone() },
            weight,
            size: [1.0, 1.0],
            lh,
            track,
            lines,
            align,
            valign: match role {
                Role::Headline | Role::Legal => VerticalAlign::Bottom,
                Role::Subline => VerticalAlign::Top,
                _ => VerticalAlign::Center,
            },
            fill: inks.of(role),
            balance: matches!(role, Role::Headline | Role::Subline),
            caps: role == Role::Eyebrow,
            dir: None,
        }
    }
}

/// A family that is a typeface's name and not CSS for “whatever is there”.
fn is_a_name(family: &str) -> bool {
    const GENERIC: [&str; 12] = [
        "sans-serif",
        "serif",
        "monospace",
        "system-ui",
        "ui-sans-serif",
        "-apple-system",
        "blinkmacsystemfont",
        "segoe ui",
        "arial",
        "inherit",
        "cursive",
        "fantasy",
    ];
    !GENERIC.contains(&family.trim().to_lowercase().as_str())
}

fn is_for_display(family: &str) -> bool {
    matches!(family, "Fraunces" | "Bricolage Grotesque" | "Space Grotesk")
}

/// A display face for a brand that names none.
fn chosen(commission: &Commission<'_>) -> (String, u16) {
    let mut random = Random::new(commission.seed).fork(&commission.kit.identity()).fork("type");
    let tones = &commission.kit.tone;
    let speaks = |tone: Tone, names: &[&str]| {
        commission.brief.tone == Some(tone)
            || tones.iter().any(|label| names.contains(&label.to_lowercase().as_str()))
    };
    let faces: &[(&str, u16)] = if commission.brief.look == Some(Look::Elegant)
        || speaks(Tone::Premium, &["premium", "elegant", "luxury", "refined"])
    {
        &[("Fraunces", 600), ("Literata", 600)]
    } else if commission.brief.look == Some(Look::Playful)
        || speaks(Tone::Playful, &["playful", "fun", "friendly"])
    {
        &[("Bricolage Grotesque", 800), ("Manrope", 800)]
    } else if speaks(Tone::Direct, &["technical", "technisch", "precise", "modern"]) {
        &[("Space Grotesk", 700), ("Manrope", 800), ("Inter", 700)]
    } else {
        &[
            ("Inter", 700),
            ("Bricolage Grotesque", 700),
            ("Fraunces", 700),
            ("Manrope", 800),
            ("Space Grotesk", 700),
        ]
    };
    let (family, weight) = random.pick(faces).copied().unwrap_or(("Inter", 700));
    (family.to_owned(), weight)
}

/// The colours of words on one ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Inks {
    text: Ink,
    quiet: Ink,
    eyebrow: Ink,
    /// The button's fill.
    pub(super) button: Ink,
    /// The button's label.
    pub(super) label: Ink,
}

impl Inks {
    /// What can be read on `ground`.
    pub(super) fn on(ground: Ink, palette: &Palette) -> Self {
        let reads = |ink: Ink| palette.color(ink).contrast(palette.color(ground)) >= 4.5;
        let (text, quiet) = match ground {
            Ink::Panel => (Ink::OnPanel, Ink::OnPanel),
            Ink::Accent => (Ink::OnAccent, Ink::OnAccent),
            _ => (Ink::Fg, Ink::Muted),
        };
        let (button, label) = match ground {
            Ink::Accent => (Ink::Bg, Ink::Fg),
            _ => (Ink::Accent, Ink::OnAccent),
        };
        let eyebrow = if reads(Ink::Accent) { Ink::Accent } else { quiet };
        Self { text, quiet, eyebrow, button, label }
    }

    fn of(self, role: Role) -> Ink {
        match role {
            Role::Cta => self.label,
            Role::Eyebrow => self.eyebrow,
            Role::Legal => self.quiet,
            _ => self.text,
        }
    }
}

/// The range of sizes of a role, in px of this canvas.
pub(super) fn sizes(grid: &Grid, format: &Format, role: Role, largest: f32) -> [f32; 2] {
    let least = format.minimum_size(role);
    let most = (largest * grid.scale).max(least);
    [least, libm::floorf(most * 2.0) / 2.0]
}
