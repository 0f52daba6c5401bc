//! The configuration: one struct a concern, defaults in code, read once and handed down.
//!
//! [`load`] puts defaults, file, variables and flags together and says of every fault where it
//! stands and what would be right. `config.example.toml` shows every key with its default.
//! Never: a global, a value read later than at start, or a rule of another room.

mod actions;
mod activity;
mod brand;
mod error;
mod file;
mod findings;
mod fonts;
mod keys;
mod limits;
mod load;
mod model;
mod outbound;
mod own_action;
mod retention;
mod server;
mod spelling;
mod telemetry;
mod units;
mod webhooks;
mod workers;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use actions::{ActionConfig, ActionsConfig};
pub use activity::{
    ActivityConfig, ChannelConfig, DiscordConfig, GrantedRootConfig, ProjectConfig, RootConfig,
};
pub use brand::{BrandConfig, BrandFontsConfig};
pub use error::ConfigError;
pub use findings::{Finding, Findings, Severity};
pub use fonts::FontsConfig;
pub use limits::LimitsConfig;
pub use load::{Flag, Loaded, Sources, environment, load, read_variable, variable_for};
pub use model::{
    ImageModelConfig, ImageProtocolMode, ModelConfig, StructuredMode, TextModelConfig,
};
pub use outbound::{OutboundConfig, OutboundMode};
pub use own_action::{HttpActionConfig, OwnActionConfig, SchemaConfig};
pub use retention::RetentionConfig;
pub use server::{ServerConfig, TlsConfig};
pub use telemetry::{LogStyle, TelemetryConfig};
pub use units::{BadUnit, format_duration, format_size, parse_duration, parse_size};
pub use webhooks::WebhooksConfig;
pub use workers::WorkersConfig;

/// Everything that an operator can set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The directory that holds everything the server keeps.
    pub data_dir: PathBuf,
    /// Where it listens.
    pub server: ServerConfig,
    /// How much callers may take.
    pub limits: LimitsConfig,
    /// Who runs the jobs.
    pub workers: WorkersConfig,
    /// How long things stay.
    pub retention: RetentionConfig,
    /// Which other machines may be reached.
    pub outbound: OutboundConfig,
    /// Where webhooks may lead.
    pub webhooks: WebhooksConfig,
    /// What of a site may be kept.
    pub brand: BrandConfig,
    /// Where more fonts lie.
    pub fonts: FontsConfig,
    /// Who may write and paint.
    pub model: ModelConfig,
    /// Which actions there are.
    pub actions: ActionsConfig,
    /// Which repositories may be read.
    pub activity: ActivityConfig,
    /// Projects that there are from the start, by their names.
    pub projects: BTreeMap<String, ProjectConfig>,
    /// Chats that documents can be sent to.
    pub discord: DiscordConfig,
    /// What the server tells of itself.
    pub telemetry: TelemetryConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("tidemill-data"),
            server: ServerConfig::default(),
            limits: LimitsConfig::default(),
            workers: WorkersConfig::default(),
            retention: RetentionConfig::default(),
            outbound: OutboundConfig::default(),
            webhooks: WebhooksConfig::default(),
            brand: BrandConfig::default(),
            fonts: FontsConfig::default(),
            model: ModelConfig::default(),
            actions: ActionsConfig::default(),
            activity: ActivityConfig::default(),
            projects: BTreeMap::new(),
            discord: DiscordConfig::default(),
            telemetry: TelemetryConfig::default(),
        }
    }
}

impl Config {
    /// Adds what is wrong, or not wise, to `findings`.
    fn check(&self, findings: &mut Findings) {
        let Self {
            data_dir,
            server,
            limits,
            workers,
            retention,
            outbound,
            webhooks,
            brand: _,
            fonts: _,
            model,
            actions,
            activity,
            projects,
            discord,
            telemetry,
        } = self;
        if data_dir.as_os_str().is_empty() {
            findings.error("data_dir", "is empty; name a directory");
        }
        server.check(findings);
        limits.check(findings);
        workers.check(findings);
        retention.check(findings);
        outbound.check(findings);
        webhooks.check(findings);
        model.check(findings);
        actions.check(findings);
        activity.check(findings);
        activity::check_projects(projects, findings);
        discord.check(findings);
        telemetry.check(findings);
    }

    /// Reads a configuration whose parts came together from several places.
    ///
    /// As text, like a file: what reads each type from TOML would else be there twice.
    fn of_table(table: &toml::Table) -> Result<Self, toml::de::Error> {
        toml::from_str(&table.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::keys::{Keys, dotted};

    const EXAMPLE: &str = include_str!("../../config.example.toml");

    #[test]
    fn the_example_file_is_the_defaults() {
        let table = file::parse(EXAMPLE, "config.example.toml", &Keys::all()).expect("reads");
        assert_eq!(Config::of_table(&table).expect("reads"), Config::default());
    }

    #[test]
    fn the_example_file_shows_every_key_after_a_sentence() {
        let shown: toml::Table = EXAMPLE.parse().expect("TOML");
        for path in Keys::all().leaves() {
            let (first, rest) = path.split_first().expect("a key");
            let value = rest
                .iter()
                .try_fold(shown.get(first), |value, key| Some(value?.as_table()?.get(key)));
            assert!(value.flatten().is_some(), "`{}` is not in the example", dotted(&path));
        }
        let lines: Vec<&str> = EXAMPLE.lines().collect();
        for pair in lines.windows(2).filter(|pair| pair[1].contains(" = ")) {
            assert!(pair[0].starts_with('#') && pair[0].ends_with('.'), "no sentence: {}", pair[1]);
        }
    }
}
