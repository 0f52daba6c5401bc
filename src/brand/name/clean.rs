//! What a name is not: greetings, page names, versions, placeholders of templates.

use crate::brand::structured::line;

/// A candidate as a name: without greetings, page names and versions around it. None when nothing
/// is left, or when what is left is no name of a brand.
pub(in crate::brand) fn cleaned(text: &str) -> Option<String> {
    /// No brand is called in more words than fit here.
    const MAX_CHARS: usize = 80;
    let line = line(text, 200).filter(|line| !is_generic(line))?;
    let mut name = line.trim_matches(is_frame);
    loop {
        let before = name.len();
        for greeting in GREETINGS {
            name = without_prefix(name, greeting);
        }

        for ending in ENDINGS {
            name = without_suffix(name, ending);
        }
        name = without_version(name).trim_matches(is_frame);
        if name.len() == before {
            break;
        }
    }
    let fits = name.chars().count() <= MAX_CHARS && names_something(name);
    (fits && !is_generic(name)).then(|| name.to_owned())
}

/// Whether there is more than a number or a single letter.
fn names_something(name: &str) -> bool {
    let signs = name.chars().filter(|c| c.is_alphanumeric()).count();
    let is_number = name.chars().all(|c| {
        c.is_numeric() || c.is_whitespace() || matches!(c, '.' | ',' | '-' | '–' | '/' | ':' | '%')
    });
    // One Chinese sign is a word.
    let is_word = name.chars().any(|c| c.is_alphabetic() && c as u32 >= 0x3000);
    !is_number && (signs >= 2 || is_word)
}

/// By what two spellings are known to mean one name: letters and digits only, in lower case.
pub(in crate::brand) fn key(name: &str) -> String {
    // What is `I` in capitals is a dotless `ı` in Turkish small letters.
    let lower = |c: char| if c == 'ı' { 'i' } else { c };
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    let key: String = letters.flat_map(char::to_lowercase).map(lower).collect();
    if key.is_empty() { name.to_lowercase() } else { key }
}

/// Stands at the start of a heading or title and greets.
const GREETINGS: [&str; 14] = [
    "welcome to",
    "welcome at",
    "willkommen bei",
    "willkommen auf",
    "herzlich willkommen bei",
    "bienvenue chez",
    "bienvenue sur",
    "bienvenue à",
    "bienvenido a",
    "bienvenidos a",
    "benvenuti su",
    "benvenuto su",
    "bem-vindo à",
    "welkom bij",
];

/// Stands behind a name and tells what kind of page this is.
const ENDINGS: &[&str] = &[
    "home page",
    "homepage",
    "start page",
    "official website",
    "official site",
    "offizielle website",
    "offizielle webseite",
    "site officiel",
    "sitio oficial",
    "sito ufficiale",
    "website",
    "user manual",
    "reference manual",
    "manual",
    "user guide",
    "handbook",
    "documentation",
    "dokumentation",
    "logo",
    "wordmark",
];

/// Names of pages, parts of pages and templates; compared by `key`, parted by `|`.
const GENERIC: &str = "home|index|start|startseite|accueil|inicio|início|homepage|homepagina|\
    welcome|willkommen|bienvenue|bienvenido|benvenuti|main|mainpage|untitled|\
    untitleddocument|newpage|default|document|page|website|site|mysite|mywebsite|\
    yourwebsite|yourlogo|yourcompany|yourbrand|companyname|brandname|yourname|logo|\
    brand|image|img|icon|picture|menu|navigation|togglenavigation|skiptocontent|\
    skiptomaincontent|about|aboutus|contact|contactus|blog|news|docs|documentation|\
    login|signin|signup|register|search|shop|store|reactapp|viteapp|vitereact|\
    vitereactts|vitevue|vitevuets|vueapp|nuxtapp|createnextapp|createreactapp|\
    angularapp|svelteapp|sveltekitapp|laravel|ionicapp|loading|pleasewait|ホーム|トップ|首页|\
    الرئيسية|your|our|my|the|this|welcometo|pagetitle|title|introduction|overview|\
    gettingstarted|quickstart|tableofcontents|contents|readme|preface|einführung|einleitung|\
    übersicht|introducción|introduzione|introdução|présentation|services|products|leistungen|\
    überuns|kontakt|àpropos|chisiamo|contatti|nosotros|contacto|sobrenós|contato";

