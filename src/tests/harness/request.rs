//! Requests to a [`TestServer`], and what came back.

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderName, HeaderValue, Request, StatusCode, header, request},
    response::Response,
};
use serde_json::Value;
use tower::ServiceExt;

use super::TestServer;

/// A request to be sent.
pub struct Call<'a> {
    server: &'a TestServer,
    request: request::Builder,
    body: Body,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: axum::http::HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl TestServer {
    /// A request; `route` is like `GET /auth-api/currentuser`.
    pub fn call(&self, route: &str) -> Call<'_> {
        let (method, uri) = route.split_once(' ').expect("a method and an address");
        // A fixed id makes answers that tell it fit for snapshots.
        let request = Request::builder().method(method).uri(uri).header("x-request-id", "request-1");
        Call { server: self, request, body: Body::empty() }
    }
}

impl Call<'_> {
    /// Adds a header.
    pub fn header(mut self, name: impl TryInto<HeaderName, Error: Into<axum::http::Error>>, value: &str) -> Self {
        self.request = self.request.header(name, HeaderValue::from_str(value).expect("a header value"));
        self
    }

    /// Signs the request with an access token.
    pub fn bearer(self, token: &str) -> Self {
        self.header(header::AUTHORIZATION, &format!("Bearer {token}"))
    }

    /// Gives it a JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// Gives it a body.
    pub fn body(self, media_type: &str, body: impl Into<Body>) -> Self {
        Self { body: body.into(), ..self.header(header::CONTENT_TYPE, media_type) }
    }

    /// Gives it a body, and does not say of which type.
    pub fn body_without_type(self, body: Body) -> Self {
        Self { body, ..self }
    }

    /// Sends it.
    pub async fn send(self) -> Reply {
        let request = self.request.body(self.body).expect("a request");
        let response = self.server.router.clone().oneshot(request).await.expect("routes do not fail");
        Reply::read(response).await
    }
}

impl Reply {
    /// Reads a response to its end.
    pub async fn read(response: Response) -> Self {
        let (head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        Self { status: head.status, headers: head.headers, body }
    }

    /// The body, which is JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {:?}", self.body))
    }

    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// The body, after a look at the status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.body));
        self.json()
    }
}
