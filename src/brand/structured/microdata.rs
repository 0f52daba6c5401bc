//! Microdata: `itemscope` elements of schema.org's organization family.

use ego_tree::iter::Edge;
use scraper::{ElementRef, Selector};
use url::Url;

use super::entity::{
    DESCRIPTION_CHARS, Entity, EntityKind, MAX_ADDRESSES, MAX_ENTITIES, NAME_CHARS, Standing,
};
use super::line;
use crate::brand::page::Page;

/// The items of a page that may speak for its brand and are no property of another item.
pub(super) fn entities(page: &Page) -> Vec<Entity> {
    let items = Selector::parse("[itemscope][itemtype]").expect("a constant selector");
    page.select(&items)
        .filter(|item| item.attr("itemprop").is_none())
        .filter_map(|item| entity(page, item))
        .take(MAX_ENTITIES)
        .collect()
}

fn entity(page: &Page, item: ElementRef<'_>) -> Option<Entity> {
    let kinds = item.attr("itemtype")?;
    let kind = kinds.split_whitespace().find_map(EntityKind::of)?;
    let mut entity = Entity {
        kind,
        standing: Standing::Own,
        place: format!("[itemtype=\"{}\"]", line(kinds, 80)?),
        source: "microdata",
        name: None,
        legal_name: None,
        alternate_names: Vec::new(),
        slogan: None,
        description: None,
        logos: Vec::new(),
        same_as: Vec::new(),
        url: None,
    };
    for property in properties(item) {
        read(&mut entity, page, property);
    }
    let says_something = entity.name.is_some() || !entity.logos.is_empty();
    says_something.then_some(entity)
}

/// The elements with a property of this item: not those inside an item of their own.
fn properties(item: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    /// An organization has a dozen properties.
    const MAX_PROPERTIES: usize = 60;
    /// How much of an item is searched, so that nested items do not cost the square of the page.
    const MAX_STEPS: usize = 4_000;
    let mut found = Vec::new();
    let mut skipped = None;
    for edge in item.traverse().skip(1).take(MAX_STEPS) {
        match edge {
            Edge::Open(node) if skipped.is_none() => {
                let Some(element) = ElementRef::wrap(node) else { continue };
                if element.attr("itemprop").is_some() {
                    found.push(element);
                }
                if element.attr("itemscope").is_some() {
                    skipped = Some(node.id());
                }
            }
            Edge::Close(node) if skipped == Some(node.id()) => skipped = None,
            _ => {}
        }
        if found.len() >= MAX_PROPERTIES {
            break;
        }
    }
    found
}

fn read(entity: &mut Entity, page: &Page, element: ElementRef<'_>) {
    let text = |limit| {
        let content = element.attr("content").map(str::to_owned);
        line(&content.unwrap_or_else(|| page.text_of(element, limit)), limit)
    };
    for property in element.attr("itemprop").unwrap_or_default().split_whitespace() {
        match property {
            "name" if entity.name.is_none() => entity.name = text(NAME_CHARS),
            "legalName" if entity.legal_name.is_none() => entity.legal_name = text(NAME_CHARS),
            "alternateName" if entity.alternate_names.len() < 6 => {
                entity.alternate_names.extend(text(NAME_CHARS));
            }
            "slogan" if entity.slogan.is_none() => entity.slogan = text(NAME_CHARS),
            "description" if entity.description.is_none() => {
                entity.description = text(DESCRIPTION_CHARS);
            }
            "logo" if entity.logos.len() < MAX_ADDRESSES => {
                entity.logos.extend(address(page, element));
            }
            "sameAs" if entity.same_as.len() < MAX_ADDRESSES => {
                entity.same_as.extend(address(page, element));
            }
            "url" if entity.url.is_none() => entity.url = address(page, element),
            _ => {}
        }
    }
}

/// The address that a property gives; an `ImageObject` gives the first one inside it.
fn address(page: &Page, element: ElementRef<'_>) -> Option<Url> {
    let own = ["content", "src", "href", "data"];
    let inside = || {
        let parts = Selector::parse("[itemprop~=url], [itemprop~=contentUrl], img[src]")
            .expect("a constant selector");
        let part = element.select(&parts).next()?;
        own.into_iter().find_map(|name| part.attr(name)).map(str::to_owned)
    };
    let text = own.into_iter().find_map(|name| element.attr(name)).map(str::to_owned);
    page.resolve(&text.or_else(inside)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brand::Fetched;
    use crate::brand::budget::{Budget, Deadline};

    fn read_page(html: &str) -> Vec<Entity> {
        let fetched = Fetched::html("https://tide.example/", html);
        entities(&Page::parse(&fetched, &Budget::default(), &Deadline::never()))
    }

    #[test]
    fn an_item_is_read_without_its_parts_items() {
        let found = read_page(
            "<div itemscope itemtype='http://schema.org/LocalBusiness'>\
             <span itemprop=name>Tide <b>Mills</b></span><img itemprop=logo src=/l.png>\
             <div itemprop=founder itemscope itemtype='http://schema.org/Person'>\
             <span itemprop=name>Ann</span></div><meta itemprop=slogan content='Slow work'></div>",
        );
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].name.as_deref(), Some("Tide Mills"));
        assert_eq!(found[0].slogan.as_deref(), Some("Slow work"));
        assert_eq!(found[0].logos[0].path(), "/l.png");
    }

    #[test]
    fn a_property_of_another_item_does_not_speak_for_the_brand() {
        let found = read_page(
            "<div itemscope itemtype='https://schema.org/Product'><div itemprop=brand itemscope \
             itemtype='https://schema.org/Brand'><span itemprop=name>Other</span></div></div>",
        );
        assert!(found.is_empty());
    }

    #[test]
    fn nested_items_end() {
        let item = "<div itemscope itemtype='https://schema.org/Brand'><p itemprop=name>x</p>";
        assert!(read_page(&item.repeat(3_000)).len() <= MAX_ENTITIES);
    }
}
