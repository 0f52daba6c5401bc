//! Pictures and fonts that came inside a body, in base64: decoded, checked by size and leading
//! bytes, and put into the asset store before the job that needs them is stored.
//!
//! The input keeps their ids in place of the texts. Never: a picture opened here; a damaged one
//! fails its job.

use std::sync::Arc;

use actix_web::web;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value, json};

use crate::actions::{
    BRANDS_EXTRACT, CAMPAIGNS_EDIT, CAMPAIGNS_GENERATE, CAMPAIGNS_LOCALIZE_AD, IMAGES_GENERATE,
    MAX_IMAGES, MAX_LOCALIZED_REFERENCES, MAX_REFERENCE_BYTES, MAX_REFERENCES,
};
use crate::assets::AssetStore;
use crate::domain::asset::{NewAsset, PUBLIC_PATH};
use crate::domain::ids::OrgId;
use crate::http::error::ApiError;
use crate::http::front::Front;
use crate::pixels::{self, Format};

/// A member of an action's input that may hold files.
#[derive(Debug)]
struct Upload {
    /// The member that holds base64.
    field: &'static str,
    /// The member that holds ids in its place.
    stored: &'static str,
    /// Whether it is a list, and of how many at the most.
    many: Option<usize>,
    /// What the files must be.
    kind: Kind,
    /// How many bytes each may have.
    max_bytes: usize,
    /// Whether a text may also be a URL or the path of a stored file; then what is stored is
    /// named by such a path too, and one text may stand for a list.
    or_place: bool,
}

/// What a file must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Picture,
    /// A picture that was painted or photographed: no drawing, no icon.
    Photo,
    Font,
}

/// The longest logo that may be sent, in bytes.
pub(super) const MAX_LOGO_BYTES: usize = 2_000_000;

/// The longest reference picture or font that may be sent with an extraction, in bytes.
const MAX_FILE_BYTES: usize = 4_000_000;

static OF_EXTRACTION: [Upload; 3] = [
    Upload {
        field: "logoBase64",
        stored: "logo",
        many: None,
        kind: Kind::Picture,
        max_bytes: MAX_LOGO_BYTES,
        or_place: false,
    },
    Upload {
        field: "imagesBase64",
        stored: "images",
        many: Some(MAX_IMAGES),
        kind: Kind::Picture,
        max_bytes: MAX_FILE_BYTES,
        or_place: false,
    },
    Upload {
        field: "fontBase64",
        stored: "font",
        many: None,
        kind: Kind::Font,
        max_bytes: MAX_FILE_BYTES,
        or_place: false,
    },
];

static OF_ADS: [Upload; 1] = [references(MAX_REFERENCES)];

static OF_LOCALIZATION: [Upload; 2] = [
    references(MAX_LOCALIZED_REFERENCES),
    Upload { field: "source_image_url", stored: "source_image_url", many: None, ..references(1) },
];

const fn references(most: usize) -> Upload {
    Upload {
        field: "reference_images",
        stored: "reference_images",
        many: Some(most),
        kind: Kind::Photo,
        max_bytes: MAX_REFERENCE_BYTES,
        or_place: true,
    }
}

fn of_action(action: &str) -> &'static [Upload] {
    match action {
        BRANDS_EXTRACT => &OF_EXTRACTION,
        IMAGES_GENERATE | CAMPAIGNS_GENERATE | CAMPAIGNS_EDIT => &OF_ADS,
        CAMPAIGNS_LOCALIZE_AD => &OF_LOCALIZATION,
        _ => &[],
    }
}

/// The files of one input.
#[derive(Debug, Default)]
pub(super) struct Uploads {
    /// Their rows, to be stored with the job.
    pub(super) assets: Vec<NewAsset>,
    /// What a client is told of them.
    pub(super) echo: Map<String, Value>,
}

