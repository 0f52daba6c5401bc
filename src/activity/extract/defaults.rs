//! Defaults that a commit changed: the same name, another plain value.

use crate::activity::read::{Record, is_document, is_test};
use crate::domain::activity::{ChangedLine, Sign};

/// The longest value that is told, in characters.
const MAX_VALUE: usize = 48;

/// A default with another value than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DefaultChange {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

impl DefaultChange {
    /// `default of X in a.rs: 1 → 2`.
    pub(crate) fn shown(&self) -> String {
        let Self { name, path, before, after } = self;
        format!("`{name}` in `{path}` went from `{before}` to `{after}`")
    }
}

/// The defaults that a commit changed. A name that it changed twice in a file is left out: which
/// value took the place of which is not known then.
pub(crate) fn changes_of(record: &Record<'_>) -> Vec<DefaultChange> {
    let Some(commit) = record.event.facts.commit() else { return Vec::new() };
    let sided = |sign: Sign| {
        let lines = commit.lines.iter().filter(move |line| line.sign == sign);
        lines.filter_map(assigned).collect::<Vec<_>>()
    };
    let (removed, added) = (sided(Sign::Removed), sided(Sign::Added));
    let once = |all: &[Assigned<'_>], one: &Assigned<'_>| {
        all.iter().filter(|other| other.path == one.path && other.name == one.name).count() == 1
    };
    let mut changes = Vec::new();
    for before in removed.iter().filter(|one| once(&removed, one)) {
        let after = added.iter().find(|one| one.path == before.path && one.name == before.name);
        if let Some(after) = after.filter(|one| once(&added, one) && one.value != before.value) {
            changes.push(DefaultChange {
                name: before.name.to_owned(),
                path: before.path.to_owned(),
                before: before.value.to_owned(),
                after: after.value.to_owned(),
            });
        }
    }
    changes
}

struct Assigned<'a> {
    path: &'a str,
    name: &'a str,
    value: &'a str,
}

/// `const DEFAULT_PORT: u16 = 80;`, `default_timeout: 30`, `"defaultBranch": "main",`.
fn assigned(line: &ChangedLine) -> Option<Assigned<'_>> {
    if is_test(&line.path) || is_document(&line.path) || is_changing_by_itself(&line.path) {
        return None;
    }
    let text = line.text.trim().trim_end_matches([',', ';']);
    if ["//", "#", "*", "/*", "--"].iter().any(|mark| text.starts_with(mark)) {
        return None;
    }
    let (head, value) = match text.split_once(" = ") {
        Some(parts) => parts,
        None => text.split_once(": ").or_else(|| text.split_once('='))?,
    };
    // The type stands between a constant's name and its value.
    let head = head.split(':').next().unwrap_or(head).trim();
    let name = head.rsplit([' ', '\t']).next()?.trim_matches(['"', '\'']);
    let is_name = name.len() > "default".len()
        && name.to_ascii_lowercase().contains("default")
        && name.chars().all(|one| one.is_alphanumeric() || "_-.".contains(one));
    let value = value.trim();
    (is_name && is_plain(value)).then_some(Assigned { path: &line.path, name, value })
}

/// Files in which a version or a date is another at each release.
fn is_changing_by_itself(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.contains("version") || name.contains("lock")
}

/// A number, a text, a truth value, a name: nothing that is computed.
fn is_plain(value: &str) -> bool {
    let is_text = value.len() >= 2
        && ["\"", "'"].iter().any(|mark| value.starts_with(mark) && value.ends_with(mark))
        && value[1..value.len() - 1].chars().all(|one| one != '"' && one != '\'');
    let is_word = value.chars().all(|one| one.is_alphanumeric() || "_.-:%*+ ".contains(one))
        && value.split(' ').count() <= 3;
    !value.is_empty() && value.chars().count() <= MAX_VALUE && (is_text || is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<String> {
        let line = ChangedLine {
            path: "src/a.rs".to_owned(),
            sign: Sign::Added,
            number: 1,
            text: text.to_owned(),
            section: None,
        };
        assigned(&line).map(|one| format!("{}={}", one.name, one.value))
    }

    #[test]
    fn plain_defaults_are_read_and_computed_ones_are_not() {
        let read = [
            ("const DEFAULT_PORT: u16 = 80;", "DEFAULT_PORT=80"),
            ("pub(crate) static DEFAULT_NAME: &str = \"tide\";", "DEFAULT_NAME=\"tide\""),
            ("default_timeout: 30", "default_timeout=30"),
            ("DEFAULT_AUTO_FIELD = \"BigAutoField\"", "DEFAULT_AUTO_FIELD=\"BigAutoField\""),
        ];
        for (text, expected) in read {
            assert_eq!(value(text).as_deref(), Some(expected));
        }
        for text in ["default: true", "let default_x = f(1);", "// default_x = 1", "fn default() {"]
        {
            assert_eq!(value(text), None, "{text}");
        }
    }
}
