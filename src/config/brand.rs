//! What of a site may be kept in a brand.

use serde::{Deserialize, Serialize};

/// `[brand]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BrandConfig {
    /// Its fonts.
    pub fonts: BrandFontsConfig,
}

/// `[brand.fonts]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BrandFontsConfig {
    /// Whether a site's web font is fetched, kept and served. Most licences forbid it, so that
    /// whoever switches it on has asked those of the sites.
    pub allow_scraped: bool,
}
