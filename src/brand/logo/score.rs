//! How much speaks for a picture being the brand's mark.

use scraper::ElementRef;

use crate::brand::name::key;
use crate::brand::page::Page;
use crate::brand::structured::{Declared, line};
use crate::brand::surroundings::{Lead, Surroundings, split, words};

/// What every candidate is judged against.
pub(super) struct Context<'a> {
    /// The page.
    pub(super) page: &'a Page,
    /// The brand's name, by its letters.
    name: Option<String>,
    /// Everything that may belong to the name, by its letters: title, name, host.
    known: String,
}

impl<'a> Context<'a> {
    /// Notes what the brand is called.
    pub(super) fn new(page: &'a Page, declared: &Declared, name: Option<&str>) -> Self {
        let title = declared.metas.title.as_deref().unwrap_or_default();
        let host = page.url().host_str().unwrap_or_default();
        let known = [title, name.unwrap_or_default(), host].map(key).join(" ");
        Self { page, name: name.map(key).filter(|name| name.chars().count() >= 2), known }
    }

    /// Whether a text names the brand.
    pub(super) fn names_brand(&self, text: &str) -> bool {
        let text = key(text);
        self.name.as_deref().is_some_and(|name| {
            !text.is_empty()
                && (text == name
                    || text.contains(name)
                    || (text.chars().count() >= 4 && name.contains(&text)))
        })
    }

    /// Whether a word may belong to the brand's name.
    fn is_known(&self, word: &str) -> bool {
        self.known.contains(word) || self.name.as_deref().is_some_and(|name| word.contains(name))
    }
}

/// Words by which marks are called.
fn says_logo(words: &[String]) -> bool {
    words.iter().any(|word| {
        matches!(word.as_str(), "logo" | "brand" | "wordmark" | "logotype" | "logomark")
            || (word.ends_with("logo") && word.len() <= 16)
    })
}

/// Whether class or id of the element or of the two around it call it a mark.
pub(super) fn is_called_logo(element: ElementRef<'_>) -> bool {
    let around = element.ancestors().take(2).filter_map(ElementRef::wrap);
    std::iter::once(element)
        .chain(around)
        .filter(|one| !matches!(one.value().name(), "html" | "body" | "header" | "main"))
        .any(|one| says_logo(&words(one)))
}

/// What speaks for an element, whatever its picture is: place, link, names.
pub(super) fn place(context: &Context<'_>, element: ElementRef<'_>, around: Surroundings) -> f64 {
    let mut score = 0.0;
    // A menu has pictures of its own; a header has the mark.
    score += match (around.header, around.navigation) {
        (true, false) => 25.0,
        (true, true) => 15.0,
        (false, _) => 0.0,
    };
    score += match around.link {
        Some(Lead::Home) => 25.0,
        Some(Lead::Elsewhere) => -35.0,
        Some(Lead::Inside) | None => 0.0,
    };
    // A picture in the place of the page's title is the title.
    score += if is_in_title(element) { 20.0 } else { 0.0 };
    score -= if around.footer && !around.header { 12.0 } else { 0.0 };
    let is_home = around.link == Some(Lead::Home);
    score -= if around.strangers && !is_home { 25.0 } else { 0.0 };
    score -= if around.showcase && !is_home { 25.0 } else { 0.0 };
    score -= if around.article && !is_home { 20.0 } else { 0.0 };
    score -= if around.control && !is_home { 30.0 } else { 0.0 };
    // A variant for another width or ground is often folded away; it is the mark all the same.
    score -= if context.page.is_hidden(element) { 10.0 } else { 0.0 };
    score
}

fn is_in_title(element: ElementRef<'_>) -> bool {
    /// A title's own markup is shallow.
    const MAX_ANCESTORS: usize = 3;
    let above = element.ancestors().take(MAX_ANCESTORS).filter_map(ElementRef::wrap);
    above.into_iter().any(|one| one.value().name() == "h1")
}

/// What the alternative text says.
pub(super) fn caption(context: &Context<'_>, text: &str) -> f64 {
    let Some(text) = line(text, 120) else { return 0.0 };
    let words = split(&text);
    let logo = words.iter().any(|word| matches!(word.as_str(), "logo" | "wordmark"));
    if context.names_brand(&text) {
        return if logo { 25.0 } else { 15.0 };
    }
    let rest: Vec<&String> =
        words.iter().filter(|word| !matches!(word.as_str(), "logo" | "wordmark")).collect();
    let is_stranger = logo && !rest.is_empty() && !rest.iter().any(|word| is_plain(context, word));
    if is_stranger {
        -40.0
    } else if logo {
        10.0
    } else {
        0.0
    }
}

