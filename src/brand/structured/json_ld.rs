//! JSON-LD: organizations and sites among a page's linked data.
//!
//! Items stand alone, in arrays, in `@graph`, or refer to each other by `@id`. Blocks that are not
//! quite JSON, as templates write them, are repaired where that is safe, else left out.

use std::collections::HashMap;

use scraper::Selector;
use serde_json::{Map, Value};
use url::Url;

use super::entity::{
    DESCRIPTION_CHARS, Entity, EntityKind, MAX_ADDRESSES, MAX_ENTITIES, NAME_CHARS, Standing,
};
use super::line;
use crate::brand::page::Page;

/// The most blocks that are read.
const MAX_BLOCKS: usize = 20;
/// The largest block in bytes.
const MAX_BLOCK_BYTES: usize = 256 << 10;

/// The items of a page that may speak for its brand, in document order.
pub(super) fn entities(page: &Page) -> Vec<Entity> {
    let scripts = Selector::parse("script[type*='ld+json']").expect("a constant selector");
    let blocks: Vec<Value> = page
        .select(&scripts)
        .take(MAX_BLOCKS)
        .map(|script| script.text().collect::<String>())
        .map(|text| parse(&text).unwrap_or(Value::Null))
        .collect();
    let mut reader = Reader { page, by_id: HashMap::new(), found: Vec::new() };
    for block in &blocks {
        reader.index(block, 0);
    }
    for (number, block) in (1..).zip(&blocks) {
        let place = format!("script[type=\"application/ld+json\"] {number}");
        reader.walk(block, &place, 0);
    }
    reader.found
}

/// The block as JSON; line breaks inside strings and a surrounding comment are forgiven.
fn parse(text: &str) -> Option<Value> {
    if text.len() > MAX_BLOCK_BYTES {
        return None;
    }
    let text = text.trim();
    let text = text.strip_prefix("<!--").unwrap_or(text);
    let text = text.strip_suffix("-->").unwrap_or(text);
    let text = text.trim().trim_start_matches("/*<![CDATA[*/").trim_end_matches("/*]]>*/");
    serde_json::from_str(text).ok().or_else(|| {
        let spaced = text.replace(|c: char| c.is_control(), " ");
        serde_json::from_str(spaced.trim().trim_end_matches(';')).ok()
    })
}

struct Reader<'a> {
    page: &'a Page,
    by_id: HashMap<&'a str, &'a Map<String, Value>>,
    found: Vec<Entity>,
}

impl<'a> Reader<'a> {
    /// Notes which item has which `@id`. The parser bounds how deep values nest.
    fn index<'b: 'a>(&mut self, value: &'b Value, depth: usize) {
        /// Items of interest lie near the top; deeper ones are parts of them.
        const MAX_DEPTH: usize = 8;
        if depth > MAX_DEPTH {
            return;
        }
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.index(item, depth + 1)),
            Value::Object(item) => {
                // A reference has nothing but its id.
                if let Some(id) = item.get("@id").and_then(Value::as_str)
                    && item.len() > 1
                {
                    self.by_id.entry(id).or_insert(item);
                }
                item.values().for_each(|part| self.index(part, depth + 1));
            }
            _ => {}
        }
    }

    /// Reads items that stand for themselves.
    fn walk(&mut self, value: &Value, place: &str, depth: usize) {
        if depth > 3 || self.found.len() >= MAX_ENTITIES {
            return;
        }
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.walk(item, place, depth + 1)),
            Value::Object(item) => {
                if let Some(graph) = item.get("@graph") {
                    self.walk(graph, place, depth + 1);
                }
                let kinds = types(item);
                if let Some(kind) = kinds.iter().find_map(|name| EntityKind::of(name)) {
                    self.push(item, kind, Standing::Own, place);
                }
                let is_site = kinds.iter().any(|name| name.ends_with("WebSite"))
                    || kinds.iter().any(|name| name.ends_with("Page"));
                if is_site {
                    self.publishers(item, place);
                }
            }
            _ => {}
        }
    }

    /// The organization that a site or page names as its publisher, when it stands only there.
    fn publishers(&mut self, item: &Map<String, Value>, place: &str) {
        for property in ["publisher", "about", "mainEntity"] {
            let Some(Value::Object(inner)) = item.get(property) else { continue };
            let is_organization = types(inner)
                .iter()
                .any(|name| EntityKind::of(name) == Some(EntityKind::Organization));
            if is_organization {
                let place = format!("{place} {property}");
                self.push(inner, EntityKind::Organization, Standing::Publisher, &place);
            }
        }
    }

    fn push(
        &mut self,
        item: &Map<String, Value>,
        kind: EntityKind,
        standing: Standing,
        place: &str,
    ) {
        let text = |key: &str, limit| item.get(key).and_then(|value| first_text(value, limit));
        let entity = Entity {
            kind,
            standing,
            place: place.to_owned(),
            source: "json-ld",
            name: text("name", NAME_CHARS),
            legal_name: text("legalName", NAME_CHARS),
            alternate_names: item.get("alternateName").map(texts).unwrap_or_default(),
            slogan: text("slogan", NAME_CHARS),
            description: text("description", DESCRIPTION_CHARS),
            logos: item.get("logo").map(|logo| self.addresses(logo)).unwrap_or_default(),
            same_as: item.get("sameAs").map(|same| self.addresses(same)).unwrap_or_default(),
            url: item.get("url").and_then(|url| self.addresses(url).into_iter().next()),
        };
        self.found.push(entity);
    }

    /// Addresses given as text, as `ImageObject`, by reference, or as a list of these.
    fn addresses(&self, value: &Value) -> Vec<Url> {
        match value {
            Value::String(text) => self.page.resolve(text).into_iter().collect(),
            Value::Array(items) => items
                .iter()
                .take(MAX_ADDRESSES)
                .filter(|item| !item.is_array())
                .flat_map(|item| self.addresses(item))
                .take(MAX_ADDRESSES)
                .collect(),
            Value::Object(item) => {
                let referred = item
                    .get("@id")
                    .and_then(Value::as_str)
                    .and_then(|id| self.by_id.get(id).copied())
                    .unwrap_or(item);
                ["contentUrl", "url", "@id"]
                    .into_iter()
                    .filter_map(|key| referred.get(key).and_then(Value::as_str))
                    .find_map(|text| self.page.resolve(text))
                    .into_iter()
                    .collect()
            }
            _ => Vec::new(),
        }
    }
}

