//! Any text as harmless Markdown: no link, no picture, no heading, no HTML that others wrote.

/// Characters that mean something inside a line of Markdown or of HTML.
const MARKS: &str = "\\*_[]<>&|~#";

/// The text so that Markdown shows it as it is. Code between back-ticks stays code.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    let parts: Vec<&str> = text.split('`').collect();
    let paired = parts.len() % 2 == 1;
    for (place, part) in parts.iter().enumerate() {
        let is_last = place + 1 == parts.len();
        let is_code = place % 2 == 1 && (paired || !is_last) && !part.is_empty();
        if is_code {
            escaped.push('`');
            escaped.push_str(part);
            escaped.push('`');
        } else if place % 2 == 1 {
            // A back-tick without its partner, or two with nothing between.
            escaped.push_str("\\`");
            escape_prose(part, &mut escaped);
            if !is_last {
                escaped.push_str("\\`");
            }
        } else {
            escape_prose(part, &mut escaped);
        }
    }
    start_harmless(&escaped)
}

fn escape_prose(text: &str, escaped: &mut String) {
    let mut before = ' ';
    for one in text.chars() {
        match one {
            // `_` inside a word means nothing, and names would be unreadable.
            '_' if before.is_alphanumeric() => escaped.push('_'),
            // Only at a line's start is it a heading, and `#12` stands in many lines.
            '#' if !escaped.is_empty() => escaped.push('#'),
            // A scheme would become a link by itself.
            ':' if ends_with_scheme(escaped) => escaped.push_str("\\:"),
            one if MARKS.contains(one) => escape_one(one, escaped),
            one => escaped.push(one),
        }
        before = one;
    }
}

fn escape_one(one: char, escaped: &mut String) {
    match one {
        '<' => escaped.push_str("&lt;"),
        '>' => escaped.push_str("&gt;"),
        '&' => escaped.push_str("&amp;"),
        one => {
            escaped.push('\\');
            escaped.push(one);
        }
    }
}

fn ends_with_scheme(text: &str) -> bool {
    let lower: String = text.chars().rev().take(10).collect::<Vec<_>>().into_iter().rev().collect();
    let lower = lower.to_ascii_lowercase();
    ["http", "https", "ftp", "javascript", "data", "mailto", "file"]
        .iter()
        .any(|scheme| lower.ends_with(scheme))
}

/// What would begin a list, a quotation or a rule at a line's start.
fn start_harmless(text: &str) -> String {
    let first = text.chars().next();
    let numbered = text
        .find(|one: char| !one.is_ascii_digit())
        .is_some_and(|end| end > 0 && text[end..].starts_with(['.', ')']));
    match first {
        Some('-' | '+' | '=') => format!("\\{text}"),
        Some(_) if numbered => {
            let end = text.find(['.', ')']).unwrap_or(0);
            format!("{}\\{}", &text[..end], &text[end..])
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_does_nothing() {
        let cases = [
            ("[click](javascript:alert(1))", "\\[click\\](javascript\\:alert(1))"),
            ("<img src=x onerror=a>", "&lt;img src=x onerror=a&gt;"),
            ("![x](https://e.vil/p.png)", "!\\[x\\](https\\://e.vil/p.png)"),
            ("# heading", "\\# heading"),
            ("- item", "\\- item"),
            ("1. one", "1\\. one"),
            ("fix #12 in a_b", "fix #12 in a_b"),
            ("**bold** | cell", "\\*\\*bold\\*\\* \\| cell"),
            ("use `a*b` now", "use `a*b` now"),
            ("a ` b *c*", "a \\` b \\*c\\*"),
        ];
        for (text, expected) in cases {
            assert_eq!(escape(text), expected);
        }
    }
}
