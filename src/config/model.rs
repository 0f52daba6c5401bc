//! The models that may write and paint, each behind an address of the operator's.
//!
//! Without a `base_url` there is none, and the built-in catalog and generators do the work alone.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::config::{Findings, units};

/// `[model]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModelConfig {
    /// Bytes of models' answers that are kept, so that a job that runs again gets the same ones.
    #[serde(with = "units::size")]
    pub cache: u64,
    /// Who writes and translates.
    pub text: TextModelConfig,
    /// Who paints.
    pub image: ImageModelConfig,
}

/// `[model.text]`: a server that speaks the chat protocol of `OpenAI`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TextModelConfig {
    /// Where it is, as `http://127.0.0.1:11434/v1`; empty for none.
    pub base_url: String,
    /// Its name there.
    pub model: String,
    /// The environment's variable that holds its key; empty for none.
    pub api_key_env: String,
    /// How it is made to answer in a form that can be read.
    pub structured: StructuredMode,
    /// Sent as it stands; empty to send nothing.
    pub reasoning_effort: String,
    /// Whether it may think before it answers; `false` asks its chat template not to.
    pub thinking: bool,
    /// For a connection.
    #[serde(with = "units::duration")]
    pub connect_timeout: Duration,
    /// For a whole answer.
    #[serde(with = "units::duration")]
    pub timeout: Duration,
    /// The longest answer.
    pub max_tokens: u32,
    /// Calls at one time.
    pub concurrency: usize,
    /// Calls for one attempt at a job.
    pub max_calls_per_job: u32,
    /// Tokens for one attempt, prompts included.
    pub max_tokens_per_job: u64,
    /// Time for one attempt.
    #[serde(with = "units::duration")]
    pub max_time_per_job: Duration,
}

/// `[model.image]`: a server that speaks the image protocol of `OpenAI`, or A1111's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImageModelConfig {
    /// Where it is, as `http://127.0.0.1:1234/v1`; empty for none.
    pub base_url: String,
    /// Its name there.
    pub model: String,
    /// The environment's variable that holds its key; empty for none.
    pub api_key_env: String,
    /// What it speaks.
    pub protocol: ImageProtocolMode,
    /// For a connection.
    #[serde(with = "units::duration")]
    pub connect_timeout: Duration,
    /// For a whole picture.
    #[serde(with = "units::duration")]
    pub timeout: Duration,
    /// The sizes that it can paint, as `1024x1024`.
    pub sizes: Vec<String>,
    /// Whether to ask for base64 by `response_format`, which some servers need and some refuse.
    pub send_response_format: bool,
    /// Whether a picture may be fetched from a URL of the same origin.
    pub allow_url_results: bool,
    /// Calls at one time.
    pub concurrency: usize,
    /// Calls for one attempt at a job.
    pub max_calls_per_job: u32,
    /// Time for one attempt.
    #[serde(with = "units::duration")]
    pub max_time_per_job: Duration,
}

/// How a model is made to answer in a form that can be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StructuredMode {
    /// The strictest that the server takes, found out by asking.
    #[default]
    Auto,
    /// By a schema that the server enforces.
    JsonSchema,
    /// By a promise of JSON, and the schema in the prompt.
    JsonObject,
    /// By the prompt alone.
    Prompt,
}

/// What a server for pictures speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageProtocolMode {
    /// `OpenAI`'s, and where that is not there, A1111's.
    #[default]
    Auto,
    /// `POST images/generations`.
    Openai,
    /// `POST /sdapi/v1/txt2img`.
    A1111,
}

impl Default for ModelConfig {
    fn default() -> Self {
        Self {
            cache: 256 << 20,
            text: TextModelConfig::default(),
            image: ImageModelConfig::default(),
        }
    }
}

impl Default for TextModelConfig {
    fn default() -> Self {
        Self {
            base_url: String::new(),
            model: String::new(),
            api_key_env: String::new(),
            structured: StructuredMode::Auto,
            reasoning_effort: String::new(),
            thinking: true,
            connect_timeout: Duration::from_secs(3),
            timeout: Duration::from_secs(90),
            max_tokens: 700,
            concurrency: 1,
            max_calls_per_job: 6,
            max_tokens_per_job: 12_000,
            max_time_per_job: Duration::from_mins(4),
        }
    }
}

impl Default for ImageModelConfig {
    fn default() -> Self {
        let sizes = ["1024x1024", "832x1216", "1216x832"];
        Self {
            base_url: String::new(),
            model: String::new(),
            api_key_env: String::new(),
            protocol: ImageProtocolMode::Auto,
            connect_timeout: Duration::from_secs(3),
            timeout: Duration::from_mins(10),
            sizes: sizes.map(str::to_owned).to_vec(),
            send_response_format: false,
            allow_url_results: false,
            concurrency: 1,
            max_calls_per_job: 3,
            max_time_per_job: Duration::from_mins(15),
        }
    }
}

/// A picture wider or higher than this is refused when it comes, so it is not asked for.
const MAX_SIDE: u32 = 4_096;

/// A server that answers more than this at one time is a fleet, and belongs behind a gateway.
const MAX_CONCURRENCY: usize = 64;

impl TextModelConfig {
    /// Where it is; `None` without a model.
    pub fn url(&self) -> Option<Url> {
        base_url(&self.base_url)
    }
}

