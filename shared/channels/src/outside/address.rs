//! Which IP addresses the hub calls for a tenant: those that anybody on the internet could reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use hub_models::outside::UrlPolicy;

/// Whether this address is called.
pub(super) fn is_allowed(address: IpAddr, policy: UrlPolicy) -> bool {
    let local = policy == UrlPolicy::AllowLoopback && address.is_loopback();
    local || is_public(address)
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !NOT_PUBLIC_V4.iter().any(|net| net.contains(address)),
        // Public IPv6 is in one block so far. All that maps or translates IPv4 is outside of it or named below.
        IpAddr::V6(address) => PUBLIC_V6.contains(address) && !NOT_PUBLIC_V6.iter().any(|net| net.contains(address)),
    }
}

/// A block of IPv4 addresses.
struct NetV4(Ipv4Addr, u32);

impl NetV4 {
    fn contains(&self, address: Ipv4Addr) -> bool {
        (self.0.to_bits() ^ address.to_bits()).leading_zeros() >= self.1
    }
}

/// A block of IPv6 addresses.
struct NetV6(Ipv6Addr, u32);

impl NetV6 {
    fn contains(&self, address: Ipv6Addr) -> bool {
        (self.0.to_bits() ^ address.to_bits()).leading_zeros() >= self.1
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, bits: u32) -> NetV4 {
    NetV4(Ipv4Addr::new(a, b, c, d), bits)
}

const fn v6(a: u16, b: u16, c: u16, bits: u32) -> NetV6 {
    NetV6(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), bits)
}

/// From IANA's registry of special-purpose IPv4 addresses.
const NOT_PUBLIC_V4: [NetV4; 16] = [
    v4(0, 0, 0, 0, 8),       // this network
    v4(10, 0, 0, 0, 8),      // private
    v4(100, 64, 0, 0, 10),   // shared by a carrier's customers
    v4(127, 0, 0, 0, 8),     // loopback
    v4(169, 254, 0, 0, 16),  // link-local, and the metadata of clouds
    v4(172, 16, 0, 0, 12),   // private
    v4(192, 0, 0, 0, 24),    // protocol assignments
    v4(192, 0, 2, 0, 24),    // documentation
    v4(192, 31, 196, 0, 24), // AS112
    v4(192, 52, 193, 0, 24), // tunnels of multicast
    v4(192, 88, 99, 0, 24),  // relays of 6to4
    v4(192, 168, 0, 0, 16),  // private
    v4(198, 18, 0, 0, 15),   // benchmarks
    v4(198, 51, 100, 0, 24), // documentation
    v4(203, 0, 113, 0, 24),  // documentation
    v4(224, 0, 0, 0, 3),     // multicast, reserved, broadcast
];

/// The block that public IPv6 addresses are given from.
const PUBLIC_V6: NetV6 = v6(0x2000, 0, 0, 3);

/// From IANA's registry of special-purpose IPv6 addresses, within that block.
const NOT_PUBLIC_V6: [NetV6; 5] = [
    v6(0x2001, 0, 0, 23),         // protocol assignments, Teredo, benchmarks
    v6(0x2001, 0xdb8, 0, 32),     // documentation
    v6(0x2002, 0, 0, 16),         // 6to4, which carries an IPv4 address
    v6(0x2620, 0x4f, 0x8000, 48), // AS112
    v6(0x3fff, 0, 0, 20),         // documentation
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn allowed(address: &str, policy: UrlPolicy) -> bool {
        is_allowed(address.parse().unwrap(), policy)
    }

    #[test]
    fn addresses_that_are_not_public_are_refused() {
        for address in [
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.0",
            "100.127.255.255",
            "169.254.0.0",
            "169.254.169.254",
            "169.254.255.255",
            "172.16.0.0",
            "172.31.255.255",
            "192.0.0.0",
            "192.0.0.255",
            "192.0.2.1",
            "192.31.196.1",
            "192.52.193.1",
            "192.88.99.1",
            "192.168.0.0",
            "192.168.255.255",
            "198.18.0.0",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.0",
            "239.255.255.255",
            "240.0.0.0",
            "255.255.255.254",
            "255.255.255.255",
            "::",
            "::7f00:1",
            "::ffff:8.8.8.8",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "64:ff9b::8.8.8.8",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::a00:1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:1ff::1",
            "2001:db8::1",
            "2002:a9fe:a9fe::1",
            "2002:808:808::1",
            "2620:4f:8000::1",
            "3fff::1",
            "3fff:fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fdff::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "ff0e::1",
        ] {
            assert!(!allowed(address, UrlPolicy::Https), "{address}");
            assert!(!allowed(address, UrlPolicy::AllowLoopback), "{address}");
        }
    }

    #[test]
    fn public_addresses_at_the_edges_are_allowed() {
        for address in [
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
            "192.0.3.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "203.0.112.255",
            "203.0.114.0",
            "223.255.255.255",
            "8.8.8.8",
            "2000::1",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2001:db7::1",
            "2001:db9::1",
            "2003::1",
            "2606:4700::1111",
            "2620:4f:7fff::1",
            "3ffe::1",
            "3fff:1000::1",
        ] {
            assert!(allowed(address, UrlPolicy::Https), "{address}");
        }
    }

    #[test]
    fn loopback_is_allowed_only_where_the_policy_says_so() {
        for address in ["127.0.0.1", "127.255.255.255", "::1"] {
            assert!(!allowed(address, UrlPolicy::Https), "{address}");
            assert!(allowed(address, UrlPolicy::AllowLoopback), "{address}");
        }
    }

    proptest! {
        #[test]
        fn what_the_standard_library_calls_special_is_refused(bits: u32) {
            let address = Ipv4Addr::from_bits(bits);
            let special = address.is_private() || address.is_loopback() || address.is_link_local()
                || address.is_multicast() || address.is_broadcast() || address.is_documentation()
                || address.is_unspecified();
            prop_assert!(!special || !is_allowed(address.into(), UrlPolicy::Https));
        }

        #[test]
        fn no_ipv4_address_gets_through_inside_an_ipv6_address(bits: u32) {
            let low = u128::from(bits);
            for high in [0, 0xffff << 32, 0x64_ff9b << 96, 0x2002 << 112 | low << 80, 0x2001_0000 << 96] {
                let address = Ipv6Addr::from_bits(high | low);
                prop_assert!(!is_allowed(address.into(), UrlPolicy::Https), "{}", address);
            }
        }

        #[test]
        fn what_the_standard_library_calls_special_in_ipv6_is_refused(bits: u128) {
            let address = Ipv6Addr::from_bits(bits);
            let special = address.is_loopback() || address.is_multicast() || address.is_unique_local()
                || address.is_unicast_link_local() || address.to_ipv4().is_some();
            prop_assert!(!special || !is_allowed(address.into(), UrlPolicy::Https));
        }
    }
}