/// What a file's name says.
pub(super) fn file(context: &Context<'_>, path: &str) -> f64 {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let words = split(stem);
    let mut score = 0.0;
    if words.iter().any(|word| is_control(word)) {
        score -= 60.0;
    }
    let folder_says = path.rsplit('/').nth(1).is_some_and(|folder| split(folder) == ["logo"]);
    if says_logo(&words) || folder_says {
        score += 25.0;
        // `logo-acme` is the mark of Acme, and Acme is not this brand.
        let is_stranger =
            |word: &&String| !says_logo(&[(*word).clone()]) && !is_plain(context, word);
        if words.iter().any(|word| is_stranger(&word)) {
            score -= 40.0;
        }
    } else if words.iter().any(|word| word.len() >= 4 && context.names_brand(word)) {
        score += 10.0;
    }
    score
}

/// Whether a word beside `logo` says nothing of whose it is, or belongs to the brand.
fn is_plain(context: &Context<'_>, word: &str) -> bool {
    const VARIANTS: [&str; 58] = [
        "white",
        "black",
        "dark",
        "light",
        "color",
        "colour",
        "colored",
        "rgb",
        "cmyk",
        "main",
        "header",
        "footer",
        "site",
        "website",
        "web",
        "page",
        "home",
        "small",
        "large",
        "big",
        "full",
        "horizontal",
        "vertical",
        "stacked",
        "mark",
        "type",
        "text",
        "icon",
        "image",
        "img",
        "navbar",
        "nav",
        "menu",
        "svg",
        "png",
        "new",
        "final",
        "retina",
        "default",
        "transparent",
        "brand",
        "company",
        "our",
        "the",
        "of",
        "and",
        "primary",
        "secondary",
        "inverse",
        "inverted",
        "negative",
        "positive",
        "short",
        "long",
        "square",
        "round",
        "mobile",
        "desktop",
    ];
    word.chars().count() <= 2
        || word.chars().any(|c| c.is_ascii_digit())
        || VARIANTS.contains(&word)
        || context.is_known(word)
}

/// Words of the pictures on controls.
fn is_control(word: &str) -> bool {
    matches!(
        word,
        "menu"
            | "close"
            | "search"
            | "arrow"
            | "flag"
            | "hamburger"
            | "burger"
            | "chevron"
            | "caret"
            | "left"
            | "right"
            | "up"
            | "down"
            | "prev"
            | "previous"
            | "next"
            | "cart"
            | "basket"
            | "user"
            | "login"
            | "toggle"
            | "play"
            | "spinner"
            | "loader"
            | "loading"
            | "check"
            | "tick"
            | "bullet"
            | "quote"
            | "phone"
            | "mail"
            | "envelope"
            | "badge"
            | "profile"
            | "pixel"
            | "spacer"
            | "blank"
            | "placeholder"
            | "avatar"
            | "captcha"
    )
}

/// What declared sizes say: a mark is no icon of a button and no photograph.
pub(super) fn size(element: ElementRef<'_>) -> f64 {
    let side = |name| element.attr(name)?.trim().trim_end_matches("px").parse::<f64>().ok();
    match (side("width"), side("height")) {
        (Some(width), Some(height)) if width.max(height) < 24.0 => -20.0,
        (Some(width), Some(height)) if height > 0.0 && width / height > 10.0 => -20.0,
        (Some(width), Some(height)) if width * height > 300_000.0 => -20.0,
        (Some(side), None) | (None, Some(side)) if side < 18.0 => -20.0,
        _ => 0.0,
    }
}

/// What the pictures around say: many alike are a wall of other brands' marks.
pub(super) fn company(element: ElementRef<'_>, around: Surroundings) -> f64 {
    /// A list of marks nests item, link and picture.
    const LEVELS: usize = 4;
    /// More is a page, not a container.
    const MAX_STEPS: usize = 300;
    if around.header {
        return 0.0;
    }
    for container in element.ancestors().take(LEVELS).filter_map(ElementRef::wrap) {
        if matches!(container.value().name(), "body" | "html" | "main") {
            break;
        }
        let pictures = container
            .descendants()
            .take(MAX_STEPS)
            .filter_map(ElementRef::wrap)
            .filter(|one| matches!(one.value().name(), "img" | "svg"))
            .count();
        if pictures >= 3 {
            return -30.0;
        }
    }
    0.0
}
