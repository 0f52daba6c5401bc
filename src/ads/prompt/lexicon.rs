//! The words that are understood, in every language of the catalog.
//!
//! A file a language under `words/`, each line a concept and its phrases. `*` at an end of a word
//! stands for any letters; `!` after a phrase keeps it to prompts in the file's own language,
//! because it means something else in another.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::tokens::{Kind, Token, tokens_of};
use crate::ads::packed::{packed, unpacked};

const FILES: [(&str, &[u8]); 13] = [
    ("en", packed!("src/ads/prompt/words/en.txt")),
    ("ar", packed!("src/ads/prompt/words/ar.txt")),
    ("de", packed!("src/ads/prompt/words/de.txt")),
    ("es", packed!("src/ads/prompt/words/es.txt")),
    ("fr", packed!("src/ads/prompt/words/fr.txt")),
    ("he", packed!("src/ads/prompt/words/he.txt")),
    ("hi", packed!("src/ads/prompt/words/hi.txt")),
    ("it", packed!("src/ads/prompt/words/it.txt")),
    ("ja", packed!("src/ads/prompt/words/ja.txt")),
    ("nl", packed!("src/ads/prompt/words/nl.txt")),
    ("pl", packed!("src/ads/prompt/words/pl.txt")),
    ("pt-BR", packed!("src/ads/prompt/words/pt-BR.txt")),
    ("zh-Hans", packed!("src/ads/prompt/words/zh-Hans.txt")),
];

/// All phrases, found by the first character of their first word.
#[derive(Debug)]
pub(crate) struct Lexicon {
    phrases: Vec<Phrase>,
    by_first: BTreeMap<char, Vec<usize>>,
    /// Phrases whose first word may begin with anything.
    open: Vec<usize>,
}

#[derive(Debug)]
struct Phrase {
    words: Vec<Pattern>,
    topic: String,
    name: String,
    lang: &'static str,
    only_there: bool,
}

/// A concept that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit<'a> {
    /// The first part of its name, such as `color`.
    pub(crate) topic: &'a str,
    /// The second part, such as `red`.
    pub(crate) name: &'a str,
    /// Where, in tokens.
    pub(crate) range: Range<usize>,
    /// Whether a word beside it says no.
    pub(crate) negated: bool,
}

