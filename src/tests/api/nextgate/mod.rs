//! The NextGate dialect.

mod account;
mod dialects;
mod ending;
mod envelope;
mod errors;
mod openapi;
mod profile;
mod profile_v1;
mod recovery;
mod registration;
mod requests;
mod second_step;
mod sign_in;
mod social;
mod two_factor;

use serde_json::{Value, json};

use crate::harness::{PASSWORD, Reply, TestServer};

/// Sends a request of this dialect, signed unless `token` is empty.
async fn send(server: &TestServer, route: &str, token: &str, body: &Value) -> Reply {
    let (method, path) = route.split_once(' ').expect("a method and a path");
    let call = server.call(&format!("{method} /api/v1{path}"));
    let call = if token.is_empty() { call } else { call.bearer(token) };
    let call = if body.is_null() { call } else { call.json(body) };
    call.send().await
}

/// Signs in, up to the second step.
async fn login(server: &TestServer, identifier: &str) -> Reply {
    send(server, "POST /auth/login", "", &json!({"identifier": identifier, "password": PASSWORD})).await
}

/// A text of an answer.
fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// Holds a refusal to its message, repeated in `data`.
#[track_caller]
fn says(reply: &Reply, status: u16, message: &str) {
    let body = reply.expect(status);
    assert_eq!((&body["message"], &body["data"], &body["success"]), (&json!(message), &json!(message), &json!(false)));
}

/// The map of a 422.
#[track_caller]
fn invalid(reply: &Reply) -> Value {
    let body = reply.expect(422);
    assert_eq!(body["httpStatus"], "UNPROCESSABLE_ENTITY");
    assert!(body["data"].is_object(), "{body}");
    body["data"].clone()
}
