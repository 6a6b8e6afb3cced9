//! Bodies of requests to the whole service, over a real socket: slow ones, many of them, and of people who did not say who
//! they are.

use std::{io::Cursor, net::SocketAddr, time::Duration};

use nameplate::{
    domain::account::Role,
    server::{
        bodies::{Bodies, BodyTimes},
        byte_rate::Rate,
        listen::{self, Terms},
        network_limiter::NetworkLimiter,
        shutdown::Shutdown,
    },
    service::{operator::NewAccount, profile::NameInput},
};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};

use super::composition::{Site, site_with};
use crate::harness::PASSWORD;

/// How long an ordinary body may take.
const ORDINARY: Duration = Duration::from_millis(400);
/// Longer than anything here should take.
const PATIENCE: Duration = Duration::from_secs(20);
const UPLOAD: &str = "POST /auth-api/bucket/userAvatars/upload";
const LOGIN: &str = "POST /auth-api/login";
const FORM: &str = "Content-Type: multipart/form-data; boundary=edge\r\n";
const JSON: &str = "Content-Type: application/json\r\n";

/// A service at an address, with Ada's account.
struct Server {
    address: SocketAddr,
    _site: Site,
}

impl Server {
    async fn start(upload: Duration, least: Rate, room: NetworkLimiter) -> Self {
        let times = BodyTimes { ordinary: ORDINARY, upload, least };
        let site = site_with(false, |frame| frame.bodies = Bodies { times, room, proxies: Vec::new().into() }).await;
        let new = NewAccount {
            email: Some("ada@example.com".to_owned()),
            phone: None,
            name: NameInput::Full("Ada Lovelace".to_owned()),
            password: PASSWORD.to_owned(),
            role: Role::User,
        };
        site.state.accounts.create_for_operator(new).await.unwrap();
        Self::over(site).await
    }

    async fn over(site: Site) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(listen::serve(listener, site.router.clone(), Shutdown::default(), Terms::default()));
        Self { address, _site: site }
    }

    /// With room for everybody, and a rate that nobody falls short of.
    async fn patient() -> Self {
        let least = Rate { window: PATIENCE, bytes: 0 };
        Self::start(PATIENCE, least, NetworkLimiter::new(64, 64)).await
    }

    /// Begins a request with a body of `length` bytes, of which these come with its head.
    async fn begin_with(&self, route: &str, headers: &str, length: usize, body: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let head = format!("{route} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{headers}");
        let head = format!("{head}Content-Length: {length}\r\n\r\n");
        stream.write_all(&[head.as_bytes(), body].concat()).await.unwrap();
        stream
    }

    async fn begin(&self, route: &str, headers: &str, length: usize) -> TcpStream {
        self.begin_with(route, headers, length, b"").await
    }

    /// Sends a request as a whole; its status and its body.
    async fn ask(&self, route: &str, headers: &str, body: &[u8]) -> (String, Value) {
        answer(self.begin_with(route, headers, body.len(), body).await).await
    }

    /// Signs Ada in; the header with her token.
    async fn sign_in(&self) -> String {
        let credentials = format!("{{\"username\":\"ada@example.com\",\"password\":\"{PASSWORD}\"}}");
        let (status, told) = self.ask(LOGIN, JSON, credentials.as_bytes()).await;
        assert_eq!(status, "200", "{told}");
        format!("Authorization: Bearer {}\r\n", told["accessToken"].as_str().unwrap())
    }
}

