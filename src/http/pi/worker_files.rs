//! Files that a remote worker brings for the job that it holds.
//!
//! The body is the file itself; it goes to the disk as it comes. Never: a file in memory as a
//! whole, or one for an attempt that has lost its lease.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::BytesMut;
use serde_json::json;

use crate::actions::kind_of_file;
use crate::assets::{AssetError, AssetStore, Incoming};
use crate::domain::asset::{AttemptFile, ContentDigest, FileRoom};
use crate::domain::job::{Renewal, Report};
use crate::http::auth::{Authorized, Work};
use crate::http::body::Body;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::front::Front;
use crate::http::pi::render::{self, Head};
use crate::http::pi::workers::{lease_lost, token};
use crate::http::query::Query;
use crate::store::Attached;

/// The longest name of a file, in characters.
const MAX_FILE_NAME: usize = 200;

/// How much is gathered before it is written: a thread is asked once for many pieces.
const GATHERED: usize = 256 * 1024;

/// Keeps a file with the attempt; keeps the lease as well.
pub(crate) async fn attach(
    caller: Authorized<Work>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let name = name(Query(request.query_string()))?;
    let (reach, token) = (caller.org, token(&request));
    let to = front.engine.remote_room(reach, token).await?.ok_or_else(lease_lost)?;
    if to.room.files == 0 {
        return Err(too_many(to.room));
    }
    let (digest, incoming) = receive(Arc::clone(&front.assets), body, to.room).await?;
    let (mime_type, size) = kind_of_file(&name, incoming.head());
    let mime_type = mime_type.to_owned();
    let file = AttemptFile { name, digest, mime_type, bytes: incoming.bytes(), size };
    match front.engine.attach_remote(to, file.clone()).await? {
        Attached::Kept => {}
        Attached::LeaseLost => return Err(lease_lost()),
        Attached::TooMany => return Err(too_many(to.room)),
        Attached::TooLarge => return Err(too_large(to.room)),
    }
    let renewal = front.engine.renew_remote(reach, token, Report::default()).await?;
    if renewal.state != Renewal::Held {
        return Err(lease_lost());
    }
    let mut data = file.told(to.org);
    data["expires_at"] = json!(renewal.expires_at.iso());
    let body = render::body(&caller.exchange, front.clock.now(), Head::of("asset"), data);
    Ok(render::json_text(StatusCode::CREATED, body))
}

fn name(query: Query<'_>) -> Result<String, ApiError> {
    let name = query.text("name").unwrap_or_default().into_owned();
    let fits = (1..=MAX_FILE_NAME).contains(&name.chars().count());
    if fits && !name.chars().any(char::is_control) {
        return Ok(name);
    }
    let message = format!("`name` must be a file's name of 1 to {MAX_FILE_NAME} characters");
    Err(ApiError::query("name", message))
}

/// Writes what comes to the asset store.
async fn receive(
    assets: Arc<AssetStore>,
    body: Body,
    room: FileRoom,
) -> Result<(ContentDigest, Incoming), ApiError> {
    let mut pieces = body.pieces()?;
    if pieces.declared().is_some_and(|bytes| bytes > room.bytes) {
        return Err(too_large(room));
    }
    let store = Arc::clone(&assets);
    let mut incoming = Some(blocking(move || store.begin()).await?);
    let mut gathered = BytesMut::new();
    let mut bytes = 0;
    loop {
        let piece = pieces.next().await?;
        let is_last = piece.is_none();
        gathered.extend_from_slice(&piece.unwrap_or_default());
        if gathered.len() < GATHERED && !is_last {
            continue;
        }
        bytes += gathered.len() as u64;
        if bytes > room.bytes {
            return Err(too_large(room));
        }
        let (piece, file) = (gathered.split(), incoming.take());
        incoming = blocking(move || {
            let mut file = file;
            file.iter_mut().try_for_each(|file| file.write(&piece))?;
            Ok(file)
        })
        .await?;
        if is_last {
            break;
        }
    }
    let incoming = incoming.expect("it is put back after each piece");
    blocking(move || Ok((assets.keep(&incoming)?, incoming))).await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AssetError> + Send + 'static,
) -> Result<T, ApiError> {
    Ok(web::block(work).await.map_err(ApiError::internal)??)
}

fn too_many(room: FileRoom) -> ApiError {
    let message = format!(
        "an attempt at this action may bring {} files (`max_assets` in its configuration)",
        room.files
    );
    ApiError::new(ErrorCode::RequestTooLarge, message).at("name")
}

fn too_large(room: FileRoom) -> ApiError {
    let message = format!(
        "the files of an attempt at this action may have {} bytes together (`max_asset_bytes` in \
         its configuration)",
        room.bytes
    );
    ApiError::new(ErrorCode::RequestTooLarge, message)
}
