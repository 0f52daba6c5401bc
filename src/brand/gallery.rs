//! The pictures of a site that are opened: what may be its mark, its icons, what it shows.
//!
//! Which files are worth fetching is decided once the page is styled. Never: more than the budget's
//! number of pictures.

use std::collections::HashMap;

use url::Url;

use crate::brand::budget::Budget;
use crate::brand::documents::{Fetched, WantKind};
use crate::brand::evidence::Finding;
use crate::brand::icons::{self, Icon};
use crate::brand::imagery::{self, Shown};
use crate::brand::logo::{self, Candidate, Mark};
use crate::brand::marks::{self, Palette};
use crate::brand::page::Page;
use crate::brand::structured::Declared;
use crate::domain::brand::Imagery;
use crate::pixels;

/// How many candidates for the mark are opened.
const OPENED_MARKS: usize = 5;

/// How many icons are opened: the best one is often declared and not there.
const OPENED_ICONS: usize = 3;

/// How many pictures are measured for how the site's pictures are.
const OPENED_PICTURES: usize = 2;

/// A candidate below this is not accepted, whatever it looks like.
const WORTH_OPENING: f64 = 20.0;

/// The pictures of a page.
pub(crate) struct Gallery {
    candidates: Vec<Candidate>,
    icons: Vec<Icon>,
    shown: Vec<Shown>,
    files: HashMap<Url, Vec<u8>>,
}

impl Gallery {
    /// Looks through a page whose styles are set.
    pub(crate) fn of(page: &Page, declared: &Declared, name: Option<&str>) -> Self {
        Self {
            candidates: logo::candidates(page, declared, name),
            icons: icons::icons(page, declared),
            shown: imagery::pictures(page, declared),
            files: HashMap::new(),
        }
    }

    /// The pictures that are worth fetching, best first, each once.
    pub(crate) fn wanted(&self, budget: &Budget) -> Vec<(Url, WantKind)> {
        let worthy = |one: &&Candidate| one.score >= WORTH_OPENING;
        let marks = self.candidates.iter().filter(worthy).filter_map(Candidate::url);
        let marks = marks.take(OPENED_MARKS).map(|url| (url.clone(), WantKind::Image));
        let icons = self.icons.iter().map(|icon| icon.icon.url.clone());
        let icons = icons.take(OPENED_ICONS).map(|url| (url, WantKind::Icon));
        let mut wanted: Vec<(Url, WantKind)> = Vec::new();
        let shown = self.shown.iter().map(|shown| shown.url.clone()).take(OPENED_PICTURES);
        let shown = shown.map(|url| (url, WantKind::Image));
        for (url, kind) in marks.chain(icons).chain(shown) {
            if wanted.len() < budget.pictures && wanted.iter().all(|(known, _)| *known != url) {
                wanted.push((url, kind));
            }
        }
        wanted
    }

    /// Takes the picture that stands at `named` on the page.
    pub(crate) fn supply(&mut self, named: Url, fetched: Fetched, budget: &Budget) {
        let is_svg = matches!(pixels::sniff(&fetched.bytes), Ok(pixels::Format::Svg));
        let most = if is_svg { budget.svg_bytes } else { budget.raster_bytes };
        if fetched.bytes.len() <= most {
            self.files.insert(named, fetched.bytes);
        }
    }

    /// Which of what was fetched is the mark.
    pub(crate) fn mark(&self) -> Finding<Mark> {
        logo::choose(&self.candidates, &self.icons, |url| self.file(url))
    }

    /// The icons that the site declares, best first.
    pub(crate) fn icons(&self) -> &[Icon] {
        &self.icons
    }

    /// What the pictures that the site shows are like.
    pub(crate) fn imagery(&self) -> Finding<Imagery> {
        let opened = self
            .shown
            .iter()
            .filter_map(|shown| Some((shown.place.as_str(), self.file(&shown.url)?)));
        imagery::imagery(opened.take(OPENED_PICTURES))
    }

    /// The colours of the best icon that was fetched, and where it was declared.
    pub(crate) fn icon_palette(&self) -> Option<(Palette, &str)> {
        self.icons.iter().find_map(|icon| {
            let bytes = self.file(&icon.icon.url)?;
            let picture = pixels::open(bytes).ok().filter(|_| !icons::is_boilerplate(bytes))?;
            Some((marks::palette(&picture), icon.place.as_str()))
        })
    }

    /// What was fetched for an address of the page.
    pub(crate) fn file(&self, url: &Url) -> Option<&[u8]> {
        self.files.get(url).map(Vec::as_slice)
    }
}
