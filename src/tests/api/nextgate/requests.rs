//! Requests that cannot be read: told in the envelope, never as a bare string.

use axum::body::Body;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{invalid, says, send};
use crate::harness::{PASSWORD, TestServer};

const JSON: &str = "application/json";
const LOGIN: &str = "POST /api/v1/auth/login";

#[tokio::test]
async fn a_body_is_a_json_object_of_at_most_64_kib() {
    let server = TestServer::start().await;
    for body in ["{", "{\"identifier\":}", "[]", "\"jo\"", "7", "null", "{\"identifier\":\"\\ud800\"}", "\u{feff}{}"] {
        let told = server.call(LOGIN).body(JSON, body).send().await.expect(400);
        assert_eq!((&told["httpStatus"], &told["data"]), (&json!("BAD_REQUEST"), &told["message"]), "{body}");
    }
    server.call(LOGIN).body(JSON, "[".repeat(10_000)).send().await.expect(400);
    server.call(LOGIN).body(JSON, vec![0xff, 0xfe]).send().await.expect(400);

    let padded = |size: usize| format!("{{\"identifier\":\"jo\",\"password\":\"x\",\"pad\":\"{}\"}}", "x".repeat(size));
    let most = 64 * 1024 - padded(0).len();
    server.call(LOGIN).body(JSON, padded(most)).send().await.expect(401);
    let told = server.call(LOGIN).body(JSON, padded(most + 1)).send().await.expect(413);
    assert_eq!(told["httpStatus"], "PAYLOAD_TOO_LARGE");
    let broken = futures::stream::iter([Ok("{"), Err(std::io::Error::other("gone"))]);
    server.call(LOGIN).body(JSON, Body::from_stream(broken)).send().await.expect(400);
}

#[tokio::test]
async fn a_body_says_that_it_is_json() {
    let server = TestServer::start().await;
    let body = json!({"identifier": "jo@example.com", "password": PASSWORD}).to_string();
    for media_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "json"]
    {
        let told = server.call(LOGIN).body(media_type, body.clone()).send().await.expect(415);
        assert_eq!(told["httpStatus"], "UNSUPPORTED_MEDIA_TYPE", "{media_type}");
    }
    server.call(LOGIN).body("application/json; charset=utf-8", body.clone()).send().await.expect(401);
    says(&server.call(LOGIN).send().await, 400, "missing field `password`");
}

#[tokio::test]
async fn missing_fields_and_wrong_types_are_named() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let text = "invalid type: integer `1`, expected a string";
    for (route, body, message) in [
        ("POST /auth/login", json!({"identifier": "jo"}), "missing field `password`".to_owned()),
        ("POST /auth/login", json!({"identifier": " ", "password": "x"}), "missing field `identifier`".to_owned()),
        ("POST /auth/login", json!({"identifier": "jo", "password": ""}), "password: must not be empty".to_owned()),
        ("POST /auth/login", json!({"identifier": "jo", "password": 1}), format!("password: {text}")),
        ("POST /auth/refresh", json!({}), "missing field `refreshToken`".to_owned()),
        ("POST /auth/logout", json!({}), "missing field `refreshToken`".to_owned()),
        ("POST /auth/register", json!({"password": "x"}), "missing field `firstName`".to_owned()),
        ("POST /auth/verify-otp", json!({"otpCode": "123456"}), "missing field `tempToken`".to_owned()),
        ("POST /auth/resend-otp", json!({}), "missing field `tempToken`".to_owned()),
        ("POST /auth/forgot-password", json!({}), "missing field `identifier`".to_owned()),
        ("PUT /profile/update", json!({"bio": 1}), format!("bio: {text}")),
        (
            "PUT /profile/update",
            json!({"firstName": "J", "isPrivate": 1}),
            "isPrivate: invalid type: integer `1`, expected a boolean".to_owned(),
        ),
        ("PUT /profile/update-basic-info", json!({"profilePictureUrls": [1]}), format!("profilePictureUrls: {text}")),
        (
            "PUT /profile/change-password",
            json!({"currentPassword": "x", "newPassword": "y"}),
            "missing field `confirmPassword`".to_owned(),
        ),
        (
            "POST /profile/enable-2fa",
            json!({"password": null}),
            "password: invalid type: null, expected a string".to_owned(),
        ),
        ("POST /profile/disable-2fa", json!(null), "missing field `password`".to_owned()),
        ("DELETE /profile/deactivate", json!({"reason": "why"}), "missing field `password`".to_owned()),
        (
            "POST /profile/verify-email",
            json!({"tempToken": "x", "otpCode": "12345"}),
            "otpCode: must be exactly 6 digits".to_owned(),
        ),
        (
            "POST /profile/verify-phone",
            json!({"tempToken": "x", "otpCode": 123_456}),
            "otpCode: invalid type: integer `123456`, expected a string".to_owned(),
        ),
        ("POST /account/username/change", json!({}), "missing field `userName`".to_owned()),
        ("GET /account/username/check", json!(null), "u is required".to_owned()),
        ("POST /account/link/email/initiate", json!({}), "missing field `email`".to_owned()),
        ("POST /account/link/phone/initiate", json!({"phoneNumber": ""}), "phoneNumber: must not be empty".to_owned()),
        (
            "POST /account/2fa/totp/confirm",
            json!({"otpCode": "12345a"}),
            "otpCode: must be exactly 6 digits".to_owned(),
        ),
        ("POST /account/archive", json!({}), "missing field `confirmation`".to_owned()),
    ] {
        says(&send(&server, route, &jo.access, &body).await, 400, &message);
    }
    let told = invalid(
        &send(
            &server,
            "POST /auth/verify-otp",
            "",
            &json!({"tempToken": "x", "otpCode": "123456", "method": "PIGEON"}),
        )
        .await,
    );
    assert_eq!(told, json!({"method": "method is not valid"}));
}

