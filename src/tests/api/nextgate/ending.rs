//! Archiving, restoring, deactivating.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{invalid, login, says, send};
use crate::harness::{PASSWORD, TestServer};

#[tokio::test]
async fn archived_and_restored_by_signing_in() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let archive =
        async |phrase: &str| send(&server, "POST /account/archive", &jo.access, &json!({"confirmation": phrase})).await;
    for phrase in ["archive my account", "ARCHIVE MY ACCOUNT ", "yes"] {
        let told = invalid(&archive(phrase).await);
        assert_eq!(told, json!({"confirmation": "Confirmation is not the phrase that was asked for"}));
    }
    let told = archive("ARCHİVE MY ACCOUNT").await.expect(200);
    let when = json!({"archivedAt": "2026-01-02T03:04:05.678Z", "purgeAt": "2026-02-02T03:04:05.678Z"});
    assert_eq!((&told["message"], &told["data"]), (&json!("Account archived successfully"), &when));
    send(&server, "GET /profile/me", &jo.access, &Value::Null).await.expect(401);
    let public = format!("GET /profile/id/{}", jo.account.id);
    says(&send(&server, &public, "", &Value::Null).await, 404, "User not found");
    let wrong = json!({"identifier": "jo@example.com", "password": "wrong"});
    says(&send(&server, "POST /auth/login", "", &wrong).await, 401, "Invalid credentials");
    assert_eq!(login(&server, "jo@example.com").await.expect(200)["data"]["user"]["id"], json!(jo.account.id));
    send(&server, &public, "", &Value::Null).await.expect(200);
}

#[tokio::test]
async fn archived_and_restored_by_registering() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let phrase = json!({"confirmation": "ARCHIVE MY ACCOUNT"});
    send(&server, "POST /account/archive", &jo.access, &phrase).await.expect(200);
    server.advance(TimeDelta::seconds(1));
    let new = "Another-harbour 19 fern";
    let body = json!({"email": "jo@example.com", "password": new, "firstName": "Somebody"});
    let told = send(&server, "POST /auth/register", "", &body).await.expect(201);
    let code = server.code_sent_to("jo@example.com").await;
    let body = json!({"tempToken": told["data"]["tempToken"], "otpCode": code});
    let told = send(&server, "POST /auth/verify-otp", "", &body).await.expect(200);
    let user = &told["data"]["user"];
    assert_eq!((&user["id"], &user["firstName"]), (&json!(jo.account.id), &json!("Jo")), "its own profile");
    says(&login(&server, "jo@example.com").await, 401, "Invalid credentials");
    let body = json!({"identifier": "jo@example.com", "password": new});
    send(&server, "POST /auth/login", "", &body).await.expect(200);
}

#[tokio::test]
async fn deactivated_with_the_password_until_somebody_unlocks_it() {
    for route in ["DELETE /profile/deactivate", "DELETE /account/deactivate"] {
        let server = TestServer::start().await;
        let jo = server.sign_up("jo@example.com", "Jo").await;
        let end = async |body: Value| send(&server, route, &jo.access, &body).await;
        says(
            &end(json!({"password": PASSWORD, "reason": "x".repeat(501)})).await,
            400,
            "Reason must be at most 500 characters long",
        );
        says(&end(json!({"password": "wrong"})).await, 401, "Incorrect password");
        says(
            &end(json!({"password": PASSWORD, "reason": 1})).await,
            400,
            "reason: invalid type: integer `1`, expected a string",
        );
        let told = end(json!({"password": PASSWORD, "reason": "ğ".repeat(500)})).await.expect(200);
        assert_eq!((&told["message"], &told["data"]), (&json!("Account deactivated successfully"), &Value::Null));
        send(&server, "GET /profile/me", &jo.access, &Value::Null).await.expect(401);
        says(&login(&server, "jo@example.com").await, 403, "Account is locked");
        let public = format!("GET /profile/id/{}", jo.account.id);
        says(&send(&server, &public, "", &Value::Null).await, 404, "User not found");
    }
}
