//! What a source file imports, read by its language's grammar.

use tree_sitter::{Node, Parser};

/// A language whose imports are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Language {
    Rust,
    Script,
    Python,
    Go,
    Java,
}

/// What a file says of itself and of others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Imports {
    /// As they are written, without quotes.
    pub(super) named: Vec<String>,
    /// Java's package.
    pub(super) package: Option<String>,
}

/// Whether the file is of such a language.
pub(crate) fn is_understood(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    Language::of(path).is_some() || matches!(name, "go.mod" | "Cargo.toml")
}

/// How deep calls and declarations are looked for; deeper ones are generated.
const MAX_DEPTH: usize = 200;

impl Language {
    pub(super) fn of(path: &str) -> Option<Self> {
        let (_, extension) = path.rsplit_once('.')?;
        Some(match extension {
            "rs" => Self::Rust,
            "ts" | "tsx" | "mts" | "cts" | "js" | "jsx" | "mjs" | "cjs" => Self::Script,
            "py" => Self::Python,
            "go" => Self::Go,
            "java" => Self::Java,
            _ => return None,
        })
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::Script => "JavaScript and TypeScript",
            Self::Python => "Python",
            Self::Go => "Go",
            Self::Java => "Java",
        }
    }

    fn grammar(self) -> tree_sitter::Language {
        match self {
            Self::Rust => tree_sitter_rust::LANGUAGE.into(),
            // For TypeScript without JSX too, whose own grammar is as large again: its casts `<T>x`
            // are all that this one does not know, and it goes on behind them.
            Self::Script => tree_sitter_typescript::LANGUAGE_TSX.into(),
            Self::Python => tree_sitter_python::LANGUAGE.into(),
            Self::Go => tree_sitter_go::LANGUAGE.into(),
            Self::Java => tree_sitter_java::LANGUAGE.into(),
        }
    }
}

/// What a file with this `text` imports; nothing where it cannot be parsed.
pub(super) fn read(language: Language, text: &str) -> Imports {
    let mut parser = Parser::new();
    let mut imports = Imports::default();
    if parser.set_language(&language.grammar()).is_err() {
        return imports;
    }
    if let Some(tree) = parser.parse(text, None) {
        visit(language, tree.root_node(), text, 0, &mut imports);
    }
    imports
}

fn visit(language: Language, node: Node<'_>, text: &str, depth: usize, imports: &mut Imports) {
    if is_passed_over(language, node, text) {
        return;
    }
    let words = |node: Node<'_>| node.utf8_text(text.as_bytes()).unwrap_or_default().to_owned();
    let field = |name: &str| node.child_by_field_name(name).map(words);
    match (language, node.kind()) {
        (Language::Rust, "use_declaration") => {
            for path in field("argument").iter().flat_map(|tree| use_paths(tree)) {
                imports.named.push(path);
            }
            return;
        }
        (Language::Script, "import_statement" | "export_statement") => {
            imports.named.extend(field("source").map(|source| unquoted(&source)));
        }
        (Language::Script, "call_expression") => {
            let called = field("function").unwrap_or_default();
            let first = node.child_by_field_name("arguments").and_then(|one| one.named_child(0));
            if let Some(first) = first.filter(|one| one.kind() == "string")
                && (called == "require" || called == "import")
            {
                imports.named.push(unquoted(&words(first)));
            }
        }
        (Language::Python, "import_statement") => {
            let mut cursor = node.walk();
            for name in node.children_by_field_name("name", &mut cursor) {
                let name = name.child_by_field_name("name").unwrap_or(name);
                imports.named.push(words(name));
            }
            return;
        }
        (Language::Python, "import_from_statement") => {
            let module = field("module_name").unwrap_or_default();
            let mut cursor = node.walk();
            for name in node.children_by_field_name("name", &mut cursor) {
                let name = name.child_by_field_name("name").unwrap_or(name);
                let dot = if module.ends_with('.') { "" } else { "." };
                imports.named.push(format!("{module}{dot}{}", words(name)));
            }
            imports.named.push(module);
            return;
        }
        (Language::Go, "import_spec") => {
            imports.named.extend(field("path").map(|path| unquoted(&path)));
            return;
        }
        (Language::Java, "import_declaration" | "package_declaration") => {
            let name = (0..node.named_child_count())
                .filter_map(|place| node.named_child(u32::try_from(place).unwrap_or(0)))
                .find(|one| one.kind().ends_with("identifier"));
            if let Some(name) = name.map(words) {
                match node.kind() {
                    "package_declaration" => imports.package = Some(name),
                    _ => imports.named.push(name),
                }
            }
            return;
        }
        _ => {}
    }
    if depth < MAX_DEPTH {
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            visit(language, child, text, depth + 1, imports);
        }
    }
}

