//! The dashboard's files: their sizes, their rooms, and that none of them turns text into markup or
//! asks another origin.

use std::path::Path;

use crate::source::Source;

const MAX_FILE_LINES: usize = 500;
const MAX_FUNCTION_LINES: usize = 70;
const MAX_COLUMNS: usize = 100;

/// The whole dashboard before compression, in bytes, but for the API reference.
const MAX_WEIGHT: usize = 150 * 1024;

/// What makes markup or code of a text.
const DANGEROUS: [&str; 10] = [
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "createContextualFragment",
    "DOMParser",
    "srcdoc",
    "eval(",
    "new Function",
    "setAttribute(\"style\"",
];

/// Addresses that name a language and are never asked.
const NAMES: [&str; 1] = ["http://www.w3.org/2000/svg"];

/// Which rooms a room may import.
const ROOMS: [(&str, &[&str]); 5] = [
    ("core", &["core"]),
    ("parts", &["core", "parts"]),
    ("pages", &["core", "parts"]),
    ("reference", &["core", "parts"]),
    ("", &["core", "parts", "pages"]),
];

/// What is wrong with a file.
pub(crate) fn check(source: &Source) -> Vec<String> {
    let mut complaints = Vec::new();
    let lines: Vec<&str> = source.text.lines().collect();
    if lines.len() > MAX_FILE_LINES {
        complaints.push(format!("{} lines", lines.len()));
    }
    for (place, line) in lines.iter().enumerate() {
        let columns = line.chars().count();
        if columns > MAX_COLUMNS && !is_a(source, "svg") {
            complaints.push(format!("line {}: {columns} columns", place + 1));
        }
    }
    for word in DANGEROUS.iter().filter(|word| source.text.contains(**word)) {
        complaints.push(format!("`{word}` makes more than text of a text"));
    }
    let without_names = NAMES.iter().fold(source.text.clone(), |text, name| text.replace(name, ""));
    let foreign = ["http://", "https://", "\"//", "'//"];
    if let Some(found) = foreign.iter().find(|start| without_names.contains(**start)) {
        complaints.push(format!("`{found}` may lead to another origin"));
    }
    if is_a(source, "js") {
        complaints.extend(check_script(source, &lines));
    }
    complaints.into_iter().map(|complaint| format!("{}: {complaint}", source.path)).collect()
}

/// The whole dashboard, when it is too heavy. The API reference is fetched by who reads it.
pub(crate) fn check_weight(sources: &[Source]) -> Option<String> {
    let dashboard = sources.iter().filter(|source| room_of(&source.path) != "reference");
    let weight: usize = dashboard.map(|source| source.text.len()).sum();
    (weight >= MAX_WEIGHT).then(|| format!("static/ weighs {weight} bytes"))
}

fn check_script(source: &Source, lines: &[&str]) -> Vec<String> {
    let mut complaints = long_functions(lines);
    if !source.text.starts_with("// ") {
        complaints.push("does not begin with `//` and what it is for".to_owned());
    }
    let room = room_of(&source.path);
    let (_, may) = ROOMS.iter().find(|(name, _)| *name == room).unwrap_or(&ROOMS[4]);
    for import in imports(&source.text) {
        if !may.contains(&room_of(&import)) {
            complaints.push(format!("`{room}` may not import `{import}`"));
        }
    }
    complaints
}

fn is_a(source: &Source, extension: &str) -> bool {
    Path::new(&source.path).extension().is_some_and(|found| found == extension)
}

fn room_of(path: &str) -> &str {
    let inside = path.strip_prefix("static/").unwrap_or(path);
    inside.split_once('/').map_or("", |(room, _)| room)
}

/// The files that a script imports, from `static/`. A file beside it is of its own room.
fn imports(text: &str) -> Vec<String> {
    let quoted = text.split("from \"").skip(1).filter_map(|rest| rest.split('"').next());
    quoted
        .filter_map(|path| path.strip_prefix("../").or_else(|| path.strip_prefix("./")))
        .filter(|path| path.contains('/'))
        .map(str::to_owned)
        .collect()
}

/// Functions from the line that opens one to the brace at the same indentation.
fn long_functions(lines: &[&str]) -> Vec<String> {
    let mut complaints = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let indentation = line.len() - line.trim_start().len();
        let opens = line.ends_with('{') && (line.contains("function ") || is_method(line));
        let close = format!("{}}}", " ".repeat(indentation));
        let Some(length) = lines[start..].iter().position(|line| line.starts_with(&close)) else {
            continue;
        };
        if opens && length + 1 > MAX_FUNCTION_LINES {
            complaints.push(format!("line {}: a function of {} lines", start + 1, length + 1));
        }
    }
    complaints
}

fn is_method(line: &str) -> bool {
    let deeds = ["if ", "for ", "while ", "switch ", "catch ", "} "];
    let line = line.trim_start();
    line.contains('(') && line.ends_with(") {") && !deeds.iter().any(|deed| line.starts_with(deed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(path: &str, text: &str) -> Vec<String> {
        check(&Source::sample(path, text))
    }

    #[test]
    fn markup_from_text_and_other_origins_are_seen() {
        let of = |line: &str| complaints("static/a.js", &format!("// A part.\n{line}\n")).len();
        assert_eq!(of("box.textContent = name;"), 0);
        assert_eq!(of("box.innerHTML = name;"), 1);
        assert_eq!(of("fetch(\"https://cdn.example/a.js\");"), 1);
        assert_eq!(of("const SVG = \"http://www.w3.org/2000/svg\";"), 0);
    }

    #[test]
    fn rooms_are_a_ladder() {
        let import = |path, from: &str| {
            complaints(path, &format!("// A part.\nimport {{ h }} from \"{from}\";\n")).len()
        };
        assert_eq!(import("static/pages/now.js", "../core/dom.js"), 0);
        assert_eq!(import("static/parts/tree.js", "./page.js"), 0);
        assert_eq!(import("static/core/dom.js", "../parts/page.js"), 1);
        assert_eq!(import("static/pages/now.js", "../pages/job.js"), 1);
        assert_eq!(import("static/app.js", "./pages/now.js"), 0);
    }

    #[test]
    fn long_files_and_functions_are_seen() {
        let function = format!("// A part.\nfunction a() {{\n{}}}\n", "  b();\n".repeat(69));
        assert_eq!(
            complaints("static/a.js", &function),
            ["static/a.js: line 2: a function of 71 lines"]
        );
        assert_eq!(complaints("static/a.css", &"a\n".repeat(501)), ["static/a.css: 501 lines"]);
        let heavy = Source::sample("static/a.css", &"a".repeat(MAX_WEIGHT));
        assert!(check_weight(&[heavy]).is_some());
    }
}
