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
        let mut members = brand.document(logo_url.as_deref(), font_url.as_deref());
        if evidence {
            members.insert("evidence".to_owned(), json!(brand.evidence));
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
