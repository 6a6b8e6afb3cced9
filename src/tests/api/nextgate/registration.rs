//! Registration, up to the first sign-in.

use chrono::TimeDelta;
use nameplate::domain::account::LoginIdentifier;
use serde_json::{Value, json};

use super::{invalid, login, says, send, text};
use crate::harness::{PASSWORD, Reply, TestServer};

async fn register(server: &TestServer, body: &Value) -> Reply {
    send(server, "POST /auth/register", "", body).await
}

async fn verify(server: &TestServer, token: &Value, code: &str) -> Reply {
    send(server, "POST /auth/verify-otp", "", &json!({"tempToken": token, "otpCode": code})).await
}

fn jo() -> Value {
    json!({"email": "jo@example.com", "password": PASSWORD, "firstName": "Jo", "lastName": "Doe", "middleName": "Ann"})
}

#[tokio::test]
async fn from_the_form_to_a_changed_password() {
    let server = TestServer::start().await;
    let told = register(&server, &jo()).await.expect(201);
    insta::assert_json_snapshot!("registered", told, { ".data.tempToken" => "[opaque]" });
    let token = &told["data"]["tempToken"];
    let code = server.code_sent_to("jo@example.com").await;
    assert!(!told.to_string().contains(&code));
    let other = if code == "000000" { "000001" } else { "000000" };
    let wrong = verify(&server, token, other).await;
    assert_eq!(invalid(&wrong), json!({"otpCode": "The code is wrong; tries left: 4"}));

    let told = verify(&server, token, &code).await.expect(200);
    insta::assert_json_snapshot!("signed_in", told, {
        ".data.accessToken" => "[jwt]", ".data.refreshToken" => "[opaque]", ".data.user.id" => "[uuid]",
        ".data.user.userName" => "[name]",
    });
    let access = text(&told["data"]["accessToken"]).to_owned();
    says(&verify(&server, token, &code).await, 401, "Invalid or expired temporary token");

    let me = send(&server, "GET /profile/me", &access, &json!(null)).await.expect(200);
    assert_eq!(me["data"], told["data"]["user"]);
    let change = json!({"bio": "Building cool things.", "location": "Nairobi, Kenya"});
    let updated = send(&server, "PUT /profile/update", &access, &change).await.expect(200);
    assert_eq!((&updated["data"]["bio"], &updated["data"]["recordVersion"]), (&change["bio"], &json!(2)));
    let new = "Another-harbour 19 fern";
    let passwords = json!({"currentPassword": PASSWORD, "newPassword": new, "confirmPassword": new});
    let told = send(&server, "PUT /profile/change-password", &access, &passwords).await.expect(200);
    assert_eq!((&told["message"], &told["data"]), (&json!("Password changed successfully"), &json!(null)));
    send(&server, "GET /profile/me", &access, &json!(null)).await.expect(401);
    says(&login(&server, "jo@example.com").await, 401, "Invalid credentials");
    let body = json!({"email": "jo@example.com", "password": new});
    send(&server, "POST /auth/login", "", &body).await.expect(200);
}

#[tokio::test]
async fn before_the_code_the_right_password_says_what_is_missing() {
    let server = TestServer::start().await;
    register(&server, &jo()).await.expect(201);
    let pending = login(&server, "jo@example.com").await.expect(403);
    assert_eq!(
        (&pending["httpStatus"], &pending["message"]),
        (&json!("FORBIDDEN"), &json!("Account is not verified yet"))
    );
    assert_eq!(pending["data"]["expireAt"], "2026-01-02T03:14:05.678Z");
    assert_eq!(pending["data"].as_object().expect("an object").len(), 2);
    let token = pending["data"]["tempToken"].clone();
    let wrong = json!({"identifier": "jo@example.com", "password": "wrong"});
    says(&send(&server, "POST /auth/login", "", &wrong).await, 401, "Invalid credentials");

    server.advance(TimeDelta::seconds(1));
    let resent = send(&server, "POST /auth/resend-otp", "", &json!({"tempToken": token})).await.expect(200);
    assert_eq!(resent["data"]["email"], "j***@example.com");
    let code = server.code_sent_to("jo@example.com").await;
    let told = verify(&server, &token, &code).await.expect(200);
    assert_eq!(told["data"]["user"]["isEmailVerified"], true);
}

#[tokio::test]
async fn the_password_names_its_own_registration() {
    let server = TestServer::start().await;
    register(&server, &jo()).await.expect(201);
    server.advance(TimeDelta::seconds(1));
    let mut stranger = jo();
    stranger["password"] = json!("Another-harbour 19 fern");
    register(&server, &stranger).await.expect(201);
    let strangers_code = server.code_sent_to("jo@example.com").await;
    let token = login(&server, "jo@example.com").await.expect(403)["data"]["tempToken"].clone();
    let crossed = verify(&server, &token, &strangers_code).await;
    assert_eq!(invalid(&crossed), json!({"otpCode": "The code is wrong; tries left: 4"}));
    server.advance(TimeDelta::seconds(1));
    send(&server, "POST /auth/resend-otp", "", &json!({"tempToken": token})).await.expect(200);
    verify(&server, &token, &server.code_sent_to("jo@example.com").await).await.expect(200);
    login(&server, "jo@example.com").await.expect(200);
}

