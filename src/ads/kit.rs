//! What an ad uses of a brand.
//!
//! Made from a stored brand, or read from the `brand_identity_json` of a request, whose members
//! are those of the wire's `brand_dna`; without either an ad has a kit that knows nothing. Never:
//! a value that the brand does not give. What is missing is chosen, and marked, by the palette.

use serde_json::Value;

use crate::domain::asset::ContentDigest;
use crate::domain::brand::{
    Brand, BrandColors, BrandFont, BrandFonts, BrandProfile, Ground, Hex, Scheme,
};
use crate::domain::ids::BrandId;

/// What an ad uses of a brand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BrandKit {
    /// The stored brand.
    pub id: Option<BrandId>,
    /// Its `updated_at` in ms, which says what was read.
    pub rev: Option<i64>,
    /// What it is called.
    pub name: Option<String>,
    /// The line beside the name.
    pub tagline: Option<Tagline>,
    /// Its colours.
    pub colors: BrandColors,
    /// The ground that its own page stands on.
    pub scheme: Option<Scheme>,
    /// The typeface of its headings.
    pub heading: Option<BrandFont>,
    /// The typeface of its text.
    pub body: Option<BrandFont>,
    /// Its mark; the picture itself lies in the gallery.
    pub logo: Option<KitLogo>,
    /// What the law wants said in each of its ads.
    pub legal: Option<String>,
    /// Words that none of its ads may use.
    pub prohibited: Vec<String>,
    /// How it speaks.
    pub tone: Vec<String>,
    /// BCP 47, of its own words.
    pub language: Option<String>,
    /// The corners of its buttons in px at a height of 40 px, where its page shows any.
    pub button_radius: Option<f32>,
}

/// The line beside a brand's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tagline {
    /// The words: the brand's property, never translated without a model.
    pub text: String,
    /// BCP 47.
    pub lang: Option<String>,
}

/// A brand's mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KitLogo {
    /// The picture in the gallery.
    pub digest: ContentDigest,
    /// Width and height in px.
    pub size: [u32; 2],
    /// On which ground it can stand.
    pub ground: Ground,
}

/// Why an inline brand cannot be read; the message names the member.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KitError {
    /// It is not an object.
    #[error("`brand_identity_json` is not an object")]
    NotAnObject,
    /// A member has a value of another kind than `brand_dna` gives it.
    #[error("`brand_identity_json.{member}` is not {wanted}")]
    Member {
        /// The member's path.
        member: String,
        /// What it should be.
        wanted: &'static str,
    },
}

impl BrandKit {
    /// The kit of a stored brand; `logo` is the mark as the caller has opened it.
    pub fn of(brand: &Brand, logo: Option<KitLogo>) -> Self {
        Self {
            id: Some(brand.id),
            rev: Some(brand.updated_at.ms()),
            logo,
            ..Self::of_profile(&brand.name, &brand.profile)
        }
    }

    /// The kit of what was found out about a brand, without its mark.
    pub fn of_profile(name: &str, profile: &BrandProfile) -> Self {
        let filled = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let lang = filled(&profile.language);
        let radius = profile.buttons.primary.as_ref().and_then(|look| look.radius.as_deref());
        Self {
            name: Some(name.trim().to_owned()).filter(|name| !name.is_empty()),
            tagline: filled(&profile.tagline).map(|text| Tagline { text, lang: lang.clone() }),
            colors: profile.colors.clone(),
            scheme: profile.scheme,
            heading: profile.fonts.heading.clone(),
            body: profile.fonts.body.clone(),
            tone: profile.tone.clone(),
            language: lang,
            button_radius: radius.and_then(css_px),
            ..Self::default()
        }
    }

