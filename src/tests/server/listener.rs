//! A real listener, and clients that are slow, many, or there when the server leaves.

use std::{
    convert::Infallible,
    future::pending,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    routing::{get, post},
};
use futures::stream;
use nameplate::{
    ports::{clock::SystemClock, rng::SystemRng},
    server::{
        admission::Admission,
        bodies::{Bodies, BodyTimes},
        byte_rate::Rate,
        connection::Times,
        csrf::Scope,
        health::{self, Health},
        job_health::JobHealth,
        listen::{Terms, serve},
        middleware::MiddlewareStack,
        network_limiter::NetworkLimiter,
        shutdown::Shutdown,
        surface::{Surface, bare_page},
    },
    store::sql,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::{sleep, timeout},
};

const TIMES: Times = Times {
    idle: Duration::from_millis(1500),
    head: Duration::from_millis(400),
    answer: Rate { window: Duration::from_millis(400), bytes: 1 },
    linger: Duration::from_millis(800),
};
/// How long an ordinary body may take.
const BODY: Duration = Duration::from_millis(400);
const DRAIN: Duration = Duration::from_millis(1500);
/// Longer than anything here should take.
const PATIENCE: Duration = Duration::from_secs(10);

struct Server {
    address: SocketAddr,
    shutdown: Shutdown,
    running: JoinHandle<()>,
    /// Told when the endless answer is given up.
    given_up: oneshot::Receiver<()>,
    _data: TempDir,
}

impl Server {
    /// With room for so many requests.
    async fn start(requests: usize) -> Self {
        Self::start_with(requests, NetworkLimiter::new(64, 64), &[], Shutdown::within(Duration::ZERO, DRAIN)).await
    }

    async fn start_with(requests: usize, room: NetworkLimiter, proxies: &[&str], shutdown: Shutdown) -> Self {
        Self::start_timed(requests, room, proxies, shutdown, TIMES).await
    }

