//! `GET /openapi.json`: the API for machines, as `docs/openapi.json` has it.
//!
//! A released program carries the checked-in text, compressed. A debug build makes it anew from
//! what `openapi` says of the routes, so that the tests can tell when the checked-in one is old.
//! Never: anything that this server's operator made.

use std::io::Read as _;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use flate2::read::GzDecoder;

use crate::http::dashboard::accepts_gzip;
use crate::http::front::Front;

/// The document, for whoever asks.
pub(crate) async fn show(request: HttpRequest, front: web::Data<Front>) -> HttpResponse {
    let packed = packed(&front);
    let mut response = HttpResponse::Ok();
    response
        .content_type("application/json")
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::VARY, "accept-encoding"));
    if accepts_gzip(request.headers()) {
        return response.insert_header((header::CONTENT_ENCODING, "gzip")).body(packed);
    }
    let mut text = Vec::new();
    GzDecoder::new(&*packed).read_to_end(&mut text).expect("it was compressed here");
    response.body(text)
}

#[cfg(not(debug_assertions))]
fn packed(_: &Front) -> Bytes {
    Bytes::from_static(include_bytes!(concat!(env!("OUT_DIR"), "/docs/openapi.json.gz")))
}

#[cfg(debug_assertions)]
fn packed(front: &Front) -> Bytes {
    use std::io::Write as _;
    use std::sync::OnceLock;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    static PACKED: OnceLock<Bytes> = OnceLock::new();
    let pack = || {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        let text = crate::http::openapi::text(front.engine.actions());
        encoder.write_all(&text).expect("memory takes all bytes");
        Bytes::from(encoder.finish().expect("memory takes all bytes"))
    };
    PACKED.get_or_init(pack).clone()
}
