//! How long things may be, and that each file begins with what it is for.

use crate::source::Source;

const MAX_FILE_LINES: usize = 500;
const MAX_FUNCTION_LINES: usize = 70;
const MAX_COLUMNS: usize = 100;

/// What is too long.
pub(crate) fn check(source: &Source) -> Vec<String> {
    let mut complaints = Vec::new();
    let lines: Vec<&str> = source.text.lines().collect();
    if lines.len() > MAX_FILE_LINES {
        complaints.push(format!("{}: {} lines", source.path, lines.len()));
    }
    for (place, line) in lines.iter().enumerate() {
        let columns = line.chars().count();
        if columns > MAX_COLUMNS {
            complaints.push(format!("{}:{}: {columns} columns", source.path, place + 1));
        }
    }
    complaints.extend(long_functions(source));
    complaints
}

/// A file without a head.
pub(crate) fn check_head(source: &Source) -> Vec<String> {
    if source.text.starts_with("//! ") {
        return Vec::new();
    }
    vec![format!("{}: does not begin with `//!` and what it is for", source.path)]
}

/// Functions from their `fn` to the brace at the same indentation, which rustfmt grants.
fn long_functions(source: &Source) -> Vec<String> {
    let lines = source.code_lines();
    let mut complaints = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else { continue };
        let indentation = line.len() - line.trim_start().len();
        let close = format!("{}}}", " ".repeat(indentation));
        let length = lines[start..].iter().position(|line| line.starts_with(&close));
        let length = length.map_or(1, |end| end + 1);
        // Of a function without a body the next closing brace is another's.
        let has_body =
            lines[start..].iter().find_map(|line| line.find(['{', ';']).map(|at| &line[at..=at]));
        if has_body == Some("{") && length > MAX_FUNCTION_LINES {
            complaints.push(format!("{}:{}: `{name}` has {length} lines", source.path, start + 1));
        }
    }
    complaints
}

fn function_name(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    let name = words.by_ref().skip_while(|word| *word != "fn").nth(1)?;
    let before = line.split("fn ").next()?;
    let qualifiers = ["pub", "const", "async", "unsafe", "extern", "\"\""];
    let plain = before.split_whitespace().all(|word| {
        qualifiers.iter().any(|qualifier| word.starts_with(qualifier)) || word.ends_with(')')
    });
    plain.then(|| name.split(['(', '<']).next().unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(text: &str) -> Vec<String> {
        check(&Source::sample("src/a.rs", text))
    }

    #[test]
    fn long_files_lines_and_functions_are_seen() {
        assert_eq!(complaints(&"//\n".repeat(501)), ["src/a.rs: 501 lines"]);
        assert_eq!(complaints(&format!("// {}", "é".repeat(98))), ["src/a.rs:1: 101 columns"]);
        let function =
            |lines| format!("pub(crate) fn a<T>(\n) {{\n{}}}\n", "    b();\n".repeat(lines));
        assert_eq!(complaints(&function(67)), Vec::<String>::new());
        assert_eq!(complaints(&function(68)), ["src/a.rs:1: `a` has 71 lines"]);
    }

    #[test]
    fn a_declaration_has_no_body_to_be_long() {
        let text = format!("trait A {{\n    fn a();\n{}}}\n", "    // b\n".repeat(100));
        assert_eq!(complaints(&text), Vec::<String>::new());
    }

    #[test]
    fn a_file_without_a_head_is_seen() {
        assert_eq!(check_head(&Source::sample("src/a.rs", "use b;\n")).len(), 1);
        assert_eq!(check_head(&Source::sample("src/a.rs", "//! A room.\n")).len(), 0);
    }
}
