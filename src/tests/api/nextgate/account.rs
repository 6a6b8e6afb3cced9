//! The account: password, username, links, security, sessions, activity.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{invalid, login, says, send};
use crate::harness::{PASSWORD, TestServer, origin};

const NEW: &str = "Another-harbour 19 fern";

#[tokio::test]
async fn a_password_change_is_checked_in_the_sources_order() {
    for (n, route) in ["PUT /profile/change-password", "POST /account/password/change"].into_iter().enumerate() {
        let server = TestServer::start().await;
        let jo = server.sign_up("jo@example.com", "Jo").await;
        let change = async |current: &str, new: &str, confirm: &str| {
            let body = json!({"currentPassword": current, "newPassword": new, "confirmPassword": confirm});
            send(&server, route, &jo.access, &body).await
        };
        says(&change("wrong", "weak", "other").await, 400, "Confirmation password does not match");
        says(&change("wrong", NEW, NEW).await, 401, "Incorrect password");
        assert!(invalid(&change(PASSWORD, "password", "password").await)["newPassword"].is_string());
        let same = invalid(&change(PASSWORD, PASSWORD, PASSWORD).await);
        assert_eq!(same, json!({"newPassword": "New password must differ from the present one"}), "{n}");
        let told = change(PASSWORD, NEW, NEW).await.expect(200);
        assert_eq!((&told["message"], &told["data"]), (&json!("Password changed successfully"), &Value::Null));
        says(&change(NEW, PASSWORD, PASSWORD).await, 401, "Token is not valid");
        send(&server, "POST /auth/refresh", "", &json!({"refreshToken": jo.refresh})).await.expect(401);
    }
}

#[tokio::test]
async fn a_username_is_changed_by_its_own_route() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let change =
        async |name: &str| send(&server, "POST /account/username/change", &jo.access, &json!({"userName": name})).await;
    assert_eq!(invalid(&change("admin").await), json!({"userName": "Username is reserved"}));
    let own = jo.account.username.to_string();
    assert_eq!(change(&own).await.expect(200)["message"], "This is your username already");
    let told = change("johnsmith").await.expect(200);
    assert_eq!(told["data"]["userName"], "johnsmith");
    assert!(told["message"].as_str().is_some_and(|message| message.starts_with("Username changed successfully!")));
    send(&server, "GET /profile/me", &jo.access, &Value::Null).await.expect(401);
    let eve = server.sign_up("eve@example.com", "Eve").await;
    let held = json!({ "username": own });
    says(&send(&server, "POST /account/username/change", &eve.access, &held).await, 409, "Username is already taken");
}

#[tokio::test]
async fn an_email_is_linked_cancelled_and_taken_back() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    server.sign_up("eve@example.com", "Eve").await;
    let link = async |email: &str| {
        send(&server, "POST /account/link/email/initiate", &jo.access, &json!({"email": email})).await
    };
    says(&link("jo@example.com").await, 400, "Email is already verified");
    says(&link("eve@example.com").await, 409, "Email is already taken");
    assert_eq!(invalid(&link("jo").await), json!({"email": "Email is not valid"}));

    let reply = link("new@example.com").await;
    let told = reply.expect(200);
    assert_eq!(
        (&told["message"], &told["data"]["email"]),
        (&json!("Email verification OTP sent successfully"), &json!("ne***@example.com"))
    );
    assert_eq!(reply.header("etag"), "\"2\"");
    server.advance(TimeDelta::seconds(1));
    let again = link("new@example.com").await.expect(200);
    assert_eq!(again["data"]["email"], "ne***@example.com", "another code");
    let cancelled = link("jo@example.com").await.expect(200);
    assert_eq!((&cancelled["message"], &cancelled["data"]), (&json!("The pending change was cancelled"), &Value::Null));
    server.advance(TimeDelta::seconds(1));
    let told = link("new@example.com").await.expect(200);
    let code = server.code_sent_to("new@example.com").await;
    let body = json!({"tempToken": told["data"]["tempToken"], "otpCode": code});
    let me = send(&server, "POST /account/link/email/verify", &jo.access, &body).await.expect(200);
    assert_eq!((&me["data"]["email"], &me["data"]["isEmailVerified"]), (&json!("new@example.com"), &json!(true)));

    server.accounts.undo(&server.undo_link_to("jo@example.com").await, &origin()).await.expect("an undo");
    send(&server, "GET /profile/me", &jo.access, &Value::Null).await.expect(401);
    assert_eq!(login(&server, "jo@example.com").await.expect(200)["data"]["user"]["email"], "jo@example.com");
}

