//! Sets new words in an old box, as near to the old setting as they can be.
//!
//! The size is at most the source's and at least 0.70 of it, the number of lines within one of the
//! source's; words that are too short for that are broken earlier, words that are too long give way
//! to a shorter wording. Never: another box, or a smaller size than the format allows.

use super::invariants::MIN_SIZE_SHARE;
use crate::ads::scene::{Align, Fit, Node};
use crate::ads::text::{SetText, TextError, Typesetter};

/// Sets the words of `node` as near as possible to `fit`, which the source's words had, and not
/// below `smallest` px. None where they do not fit that near.
pub(super) fn refit(
    node: &Node,
    fit: Option<&Fit>,
    smallest: f32,
    typesetter: &mut Typesetter,
) -> Result<Option<SetText>, TextError> {
    let Some(fit) = fit else { return or_none(typesetter.fit(node)) };
    let Some(trial) = near(node, fit, smallest) else { return Ok(None) };
    let fewest = fit.lines.len().saturating_sub(1);
    let Some(set) = or_none(typesetter.fit(&trial))? else { return Ok(None) };
    if set.fit.lines.len() >= fewest {
        return Ok(Some(set));
    }
    broken_earlier(&trial, fewest, typesetter)
}

/// The node with less padding beside its words, for a label such as a button's that is longer than
/// its source's: it keeps its box and its middle. None where there is nothing to gain.
pub(super) fn with_less_padding(mut node: Node) -> Option<Node> {
    let is_centered = node.style.as_ref()?.align == Align::Center;
    let less = node.pad[0] * 2 / 5;
    let is_less = less < node.pad[0];
    node.pad[0] = less;
    (is_centered && is_less).then_some(node)
}

/// The words of `node` once more, line for line where they still can be.
pub(super) fn set_again(
    node: &Node,
    smallest: f32,
    typesetter: &mut Typesetter,
) -> Result<Option<SetText>, TextError> {
    match typesetter.set(node) {
        // Other fonts than those that it was fitted with.
        Err(TextError::StaleFit | TextError::NotFitted) => {
            refit(node, node.fit.as_ref(), smallest, typesetter)
        }
        set => or_none(set),
    }
}

/// The node with the source's size and lines as its limits. The range of its style is where the
/// source's words were to be, often one size; what the format allows is what counts here.
fn near(node: &Node, fit: &Fit, smallest: f32) -> Option<Node> {
    let mut trial = node.clone();
    let style = trial.style.as_mut()?;
    let least = (f64::from(fit.size) * MIN_SIZE_SHARE * 2.0).ceil() / 2.0;
    #[expect(clippy::cast_possible_truncation, reason = "a size in px of half steps is exact")]
    let least = least as f32;
    style.size = [smallest.max(least).min(fit.size), fit.size];
    let most = u32::try_from(fit.lines.len()).ok()?.saturating_add(1);
    style.lines = style.lines.min(most);
    Some(trial)
}

/// Breaks words in a narrower box until they have enough lines, and sets those in the whole box.
fn broken_earlier(
    trial: &Node,
    fewest: usize,
    typesetter: &mut Typesetter,
) -> Result<Option<SetText>, TextError> {
    /// Tenths of the width; below three, words would have to be smaller than their source.
    const TENTHS: [i32; 6] = [8, 7, 6, 5, 4, 3];
    for tenths in TENTHS {
        let mut narrow = trial.clone();
        narrow.frame.w = trial.pad[0] * 2 + trial.text_frame().w * tenths / 10;
        let Some(set) = or_none(typesetter.fit(&narrow))? else { return Ok(None) };
        if set.fit.lines.len() >= fewest {
            let whole = Node { fit: Some(set.fit), ..trial.clone() };
            return or_none(typesetter.set(&whole));
        }
    }
    Ok(None)
}

/// That there is no room is an answer; everything else that goes wrong is not.
fn or_none(set: Result<SetText, TextError>) -> Result<Option<SetText>, TextError> {
    match set {
        Ok(set) => Ok(Some(set)),
        Err(TextError::NoRoom { .. } | TextError::TooLong { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}
