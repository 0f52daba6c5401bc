//! Ranks the icons for a prompt.

use std::collections::BTreeMap;

use unicode_segmentation::UnicodeSegmentation as _;

use super::index::NAME;
use super::stems::{forms, singular};
use super::{Icon, Set, words};
use crate::ads::palette;

/// From this score on an icon is surely what a word means: its name, the start of it, or a tag.
pub(super) const SURE: f32 = 3.4;

/// Below this it is not worth showing.
const LEAST: f32 = 1.2;

/// What an everyday word weighs beside an icon's own name.
const EVERYDAY: f32 = 0.9;

/// As many words of a prompt are looked at.
const MOST_WORDS: usize = 120;

/// As many bytes of one.
const MOST_BYTES: usize = 4000;

/// An icon with the word that led to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) icon: &'static Icon,
    /// The word's place in the prompt.
    pub(super) word: usize,
    pub(super) score: f32,
}

/// All icons that the words lead to, best first.
pub(super) fn ranked(set: &'static Set, words: &str, lang: &str) -> Vec<Found> {
    let lang = lang.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let text = &words[..words.floor_char_boundary(MOST_BYTES)];
    let tokens: Vec<(usize, String)> = text
        .unicode_word_indices()
        .take(MOST_WORDS)
        .map(|(at, word)| (at, word.to_lowercase()))
        .collect();
    let mut hits: BTreeMap<usize, Hit> = BTreeMap::new();
    for (nth, (at, word)) in tokens.iter().enumerate() {
        let strength = strength(word, nth);
        let pair = tokens.get(nth + 1).map(|(_, next)| singular(&format!("{word} {next}")));
        for entry in pair.iter().flat_map(|pair| set.index.of_word(pair)) {
            note(&mut hits, entry.place, *at, entry.score * strength * 1.1);
        }
        // “Book now” is no book.
        let is_call = nth == 0 && word == "book" && tokens.len() > 1;
        if is_call || is_empty_word(word) {
            continue;
        }
        for (nth, form) in forms(word).iter().enumerate() {
            let strength = if nth == 0 { strength } else { strength * 0.85 };
            for icon in words::of_word(form, "en") {
                note_named(set, &mut hits, icon, *at, strength * EVERYDAY);
            }
            for entry in set.index.of_word(form) {
                note(&mut hits, entry.place, *at, entry.score * strength);
            }
        }
        for icon in words::of_word(word, &lang).into_iter().filter(|_| lang != "en") {
            note_named(set, &mut hits, icon, *at, strength);
        }
    }
    if words::is_unspaced(&lang) {
        for (at, icon) in words::within(text, &lang) {
            note_named(set, &mut hits, icon, at, 1.0);
        }
    }
    sorted(set, hits)
}

/// The strongest word that led to an icon, and what all of them weigh.
struct Hit {
    word: usize,
    best: f32,
    sum: f32,
}

fn note(hits: &mut BTreeMap<usize, Hit>, place: usize, word: usize, score: f32) {
    let hit = hits.entry(place).or_insert(Hit { word, best: 0.0, sum: 0.0 });
    if score > hit.best {
        hit.best = score;
        hit.word = word;
    }
    // A second word that leads to the same icon helps it, but not as if it were a name.
    hit.sum = hit.best + 0.3 * (hit.sum + score - hit.best).min(NAME);
}

fn note_named(set: &Set, hits: &mut BTreeMap<usize, Hit>, icon: &str, word: usize, strength: f32) {
    if let Ok(place) = set.icons.binary_search_by(|known| known.name.as_str().cmp(icon)) {
        note(hits, place, word, NAME * strength);
    }
}

fn sorted(set: &'static Set, hits: BTreeMap<usize, Hit>) -> Vec<Found> {
    let mut found: Vec<Found> = hits
        .into_iter()
        .filter(|(_, hit)| hit.best >= LEAST)
        .filter_map(|(place, hit)| {
            set.icons.get(place).map(|icon| Found { icon, word: hit.word, score: hit.sum })
        })
        .collect();
    found.sort_by(|one, two| {
        two.score.total_cmp(&one.score).then_with(|| one.icon.name.cmp(&two.icon.name))
    });
    found
}

/// What is said first weighs more; what is a colour's name too is more often a colour.
fn strength(word: &str, nth: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "at most 120")]
    let early = (1.0 - 0.02 * nth as f32).max(0.7);
    if palette::named(word).is_some() { early * 0.5 } else { early }
}

/// Words that say nothing of what is to be seen, or speak of the picture itself.
fn is_empty_word(word: &str) -> bool {
    const EMPTY: &str = " a about ad ads advert advertisement all an and any are art as at \
        background \
        banner be best big black bold brand brands bright buy by call campaign can clean discover \
        find learn order save color colorful colour create design do draw dynamic elegant \
        every for free fresh friendly from fun generate get give go good graphic great hero \
        how icon illustration image in into is it its join just large launch less light like \
        line lines logo look made make minimal modern more my need new now of off on one \
        only or our out over photo picture plain pop poster post premium quality real scene \
        set show simple small soft some square start style text that the their this to top \
        try two under up us use very view want warm we white will with without word words \
        you your day days week weeks month months year years hour hours minute minutes today \
        tonight tomorrow ";
    word.chars().count() < 2 || EMPTY.split(' ').any(|empty| empty == word)
}