impl Lexicon {
    /// The lexicon of this program; the first call reads it.
    pub(crate) fn embedded() -> &'static Self {
        static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
            let files = FILES.map(|(lang, file)| (lang, unpacked(file)));
            Lexicon::read(&files).expect("the tests have read the embedded files")
        });
        &LEXICON
    }

    fn read(files: &[(&'static str, impl AsRef<str>)]) -> Result<Self, String> {
        let mut lexicon = Self { phrases: Vec::new(), by_first: BTreeMap::new(), open: Vec::new() };
        for (lang, file) in files {
            for line in file.as_ref().lines().filter(|line| !line.trim().is_empty()) {
                lexicon.add_line(lang, line).map_err(|why| format!("{lang}: {why}: {line}"))?;
            }
        }
        let lengths: Vec<usize> = lexicon.phrases.iter().map(|p| p.words.len()).collect();
        for places in lexicon.by_first.values_mut().chain([&mut lexicon.open]) {
            places.sort_by_key(|place| std::cmp::Reverse(lengths[*place]));
        }
        Ok(lexicon)
    }

    fn add_line(&mut self, lang: &'static str, line: &str) -> Result<(), &'static str> {
        let (concept, phrases) = line.split_once(": ").ok_or("no `: `")?;
        let (topic, name) = concept.split_once('.').ok_or("no `.` in the concept")?;
        for written in phrases.split(", ") {
            let only_there = written.ends_with('!');
            let words = patterns(written.trim_end_matches('!')).ok_or("no phrase")?;
            let place = self.phrases.len();
            match words[0].first() {
                Some(first) => self.by_first.entry(first).or_default().push(place),
                None => self.open.push(place),
            }
            let (topic, name) = (topic.to_owned(), name.to_owned());
            self.phrases.push(Phrase { words, topic, name, lang, only_there });
        }
        Ok(())
    }

    /// The concepts in the tokens of a prompt in this language: at each place the longest phrases,
    /// none within another.
    pub(crate) fn hits(&self, tokens: &[Token], lang: &str) -> Vec<Hit<'_>> {
        let mut hits = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let found = self.longest(&tokens[at..], |p| !p.only_there || p.lang == lang);
            let length = found.first().map_or(1, |phrase| phrase.words.len());
            for Phrase { topic, name, .. } in found {
                let hit = Hit { topic, name, range: at..at + length, negated: false };
                if !hits.contains(&hit) {
                    hits.push(hit);
                }
            }
            at += length;
        }
        hits
    }

    /// The language of most words, if any word is known.
    pub(crate) fn language(&self, tokens: &[Token]) -> Option<&'static str> {
        let mut votes: BTreeMap<&'static str, usize> = BTreeMap::new();
        for at in 0..tokens.len() {
            let mut langs: Vec<_> =
                self.longest(&tokens[at..], |_| true).iter().map(|phrase| phrase.lang).collect();
            langs.dedup();
            for lang in langs {
                *votes.entry(lang).or_default() += 1;
            }
        }
        // English first among equals: it is what most prompts and most file names are.
        let most = votes.values().copied().max()?;
        let english = votes.get("en").filter(|votes| **votes == most).map(|_| "en");
        english.or_else(|| votes.into_iter().find(|(_, votes)| *votes == most).map(|(l, _)| l))
    }

    fn longest(&self, tokens: &[Token], counts: impl Fn(&Phrase) -> bool) -> Vec<&Phrase> {
        let Some(token) = tokens.first() else { return Vec::new() };
        let mut found: Vec<&Phrase> = Vec::new();
        let forms = forms(token);
        let firsts = forms.iter().filter_map(|form| form.chars().next());
        let places = firsts.filter_map(|first| self.by_first.get(&first)).chain([&self.open]);
        for phrase in places.flatten().map(|place| &self.phrases[*place]) {
            let best = found.first().map_or(0, |phrase| phrase.words.len());
            // Most phrases fail at their first word, so that it is looked at before all else.
            let begins = forms.iter().any(|form| phrase.words[0].fits_text(form));
            if begins && phrase.words.len() >= best && counts(phrase) && phrase.is_at(tokens) {
                if phrase.words.len() > best {
                    found.clear();
                }
                found.push(phrase);
            }
        }
        found
    }
}

impl Phrase {
    fn is_at(&self, tokens: &[Token]) -> bool {
        let words = self.words.iter().zip(tokens);
        self.words.len() <= tokens.len() && words.into_iter().all(|(word, token)| word.fits(token))
    }
}

/// One word of a phrase.
#[derive(Debug)]
struct Pattern {
    text: String,
    open_start: bool,
    open_end: bool,
}

impl Pattern {
    fn first(&self) -> Option<char> {
        if self.open_start { None } else { self.text.chars().next() }
    }

    fn fits(&self, token: &Token) -> bool {
        matches!(token.kind, Kind::Word | Kind::Number | Kind::Mark(_))
            && forms(token).iter().any(|form| self.fits_text(form))
    }

    fn fits_text(&self, text: &str) -> bool {
        match (self.open_start, self.open_end) {
            (false, false) => text == self.text,
            (false, true) => text.starts_with(&self.text),
            (true, false) => text.ends_with(&self.text),
            (true, true) => text.contains(&self.text),
        }
    }
}

fn patterns(phrase: &str) -> Option<Vec<Pattern>> {
    let mut words = Vec::new();
    for written in phrase.split_whitespace() {
        let (open_start, open_end) = (written.starts_with('*'), written.ends_with('*'));
        let inner = tokens_of(written.trim_matches('*'));
        let last = inner.len().checked_sub(1)?;
        words.extend(inner.into_iter().enumerate().map(|(at, token)| Pattern {
            text: token.folded,
            open_start: open_start && at == 0,
            open_end: open_end && at == last,
        }));
    }
    (!words.is_empty()).then_some(words)
}

