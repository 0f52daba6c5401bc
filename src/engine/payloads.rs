//! JSON documents on their way into and out of rows: small ones inline, large ones as files.

use serde_json::{Map, Value};

use crate::assets::{AssetError, AssetStore};
use crate::domain::job::Job;
use crate::domain::payload::{MAX_INLINE_BYTES, Payload};

/// Makes a document ready to be stored. Blocks while a large one is synced to disk.
pub(super) fn store(
    assets: &AssetStore,
    document: &Map<String, Value>,
) -> Result<Payload, AssetError> {
    inline(document).or_else(|text| assets.put(text.as_bytes()).map(Payload::Stored))
}

/// A document that lies in its row; the text of one that is too long for it.
pub(super) fn inline(document: &Map<String, Value>) -> Result<Payload, String> {
    // A map of JSON values always has a text.
    let text = serde_json::to_string(document).unwrap_or_else(|_| "{}".to_owned());
    if text.len() <= MAX_INLINE_BYTES { Ok(Payload::Inline(text)) } else { Err(text) }
}

/// Reads a job's arguments, with what earlier steps passed into them. Blocks as `load` does.
pub(super) fn load_input(assets: &AssetStore, job: &Job) -> Result<Map<String, Value>, AssetError> {
    let mut input = load(assets, &job.input)?;
    input.extend(job.mapped.clone());
    Ok(input)
}

/// Reads a stored document. Blocks while a large one is read.
pub(super) fn load(
    assets: &AssetStore,
    payload: &Payload,
) -> Result<Map<String, Value>, AssetError> {
    let document = match payload {
        Payload::Inline(text) => serde_json::from_str(text),
        Payload::Stored(digest) => serde_json::from_slice(&assets.read(digest)?),
    };
    // What was stored was an object; anything else was changed by another hand.
    Ok(document.unwrap_or_default())
}
