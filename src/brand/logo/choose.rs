//! Which of the fetched candidates is the mark.

use url::Url;

use super::{Candidate, Origin, sprite};
use crate::brand::evidence::{Finding, source};
use crate::brand::icons::{Icon, is_boilerplate};
use crate::brand::marks::{self, Palette, Texture};
use crate::domain::brand::{BrandLogo, Source};
use crate::pixels::{self, Format, Picture, Stored};

/// A mark that was opened.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mark {
    /// What is kept of it in the record.
    pub(crate) logo: BrandLogo,
    /// The file, safe to store and to serve.
    pub(crate) stored: Stored,
    /// Its colours.
    pub(crate) palette: Palette,
    /// The element or file that it was found in, for evidence.
    pub(crate) place: String,
    /// Whether it is an icon, for want of a mark.
    pub(crate) is_icon: bool,
    /// Where those were found that came next.
    pub(crate) others: Vec<String>,
}

/// The least score of a mark.
const ACCEPTED: f64 = 20.0;

/// Chooses among candidates, best first, then icons, best first. `file` gives what was fetched.
pub(crate) fn choose<'a>(
    candidates: &[Candidate],
    icons: &[Icon],
    file: impl Fn(&Url) -> Option<&'a [u8]>,
) -> Finding<Mark> {
    let mut opened: Vec<(f64, &Candidate, Opened)> = candidates
        .iter()
        .filter(|candidate| candidate.score >= ACCEPTED)
        .filter_map(|candidate| {
            let bytes = bytes_of(candidate, &file)?;
            let opened = Opened::of(&bytes)?;
            let score = candidate.score + opened.worth();
            (score >= ACCEPTED).then_some((score, candidate, opened))
        })
        .collect();
    opened.sort_by(|one, two| two.0.total_cmp(&one.0));
    let mut opened = opened.into_iter();
    let Some((score, candidate, first)) = opened.next() else {
        return icon(icons, &file);
    };
    let rest: Vec<(f64, &Candidate, Opened)> = opened.take(3).collect();
    let second = rest.first().map_or(0.0, |(score, ..)| *score);
    let confidence = confidence(score, second);
    let mut source = candidate.source.clone();
    source.weight = score;
    let Some(mark) = first.into_mark(candidate) else { return icon(icons, &file) };
    // To be named is enough for the others: making each fit for storage is what takes time.
    let others = rest.iter().map(|(_, candidate, _)| address(candidate)).collect();
    Finding::new(Mark { others, ..mark }, confidence, vec![source])
}

/// A mark that somebody sent; none when it cannot be opened.
pub(crate) fn from_upload(bytes: &[u8]) -> Option<Finding<Mark>> {
    let opened = Opened::read(bytes)?;
    let source = source("upload", "logoBase64", opened.picture.format.name(), 1.0);
    let mark = opened.keep("upload", &source, false)?;
    Some(Finding::new(mark, 1.0, vec![source]))
}

fn bytes_of<'a>(
    candidate: &Candidate,
    file: &impl Fn(&Url) -> Option<&'a [u8]>,
) -> Option<Vec<u8>> {
    match &candidate.origin {
        Origin::Inline(bytes) => Some(bytes.clone()),
        Origin::File { url, symbol: None } => Some(file(url)?.to_vec()),
        Origin::File { url, symbol: Some(id) } => sprite::symbol(file(url)?, id),
    }
}

/// Where a candidate's picture was found.
fn address(candidate: &Candidate) -> String {
    match &candidate.origin {
        Origin::Inline(_) => "inline-svg".to_owned(),
        Origin::File { url, symbol: None } => url.to_string(),
        Origin::File { url, symbol: Some(symbol) } => format!("{url}#{symbol}"),
    }
}

/// A picture with what decides over it.
struct Opened {
    bytes: Vec<u8>,
    picture: Picture,
    palette: Palette,
    texture: Texture,
}

impl Opened {
    /// Opens what may be a mark; none for errors, pixels for counting, generators' pictures.
    fn of(bytes: &[u8]) -> Option<Self> {
        /// Smaller is a bullet or a pixel that counts visits.
        const MIN_SIDE: u32 = 16;
        /// Flatter is a rule or a border.
        const MAX_ASPECT: f64 = 16.0;
        if is_boilerplate(bytes) {
            return None;
        }
        let opened = Self::read(bytes)?;
        let picture = &opened.picture;
        let long = picture.width.max(picture.height);
        let aspect = picture.aspect();
        let is_small = picture.format != Format::Svg && long < MIN_SIDE;
        let is_flat = !(1.0 / MAX_ASPECT..=MAX_ASPECT).contains(&aspect);
        (!is_small && !is_flat).then_some(opened)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let picture = pixels::open(bytes).ok()?;
        let (palette, texture) = (marks::palette(&picture), Texture::of(&picture));
        Some(Self { bytes: bytes.to_vec(), picture, palette, texture })
    }

    /// What the picture itself says for or against being a mark.
    fn worth(&self) -> f64 {
        let picture = &self.picture;
        let area = u64::from(picture.width) * u64::from(picture.height);
        let mut worth = match picture.format {
            Format::Svg => 3.0,
            Format::Jpeg => -3.0,
            _ if picture.transparent => 2.0,
            _ => 0.0,
        };
        if self.texture.is_photo() && !picture.transparent {
            worth -= if area > 250_000 { 60.0 } else { 25.0 };
        }
        // Nothing is left of a wordmark whose letters were not drawn.
        worth -= if picture.text_left_out { 25.0 } else { 0.0 };
        worth -= if picture.aspect() > 10.0 { 20.0 } else { 0.0 };
        worth -= if self.palette.swatches.is_empty() { 15.0 } else { 0.0 };
        worth
    }

