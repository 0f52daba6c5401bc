//! Everything on a page that may be the brand's name, with what it counts.

use ego_tree::NodeId;
use scraper::{ElementRef, Selector};

use super::clean::{cleaned, key};
use crate::brand::evidence::source;
use crate::brand::page::Page;
use crate::brand::structured::{Declared, EntityKind, Standing};
use crate::brand::surroundings::{Lead, Surroundings, words};
use crate::domain::brand::Source;

/// A text that may be the name.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// The text, cleaned, in its own casing.
    pub(super) name: String,
    /// Where it was seen and what it counts.
    pub(super) source: Source,
}

/// All candidates, in no order.
pub(super) fn candidates(page: &Page, declared: &Declared) -> Vec<Candidate> {
    let mut found = Found::default();
    from_entities(&mut found, declared);
    from_metas(&mut found, declared);
    from_title(&mut found, declared);
    from_header(&mut found, page);
    from_pictures(&mut found, page);
    from_heading(&mut found, page, declared);
    from_copyright(&mut found, page);
    found.0
}

#[derive(Default)]
struct Found(Vec<Candidate>);

impl Found {
    fn push(&mut self, kind: &str, place: &str, text: &str, weight: f64) {
        let Some(name) = cleaned(text) else { return };
        // More than five words are rather a sentence than a name.
        let weight = if word_count(&name) > 5 { weight * 0.55 } else { weight };
        self.0.push(Candidate { name, source: source(kind, place, text, weight) });
    }
}

fn from_entities(found: &mut Found, declared: &Declared) {
    let organizations = declared.organizations().count();
    for entity in &declared.entities {
        let Some(name) = &entity.name else { continue };
        let weight = match (entity.kind, entity.standing) {
            // Of several organizations the one without a mark is the company behind the brand.
            (EntityKind::Organization, Standing::Own)
                if organizations > 1 && entity.logos.is_empty() =>
            {
                3.0
            }
            (EntityKind::Organization, Standing::Own) => 10.0,
            (EntityKind::WebSite, _) => 8.0,
            (EntityKind::Organization, Standing::Publisher) | (EntityKind::Application, _) => 4.0,
        };
        found.push(entity.source, &entity.place, name, weight);
    }
}

fn from_metas(found: &mut Found, declared: &Declared) {
    for (key, weight) in
        [("og:site_name", 8.0), ("application-name", 6.0), ("apple-mobile-web-app-title", 6.0)]
    {
        if let Some(meta) = declared.metas.find(key) {
            found.push("meta", &meta.place(), &meta.content, weight);
        }
    }
    if let Some(manifest) = &declared.manifest {
        for name in [&manifest.short_name, &manifest.name].into_iter().flatten() {
            found.push("manifest", &manifest.place, name, 4.0);
        }
    }
}

fn from_title(found: &mut Found, declared: &Declared) {
    if let Some(title) = &declared.metas.title {
        for (segment, weight) in segments(title) {
            found.push("title", "title", segment, weight);
        }
    }
    if let Some(meta) = declared.metas.find("og:title") {
        for (segment, weight) in segments(&meta.content) {
            found.push("open-graph", &meta.place(), segment, weight / 2.0);
        }
    }
}

/// The parts of a title and what each counts as a name.
pub(in crate::brand) fn segments(title: &str) -> Vec<(&str, f64)> {
    let parts = parts(title);
    let last = parts.len().saturating_sub(1);
    parts
        .iter()
        .enumerate()
        .map(|(at, part)| {
            let words = word_count(part);
            let mut weight = 4.0;
            weight += if words <= 3 { 1.0 } else { 0.0 };
            weight += if at == 0 || at == last { 0.5 } else { 0.0 };
            weight -= if words > 5 { 2.5 } else { 0.0 };
            (*part, weight)
        })
        .collect()
}

/// How many words a text has; scripts without spaces are counted by their signs.
fn word_count(text: &str) -> usize {
    /// A word of such a script, about.
    const SIGNS: usize = 3;
    let signs = text.chars().filter(|c| *c as u32 >= 0x3000).count();
    text.split_whitespace().count().max(signs.div_ceil(SIGNS))
}

/// A title cut at its separators: bars and dots anywhere, dashes and colons between words.
fn parts(title: &str) -> Vec<&str> {
    const MAX_PARTS: usize = 8;
    let mut parts = vec![title];
    for separator in ["|", "｜", "·", "•", "»", " - ", " – ", " — ", " / ", ": ", "：", " :: "]
    {
        parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
    }
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).take(MAX_PARTS).collect()
}

