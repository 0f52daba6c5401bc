//! Exceptions from the lints, `unsafe`, and tests that would wait for time to pass.

use crate::source::Source;

/// Files that may contain `unsafe`, each with an `#[expect]` that says why.
const UNSAFE: [&str; 1] = ["src/actions/custom/supervisor/descriptors.rs"];

/// `allow` instead of `expect`, an `expect` without a reason, and `unsafe` where it may not be.
pub(crate) fn check(source: &Source) -> Vec<String> {
    let mut complaints = Vec::new();
    let code = source.code_lines().join("\n");
    for allow in ["#[allow(", "#![allow("] {
        if code.contains(allow) {
            complaints.push(format!("{}: `{allow}…)`; write `#[expect(…, reason)]`", source.path));
        }
    }
    for expect in ["#[expect(", "#![expect("] {
        for (start, _) in code.match_indices(expect) {
            let attribute = code[start..].split(']').next().unwrap_or_default();
            if !attribute.contains("reason = ") {
                complaints.push(format!("{}: `{attribute}]` without a reason", source.path));
            }
        }
    }
    let words = code.split(|character: char| !(character.is_alphanumeric() || character == '_'));
    if words.into_iter().any(|word| word == "unsafe") && !UNSAFE.contains(&source.path.as_str()) {
        complaints.push(format!("{}: `unsafe`", source.path));
    }
    complaints
}

/// Sleeping in a test: it is slow where it is too long and wrong where it is too short.
pub(crate) fn check_sleep(source: &Source) -> Vec<String> {
    let lines = source.code_lines();
    let tests = lines.iter().position(|line| line == "#[cfg(test)]").unwrap_or(lines.len());
    let start = if source.is_test() { 0 } else { tests };
    let sleeping = lines[start..].iter().enumerate().filter(|(_, line)| calls_sleep(line));
    sleeping
        .map(|(place, _)| format!("{}:{}: a test that sleeps", source.path, start + place + 1))
        .collect()
}

fn calls_sleep(line: &str) -> bool {
    line.match_indices("sleep(").any(|(start, _)| {
        let before = line[..start].chars().next_back();
        !before.is_some_and(|character| character.is_alphanumeric() || character == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(text: &str) -> usize {
        check(&Source::sample("src/a.rs", text)).len()
    }

    #[test]
    fn exceptions_without_reason_are_seen() {
        assert_eq!(complaints("#[allow(dead_code)]"), 1);
        assert_eq!(complaints("#[expect(\n    dead_code,\n)]"), 1);
        assert_eq!(complaints("#[expect(dead_code, reason = \"soon\")]"), 0);
    }

    #[test]
    fn unsafe_is_seen_and_its_name_is_not() {
        assert_eq!(complaints("let x = unsafe { y() };"), 1);
        assert_eq!(complaints("// unsafe\n#[deny(unsafe_code)]"), 0);
    }

    #[test]
    fn a_sleeping_test_is_seen_and_a_sleeping_service_is_not() {
        let text = "fn a() { sleep(b); }\n#[cfg(test)]\nmod tests { fn c() { sleep(d); } }\n";
        let found = check_sleep(&Source::sample("src/a.rs", text));
        assert_eq!(found, ["src/a.rs:3: a test that sleeps"]);
    }
}