    async fn start_timed(
        requests: usize,
        room: NetworkLimiter,
        proxies: &[&str],
        shutdown: Shutdown,
        times: Times,
    ) -> Self {
        let data = tempfile::tempdir().unwrap();
        let store = sql::connect(&format!("sqlite://{}/nameplate.db", data.path().display())).await.unwrap();
        store.migrate().await.unwrap();
        let clock = Arc::new(SystemClock);
        let middleware = MiddlewareStack {
            public_url: "http://127.0.0.1".parse().unwrap(),
            proxies: Vec::new().into(),
            cors: None,
            admission: Admission::new(requests, shutdown.clone()),
            bodies: Bodies { times: BodyTimes { ordinary: BODY, ..BodyTimes::default() }, ..Bodies::default() },
            clock: Arc::clone(&clock) as _,
            rng: Arc::new(SystemRng),
        };
        let (gives_up, given_up) = oneshot::channel();
        let (router, health) = (
            routes(gives_up),
            Health {
                store,
                shutdown: shutdown.clone(),
                clock: Arc::clone(&clock) as _,
                job_health: JobHealth::new(clock),
            },
        );
        let surface = Surface { router, scope: Scope::WithCookie, refuse: Arc::new(bare_page) };
        let router = middleware.around(middleware.surface(surface).merge(health::router(health)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let proxies = proxies.iter().map(|network| network.parse().unwrap()).collect::<Vec<_>>().into();
        let serving = serve(listener, router, shutdown.clone(), Terms { times, room, proxies });
        Self { address, shutdown, running: tokio::spawn(serving), given_up, _data: data }
    }

    async fn say(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    /// A request on a connection of its own, and everything that is answered on it.
    async fn ask(&self, text: &str) -> String {
        everything(self.say(text).await).await
    }
}

/// Reads until the server closes.
async fn everything(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("the server closes the connection").ok();
    String::from_utf8_lossy(&answer).into_owned()
}

/// Reads one answer without a body.
async fn one_answer(stream: &mut TcpStream) -> String {
    let mut answer = vec![0; 16 * 1024];
    let length = timeout(PATIENCE, stream.read(&mut answer)).await.expect("an answer").unwrap();
    String::from_utf8_lossy(&answer[..length]).into_owned()
}

fn routes(gives_up: oneshot::Sender<()>) -> Router {
    let gives_up = Arc::new(Mutex::new(Some(gives_up)));
    let endless = get(async move || {
        let told = GivesUp(gives_up.lock().unwrap().take());
        let chunk = Bytes::from(vec![b'x'; 64 * 1024]);
        Body::from_stream(stream::repeat_with(move || {
            let _kept = &told;
            Ok::<_, Infallible>(chunk.clone())
        }))
    });
    Router::new()
        .route("/echo", post(async |body: Bytes| Json(body.len())).get(async || "hello"))
        .route("/unread", post(async || "enough"))
        .route("/slow", post(async || sleep(Duration::from_millis(600)).await))
        .route("/never", get(async || pending::<()>().await))
        .route("/endless", endless)
}

/// Tells when it is dropped.
struct GivesUp(Option<oneshot::Sender<()>>);

impl Drop for GivesUp {
    fn drop(&mut self) {
        if let Some(told) = self.0.take() {
            let _ = told.send(());
        }
    }
}

fn request(line: &str, headers: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n")
}

#[tokio::test]
async fn connections_are_kept_for_the_next_request_but_not_for_ever() {
    let server = Server::start(8).await;
    let mut stream = server.say(&request("GET /echo", "")).await;
    assert!(one_answer(&mut stream).await.starts_with("HTTP/1.1 200"));
    // Longer than a head may take: proxies keep connections for a minute.
    sleep(TIMES.head * 2).await;
    stream.write_all(request("GET /echo", "").as_bytes()).await.unwrap();
    assert!(one_answer(&mut stream).await.starts_with("HTTP/1.1 200"));
    assert_eq!(everything(stream).await, "", "closed when nothing more was asked");
    assert_eq!(everything(server.say("").await).await, "", "closed when nothing was asked");
}

#[tokio::test]
async fn heads_that_never_end_are_cut() {
    let server = Server::start(8).await;
    let begin = "GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    let first = server.say(begin).await;
    let mut second = server.say(&request("GET /echo", "")).await;
    assert!(one_answer(&mut second).await.starts_with("HTTP/1.1 200"));
    second.write_all(begin.as_bytes()).await.unwrap();
    for mut stream in [first, second] {
        let drip = async {
            for _ in 0.. {
                sleep(TIMES.head / 8).await;
                if stream.write_all(b"X-Slow: 1\r\n").await.is_err() {
                    break;
                }
            }
        };
        timeout(PATIENCE, drip).await.expect("the server closes the connection");
    }
}

#[tokio::test]
async fn heads_that_came_with_the_request_before_are_cut() {
    let times = Times { idle: Duration::from_secs(3600), ..TIMES };
    let shutdown = || Shutdown::within(Duration::ZERO, DRAIN);
    let server = Server::start_timed(8, NetworkLimiter::new(64, 64), &[], shutdown(), times).await;
    let whole = format!("{}0123456789", request("POST /echo", "Content-Length: 10\r\n"));
    for ask in [request("GET /echo", ""), whole.clone(), format!("{whole}{}", request("GET /echo", ""))] {
        let answers = server.ask(&format!("{ask}GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\n")).await;
        assert_eq!(answers.matches("HTTP/1.1 200").count(), ask.matches("Host").count(), "{answers}");
    }
}

#[tokio::test]
async fn a_leaving_server_answers_a_request_whose_head_has_begun() {
    let server = Server::start(8).await;
    let (begin, end) = ("GET /echo HTTP/1.1\r\nHost: 127", ".0.0.1\r\n\r\n");
    let first = server.say(begin).await;
    let mut second = server.say(&request("GET /echo", "")).await;
    assert!(one_answer(&mut second).await.starts_with("HTTP/1.1 200"));
    second.write_all(begin.as_bytes()).await.unwrap();
    sleep(Duration::from_millis(100)).await;
    server.shutdown.ask();
    sleep(Duration::from_millis(50)).await;
    for mut stream in [first, second] {
        stream.write_all(end.as_bytes()).await.unwrap();
        let answer = everything(stream).await;
        assert!(answer.starts_with("HTTP/1.1 503"), "told to come back: {answer}");
    }
}

#[tokio::test]
async fn requests_that_come_together_are_answered_one_by_one() {
    let server = Server::start(8).await;
    let last = request("GET /echo", "Connection: close\r\n");
    let answers = server.ask(&format!("{0}{0}{last}", request("GET /echo", ""))).await;
    assert_eq!(answers.matches("HTTP/1.1 200").count(), 3, "{answers}");
}

#[tokio::test]
async fn a_request_may_take_longer_than_a_head_or_a_pause() {
    let server = Server::start(8).await;
    let mut stream = server.say(&request("GET /never", "")).await;
    let answer = timeout(TIMES.idle * 2, stream.read_u8()).await;
    assert!(answer.is_err(), "it is worked on still");
}

#[tokio::test]
async fn who_never_reads_the_answer_is_cut() {
    let mut server = Server::start(1).await;
    let _unread = server.say(&request("GET /endless", "")).await;
    timeout(PATIENCE, &mut server.given_up).await.expect("it is given up").unwrap();
    assert!(server.ask(&request("GET /echo", "Connection: close\r\n")).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn idle_connections_give_way_to_new_ones() {
    let shutdown = Shutdown::within(Duration::ZERO, DRAIN);
    let server = Server::start_with(8, NetworkLimiter::new(2, 2), &[], shutdown).await;
    let mut used = Vec::new();
    for _ in 0..2 {
        let mut stream = server.say(&request("GET /echo", "")).await;
        assert!(one_answer(&mut stream).await.starts_with("HTTP/1.1 200"));
        used.push(stream);
    }
    let third = server.ask(&request("GET /echo", "Connection: close\r\n")).await;
    assert!(third.starts_with("HTTP/1.1 200"), "{third}");
    let mut newer = used.pop().unwrap();
    assert_eq!(everything(used.pop().unwrap()).await, "", "the one that was idle longest");
    newer.write_all(request("GET /echo", "").as_bytes()).await.unwrap();
    assert!(one_answer(&mut newer).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_network_has_its_share_of_connections_and_a_proxy_has_not() {
    let shutdown = || Shutdown::within(Duration::ZERO, DRAIN);
    let ask = request("GET /echo", "Connection: close\r\n");
    let server = Server::start_with(8, NetworkLimiter::new(64, 2), &[], shutdown()).await;
    let held = [server.say(&request("GET /never", "")).await, server.say(&request("GET /never", "")).await];
    assert_eq!(server.ask(&ask).await, "");
    drop(held);

    let server = Server::start_with(8, NetworkLimiter::new(64, 2), &["127.0.0.0/8"], shutdown()).await;
    let _held = [server.say(&request("GET /never", "")).await, server.say(&request("GET /never", "")).await];
    assert!(server.ask(&ask).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn bodies_that_never_end_are_cut_and_their_room_is_free_again() {
    let server = Server::start(1).await;
    let stalled = server.ask(&request("POST /echo", "Content-Length: 10\r\n")).await;
    assert!(stalled.starts_with("HTTP/1.1 4"), "{stalled}");
    let whole = format!("{}0123456789", request("POST /echo", "Content-Length: 10\r\nConnection: close\r\n"));
    assert!(server.ask(&whole).await.ends_with("10"));
}

/// As browsers do: all of the body first, then the answer.
#[tokio::test]
async fn who_is_answered_before_all_was_read_may_go_on_sending_and_reads_the_answer() {
    let server = Server::start(8).await;
    let length = 32 * 1024 * 1024;
    for route in ["POST /unread", "POST /echo", "POST /nowhere"] {
        let mut stream = server.say(&request(route, &format!("Content-Length: {length}\r\n"))).await;
        let piece = vec![b'x'; 64 * 1024];
        for _ in 0..length / piece.len() {
            stream.write_all(&piece).await.unwrap_or_else(|error| panic!("{route}: {error}"));
        }
        let mut answer = Vec::new();
        timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("an answer").unwrap();
        let status = answer.get(..12).map(String::from_utf8_lossy);
        let expected = match route {
            "POST /unread" => "HTTP/1.1 200",
            "POST /echo" => "HTTP/1.1 413",
            _ => "HTTP/1.1 404",
        };
        assert_eq!(status.as_deref(), Some(expected), "{route}");
    }
}

#[tokio::test]
async fn who_goes_on_sending_after_the_answer_is_cut() {
    let server = Server::start_with(8, NetworkLimiter::new(2, 2), &[], Shutdown::within(Duration::ZERO, DRAIN)).await;
    let begin = async || server.say(&request("POST /unread", "Transfer-Encoding: chunked\r\n")).await;
    let send_on = async |mut stream: TcpStream, pause: Duration, piece: &[u8]| {
        let mut sent = 0;
        while stream.write_all(piece).await.is_ok() {
            sent += piece.len();
            sleep(pause).await;
        }
        sent
    };
    let drip = send_on(begin().await, TIMES.linger / 8, b"1\r\nx\r\n");
    timeout(PATIENCE, drip).await.expect("it takes too long");
    let chunk = [b"100000\r\n".to_vec(), vec![b'x'; 1024 * 1024], b"\r\n".to_vec()].concat();
    let sent = timeout(PATIENCE, send_on(begin().await, Duration::ZERO, &chunk)).await.expect("it is too much");
    assert!(sent < 128 * 1024 * 1024, "{sent}");

    // They give way to whoever wants something.
    let _lingering = [begin().await, begin().await];
    sleep(Duration::from_millis(100)).await;
    let other = server.ask(&request("GET /echo", "Connection: close\r\n")).await;
    assert!(other.starts_with("HTTP/1.1 200"), "{other}");
}

#[tokio::test]
async fn requests_beyond_the_limit_are_told_at_once_to_come_back() {
    let server = Server::start(2).await;
    let held = [server.say(&request("POST /slow", "")).await, server.say(&request("POST /slow", "")).await];
    sleep(Duration::from_millis(100)).await;
    let shed = timeout(Duration::from_millis(300), server.ask(&request("GET /echo", ""))).await.expect("at once");
    assert!(shed.starts_with("HTTP/1.1 503") && shed.contains("\r\nretry-after: 2\r\n"), "{shed}");
    let alive = server.ask(&request("GET /livez", "Connection: close\r\n")).await;
    assert!(alive.starts_with("HTTP/1.1 200"), "a busy server is alive: {alive}");
    for stream in held {
        assert!(everything(stream).await.starts_with("HTTP/1.1 200"));
    }
    assert!(server.ask(&request("GET /echo", "Connection: close\r\n")).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_leaving_server_finishes_what_has_begun_and_takes_nothing_new() {
    let server = Server::start(8).await;
    let ready = server.ask(&request("GET /readyz", "Connection: close\r\n")).await;
    assert!(ready.starts_with("HTTP/1.1 200"), "{ready}");
    let begun = server.say(&request("POST /slow", "")).await;
    let idle = server.say("").await;
    sleep(Duration::from_millis(100)).await;
    server.shutdown.ask();
    sleep(Duration::from_millis(50)).await;
    let ready = server.ask(&request("GET /readyz", "")).await;
    assert!(ready.starts_with("HTTP/1.1 503"), "{ready}");
    let refused = server.ask(&request("GET /echo", "")).await;
    assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");
    assert_eq!(everything(idle).await, "");
    let answer = everything(begun).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("connection: close"), "{answer}");
    timeout(Duration::from_millis(300), server.running).await.expect("nothing is left to wait for").unwrap();
}

#[tokio::test]
async fn a_leaving_server_waits_only_so_long_and_a_second_signal_ends_that() {
    let server = Server::start(8).await;
    let _held = server.say(&request("GET /never", "")).await;
    sleep(Duration::from_millis(50)).await;
    server.shutdown.ask();
    timeout(PATIENCE, server.running).await.expect("cut in time").unwrap();

    let forever = Shutdown::within(Duration::ZERO, Duration::from_secs(3600));
    let server = Server::start_with(8, NetworkLimiter::new(64, 64), &[], forever).await;
    let _held = server.say(&request("GET /never", "")).await;
    sleep(Duration::from_millis(50)).await;
    server.shutdown.ask();
    server.shutdown.ask();
    timeout(PATIENCE, server.running).await.expect("at once").unwrap();
}

#[tokio::test]
async fn a_lame_duck_says_that_it_leaves_and_works_on() {
    let an_hour = Duration::from_secs(3600);
    let server = Server::start_with(8, NetworkLimiter::new(64, 64), &[], Shutdown::within(an_hour, an_hour)).await;
    server.shutdown.ask();
    let asked = async |line: &str| server.ask(&request(line, "Connection: close\r\n")).await;
    assert!(asked("GET /readyz").await.starts_with("HTTP/1.1 503"));
    assert!(asked("GET /livez").await.starts_with("HTTP/1.1 200"));
    assert!(asked("GET /echo").await.starts_with("HTTP/1.1 200"), "whoever has not heard of it yet");
    let kept = server.say(&request("GET /echo", "")).await;
    server.shutdown.ask();
    timeout(PATIENCE, server.running).await.expect("at once").unwrap();
    drop(kept);

    let server = Server::start_with(8, NetworkLimiter::new(64, 64), &[], Shutdown::within(BODY, an_hour)).await;
    server.shutdown.ask();
    timeout(PATIENCE, server.running).await.expect("once the time is over").unwrap();
}