    fn into_mark(self, candidate: &Candidate) -> Option<Mark> {
        self.keep(&address(candidate), &candidate.source, false)
    }

    fn keep(self, url: &str, source: &Source, is_icon: bool) -> Option<Mark> {
        let stored = pixels::for_storage(&self.bytes).ok()?;
        let logo = BrandLogo {
            source_url: url.to_owned(),
            format: self.picture.format.name().to_owned(),
            width: stored.width,
            height: stored.height,
            ground: marks::ground(&self.picture, &self.palette),
        };
        let place = source.place.clone();
        Some(Mark { logo, stored, palette: self.palette, place, is_icon, others: Vec::new() })
    }
}

/// How sure a score is, with the next one's distance.
fn confidence(score: f64, second: f64) -> f64 {
    let by_score = match score {
        _ if score >= 60.0 => 0.92,
        _ if score >= 45.0 => 0.85,
        _ if score >= 30.0 => 0.65,
        _ => 0.5,
    };
    if score - second < 6.0 { by_score - 0.15 } else { by_score }
}

/// The best icon that is large enough to stand for a mark.
fn icon<'a>(icons: &[Icon], file: &impl Fn(&Url) -> Option<&'a [u8]>) -> Finding<Mark> {
    /// Smaller icons are unreadable at the size of a mark; the name in letters is better.
    const MIN_SIDE: u32 = 48;
    for icon in icons {
        let Some(opened) = file(&icon.icon.url).and_then(Opened::of) else { continue };
        let long = opened.picture.width.max(opened.picture.height);
        if long < MIN_SIDE && opened.picture.format != Format::Svg {
            continue;
        }
        let confidence = if long >= 120 { 0.4 } else { 0.3 };
        let source = source("icon", &icon.place, icon.icon.url.as_str(), 10.0);
        let url = icon.icon.url.to_string();
        if let Some(mark) = opened.keep(&url, &source, true) {
            return Finding::new(mark, confidence, vec![source]);
        }
    }
    Finding::none()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::domain::brand::{BrandIcon, Ground};
    use crate::pixels::{byte, png_of};

    fn url(path: &str) -> Url {
        format!("https://tide.example/{path}").parse().expect("a URL")
    }

    fn candidate(path: &str, score: f64) -> Candidate {
        let origin = Origin::File { url: url(path), symbol: None };
        Candidate { origin, score, source: source("img", "img", path, score) }
    }

    fn mark(side: u32) -> Vec<u8> {
        png_of(side * 3, side, |x, y| {
            let inside = x > 2 && y > 2 && x % 9 > 1 && y < side - 2;
            [20, 60, 160, if inside { 255 } else { 0 }]
        })
    }

    fn chosen(
        candidates: &[Candidate],
        icons: &[Icon],
        files: &[(&str, Vec<u8>)],
    ) -> Finding<Mark> {
        let files: HashMap<Url, &[u8]> =
            files.iter().map(|(path, bytes)| (url(path), bytes.as_slice())).collect();
        choose(candidates, icons, |url| files.get(url).copied())
    }

    fn place_of(found: &Finding<Mark>) -> Option<&str> {
        found.value.as_ref().map(|mark| mark.logo.source_url.as_str())
    }

    #[test]
    fn what_does_not_open_gives_way() {
        let candidates =
            ["gone.png", "page.png", "dot.gif", "real.png"].map(|p| candidate(p, 60.0));
        let files = [
            ("page.png", b"<html>404</html>".to_vec()),
            ("dot.gif", png_of(1, 1, |_, _| [0; 4])),
            ("real.png", mark(40)),
        ];
        let found = chosen(&candidates, &[], &files);
        assert_eq!(place_of(&found), Some("https://tide.example/real.png"));
        let mark = found.value.expect("a mark");
        assert_eq!((mark.logo.width, mark.logo.height), (120, 40));
        assert_eq!(mark.logo.ground, Ground::Light);
        assert!(!mark.is_icon);
    }

    #[test]
    fn a_photograph_is_no_mark() {
        let grain = |x: u32, y: u32| (x.wrapping_mul(7919) ^ y.wrapping_mul(104_729)) % 23;
        let photo = png_of(600, 500, |x, y| {
            let g = grain(x, y);
            [byte(x / 3 + g), byte(y / 3 + g), byte(x * y / 2000 + g), 255]
        });
        let found = chosen(&[candidate("p.png", 60.0)], &[], &[("p.png", photo)]);
        assert_eq!(place_of(&found), None);
    }

    #[test]
    fn an_icon_stands_in_when_it_is_large_enough() {
        let icon = |path: &str| Icon {
            icon: BrandIcon { url: url(path), kind: "icon".to_owned(), size: None },
            place: "link".to_owned(),
            color: None,
            is_default: false,
        };
        let files = [("small.png", mark(12)), ("large.png", mark(60))];
        let found = chosen(&[], &[icon("small.png"), icon("large.png")], &files);
        assert_eq!(place_of(&found), Some("https://tide.example/large.png"));
        assert!(found.confidence <= 0.4 && found.value.is_some_and(|mark| mark.is_icon));
        assert_eq!(place_of(&chosen(&[], &[icon("small.png")], &files)), None);
    }

    #[test]
    fn an_upload_is_believed() {
        let found = from_upload(&mark(30)).expect("a mark");
        assert!(found.confidence > 0.99);
        assert!(from_upload(b"<html>").is_none());
    }
}
