//! The first version of the profile: its update reaches username, email and phone number.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{invalid, login, says, send};
use crate::harness::{Reply, TestServer};

async fn update(server: &TestServer, token: &str, body: &Value) -> Reply {
    send(server, "PUT /profile/update-basic-info", token, body).await
}

#[tokio::test]
async fn another_username_ends_every_session() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let told = update(&server, &jo.access, &json!({"userName": "johnsmith", "lastName": "Smith"})).await.expect(200);
    assert_eq!(
        told["message"],
        "Username changed successfully! You will be logged out automatically. Please login again with your new username."
    );
    assert_eq!((&told["data"]["userName"], &told["data"]["lastName"]), (&json!("johnsmith"), &json!("Smith")));
    assert_eq!(told["data"].get("verification"), None);
    send(&server, "GET /profile/me", &jo.access, &Value::Null).await.expect(401);
    login(&server, "johnsmith").await.expect(200);
}

#[tokio::test]
async fn a_new_email_is_pending_until_its_code() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let told = update(&server, &jo.access, &json!({"email": "new@example.com", "phoneNumber": "(201) 555-0123"})).await;
    let told = told.expect(200);
    assert_eq!(told["message"], "Profile updated successfully");
    let me = &told["data"];
    assert_eq!((&me["email"], &me["pendingEmail"]), (&json!("new@example.com"), &json!("new@example.com")));
    assert_eq!((&me["isEmailVerified"], &me["isVerified"]), (&json!(false), &json!(true)));
    assert_eq!((&me["phoneNumber"], &me["pendingPhoneNumber"]), (&json!("+12015550123"), &Value::Null));
    assert_eq!(me["securityStrength"]["score"], 15);
    let verification = &me["verification"];
    assert_eq!((&verification["email"], verification.get("phoneNumber")), (&json!("ne***@example.com"), None));
    assert_eq!(verification["expireAt"], "2026-01-02T03:14:05.678Z");
    assert_eq!(me["phoneVerification"]["phoneNumber"], "+1*****0123");

    login(&server, "jo@example.com").await.expect(200);
    let verify = async |route: &str, token: &Value, code: String| {
        send(&server, route, &jo.access, &json!({"tempToken": token, "otpCode": code})).await
    };
    let code = server.code_sent_to("new@example.com").await;
    let crossed = verify("POST /profile/verify-phone", &verification["tempToken"], code.clone()).await;
    says(&crossed, 401, "Invalid or expired temporary token");
    let told = verify("POST /profile/verify-email", &verification["tempToken"], code).await.expect(200);
    assert_eq!(
        (&told["message"], &told["data"]["isEmailVerified"]),
        (&json!("Email verified successfully"), &json!(true))
    );
    assert_eq!((&told["data"]["email"], &told["data"]["pendingEmail"]), (&json!("new@example.com"), &Value::Null));
    let code = server.code_sent_to("+12015550123").await;
    let token = &me["phoneVerification"]["tempToken"];
    let told = verify("POST /profile/verify-phone", token, code).await.expect(200);
    assert_eq!(
        (&told["message"], &told["data"]["isPhoneVerified"]),
        (&json!("Phone number verified successfully"), &json!(true))
    );
    says(&login(&server, "jo@example.com").await, 401, "Invalid credentials");
}

#[tokio::test]
async fn taken_values_are_409_and_bad_ones_422() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let eve = server.sign_up("eve@example.com", "Eve").await;
    let taken = json!({"userName": eve.account.username.to_string().to_uppercase(), "bio": "ignored"});
    says(&update(&server, &jo.access, &taken).await, 409, "Username is already taken");
    says(&update(&server, &jo.access, &json!({"email": "EVE@example.com"})).await, 409, "Email is already taken");
    for (body, told) in [
        (json!({"userName": "admin"}), json!({"userName": "Username is reserved"})),
        (json!({"userName": "a"}), json!({"userName": "Username must be at least 3 characters long"})),
        (json!({"userName": null}), json!({"userName": "Username is required"})),
        (json!({"email": "jo"}), json!({"email": "Email is not valid"})),
        (json!({"email": null}), json!({"email": "Email is required"})),
        (json!({"phoneNumber": "123"}), json!({"phoneNumber": "Phone number is not a valid phone number"})),
    ] {
        assert_eq!(invalid(&update(&server, &jo.access, &body).await), told);
    }
    for _ in 1..10 {
        update(&server, &jo.access, &json!({"email": "eve@example.com"})).await.expect(409);
    }
    let many = update(&server, &jo.access, &json!({"email": "eve@example.com"})).await;
    says(&many, 429, "Too many attempts");
    assert_eq!(many.header("retry-after"), "3600");
}

