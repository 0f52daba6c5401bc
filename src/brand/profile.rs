//! Every field's finding, put together into what is stored.

use scraper::Selector;
use url::Url;

use crate::brand::about;
use crate::brand::buttons::Buttons;
use crate::brand::css::Styles;
use crate::brand::documents::{Extraction, File};
use crate::brand::evidence::Finding;
use crate::brand::fonts::Fonts;
use crate::brand::icons::Icon;
use crate::brand::language::{LanguageSigns, Spoken, spoken};
use crate::brand::logo::Mark;
use crate::brand::name::name;
use crate::brand::page::Page;
use crate::brand::roles::{Facts, Roles};
use crate::brand::social::social_links;
use crate::brand::structured::Declared;
use crate::brand::tagline::{description, tagline};
use crate::brand::tone::tone;
use crate::brand::upload::FontFile;
use crate::domain::brand::{
    BrandButton, BrandButtons, BrandColors, BrandEvidence, BrandFont, BrandFonts, BrandProfile,
    ColorRole, FieldEvidence, Hex, Imagery, Scheme, SocialLink,
};
use crate::pixels::Stored;

/// How much text is read for language and tone.
const TEXT_BYTES: usize = 60_000;

/// How many of a mark's colours are kept.
const LOGO_COLORS: usize = 6;

/// What a site's pages and sheets came to, apart from its pictures.
pub(crate) struct Reading {
    /// What it is called.
    pub(crate) name: Finding<String>,
    tagline: Finding<String>,
    description: Finding<String>,
    spoken: Spoken,
    tone: Finding<Vec<String>>,
    social: Finding<Vec<SocialLink>>,
    fonts: Fonts,
    buttons: Buttons,
}

impl Reading {
    /// The family that stands for the brand: that of its headings, else of its text.
    pub(crate) fn family(&self) -> Option<&str> {
        let Fonts { heading, body, mono: _ } = &self.fonts;
        let font = heading.value.as_ref().or(body.value.as_ref());
        font.map(|font| font.family.as_str())
    }

    /// Reads a page whose styles are set.
    pub(crate) fn of(
        page: &Page,
        styles: &Styles,
        facts: &Facts,
        declared: &Declared,
        about: &Finding<String>,
    ) -> Self {
        let name = about::confirmed(name(page, declared), about);
        let known = name.value.as_deref();
        let text = page.prose(TEXT_BYTES);
        let spoken = language(page, declared, &text);
        Self {
            tagline: tagline(page, declared, known),
            description: description(page, declared),
            tone: tone(&text, spoken.language.value.as_deref()),
            social: social_links(page, declared, known),
            fonts: Fonts::of(styles, facts),
            buttons: Buttons::of(styles, facts),
            spoken,
            name,
        }
    }
}

fn language(page: &Page, declared: &Declared, text: &str) -> Spoken {
    let root = page.html().root_element();
    let metas = &declared.metas;
    let lang = root.attr("lang").or_else(|| root.attr("xml:lang"));
    let alternates =
        Selector::parse("link[rel~=alternate][hreflang]").expect("a constant selector");
    let own = page.select(&alternates).find(|link| {
        let url = link.attr("href").and_then(|href| page.resolve(href));
        url.as_ref() == Some(page.url())
    });
    spoken(&LanguageSigns {
        text,
        declared: lang.or_else(|| metas.content("content-language")),
        og_locale: metas.content("og:locale"),
        hreflang: own.and_then(|link| link.attr("hreflang")),
        dir: root.attr("dir"),
    })
}

/// Collects values and their evidence.
#[derive(Default)]
pub(crate) struct Draft {
    /// The values.
    pub(crate) profile: BrandProfile,
    /// Their evidence.
    pub(crate) evidence: BrandEvidence,
}

impl Draft {
    /// Keeps the evidence of a finding under `field` and gives its value.
    pub(crate) fn take<T: Clone>(
        &mut self,
        field: &str,
        finding: &Finding<T>,
        text: impl Fn(&T) -> String,
    ) -> Option<T> {
        self.evidence.insert(field.to_owned(), finding.evidence(text));
        finding.value.clone()
    }

    /// Notes a limit of the record.
    pub(crate) fn warn(&mut self, warning: &str) {
        self.profile.warnings.push(warning.to_owned());
    }

    /// Says of colours and fonts that they were read without the site's sheets.
    pub(crate) fn doubt_looks(&mut self) {
        /// What is left is what the page itself and its marks show.
        const MOST: f64 = 0.5;
        for (field, evidence) in &mut self.evidence {
            if ["colors.", "fonts.", "scheme"].iter().any(|start| field.starts_with(start)) {
                evidence.confidence = evidence.confidence.min(MOST);
            }
        }
    }

