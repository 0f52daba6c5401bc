//! Which addresses webhooks may have beside public ones under `https`.
//!
//! The entries are read by the room that obeys them; `tidemill doctor` shows both.

use serde::{Deserialize, Serialize};

use crate::config::Findings;

/// `[webhooks]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhooksConfig {
    /// Hosts and networks beside the public ones: `10.0.0.0/8`, `hooks.intranet:8443`.
    pub allow: Vec<String>,
    /// Hosts and networks that may be told without encryption.
    pub allow_http: Vec<String>,
}

impl WebhooksConfig {
    pub(super) fn check(&self, findings: &mut Findings) {
        let Self { allow: _, allow_http } = self;
        if allow_http.iter().any(|entry| entry.ends_with("/0")) {
            findings.warning(
                "webhooks.allow_http",
                "names every address: messages about jobs travel in the clear",
            );
        }
    }
}
