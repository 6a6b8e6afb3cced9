//! The envelope around every answer, and what stands around every route.

use chrono::TimeDelta;
use serde_json::json;

use super::{login, says, send, text};
use crate::harness::TestServer;

#[tokio::test]
async fn answers_have_the_envelope_and_the_version_as_tag() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo Ann Doe").await;
    let reply = send(&server, "GET /profile/me", &jo.access, &json!(null)).await;
    let body = reply.expect(200);
    assert_eq!(body["data"]["id"], json!(jo.account.id));
    insta::assert_json_snapshot!("me", body, { ".data.id" => "[uuid]", ".data.userName" => "[name]" });
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.header("etag"), "\"1\"");
    assert_eq!(reply.header("x-request-id"), "request-1");
    let head = send(&server, "HEAD /profile/me", &jo.access, &json!(null)).await;
    assert_eq!((head.status.as_u16(), head.header("etag"), head.body.len()), (200, "\"1\"", 0));
}

#[tokio::test]
async fn unknown_routes_and_methods_are_told_in_the_envelope() {
    let server = TestServer::start().await;
    for path in
        ["/nowhere", "", "/", "/profile", "/profile/", "/profile/me/", "/account/sessions/a/b", "/social/follow/"]
    {
        says(&send(&server, &format!("GET {path}"), "", &json!(null)).await, 404, "Route not found");
    }
    for (route, allowed) in [
        ("GET /auth/login", "POST"),
        ("POST /profile/me", "GET,HEAD"),
        ("POST /profile/update", "PUT"),
        ("PUT /account/password/change", "POST"),
        ("POST /account/deactivate", "DELETE"),
        ("PATCH /social/follow/x", "POST,DELETE"),
        ("TRACE /account/sessions", "GET,HEAD,DELETE"),
    ] {
        let reply = send(&server, route, "", &json!(null)).await;
        assert_eq!(reply.expect(405)["httpStatus"], "METHOD_NOT_ALLOWED", "{route}");
        assert_eq!(reply.header("allow"), allowed, "{route}");
    }
}

#[tokio::test]
async fn a_token_counts_in_its_header_alone() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let route = "GET /api/v1/profile/me";
    says(&server.call(route).send().await, 401, "Authentication required");
    says(&server.call(&format!("{route}?access_token={}", jo.access)).send().await, 401, "Authentication required");
    for cookie in ["__Host-sid", "sid", "access_token"] {
        let cookie = format!("{cookie}={}", jo.access);
        server.call(route).header("cookie", &cookie).send().await.expect(401);
    }
    for authorization in ["", "Bearer", "Bearer ", "Basic am86ZG9l", jo.access.as_str()] {
        let reply = server.call(route).header("authorization", authorization).send().await;
        says(&reply, 401, "Authentication required");
        assert_eq!(reply.header("www-authenticate"), "Bearer");
    }
    for token in ["x", "not.a.token", "a.e30.c", "a.eyJleHAiOiJ4In0.c", jo.refresh.as_str()] {
        says(&server.call(route).bearer(token).send().await, 401, "Token is not valid");
    }
    server.call(route).header("authorization", &format!("bearer {}", jo.access)).send().await.expect(200);
    server.advance(TimeDelta::minutes(11));
    says(&server.call(route).bearer(&jo.access).send().await, 401, "Token has expired");
}

#[tokio::test]
async fn what_has_to_wait_is_told_how_long() {
    let server = TestServer::start().await;
    server.sign_up("jo@example.com", "Jo").await;
    for _ in 0..5 {
        let wrong = json!({"identifier": "jo@example.com", "password": "wrong"});
        says(&send(&server, "POST /auth/login", "", &wrong).await, 401, "Invalid credentials");
    }
    let reply = login(&server, "jo@example.com").await;
    assert_eq!(
        (reply.expect(429)["httpStatus"].clone(), reply.header("retry-after")),
        (json!("TOO_MANY_REQUESTS"), "1")
    );
    server.advance(TimeDelta::seconds(1));
    let told = login(&server, "jo@example.com").await.expect(200);
    assert_eq!(text(&told["message"]), "Login successful");
}