#[tokio::test]
async fn an_id_is_a_uuid_in_its_usual_form() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let plain = jo.account.id.simple().to_string();
    for id in ["1", "me", "%20", plain.as_str(), "00000000-0000-0000-0000-00000000000g"] {
        for (route, name) in [
            ("GET /profile/id/{}", "userId"),
            ("DELETE /account/sessions/{}", "sessionId"),
            ("POST /social/follow/{}", "userId"),
            ("DELETE /social/block/{}", "userId"),
            ("GET /social/followers/{}", "userId"),
            ("POST /social/requests/{}/accept", "userId"),
        ] {
            let reply = send(&server, &route.replace("{}", id), &jo.access, &Value::Null).await;
            says(&reply, 400, &format!("{name} must be a UUID"));
        }
    }
    says(&send(&server, "GET /profile/id/%ff", "", &Value::Null).await, 400, "Invalid path parameter");
    says(
        &send(&server, "GET /profile/validate-username/%ff", &jo.access, &Value::Null).await,
        400,
        "Invalid path parameter",
    );
    let upper = format!("GET /profile/id/{}", jo.account.id.to_string().to_uppercase());
    send(&server, &upper, "", &Value::Null).await.expect(200);
    for list in ["/account/activity", "/social/requests"] {
        let ask = async |query: &str| send(&server, &format!("GET {list}?{query}"), &jo.access, &Value::Null).await;
        says(&ask("cursor=1").await, 400, "cursor must be a UUID");
        says(&ask("limit=x").await, 400, "limit must be a whole number");
        assert_eq!(invalid(&ask("limit=0").await), json!({"limit": "limit must be from 1 to 99"}));
        says(&ask("cursor=").await, 400, "cursor must be a UUID");
        says(&ask("limit=").await, 400, "limit must be a whole number");
        ask("limit=1&limit=99").await.expect(200);
    }
}

#[tokio::test]
async fn hostile_text_is_refused_or_unknown_and_never_our_fault() {
    let server = TestServer::start().await;
    server.sign_up("jo@example.com", "Jo").await;
    for evil in
        ["\0", "a\0b", "\u{202e}x", "' OR 1=1 --", "{{7*7}}", "<script>", &"x".repeat(60_000), "🦀\u{301}\u{301}"]
    {
        let jo = server.sign_in("jo@example.com").await;
        for (route, body) in [
            ("POST /auth/login", json!({"identifier": evil, "password": evil})),
            ("POST /auth/refresh", json!({"refreshToken": evil})),
            ("POST /auth/verify-otp", json!({"tempToken": evil, "otpCode": "123456"})),
            ("POST /auth/verify-otp", json!({"tempToken": "x", "otpCode": evil})),
            ("POST /auth/resend-otp", json!({"tempToken": evil, "method": evil})),
            ("POST /auth/forgot-password", json!({"identifier": evil})),
            ("POST /auth/register", json!({"email": evil, "password": evil, "firstName": evil, "userName": evil})),
            ("PUT /profile/update-basic-info", json!({"userName": evil, "email": evil, "phoneNumber": evil})),
            ("PUT /profile/update", json!({"profilePictureUrls": [evil]})),
            ("POST /account/link/email/initiate", json!({"email": evil})),
            ("POST /account/archive", json!({"confirmation": evil})),
        ] {
            let reply = send(&server, route, &jo.access, &body).await;
            assert!(reply.status.is_client_error(), "{route} {evil:?}: {reply:?}");
            assert_eq!(reply.json()["success"], false);
            server.advance(TimeDelta::seconds(30));
        }
        let escaped: String = evil.bytes().take(200).map(|byte| format!("%{byte:02x}")).collect();
        for path in ["/profile/validate-username/", "/account/username/check?u=", "/profile/u/"] {
            let reply = send(&server, &format!("GET {path}{escaped}"), &jo.access, &Value::Null).await;
            assert!(!reply.status.is_server_error(), "{path} {evil:?}: {reply:?}");
        }
    }
}
