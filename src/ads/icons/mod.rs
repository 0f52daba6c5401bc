//! The icon set: drawings of things, found by the words of a prompt.
//!
//! A packed file is unpacked at first use; its names and tags make an index, and a table leads
//! from the words of thirteen languages to it. An icon is the data of one path in a box of
//! 256 by 256. Never: other people's marks, which are left out when the set is packed.

mod index;
mod pack;
mod search;
mod shadow;
mod stems;
mod words;

use std::sync::OnceLock;

pub use shadow::long_shadow;

use index::Index;

/// The side of the box that outlines are drawn in.
pub const SIDE: f32 = 256.0;

/// One drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Icon {
    /// Its name, such as `coffee` or `airplane-tilt`.
    pub name: String,
    /// Words that it may be found by, in English.
    pub tags: Vec<String>,
    /// SVG path data in a box of [`SIDE`], to be filled with the non-zero rule.
    pub outline: String,
    /// Whether it shows a thing; the rest are signs such as arrows.
    pub is_thing: bool,
}

/// The icons for a prompt's words, best first: at most [`MOST_FOUND`], none when none fits.
///
/// `lang` is BCP 47; English is always understood too. For each word the best comes before the
/// second best of any. The same words give the same icons.
pub fn search(words: &str, lang: &str) -> Vec<&'static Icon> {
    let found = search::ranked(set(), words, lang);
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    let mut seen = Vec::new();
    for one in found {
        if seen.contains(&one.word) {
            rest.push(one.icon);
        } else {
            seen.push(one.word);
            first.push(one.icon);
        }
    }
    first.append(&mut rest);
    first.truncate(MOST_FOUND);
    first
}

/// The most icons of one search.
pub const MOST_FOUND: usize = 24;

/// The things that a prompt names, in its order: the best icon of each word, none twice.
pub fn subjects(words: &str, lang: &str) -> Vec<&'static Icon> {
    // Two airplanes are one subject, however they fly.
    let kind = |icon: &'static Icon| icon.name.split('-').next();
    let mut best: Vec<search::Found> = Vec::new();
    for one in search::ranked(set(), words, lang) {
        let is_new =
            best.iter().all(|known| known.word != one.word && kind(known.icon) != kind(one.icon));
        // What is only a tag's part or a sign says too little to be a subject.
        if is_new && one.score >= search::SURE && one.icon.is_thing {
            best.push(one);
        }
    }
    best.sort_by_key(|one| one.word);
    best.into_iter().map(|one| one.icon).collect()
}

/// The icon of this name.
pub fn named(name: &str) -> Option<&'static Icon> {
    let icons = &set().icons;
    let place = icons.binary_search_by(|icon| icon.name.as_str().cmp(name)).ok()?;
    icons.get(place)
}

/// The path data of the icon of this name, in a box of [`SIDE`].
pub fn outline(name: &str) -> Option<&'static str> {
    named(name).map(|icon| icon.outline.as_str())
}

/// The set with its index.
#[derive(Debug)]
struct Set {
    /// By name.
    icons: Vec<Icon>,
    index: Index,
}

fn set() -> &'static Set {
    static SET: OnceLock<Set> = OnceLock::new();
    SET.get_or_init(|| {
        let icons = pack::unpacked();
        let index = Index::of(&icons);
        Set { icons, index }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(words: &str, lang: &str) -> Vec<&'static str> {
        search(words, lang).into_iter().map(|icon| icon.name.as_str()).collect()
    }

    fn subject(words: &str, lang: &str) -> Vec<&'static str> {
        subjects(words, lang).into_iter().map(|icon| icon.name.as_str()).collect()
    }

    #[test]
    fn a_prompt_finds_what_it_names() {
        for (words, wanted) in [
            ("A cozy coffee shop in the morning", "coffee"),
            ("running shoes for beginners", "sneaker"),
            ("Book your dream vacation", "suitcase-rolling"),
            ("fresh vegetables, delivered", "carrot"),
            ("dog grooming", "dog"),
            ("mountain bikes", "bicycle"),
            ("electric cars", "car"),
            ("ice cream for the summer", "ice-cream"),
            ("puppies need love", "dog"),
            ("wedding flowers", "flower"),
        ] {
            let found = names(words, "en");
            assert!(
                found.iter().take(4).any(|name| name.starts_with(wanted)),
                "{words}: {found:?}"
            );
        }
    }

    #[test]
    fn other_languages_find_the_same() {
        for (words, lang, wanted) in [
            ("Un café pour bien commencer la journée", "fr-FR", "coffee"),
            ("Unsere neuen Turnschuhe", "de", "sneaker"),
            ("Zapatillas para correr", "es", "sneaker"),
            ("Il nostro gelato artigianale", "it", "ice-cream"),
            ("Pães frescos e livros", "pt-BR", "book-open"),
            ("Een nieuwe fiets", "nl", "bicycle"),
            ("Nasze buty sportowe", "pl", "sneaker"),
            ("新しいスニーカーの広告", "ja", "sneaker"),
            ("夏季水果促销", "zh-Hans", "orange"),
            ("عرض خاص على القهوة", "ar", "coffee"),
            ("מבצע על נעליים", "he", "sneaker"),
            ("ताज़ी कॉफ़ी", "hi", "coffee"),
        ] {
            assert!(names(words, lang).contains(&wanted), "{words}: {:?}", names(words, lang));
        }
    }

    #[test]
    fn subjects_come_in_the_order_of_the_prompt_and_each_word_once() {
        assert_eq!(subject("coffee and a book under a tree", "en"), ["coffee", "book", "tree"]);
        assert_eq!(subject("Kaffee und Kuchen", "de"), ["coffee", "cake"]);
        assert_eq!(subject("make it pop", "en"), Vec::<&str>::new());
        assert_eq!(subject("", "en"), Vec::<&str>::new());
    }

    #[test]
    fn a_search_is_bounded_and_repeats() {
        let long = "coffee book tree car ".repeat(5000);
        let found = names(&long, "en");
        assert!(found.len() <= MOST_FOUND);
        assert_eq!(found, names(&long, "en"));
        assert!(names("\u{0}\u{202E} ’’ 🙂", "xx").is_empty());
    }

    #[test]
    fn names_lead_to_outlines_and_unknown_ones_to_none() {
        assert!(outline("coffee").is_some_and(|d| d.starts_with('M')));
        assert!(outline("google-logo").is_none() && outline("").is_none());
    }
}
