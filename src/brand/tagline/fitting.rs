//! Whether a text can be a tagline.

use crate::brand::name::{cleaned, key, segments};
use crate::brand::structured::line;

/// The text as a tagline of `name`; none when it cannot be one.
pub(super) fn fitting(text: &str, name: Option<&str>) -> Option<String> {
    const MAX_CHARS: usize = 160;
    let text = line(text, 240)?;
    let text = beside_name(&text, name).unwrap_or(&text);
    let text = text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '¶' | '|' | '-' | '–' | '—' | '"' | '“' | '”')
    });
    let words = text.split_whitespace().count();
    let wide = text.chars().filter(|c| *c as u32 >= 0x3000).count();
    let chars = text.chars().count();
    // Scripts without spaces say more in less.
    let is_wide = wide * 3 > chars;
    let fits = if is_wide { (5..=40).contains(&chars) } else { (2..=24).contains(&words) };
    if !fits || chars > MAX_CHARS || is_other(text) {
        return None;
    }
    // A page's name, a greeting or the brand's own name is not what it says of itself.
    let is_long = chars > 60;
    let says_something = is_long || (cleaned(text).is_some() && !is_called(text, name));
    says_something.then(|| text.to_owned())
}

/// Calls to action, notices, dates, code: short texts that are something else.
pub(super) fn is_other(text: &str) -> bool {
    const STARTS: [&str; 30] = [
        "click",
        "sign up",
        "sign in",
        "log in",
        "read more",
        "learn more",
        "buy",
        "order",
        "download",
        "subscribe",
        "contact us",
        "get started",
        "try ",
        "book ",
        "skip to",
        "follow",
        "mehr ",
        "jetzt ",
        "hier ",
        "en savoir",
        "découvr",
        "copyright",
        "©",
        "please ",
        "your ",
        "loading",
        "table of",
        "version ",
        "introduction",
        "about ",
    ];
    const ANYWHERE: [&str; 12] = [
        "cookie",
        "javascript",
        "all rights",
        "privacy policy",
        "lorem ipsum",
        "dolor sit",
        "http://",
        "https://",
        "function(",
        "@media",
        "create react app",
        "this page",
    ];
    let lower = text.to_lowercase();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    STARTS.iter().any(|start| lower.starts_with(start))
        || ANYWHERE.iter().any(|part| lower.contains(part))
        || letters * 2 < text.chars().filter(|c| !c.is_whitespace()).count()
        || text.ends_with(['?', ':', '：'])
        || text.split_whitespace().any(is_version)
}

/// `2.4.1`, `v3.0`: what stands beside it is a release, not a claim.
fn is_version(word: &str) -> bool {
    let number = word.trim_start_matches(['v', 'V', '(']).trim_end_matches([')', ',', ':']);
    number.contains('.')
        && number.split('.').count() >= 2
        && number
            .split('.')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a text is the name, with a greeting or a version around it at most.
pub(super) fn is_called(text: &str, name: Option<&str>) -> bool {
    let Some(name) = name.map(key) else { return false };
    cleaned(text).is_some_and(|bare| {
        let bare = key(&bare);
        bare == name || (bare.starts_with(&name) && bare.len() < name.len() + 4)
    })
}

/// What stands beside the name in a text such as `Tide - slow work`.
fn beside_name<'a>(text: &'a str, name: Option<&str>) -> Option<&'a str> {
    let parts = segments(text);
    let [(one, _), (two, _)] = parts.as_slice() else { return None };
    match (is_called(one, name), is_called(two, name)) {
        (true, false) => Some(two),
        (false, true) => Some(one),
        _ => None,
    }
}