    /// Takes over what text, fonts and buttons came to; gives the name.
    pub(crate) fn take_reading(&mut self, reading: &Reading) -> Option<String> {
        let plain = |text: &String| text.clone();
        let name = self.take("name", &reading.name, plain);
        self.profile.tagline = self.take("tagline", &reading.tagline, plain);
        self.profile.description = self.take("description", &reading.description, plain);
        self.profile.language = self.take("language", &reading.spoken.language, plain);
        self.profile.direction = reading.spoken.direction;
        if reading.spoken.direction.is_some() {
            // It follows from the language and its script, and is as sure as they are.
            let why = reading.spoken.language.evidence(plain);
            let why = FieldEvidence { alternatives: Vec::new(), ..why };
            self.evidence.insert("direction".to_owned(), why);
        }
        self.profile.tone =
            self.take("tone", &reading.tone, |labels| labels.join(", ")).unwrap_or_default();
        let listed = |links: &Vec<SocialLink>| {
            links.iter().map(|link| link.url.as_str()).collect::<Vec<_>>().join(" ")
        };
        self.profile.social_links =
            self.take("social_links", &reading.social, listed).unwrap_or_default();
        let family = |font: &BrandFont| font.family.clone();
        let Fonts { heading, body, mono } = &reading.fonts;
        self.profile.fonts = BrandFonts {
            heading: self.take("fonts.heading", heading, family),
            body: self.take("fonts.body", body, family),
            mono: self.take("fonts.mono", mono, family),
        };
        let look = |button: &BrandButton| {
            button.background.map_or_else(|| "outlined".to_owned(), |fill| fill.to_string())
        };
        let Buttons { primary, secondary } = &reading.buttons;
        self.profile.buttons = BrandButtons {
            primary: self.take("buttons.primary", primary, look),
            secondary: self.take("buttons.secondary", secondary, look),
        };
        if reading.spoken.is_mismatch {
            self.warn("lang_mismatch");
        }
        name
    }

    /// Takes over the mark; gives its file.
    pub(crate) fn take_mark(&mut self, mark: &Finding<Mark>) -> Option<File> {
        let place = |mark: &Mark| mark.logo.source_url.clone();
        let mark = self.take("logo", mark, place)?;
        if let Some(evidence) = self.evidence.get_mut("logo") {
            evidence.alternatives = mark.others;
        }
        let Stored { bytes, mime_type, width, height } = mark.stored;
        self.profile.logo = Some(mark.logo);
        Some(File { bytes, mime_type, size: Some((width, height)) })
    }

    /// Takes over what was measured on pictures.
    pub(crate) fn take_imagery(&mut self, imagery: &Finding<Imagery>) {
        let style = |imagery: &Imagery| format!("{:?}", imagery.style).to_lowercase();
        self.profile.imagery = self.take("imagery", imagery, style);
    }

    /// Takes over a font that was sent; gives its file. Its family stands where none was found.
    pub(crate) fn take_font(&mut self, sent: Option<(File, FontFile)>) -> Option<File> {
        let (file, read) = sent?;
        let fonts = &mut self.profile.fonts;
        if let Some(family) = read.family {
            let slots = [("fonts.heading", &mut fonts.heading), ("fonts.body", &mut fonts.body)];
            for (field, slot) in slots {
                if slot.is_none() {
                    *slot = Some(BrandFont { family: family.clone(), class: None, weight: None });
                    self.evidence.insert(field.to_owned(), sent_evidence(&family));
                }
            }
        }
        Some(file)
    }

    /// Takes over the icons that the site declares.
    pub(crate) fn take_icons(&mut self, icons: &[Icon]) {
        let declared = icons.iter().filter(|icon| !icon.is_default);
        self.profile.icons = declared.map(|icon| icon.icon.clone()).collect();
    }

    /// Takes over the colours, and the mark's own.
    pub(crate) fn take_roles(&mut self, roles: &Roles, mark: &Finding<Mark>) {
        let swatches = mark.value.iter().flat_map(|mark| mark.palette.swatches.iter());
        let logo: Vec<Hex> = swatches.map(|swatch| swatch.color).take(LOGO_COLORS).collect();
        let found = [
            (ColorRole::Primary, &roles.primary),
            (ColorRole::OnPrimary, &roles.on_primary),
            (ColorRole::Secondary, &roles.secondary),
            (ColorRole::Accent, &roles.accent),
            (ColorRole::Background, &roles.background),
            (ColorRole::Surface, &roles.surface),
            (ColorRole::Text, &roles.text),
            (ColorRole::MutedText, &roles.muted_text),
            (ColorRole::Link, &roles.link),
            (ColorRole::Border, &roles.border),
        ];
        let mut colors = BrandColors { logo, ..BrandColors::default() };
        for (role, finding) in found {
            colors.set(role, self.take(role.field(), finding, Hex::to_string));
        }
        self.profile.colors = colors;
        let name = |scheme: &Scheme| format!("{scheme:?}").to_lowercase();
        self.profile.scheme = self.take("scheme", &roles.scheme, name);
        if roles.logo_disagrees {
            self.warn("logo_ui_conflict");
        }
    }

    /// The extraction of a site at `url`.
    pub(crate) fn finish(
        self,
        domain: String,
        name: Option<String>,
        logo: Option<File>,
        font: Option<File>,
    ) -> Extraction {
        let Self { profile, evidence } = self;
        let name = name.unwrap_or_else(|| domain.clone());
        Extraction { domain, name, profile, evidence, logo, font, site_fonts: Vec::new() }
    }
}

/// The host of an address as brands are told apart by it: without `www.`, with its port where
/// that is not the scheme's own.
pub(crate) fn domain(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// Evidence of a family whose font was sent.
fn sent_evidence(family: &str) -> FieldEvidence {
    let source = crate::brand::evidence::source("upload", "fontBase64", family, 1.0);
    FieldEvidence { confidence: 1.0, sources: vec![source], ..FieldEvidence::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_tell_brands_apart() {
        for (url, wanted) in [
            ("https://www.Example.org/a", "example.org"),
            ("https://example.org:443/", "example.org"),
            ("http://example.org:8080/", "example.org:8080"),
            ("https://bücher.example/", "xn--bcher-kva.example"),
            ("http://[::1]:81/", "[::1]:81"),
        ] {
            let url: Url = url.parse().expect("an address");
            assert_eq!(domain(&url), wanted);
        }
    }
}
