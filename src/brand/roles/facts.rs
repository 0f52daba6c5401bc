//! What each element of a page is for: a button, a link, a heading, a part of the header.
//!
//! Read once for colours, fonts and buttons together. An element's weight falls where it stands
//! in a cookie notice, a menu that is folded away or a warning. Never: a position in pixels.

use scraper::ElementRef;

use crate::brand::page::{Page, is_silent};
use crate::brand::surroundings::words;
use crate::domain::brand::Hex;

/// The facts of a page's styled elements, by their index.
pub(crate) struct Facts {
    all: Vec<Fact>,
    body: Option<usize>,
}

/// What is known of one element.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Fact {
    /// What it is for.
    pub(crate) kind: Kind,
    /// The element around it.
    pub(crate) parent: Option<usize>,
    /// Characters of its own text that are seen.
    pub(crate) own_text: u32,
    /// Characters of text that are seen in it, its own included.
    pub(crate) text: u32,
    /// What its evidence counts, 0 to 1.
    pub(crate) weight: f32,
    /// The opaque colour that its text stands on.
    pub(crate) ground: Hex,
    /// In a header or navigation.
    pub(crate) in_header: bool,
    /// In a footer.
    pub(crate) in_footer: bool,
    /// In code, where colours and fonts follow a tool.
    pub(crate) in_code: bool,
    /// Whether its class or id says that it is the main one of its kind.
    pub(crate) is_main: bool,
    /// Whether it is a band of the page, such as a header or a hero.
    pub(crate) is_band: bool,
}

/// What an element is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It is pressed.
    Button,
    /// It leads elsewhere.
    Link,
    /// A heading of this level.
    Heading(u8),
    /// Anything else.
    Other,
}

/// A share below which a word's damping does not fall.
const HIDDEN: f32 = 0.35;

impl Facts {
    /// Reads a page whose styles are set.
    pub(crate) fn of(page: &Page) -> Self {
        let mut all: Vec<Fact> = Vec::with_capacity(page.element_count());
        let mut silent: Vec<bool> = Vec::with_capacity(page.element_count());
        let mut body = None;
        for (element, at) in page.elements().zip(0..) {
            let parent = element.parent().and_then(ElementRef::wrap);
            let parent = parent.and_then(|parent| page.index_of(parent));
            let above = parent.and_then(|parent| all.get(parent));
            let is_quiet = is_silent(element.value().name())
                || parent.is_some_and(|parent| silent.get(parent) == Some(&true));
            if element.value().name() == "body" && body.is_none() {
                body = Some(at);
            }
            let mut fact = fact(page, element, parent, above);
            if !is_quiet && !page.is_hidden(element) {
                fact.own_text = own_text(element);
            }
            fact.text = fact.own_text;
            all.push(fact);
            silent.push(is_quiet);
        }
        // Children stand after their parents, so going backwards every sum is complete.
        for at in (0..all.len()).rev() {
            if let Some(parent) = all[at].parent {
                all[parent].text = all[parent].text.saturating_add(all[at].text);
            }
        }
        for (fact, element) in all.iter_mut().zip(page.elements()) {
            if fact.kind == Kind::Link && is_filled(page, element) && fact.text <= LABEL_CHARS {
                fact.kind = Kind::Button;
            }
        }
        Self { all, body }
    }

    /// The facts in the page's order.
    pub(crate) fn all(&self) -> &[Fact] {
        &self.all
    }

    /// The index of the body.
    pub(crate) const fn body(&self) -> Option<usize> {
        self.body
    }

    /// The index of the root.
    pub(crate) fn root(&self) -> Option<usize> {
        (!self.all.is_empty()).then_some(0)
    }

    /// Characters of text that are seen on the page.
    pub(crate) fn text(&self) -> u32 {
        self.body.map_or(0, |body| self.all[body].text)
    }
}

/// A longer text is no label any more: the link is a card.
const LABEL_CHARS: u32 = 40;

