//! The dialect of Logto's Management API.

mod access;
mod change;
mod codes;
mod create;
mod data;
mod errors;
mod list;
mod openapi;
mod password;
mod requests;
mod state;
mod user;

use axum::body::Body;
use nameplate::{domain::client::Scope, service::management::clients::NewClient};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Reply, TestServer, origin};

/// A service that calls a server with a management token.
pub struct Service<'a> {
    server: &'a TestServer,
    pub token: String,
}

impl<'a> Service<'a> {
    /// One that may do everything.
    pub async fn new(server: &'a TestServer) -> Self {
        Self::with_scope(server, Scope::All).await
    }

    async fn with_scope(server: &'a TestServer, scope: Scope) -> Self {
        let made = client(server, scope).await;
        let client = &made.client;
        let known = server.accounts.authenticate_client(&client.id.to_string(), &made.secret, &origin()).await;
        let resource = server.accounts.resource("https://id.example/api").expect("our own resource");
        let token = server.accounts.issue_management_token(&known.expect("a client"), &resource, "all");
        Self { server, token: token.expect("a token").access }
    }

    /// Calls a route without a body; it is below `/api`.
    async fn ask(&self, route: &str) -> Reply {
        let (method, path) = route.split_once(' ').expect("a method and a path");
        self.server.call(&format!("{method} /api{path}")).bearer(&self.token).send().await
    }

    /// Calls a route with a JSON body.
    async fn send(&self, route: &str, body: &Value) -> Reply {
        self.send_as(route, "application/json", body.to_string()).await
    }

    /// Calls a route with any body.
    async fn send_as(&self, route: &str, media_type: &str, body: impl Into<Body>) -> Reply {
        let (method, path) = route.split_once(' ').expect("a method and a path");
        let call = self.server.call(&format!("{method} /api{path}")).bearer(&self.token);
        call.body(media_type, body).send().await
    }

    /// A user.
    async fn user(&self, id: impl std::fmt::Display) -> Value {
        self.ask(&format!("GET /users/{id}")).await.expect(200)
    }

    /// A new user.
    async fn create(&self, body: Value) -> Value {
        self.send("POST /users", &body).await.expect(200)
    }
}

async fn client(server: &TestServer, scope: Scope) -> NewClient {
    server.accounts.create_client("Shop", scope).await.expect("a client")
}

/// A refusal: its status, code, and the paths of its issues.
#[track_caller]
fn refusal(reply: &Reply) -> (u16, String, Vec<String>) {
    let body = reply.json();
    assert!(body["message"].as_str().is_some_and(|message| message.ends_with('.')), "{body}");
    let joined = |issue: &Value| {
        assert!(issue["code"].is_string() && issue["message"].is_string(), "{issue}");
        let path = issue["path"].as_array().expect("a path").iter();
        path.map(|part| part.as_str().expect("a name")).collect::<Vec<_>>().join(".")
    };
    let issues = body["data"]["issues"].as_array().map(|issues| issues.iter().map(joined).collect());
    let code = body["code"].as_str().expect("a code").to_owned();
    assert_eq!(issues.is_some(), code == "guard.invalid_input", "{body}");
    assert_eq!(body["details"].is_string(), issues.is_some(), "{body}");
    (reply.status.as_u16(), code, issues.unwrap_or_default())
}

/// The refusal of a status and code without issues.
fn refused(status: u16, code: &str) -> (u16, String, Vec<String>) {
    (status, code.to_owned(), Vec::new())
}

/// The refusal of input with issues at these paths.
fn invalid(paths: &[&str]) -> (u16, String, Vec<String>) {
    (400, "guard.invalid_input".to_owned(), paths.iter().map(|path| (*path).to_owned()).collect())
}

fn id(user: &Value) -> Uuid {
    user["id"].as_str().and_then(|id| id.parse().ok()).expect("an id")
}

/// `value` without one of its members.
fn without(mut value: Value, name: &str) -> Value {
    value.as_object_mut().expect("an object").remove(name);
    value
}

/// An empty object.
fn nothing() -> Value {
    json!({})
}
