//! Where this server itself is reached, so that nobody asks it over the network for what lies in
//! its own store.

use std::net::SocketAddr;

use url::{Host, Url};

/// The addresses of this server. The default is none.
#[derive(Clone, Debug, Default)]
pub struct OwnHosts {
    public: Option<Url>,
    /// In lower case.
    names: Vec<String>,
    listening: Option<SocketAddr>,
}

impl OwnHosts {
    /// A server that clients reach at `public` or under one of these names, and that listens at
    /// `listening`.
    pub fn new(public: Option<Url>, names: &[String], listening: SocketAddr) -> Self {
        let names = names.iter().map(|name| name.to_ascii_lowercase()).collect();
        Self { public, names, listening: Some(listening) }
    }

    /// Whether a URL leads here. A name alone does not: another server may answer at another port,
    /// and beside the folder that a proxy gave to this one.
    pub fn hold(&self, url: &Url) -> bool {
        self.is_public(url) || self.is_named(url) || self.is_listening(url)
    }

    fn is_public(&self, url: &Url) -> bool {
        let Some(public) = &self.public else { return false };
        let folder = public.path().trim_end_matches('/');
        let below = url.path().strip_prefix(folder);
        url.host() == public.host()
            && (url.port() == public.port() || self.is_usual_port(url))
            && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    fn is_named(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        self.names.iter().any(|name| name == host) && self.is_usual_port(url)
    }

    /// The scheme's own port, where a proxy answers, or the one of this server.
    fn is_usual_port(&self, url: &Url) -> bool {
        url.port().is_none() || url.port() == self.listening.map(|address| address.port())
    }

    fn is_listening(&self, url: &Url) -> bool {
        let Some(own) = self.listening else { return false };
        let is_here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(ip)) => ip.is_loopback() || own.ip() == ip,
            Some(Host::Ipv6(ip)) => ip.is_loopback() || own.ip() == ip,
            None => false,
        };
        is_here && url.port_or_known_default() == Some(own.port())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(public: Option<&str>) -> OwnHosts {
        let public = public.map(|url| url.parse().expect("a URL"));
        OwnHosts::new(public, &["Mill.example".to_owned()], SocketAddr::from(([0, 0, 0, 0], 8080)))
    }

    fn held(own: &OwnHosts, url: &str) -> bool {
        own.hold(&url.parse().expect("a URL"))
    }

    #[test]
    fn this_server_is_known_by_every_name_that_it_has() {
        let own = own(Some("https://jobs.example/tides/"));
        for url in [
            "https://jobs.example/tides/assets/x",
            "http://JOBS.example/tides",
            "https://jobs.example:8080/tides/a",
            "http://mill.example/anything",
            "https://mill.example:8080/",
            "http://127.0.0.1:8080/assets/x",
            "http://[::1]:8080/assets/x",
            "http://localhost:8080/",
        ] {
            assert!(held(&own, url), "{url}");
        }
    }

    #[test]
    fn what_only_stands_beside_it_is_another() {
        let own = own(Some("https://jobs.example/tides/"));
        for url in [
            "https://jobs.example/logo.png",
            "https://jobs.example/tides-and-more/logo.png",
            "https://jobs.example:9000/tides/a",
            "https://mill.example:9000/",
            "https://other.example/assets/x",
            "http://127.0.0.1:8081/assets/x",
            "http://localhost/assets/x",
        ] {
            assert!(!held(&own, url), "{url}");
        }
        assert!(!held(&OwnHosts::default(), "http://127.0.0.1:8080/"));
    }
}