/// Stores the files in the input of `action`, which stands at `path` in the body.
pub(super) async fn store(
    front: &Front,
    org: OrgId,
    action: &str,
    input: &mut Map<String, Value>,
    path: &str,
) -> Result<Uploads, ApiError> {
    let mut uploads = Uploads::default();
    for upload in of_action(action) {
        let Some(value) = input.remove(upload.field).filter(|value| !value.is_null()) else {
            continue;
        };
        let place = match path {
            "" => upload.field.to_owned(),
            path => format!("{path}.{}", upload.field),
        };
        let texts = texts(upload, value, &place)?;
        let many = upload.many.is_some();
        let mut names = Vec::with_capacity(texts.len());
        for (index, text) in texts.into_iter().enumerate() {
            if upload.or_place && is_place(&text) {
                names.push(text);
                continue;
            }
            let place = if many { format!("{place}[{index}]") } else { place.clone() };
            let asset = keep(&front.assets, org, text, upload, place).await?;
            names.push(upload.name_of(&asset));
            uploads.assets.push(asset);
        }
        if many {
            uploads.echo.insert("reference_image_count".to_owned(), json!(names.len()));
        }
        let stored = if many { json!(names) } else { json!(names.first()) };
        input.insert(upload.stored.to_owned(), stored);
    }
    Ok(uploads)
}

impl Upload {
    /// What each of its texts must be.
    const fn wanted(&self) -> &'static str {
        if self.or_place { NOT_A_PLACE } else { NOT_BASE64 }
    }

    /// What the input says in a file's place.
    fn name_of(&self, asset: &NewAsset) -> String {
        if self.or_place { format!("assets/{}", asset.id) } else { asset.id.to_string() }
    }
}

/// Whether a text says where a picture lies; what it says is the action's to check.
fn is_place(text: &str) -> bool {
    const STARTS: [&str; 4] = ["http://", "https://", "assets/", PUBLIC_PATH];
    let text = text.trim_start();
    STARTS.iter().any(|start| {
        text.get(..start.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(start))
    })
}

fn texts(upload: &Upload, value: Value, place: &str) -> Result<Vec<String>, ApiError> {
    let fault = |message: String| ApiError::body(place.to_owned(), message);
    match (value, upload.many) {
        (Value::String(text), None) => Ok(vec![text]),
        (Value::String(text), Some(_)) if upload.or_place => Ok(vec![text]),
        (Value::Array(values), Some(most)) if values.len() <= most => values
            .into_iter()
            .enumerate()
            .map(|(index, value)| match value {
                Value::String(text) => Ok(text),
                _ => Err(ApiError::body(format!("{place}[{index}]"), upload.wanted())),
            })
            .collect(),
        (_, None) => Err(fault(upload.wanted().to_owned())),
        (_, Some(most)) => {
            Err(fault(format!("must be a list of at most {most} texts; each {}", upload.wanted())))
        }
    }
}

async fn keep(
    assets: &Arc<AssetStore>,
    org: OrgId,
    text: String,
    upload: &'static Upload,
    place: String,
) -> Result<NewAsset, ApiError> {
    let assets = Arc::clone(assets);
    let kept = web::block(move || {
        let bytes = decode(&text, upload.max_bytes)
            .map_err(|message| match message.as_str() {
                NOT_BASE64 => upload.wanted().to_owned(),
                _ => message,
            })
            .and_then(|bytes| Ok((mime_type(&bytes, upload.kind)?, bytes)));
        let (mime_type, bytes) = bytes.map_err(|message| ApiError::body(place, message))?;
        let digest = assets.put(&bytes)?;
        Ok(NewAsset::new(org, digest, mime_type, bytes.len() as u64, None))
    });
    kept.await.map_err(ApiError::internal)?
}

const NOT_A_PLACE: &str = "must be an http(s) URL, a data URL with base64, or base64";

