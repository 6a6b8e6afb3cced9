//! Looking at pictures elsewhere before a profile shows them.
//!
//! Whoever chooses the address must not thereby make this server speak to its own network (SSRF): every address the name
//! resolves to has to be public, the connection goes to one of just those, and no redirect or proxy leads elsewhere.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use async_trait::async_trait;
use ipnet::IpNet;
use reqwest::{Client, ClientBuilder, Url, redirect::Policy};
use thiserror::Error;
use tokio::{net::lookup_host, sync::Semaphore, task::spawn_blocking, time::timeout};

use super::{certificates, image};
use crate::domain::picture_url::PictureUrl;

/// For all of it: name, connection, answer. As long waits who finds no slot.
const PATIENCE: Duration = Duration::from_secs(5);
/// Most bytes of a remote picture.
const MAX_BYTES: usize = 5 * 1024 * 1024;
/// Pictures looked at at the same time, each in memory.
const AT_ONCE: usize = 8;
/// Unicast addresses of the Internet, in IPv6: all others have special purposes.
const GLOBAL_V6: &str = "2000::/3";
/// What is not globally reachable of the rest (IANA's registries of special-purpose addresses, RFC 6890), and what tunnels
/// lead elsewhere: 6to4 and Teredo.
const SPECIAL: [&str; 19] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
];

/// A picture could not be looked at, and its address is not to blame.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotLooked {
    /// Too many pictures are looked at.
    #[error("too many pictures elsewhere are looked at")]
    Busy,
    /// This machine cannot look at any.
    #[error("pictures elsewhere cannot be looked at: {0}")]
    Unable(String),
}

/// What looks at remote pictures.
#[async_trait]
pub trait RemotePictures: Send + Sync {
    /// Whether a picture is at the address, for everybody to see.
    ///
    /// # Errors
    /// [`NotLooked`]: that says nothing of the picture.
    async fn is_picture(&self, url: &PictureUrl) -> Result<bool, NotLooked>;
}

/// The Internet.
pub struct Web {
    slots: Semaphore,
    /// How long one waits for a slot.
    patience: Duration,
}

impl Default for Web {
    fn default() -> Self {
        Self { slots: Semaphore::new(AT_ONCE), patience: PATIENCE }
    }
}

#[async_trait]
impl RemotePictures for Web {
    async fn is_picture(&self, url: &PictureUrl) -> Result<bool, NotLooked> {
        let Ok(url) = Url::parse(url.as_str()) else { return Ok(false) };
        if !certificates::are_there() {
            return Err(NotLooked::Unable(certificates::MISSING.to_owned()));
        }
        let Ok(Ok(_slot)) = timeout(self.patience, self.slots.acquire()).await else { return Err(NotLooked::Busy) };
        let looked = timeout(PATIENCE, async {
            let addresses = public_addresses(&url).await?;
            fetch(Client::builder(), url, &addresses).await.ok().flatten()
        });
        match looked.await {
            Ok(Some(bytes)) => Ok(spawn_blocking(move || image::decode_cost(&bytes).is_ok()).await.unwrap_or(false)),
            _ => Ok(false),
        }
    }
}

/// Where the name leads, if to public addresses alone.
async fn public_addresses(url: &Url) -> Option<Vec<SocketAddr>> {
    let host = (url.host_str()?, url.port_or_known_default()?);
    let addresses: Vec<_> = lookup_host(host).await.ok()?.collect();
    let public = !addresses.is_empty() && addresses.iter().all(|address| is_public(address.ip()));
    public.then_some(addresses)
}

fn is_public(address: IpAddr) -> bool {
    let within = |net: &str| net.parse::<IpNet>().is_ok_and(|net| net.contains(&address));
    (address.is_ipv4() || within(GLOBAL_V6)) && !SPECIAL.into_iter().any(within)
}

