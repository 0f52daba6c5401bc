//! Words that may name a canvas, and mostly do not: `story`, `square`, `landscape`.
//!
//! They count where the words beside them speak of a format: “in story format”, “a square ad”,
//! “as a story”. Never: a noun of the message, such as in “the story of our founder”.

use super::lexicon::Hit;
use super::speech::Speech;

/// Whether a hit of the topic `shape` names the canvas.
pub(crate) fn names_a_canvas(speech: &Speech<'_>, hit: &Hit<'_>) -> bool {
    let end = hit.range.end;
    let before = hit.range.start.checked_sub(1);
    // Of two words between, the nearer may be an article.
    let farther =
        before.filter(|at| speech.at("filler", *at).is_some()).and_then(|at| at.checked_sub(1));
    let is = |name: &'static str, at: usize| {
        at < speech.tokens.len() && speech.of_topic_at("frame", at).any(|hit| hit.name == name)
    };
    if is("format", end) || before.is_some_and(|at| is("format", at) && !is_noun(speech, at)) {
        return true;
    }
    let is_introduced =
        before.is_some_and(|at| is("as", at)) || farther.is_some_and(|at| is("as", at));
    let is_plainly_in =
        before.is_some_and(|at| speech.at("word", at).is_some_and(|hit| hit.name == "in"));
    (is_introduced || is_plainly_in) && ends_there(speech, end)
}

/// “an ad, story of …”: the words for the ad itself frame only what stands before them.
fn is_noun(speech: &Speech<'_>, at: usize) -> bool {
    speech.at("filler", at).is_some()
}

/// Whether nothing more is said of it: “a story about …” is one that is told.
fn ends_there(speech: &Speech<'_>, end: usize) -> bool {
    let Some(token) = speech.tokens.get(end) else { return true };
    let is_told = speech.at("about", end).is_some() && token.folded != "for";
    let is_word = token.kind == super::Kind::Word;
    let joins = ["word", "filler", "frame"].iter().any(|topic| speech.at(topic, end).is_some());
    !is_told && (!is_word || joins && token.folded != "of" || token.folded == "for")
}
