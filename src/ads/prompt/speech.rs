//! A prompt, cut and looked up: what briefs and edits are read from.

use std::ops::Range;

use super::lexicon::{Hit, Lexicon};
use super::quotes::{self, Quotation};
use super::tokens::{self, Kind, Token};
use super::{Interpretation, MAX_CHARS};

/// A prompt in tokens, with the concepts in it and what has been made of them so far.
#[derive(Debug)]
pub(crate) struct Speech<'a> {
    text: &'a str,
    /// BCP 47, as far as its words tell; `en` where they do not.
    pub(crate) lang: String,
    /// The quotations, in order.
    pub(crate) quotations: Vec<Quotation>,
    /// The tokens, in order.
    pub(crate) tokens: Vec<Token>,
    /// The concepts, in order.
    pub(crate) hits: Vec<Hit<'static>>,
    used: Vec<bool>,
    /// Whether the prompt goes on behind what is read.
    pub(crate) is_cut: bool,
}

impl<'a> Speech<'a> {
    /// Reads a prompt; `hint` is the language where the words do not tell.
    pub(crate) fn of(prompt: &'a str, hint: Option<&str>) -> Self {
        let end = prompt.char_indices().nth(MAX_CHARS).map(|(end, _)| end);
        let text = &prompt[..end.unwrap_or(prompt.len())];
        let quotations = quotes::find(text);
        let tokens = tokens::cut(text, &quotations);
        let lexicon = Lexicon::embedded();
        let spoken = script(&tokens).or_else(|| lexicon.language(&tokens));
        let lang = spoken.or(hint).unwrap_or("en").to_owned();
        let mut hits = lexicon.hits(&tokens, &lang);
        negate(&mut hits);
        let used = vec![false; tokens.len()];
        Self { text, lang, quotations, tokens, hits, used, is_cut: end.is_some() }
    }

    /// The prompt's own words at these tokens.
    pub(crate) fn words(&self, range: Range<usize>) -> &'a str {
        let tokens = &self.tokens[range];
        match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => &self.text[first.start..last.end],
            _ => "",
        }
    }

    /// The words of the quotation at this token.
    pub(crate) fn quotation(&self, token: usize) -> Option<&str> {
        match self.tokens[token].kind {
            Kind::Quote(number) => Some(&self.quotations[number].words),
            _ => None,
        }
    }

    /// The first concept of this topic at this token.
    pub(crate) fn at(&self, topic: &str, token: usize) -> Option<&Hit<'static>> {
        self.all_at(token).find(|hit| hit.topic == topic)
    }

    /// The concepts of this topic at this token.
    pub(crate) fn of_topic_at(
        &self,
        topic: &'static str,
        token: usize,
    ) -> impl Iterator<Item = &Hit<'static>> {
        self.all_at(token).filter(move |hit| hit.topic == topic)
    }

    fn all_at(&self, token: usize) -> impl Iterator<Item = &Hit<'static>> {
        let start = self.hits.partition_point(|hit| hit.range.end <= token);
        self.hits[start..].iter().take_while(move |hit| hit.range.start <= token)
    }

    /// The concepts of a topic.
    pub(crate) fn of_topic(&self, topic: &'static str) -> impl Iterator<Item = &Hit<'static>> {
        self.hits.iter().filter(move |hit| hit.topic == topic)
    }

    /// Marks tokens as understood.
    pub(crate) fn take(&mut self, range: Range<usize>) {
        self.used[range].fill(true);
    }

    /// Whether any of the tokens is understood already.
    pub(crate) fn is_taken(&self, range: Range<usize>) -> bool {
        self.used[range].contains(&true)
    }

    /// Whether nothing is said by this token alone: `the`, `please`, `make`.
    pub(crate) fn is_filler(&self, token: usize) -> bool {
        ["filler", "word", "about", "no"].iter().any(|topic| self.at(topic, token).is_some())
    }

    /// Lists the words that nothing was made of.
    pub(crate) fn leave_rest(&self, range: Range<usize>, interpretation: &mut Interpretation) {
        let mut run: Option<Range<usize>> = None;
        for at in range {
            let token = &self.tokens[at];
            let is_word = matches!(token.kind, Kind::Word | Kind::Number | Kind::Quote(_));
            let joins = token.is_mark('-') || token.is_mark('\'') || token.is_mark('&');
            if self.used[at] || !(is_word || joins) {
                self.leave(run.take(), interpretation);
            } else if is_word && !self.is_filler(at) {
                run = Some(run.map_or(at, |run| run.start)..at + 1);
            }
        }
        self.leave(run, interpretation);
    }

    fn leave(&self, run: Option<Range<usize>>, interpretation: &mut Interpretation) {
        let words = run.map_or("", |run| self.words(run));
        // A single letter is a slip of the keyboard or the ending of a word.
        if words.chars().filter(|c| c.is_alphanumeric()).count() > 1 {
            interpretation.leave(words);
        }
    }
}

/// The language that a script alone tells.
fn script(tokens: &[Token]) -> Option<&'static str> {
    let mut counts = [0_usize; 6];
    for token in tokens.iter().filter(|token| token.kind == Kind::Word) {
        let place = match token.folded.chars().next() {
            Some('\u{600}'..='\u{6ff}') => 0,
            Some('\u{590}'..='\u{5ff}') => 1,
            Some('\u{900}'..='\u{97f}') => 2,
            Some('\u{3040}'..='\u{30ff}') => 3,
            Some('\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}') => 4,
            _ => 5,
        };
        counts[place] += 1;
    }
    let [arabic, hebrew, devanagari, kana, han, other] = counts;
    // Chinese has no kana, Japanese is never long without.
    let (japanese, chinese) = if kana * 8 >= han { (kana + han, 0) } else { (0, han) };
    let scripts = [
        (arabic, "ar"),
        (hebrew, "he"),
        (devanagari, "hi"),
        (japanese, "ja"),
        (chinese, "zh-Hans"),
    ];
    let (count, lang) = scripts.into_iter().max_by_key(|(count, _)| *count)?;
    (count > other).then_some(lang)
}

/// Turns around what stands beside a word that says no.
fn negate(hits: &mut [Hit<'_>]) {
    /// How many other words may lie between, as in “no big red text”.
    const REACH: usize = 2;
    for at in 0..hits.len() {
        match (hits[at].topic, hits[at].name) {
            ("no", "before") => {
                let mut end = hits[at].range.end;
                let mut reach = REACH;
                let mut next = at + 1;
                while next < hits.len() && hits[next].range.start <= end + reach {
                    let (topic, name) = (hits[next].topic, hits[next].name);
                    if (topic, name) == ("edit", "more") {
                        // “no more capitals” is about the capitals.
                        end = hits[next].range.end;
                    } else if can_be_denied(topic) {
                        hits[next].negated = true;
                        (end, reach) = (hits[next].range.end, 0);
                    } else if (topic, name) == ("word", "or") {
                        (end, reach) = (hits[next].range.end, 1);
                    } else if topic == "word" {
                        break;
                    }
                    next += 1;
                }
            }
            ("no", "after") => {
                let start = hits[at].range.start;
                for hit in hits[..at].iter_mut().rev().take_while(|hit| hit.range.end + 1 >= start)
                {
                    hit.negated |= can_be_denied(hit.topic);
                }
            }
            _ => {}
        }
    }
}

fn can_be_denied(topic: &str) -> bool {
    !matches!(topic, "filler" | "word" | "about" | "no" | "figure")
}

/// The language that the script of a text alone tells, such as `he`.
pub(crate) fn language_of_script(text: &str) -> Option<&'static str> {
    script(&tokens::cut(text, &[]))
}
