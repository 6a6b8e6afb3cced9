//! Signing in and out.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{PASSWORD, TestServer};

async fn login(server: &TestServer, identifier: &str, password: &str) -> crate::harness::Reply {
    let body = json!({"username": identifier, "password": password});
    server.call("POST /auth-api/login").json(&body).send().await
}

#[tokio::test]
async fn login_answers_flat() {
    let server = TestServer::start().await;
    server.sign_up("jo@example.com", "Jo Ann Doe").await;
    let told = login(&server, "jo@example.com", PASSWORD).await.expect(200);
    insta::assert_json_snapshot!("login", told, {
        ".accessToken" => "[jwt]", ".refreshToken" => "[opaque]", ".sessionId" => "[uuid]", ".userId" => "[uuid]",
        ".avatar" => "[url]",
    });

    for name in ["email", "mobile"] {
        let body = json!({name: "JO@example.com", "password": PASSWORD});
        server.call("POST /auth-api/login").json(&body).send().await.expect(200);
    }
    let both = json!({"username": "jo@example.com", "email": "no@example.com", "password": PASSWORD});
    server.call("POST /auth-api/login").json(&both).send().await.expect(200);
}

#[tokio::test]
async fn login_tells_no_more_than_it_may() {
    let server = TestServer::start().await;
    server.sign_up("jo@example.com", "Jo").await;
    let wrong = login(&server, "jo@example.com", "wrong").await.expect(403);
    let unknown = login(&server, "no@example.com", "wrong").await.expect(403);
    let unreadable = login(&server, "\u{202e}", "wrong").await.expect(403);
    assert_eq!((&wrong, &wrong), (&unknown, &unreadable));
    assert_eq!((&wrong["errCode"], &wrong["message"]), (&json!("WrongPassword"), &json!("errMsg_PasswordDoesntMatch")));
    for body in
        [json!({}), json!({"username": "jo"}), json!({"password": "x"}), json!({"username": "", "password": null})]
    {
        let told = server.call("POST /auth-api/login").json(&body).send().await.expect(401);
        assert_eq!(told["errCode"], "UserLoginWithoutCredentials", "{body}");
    }
    for (body, message) in [
        (json!({"username": 7, "password": "x"}), "errMsg_usernameisNotValid"),
        (json!({"username": "jo", "password": ["x"]}), "errMsg_passwordisNotValid"),
    ] {
        let told = server.call("POST /auth-api/login").json(&body).send().await.expect(400);
        assert_eq!(told["message"], message);
    }
}

#[tokio::test]
async fn that_an_account_is_locked_is_told_after_the_right_password_alone() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    server.lock(jo.account.id).await;
    let told = login(&server, "jo@example.com", PASSWORD).await.expect(403);
    assert_eq!((&told["errCode"], &told["message"]), (&json!("ForbiddenAccess"), &json!("errMsg_UserIsLocked")));
    assert_eq!(login(&server, "jo@example.com", "wrong").await.expect(403)["errCode"], "WrongPassword");
    server.call("GET /auth-api/currentuser").bearer(&jo.access).send().await.expect(401);
    server.call(&format!("GET /auth-api/v1/briefuser/{}", jo.account.id)).send().await.expect(404);
}

#[tokio::test]
async fn wrong_passwords_make_the_next_try_wait() {
    let server = TestServer::start().await;
    server.sign_up("jo@example.com", "Jo").await;
    for _ in 0..5 {
        login(&server, "jo@example.com", "wrong").await.expect(403);
    }
    let reply = login(&server, "jo@example.com", PASSWORD).await;
    assert_eq!(reply.expect(429)["message"], "errMsg_TooManyRequests");
    let wait: i64 = reply.header("retry-after").parse().expect("seconds");
    server.advance(TimeDelta::seconds(wait));
    login(&server, "jo@example.com", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn currentuser_is_the_session() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let nobody = server.call("GET /auth-api/currentuser").send().await;
    assert_eq!(nobody.expect(401), json!({"status": "ERR", "message": "No login found"}));
    let told = server.call("GET /auth-api/currentuser").bearer(&jo.access).send().await.expect(200);
    assert_eq!((&told["status"], &told["email"]), (&json!("OK"), &json!("jo@example.com")));
    assert_eq!(told["loginIp"], "203.0.113.0/24", "of an open session only the network is kept");
    for secret in ["accessToken", "refreshToken", "password"] {
        assert_eq!(told.get(secret), None);
    }
}

#[tokio::test]
async fn relogin_replaces_the_session() {
    let server = TestServer::start().await;
    let mut access = server.sign_up("jo@example.com", "Jo").await.access;
    for method in ["GET", "POST"] {
        let told = server.call(&format!("{method} /auth-api/relogin")).bearer(&access).send().await.expect(200);
        assert_eq!(told["status"], "OK");
        server.call("GET /auth-api/currentuser").bearer(&access).send().await.expect(401);
        access = told["accessToken"].as_str().expect("a token").to_owned();
        server.call("GET /auth-api/currentuser").bearer(&access).send().await.expect(200);
    }
    assert_eq!(server.call("GET /auth-api/relogin").send().await.expect(401)["errCode"], "LoginRequired");
}

#[tokio::test]
async fn refresh_gives_a_new_pair() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let refresh =
        async |token: &str| server.call("POST /auth-api/refresh").json(&json!({"refreshToken": token})).send().await;
    let told = refresh(&jo.refresh).await.expect(200);
    let access = told["accessToken"].as_str().expect("a token");
    server.call("GET /auth-api/currentuser").bearer(access).send().await.expect(200);
    assert_ne!(told["refreshToken"], json!(jo.refresh));
    server.advance(TimeDelta::seconds(31));
    assert_eq!(refresh(&jo.refresh).await.expect(401)["errCode"], "LoginRequired");
    server.call("GET /auth-api/currentuser").bearer(access).send().await.expect(401);
    let missing = server.call("POST /auth-api/refresh").json(&json!({})).send().await.expect(400);
    assert_eq!(missing["message"], "errMsg_refreshTokenisRequired");
}