fn is_generic(name: &str) -> bool {
    let key = key(name);
    GENERIC.split('|').any(|generic| generic == key)
}

/// Characters that frame a name and are not of it.
fn is_frame(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '|' | '·'
                | '•'
                | '-'
                | '–'
                | '—'
                | ':'
                | ','
                | '»'
                | '«'
                | '.'
                | '!'
                | '¶'
                | '™'
                | '®'
                | '©'
                | '"'
                | '“'
                | '”'
                | '/'
        )
}

fn without_prefix<'a>(text: &'a str, prefix: &str) -> &'a str {
    let Some(end) = end_of_prefix(text, prefix) else { return text };
    let rest = &text[end..];
    if rest.starts_with(char::is_whitespace) { rest.trim_start() } else { text }
}

/// Where `prefix`, whatever its case, ends in `text`.
fn end_of_prefix(text: &str, prefix: &str) -> Option<usize> {
    let mut end = 0;
    let mut wanted = prefix.chars();
    for c in text.chars() {
        let Some(want) = wanted.next() else { return Some(end) };
        if !c.to_lowercase().eq(want.to_lowercase()) {
            return None;
        }
        end += c.len_utf8();
    }
    wanted.next().is_none().then_some(end)
}

fn without_suffix<'a>(text: &'a str, suffix: &str) -> &'a str {
    let Some(start) = text.len().checked_sub(suffix.len()) else { return text };
    if start == 0 || !text.is_char_boundary(start) {
        return text;
    }
    let (head, tail) = text.split_at(start);
    let stands_alone = head.ends_with(|c: char| c.is_whitespace() || is_frame(c));
    if tail.to_lowercase() == suffix && stands_alone { head.trim_end() } else { text }
}

/// `Tide 2.4.2` and `Tide version 2.4` are `Tide`; `Tide 2` may be its name.
fn without_version(text: &str) -> &str {
    let Some((head, last)) = text.rsplit_once(char::is_whitespace) else { return text };
    let number = last.strip_prefix(['v', 'V']).unwrap_or(last);
    let is_version = number.contains('.')
        && number.starts_with(|c: char| c.is_ascii_digit())
        && number.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    if !is_version {
        return text;
    }
    without_suffix(head.trim_end(), "version")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_freed_of_what_stands_around_them() {
        for (text, name) in [
            ("Welcome to Tide Mills!", Some("Tide Mills")),
            ("Tide Home Page", Some("Tide")),
            ("Tide | Official Site", Some("Tide")),
            ("Tide Version 2.4.1", Some("Tide")),
            ("Tide v3.0-beta", Some("Tide")),
            ("Tide 3.0.34 User Manual", Some("Tide")),
            ("Tide documentation¶", Some("Tide")),
            ("Tide 2", Some("Tide 2")),
            ("Tide logo", Some("Tide")),
            ("“Tide”™", Some("Tide")),
            ("20[ ]", Some("20[ ]")),
            ("Home", None),
            ("React App", None),
            ("Your Website", None),
            ("2024", None),
            ("→", None),
            ("ホーム", None),
            ("Introduction", None),
            ("Über uns", None),
            ("a\u{202e}", None),
        ] {
            assert_eq!(cleaned(text).as_deref(), name, "{text}");
        }
    }

    #[test]
    fn a_greeting_alone_or_inside_a_word_stays() {
        assert_eq!(cleaned("Welcome toys").as_deref(), Some("Welcome toys"));
        assert_eq!(cleaned(&"Welcome to ".repeat(5)), None);
    }

    #[test]
    fn spellings_are_compared_by_letters() {
        assert_eq!(key("Tide-Mills, Inc."), "tidemillsinc");
        assert_eq!(key("YILMAZ"), key("Yılmaz"));
        assert_eq!(key("潮"), "潮");
        assert_eq!(key("[ ]"), "[ ]");
    }
}