impl ImageModelConfig {
    /// Where it is; `None` without a model.
    pub fn url(&self) -> Option<Url> {
        base_url(&self.base_url)
    }

    /// The sizes, without those that [`super::load`] found fault with.
    pub fn parsed_sizes(&self) -> Vec<(u32, u32)> {
        self.sizes.iter().filter_map(|text| parse_size(text)).collect()
    }
}

impl ModelConfig {
    pub(super) fn check(&self, findings: &mut Findings) {
        let Self { cache: _, text, image } = self;
        if !text.base_url.is_empty() {
            check_place("model.text.base_url", &text.base_url, findings);
            check_name("model.text.model", &text.model, findings);
            check_calls("model.text.concurrency", text.concurrency, findings);
            if text.max_tokens == 0 {
                findings.error("model.text.max_tokens", "0 leaves no answer");
            }
            if text.max_calls_per_job == 0 {
                findings.warning("model.text.max_calls_per_job", "0 never asks the model");
            }
        }
        if !image.base_url.is_empty() {
            check_place("model.image.base_url", &image.base_url, findings);
            check_calls("model.image.concurrency", image.concurrency, findings);
            if image.max_calls_per_job == 0 {
                findings.warning("model.image.max_calls_per_job", "0 never asks the model");
            }
            image.check_sizes(findings);
        }
    }
}

impl ImageModelConfig {
    fn check_sizes(&self, findings: &mut Findings) {
        if self.sizes.is_empty() {
            findings.error("model.image.sizes", "is empty; name one, as \"1024x1024\"");
        }
        for size in self.sizes.iter().filter(|text| parse_size(text).is_none()) {
            findings.error(
                "model.image.sizes",
                format!(
                    "`{size}` is no size; write width and height up to {MAX_SIDE}, as \
                         \"1024x1024\""
                ),
            );
        }
    }
}

fn check_place(key: &'static str, text: &str, findings: &mut Findings) {
    match base_url(text) {
        None => findings.error(
            key,
            format!(
                "`{text}` is no base URL; write it as \"http://127.0.0.1:11434/v1\", without \
                     a key in it"
            ),
        ),
        // What is said to the model, and its key, can be read on the way.
        Some(url) if url.scheme() == "http" && !is_near(&url) => findings.warning(
            key,
            "is reached over a network without encryption; write `https` if the server has it",
        ),
        Some(_) => {}
    }
}

fn check_name(key: &'static str, name: &str, findings: &mut Findings) {
    if name.is_empty() {
        findings.warning(key, "is empty; most servers want the name of a model");
    }
}

fn check_calls(key: &'static str, concurrency: usize, findings: &mut Findings) {
    if !(1..=MAX_CONCURRENCY).contains(&concurrency) {
        findings.error(key, format!("{concurrency} is not from 1 to {MAX_CONCURRENCY}"));
    }
}

fn base_url(text: &str) -> Option<Url> {
    let url: Url = text.parse().ok()?;
    let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    (matches!(url.scheme(), "http" | "https") && url.has_host() && plain).then_some(url)
}

/// Whether the way to it stays on this machine.
fn is_near(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn parse_size(text: &str) -> Option<(u32, u32)> {
    let (width, height) = text.split_once('x')?;
    let side = |text: &str| text.parse().ok().filter(|side| (64..=MAX_SIDE).contains(side));
    Some((side(width)?, side(height)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings_of(change: impl FnOnce(&mut ModelConfig)) -> Vec<String> {
        let mut model = ModelConfig::default();
        change(&mut model);
        let mut findings = Findings::default();
        model.check(&mut findings);
        findings.iter().map(|finding| format!("{} {}", finding.severity, finding.key)).collect()
    }

    #[test]
    fn without_a_place_nothing_is_asked_of_the_rest() {
        assert_eq!(findings_of(|model| model.text.max_tokens = 0), Vec::<String>::new());
        assert_eq!(ModelConfig::default().text.url(), None);
    }

    #[test]
    fn a_place_on_this_machine_needs_no_encryption_and_one_elsewhere_is_warned_of() {
        let at = |url: &str| {
            findings_of(|model| {
                model.text.base_url = url.to_owned();
                model.text.model = "m".to_owned();
            })
        };
        assert_eq!(at("http://127.0.0.1:11434/v1"), Vec::<String>::new());
        assert_eq!(at("http://[::1]:8080/v1"), Vec::<String>::new());
        assert_eq!(at("https://models.example/v1"), Vec::<String>::new());
        assert_eq!(at("http://models.example/v1"), ["warning model.text.base_url"]);
        for wrong in ["models.example", "ftp://models.example", "https://key@models.example/v1"] {
            assert_eq!(at(wrong), ["error model.text.base_url"], "{wrong}");
        }
    }

    #[test]
    fn sizes_and_numbers_are_checked() {
        let faults = findings_of(|model| {
            model.image.base_url = "http://localhost:1234/v1".to_owned();
            model.image.sizes = vec!["1024".to_owned(), "1024x9999".to_owned()];
            model.image.concurrency = 0;
        });
        let sizes = "error model.image.sizes";
        assert_eq!(faults, ["error model.image.concurrency", sizes, sizes]);
        let sizes = ModelConfig::default().image.parsed_sizes();
        assert_eq!(sizes, [(1024, 1024), (832, 1216), (1216, 832)]);
    }
}
