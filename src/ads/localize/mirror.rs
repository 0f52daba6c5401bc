//! A scene as in a mirror, for readers who begin on the other side.
//!
//! Boxes change their side, drawn art is drawn mirrored by its own parameter, gradients and bands
//! lean the other way. Never: pixels of a logo or a photograph, or the direction of words.

use crate::ads::scene::{Composition, Scene};

/// The same scene in a mirror that stands upright in its middle. What fitting found is dropped,
/// because the words stand elsewhere.
pub fn mirrored(scene: &Scene) -> Scene {
    let mut mirrored = scene.clone();
    let width = i32::try_from(scene.format.w).unwrap_or(i32::MAX);
    let [left, top, right, bottom] = scene.format.safe;
    mirrored.format.safe = [width - right, top, width - left, bottom];
    mirrored.composition = Composition::Mirrored;
    for node in &mut mirrored.nodes {
        node.mirror(width);
        node.fit = None;
    }
    mirrored
}
