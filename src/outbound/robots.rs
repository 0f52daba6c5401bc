//! Reads `robots.txt` as RFC 9309 says, for one robot: us.
//!
//! The rules of every group that names us count, else those of the groups for `*`. The longest
//! rule that matches a path decides, and `Allow` wins a tie. Pure; the session fetches the file.

use std::fmt::Write as _;

/// The name that a group in `robots.txt` must give to mean us.
const PRODUCT: &str = "tidemill";

/// How much of the file is read: what the RFC asks for at least.
pub(super) const MAX_BYTES: usize = 500 * 1_024;

/// What a `robots.txt` says to us.
#[derive(Debug, Default)]
pub(super) struct Robots {
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    allow: bool,
    pattern: String,
}

impl Robots {
    /// Reads the file. Whatever is not understood is passed over: the format has no errors.
    pub(super) fn parse(file: &[u8]) -> Self {
        let text = String::from_utf8_lossy(&file[..file.len().min(MAX_BYTES)]);
        let (mut ours, mut everyones) = (Group::default(), Group::default());
        // A run of `User-agent` lines opens a group; the first rule after it closes the run.
        let (mut in_ours, mut in_everyones, mut naming) = (false, false, false);
        for (key, value) in text.trim_start_matches('\u{feff}').split(['\r', '\n']).filter_map(line)
        {
            if key.eq_ignore_ascii_case("user-agent") {
                if !naming {
                    (in_ours, in_everyones, naming) = (false, false, true);
                }
                in_ours |= is_us(value);
                in_everyones |= value == "*";
                ours.present |= in_ours;
            } else if let Some(allow) = verb(key) {
                naming = false;
                if in_ours {
                    ours.add(allow, value);
                }
                if in_everyones {
                    everyones.add(allow, value);
                }
            }
        }
        Self { rules: if ours.present { ours.rules } else { everyones.rules } }
    }

    /// Whether we may fetch this path and query.
    pub(super) fn allows(&self, path: &str) -> bool {
        let path = normalize(path);
        // At equal length `true` is greater than `false`, so that `Allow` wins.
        self.rules
            .iter()
            .filter(|rule| matches(&rule.pattern, &path))
            .map(|rule| (rule.pattern.len(), rule.allow))
            .max()
            .is_none_or(|(_, allow)| allow)
    }
}

#[derive(Default)]
struct Group {
    present: bool,
    rules: Vec<Rule>,
}

impl Group {
    fn add(&mut self, allow: bool, value: &str) {
        // An empty rule says nothing: `Disallow:` alone is how a site allows everything.
        if !value.is_empty() {
            self.rules.push(Rule { allow, pattern: normalize(value) });
        }
    }
}

fn line(line: &str) -> Option<(&str, &str)> {
    let line = line.split_once('#').map_or(line, |(line, _)| line);
    line.split_once(':').map(|(key, value)| (key.trim(), value.trim()))
}

fn verb(key: &str) -> Option<bool> {
    if key.eq_ignore_ascii_case("allow") {
        Some(true)
    } else {
        key.eq_ignore_ascii_case("disallow").then_some(false)
    }
}

/// A product token ends where letters, `-` and `_` end: `Tidemill/1.0` is us too.
fn is_us(value: &str) -> bool {
    let end = value
        .find(|letter: char| !(letter.is_ascii_alphabetic() || matches!(letter, '-' | '_')))
        .unwrap_or(value.len());
    value[..end].eq_ignore_ascii_case(PRODUCT)
}

/// Whether the pattern, in which `*` is any text and a last `$` the end, begins the path. Linear:
/// the leftmost place of each piece leaves the most room for those after it.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, anchored) =
        pattern.strip_suffix('$').map_or((pattern, false), |pattern| (pattern, true));
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let mut last = None;
    for piece in pieces {
        // The last piece of an anchored pattern is looked for at the end instead.
        if let Some(piece) = last.replace(piece) {
            match rest.split_once(piece) {
                Some((_, after)) => rest = after,
                None => return false,
            }
        }
    }
    match last {
        None => !anchored || rest.is_empty(),
        Some(piece) if anchored => rest.ends_with(piece),
        Some(piece) => rest.contains(piece),
    }
}

