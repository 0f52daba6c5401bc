//! The dialogue with whoever fetches.
//!
//! First style sheets and the manifest are wanted; once they are in, the page is styled and the
//! pictures that may be its mark are wanted; then it is time to conclude. Never: a fetch.

use std::collections::{BTreeMap, HashMap, HashSet};

use scraper::Selector;
use url::Url;

use crate::brand::about;
use crate::brand::budget::{Budget, Deadline};
use crate::brand::css::{Cascade, Styles};
use crate::brand::documents::{
    Extraction, Fetched, File, Missing, SiteFont, SurveyRequest, Unusable, Want, WantId, WantKind,
};
use crate::brand::evidence::Finding;
use crate::brand::faces;
use crate::brand::gallery::Gallery;
use crate::brand::kind::{self, PageKind};
use crate::brand::page::Page;
use crate::brand::profile::{Draft, Reading, domain};
use crate::brand::redirect::redirect;
use crate::brand::roles::{Electorate, Facts, Marks, Roles};
use crate::brand::sent::Sent;
use crate::brand::structured::{Declared, Manifest, rebase};
use crate::brand::stylesheets::{MissingSheet, StyleSheets};
use crate::brand::translations;
use crate::brand::upload;
use crate::pixels;

/// An extraction under way.
pub struct Survey {
    page: Page,
    kind: PageKind,
    declared: Declared,
    sheets: StyleSheets,
    request: SurveyRequest,
    budget: Budget,
    deadline: Deadline,
    fresh: Vec<Want>,
    open: HashMap<WantId, Open>,
    asked: HashSet<Url>,
    next: u32,
    /// What the second page says that the site is called.
    about: Finding<String>,
    looks: Option<Looks>,
}

/// What is known once the page is styled.
struct Looks {
    facts: Facts,
    reading: Reading,
    gallery: Gallery,
    /// The site's fonts, by their place in the order in which they were asked for.
    fonts: BTreeMap<usize, SiteFont>,
}

/// A want that was not supplied yet.
struct Open {
    asked: Url,
    kind: WantKind,
    purpose: Purpose,
}

/// What a want is for.
enum Purpose {
    Sheet(usize),
    Manifest,
    /// The page on which the site tells who it is.
    About,
    /// The address that the page gives, which is not always the one that was asked.
    Picture(Url),
    /// A font, and its place among those that are asked for.
    Font(usize),
}

impl Survey {
    /// Reads the page and says what is wanted next; or why no brand can be read from it.
    pub fn new(
        fetched: &Fetched,
        request: SurveyRequest,
        budget: Budget,
        deadline: &Deadline,
    ) -> Result<Self, Unusable> {
        if fetched.bytes.len() > budget.page_bytes {
            return Err(Unusable::TooLarge(budget.page_bytes));
        }
        if let Some(found) = other_than_html(fetched) {
            return Err(Unusable::NotHtml(found));
        }
        let page = Page::parse(fetched, &budget, deadline);
        if let Some(url) = redirect(&page).filter(|_| fetched.status < 400) {
            return Err(Unusable::Redirect(url));
        }
        let kind = kind::judge(&page, fetched.status)?;
        let declared = Declared::of(&page);
        let (sheets, missing) = StyleSheets::of(&page, &budget);
        let mut survey = Self {
            page,
            kind,
            declared,
            sheets,
            request,
            budget,
            deadline: deadline.clone(),
            fresh: Vec::new(),
            open: HashMap::new(),
            asked: HashSet::new(),
            next: 0,
            about: Finding::none(),
            looks: None,
        };
        survey.want_sheets(missing);
        survey.want_manifest();
        if let Some(url) = about::wanted(&survey.page, &survey.declared) {
            survey.want(url, WantKind::Page, Purpose::About);
        }
        Ok(survey)
    }

    /// The page of the same site that should be read instead, when it can be had: a translation
    /// into a language that is wanted, or what lies behind a choice of languages.
    pub fn better_page(&self) -> Option<Url> {
        translations::better(&self.page, &self.request)
    }

