//! Requests that cannot be read: told by field, never as a bare string.

use axum::body::Body;
use serde_json::json;

use crate::harness::{PASSWORD, TestServer};

const JSON: &str = "application/json";

#[tokio::test]
async fn a_body_is_a_json_object_of_at_most_64_kib() {
    let server = TestServer::start().await;
    let login = "POST /auth-api/login";
    for body in ["{", "{\"username\":}", "[]", "\"jo\"", "7", "null", "{\"username\":\"\\ud800\"}", "\u{feff}{}"] {
        let told = server.call(login).body(JSON, body).send().await.expect(400);
        assert_eq!((&told["message"], &told["errCode"]), (&json!("errMsg_bodyisNotValid"), &json!(400)), "{body}");
        assert!(told["detail"].as_str().is_some_and(|detail| detail.starts_with("the body ")), "{told}");
    }
    let deep = "[".repeat(10_000);
    server.call(login).body(JSON, deep).send().await.expect(400);
    server.call(login).body(JSON, vec![0xff, 0xfe]).send().await.expect(400);

    let padded = |size: usize| format!("{{\"username\":\"jo\",\"password\":\"x\",\"pad\":\"{}\"}}", "x".repeat(size));
    let most = 64 * 1024 - padded(0).len();
    assert_eq!(server.call(login).body(JSON, padded(most)).send().await.expect(403)["errCode"], "WrongPassword");
    let told = server.call(login).body(JSON, padded(most + 1)).send().await.expect(413);
    assert_eq!((&told["message"], &told["errCode"]), (&json!("errMsg_PayloadTooLarge"), &json!(413)));
    let chunks = futures::stream::iter((0..9).map(|_| Ok::<_, std::io::Error>(" ".repeat(8 * 1024))));
    server.call(login).body(JSON, Body::from_stream(chunks)).send().await.expect(413);
    let broken = futures::stream::iter([Ok("{"), Err(std::io::Error::other("gone"))]);
    server.call(login).body(JSON, Body::from_stream(broken)).send().await.expect(400);
}

#[tokio::test]
async fn a_body_says_that_it_is_json() {
    let server = TestServer::start().await;
    let body = json!({"username": "jo@example.com", "password": PASSWORD}).to_string();
    for media_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "json"]
    {
        let told = server.call("POST /auth-api/login").body(media_type, body.clone()).send().await.expect(415);
        assert_eq!(told["message"], "errMsg_UnsupportedMediaType", "{media_type}");
    }
    for media_type in ["application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"] {
        server.call("POST /auth-api/login").body(media_type, body.clone()).send().await.expect(403);
    }
    let told = server.call("POST /auth-api/login").send().await.expect(401);
    assert_eq!(told["errCode"], "UserLoginWithoutCredentials", "no body is an empty one");
}

#[tokio::test]
async fn an_id_is_a_uuid_in_its_usual_form() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let plain = jo.account.id.simple().to_string();
    let urn = jo.account.id.urn().to_string();
    for id in ["1", "me", "%20", "%ff", plain.as_str(), urn.as_str(), "00000000-0000-0000-0000-00000000000g"] {
        for route in ["GET /auth-api/v1/users", "GET /auth-api/v1/briefuser", "DELETE /auth-api/v1/archiveprofile"] {
            let told = server.call(&format!("{route}/{id}")).bearer(&jo.access).send().await.expect(400);
            assert_eq!(
                (&told["message"], &told["errCode"]),
                (&json!("errMsg_userIdisNotAValidID"), &json!(400)),
                "{id}"
            );
        }
    }
    for id in ["1", "%ff"] {
        for (route, name) in
            [("DELETE /auth-api/deleteusersession", "sessionId"), ("GET /auth-api/bucket/userAvatars/meta", "id")]
        {
            let told = server.call(&format!("{route}/{id}")).bearer(&jo.access).send().await.expect(400);
            assert_eq!(told["message"], format!("errMsg_{name}isNotAValidID"), "{id}");
        }
    }
    let upper = jo.account.id.to_string().to_uppercase();
    server.call(&format!("GET /auth-api/v1/users/{upper}")).bearer(&jo.access).send().await.expect(200);
}
