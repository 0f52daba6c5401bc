//! Secrets that only the word before them betrays: `password=…`, `"api_key": "…"`, `Bearer …`.

use super::Secret;

/// Ends of names whose values are secret.
const NAMES: [&str; 14] = [
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "secret",
    "api_key",
    "apikey",
    "api-key",
    "access_key",
    "private_key",
    "auth_token",
    "access_token",
    "token",
    "bearer",
];

/// The shortest value that is taken for random.
const LEAST: usize = 8;

/// Fewer bits a character are words, not chance.
const LEAST_BITS: f64 = 2.8;

/// Values after such a name that look random.
pub(super) fn values(text: &str) -> Vec<Secret> {
    let lower = text.to_ascii_lowercase();
    let mut secrets = Vec::new();
    for name in NAMES {
        for (at, _) in lower.match_indices(name) {
            if let Some(secret) = value_after(text, at + name.len(), name == "bearer") {
                secrets.push(secret);
            }
        }
    }
    secrets
}

/// The value after `=`, `:` or, for `Bearer`, after a space, if it looks random.
fn value_after(text: &str, at: usize, spaced: bool) -> Option<Secret> {
    let rest = &text[at..];
    let between = |one: char| one == '"' || one == '\'' || one == '`' || one == ' ' || one == '\t';
    let unquoted = rest.trim_start_matches(between);
    let signed = unquoted.strip_prefix(":=").or_else(|| unquoted.strip_prefix("=>"));
    // `Token::Tag` is a path and no assignment.
    let is_path = unquoted.starts_with("::");
    let signed = signed.or_else(|| unquoted.strip_prefix(['=', ':']).filter(|_| !is_path));
    let value = match signed {
        Some(value) => value,
        None if spaced && rest.starts_with(' ') => rest,
        None => return None,
    };
    let value = value.trim_start_matches(between);
    let start = text.len() - value.len();
    let ends = |one: char| one.is_whitespace() || "\"'`,;)}]<>&".contains(one);
    let length = value.find(ends).unwrap_or(value.len());
    let quoted = text[..start].ends_with(['"', '\'', '`']);
    looks_random(&value[..length], quoted).then_some(Secret {
        start,
        end: start + length,
        kind: "secret",
    })
}

fn looks_random(value: &str, quoted: bool) -> bool {
    let is_place = value.starts_with(['$', '{', '<', '[', '%', '*', '(']);
    let is_code = value.contains(['(', '[', '{', '|', '$']) || value.contains("::");
    if value.len() < LEAST || is_place || is_code || !value.is_ascii() {
        return false;
    }
    let has = |test: fn(&u8) -> bool| value.as_bytes().iter().any(test);
    let letters = has(u8::is_ascii_alphabetic);
    let digits = has(u8::is_ascii_digit);
    let marks = has(|byte| !byte.is_ascii_alphanumeric() && !b"._-/".contains(byte));
    let mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    let varied =
        (letters && digits) || (marks && (letters || digits)) || (quoted && mixed && digits);
    varied && bits(value) >= LEAST_BITS
}

/// Shannon's entropy in bits a character.
fn bits(value: &str) -> f64 {
    let mut counts = [0_u32; 128];
    for byte in value.bytes() {
        counts[usize::from(byte & 0x7f)] += 1;
    }
    let total = f64::from(u32::try_from(value.len()).unwrap_or(u32::MAX));
    let shares = counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / total);
    shares.map(|share| -share * share.log2()).sum()
}
