//! One thing in a scene.

use serde::{Deserialize, Serialize};

use super::{Fit, Frame, Generator, Ink, Money, Paint, Style, Text};
use crate::domain::asset::ContentDigest;

/// One thing in a scene: a ground, a drawing, a picture, a line of text, a button.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// Unique within the scene.
    pub id: String,
    /// What it is for.
    pub role: Role,
    /// Higher is nearer to the eye.
    pub z: i32,
    /// Where it stands, in px of the canvas.
    #[serde(rename = "box")]
    pub frame: Frame,
    /// What its box is filled with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paint: Option<Paint>,
    /// The corners' radius in px, of its fill or its picture.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub radius: i32,
    /// The depth in px of the soft shadow under its fill, 0 for none; of an icon without a fill,
    /// the length of the shadow that it casts to the lower right and that fades on the way.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub shadow: i32,
    /// Degrees clockwise around the middle of its box: only for grounds and bands, never for text.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rotate: i32,
    /// 0 to 1; absent is 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opacity: Option<f32>,
    /// What is drawn in its box.
    #[serde(default, rename = "gen", skip_serializing_if = "Option::is_none")]
    pub generator: Option<Generator>,
    /// The picture in its box, by the digest of its content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset: Option<ContentDigest>,
    /// Which point of the picture stays in view when it is cropped, 0 to 1 from its top left
    /// corner. Without one the picture is fitted whole into the box, never cropped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focus: Option<[f32; 2]>,
    /// A drawing of the icon set, by its name, in this colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<Icon>,
    /// A logo's clear space as a share of its height.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clear: Option<f32>,
    /// How many times as large as its arrangement has it a mark was made; absent is once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<f32>,
    /// The plate under a logo that its ground would swallow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plate: Option<Ink>,
    /// The space between its box and its text, in px: left and right, top and bottom.
    #[serde(default, skip_serializing_if = "is_no_pad")]
    pub pad: [i32; 2],
    /// The words. Without a `style` they are not drawn, but say what a picture shows: the brand's
    /// name at its mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
    /// The price that the words show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub money: Option<Money>,
    /// How the words look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<Style>,
    /// What fitting the words found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fit: Option<Fit>,
}

impl Node {
    /// A node with nothing in its box.
    pub fn new(id: &str, role: Role, z: i32, frame: Frame) -> Self {
        Self {
            id: id.to_owned(),
            role,
            z,
            frame,
            paint: None,
            radius: 0,
            shadow: 0,
            rotate: 0,
            opacity: None,
            generator: None,
            asset: None,
            focus: None,
            icon: None,
            clear: None,
            scale: None,
            plate: None,
            pad: [0, 0],
            text: None,
            money: None,
            style: None,
            fit: None,
        }
    }

    /// Turns it around in a mirror that stands upright in the middle of a canvas `width` px wide:
    /// its box, and what is drawn in it. Pictures and words keep their direction.
    pub fn mirror(&mut self, width: i32) {
        self.frame = self.frame.mirrored(width);
        self.rotate = -self.rotate;
        self.paint = self.paint.as_ref().map(Paint::in_mirror);
        self.generator = self.generator.as_ref().map(Generator::in_mirror);
    }

    /// The box that its text must stay in: its own, less `pad`.
    pub fn text_frame(&self) -> Frame {
        self.frame.inset(self.pad)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(value: &i32) -> bool {
    *value == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_no_pad(pad: &[i32; 2]) -> bool {
    *pad == [0, 0]
}

/// A drawing of the icon set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Icon {
    /// Its name in the set.
    pub name: String,
    /// Its colour.
    pub color: Ink,
}

/// What a node is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The ground of the whole canvas.
    Background,
    /// Drawn art.
    Decoration,
    /// A photograph or another picture that was given.
    Photo,
    /// What darkens or lightens a picture under text.
    Scrim,
    /// A ground of its own for what stands upon it.
    Panel,
    /// A cut-out picture or an icon that the ad is about.
    Hero,
    /// The brand's mark.
    Logo,
    /// The small line above the headline.
    Eyebrow,
    /// The line that is read first.
    Headline,
    /// The line that explains it.
    Subline,
    /// The huge number of an offer.
    Number,
    /// A price.
    Price,
    /// A small label, such as “New”.
    Badge,
    /// The button.
    Cta,
    /// What the law wants said, word for word.
    Legal,
}

impl Role {
    /// Whether nodes of this role carry words.
    pub const fn is_text(self) -> bool {
        matches!(
            self,
            Self::Eyebrow
                | Self::Headline
                | Self::Subline
                | Self::Number
                | Self::Price
                | Self::Badge
                | Self::Cta
                | Self::Legal
        )
    }
}
