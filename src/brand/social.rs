//! The brand's own pages on social networks.
//!
//! Links in the page's frame and `sameAs` are kept when they lead to an account; links that share,
//! search, or show a single post are not an account. Never: an account that only an article or a
//! comment names.

use std::collections::{HashMap, HashSet};

use scraper::Selector;
use url::Url;

use crate::brand::evidence::{Finding, source};
use crate::brand::name::{key, place_of};
use crate::brand::page::Page;
use crate::brand::structured::Declared;
use crate::brand::surroundings::{Surroundings, is_own_host};
use crate::domain::brand::{SocialLink, Source};

/// Finds the accounts, those of `sameAs` first, then in document order.
pub(crate) fn social_links(
    page: &Page,
    declared: &Declared,
    name: Option<&str>,
) -> Finding<Vec<SocialLink>> {
    /// One account a network is the rule; a page of many links is a directory.
    const MAX_LINKS: usize = 12;
    let mut found: Vec<(SocialLink, Source)> = Vec::new();
    for entity in declared.organizations() {
        for url in &entity.same_as {
            note(&mut found, url, entity.source, &entity.place, 5.0);
        }
    }
    let links = Selector::parse("a[href], link[rel~=me][href]").expect("a constant selector");
    for link in page.select(&links) {
        let Some(url) = link.attr("href").and_then(|href| page.resolve(href)) else { continue };
        if is_own_host(&url, page.url()) || account(&url).is_none() {
            continue;
        }
        let around = Surroundings::of(page, link);
        let own_page = around.header || around.footer || link.value().name() == "link";
        if around.article || around.strangers {
            continue;
        }
        // A text links to many accounts; the brand's own is called like the brand.
        let weight = if own_page { 3.0 } else { 1.5 };
        if !own_page && !account(&url).is_some_and(|(_, handle)| is_called(&handle, name)) {
            continue;
        }
        note(&mut found, &url, "link", &place_of(link), weight);
    }
    keep_one_of_each(&mut found);
    found.truncate(MAX_LINKS);
    if found.is_empty() {
        return Finding::none();
    }
    let strongest = found.iter().map(|(_, source)| source.weight).fold(0.0, f64::max);
    let confidence = if strongest >= 3.0 { 0.9 } else { 0.6 };
    let (links, sources) = found.into_iter().unzip();
    Finding::new(links, confidence, sources)
}

fn note(found: &mut Vec<(SocialLink, Source)>, url: &Url, kind: &str, place: &str, weight: f64) {
    let Some((network, handle)) = account(url) else { return };
    let same = found.iter().any(|(link, _)| {
        link.kind == network && link.handle.as_deref().is_some_and(|one| alike(one, &handle))
    });
    if same {
        return;
    }
    let mut plain = url.clone();
    plain.set_query(None);
    plain.set_fragment(None);
    let source = source(kind, place, url.as_str(), weight);
    let link = SocialLink { kind: network.to_owned(), url: plain, handle: Some(handle) };
    found.push((link, source));
}

fn alike(one: &str, two: &str) -> bool {
    one.trim_start_matches('@').eq_ignore_ascii_case(two.trim_start_matches('@'))
}

/// Whether an account is called like the brand: one name begins like the other.
fn is_called(handle: &str, name: Option<&str>) -> bool {
    let Some(name) = name.map(key) else { return false };
    handle.split('/').map(key).any(|part| {
        let contains = part.len() >= 4 && name.contains(&part);
        contains || part.starts_with(&name)
    })
}

/// Of several accounts on one network the one with the most behind it, the first among equals.
fn keep_one_of_each(found: &mut Vec<(SocialLink, Source)>) {
    let mut best = HashMap::<String, f64>::new();
    for (link, source) in found.iter() {
        let most = best.entry(link.kind.clone()).or_insert(0.0);
        *most = most.max(source.weight);
    }
    let mut seen = HashSet::new();
    found.retain(|(link, source)| {
        source.weight >= best[&link.kind] && seen.insert(link.kind.clone())
    });
}

/// The network and the account's name; none when the address is not an account's.
fn account(url: &Url) -> Option<(&'static str, String)> {
    let host = url.domain()?.to_ascii_lowercase();
    let host = host.strip_prefix("www.").or_else(|| host.strip_prefix("m.")).unwrap_or(&host);
    let network = network(host)?;
    let path: Vec<&str> = url.path_segments()?.filter(|part| !part.is_empty()).take(4).collect();
    let handle = handle(network, &path)?;
    let plain = handle.chars().count() <= 80
        && handle.chars().all(|c| c.is_alphanumeric() || matches!(c, '@' | '.' | '-' | '_' | '/'));
    (plain && !is_function(path[0])).then_some((network, handle))
}

/// The account that a path of a network names.
fn handle(network: &str, path: &[&str]) -> Option<String> {
    Some(match (network, path) {
        ("linkedin", [kind @ ("company" | "school" | "showcase"), name, ..])
        | ("reddit", [kind @ ("r" | "user"), name, ..]) => format!("{kind}/{name}"),
        ("github" | "gitlab", [name, repository]) => format!("{name}/{repository}"),
        ("tiktok" | "threads" | "mastodon", [name, ..]) | ("youtube", [name])
            if name.starts_with('@') =>
        {
            (*name).to_owned()
        }
        ("youtube", ["channel" | "c" | "user", name, ..])
        | ("facebook", ["pages" | "groups", name, ..])
        | ("discord", ["invite", name])
        | ("bluesky", ["profile", name])
        | ("whatsapp", ["channel", name])
        | (
            "x" | "facebook" | "instagram" | "pinterest" | "dribbble" | "behance" | "twitch"
            | "soundcloud" | "vimeo" | "medium" | "telegram" | "github" | "gitlab",
            [name],
        ) => (*name).to_owned(),
        _ => return None,
    })
}

