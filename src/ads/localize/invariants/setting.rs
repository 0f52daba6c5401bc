//! K5 to K8: how the words were set.

use std::collections::BTreeMap;

use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;

use super::{at_least, at_most, none_of, spoken, spoken_pairs, to_hundredths};
use crate::ads::scene::{Check, Node, Scene, Text};

/// K5: how far ink stands outside of its box, in px, at the worst node; at most 0.5. Words that
/// were never set count as a whole canvas.
pub(super) fn ink_in_boxes(target: &Scene) -> Check {
    /// The edge of a glyph is spread over two pixels.
    const MAX_OUTSIDE: f64 = 0.5;
    let worst = spoken(target).map(|(node, _)| outside(node).unwrap_or(f64::from(target.format.w)));
    at_most("K5", to_hundredths(worst.fold(0.0, f64::max)), MAX_OUTSIDE)
}

fn outside(node: &Node) -> Option<f64> {
    let [left, top, right, bottom] = node.fit.as_ref()?.ink.map(f64::from);
    let frame = node.text_frame();
    let [x, y] = [frame.x, frame.y].map(f64::from);
    let [to_x, to_y] = [frame.right(), frame.bottom()].map(f64::from);
    Some([x - left, y - top, right - to_x, bottom - to_y].into_iter().fold(0.0, f64::max))
}

/// The least share of the source's size that words may shrink to.
pub(in crate::ads::localize) const MIN_SIZE_SHARE: f64 = 0.70;

/// K6: the size of the words as a share of the source's, at the node that is nearest to its limit;
/// at least 0.70, and not below the smallest size that the format allows its role.
pub(super) fn sizes_kept(source: &Scene, target: &Scene) -> Check {
    let shares = spoken_pairs(source, target).filter_map(|(before, after)| {
        let was = f64::from(before.fit.as_ref()?.size);
        let is = after.fit.as_ref().map_or(0.0, |fit| f64::from(fit.size));
        let smallest = f64::from(target.format.minimum_size(after.role));
        // A source that was itself smaller than its minimum is not the localization's fault.
        Some((is / was, (smallest / was).clamp(MIN_SIZE_SHARE, 1.0)))
    });
    let margin = |(share, limit): &(f64, f64)| share - limit;
    let worst = shares.min_by(|one, two| margin(one).total_cmp(&margin(two)));
    let (share, limit) = worst.unwrap_or((1.0, MIN_SIZE_SHARE));
    at_least("K6", to_thousandths(share), to_thousandths(limit))
}

fn to_thousandths(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// K7: the lines beyond what is allowed, summed: more than the node's most, or more than one away
/// from the source's number.
pub(super) fn lines_kept(source: &Scene, target: &Scene) -> Check {
    let beyond = spoken_pairs(source, target).map(|(before, after)| {
        let lines = |node: &Node| node.fit.as_ref().map_or(0, |fit| fit.lines.len());
        let most = after.style.as_ref().map_or(1, |style| style.lines as usize);
        let too_many = lines(after).saturating_sub(most);
        too_many.max(lines(before).abs_diff(lines(after)).saturating_sub(1))
    });
    none_of("K7", beyond.sum())
}

/// K8: characters that no font has a glyph for, and characters that no font may have one for, in
/// words that are not those of the source.
pub(super) fn no_glyph_missing(
    source: &Scene,
    target: &Scene,
    missing: &BTreeMap<String, Vec<char>>,
) -> Check {
    let is_new = |node: &Node, text: &Text| {
        let before = source.node(&node.id).and_then(|node| node.text.as_ref());
        before.is_none_or(|before| before.v != text.v)
    };
    let faults = spoken(target).filter(|(node, text)| is_new(node, text)).map(|(node, text)| {
        let without_glyph = missing.get(&node.id).map_or(0, Vec::len);
        without_glyph + text.v.chars().filter(|c| is_unwritable(*c)).count()
    });
    none_of("K8", faults.sum())
}

/// Whether every character is one that a font may have.
pub(super) fn is_writable(text: &Text) -> bool {
    !text.v.chars().any(is_unwritable)
}

/// What a model may answer and nobody can read.
fn is_unwritable(c: char) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    let is_no_letter = matches!(
        category,
        GeneralCategory::Unassigned | GeneralCategory::PrivateUse | GeneralCategory::Control
    );
    (is_no_letter && c != '\n') || c == char::REPLACEMENT_CHARACTER
}
