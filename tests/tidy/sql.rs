//! Statements: every file is included by some code, and every included file is there.

use std::path::Path;

use crate::source::Source;

/// Dead statements, and statements that are missing.
pub(crate) fn check(code: &[Source], statements: &[Source]) -> Vec<String> {
    let included: Vec<String> = code.iter().flat_map(included_by).collect();
    let dead = statements
        .iter()
        .filter(|statement| !included.contains(&statement.path))
        .map(|statement| format!("{}: no code includes it", statement.path));
    let missing = included
        .iter()
        .filter(|path| !statements.iter().any(|statement| statement.path == **path))
        .map(|path| format!("{path}: included, but not there"));
    dead.chain(missing).collect()
}

/// The `.sql` files that a Rust file includes, by their paths from the root.
fn included_by(source: &Source) -> Vec<String> {
    let directory = source.path.rsplit_once('/').map_or("", |(directory, _)| directory);
    source
        .text
        .split("include_str!(\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|path| Path::new(path).extension().is_some_and(|extension| extension == "sql"))
        .map(|path| format!("{directory}/{path}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dead_and_missing_statements_are_seen() {
        let code = [Source::sample("src/store/a.rs", "x(include_str!(\"sql/claim.sql\"))")];
        let claim = Source::sample("src/store/sql/claim.sql", "");
        let dead = Source::sample("src/store/sql/old.sql", "");
        assert_eq!(check(&code, &[claim]), Vec::<String>::new());
        assert_eq!(
            check(&code, &[dead]),
            [
                "src/store/sql/old.sql: no code includes it",
                "src/store/sql/claim.sql: included, but not there",
            ]
        );
    }
}
