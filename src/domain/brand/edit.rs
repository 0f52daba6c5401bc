//! What a person sets on a brand, and what of it an extraction must leave alone.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::brand::{Brand, BrandColors, BrandFont, BrandLogo, FieldEvidence, Hex};
use crate::domain::clock::Timestamp;
use crate::domain::ids::AssetId;

/// The changes of one edit. What is `None` (or absent from a map) stays as it is; an inner `None`
/// says that the brand has no such thing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BrandEdit {
    /// A new name, not empty.
    pub name: Option<String>,
    /// A new tagline.
    pub tagline: Option<Option<String>>,
    /// New colours.
    pub colors: BTreeMap<ColorRole, Option<Hex>>,
    /// A new typeface for headings.
    pub heading: Option<Option<BrandFont>>,
    /// A new typeface for running text.
    pub body: Option<Option<BrandFont>>,
    /// A new mark, already in the asset store.
    pub logo: Option<Option<(AssetId, BrandLogo)>>,
}

/// What a colour is for; in text the member's name in `colors`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColorRole {
    /// The brand's own colour.
    Primary,
    /// Text on it.
    OnPrimary,
    /// The colour beside it.
    Secondary,
    /// The colour that points.
    Accent,
    /// The page's ground.
    Background,
    /// Cards and bands.
    Surface,
    /// Body text.
    Text,
    /// Quieter text.
    MutedText,
    /// Links.
    Link,
    /// Lines.
    Border,
}

impl ColorRole {
    /// Every role, in the order of `BrandColors`.
    pub const ALL: [Self; 10] = [
        Self::Primary,
        Self::OnPrimary,
        Self::Secondary,
        Self::Accent,
        Self::Background,
        Self::Surface,
        Self::Text,
        Self::MutedText,
        Self::Link,
        Self::Border,
    ];

    /// The key of its evidence.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Primary => "colors.primary",
            Self::OnPrimary => "colors.on_primary",
            Self::Secondary => "colors.secondary",
            Self::Accent => "colors.accent",
            Self::Background => "colors.background",
            Self::Surface => "colors.surface",
            Self::Text => "colors.text",
            Self::MutedText => "colors.muted_text",
            Self::Link => "colors.link",
            Self::Border => "colors.border",
        }
    }

    fn slot(self, colors: &mut BrandColors) -> &mut Option<Hex> {
        match self {
            Self::Primary => &mut colors.primary,
            Self::OnPrimary => &mut colors.on_primary,
            Self::Secondary => &mut colors.secondary,
            Self::Accent => &mut colors.accent,
            Self::Background => &mut colors.background,
            Self::Surface => &mut colors.surface,
            Self::Text => &mut colors.text,
            Self::MutedText => &mut colors.muted_text,
            Self::Link => &mut colors.link,
            Self::Border => &mut colors.border,
        }
    }
}

impl BrandColors {
    /// Sets the colour of one role.
    pub fn set(&mut self, role: ColorRole, color: Option<Hex>) {
        *role.slot(self) = color;
    }
}

impl Brand {
    /// Sets what a person wants; later extractions leave it alone.
    pub fn edit(&mut self, edit: BrandEdit, now: Timestamp) {
        let BrandEdit { name, tagline, colors, heading, body, logo } = edit;
        if let Some(name) = name.filter(|name| !name.trim().is_empty()) {
            self.name = name;
            self.mark(NAME);
        }
        if let Some(tagline) = tagline {
            self.profile.tagline = tagline;
            self.mark(TAGLINE);
        }
        for (role, color) in colors {
            self.profile.colors.set(role, color);
            self.mark(role.field());
        }
        if let Some(font) = heading {
            self.profile.fonts.heading = font;
            self.mark(HEADING);
        }
        if let Some(font) = body {
            self.profile.fonts.body = font;
            self.mark(BODY);
        }
        if let Some(logo) = logo {
            (self.logo, self.profile.logo) = logo.unzip();
            self.mark(LOGO);
        }
        self.note_palette();
        self.updated_at = now;
    }

    fn mark(&mut self, field: &str) {
        self.evidence.insert(field.to_owned(), FieldEvidence::person());
    }
}

const NAME: &str = "name";
const TAGLINE: &str = "tagline";
const HEADING: &str = "fonts.heading";
const BODY: &str = "fonts.body";
const LOGO: &str = "logo";

