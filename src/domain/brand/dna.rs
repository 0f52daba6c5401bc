//! The wire's `brand_dna`: the profile, and the members that follow from it.

use serde::Serialize;
use serde_json::{Value, json};

use crate::domain::brand::{
    BrandFont, BrandProfile, FontClass, Hex, Imagery, ImageryStyle, Palette, Scheme,
};

/// A profile with the members that are worked out of it.
#[derive(Clone, Debug, Serialize)]
pub struct BrandDna<'a> {
    /// The page's ground.
    pub primary_background_hex: Option<Hex>,
    /// The accent, else the primary colour, else the text colour.
    pub primary_accent_hex: Option<Hex>,
    /// Four distinct colours.
    pub color_palette: [Hex; 4],
    /// The typefaces in one sentence, or `system fonts`.
    pub typography_rules: String,
    /// The tagline, or an empty text.
    pub core_slogan: &'a str,
    /// Two sentences of what was measured, for an image model.
    pub imagen_style_conditioning: String,
    /// What was found.
    #[serde(flatten)]
    pub profile: &'a BrandProfile,
}

impl<'a> BrandDna<'a> {
    /// Works out what follows from `profile`.
    pub fn of(profile: &'a BrandProfile) -> Self {
        let colors = &profile.colors;
        Self {
            primary_background_hex: colors.background,
            primary_accent_hex: colors.accent.or(colors.primary).or(colors.text),
            color_palette: Palette::of(colors).colors(),
            typography_rules: typography(profile),
            core_slogan: profile.tagline.as_deref().unwrap_or_default(),
            imagen_style_conditioning: format!("{} {}", pictures(profile), palette(profile)),
            profile,
        }
    }

    /// The wire's `layout_rules`: what a layout should keep to.
    pub fn layout_rules(&self) -> Value {
        let button = self.profile.buttons.primary.as_ref();
        json!({
            "core_slogan": self.core_slogan,
            "direction": self.profile.direction,
            "scheme": self.profile.scheme,
            "button_radius": button.and_then(|look| look.radius.as_deref()),
            "button_padding": button.and_then(|look| look.padding.as_deref()),
            "button_transform": button.and_then(|look| look.transform.as_deref()),
            "logo_ground": self.profile.logo.as_ref().map(|logo| logo.ground),
        })
    }
}

fn typography(profile: &BrandProfile) -> String {
    let named = |use_of: &str, font: &Option<BrandFont>| {
        let font = font.as_ref()?;
        let weight = font.weight.map(|weight| format!(" {weight}")).unwrap_or_default();
        let class = match font.class {
            Some(FontClass::Serif) => " (serif)",
            Some(FontClass::Sans) => " (sans-serif)",
            Some(FontClass::Mono) => " (monospace)",
            Some(FontClass::Display) => " (display)",
            None => "",
        };
        Some(format!("{use_of} in {}{weight}{class}", font.family))
    };
    let fonts = &profile.fonts;
    let parts: Vec<String> =
        [named("headings", &fonts.heading), named("text", &fonts.body), named("code", &fonts.mono)]
            .into_iter()
            .flatten()
            .collect();
    if parts.is_empty() { "system fonts".to_owned() } else { parts.join("; ") }
}

/// One sentence on the pictures that were measured.
fn pictures(profile: &BrandProfile) -> String {
    let Some(Imagery { style, lightness, chroma, contrast, hues, .. }) = &profile.imagery else {
        return "No pictures of the brand were measured.".to_owned();
    };
    let style = match style {
        ImageryStyle::Photo => "Photographs",
        ImageryStyle::Illustration => "Illustrations",
        ImageryStyle::Mixed => "Photographs and illustrations",
    };
    let level = |value: f64, low: f64, high: f64| {
        if value < low {
            "low"
        } else if value < high {
            "medium"
        } else {
            "high"
        }
    };
    let hues = if hues.is_empty() {
        "no dominant hue".to_owned()
    } else {
        format!("dominant hues {}", hues.join(" and "))
    };
    format!(
        "{style} of {} lightness, {} saturation and {} contrast with {hues}.",
        level(*lightness, 0.4, 0.7),
        level(*chroma, 0.04, 0.1),
        level(*contrast, 0.12, 0.24),
    )
}

/// One sentence on the page's own colours.
fn palette(profile: &BrandProfile) -> String {
    let scheme = match profile.scheme {
        Some(Scheme::Dark) => "dark ",
        Some(Scheme::Light) => "light ",
        None => "",
    };
    let colors = &profile.colors;
    let ground = colors.background.map_or_else(
        || format!("an unmeasured {scheme}ground"),
        |color| format!("a {scheme}ground {color}"),
    );
    match (colors.primary, colors.background) {
        (Some(primary), Some(background)) => {
            let ratio = primary.contrast(background);
            format!("{primary} leads on {ground} at a contrast of {ratio:.0} to 1.")
        }
        (Some(primary), None) => format!("{primary} leads on {ground}."),
        (None, _) => format!("No single colour leads on {ground}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(profile: &BrandProfile) -> usize {
        let text = BrandDna::of(profile).imagen_style_conditioning;
        text.matches(". ").count() + usize::from(text.ends_with('.'))
    }

    #[test]
    fn conditioning_is_two_sentences_whatever_was_measured() {
        let mut profile = BrandProfile::default();
        assert_eq!(sentences(&profile), 2);
        profile.colors.primary = Some(Hex::new(20, 80, 200));
        assert_eq!(sentences(&profile), 2);
        profile.colors.background = Some(Hex::WHITE);
        profile.imagery = Some(Imagery {
            style: ImageryStyle::Photo,
            pictures: 3,
            lightness: 0.35,
            chroma: 0.08,
            contrast: 0.3,
            hues: vec!["orange".to_owned(), "blue".to_owned()],
        });
        assert_eq!(sentences(&profile), 2);
    }

    #[test]
    fn an_empty_profile_still_has_every_member() {
        let profile = BrandProfile::default();
        let dna = serde_json::to_value(BrandDna::of(&profile)).expect("plain values");
        assert_eq!(dna["core_slogan"], "");
        assert_eq!(dna["typography_rules"], "system fonts");
        assert_eq!(dna["color_palette"].as_array().map(Vec::len), Some(4));
        assert!(dna["colors"]["primary"].is_null() && dna["fonts"]["mono"].is_null());
    }
}