#[tokio::test]
async fn a_username_is_validated_with_suggestions() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    server.sign_up("eve@example.com", "Eve").await;
    let eve = server.sign_in("eve@example.com").await;
    update(&server, &eve.access, &json!({"userName": "johnsmith"})).await.expect(200);
    let validate = async |name: &str| {
        let one = send(&server, &format!("GET /profile/validate-username/{name}"), &jo.access, &Value::Null).await;
        let other = send(&server, &format!("GET /account/username/check?u={name}"), &jo.access, &Value::Null).await;
        let told = one.expect(200);
        assert_eq!(other.expect(200), told);
        assert_eq!(told["message"], "Username validation completed");
        told["data"].clone()
    };
    let taken = validate("JohnSmith").await;
    assert_eq!((&taken["available"], &taken["valid"]), (&json!(false), &json!(true)));
    assert_eq!(taken["message"], "This username is already taken");
    assert_eq!(
        taken["details"],
        json!({
            "correctLength": true, "validFormat": true, "notReserved": true, "notTaken": false,
            "formatRequirement": "Username must start with a letter and be 3-30 characters long",
        })
    );
    let suggestions = taken["suggestions"].as_array().expect("a list").clone();
    assert_eq!(suggestions.len(), 5);
    for name in suggestions {
        assert_eq!(validate(name.as_str().expect("a name")).await["available"], true);
    }
    let free = validate("free-name").await;
    assert_eq!(
        (&free["available"], &free["message"], &free["suggestions"]),
        (&json!(true), &json!("This username is available"), &json!([]))
    );
    for (name, detail) in [
        ("a", "correctLength"),
        ("1abc", "validFormat"),
        ("a%20b", "validFormat"),
        ("%F0%9F%A6%80%F0%9F%A6%80%F0%9F%A6%80", "validFormat"),
    ] {
        let told = validate(name).await;
        assert_eq!(
            (&told["available"], &told["valid"], &told["details"][detail]),
            (&json!(false), &json!(false), &json!(false)),
            "{name}"
        );
    }
    let empty = send(&server, "GET /account/username/check?u=", &jo.access, &Value::Null).await.expect(200);
    assert_eq!(empty["data"]["valid"], false);
    let reserved = validate("admin").await;
    assert_eq!((&reserved["available"], &reserved["details"]["notReserved"]), (&json!(false), &json!(false)));
    assert_eq!(validate(jo.account.username.as_str()).await["available"], true, "one's own");
}

#[tokio::test]
async fn an_unverified_email_is_verified_by_its_code() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let request = async |path: &str| send(&server, &format!("POST {path}"), &jo.access, &Value::Null).await;
    says(&request("/profile/request-email-verification").await, 400, "Email is already verified");
    assert_eq!(
        invalid(&request("/profile/request-phone-verification").await),
        json!({"phoneNumber": "Phone number is required"})
    );
    server.unverify(jo.account.id).await;
    server.advance(TimeDelta::seconds(1));
    let told = request("/profile/request-email-verification").await.expect(200);
    insta::assert_json_snapshot!("otp", told, { ".data.tempToken" => "[opaque]" });
    let code = server.code_sent_to("jo@example.com").await;
    let verify = async |token: &Value, code: &str| {
        send(&server, "POST /account/email/verify", &jo.access, &json!({"tempToken": token, "otpCode": code})).await
    };
    let token = &told["data"]["tempToken"];
    let other = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(invalid(&verify(token, other).await), json!({"otpCode": "The code is wrong; tries left: 4"}));
    let eve = server.sign_up("eve@example.com", "Eve").await;
    let body = json!({"tempToken": token, "otpCode": code});
    let foreign = send(&server, "POST /profile/verify-email", &eve.access, &body).await;
    says(&foreign, 401, "Invalid or expired temporary token");
    assert_eq!(verify(token, &code).await.expect(200)["data"]["isEmailVerified"], true);
    says(&verify(token, &code).await, 401, "Invalid or expired temporary token");

    server.unverify(jo.account.id).await;
    server.advance(TimeDelta::minutes(10));
    let jo = server.sign_in("jo@example.com").await;
    let mut last = Value::Null;
    for _ in 0..5 {
        server.advance(TimeDelta::seconds(1));
        last = send(&server, "POST /account/email/request-verification", &jo.access, &Value::Null).await.expect(200);
    }
    let sixth = send(&server, "POST /account/email/request-verification", &jo.access, &Value::Null).await;
    says(&sixth, 429, "Too many codes were requested");
    assert_eq!(sixth.header("retry-after"), "596");
    let code = server.code_sent_to("jo@example.com").await;
    server.advance(TimeDelta::minutes(10));
    let jo = server.sign_in("jo@example.com").await;
    let late = json!({"tempToken": last["data"]["tempToken"], "otpCode": code});
    let late = send(&server, "POST /profile/verify-email", &jo.access, &late).await;
    assert_eq!(invalid(&late), json!({"otpCode": "The code has expired"}));
}
