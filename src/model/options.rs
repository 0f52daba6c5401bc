//! Which models there are, how they are reached, and what an attempt at a job may use of them.

use std::time::Duration;

use url::Url;

use crate::outbound::{OriginOptions, Secret};

/// The models of a server; the default has none.
#[derive(Clone, Debug, Default)]
pub struct ModelOptions {
    /// Who writes and translates.
    pub text: Option<TextOptions>,
    /// Who paints.
    pub image: Option<ImageOptions>,
    /// How many bytes of answers are kept for jobs that run again; 0 for none.
    pub cache_bytes: u64,
}

/// A server on which a model runs.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its base URL, such as `http://127.0.0.1:11434/v1`.
    pub base_url: Url,
    /// The key that it wants.
    pub secret: Option<Secret>,
    /// The model's name there.
    pub model: String,
    /// For a connection.
    pub connect_timeout: Duration,
    /// For a whole answer.
    pub timeout: Duration,
    /// Calls at one time, of all jobs together; at least one.
    pub concurrency: usize,
}

impl Place {
    pub(super) fn origin(&self, max_bytes: usize) -> OriginOptions {
        OriginOptions {
            base_url: self.base_url.clone(),
            secret: self.secret.clone(),
            headers: Vec::new(),
            connect_timeout: self.connect_timeout,
            max_bytes,
        }
    }
}

/// What one attempt at a job may use of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Requests, those that failed included.
    pub calls: u32,
    /// Tokens, prompts included, as the server counts them; a request is not begun without any.
    pub tokens: u64,
    /// From the session's opening on.
    pub time: Duration,
}

/// A model that writes.
#[derive(Clone, Debug)]
pub struct TextOptions {
    /// Where it is.
    pub place: Place,
    /// How it is made to answer in a form that can be read; `None` finds out by asking.
    pub form: Option<AnswerForm>,
    /// Sent as it stands, where some servers know it.
    pub reasoning_effort: Option<String>,
    /// `false` asks the model's chat template not to think first.
    pub thinking: bool,
    /// The longest answer.
    pub max_tokens: u32,
    /// What an attempt at a job may use.
    pub allowance: Allowance,
}

/// How a model is made to answer in a form that can be read, the strictest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnswerForm {
    /// By a schema that the server enforces.
    JsonSchema,
    /// By a promise of JSON, and the schema in the prompt.
    JsonObject,
    /// By the prompt alone.
    Prompt,
}

/// A model that paints.
#[derive(Clone, Debug)]
pub struct ImageOptions {
    /// Where it is.
    pub place: Place,
    /// What it speaks; `None` finds out by asking.
    pub protocol: Option<ImageProtocol>,
    /// The sizes that it can paint, in pixels; at least one.
    pub sizes: Vec<(u32, u32)>,
    /// Whether to ask for base64 by `response_format`.
    pub send_response_format: bool,
    /// Whether a picture may be fetched from a URL of the same origin.
    pub allow_url_results: bool,
    /// What an attempt at a job may use.
    pub allowance: Allowance,
}

/// What a server for pictures speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageProtocol {
    /// `POST images/generations`.
    OpenAi,
    /// `POST /sdapi/v1/txt2img`.
    A1111,
}