async fn answer(mut stream: TcpStream) -> (String, Value) {
    let mut answer = Vec::new();
    // What was not read of a body breaks the connection once the answer is there.
    timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("an answer").ok();
    let answer = String::from_utf8(answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap_or_default().to_owned();
    let body = answer.split_once("\r\n\r\n").and_then(|(_, body)| serde_json::from_str(body).ok());
    (status, body.unwrap_or_default())
}

/// A form with a picture.
fn form() -> Vec<u8> {
    let mut png = Cursor::new(Vec::new());
    image::RgbImage::from_pixel(64, 64, image::Rgb([1, 2, 3])).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let mut form = b"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"me.png\"\r\n\r\n".to_vec();
    form.extend(png.into_inner());
    form.extend(b"\r\n--edge--\r\n");
    form
}

/// Sends bytes in pieces, and waits before each.
async fn drip(stream: &mut TcpStream, bytes: &[u8], pause: Duration) {
    for piece in bytes.chunks(bytes.len().div_ceil(4)) {
        sleep(pause).await;
        if stream.write_all(piece).await.is_err() {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uploads_may_take_longer() {
    let server = Server::patient().await;
    let (token, form) = (server.sign_in().await, form());
    let mut stream = server.begin(UPLOAD, &format!("{FORM}{token}"), form.len()).await;
    drip(&mut stream, &form, ORDINARY / 2).await;
    let (status, told) = answer(stream).await;
    assert_eq!(status, "200", "it took longer than an ordinary body may: {told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_says_that_it_is_an_upload_may_not() {
    let server = Server::patient().await;
    let token = server.sign_in().await;
    let (status, told) = answer(server.begin(UPLOAD, FORM, 99).await).await;
    assert_eq!((status.as_str(), &told["errCode"]), ("401", &"LoginRequired".into()), "nothing was waited for");
    for (route, headers, expected) in [
        (UPLOAD, format!("{JSON}{token}"), "415"),
        (LOGIN, FORM.to_owned(), "415"),
        (LOGIN, JSON.to_owned(), "408"),
        ("PATCH /auth-api/v1/profile", format!("{JSON}{token}"), "408"),
        ("POST /api/v1/auth/login", JSON.to_owned(), "408"),
        ("POST /oidc/token", "Content-Type: application/x-www-form-urlencoded\r\n".to_owned(), "408"),
    ] {
        let (status, told) = answer(server.begin(route, &headers, 99).await).await;
        assert_eq!(status, expected, "{route}: {told}");
    }
    let ours = "Sec-Fetch-Site: same-origin\r\nAccept: application/json\r\n";
    let form = format!("{ours}Content-Type: application/x-www-form-urlencoded\r\n");
    let (status, told) = answer(server.begin("POST /fn/sign-in", &form, 99).await).await;
    assert_eq!((status.as_str(), &told["cause"]), ("408", &"timed-out".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_that_hardly_moves_is_cut() {
    let least = Rate { window: ORDINARY, bytes: 1024 };
    let server = Server::start(PATIENCE * 10, least, NetworkLimiter::new(64, 64)).await;
    let headers = format!("{FORM}{}", server.sign_in().await);
    let mut stream = server.begin(UPLOAD, &headers, 100_000).await;
    let (mut reader, mut writer) = stream.split();
    let dripping = async {
        // No gap is long.
        while writer.write_all(b"x").await.is_ok() {
            sleep(ORDINARY / 8).await;
        }
        std::future::pending::<()>().await;
    };
    let mut head = [0; 12];
    tokio::select! {
        read = timeout(PATIENCE, reader.read_exact(&mut head)) => drop(read.expect("an answer").unwrap()),
        () = dripping => unreachable!(),
    }
    assert_eq!(&head, b"HTTP/1.1 408");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_on_this_machine_speaks_for_many() {
    let room = NetworkLimiter::new(8, 1);
    let times = BodyTimes { ordinary: ORDINARY, ..BodyTimes::default() };
    let site = site_with(false, |frame| frame.bodies = Bodies { times, room: room.clone(), ..frame.bodies.clone() });
    let server = Server::over(site.await).await;
    let _place = room.take(Some(server.address.ip())).unwrap();
    // Nobody said that it is trusted, so everybody comes from its address.
    assert_eq!(answer(server.begin("POST /api/v1/auth/login", JSON, 99).await).await.0, "408", "it was waited for");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_network_has_its_share_of_bodies_that_are_waited_for() {
    let (least, room) = (Rate { window: PATIENCE, bytes: 0 }, NetworkLimiter::new(8, 1));
    let server = Server::start(PATIENCE, least, room.clone()).await;
    let token = server.sign_in().await;
    let login = "POST /api/v1/auth/login";
    let place = room.take(Some(server.address.ip())).unwrap();
    assert_eq!(answer(server.begin(login, JSON, 99).await).await.0, "503");
    assert_eq!(server.ask(login, JSON, b"{}").await.0, "400", "what came with its head needs no place");
    assert_eq!(server.ask("GET /auth-api/currentuser", &token, b"").await.0, "200");
    drop(place);
    assert_eq!(answer(server.begin(login, JSON, 99).await).await.0, "408");
    assert_eq!(answer(server.begin(login, JSON, 99).await).await.0, "408", "its place was given back");
}
