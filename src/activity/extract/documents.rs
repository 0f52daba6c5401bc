//! Records of decisions (ADRs): which files they are and what they say of themselves.

use crate::activity::text::one_line;

/// A record of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DecisionRecord {
    /// Its heading, without `#` and `ADR`.
    pub(crate) title: String,
    /// What it says of its status, its first word in small letters; `None` when it does not say.
    pub(crate) status: Option<String>,
}

impl DecisionRecord {
    /// Whether it says that it holds.
    pub(crate) fn is_accepted(&self) -> bool {
        let holds = ["accepted", "decided", "approved", "adopted", "implemented", "active"];
        self.status.as_deref().is_some_and(|status| holds.iter().any(|one| status.starts_with(one)))
    }
}

/// Whether a file lies where records of decisions lie.
pub(crate) fn is_decision_record(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let folder = folders.split('/').any(|part| {
        ["adr", "adrs", "decisions", "decision-records", "architecture-decisions"].contains(&part)
    });
    let named = name.starts_with("adr-") || name.starts_with("adr0");
    let is_text = [".md", ".rst", ".adoc", ".txt"].iter().any(|end| name.ends_with(end));
    let is_list =
        ["readme", "index", "template", "0000-template"].iter().any(|one| name.starts_with(one));
    is_text && (folder || named) && !is_list && !name.contains("template")
}

/// Reads a record's text.
pub(crate) fn read(text: &str) -> Option<DecisionRecord> {
    let title = text.lines().map(str::trim).find_map(|line| {
        let named = line.strip_prefix("# ").or_else(|| line.strip_prefix("= "));
        named.or_else(|| line.strip_prefix("title: "))
    })?;
    let title = one_line(title.trim_matches(['"', '\'']));
    let status = status(text).map(|status| uncapitalized(one_line(&status).trim_end_matches('.')));
    Some(DecisionRecord { title, status })
}

/// Names of months and of people keep their capitals.
fn uncapitalized(status: &str) -> String {
    let end = status.find(' ').unwrap_or(status.len());
    format!("{}{}", status[..end].to_lowercase(), &status[end..])
}

/// `Status: accepted`, `**Status:** Accepted`, `**Decided** in May`, or the line under `## Status`.
fn status(text: &str) -> Option<String> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    while let Some(line) = lines.next() {
        let bare = line.trim_start_matches(['*', '-', ' ', '_']).replace("**", "");
        let lower = bare.to_lowercase();
        if lower.starts_with("status:") {
            return bare.split_once(':').map(|(_, rest)| rest.trim().to_owned());
        }
        if line.starts_with('#')
            && line.trim_start_matches(['#', ' ']).eq_ignore_ascii_case("status")
        {
            return lines.next().map(|line| line.trim_matches(['*', '_', ' ']).to_owned());
        }
        if line.starts_with("**") && (lower.starts_with("decided") || lower.starts_with("accepted"))
        {
            return Some(bare);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_say_whether_they_hold() {
        let texts = [
            "# 4. Ads are scenes\n\n**Decided** November 2026.\n",
            "# ADR 3: Use SQLite\n\n## Status\n\nAccepted\n\n## Context\n",
            "---\ntitle: \"Use SQLite\"\nstatus: accepted\n---\n",
            "# Use SQLite\n\n* Status: accepted\n* Deciders: A\n",
        ];
        for text in texts {
            assert!(read(text).is_some_and(|record| record.is_accepted()), "{text}");
        }
        let status = |text: &str| read(text).and_then(|record| record.status);
        assert_eq!(status(texts[0]).as_deref(), Some("decided November 2026"));
        assert_eq!(
            status("# A\n\n**Status:** Superseded by ADR 4\n").as_deref(),
            Some("superseded by ADR 4")
        );
        let proposed = read("# A\n\nStatus: proposed\n").expect("a record");
        assert!(!proposed.is_accepted());
    }

    #[test]
    fn their_place_tells_them() {
        assert!(is_decision_record("docs/decisions/0001-sqlite.md"));
        assert!(is_decision_record("doc/adr/0002-x.md"));
        assert!(!is_decision_record("docs/adr/README.md"));
        assert!(!is_decision_record("src/decisions/mod.rs"));
    }
}
