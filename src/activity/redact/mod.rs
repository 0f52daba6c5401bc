//! Secrets taken out of text before it is stored: what is found is replaced by `[redacted …]`.
//!
//! Three kinds of signs: tokens whose makers gave them a form of their own, blocks of private
//! keys, and values after a word such as `password` that look random. A commit's sha, a UUID and
//! a digest are none. Never: a secret in a log line or an error.

mod assigned;
mod texts;
mod tokens;

use std::borrow::Cow;

use crate::domain::activity::Event;

/// A stretch of a text that has to go, and what to call it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Secret {
    start: usize,
    end: usize,
    kind: &'static str,
}

/// The text without its secrets; borrowed when it had none.
pub fn redact(text: &str) -> Cow<'_, str> {
    let secrets = found(text);
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut at = 0;
    for secret in secrets {
        clean.push_str(&text[at..secret.start]);
        clean.push_str("[redacted ");
        clean.push_str(secret.kind);
        clean.push(']');
        at = secret.end;
    }
    clean.push_str(&text[at..]);
    Cow::Owned(clean)
}

/// Takes the secrets out of everything that an event says, and tells how many texts had some. What
/// a thing is known by stays: its ids, its hashes and its key.
pub fn redact_event(event: &mut Event) -> usize {
    let mut changed = 0;
    for text in texts::of(event) {
        if let Cow::Owned(clean) = redact(text) {
            *text = clean;
            changed += 1;
        }
    }
    changed
}

/// All secrets in order, none over another.
fn found(text: &str) -> Vec<Secret> {
    let mut secrets = tokens::private_keys(text);
    secrets.extend(tokens::tokens(text));
    secrets.extend(tokens::passwords_in_urls(text));
    secrets.extend(assigned::values(text));
    secrets.sort_by_key(|secret| (secret.start, std::cmp::Reverse(secret.end)));
    let mut kept: Vec<Secret> = Vec::new();
    for secret in secrets {
        match kept.last() {
            Some(last) if secret.start < last.end => {
                let end = last.end.max(secret.end);
                kept.last_mut().expect("there is a last one").end = end;
            }
            _ => kept.push(secret),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// Put together here, so that no file holds anything of a secret's form.
    fn joined(parts: &[&str]) -> String {
        parts.concat()
    }

    #[test]
    fn secrets_of_every_form_are_taken_out() {
        let letters = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
        let secrets = [
            joined(&["gh", "p_", letters]),
            joined(&["github", "_pat_", letters]),
            joined(&["gl", "pat-", &letters[..20]]),
            joined(&["AK", "IA", "IOSFODNN7EXAMPLE"]),
            joined(&["xo", "xb-", "123456789012-", &letters[..24]]),
            joined(&["sk", "_live_", letters]),
            joined(&["sk", "-proj-", letters]),
            joined(&["AI", "za", letters]),
            joined(&["fr", "_", letters, "abcdefg"]),
            joined(&["ey", "JhbGciOiJIUzI1NiJ9.", "ey", "JzdWIiOiIxMjM0NTY3ODkwIn0.", letters]),
        ];
        for secret in secrets {
            for text in [format!("key {secret} here"), format!("\"{secret}\""), secret.clone()] {
                let clean = redact(&text);
                assert!(!clean.contains(&secret[secret.len() - 8..]), "{clean}");
                assert!(clean.contains("[redacted "), "{clean}");
            }
        }
    }

    #[test]
    fn private_keys_go_whole_and_unfinished_ones_too() {
        let begin = joined(&["-----BEGIN RSA PRIV", "ATE KEY-----"]);
        let end = joined(&["-----END RSA PRIV", "ATE KEY-----"]);
        let text = format!("before\n{begin}\nMIIEpA\nIBAAKCAQEA\n{end}\nafter");
        assert_eq!(redact(&text), "before\n[redacted private key]\nafter");
        let text = format!("before\n{begin}\nMIIEpA");
        assert_eq!(redact(&text), "before\n[redacted private key]");
    }

    #[test]
    fn passwords_in_urls_and_after_words_go() {
        let text = joined(&["postgres://tide:", "hunter2", "@db.example/app"]);
        assert_eq!(redact(&text), "postgres://tide:[redacted password]@db.example/app");
        let text = joined(&["DB_PASS", "WORD=", "Xk29_sLq81Zt"]);
        assert!(!redact(&text).contains("Xk29"), "{}", redact(&text));
        let text = joined(&["api", "_key: \"", "9f8A7b6C5d4E3f2A1b0C", "\""]);
        assert!(!redact(&text).contains("9f8A"), "{}", redact(&text));
        let text = joined(&["Author", "ization: Bearer ", "q9W8e7R6t5Y4u3I2o1P0"]);
        assert!(!redact(&text).contains("q9W8"), "{}", redact(&text));
    }

    #[test]
    fn every_text_of_an_event_is_looked_through() {
        let secret = joined(&["gh", "p_", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"]);
        let kinds = [
            json!({"kind": "plain"}),
            json!({
                "kind": "commit", "tags": [secret],
                "paths": [{
                    "path": secret, "from": secret, "fate": "renamed", "added": 0, "removed": 0,
                }],
                "lines": [{
                    "path": secret, "sign": "added", "number": 1, "text": secret,
                    "section": secret,
                }],
            }),
            json!({"kind": "release", "tag": secret}),
            json!({
                "kind": "issue", "labels": [secret], "assignees": [secret], "unchecked": [secret],
                "milestone": {"title": secret, "due_at": null},
                "head_branch": secret, "base_branch": secret,
            }),
            json!({"kind": "check", "name": secret, "failures": [secret]}),
            json!({"kind": "document", "path": secret}),
            json!({"kind": "transcript", "turns": [{"speaker": secret, "text": secret}]}),
        ];
        for facts in kinds {
            let id = "0190a5c3-7d1e-7c3a-9b1f-0123456789ab";
            let event = json!({
                "id": id, "project": id, "source": "github", "external_id": "issue/1",
                "event_type": secret, "title": secret, "content": secret,
                "author": {"name": secret, "login": secret, "email": secret},
                "url": format!("https://example.com/?a={secret}"), "refs": [secret],
                "place": {"id": secret, "label": secret}, "branches": [secret],
                "priority": secret, "facts": facts, "created_at": 0, "updated_at": 0,
            });
            let mut event: Event = serde_json::from_value(event).expect("an event");
            assert!(redact_event(&mut event) > 10);
            let stored = serde_json::to_string(&event).expect("plain values");
            assert!(!stored.contains(&secret), "{stored}");
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        let texts = [
            "Revert \"x\"\n\nThis reverts commit 0123456789abcdef0123456789abcdef01234567.",
            "password = ask_for_password()",
            "the password is checked twice; a token must not be empty",
            "token: string, secret: Option<String>",
            "id 0190a5c3-7d1e-7c3a-9b1f-0123456789ab and https://example.com/a?b=c",
            "password: <your password here>",
            "secret=${SECRET_FROM_ENV}",
            "sk-learn and ghp_ and AKIA",
            "https://user@example.com/repo.git",
        ];
        for text in texts {
            assert_eq!(redact(text), text);
        }
    }

    proptest! {
        #[test]
        fn redacting_twice_changes_nothing_more(text in "\\PC{0,200}") {
            let once = redact(&text).into_owned();
            prop_assert_eq!(redact(&once), once.as_str());
        }
    }
}
