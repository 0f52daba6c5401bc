//! Room for a mark that is larger or smaller than its arrangement has it: because somebody asked,
//! or because it would be lost on its canvas.

use super::Commission;
use crate::ads::layout::{Grid, Plan, Words, float, px};
use crate::ads::scene::{Align, Frame, Node};

/// Whether the mark has another size than its arrangement gives it.
pub(super) fn is_asked(commission: &Commission<'_>) -> bool {
    is_other(commission.settled.mark)
}

fn is_other(times: f32) -> bool {
    (times - 1.0).abs() > 0.01
}

/// How many times as large as its place allows a mark should be, so that it is not lost: a stout
/// logo and a short name cover much less of the canvas than a long one of the same height.
pub(super) fn fair(grid: &Grid, mark: &[Node]) -> f32 {
    /// A mark's least share of the canvas.
    const LEAST: f32 = 0.0155;
    /// A larger mark would speak louder than the words.
    const MOST: f32 = 1.4;
    let Some(all) = mark.iter().map(|node| node.frame).reduce(Frame::around) else { return 1.0 };
    if grid.class.is_terse() {
        return 1.0;
    }
    let area = |frame: Frame| float(frame.w) * float(frame.h);
    let share = area(all) / area(grid.canvas);
    libm::sqrtf(LEAST / share.max(f32::MIN_POSITIVE)).clamp(1.0, MOST)
}

/// Makes the mark's place `times` as large, and says whether it did. What a larger one takes, and
/// its clear space, is taken from the words beside it; what a smaller one leaves stays free, so
/// that nothing else moves.
pub(super) fn grow(plan: &mut Plan, grid: &Grid, times: f32) -> bool {
    if !is_other(times) {
        return false;
    }
    let old = plan.mark.frame;
    let scaled = |side: i32| px(float(side) * times).max(1);
    let content = grid.content;
    match &mut plan.words {
        Words::Row(row) => {
            let height = scaled(old.h).min(content.h);
            let width = scaled(old.w).min(content.w / 2);
            let gap = (row.headline.x - old.right()).max(scaled_gap(height));
            let middle = old.y + old.h / 2;
            let y = (middle - height / 2).clamp(content.y, content.bottom() - height);
            plan.mark.frame = Frame::new(old.x, y, width, height);
            if times > 1.0 {
                let x = plan.mark.frame.right() + gap;
                row.headline.w -= x - row.headline.x;
                row.headline.x = x;
            }
        }
        Words::Stack(stack) => {
            let height = scaled(old.h);
            // A mark in a corner may be as wide as the column of the words.
            let width = scaled(old.w).min(stack.frame.w.max(old.w));
            let x = match plan.mark.align {
                Align::Start => old.x,
                Align::Center => old.x + (old.w - width) / 2,
                Align::End => old.right() - width,
            };
            let is_above = old.y < stack.frame.y;
            let gap =
                if is_above { stack.frame.y - old.bottom() } else { old.y - stack.frame.bottom() };
            let more = (scaled_gap(height) - gap).max(0);
            let taken = (height - old.h).max(0) + if times > 1.0 { more } else { 0 };
            stack.frame.h -= taken;
            if is_above {
                plan.mark.frame = Frame::new(x, old.y, width, height);
                stack.frame.y += taken;
            } else {
                plan.mark.frame = Frame::new(x, old.bottom() - height, width, height);
            }
        }
    }
    true
}

/// The clear space of a mark this high, and a little more: its box is not its ink.
fn scaled_gap(height: i32) -> i32 {
    height * 55 / 100
}
