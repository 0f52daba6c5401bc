//! A configuration file, read so that every fault has its line.

use std::ops::Range;
use std::path::Path as FilePath;

use toml::Table;
use toml::de::{DeTable, DeValue};

use crate::config::keys::{Keys, Path, dotted};
use crate::config::{Config, ConfigError};

/// Reads a file and checks each key and value of it.
pub(super) fn read(path: &FilePath, keys: &Keys) -> Result<Table, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
    parse(&text, &path.display().to_string(), keys)
}

/// The same from a text; `name` stands in the messages.
pub(super) fn parse(text: &str, name: &str, keys: &Keys) -> Result<Table, ConfigError> {
    let origin = |span: Option<Range<usize>>| match span {
        Some(span) => format!("{name}:{}", line_of(text, span.start)),
        None => name.to_owned(),
    };
    let document = DeTable::parse(text).map_err(|error| ConfigError::Syntax {
        origin: origin(error.span()),
        message: error.message().to_owned(),
    })?;
    if let Some((path, span)) = find_unknown(document.get_ref(), &Vec::new(), keys) {
        return Err(ConfigError::UnknownKey {
            origin: origin(Some(span)),
            key: dotted(&path),
            hint: keys.hint(&path),
        });
    }
    toml::from_str::<Config>(text).map_err(|error| {
        let path = error.span().and_then(|span| find_value(document.get_ref(), span.start));
        let path = path.unwrap_or_default();
        ConfigError::Value {
            origin: origin(error.span()),
            key: dotted(&path),
            message: with_default(error.message(), &path, keys),
        }
    })?;
    Ok(text.parse().expect("the text was read as a configuration"))
}

/// The parser's message, and the default as an example of what is right.
pub(super) fn with_default(message: &str, path: &Path, keys: &Keys) -> String {
    let message = message.trim_end();
    match keys.default_of(path) {
        Some(default) if !default.is_table() => format!("{message} (the default is {default})"),
        _ => message.to_owned(),
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// The first key of `table` that there is not.
fn find_unknown(table: &DeTable<'_>, outer: &Path, keys: &Keys) -> Option<(Path, Range<usize>)> {
    table.iter().find_map(|(key, value)| {
        let mut path = outer.clone();
        path.push(key.get_ref().to_string());
        match (keys.default_of(&path), value.get_ref()) {
            (None, _) => Some((path, key.span())),
            // The keys of a table that is empty by default are the operator's.
            (Some(toml::Value::Table(free)), _) if free.is_empty() => None,
            (Some(toml::Value::Table(_)), DeValue::Table(inner)) => {
                find_unknown(inner, &path, keys)
            }
            // A table where a value belongs is the value's fault, not the key's.
            _ => None,
        }
    })
}

/// The key whose value stands at `offset`.
fn find_value(table: &DeTable<'_>, offset: usize) -> Option<Path> {
    table.iter().find_map(|(key, value)| {
        let mut path = vec![key.get_ref().to_string()];
        let inner = value.get_ref().as_table().and_then(|inner| find_value(inner, offset));
        if let Some(inner) = inner {
            path.extend(inner);
            return Some(path);
        }
        value.span().contains(&offset).then_some(path)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault_of(text: &str) -> String {
        parse(text, "t.toml", &Keys::all()).expect_err("a fault").to_string()
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_its_likely_meaning() {
        assert_eq!(
            fault_of("[server]\n\nlisten = \"127.0.0.1:1\"\npublic_uri = \"x\"\n"),
            "t.toml:4: no key `server.public_uri`; did you mean `server.public_url`?"
        );
        assert_eq!(fault_of("[sever]\n"), "t.toml:1: no key `sever`; did you mean `server`?");
        assert_eq!(
            fault_of("[retention]\nforever = true\n"),
            "t.toml:2: no key `retention.forever`; there are `assets`, `audit`, `documents`, \
             `events`, `jobs`"
        );
    }

    #[test]
    fn a_wrong_value_is_named_with_its_key_and_a_right_one() {
        assert_eq!(
            fault_of("[limits]\nbody = \"10MB\"\n"),
            "t.toml:2: `limits.body`: `10MB` is no size; write a whole number and B, KiB, MiB or \
             GiB, as \"1MiB\" (the default is \"1MiB\")"
        );
        assert_eq!(
            fault_of("[actions.\"brands.extract\"]\nenabled = \"yes\"\n"),
            "t.toml:2: `actions.\"brands.extract\".enabled`: invalid type: string \"yes\", \
             expected a boolean (the default is true)"
        );
        assert!(fault_of("[server]\nlisten = 8080\n").starts_with("t.toml:2: `server.listen`: "));
        assert!(fault_of("[server.listen]\nport = 8080\n").starts_with("t.toml:1: "));
    }

    #[test]
    fn a_text_that_is_no_toml_is_refused_with_its_line() {
        assert!(fault_of("\n[server\n").starts_with("t.toml:2: "));
    }
}
