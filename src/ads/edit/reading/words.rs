//! Words that a wish gives: quotations, what stands behind “to” and “should say”, names of fonts.

use std::ops::Range;

use super::rules::text_role;
use super::{Change, clause::Clause};
use crate::ads::brief::{cut_to_fit, role_of};
use crate::ads::prompt::Speech;
use crate::ads::scene::Role;

/// The words that a wish gives to a part of the ad.
pub(super) fn given(speech: &Speech<'_>, clause: &Clause) -> Vec<Change> {
    let named = named(clause);
    if let [old, new] = clause.deeds.quotes.as_slice()
        && let Some(change) = replaced(speech, clause, [*old, *new])
    {
        return vec![change];
    }
    let is_added = clause.deeds.does("add");
    let place = clause.deeds.wish("place").map(|(name, _)| name);
    let quoted = clause.deeds.quotes.iter().filter_map(|at| {
        let words = speech.quotation(*at)?.to_owned();
        let beside = role_of(speech, *at).and_then(|(name, _)| Some((name, text_role(name)?)));
        let role = match (beside, place) {
            // “below the headline” says where, and not whose words.
            (_, Some("below")) if is_added => Some(Role::Subline),
            (_, Some("above")) if is_added => Some(Role::Eyebrow),
            (Some(("text", _)) | None, _) if is_added => {
                named.filter(|role| *role != Role::Headline)
            }
            (Some(("text", _)) | None, _) => Some(named.unwrap_or(Role::Headline)),
            (Some((_, role)), _) => Some(role),
        };
        Some(match role {
            Some(role) if is_added && place.is_some() => {
                Change::AddText { role: Some(role), words }
            }
            Some(role) => Change::SetText { role, words },
            None => Change::AddText { role: None, words },
        })
    });
    let quoted: Vec<Change> = quoted.collect();
    let says = clause.deeds.wish("say").is_some();
    let changes = ["change", "rewrite", "use"].iter().any(|name| clause.deeds.does(name));
    if !quoted.is_empty() || !changes && !says || clause.things.contains(&"font") {
        return quoted;
    }
    let is_figure = |role: &Role| matches!(role, Role::Price | Role::Number);
    let behind = clause.deeds.behind_to.clone().filter(|range| !is_style(speech, range));
    let words = behind.map(|range| cut_to_fit(speech.words(range)));
    let named = named.filter(|role| !is_figure(role));
    named.zip(words).map(|(role, words)| Change::SetText { role, words }).into_iter().collect()
}

/// Whose words are meant.
fn named(clause: &Clause) -> Option<Role> {
    clause.things.iter().find_map(|name| text_role(name))
}

/// “replace 'cold brew' with 'iced tea'”.
fn replaced(speech: &Speech<'_>, clause: &Clause, [old, new]: [usize; 2]) -> Option<Change> {
    let joins =
        |at: usize| speech.at("word", at).is_some_and(|hit| ["to", "with"].contains(&hit.name));
    let is_exchange = clause.deeds.does("change") && (old + 1..new).any(joins);
    let words = |at: usize| speech.quotation(at).map(str::to_owned);
    is_exchange.then_some(())?;
    Some(Change::ReplaceText { old: words(old)?, new: words(new)? })
}

/// Whether all of this says how something is to look, and nothing what is to be read.
fn is_style(speech: &Speech<'_>, range: &Range<usize>) -> bool {
    const STYLE: [&str; 11] = [
        "color", "edit", "align", "side", "layout", "format", "frame", "thing", "typeface", "look",
        "scheme",
    ];
    let of_style = |at: usize| STYLE.iter().find_map(|topic| speech.at(topic, at));
    // “NEW IN” is a line, “something new” is not.
    let is_word = |at: usize| {
        const WORDS: [&str; 5] = ["another", "more", "less", "add", "use"];
        of_style(at).is_some_and(|hit| hit.topic == "edit" && WORDS.contains(&hit.name))
    };
    let is_line = speech.words(range.clone()).starts_with(char::is_uppercase)
        && range.clone().all(|at| is_word(at) || of_style(at).is_none());
    !is_line && range.clone().all(|at| speech.is_filler(at) || of_style(at).is_some())
}

/// `Georgia` of “use the font Georgia” and “change the font to Georgia”; of “a serif font” its
/// class.
pub(super) fn font(speech: &Speech<'_>, clause: &Clause) -> Option<Change> {
    if let Some((class, is_denied)) = clause.deeds.wish("typeface") {
        let serif = (class == "serif") != is_denied;
        let family = if serif { "serif" } else { "sans-serif" };
        return Some(Change::Font { family: family.to_owned() });
    }
    let mut fonts = speech.of_topic("thing").filter(|hit| hit.name == "font" && !hit.negated);
    let named = fonts.find(|hit| clause.range.contains(&hit.range.start))?.range.end;
    let start = clause.deeds.behind_to.as_ref().map_or(named, |behind| behind.start);
    let is_name = |at: &usize| !is_style(speech, &(*at..at + 1)) && !speech.is_filler(*at);
    let start = (start..clause.range.end).find(is_name)?;
    let family = cut_to_fit(speech.words(start..clause.range.end));
    Some(Change::Font { family })
}
