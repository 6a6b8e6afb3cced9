//! Who is calling: the client's address, through proxies that are trusted to say it, and its browser.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;

use crate::{
    domain::{locale::Locale, session::Origin},
    http::request::user_agent,
};

/// What [`Origin::counted_address`] does not count either.
const LOOPBACK: [&str; 2] = ["127.0.0.0/8", "::1/128"];

/// Networks whose `X-Forwarded-For` counts. Cheap to clone, and then the same.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies {
    networks: Arc<[IpNet]>,
    /// Whether the log has one that does not count.
    has_warned: Arc<AtomicBool>,
}

impl From<Vec<IpNet>> for TrustedProxies {
    fn from(networks: Vec<IpNet>) -> Self {
        Self { networks: networks.into(), has_warned: Arc::default() }
    }
}

impl TrustedProxies {
    /// The address of the client that reached us through `peer`: the right-most entry that no trusted proxy wrote about
    /// another one. What stands further left was written by the client, whatever it says.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        let lines: Vec<_> = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
        let mut entries = lines.iter().rev().flat_map(|line| line.rsplit(','));
        while self.trusts(client) {
            match entries.next().and_then(address) {
                Some(before) => client = before,
                None => break,
            }
        }
        client
    }

    /// These, and this machine: a proxy on it speaks for everybody, even if nobody said that it is trusted.
    pub fn and_this_machine(&self) -> Self {
        let here = LOOPBACK.into_iter().filter_map(|network| network.parse().ok());
        self.networks.iter().copied().chain(here).collect::<Vec<IpNet>>().into()
    }

    /// Whose share of something is taken by this address; nobody's, where it is among these and so speaks for many.
    pub fn one_caller(&self, address: IpAddr) -> Option<IpAddr> {
        Some(address.to_canonical()).filter(|address| !self.trusts(*address))
    }

    /// Whether an address, in its canonical form, is among them.
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(&address))
    }

    /// Writes into the log, once, that somebody sends an `X-Forwarded-For` that does not count: a proxy that nobody
    /// configured, behind which everybody is one address.
    fn warn_of(&self, peer: IpAddr, headers: &HeaderMap) {
        let peer = peer.to_canonical();
        if headers.contains_key("x-forwarded-for")
            && !self.trusts(peer)
            && !self.has_warned.swap(true, Ordering::Relaxed)
        {
            tracing::warn!(
                "{peer} sends X-Forwarded-For, which does not count: server.trusted_proxies does not name it. If that is your \
                 proxy, everybody behind it counts as one address until it is named there."
            );
        }
    }
}

/// An entry of `X-Forwarded-For`; some proxies add the port.
fn address(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim();
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(entry);
    let ip = bare.parse::<IpAddr>().or_else(|_| bare.parse::<SocketAddr>().map(|socket| socket.ip()));
    ip.ok().map(|ip| ip.to_canonical())
}

/// Puts the request's [`Origin`] into its extensions.
pub async fn note_origin(State(proxies): State<TrustedProxies>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let headers = request.headers();
    if let Some(peer) = peer {
        proxies.warn_of(peer, headers);
    }
    let text = |name| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let origin = Origin {
        address: peer.map(|peer| proxies.client(peer, headers)),
        user_agent: user_agent(headers),
        locale: text(header::ACCEPT_LANGUAGE).and_then(|languages| Locale::negotiate(&languages)),
        time_zone: None,
        device: None,
        session_id: None,
    };
    request.extensions_mut().insert(origin);
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn client(trusted: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let networks: Vec<IpNet> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_str(line).unwrap());
        }
        TrustedProxies::from(networks).client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(client(&[], "203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(client(&["10.0.0.0/8"], "203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(client(&["10.0.0.0/8"], "10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn the_right_most_address_that_is_not_trusted_counts() {
        let trusted = ["10.0.0.0/8", "192.0.2.1/32"];
        assert_eq!(client(&trusted, "10.0.0.1", &["8.8.8.8, 198.51.100.1, 192.0.2.1, 10.9.9.9"]), "198.51.100.1");
        assert_eq!(client(&trusted, "10.0.0.1", &["8.8.8.8, 198.51.100.1", "192.0.2.1"]), "198.51.100.1");
        assert_eq!(client(&trusted, "10.0.0.1", &["10.1.1.1, 10.2.2.2"]), "10.1.1.1", "nobody else was there");
    }

    #[test]
    fn what_is_not_an_address_ends_the_chain() {
        let trusted = ["10.0.0.0/8"];
        assert_eq!(client(&trusted, "10.0.0.1", &["198.51.100.1, unknown"]), "10.0.0.1");
        assert_eq!(client(&trusted, "10.0.0.1", &["198.51.100.1, unknown, 10.0.0.2"]), "10.0.0.2");
        assert_eq!(client(&trusted, "10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client(&trusted, "10.0.0.1", &[""]), "10.0.0.1");
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_understood() {
        let trusted = ["10.0.0.0/8", "fd00::/8"];
        assert_eq!(client(&trusted, "::ffff:10.0.0.1", &["198.51.100.1:4711"]), "198.51.100.1");
        assert_eq!(client(&trusted, "fd00::1", &["[2001:db8::1]:443"]), "2001:db8::1");
        assert_eq!(client(&trusted, "fd00::1", &["[2001:db8::1]"]), "2001:db8::1");
        assert_eq!(client(&trusted, "fd00::1", &["::ffff:198.51.100.1"]), "198.51.100.1");
    }
}
