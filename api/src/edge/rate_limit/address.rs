//! The address that a request came from, through as many proxies as are believed.

use std::net::IpAddr;

use poem::{Addr, Request};

/// Each trusted proxy appends the address it was called from to `X-Forwarded-For`; what stands further left is the client's own
/// claim. IPv6 counts by its /64, which is what one customer gets.
pub fn of(request: &Request, trusted_proxies: usize) -> IpAddr {
    let forwarded = forwarded(request, trusted_proxies);
    network(
        forwarded
            .or_else(|| peer(request))
            .unwrap_or(IpAddr::from([0, 0, 0, 0])),
    )
}

fn forwarded(request: &Request, trusted_proxies: usize) -> Option<IpAddr> {
    let hops = request.header("x-forwarded-for")?;
    let hop = trusted_proxies.checked_sub(1)?;
    hops.rsplit(',').nth(hop)?.trim().parse().ok()
}

fn peer(request: &Request) -> Option<IpAddr> {
    match &request.remote_addr().0 {
        Addr::SocketAddr(address) => Some(address.ip()),
        _ => None,
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(hops: &'static str, trusted_proxies: usize) -> String {
        of(
            &Request::builder().header("x-forwarded-for", hops).finish(),
            trusted_proxies,
        )
        .to_string()
    }

    #[test]
    fn a_client_cannot_choose_its_address() {
        assert_eq!(address("6.6.6.6, 203.0.113.7", 1), "203.0.113.7");
        assert_eq!(address("6.6.6.6, 203.0.113.7, 10.0.0.2", 2), "203.0.113.7");
        assert_eq!(address("6.6.6.6", 0), "0.0.0.0");
    }

    #[test]
    fn one_customer_is_one_network() {
        assert_eq!(address("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::");
        assert_eq!(address("::ffff:203.0.113.7", 1), "203.0.113.7");
    }
}
