//! What a client of the Pi contract does: post, wait, read, bring a file. Nothing but HTTP.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Method};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;

/// How long one request may take: more than the longest wait that is asked for.
const TIMEOUT: Duration = Duration::from_secs(35);

/// How large a file may be: a poster of 4096 × 4096 px in grain stays below it.
const MAX_FILE: usize = 64 << 20;

/// Why the server could not be asked, or what it refused.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum ClientError {
    /// No answer came, or not a whole one.
    #[error("the server does not answer: {0}")]
    Transport(#[from] reqwest::Error),
    /// It said no, and why.
    #[error("{method} {path} was answered {status}: {message}")]
    Refused { method: Method, path: String, status: u16, message: String },
    /// It would not give a file.
    #[error("{url} was answered {status}")]
    NoFile { url: String, status: u16 },
    /// A file without an end.
    #[error("the file at {0} is larger than 64 MiB")]
    LargeFile(String),
    /// The answer lacks what the contract promises.
    #[error("the answer to {path} has no `{member}`")]
    Incomplete { path: String, member: &'static str },
}

/// A server's address and a key for it.
pub(super) struct ApiClient {
    http: Client,
    base: String,
    key: String,
}

impl ApiClient {
    /// A client of the server at `base`, such as `http://127.0.0.1:8080`.
    pub(super) fn new(base: &str, key: &str) -> Result<Self, ClientError> {
        let http = Client::builder()
            .no_proxy()
            .timeout(TIMEOUT)
            .tls_backend_preconfigured(trusting_nobody())
            .build()?;
        Ok(Self { http, base: base.to_owned(), key: key.to_owned() })
    }

    /// Posts a body and returns `data`.
    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Value, ClientError> {
        self.ask(Method::POST, path, Some(body)).await
    }

    /// Returns `data` of what is at `path`.
    pub(super) async fn read(&self, path: &str) -> Result<Value, ClientError> {
        self.ask(Method::GET, path, None).await
    }

    /// Brings the file at an absolute URL that needs no key.
    pub(super) async fn fetch(&self, url: &str) -> Result<Vec<u8>, ClientError> {
        let mut answer = self.http.get(url).send().await?;
        let status = answer.status();
        if !status.is_success() {
            return Err(ClientError::NoFile { url: url.to_owned(), status: status.as_u16() });
        }
        let mut file = Vec::new();
        while let Some(piece) = answer.chunk().await? {
            if file.len() + piece.len() > MAX_FILE {
                return Err(ClientError::LargeFile(url.to_owned()));
            }
            file.extend_from_slice(&piece);
        }
        Ok(file)
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, ClientError> {
        let url = format!("{}/api/v1/{path}", self.base);
        let mut request = self.http.request(method.clone(), url).bearer_auth(&self.key);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        let mut envelope: Value = answer.json().await?;
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let path = path.to_owned();
        if let Some(message) = text(envelope.pointer("/error/message")) {
            return Err(ClientError::Refused { method, path, status, message });
        }
        match envelope.get_mut("data") {
            Some(data) => Ok(data.take()),
            None => Err(ClientError::Incomplete { path, member: "data" }),
        }
    }
}

/// The demo speaks plain HTTP on loopback; there is nobody to trust.
fn trusting_nobody() -> ClientConfig {
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring offers the default protocol versions")
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth()
}
