//! The line that stands beside a brand's name, and the paragraph that says what it does.
//!
//! A tagline is searched where pages put one: beside the name, in the title, in and under the
//! first heading. Never: a call to action, a date, a notice, or a sentence long enough to be a
//! text. That there is none is an ordinary answer.

mod description;
mod fitting;

pub(crate) use description::description;

use scraper::{ElementRef, Selector};

use crate::brand::evidence::{Finding, source};
use crate::brand::name::{key, place_of, segments};
use crate::brand::page::Page;
use crate::brand::structured::Declared;
use crate::brand::surroundings::{Surroundings, words};
use crate::domain::brand::Source;
use fitting::{fitting, is_called};

/// Finds the tagline of the brand called `name`.
pub(crate) fn tagline(page: &Page, declared: &Declared, name: Option<&str>) -> Finding<String> {
    /// A section's heading or a short description alone is none.
    const LEAST: f64 = 3.0;
    let mut found: Vec<(String, Source)> = Vec::new();
    let other = other_names(declared, name);
    for (kind, place, text, weight) in seen(page, declared, name) {
        let Some(text) = fitting(&text, name).filter(|text| !other.contains(&key(text))) else {
            continue;
        };
        let source = source(kind, place, &text, weight);
        found.push((text, source));
    }
    decide(found, LEAST)
}

/// Short parts of a title that does not give the name itself: other names of the same thing.
fn other_names(declared: &Declared, name: Option<&str>) -> Vec<String> {
    let title = declared.metas.title.as_deref().unwrap_or_default();
    let parts = segments(title);
    if parts.iter().any(|(part, _)| is_called(part, name)) {
        return Vec::new();
    }
    let is_short = |part: &&str| part.split_whitespace().count() <= 3;
    parts.into_iter().map(|(part, _)| part).filter(is_short).map(key).collect()
}

/// Everything that may be a tagline: kind, place, text, weight.
fn seen(
    page: &Page,
    declared: &Declared,
    name: Option<&str>,
) -> Vec<(&'static str, String, String, f64)> {
    let mut seen = Vec::new();
    for entity in declared.organizations() {
        if let Some(slogan) = &entity.slogan {
            seen.push((entity.source, entity.place.clone(), slogan.clone(), 10.0));
        }
    }
    seen.extend(marked(page));
    if let Some(title) = &declared.metas.title {
        let parts = segments(title);
        // What stands beside the name is said of it; two other parts are a page and its section.
        let names_it = parts.iter().any(|(part, _)| is_called(part, name));
        let weight = if names_it { 4.0 } else { 2.0 };
        for (part, _) in parts {
            seen.push(("title", "title".to_owned(), part.to_owned(), weight));
        }
    }
    seen.extend(headings(page, name));
    if let Some(meta) = declared.metas.find("og:description") {
        // A short description is a slogan in a field for descriptions.
        if meta.content.chars().count() <= 90 {
            seen.push(("meta", meta.place(), meta.content.clone(), 2.5));
        }
    }
    seen
}

/// Elements whose class or id says that they hold a tagline.
fn marked(page: &Page) -> Vec<(&'static str, String, String, f64)> {
    const MAX_FOUND: usize = 4;
    let named = Selector::parse("[class], [id]").expect("a constant selector");
    let mut found = Vec::new();
    for element in page.select(&named) {
        let Some(weight) = marked_weight(element) else { continue };
        let around = Surroundings::of(page, element);
        if around.strangers || around.article || around.control || page.is_hidden(element) {
            continue;
        }
        let weight = if around.footer { weight * 0.6 } else { weight };
        let text = page.text_of(element, 300);
        if !is_of_links(page, element, &text) && !is_row(page, element) {
            found.push(("marked-text", place_of(element), text, weight));
        }
        if found.len() == MAX_FOUND {
            break;
        }
    }
    found
}

fn marked_weight(element: ElementRef<'_>) -> Option<f64> {
    let own = words(element);
    let has = |word: &str| own.iter().any(|one| one == word);
    let pair = |one: &str, two: &str| own.windows(2).any(|two_words| two_words == [one, two]);
    if has("tagline") || has("slogan") || has("claim") || has("motto") || has("catchphrase") {
        return Some(8.0);
    }
    let under_title = has("subtitle") || has("subheading") || has("subhead") || has("subheader");
    let is_hero = has("hero") || has("masthead") || has("jumbotron");
    let in_title = is_hero && (has("heading") || has("headline") || has("title"));
    let under_hero = pair("hero", "text") || pair("hero", "sub") || has("lead");
    let beside_site = pair("site", "description") || pair("site", "subtitle");
    if beside_site {
        Some(8.0)
    } else if in_title {
        Some(5.0)
    } else if under_title {
        Some(4.5)
    } else if under_hero {
        Some(2.5)
    } else {
        None
    }
}

