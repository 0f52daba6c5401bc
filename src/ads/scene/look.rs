//! What edits have asked of the looks of an ad, so that the next edit keeps it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Align, Ink, Role, Style};

/// How the words of a role look, as far as it is settled.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SettledLook {
    /// The largest size in px of the canvas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub largest: Option<f32>,
    /// Whether in capitals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caps: Option<bool>,
    /// 100 to 900.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<u16>,
    /// The colour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fill: Option<Ink>,
    /// Where lines stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub align: Option<Align>,
    /// A family of the shelf.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
}

impl SettledLook {
    /// Changes a style to what is settled.
    pub(crate) fn apply(&self, style: &mut Style) {
        let Self { largest, caps, weight, fill, align, family } = self;
        if let Some(largest) = largest {
            style.size[1] = largest.max(style.size[0]);
        }
        style.caps = caps.unwrap_or(style.caps);
        style.weight = weight.unwrap_or(style.weight);
        style.fill = fill.unwrap_or(style.fill);
        style.align = align.unwrap_or(style.align);
        if let Some(family) = family {
            style.family.clone_from(family);
        }
    }
}

/// What edits have asked for and the styles of the words do not tell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Looks {
    /// Where the words stand, buttons too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub align: Option<Align>,
    /// Of single roles.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub roles: BTreeMap<Role, SettledLook>,
}

impl Looks {
    /// Whether no edit asked for anything.
    pub fn is_nothing(&self) -> bool {
        self.align.is_none() && self.roles.is_empty()
    }
}
