//! What an edit can change.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ads::brief::Look;
use crate::ads::prompt::Interpretation;
use crate::ads::scene::{Align, Ink, LayoutKind, Role};
use crate::domain::brand::Hex;

/// What was made of an edit's prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The changes, in the order of the prompt; at least one.
    pub changes: Vec<Change>,
    /// All that was understood, and what was not.
    pub interpretation: Interpretation,
}

/// Nothing in the prompt is a change that can be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct NotUnderstood {
    /// What is wrong, and what can be asked for.
    pub message: String,
    /// The words that nothing was made of.
    pub words: Vec<String>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// The text of a role becomes these words, as they are.
    SetText {
        /// Whose words.
        role: Role,
        /// The words.
        words: String,
    },
    /// These words are put in beside the others.
    AddText {
        /// As what; none is whatever the ad does not have yet.
        #[serde(skip_serializing_if = "Option::is_none")]
        role: Option<Role>,
        /// The words.
        words: String,
    },
    /// Words of the ad become other words, wherever they stand in it.
    ReplaceText {
        /// The words that it has.
        old: String,
        /// The words that it gets.
        new: String,
    },
    /// Fewer words in the ad as a whole.
    LessText,
    /// The text of a role becomes a phrase of the catalog, such as `cta.book`.
    SetPhrase {
        /// Whose words.
        role: Role,
        /// The catalog's key.
        key: String,
    },
    /// Other words for a role, from the same source.
    OtherText {
        /// Whose words.
        role: Role,
    },
    /// Fewer words for a role.
    Shorter {
        /// Whose words.
        role: Role,
    },
    /// More words for a role.
    Longer {
        /// Whose words.
        role: Role,
    },
    /// A role is taken out; `Photo` is any picture, `Decoration` the drawn art.
    Remove {
        /// What is taken out.
        role: Role,
    },
    /// A role is put in, with what the brand or the catalog has for it.
    Add {
        /// What is put in.
        role: Role,
    },
    /// The brand's own line becomes the subline.
    AddTagline,
    /// The brand's own line is taken out, wherever it stands.
    RemoveTagline,
    /// A role becomes larger or smaller.
    Resize {
        /// What changes its size.
        role: Role,
        /// Larger, or else smaller.
        larger: bool,
    },
    /// A role is written in capitals, or no more.
    Capitals {
        /// Whose words.
        role: Role,
        /// Whether in capitals.
        on: bool,
    },
    /// A role is written in heavier or lighter letters.
    Weight {
        /// Whose words.
        role: Role,
        /// Heavier, or else lighter.
        heavier: bool,
    },
    /// A part of the ad takes another of its own colours.
    Recolor {
        /// Which part.
        target: ColorTarget,
        /// The colour's role in the present palette.
        from: Ink,
    },
    /// A part of the ad takes a new colour.
    SetColor {
        /// Which part.
        target: ColorTarget,
        /// The colour.
        color: Hex,
        /// Whether it was written as a value and not as a word.
        exact: bool,
    },
    /// A part of the ad, or all of it, becomes darker or lighter.
    Shade {
        /// Which part; none is the ad as a whole.
        target: Option<ColorTarget>,
        /// Which way.
        shade: Shade,
    },
    /// Ground and accent change places.
    SwapColors,
    /// Other colours of the same brand.
    OtherColors,
    /// The brand's own colours again.
    BrandColors,
    /// Another arrangement, whichever is next.
    OtherLayout,
    /// This arrangement.
    Layout {
        /// Which one.
        kind: LayoutKind,
    },
    /// Another drawing behind it.
    OtherArt,
    /// Another look.
    Look {
        /// Which one.
        look: Look,
        /// More of it, or else less.
        more: bool,
    },
    /// Text stands here.
    Align {
        /// Whose text; none is all of it.
        role: Option<Role>,
        /// Where.
        align: Align,
    },
    /// Another canvas: a format's name, or an aspect ratio such as `16:9`, or `1200x628`.
    Format {
        /// The name.
        name: String,
    },
    /// Another price.
    Price {
        /// A decimal number with a point.
        amount: String,
        /// ISO 4217; none keeps the one that the ad has.
        currency: Option<String>,
    },
    /// Another discount.
    Percent {
        /// A decimal number with a point.
        number: String,
        /// Whether it is only the most that is taken off.
        up_to: bool,
    },
    /// The picture that came with the edit is shown: in the place of the one that is there, else
    /// beside the words.
    Picture {
        /// Behind everything, to the edges of the canvas.
        background: bool,
    },
    /// Other letters, by the family's name.
    Font {
        /// The family.
        family: String,
    },
}

impl Change {
    /// Whether it carries words of the prompt.
    pub(super) const fn has_words(&self) -> bool {
        matches!(
            self,
            Self::SetText { .. }
                | Self::AddText { .. }
                | Self::ReplaceText { .. }
                | Self::Font { .. }
        )
    }

    /// Its name and its values, as an interpretation shows them.
    pub(super) fn shown(&self) -> (String, String) {
        let Ok(Value::Object(mut members)) = serde_json::to_value(self) else {
            return ("change".to_owned(), format!("{self:?}"));
        };
        let name = members.remove("change").as_ref().and_then(Value::as_str).map(str::to_owned);
        let values = members.into_iter().filter(|(_, value)| !value.is_null());
        let values = values.map(|(name, value)| match value {
            Value::String(text) => text,
            Value::Bool(on) => format!("{name}: {on}"),
            Value::Object(members) => {
                members.values().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
            }
            other => other.to_string(),
        });
        (name.unwrap_or_default(), values.collect::<Vec<_>>().join(" "))
    }
}

/// A part of an ad that has a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColorTarget {
    /// The ground.
    Background,
    /// Text on the ground.
    Text,
    /// The accent: the button, and what points.
    Accent,
    /// The label of the button.
    ButtonText,
    /// Panels and cards.
    Panel,
    /// One role's text.
    Role(Role),
}

/// Darker or lighter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shade {
    /// Towards black.
    Darker,
    /// Towards white.
    Lighter,
}
