//! A brand as a Pi client sees it.

use serde_json::{Map, Value, json};

use crate::domain::brand::Brand;

/// A brand and where its files are served.
#[derive(Debug)]
pub(crate) struct BrandView<'a> {
    /// The brand.
    pub(crate) brand: &'a Brand,
    /// The absolute URL of its mark.
    pub(crate) logo_url: Option<String>,
    /// The absolute URL of its font.
    pub(crate) font_url: Option<String>,
    /// Whether to say why each field says what it says.
    pub(crate) evidence: bool,
}

impl BrandView<'_> {
    /// The members of `data`.
    pub(crate) fn members(self) -> Map<String, Value> {
        let Self { brand, logo_url, font_url, evidence } = self;
        let dna = brand.dna();
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        put("id", json!(brand.id));
        put("org_id", json!(brand.org));
        put("domain", json!(brand.domain));
        put("name", json!(brand.name));
        put("primary_hex", json!(brand.profile.colors.primary));
        put("secondary_hex", json!(brand.profile.colors.secondary));
        put("logo_url", json!(logo_url));
        put("font_file_url", json!(font_url));
        put("layout_rules", dna.layout_rules());
        put("brand_dna", json!(dna));
        put("created_at", json!(brand.created_at.iso()));
        put("updated_at", json!(brand.updated_at.iso()));
        if evidence {
            put("evidence", json!(brand.evidence));
        }
        members
    }
}

/// `brand_dna` alone, for a projection.
pub(crate) fn dna(brand: &Brand) -> Map<String, Value> {
    match json!(brand.dna()) {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
