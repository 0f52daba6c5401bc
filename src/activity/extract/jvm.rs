//! Dependencies as the builds of the JVM's languages name them.
//!
//! In Maven's `pom.xml` and Gradle's version catalogs a line's section says what the line is
//! about. A build script of Gradle is a program: only a call that adds one dependency by its
//! notation counts, never what a variable or a plugin stands for.

use crate::domain::activity::section_entries;

use super::dependencies::Dependency;

/// How the configurations of Gradle end that have dependencies, as `testImplementation` does.
const CONFIGURATIONS: [&str; 11] = [
    "implementation",
    "api",
    "compile",
    "compileonly",
    "runtime",
    "runtimeonly",
    "annotationprocessor",
    "kapt",
    "ksp",
    "classpath",
    "provided",
];

/// What the line of a `pom.xml` or a version catalog has a part in.
pub(super) fn of_section(section: Option<&str>) -> Vec<Dependency> {
    let entries = section.map(section_entries).unwrap_or_default().into_iter();
    entries
        .map(|entry| Dependency {
            stays: entry.stays,
            ..Dependency::new(entry.name, entry.version.map(str::to_owned))
        })
        .collect()
}

/// What a line of `build.gradle` or `build.gradle.kts` adds: `implementation 'group:name:1.2'`, or
/// `implementation group: 'group', name: 'name', version: '1.2'`.
pub(super) fn of_script(text: &str) -> Option<Dependency> {
    let start = text.find(['"', '\''])?;
    let (call, notation) = text.split_at(start);
    let call = call.trim_end().trim_end_matches(['(', ' ']);
    if let Some(call) = call.strip_suffix("group:").or_else(|| call.strip_suffix("group =")) {
        let [group, name] = [value_of(text, "group")?, value_of(text, "name")?];
        return is_configuration(call)
            .then(|| dependency(group, name, value_of(text, "version")))?;
    }
    // `implementation(platform("…"))`
    let call = ["enforcedPlatform", "platform"]
        .iter()
        .find_map(|inner| call.strip_suffix(inner))
        .unwrap_or(call);
    let mark = notation.chars().next()?;
    let notation = notation[1..].split(mark).next()?;
    // What follows `@` is the type of a file, and a fourth part its variant.
    let mut parts = notation.split('@').next()?.split(':');
    let (group, name, version) = (parts.next()?, parts.next()?, parts.next());
    is_configuration(call).then(|| dependency(group, name, version))?
}

/// Whether the text before a notation is the call of a configuration and nothing else.
fn is_configuration(call: &str) -> bool {
    let call = call.trim().trim_end_matches(['(', ' ']).to_ascii_lowercase();
    call.chars().all(|one| one.is_ascii_alphanumeric())
        && CONFIGURATIONS.iter().any(|name| call.ends_with(name))
}

/// `None` for a name that a variable is a part of; a version that is one is not known.
fn dependency(group: &str, name: &str, version: Option<&str>) -> Option<Dependency> {
    let is_plain = |text: &str| {
        !text.is_empty()
            && text.chars().all(|one| one.is_ascii_alphanumeric() || "._-".contains(one))
    };
    let version = version.filter(|one| {
        one.starts_with(|one: char| one.is_ascii_digit() || one == 'v')
            && is_plain(one.trim_end_matches('+'))
    });
    let name = (is_plain(group) && is_plain(name)).then(|| format!("{group}:{name}"))?;
    Some(Dependency::new(&name, version.map(str::to_owned)))
}

/// The quoted value of a key, after `:` or `=`.
fn value_of<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let mut keys = text.split([',', '(', ' ']).filter(|word| !word.is_empty());
    let found = keys.find(|word| word.trim_end_matches([':', '=']) == key)?;
    let place = found.as_ptr() as usize - text.as_ptr() as usize;
    let rest = text[place + found.len()..].trim_start_matches([' ', ':', '=']);
    let mark = rest.chars().next().filter(|one| ['"', '\''].contains(one))?;
    rest[1..].split(mark).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(text: &str) -> Option<String> {
        let found = of_script(text)?;
        Some(format!("{} {}", found.name, found.version.unwrap_or_default()))
    }

    #[test]
    fn a_call_of_a_configuration_adds_a_dependency() {
        for (text, expected) in [
            ("implementation 'a.b:c:1.2'", "a.b:c 1.2"),
            ("testImplementation(\"a.b:c:1.2\")", "a.b:c 1.2"),
            ("implementation (\"a.b:c-d:1.2-jre\") {", "a.b:c-d 1.2-jre"),
            ("implementation(platform(\"a.b:bom:1.2\"))", "a.b:bom 1.2"),
            ("implementation platform('a.b:bom:1.2')", "a.b:bom 1.2"),
            ("classpath 'a.b:c:1.2:linux@jar' // a tool", "a.b:c 1.2"),
            ("api \"a.b:c:$moonVersion\"", "a.b:c "),
            ("api \"a.b:c\"", "a.b:c "),
            ("compile group: 'a.b', name: 'c', version: '1.2'", "a.b:c 1.2"),
            ("compile group: 'a.b', name: 'c'", "a.b:c "),
            ("kapt(group = \"a.b\", name = \"c\", version = \"1.2\")", "a.b:c 1.2"),
        ] {
            assert_eq!(added(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn nothing_else_does() {
        for text in [
            "// implementation 'a.b:c:1.2'",
            "implementation project(':core')",
            "implementation(libs.moon)",
            "implementation \"a.b:$name:1.2\"",
            "exclude group: 'a.b', name: 'c'",
            "id 'org.moon.tides' version '1.2'",
            "group = 'a.b'",
            "def moon = 'a.b:c:1.2'",
            "implementation files('a.jar')",
            "url 'https://example.org:80/a'",
            "api 'a'",
            "api \"",
        ] {
            assert_eq!(added(text), None, "{text}");
        }
    }
}