#[tokio::test]
async fn logout_is_always_well() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let ok = json!({"status": "OK"});
    assert_eq!(server.call("POST /auth-api/logout").send().await.expect(200), ok);
    assert_eq!(
        server.call("POST /auth-api/logout").bearer(&jo.access).body("text/plain", "?").send().await.expect(200),
        ok
    );
    server.call("GET /auth-api/currentuser").bearer(&jo.access).send().await.expect(401);
    assert_eq!(server.call("POST /auth-api/logout").bearer(&jo.access).send().await.expect(200), ok);
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let server = TestServer::start().await;
    let first = server.sign_up("jo@example.com", "Jo").await;
    server.advance(TimeDelta::hours(1));
    let second = server.sign_in("jo@example.com").await;
    let list = async || server.call("GET /auth-api/getusersessions").bearer(&second.access).send().await.expect(200);
    let rows = list().await;
    let own: Vec<_> = rows.as_array().expect("a bare array").iter().map(|row| row["currentOne"].clone()).collect();
    assert_eq!(own, [json!(true), json!(false)], "newest first");
    insta::assert_json_snapshot!("session_row", rows[0], {
        ".sessionId" => "[uuid]", ".userId" => "[uuid]", ".avatar" => "[url]",
    });

    let end = format!("DELETE /auth-api/deleteusersession/{}", rows[1]["sessionId"].as_str().expect("an id"));
    let told = server.call(&end).bearer(&second.access).send().await.expect(200);
    assert_eq!((&told["action"], &told["rowCount"]), (&json!("delete"), &json!(1)));
    server.call("GET /auth-api/currentuser").bearer(&first.access).send().await.expect(401);
    assert_eq!(server.call(&end).bearer(&second.access).send().await.expect(404)["message"], "errMsg_RecordNotFound");

    server.sign_in("jo@example.com").await;
    let told = server.call("DELETE /auth-api/deleteallsessions").bearer(&second.access).send().await.expect(200);
    assert_eq!((&told["dataName"], &told["rowCount"]), (&json!("sessions"), &json!(2)));
    server.call("GET /auth-api/currentuser").bearer(&second.access).send().await.expect(401);
}

#[tokio::test]
async fn somebody_elses_session_is_not_there() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let eve = server.sign_up("eve@example.com", "Eve").await;
    let rows = server.call("GET /auth-api/getusersessions").bearer(&jo.access).send().await.expect(200);
    let end = format!("DELETE /auth-api/deleteusersession/{}", rows[0]["sessionId"].as_str().expect("an id"));
    server.call(&end).bearer(&eve.access).send().await.expect(404);
    server.call("GET /auth-api/currentuser").bearer(&jo.access).send().await.expect(200);
}

#[tokio::test]
async fn history_is_the_sign_ins() {
    let server = TestServer::start().await;
    server.sign_up("jo@example.com", "Jo").await;
    server.advance(TimeDelta::hours(1));
    let jo = server.sign_in("jo@example.com").await;
    let told = server.call("GET /auth-api/getuserhistory").bearer(&jo.access).send().await.expect(200);
    assert_eq!(told[0]["loginAt"], "2026-01-02T04:04:05.678Z");
    assert_eq!(told[0]["ip"], "203.0.113.0/24");
    server.call("GET /auth-api/getuserhistory").send().await.expect(401);
}

#[tokio::test]
async fn the_public_key_verifies_our_tokens() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let told = server.call("GET /auth-api/publickey").send().await.expect(200);
    let id = told["keyId"].as_str().expect("an id");
    assert_eq!(server.call(&format!("GET /auth-api/publickey?keyId={id}")).send().await.expect(200), told);
    server.call("GET /auth-api/publickey?keyId=other").send().await.expect(404);

    let pem = told["keyData"].as_str().expect("a key");
    let key = jsonwebtoken::DecodingKey::from_ed_pem(pem.as_bytes()).expect("a key in PEM");
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::EdDSA);
    validation.validate_exp = false;
    validation.validate_aud = false;
    let header = jsonwebtoken::decode_header(&jo.access).expect("a token");
    assert_eq!(header.kid.as_deref(), Some(id));
    let claims = jsonwebtoken::decode::<Value>(&jo.access, &key, &validation).expect("our signature").claims;
    assert_eq!(claims["sub"], json!(jo.account.id));
}
