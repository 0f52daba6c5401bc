//! What an extraction found out about a brand: plain values, `None` where nothing can be defended.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::domain::brand::Hex;

/// Everything known of a brand beside its name. The wire's `brand_dna` is made of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BrandProfile {
    /// The line that stands beside the name.
    pub tagline: Option<String>,
    /// What the brand says it does, one paragraph.
    pub description: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// Which way its text runs.
    pub direction: Option<Direction>,
    /// Whether its page stands on a light or a dark ground.
    pub scheme: Option<Scheme>,
    /// The colours by what they are for.
    pub colors: BrandColors,
    /// The typefaces by what they are for.
    pub fonts: BrandFonts,
    /// The mark.
    pub logo: Option<BrandLogo>,
    /// The icons that the site declares.
    pub icons: Vec<BrandIcon>,
    /// How its buttons look.
    pub buttons: BrandButtons,
    /// Its own pages on social networks.
    pub social_links: Vec<SocialLink>,
    /// How it speaks, two or three labels.
    pub tone: Vec<String>,
    /// What was measured on its pictures.
    pub imagery: Option<Imagery>,
    /// What limits this record, such as `js_required` or `truncated`.
    pub warnings: Vec<String>,
}

/// Which way text runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

/// The ground of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// Dark text on a light ground.
    Light,
    /// Light text on a dark ground.
    Dark,
}

/// Colours by what they are for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BrandColors {
    /// The colour that the brand is known by.
    pub primary: Option<Hex>,
    /// The text colour that stands on `primary`.
    pub on_primary: Option<Hex>,
    /// The colour beside it.
    pub secondary: Option<Hex>,
    /// The colour that points at things.
    pub accent: Option<Hex>,
    /// The page's ground.
    pub background: Option<Hex>,
    /// The ground of cards and bands.
    pub surface: Option<Hex>,
    /// The body text.
    pub text: Option<Hex>,
    /// Quieter text.
    pub muted_text: Option<Hex>,
    /// Links in running text.
    pub link: Option<Hex>,
    /// Lines and frames.
    pub border: Option<Hex>,
    /// The logo's own colours, largest share first.
    pub logo: Vec<Hex>,
}

/// Typefaces by what they are for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BrandFonts {
    /// Headings.
    pub heading: Option<BrandFont>,
    /// Running text.
    pub body: Option<BrandFont>,
    /// Code.
    pub mono: Option<BrandFont>,
}

/// A typeface as the site uses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrandFont {
    /// The family's name; a generic family such as `sans-serif` when the site names no other.
    pub family: String,
    /// Its class.
    pub class: Option<FontClass>,
    /// 1 to 1000.
    pub weight: Option<u16>,
}

/// The kinds of typeface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FontClass {
    /// With serifs.
    Serif,
    /// Without.
    Sans,
    /// Every character equally wide.
    Mono,
    /// For display or handwriting.
    Display,
}

/// The mark as it was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrandLogo {
    /// Where it was found, or `inline-svg` or `upload`.
    pub source_url: String,
    /// The format it had there, such as `svg` or `png`.
    pub format: String,
    /// Its width in pixels, as stored.
    pub width: u32,
    /// Its height in pixels, as stored.
    pub height: u32,
    /// On which ground it can stand.
    pub ground: Ground,
}

/// On which ground a mark can stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// Only on a light one.
    Light,
    /// Only on a dark one.
    Dark,
    /// On both.
    Any,
    /// It brings its own.
    Opaque,
}

/// An icon that the site declares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrandIcon {
    /// Where it lies.
    pub url: Url,
    /// How it was declared: `icon`, `apple-touch-icon`, `mask-icon`, `manifest`.
    pub kind: String,
    /// The declared length of its longer side in pixels.
    pub size: Option<u32>,
}

/// How a site's buttons look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BrandButtons {
    /// The one that asks for the action.
    pub primary: Option<BrandButton>,
    /// The one beside it.
    pub secondary: Option<BrandButton>,
}

/// One look of a button.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BrandButton {
    /// Its fill; none for an outlined one.
    pub background: Option<Hex>,
    /// Its label.
    pub text: Option<Hex>,
    /// Its frame.
    pub border: Option<Hex>,
    /// `border-radius` as CSS.
    pub radius: Option<String>,
    /// `padding` as CSS.
    pub padding: Option<String>,
    /// `text-transform` where it is not `none`.
    pub transform: Option<String>,
    /// The label's weight, 1 to 1000.
    pub weight: Option<u16>,
}

/// A page of the brand on a social network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SocialLink {
    /// The network, such as `github`.
    pub kind: String,
    /// The page.
    pub url: Url,
    /// The account's name there.
    pub handle: Option<String>,
}

/// What was measured on the pictures of a site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Imagery {
    /// Photographs or drawings.
    pub style: ImageryStyle,
    /// How many pictures were measured.
    pub pictures: u32,
    /// Mean `OKLab` lightness, 0 to 1.
    pub lightness: f64,
    /// Mean `OKLab` chroma, 0 to about 0.3.
    pub chroma: f64,
    /// Standard deviation of the lightness, 0 to 0.5.
    pub contrast: f64,
    /// The names of the dominant hues, strongest first; empty for grey pictures.
    pub hues: Vec<String>,
}

/// How pictures are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageryStyle {
    /// Photographs.
    Photo,
    /// Drawings, icons, screenshots of flat interfaces.
    Illustration,
    /// Both.
    Mixed,
}
