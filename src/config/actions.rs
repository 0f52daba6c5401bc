//! Which built-in actions there are for clients.

use serde::{Deserialize, Serialize};

/// `[actions]`: one table an action, under its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ActionsConfig {
    /// Reads a brand from a web site.
    #[serde(rename = "brands.extract")]
    pub brands_extract: ActionConfig,
    /// Makes pictures without words.
    #[serde(rename = "images.generate")]
    pub images_generate: ActionConfig,
    /// Makes ads.
    #[serde(rename = "campaigns.generate")]
    pub campaigns_generate: ActionConfig,
    /// Changes ads.
    #[serde(rename = "campaigns.edit")]
    pub campaigns_edit: ActionConfig,
    /// Gives ads the words of other readers.
    #[serde(rename = "campaigns.localize_ad")]
    pub campaigns_localize_ad: ActionConfig,
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
        let on = ActionConfig { enabled: true };
        Self {
            brands_extract: on.clone(),
            images_generate: on.clone(),
            campaigns_generate: on.clone(),
            campaigns_edit: on.clone(),
            campaigns_localize_ad: on,
            noop: ActionConfig { enabled: false },
        }
    }
}