fn types(item: &Map<String, Value>) -> Vec<&str> {
    match item.get("@type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().take(8).filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// A text, the first of several, or the value of a language-tagged one.
fn first_text(value: &Value, limit: usize) -> Option<String> {
    match value {
        Value::String(text) => line(text, limit),
        Value::Array(items) => {
            items.first().filter(|one| !one.is_array()).and_then(|one| first_text(one, limit))
        }
        Value::Object(item) => {
            item.get("@value").and_then(Value::as_str).and_then(|text| line(text, limit))
        }
        _ => None,
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => {
            items.iter().take(6).filter_map(|item| first_text(item, NAME_CHARS)).collect()
        }
        value => first_text(value, NAME_CHARS).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brand::Fetched;
    use crate::brand::budget::{Budget, Deadline};

    fn read(blocks: &[&str]) -> Vec<Entity> {
        let html = blocks
            .iter()
            .map(|block| format!("<script type='application/ld+json'>{block}</script>"))
            .collect::<Vec<_>>()
            .concat();
        let fetched = Fetched::html("https://tide.example/", &html);
        entities(&Page::parse(&fetched, &Budget::default(), &Deadline::never()))
    }

    #[test]
    fn graphs_and_references_are_followed() {
        let found = read(&[
            r##"{"@context":"https://schema.org","@graph":[
                {"@type":"WebSite","@id":"#site","name":"Tide","publisher":{"@id":"#org"}},
                {"@type":["Organization","Brand"],"@id":"#org","name":"Tide Mills",
                 "logo":{"@id":"#logo"},"sameAs":["https://social.example/tide", 7]}]}"##,
            r##"{"@type":"ImageObject","@id":"#logo","url":"/logo.svg"}"##,
        ]);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].kind, EntityKind::WebSite);
        assert_eq!(found[1].name.as_deref(), Some("Tide Mills"));
        assert_eq!(found[1].logos[0].as_str(), "https://tide.example/logo.svg");
        assert_eq!(found[1].same_as.len(), 1);
    }

    #[test]
    fn what_speaks_of_something_else_is_skipped() {
        let found = read(&[
            r#"{"@type":"Product","name":"Shoe","brand":{"@type":"Brand","name":"Other"},
                "review":{"author":{"@type":"Organization","name":"Judge","logo":"/j.png"}}}"#,
            r#"{"@type":"Article","author":{"@type":"Organization","name":"Agency"}}"#,
            r#"{"@type":"Organization","name":"Tide",
                "parentOrganization":{"@type":"Organization","name":"Parent"}}"#,
        ]);
        let names: Vec<&str> = found.iter().filter_map(|one| one.name.as_deref()).collect();
        assert_eq!(names, ["Tide"]);
    }

    #[test]
    fn a_publisher_that_stands_only_there_is_named_as_such() {
        let found =
            read(&[r#"{"@type":"WebPage","publisher":{"@type":"Organization","name":"Tide"}}"#]);
        assert_eq!(found[0].standing, Standing::Publisher);
    }

    #[test]
    fn templates_that_are_not_quite_json_are_read() {
        let found = read(&["<!--\n{\"@type\":\"Organization\",\"name\":\"Tide\n Mills\"};\n-->"]);
        assert_eq!(found[0].name.as_deref(), Some("Tide Mills"));
        assert!(read(&["{\"@type\":\"Organization\",", "null", "[[[[", ""]).is_empty());
    }

    #[test]
    fn hostile_blocks_end() {
        let deep = "[".repeat(100_000);
        let wide = format!("[{}]", vec![r#"{"@type":"Brand","name":"x"}"#; 5_000].join(","));
        let circle = r##"{"@id":"#a","@type":"Brand","logo":{"@id":"#a","x":1}}"##;
        assert!(read(&[&deep, &wide, circle]).len() <= MAX_ENTITIES);
    }
}
