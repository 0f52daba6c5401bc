//! A scene as in a mirror, for readers who begin on the other side.
//!
//! Boxes change their side, drawn art is drawn mirrored by its own parameter, gradients and bands
//! lean the other way. Never: pixels of a logo or a photograph, or the direction of words.

use crate::ads::scene::{Composition, Frame, Generator, Paint, Scene};

/// The same scene in a mirror that stands upright in its middle. What fitting found is dropped,
/// because the words stand elsewhere.
pub fn mirrored(scene: &Scene) -> Scene {
    let mut mirrored = scene.clone();
    let width = i32::try_from(scene.format.w).unwrap_or(i32::MAX);
    let [left, top, right, bottom] = scene.format.safe;
    mirrored.format.safe = [width - right, top, width - left, bottom];
    mirrored.composition = Composition::Mirrored;
    for node in &mut mirrored.nodes {
        node.frame = Frame::mirrored(node.frame, width);
        node.rotate = -node.rotate;
        node.paint = node.paint.as_ref().map(flipped_paint);
        node.generator = node.generator.as_ref().map(flipped_generator);
        node.fit = None;
    }
    mirrored
}

/// A fill whose line runs the other way sideways.
pub(super) fn flipped_paint(paint: &Paint) -> Paint {
    let flipped = |angle: i32| (180 - angle).rem_euclid(360);
    match paint {
        Paint::Linear { from, to, angle } => {
            Paint::Linear { from: *from, to: *to, angle: flipped(*angle) }
        }
        Paint::Scrim { color, from, to, angle } => {
            Paint::Scrim { color: *color, from: *from, to: *to, angle: flipped(*angle) }
        }
        Paint::Solid(_) | Paint::Outline { .. } => paint.clone(),
    }
}

/// The same drawing in a mirror.
pub(super) fn flipped_generator(generator: &Generator) -> Generator {
    Generator { mirrored: !generator.mirrored, ..generator.clone() }
}