/// Whether what a node imports makes its file lean on nothing: a door to a module that is exported
/// again, tests within the file, types that are not there when the program runs.
fn is_passed_over(language: Language, node: Node<'_>, text: &str) -> bool {
    let mut cursor = node.walk();
    match (language, node.kind()) {
        (Language::Rust, "use_declaration") => {
            node.named_children(&mut cursor).any(|one| one.kind() == "visibility_modifier")
        }
        (Language::Rust, "mod_item") => is_for_tests(node, text),
        (Language::Python, "if_statement") => node
            .child_by_field_name("condition")
            .and_then(|one| one.utf8_text(text.as_bytes()).ok())
            .is_some_and(|one| one.ends_with("TYPE_CHECKING")),
        _ => false,
    }
}

/// Whether `#[cfg(test)]` stands before a node: a crate may test itself by those that use it.
fn is_for_tests(node: Node<'_>, text: &str) -> bool {
    let mut before = node.prev_named_sibling();
    while let Some(attribute) = before.filter(|one| one.kind() == "attribute_item") {
        let words = attribute.utf8_text(text.as_bytes()).unwrap_or_default();
        if words.contains("cfg(test") || words.contains("cfg(all(test") {
            return true;
        }
        before = attribute.prev_named_sibling();
    }
    false
}

fn unquoted(text: &str) -> String {
    text.trim_matches(['"', '\'', '`']).to_owned()
}

/// The paths of a use-tree: `a::{b, c::d as e}` names `a::b` and `a::c::d`.
fn use_paths(tree: &str) -> Vec<String> {
    let mut paths = Vec::new();
    expand(tree.trim(), "", &mut paths);
    paths
}

fn expand(tree: &str, outer: &str, paths: &mut Vec<String>) {
    let tree = tree.trim();
    let joined = |name: &str| {
        if outer.is_empty() { name.to_owned() } else { format!("{outer}::{name}") }
    };
    if let Some((before, inner)) = tree.split_once('{') {
        let before = before.trim().trim_end_matches("::");
        let outer = if before.is_empty() { outer.to_owned() } else { joined(before) };
        let inner = inner.trim_end().trim_end_matches('}');
        for part in parts(inner) {
            expand(part, &outer, paths);
        }
        return;
    }
    let name = tree.split(" as ").next().unwrap_or(tree).trim();
    if !name.is_empty() {
        paths.push(joined(name));
    }
}

/// The members of a list, commas inside braces left alone.
fn parts(list: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, one) in list.char_indices() {
        match one {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&list[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(path: &str, text: &str) -> Vec<String> {
        read(Language::of(path).expect("a language"), text).named
    }

    #[test]
    fn each_languages_imports_are_read() {
        let rust = "mod b;\npub use b::B;\nuse crate::{c::D, e::{self, F as G}};\n\
            fn a() { use super::h; }\n#[cfg(test)]\nmod tests { use outer::i; }";
        assert_eq!(
            named("a.rs", rust),
            ["crate::c::D", "crate::e::self", "crate::e::F", "super::h"]
        );
        let script = "import a from './a';\nexport * from \"./b\";\n\
            const c = require('./c');\nimport('./d');";
        assert_eq!(named("a.tsx", script), ["./a", "./b", "./c", "./d"]);
        let python = "import a.b as c, d\nfrom .e import f\nfrom . import g\n# import h\n";
        let typed = "if t.TYPE_CHECKING:\n    from .e import f\nimport a\n";
        assert_eq!(named("a.py", typed), ["a"]);
        assert_eq!(named("a.py", python), ["a.b", "d", ".e.f", ".e", ".g", "."]);
        let go = "package a\nimport (\n\t\"fmt\"\n\tb \"x.org/y/b\"\n)\n";
        assert_eq!(named("a.go", go), ["fmt", "x.org/y/b"]);
        let java = read(Language::Java, "package a.b;\nimport a.c.D;\nclass A {}");
        assert_eq!((java.named, java.package.as_deref()), (vec!["a.c.D".to_owned()], Some("a.b")));
    }

    #[test]
    fn what_no_grammar_takes_does_no_harm() {
        for path in ["a.rs", "a.ts", "a.py", "a.go", "a.java"] {
            named(path, "}}}{{{ \u{0} import use ((((");
            named(path, "");
        }
    }
}
