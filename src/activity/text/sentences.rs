//! Prose in paragraphs and sentences, without the code, quotations and lists between them.

use super::one_line;

/// A stretch of a text that belongs together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Passage {
    /// Lines of prose, joined.
    Prose(String),
    /// One line of a list, without its mark.
    Item(String),
    /// A box of a list, and whether it is checked.
    Checkbox(bool, String),
}

/// The passages of a text in Markdown, in reStructuredText or plain; code blocks, quotations,
/// tables, headings and trailers are left out.
pub(crate) fn passages(text: &str) -> Vec<Passage> {
    let mut passages = Vec::new();
    let mut prose = String::new();
    let mut fence: Option<&str> = None;
    for line in text.lines() {
        let trimmed = line.trim();
        let opens = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(mark));
        if let Some(mark) = opens {
            fence = if fence == Some(mark) { None } else { fence.or(Some(mark)) };
            flush(&mut prose, &mut passages);
            continue;
        }
        let is_code = line.starts_with("    ") && prose.is_empty() || line.starts_with('\t');
        let skipped = ["#", ">", "|", "<!--", "==", "--", "diff --git"];
        let is_skipped = skipped.iter().any(|mark| trimmed.starts_with(mark));
        if fence.is_some() || is_code || is_skipped || trimmed.is_empty() {
            flush(&mut prose, &mut passages);
        } else if let Some((checked, rest)) = checkbox(trimmed) {
            flush(&mut prose, &mut passages);
            passages.push(Passage::Checkbox(checked, one_line(rest)));
        } else if let Some(item) = list_item(trimmed) {
            flush(&mut prose, &mut passages);
            // A list's lines go on below, indented.
            prose.push('\u{1}');
            prose.push_str(item);
        } else {
            if !prose.is_empty() {
                prose.push(' ');
            }
            prose.push_str(trimmed);
        }
    }
    flush(&mut prose, &mut passages);
    passages
}

fn flush(prose: &mut String, passages: &mut Vec<Passage>) {
    let text = std::mem::take(prose);
    let passage = match text.strip_prefix('\u{1}') {
        Some(item) => Passage::Item(one_line(item)),
        None => Passage::Prose(one_line(&text)),
    };
    let (Passage::Prose(text) | Passage::Item(text) | Passage::Checkbox(_, text)) = &passage;
    if !text.is_empty() {
        passages.push(passage);
    }
}

fn list_item(line: &str) -> Option<&str> {
    let bulleted = ["- ", "* ", "+ ", "• "].iter().find_map(|mark| line.strip_prefix(mark));
    bulleted.or_else(|| {
        let end =
            line.find(|one: char| !one.is_ascii_digit()).filter(|end| (1..=2).contains(end))?;
        line[end..].strip_prefix(". ").or_else(|| line[end..].strip_prefix(") "))
    })
}

fn checkbox(line: &str) -> Option<(bool, &str)> {
    let item = list_item(line)?;
    for (mark, checked) in [("[ ]", false), ("[x]", true), ("[X]", true)] {
        if let Some(rest) = item.strip_prefix(mark) {
            return Some((checked, rest.trim()));
        }
    }
    None
}

/// Words with a full stop that end no sentence.
const ABBREVIATIONS: [&str; 16] = [
    "e.g", "i.e", "etc", "vs", "cf", "no", "mr", "mrs", "ms", "dr", "st", "approx", "fig", "resp",
    "incl", "al",
];

/// The sentences of one line of prose, each with its end mark.
pub(crate) fn sentences(prose: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut code = false;
    for (at, one) in prose.char_indices() {
        if one == '`' {
            code = !code;
        }
        let end = at + one.len_utf8();
        if code || !matches!(one, '.' | '?' | '!') || !ends_sentence(prose, at, end) {
            continue;
        }
        let sentence = prose[start..end].trim();
        if !sentence.is_empty() {
            sentences.push(sentence);
        }
        start = end;
    }
    let rest = prose[start..].trim();
    if !rest.is_empty() {
        sentences.push(rest);
    }
    sentences
}

fn ends_sentence(prose: &str, at: usize, end: usize) -> bool {
    let rest = &prose[end..];
    let follows = rest.trim_start_matches(['"', '\'', ')', '”', '’', ']']);
    let spaced = follows.is_empty() || follows.starts_with(' ');
    if !spaced {
        return false;
    }
    if !prose[at..].starts_with('.') {
        return true;
    }
    let word = prose[..at].rsplit([' ', '(']).next().unwrap_or_default().to_lowercase();
    let next = follows.trim_start().chars().next();
    let initial = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    let goes_on = next.is_some_and(char::is_lowercase);
    !(initial || ABBREVIATIONS.contains(&word.as_str()) || goes_on)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_split_where_people_end() {
        let prose = "We use e.g. jiff. It is v1.2 now! Is `a.b. C` right? See J. Doe.";
        assert_eq!(
            sentences(prose),
            ["We use e.g. jiff.", "It is v1.2 now!", "Is `a.b. C` right?", "See J. Doe."]
        );
    }

    #[test]
    fn code_and_quotations_are_no_prose() {
        let text = "One\ntwo.\n\n> quoted\n\n```\ncode?\n```\n- item\n\
              goes on\n- [ ] do it\n- [x] did\n# H";
        assert_eq!(
            passages(text),
            [
                Passage::Prose("One two.".to_owned()),
                Passage::Item("item goes on".to_owned()),
                Passage::Checkbox(false, "do it".to_owned()),
                Passage::Checkbox(true, "did".to_owned()),
            ]
        );
    }
}
