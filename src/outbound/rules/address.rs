//! Which IP addresses are not on the public Internet, however they are written.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

/// A range by its first three segments; the others are 0 in all of them.
const fn v6(a: u16, b: u16, c: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), prefix)
}

/// The special-purpose ranges of IPv4 (RFC 6890 and the registry that it founded).
const REFUSED_V4: [Ipv4Net; 15] = [
    v4(0, 0, 0, 0, 8),       // this network
    v4(10, 0, 0, 0, 8),      // private
    v4(100, 64, 0, 0, 10),   // shared by carriers
    v4(127, 0, 0, 0, 8),     // loopback
    v4(169, 254, 0, 0, 16),  // link-local
    v4(172, 16, 0, 0, 12),   // private
    v4(192, 0, 0, 0, 24),    // protocol assignments
    v4(192, 0, 2, 0, 24),    // documentation
    v4(192, 88, 99, 0, 24),  // 6to4 relays
    v4(192, 168, 0, 0, 16),  // private
    v4(198, 18, 0, 0, 15),   // benchmarks
    v4(198, 51, 100, 0, 24), // documentation
    v4(203, 0, 113, 0, 24),  // documentation
    v4(224, 0, 0, 0, 4),     // multicast
    v4(240, 0, 0, 0, 4),     // reserved, and broadcast
];

/// All of IPv6 that was given out for the public Internet. Loopback, unique local, link-local,
/// site-local, multicast, discard-only and unspecified addresses lie outside.
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 0, 3);

/// The special-purpose ranges inside [`GLOBAL_V6`].
const REFUSED_V6: [Ipv6Net; 3] = [
    v6(0x2001, 0, 0, 23),     // protocol assignments: benchmarks, ORCHID
    v6(0x2001, 0xdb8, 0, 32), // documentation
    v6(0x3fff, 0, 0, 20),     // documentation
];

const NAT64: Ipv6Net = v6(0x64, 0xff9b, 0, 96);
const NAT64_LOCAL: Ipv6Net = v6(0x64, 0xff9b, 1, 48);
const SIX_TO_FOUR: Ipv6Net = v6(0x2002, 0, 0, 16);
const TEREDO: Ipv6Net = v6(0x2001, 0, 0, 32);

/// Where clouds tell a machine its secrets. Some are public or easily allowed with a network.
const METADATA: [IpAddr; 8] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)), // most clouds
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),   // container credentials
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 23)),  // pod credentials
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)),
];

/// The addresses that a packet to `address` may reach: itself, or the IPv4 addresses inside it.
pub(super) fn meanings(address: IpAddr) -> Vec<IpAddr> {
    let IpAddr::V6(outer) = address else { return vec![address] };
    let bytes = outer.octets();
    let v4_at = |at: [usize; 4]| IpAddr::from(at.map(|index| bytes[index]));
    let last = [12, 13, 14, 15];
    if outer.to_ipv4_mapped().is_some() || NAT64.contains(&outer) {
        vec![v4_at(last)]
    } else if NAT64_LOCAL.contains(&outer) && bytes[8] == 0 && bytes[11..] == [0; 5] {
        // RFC 6052 leaves byte 8 out. Any other layout stays itself, and is refused as such.
        vec![v4_at([6, 7, 9, 10])]
    } else if SIX_TO_FOUR.contains(&outer) {
        vec![v4_at([2, 3, 4, 5])]
    } else if TEREDO.contains(&outer) {
        // The server that relays, and the client behind it, whose bits are inverted.
        vec![v4_at([4, 5, 6, 7]), IpAddr::from(last.map(|index| !bytes[index]))]
    } else {
        vec![address]
    }
}

/// Whether one of the [`meanings`] is outside the public Internet.
pub(super) fn is_refused(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => REFUSED_V4.iter().any(|net| net.contains(&address)),
        IpAddr::V6(address) => {
            !GLOBAL_V6.contains(&address) || REFUSED_V6.iter().any(|net| net.contains(&address))
        }
    }
}

/// Whether one of the [`meanings`] is where a cloud keeps a machine's secrets.
pub(super) fn is_metadata(address: IpAddr) -> bool {
    METADATA.contains(&address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn the_first_and_last_address_of_each_range_is_refused() {
        let edges = [
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.0",
            "100.127.255.255",
            "127.0.0.0",
            "127.255.255.255",
            "169.254.0.0",
            "169.254.255.255",
            "172.16.0.0",
            "172.31.255.255",
            "192.0.0.0",
            "192.0.0.255",
            "192.0.2.0",
            "192.88.99.255",
            "192.168.0.0",
            "192.168.255.255",
            "198.18.0.0",
            "198.19.255.255",
            "198.51.100.0",
            "203.0.113.255",
            "224.0.0.0",
            "239.255.255.255",
            "240.0.0.0",
            "255.255.255.255",
            "::",
            "::1",
            "fc00::",
            "fdff::1",
            "fe80::",
            "febf::1",
            "fec0::",
            "feff::1",
            "ff00::",
            "ff02::1",
            "2001:db8::",
            "2001:db8:ffff::1",
            "100::1",
            "2001:2::1",
            "2001:10::1",
            "3fff::1",
            "5f00::1",
            "4000::1",
        ];
        for text in edges {
            assert!(is_refused(ip(text)), "{text}");
        }
    }

    #[test]
    fn their_public_neighbours_are_not() {
        let neighbours = [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:200::1",
            "2001:db7::1",
            "2001:db9::1",
            "2606:4700::1111",
            "2a00::1",
        ];
        for text in neighbours {
            assert!(!is_refused(ip(text)), "{text}");
        }
    }

    #[test]
    fn an_address_inside_another_is_found() {
        let table = [
            ("::ffff:10.0.0.1", vec!["10.0.0.1"]),
            ("64:ff9b::10.0.0.1", vec!["10.0.0.1"]),
            ("64:ff9b:1:a00:0:100::", vec!["10.0.0.1"]),
            ("64:ff9b:1::a00:1", vec!["64:ff9b:1::a00:1"]),
            ("2002:a00:1::5", vec!["10.0.0.1"]),
            ("2001:0:101:101::f5ff:fffe", vec!["1.1.1.1", "10.0.0.1"]),
            ("2606:4700::1111", vec!["2606:4700::1111"]),
        ];
        for (outer, inner) in table {
            let inner: Vec<IpAddr> = inner.into_iter().map(ip).collect();
            assert_eq!(meanings(ip(outer)), inner, "{outer}");
        }
    }
}
