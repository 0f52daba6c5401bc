//! An arrangement as a mirror shows it, for languages that run from right to left.

use crate::ads::layout::{Plan, Words};
use crate::ads::scene::{Node, Paint};

/// Turns grounds, art and boxes around; pictures and logos keep their pixels.
pub(super) fn plan(plan: &mut Plan, width: i32) {
    for node in &mut plan.nodes {
        turn(node, width);
    }
    plan.mark.frame = plan.mark.frame.mirrored(width);
    match &mut plan.words {
        Words::Stack(stack) => stack.frame = stack.frame.mirrored(width),
        Words::Row(row) => {
            row.headline = row.headline.mirrored(width);
            row.cta = row.cta.mirrored(width);
        }
    }
    plan.legal = plan.legal.mirrored(width);
}

/// Turns one node around; what it shows is not turned but for drawings and gradients.
pub(super) fn turn(node: &mut Node, width: i32) {
    node.frame = node.frame.mirrored(width);
    node.rotate = -node.rotate;
    if let Some(generator) = &mut node.generator {
        generator.mirrored = !generator.mirrored;
    }
    if let Some(Paint::Linear { angle, .. } | Paint::Scrim { angle, .. }) = &mut node.paint {
        *angle = (180 - *angle).rem_euclid(360);
    }
}