    /// The documents that are wanted now, each named once. It is time to conclude when none is
    /// wanted and all that were wanted have been supplied.
    pub fn wants(&mut self) -> Vec<Want> {
        if self.fresh.is_empty() && self.open.is_empty() && self.looks.is_none() {
            self.look();
        }
        std::mem::take(&mut self.fresh)
    }

    /// Takes a wanted document, or the reason why there is none.
    pub fn supply(&mut self, want: WantId, document: Result<Fetched, Missing>) {
        let Some(Open { asked, kind, purpose }) = self.open.remove(&want) else { return };
        let Some(fetched) = document.ok().filter(|fetched| fetched.status < 400) else {
            // A copy of a site still names the host of the original, which may not be there.
            let here = rebase(&asked, self.page.url());
            if let Some(here) = here.filter(|here| !self.asked.contains(here)) {
                self.want(here, kind, purpose);
            }
            return;
        };
        match purpose {
            Purpose::Sheet(node) => {
                let missing = self.sheets.supply(node, &fetched, &self.page, &self.budget);
                self.want_sheets(missing);
            }
            Purpose::Manifest => {
                self.declared.manifest = Manifest::parse(&fetched.bytes, &fetched.final_url);
            }
            Purpose::About => {
                self.about = about::said(&fetched, &self.budget, &self.deadline);
            }
            Purpose::Font(place) => {
                if let (Some(looks), Some(read)) = (&mut self.looks, upload::font(&fetched.bytes)) {
                    let file = File { bytes: fetched.bytes, mime_type: read.mime_type, size: None };
                    looks.fonts.insert(place, SiteFont { url: fetched.final_url, file });
                }
            }
            Purpose::Picture(named) => {
                if let Some(looks) = &mut self.looks {
                    looks.gallery.supply(named, fetched, &self.budget);
                }
            }
        }
    }

    /// Decides every field. Past the deadline it decides with what it has.
    pub fn conclude(mut self, deadline: &Deadline) -> Result<Extraction, Unusable> {
        self.deadline = deadline.clone();
        let looks = match self.looks.take() {
            Some(looks) => looks,
            None => self.looked(),
        };
        let styles = self.page.styles().expect("the page was just styled");
        let sent = Sent::of(&self.request)?;
        let mark = sent.mark.clone().unwrap_or_else(|| looks.gallery.mark());
        let icon = looks.gallery.icon_palette();
        let mask_icon = looks.gallery.icons().iter().find_map(|icon| icon.color.as_deref());
        let own = mark.value.as_ref().filter(|mark| !mark.is_icon);
        let marks = Marks {
            // An icon that stands in for a mark has its own vote.
            logo: own.map(|mark| (&mark.palette, mark.place.as_str())),
            icon: icon.as_ref().map(|(palette, place)| (palette, *place)),
            mask_icon,
        };
        let is_script_built = self.kind == PageKind::ScriptBuilt;
        let votes = Electorate { page: &self.page, styles, facts: &looks.facts };
        let roles = Roles::of(&votes, &self.declared, marks, is_script_built);
        let mut draft = Draft::default();
        let name = draft.take_reading(&looks.reading);
        draft.take_roles(&roles, &mark);
        let logo = draft.take_mark(&mark);
        draft.take_icons(looks.gallery.icons());
        let imagery = sent.imagery.unwrap_or_else(|| looks.gallery.imagery());
        draft.take_imagery(&imagery);
        let font = draft.take_font(sent.font);
        self.warn(&mut draft, styles);
        let site_fonts = looks.fonts.into_values().collect();
        let extraction = draft.finish(domain(self.page.url()), name, logo, font);
        Ok(Extraction { site_fonts, ..extraction })
    }