const NOT_BASE64: &str = "must be base64, or a data URL with base64";

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// The bytes of a text in base64, with or without padding and line ends, or of a data URL.
pub(super) fn decode(text: &str, max_bytes: usize) -> Result<Vec<u8>, String> {
    let encoded = match text.strip_prefix("data:") {
        None => text,
        Some(rest) => match rest.split_once(',') {
            Some((head, encoded)) if head.ends_with(";base64") => encoded,
            _ => return Err(NOT_BASE64.to_owned()),
        },
    };
    let too_long = || format!("must have at most {max_bytes} bytes when decoded");
    // Line ends are a few percent of a text; a longer one is refused before it is copied.
    if encoded.len() / 4 * 3 > max_bytes + max_bytes / 8 {
        return Err(too_long());
    }
    let compact: Vec<u8> = encoded.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let url_safe = compact.iter().any(|byte| matches!(byte, b'-' | b'_'));
    let decoded = if url_safe { URL_SAFE.decode(&compact) } else { STANDARD.decode(&compact) };
    match decoded {
        Ok(bytes) if bytes.len() > max_bytes => Err(too_long()),
        Ok(bytes) if bytes.is_empty() => Err("must not be empty".to_owned()),
        Ok(bytes) => Ok(bytes),
        Err(_) => Err(NOT_BASE64.to_owned()),
    }
}

/// The type under which a file is kept. What a browser could run or cannot show is kept as plain
/// bytes, so that it is only ever sent as an attachment; its job knows it by its leading bytes.
pub(super) fn mime_type(bytes: &[u8], kind: Kind) -> Result<&'static str, String> {
    const BYTES: &str = "application/octet-stream";
    match kind {
        Kind::Picture => match pixels::sniff(bytes) {
            Ok(Format::Png) => Ok("image/png"),
            Ok(Format::Jpeg) => Ok("image/jpeg"),
            Ok(Format::WebP) => Ok("image/webp"),
            Ok(Format::Gif) => Ok("image/gif"),
            Ok(Format::Ico | Format::Svg) => Ok(BYTES),
            Ok(Format::Bmp) | Err(_) => {
                Err("must be a PNG, JPEG, WebP, GIF, ICO or SVG picture".to_owned())
            }
        },
        Kind::Photo => match pixels::sniff(bytes) {
            Ok(Format::Png) => Ok("image/png"),
            Ok(Format::Jpeg) => Ok("image/jpeg"),
            Ok(Format::WebP) => Ok("image/webp"),
            _ => Err("must be a PNG, JPEG or WebP picture".to_owned()),
        },
        Kind::Font => match bytes.get(..4) {
            Some(b"wOF2") => Ok("font/woff2"),
            Some(b"wOFF" | b"OTTO" | b"true" | b"\0\x01\0\0") => Ok(BYTES),
            _ => Err("must be a WOFF2, WOFF, TrueType or OpenType font".to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_in_every_usual_form() {
        for text in ["TWlsbA==", "TWlsbA", "TWls\r\nbA==", "data:image/png;base64,TWlsbA=="] {
            assert_eq!(decode(text, 10).as_deref(), Ok(b"Mill".as_slice()), "{text}");
        }
        assert_eq!(decode("-_8", 10).as_deref(), Ok([0xfb, 0xff].as_slice()));
        for text in ["", "%%%%", "data:image/png,raw", "https://example.org/a.png"] {
            assert!(decode(text, 100).is_err(), "{text}");
        }
    }

    #[test]
    fn a_file_over_its_limit_is_refused() {
        let text = STANDARD.encode([7_u8; 100]);
        assert!(decode(&text, 100).is_ok());
        assert!(decode(&text, 99).is_err());
        assert!(decode(&text, 10).is_err());
    }

    #[test]
    fn a_file_must_begin_as_its_kind_does() {
        let picture = |bytes: &[u8]| mime_type(bytes, Kind::Picture).ok();
        assert_eq!(picture(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(picture(b"<svg xmlns='x'/>"), Some("application/octet-stream"));
        assert_eq!(picture(b"<!doctype html><p>no"), None);
        assert_eq!(picture(b"wOF2"), None);
        assert_eq!(mime_type(b"wOF2....", Kind::Font).ok(), Some("font/woff2"));
        assert!(mime_type(b"\x89PNG\r\n\x1a\n", Kind::Font).is_err());
    }
}