/// The first heading, what stands beside the name in it, and the first text under it.
fn headings(page: &Page, name: Option<&str>) -> Vec<(&'static str, String, String, f64)> {
    let h1 = Selector::parse("h1").expect("a constant selector");
    let h2 = Selector::parse("h2").expect("a constant selector");
    let parts = Selector::parse("span, small, em, strong").expect("a constant selector");
    let visible: Vec<ElementRef<'_>> =
        page.select(&h1).take(8).filter(|heading| !page.is_hidden(*heading)).collect();
    let mut found = Vec::new();
    if let Some(first) = visible.first() {
        let texts = |element: ElementRef<'_>| page.text_of(element, 300);
        let inner: Vec<String> = first.select(&parts).take(4).map(texts).collect();
        if inner.iter().any(|part| is_called(part, name)) {
            found
                .extend(inner.into_iter().map(|part| ("heading", "h1 span".to_owned(), part, 5.0)));
        } else {
            found.push(("heading", "h1".to_owned(), joined(page, &visible), 5.0));
        }
        let next = next_text(page, *first)
            .filter(|next| !is_byline(*next) && !is_of_links(page, *next, &texts(*next)));
        if let Some(next) = next {
            found.push(("under-heading", place_of(next), texts(next), 3.5));
        }
    }
    let second = page.select(&h2).take(40).filter(|heading| !page.is_hidden(*heading));
    let second = second.into_iter().find(|heading| {
        let around = Surroundings::of(page, *heading);
        !around.footer && !around.control && !around.header
    });
    if let Some(second) = second {
        found.push(("heading", "h2".to_owned(), page.text_of(second, 300), 2.0));
    }
    found
}

/// The first heading with those that go on with its sentence: lines that a page broke apart.
fn joined(page: &Page, headings: &[ElementRef<'_>]) -> String {
    let mut lines = headings.iter().map(|heading| page.text_of(*heading, 300));
    let mut text = lines.next().unwrap_or_default();
    for line in lines {
        let goes_on = line.starts_with(char::is_lowercase);
        if !goes_on || text.ends_with(['.', '!', '?']) || text.len() > 300 {
            break;
        }
        text.push(' ');
        text.push_str(&line);
    }
    text
}

/// The first heading or paragraph beside an element, behind its own wrapper at most.
fn next_text<'a>(page: &'a Page, element: ElementRef<'a>) -> Option<ElementRef<'a>> {
    let is_text = |one: &ElementRef<'_>| {
        let is_text = match one.value().name() {
            "p" | "h2" | "h3" | "h4" => true,
            // A container is not a text.
            "div" => one.child_elements().all(|part| is_inline(part.value().name())),
            _ => false,
        };
        is_text && !page.is_hidden(*one)
    };
    let after = |one: ElementRef<'a>| {
        one.next_siblings().filter_map(ElementRef::wrap).take(3).find(is_text)
    };
    let parent = || element.parent().and_then(ElementRef::wrap);
    after(element).or_else(|| after(parent()?))
}

fn is_inline(name: &str) -> bool {
    matches!(name, "a" | "b" | "br" | "em" | "i" | "mark" | "small" | "span" | "strong" | "u")
}

/// Whether an element tells who wrote the page, or when.
fn is_byline(element: ElementRef<'_>) -> bool {
    words(element).iter().any(|word| {
        word.contains("author")
            || matches!(word.as_str(), "byline" | "date" | "meta" | "breadcrumb")
    })
}

/// Whether a paragraph is rather a list of links than a text.
fn is_of_links(page: &Page, paragraph: ElementRef<'_>, text: &str) -> bool {
    let links = Selector::parse("a").expect("a constant selector");
    let linked: usize = paragraph.select(&links).map(|link| page.text_of(link, 300).len()).sum();
    let separators = text.matches(['|', '·', '•']).count();
    linked * 2 > text.len() || separators >= 4
}

/// Whether an element is a row of short facts that only its style keeps apart:
/// `<i>Rouen</i><i>Delivery</i><i>Take away</i>`.
fn is_row(page: &Page, element: ElementRef<'_>) -> bool {
    /// Words that are animated letter by letter are no row.
    const MIN_LETTERS: usize = 3;
    const MIN_PARTS: usize = 3;
    let mut parts = 0;
    for child in element.children() {
        match (ElementRef::wrap(child), child.value().as_text()) {
            (Some(part), _) => {
                let letters = page.text_of(part, 300).chars().count();
                parts += usize::from(letters >= MIN_LETTERS);
            }
            // White space at the ends is layout; between two parts it makes them a sentence.
            (None, Some(text)) if text.trim().is_empty() => {
                let is_inside = child.prev_sibling().is_some() && child.next_sibling().is_some();
                if is_inside {
                    return false;
                }
            }
            (None, Some(_)) => return false,
            (None, None) => {}
        }
    }
    parts >= MIN_PARTS
}

