//! Which other machines the server may reach for a request, and how it introduces itself.
//!
//! The entries of `allow` are read by the room that obeys them; `tidemill doctor` shows both.

use serde::{Deserialize, Serialize};

use crate::config::Findings;

/// `[outbound]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutboundConfig {
    /// Which addresses may be reached.
    pub mode: OutboundMode,
    /// Hosts and networks beside the public ones: `10.0.0.0/8`, `intranet.example:8080`.
    pub allow: Vec<String>,
    /// Whether `robots.txt` of public hosts is honoured.
    pub robots: bool,
    /// A URL or mail address in the `User-Agent`, for those who run the visited sites.
    pub contact: String,
}

/// Which addresses may be reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboundMode {
    /// Public ones, and those of `allow`.
    #[default]
    Public,
    /// Only those of `allow`.
    AllowlistOnly,
    /// None.
    Off,
}

impl Default for OutboundConfig {
    fn default() -> Self {
        Self { mode: OutboundMode::Public, allow: Vec::new(), robots: true, contact: String::new() }
    }
}

impl OutboundConfig {
    pub(super) fn check(&self, findings: &mut Findings) {
        let Self { mode, allow, robots: _, contact } = self;
        if *mode == OutboundMode::AllowlistOnly && allow.is_empty() {
            findings.warning(
                "outbound.mode",
                "is `allowlist_only` and `outbound.allow` is empty: no site can be reached",
            );
        }
        if contact.chars().any(|character| character.is_control() || !character.is_ascii()) {
            findings.error("outbound.contact", "must be plain ASCII: it stands in a header");
        }
    }
}
