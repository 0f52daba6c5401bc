//! Which hosts a request may name, and what absolute URLs begin with.
//!
//! A browser that was lured to another name for this address is refused here, before any route.
//! Never: a URL made of a host that was not allowed.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use actix_web::HttpRequest;
use actix_web::http::header;
use ipnet::IpNet;
use url::Url;

use crate::http::options::HttpOptions;

/// The hosts of this server.
#[derive(Debug)]
pub(crate) struct Hosts {
    allowed: HashSet<String>,
    /// `public_url` without a slash at its end.
    public: Option<String>,
    /// Where this server listens, as a URL; the last resort.
    listening: String,
    trusted_proxies: Vec<IpNet>,
}

impl Hosts {
    /// The hosts that `options` name, for a server that listens at `address`.
    pub(crate) fn new(options: &HttpOptions, address: SocketAddr, tls: bool) -> Self {
        let own = options.public_url.as_ref().and_then(Url::host_str);
        let allowed = options
            .allowed_hosts
            .iter()
            .map(String::as_str)
            .chain(own)
            .chain(["localhost"])
            .map(str::to_ascii_lowercase)
            .collect();
        let public =
            options.public_url.as_ref().map(|url| url.as_str().trim_end_matches('/').into());
        let scheme = if tls { "https" } else { "http" };
        Self {
            allowed,
            public,
            listening: format!("{scheme}://{}", reachable(address)),
            trusted_proxies: options.trusted_proxies.clone(),
        }
    }

    /// Whether a request may name `authority`, a host with or without a port.
    pub(crate) fn allows(&self, authority: &str) -> bool {
        let host = without_port(authority);
        if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return self.allowed.contains(&host.to_ascii_lowercase());
        }
        self.allowed.contains(host) || is_address(host)
    }

    /// What absolute URLs in the answer to `request` begin with, without a slash at the end.
    pub(crate) fn base_url(&self, request: &HttpRequest) -> String {
        if let Some(public) = &self.public {
            return public.clone();
        }
        match named_host(request).filter(|host| self.allows(host)) {
            Some(host) => format!("{}://{host}", self.scheme(request)),
            None => self.listening.clone(),
        }
    }

    /// The address that a request comes from: the nearest one that is no trusted proxy's.
    pub(crate) fn client_address(&self, request: &HttpRequest) -> Option<IpAddr> {
        let peer = request.peer_addr()?.ip().to_canonical();
        let headers = request.headers().get_all(header::X_FORWARDED_FOR);
        let named: Vec<&str> =
            headers.filter_map(|value| value.to_str().ok()).flat_map(|it| it.split(',')).collect();
        let mut nearest = peer;
        // Each proxy adds whom it speaks for at the end; who is not trusted may have written the
        // rest.
        for name in named.into_iter().rev() {
            let Ok(address) = name.trim().parse::<IpAddr>() else { break };
            if !self.trusts(nearest) {
                break;
            }
            nearest = address.to_canonical();
        }
        Some(nearest)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|net| net.contains(&address))
    }

    /// The same in what is no answer: from the configuration, else the listening address.
    pub(crate) fn own_url(&self) -> &str {
        self.public.as_deref().unwrap_or(&self.listening)
    }

    fn scheme(&self, request: &HttpRequest) -> &'static str {
        let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
        let trusted = peer.is_some_and(|peer| self.trusts(peer));
        let forwarded = request
            .headers()
            .get(header::X_FORWARDED_PROTO)
            .and_then(|proto| proto.to_str().ok())
            .filter(|_| trusted);
        let secure = match forwarded {
            // Each proxy adds its own at the end; the client's is the first.
            Some(protos) => protos
                .split(',')
                .next()
                .is_some_and(|proto| proto.trim().eq_ignore_ascii_case("https")),
            None => request.app_config().secure(),
        };
        if secure { "https" } else { "http" }
    }
}

/// The host that a request names.
pub(crate) fn named_host(request: &HttpRequest) -> Option<&str> {
    match request.uri().authority() {
        Some(authority) => Some(authority.as_str()),
        None => request.headers().get(header::HOST)?.to_str().ok(),
    }
}

/// An address that a client on this machine can reach: a server that listens everywhere is also
/// on loopback.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => IpAddr::from([127, 0, 0, 1]),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
    };
    SocketAddr::new(ip, address.port())
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        // A bare IPv6 address has colons but no port; in brackets its port stands after them.
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

fn is_address(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(v6) => v6.parse::<Ipv6Addr>().is_ok(),
        None => host.parse::<IpAddr>().is_ok_and(|ip| ip.is_ipv4()),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn hosts(public_url: Option<&str>) -> Hosts {
        let options = HttpOptions {
            public_url: public_url.map(|url| url.parse().expect("a URL")),
            allowed_hosts: vec!["Tides.example".into()],
            trusted_proxies: vec!["10.0.0.0/8".parse().expect("a network")],
            ..HttpOptions::default()
        };
        Hosts::new(&options, SocketAddr::from(([0, 0, 0, 0], 8080)), false)
    }

    #[test]
    fn only_named_hosts_and_addresses_are_allowed() {
        let hosts = hosts(Some("https://api.example.org/tides/"));
        for host in [
            "localhost",
            "localhost:8080",
            "LOCALHOST:1",
            "127.0.0.1:8080",
            "[::1]:8080",
            "tides.example",
            "TIDES.example:99",
            "api.example.org",
        ] {
            assert!(hosts.allows(host), "{host}");
        }
        for host in ["evil.example", "example", "a.tides.example", "127.0.0.1.evil.example", ""] {
            assert!(!hosts.allows(host), "{host}");
        }
    }

    #[test]
    fn absolute_urls_prefer_the_public_one_then_the_named_host_then_the_address() {
        let named = |host: &'static str| TestRequest::get().insert_header(("host", host));
        let request = named("tides.example:81").to_http_request();
        assert_eq!(hosts(None).base_url(&request), "http://tides.example:81");
        let public = hosts(Some("https://api.example.org/tides/"));
        assert_eq!(public.base_url(&request), "https://api.example.org/tides");
        let foreign = named("evil.example").to_http_request();
        assert_eq!(hosts(None).base_url(&foreign), "http://127.0.0.1:8080");
    }

    #[test]
    fn only_a_trusted_proxy_can_say_https() {
        let from = |peer: [u8; 4]| {
            TestRequest::get()
                .insert_header(("host", "localhost"))
                .insert_header(("x-forwarded-proto", "https"))
                .peer_addr(SocketAddr::from((peer, 5)))
                .to_http_request()
        };
        assert_eq!(hosts(None).base_url(&from([10, 1, 2, 3])), "https://localhost");
        assert_eq!(hosts(None).base_url(&from([192, 0, 2, 1])), "http://localhost");
    }
}