/// The text with the most behind it; none when that is less than `least`.
fn decide(found: Vec<(String, Source)>, least: f64) -> Finding<String> {
    let mut ranked: Vec<(String, f64, Vec<Source>)> = Vec::new();
    for (text, source) in found {
        let same = ranked.iter_mut().find(|(other, ..)| key(other) == key(&text));
        match same {
            Some((_, score, sources)) => {
                *score += source.weight;
                sources.push(source);
            }
            None => ranked.push((text, source.weight, vec![source])),
        }
    }
    ranked.sort_by(|one, two| two.1.total_cmp(&one.1));
    let mut ranked = ranked.into_iter();
    let Some((text, score, sources)) = ranked.next() else { return Finding::none() };
    let rest: Vec<(String, f64)> = ranked.map(|(text, score, _)| (text, score)).collect();
    if score < least {
        let mut weak = vec![text];
        weak.extend(rest.into_iter().map(|(text, _)| text));
        return Finding::none().with_alternatives(weak);
    }
    let second = rest.first().map_or(0.0, |(_, score)| *score);
    let confidence = 0.2 + 0.6 * score / (score + second + 5.0);
    let alternatives = rest.into_iter().map(|(text, _)| text).collect();
    Finding::new(text, confidence.min(0.9), sources).with_alternatives(alternatives)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brand::Fetched;
    use crate::brand::budget::{Budget, Deadline};

    fn page(html: &str) -> (Page, Declared) {
        let fetched = Fetched::html("https://tide.example/", html);
        let page = Page::parse(&fetched, &Budget::default(), &Deadline::never());
        let declared = Declared::of(&page);
        (page, declared)
    }

    fn line_of(html: &str) -> Option<String> {
        let (page, declared) = page(html);
        tagline(&page, &declared, Some("Tide Mills")).value
    }

    #[test]
    fn a_tagline_stands_beside_the_name() {
        for html in [
            "<h1>Tide Mills</h1><p>Slow work, done well</p>",
            "<title>Tide Mills - Slow work, done well</title>",
            "<p class=site-tagline>Slow work, done well</p><h1>Prices</h1>",
            "<h1>Slow work,<br>done well</h1>",
            "<h1>Welcome to Tide Mills</h1><h2>Slow work, done well</h2>",
            "<h1>Slow work,</h1><h1>done well</h1>",
            "<h1>Tide Mills – Slow work, done well</h1>",
            "<h1><span>Slow work, done well</span> <span>Tide Mills</span></h1>",
            "<p class=tagline><i>Slow</i> <i>work,</i> <i>done</i> <i>well</i></p>",
        ] {
            assert_eq!(line_of(html).as_deref(), Some("Slow work, done well"), "{html}");
        }
    }

    #[test]
    fn a_line_may_speak_to_its_reader() {
        for line in ["Your partner for slow flour", "Mehr als nur Mehl", "Follow the water"] {
            assert_eq!(line_of(&format!("<h1>{line}</h1>")).as_deref(), Some(line));
        }
    }

    #[test]
    fn what_is_something_else_is_no_tagline() {
        for html in [
            "<h1>Tide Mills</h1><h2>Learn more about us</h2>",
            "<h1>Our mills</h1>",
            "<h1>Tide Mills</h1><p>4 Harbour Road, Tidewell 01 69 88 88 88</p>",
            "<h1>I nostri mulini</h1>",
            "<h1>Tide Mills will be open on 24 and 25 December!</h1>",
            "<h1>Tide Mills sera ouvert le 24 et 25 décembre !</h1>",
            "<h1>12月25日は営業しています</h1>",
            "<h1>Restaurant Tide Mills</h1>",
            "<div class=tagline-row>\n <b>Flour</b><b>Delivery</b><b>Take away</b>\n</div>",
            "<title>Tide Mills | Home</title>",
            "<h1>We use cookies on this site</h1>",
            "<h1>21.11.2026 10:42</h1>",
            "<h1>Welcome to Tide Mills!</h1>",
            "<h1>Tide</h1>",
            "<h2>Notes of this version</h2>",
            "<h1><span>Tide Mills</span> 2.4</h1>",
            "<h1>Tide Mills</h1><div><a href=/a>First part</a> <a href=/b>Second part</a></div>",
            "<h1>Tide Mills</h1><h3 class=corpauthor>The Tide Mills Working Group</h3>",
            "<h1>Tide Mills</h1><p>These are the parts of it:</p>",
            "<h1>Tide Mills</h1><div><div>Earnings</div><div>Pending requests</div></div>",
            "<title>Slow Theme - Template</title><h1>Slow Theme</h1>",
            "<title>Tide Mills - Index of release v3.0.34</title>",
            "",
        ] {
            assert_eq!(line_of(html), None, "{html}");
        }
    }
}
