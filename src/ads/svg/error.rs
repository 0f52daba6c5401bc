//! Why a scene gives no picture.

use crate::pixels::PictureError;

/// Why a scene gives no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DrawError {
    /// A canvas of no size, or too large to be drawn.
    #[error("a canvas has 1 to 4096 px a side, not {0} × {1}")]
    Size(u32, u32),
    /// A node names a picture that was not handed over.
    #[error("the picture of `{0}` is not at hand")]
    MissingPicture(String),
    /// A picture cannot be cut to its node.
    #[error("the picture of `{node}` cannot be drawn: {error}")]
    Picture {
        /// The node's id.
        node: String,
        /// What is wrong with it.
        error: PictureError,
    },
    /// A node has words that nobody set.
    #[error("the words of `{0}` were not set")]
    NotSet(String),
    /// A node names an icon that is not in the set.
    #[error("no icon is named `{0}`")]
    NoIcon(String),
    /// An SVG that the renderer does not take.
    #[error("the drawing cannot be rendered: {0}")]
    Unreadable(&'static str),
    /// No form of the picture is as small as was asked.
    #[error("the picture takes {smallest} bytes at least; at most {limit} are allowed")]
    OverLimit {
        /// The most bytes allowed.
        limit: usize,
        /// The fewest that it could be made of.
        smallest: usize,
    },
}