/// One spelling for each path: escapes in upper case, none where none is needed, all else escaped.
fn normalize(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut bytes = path.as_bytes();
    while let [byte, rest @ ..] = bytes {
        bytes = rest;
        let escaped = (*byte == b'%').then(|| hex_pair(bytes)).flatten();
        if escaped.is_some() {
            bytes = &bytes[2..];
        }
        let byte = escaped.unwrap_or(*byte);
        let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if plain || (escaped.is_none() && byte.is_ascii_graphic()) {
            out.push(char::from(byte));
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn hex_pair(bytes: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*bytes.get(at)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(file: &str, path: &str) -> bool {
        Robots::parse(file.as_bytes()).allows(path)
    }

    #[test]
    fn without_rules_everything_is_allowed() {
        for file in ["", "User-agent: *\nDisallow:", "nonsense", "Disallow: /", "\u{0}\u{ff}"] {
            assert!(allows(file, "/"), "{file:?}");
        }
    }

    #[test]
    fn our_group_replaces_everyones_and_groups_of_one_name_add_up() {
        let file = "User-agent: *\nDisallow: /\n\nUser-Agent: other\nuser-agent: TideMill/2.0\n\
                    Disallow: /a\n\nUser-agent: tidemill # again\nDisallow: /b";
        assert!(allows(file, "/"));
        assert!(!allows(file, "/a/x"));
        assert!(!allows(file, "/b"));
        assert!(!allows("User-agent: tidemiller\nAllow: /\nUser-agent: *\nDisallow: /", "/"));
    }

    #[test]
    fn an_empty_group_of_ours_allows_everything() {
        assert!(allows("User-agent: *\nDisallow: /\nUser-agent: tidemill\nDisallow:\n", "/"));
    }

    #[test]
    fn the_longest_rule_decides_and_allow_wins_a_tie() {
        let file = "\u{feff}User-agent: *\r\nDisallow: /p\r\nAllow: /p/open\rCrawl-delay: 9\n\
                    Disallow: /p/open/no\nAllow: /t\nDisallow: /t\n";
        assert!(!allows(file, "/p/q"));
        assert!(allows(file, "/p/open/x"));
        assert!(!allows(file, "/p/open/no"));
        assert!(allows(file, "/t"));
    }

    #[test]
    fn stars_and_ends_match_as_the_rfc_shows() {
        let table = [
            ("/fish", "/fish.html", true),
            ("/fish", "/Fish", false),
            ("/fish*", "/fishheads/yummy.html", true),
            ("/*.php", "/folder/any.php.file", true),
            ("/*.php$", "/file.php", true),
            ("/*.php$", "/a.php/b.php", true),
            ("/*.php$", "/file.php?a", false),
            ("/$", "/", true),
            ("/$", "/index", false),
            ("/a*b*c", "/a-c-b", false),
            ("/a*b*c", "/a-c-b-c", true),
            ("/ab*b$", "/ab", false),
            ("*", "/", true),
            ("/*?*session=", "/x?id=1&session=2", true),
        ];
        for (pattern, path, expected) in table {
            assert_eq!(
                matches(&normalize(pattern), &normalize(path)),
                expected,
                "{pattern} {path}"
            );
        }
    }

    #[test]
    fn escapes_are_compared_in_one_spelling() {
        let file = "User-agent: *\nDisallow: /caf%c3%a9\nDisallow: /%7Ehome\nDisallow: /ツ";
        assert!(!allows(file, "/café"));
        assert!(!allows(file, "/~home"));
        assert!(!allows(file, "/%E3%83%84"));
        assert!(allows(file, "/cafe"));
        assert_eq!(normalize("/a%2fb%zz%"), "/a%2Fb%zz%");
    }

    /// The grammar, tried in every way; `matches` must agree without trying.
    fn matches_slowly(pattern: &[u8], path: &[u8]) -> bool {
        match (pattern, path) {
            ([], _) => true,
            ([b'$'], _) => path.is_empty(),
            ([b'*', rest @ ..], _) => {
                (0..=path.len()).any(|skipped| matches_slowly(rest, &path[skipped..]))
            }
            ([first, rest @ ..], [byte, after @ ..]) => {
                first == byte && matches_slowly(rest, after)
            }
            _ => false,
        }
    }

    proptest::proptest! {
        #[test]
        fn the_leftmost_place_of_each_piece_is_enough(
            pattern in "/[ab*]{0,8}[$]?", path in "/[ab]{0,10}"
        ) {
            let slowly = matches_slowly(pattern.as_bytes(), path.as_bytes());
            proptest::prop_assert_eq!(matches(&pattern, &path), slowly);
        }
    }
}