/// The body at `url`, from one of `addresses`, unless it is too long or anything but a success.
async fn fetch(client: ClientBuilder, url: Url, addresses: &[SocketAddr]) -> reqwest::Result<Option<Vec<u8>>> {
    let client = client
        .resolve_to_addrs(url.host_str().unwrap_or_default(), addresses)
        .redirect(Policy::none())
        .no_proxy()
        .https_only(true)
        .user_agent(concat!("nameplate/", env!("CARGO_PKG_VERSION")))
        .build()?;
    let mut answer = client.get(url).send().await?;
    if !answer.status().is_success() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if bytes.len() + chunk.len() > MAX_BYTES {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rcgen::{CertifiedKey, generate_simple_self_signed};
    use reqwest::Certificate;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };
    use tokio_rustls::{
        TlsAcceptor,
        rustls::{ServerConfig, pki_types::PrivateKeyDer},
    };

    use super::*;

    const HOST: &str = "pictures.example";

    #[tokio::test]
    async fn without_a_slot_nothing_is_said_of_the_picture() {
        let web = Web { slots: Semaphore::new(0), patience: Duration::from_millis(1) };
        let url = PictureUrl::parse("https://pictures.example/a.png").unwrap();
        assert!(matches!(web.is_picture(&url).await, Err(NotLooked::Busy)));
    }

    #[test]
    fn only_the_internet_is_public() {
        for address in ["93.184.216.34", "1.1.1.1", "100.63.255.255", "172.32.0.1", "2606:4700::1111", "2a00::1"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.168.1.1",
            "198.19.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:93.184.216.34",
            "64:ff9b::a00:1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[tokio::test]
    async fn names_that_lead_home_are_not_followed() {
        for url in ["https://localhost/a.png", "https://127.0.0.1/a.png", "https://[::1]/a.png"] {
            assert_eq!(public_addresses(&url.parse().unwrap()).await, None, "{url}");
        }
    }

    /// A server over TLS that gives every request this answer; its address, and what to trust.
    async fn server(answer: Vec<u8>) -> (SocketAddr, Certificate) {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed([HOST.to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![cert.der().clone()], key);
        let acceptor = TlsAcceptor::from(Arc::new(config.unwrap()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
            }
        });
        (address, Certificate::from_der(cert.der()).unwrap())
    }

    async fn fetched(head: &str, body: &[u8]) -> Option<Vec<u8>> {
        let (address, certificate) = server([head.as_bytes(), b"\r\n\r\n", body].concat()).await;
        let client = Client::builder().tls_certs_only([certificate]);
        let url = format!("https://{HOST}/a.png").parse().unwrap();
        fetch(client, url, &[address]).await.ok().flatten()
    }

    #[tokio::test]
    async fn a_picture_comes_from_the_address_that_was_checked() {
        assert_eq!(fetched("HTTP/1.1 200 OK\r\nContent-Length: 3", b"abc").await, Some(b"abc".to_vec()));
    }

    #[tokio::test]
    async fn redirects_errors_and_floods_are_none() {
        let elsewhere = format!("HTTP/1.1 302 Found\r\nLocation: https://{HOST}/b.png\r\nContent-Length: 3");
        assert_eq!(fetched(&elsewhere, b"abc").await, None);
        assert_eq!(fetched("HTTP/1.1 404 Not Found\r\nContent-Length: 3", b"abc").await, None);
        assert_eq!(fetched("HTTP/1.1 200 OK\r\nConnection: close", &vec![0; MAX_BYTES + 1]).await, None);
        assert_eq!(
            fetched("HTTP/1.1 200 OK\r\nConnection: close", &vec![0; MAX_BYTES]).await.map(|b| b.len()),
            Some(MAX_BYTES)
        );
    }

    #[tokio::test]
    async fn a_certificate_of_somebody_else_is_none() {
        let (address, _) = server(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec()).await;
        let url = format!("https://{HOST}/a.png").parse().unwrap();
        assert!(fetch(Client::builder(), url, &[address]).await.is_err());
    }
}
