//! Words that are to be shown as they are: quotations, and lines such as `headline: Real fruit`.

use std::ops::Range;

use super::read::Reader;
use crate::ads::prompt::{Kind, Speech};

/// Finds them all; a quotation that no word gives a role is the headline, the next one the
/// subline.
pub(super) fn read(reader: &mut Reader<'_>) {
    for at in 0..reader.speech.tokens.len() {
        if let Some((role, words, range)) = labelled(&reader.speech, at) {
            place(reader, Some(role), &words, range);
        }
    }
    for at in 0..reader.speech.tokens.len() {
        let Kind::Quote(number) = reader.speech.tokens[at].kind else { continue };
        if reader.speech.is_taken(at..at + 1) {
            continue;
        }
        let words = reader.speech.quotations[number].words.clone();
        let (role, range) = match role_of(&reader.speech, at) {
            Some((role, range)) => (Some(role), range),
            None => (None, at..at + 1),
        };
        place(reader, role, &words, range);
    }
}

fn place(reader: &mut Reader<'_>, role: Option<&str>, words: &str, range: Range<usize>) {
    let quoted = &mut reader.brief.quoted;
    let role = role.unwrap_or(if quoted.headline.is_none() { "headline" } else { "subline" });
    let (slot, name, longest) = match role {
        "headline" | "text" | "tagline" => (&mut quoted.headline, "headline", 120),
        "subline" => (&mut quoted.subline, "subline", 200),
        "cta" => (&mut quoted.cta, "cta", 40),
        "eyebrow" => (&mut quoted.eyebrow, "eyebrow", 40),
        "badge" => (&mut quoted.badge, "badge", 30),
        "legal" => (&mut quoted.legal, "legal", 300),
        "product" => (&mut reader.brief.product, "product", 48),
        _ => return,
    };
    if words.chars().count() > longest {
        reader.note(format!("the {name} may have {longest} characters, the quotation has more"));
    } else if slot.is_none() {
        *slot = Some(words.to_owned());
        reader.found(name, words, range);
    }
}

/// The role that the words beside a quotation give it, with the tokens of both.
pub(crate) fn role_of(speech: &Speech<'_>, quote: usize) -> Option<(&'static str, Range<usize>)> {
    /// In Japanese a token is a character, so that a word is several.
    const REACH: usize = 8;
    let start = quote.saturating_sub(REACH);
    for at in (start..quote).rev() {
        if let Some((role, range)) = role_at(speech, at) {
            return Some((role, range.start..quote + 1));
        }
        if ends_reach(speech, at) {
            break;
        }
    }
    let end = speech.tokens.len().min(quote + 1 + REACH);
    for at in quote + 1..end {
        if ends_reach(speech, at) {
            break;
        }
        if let Some((role, range)) = role_at(speech, at) {
            // A role right before another quotation is that one's.
            let next = (range.end..end).find(|at| !speech.tokens[*at].is_mark(':'));
            let is_next = next.is_some_and(|at| is_quote(speech, at));
            return (!is_next).then_some((role, quote..range.end));
        }
    }
    None
}

fn role_at(speech: &Speech<'_>, at: usize) -> Option<(&'static str, Range<usize>)> {
    let hit = speech.at("thing", at)?;
    is_role(hit.name).then(|| (hit.name, hit.range.clone()))
}

fn is_role(name: &str) -> bool {
    matches!(
        name,
        "headline"
            | "text"
            | "tagline"
            | "subline"
            | "cta"
            | "eyebrow"
            | "badge"
            | "legal"
            | "product"
    )
}

fn ends_reach(speech: &Speech<'_>, at: usize) -> bool {
    let is_and = speech.at("word", at).is_some_and(|hit| hit.name == "and");
    let token = &speech.tokens[at];
    let stops = ['.', ',', ';', '!', '?'].iter().any(|mark| token.is_mark(*mark));
    is_and || stops || token.kind == Kind::Line || is_quote(speech, at)
}

fn is_quote(speech: &Speech<'_>, at: usize) -> bool {
    matches!(speech.tokens[at].kind, Kind::Quote(_))
}

/// `headline: Real fruit`: the role, the words up to the end of the line, and all its tokens.
pub(crate) fn labelled(
    speech: &Speech<'_>,
    at: usize,
) -> Option<(&'static str, String, Range<usize>)> {
    let hit = speech.at("thing", at).filter(|hit| hit.range.start == at && is_role(hit.name))?;
    let (role, colon) = (hit.name, hit.range.end);
    speech.tokens.get(colon).filter(|token| token.is_mark(':'))?;
    let start = colon + 1;
    let end = (start..speech.tokens.len())
        .find(|at| {
            let token = &speech.tokens[*at];
            let next = speech.at("thing", *at).filter(|hit| is_role(hit.name));
            let is_label = next.is_some_and(|hit| {
                speech.tokens.get(hit.range.end).is_some_and(|token| token.is_mark(':'))
            });
            token.kind == Kind::Line || token.is_mark(';') || is_label
        })
        .unwrap_or(speech.tokens.len());
    if start >= end || is_quote(speech, start) {
        return None;
    }
    let words = cut_to_fit(speech.words(start..end));
    (!words.is_empty()).then_some((role, words, at..end))
}

/// The words of a line without what only joins it to the next one.
pub(crate) fn cut_to_fit(words: &str) -> String {
    crate::ads::prompt::cleaned(words).trim_end_matches([',', ';', ' ']).to_owned()
}
