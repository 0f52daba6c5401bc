//! `tidemill licenses`: what in the program was made by others, and on which terms.

use crate::ads::licences::{Licence, licences};
use crate::cli::terminal::Terminal;

/// Prints a licence once, below all that stands under it.
pub(super) fn print(terminal: Terminal) {
    for part in by_text(&licences()) {
        for Licence { of, kind, id, copyright, .. } in &part {
            let name = terminal.bold(format!("{of} ({kind}), {id}"));
            terminal.line(format_args!("{name}\n  {copyright}"));
        }
        if let Some(Licence { text, .. }) = part.first() {
            terminal.line(format_args!("\n{}\n", without_carriage_returns(text)));
        }
    }
}

/// Those with the same words together, in the order in which the first of them comes.
fn by_text(all: &[Licence]) -> Vec<Vec<Licence>> {
    let mut parts: Vec<Vec<Licence>> = Vec::new();
    for licence in all {
        let same = |part: &&mut Vec<Licence>| {
            part.first().is_some_and(|first| words(first.text).eq(words(licence.text)))
        };
        match parts.iter_mut().find(same) {
            Some(part) => part.push(*licence),
            None => parts.push(vec![*licence]),
        }
    }
    parts
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
}

fn without_carriage_returns(text: &str) -> String {
    text.replace('\r', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_licence_is_printed_once() {
        let licence = |of, text| Licence { of, kind: "font", id: "X", copyright: "C", text };
        let all = [licence("a", "one  text"), licence("b", "other"), licence("c", "one\ntext")];
        let names: Vec<Vec<&str>> = by_text(&all)
            .into_iter()
            .map(|part| part.into_iter().map(|licence| licence.of).collect())
            .collect();
        assert_eq!(names, [vec!["a", "c"], vec!["b"]]);
    }

    #[test]
    fn nothing_is_lost() {
        let all = licences();
        let printed: usize = by_text(&all).iter().map(Vec::len).sum();
        assert_eq!(printed, all.len());
    }
}
