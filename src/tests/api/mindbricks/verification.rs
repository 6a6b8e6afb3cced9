//! The verification services.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{PASSWORD, Reply, TestServer};

const NEW: &str = "Walnut-lantern 19 fog";

async fn service(server: &TestServer, name: &str, body: &Value) -> Reply {
    server.call(&format!("POST /auth-api/verification-services/{name}")).json(body).send().await
}

#[tokio::test]
async fn start_answers_a_stranger_alike() {
    let server = TestServer::start().await;
    server.sign_up("jo@example.com", "Jo").await;
    server.advance(TimeDelta::minutes(1));
    for name in ["email-verification", "password-reset-by-email"] {
        let known = service(&server, &format!("{name}/start"), &json!({"email": "jo@example.com"})).await.expect(200);
        let unknown = service(&server, &format!("{name}/start"), &json!({"email": "no@example.com"})).await.expect(200);
        assert_eq!(known, unknown, "{name}");
        let sent_at = server.now();
        let date = "2026-01-02T03:05:05.678Z";
        let receipt = json!({
            "status": "OK", "codeIndex": 1, "timeStamp": sent_at.timestamp_millis(), "expireTime": 600,
            "date": date, "verificationType": "byCode",
        });
        if name == "email-verification" {
            assert_eq!(known, receipt);
        }
        server.advance(TimeDelta::minutes(1));
    }
}

#[tokio::test]
async fn verified_is_told_to_the_signed_in_owner_alone() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    server.advance(TimeDelta::minutes(1));
    let route = "POST /auth-api/verification-services/email-verification/start";
    let body = json!({"email": "JO@example.com"});
    let told = server.call(route).bearer(&jo.access).json(&body).send().await.expect(400);
    assert_eq!(told["errCode"], "EmailAlreadyVerified");
    server.call(route).json(&body).send().await.expect(200);
}

#[tokio::test]
async fn codes_are_spaced_and_counted() {
    let server = TestServer::start().await;
    let body = json!({"email": "jo@example.com"});
    let start = async || service(&server, "password-reset-by-email/start", &body).await;
    for _ in 0..5 {
        start().await.expect(200);
        let reply = start().await;
        assert_eq!(reply.expect(403)["errCode"], "CodeSpamError");
        assert_eq!(reply.header("retry-after"), "60");
        server.advance(TimeDelta::seconds(60));
    }
    let reply = start().await;
    assert_eq!((&reply.expect(429)["errCode"], reply.header("retry-after")), (&json!(429), "300"));
}

#[tokio::test]
async fn a_mobile_is_verified() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let change = json!({"mobile": "+12015550123"});
    server.call("PATCH /auth-api/v1/profile").bearer(&jo.access).json(&change).send().await.expect(200);
    let code = server.code_sent_to("+12015550123").await;
    let body = json!({"mobile": "(201) 555-0123", "secretCode": code});
    let told = service(&server, "mobile-verification/complete", &body).await.expect(200);
    assert_eq!((&told["isVerified"], &told["userId"]), (&json!(true), &json!(jo.account.id)));
    assert_eq!(told["mobile"], "+12015550123", "as it is stored");
    let user =
        server.call(&format!("GET /auth-api/v1/users/{}", jo.account.id)).bearer(&jo.access).send().await.expect(200);
    assert_eq!((&user["user"]["mobile"], &user["user"]["mobileVerified"]), (&json!("+12015550123"), &json!(true)));
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    server.advance(TimeDelta::minutes(1));
    service(&server, "password-reset-by-email/start", &json!({"email": "jo@example.com"})).await.expect(200);
    let code = server.code_sent_to("jo@example.com").await;
    let reset =
        |code: &str, password: &str| json!({"email": "jo@example.com", "secretCode": code, "password": password});
    let complete = async |body: Value| service(&server, "password-reset-by-email/complete", &body).await;

    assert_eq!(complete(reset(&code, "password")).await.expect(400)["message"], "errMsg_passwordisNotValid");
    assert_eq!(
        complete(json!({"email": "jo@example.com"})).await.expect(400)["message"],
        "errMsg_secretCodeisRequired"
    );
    let other = if code == "000000" { "000001" } else { "000000" };
    let told = complete(reset(other, NEW)).await.expect(403);
    assert_eq!(
        (&told["errCode"], told["detail"].as_str().map(|d| d.ends_with('4'))),
        (&json!("CodeMismatch"), Some(true))
    );
    let told = complete(reset(&code, NEW)).await.expect(200);
    assert_eq!((&told["isVerified"], &told["userId"]), (&json!(true), &json!(jo.account.id)));
    assert_eq!(complete(reset(&code, NEW)).await.expect(403)["errCode"], "StepNotFound");
    server.call("GET /auth-api/currentuser").bearer(&jo.access).send().await.expect(401);
    for (password, status) in [(NEW, 200), (PASSWORD, 403)] {
        let login = json!({"username": "jo@example.com", "password": password});
        server.call("POST /auth-api/login").json(&login).send().await.expect(status);
    }
}

#[tokio::test]
async fn a_code_ends() {
    let server = TestServer::start().await;
    let body = json!({"email": "jo@example.com", "secretCode": "123456"});
    let complete = async || service(&server, "email-verification/complete", &body).await.expect(403);
    assert_eq!(complete().await["errCode"], "StepNotFound");
    service(&server, "email-verification/start", &json!({"email": "jo@example.com"})).await.expect(200);
    server.advance(TimeDelta::minutes(10));
    assert_eq!(complete().await["errCode"], "CodeExpired");
}

#[tokio::test]
async fn a_destination_is_of_the_services_kind() {
    let server = TestServer::start().await;
    for (name, body, message) in [
        ("email-verification/start", json!({}), "errMsg_emailisRequired"),
        ("email-verification/start", json!({"email": "+12015550123"}), "errMsg_emailisNotValid"),
        ("password-reset-by-email/start", json!({"email": ["x"]}), "errMsg_emailisNotValid"),
        ("mobile-verification/start", json!({"email": "jo@example.com"}), "errMsg_mobileisRequired"),
        ("password-reset-by-mobile/start", json!({"mobile": "jo@example.com"}), "errMsg_mobileisNotValid"),
    ] {
        assert_eq!(service(&server, name, &body).await.expect(400)["message"], message, "{name}");
    }
    service(&server, "carrier-pigeon/start", &json!({})).await.expect(404);
}
