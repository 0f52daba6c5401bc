//! Where an element stands on its page: in the header, in the footer, among other brands' marks,
//! inside a link to the start page.
//!
//! Read from tags, roles, and the words that class and id are made of. Never: a position in pixels,
//! because nothing is laid out.

use scraper::ElementRef;
use url::Url;

use crate::brand::page::Page;

/// Where an element stands.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each answers one question, and they come in every combination"
)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Surroundings {
    /// In a header or a navigation.
    pub(crate) header: bool,
    /// In a navigation, whether or not in a header; side bars are navigations too.
    pub(crate) navigation: bool,
    /// In a footer.
    pub(crate) footer: bool,
    /// In an article, or in a comment or review under it.
    pub(crate) article: bool,
    /// Among the marks of customers, partners or the press, or the faces of a team.
    pub(crate) strangers: bool,
    /// In a hero, a gallery or a slider: a picture there is an illustration.
    pub(crate) showcase: bool,
    /// In a button, a search field, a language menu, a cookie notice.
    pub(crate) control: bool,
    /// Where the nearest link around it leads.
    pub(crate) link: Option<Lead>,
}

/// Where a link leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lead {
    /// To the start page, or to the top of this one.
    Home,
    /// To another page of the site.
    Inside,
    /// To another site.
    Elsewhere,
}

/// How far up is looked: pages nest some thirty deep.
const MAX_ANCESTORS: usize = 48;

impl Surroundings {
    /// Looks around `element`, itself included.
    pub(crate) fn of(page: &Page, element: ElementRef<'_>) -> Self {
        let mut around = Self::default();
        let ancestors = element.ancestors().take(MAX_ANCESTORS).filter_map(ElementRef::wrap);
        let mut is_placeholder = false;
        for one in std::iter::once(element).chain(ancestors) {
            let had_link = around.link.is_some();
            around.note(page, one);
            if !had_link && around.link.is_some() {
                // `#` is also where a menu is opened and an address has yet to be written.
                is_placeholder = one.attr("href").is_some_and(|href| href.trim() == "#")
                    && !words(one).iter().any(|word| matches!(word.as_str(), "brand" | "logo"));
            }
            // A header that holds the page's heading is its hero; a mark in it links home.
            around.showcase |= one.value().name() == "header" && holds_heading(one, element);
        }
        if is_placeholder {
            around.link = Some(Lead::Inside);
        }
        around
    }

    fn note(&mut self, page: &Page, element: ElementRef<'_>) {
        let name = element.value().name();
        if matches!(name, "html" | "body") {
            return;
        }
        let role = element.attr("role").unwrap_or_default();
        match name {
            "header" => self.header = true,
            "nav" => (self.header, self.navigation) = (true, true),
            "footer" => self.footer = true,
            "article" => self.article = true,
            "button" => self.control = true,
            "a" if self.link.is_none() => {
                self.link = element.attr("href").and_then(|href| lead(page, href));
            }
            _ => {}
        }
        match role {
            "banner" => self.header = true,
            "navigation" => (self.header, self.navigation) = (true, true),
            "contentinfo" => self.footer = true,
            "button" | "search" => self.control = true,
            _ => {}
        }
        for word in words(element) {
            self.note_word(&word);
        }
    }

    fn note_word(&mut self, word: &str) {
        match word {
            "header" | "topbar" | "masthead" | "appbar" | "siteheader" => self.header = true,
            "navbar" | "nav" | "navigation" | "topnav" | "sidebar" => {
                (self.header, self.navigation) = (true, true);
            }
            "footer" | "colophon" | "sitefooter" => self.footer = true,
            "comment" | "comments" | "review" | "reviews" => self.article = true,
            "partner" | "partners" | "client" | "clients" | "sponsor" | "sponsors" | "customer"
            | "customers" | "trusted" | "brands" | "testimonial" | "testimonials" | "team"
            | "press" | "supporters" | "backers" | "members" | "logos" | "integrations"
            | "awards" | "certificates" | "badges" | "payment" | "payments" => {
                self.strangers = true;
            }
            "hero" | "carousel" | "slider" | "slide" | "swiper" | "portfolio" | "gallery"
            | "jumbotron" | "marquee" | "showcase" | "network" => self.showcase = true,
            "badge" | "profile" | "user" | "account" | "search" | "lang" | "language"
            | "languages" | "locale" | "cookie" | "cookies" | "consent" | "dropdown" | "toggle"
            | "toggler" | "hamburger" | "share" | "social" | "socials" | "flag" | "close"
            | "captcha" | "avatar" => self.control = true,
            _ => {}
        }
    }
}

/// Whether the page's heading stands in `header` beside `element`.
fn holds_heading(header: ElementRef<'_>, element: ElementRef<'_>) -> bool {
    /// A bar has some dozens of elements; a hero's heading stands near its start.
    const MAX_STEPS: usize = 200;
    header
        .descendants()
        .take(MAX_STEPS)
        .filter_map(ElementRef::wrap)
        .any(|one| one.value().name() == "h1" && !element.ancestors().any(|a| a.id() == one.id()))
}

/// The words that an element's class and id are made of, in lower case: `siteLogo_img` gives
/// `site`, `logo`, `img`. Utility classes, which name a look and not a thing, are left out.
pub(crate) fn words(element: ElementRef<'_>) -> Vec<String> {
    /// A generated page can carry kilobytes of classes on one element.
    const MAX_TOKENS: usize = 40;
    let class = element.attr("class").unwrap_or_default();
    let id = element.attr("id").unwrap_or_default();
    let tokens = class.split_whitespace().chain(id.split_whitespace());
    tokens.take(MAX_TOKENS).filter(|token| !is_utility(token)).flat_map(split).collect()
}

