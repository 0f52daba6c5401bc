//! Which addresses may be fetched: pure rules, asked before every connection.
//!
//! A URL is checked as parsed, never as text; then every address that its host resolves to. One
//! refused address refuses the host. The operator's allow-list opens hosts, networks and ports;
//! metadata addresses of clouds need an entry that names just them.
//! Never: a resolution or a connection, and never an address in a refusal's message.

mod address;
mod entry;

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use entry::Entry;
pub use entry::InvalidEntry;

/// The longest URL that is fetched, in bytes: what browsers and servers agree on.
pub const MAX_URL_BYTES: usize = 2_048;

/// What may be fetched at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Public addresses on ports 80 and 443, and what the allow-list names.
    #[default]
    Public,
    /// Only what the allow-list names: for machines without the Internet.
    AllowlistOnly,
    /// Nothing.
    Off,
}

/// Why a URL is not fetched. The texts name no address: they are answered to clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not a URL at all, or one without a host.
    #[error("this is not a complete URL such as `https://example.com/`")]
    Malformed,
    /// Longer than [`MAX_URL_BYTES`].
    #[error("the URL is longer than 2048 bytes")]
    TooLong,
    /// Neither `http` nor `https`.
    #[error("only `http` and `https` URLs are fetched")]
    Scheme,
    /// A user name or password before the host.
    #[error("the URL must not carry a user name or password")]
    Credentials,
    /// A port other than 80 and 443 that no entry opens.
    #[error("only ports 80 and 443 are fetched, unless the server's configuration allows the host")]
    Port,
    /// A private, local, reserved or metadata address.
    #[error(
        "the host is not on the public Internet, and the server's configuration allows no other"
    )]
    Address,
    /// The server fetches only from its list, and the host is not on it.
    #[error("the server's configuration does not list this host")]
    NotListed,
    /// The server fetches nothing.
    #[error("the server's configuration switches fetching off")]
    Off,
}

/// On whose word a host may be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permit {
    /// An entry of the allow-list names it.
    Listed,
    /// It is on the public Internet.
    Public,
}

/// Where a URL leads, as its parser understood it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// A name in lower case and IDNA ASCII, without a trailing dot, or an address.
    pub host: Host<String>,
    /// The URL's port, or its scheme's.
    pub port: u16,
}

impl Target {
    /// The address, when the URL gives one instead of a name.
    pub fn literal(&self) -> Option<IpAddr> {
        match self.host {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
        }
    }
}

/// Parses a URL that a client sent, drops its fragment, and checks its form.
pub fn parse_url(text: &str) -> Result<Url, Refusal> {
    if text.len() > MAX_URL_BYTES {
        return Err(Refusal::TooLong);
    }
    let mut url = Url::parse(text.trim()).map_err(|_| Refusal::Malformed)?;
    url.set_fragment(None);
    target_of(&url)?;
    Ok(url)
}

/// The mode and the allow-list of a server.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    mode: Mode,
    allow: Vec<Entry>,
}

impl Rules {
    /// Rules of `mode` with the entries of an allow-list, each `host[:ports]`, `*.suffix[:ports]`
    /// or `network[:ports]`, where ports are `8080` or `8000-8999`; without ports, every port.
    pub fn parse<S: AsRef<str>>(mode: Mode, allow: &[S]) -> Result<Self, InvalidEntry> {
        let allow = allow.iter().map(|entry| entry.as_ref().parse()).collect::<Result<_, _>>()?;
        Ok(Self { mode, allow })
    }

    /// What can be said before a name is resolved: a URL refused here is refused at any address.
    pub fn check_url(&self, url: &Url) -> Result<Target, Refusal> {
        let target = target_of(url)?;
        // A name may turn out to lie in a listed network, so only the ports can refuse it yet.
        let may_be_listed = self.names(&target)
            || self.allow.iter().any(|entry| entry.is_network() && entry.opens(target.port));
        match self.mode {
            Mode::Off => Err(Refusal::Off),
            _ if may_be_listed => Ok(target),
            Mode::AllowlistOnly => Err(Refusal::NotListed),
            Mode::Public if is_public_port(target.port) => Ok(target),
            Mode::Public => Err(Refusal::Port),
        }
    }

    /// Whether `target` may be reached at `addresses`, all that its host resolves to.
    pub fn check_addresses(
        &self,
        target: &Target,
        addresses: &[IpAddr],
    ) -> Result<Permit, Refusal> {
        let mut permit = Permit::Listed;
        for address in addresses.iter().flat_map(|address| address::meanings(*address)) {
            match self.check_address(target, address)? {
                Permit::Listed => {}
                Permit::Public => permit = Permit::Public,
            }
        }
        Ok(permit)
    }

