//! Reading what an edit asks for.
//!
//! A prompt is cut into wishes at commas, full stops and “and”; each wish names parts of the ad
//! and what is to become of them, and may leave either to the wish beside it. Never: a wish that
//! is passed over in silence.

mod change;
mod clause;
mod rules;
mod words;

pub use change::{Change, ColorTarget, NotUnderstood, Reading, Shade};

use crate::ads::brief::labelled;
use crate::ads::prompt::{Interpretation, Speech, figures_of};
use clause::Clause;

/// Reads an edit's prompt. What is not understood beside what is, is listed; where nothing is,
/// the error says what can be asked for.
pub fn read(prompt: &str) -> Result<Reading, NotUnderstood> {
    let mut speech = Speech::of(prompt, None);
    let mut reading = Reading { changes: Vec::new(), interpretation: Interpretation::default() };
    for (change, words) in labels(&mut speech) {
        add(&mut reading, change, &words);
    }
    for (changes, words) in wishes(&mut speech, &mut reading.interpretation) {
        for change in changes {
            add(&mut reading, change, &words);
        }
    }
    speech.leave_rest(0..speech.tokens.len(), &mut reading.interpretation);
    if speech.is_cut {
        reading.interpretation.note("only the first 5,000 characters were read");
    }
    if reading.changes.is_empty() {
        return Err(not_understood(reading.interpretation));
    }
    Ok(reading)
}

/// More changes than an ad has parts are no edit.
const MAX_CHANGES: usize = 24;

fn add(reading: &mut Reading, change: Change, words: &str) {
    if reading.changes.contains(&change) {
        return;
    }
    if reading.changes.len() == MAX_CHANGES {
        reading.interpretation.leave(words);
        return;
    }
    let (what, value) = change.shown();
    reading.interpretation.add(&what, value, words);
    reading.changes.push(change);
}

/// Lines such as `headline: Real fruit`.
fn labels(speech: &mut Speech<'_>) -> Vec<(Change, String)> {
    let mut changes = Vec::new();
    for at in 0..speech.tokens.len() {
        let Some((name, words, range)) = labelled(speech, at) else { continue };
        if let Some(role) = rules::text_role(name) {
            changes.push((Change::SetText { role, words }, speech.words(range.clone()).to_owned()));
            speech.take(range);
        }
    }
    changes
}

fn wishes(
    speech: &mut Speech<'_>,
    interpretation: &mut Interpretation,
) -> Vec<(Vec<Change>, String)> {
    let figures = figures_of(speech);
    let clauses: Vec<Clause> = clause::cut(speech)
        .into_iter()
        .map(|range| Clause::read(speech, &figures, range))
        .collect();
    let mut wishes = Vec::new();
    let (mut waiting, mut waiting_tokens) = (Vec::new(), Vec::new());
    let mut last: Option<Clause> = None;
    for mut clause in clauses {
        if clause.says_what_only() {
            // “remove the subline and the badge” and “make the headline and the subline shorter”.
            let Some(before) = &last else {
                waiting.append(&mut clause.things);
                waiting_tokens.append(&mut clause.taken);
                continue;
            };
            clause.deeds.clone_from(&before.deeds);
        } else if let Some(before) = last.as_ref().filter(|_| waiting.is_empty())
            && clause.things.is_empty()
            && (clause.needs_a_thing() || clause.points_back(speech, before))
        {
            clause.things.clone_from(&before.things);
        }
        clause.things.splice(0..0, waiting.drain(..));
        let changes = rules::changes(speech, &clause, interpretation);
        let words = speech.words(clause.range.clone()).to_owned();
        if clause.is_refusal {
            speech.take(clause.range.clone());
        }
        if !changes.is_empty() {
            let has_words = changes.iter().any(Change::has_words);
            let whole = has_words.then(|| clause.range.clone());
            let taken = clause.taken.iter().cloned().chain(whole).chain(waiting_tokens.drain(..));
            taken.for_each(|range| speech.take(range));
            last = Some(clause);
        }
        wishes.push((changes, words));
    }
    wishes
}

fn not_understood(interpretation: Interpretation) -> NotUnderstood {
    let Interpretation { not_understood: words, notes, .. } = interpretation;
    let heard = match words.as_slice() {
        [] => "the prompt asks for no change".to_owned(),
        words => format!("not understood: `{}`", words.join("`, `")),
    };
    let heard = std::iter::once(heard).chain(notes).collect::<Vec<_>>().join("; ");
    let message = format!("{heard}. {CAN_BE_ASKED}");
    NotUnderstood { message, words }
}

const CAN_BE_ASKED: &str = "An edit can ask for other words (headline: “…”, change the button to \
    “Book now”, a shorter headline), for parts to be added or removed (remove the subline, add \
    the tagline), for a picture that comes with it (replace the photo, \
    use this picture as background), for sizes (bigger logo), colours (#FF8800 as accent, darker, \
    swap colours), another layout, a look (more minimal), an alignment (centered), a price, a \
    discount, or a \
    format (16:9, story)";

#[cfg(test)]
mod tests;
