//! From a word in English to the icons that it may mean, with how surely it does.

use std::collections::BTreeMap;

use super::Icon;
use super::stems::singular;

/// The index: by a word, or two or three with spaces, in the singular.
#[derive(Debug)]
pub(super) struct Index {
    entries: BTreeMap<String, Vec<Entry>>,
}

/// An icon's place in the set and how surely the word means it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) place: usize,
    pub(super) score: f32,
}

/// The word is the icon's name.
pub(super) const NAME: f32 = 10.0;
/// It is the first word of the name, as `coffee` in `coffee-bean`.
const NAME_START: f32 = 5.0;
/// It stands in the name.
const NAME_PART: f32 = 3.5;
/// It is a tag.
const TAG: f32 = 4.5;
/// It stands in a tag.
const TAG_PART: f32 = 1.5;

impl Index {
    pub(super) fn of(icons: &[Icon]) -> Self {
        let mut entries: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        let mut note = |words: &str, place: usize, score: f32| {
            let list = entries.entry(singular(words)).or_default();
            match list.iter_mut().find(|known| known.place == place) {
                Some(known) => known.score = known.score.max(score),
                None => list.push(Entry { place, score }),
            }
        };
        for (place, icon) in icons.iter().enumerate() {
            let handicap = handicap(icon);
            let name = icon.name.replace('-', " ");
            note(&name, place, NAME - handicap);
            for (nth, part) in name.split(' ').enumerate() {
                let score = if nth == 0 { NAME_START } else { NAME_PART };
                note(part, place, score - handicap);
            }
            for tag in &icon.tags {
                note(tag, place, TAG - handicap);
                for part in tag.split(' ') {
                    note(part, place, TAG_PART - handicap);
                }
            }
        }
        Self { entries }
    }

    pub(super) fn of_word(&self, word: &str) -> &[Entry] {
        self.entries.get(word).map_or(&[], Vec::as_slice)
    }
}

/// What stands for a thing in an ad less well: signs, and drawings with something crossed out or
/// added.
fn handicap(icon: &Icon) -> f32 {
    /// Parts of names that say what is wrong or done with the thing.
    const MARRED: [&str; 13] = [
        "slash", "x", "minus", "plus", "warning", "question", "broken", "break", "empty", "none",
        "dashed", "check", "gear",
    ];
    let parts = icon.name.split('-');
    let marred = if parts.clone().any(|part| MARRED.contains(&part)) { 1.6 } else { 0.0 };
    // Of two drawings of one thing, the one with the shorter name is the plainer.
    #[expect(clippy::cast_precision_loss, reason = "a name has some words")]
    let length = 0.2 * (parts.count() as f32 - 1.0);
    marred + length + if icon.is_thing { 0.0 } else { 2.0 }
}
