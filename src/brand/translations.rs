//! The page that says the same in a language that is wanted, and the way past a page that only
//! offers languages.
//!
//! A site declares its translations with `hreflang`; what is wanted are the languages of the
//! request, in their order. Never: a page of another host, which would be another brand.

use scraper::{ElementRef, Selector};
use url::Url;

use crate::brand::documents::SurveyRequest;
use crate::brand::language::tag;
use crate::brand::page::Page;

/// The page to read instead of this one; none when this one is as good as any.
pub(crate) fn better(page: &Page, request: &SurveyRequest) -> Option<Url> {
    let wanted = wanted(request);
    let chosen = chosen(&declared(page), &wanted, own_language(page).as_deref());
    chosen.or_else(|| beyond_chooser(page, &wanted)).filter(|url| url != page.url())
}

/// A page in a language.
struct Translation {
    /// A BCP 47 tag; none for the page that is meant for everybody else.
    language: Option<String>,
    url: Url,
}

/// The wanted tags, best first: a country makes the first language more exact.
fn wanted(request: &SurveyRequest) -> Vec<String> {
    let tags: Vec<String> = request.languages.iter().filter_map(|text| tag(text)).collect();
    let exact = tags.first().zip(request.country.as_ref());
    let exact = exact.filter(|(first, _)| !first.contains('-'));
    let exact = exact.map(|(first, country)| format!("{first}-{}", country.to_ascii_uppercase()));
    exact.into_iter().chain(tags).collect()
}

fn own_language(page: &Page) -> Option<String> {
    let root = page.html().root_element();
    root.attr("lang").or_else(|| root.attr("xml:lang")).and_then(tag)
}

/// The translations that the page declares of itself.
fn declared(page: &Page) -> Vec<Translation> {
    /// Sites in more languages than this are not read further.
    const MAX_LINKS: usize = 200;
    let links =
        Selector::parse("link[rel~=alternate][hreflang][href]").expect("a constant selector");
    page.select(&links)
        .take(MAX_LINKS)
        .filter_map(|link| {
            let url = page.resolve(link.attr("href")?).filter(|url| is_here(page, url))?;
            Some(Translation { language: link.attr("hreflang").and_then(tag), url })
        })
        .collect()
}

/// By RFC 4647's lookup: each wanted tag, then what is left of it without its last part. A page
/// that is in that language already stays, unless the very tag that is wanted lies elsewhere.
fn chosen(all: &[Translation], wanted: &[String], own: Option<&str>) -> Option<Url> {
    for want in wanted {
        let mut range = want.as_str();
        loop {
            let is_exact = |tag: &str| tag.eq_ignore_ascii_case(range);
            let is_within = |tag: &str| {
                let (start, rest) = tag.split_at_checked(range.len()).unwrap_or_default();
                start.eq_ignore_ascii_case(range) && rest.starts_with('-')
            };
            let with = |is_meant: &dyn Fn(&str) -> bool| {
                all.iter().find(|one| one.language.as_deref().is_some_and(is_meant))
            };
            if let Some(found) = with(&is_exact) {
                return Some(found.url.clone());
            }
            if own.is_some_and(|own| is_exact(own) || is_within(own)) {
                return None;
            }
            if let Some(found) = with(&is_within) {
                return Some(found.url.clone());
            }
            let Some((shorter, _)) = range.rsplit_once('-') else { break };
            range = shorter;
        }
    }
    None
}

/// Where a page leads that has nothing on it but languages to choose from.
fn beyond_chooser(page: &Page, wanted: &[String]) -> Option<Url> {
    /// A greeting and the names of some languages.
    const FEW_LETTERS: usize = 250;
    const MAX_LINKS: usize = 60;
    let text = page.visible_text(2_000);
    if text.chars().filter(|c| c.is_alphabetic()).count() > FEW_LETTERS {
        return None;
    }
    let links = Selector::parse("body a[href]").expect("a constant selector");
    let links: Vec<ElementRef<'_>> = page.select(&links).take(MAX_LINKS).collect();
    let offered: Vec<Translation> =
        links.iter().filter_map(|link| translation_behind(page, *link)).collect();
    let is_chooser = offered.len() >= 2 && offered.len() * 2 > links.len();
    let first = offered.first().filter(|_| is_chooser)?.url.clone();
    Some(chosen(&offered, wanted, None).unwrap_or(first))
}

