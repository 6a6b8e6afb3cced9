//! Signing in and out.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{login, says, send, text};
use crate::harness::{PASSWORD, TestServer};

#[tokio::test]
async fn any_identifier_signs_in_by_any_of_its_names() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo Doe").await;
    let username = jo.account.username.to_string();
    for (name, value) in [
        ("identifier", "jo@example.com"),
        ("identifier", " JO@example.com "),
        ("identifier", username.as_str()),
        ("email", "jo@example.com"),
        ("userName", username.as_str()),
    ] {
        let body = json!({ name: value, "password": PASSWORD });
        let told = send(&server, "POST /auth/login", "", &body).await.expect(200);
        let data = &told["data"];
        assert_eq!((&data["tokenType"], &data["expiresIn"]), (&json!("Bearer"), &json!(600)), "{name}");
        assert_eq!(data["user"]["id"], json!(jo.account.id));
        send(&server, "GET /profile/me", text(&data["accessToken"]), &Value::Null).await.expect(200);
    }
    for (identifier, password) in [("no@example.com", PASSWORD), ("jo@example.com", "wrong"), ("?", "?")] {
        let body = json!({"identifier": identifier, "password": password});
        says(&send(&server, "POST /auth/login", "", &body).await, 401, "Invalid credentials");
    }
}

#[tokio::test]
async fn a_locked_account_says_so_after_the_right_password_alone() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    server.lock(jo.account.id).await;
    says(&login(&server, "jo@example.com").await, 403, "Account is locked");
    let wrong = json!({"identifier": "jo@example.com", "password": "wrong"});
    says(&send(&server, "POST /auth/login", "", &wrong).await, 401, "Invalid credentials");
    send(&server, "GET /profile/me", &jo.access, &Value::Null).await.expect(401);
}

#[tokio::test]
async fn a_refresh_token_is_good_once() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let refresh = async |token: &str| send(&server, "POST /auth/refresh", "", &json!({"refreshToken": token})).await;
    let told = refresh(&jo.refresh).await.expect(200);
    assert_eq!(told["message"], "Token refreshed successfully");
    let next = text(&told["data"]["refreshToken"]);
    assert_ne!(next, jo.refresh);
    assert_eq!(refresh(&jo.refresh).await.expect(200)["data"]["refreshToken"], next, "within thirty seconds");
    says(&refresh("x").await, 401, "Invalid or expired refresh token");
    says(&refresh(&jo.access).await, 401, "Invalid or expired refresh token");
    server.advance(TimeDelta::seconds(31));
    says(&refresh(&jo.refresh).await, 401, "Invalid or expired refresh token");
    says(&refresh(next).await, 401, "Invalid or expired refresh token");
}

#[tokio::test]
async fn signing_out_ends_the_session_and_is_never_an_error() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    for token in [jo.refresh.as_str(), jo.refresh.as_str(), "x"] {
        let told = send(&server, "POST /auth/logout", "", &json!({"refreshToken": token})).await.expect(200);
        assert_eq!((&told["message"], &told["data"]), (&json!("Logout successful"), &Value::Null));
    }
    send(&server, "GET /profile/me", &jo.access, &Value::Null).await.expect(401);
    send(&server, "POST /auth/refresh", "", &json!({"refreshToken": jo.refresh})).await.expect(401);
}
