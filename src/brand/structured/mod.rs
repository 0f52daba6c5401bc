//! What a page declares about itself for machines: metas, JSON-LD, microdata, the web manifest.
//!
//! Each reader gives plain cleaned values with the place where they stand; which of them to believe
//! is decided by the modules of the fields. Never: a value from an item that speaks of something
//! else, such as a product, a reviewer or an author.

mod entity;
mod json_ld;
mod manifest;
mod metas;
mod microdata;
mod rebase;

pub(crate) use entity::{Entity, EntityKind, Standing};
pub(crate) use manifest::{Manifest, largest_size};
pub(crate) use metas::Metas;
pub(crate) use rebase::rebase;

use crate::brand::evidence::is_plain;
use crate::brand::page::Page;

/// Everything that a page declares about itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Declared {
    /// `<meta>` and the title.
    pub(crate) metas: Metas,
    /// What JSON-LD and microdata say of organizations and sites, in document order.
    pub(crate) entities: Vec<Entity>,
    /// The web manifest, once it was fetched.
    pub(crate) manifest: Option<Manifest>,
}

impl Declared {
    /// Reads the page; the manifest comes later.
    pub(crate) fn of(page: &Page) -> Self {
        let mut entities = json_ld::entities(page);
        entities.extend(microdata::entities(page));
        entities.truncate(entity::MAX_ENTITIES);
        Self { metas: Metas::of(page), entities, manifest: None }
    }

    /// The entities that speak for the brand itself: organizations that are not a part of another
    /// item.
    pub(crate) fn organizations(&self) -> impl Iterator<Item = &Entity> {
        self.entities.iter().filter(|entity| entity.kind == EntityKind::Organization)
    }
}

/// One line of what a page says: white space collapsed, nothing invisible, at most `limit`
/// characters; none when nothing is left.
pub(crate) fn line(text: &str, limit: usize) -> Option<String> {
    // A run of white space counts, so that a megabyte of it is not read to its end.
    let plain: String = text
        .chars()
        .take(limit.saturating_mul(4))
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| is_plain(*c))
        .collect();
    let words: Vec<&str> = plain.split(' ').filter(|word| !word.is_empty()).collect();
    let line: String = words.join(" ").chars().take(limit).collect();
    (!line.is_empty()).then(|| line.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_clean_and_short() {
        assert_eq!(line(" a\n b\u{202e}\u{0}c ", 20).as_deref(), Some("a bc"));
        assert_eq!(line("\u{200b} \t", 20), None);
        assert_eq!(line(&"x ".repeat(1_000_000), 5).as_deref(), Some("x x x"));
    }
}