/// A link whose attributes, path or label name a language.
fn translation_behind(page: &Page, link: ElementRef<'_>) -> Option<Translation> {
    let url = page.resolve(link.attr("href")?).filter(|url| is_here(page, url))?;
    let declared = link.attr("hreflang").or_else(|| link.attr("lang"));
    let file = url.path_segments()?.find(|part| !part.is_empty())?.to_owned();
    let stem = file.split('.').next().unwrap_or_default();
    let stem = stem.strip_prefix("index-").or(stem.strip_prefix("index_")).unwrap_or(stem);
    let by_path = is_short_tag(stem).then_some(stem);
    let language = declared.or(by_path).and_then(tag)?;
    Some(Translation { language: Some(language), url })
}

/// `de`, `pt-BR`: longer words would be names of pages, and so are `cv` and `me`, though somebody
/// speaks what they stand for.
fn is_short_tag(text: &str) -> bool {
    const LANGUAGES: [&str; 43] = [
        "ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "ga",
        "gl", "he", "hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "nb", "nl", "no", "pl",
        "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "th", "tr", "uk", "vi", "zh",
    ];
    let lower = text.to_ascii_lowercase();
    let mut parts = lower.split(['-', '_']);
    let is_region = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_alphabetic());
    parts.next().is_some_and(|part| LANGUAGES.contains(&part)) && parts.next().is_none_or(is_region)
}

fn is_here(page: &Page, url: &Url) -> bool {
    let bare = |url: &Url| {
        let host = url.host_str().unwrap_or_default();
        (host.strip_prefix("www.").unwrap_or(host).to_owned(), url.port_or_known_default())
    };
    bare(url) == bare(page.url())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brand::Fetched;
    use crate::brand::budget::{Budget, Deadline};

    fn found(html: &str, languages: &[&str], country: Option<&str>) -> Option<String> {
        let fetched = Fetched::html("https://tide.example/", html);
        let page = Page::parse(&fetched, &Budget::default(), &Deadline::never());
        let request = SurveyRequest {
            country: country.map(str::to_owned),
            languages: languages.iter().map(|&language| language.to_owned()).collect(),
            ..SurveyRequest::default()
        };
        better(&page, &request).map(|url| url.path().to_owned())
    }

    const TRANSLATED: &str = "<html lang=en><link rel=alternate hreflang=en href=/>\
        <link rel=alternate hreflang=de href=/de/><link rel=alternate hreflang=pt-br href=/br/>\
        <link rel=alternate hreflang=de-CH href=/ch/><link rel=alternate hreflang=x-default href=/>\
        <link rel=alternate hreflang=fr href='https://other.example/fr/'><p>Tide mills";

    #[test]
    fn the_first_wanted_language_that_there_is_wins() {
        for (languages, country, path) in [
            (&["de"][..], None, Some("/de/")),
            (&["de"], Some("ch"), Some("/ch/")),
            (&["de-AT"], None, Some("/de/")),
            (&["pt"], None, Some("/br/")),
            (&["ja", "de"], None, Some("/de/")),
            (&["en", "de"], None, None),
            (&["en-GB", "de"], None, None),
            (&["fr"], None, None),
            (&["de-CH"], None, Some("/ch/")),
            (&["ja"], None, None),
            (&[], Some("DE"), None),
        ] {
            assert_eq!(found(TRANSLATED, languages, country).as_deref(), path, "{languages:?}");
        }
    }

    #[test]
    fn a_page_in_a_wanted_language_needs_no_translation() {
        let html = "<html lang=de><link rel=alternate hreflang=en href=/en/><p>Mühlen";
        assert_eq!(found(html, &["de", "en"], None), None);
    }

    #[test]
    fn a_page_that_only_offers_languages_is_passed() {
        let chooser = "<title>Tide</title><img src=logo.png><a href=/de/>Deutsch</a>\
                       <a href=/en/>English</a><a href=fr.html>Français</a>";
        assert_eq!(found(chooser, &[], None).as_deref(), Some("/de/"));
        assert_eq!(found(chooser, &["fr"], None).as_deref(), Some("/fr.html"));
    }

    #[test]
    fn a_page_with_a_language_menu_stays() {
        let text = "Grain is ground by the tide, slowly and without smoke. ".repeat(10);
        for html in [
            format!("<a href=/de/>Deutsch</a><a href=/en/>English</a><p>{text}"),
            "<a href=/mills/>Mills</a><a href=/flour/>Flour</a><p>Tide".to_owned(),
            "<a href=/cv/>CV</a><a href=/me/>Me</a><p>Tide".to_owned(),
            "<a href=/de/>Deutsch</a><a href=/a>A</a><a href=/b>B</a><a href=/en/>E</a>".to_owned(),
        ] {
            assert_eq!(found(&html, &["en"], None), None, "{html}");
        }
    }
}
