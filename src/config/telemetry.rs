//! What the server tells of itself, and to whom.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::config::Findings;

/// `[telemetry]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TelemetryConfig {
    /// Which log lines are written: a level, or levels by room.
    pub log: String,
    /// How they look.
    pub format: LogStyle,
    /// An address for `/metrics` without a key; empty keeps it on the server's, with one.
    pub listen: String,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogStyle {
    /// For people on a terminal, else JSON.
    #[default]
    Auto,
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

impl Default for TelemetryConfig {
    fn default() -> Self {
        Self { log: "info".to_owned(), format: LogStyle::Auto, listen: String::new() }
    }
}

impl TelemetryConfig {
    /// The address for `/metrics`, if it has one of its own.
    pub fn listen_address(&self) -> Option<SocketAddr> {
        self.listen.parse().ok()
    }

    pub(super) fn check(&self, findings: &mut Findings) {
        let Self { log: _, format: _, listen } = self;
        match (listen.as_str(), self.listen_address()) {
            ("", _) => {}
            (text, None) => findings.error(
                "telemetry.listen",
                format!("`{text}` is no address; write IP and port, as \"127.0.0.1:9090\""),
            ),
            (_, Some(address)) if !address.ip().is_loopback() => findings.warning(
                "telemetry.listen",
                format!("anybody who reaches {address} reads the server's figures"),
            ),
            _ => {}
        }
    }
}
