//! Brands: what is stored of one, and the rules by which extractions and people change it.
//!
//! An extraction gives a `BrandDraft`; `Brand::absorb` takes it over except where a person has set
//! a value; `Brand::edit` sets values as a person does. Never: a URL of a file.

mod dna;
mod edit;
mod evidence;
mod hex;
mod palette;
mod profile;

pub use dna::BrandDna;
pub use edit::{BrandEdit, ColorRole};
pub use evidence::{BrandEvidence, FieldEvidence, SetBy, Source};
pub use hex::{Hex, NotAHex};
pub use palette::Palette;
pub use profile::{
    BrandButton, BrandButtons, BrandColors, BrandFont, BrandFonts, BrandIcon, BrandLogo,
    BrandProfile, Direction, FontClass, Ground, Imagery, ImageryStyle, Scheme, SocialLink,
};

use serde_json::{Map, Value, json};

use crate::domain::clock::Timestamp;
use crate::domain::ids::{AssetId, BrandId, OrgId};

/// The key of the evidence of a brand's font file.
pub const FONT_FILE: &str = "font_file";

/// The kind of source of a font file that was sent.
pub const FONT_SENT: &str = "upload";

/// The kind of source of a font file that is a part of the program.
pub const FONT_CARRIED: &str = "carried";

/// A stored brand: identified by its organization and domain.
#[derive(Clone, Debug, PartialEq)]
pub struct Brand {
    /// Its id; a later extraction of the same domain keeps it.
    pub id: BrandId,
    /// Whose it is.
    pub org: OrgId,
    /// The host of the site, or `upload-…` for a brand made of uploads.
    pub domain: String,
    /// What it is called; never empty.
    pub name: String,
    /// What is known of it.
    pub profile: BrandProfile,
    /// Why.
    pub evidence: BrandEvidence,
    /// Its mark, as a stored file.
    pub logo: Option<AssetId>,
    /// Its font, as a stored file.
    pub font: Option<AssetId>,
    /// When it was first stored.
    pub created_at: Timestamp,
    /// When anything of it last changed.
    pub updated_at: Timestamp,
}

/// What an extraction returns to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct BrandDraft {
    /// The host of the site, or `upload-…`.
    pub domain: String,
    /// The name; the domain when none was found.
    pub name: String,
    /// The values.
    pub profile: BrandProfile,
    /// Their evidence.
    pub evidence: BrandEvidence,
    /// The mark, already in the asset store.
    pub logo: Option<AssetId>,
    /// The font, already in the asset store.
    pub font: Option<AssetId>,
}

impl Brand {
    /// A brand's first row.
    pub fn new(id: BrandId, org: OrgId, draft: BrandDraft, now: Timestamp) -> Self {
        let BrandDraft { domain, name, profile, evidence, logo, font } = draft;
        let mut brand = Self {
            id,
            org,
            domain,
            name,
            profile,
            evidence,
            logo,
            font,
            created_at: now,
            updated_at: now,
        };
        brand.note_palette();
        brand
    }

    /// Takes over a new extraction, except the values that a person set; keeps id and first date.
    pub fn absorb(&mut self, draft: BrandDraft, now: Timestamp) {
        let kept = Self::new(self.id, self.org, draft, self.created_at);
        let before = std::mem::replace(self, kept);
        for (field, evidence) in before.evidence.iter().filter(|(_, why)| why.is_by_person()) {
            edit::restore(self, &before, field);
            self.evidence.insert(field.clone(), evidence.clone());
        }
        // A font that was sent stays until another one is sent: sites do not name it.
        if before.font.is_some()
            && before.font_was_sent()
            && !self.font_was_sent()
            && let Some(evidence) = before.evidence.get(FONT_FILE)
        {
            self.font = before.font;
            self.evidence.insert(FONT_FILE.to_owned(), evidence.clone());
        }
        self.note_palette();
        self.updated_at = now;
    }

    fn font_was_sent(&self) -> bool {
        self.font_is_from(FONT_SENT)
    }

    /// Whether its font file is from such a source, `upload`, `font-face` or `carried`.
    pub fn font_is_from(&self, kind: &str) -> bool {
        let evidence = self.evidence.get(FONT_FILE);
        evidence.is_some_and(|why| why.sources.iter().any(|source| source.kind == kind))
    }

    /// The four colours that stand for the brand.
    pub fn palette(&self) -> Palette {
        Palette::of(&self.profile.colors)
    }

    /// The wire's `brand_dna`.
    pub fn dna(&self) -> BrandDna<'_> {
        BrandDna::of(&self.profile)
    }

    /// The brand as clients and later steps of a run read it, without its evidence.
    pub fn document(
        &self,
        logo_url: Option<&str>,
        font_file_url: Option<&str>,
    ) -> Map<String, Value> {
        let dna = self.dna();
        let members = [
            ("id", json!(self.id)),
            ("org_id", json!(self.org)),
            ("domain", json!(self.domain)),
            ("name", json!(self.name)),
            ("primary_hex", json!(self.profile.colors.primary)),
            ("secondary_hex", json!(self.profile.colors.secondary)),
            ("logo_url", json!(logo_url)),
            ("font_file_url", json!(font_file_url)),
            ("layout_rules", dna.layout_rules()),
            ("brand_dna", json!(dna)),
            ("created_at", json!(self.created_at.iso())),
            ("updated_at", json!(self.updated_at.iso())),
        ];
        members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// The palette follows from the colours, so its evidence is made whenever they change.
    fn note_palette(&mut self) {
        self.evidence.insert("color_palette".to_owned(), self.palette().evidence());
    }
}
