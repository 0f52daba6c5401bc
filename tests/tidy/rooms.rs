//! The table of the rooms: what each may import. `docs/architecture.md` draws it.

use crate::paths::crate_paths;
use crate::source::Source;

/// What a room may reach.
struct Room {
    name: &'static str,
    /// Paths of other rooms; a room may always reach itself.
    may: &'static [&'static str],
    /// Parts of those paths that it may not.
    never: &'static [&'static str],
    /// Words of foreign crates and of the language that it may not use.
    foreign: &'static [&'static str],
}

/// Rooms that may reach everything: they compose, ask and print.
const FREE: [&str; 4] = ["app", "cli", "lib", "main"];

/// What pure rooms do without.
const IO: &[&str] = &["tokio", "actix_web", "rusqlite", "reqwest", "async", "std::fs", "std::net"];

const ROOMS: [Room; 15] = [
    Room { name: "domain", may: &[], never: &[], foreign: IO },
    Room { name: "config", may: &["domain"], never: &[], foreign: &["tokio", "async"] },
    Room {
        name: "telemetry",
        may: &["domain"],
        never: &[],
        foreign: &["rusqlite", "reqwest", "actix_web"],
    },
    Room {
        name: "store",
        may: &["domain", "telemetry"],
        never: &[],
        foreign: &["actix_web", "reqwest"],
    },
    Room { name: "assets", may: &["domain", "telemetry"], never: &[], foreign: &["rusqlite"] },
    Room {
        name: "outbound",
        may: &["domain", "telemetry"],
        never: &[],
        foreign: &["rusqlite", "actix_web"],
    },
    Room {
        name: "sources",
        may: &["domain", "telemetry"],
        never: &[],
        foreign: &["rusqlite", "reqwest", "actix_web", "std::net"],
    },
    Room {
        name: "model",
        may: &["domain", "telemetry", "outbound", "assets"],
        never: &[],
        foreign: &["rusqlite", "actix_web"],
    },
    Room { name: "pixels", may: &["domain"], never: &[], foreign: IO },
    Room { name: "brand", may: &["domain", "pixels"], never: &[], foreign: IO },
    Room { name: "ads", may: &["domain", "pixels"], never: &[], foreign: IO },
    Room { name: "activity", may: &["domain"], never: &[], foreign: IO },
    Room {
        name: "engine",
        may: &["domain", "telemetry", "store", "assets"],
        never: &["store::sqlite", "store::postgres"],
        foreign: &["rusqlite", "actix_web", "reqwest"],
    },
    Room {
        name: "actions",
        may: &[
            "domain",
            "telemetry",
            "assets",
            "outbound",
            "model",
            "sources",
            "pixels",
            "brand",
            "ads",
            "activity",
            "engine",
        ],
        never: &["engine::Engine", "engine::EngineOptions"],
        foreign: &["rusqlite", "actix_web", "reqwest"],
    },
    Room {
        name: "http",
        may: &[
            "domain",
            "telemetry",
            "store",
            "assets",
            "engine",
            "actions",
            "pixels",
            "brand",
            "activity",
            "outbound::rules",
        ],
        never: &["store::sqlite", "store::postgres", "store::Store", "store::Runs"],
        foreign: &["rusqlite", "reqwest"],
    },
];

/// What the file imports against the table.
pub(crate) fn check(source: &Source) -> Vec<String> {
    let Some(place) = source.path.strip_prefix("src/") else { return Vec::new() };
    let name = place.split(['/', '.']).next().unwrap_or_default();
    if FREE.contains(&name) {
        return Vec::new();
    }
    let Some(room) = ROOMS.iter().find(|room| room.name == name) else {
        return vec![format!("{}: no room `{name}` in tests/tidy/rooms.rs", source.path)];
    };
    let code = source.product_lines().join("\n");
    let mut complaints = check_paths(&code, room);
    complaints.extend(check_words(&code, room, &source.path));
    if leaves_by_super(&code, place) {
        complaints.push("`super::` leaves the room; write `crate::`".to_owned());
    }
    complaints.into_iter().map(|complaint| format!("{}: {complaint}", source.path)).collect()
}