    fn check_address(&self, target: &Target, address: IpAddr) -> Result<Permit, Refusal> {
        let metadata = address::is_metadata(address);
        let listed = |entry: &Entry| {
            entry.opens(target.port) && entry.contains(address) && (entry.is_single() || !metadata)
        };
        match self.mode {
            Mode::Off => Err(Refusal::Off),
            _ if self.allow.iter().any(listed) => Ok(Permit::Listed),
            _ if metadata => Err(Refusal::Address),
            _ if self.names(target) => Ok(Permit::Listed),
            Mode::AllowlistOnly => Err(Refusal::NotListed),
            Mode::Public if address::is_refused(address) => Err(Refusal::Address),
            Mode::Public if is_public_port(target.port) => Ok(Permit::Public),
            Mode::Public => Err(Refusal::Port),
        }
    }

    /// Whether an entry lists the target as its URL gives it: a name by its name, an address by
    /// itself or its network. What a name leads to is not asked.
    pub fn lists(&self, target: &Target) -> bool {
        match target.literal() {
            Some(address) => self.check_addresses(target, &[address]) == Ok(Permit::Listed),
            None => self.names(target),
        }
    }

    /// Whether an entry names the target's host, whatever its addresses are.
    fn names(&self, target: &Target) -> bool {
        let Host::Domain(name) = &target.host else { return false };
        self.allow.iter().any(|entry| entry.opens(target.port) && entry.names(name))
    }
}

/// Where a URL leads, if it has a form that is fetched at all.
pub(super) fn target_of(url: &Url) -> Result<Target, Refusal> {
    if url.as_str().len() > MAX_URL_BYTES {
        return Err(Refusal::TooLong);
    }
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Refusal::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refusal::Credentials);
    }
    let port = url.port_or_known_default().filter(|port| *port != 0).ok_or(Refusal::Port)?;
    let host = match url.host().ok_or(Refusal::Malformed)? {
        Host::Domain(name) => Host::Domain(entry::without_dot(name).to_owned()),
        Host::Ipv4(address) => Host::Ipv4(address),
        Host::Ipv6(address) => Host::Ipv6(address),
    };
    Ok(Target { host, port })
}

/// Whether the address, in any of its meanings, is where a cloud keeps a machine's secrets.
pub(super) fn is_metadata(address: IpAddr) -> bool {
    address::meanings(address).into_iter().any(address::is_metadata)
}

