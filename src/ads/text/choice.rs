//! Which family sets which part of a text.
//!
//! Decided before shaping, and for all letters of one script together: a word with one letter of
//! another family looks like a fault.

use std::ops::Range;
use std::sync::Arc;

use icu_properties::CodePointSetData;
use icu_properties::props::{ExtendedPictographic, Script};
use unicode_segmentation::UnicodeSegmentation as _;

use super::script::script;
use super::words::is_invisible;
use crate::ads::fonts::Family;

/// A part of a text and the font that sets it.
pub(super) struct Chosen {
    pub(super) range: Range<usize>,
    pub(super) family: Arc<Family>,
    /// The font's place in its family.
    pub(super) face: usize,
    /// Whether the part has letters.
    pub(super) has_letters: bool,
}

/// A part of a text that the reader sees as one character.
struct Piece<'a> {
    range: Range<usize>,
    cluster: &'a str,
    script: Option<Script>,
}

/// Gives every part of `text` the first family of `order` that has all letters of its script, or
/// else the letter. Parts that none has go to the first: their glyphs will be missing.
pub(super) fn choose<'a>(text: &str, order: &[&'a Arc<Family>]) -> Vec<Chosen> {
    let pieces: Vec<Piece<'_>> = text
        .grapheme_indices(true)
        .map(|(start, cluster)| Piece {
            range: start..start + cluster.len(),
            cluster,
            script: cluster.chars().find_map(script),
        })
        .collect();
    let of_scripts = families_of_scripts(&pieces, order);
    let of_script = |wanted: Script| {
        of_scripts.iter().find(|(script, _)| *script == wanted).map(|(_, family)| *family)
    };
    let mut chosen: Vec<Chosen> = Vec::new();
    for (place, piece) in pieces.iter().enumerate() {
        let preferred = match piece.script {
            Some(script) => of_script(script),
            // Digits and ASCII go with the text's own family, signs with the script around them.
            None if piece.cluster.is_ascii() => order.first().copied(),
            None => neighbor(&pieces, place).and_then(of_script),
        };
        let with_face = |family: &'a Arc<Family>| Some((family, covering(family, piece.cluster)?));
        let found = preferred
            .and_then(with_face)
            .or_else(|| order.iter().copied().find_map(with_face))
            .or_else(|| Some((order.first().copied()?, 0)));
        let Some((family, face)) = found else { continue };
        let has_letters = piece.script.is_some();
        match chosen.last_mut() {
            Some(last) if Arc::ptr_eq(&last.family, family) && last.face == face => {
                last.range.end = piece.range.end;
                last.has_letters |= has_letters;
            }
            _ => {
                let (range, family) = (piece.range.clone(), Arc::clone(family));
                chosen.push(Chosen { range, family, face, has_letters });
            }
        }
    }
    chosen
}

fn families_of_scripts<'a>(
    pieces: &[Piece<'_>],
    order: &[&'a Arc<Family>],
) -> Vec<(Script, &'a Arc<Family>)> {
    let mut found: Vec<(Script, &Arc<Family>)> = Vec::new();
    for wanted in pieces.iter().filter_map(|piece| piece.script) {
        if found.iter().any(|(script, _)| *script == wanted) {
            continue;
        }
        let all = |family: &&Arc<Family>| {
            let mut letters = pieces.iter().filter(|piece| piece.script == Some(wanted));
            letters.all(|piece| covers(family, piece.cluster))
        };
        if let Some(family) = order.iter().copied().find(all) {
            found.push((wanted, family));
        }
    }
    found
}

/// The script of the nearest letter before `place`, else after it.
fn neighbor(pieces: &[Piece<'_>], place: usize) -> Option<Script> {
    let (before, after) = pieces.split_at(place);
    let script = |piece: &Piece<'_>| piece.script;
    before.iter().rev().find_map(script).or_else(|| after.iter().find_map(script))
}

fn covers(family: &Family, cluster: &str) -> bool {
    covering(family, cluster).is_some()
}

/// The place of the font that has the whole cluster.
fn covering(family: &Family, cluster: &str) -> Option<usize> {
    family.covering(&cluster.chars().filter(|c| !is_invisible(*c)))
}

/// The pictographs that no family has, and the text without them.
pub(super) fn without_pictographs(
    text: &str,
    order: &[&Arc<Family>],
) -> Option<(String, Vec<char>)> {
    let pictograph = CodePointSetData::new::<ExtendedPictographic>();
    let mut missing = Vec::new();
    let mut left = String::with_capacity(text.len());
    for cluster in text.graphemes(true) {
        let drawn = cluster
            .chars()
            .any(|c| pictograph.contains(c) || matches!(c, '\u{1f1e6}'..='\u{1f1ff}' | '\u{20e3}'));
        if drawn && !order.iter().any(|family| covers(family, cluster)) {
            missing.extend(cluster.chars().find(|c| !is_invisible(*c)));
            if left.ends_with(' ') {
                left.pop();
            }
        } else {
            left.push_str(cluster);
        }
    }
    if missing.is_empty() {
        return None;
    }
    missing.sort_unstable();
    missing.dedup();
    Some((left.trim().to_owned(), missing))
}
