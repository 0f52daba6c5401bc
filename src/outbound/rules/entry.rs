//! One entry of the allow-list: a host, a suffix of hosts or a network, and the ports it opens.

use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::str::FromStr;

use ipnet::IpNet;
use url::Host;

/// A parsed entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    place: Place,
    ports: RangeInclusive<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// Just this host.
    Host(String),
    /// Every host below this one, itself not included; kept with its leading dot.
    Suffix(String),
    /// These addresses, whatever name led to them.
    Network(IpNet),
}

/// An entry of an allow-list that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no allow-list entry: `{entry}`: {reason}")]
pub struct InvalidEntry {
    /// The entry as it was written.
    pub entry: String,
    /// What is wrong, and what would be right.
    pub reason: &'static str,
}

impl Entry {
    pub(super) fn opens(&self, port: u16) -> bool {
        self.ports.contains(&port)
    }

    pub(super) fn names(&self, host: &str) -> bool {
        match &self.place {
            Place::Host(name) => host == name,
            Place::Suffix(suffix) => host.ends_with(suffix.as_str()),
            Place::Network(_) => false,
        }
    }

    pub(super) fn contains(&self, address: IpAddr) -> bool {
        matches!(&self.place, Place::Network(network) if network.contains(&address))
    }

    pub(super) fn is_network(&self) -> bool {
        matches!(self.place, Place::Network(_))
    }

    /// A network of one address.
    pub(super) fn is_single(&self) -> bool {
        matches!(self.place, Place::Network(net) if net.prefix_len() == net.max_prefix_len())
    }
}

impl FromStr for Entry {
    type Err = InvalidEntry;

    fn from_str(text: &str) -> Result<Self, InvalidEntry> {
        let invalid = |reason| InvalidEntry { entry: text.to_owned(), reason };
        let (place, ports) = split(text.trim()).map_err(invalid)?;
        Ok(Self {
            place: parse_place(place).map_err(invalid)?,
            ports: ports.map_or(Ok(1..=u16::MAX), parse_ports).map_err(invalid)?,
        })
    }
}

/// A name without the dot of the DNS root, which changes nothing about where it leads.
pub(super) fn without_dot(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

/// Cuts the ports off. An IPv6 address has colons of its own: `[::1]:80` or `fd00::/8:80`.
fn split(text: &str) -> Result<(&str, Option<&str>), &'static str> {
    if let Some(bracketed) = text.strip_prefix('[') {
        let (place, rest) = bracketed.split_once(']').ok_or("the bracket is not closed")?;
        return match rest.strip_prefix(':') {
            Some(ports) => Ok((place, Some(ports))),
            None if rest.is_empty() => Ok((place, None)),
            None => Err("after the bracket stands `:` and a port"),
        };
    }
    if text.parse::<IpAddr>().is_ok() || text.parse::<IpNet>().is_ok() {
        return Ok((text, None));
    }
    Ok(text.rsplit_once(':').map_or((text, None), |(place, ports)| (place, Some(ports))))
}

fn parse_place(place: &str) -> Result<Place, &'static str> {
    if place.contains("//") {
        return Err("write the host alone, without `http://` and path");
    }
    if let Ok(network) = place.parse::<IpNet>() {
        return Ok(Place::Network(network));
    }
    if let Ok(address) = place.parse::<IpAddr>() {
        return Ok(Place::Network(address.into()));
    }
    if place.contains('/') {
        return Err("a network is an address and a prefix length, such as `10.0.0.0/8`");
    }
    let (wildcard, name) = place.strip_prefix("*.").map_or((false, place), |name| (true, name));
    match Host::parse(without_dot(name)) {
        Ok(Host::Domain(_)) if name.contains('*') => Err("a `*` may only stand first, as `*.`"),
        Ok(Host::Domain(name)) if wildcard => Ok(Place::Suffix(format!(".{name}"))),
        Ok(Host::Domain(name)) => Ok(Place::Host(name)),
        Ok(Host::Ipv4(address)) if !wildcard => Ok(Place::Network(IpAddr::V4(address).into())),
        _ => Err("this is neither a host name, nor `*.` and one, nor an address"),
    }
}

fn parse_ports(text: &str) -> Result<RangeInclusive<u16>, &'static str> {
    let (low, high) = text.split_once('-').unwrap_or((text, text));
    match (low.parse(), high.parse()) {
        (Ok(low), Ok(high)) if 1 <= low && low <= high => Ok(low..=high),
        _ => Err("ports are one number or a range such as `8000-8999`, from 1 to 65535"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_in_all_their_forms() {
        let every = 1..=u16::MAX;
        let network = |text: &str| Place::Network(text.parse().expect("a network"));
        let table = [
            ("localhost", Place::Host("localhost".into()), every.clone()),
            ("Example.COM.:80", Place::Host("example.com".into()), 80..=80),
            ("*.example.com:1-9", Place::Suffix(".example.com".into()), 1..=9),
            ("10.0.0.0/8", network("10.0.0.0/8"), every.clone()),
            ("10.0.0.0/8:8000-9000", network("10.0.0.0/8"), 8000..=9000),
            ("10.0.0.1:81", network("10.0.0.1/32"), 81..=81),
            ("0x7f.1", network("127.0.0.1/32"), every.clone()),
            ("::1", network("::1/128"), every.clone()),
            ("[::1]", network("::1/128"), every.clone()),
            ("[::1]:8080", network("::1/128"), 8080..=8080),
            ("[fd00::/8]:80", network("fd00::/8"), 80..=80),
            ("fd00::/8:80", network("fd00::/8"), 80..=80),
        ];
        for (text, place, ports) in table {
            assert_eq!(text.parse(), Ok(Entry { place, ports }), "{text}");
        }
    }

    #[test]
    fn what_is_no_entry_is_refused() {
        let texts = [
            "",
            "*",
            "*.",
            "a.*.example",
            "http://example.com/",
            "example.com/path",
            "example.com:",
            "example.com:0",
            "example.com:9-1",
            "example.com:http",
            "example.com:70000",
            "10.0.0.0/33",
            "*.10.0.0.1",
            "[::1",
            "[::1]80",
            "a b",
        ];
        for text in texts {
            assert!(text.parse::<Entry>().is_err(), "{text}");
        }
    }
}
