//! What the server counts stands in the operator's book, and the book names nothing else.

use std::collections::BTreeSet;

use crate::source::Source;

/// Metrics that only one of code and book names.
pub(crate) fn check(code: &Source, book: &Source) -> Vec<String> {
    let (counted, explained) = (names(&code.text), names(&book.text));
    let missing = counted.difference(&explained).map(|name| format!("`{name}` is not explained"));
    let invented = explained.difference(&counted).map(|name| format!("`{name}` is not counted"));
    missing.chain(invented).collect()
}

/// Words that begin with `tidemill_`, without the suffix that the format adds to counters.
fn names(text: &str) -> BTreeSet<&str> {
    text.split(|character: char| !(character.is_ascii_alphanumeric() || character == '_'))
        .filter(|word| word.starts_with("tidemill_"))
        .map(|word| word.strip_suffix("_total").unwrap_or(word))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_directions_are_seen() {
        let code = Source::sample("a.rs", "counter(\"tidemill_a\"); gauge(\"tidemill_b\")");
        let book = Source::sample("b.md", "`tidemill_a_total{action}` and `tidemill_c`");
        assert_eq!(
            check(&code, &book),
            ["`tidemill_b` is not explained", "`tidemill_c` is not counted"]
        );
    }
}
