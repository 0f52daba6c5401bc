//! Keeps the ground clear for the words of other languages: an ad may be told in one that is longer
//! or runs the other way, and no box moves for it.

use crate::ads::background;
use crate::ads::layout::{float, layer};
use crate::ads::scene::{Frame, Node};

/// What the words of a node may come to stand upon: the whole of their box, since other languages
/// are longer, higher, or begin at its other side.
pub(super) fn stage(node: &Node) -> Option<[f32; 4]> {
    let is_open = node.paint.is_none() && node.role.is_text() && node.fit.is_some();
    let frame = is_open.then(|| node.text_frame())?;
    Some([frame.x, frame.y, frame.right(), frame.bottom()].map(float))
}

/// Where the words of a node would stand if they began at the other side of their box.
pub(super) fn other_side(node: &Node) -> Option<[f32; 4]> {
    let [left, _, right, _] = stage(node)?;
    let [from, top, to, bottom] = node.fit.as_ref()?.ink;
    Some([left + right - to, top, left + right - from, bottom])
}

/// Sinks the disc of a drawing below the boxes of words, or leaves it out where it would be lost.
pub(super) fn sink_disc(nodes: &mut [Node], words: &[Node]) {
    /// Deeper, too little of it is seen for a disc.
    const DEEPEST: f32 = 1.05;
    for node in nodes.iter_mut().filter(|node| node.z == layer::ART) {
        let frame = node.frame;
        let Some(art) = &mut node.generator else { continue };
        let Some(disc) = background::disc(art, frame) else { continue };
        let boxes = words.iter().filter(|node| node.role.is_text() && node.paint.is_none());
        let met = boxes.map(|node| node.frame).filter(|words| words.overlaps(disc));
        let Some(foot) = met.map(Frame::bottom).max() else { continue };
        let down = float(foot - disc.y + disc.h / 12) / float(frame.h.max(1));
        art.origin[1] += down;
        if art.origin[1] > DEEPEST {
            art.origin[1] -= down;
            art.second = None;
        }
    }
}
