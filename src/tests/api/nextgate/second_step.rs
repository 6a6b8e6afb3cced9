//! The second step of signing in, and what its token is worth elsewhere.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{invalid, login, says, send, text};
use crate::harness::{PASSWORD, Person, Reply, TestServer};

async fn with_jo() -> (TestServer, Person) {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let told = send(&server, "POST /profile/enable-2fa", &jo.access, &json!({"password": PASSWORD})).await.expect(200);
    assert_eq!(
        (&told["message"], &told["data"]),
        (&json!("Two-factor authentication enabled successfully"), &Value::Null)
    );
    server.advance(TimeDelta::minutes(1));
    (server, jo)
}

async fn verify(server: &TestServer, token: &Value, code: &str) -> Reply {
    send(server, "POST /auth/verify-otp", "", &json!({"tempToken": token, "otpCode": code})).await
}

#[tokio::test]
async fn a_mailed_code_is_sent_by_the_login_and_completes_it() {
    let (server, _) = with_jo().await;
    let before = server.messages_to("jo@example.com").await.len();
    let told = login(&server, "jo@example.com").await.expect(200);
    insta::assert_json_snapshot!("second_step", told, { ".data.tempToken" => "[jwt]" });
    assert_eq!(server.messages_to("jo@example.com").await.len(), before + 1);
    let token = &told["data"]["tempToken"];
    says(&send(&server, "GET /profile/me", text(token), &Value::Null).await, 401, "Token is not valid");
    server.advance(TimeDelta::seconds(1));
    let resent = send(&server, "POST /auth/resend-otp", "", &json!({"tempToken": token})).await.expect(200);
    assert_eq!((&resent["data"]["tempToken"], &resent["data"]["expireAt"]), (token, &told["data"]["expireAt"]));
    let code = server.code_sent_to("jo@example.com").await;
    let other = if code == "000000" { "000001" } else { "000000" };
    assert!(invalid(&verify(&server, token, other).await)["otpCode"].is_string());
    says(&verify(&server, token, "12345").await, 400, "otpCode: must be exactly 6 digits");
    let done = verify(&server, token, &code).await.expect(200);
    assert_eq!(done["data"]["user"]["isTwoFactorEnabled"], true);
    send(&server, "GET /profile/me", text(&done["data"]["accessToken"]), &Value::Null).await.expect(200);
    says(&send(&server, "GET /profile/me", text(token), &Value::Null).await, 401, "Token is not valid");
    says(&verify(&server, token, &code).await, 401, "Invalid or expired temporary token");
}

#[tokio::test]
async fn the_token_is_good_for_ten_minutes_and_until_the_password_changes() {
    let (server, jo) = with_jo().await;
    let late = login(&server, "jo@example.com").await.expect(200)["data"]["tempToken"].clone();
    server.advance(TimeDelta::minutes(10));
    let code = server.code_sent_to("jo@example.com").await;
    says(&verify(&server, &late, &code).await, 401, "Invalid or expired temporary token");

    let jo = send(&server, "POST /auth/refresh", "", &json!({"refreshToken": jo.refresh})).await.expect(200);
    let token = login(&server, "jo@example.com").await.expect(200)["data"]["tempToken"].clone();
    let code = server.code_sent_to("jo@example.com").await;
    let new = "Another-harbour 19 fern";
    let body = json!({"currentPassword": PASSWORD, "newPassword": new, "confirmPassword": new});
    send(&server, "POST /account/password/change", text(&jo["data"]["accessToken"]), &body).await.expect(200);
    says(&verify(&server, &token, &code).await, 401, "Invalid or expired temporary token");
}

#[tokio::test]
async fn tokens_of_one_purpose_are_worth_nothing_for_another() {
    let (server, jo) = with_jo().await;
    let half = login(&server, "jo@example.com").await.expect(200)["data"]["tempToken"].clone();
    let code = server.code_sent_to("jo@example.com").await;
    let body = json!({"tempToken": half, "otpCode": code, "newPassword": "x", "confirmPassword": "x"});
    says(&send(&server, "POST /auth/reset-password", "", &body).await, 401, "Invalid or expired temporary token");
    let body = json!({"tempToken": half, "otpCode": code});
    for route in
        ["/profile/verify-email", "/profile/verify-phone", "/account/email/verify", "/account/link/phone/verify"]
    {
        let reply = send(&server, &format!("POST {route}"), &jo.access, &body).await;
        says(&reply, 401, "Invalid or expired temporary token");
    }
    let forgot = json!({"identifier": "jo@example.com"});
    let reset = send(&server, "POST /auth/forgot-password", "", &forgot).await.expect(200);
    let code = server.code_sent_to("jo@example.com").await;
    says(&verify(&server, &reset["data"]["tempToken"], &code).await, 401, "Invalid or expired temporary token");
    let forged = format!("{}x", text(&half));
    says(&verify(&server, &json!(forged), &code).await, 401, "Invalid or expired temporary token");
    for token in [jo.access.as_str(), jo.refresh.as_str()] {
        says(&verify(&server, &json!(token), &code).await, 401, "Invalid or expired temporary token");
    }
}