/// `text-brand-500`, `hover:bg-white`, `w-[30px]`: how something looks.
fn is_utility(token: &str) -> bool {
    const PREFIXES: [&str; 16] = [
        "text-", "bg-", "border-", "from-", "to-", "via-", "ring-", "fill-", "stroke-", "p-", "m-",
        "w-", "h-", "max-", "min-", "col-",
    ];
    token.contains([':', '[', '(']) || PREFIXES.iter().any(|prefix| token.starts_with(prefix))
}

/// The words of an identifier or a file name, in lower case.
pub(crate) fn split(identifier: &str) -> Vec<String> {
    const MAX_CHARS: usize = 200;
    let mut words = vec![String::new()];
    let mut before = '-';
    for c in identifier.chars().take(MAX_CHARS) {
        let new_word = c.is_uppercase() && before.is_lowercase();
        if (new_word || !c.is_alphanumeric()) && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.last_mut().expect("there is always a word").extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Where `href` leads.
pub(crate) fn lead(page: &Page, href: &str) -> Option<Lead> {
    let href = href.trim();
    if let Some(anchor) = href.strip_prefix('#') {
        let top = ["", "top", "page-top", "home", "header", "hero", "start", "body"];
        return Some(if top.contains(&anchor.to_ascii_lowercase().as_str()) {
            Lead::Home
        } else {
            Lead::Inside
        });
    }
    let url = page.resolve(href)?;
    if url.origin() != page.url().origin() {
        return Some(if is_own_host(&url, page.url()) && is_start(url.path()) {
            Lead::Home
        } else {
            Lead::Elsewhere
        });
    }
    let is_own_folder = page.url().join("./").is_ok_and(|folder| folder.path() == url.path());
    let is_this_page = page.url().path() == url.path();
    Some(if is_start(url.path()) || is_own_folder || is_this_page {
        Lead::Home
    } else {
        Lead::Inside
    })
}

/// Whether two addresses belong to one registered domain: `www.` and `docs.` of the same name.
pub(crate) fn is_own_host(one: &Url, two: &Url) -> bool {
    let registered = |url: &Url| {
        let host = url.domain()?.to_ascii_lowercase();
        psl::domain_str(&host).map(str::to_owned)
    };
    match (registered(one), registered(two)) {
        (Some(one), Some(two)) => one == two,
        _ => one.host_str() == two.host_str(),
    }
}

/// Whether a path is a site's start page, in one of its languages too.
fn is_start(path: &str) -> bool {
    let path = path.trim_matches('/').to_ascii_lowercase();
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
    let is_index = |file: &str| {
        let (stem, ending) = file.split_once('.').unwrap_or((file, ""));
        matches!(stem, "index" | "default" | "home")
            && matches!(ending, "" | "html" | "htm" | "php" | "asp" | "aspx" | "jsp" | "xhtml")
    };
    let is_language = |part: &str| {
        let (language, region) = part.split_once(['-', '_']).unwrap_or((part, "xx"));
        language.len() == 2
            && region.len() == 2
            && part.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b'-' | b'_'))
    };
    path.is_empty()
        || (folder.is_empty() && (is_index(file) || is_language(file)))
        || (is_language(folder) && is_index(file))
}

#[cfg(test)]
mod tests {
    use scraper::Selector;

    use super::*;
    use crate::brand::Fetched;
    use crate::brand::budget::{Budget, Deadline};

    fn around(html: &str) -> Surroundings {
        let fetched = Fetched::html("https://www.tide.example/de/start.html", html);
        let page = Page::parse(&fetched, &Budget::default(), &Deadline::never());
        let img = Selector::parse("img").expect("a selector");
        let img = page.select(&img).next().expect("a picture");
        Surroundings::of(&page, img)
    }

    #[test]
    fn links_home_are_known_by_where_they_lead() {
        for (href, lead) in [
            ("/", Lead::Home),
            ("./", Lead::Home),
            ("#top", Lead::Home),
            ("#", Lead::Inside),
            ("#!", Lead::Inside),
            ("index.html", Lead::Home),
            ("/en-GB/", Lead::Home),
            ("https://tide.example", Lead::Home),
            ("start.html", Lead::Home),
            ("/shop", Lead::Inside),
            ("#prices", Lead::Inside),
            ("https://other.example/", Lead::Elsewhere),
            ("https://docs.tide.example/x", Lead::Elsewhere),
        ] {
            let seen = around(&format!("<a href='{href}'><span><img></span></a>"));
            assert_eq!(seen.link, Some(lead), "{href}");
        }
        assert_eq!(around("<a href='javascript:x()'><img></a>").link, None);
        let marked = around("<nav><a class=navbar-brand href='#'><img></a></nav>");
        assert_eq!(marked.link, Some(Lead::Home));
    }

    #[test]
    fn words_name_places_and_utilities_do_not() {
        assert!(around("<div class='siteHeader site-header'><img></div>").header);
        assert!(around("<div id=our_clients><img></div>").strangers);
        assert!(!around("<div class='bg-header hover:nav'><img></div>").header);
        assert!(!around("<body class='header partners'><img>").strangers);
        assert!(around("<div role=contentinfo><img></div>").footer);
    }

    #[test]
    fn a_header_with_the_heading_is_a_hero() {
        assert!(around("<header><div><img></div><h1>Tide</h1></header>").showcase);
        assert!(!around("<header><h1><img></h1></header>").showcase);
        assert!(!around("<header><img></header><h1>Tide</h1>").showcase);
    }

    #[test]
    fn identifiers_fall_into_words() {
        assert_eq!(split("siteLogo_img--XL2"), ["site", "logo", "img", "xl2"]);
        assert!(split("--__").is_empty());
    }
}
