//! Words, how they look, and what fitting them found.

use serde::{Deserialize, Serialize};

use super::Ink;
use crate::domain::brand::Direction;

/// The words of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// As they stand in the ad. U+2060 and U+00A0 keep a line from breaking.
    pub v: String,
    /// BCP 47, of these words: a tagline may speak another language than the ad.
    pub lang: String,
    /// Where they came from: `catalog:headline.promise.2`, `brand.tagline`, `prompt`, `model`.
    pub source: String,
    /// Parts that no change of language may touch, such as the brand's name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protect: Vec<String>,
}

/// A price: what the words of its node are made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// A decimal number with a point, such as `14.90`.
    pub amount: String,
    /// ISO 4217.
    pub currency: String,
}

/// How words look.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Style {
    /// `brand.display`, `brand.body`, or a family that Tidemill carries, such as `Inter`.
    pub family: String,
    /// 100 to 900.
    pub weight: u16,
    /// The smallest and the largest size in px that fitting may choose.
    pub size: [f32; 2],
    /// The distance of base lines as a multiple of the size, for Latin; other scripts have minima.
    pub lh: f32,
    /// Letter spacing as a multiple of the size; 0 for scripts that it would harm.
    pub track: f32,
    /// The most lines.
    pub lines: u32,
    /// Where lines stand in their box.
    pub align: Align,
    /// Where the lines as a whole stand in their box.
    pub valign: VerticalAlign,
    /// Their colour.
    pub fill: Ink,
    /// Lines about equally long.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub balance: bool,
    /// In capitals, where the script and the language have them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub caps: bool,
    /// The direction of the paragraph, where it is not that of the text's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dir: Option<Direction>,
}

/// Where lines stand in their box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// Where reading starts: left, or right in right-to-left text.
    Start,
    /// In the middle.
    Center,
    /// Where reading ends.
    End,
}

/// Where lines as a whole stand in their box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerticalAlign {
    /// At its top.
    Top,
    /// In its middle, by their ink.
    Center,
    /// At its bottom.
    Bottom,
}

/// What fitting the words found: enough to set them again, line for line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// The size in px, a multiple of 0.5.
    pub size: f32,
    /// The words, line for line.
    pub lines: Vec<String>,
    /// Left, top, right and bottom of what is inked, in px of the canvas, two decimals.
    pub ink: [f32; 4],
    /// The families really used.
    pub fonts: Vec<String>,
}