fn network(host: &str) -> Option<&'static str> {
    Some(match host {
        "twitter.com" | "x.com" | "mobile.twitter.com" => "x",
        "facebook.com" | "fb.com" | "fb.me" | "de-de.facebook.com" => "facebook",
        "instagram.com" => "instagram",
        "linkedin.com" => "linkedin",
        "youtube.com" => "youtube",
        "github.com" => "github",
        "gitlab.com" => "gitlab",
        "tiktok.com" => "tiktok",
        "threads.net" | "threads.com" => "threads",
        "pinterest.com" | "pinterest.de" | "pinterest.fr" | "pinterest.co.uk" => "pinterest",
        "reddit.com" => "reddit",
        "discord.gg" | "discord.com" => "discord",
        "t.me" | "telegram.me" => "telegram",
        "bsky.app" => "bluesky",
        "medium.com" => "medium",
        "dribbble.com" => "dribbble",
        "behance.net" => "behance",
        "vimeo.com" => "vimeo",
        "twitch.tv" => "twitch",
        "soundcloud.com" => "soundcloud",
        "whatsapp.com" => "whatsapp",
        "mastodon.social" | "mastodon.online" | "fosstodon.org" | "mstdn.social" => "mastodon",
        _ if host.ends_with(".linkedin.com") => "linkedin",
        _ => return None,
    })
}

/// First parts of paths that do something instead of naming somebody.
fn is_function(part: &str) -> bool {
    const FUNCTIONS: [&str; 34] = [
        "share",
        "sharer",
        "sharer.php",
        "share.php",
        "intent",
        "hashtag",
        "search",
        "home",
        "login",
        "signup",
        "watch",
        "embed",
        "playlist",
        "results",
        "status",
        "explore",
        "tr",
        "plugins",
        "dialog",
        "about",
        "features",
        "pricing",
        "settings",
        "sponsors",
        "topics",
        "privacy",
        "terms",
        "legal",
        "help",
        "i",
        "p",
        "shareArticle",
        "submit",
        "pin",
    ];
    FUNCTIONS.iter().any(|function| function.eq_ignore_ascii_case(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brand::Fetched;
    use crate::brand::budget::{Budget, Deadline};

    fn kinds(html: &str) -> Vec<(String, String)> {
        let fetched = Fetched::html("https://tide.example/", html);
        let page = Page::parse(&fetched, &Budget::default(), &Deadline::never());
        let found =
            social_links(&page, &Declared::of(&page), Some("Tide Mills")).value.unwrap_or_default();
        found.into_iter().map(|one| (one.kind, one.handle.unwrap_or_default())).collect()
    }

    #[test]
    fn accounts_are_told_from_functions() {
        for (address, found) in [
            ("https://twitter.com/tide?ref=x", Some(("x", "tide"))),
            ("https://www.linkedin.com/company/tide/about", Some(("linkedin", "company/tide"))),
            ("https://www.youtube.com/@tide", Some(("youtube", "@tide"))),
            ("https://github.com/tide/mill", Some(("github", "tide/mill"))),
            ("https://twitter.com/intent/tweet?url=x", None),
            ("https://twitter.com/tide/status/12", None),
            ("https://www.facebook.com/sharer/sharer.php?u=x", None),
            ("https://www.youtube.com/watch?v=x", None),
            ("https://www.linkedin.com/in/ann", None),
            ("https://github.com/", None),
            ("https://github.com/tide/mill/issues", None),
            ("https://notgithub.com/tide", None),
            ("https://twitter.com/%3Cscript%3E", None),
        ] {
            let url: Url = address.parse().expect("a URL");
            let expected = found.map(|(kind, handle)| (kind, handle.to_owned()));
            assert_eq!(account(&url), expected, "{address}");
        }
    }

    #[test]
    fn the_frame_and_the_data_name_the_brands_own() {
        let html = r#"<script type="application/ld+json">{"@type":"Organization","name":"Tide",
            "sameAs":["https://www.instagram.com/tide/"]}</script>
            <article><a href="https://x.com/author">by</a></article>
            <p><a href="https://x.com/ann">Ann</a> <a href="https://gitlab.com/tidemills">us</a></p>
            <footer><a href="https://instagram.com/TIDE">i</a><a href="https://github.com/tide">
            </a></footer>"#;
        let expected = [("instagram", "tide"), ("gitlab", "tidemills"), ("github", "tide")];
        let expected: Vec<_> =
            expected.iter().map(|(k, h)| ((*k).to_owned(), (*h).to_owned())).collect();
        assert_eq!(kinds(html), expected);
    }

    #[test]
    fn a_page_of_many_links_is_bounded() {
        let links = (0..5_000)
            .map(|n| format!("<footer><a href=https://github.com/u{n}>x</a></footer>"))
            .collect::<Vec<_>>()
            .concat();
        assert!(kinds(&links).len() <= 12);
    }
}
