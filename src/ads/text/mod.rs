//! Sets words: shapes them, breaks them into lines, finds their size, and draws their outlines.
//!
//! A text is shaped once at a reference size; every size that is tried after that is only broken
//! and measured, by what is inked and not by line boxes. `set` takes the lines that `fit` chose,
//! so that both draw the same. Never: an empty box for a character that no font has, a font that
//! is not on the shelf, an order that depends on a hash.

mod choice;
mod chunk;
mod direction;
mod ink;
mod lines;
mod outline;
mod paragraph;
mod place;
mod script;
mod size;
mod words;

use std::sync::Arc;

use crate::ads::fonts::FontShelf;
use crate::ads::scene::{Fit, Node};
use crate::ads::text::paragraph::{Paragraph, Press};
use crate::ads::text::words::Words;

pub use words::MAX_CHARACTERS;

/// Words on their place.
#[derive(Clone, Debug, PartialEq)]
pub struct SetText {
    /// What fitting found: enough to set them again.
    pub fit: Fit,
    /// SVG path data in px of the canvas, two decimals. Filled by the nonzero rule.
    pub outline: String,
    /// Pictographs that no font has, and that were left out.
    pub missing: Vec<char>,
    /// The family that was asked for and the one that was used, where they differ.
    pub substituted: Option<(String, String)>,
}

/// Why words cannot be set.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TextError {
    /// The node has no text or no style.
    #[error("there are no words to set")]
    NoWords,
    /// Nothing is left of the text that could be seen.
    #[error("the text is empty")]
    Empty,
    /// The text is longer than any that an ad can show.
    #[error("the text has {characters} characters; at most {limit} are set")]
    TooLong {
        /// Its length.
        characters: usize,
        /// The limit.
        limit: usize,
    },
    /// No font of the shelf has these characters.
    #[error("no font has {}", listed(.0))]
    MissingGlyphs(Vec<char>),
    /// The words do not fit their box, even at the smallest size.
    #[error("the text does not fit its box at {size} px, its smallest size")]
    NoRoom {
        /// The smallest size in px.
        size: f32,
    },
    /// The style is none that can be set.
    #[error("the style cannot be set: {0}")]
    BadStyle(&'static str),
    /// `set` was asked for words that were never fitted.
    #[error("the text was not fitted yet")]
    NotFitted,
    /// The lines of the fit are not those of the text.
    #[error("the stored lines are not those of the text")]
    StaleFit,
}

fn listed(characters: &[char]) -> String {
    let name = |c: &char| format!("`{c}` (U+{:04X})", u32::from(*c));
    characters.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// Sets texts with the fonts of a shelf. Keeps what it unpacked: one a thread.
pub struct Typesetter {
    press: Press,
}

impl Typesetter {
    /// One for these fonts.
    pub fn new(shelf: Arc<FontShelf>) -> Self {
        Self { press: Press::new(shelf) }
    }

    /// Sets the words of `node` in its [`Node::text_frame`]: as large as its style allows, in
    /// lines of about equal length where it wants that, with all ink inside the frame.
    pub fn fit(&mut self, node: &Node) -> Result<SetText, TextError> {
        let mut paragraph = self.shape(node)?;
        let (size, counts) = size::choose(&mut paragraph, node.text_frame())?;
        paragraph.set(size, &counts, node.text_frame())
    }

    /// Sets the words of `node` again, in the size and the lines of its `fit`, wherever that
    /// puts their ink.
    pub fn set(&mut self, node: &Node) -> Result<SetText, TextError> {
        let fit = node.fit.as_ref().ok_or(TextError::NotFitted)?;
        let mut paragraph = self.shape(node)?;
        size::settable(fit.size)?;
        let counts = paragraph.counts_of(&fit.lines)?;
        paragraph.set(fit.size, &counts, node.text_frame())
    }

    fn shape<'a>(&'a mut self, node: &'a Node) -> Result<Paragraph<'a>, TextError> {
        let (Some(text), Some(style)) = (&node.text, &node.style) else {
            return Err(TextError::NoWords);
        };
        size::range(style)?;
        self.press.shape(Words::of(text, style)?, style)
    }
}

#[cfg(test)]
mod tests;