/// Whether a link is painted like a button, whatever its classes are called.
fn is_filled(page: &Page, link: ElementRef<'_>) -> bool {
    page.style(link).is_some_and(|style| {
        let is_opaque = style.paint.color.is_some_and(|color| color.alpha > 0.5);
        (is_opaque || !style.paint.gradient.is_empty()) && style.paint.images.is_empty()
    })
}

fn fact(page: &Page, element: ElementRef<'_>, parent: Option<usize>, above: Option<&Fact>) -> Fact {
    let name = element.value().name();
    // A theme's switches stand on the root as classes; they say nothing of what is in it.
    let words = if matches!(name, "html" | "body") { Vec::new() } else { words(element) };
    let says = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    let role = element.attr("role").unwrap_or_default();
    let style = page.style(element);
    let ground = above.map_or(Hex::WHITE, |above| above.ground);
    let painted = style.and_then(|style| style.paint.color);
    let is_header = matches!(name, "header" | "nav")
        || matches!(role, "banner" | "navigation")
        || says(&["header", "navbar", "topbar", "masthead", "nav"]);
    let is_footer = name == "footer" || role == "contentinfo" || says(&["footer"]);
    let mut weight = above.map_or(1.0, |above| above.weight).min(damping(&words));
    if style.is_some_and(|style| style.hidden) {
        weight = weight.min(HIDDEN);
    }
    Fact {
        kind: kind(element, name, role, &words),
        parent,
        own_text: 0,
        text: 0,
        weight,
        ground: painted.map_or(ground, |color| color.over(ground)),
        in_header: is_header || above.is_some_and(|above| above.in_header),
        in_footer: is_footer || above.is_some_and(|above| above.in_footer),
        in_code: matches!(name, "pre" | "code" | "kbd" | "samp")
            || above.is_some_and(|above| above.in_code),
        is_main: says(&["primary", "main", "cta", "hero", "brand", "accent"]),
        is_band: is_header
            || is_footer
            || name == "section"
            || says(&["hero", "section", "cta", "banner", "jumbotron", "masthead"]),
    }
}

fn kind(element: ElementRef<'_>, name: &str, role: &str, words: &[String]) -> Kind {
    let says = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    let looks_pressed =
        says(&["btn", "button", "cta"]) && !says(&["group", "container", "wrapper"]);
    match name {
        "button" => Kind::Button,
        "input" if matches!(element.attr("type"), Some("submit" | "button")) => Kind::Button,
        "a" if role == "button" || looks_pressed => Kind::Button,
        "a" if element.attr("href").is_some() => Kind::Link,
        "h1" => Kind::Heading(1),
        "h2" => Kind::Heading(2),
        "h3" => Kind::Heading(3),
        "h4" | "h5" | "h6" => Kind::Heading(4),
        "div" | "span" if role == "button" => Kind::Button,
        _ => Kind::Other,
    }
}

/// What the words of an element leave of its evidence and of all that is in it.
fn damping(words: &[String]) -> f32 {
    let mut left = 1.0_f32;
    for word in words {
        let share = match word.as_str() {
            "cookie" | "cookies" | "consent" | "gdpr" | "close" | "dropdown" | "toggle"
            | "toggler" | "social" | "socials" | "share" | "sharing" | "lang" | "language"
            | "languages" | "tab" | "tabs" | "chip" | "pagination" | "carousel" | "whatsapp"
            | "copy" | "captcha" => 0.2,
            "danger" | "error" | "warning" | "success" | "alert" | "invalid" | "info" | "toast" => {
                0.15
            }
            _ => 1.0,
        };
        left = left.min(share);
    }
    left
}

fn own_text(element: ElementRef<'_>) -> u32 {
    let texts = element.children().filter_map(|child| child.value().as_text());
    let characters: usize =
        texts.map(|text| text.chars().filter(|character| !character.is_whitespace()).count()).sum();
    u32::try_from(characters).unwrap_or(u32::MAX)
}
