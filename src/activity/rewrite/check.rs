//! Whether a sentence says nothing that a text does not: its numbers, ids, names and paths.

use std::collections::BTreeSet;

/// Words with a capital that begin or join sentences and name nobody.
const PLAIN: [&str; 34] = [
    "a",
    "an",
    "the",
    "this",
    "these",
    "that",
    "it",
    "in",
    "on",
    "by",
    "for",
    "with",
    "and",
    "or",
    "to",
    "of",
    "from",
    "also",
    "now",
    "new",
    "two",
    "both",
    "all",
    "after",
    "before",
    "breaking",
    "migration",
    "review",
    "merge",
    "finish",
    "reverted",
    "files",
    "work",
    "i",
];

/// Whether every number, id, name and path of `sentence` stands in `text`.
pub(super) fn is_borne(sentence: &str, text: &str) -> bool {
    let known = tokens(text);
    let lower: BTreeSet<String> = known.iter().map(|token| token.to_lowercase()).collect();
    let mut first = true;
    for token in tokens(sentence) {
        let is_first = std::mem::replace(&mut first, token.ends_with(['.', '!', '?']));
        let bare = token.trim_end_matches(['.', '!', '?', ':']);
        if !needs_ground(bare, is_first) {
            continue;
        }
        let stands = lower.contains(&bare.to_lowercase())
            || lower.contains(&token.to_lowercase())
            || lower
                .iter()
                .any(|one| one.trim_end_matches(['.', ':', '!', '?']) == bare.to_lowercase());
        if !stands {
            return false;
        }
    }
    !sentence.contains("://") || text.contains("://")
}

/// Whether a line names one of the commits, numbers or days by which the text can be traced.
pub(super) fn keeps_citation(line: &str, text: &str) -> bool {
    let Some(cited) = text.rfind('(').map(|at| &text[at..]) else { return true };
    let ids: Vec<String> = tokens(cited)
        .into_iter()
        .filter(|token| token.chars().any(|one| one.is_ascii_digit()))
        .collect();
    ids.is_empty() || ids.iter().any(|id| line.contains(id.trim_end_matches('.')))
}

fn tokens(text: &str) -> Vec<String> {
    text.split(|one: char| one.is_whitespace() || "(),;\"'`“”‘’[]{}<>|…".contains(one))
        .filter(|token| !token.is_empty())
        .map(|token| token.trim_end_matches(',').to_owned())
        .filter(|token| !token.is_empty() && token != "—" && token != "-" && token != "–")
        .collect()
}

/// A number, an id, a path, code, or a name.
fn needs_ground(token: &str, is_first: bool) -> bool {
    let has = |test: fn(char) -> bool| token.chars().any(test);
    if has(char::is_numeric) || has(|one| "/_#@$=+\\".contains(one)) || token.contains("::") {
        return true;
    }
    if token.chars().any(|one| one == '.') {
        return true;
    }
    let mut letters = token.chars();
    let capital = letters.next().is_some_and(char::is_uppercase);
    let inner_capital = letters.any(char::is_uppercase);
    if inner_capital {
        return true;
    }
    let lower = token.to_lowercase();
    capital && !PLAIN.contains(&lower.as_str()) && !is_first
}
