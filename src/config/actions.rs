//! Which actions there are for clients: the built-in ones, and the operator's own.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::config::Findings;
use crate::config::own_action::OwnActionConfig;
use crate::config::spelling::nearest;

/// `[actions]`: one table an action, under its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
    /// Makes handoffs out of a project's events.
    #[serde(rename = "handoffs.generate")]
    pub handoffs_generate: ActionConfig,
    /// Makes insights into a project.
    #[serde(rename = "insights.generate")]
    pub insights_generate: ActionConfig,
    /// Does nothing, for measuring.
    pub noop: ActionConfig,
    /// The operator's own, under every other name.
    #[serde(flatten)]
    pub own: BTreeMap<String, OwnActionConfig>,
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
            campaigns_localize_ad: on.clone(),
            handoffs_generate: on.clone(),
            insights_generate: on,
            noop: ActionConfig { enabled: false },
            own: BTreeMap::new(),
        }
    }
}

impl ActionsConfig {
    /// The table of the built-in action of this name.
    fn built_in(&mut self, name: &str) -> Option<&mut ActionConfig> {
        match name {
            "brands.extract" => Some(&mut self.brands_extract),
            "images.generate" => Some(&mut self.images_generate),
            "campaigns.generate" => Some(&mut self.campaigns_generate),
            "campaigns.edit" => Some(&mut self.campaigns_edit),
            "campaigns.localize_ad" => Some(&mut self.campaigns_localize_ad),
            "handoffs.generate" => Some(&mut self.handoffs_generate),
            "insights.generate" => Some(&mut self.insights_generate),
            "noop" => Some(&mut self.noop),
            _ => None,
        }
    }

    pub(super) fn check(&self, findings: &mut Findings) {
        let built_in = toml::Table::try_from(Self::default()).expect("the defaults are TOML");
        for (name, own) in &self.own {
            let meant = nearest(name, built_in.keys().map(String::as_str));
            own.check(name, meant, findings);
        }
    }
}

/// By hand, because serde's `flatten` would lose the lines on which faults stand.
impl<'de> Deserialize<'de> for ActionsConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Tables)
    }
}

struct Tables;

impl<'de> Visitor<'de> for Tables {
    type Value = ActionsConfig;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table for each action")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut tables: A) -> Result<ActionsConfig, A::Error> {
        let mut config = ActionsConfig::default();
        while let Some(name) = tables.next_key::<String>()? {
            if let Some(built_in) = config.built_in(&name) {
                *built_in = tables.next_value()?;
            } else {
                let own = tables.next_value()?;
                config.own.insert(name, own);
            }
        }
        Ok(config)
    }
}
