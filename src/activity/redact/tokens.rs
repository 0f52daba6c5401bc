//! Secrets that have a form of their own: tokens with a prefix, JSON web tokens, keys in PEM,
//! passwords in URLs.

use super::Secret;

/// A token's beginning and how many characters follow at least.
const PREFIXES: [(&str, usize, &str); 33] = [
    ("ghp_", 30, "GitHub token"),
    ("gho_", 30, "GitHub token"),
    ("ghu_", 30, "GitHub token"),
    ("ghs_", 30, "GitHub token"),
    ("ghr_", 30, "GitHub token"),
    ("github_pat_", 22, "GitHub token"),
    ("glpat-", 20, "GitLab token"),
    ("gldt-", 20, "GitLab token"),
    ("glrt-", 20, "GitLab token"),
    ("AKIA", 16, "AWS key"),
    ("ASIA", 16, "AWS key"),
    ("xoxb-", 20, "Slack token"),
    ("xoxp-", 20, "Slack token"),
    ("xoxa-", 20, "Slack token"),
    ("xoxs-", 20, "Slack token"),
    ("xapp-", 20, "Slack token"),
    ("sk_live_", 16, "Stripe key"),
    ("rk_live_", 16, "Stripe key"),
    ("sk_test_", 16, "Stripe key"),
    ("whsec_", 20, "webhook secret"),
    ("sk-ant-", 20, "API key"),
    ("sk-proj-", 20, "API key"),
    ("sk-", 32, "API key"),
    ("AIza", 35, "Google key"),
    ("ya29.", 20, "Google token"),
    ("npm_", 36, "npm token"),
    ("pypi-", 40, "PyPI token"),
    ("dop_v1_", 40, "DigitalOcean token"),
    ("hvs.", 24, "Vault token"),
    ("lin_api_", 30, "Linear key"),
    ("SG.", 40, "SendGrid key"),
    ("fr_", 40, "Tidemill key"),
    ("pi_live_", 30, "Tidemill key"),
];

/// Tokens by their prefix, and JSON web tokens.
pub(super) fn tokens(text: &str) -> Vec<Secret> {
    let mut secrets = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let Some(start) = next_word(text, at) else { break };
        let end = word_end(text, start);
        let word = &text[start..end];
        let kind = by_prefix(word).or_else(|| is_jwt(word).then_some("JSON web token"));
        if let Some(kind) = kind {
            secrets.push(Secret { start, end, kind });
        }
        at = end;
    }
    secrets
}

fn by_prefix(word: &str) -> Option<&'static str> {
    let (_, _, kind) = PREFIXES.iter().find(|(prefix, least, _)| {
        word.strip_prefix(prefix).is_some_and(|rest| {
            // The part that is random has digits; names of things that begin alike have not.
            rest.len() >= *least && rest.bytes().any(|byte| byte.is_ascii_digit())
        })
    })?;
    Some(kind)
}

/// Three parts of base64url, the first of which begins like a JSON object.
fn is_jwt(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    parts.len() == 3 && parts[0].starts_with("eyJ") && parts.iter().all(|part| part.len() >= 10)
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

fn next_word(text: &str, at: usize) -> Option<usize> {
    text.as_bytes()[at..].iter().position(u8::is_ascii_alphanumeric).map(|offset| at + offset)
}

fn word_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let length = bytes[start..].iter().position(|byte| !is_of_word(*byte));
    let mut end = length.map_or(bytes.len(), |length| start + length);
    // A full stop after a token is the sentence's.
    while end > start && bytes[end - 1] == b'.' {
        end -= 1;
    }
    end.max(start + 1)
}

/// `-----BEGIN … PRIVATE KEY-----` to its end, or to the text's.
pub(super) fn private_keys(text: &str) -> Vec<Secret> {
    let mut secrets = Vec::new();
    let mut at = 0;
    while let Some(offset) = text[at..].find("-----BEGIN ") {
        let start = at + offset;
        let line_end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        if !text[start..line_end].contains("PRIVATE KEY") {
            at = start + "-----BEGIN ".len();
            continue;
        }
        let end = private_key_end(text, start);
        secrets.push(Secret { start, end, kind: "private key" });
        at = end;
    }
    secrets
}

fn private_key_end(text: &str, start: usize) -> usize {
    let Some(offset) = text[start..].find("-----END ") else { return text.len() };
    let after = start + offset + "-----END ".len();
    text[after..].find("-----").map_or(text.len(), |length| after + length + "-----".len())
}

/// The password of `scheme://user:password@host`.
pub(super) fn passwords_in_urls(text: &str) -> Vec<Secret> {
    let mut secrets = Vec::new();
    for (at, _) in text.match_indices("://") {
        let start = at + "://".len();
        let ends = |one: char| one.is_whitespace() || "/?#\"'<>`".contains(one);
        let end = text[start..].find(ends).map_or(text.len(), |length| start + length);
        let authority = &text[start..end];
        let Some((login, _)) = authority.rsplit_once('@') else { continue };
        let Some((user, password)) = login.split_once(':') else { continue };
        let is_place = password.starts_with(['$', '{', '<', '[', '%']) || password.is_empty();
        if !is_place {
            let start = start + user.len() + 1;
            let end = start + password.len();
            secrets.push(Secret { start, end, kind: "password" });
        }
    }
    secrets
}
