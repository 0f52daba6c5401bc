//! The dashboard's files: carried in the program, served to anybody, and worth nothing without a
//! key, which the page must show to the API as everybody must.
//!
//! A page may run no script and load no style but these files, and nobody may frame it. Never: a
//! file from the disk of a released program, or an address of another origin.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::{LazyLock, Mutex, PoisonError};

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::http::error::{ApiError, ErrorCode};

/// The files of `static/`.
#[derive(rust_embed::Embed)]
#[folder = "static/"]
struct Files;

/// The one page. Which view it shows is read from the address by its script.
const PAGE: &str = "index.html";

/// What a page may do: run and load the files here, talk to this server, show its pictures. Markup
/// from text is refused by the browser itself, should a script ever try.
static POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
);

/// Asked for again each time, and answered with 304: an upgraded server shows its own dashboard.
static REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// A view of the dashboard.
pub(crate) async fn page(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    answer(&request, PAGE)
}

/// A style sheet, a script or a picture.
pub(crate) async fn file(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let path = request.path().strip_prefix("/static/").unwrap_or_default();
    answer(&request, path)
}

fn answer(request: &HttpRequest, path: &str) -> Result<HttpResponse, ApiError> {
    let not_found = || {
        ApiError::new(ErrorCode::RouteNotFound, format!("there is no file `{}`", request.path()))
    };
    let media_type = media_type(path).ok_or_else(not_found)?;
    let found = Files::get(path).ok_or_else(not_found)?;
    let digest = found.metadata.sha256_hash();
    let tag = entity_tag(digest);
    if names_tag(request.headers(), &tag) {
        return Ok(dressed(HttpResponse::NotModified().finish(), &tag));
    }
    let compressed = accepts_gzip(request.headers()) && media_type.starts_with("text/");
    let bytes = Bytes::from(found.data.into_owned());
    let mut response = HttpResponse::Ok();
    response.content_type(media_type);
    let response = if compressed {
        response.insert_header((header::CONTENT_ENCODING, "gzip")).body(gzip(digest, &bytes))
    } else {
        response.body(bytes)
    };
    Ok(dressed(response, &tag))
}

/// The kinds of files that there are.
fn media_type(path: &str) -> Option<&'static str> {
    let (_, extension) = path.rsplit_once('.')?;
    Some(match extension {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => return None,
    })
}

fn dressed(mut response: HttpResponse, tag: &str) -> HttpResponse {
    let headers = response.headers_mut();
    let fixed = [(header::CONTENT_SECURITY_POLICY, &POLICY), (header::CACHE_CONTROL, &REVALIDATE)];
    for (name, value) in fixed {
        headers.insert(name, value.clone());
    }
    let texts = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::VARY, "accept-encoding"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, text) in texts {
        headers.insert(name, HeaderValue::from_static(text));
    }
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// Weak, because the compressed form has the same.
fn entity_tag(digest: [u8; 32]) -> String {
    format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(&digest[..12]))
}

fn names_tag(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    known.is_some_and(|known| known.split(',').any(|known| known.trim() == tag))
}

/// Whether an answer may be compressed so.
pub(super) fn accepts_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.unwrap_or_default().split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let refused = |quality: &str| {
            let value = quality.replace(' ', "").to_ascii_lowercase();
            value.strip_prefix("q=").is_some_and(|value| value.parse() == Ok(0.0_f32))
        };
        named && !parts.any(refused)
    })
}

/// A file's compressed form, made once.
fn gzip(digest: [u8; 32], bytes: &Bytes) -> Bytes {
    /// By the digest of the content. There are as many entries as files.
    static MADE: LazyLock<Mutex<HashMap<[u8; 32], Bytes>>> = LazyLock::new(Mutex::default);
    // Whole values are put in: a panic leaves the map as it was.
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    made.entry(digest)
        .or_insert_with(|| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(bytes).expect("memory takes all bytes");
            Bytes::from(encoder.finish().expect("memory takes all bytes"))
        })
        .clone()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_page_and_its_files_are_carried() {
        let request = TestRequest::get().uri("/static/style.css").to_http_request();
        for path in [PAGE, "style.css", "app.js", "icon.svg"] {
            let response = answer(&request, path).expect("it is there");
            assert_eq!(response.status(), 200, "{path}");
        }
        for path in ["../Cargo.toml", "missing.js", "", "style"] {
            assert!(answer(&request, path).is_err(), "{path}");
        }
    }

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        let accepts = |value: &'static str| {
            let request = TestRequest::get().insert_header((header::ACCEPT_ENCODING, value));
            accepts_gzip(request.to_http_request().headers())
        };
        assert!(accepts("gzip, deflate, br") && accepts("br;q=1, GZIP;q=0.5"));
        assert!(!accepts("br") && !accepts("gzip;q=0") && !accepts(""));
        assert!(!accepts("gzip; q=0.000") && !accepts("gzip;Q=0") && accepts("gzip;q=0.001"));
    }

    #[test]
    fn no_page_may_run_what_is_written_into_it() {
        let policy = POLICY.to_str().expect("a text");
        assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"));
        assert!(!policy.contains("http"));
    }
}