    /// Reads the inline form: the members of `brand_dna`, with `name`, `legal` and
    /// `prohibited_words` beside them. Unknown members are passed over.
    pub fn of_identity(identity: &Value) -> Result<Self, KitError> {
        let members = identity.as_object().ok_or(KitError::NotAnObject)?;
        let member = |name: &str| members.get(name).filter(|value| !value.is_null());
        let mut profile = BrandProfile {
            tagline: text(member("tagline"), "tagline")?
                .or(text(member("core_slogan"), "core_slogan")?),
            language: text(member("language"), "language")?,
            colors: parsed(member("colors"), "colors", "an object of colours `#RRGGBB`")?,
            scheme: parsed(member("scheme"), "scheme", "`light` or `dark`")?,
            tone: parsed(member("tone"), "tone", "a list of texts")?,
            buttons: parsed(member("buttons"), "buttons", "an object of button looks")?,
            ..BrandProfile::default()
        };
        profile.fonts = parsed::<BrandFonts>(member("fonts"), "fonts", "an object of typefaces")?;
        let hex = |name: &str| parsed::<Option<Hex>>(member(name), name, "a colour `#RRGGBB`");
        let colors = &mut profile.colors;
        colors.background = colors.background.or(hex("primary_background_hex")?);
        colors.accent = colors.accent.or(hex("primary_accent_hex")?);
        colors.primary = colors.primary.or(hex("primary_hex")?);
        colors.secondary = colors.secondary.or(hex("secondary_hex")?);
        let palette: Vec<Hex> =
            parsed(member("color_palette"), "color_palette", "a list of colours `#RRGGBB`")?;
        let mut palette = palette.into_iter();
        colors.primary = colors.primary.or(palette.next());
        colors.secondary = colors.secondary.or(palette.next());
        let name = text(member("name"), "name")?.unwrap_or_default();
        Ok(Self {
            legal: text(member("legal"), "legal")?,
            prohibited: parsed(member("prohibited_words"), "prohibited_words", "a list of texts")?,
            ..Self::of_profile(&name, &profile)
        })
    }

    /// What every choice is drawn from beside the seed: the brand by its name, so that the same
    /// wish makes the same ad on another server.
    pub fn identity(&self) -> String {
        let id = || self.id.map(|id| id.to_string()).unwrap_or_default();
        self.name.clone().unwrap_or_else(id)
    }
}

/// The longest text of an inline brand that is looked at, in characters.
const LONGEST_TEXT: usize = 500;

fn text(value: Option<&Value>, member: &str) -> Result<Option<String>, KitError> {
    let Some(value) = value else { return Ok(None) };
    let wrong = || KitError::Member { member: member.to_owned(), wanted: "a text" };
    let text = value.as_str().ok_or_else(wrong)?.trim();
    Ok(Some(text.chars().take(LONGEST_TEXT).collect()).filter(|text: &String| !text.is_empty()))
}

fn parsed<T: Default + serde::de::DeserializeOwned>(
    value: Option<&Value>,
    member: &str,
    wanted: &'static str,
) -> Result<T, KitError> {
    let Some(value) = value else { return Ok(T::default()) };
    serde_json::from_value(value.clone())
        .map_err(|_| KitError::Member { member: member.to_owned(), wanted })
}

/// The first length of a CSS value in px; what is relative to more than the text is not known.
fn css_px(css: &str) -> Option<f32> {
    let first = css.split_whitespace().next()?;
    let number = |unit: &str| first.strip_suffix(unit)?.trim().parse::<f32>().ok();
    let px = number("px")
        .or_else(|| number("rem").map(|rem| rem * 16.0))
        .or_else(|| number("em").map(|em| em * 16.0))
        .or_else(|| first.parse::<f32>().ok().filter(|zero| *zero == 0.0))?;
    (px.is_finite() && px >= 0.0).then_some(px)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_wires_own_form_is_read() {
        let kit = BrandKit::of_identity(&json!({
            "name": "Harvest Lane", "core_slogan": "Nothing to hide", "language": "en",
            "primary_background_hex": "#0B3D2E", "primary_accent_hex": "#F4A261",
            "color_palette": ["#0B3D2E", "#F2E8CF", "#F4A261", "#FFFFFF"],
            "fonts": {"heading": {"family": "Fraunces", "class": "serif", "weight": 700}},
            "tone": ["premium"], "prohibited_words": ["cheap"], "logo_url": null,
        }))
        .expect("a brand_dna");
        assert_eq!(kit.name.as_deref(), Some("Harvest Lane"));
        assert_eq!(kit.tagline.map(|line| line.text).as_deref(), Some("Nothing to hide"));
        assert_eq!(kit.colors.primary, "#0B3D2E".parse().ok());
        assert_eq!(kit.heading.map(|font| font.family).as_deref(), Some("Fraunces"));
        assert_eq!(kit.prohibited, ["cheap"]);
    }

    #[test]
    fn a_wrong_member_is_named() {
        let wrong = |identity: Value| BrandKit::of_identity(&identity).expect_err("wrong");
        assert_eq!(wrong(json!([])), KitError::NotAnObject);
        let message = wrong(json!({"primary_accent_hex": "orange"})).to_string();
        assert!(message.contains("brand_identity_json.primary_accent_hex"), "{message}");
        assert!(wrong(json!({"tagline": 7})).to_string().contains("tagline"));
    }

    #[test]
    fn corners_are_read_from_css() {
        assert_eq!(css_px("12px"), Some(12.0));
        assert_eq!(css_px("0.5rem 1rem"), Some(8.0));
        assert_eq!(css_px("0"), Some(0.0));
        assert_eq!(css_px("50%"), None);
    }
}
