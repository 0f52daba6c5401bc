//! Reading what people ask for: the parts that briefs and edits have in common.
//!
//! `tokens` cuts a prompt into words, figures and quotations, `lexicon` finds the words of the
//! thirteen languages in it, `figures` reads amounts, and `Interpretation` tells what was made of
//! it. Time grows with the prompt's length and with nothing else. Never: a guess at a number.

mod figures;
mod fold;
mod interpretation;
mod lexicon;
mod quotes;
mod shape;
mod speech;
mod tokens;

pub(crate) use figures::{Figure, Figures, amount, read as figures_of};
pub use interpretation::{Interpretation, Understood};
pub(crate) use lexicon::Hit;
pub(crate) use quotes::cleaned;
pub(crate) use shape::names_a_canvas;
pub(crate) use speech::{Speech, language_of_script};
pub(crate) use tokens::Kind;

/// As much of a prompt as is read: the most that a request may send.
pub(crate) const MAX_CHARS: usize = 5_000;
