//! The mark of a brand: which pictures of a page may be it, and which of them it is.
//!
//! `candidates` scores pictures, inline drawings, backgrounds and declarations by where they stand
//! and what they are called; after the best were fetched, `choose` opens them and takes the one
//! that still holds, or an icon. Never: a mark of somebody else for want of an own one.

mod choose;
mod declared;
mod drawing;
mod inline;
mod pictures;
mod score;
mod sprite;

use url::Url;

pub(crate) use choose::{Mark, choose, from_upload};

use crate::brand::page::Page;
use crate::brand::structured::Declared;
use crate::domain::brand::Source;

/// Something on a page that may be the brand's mark.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    /// What is to be opened.
    pub(crate) origin: Origin,
    /// How much speaks for it; from 20 on it is accepted, from 45 on strong.
    pub(crate) score: f64,
    /// Where it was found; its weight is the score.
    pub(crate) source: Source,
}

/// Where a candidate's picture is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// In a file; of a sprite one symbol.
    File {
        /// Where the file lies.
        url: Url,
        /// The `id` of the symbol, when the file is a sprite.
        symbol: Option<String>,
    },
    /// In the page itself: an SVG made self-contained, or the bytes of a `data:` address.
    Inline(Vec<u8>),
}

impl Candidate {
    /// The file that must be fetched to open it.
    pub(crate) const fn url(&self) -> Option<&Url> {
        match &self.origin {
            Origin::File { url, .. } => Some(url),
            Origin::Inline(_) => None,
        }
    }
}

/// The candidates of a page, best first; each file once.
pub(crate) fn candidates(page: &Page, declared: &Declared, name: Option<&str>) -> Vec<Candidate> {
    /// More than this are never opened.
    const MAX_CANDIDATES: usize = 12;
    let context = score::Context::new(page, declared, name);
    let mut all = pictures::candidates(&context);
    all.extend(inline::candidates(&context));
    all.extend(declared::candidates(&context, declared));
    let mut kept: Vec<Candidate> = Vec::new();
    for candidate in all {
        merge(&mut kept, candidate);
    }
    kept.retain(|candidate| candidate.score > 0.0);
    kept.sort_by(|one, two| two.score.total_cmp(&one.score));
    kept.truncate(MAX_CANDIDATES);
    for candidate in &mut kept {
        candidate.source.weight = candidate.score;
    }
    kept
}

/// The same file at several places counts once, a little more for each further place.
fn merge(kept: &mut Vec<Candidate>, candidate: Candidate) {
    /// A mark stands in the header and in the footer again.
    const REPEATED: f64 = 10.0;
    match kept.iter_mut().find(|other| other.origin == candidate.origin) {
        Some(other) => {
            let again = if other.score > 0.0 && candidate.score > -30.0 { REPEATED } else { 0.0 };
            let best = other.score.max(candidate.score);
            if candidate.score > other.score {
                other.source = candidate.source;
            }
            // A page full of one picture does not make it the mark.
            other.score = if other.score - best > -0.5 && again > 0.0 && other.score < 100.0 {
                best + again
            } else {
                best
            };
        }
        None => kept.push(candidate),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brand::Fetched;
    use crate::brand::budget::{Budget, Deadline};

    fn found(html: &str) -> Vec<(String, f64)> {
        let fetched = Fetched::html("https://tide.example/", html);
        let page = Page::parse(&fetched, &Budget::default(), &Deadline::never());
        candidates(&page, &Declared::of(&page), Some("Tide Mills"))
            .into_iter()
            .map(|one| {
                let path = one.url().map_or("inline".to_owned(), |url| url.path().to_owned());
                (path, one.score)
            })
            .collect()
    }

    #[test]
    fn the_headers_link_home_holds_the_mark() {
        let all = found(
            "<header><a href=/><img src=/mark.png></a><img src=/menu.svg></header>\
             <div class=clients><img src=/logo-big.png alt='Big logo'></div><img src=/photo.jpg>",
        );
        assert_eq!(all[0].0, "/mark.png");
        assert!(all[0].1 >= 45.0);
        assert!(all.iter().all(|(path, score)| path == "/mark.png" || *score < 20.0), "{all:?}");
    }

    #[test]
    fn a_picture_in_the_titles_place_is_the_mark_wherever_it_leads() {
        let all = found(
            "<h1><a href='https://code.example/tide'><img src=/logo.svg alt='Tide Mills'></a></h1>",
        );
        assert!(all[0].1 >= 20.0, "{all:?}");
    }

    #[test]
    fn a_strangers_mark_is_never_accepted() {
        for html in [
            "<section class=partners><img src=/logo-acme.svg alt='Acme logo'></section>",
            "<img src=/chrome.png alt='Chrome logo'>",
            "<a href='https://acme.example/'><img class=logo src=/acme.png alt=Acme></a>",
            "<ul><li><img src=/logo-a.png><li><img src=/logo-b.png><li><img src=/logo-c.png></ul>",
            "<nav><button><img src=/logo-close-icon.svg></button></nav>",
        ] {
            let all = found(html);
            assert!(all.iter().all(|(_, score)| *score < 20.0), "{html} {all:?}");
        }
    }

    #[test]
    fn one_file_is_one_candidate() {
        let html = "<header><a href=/><img src=/logo.svg></a></header>\
                    <footer><img src=/logo.svg></footer>";
        let all = found(html);
        assert_eq!(all.len(), 1);
        assert!(all[0].1 > found("<header><a href=/><img src=/logo.svg></a></header>")[0].1);
    }

    #[test]
    fn a_page_of_pictures_is_bounded() {
        let html = (0..8_000)
            .map(|n| format!("<img class=logo src=/{n}.png>"))
            .collect::<Vec<_>>()
            .concat();
        assert!(found(&html).len() <= 12);
    }
}
