//! The weighted sum of the checks.

use std::collections::BTreeMap;

use crate::ads::scene::{Check, Lint};

/// The parts and what each is worth; together 100.
const PARTS: [(&str, u32); 7] = [
    ("contrast", 25),
    ("fit", 20),
    ("hierarchy", 15),
    ("brand", 15),
    ("grid", 10),
    ("space", 10),
    ("copy", 5),
];

/// Weighs the checks: each part loses by the share of its checks that do not pass. A part that
/// nothing was measured for is whole.
pub fn lint(checks: &[Check]) -> Lint {
    let mut parts = BTreeMap::new();
    for (part, worth) in PARTS {
        let of_part = || checks.iter().filter(|check| part_of(&check.id) == part);
        let count = u32::try_from(of_part().count()).unwrap_or(u32::MAX);
        let passed = u32::try_from(of_part().filter(|check| check.pass).count()).unwrap_or(0);
        let earned = (worth * passed + count / 2).checked_div(count).unwrap_or(worth);
        parts.insert(part.to_owned(), earned);
    }
    Lint { score: parts.values().sum(), parts }
}

fn part_of(id: &str) -> &'static str {
    match id.split('.').next().unwrap_or(id) {
        "contrast" | "size" => "contrast",
        "fit" | "lines" | "orphan" | "balance" | "bytes" => "fit",
        "hierarchy" | "sizes" | "families" => "hierarchy",
        "logo" => "brand",
        "grid" | "overlap" | "safe_area" | "canvas" => "grid",
        "text_area" | "space" => "space",
        _ => "copy",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ads::scene::Severity;

    fn check(id: &str, pass: bool) -> Check {
        let severity = Severity::Warning;
        Check { id: id.to_owned(), value: 0.0, min: None, max: Some(0.0), pass, severity }
    }

    #[test]
    fn all_that_passes_is_a_hundred() {
        assert_eq!(lint(&[]).score, 100);
        assert_eq!(lint(&[check("contrast.headline", true), check("overlap", true)]).score, 100);
    }

    #[test]
    fn a_part_loses_by_its_share() {
        let lint = lint(&[check("contrast.headline", false), check("contrast.cta", true)]);
        assert_eq!((lint.score, lint.parts["contrast"]), (88, 13));
    }
}
