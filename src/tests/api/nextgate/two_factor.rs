//! The second step, turned on and off.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{invalid, login, says, send, text};
use crate::harness::{App, PASSWORD, TestServer};

fn password() -> Value {
    json!({ "password": PASSWORD })
}

#[tokio::test]
async fn by_mail_from_on_to_off() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let status =
        async |token: &str| send(&server, "GET /account/2fa", token, &Value::Null).await.expect(200)["data"].clone();
    assert_eq!(status(&jo.access).await, json!({"enabled": false, "methods": [], "recoveryCodesLeft": 0}));
    says(
        &send(&server, "POST /profile/disable-2fa", &jo.access, &password()).await,
        400,
        "Two-factor authentication is not enabled",
    );
    says(
        &send(&server, "POST /account/2fa/request-code", &jo.access, &Value::Null).await,
        400,
        "Two-factor authentication is not enabled",
    );
    let wrong = json!({"password": "wrong"});
    says(&send(&server, "POST /profile/enable-2fa", &jo.access, &wrong).await, 401, "Incorrect password");
    send(&server, "POST /account/2fa/enable", &jo.access, &password()).await.expect(200);
    says(
        &send(&server, "POST /profile/enable-2fa", &jo.access, &password()).await,
        400,
        "Two-factor authentication is already enabled",
    );
    assert_eq!(status(&jo.access).await, json!({"enabled": true, "methods": ["EMAIL"], "recoveryCodesLeft": 0}));

    let needed = send(&server, "POST /profile/disable-2fa", &jo.access, &password()).await;
    assert_eq!(invalid(&needed), json!({"otpCode": "A code of the second factor is required besides the password"}));
    server.advance(TimeDelta::seconds(1));
    let body = json!({"method": "EMAIL"});
    let told = send(&server, "POST /account/2fa/request-code", &jo.access, &body).await.expect(200);
    assert_eq!(told["data"], json!({"expireAt": "2026-01-02T03:14:06.678Z", "email": "j***@example.com"}));
    let code = server.code_sent_to("jo@example.com").await;
    let with = |code: &str| json!({"password": PASSWORD, "otpCode": code});
    let other = if code == "000000" { "000001" } else { "000000" };
    assert!(
        invalid(&send(&server, "POST /profile/disable-2fa", &jo.access, &with(other)).await)["otpCode"].is_string()
    );
    let told = send(&server, "POST /profile/disable-2fa", &jo.access, &with(&code)).await.expect(200);
    assert_eq!(
        (&told["message"], &told["data"]),
        (&json!("Two-factor authentication disabled successfully"), &Value::Null)
    );

    send(&server, "POST /profile/enable-2fa", &jo.access, &password()).await.expect(200);
    server.advance(TimeDelta::seconds(1));
    let half = login(&server, "jo@example.com").await.expect(200);
    let code = server.code_sent_to("jo@example.com").await;
    let body = json!({"tempToken": half["data"]["tempToken"], "otpCode": code, "method": "EMAIL"});
    let whole = send(&server, "POST /auth/verify-otp", "", &body).await.expect(200);
    let passed = text(&whole["data"]["accessToken"]);
    send(&server, "POST /account/2fa/disable", passed, &password()).await.expect(200);
    assert_eq!(status(passed).await["enabled"], false);
    login(&server, "jo@example.com").await.expect(200);
}

#[tokio::test]
async fn by_an_app_with_recovery_codes() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let call =
        async |path: &str, body: Value| send(&server, &format!("POST /account/2fa{path}"), &jo.access, &body).await;
    assert_eq!(
        invalid(&call("/totp/confirm", json!({"otpCode": "123456"})).await),
        json!({"otpCode": "There is no code to confirm"})
    );
    says(&call("/totp/setup", json!({"password": "wrong"})).await, 401, "Incorrect password");
    says(&call("/recovery-codes", password()).await, 400, "Two-factor authentication is not enabled");
    let told = call("/totp/setup", password()).await.expect(200)["data"].clone();
    assert!(text(&told["otpauthUrl"]).starts_with("otpauth://totp/") && text(&told["qrSvg"]).starts_with("<svg"));
    let app = App::told(text(&told["secret"]));
    let code = app.code(&server, 0);
    let other = if code == "000000" { "000001" } else { "000000" };
    assert!(invalid(&call("/totp/confirm", json!({"otpCode": other})).await)["otpCode"].is_string());
    let told = call("/totp/confirm", json!({"otpCode": code})).await.expect(200);
    let codes = told["data"]["recoveryCodes"].as_array().expect("codes").clone();
    assert_eq!(codes.len(), 10);
    let status = send(&server, "GET /account/2fa", &jo.access, &Value::Null).await.expect(200);
    assert_eq!(
        status["data"],
        json!({"enabled": true, "methods": ["TOTP", "EMAIL", "RECOVERY_CODE"], "recoveryCodesLeft": 10})
    );

    server.advance(TimeDelta::seconds(60));
    let told = call("/totp/setup", password()).await.expect(200)["data"].clone();
    let second = App::told(text(&told["secret"]));
    let told = call("/totp/confirm", json!({"otpCode": second.code(&server, 0)})).await.expect(200);
    assert_eq!(told["data"], Value::Null, "codes are left");
    let renewed = call("/recovery-codes", password()).await.expect(200)["data"]["recoveryCodes"].clone();
    assert_eq!(renewed.as_array().map(Vec::len), Some(10));
    let half = login(&server, "jo@example.com").await.expect(200);
    let enter = async |code: &Value| {
        let body = json!({"tempToken": half["data"]["tempToken"], "otpCode": code});
        send(&server, "POST /auth/verify-otp", "", &body).await
    };
    assert!(invalid(&enter(&codes[0]).await)["otpCode"].is_string(), "worthless");
    enter(&renewed[0]).await.expect(200);
    send(&server, "POST /profile/disable-2fa", &jo.access, &password()).await.expect(200);
}

#[tokio::test]
async fn without_a_way_to_deliver_a_code_it_cannot_be_turned_on() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    server.unverify(jo.account.id).await;
    let told = invalid(&send(&server, "POST /profile/enable-2fa", &jo.access, &password()).await);
    assert!(text(&told["isTwoFactorEnabled"]).contains("verified email"), "{told}");
}
