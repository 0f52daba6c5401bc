//! What a brand is called.
//!
//! Every place that may show the name gives a candidate with a weight; equal spellings add up, a
//! name inside longer candidates takes a part of theirs, and the domain confirms. Never: a name
//! from a page's title alone against everything else, or a name that a template left behind.

mod candidates;
mod clean;

use std::collections::{BTreeMap, HashSet};

use url::Url;

use crate::brand::evidence::Finding;
use crate::brand::page::Page;
use crate::brand::structured::Declared;
use crate::domain::brand::Source;
use candidates::Candidate;
pub(in crate::brand) use candidates::{place_of, segments};
pub(in crate::brand) use clean::{cleaned, key};

/// Finds the name.
pub(crate) fn name(page: &Page, declared: &Declared) -> Finding<String> {
    decide(candidates::candidates(page, declared), &labels(page, declared))
}

/// The names of the hosts that the page says are its own, without suffix: `tide` of
/// `www.tide.example`.
fn labels(page: &Page, declared: &Declared) -> Vec<String> {
    let canonical = scraper::Selector::parse("link[rel~=canonical]").expect("a constant selector");
    let written = page
        .select(&canonical)
        .filter_map(|link| link.attr("href"))
        .chain(declared.metas.content("og:url"))
        .filter_map(|text| page.resolve(text));
    let hosts = std::iter::once(page.url().clone()).chain(written);
    let mut labels: Vec<String> = hosts.take(4).filter_map(|url| label(&url)).collect();
    labels.dedup();
    labels
}

fn label(url: &Url) -> Option<String> {
    let host = url.domain()?.to_ascii_lowercase();
    // On hosting domains the registered name is the customer's: `tide.github.io` gives `tide`.
    let domain = psl::domain_str(&host)?;
    let label = domain.split('.').next()?.replace('-', "");
    (label.len() >= 2).then_some(label)
}

/// One spelling of a name with everything that speaks for it.
#[derive(Debug)]
struct Group {
    name: String,
    best: f64,
    score: f64,
    sources: Vec<Source>,
}

fn decide(candidates: Vec<Candidate>, labels: &[String]) -> Finding<String> {
    let mut ranked: Vec<Group> = scored(grouped(candidates), labels);
    ranked.sort_by(|one, two| two.score.total_cmp(&one.score).then(one.name.cmp(&two.name)));
    let mut ranked = ranked.into_iter();
    let Some(first) = ranked.next() else { return Finding::none() };
    let rest: Vec<Group> = ranked.collect();
    let second = rest.first().map_or(0.0, |group| group.score);
    let confidence = confidence(&first, second);
    let alternatives = rest.into_iter().map(|group| group.name).collect();
    Finding::new(first.name, confidence, first.sources).with_alternatives(alternatives)
}

fn grouped(candidates: Vec<Candidate>) -> BTreeMap<String, Group> {
    /// What the same kind of place counts when it says the same again.
    const REPEATED: f64 = 0.2;
    let mut groups = BTreeMap::<String, Group>::new();
    for Candidate { name, mut source } in candidates {
        let group = groups.entry(key(&name)).or_insert_with(|| Group {
            name: name.clone(),
            best: 0.0,
            score: 0.0,
            sources: Vec::new(),
        });
        if group.sources.iter().any(|other| other.kind == source.kind) {
            source.weight *= REPEATED;
        }
        if source.weight > group.best {
            group.best = source.weight;
            group.name = name;
        }
        group.score += source.weight;
        group.sources.push(source);
    }
    groups
}

/// Adds to each group what longer names around it and the domain say.
fn scored(groups: BTreeMap<String, Group>, labels: &[String]) -> Vec<Group> {
    /// The part that a name takes of a longer candidate's weight.
    const INSIDE: f64 = 0.45;
    /// What the host's own name confirms.
    const DOMAIN: f64 = 2.5;
    let own: Vec<(String, String, f64)> =
        groups.iter().map(|(key, group)| (key.clone(), group.name.clone(), group.score)).collect();
    groups
        .into_iter()
        .map(|(key, mut group)| {
            for (other, text, score) in &own {
                if other.len() > key.len() && contains_words(text, &group.name) {
                    group.score += INSIDE * score * length_ratio(&key, other).sqrt();
                }
            }
            if labels.iter().any(|label| confirms(label, &key)) {
                group.score += DOMAIN;
            }
            group
        })
        .collect()
}

/// Whether a host's name and a candidate mean the same: one inside the other.
fn confirms(label: &str, key: &str) -> bool {
    /// Two letters stand inside everything.
    const MIN: usize = 3;
    label == key
        || (key.len() >= MIN && label.contains(key))
        || (label.len() >= MIN && key.contains(label))
}

/// Whether `name` stands in `text` as whole words.
fn contains_words(text: &str, name: &str) -> bool {
    let (text, name) = (text.to_lowercase(), name.to_lowercase());
    text.match_indices(&name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

fn length_ratio(short: &str, long: &str) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "names are short")]
    let ratio = short.chars().count() as f64 / long.chars().count().max(1) as f64;
    ratio
}

