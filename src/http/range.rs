//! Conditional and partial requests for a file (RFC 9110), as far as a client gains by them.
//!
//! One range a request; several are answered with the whole file. Never: a failure because of a
//! header that is out of form.

use actix_web::http::header::{self, HeaderMap};

/// Which part of a file to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Span {
    /// All of it.
    Whole,
    /// From `start` to before `end`.
    Part {
        /// The first byte.
        start: u64,
        /// The byte after the last one.
        end: u64,
    },
    /// A part that the file does not have.
    Outside,
}

/// Whether the client holds the file with this `etag` already.
pub(crate) fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|held| held == "*" || held.strip_prefix("W/").unwrap_or(held) == etag)
}

/// The part of a file of `length` bytes that a client asks for.
pub(crate) fn span(headers: &HeaderMap, etag: &str, length: u64) -> Span {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    // A client that holds a part of another file must get the whole of this one.
    if headers.contains_key(header::IF_RANGE) && text(header::IF_RANGE) != Some(etag) {
        return Span::Whole;
    }
    let range = text(header::RANGE).and_then(|range| range.strip_prefix("bytes="));
    range.and_then(|range| part(range.trim(), length)).unwrap_or(Span::Whole)
}

fn part(range: &str, length: u64) -> Option<Span> {
    let (first, last) = range.split_once('-')?;
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    };
    let (start, end) = match (first, last) {
        ("", suffix) => (length.saturating_sub(number(suffix)?), length),
        (first, "") => (number(first)?, length),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            (first, last.saturating_add(1).min(length))
        }
    };
    Some(if start < end { Span::Part { start, end } } else { Span::Outside })
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn one_range_is_honoured_and_everything_else_is_the_whole() {
        let asked = |range| span(&headers(&[("range", range)]), "\"e\"", 10);
        assert_eq!(asked("bytes=0-3"), Span::Part { start: 0, end: 4 });
        assert_eq!(asked("bytes=4-"), Span::Part { start: 4, end: 10 });
        assert_eq!(asked("bytes=-3"), Span::Part { start: 7, end: 10 });
        assert_eq!(asked("bytes=8-99"), Span::Part { start: 8, end: 10 });
        assert_eq!(asked("bytes=-99"), Span::Part { start: 0, end: 10 });
        for range in ["bytes=10-", "bytes=-0", "bytes=99999999999999999999-"] {
            assert_eq!(asked(range), Span::Outside, "{range}");
        }
        for range in ["bytes=0-1,3-4", "bytes=5-2", "bytes=a-b", "lines=1-2", "bytes=-"] {
            assert_eq!(asked(range), Span::Whole, "{range}");
        }
    }

    #[test]
    fn a_part_of_another_version_is_not_sent() {
        let asked = |held| span(&headers(&[("range", "bytes=1-"), ("if-range", held)]), "\"e\"", 4);
        assert_eq!(asked("\"e\""), Span::Part { start: 1, end: 4 });
        assert_eq!(asked("\"old\""), Span::Whole);
    }

    #[test]
    fn a_held_file_is_not_sent_again() {
        let held = |value| is_known(&headers(&[("if-none-match", value)]), "\"e\"");
        assert!(held("\"e\"") && held("\"x\", W/\"e\"") && held("*"));
        assert!(!held("\"x\"") && !is_known(&HeaderMap::new(), "\"e\""));
    }
}
