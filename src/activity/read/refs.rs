//! What a text names: commits, issues, tickets, pages, branches and paths.
//!
//! A name is only a candidate: whether a word of seven hex digits is a commit is known when the
//! commits are, in `link`. Never: a guess at what an unknown name means.

use std::collections::BTreeSet;

/// Something that a text or an event's `refs` names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reference {
    /// 7 to 40 hex digits.
    Sha(String),
    /// `#12`, `!7`, `GH-12`.
    Number(u32),
    /// `KEY-3`.
    Key(String),
    /// A page, without its fragment.
    Url(String),
    /// A path of a file: it has a `/` and an extension.
    Path(String),
    /// A name given in `refs` that is none of these: a branch, the id of what is answered.
    Name(String),
}

/// Words that look like tickets and are standards.
const STANDARDS: [&str; 22] = [
    "UTF", "SHA", "ISO", "RFC", "AES", "CVE", "HTTP", "PEP", "ASCII", "X86", "MD", "TLS", "SSL",
    "ES", "EC", "RSA", "CP", "IEEE", "ARM", "PCRE", "BASE", "CWE",
];

/// What a text names. Numbers of another repository than `place` are left out.
pub(crate) fn in_text(text: &str, place: Option<&str>) -> BTreeSet<Reference> {
    let mut found = BTreeSet::new();
    for word in text.split(|one: char| one.is_whitespace() || "()<>[]\"`'|,;".contains(one)) {
        let word = word.trim_end_matches(['.', ':', '!', '?', '*', '_']);
        if word.len() < 2 || word.len() > 500 {
            continue;
        }
        if word.starts_with("https://") || word.starts_with("http://") {
            found.extend(of_url(word, place));
        } else {
            found.extend(of_word(word, place));
        }
    }
    found
}

/// Words after which people name what they wait for.
const WAITING: [&str; 4] = ["blocked by ", "blocked on ", "depends on ", "waits for "];

/// The items that a text says it waits for, by their keys.
pub(super) fn waited_for(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let mut keys = Vec::new();
    for mark in WAITING {
        // Of a text whose letters change their length in lower case, nothing is cut out.
        for (at, _) in lower.match_indices(mark) {
            let rest = text.get(at + mark.len()..).unwrap_or_default();
            let word = rest.split([' ', ',', ';', '\n', '.', ')']).next().unwrap_or_default();
            keys.extend(in_text(word, None).into_iter().filter_map(|one| match one {
                Reference::Number(number) => Some(format!("#{number}")),
                Reference::Key(key) => Some(key),
                _ => None,
            }));
        }
    }
    keys
}

/// What an event's `refs` name.
pub(crate) fn of_refs(refs: &[String], place: Option<&str>) -> BTreeSet<Reference> {
    let mut found = BTreeSet::new();
    for text in refs {
        let text = text.trim();
        let named = in_text(text, place);
        if named.is_empty() && !text.is_empty() {
            found.insert(Reference::Name(text.to_owned()));
        }
        found.extend(named);
    }
    found
}

fn of_url(url: &str, place: Option<&str>) -> Vec<Reference> {
    let page = url.split('#').next().unwrap_or(url).trim_end_matches('/');
    let mut found = vec![Reference::Url(page.to_owned())];
    let own =
        place.is_none_or(|place| !place.contains('/') || page.contains(&format!("/{place}/")));
    let parts: Vec<&str> = page.split('/').collect();
    for pair in parts.windows(2) {
        match pair {
            ["pull" | "pulls" | "issues" | "merge_requests", number] if own => {
                found.extend(number.parse().ok().map(Reference::Number));
            }
            ["commit" | "commits", sha] => found.extend(sha_of(sha)),
            ["browse" | "issue", key] => found.extend(key_of(key)),
            _ => {}
        }
    }
    found
}

fn of_word(word: &str, place: Option<&str>) -> Vec<Reference> {
    if let Some(reference) = number_of(word, place) {
        return vec![reference];
    }
    if let Some(reference) = sha_of(word).or_else(|| key_of(word)) {
        return vec![reference];
    }
    let is_path = word.contains('/')
        && !word.starts_with('/')
        && word.rsplit('/').next().is_some_and(|name| {
            name.rsplit_once('.').is_some_and(|(stem, end)| {
                !stem.is_empty() && (1..=6).contains(&end.len()) && end.is_ascii()
            })
        });
    if is_path {
        vec![Reference::Path(word.trim_start_matches("./").to_owned())]
    } else {
        Vec::new()
    }
}

