//! Which built-in actions there are for clients.

use serde::{Deserialize, Serialize};

/// `[actions]`: one table an action, under its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ActionsConfig {
    /// Reads a brand from a web site.
    #[serde(rename = "brands.extract")]
    pub brands_extract: ActionConfig,
    /// Does nothing, for measuring.
    pub noop: ActionConfig,
}

/// What can be set of each action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionConfig {
    /// Whether clients may ask for it.
    pub enabled: bool,
}

impl Default for ActionsConfig {
    fn default() -> Self {
        Self {
            brands_extract: ActionConfig { enabled: true },
            noop: ActionConfig { enabled: false },
        }
    }
}
