//! Taking connections: so many at once, and of one network only a share. `axum::serve` has neither such bounds nor any
//! timers.

use std::{
    fs, io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use futures::FutureExt as _;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Notify,
    time::{sleep, timeout},
};
use tokio_util::task::TaskTracker;

use super::{
    connection::{Times, converse},
    network_limiter::{Full, NetworkLimiter, NetworkPermit},
    proxies::TrustedProxies,
    shutdown::Shutdown,
};

/// What the places are.
const PLACES: &str = "connections";
/// Connections at once, where the system allows so many open files.
const CONNECTIONS: usize = 4096;
/// Those of one network. Browsers open six, and there may be an office behind one address.
const CONNECTIONS_OF_ONE: usize = 256;
/// How many in a hundred of the files that may be open are connections. The database and mail need some, too.
const FILES_FOR_CONNECTIONS: usize = 75;
/// Until the next try when no connection can be accepted, mostly for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(250);
/// How long a new connection waits for an idle one to give way.
const ROOM_PATIENCE: Duration = Duration::from_secs(1);

/// What connections may take.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Their time.
    pub times: Times,
    /// Their room.
    pub room: NetworkLimiter,
    /// Who speaks for many, and has no share to keep to: reverse proxies.
    pub proxies: TrustedProxies,
}

impl Default for Terms {
    fn default() -> Self {
        let files = open_files().map(|files| files / 100 * FILES_FOR_CONNECTIONS);
        let most = files.map_or(CONNECTIONS, |files| files.clamp(1, CONNECTIONS));
        Self {
            times: Times::default(),
            room: NetworkLimiter::new(most, CONNECTIONS_OF_ONE),
            proxies: TrustedProxies::default(),
        }
    }
}

/// How many files this process may have open, where the system tells.
fn open_files() -> Option<usize> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let soft = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    soft.split_whitespace().next()?.parse().ok()
}

/// Serves until the shutdown is asked for and what has begun is done, or is cut.
///
/// Until then new connections are still taken, so that load balancers hear `503` of `/readyz` instead of nothing; every
/// other request on them is refused by [`super::admission`].
pub async fn serve(listener: TcpListener, router: Router, shutdown: Shutdown, terms: Terms) {
    let connections = TaskTracker::new();
    let acceptor = Arc::new(Acceptor { listener, router, terms, crowd: Notify::new() });
    loop {
        tokio::select! {
            (stream, peer, place) = acceptor.next() => {
                let (acceptor, shutdown) = (Arc::clone(&acceptor), shutdown.clone());
                connections.spawn(async move {
                    let _place = place;
                    acceptor.serve(stream, peer, true, &shutdown).await;
                });
            }
            () = shutdown.draining() => break,
        }
    }
    connections.close();
    tokio::select! {
        () = connections.wait() => {}
        () = acceptor.turn_away() => {}
        () = shutdown.at_once() => {}
    }
}

/// Where connections come in.
struct Acceptor {
    listener: TcpListener,
    router: Router,
    terms: Terms,
    /// Tells idle connections that others wait for their place.
    crowd: Notify,
}

impl Acceptor {
    /// The next connection that there is room for. Others are closed.
    async fn next(&self) -> (TcpStream, SocketAddr, NetworkPermit) {
        loop {
            let (stream, peer) = self.accept().await;
            if let Some(place) = self.place_for(peer.ip()).await {
                return (stream, peer, place);
            }
        }
    }

    async fn place_for(&self, peer: IpAddr) -> Option<NetworkPermit> {
        let room = &self.terms.room;
        let client = self.terms.proxies.one_caller(peer);
        match room.take(client) {
            Ok(place) => return Some(place),
            Err(Full::Network) => {
                room.tell(PLACES, Full::Network, client);
                return None;
            }
            Err(Full::All) => {}
        }
        let one_gives_way = async {
            // A place that was given back before anybody waited for one is told of still.
            let _ = room.freed().now_or_never();
            if let Ok(place) = room.take(client) {
                return place;
            }
            self.crowd.notify_one();
            loop {
                room.freed().await;
                if let Ok(place) = room.take(client) {
                    return place;
                }
            }
        };
        let place = timeout(ROOM_PATIENCE, one_gives_way).await.ok();
        // Where no connection was idle, none shall go for it later.
        let _ = self.crowd.notified().now_or_never();
        if place.is_none() {
            room.tell(PLACES, Full::All, client);
        }
        place
    }

    async fn accept(&self) -> (TcpStream, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    // Answers are small and whole; waiting for more to send with them only delays them.
                    if stream.set_nodelay(true).is_ok() {
                        return (stream, peer);
                    }
                }
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    tracing::error!(%error, "no connection can be accepted");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    async fn serve(&self, stream: TcpStream, peer: SocketAddr, keep_alive: bool, shutdown: &Shutdown) {
        let (router, times) = (self.router.clone(), self.terms.times);
        converse(stream, peer, router, keep_alive, times, &self.crowd, shutdown).await;
    }

    /// Takes connections of a server that is leaving, one request each. Nobody waits for them.
    async fn turn_away(self: &Arc<Self>) {
        loop {
            let (stream, peer, place) = self.next().await;
            let acceptor = Arc::clone(self);
            tokio::spawn(async move {
                let _place = place;
                acceptor.serve(stream, peer, false, &Shutdown::default()).await;
            });
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