fn is_public_port(port: u16) -> bool {
    matches!(port, 80 | 443)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(allow: &[&str]) -> Rules {
        Rules::parse(Mode::Public, allow).expect("valid entries")
    }

    /// What the rules say of a URL whose host resolves to `addresses`, or is an address.
    fn check(rules: &Rules, url: &str, addresses: &[&str]) -> Result<Permit, Refusal> {
        let target = rules.check_url(&parse_url(url)?)?;
        let mut addresses: Vec<IpAddr> =
            addresses.iter().map(|text| text.parse().expect("an address")).collect();
        addresses.extend(target.literal());
        rules.check_addresses(&target, &addresses)
    }

    #[test]
    fn every_spelling_of_a_local_address_is_refused() {
        let spellings = [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0x7f.0.0.1/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://127.0.0.1./",
            "http://１２７.0.0.1/",
            "http://127。0。0。1/",
            "http://0/",
            "http://[::1]/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[::127.0.0.1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[64:ff9b:1:7f00:0:100::]/",
            "http://[64:ff9b:1::7f00:1]/",
            "http://[2002:7f00:1::]/",
            "http://[2001:0:7f00:1::]/",
            "http://[2001:0:5db8:d822:0:0:80ff:fffe]/",
            "http://169.254.169.254/latest/meta-data/",
            "http://[fd00:ec2::254]/",
            "http://168.63.129.16/",
            "http://192.168.0.1/",
            "https://[fe80::1]/",
        ];
        for url in spellings {
            assert_eq!(check(&rules(&[]), url, &[]), Err(Refusal::Address), "{url}");
        }
    }

    #[test]
    fn forms_that_are_not_fetched_are_refused_by_name() {
        let table = [
            ("ftp://example.com/", Refusal::Scheme),
            ("file:///etc/passwd", Refusal::Scheme),
            ("javascript:alert(1)", Refusal::Scheme),
            ("example.com", Refusal::Malformed),
            ("http://", Refusal::Malformed),
            ("http://example.com@10.0.0.1/", Refusal::Credentials),
            ("http://user:secret@example.com/", Refusal::Credentials),
            ("http://example.com:8080/", Refusal::Port),
            ("http://example.com:0/", Refusal::Port),
            ("http://example.com:22/", Refusal::Port),
        ];
        for (url, refusal) in table {
            assert_eq!(check(&rules(&[]), url, &["93.184.216.34"]), Err(refusal), "{url}");
        }
        let long = format!("http://example.com/{}", "a".repeat(MAX_URL_BYTES));
        assert_eq!(parse_url(&long), Err(Refusal::TooLong));
    }

    #[test]
    fn public_addresses_are_fetched_on_the_usual_ports() {
        let public = ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"];
        for url in ["http://example.com/", "https://example.com:443/", "http://bücher.example/"] {
            assert_eq!(check(&rules(&[]), url, &public), Ok(Permit::Public), "{url}");
        }
    }

    #[test]
    fn one_refused_address_refuses_the_host() {
        let addresses = ["93.184.216.34", "10.0.0.7"];
        let refused = check(&rules(&[]), "http://example.com/", &addresses);
        assert_eq!(refused, Err(Refusal::Address));
    }

    #[test]
    fn an_entry_opens_its_host_at_any_address_and_its_ports_only() {
        let allow = rules(&["intranet.example", "*.lab.example:8000-8999", "Bücher.example:81"]);
        let at = |url| check(&allow, url, &["10.0.0.7"]);
        assert_eq!(at("http://intranet.example:9000/"), Ok(Permit::Listed));
        assert_eq!(at("http://INTRANET.example./"), Ok(Permit::Listed));
        assert_eq!(at("http://a.b.lab.example:8080/"), Ok(Permit::Listed));
        assert_eq!(at("http://xn--bcher-kva.example:81/"), Ok(Permit::Listed));
        assert_eq!(at("http://a.lab.example/"), Err(Refusal::Address));
        assert_eq!(at("http://a.lab.example:9000/"), Err(Refusal::Port));
        assert_eq!(at("http://lab.example:8080/"), Err(Refusal::Port));
        assert_eq!(at("http://evilintranet.example/"), Err(Refusal::Address));
        assert_eq!(at("http://evil.intranet.example/"), Err(Refusal::Address));
    }

    #[test]
    fn a_network_entry_opens_addresses_whatever_the_name_or_spelling() {
        let allow = rules(&["10.0.0.0/8", "127.0.0.1:8080", "fd00::/8:443"]);
        assert_eq!(check(&allow, "http://a.example:99/", &["10.9.8.7"]), Ok(Permit::Listed));
        assert_eq!(check(&allow, "http://[::ffff:10.9.8.7]/", &[]), Ok(Permit::Listed));
        assert_eq!(check(&allow, "http://127.1:8080/", &[]), Ok(Permit::Listed));
        assert_eq!(check(&allow, "http://127.0.0.1/", &[]), Err(Refusal::Address));
        assert_eq!(check(&allow, "https://[fd00::9]/", &[]), Ok(Permit::Listed));
        assert_eq!(check(&allow, "http://[fd00::9]/", &[]), Err(Refusal::Address));
        // The port may only be used where it was opened.
        assert_eq!(check(&allow, "http://a.example:99/", &["93.184.216.34"]), Err(Refusal::Port));
    }

    #[test]
    fn metadata_addresses_need_an_entry_of_their_own() {
        let metadata = "http://169.254.169.254/";
        let wide = rules(&["169.254.0.0/16", "metadata.example"]);
        assert_eq!(check(&wide, metadata, &[]), Err(Refusal::Address));
        let named = check(&wide, "http://metadata.example/", &["169.254.169.254"]);
        assert_eq!(named, Err(Refusal::Address));
        assert_eq!(check(&wide, "http://169.254.1.1/", &[]), Ok(Permit::Listed));
        assert_eq!(check(&rules(&["169.254.169.254"]), metadata, &[]), Ok(Permit::Listed));
    }

    #[test]
    fn an_air_gapped_server_fetches_its_list_only() {
        let rules = Rules::parse(Mode::AllowlistOnly, &["intranet.example"]).expect("rules");
        let at = |url, address| check(&rules, url, &[address]);
        assert_eq!(at("http://intranet.example/", "10.0.0.1"), Ok(Permit::Listed));
        assert_eq!(at("http://example.com/", "93.184.216.34"), Err(Refusal::NotListed));
        let off = Rules::parse(Mode::Off, &["intranet.example"]).expect("rules");
        assert_eq!(check(&off, "http://intranet.example/", &["10.0.0.1"]), Err(Refusal::Off));
    }
}