#[tokio::test]
async fn codes_are_sent_again_five_times_and_any_token_goes_on_with_the_newest() {
    let server = TestServer::start().await;
    let first = register(&server, &jo()).await.expect(201)["data"]["tempToken"].clone();
    let mut token = first.clone();
    for _ in 0..4 {
        server.advance(TimeDelta::seconds(1));
        let told = send(&server, "POST /auth/resend-otp", "", &json!({"tempToken": token})).await.expect(200);
        assert_ne!(told["data"]["tempToken"], token);
        token = told["data"]["tempToken"].clone();
    }
    let sixth = send(&server, "POST /auth/resend-otp", "", &json!({"tempToken": token})).await;
    says(&sixth, 429, "Too many codes were requested");
    assert_eq!(sixth.header("retry-after"), "596");
    let code = server.code_sent_to("jo@example.com").await;
    verify(&server, &first, &code).await.expect(200);
    let unknown = send(&server, "POST /auth/resend-otp", "", &json!({"tempToken": "x"})).await;
    says(&unknown, 401, "Invalid or expired temporary token");
}

#[tokio::test]
async fn a_taken_identifier_answers_alike() {
    let server = TestServer::start().await;
    let mut free = register(&server, &jo()).await.expect(201);
    server.sign_up("je@example.com", "Je").await;
    let mut body = jo();
    body["email"] = json!("je@example.com");
    let mut taken = register(&server, &body).await.expect(201);
    for told in [&mut free, &mut taken] {
        told["data"]["tempToken"] = json!("…");
    }
    taken["data"]["email"] = json!("j***@example.com");
    assert_eq!(taken, free);
    for identifier in ["jo@example.com", "je@example.com"] {
        let body = json!({"identifier": identifier, "password": "Another-harbour 19 fern"});
        says(&send(&server, "POST /auth/login", "", &body).await, 401, "Invalid credentials");
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_by_field() {
    let server = TestServer::start().await;
    server.sign_up("eve@example.com", "Eve").await;
    for (name, value, words) in [
        ("email", json!("jo"), "Email is not valid"),
        ("firstName", json!(""), "First name must be between 1 and 30 characters"),
        ("firstName", json!("x".repeat(31)), "First name must be between 1 and 30 characters"),
        ("lastName", json!("x".repeat(31)), "Last name must be between 1 and 30 characters"),
        ("middleName", json!("\u{202e}x"), "Middle name contains characters that are not allowed"),
        ("phoneNumber", json!("12"), "Phone number is not a valid phone number"),
        ("userName", json!("admin"), "Username is reserved"),
        ("verificationChannel", json!("PIGEON"), "verificationChannel is not valid"),
        ("verificationChannel", json!("TOTP"), "verificationChannel is not valid"),
        ("roles", json!(["ROLE_ADMIN"]), "roles cannot be changed"),
        ("isEmailVerified", json!(true), "isEmailVerified cannot be changed"),
        ("id", json!("0190163d-8694-739b-aea5-966c26f8ad90"), "id cannot be changed"),
        ("followersCount", json!(7), "followersCount cannot be changed"),
    ] {
        let mut body = jo();
        body[name] = value.clone();
        assert_eq!(invalid(&register(&server, &body).await), json!({ name: words }), "{value}");
    }
    let mut body = jo();
    body["password"] = json!("password");
    assert!(invalid(&register(&server, &body).await)["password"].is_string());
    for (name, value) in [("email", json!(null)), ("email", json!(" "))] {
        let mut body = jo();
        body[name] = value;
        says(&register(&server, &body).await, 400, "missing field `email`");
    }
    let mut body = jo();
    body["userName"] = json!("Eve-and_Jo");
    body["roles"] = json!(["ROLE_USER"]);
    body["isVerified"] = json!(false);
    body["more"] = json!({"is": "ignored"});
    register(&server, &body).await.expect(201);
    let code = server.code_sent_to("jo@example.com").await;
    let pending = login(&server, "jo@example.com").await.expect(403);
    let told = verify(&server, &pending["data"]["tempToken"], &code).await.expect(200);
    assert_eq!(told["data"]["user"]["userName"], "Eve-and_Jo");
    let mut body = jo();
    body["email"] = json!("ann@example.com");
    body["userName"] = json!("eve-AND_jo");
    says(&register(&server, &body).await, 409, "Username is already taken");
}

#[tokio::test]
async fn where_either_identifier_would_do_the_channel_is_chosen() {
    let server = TestServer::start_with(|settings| settings.login_identifier = LoginIdentifier::EmailOrMobile).await;
    let mut body = jo();
    body["phoneNumber"] = json!("(201) 555-0123");
    body["verificationChannel"] = json!("SMS");
    let told = register(&server, &body).await.expect(201);
    assert_eq!((&told["data"]["phoneNumber"], told["data"].get("email")), (&json!("+1*****0123"), None));
    assert_eq!(told["data"]["message"], "Verification SMS sent successfully");
    let code = server.code_sent_to("+12015550123").await;
    let told = verify(&server, &told["data"]["tempToken"], &code).await.expect(200);
    let user = &told["data"]["user"];
    assert_eq!(
        (&user["isPhoneVerified"], &user["isEmailVerified"], &user["isVerified"]),
        (&json!(true), &json!(false), &json!(true))
    );
    let body = json!({"phoneNumber": "+1 201 555 0123", "password": PASSWORD});
    send(&server, "POST /auth/login", "", &body).await.expect(200);
    says(&register(&server, &json!({"password": PASSWORD, "firstName": "Jo"})).await, 400, "missing field `email`");
}