fn check_paths(code: &str, room: &Room) -> Vec<String> {
    let mut complaints = Vec::new();
    for path in crate_paths(code) {
        let own = within(&path, room.name);
        let allowed = room.may.iter().any(|may| within(&path, may));
        let forbidden = room.never.iter().any(|never| within(&path, never));
        if !own && (!allowed || forbidden) {
            complaints.push(format!("`{}` may not use `crate::{path}`", room.name));
        }
    }
    complaints
}

/// Whether some `super::super::…` of the module at `place` reaches the crate's root.
fn leaves_by_super(code: &str, place: &str) -> bool {
    let module = place.trim_end_matches(".rs").trim_end_matches("/mod");
    code.contains(&"super::".repeat(module.split('/').count()))
}

fn check_words(code: &str, room: &Room, path: &str) -> Vec<String> {
    let mut foreign: Vec<&str> = room.foreign.to_vec();
    if room.name == "store" && !path.starts_with("src/store/sqlite/") {
        foreign.push("rusqlite");
    }
    foreign
        .into_iter()
        .filter(|word| has_word(code, word))
        .map(|word| format!("`{}` does without `{word}`", room.name))
        .collect()
}

/// Whether `path` is `room` or lies in it.
fn within(path: &str, room: &str) -> bool {
    path.strip_prefix(room).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn has_word(code: &str, word: &str) -> bool {
    let of_a_name = |character: Option<char>| {
        character.is_some_and(|character| character.is_alphanumeric() || character == '_')
    };
    code.match_indices(word).any(|(start, _)| {
        let before = code[..start].chars().next_back();
        let after = code[start + word.len()..].chars().next();
        !of_a_name(before) && !of_a_name(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(path: &str, text: &str) -> usize {
        check(&Source::sample(path, text)).len()
    }

    #[test]
    fn an_import_against_the_table_is_seen() {
        assert_eq!(complaints("src/engine/a.rs", "use crate::http::Routes;"), 1);
        assert_eq!(complaints("src/engine/a.rs", "use crate::store::sqlite::SqliteStore;"), 1);
        assert_eq!(complaints("src/http/a.rs", "use crate::store::{Catalog, Store};"), 1);
        assert_eq!(complaints("src/http/a.rs", "fn a() -> crate::outbound::Outbound {}"), 1);
        assert_eq!(complaints("src/actions/a.rs", "use crate::engine::{Action, Engine};"), 1);
    }

    #[test]
    fn an_import_by_the_table_is_fine() {
        assert_eq!(complaints("src/engine/a.rs", "use crate::store::{Store, StoreReader};"), 0);
        assert_eq!(complaints("src/http/a.rs", "use crate::outbound::rules::Rules;"), 0);
        assert_eq!(complaints("src/http/a.rs", "use crate::store::StoreReader;"), 0);
        assert_eq!(complaints("src/cli/serve.rs", "use crate::app::App;"), 0);
    }

    #[test]
    fn words_of_other_crates_are_seen_and_parts_of_words_are_not() {
        assert_eq!(complaints("src/brand/a.rs", "async fn a() {}"), 1);
        assert_eq!(complaints("src/brand/a.rs", "fn asynchronous() {}"), 0);
        assert_eq!(complaints("src/store/jobs.rs", "use rusqlite::Row;"), 1);
        assert_eq!(complaints("src/store/sqlite/rows.rs", "use rusqlite::Row;"), 0);
    }

    #[test]
    fn comments_and_unit_tests_are_free() {
        let text = "// use crate::http::Routes;\n#[cfg(test)]\nmod tests { use crate::http::A; }";
        assert_eq!(complaints("src/engine/a.rs", text), 0);
    }

    #[test]
    fn an_unknown_room_and_a_way_out_are_seen() {
        assert_eq!(complaints("src/util/a.rs", ""), 1);
        assert_eq!(complaints("src/helpers.rs", ""), 1);
        assert_eq!(complaints("src/engine/mod.rs", "use super::http::Routes;"), 1);
        assert_eq!(complaints("src/engine/a/b.rs", "use super::super::super::http::Routes;"), 1);
        assert_eq!(complaints("src/engine/a/b.rs", "use super::super::retry;"), 0);
    }
}
