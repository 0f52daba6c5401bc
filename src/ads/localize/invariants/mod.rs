//! “Keep composition exactly”, as twelve measurements.
//!
//! A localized ad is compared with its source, scene with scene and pixel with pixel: K1 to K3 the
//! composition, K4 the pixels outside of the words, K5 to K8 how the words were set, K9 and K10
//! what they say, K11 whether they can be read, K12 what the SVG tells about them. Each says what
//! it measured and what its limit is. Never: a repair.

mod composition;
mod groups;
mod legibility;
mod pixels;
mod protection;
mod setting;
mod speech;

use std::collections::{BTreeMap, BTreeSet};

pub use groups::{TextGroup, text_groups};
pub use pixels::Rgb;
pub(super) use setting::MIN_SIZE_SHARE;

use super::language::Language;
use super::money::CurrencyPolicy;
use crate::ads::scene::{Check, Node, Scene, Severity, Text};

/// What the invariants look at.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// The ad that was localized.
    pub source: &'a Scene,
    /// What became of it.
    pub target: &'a Scene,
    /// The source as it was drawn; for a mirrored target the picture of the
    /// [`mirrored`](super::mirrored) source, whose pixels are the ones that must not change.
    pub source_pixels: Rgb<'a>,
    /// The target as it was drawn.
    pub target_pixels: Rgb<'a>,
    /// The target drawn without its words: what they are read against.
    pub ground: Rgb<'a>,
    /// Characters without a glyph, by the node that has them.
    pub missing: &'a BTreeMap<String, Vec<char>>,
    /// The ids of the nodes whose words were left in their own language.
    pub untranslated: &'a BTreeSet<String>,
    /// What was allowed to happen to prices.
    pub policy: CurrencyPolicy,
    /// The groups of text in the target's SVG, in their order.
    pub groups: &'a [TextGroup],
}

/// All twelve, `K1` to `K12`.
pub fn check(evidence: &Evidence<'_>) -> Vec<Check> {
    let Evidence { source, target, .. } = *evidence;
    vec![
        composition::same_structure(source, target),
        composition::same_boxes(source, target),
        composition::same_colors(source, target),
        pixels::same_outside_of_words(target, evidence.source_pixels, evidence.target_pixels),
        setting::ink_in_boxes(target),
        setting::sizes_kept(source, target),
        setting::lines_kept(source, target),
        setting::no_glyph_missing(source, target, evidence.missing),
        protection::tokens_kept(source, target, evidence.policy),
        speech::right_language(target, evidence.untranslated),
        legibility::contrast_kept(source, target, evidence.ground),
        groups::told_right(target, evidence.untranslated, evidence.groups),
    ]
}

/// Whether two pictures of a scene differ in its words at the most: K4 alone.
pub fn is_same_ground(scene: &Scene, one: Rgb<'_>, other: Rgb<'_>) -> bool {
    pixels::same_outside_of_words(scene, one, other).pass
}

/// Whether one node's new words, before they are set, keep the names and figures of the source and
/// are in the language: K8's characters, K9 and K10 for a single wording.
pub(super) fn keeps_tokens_and_language(before: &Node, after: &Node, language: &Language) -> bool {
    let Some(text) = &after.text else { return false };
    setting::is_writable(text)
        && protection::keeps_tokens(before, after)
        && speech::is_in_language(text, language)
}

/// The checks that do not pass, as `K4 is 31, at most 0` joined by `; `. None when all do.
pub fn failure(checks: &[Check]) -> Option<String> {
    let failed = checks.iter().filter(|check| !check.pass).map(|check| {
        let limit = match (check.min, check.max) {
            (Some(min), _) => format!(", at least {min}"),
            (None, Some(max)) => format!(", at most {max}"),
            (None, None) => String::new(),
        };
        format!("{} is {}{limit}", check.id, check.value)
    });
    let failed: Vec<String> = failed.collect();
    (!failed.is_empty()).then(|| failed.join("; "))
}

/// A count that must be zero.
fn none_of(id: &str, count: usize) -> Check {
    let value = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    at_most(id, value, 0.0)
}

fn at_most(id: &str, value: f64, max: f64) -> Check {
    let (id, pass) = (id.to_owned(), value <= max);
    Check { id, value, min: None, max: Some(max), pass, severity: Severity::Error }
}

fn at_least(id: &str, value: f64, min: f64) -> Check {
    let (id, pass) = (id.to_owned(), value >= min);
    Check { id, value, min: Some(min), max: None, pass, severity: Severity::Error }
}

/// A value as a report shows it.
fn to_hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// The nodes whose words are drawn, with their words. A logo's name without a style is only told.
fn spoken(scene: &Scene) -> impl Iterator<Item = (&Node, &Text)> {
    let drawn = scene.nodes.iter().filter(|node| node.style.is_some());
    drawn.filter_map(|node| Some((node, node.text.as_ref()?)))
}

/// The nodes that say something in the target, each beside its source.
fn spoken_pairs<'a>(
    source: &'a Scene,
    target: &'a Scene,
) -> impl Iterator<Item = (&'a Node, &'a Node)> {
    spoken(target).filter_map(|(node, _)| Some((source.node(&node.id)?, node)))
}

#[cfg(test)]
mod mutations;