#[tokio::test]
async fn a_phone_is_linked_like_an_email() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let body = json!({"phoneNumber": "(201) 555-0123"});
    let told = send(&server, "POST /account/link/phone/initiate", &jo.access, &body).await.expect(200);
    assert_eq!((&told["data"]["phoneNumber"], told["data"].get("email")), (&json!("+1*****0123"), None));
    server.advance(TimeDelta::seconds(1));
    let told = send(&server, "POST /profile/request-phone-verification", &jo.access, &Value::Null).await.expect(200);
    assert_eq!(told["message"], "Phone verification OTP sent successfully");
    let code = server.code_sent_to("+12015550123").await;
    let body = json!({"tempToken": told["data"]["tempToken"], "otpCode": code});
    let me = send(&server, "POST /account/link/phone/verify", &jo.access, &body).await.expect(200);
    assert_eq!((&me["data"]["isPhoneVerified"], &me["data"]["securityStrength"]["score"]), (&json!(true), &json!(65)));
    let again = send(&server, "POST /profile/request-phone-verification", &jo.access, &Value::Null).await;
    says(&again, 400, "Phone number is already verified");
}

#[tokio::test]
async fn security_is_told_at_both_addresses() {
    let server = TestServer::start().await;
    let jo = server.sign_up_admin("jo@example.com").await;
    let told = send(&server, "GET /profile/security-info", &jo.access, &Value::Null).await.expect(200);
    assert_eq!(send(&server, "GET /account/security-info", &jo.access, &Value::Null).await.expect(200), told);
    insta::assert_json_snapshot!("security_info", told);
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    server.advance(TimeDelta::seconds(1));
    let second = server.sign_in("jo@example.com").await;
    let third = server.sign_in("jo@example.com").await;
    let eve = server.sign_up("eve@example.com", "Eve").await;
    let list = async || send(&server, "GET /account/sessions", &jo.access, &Value::Null).await.expect(200);
    let told = list().await;
    let rows = told["data"].as_array().expect("a list").clone();
    assert_eq!((rows.len(), &rows[2]["isCurrent"], &rows[0]["isCurrent"]), (3, &json!(true), &json!(false)));
    insta::assert_json_snapshot!("session", rows[2], { ".id" => "[uuid]" });
    let id = server.actor(&second).await.session_id;
    let route = format!("DELETE /account/sessions/{id}");
    says(&send(&server, &route, &eve.access, &Value::Null).await, 404, "Session not found");
    let told = send(&server, &route, &jo.access, &Value::Null).await.expect(200);
    assert_eq!((&told["message"], &told["data"]), (&json!("Session ended successfully"), &Value::Null));
    assert!(!server.is_signed_in(&second).await && server.is_signed_in(&third).await);
    says(&send(&server, &route, &jo.access, &Value::Null).await, 404, "Session not found");
    send(&server, "DELETE /account/sessions", &jo.access, &Value::Null).await.expect(200);
    assert!(!server.is_signed_in(&third).await && server.is_signed_in(&jo).await && server.is_signed_in(&eve).await);
    assert_eq!(list().await["data"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn activity_is_read_by_parts() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    for bio in ["one", "two", "three"] {
        server.advance(TimeDelta::seconds(1));
        send(&server, "PUT /profile/update", &jo.access, &json!({"bio": bio})).await.expect(200);
    }
    let mut kinds = Vec::new();
    let mut cursor = String::new();
    loop {
        let route = format!("GET /account/activity?limit=2{cursor}");
        let told = send(&server, &route, &jo.access, &Value::Null).await.expect(200);
        let items = told["data"]["items"].as_array().expect("a list").clone();
        assert!((1..=2).contains(&items.len()));
        kinds.extend(items.iter().map(|item| item["kind"].as_str().expect("a kind").to_owned()));
        match told["data"]["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(kinds[..3], ["profile-changed"; 3]);
    kinds[3..].sort_unstable();
    assert_eq!(kinds[3..], ["registered", "signed-in"], "of one moment");
    let told = send(&server, "GET /account/activity", &jo.access, &Value::Null).await.expect(200);
    insta::assert_json_snapshot!("event", told["data"]["items"][0], { ".id" => "[uuid]" });
}
