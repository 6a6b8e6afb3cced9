//! A real listener, and clients that are slow, many, or there when the server leaves.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Json, Router, body::Bytes, routing::post};
use nameplate::{
    ports::{clock::SystemClock, rng::SystemRng},
    server::{
        admission::{Admission, BodyTimes},
        csrf::Scope,
        door::{Door, bare_page},
        frame::Frame,
        health::{self, Health},
        listen::serve_within,
        shutdown::Shutdown,
    },
    store::sql,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::{sleep, timeout},
};

const HEADER_TIMEOUT: Duration = Duration::from_millis(400);
const BODY_TIMES: BodyTimes = BodyTimes {
    ordinary: Duration::from_millis(400),
    upload: Duration::from_millis(1200),
    stall: Duration::from_millis(400),
};
const DRAIN: Duration = Duration::from_millis(1500);
/// Longer than anything here should take.
const PATIENCE: Duration = Duration::from_secs(10);

struct Server {
    address: SocketAddr,
    shutdown: Shutdown,
    running: JoinHandle<()>,
    _data: TempDir,
}

impl Server {
    async fn start(requests: usize) -> Self {
        let data = tempfile::tempdir().unwrap();
        let store = sql::connect(&format!("sqlite://{}/nameplate.db", data.path().display())).await.unwrap();
        store.migrate().await.unwrap();
        let shutdown = Shutdown::default();
        let frame = Frame {
            public_url: "http://127.0.0.1".parse().unwrap(),
            proxies: Vec::new().into(),
            cors: None,
            admission: Admission::new(requests, shutdown.clone()),
            body_times: BODY_TIMES,
            clock: Arc::new(SystemClock),
            rng: Arc::new(SystemRng),
        };
        let echo = post(async |body: Bytes| Json(body.len())).get(async || "hello");
        let slow = post(async || sleep(Duration::from_millis(600)).await);
        let router = Router::new().route("/echo", echo).route("/slow", slow);
        let door = Door { router, scope: Scope::WithCookie, refuse: Arc::new(bare_page) };
        let router = frame.door(door).merge(health::router(Health { store, shutdown: shutdown.clone() }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = serve_within(listener, frame.around(router), shutdown.clone(), HEADER_TIMEOUT, DRAIN);
        Self { address, shutdown, running: tokio::spawn(serving), _data: data }
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

fn request(line: &str, headers: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n")
}

#[tokio::test]
async fn connections_are_kept_for_the_next_request_but_not_for_ever() {
    let server = Server::start(8).await;
    let mut stream = server.say(&request("GET /echo", "")).await;
    assert!(one_answer(&mut stream).await.starts_with("HTTP/1.1 200"));
    stream.write_all(request("GET /echo", "").as_bytes()).await.unwrap();
    assert!(one_answer(&mut stream).await.starts_with("HTTP/1.1 200"));
    assert_eq!(everything(stream).await, "", "closed when nothing more was asked");
}

#[tokio::test]
async fn headers_that_never_end_are_cut() {
    let server = Server::start(8).await;
    let mut stream = server.say("GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\n").await;
    let drip = async {
        for _ in 0.. {
            sleep(HEADER_TIMEOUT / 8).await;
            if stream.write_all(b"X-Slow: 1\r\n").await.is_err() {
                break;
            }
        }
    };
    timeout(PATIENCE, drip).await.expect("the server closes the connection");
}

#[tokio::test]
async fn bodies_that_never_end_are_cut_and_their_room_is_free_again() {
    let server = Server::start(1).await;
    let stalled = server.ask(&request("POST /echo", "Content-Length: 10\r\n")).await;
    assert!(stalled.starts_with("HTTP/1.1 4"), "{stalled}");
    let whole = format!("{}0123456789", request("POST /echo", "Content-Length: 10\r\nConnection: close\r\n"));
    assert!(server.ask(&whole).await.ends_with("10"));
}

#[tokio::test]
async fn uploads_may_take_longer_while_they_move() {
    let server = Server::start(8).await;
    let headers = "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 8\r\nConnection: close\r\n";
    let mut stream = server.say(&request("POST /echo", headers)).await;
    for _ in 0..4 {
        sleep(BODY_TIMES.stall / 2).await;
        stream.write_all(b"xy").await.unwrap();
    }
    assert!(everything(stream).await.ends_with('8'), "took longer than an ordinary body may");
    let stalled = server.ask(&request("POST /echo", headers)).await;
    assert!(stalled.starts_with("HTTP/1.1 4"), "{stalled}");
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
    let hold = async |server: &Server| {
        let stream =
            server.say(&request("POST /echo", "Content-Type: multipart/form-data\r\nContent-Length: 99\r\n")).await;
        sleep(Duration::from_millis(50)).await;
        stream
    };
    let server = Server::start(8).await;
    let mut stream = hold(&server).await;
    server.shutdown.ask();
    let drip = async {
        loop {
            sleep(Duration::from_millis(100)).await;
            if stream.write_all(b"x").await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        ended = timeout(DRAIN + Duration::from_millis(500), server.running) => ended.expect("cut in time").unwrap(),
        () = drip => unreachable!(),
    }

    let server = Server::start(8).await;
    let _stream = hold(&server).await;
    server.shutdown.ask();
    server.shutdown.ask();
    timeout(Duration::from_millis(300), server.running).await.expect("at once").unwrap();
}
