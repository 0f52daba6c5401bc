//! Stored files over HTTP: by id with a key, by an unguessable token without one.
//!
//! The bytes are read piece by piece as the client takes them. Never: a file that a browser could
//! run as a page of this server; what is no picture or web font is sent as an attachment.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::sync::Arc;

use actix_web::body::SizedStream;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Map, Value, json};

use crate::assets::AssetError;
use crate::domain::asset::{self, Asset, named_assets};
use crate::domain::ids::{AssetId, OrgId};
use crate::http::auth::{Authorized, Read, Write};
use crate::http::error::{ApiError, ErrorCode};
use crate::http::front::Front;
use crate::http::pi::render::{self, Head};
use crate::http::range::{self, Span};

/// The absolute URL under which a file can be opened without a key.
pub(super) fn public_url(asset: &Asset, base: &str) -> Option<String> {
    asset.public_path().map(|path| format!("{base}{path}"))
}

/// Makes the stored paths in a document of `org` absolute: URLs with the tokens of this moment. A
/// file that is gone, or has no token any more, keeps a URL, which leads to nothing.
pub(super) async fn make_absolute(
    front: &Front,
    request: &HttpRequest,
    org: OrgId,
    document: &mut Map<String, Value>,
) -> Result<(), ApiError> {
    let named = named_assets(document).into_iter().collect();
    let tokens = front.catalog.asset_tokens(org, named).await?.into_iter().collect();
    asset::make_absolute(document, &tokens, || front.hosts.base_url(request));
    Ok(())
}

/// What is told of a file.
pub(super) fn members(asset: &Asset, base: &str) -> Value {
    let mut members = json!({
        "id": asset.id,
        "url": format!("assets/{}", asset.id),
        "image_url": public_url(asset, base),
        "mime_type": asset.mime_type,
        "bytes": asset.bytes,
        "created_at": asset.created_at.iso(),
    });
    if let Some((width, height)) = asset.size {
        members["width"] = json!(width);
        members["height"] = json!(height);
    }
    members
}

/// A file of the caller's organization.
pub(crate) async fn show(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let asset = front.catalog.asset(caller.org, id(&request)?).await?;
    send(front, &request, asset.ok_or_else(not_found)?).await
}

/// A file by its token.
pub(crate) async fn show_public(
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let token = request.match_info().get("token").unwrap_or_default();
    let asset = front.catalog.asset_by_token(token).await?;
    send(front, &request, asset.ok_or_else(not_found)?).await
}

/// Deletes a file's row, and with it both ways to it.
pub(crate) async fn delete(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let id = id(&request)?;
    front.catalog.delete_asset(caller.org, id).await?.ok_or_else(not_found)?;
    Ok(render::deleted(&caller.exchange, front.clock.now(), "asset", id))
}

/// Ends a file's token and gives it another.
pub(crate) async fn rotate(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let asset = front.catalog.rotate_asset(caller.org, id(&request)?).await?;
    // It may hold the token that has just ended.
    front.last_shown.forget();
    let data = members(&asset.ok_or_else(not_found)?, &front.hosts.base_url(&request));
    Ok(render::succeed(&caller.exchange, front.clock.now(), Head::of("asset"), data))
}

fn id(request: &HttpRequest) -> Result<AssetId, ApiError> {
    let id = request.match_info().get("id").and_then(|id| id.parse().ok());
    id.ok_or_else(not_found)
}

fn not_found() -> ApiError {
    ApiError::new(ErrorCode::AssetNotFound, "no such file")
}

async fn send(
    front: web::Data<Front>,
    request: &HttpRequest,
    asset: Asset,
) -> Result<HttpResponse, ApiError> {
    front.uses.asset(asset.id, front.clock.now());
    let etag = format!("\"{}\"", asset.digest);
    if range::is_known(request.headers(), &etag) {
        let mut response = HttpResponse::new(StatusCode::NOT_MODIFIED);
        describe(response.headers_mut(), &asset, etag);
        return Ok(response);
    }
    let span = range::span(request.headers(), &etag, asset.bytes);
    let mut response = match span {
        Span::Whole => body(front, request, &asset, 0, asset.bytes).await?,
        Span::Part { start, end } => {
            let mut response = body(front, request, &asset, start, end - start).await?;
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let part = format!("bytes {start}-{}/{}", end - 1, asset.bytes);
            put(response.headers_mut(), header::CONTENT_RANGE, part);
            response
        }
        Span::Outside => {
            let mut response = HttpResponse::new(StatusCode::RANGE_NOT_SATISFIABLE);
            put(response.headers_mut(), header::CONTENT_RANGE, format!("bytes */{}", asset.bytes));
            response
        }
    };
    describe(response.headers_mut(), &asset, etag);
    Ok(response)
}

async fn body(
    front: web::Data<Front>,
    request: &HttpRequest,
    asset: &Asset,
    start: u64,
    length: u64,
) -> Result<HttpResponse, ApiError> {
    if request.method() == Method::HEAD {
        let nothing = stream::empty::<Result<Bytes, ApiError>>();
        return Ok(HttpResponse::Ok().body(SizedStream::new(length, nothing)));
    }
    let (files, digest) = (Arc::clone(&front.assets), asset.digest);
    let opened = web::block(move || {
        let mut file = files.open_file(&digest)?;
        file.seek(SeekFrom::Start(start))
            .map_err(|source| AssetError::Io { action: "seek in a file", source })?;
        Ok(file)
    });
    let file = opened.await.map_err(ApiError::internal)?.map_err(|error| match error {
        AssetError::Missing(_) => not_found().because(error),
        error => error.into(),
    })?;
    let pieces = stream::unfold((file, length), |(file, left)| async move {
        if left == 0 {
            return None;
        }
        match web::block(move || piece(file, left)).await {
            Ok(Ok((bytes, file))) => {
                let left = left.saturating_sub(bytes.len() as u64);
                Some((Ok::<_, ApiError>(bytes), (file, left)))
            }
            // The connection is cut short: the length that was promised does not come.
            Ok(Err(_)) | Err(_) => None,
        }
    });
    Ok(HttpResponse::Ok().body(SizedStream::new(length, pieces)))
}

/// How much of a file is in memory for one client.
const PIECE_BYTES: u64 = 256 * 1024;

fn piece(mut file: File, left: u64) -> std::io::Result<(Bytes, File)> {
    let length = left.min(PIECE_BYTES);
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    (&mut file).take(length).read_to_end(&mut bytes)?;
    if bytes.is_empty() {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok((Bytes::from(bytes), file))
}

static CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

/// The headers that every answer about a file has.
fn describe(headers: &mut HeaderMap, asset: &Asset, etag: String) {
    let fixed = [
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox",
        ),
        (CROSS_ORIGIN_RESOURCE_POLICY.clone(), "cross-origin"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::ACCEPT_RANGES, "bytes"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    put(headers, header::ETAG, etag);
    put(headers, header::CONTENT_TYPE, asset.mime_type.clone());
    if !SHOWN.contains(&asset.mime_type.as_str()) {
        let name = format!("attachment; filename=\"{}\"", asset.id);
        put(headers, header::CONTENT_DISPOSITION, name);
    }
}

/// The types that a browser may show in place.
const SHOWN: [&str; 6] =
    ["image/png", "image/jpeg", "image/webp", "image/gif", "image/svg+xml", "font/woff2"];

fn put(headers: &mut HeaderMap, name: HeaderName, value: String) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name, value);
    }
}
