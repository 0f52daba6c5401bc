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
    let mut kept = merged(all);
    kept.retain(|candidate| candidate.score > 0.0);
    kept.sort_by(|one, two| two.score.total_cmp(&one.score));
    kept.truncate(MAX_CANDIDATES);
    for candidate in &mut kept {
        candidate.source.weight = candidate.score;
    }
    kept
}

/// The same file at several places counts once, a little more when it stands at a second one;
/// what stands everywhere is a bullet.
fn merged(all: Vec<Candidate>) -> Vec<Candidate> {
    /// A mark stands in the header and in the footer again.
    const REPEATED: f64 = 10.0;
    /// Header, folded header, footer and one place more.
    const MOST_PLACES: usize = 4;
    let mut kept: Vec<(Candidate, usize)> = Vec::new();
    for candidate in all {
        let same = kept.iter_mut().find(|(other, _)| other.origin == candidate.origin);
        match same {
            Some((other, places)) => {
                *places += usize::from(candidate.score > -30.0);
                if candidate.score > other.score {
                    *other = candidate;
                }
            }
            None => kept.push((candidate, 1)),
        }
    }
    let judged = |(mut candidate, places): (Candidate, usize)| {
        candidate.score += match places {
            1 => 0.0,
            2..=MOST_PLACES if candidate.score > 0.0 => REPEATED,
            2..=MOST_PLACES => 0.0,
            _ => -3.0 * REPEATED,
        };
        candidate
    };
    kept.into_iter().map(judged).collect()
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
    fn a_bullet_is_not_the_mark() {
        let row = "<div><img src=/img/tide-icon.svg alt='tide icon'><p>Good flour</p></div>";
        let html = format!(
            "<header><a href=/><img src=/mark.svg alt='Tide Mills'></a></header>{}",
            format!("<section><h3>Why</h3><div>{row}</div></section>").repeat(9)
        );
        let all = found(&html);
        assert_eq!(all[0].0, "/mark.svg", "{all:?}");
        assert!(all.iter().all(|(path, score)| path == "/mark.svg" || *score < 20.0), "{all:?}");
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
