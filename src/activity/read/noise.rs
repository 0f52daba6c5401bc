//! What tells a reader nothing: bots, bare merges, lock files, formatting, messages without words.

use crate::domain::activity::{Event, Facts, is_lock_file};

use super::kind::ChangeKind;
use super::message::Message;

/// Why an event is passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Noise {
    /// A program did it.
    Bot,
    /// It only joins histories.
    Merge,
    /// It only changes files that a tool writes.
    LockFiles,
    /// It only changes white space, spelling or what a linter asks for.
    Formatting,
    /// Its message says nothing.
    Wordless,
}

/// Whole messages that say nothing.
const WORDLESS: [&str; 26] = [
    "wip",
    "fix",
    "fixes",
    "fixed",
    "update",
    "updates",
    "updated",
    "test",
    "tests",
    "cleanup",
    "clean up",
    "misc",
    "changes",
    "minor",
    "tweak",
    "tweaks",
    "stuff",
    "more",
    "oops",
    "temp",
    "tmp",
    "save",
    "checkpoint",
    "commit",
    "initial commit",
    "work in progress",
];

/// Beginnings of messages about form alone.
const FORMATTING: [&str; 16] = [
    "cargo fmt",
    "rustfmt",
    "run rustfmt",
    "run cargo fmt",
    "run fmt",
    "fmt",
    "format code",
    "apply clippy",
    "fix clippy",
    "clippy",
    "fix lint",
    "lint",
    "prettier",
    "fix typo",
    "typo",
    "fix formatting",
];

/// Why a record says nothing, if it does not.
pub(crate) fn noise(
    event: &Event,
    message: &Message,
    kind: ChangeKind,
    is_bot: bool,
) -> Option<Noise> {
    if is_bot && !matches!(event.facts, Facts::Check(_)) {
        return Some(Noise::Bot);
    }
    let commit = event.facts.commit()?;
    if message.is_bare_merge {
        return Some(Noise::Merge);
    }
    let paths = &commit.paths;
    if !paths.is_empty() && paths.iter().all(|change| is_lock_file(&change.path)) {
        return Some(Noise::LockFiles);
    }
    let lower = message.headline.to_lowercase();
    let lower = lower.trim_end_matches(['.', '!']);
    let formats = FORMATTING.iter().any(|start| {
        lower
            .strip_prefix(start)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', 's']))
    });
    if kind == ChangeKind::Style || formats && lower.split(' ').count() <= 7 {
        return Some(Noise::Formatting);
    }
    if WORDLESS.contains(&lower) || !lower.chars().any(char::is_alphabetic) {
        return Some(Noise::Wordless);
    }
    None
}
