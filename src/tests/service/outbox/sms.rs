//! Text messages to a real HTTP server, through everything that can go wrong on the way.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use nameplate::{
    domain::{code::Channel, message::OutboxMessage},
    ports::sms::{DEFAULT_BODY, Gateway},
    service::outbox::Transports,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::post::{Post, mail_to};

#[derive(Clone, Copy, Debug)]
enum Mood {
    Answers(u16),
    Redirects(u16),
    Hangs,
}

struct Posted {
    path: String,
    headers: HeaderMap,
    body: Value,
}

#[derive(Clone, Default)]
struct FakeGateway {
    moods: Arc<Mutex<VecDeque<Mood>>>,
    posted: Arc<Mutex<Vec<Posted>>>,
}

impl FakeGateway {
    async fn open() -> (Self, String) {
        let gateway = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let router = Router::new().fallback(answer).with_state(gateway.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (gateway, host)
    }

    fn next(&self, mood: Mood) {
        self.moods.lock().unwrap().push_back(mood);
    }

    fn paths(&self) -> Vec<String> {
        self.posted.lock().unwrap().iter().map(|posted| posted.path.clone()).collect()
    }
}

async fn answer(State(gateway): State<FakeGateway>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let body = serde_json::from_slice(&body).unwrap_or_default();
    gateway.posted.lock().unwrap().push(Posted { path: uri.to_string(), headers, body });
    let mood = gateway.moods.lock().unwrap().pop_front();
    match mood {
        None => StatusCode::ACCEPTED.into_response(),
        Some(Mood::Answers(status)) => {
            (StatusCode::from_u16(status).unwrap(), "004219 to +905551234567").into_response()
        }
        Some(Mood::Redirects(status)) => {
            (StatusCode::from_u16(status).unwrap(), [(header::LOCATION, "/elsewhere")]).into_response()
        }
        Some(Mood::Hangs) => std::future::pending().await,
    }
}

fn text_to(recipient: &str) -> OutboxMessage {
    let body_text = "004219 is your \"Nameplate\" code.\n\n@id.example.com #004219".to_owned();
    OutboxMessage {
        channel: Channel::Sms,
        subject: String::new(),
        body_text,
        body_html: String::new(),
        ..mail_to(recipient)
    }
}

fn sms(gateway: Gateway) -> Transports {
    Transports { mail: None, sms: Some(Arc::new(gateway)) }
}

#[tokio::test]
async fn a_text_message_arrives_in_the_shape_that_was_configured() {
    let (fake, host) = FakeGateway::open().await;
    let post = Post::open().await;
    let template = r#"{"messages":[{"destination":"tel:{to}","content":{"body":"{text}"}}],"sender":"Nameplate"}"#;
    let gateway = Gateway::new(&format!("http://user:p%20w@{host}/v1/send?key=1"), template).unwrap();
    let id = post.write(text_to("+905551234567")).await;
    assert_eq!(post.worker(sms(gateway)).tick().await.unwrap(), 1);
    let posted = fake.posted.lock().unwrap();
    assert_eq!((posted.len(), posted[0].path.as_str()), (1, "/v1/send?key=1"));
    assert_eq!(posted[0].headers[header::CONTENT_TYPE], "application/json");
    assert_eq!(posted[0].headers[header::AUTHORIZATION], "Basic dXNlcjpwIHc=");
    assert_eq!(posted[0].headers["idempotency-key"], id.to_string());
    let body = "004219 is your \"Nameplate\" code.\n\n@id.example.com #004219";
    assert_eq!(
        posted[0].body,
        json!({"messages": [{"destination": "tel:+905551234567", "content": {"body": body}}], "sender": "Nameplate"})
    );
}

#[tokio::test]
async fn what_time_or_an_operator_can_mend_is_tried_again() {
    let (fake, host) = FakeGateway::open().await;
    let post = Post::open().await;
    let gateway = Gateway::new(&format!("http://{host}/send"), DEFAULT_BODY).unwrap();
    let worker = post.worker(sms(gateway.with_deadline(Duration::from_secs(1))));
    let answers = [401, 402, 403, 404, 405, 408, 415, 429, 500, 502, 503, 504].map(Mood::Answers);
    for mood in answers.into_iter().chain([301, 302, 303, 307, 308].map(Mood::Redirects)).chain([Mood::Hangs]) {
        fake.next(mood);
        let id = post.write(text_to("+905551234567")).await;
        assert_eq!(worker.tick().await.unwrap(), 0, "{mood:?}");
        let kept = post.read(id).await;
        let reason = kept.last_error.unwrap();
        assert!(
            kept.parked_at.is_none() && !reason.contains("004219") && !reason.contains("5551234567"),
            "{mood:?}: {reason}"
        );
        post.clock.advance(TimeDelta::seconds(13));
        assert_eq!(worker.tick().await.unwrap(), 1, "{mood:?}");
    }
    assert!(fake.paths().iter().all(|path| path == "/send"), "a redirect was followed");
}

#[tokio::test]
async fn what_the_gateway_does_not_want_is_parked() {
    let (fake, host) = FakeGateway::open().await;
    let post = Post::open().await;
    let worker = post.worker(sms(Gateway::new(&format!("http://{host}"), DEFAULT_BODY).unwrap()));
    for status in [400, 413, 422] {
        fake.next(Mood::Answers(status));
        let id = post.write(text_to("+905551234567")).await;
        assert_eq!(worker.tick().await.unwrap(), 0);
        post.clock.advance(TimeDelta::days(1));
        assert_eq!(worker.tick().await.unwrap(), 0);
        let kept = post.read(id).await;
        assert!(kept.parked_at.is_some() && kept.last_error.unwrap().contains(&status.to_string()));
    }
    assert_eq!(fake.paths().len(), 3);
}

#[tokio::test]
async fn a_gateway_that_cannot_be_reached_costs_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap();
    drop(listener);
    let post = Post::open().await;
    let worker = post.worker(sms(Gateway::new(&format!("http://user:secret@{host}"), DEFAULT_BODY).unwrap()));
    let id = post.write(text_to("+905551234567")).await;
    assert_eq!(worker.tick().await.unwrap(), 0);
    let kept = post.read(id).await;
    assert!(kept.parked_at.is_none() && !kept.last_error.unwrap().contains("secret"));
}
