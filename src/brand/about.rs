//! The second page: where a site tells who it is, asked for when its first page leaves the name
//! open.
//!
//! It only decides between what the first page says, or names what that page does not name.
//! Never: colours, fonts or a mark from it.

use scraper::Selector;
use url::Url;

use crate::brand::budget::{Budget, Deadline};
use crate::brand::documents::Fetched;
use crate::brand::evidence::Finding;
use crate::brand::name::{key, name};
use crate::brand::page::Page;
use crate::brand::structured::Declared;

/// How sure a name must be for no second page to be asked.
const SURE: f64 = 0.55;

/// What a name is worth that only the second page says.
const FROM_AFAR: f64 = 0.5;

/// The page that may say who the site is; none when its first page does.
pub(crate) fn wanted(page: &Page, declared: &Declared) -> Option<Url> {
    /// Menus stand at the start of a page or at its end.
    const MAX_LINKS: usize = 400;
    if name(page, declared).confidence >= SURE {
        return None;
    }
    let links = Selector::parse("a[href]").expect("a constant selector");
    page.select(&links).take(MAX_LINKS).find_map(|link| {
        let url = page.resolve(link.attr("href")?)?;
        let is_other_page = url.origin() == page.url().origin() && url.path() != page.url().path();
        let label = key(&page.text_of(link, 80));
        let file = url.path_segments()?.rfind(|part| !part.is_empty()).map(str::to_owned);
        let file = file.map(|file| key(file.split('.').next().unwrap_or_default()));
        let says = |text: &str| ABOUT.split('|').any(|word| word == text);
        (is_other_page && (says(&label) || file.is_some_and(|file| says(&file)))).then_some(url)
    })
}

/// How such pages are called, compared by their letters and parted by `|`.
const ABOUT: &str = "about|aboutus|whoweare|ourstory|company|überuns|ueberuns|uberuns|wirüberuns|\
    unternehmen|àpropos|apropos|quisommesnous|entreprise|chisiamo|azienda|nosotros|sobrenosotros|\
    quienessomos|quiénessomos|empresa|sobre|sobrenós|sobrenos|quemsomos|overons|onas|ofirmie|\
    omoss|omos|tietoameistä|hakkımızda|hakkimizda|онас|окомпании|pronás|会社概要|会社案内|私たちについて|\
    关于我们|關於我們|회사소개|מיאנחנו|אודות|مننحن|عنالشركة";

/// What the second page says that the site is called.
pub(crate) fn said(fetched: &Fetched, budget: &Budget, deadline: &Deadline) -> Finding<String> {
    let page = Page::parse(fetched, budget, deadline);
    name(&page, &Declared::of(&page))
}

/// The first page's name in the light of what the second one says.
pub(crate) fn confirmed(first: Finding<String>, second: &Finding<String>) -> Finding<String> {
    let Some(said) = &second.value else { return first };
    let is_same = |name: &String| key(name) == key(said);
    if first.value.as_ref().is_some_and(is_same) {
        let confidence = (first.confidence + 0.1).min(0.9);
        return Finding { confidence, ..first };
    }
    if first.value.is_none() {
        return second.clone().capped(FROM_AFAR);
    }
    let Some(at) = first.alternatives.iter().position(is_same) else { return first };
    let mut alternatives = first.alternatives;
    let chosen = alternatives.remove(at);
    alternatives.splice(0..0, first.value);
    // The first page's sources speak for the other name.
    let confidence = first.confidence.max(FROM_AFAR);
    Finding::new(chosen, confidence, second.sources.clone()).with_alternatives(alternatives)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> (Page, Declared) {
        let fetched = Fetched::html("https://127.0.0.1/", html);
        let page = Page::parse(&fetched, &Budget::default(), &Deadline::never());
        let declared = Declared::of(&page);
        (page, declared)
    }

    fn asked(html: &str) -> Option<String> {
        let (page, declared) = read(html);
        wanted(&page, &declared).map(|url| url.path().to_owned())
    }

    #[test]
    fn the_page_about_the_house_is_asked_when_the_name_is_open() {
        let menu = "<a href=/>Start</a><a href='/ueber-uns.html'>Die Mühle</a>";
        let open = format!("<title>Start | Mühle am Deich | Mehl</title>{menu}");
        assert_eq!(asked(&open).as_deref(), Some("/ueber-uns.html"));
        assert_eq!(
            asked(&format!("<title>Home</title>{menu}")).as_deref(),
            Some("/ueber-uns.html")
        );
        let labelled = "<title>ホーム</title><a href=/c/2>会社概要</a>";
        assert_eq!(asked(labelled).as_deref(), Some("/c/2"));
        let sure = format!("<title>Tide</title><h1>Tide</h1>{menu}");
        assert_eq!(asked(&sure), None);
        assert_eq!(
            asked("<title>Home</title><a href='https://other.example/about'>About</a>"),
            None
        );
    }

    #[test]
    fn the_second_page_decides_between_names_and_gives_one_where_there_is_none() {
        let (page, declared) = read("<title>Mehl vom Deich | Tidewell</title>");
        let first = name(&page, &declared);
        assert_eq!(first.value.as_deref(), Some("Mehl vom Deich"));
        let html = "<title>Über uns | Tidewell</title>";
        let fetched = Fetched::html("https://127.0.0.1/about", html);
        let second = said(&fetched, &Budget::default(), &Deadline::never());
        let found = confirmed(first, &second);
        assert_eq!(found.value.as_deref(), Some("Tidewell"));
        assert_eq!(found.alternatives[0], "Mehl vom Deich");
        assert_eq!(confirmed(Finding::none(), &second).value.as_deref(), Some("Tidewell"));
        let (page, declared) = read("<title>Wholly other</title>");
        let stays = confirmed(name(&page, &declared), &second);
        assert_eq!(stays.value.as_deref(), Some("Wholly other"));
    }
}