    fn warn(&self, draft: &mut Draft, styles: &Styles) {
        let truncated = self.page.is_truncated() || self.sheets.is_truncated();
        let warnings = [
            (self.kind == PageKind::ScriptBuilt, "js_required"),
            (self.sheets.is_unreachable(), "css_unreachable"),
            (truncated || styles.is_truncated(), "truncated"),
        ];
        warnings.iter().filter(|(holds, _)| *holds).for_each(|(_, warning)| draft.warn(warning));
        if self.sheets.is_unreachable() {
            draft.doubt_looks();
        }
    }

    fn want(&mut self, url: Url, kind: WantKind, purpose: Purpose) {
        let id = WantId(self.next);
        self.next += 1;
        let (max_bytes, accept) = match kind {
            WantKind::Stylesheet => (self.budget.sheet_bytes, "text/css,*/*;q=0.1"),
            WantKind::Manifest => (
                self.budget.manifest_bytes,
                "application/manifest+json,application/json;q=0.9,*/*;q=0.1",
            ),
            WantKind::Font => (self.budget.font_bytes, "font/woff2,font/*,*/*;q=0.1"),
            WantKind::Icon | WantKind::Image => (self.budget.raster_bytes, "image/*,*/*;q=0.1"),
            WantKind::Page => (self.budget.page_bytes, "text/html,*/*;q=0.1"),
        };
        self.asked.insert(url.clone());
        self.open.insert(id, Open { asked: url.clone(), kind, purpose });
        self.fresh.push(Want { id, url, kind, max_bytes, accept });
    }

    fn want_sheets(&mut self, missing: Vec<MissingSheet>) {
        for MissingSheet { node, url } in missing {
            self.want(url, WantKind::Stylesheet, Purpose::Sheet(node));
        }
    }

    fn want_manifest(&mut self) {
        let link = Selector::parse("link[rel~=manifest][href]").expect("a constant selector");
        let found = self.page.select(&link).find_map(|link| link.attr("href"));
        if let Some(url) = found.and_then(|href| self.page.resolve(href)) {
            self.want(url, WantKind::Manifest, Purpose::Manifest);
        }
    }

    /// Styles the page and says which pictures and fonts are wanted.
    fn look(&mut self) {
        let looks = self.looked();
        let family = looks.reading.family().filter(|_| self.request.site_font);
        if let (Some(family), Some(styles)) = (family, self.page.styles()) {
            for (place, url) in faces::files(styles, family).into_iter().enumerate() {
                self.want(url, WantKind::Font, Purpose::Font(place));
            }
        }
        for (url, kind) in looks.gallery.wanted(&self.budget) {
            self.want(url.clone(), kind, Purpose::Picture(url));
        }
        self.looks = Some(looks);
    }

    fn looked(&mut self) -> Looks {
        let mut cascade = Cascade::new(&self.page, &self.budget);
        self.sheets.pour(&mut cascade);
        let styles = cascade.styles(&self.page, &self.deadline);
        self.page.set_styles(styles);
        let styles = self.page.styles().expect("the styles were just set");
        let facts = Facts::of(&self.page);
        let reading = Reading::of(&self.page, styles, &facts, &self.declared, &self.about);
        let gallery = Gallery::of(&self.page, &self.declared, reading.name.value.as_deref());
        Looks { facts, reading, gallery, fonts: BTreeMap::new() }
    }
}

/// What a document is that calls itself or begins as something else than a page.
fn other_than_html(fetched: &Fetched) -> Option<String> {
    if let Ok(format) = pixels::sniff(&fetched.bytes)
        && format != pixels::Format::Svg
    {
        return Some(format!("image/{}", format.name()));
    }
    let declared = fetched.content_type.as_deref()?;
    let kind = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_page = kind.is_empty() || matches!(kind.as_str(), "text/html" | "application/xhtml+xml");
    // Small servers call every file plain text or bytes; what begins with a tag is a page there.
    let is_unsure = matches!(
        kind.as_str(),
        "text/plain" | "application/octet-stream" | "text/xml" | "application/xml"
    );
    let start = fetched.bytes.trim_ascii_start();
    let is_readable = is_page || (is_unsure && start.starts_with(b"<"));
    (!is_readable).then_some(kind)
}
