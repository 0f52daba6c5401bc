//! An arrangement as a mirror shows it, for languages that run from right to left.

use crate::ads::layout::{Plan, Words};

/// Turns grounds, art and boxes around; pictures and logos keep their pixels.
pub(super) fn plan(plan: &mut Plan, width: i32) {
    for node in &mut plan.nodes {
        node.mirror(width);
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