/// Puts the value of `field` back as it was `before`; fields that no edit can set are left.
pub(super) fn restore(brand: &mut Brand, before: &Brand, field: &str) {
    match field {
        NAME => brand.name.clone_from(&before.name),
        TAGLINE => brand.profile.tagline.clone_from(&before.profile.tagline),
        HEADING => brand.profile.fonts.heading.clone_from(&before.profile.fonts.heading),
        BODY => brand.profile.fonts.body.clone_from(&before.profile.fonts.body),
        LOGO => {
            brand.logo = before.logo;
            brand.profile.logo.clone_from(&before.profile.logo);
        }
        _ => {
            if let Some(role) = ColorRole::ALL.into_iter().find(|role| role.field() == field) {
                let color = *role.slot(&mut before.profile.colors.clone());
                brand.profile.colors.set(role, color);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::brand::{BrandDraft, BrandEvidence, BrandProfile, FONT_FILE, Source};
    use crate::domain::ids::{BrandId, OrgId};

    fn draft(name: &str, primary: Hex) -> BrandDraft {
        let mut profile = BrandProfile { tagline: Some("a line".into()), ..Default::default() };
        profile.colors.primary = Some(primary);
        let mut evidence = BrandEvidence::new();
        for field in ["name", "tagline", "colors.primary"] {
            evidence.insert(field.into(), FieldEvidence { confidence: 0.5, ..Default::default() });
        }
        BrandDraft {
            domain: "example.org".into(),
            name: name.into(),
            profile,
            evidence,
            logo: Some(AssetId::mint()),
            font: None,
        }
    }

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    #[test]
    fn a_later_extraction_updates_and_keeps_id_and_first_date() {
        let (one, two) = (Hex::new(1, 2, 3), Hex::new(200, 2, 3));
        let mut brand = Brand::new(BrandId::mint(), OrgId::mint(), draft("Old", one), at(1));
        let id = brand.id;
        brand.absorb(draft("New", two), at(9));
        assert_eq!((brand.id, brand.created_at, brand.updated_at), (id, at(1), at(9)));
        assert_eq!((brand.name.as_str(), brand.profile.colors.primary), ("New", Some(two)));
        assert_eq!(brand.palette().colors()[0], two);
    }

    #[test]
    fn what_a_person_set_survives_every_extraction() {
        let (found, chosen) = (Hex::new(1, 2, 3), Hex::new(9, 200, 9));
        let mut brand = Brand::new(BrandId::mint(), OrgId::mint(), draft("Found", found), at(1));
        let edit = BrandEdit {
            name: Some("Chosen".into()),
            tagline: Some(None),
            colors: BTreeMap::from([(ColorRole::Primary, Some(chosen))]),
            logo: Some(None),
            ..Default::default()
        };
        brand.edit(edit, at(2));
        for round in 3..5 {
            brand.absorb(draft("Found", found), at(round));
            assert_eq!(brand.name, "Chosen");
            assert_eq!((brand.profile.tagline.as_ref(), brand.logo), (None, None));
            assert_eq!(brand.profile.colors.primary, Some(chosen));
            assert!(brand.evidence["colors.primary"].is_by_person());
            assert_eq!(brand.palette().colors()[0], chosen);
        }
    }

    #[test]
    fn a_font_that_was_sent_stays_until_another_is_sent() {
        let color = Hex::new(1, 2, 3);
        let with_font = |kind: &str| {
            let mut draft = draft("Found", color);
            let source = Source { kind: kind.into(), ..Source::default() };
            let evidence = FieldEvidence { sources: vec![source], ..Default::default() };
            draft.evidence.insert(FONT_FILE.into(), evidence);
            draft.font = Some(AssetId::mint());
            draft
        };
        let (carried, sent, again) =
            (with_font("carried"), with_font("upload"), with_font("upload"));
        let mut brand = Brand::new(BrandId::mint(), OrgId::mint(), carried, at(1));
        let (first, second) = (sent.font, again.font);
        brand.absorb(sent, at(2));
        assert_eq!(brand.font, first);
        brand.absorb(with_font("carried"), at(3));
        brand.absorb(draft("Found", color), at(4));
        assert_eq!((brand.font, brand.font_was_sent()), (first, true));
        brand.absorb(again, at(5));
        assert_eq!(brand.font, second);
        // Deleted meanwhile: then it is not waited for.
        brand.font = None;
        let carried = with_font("carried");
        let third = carried.font;
        brand.absorb(carried, at(6));
        assert_eq!(brand.font, third);
    }

    #[test]
    fn an_edit_touches_nothing_else() {
        let color = Hex::new(1, 2, 3);
        let mut brand = Brand::new(BrandId::mint(), OrgId::mint(), draft("Found", color), at(1));
        let before = brand.clone();
        brand.edit(BrandEdit { name: Some(" ".into()), ..Default::default() }, at(1));
        assert_eq!(brand, before);
    }
}