/// `#12`, `!7`, `GH-12`, and `owner/name#12` of the own place.
fn number_of(word: &str, place: Option<&str>) -> Option<Reference> {
    let lower = word.to_ascii_lowercase();
    let digits = if let Some(rest) = word.strip_prefix('#').or_else(|| word.strip_prefix('!')) {
        rest
    } else if lower.starts_with("gh-") {
        &word[3..]
    } else {
        let (before, digits) = word.rsplit_once('#')?;
        if before.contains('/') && place != Some(before) {
            return None;
        }
        // `Fixes:#12`, `(#12`; but `page#12` is an anchor.
        if before.contains('/') || before.ends_with([':', '=']) { digits } else { return None }
    };
    let end = digits.find(|one: char| !one.is_ascii_digit()).unwrap_or(digits.len());
    let rest_is_word = digits[end..].starts_with(|one: char| one.is_alphanumeric());
    if end == 0 || end > 7 || rest_is_word {
        return None;
    }
    digits[..end].parse().ok().map(Reference::Number)
}

fn sha_of(word: &str) -> Option<Reference> {
    let word = word.trim_matches(|one: char| !one.is_ascii_alphanumeric());
    let hex = word.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let digits = word.bytes().any(|byte| byte.is_ascii_digit());
    let letters = word.bytes().any(|byte| byte.is_ascii_lowercase());
    let is_sha = hex && (7..=64).contains(&word.len()) && ((digits && letters) || word.len() >= 40);
    is_sha.then(|| Reference::Sha(word.to_owned()))
}

fn key_of(word: &str) -> Option<Reference> {
    let word = word.trim_matches(|one: char| !one.is_ascii_alphanumeric());
    let (project, number) = word.rsplit_once('-')?;
    let is_project = (2..=10).contains(&project.len())
        && project.starts_with(|one: char| one.is_ascii_uppercase())
        && project.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let is_number =
        (1..=6).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_key = is_project && is_number && !STANDARDS.contains(&project);
    is_key.then(|| Reference::Key(word.to_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names(text: &str) -> Vec<Reference> {
        in_text(text, Some("acme/app")).into_iter().collect()
    }

    #[test]
    fn names_are_found_and_lookalikes_are_not() {
        let text = "Fixes #12, acme/app#13 and other/app#14; see TIDE-3, UTF-8 and 1a2b3c4d.";
        let sha = Reference::Sha("1a2b3c4d".to_owned());
        let key = Reference::Key("TIDE-3".to_owned());
        assert_eq!(names(text), [sha, Reference::Number(12), Reference::Number(13), key]);
        assert_eq!(names("deadbeef 1234567 v1.2 a#b ##"), []);
    }

    #[test]
    fn what_is_waited_for_is_named_in_words() {
        let text = "Blocked by #12, and depends on TIDE-3. Blocked by rain. See #4.";
        assert_eq!(waited_for(text), ["#12", "TIDE-3"]);
        assert_eq!(waited_for("İ depends on #7"), [""; 0]);
    }

    #[test]
    fn pages_name_what_they_show() {
        let url = "https://github.com/acme/app/pull/15#issuecomment-1";
        let found = names(&format!("see {url}."));
        assert!(found.contains(&Reference::Number(15)), "{found:?}");
        let foreign = names("https://github.com/other/app/pull/15");
        assert!(!foreign.contains(&Reference::Number(15)), "{foreign:?}");
        let ticket = names("https://acme.example/browse/TIDE-4");
        assert!(ticket.contains(&Reference::Key("TIDE-4".to_owned())), "{ticket:?}");
    }

    #[test]
    fn refs_that_are_nothing_else_are_names() {
        let found = of_refs(&["feature/tide".to_owned(), "#3".to_owned()], None);
        let name = Reference::Name("feature/tide".to_owned());
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [Reference::Number(3), name]);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,300}") {
            in_text(&text, None);
        }

        #[test]
        fn a_number_is_found(number in 1_u32..9_999_999, before in "[a-z ]{0,9}") {
            let text = format!("{before} (#{number})");
            prop_assert!(in_text(&text, None).contains(&Reference::Number(number)));
        }
    }
}
