//! Reading what people ask for: the parts that briefs and edits have in common.
//!
//! `tokens` cuts a prompt into words, figures and quotations, `lexicon` finds the words of the
//! thirteen languages in it, `figures` reads amounts, and `Interpretation` tells what was made of
//! it. Time grows with the prompt's length and with nothing else. Never: a guess at a number.

mod interpretation;

pub use interpretation::{Interpretation, Understood};
