//! `<meta>` elements and the title.

use scraper::Selector;

use super::line;
use crate::brand::page::Page;

/// One `<meta>` with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Meta {
    /// Its `name`, `property`, `itemprop` or `http-equiv`, in lower case.
    pub(crate) key: String,
    /// Its content, as one line.
    pub(crate) content: String,
    /// Its `media`, for theme colours.
    pub(crate) media: Option<String>,
}

impl Meta {
    /// The element as a selector, for evidence.
    pub(crate) fn place(&self) -> String {
        let attribute = if self.key.contains(':') { "property" } else { "name" };
        format!("meta[{attribute}=\"{}\"]", self.key)
    }
}

/// The metas of a page, in document order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Metas {
    /// Those that have a key and a content that is not empty.
    pub(crate) all: Vec<Meta>,
    /// The document's title as one line.
    pub(crate) title: Option<String>,
}

impl Metas {
    /// Reads a page.
    pub(crate) fn of(page: &Page) -> Self {
        /// Generators write dozens; hundreds are no page.
        const MAX_METAS: usize = 200;
        /// Titles are cut where nobody reads on.
        const TITLE_CHARS: usize = 300;
        let metas = Selector::parse("meta").expect("a constant selector");
        // An SVG may have a title of its own.
        let title = Selector::parse("head > title, html > title").expect("a constant selector");
        let all = page.select(&metas).take(MAX_METAS).filter_map(meta).collect();
        let title = page
            .select(&title)
            .find_map(|title| line(&title.text().collect::<String>(), TITLE_CHARS));
        Self { all, title }
    }

    /// The first meta of this key that says anything.
    pub(crate) fn find(&self, key: &str) -> Option<&Meta> {
        self.all.iter().find(|meta| meta.key == key)
    }

    /// Its content.
    pub(crate) fn content(&self, key: &str) -> Option<&str> {
        self.find(key).map(|meta| meta.content.as_str())
    }
}

fn meta(element: scraper::ElementRef<'_>) -> Option<Meta> {
    /// The longest content that is kept.
    const CONTENT_CHARS: usize = 1_000;
    const KEY_CHARS: usize = 60;
    let key = ["property", "name", "itemprop", "http-equiv"]
        .into_iter()
        .find_map(|attribute| element.attr(attribute))?;
    Some(Meta {
        key: line(key, KEY_CHARS)?.to_ascii_lowercase(),
        content: line(element.attr("content")?, CONTENT_CHARS)?,
        media: element.attr("media").and_then(|media| line(media, KEY_CHARS)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brand::Fetched;
    use crate::brand::budget::{Budget, Deadline};

    #[test]
    fn the_first_that_says_anything_wins() {
        let fetched = Fetched::html(
            "https://tide.example/",
            "<svg><title>icon</title></svg><head><title> A \n title </title>\
             <meta name=Description content=''><meta name=description content=' two '>\
             <meta property='og:site_name' content='Tide'>\
             <meta name=theme-color media='(prefers-color-scheme: dark)' content='#000'>",
        );
        let metas = Metas::of(&Page::parse(&fetched, &Budget::default(), &Deadline::never()));
        assert_eq!(metas.content("description"), Some("two"));
        assert_eq!(
            metas.find("og:site_name").map(Meta::place).as_deref(),
            Some("meta[property=\"og:site_name\"]")
        );
        assert!(metas.find("theme-color").is_some_and(|meta| meta.media.is_some()));
    }
}
