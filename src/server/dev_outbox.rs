//! `/dev/outbox`: where mailed codes can be read while no mail server is configured.
//!
//! Whoever reads it can take over every account, so it answers only to this machine: the server listens on a loopback
//! address, no proxy stands in between, and the address in the browser is a loopback one too (otherwise a page anywhere
//! could point a name of its own at 127.0.0.1 and read along).

use std::{fmt::Write as _, net::IpAddr};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use crate::{
    domain::{error::Error, message::OutboxMessage},
    service::Accounts,
};

/// Messages that are shown.
const SHOWN: i64 = 100;
/// Headers that a proxy adds.
const FORWARDED: [&str; 5] = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

/// The page and its JSON.
pub fn router(accounts: Accounts) -> Router {
    Router::new().route("/dev/outbox", get(show)).with_state(accounts)
}

async fn show(State(accounts): State<Accounts>, headers: HeaderMap) -> Response {
    if !is_of_this_machine(&headers) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match accounts.outbox(SHOWN).await {
        Ok(messages) if wants_json(&headers) => {
            Json(messages.iter().map(Shown::from).collect::<Vec<_>>()).into_response()
        }
        Ok(messages) => Html(page(&messages)).into_response(),
        Err(error) => failed(&error),
    }
}

fn failed(error: &Error) -> Response {
    tracing::error!(?error, "the outbox cannot be read");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// A message as this page tells of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    to: &'a str,
    channel: &'static str,
    subject: &'a str,
    text: &'a str,
    created_at: String,
    sent_at: Option<String>,
}

impl<'a> From<&'a OutboxMessage> for Shown<'a> {
    fn from(message: &'a OutboxMessage) -> Self {
        Self {
            to: &message.recipient,
            channel: message.channel.as_str(),
            subject: &message.subject,
            text: &message.body_text,
            created_at: iso8601(message.created_at),
            sent_at: message.sent_at.map(iso8601),
        }
    }
}

fn iso8601(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    accept.contains("application/json")
}

fn is_of_this_machine(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    let is_loopback = name.eq_ignore_ascii_case("localhost") || bare.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    is_loopback && FORWARDED.iter().all(|name| !headers.contains_key(*name))
}

fn page(messages: &[OutboxMessage]) -> String {
    let mut page = String::from(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Outbox</title><h1>Outbox</h1>\
         <p>No mail server is configured. These messages would have been sent, newest first.</p>",
    );
    for message in messages {
        let Shown { to, channel, subject, text, created_at, .. } = Shown::from(message);
        let _ = write!(
            page,
            "<article><h2>{}</h2><p>To {} ({channel}), <time datetime=\"{created_at}\">{created_at}</time></p><pre>{}</pre></article>",
            escaped(if subject.is_empty() { "Text message" } else { subject }),
            escaped(to),
            escaped(text),
        );
    }
    if messages.is_empty() {
        page.push_str("<p>Nothing yet.</p>");
    }
    page + "</html>"
}

/// Text as HTML content.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_this_machine_may_read_along() {
        for host in ["127.0.0.1:3000", "localhost:3000", "LOCALHOST", "[::1]:3000", "[::1]", "127.0.0.1"] {
            assert!(is_of_this_machine(&headers(&[("host", host)])), "{host}");
        }
        for host in ["accounts.example", "evil.example:3000", "192.0.2.1:3000", "localhost.evil.example", "::1.evil"] {
            assert!(!is_of_this_machine(&headers(&[("host", host)])), "{host}");
        }
        for name in FORWARDED {
            assert!(!is_of_this_machine(&headers(&[("host", "127.0.0.1:3000"), (name, "203.0.113.9")])), "{name}");
        }
    }

    #[test]
    fn what_a_stranger_wrote_stays_text() {
        assert_eq!(escaped("<script>&\"'"), "&lt;script&gt;&amp;\"'");
    }
}
