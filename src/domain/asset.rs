//! Stored files: what names one, what is known of one. The bytes lie in the `assets` room.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::domain::clock::Timestamp;
use crate::domain::ids::{AssetId, JobId, OrgId, mint_secret};

/// The SHA-256 of a file's content: its name in the asset store, 64 hex digits in text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentDigest([u8; 32]);

impl ContentDigest {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest whose 32 bytes these are.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes that are stored.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for ContentDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ContentDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is not 64 hex digits.
#[derive(Debug, thiserror::Error)]
#[error("not a SHA-256 in hex")]
pub struct NotADigest;

impl FromStr for ContentDigest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() != 64 || !text.is_ascii() {
            return Err(NotADigest);
        }
        let mut bytes = [0_u8; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| NotADigest)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| NotADigest)?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for ContentDigest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ContentDigest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A file to be stored for an organization; its bytes are already in the asset store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAsset {
    /// The organization's one for this content.
    pub id: AssetId,
    /// The content.
    pub digest: ContentDigest,
    /// Such as `image/png`.
    pub mime_type: String,
    /// The content's length.
    pub bytes: u64,
    /// Width and height in pixels, for pictures.
    pub size: Option<(u32, u32)>,
    /// The secret part of its first public path, unless the organization has the file already.
    pub token: String,
}

impl NewAsset {
    /// The file of this content in `org`, with a token for the case that it is new there.
    pub fn new(
        org: OrgId,
        digest: ContentDigest,
        mime_type: &str,
        bytes: u64,
        size: Option<(u32, u32)>,
    ) -> Self {
        let id = AssetId::of_content(org, digest.as_bytes(), mime_type);
        let token = mint_secret();
        Self { id, digest, mime_type: mime_type.to_owned(), bytes, size, token }
    }

    /// What a stored document says in the place of its URL.
    pub fn stored_path(&self) -> String {
        stored_path(self.id)
    }
}

/// A file that an attempt made, with the name that whoever made it gave it; its bytes are already
/// in the asset store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptFile {
    /// Such as `page-1.png`.
    pub name: String,
    /// The content.
    pub digest: ContentDigest,
    /// Such as `image/png`.
    pub mime_type: String,
    /// The content's length.
    pub bytes: u64,
    /// Width and height in pixels, for pictures.
    pub size: Option<(u32, u32)>,
}

impl AttemptFile {
    /// What a result says of it.
    pub fn told(&self, org: OrgId) -> Value {
        let Self { name, digest, mime_type, bytes, size } = self;
        let id = AssetId::of_content(org, digest.as_bytes(), mime_type);
        let mut told = json!({
            "name": name,
            "asset_id": id,
            "url": stored_path(id),
            "mime_type": mime_type,
            "bytes": bytes,
        });
        if let Some((width, height)) = size {
            told["width"] = json!(width);
            told["height"] = json!(height);
        }
        told
    }

    /// The file of `org` that it becomes.
    pub fn into_asset(self, org: OrgId) -> NewAsset {
        let Self { name: _, digest, mime_type, bytes, size } = self;
        NewAsset::new(org, digest, &mime_type, bytes, size)
    }
}

/// How many files an attempt may bring, and how many bytes of them. The default is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileRoom {
    /// Files.
    pub files: usize,
    /// Their bytes together.
    pub bytes: u64,
}

/// What a stored document says in the place of a file's URL: [`PUBLIC_PATH`] and the file's id.
///
/// A token may be ended and replaced, so that none stands in a document: who renders one puts the
/// token of the moment in the place of the id.
pub fn stored_path(id: AssetId) -> String {
    format!("{PUBLIC_PATH}{id}")
}

/// The file that such a path names.
pub fn named_by_path(path: &str) -> Option<AssetId> {
    path.strip_prefix(PUBLIC_PATH)?.parse().ok()
}

/// The files whose stored paths stand in a document.
pub fn named_assets(document: &mut Map<String, Value>) -> BTreeSet<AssetId> {
    let mut named = BTreeSet::new();
    for_each_path(document, &mut |path| named.extend(named_by_path(path)));
    named
}