/// Text marked as the brand's: `.navbar-brand`, `.site-title`, a header's link home.
fn from_header(found: &mut Found, page: &Page) {
    const MAX_TEXTS: usize = 3;
    let marked = Selector::parse("[class], [id], header a, nav a").expect("a constant selector");
    let picture = Selector::parse("img[alt]:not([alt=''])").expect("a constant selector");
    let mut texts = 0;
    let mut taken: Vec<NodeId> = Vec::new();
    for element in page.select(&marked) {
        let Some(weight) = mark_weight(page, element) else { continue };
        // A long text is a whole header, not a name.
        let text = page.text_of(element, 200);
        if text.is_empty() || text.chars().count() > 40 {
            continue;
        }
        // A line of a mark is mostly a part of the name, or says something beside it.
        let is_part = element.ancestors().take(4).any(|above| taken.contains(&above.id()));
        let is_named = words(element).iter().any(|word| matches!(word.as_str(), "name" | "text"));
        let weight = match (is_part, is_named) {
            (true, true) => weight.min(4.0),
            (true, false) => weight.min(2.0),
            (false, _) => weight,
        };
        taken.push(element.id());
        // Text beside a picture of the name is what the picture leaves to say: the slogan.
        let weight = if element.select(&picture).next().is_some() { 1.5 } else { weight };
        found.push("header-text", &place_of(element), &text, weight);
        texts += 1;
        if texts == MAX_TEXTS {
            break;
        }
    }
}

/// What an element counts as the place of the brand's name; none when it is no such place.
fn mark_weight(page: &Page, element: ElementRef<'_>) -> Option<f64> {
    let own = words(element);
    let has = |word: &str| own.iter().any(|one| one == word);
    let is_title = (has("site") || has("blog")) && (has("title") || has("name"));
    let is_mark = has("logo") || has("brand") || has("wordmark") || has("logotype") || is_title;
    let is_link = element.value().name() == "a";
    if !is_mark && !is_link {
        return None;
    }
    if matches!(element.value().name(), "html" | "body" | "header" | "nav") {
        return None;
    }
    let around = Surroundings::of(page, element);
    if around.strangers || around.article || around.footer || page.is_hidden(element) {
        return None;
    }
    // `.logo-tagline`, `.brand-sub`: what stands beside the name.
    let says_more = own.iter().any(|word| SAYS_MORE.contains(&word.as_str()));
    match (is_mark, around.header, around.link) {
        (true, ..) if says_more => Some(1.0),
        (true, true, _) | (true, _, Some(Lead::Home)) => Some(6.5),
        // A menu's link home without a mark is called after its page: `Start`, `Map`.
        (false, true, Some(Lead::Home)) if around.navigation => Some(2.0),
        // The first link home in a header without a marked name is mostly the name, else `Home`.
        (true, ..) | (false, true, Some(Lead::Home)) => Some(4.0),
        _ => None,
    }
}

/// Words in the class of what a mark says beside the name.
const SAYS_MORE: [&str; 9] =
    ["tag", "tagline", "slogan", "claim", "sub", "subtitle", "desc", "description", "catch"];

/// The alternative text of the mark.
fn from_pictures(found: &mut Found, page: &Page) {
    const MAX_PICTURES: usize = 3;
    let pictures =
        Selector::parse("img[alt], svg[aria-label], a[aria-label]").expect("a constant selector");
    let mut pushed = 0;
    for picture in page.select(&pictures) {
        let text = picture.attr("alt").or_else(|| picture.attr("aria-label")).unwrap_or_default();
        if text.trim().is_empty() || text.len() > 120 {
            continue;
        }
        let around = Surroundings::of(page, picture);
        let own = words(picture);
        let says_logo = own.iter().any(|word| word == "logo")
            || picture.attr("src").is_some_and(|src| src.to_ascii_lowercase().contains("logo"))
            || text.to_lowercase().contains("logo");
        let is_home = around.link == Some(Lead::Home);
        let is_stranger = around.strangers
            || around.article
            || around.control
            || (around.link == Some(Lead::Elsewhere) && !around.header);
        if is_stranger || !(is_home || (says_logo && around.header)) {
            continue;
        }
        let weight = if says_logo { 5.0 } else { 3.5 };
        found.push("logo-alt", &place_of(picture), without_logo(text), weight);
        pushed += 1;
        if pushed == MAX_PICTURES {
            break;
        }
    }
}

