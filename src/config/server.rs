//! Where the server listens, and what it believes of those who ask.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::config::Findings;

/// `[server]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// The address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// How clients reach the server, as `https://jobs.example`; empty when they use `listen`.
    pub public_url: String,
    /// Names by which requests may ask for the server, beside `localhost` and IP addresses.
    pub allowed_hosts: Vec<String>,
    /// Networks whose `X-Forwarded-Proto` and `X-Forwarded-For` are believed.
    pub trusted_proxies: Vec<String>,
    /// Origins whose pages may read answers.
    pub cors: Vec<String>,
    /// Threads that serve HTTP; 0 is one a core.
    pub threads: usize,
    /// The certificate, for HTTPS without a proxy.
    pub tls: TlsConfig,
}

/// `[server.tls]`: both, or neither.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TlsConfig {
    /// A PEM file with the certificate and its chain.
    pub cert: PathBuf,
    /// A PEM file with the private key.
    pub key: PathBuf,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: String::new(),
            allowed_hosts: Vec::new(),
            trusted_proxies: Vec::new(),
            cors: Vec::new(),
            threads: 0,
            tls: TlsConfig::default(),
        }
    }
}

impl TlsConfig {
    /// Certificate and key, when both are named.
    pub fn files(&self) -> Option<(PathBuf, PathBuf)> {
        let named = !self.cert.as_os_str().is_empty() && !self.key.as_os_str().is_empty();
        named.then(|| (self.cert.clone(), self.key.clone()))
    }
}

impl ServerConfig {
    /// The networks of `trusted_proxies`, without those that [`super::load`] found fault with.
    pub fn proxy_networks(&self) -> Vec<IpNet> {
        self.trusted_proxies.iter().filter_map(|text| parse_network(text)).collect()
    }

    pub(super) fn check(&self, findings: &mut Findings) {
        let Self { listen, public_url, allowed_hosts, trusted_proxies, cors, threads, tls } = self;
        if tls.files().is_none() && *tls != TlsConfig::default() {
            findings.error("server.tls", "needs both `cert` and `key`, or neither");
        }
        let exposed = !listen.ip().is_loopback();
        if exposed && tls.files().is_none() && trusted_proxies.is_empty() {
            findings.warning(
                "server.listen",
                format!(
                    "{listen} can be reached from other machines without encryption: set \
                     `server.tls`, or listen on 127.0.0.1 behind a proxy named in \
                     `server.trusted_proxies`"
                ),
            );
        }
        if exposed && public_url.is_empty() && allowed_hosts.is_empty() {
            findings.warning(
                "server.allowed_hosts",
                "no host name is allowed, so that clients must ask by IP address: set \
                 `server.public_url`, or name the hosts",
            );
        }
        if !public_url.is_empty() && !is_base_url(public_url) {
            findings.error(
                "server.public_url",
                format!(
                    "`{public_url}` is no base URL; write scheme and host, as \
                         \"https://jobs.example\""
                ),
            );
        }
        for host in allowed_hosts.iter().filter(|host| !is_host(host)) {
            findings.error(
                "server.allowed_hosts",
                format!("`{host}` is no host name; write it alone, as \"jobs.example\""),
            );
        }
        for network in trusted_proxies.iter().filter(|text| parse_network(text).is_none()) {
            findings.error(
                "server.trusted_proxies",
                format!("`{network}` is no network; write it as \"10.0.0.0/8\" or \"10.1.2.3\""),
            );
        }
        for origin in cors.iter().filter(|origin| !is_origin(origin)) {
            findings.error(
                "server.cors",
                format!(
                    "`{origin}` is no origin; write scheme, host and port, as \
                         \"https://app.example\""
                ),
            );
        }
        if *threads > MAX_THREADS {
            findings.error("server.threads", format!("{threads} is over {MAX_THREADS}"));
        }
    }
}

/// More threads than any machine has cores for serve nobody.
const MAX_THREADS: usize = 512;

fn parse_network(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse().ok().map(|address: IpAddr| IpNet::from(address)))
}

fn is_base_url(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.query().is_none()
            && url.fragment().is_none()
    })
}

fn is_host(text: &str) -> bool {
    let allowed = |character: char| character.is_alphanumeric() || "-._".contains(character);
    !text.is_empty() && text.chars().all(allowed)
}

fn is_origin(text: &str) -> bool {
    text == "*" || Url::parse(text).is_ok_and(|url| url.origin().ascii_serialization() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings_of(change: impl FnOnce(&mut ServerConfig)) -> Vec<String> {
        let mut server = ServerConfig::default();
        change(&mut server);
        let mut findings = Findings::default();
        server.check(&mut findings);
        findings.iter().map(|finding| format!("{} {}", finding.severity, finding.key)).collect()
    }

    #[test]
    fn the_defaults_have_no_findings() {
        assert_eq!(findings_of(|_| ()), Vec::<String>::new());
    }

    #[test]
    fn an_open_address_without_encryption_is_warned_of() {
        let open = "0.0.0.0:8080".parse().expect("an address");
        assert_eq!(
            findings_of(|server| server.listen = open),
            ["warning server.listen", "warning server.allowed_hosts"]
        );
        assert_eq!(
            findings_of(|server| {
                server.listen = open;
                server.public_url = "https://jobs.example".to_owned();
                server.trusted_proxies = vec!["10.0.0.0/8".to_owned()];
            }),
            Vec::<String>::new()
        );
    }

    #[test]
    fn half_a_certificate_is_an_error() {
        let half = |server: &mut ServerConfig| server.tls.cert = "cert.pem".into();
        assert_eq!(findings_of(half), ["error server.tls"]);
    }

    #[test]
    fn urls_hosts_and_origins_are_told_apart() {
        assert_eq!(
            findings_of(|server| {
                server.public_url = "jobs.example".to_owned();
                server.allowed_hosts = vec!["https://jobs.example".to_owned()];
                server.trusted_proxies = vec!["10.1.2.3".to_owned(), "proxy".to_owned()];
                server.cors = vec!["https://app.example/".to_owned(), "*".to_owned()];
            }),
            [
                "error server.public_url",
                "error server.allowed_hosts",
                "error server.trusted_proxies",
                "error server.cors",
            ]
        );
    }
}
