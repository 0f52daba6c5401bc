//! Tags that no page of people has.
//!
//! The parser compares each attribute of a tag with all before it, so that a tag with hundreds of
//! thousands of them would take minutes. Such a tag is found here before the parser meets it.

/// Generated elements carry some fifty.
const MAX_ATTRIBUTES: usize = 1_000;

/// Where the first tag begins that has too many attributes.
pub(crate) fn tag(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(offset) = bytes[at..].iter().position(|byte| *byte == b'<') {
        let start = at + offset;
        at = start + 1;
        if !bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let tag = &bytes[at..];
        let (end, attributes) = measured(tag);
        if attributes > MAX_ATTRIBUTES {
            return Some(start);
        }
        at += end;
        // What stands in scripts and style sheets is no markup.
        let raw = ["script", "style"].into_iter().find(|name| is_named(tag, name));
        at += raw.map_or(0, |name| closing(&bytes[at..], name));
    }
    None
}

/// How long a tag is, and how many attributes it has; the count stops above the limit.
fn measured(tag: &[u8]) -> (usize, usize) {
    let mut attributes = 0;
    let mut quote = None;
    let mut before = b'<';
    for (at, byte) in tag.iter().copied().enumerate() {
        match quote {
            // The next attribute may follow a closing quote without a space.
            Some(open) if open == byte => (quote, before) = (None, b' '),
            Some(_) => {}
            None if byte == b'>' => return (at, attributes),
            None if before == b'=' && separates(byte) => {}
            None => {
                if before == b'=' && matches!(byte, b'"' | b'\'') {
                    quote = Some(byte);
                }
                attributes += usize::from(separates(before) && !separates(byte));
                before = byte;
            }
        }
        if attributes > MAX_ATTRIBUTES {
            return (at, attributes);
        }
    }
    (tag.len(), attributes)
}

const fn separates(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == b'/'
}

fn is_named(tag: &[u8], name: &str) -> bool {
    let own = tag.get(..name.len());
    let is_whole = tag.get(name.len()).is_none_or(|next| !next.is_ascii_alphanumeric());
    own.is_some_and(|own| own.eq_ignore_ascii_case(name.as_bytes())) && is_whole
}

/// How far the end tag of a raw element is away; all that is left when there is none.
fn closing(text: &[u8], name: &str) -> usize {
    let is_end = |at: &usize| {
        text[*at] == b'<' && text.get(*at + 1) == Some(&b'/') && is_named(&text[*at + 2..], name)
    };
    (0..text.len()).find(is_end).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::tag;

    #[test]
    fn tags_of_pages_pass() {
        let words = "word ".repeat(5_000);
        for text in [
            format!("<p title='{words}'>{words}</p>"),
            format!("<p title = \"{words}\">"),
            format!("<script>if (a<b) {words}</script><style>a<{words}</style><p>"),
            format!("a < {words} <1 {words}> <!-- {words} -->"),
            "<a href=/a/b/c>".repeat(5_000),
            "<p title='".to_owned(),
            "<".to_owned(),
        ] {
            assert_eq!(tag(&text), None, "{text:.40}");
        }
    }

    #[test]
    fn tags_of_attackers_are_found() {
        for between in [" a", "/a", "\n\ta=b", " a='x'", "a=''", " a=\"/\""] {
            let text = format!("<p>x</p><p {}>", between.repeat(3_000));
            assert_eq!(tag(&text), Some(8), "{between}");
        }
        let hidden = format!("<SCRIPT>x</SCRIPT ><b {}", " a".repeat(3_000));
        assert!(tag(&hidden).is_some());
    }
}
