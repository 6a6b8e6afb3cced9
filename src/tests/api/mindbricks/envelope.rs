//! The envelope around every `/v1` answer, and what stands around every route.

use serde_json::{Value, json};

use crate::harness::TestServer;

#[tokio::test]
async fn the_envelope_has_real_values() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo Ann Doe").await;
    let route = format!("GET /auth-api/v1/users/{}", jo.account.id);
    let reply = server.call(&route).bearer(&jo.access).send().await;
    let body = reply.expect(200);
    let id = json!(jo.account.id);
    assert_eq!((&body["userId"], &body["user"]["id"], &body["user"]["_owner"]), (&id, &id, &id));
    insta::assert_json_snapshot!("envelope", body, {
        ".elapsedMs" => "[ms]", ".ssoTime" => "[ms]", ".cacheKey" => "[hex]", ".userId" => "[uuid]",
        ".sessionId" => "[uuid]", ".user.id" => "[uuid]", ".user._owner" => "[uuid]", ".user.avatar" => "[url]",
    });
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.header("etag"), "\"1\"");

    assert!(body["elapsedMs"].as_u64() >= body["ssoTime"].as_u64(), "the check is part of the whole");
    let again = server.call(&route).bearer(&jo.access).send().await.json();
    assert_eq!(again["cacheKey"], body["cacheKey"], "the same route, parameters and version");
    server
        .call("PATCH /auth-api/v1/profile")
        .bearer(&jo.access)
        .json(&json!({"fullname": "Jo"}))
        .send()
        .await
        .expect(200);
    let changed = server.call(&route).bearer(&jo.access).send().await.json();
    assert_ne!(changed["cacheKey"], body["cacheKey"], "another version");
}

#[tokio::test]
async fn the_request_id_is_the_servers_or_a_fresh_one() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let reply = server.call("GET /auth-api/v1/users").bearer(&jo.access).send().await;
    assert_eq!(reply.header("x-request-id"), "request-1");
    let brief = format!("GET /auth-api/v1/briefuser/{}", jo.account.id);
    assert_eq!(server.call(&brief).send().await.expect(200)["requestId"], "request-1");
}

#[tokio::test]
async fn unknown_routes_and_methods_are_told_in_the_envelope() {
    let server = TestServer::start().await;
    for route in [
        "GET /auth-api/nowhere",
        "GET /auth-api",
        "GET /auth-api/",
        "POST /auth-api/v1/profile/a/b",
        "GET /auth-api/v1/users/",
    ] {
        let body = server.call(route).send().await.expect(404);
        assert_eq!((&body["result"], &body["message"]), (&json!("ERR"), &json!("errMsg_RouteNotFound")), "{route}");
        assert_eq!(body["errCode"], 404);
    }
    for (route, allowed) in [
        ("GET /auth-api/login", "POST"),
        ("POST /auth-api/v1/users/x", "GET,HEAD"),
        ("PUT /auth-api/v1/profile", "PATCH"),
        ("DELETE /auth-api/relogin", "GET,HEAD,POST"),
        ("GET /auth-api/verification-services/email-verification/start", "POST"),
        ("PUT /auth-api/bucket/userAvatars/upload", "POST"),
    ] {
        let reply = server.call(route).send().await;
        let body = reply.expect(405);
        assert_eq!((&body["message"], &body["errCode"]), (&json!("errMsg_MethodNotAllowed"), &json!(405)), "{route}");
        assert_eq!(reply.header("allow"), allowed, "{route}");
    }
}

#[tokio::test]
async fn head_has_the_headers_of_get_and_no_body() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let route = format!("HEAD /auth-api/v1/users/{}", jo.account.id);
    let reply = server.call(&route).bearer(&jo.access).send().await;
    assert_eq!((reply.status.as_u16(), reply.header("etag"), reply.body.len()), (200, "\"1\"", 0));
    let reply = server.call(&route).send().await;
    assert_eq!((reply.status.as_u16(), reply.header("www-authenticate"), reply.body.len()), (401, "Bearer", 0));
}

#[tokio::test]
async fn a_token_counts_in_its_header_alone() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let route = format!("GET /auth-api/v1/users/{}", jo.account.id);
    let refused = |body: Value| assert_eq!((&body["errCode"], &body["status"]), (&json!("LoginRequired"), &json!(401)));
    refused(server.call(&route).send().await.expect(401));
    refused(server.call(&format!("{route}?access_token={}", jo.access)).send().await.expect(401));
    for cookie in ["__Host-sid", "sid", "access_token"] {
        refused(server.call(&route).header("cookie", &format!("{cookie}={}", jo.access)).send().await.expect(401));
    }
    for authorization in ["", "Bearer", "Bearer ", "Basic am86ZG9l", "Bearer not.a.token", jo.access.as_str()] {
        refused(server.call(&route).header("authorization", authorization).send().await.expect(401));
    }
    server.call(&route).header("authorization", &format!("bearer {}", jo.access)).send().await.expect(200);
}
