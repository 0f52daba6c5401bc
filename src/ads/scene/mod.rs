//! The scene: what an ad is made of, as it is stored with its job.
//!
//! Colours are named by their role and sizes are ranges; what fitting found stands under `fit`.
//! Editing, localizing and drawing again start from here and from nothing else: the same scene,
//! engine and fonts give the same bytes. Never: a picture's bytes, which the asset store holds.

mod look;
mod node;
mod paint;
mod report;
mod text;

use serde::{Deserialize, Serialize};

pub use look::{Looks, SettledLook};
pub use node::{Icon, Node, Role};
pub use paint::{Frame, Generator, GeneratorKind, Ink, Paint, Palette};
pub use report::{Check, Lint, Provenance, Severity, WordsFrom};
pub use text::{Align, Fit, Money, Style, Text, VerticalAlign};

use crate::domain::brand::Direction;
use crate::domain::ids::BrandId;

/// The form of scene that this version writes.
pub const SCENE_VERSION: u8 = 1;

/// An ad, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scene {
    /// [`SCENE_VERSION`].
    pub scene: u8,
    /// What drew it.
    pub engine: Engine,
    /// The brand that it is for.
    pub brand: Option<BrandId>,
    /// The brand's `updated_at` (integer ms UTC) when it was read.
    pub brand_rev: Option<i64>,
    /// What was asked for.
    pub prompt: String,
    /// What every choice was drawn from: a `u64` in decimal, as text because of JSON's numbers.
    pub seed: String,
    /// The arrangement.
    pub layout: LayoutKind,
    /// Which of the arrangements that the seed ranks, from 0.
    pub variant: u32,
    /// The canvas.
    pub format: Format,
    /// BCP 47, of the ad as a whole.
    pub lang: String,
    /// Which way the ad reads.
    pub dir: Direction,
    /// ISO 4217, of the prices in it.
    pub currency: Option<String>,
    /// How it came to its arrangement.
    pub composition: Composition,
    /// The colours by role.
    pub palette: Palette,
    /// What edits have asked of its looks.
    #[serde(default, skip_serializing_if = "Looks::is_nothing")]
    pub looks: Looks,
    /// From back to front: by `z`, then by place in this list.
    pub nodes: Vec<Node>,
    /// What was measured.
    pub checks: Vec<Check>,
    /// The sum of it.
    pub lint: Lint,
    /// Where its words and pictures came from.
    pub provenance: Provenance,
    /// What a person should know, as `font_substituted:Gotham`.
    pub warnings: Vec<String>,
}

impl Scene {
    /// The node of this id.
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// The first node of this role.
    pub fn of_role(&self, role: Role) -> Option<&Node> {
        self.nodes.iter().find(|node| node.role == role)
    }

    /// All that is said in it.
    pub fn said(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().filter_map(|node| node.text.as_ref()).map(|text| text.v.as_str())
    }

    /// The nodes in the order in which they are drawn.
    pub fn back_to_front(&self) -> Vec<&Node> {
        let mut nodes: Vec<&Node> = self.nodes.iter().collect();
        nodes.sort_by_key(|node| node.z);
        nodes
    }
}

/// What drew a scene: another version, or other fonts, may draw it otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engine {
    /// `tidemill`.
    pub name: String,
    /// The program's version.
    pub version: String,
    /// `sha256:` and the digest of all fonts that it may use.
    pub fonts: String,
}

/// The ten arrangements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LayoutKind {
    /// Type only, large.
    Statement,
    /// A poster around its middle.
    Centered,
    /// Text beside drawn art.
    SplitArt,
    /// Text beside a photograph.
    SplitPhoto,
    /// One huge number.
    OfferBurst,
    /// A card upon a pattern.
    CardOnPattern,
    /// A photograph to the edges, text upon a scrim.
    ScrimPhoto,
    /// An editorial frame.
    Frame,
    /// A band across the ground.
    DiagonalBand,
    /// A cut-out picture or an icon, text under it.
    ProductHero,
}

impl LayoutKind {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Statement,
        Self::Centered,
        Self::SplitArt,
        Self::SplitPhoto,
        Self::OfferBurst,
        Self::CardOnPattern,
        Self::ScrimPhoto,
        Self::Frame,
        Self::DiagonalBand,
        Self::ProductHero,
    ];
}

/// A canvas: its name, its size in pixels, and the part of it that no frame of a platform covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Format {
    /// A name of the table, such as `story`, or `custom`.
    pub id: String,
    /// Width, 50 to 4096 px.
    pub w: u32,
    /// Height, 50 to 4096 px.
    pub h: u32,
    /// Left, top, right and bottom edge of the safe area, in px from the top left corner.
    pub safe: [i32; 4],
}

/// How an ad came to its arrangement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Composition {
    /// Chosen here.
    #[default]
    Free,
    /// Another ad's, kept to the pixel.
    Locked,
    /// Another ad's, seen in a mirror.
    Mirrored,
}
