//! A body of which nothing comes is no body: neither its length nor its type has to be said (RFC 9110, section 6.4.1).

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use chrono::TimeDelta;
use futures::stream;
use nameplate::api::openapi::document;
use serde_json::Value;

use super::logto::Service;
use crate::harness::TestServer;

/// An id that nothing has.
const NOTHING: &str = "00000000-0000-7000-8000-000000000000";

/// A body of no length that is known beforehand.
fn chunked(chunks: &'static [&'static str]) -> Body {
    Body::from_stream(stream::iter(
        chunks.iter().map(|chunk| Ok::<_, Infallible>(Bytes::from_static(chunk.as_bytes()))),
    ))
}

/// Every operation that may have a body, as `POST /auth-api/login`, with the place of an account's id left open.
fn operations() -> Vec<String> {
    let document: Value = document(&"https://accounts.example/".parse().unwrap());
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let segments = path.split('/').map(|segment| match segment {
            "{userId}" => "{}",
            open if open.starts_with('{') => NOTHING,
            fixed => fixed,
        });
        let path = segments.collect::<Vec<_>>().join("/");
        let methods = item.as_object().unwrap().keys().filter(|method| *method != "get");
        operations.extend(methods.map(|method| format!("{} {path}", method.to_uppercase())));
    }
    assert!(operations.len() > 50, "{operations:?}");
    operations
}

#[tokio::test]
async fn an_empty_body_without_length_is_none() {
    let server = TestServer::start().await;
    for (number, operation) in operations().into_iter().enumerate() {
        let mut answers = Vec::new();
        for (which, body) in [Body::empty(), chunked(&[]), chunked(&[""])].into_iter().enumerate() {
            // Each for somebody new, whom the one before has not signed out or archived; and with all limits as they were.
            server.advance(TimeDelta::hours(1));
            let somebody = server.sign_up(&format!("p{number}-{which}@example.com"), "Ada").await;
            let is_services = operation.contains(" /api/") && !operation.contains(" /api/v1/");
            let token = if is_services { Service::new(&server).await.token } else { somebody.access };
            let route = operation.replace("{}", &somebody.account.id.to_string());
            answers.push(server.call(&route).bearer(&token).body_without_type(body).send().await.status.as_u16());
        }
        assert_eq!(answers, [answers[0]; 3], "{operation}");
    }
}

#[tokio::test]
async fn signing_out_needs_no_body_and_no_type() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let sign_out = server.call("POST /auth-api/logout").bearer(&ada.access).body_without_type(chunked(&[]));
    sign_out.send().await.expect(200);
    assert!(!server.is_signed_in(&ada).await);
}

#[tokio::test]
async fn what_comes_has_to_be_said_to_be_json() {
    let server = TestServer::start().await;
    for (route, status) in [("POST /auth-api/login", 415), ("POST /api/v1/auth/login", 415)] {
        for body in [Body::from("{}"), chunked(&["{", "}"]), chunked(&["", "{}"])] {
            server.call(route).body_without_type(body).send().await.expect(status);
        }
        // Where another type is said, nobody waits for what comes.
        server
            .call(route)
            .body("text/plain", Body::from_stream(stream::pending::<Result<Bytes, Infallible>>()))
            .send()
            .await
            .expect(status);
    }
    let broken = stream::iter([Err::<Bytes, _>(std::io::Error::other("gone"))]);
    server.call("POST /auth-api/login").body_without_type(Body::from_stream(broken)).send().await.expect(400);
}