/// `Logo Tide`, `Logo of Tide` and `Tide logo` say `Tide`.
fn without_logo(text: &str) -> &str {
    let text = text.trim();
    let is_logo = text.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("logo"));
    let rest = text.get(4..).unwrap_or_default();
    if !is_logo || !rest.starts_with([' ', ':', '-']) {
        return text;
    }
    let rest = rest.trim_start_matches([' ', ':', '-']);
    let articles = ["of ", "for ", "de ", "von ", "der ", "des ", "du "];
    articles.into_iter().find_map(|article| rest.strip_prefix(article)).unwrap_or(rest)
}

fn from_heading(found: &mut Found, page: &Page, declared: &Declared) {
    let headings = Selector::parse("h1").expect("a constant selector");
    let title = declared.metas.title.as_deref().map(segments).unwrap_or_default();
    for heading in page.select(&headings).take(2) {
        let text = page.text_of(heading, 200);
        // A long heading is a sentence, unless the page is called by it.
        let is_title = title.iter().any(|(part, _)| key(part) == key(&text));
        if word_count(&text) <= 4 || (is_title && word_count(&text) <= 6) {
            found.push("heading", "h1", &text, 2.5);
        }
    }
}

/// Who the copyright line names.
fn from_copyright(found: &mut Found, page: &Page) {
    let places =
        Selector::parse("footer, [class*=footer], [id*=footer], [class*=copyright], small")
            .expect("a constant selector");
    for place in page.select(&places).take(12) {
        let text = page.text_of(place, 4_000);
        if let Some(holder) = copyright_holder(&text) {
            found.push("copyright", &place_of(place), &holder, 3.0);
            return;
        }
    }
}

/// `© 2020–2024 Tide Mills. All rights reserved.` names `Tide Mills`.
fn copyright_holder(text: &str) -> Option<String> {
    let start = ["©", "(c)", "(C)", "Copyright", "COPYRIGHT"]
        .into_iter()
        .filter_map(|sign| text.rfind(sign).map(|at| at + sign.len()))
        .max()?;
    let rest: String = text[start..].chars().take(80).collect();
    let is_date = |c: char| {
        c.is_ascii_digit() || c.is_whitespace() || matches!(c, '-' | '–' | ',' | ':' | '©' | '|')
    };
    let rest = rest.trim_start_matches(is_date);
    let rest = rest.strip_prefix("by ").unwrap_or(rest);
    let stops = [". ", " |", " -", " –", " —", " ·", "All rights", "Alle Rechte", "Tous droits"];
    let end = stops.into_iter().filter_map(|stop| rest.find(stop)).min().unwrap_or(rest.len());
    let holder = rest[..end].trim_end_matches(is_date).trim_end_matches('.');
    let words = holder.split_whitespace().count();
    ((1..=5).contains(&words)).then(|| holder.to_owned())
}

/// An element as a short selector, for evidence.
pub(in crate::brand) fn place_of(element: ElementRef<'_>) -> String {
    let name = element.value().name();
    let id = element.attr("id").filter(|id| !id.is_empty());
    let class = element.attr("class").and_then(|class| class.split_whitespace().next());
    let place = match (id, class) {
        (Some(id), _) => format!("{name}#{id}"),
        (None, Some(class)) => format!("{name}.{class}"),
        (None, None) => name.to_owned(),
    };
    crate::brand::structured::line(&place, 100).unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_fall_apart_between_words_only() {
        let parts: Vec<&str> =
            segments("Wi-Fi mills: slow | Tide — Home").into_iter().map(|(part, _)| part).collect();
        assert_eq!(parts, ["Wi-Fi mills", "slow", "Tide", "Home"]);
        assert!(segments(&"|".repeat(100_000)).is_empty());
    }

    #[test]
    fn an_alternative_text_says_what_the_logo_is_of() {
        for (text, name) in
            [("Logo Tide", "Tide"), ("logo of Tide", "Tide"), ("Logotide", "Logotide"), ("é", "é")]
        {
            assert_eq!(without_logo(text), name);
        }
    }

    #[test]
    fn the_holder_stands_behind_the_year() {
        for (text, holder) in [
            ("More © 2020–2024 Tide Mills. All rights reserved.", Some("Tide Mills")),
            ("Copyright © Tide 2023", Some("Tide")),
            ("(c) 2024 by Tide | Imprint", Some("Tide")),
            ("© 2024", None),
            ("no such line", None),
        ] {
            assert_eq!(copyright_holder(text).as_deref(), holder, "{text}");
        }
    }
}
