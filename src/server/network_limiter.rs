//! Places that all clients share, and of which one network has only so many.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use ipnet::IpNet;
use tokio::sync::Notify;

/// What one customer of a provider has of IPv6: whoever has one address there has all of them.
const IPV6_PREFIX: u8 = 64;
const IPV4_PREFIX: u8 = 32;

/// How often at most it is told that there was no place: whoever takes too many shall not fill the log as well.
const TOLD_EVERY: Duration = Duration::from_secs(10);

/// Places. Cheap to clone, and then the same places.
#[derive(Clone, Debug)]
pub struct NetworkLimiter(Arc<Places>);

#[derive(Debug)]
struct Places {
    most: usize,
    each: usize,
    taken: Mutex<Taken>,
    freed: Notify,
    told: Mutex<Option<Instant>>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by: HashMap<IpNet, usize>,
}

/// A place, given back when dropped.
#[derive(Debug)]
pub struct NetworkPermit {
    places: Arc<Places>,
    network: Option<IpNet>,
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// All are taken.
    All,
    /// This network has its share.
    Network,
}

impl NetworkLimiter {
    /// So many places, of which one IPv4 address or one /64 of IPv6 has at most `each`.
    pub fn new(most: usize, each: usize) -> Self {
        Self(Arc::new(Places { most, each, taken: Mutex::default(), freed: Notify::new(), told: Mutex::default() }))
    }

    /// A place for a client at this address. One without an address has no share to keep to.
    ///
    /// # Errors
    /// When there is none.
    pub fn take(&self, client: Option<IpAddr>) -> Result<NetworkPermit, Full> {
        let network = client.and_then(network);
        let mut taken = self.0.taken();
        if taken.all >= self.0.most {
            return Err(Full::All);
        }
        if let Some(network) = network {
            let share = taken.by.entry(network).or_default();
            if *share >= self.0.each {
                return Err(Full::Network);
            }
            *share += 1;
        }
        taken.all += 1;
        Ok(NetworkPermit { places: Arc::clone(&self.0), network })
    }

    /// Tells the operator, now and then, that somebody was refused a place.
    pub fn tell(&self, of: &'static str, full: Full, client: Option<IpAddr>) {
        let mut told = self.0.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_some_and(|at| at.elapsed() < TOLD_EVERY) {
            return;
        }
        *told = Some(Instant::now());
        let network = client.and_then(network).map(|network| network.to_string()).unwrap_or_default();
        match full {
            Full::All => tracing::warn!(of, "all places are taken"),
            Full::Network => tracing::warn!(of, network, "a network has its share of the places"),
        }
    }

    /// Waits until a place was given back.
    pub async fn freed(&self) {
        self.0.freed.notified().await;
    }
}

impl Places {
    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for NetworkPermit {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        taken.all -= 1;
        if let Some(network) = self.network
            && let Some(share) = taken.by.get_mut(&network)
        {
            *share -= 1;
            if *share == 0 {
                taken.by.remove(&network);
            }
        }
        drop(taken);
        self.places.freed.notify_one();
    }
}

fn network(client: IpAddr) -> Option<IpNet> {
    let client = client.to_canonical();
    let prefix = if client.is_ipv4() { IPV4_PREFIX } else { IPV6_PREFIX };
    IpNet::new(client, prefix).ok().map(|network| network.trunc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(address: &str) -> Option<IpAddr> {
        Some(address.parse().unwrap())
    }

    #[test]
    fn a_network_has_its_share_and_all_have_what_there_is() {
        let shares = NetworkLimiter::new(4, 2);
        let first = shares.take(at("203.0.113.9")).unwrap();
        let mapped = shares.take(at("::ffff:203.0.113.9")).unwrap();
        assert_eq!(shares.take(at("203.0.113.9")).unwrap_err(), Full::Network);
        let other = shares.take(at("203.0.113.10")).unwrap();
        let nobody = shares.take(None).unwrap();
        assert_eq!(shares.take(at("203.0.113.11")).unwrap_err(), Full::All);
        drop((first, nobody));
        let again = shares.take(at("203.0.113.9")).unwrap();
        drop((mapped, other, again));
        let taken = shares.0.taken();
        assert_eq!((taken.all, taken.by.len()), (0, 0), "nothing is kept of who is gone");
    }

    #[test]
    fn addresses_of_one_64_are_one_network() {
        let shares = NetworkLimiter::new(4, 1);
        let _first = shares.take(at("2001:db8:1:2::1")).unwrap();
        assert_eq!(shares.take(at("2001:db8:1:2:ffff::9")).unwrap_err(), Full::Network);
        assert!(shares.take(at("2001:db8:1:3::1")).is_ok());
    }
}
