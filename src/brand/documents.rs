//! What goes in and out of a survey: documents, wants, refusals, results.

use url::Url;

use crate::domain::brand::{BrandDraft, BrandEvidence, BrandProfile};
use crate::domain::ids::AssetId;

/// A document as it arrived, its transfer encoding removed.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The address that was asked for.
    pub url: Url,
    /// The address that answered, after redirects.
    pub final_url: Url,
    /// The status of the answer.
    pub status: u16,
    /// The answer's `Content-Type`.
    pub content_type: Option<String>,
    /// The body.
    pub bytes: Vec<u8>,
}

/// Why a wanted document cannot be supplied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The answer had this status.
    Status(u16),
    /// It is larger than was wanted.
    TooLarge,
    /// It may not be asked for.
    Refused,
    /// No answer came.
    Unreachable,
}

/// What an extraction is asked for beside the page.
#[derive(Clone, Debug, Default)]
pub struct SurveyRequest {
    /// Two letters.
    pub country: Option<String>,
    /// BCP 47, most wanted first; picks among translations.
    pub languages: Vec<String>,
    /// A mark that was sent; it wins over the site's.
    pub logo: Option<Vec<u8>>,
    /// Reference pictures that were sent.
    pub images: Vec<Vec<u8>>,
    /// A font that was sent.
    pub font: Option<Vec<u8>>,
    /// Whether the site's own font may be asked for and kept.
    pub site_font: bool,
}

/// A document that the survey asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Want {
    /// Names it in `supply`.
    pub id: WantId,
    /// Where it lies.
    pub url: Url,
    /// What it is.
    pub kind: WantKind,
    /// The largest body that is of use.
    pub max_bytes: usize,
    /// For the `Accept` header.
    pub accept: &'static str,
}

/// Names a want of one survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WantId(pub(super) u32);

/// What a wanted document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WantKind {
    /// A style sheet.
    Stylesheet,
    /// A web manifest.
    Manifest,
    /// An icon.
    Icon,
    /// A picture.
    Image,
    /// A font.
    Font,
    /// Another page of the site.
    Page,
}

/// A page that no brand can be read from. The message tells a person what to correct.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// The page only sends on to another one; not an error to show, but to follow.
    #[error("the page sends on to {0}")]
    Redirect(Url),
    /// The answer's status is an error.
    #[error("the site answered with status {0}; check the address, or try later")]
    Status(u16),
    /// A challenge, a login or a refusal stands before the site.
    #[error(
        "the site shows a check for robots or a refusal instead of its page ({0}); \
             allow this server there, or upload the logo and images instead"
    )]
    Blocked(String),
    /// The domain is for sale, under construction, or shows a server's own page.
    #[error(
        "the address shows a placeholder instead of a site ({0}); check the address, or try later"
    )]
    Parked(String),
    /// There is nothing on the page.
    #[error("the page is empty; check the address, or upload the logo and images instead")]
    Empty,
    /// The document is not a page.
    #[error("the address gives `{0}` instead of a web page; give the address of a page")]
    NotHtml(String),
    /// The page is larger than is read.
    #[error(
        "the page is larger than {} MiB; give the address of a smaller page of the site",
        .0.div_ceil(1 << 20)
    )]
    TooLarge(usize),
    /// What was sent cannot be opened.
    #[error(
        "the {0} that was sent cannot be opened as a picture; \
         send PNG, JPEG, WebP, GIF, ICO or SVG"
    )]
    Upload(&'static str),
    /// The font that was sent is none.
    #[error("the font that was sent cannot be read; send TTF, OTF, WOFF or WOFF2")]
    Font,
}

impl Unusable {
    /// The wire's `error_code`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Redirect(_) => "site_redirects",
            Self::Status(_) => "site_error",
            Self::Blocked(_) => "site_blocked",
            Self::Parked(_) => "site_parked",
            Self::Empty => "site_empty",
            Self::NotHtml(_) => "site_not_html",
            Self::TooLarge(_) => "site_too_large",
            Self::Upload(_) | Self::Font => "upload_unreadable",
        }
    }
}

/// What an extraction came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Extraction {
    /// The brand's identity: the page's host, or `upload-…`.
    pub domain: String,
    /// The name; the domain when none was found.
    pub name: String,
    /// The values.
    pub profile: BrandProfile,
    /// Their evidence.
    pub evidence: BrandEvidence,
    /// The mark, made safe to serve.
    pub logo: Option<File>,
    /// The font that was sent.
    pub font: Option<File>,
    /// The fonts that the site brings for its first family, the best first; only when asked for.
    pub site_fonts: Vec<SiteFont>,
}

/// A font of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteFont {
    /// Where it lies.
    pub url: Url,
    /// What came from there; only its first bytes were looked at.
    pub file: File,
}

/// A file to be put into the asset store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The content.
    pub bytes: Vec<u8>,
    /// Such as `image/png`.
    pub mime_type: &'static str,
    /// Width and height in pixels, for pictures.
    pub size: Option<(u32, u32)>,
}

impl Extraction {
    /// What is to be stored, once the files are in the asset store.
    pub fn into_draft(self, logo: Option<AssetId>, font: Option<AssetId>) -> BrandDraft {
        let Self { domain, name, profile, evidence, logo: _, font: _, site_fonts: _ } = self;
        BrandDraft { domain, name, profile, evidence, logo, font }
    }
}

#[cfg(test)]
impl Fetched {
    /// A page as a test writes it.
    pub(crate) fn html(url: &str, html: &str) -> Self {
        Self::document(url, "text/html; charset=utf-8", html.as_bytes())
    }

    /// Any document as a test writes it.
    pub(crate) fn document(url: &str, content_type: &str, bytes: &[u8]) -> Self {
        let url: Url = url.parse().expect("tests write addresses");
        Self {
            url: url.clone(),
            final_url: url,
            status: 200,
            content_type: Some(content_type.to_owned()),
            bytes: bytes.to_vec(),
        }
    }
}
