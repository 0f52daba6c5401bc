//! Where a picture lies that a request names.

use std::str::FromStr as _;

use serde_json::Value;
use url::Url;

use crate::domain::asset::PUBLIC_PATH;
use crate::domain::ids::AssetId;
use crate::engine::InvalidInput;
use crate::outbound::rules;

/// Where a picture lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::actions::ads) enum Place {
    /// A stored file, by its id.
    Asset(AssetId),
    /// A stored file, by its public token: as a stored path, or in a URL, which is of another
    /// server where no file here has the token.
    Public(String, Option<Url>),
    /// Somewhere else.
    Web(Url),
}

impl Place {
    /// Reads `assets/<id>`, `/assets/<token>`, or a URL with `http` or `https`.
    pub(super) fn read(param: &str, value: &Value) -> Result<Self, InvalidInput> {
        let fault = |message: String| InvalidInput { param: param.to_owned(), message };
        let text = value.as_str().map(str::trim);
        let text = text.ok_or_else(|| fault(format!("`{param}` {IS_A_PLACE}")))?;
        if let Some(id) = text.strip_prefix("assets/") {
            let id = AssetId::from_str(id).map_err(|_| fault(format!("`{param}` {IS_A_PLACE}")))?;
            return Ok(Self::Asset(id));
        }
        if let Some(token) = text.strip_prefix(PUBLIC_PATH) {
            return Ok(Self::Public(token.to_owned(), None));
        }
        let has_scheme = ["http://", "https://"].iter().any(|scheme| {
            text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        });
        if !has_scheme {
            return Err(fault(format!("`{param}` {IS_A_PLACE}")));
        }
        let url = rules::parse_url(text)
            .map_err(|refusal| fault(format!("`{param}` cannot be fetched: {refusal}")))?;
        Ok(Self::of_url(url))
    }

    fn of_url(url: Url) -> Self {
        /// What stands before an id in the URL of a stored file.
        const BY_ID: &str = "/api/v1/assets/";
        if let Some(token) = url.path().strip_prefix(PUBLIC_PATH)
            && is_token(token)
        {
            return Self::Public(token.to_owned(), Some(url.clone()));
        }
        // Ids are random enough to be nobody else's; a wrong one is said to be unknown.
        match url.path().strip_prefix(BY_ID).and_then(|id| AssetId::from_str(id).ok()) {
            Some(id) => Self::Asset(id),
            None => Self::Web(url),
        }
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
        assert_eq!(read(format!("assets/{id}")), Place::Asset(id));
        assert_eq!(read(format!("https://mill.example/api/v1/assets/{id}")), Place::Asset(id));
        assert_eq!(read(format!("/assets/{token}")), Place::Public(token.clone(), None));
        let url = format!("https://mill.example/assets/{token}");
        let parsed = Url::parse(&url).expect("a URL");
        assert_eq!(read(url), Place::Public(token, Some(parsed)));
        let elsewhere = "HTTPS://a.example/assets/boat.jpg";
        assert!(matches!(read(elsewhere.to_owned()), Place::Web(_)));
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for wrong in [json!(7), json!("boat.png"), json!("file:///etc/passwd"), json!("assets/x")] {
            assert_eq!(Place::read("p[0]", &wrong).expect_err("refused").param, "p[0]");
        }
    }
}
