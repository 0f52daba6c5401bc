//! Where a picture lies that a request names.

use std::str::FromStr as _;

use serde_json::Value;
use url::Url;

use crate::domain::asset::{PUBLIC_PATH, named_by_path};
use crate::domain::ids::AssetId;
use crate::engine::InvalidInput;
use crate::outbound::rules;

/// Where a picture lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::actions::ads) enum Place {
    /// Here.
    Stored(StoredFile),
    /// At a URL; with the file that its path names, should this be the server that has it.
    Web(Url, Option<StoredFile>),
}

/// A file of the asset store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::actions::ads) enum StoredFile {
    /// By its id.
    Id(AssetId),
    /// By its public token.
    Token(String),
}

impl Place {
    /// Reads `assets/<id>`, a stored path, `/assets/<token>`, or a URL with `http` or `https`.
    pub(super) fn read(param: &str, value: &Value) -> Result<Self, InvalidInput> {
        let fault = |message: String| InvalidInput { param: param.to_owned(), message };
        let text = value.as_str().map(str::trim);
        let text = text.ok_or_else(|| fault(format!("`{param}` {IS_A_PLACE}")))?;
        if let Some(id) = text.strip_prefix("assets/") {
            let id = AssetId::from_str(id).map_err(|_| fault(format!("`{param}` {IS_A_PLACE}")))?;
            return Ok(Self::Stored(StoredFile::Id(id)));
        }
        if let Some(id) = named_by_path(text) {
            return Ok(Self::Stored(StoredFile::Id(id)));
        }
        if let Some(token) = text.strip_prefix(PUBLIC_PATH) {
            return Ok(Self::Stored(StoredFile::Token(token.to_owned())));
        }
        let has_scheme = ["http://", "https://"].iter().any(|scheme| {
            text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        });
        if !has_scheme {
            return Err(fault(format!("`{param}` {IS_A_PLACE}")));
        }
        let url = rules::parse_url(text)
            .map_err(|refusal| fault(format!("`{param}` cannot be fetched: {refusal}")))?;
        let file = StoredFile::in_path(url.path());
        Ok(Self::Web(url, file))
    }
}

impl StoredFile {
    /// The file that the end of a URL's path names; a proxy may have put something before it.
    fn in_path(path: &str) -> Option<Self> {
        let (folder, name) = path.rsplit_once('/')?;
        if folder.ends_with("/api/v1/assets") {
            return name.parse().ok().map(Self::Id);
        }
        let is_token = folder.ends_with("/assets") && is_token(name);
        is_token.then(|| Self::Token(name.to_owned()))
    }
}

const IS_A_PLACE: &str = "must be an http(s) URL, a data URL, base64, or the path of a stored file";

fn is_token(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn own_files_are_known_by_their_paths_wherever_this_server_is_reached() {
        let id = AssetId::mint();
        let token = "x".repeat(43);
        let read = |text: String| Place::read("p", &json!(text)).expect("a place");
        let (by_id, by_token) = (StoredFile::Id(id), StoredFile::Token(token.clone()));
        for path in [format!("assets/{id}"), format!("/assets/{id}")] {
            assert_eq!(read(path), Place::Stored(by_id.clone()));
        }
        assert_eq!(read(format!("/assets/{token}")), Place::Stored(by_token.clone()));
        for (url, file) in [
            (format!("https://mill.example/api/v1/assets/{id}"), Some(by_id)),
            (format!("https://mill.example/assets/{token}"), Some(by_token.clone())),
            (format!("https://mill.example/tides/assets/{token}"), Some(by_token)),
            ("HTTPS://a.example/assets/boat.jpg".to_owned(), None),
        ] {
            let parsed = Url::parse(&url).expect("a URL");
            assert_eq!(read(url), Place::Web(parsed, file));
        }
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for wrong in [json!(7), json!("boat.png"), json!("file:///etc/passwd"), json!("assets/x")] {
            assert_eq!(Place::read("p[0]", &wrong).expect_err("refused").param, "p[0]");
        }
    }
}