/// A word as it stands, and in Arabic and Hebrew without the words that are written onto it.
fn forms(token: &Token) -> Vec<&str> {
    const ARABIC: [&str; 11] = ["وال", "بال", "لل", "فال", "كال", "ال", "و", "ب", "ل", "ف", "ك"];
    const HEBREW: [&str; 12] = ["וה", "וב", "ול", "שה", "בה", "מה", "ו", "ה", "ב", "ל", "ש", "מ"];
    /// What is left must still be a word.
    const MIN_REST: usize = 4;
    let text = token.folded.as_str();
    let prefixes: &[&str] = match text.chars().next() {
        Some('\u{600}'..='\u{6ff}') => &ARABIC,
        Some('\u{590}'..='\u{5ff}') => &HEBREW,
        _ => &[],
    };
    let rests = prefixes.iter().filter_map(|prefix| text.strip_prefix(prefix));
    std::iter::once(text).chain(rests.filter(|rest| rest.len() >= MIN_REST)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon(file: &'static str) -> Lexicon {
        Lexicon::read(&[("en", file)]).expect("a lexicon")
    }

    fn names(lexicon: &Lexicon, text: &str, lang: &str) -> Vec<String> {
        let hits = lexicon.hits(&tokens_of(text), lang);
        hits.iter().map(|hit| format!("{}@{}", hit.name, hit.range.start)).collect()
    }

    #[test]
    fn the_longest_phrase_wins() {
        let lexicon = lexicon("a.red: red, roug*\na.carpet: red carpet, *teppich\na.or: or!");
        assert_eq!(
            names(&lexicon, "a red carpet, rouge or red", "en"),
            ["carpet@1", "red@4", "or@5", "red@6"]
        );
        assert_eq!(names(&lexicon, "Läuferteppich or", "fr"), ["carpet@0"]);
    }

    #[test]
    fn words_that_are_written_onto_others_are_taken_off() {
        let lexicon = Lexicon::read(&[("he", "a.text: טקסט"), ("ar", "a.logo: شعار")]);
        let lexicon = lexicon.expect("a lexicon");
        assert_eq!(names(&lexicon, "והטקסט", "he"), ["text@0"]);
        assert_eq!(names(&lexicon, "والشعار", "ar"), ["logo@0"]);
    }

    #[test]
    fn a_broken_file_is_refused() {
        for broken in ["nothing", "color: red", "color.red: ", "color.red: , blue", "a.b: *"] {
            assert!(Lexicon::read(&[("en", broken)]).is_err(), "{broken}");
        }
    }

    #[test]
    fn every_file_knows_the_same_core() {
        let names = |lang: &str| -> Vec<String> {
            let phrases = Lexicon::embedded().phrases.iter().filter(|phrase| phrase.lang == lang);
            phrases.map(|phrase| format!("{}.{}", phrase.topic, phrase.name)).collect()
        };
        let english = names("en");
        for (lang, _) in FILES {
            let known = names(lang);
            // Where the product stands before the word for “ad”, English has it behind “for”.
            let is_known = |name: &&String| english.contains(name) || *name == "about.after";
            let unheard: Vec<_> = known.iter().filter(|name| !is_known(name)).collect();
            assert!(unheard.is_empty(), "{lang} knows {unheard:?}, which English does not");
            for concept in CORE {
                assert!(known.iter().any(|name| name == concept), "{lang} has no {concept}");
            }
            for topic in ["about.", "no."] {
                assert!(known.iter().any(|name| name.starts_with(topic)), "{lang}: {topic}");
            }
        }
    }

    const CORE: [&str; 43] = [
        "intent.launch",
        "intent.offer",
        "intent.event",
        "intent.hiring",
        "intent.app",
        "season.summer",
        "season.winter",
        "season.holidays",
        "look.minimal",
        "look.bold",
        "look.playful",
        "tone.premium",
        "scheme.dark",
        "scheme.light",
        "color.red",
        "color.blue",
        "color.green",
        "color.black",
        "color.white",
        "color.yellow",
        "thing.text",
        "thing.photo",
        "thing.logo",
        "thing.headline",
        "thing.subline",
        "thing.cta",
        "thing.background",
        "thing.accent",
        "thing.price",
        "figure.percent",
        "figure.up_to",
        "lang.de",
        "lang.fr",
        "cta.book",
        "cta.shop",
        "edit.shorter",
        "edit.larger",
        "edit.smaller",
        "edit.remove",
        "edit.add",
        "edit.darker",
        "edit.lighter",
        "word.and",
    ];
}
