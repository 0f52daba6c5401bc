//! What composing is given, and what it gives back.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ads::brief::Brief;
use crate::ads::copy::AdCopy;
use crate::ads::fonts::FontShelf;
use crate::ads::kit::BrandKit;
use crate::ads::pictures::Gallery;
use crate::ads::scene::{Align, Check, LayoutKind, Palette, Provenance, Role, Scene, SettledLook};
use crate::ads::text::{SetText, TextError};
use crate::domain::asset::ContentDigest;
use crate::domain::brand::Direction;

/// All that an ad is composed from, but for its canvas: the same for all formats of a campaign.
pub struct Commission<'a> {
    /// What was asked for, word for word.
    pub prompt: &'a str,
    /// What was read in it.
    pub brief: &'a Brief,
    /// The words.
    pub copy: &'a AdCopy,
    /// The brand.
    pub kit: &'a BrandKit,
    /// BCP 47, of the ad as a whole.
    pub lang: &'a str,
    /// Which way that language runs.
    pub dir: Direction,
    /// ISO 4217, of its prices.
    pub currency: Option<&'a str>,
    /// All pictures: the mark, photographs, cut-outs.
    pub gallery: &'a Gallery,
    /// Which of them the ad may show beside the mark, the best first.
    pub photos: &'a [ContentDigest],
    /// Names of icons that fit what the ad is about, the best first.
    pub icons: &'a [String],
    /// What every choice is drawn from.
    pub seed: u64,
    /// Which of the arrangements that the seed ranks, from 0.
    pub variant: u32,
    /// The only arrangement to try, where somebody asked for it.
    pub layout: Option<LayoutKind>,
    /// Where words and pictures came from.
    pub provenance: Provenance,
    /// The fonts that the typesetter was made with.
    pub shelf: &'a Arc<FontShelf>,
    /// What is settled already, where an ad is changed and not made.
    pub settled: Settled,
}

/// What is settled before composing: the choices of an ad that is changed. The default settles
/// nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Settled {
    /// The colours.
    pub palette: Option<Palette>,
    /// Whether no art is drawn.
    pub no_art: bool,
    /// How the words of a role look.
    pub looks: BTreeMap<Role, SettledLook>,
    /// Where the words stand, buttons too.
    pub align: Option<Align>,
    /// How many times as large as the arrangement has it the brand's mark is.
    pub mark: f32,
}

impl Default for Settled {
    fn default() -> Self {
        Self { palette: None, no_art: false, looks: BTreeMap::new(), align: None, mark: 1.0 }
    }
}

/// An ad that passed its checks.
#[derive(Clone, Debug, PartialEq)]
pub struct Composition {
    /// What it is made of, with its checks.
    pub scene: Scene,
    /// Its words as outlines, by the node's id.
    pub texts: BTreeMap<String, SetText>,
    /// The picture.
    pub svg: String,
}

/// Why there is no ad.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// No font has these characters; an ad never shows an empty box for one.
    #[error("no font has a glyph for {0:?}")]
    MissingGlyphs(Vec<char>),
    /// The words break a rule that no arrangement can mend.
    #[error("the ad does not pass its checks: {}", failed(.0))]
    Checks(Vec<Check>),
    /// Words have no room, in whatever arrangement, at a size that can be read.
    #[error(
        "`{field}` is too long for this canvas: of its {chars} characters about {room} would fit"
    )]
    CopyTooLong {
        /// The part, as `headline`.
        field: &'static str,
        /// How many characters it has.
        chars: usize,
        /// About how many have room beside the other words.
        room: usize,
    },
    /// Words cannot be set for a reason that no smaller size mends.
    #[error("the words of `{node}` cannot be set: {source}")]
    Text {
        /// The node's id.
        node: String,
        /// The reason.
        source: TextError,
    },
    /// The picture cannot be drawn.
    #[error("the ad cannot be drawn: {0}")]
    Draw(#[from] crate::ads::svg::DrawError),
}

fn failed(checks: &[Check]) -> String {
    let shown = |check: &Check| {
        let limit = match (check.min, check.max) {
            (Some(min), _) => format!("at least {min}"),
            (None, Some(max)) => format!("at most {max}"),
            (None, None) => "allowed".to_owned(),
        };
        format!("`{}` is {:.2}, not {limit}", check.id, check.value)
    };
    checks.iter().filter(|check| !check.pass).map(shown).collect::<Vec<_>>().join(", ")
}