/// Makes the stored paths in a document absolute: URLs that begin with `base`, and hold the token
/// that the file has now. A file without one keeps a URL, which leads to nothing.
pub fn make_absolute(
    document: &mut Map<String, Value>,
    tokens: &BTreeMap<AssetId, String>,
    base: impl Fn() -> String,
) {
    let mut known = None;
    for_each_path(document, &mut |path| {
        if let Some(token) = named_by_path(path).and_then(|id| tokens.get(&id)) {
            path.replace_range(PUBLIC_PATH.len().., token);
        }
        path.insert_str(0, known.get_or_insert_with(&base));
    });
}

fn for_each_path(document: &mut Map<String, Value>, visit: &mut dyn FnMut(&mut String)) {
    fn within(value: &mut Value, visit: &mut dyn FnMut(&mut String)) {
        match value {
            Value::String(text) if text.starts_with(PUBLIC_PATH) => visit(text),
            Value::Array(values) => values.iter_mut().for_each(|value| within(value, visit)),
            Value::Object(members) => for_each_path(members, visit),
            _ => {}
        }
    }
    document.values_mut().for_each(|value| within(value, visit));
}

/// Where public files are, below the server's own URL.
pub const PUBLIC_PATH: &str = "/assets/";

/// A stored file of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Its name on the wire, for those with a key.
    pub id: AssetId,
    /// Whose it is.
    pub org: OrgId,
    /// The content.
    pub digest: ContentDigest,
    /// Such as `image/png`.
    pub mime_type: String,
    /// The content's length.
    pub bytes: u64,
    /// Width and height in pixels, for pictures.
    pub size: Option<(u32, u32)>,
    /// The secret part of its public path `/assets/<token>`; `None` once it was ended.
    pub token: Option<String>,
    /// The job that it came with or out of.
    pub job: Option<JobId>,
    /// When it was stored.
    pub created_at: Timestamp,
}

impl Asset {
    /// The path under which it can be opened without a key; `None` once that was ended.
    pub fn public_path(&self) -> Option<String> {
        self.token.as_ref().map(|token| format!("{PUBLIC_PATH}{token}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_reads_its_own_text() {
        let digest = ContentDigest::of(b"tide");
        assert_eq!(digest.to_string().parse::<ContentDigest>().ok(), Some(digest));
        assert!("zz".parse::<ContentDigest>().is_err());
    }

    #[test]
    fn a_stored_path_names_its_file_and_a_public_one_does_not() {
        let new = |org| NewAsset::new(org, ContentDigest::of(b"tide"), "image/png", 4, None);
        let (one, two) = (OrgId::mint(), OrgId::mint());
        let file = new(one);
        assert_eq!(file.id, new(one).id);
        assert_ne!(file.id, new(two).id);
        assert_ne!(file.token, new(one).token, "what is public follows from nothing");
        assert_eq!(named_by_path(&file.stored_path()), Some(file.id));
        assert_eq!(named_by_path(&format!("{PUBLIC_PATH}{}", file.token)), None);
        assert_eq!(named_by_path(&file.id.to_string()), None);
    }

    #[test]
    fn only_stored_paths_are_visited_wherever_they_stand() {
        let mut document = serde_json::json!({
            "image_url": "/assets/abc",
            "url": "assets/0198",
            "variants": [{ "svg_url": "/assets/def" }, 7, ["/assets/"]],
        });
        let mut seen = Vec::new();
        let members = document.as_object_mut().expect("an object");
        for_each_path(members, &mut |path| seen.push(path.clone()));
        assert_eq!(seen, ["/assets/abc", "/assets/def", "/assets/"]);
    }

    #[test]
    fn a_stored_path_becomes_a_url_with_the_token_of_the_moment() {
        let id = AssetId::mint();
        let mut document = serde_json::json!({ "image_url": stored_path(id) });
        let members = document.as_object_mut().expect("an object");
        assert_eq!(named_assets(members), BTreeSet::from([id]));
        let tokens = BTreeMap::from([(id, "abc".to_owned())]);
        make_absolute(members, &tokens, || "https://tide.example".to_owned());
        assert_eq!(document["image_url"], "https://tide.example/assets/abc");
    }
}
