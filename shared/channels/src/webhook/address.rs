//! Which IP addresses a webhook may be sent to: those that anybody on the internet could reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use hub_models::webhook::UrlPolicy;

/// Whether a webhook may be sent to this address.
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