/// How far the first is ahead, and how many kinds of place agree.
fn confidence(first: &Group, second: f64) -> f64 {
    /// A lead over nothing is not worth more than this many points over something.
    const PRIOR: f64 = 4.0;
    let kinds: HashSet<&str> = first.sources.iter().map(|source| source.kind.as_str()).collect();
    #[expect(clippy::cast_precision_loss, reason = "at most three")]
    let agreeing = kinds.len().min(3) as f64;
    let lead = first.score / (first.score + second + PRIOR);
    (0.25 + 0.45 * lead + 0.1 * agreeing).clamp(0.0, 0.97)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brand::Fetched;
    use crate::brand::budget::{Budget, Deadline};

    fn found(url: &str, html: &str) -> Finding<String> {
        let page = Page::parse(&Fetched::html(url, html), &Budget::default(), &Deadline::never());
        name(&page, &Declared::of(&page))
    }

    fn named(html: &str) -> Option<String> {
        found("https://www.tidemill.example/", html).value
    }

    #[test]
    fn the_name_is_not_the_page() {
        let html = "<title>Home | Tidemill</title><h1>Home</h1>";
        assert_eq!(named(html).as_deref(), Some("Tidemill"));
        assert_eq!(named("<title>Tidemill Home Page</title>").as_deref(), Some("Tidemill"));
        assert_eq!(named("<title>React App</title>"), None);
    }

    #[test]
    fn a_publisher_in_a_meta_does_not_beat_what_the_page_shows() {
        let html = "<title>Tidemill - slow work</title><meta property=og:site_name content=Agency>\
                    <header><a class=navbar-brand href=/>Tidemill</a></header>";
        assert_eq!(named(html).as_deref(), Some("Tidemill"));
    }

    #[test]
    fn a_company_behind_the_brand_does_not_take_its_place() {
        let html = r#"<title>Tidemill</title><script type="application/ld+json">[
            {"@type":"Organization","name":"Tidemill","logo":"/l.png"},
            {"@type":"Organization","name":"Holding SAS","legalName":"Holding SAS"}]</script>
            <footer>© 2024 Holding SAS</footer>"#;
        let found = found("https://127.0.0.1/", html);
        assert_eq!(found.value.as_deref(), Some("Tidemill"));
        assert!(found.alternatives.contains(&"Holding SAS".to_owned()));
    }

    #[test]
    fn names_of_customers_are_not_the_brands() {
        let html = "<title>Tidemill</title><div class=clients><a href='https://big.example/'>\
                    <img src=logo-big.png alt='Big logo'></a></div>\
                    <article><a class=brand>Other</a></article>";
        assert_eq!(named(html).as_deref(), Some("Tidemill"));
    }

    #[test]
    fn what_a_mark_says_beside_the_name_is_not_it() {
        for (html, name) in [
            (
                "<title>潮コム｜粉をゆっくり挽くコンテンツ開発</title><header><a href=/ class=logo>\
                 <span class=logo-tag>粉をゆっくり挽くコンテンツ開発</span>\
                 <span class=logo-mark>潮<span>コム</span></span></a></header>",
                "潮コム",
            ),
            (
                "<title>Mühle Yılmaz | Mehl vom Deich</title><header><a href=/ class=brand>\
                 <span class=brand-top>MÜHLE</span> <span class=brand-name>YILMAZ</span></a>\
                 </header>",
                "MÜHLE YILMAZ",
            ),
        ] {
            assert_eq!(named(html).as_deref(), Some(name), "{html}");
        }
    }

    #[test]
    fn a_menus_first_entry_and_a_chapter_are_not_the_name() {
        let html = "<title>Tidewell - Karte</title><nav><a href=index.html>Karte</a>\
                    <a href=prices.html>Preise</a></nav><header><h1>Tidewell</h1></header>";
        assert_eq!(found("http://127.0.0.1/", html).value.as_deref(), Some("Tidewell"));
        let html = "<title>Introduction - mdTide Documentation</title>\
                    <h1 class=menu-title>mdTide Documentation</h1><h1>Introduction</h1>";
        assert_eq!(found("http://127.0.0.1/", html).value.as_deref(), Some("mdTide"));
    }

    #[test]
    fn an_authors_initials_are_not_the_page() {
        let html = "<title>Mills in four minutes</title><a href=/><img id=logo alt='JT logo' \
                    src=x.png></a><h1>Mills in four minutes</h1>";
        assert_eq!(named(html).as_deref(), Some("Mills in four minutes"));
    }

    #[test]
    fn agreement_is_worth_more_than_one_place() {
        let alone = found("https://x.example/", "<h1>Tidemill</h1>");
        let agreed = found(
            "https://x.example/",
            "<title>Tidemill</title><h1>Tidemill</h1><meta name=application-name content=Tidemill>",
        );
        assert!(agreed.confidence > alone.confidence + 0.1);
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(named(""), None);
        assert_eq!(named("<title>\u{202e}</title><h1></h1>"), None);
    }
}
