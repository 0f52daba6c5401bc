//! Whether the words can be read: contrast, size, glyphs.

use super::{Sight, at_least, words};
use crate::ads::scene::{Check, Ink, Node, Paint, Role, Scene, Severity};

/// The least contrast of words to their ground.
pub(crate) const TEXT: f64 = 4.5;

/// The least contrast of numerals that are huge.
const HUGE: f64 = 3.0;

/// From this size in px on numerals are huge.
const HUGE_SIZE: f32 = 96.0;

/// The least contrast of a button to what is around it: 3 to a plain ground, which the palette
/// promises, and hardly less to the mean of a ground with fine lines or dots on it.
pub(crate) const BUTTON: f64 = 2.85;

pub(super) fn check(scene: &Scene, sight: Option<&Sight>, checks: &mut Vec<Check>) {
    let marks = scene.nodes.iter().filter(|node| node.role == Role::Logo && node.fit.is_some());
    for node in words(scene).chain(marks) {
        let id = format!("contrast.{}", node.id);
        let least = least_of(node);
        checks.push(at_least(id, contrast(scene, sight, node), least, Severity::Error));
        if node.role == Role::Cta
            && let Some(ratio) = button(scene, sight, node)
        {
            checks.push(at_least("contrast.cta_fill", ratio, BUTTON, Severity::Error));
        }
    }
    for node in words(scene) {
        let size = node.fit.as_ref().map_or(0.0, |fit| fit.size);
        let least = f64::from(least_size(scene, node));
        checks.push(at_least(format!("size.{}", node.id), f64::from(size), least, Severity::Error));
    }
}

/// A headline beside a huge number explains it, as a subline does.
fn least_size(scene: &Scene, node: &Node) -> f32 {
    let beside_number = node.role == Role::Headline && scene.of_role(Role::Number).is_some();
    let role = if beside_number { Role::Subline } else { node.role };
    scene.format.minimum_size(role)
}

pub(crate) fn least_of(node: &Node) -> f64 {
    let size = node.fit.as_ref().map_or(0.0, |fit| fit.size);
    if node.role == Role::Number && size > HUGE_SIZE { HUGE } else { TEXT }
}

/// The contrast of the words of `node` to what they stand upon.
pub(crate) fn contrast(scene: &Scene, sight: Option<&Sight>, node: &Node) -> f64 {
    let palette = &scene.palette;
    let Some(style) = &node.style else { return f64::INFINITY };
    let color = palette.color(style.fill);
    // A fill of its own is what the words stand upon.
    if let Some(Paint::Solid(fill)) = node.paint {
        return color.contrast(palette.color(fill));
    }
    let ink = node.fit.as_ref().map(|fit| fit.ink);
    let seen = ink.and_then(|ink| sight?.contrast(ink, color));
    seen.unwrap_or_else(|| color.contrast(palette.color(ground(scene, node))))
}

fn button(scene: &Scene, sight: Option<&Sight>, node: &Node) -> Option<f64> {
    let Some(Paint::Solid(fill)) = node.paint else { return None };
    let color = scene.palette.color(fill);
    let frame = node.frame;
    let edges = [frame.x, frame.y, frame.right(), frame.bottom()].map(crate::ads::layout::float);
    let seen = sight.and_then(|sight| sight.mean_contrast(edges, color));
    Some(seen.unwrap_or_else(|| color.contrast(scene.palette.color(ground(scene, node)))))
}

/// The topmost plain fill under a node.
fn ground(scene: &Scene, node: &Node) -> Ink {
    let under = scene.back_to_front().into_iter().rev().find_map(|below| match below.paint {
        Some(Paint::Solid(ink)) if below.z < node.z && below.frame.contains(node.frame) => {
            Some(ink)
        }
        _ => None,
    });
    under.unwrap_or(Ink::Bg)
}