#[tokio::test]
async fn a_code_that_cannot_be_sent_does_not_cost_the_token() {
    let (server, jo) = with_jo().await;
    let told = send(&server, "POST /account/2fa/recovery-codes", &jo.access, &json!({"password": PASSWORD})).await;
    let code = told.expect(200)["data"]["recoveryCodes"][0].clone();
    for _ in 0..5 {
        let told = login(&server, "jo@example.com").await.expect(200);
        assert_eq!(told["data"]["methods"], json!(["EMAIL", "RECOVERY_CODE"]));
    }
    let sent = server.messages_to("jo@example.com").await.len();
    let told = login(&server, "jo@example.com").await.expect(200);
    assert_eq!(told["data"]["methods"], json!(["RECOVERY_CODE", "EMAIL"]), "what can answer now comes first");
    assert_eq!(server.messages_to("jo@example.com").await.len(), sent);
    let token = &told["data"]["tempToken"];
    let resend = json!({"tempToken": token});
    assert!(send(&server, "POST /auth/resend-otp", "", &resend).await.header("retry-after").parse::<u32>().is_ok());
    verify(&server, token, text(&code)).await.expect(200);
}

#[tokio::test]
async fn an_app_and_recovery_codes_answer_it() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let (app, codes) = server.add_app(&jo).await;
    server.advance(TimeDelta::minutes(1));
    let before = server.messages_to("jo@example.com").await.len();
    let told = login(&server, "jo@example.com").await.expect(200);
    assert_eq!(told["data"]["methods"], json!(["TOTP", "EMAIL", "RECOVERY_CODE"]));
    assert_eq!(server.messages_to("jo@example.com").await.len(), before, "an app needs no mail");
    let token = &told["data"]["tempToken"];
    let none = json!({"tempToken": token, "otpCode": "000000", "method": "EMAIL"});
    assert_eq!(
        invalid(&send(&server, "POST /auth/verify-otp", "", &none).await),
        json!({"otpCode": "There is no code to confirm"})
    );
    verify(&server, token, &app.code(&server, 0)).await.expect(200);

    let told = login(&server, "jo@example.com").await.expect(200);
    let body =
        json!({"tempToken": told["data"]["tempToken"], "otpCode": codes[0].to_string(), "method": "RECOVERY_CODE"});
    send(&server, "POST /auth/verify-otp", "", &body).await.expect(200);
    let told = login(&server, "jo@example.com").await.expect(200);
    assert!(invalid(&verify(&server, &told["data"]["tempToken"], &codes[0].to_string()).await)["otpCode"].is_string());
    let resend = json!({"tempToken": told["data"]["tempToken"], "method": "EMAIL"});
    send(&server, "POST /auth/resend-otp", "", &resend).await.expect(200);
    let code = server.code_sent_to("jo@example.com").await;
    verify(&server, &told["data"]["tempToken"], &code).await.expect(200);
}

#[tokio::test]
async fn a_restored_account_is_asked_for_it_too() {
    let (server, jo) = with_jo().await;
    let phrase = json!({"confirmation": "ARCHIVE MY ACCOUNT"});
    send(&server, "POST /account/archive", &jo.access, &phrase).await.expect(200);
    server.advance(TimeDelta::minutes(10));
    let new = "Another-harbour 19 fern";
    let body = json!({"email": "jo@example.com", "password": new, "firstName": "Somebody"});
    let told = send(&server, "POST /auth/register", "", &body).await.expect(201);
    let code = server.code_sent_to("jo@example.com").await;
    server.advance(TimeDelta::seconds(1));
    let half = verify(&server, &told["data"]["tempToken"], &code).await.expect(200);
    assert_eq!((&half["data"]["requiresTwoFactor"], &half["data"]["methods"]), (&json!(true), &json!(["EMAIL"])));
    let code = server.code_sent_to("jo@example.com").await;
    let done = verify(&server, &half["data"]["tempToken"], &code).await.expect(200);
    assert_eq!(
        (&done["data"]["user"]["id"], &done["data"]["user"]["firstName"]),
        (&json!(jo.account.id), &json!("Jo"))
    );
    let body = json!({"identifier": "jo@example.com", "password": new});
    assert_eq!(send(&server, "POST /auth/login", "", &body).await.expect(200)["data"]["requiresTwoFactor"], true);
}
