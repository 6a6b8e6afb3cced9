//! A forgotten password.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{invalid, login, says, send};
use crate::harness::{Reply, TestServer};

const NEW: &str = "Another-harbour 19 fern";

async fn forgot(server: &TestServer, identifier: &str) -> Reply {
    send(server, "POST /auth/forgot-password", "", &json!({"identifier": identifier})).await
}

async fn reset(server: &TestServer, token: &Value, code: &str, new: [&str; 2]) -> Reply {
    let body = json!({"tempToken": token, "otpCode": code, "newPassword": new[0], "confirmPassword": new[1]});
    send(server, "POST /auth/reset-password", "", &body).await
}

#[tokio::test]
async fn a_code_sets_a_new_password() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    server.advance(TimeDelta::seconds(1));
    let known = forgot(&server, "jo@example.com").await.expect(200);
    let unknown = forgot(&server, "no@example.com").await.expect(200);
    assert_eq!(
        (&known["data"]["email"], &unknown["data"]["email"]),
        (&json!("j***@example.com"), &json!("n***@example.com"))
    );
    for name in ["message", "httpStatus", "action_time"] {
        assert_eq!(known[name], unknown[name]);
    }
    assert_eq!(known["data"]["message"], unknown["data"]["message"]);
    assert_eq!(known["data"]["expireAt"], unknown["data"]["expireAt"]);

    let token = &known["data"]["tempToken"];
    let code = server.code_sent_to("jo@example.com").await;
    says(&reset(&server, token, "12345", [NEW, NEW]).await, 400, "otpCode: must be exactly 6 digits");
    says(&reset(&server, token, &code, [NEW, "other"]).await, 400, "Confirmation password does not match");
    assert!(invalid(&reset(&server, token, &code, ["password", "password"]).await)["newPassword"].is_string());
    let other = if code == "000000" { "000001" } else { "000000" };
    for token in [token, &unknown["data"]["tempToken"]] {
        let wrong = reset(&server, token, other, [NEW, NEW]).await;
        assert_eq!(invalid(&wrong), json!({"otpCode": "The code is wrong; tries left: 4"}));
    }
    says(&reset(&server, &json!("x"), &code, [NEW, NEW]).await, 401, "Invalid or expired temporary token");
    let told = reset(&server, token, &code, [NEW, NEW]).await.expect(200);
    assert_eq!((&told["message"], &told["data"]), (&json!("Password reset successfully"), &Value::Null));
    send(&server, "GET /profile/me", &jo.access, &Value::Null).await.expect(401);
    says(&login(&server, "jo@example.com").await, 401, "Invalid credentials");
    let body = json!({"identifier": "jo@example.com", "password": NEW});
    send(&server, "POST /auth/login", "", &body).await.expect(200);
    says(&reset(&server, token, &code, [NEW, NEW]).await, 401, "Invalid or expired temporary token");
}

#[tokio::test]
async fn a_code_that_is_too_old_is_422() {
    let server = TestServer::start().await;
    server.sign_up("jo@example.com", "Jo").await;
    server.advance(TimeDelta::seconds(1));
    let told = forgot(&server, "jo@example.com").await.expect(200);
    let code = server.code_sent_to("jo@example.com").await;
    server.advance(TimeDelta::minutes(10));
    let late = reset(&server, &told["data"]["tempToken"], &code, [NEW, NEW]).await;
    assert_eq!(invalid(&late), json!({"otpCode": "The code has expired"}));
}

#[tokio::test]
async fn what_is_neither_address_nor_number_is_told_as_the_identifier() {
    let server = TestServer::start().await;
    for identifier in ["jo", "jo@", "12"] {
        assert!(invalid(&forgot(&server, identifier).await)["identifier"].is_string(), "{identifier}");
    }
    for _ in 0..5 {
        forgot(&server, "no@example.com").await.expect(200);
        server.advance(TimeDelta::seconds(1));
    }
    let sixth = forgot(&server, "no@example.com").await;
    says(&sixth, 429, "Too many codes were requested");
    assert_eq!(sixth.header("retry-after"), "595");
}
