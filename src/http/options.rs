//! How the HTTP server runs: plain values that the composition root fills in.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use url::Url;

use crate::http::webhook_rules::WebhookRules;

/// What requests may do and how answers speak of this server.
#[derive(Clone, Debug)]
pub struct HttpOptions {
    /// How clients reach this server; absolute URLs begin with it.
    pub public_url: Option<Url>,
    /// Hosts that requests may name, beside `localhost`, IP addresses and `public_url`'s.
    pub allowed_hosts: Vec<String>,
    /// Networks whose `X-Forwarded-Proto` and `X-Forwarded-For` are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Origins whose pages may call this server; `*` is any.
    pub cors: Vec<String>,
    /// How many requests a key may send a minute; 0 is any number.
    pub requests_per_minute: u32,
    /// The same for keys that begin with `fr_`.
    pub flow_relay: FlowRelayLimits,
    /// The longest bodies, in bytes.
    pub body_limits: BodyLimits,
    /// How many bytes of bodies may be in memory at once.
    pub body_memory: usize,
    /// Which addresses webhooks may have.
    pub webhooks: WebhookRules,
}

/// How much a key that begins with `fr_` may ask a minute; 0 is any number.
#[derive(Clone, Copy, Debug)]
pub struct FlowRelayLimits {
    /// Requests.
    pub requests: u32,
    /// Those among them that have a document made.
    pub generations: u32,
    /// Looks at a job, which count against nothing else.
    pub polls: u32,
}

impl Default for FlowRelayLimits {
    fn default() -> Self {
        Self { requests: 60, generations: 10, polls: 300 }
    }
}

/// The longest bodies, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct BodyLimits {
    /// Of routes that are not named here.
    pub standard: usize,
    /// Of `POST /brands/extract`: a logo, pictures and a font in base64.
    pub extract: usize,
    /// Of `PATCH /brands/:id`: a logo in base64.
    pub brand_edit: usize,
    /// Of `POST /jobs`, `POST /runs`, of a retry and of the routes for images and campaigns: up to
    /// 1,000 jobs, or pictures in base64.
    pub jobs: usize,
    /// Of `POST /events`: up to 1,000 events.
    pub events: usize,
    /// Of lines of a job's log from a remote worker.
    pub log: usize,
}

const MIB: usize = 1024 * 1024;

impl Default for BodyLimits {
    fn default() -> Self {
        Self {
            standard: MIB,
            extract: 48 * MIB,
            brand_edit: 4 * MIB,
            jobs: 128 * MIB,
            events: 16 * MIB,
            log: 16 * MIB,
        }
    }
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            public_url: None,
            allowed_hosts: Vec::new(),
            trusted_proxies: Vec::new(),
            cors: Vec::new(),
            requests_per_minute: 600,
            flow_relay: FlowRelayLimits::default(),
            body_limits: BodyLimits::default(),
            body_memory: 256 * MIB,
            webhooks: WebhookRules::default(),
        }
    }
}

/// Where the server listens.
#[derive(Clone, Debug)]
pub struct ListenOptions {
    /// For clients.
    pub listen: SocketAddr,
    /// Speak TLS with this certificate.
    pub tls: Option<TlsFiles>,
    /// Serve `/metrics` here too, without a key.
    pub telemetry: Option<SocketAddr>,
    /// The socket on which commands beside the running server reach it.
    pub control: Option<PathBuf>,
    /// How many threads answer requests; 0 is one a core.
    pub threads: usize,
    /// How many connections may be open.
    pub connections: usize,
    /// How long running requests may take to end at shutdown.
    pub shutdown_grace: Duration,
}

/// A certificate chain and its key, in PEM.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The chain, the server's own certificate first.
    pub cert: PathBuf,
    /// The private key.
    pub key: PathBuf,
}
