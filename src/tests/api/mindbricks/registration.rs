//! Registration, up to the first sign-in.

use chrono::TimeDelta;
use nameplate::domain::account::LoginIdentifier;
use serde_json::{Value, json};

use crate::harness::{PASSWORD, Reply, TestServer};

async fn register(server: &TestServer, body: &Value) -> Reply {
    server.call("POST /auth-api/v1/registeruser").json(body).send().await
}

fn jo() -> Value {
    json!({"email": "jo@example.com", "password": PASSWORD, "fullname": "Jo Ann Doe"})
}

#[tokio::test]
async fn the_account_exists_once_its_code_is_confirmed() {
    let server = TestServer::start().await;
    let reply = register(&server, &jo()).await;
    let told = reply.expect(201);
    insta::assert_json_snapshot!("registered", told, {
        ".elapsedMs" => "[ms]", ".cacheKey" => "[hex]", ".user.id" => "[uuid]", ".user._owner" => "[uuid]",
        ".user.avatar" => "[url]",
    });
    let id = told["user"]["id"].clone();

    let login = json!({"username": "jo@example.com", "password": PASSWORD});
    let pending = server.call("POST /auth-api/login").json(&login).send().await.expect(403);
    assert_eq!(pending["errCode"], "EmailVerificationNeeded");
    let wrong = json!({"username": "jo@example.com", "password": "wrong"});
    assert_eq!(server.call("POST /auth-api/login").json(&wrong).send().await.expect(403)["errCode"], "WrongPassword");

    let code = server.code_sent_to("jo@example.com").await;
    let complete = json!({"email": "jo@example.com", "secretCode": code});
    let route = "POST /auth-api/verification-services/email-verification/complete";
    let told = server.call(route).json(&complete).send().await.expect(200);
    assert_eq!(told, json!({"status": "OK", "isVerified": true, "email": "jo@example.com", "userId": id}));
    let told = server.call("POST /auth-api/login").json(&login).send().await.expect(200);
    assert_eq!((&told["userId"], &told["emailVerified"]), (&id, &json!(true)));
}

#[tokio::test]
async fn where_the_mobile_is_primary_it_is_what_is_confirmed() {
    let server = TestServer::start_with(|settings| settings.login_identifier = LoginIdentifier::Mobile).await;
    assert_eq!(register(&server, &jo()).await.expect(400)["message"], "errMsg_mobileisRequired");
    let body = json!({"mobile": "(201) 555-0123", "password": PASSWORD, "fullname": "Jo"});
    let told = register(&server, &body).await.expect(201);
    assert_eq!((&told["mobileVerificationNeeded"], &told["user"]["mobile"]), (&json!(true), &json!("+12015550123")));
    let login = json!({"mobile": "+1 201 555 0123", "password": PASSWORD});
    let pending = server.call("POST /auth-api/login").json(&login).send().await.expect(403);
    assert_eq!(pending["errCode"], "MobileVerificationNeeded");
    let code = server.code_sent_to("+12015550123").await;
    let complete = json!({"mobile": "+12015550123", "secretCode": code});
    let route = "POST /auth-api/verification-services/mobile-verification/complete";
    server.call(route).json(&complete).send().await.expect(200);
    let told = server.call("POST /auth-api/login").json(&login).send().await.expect(200);
    assert_eq!((&told["email"], &told["mobileVerified"]), (&json!(null), &json!(true)));
}

#[tokio::test]
async fn a_taken_identifier_answers_alike() {
    let server = TestServer::start().await;
    let free = register(&server, &jo()).await.expect(201);
    server.sign_up("eve@example.com", "Eve").await;
    let taken =
        register(&server, &json!({"email": "eve@example.com", "password": PASSWORD, "fullname": "Jo Ann Doe"})).await;
    let taken = taken.expect(201);
    let shape = |told: &Value| -> Value {
        let mut told = told.clone();
        for changing in ["elapsedMs", "cacheKey"] {
            told[changing] = json!("…");
        }
        for changing in ["id", "_owner", "email", "avatar"] {
            told["user"][changing] = json!("…");
        }
        told
    };
    assert_eq!(shape(&taken), shape(&free));
    let login = json!({"username": "eve@example.com", "password": PASSWORD});
    server.call("POST /auth-api/login").json(&login).send().await.expect(200);
}

#[tokio::test]
async fn what_is_wrong_is_told_by_field() {
    let server = TestServer::start().await;
    for (name, value, message) in [
        ("email", json!(null), "errMsg_emailisRequired"),
        ("email", json!("jo"), "errMsg_emailisNotValid"),
        ("password", json!(null), "errMsg_passwordisRequired"),
        ("password", json!("password"), "errMsg_passwordisNotValid"),
        ("fullname", json!(""), "errMsg_fullnameisRequired"),
        ("fullname", json!("\u{202e}Jo"), "errMsg_fullnameisNotValid"),
        ("mobile", json!("12"), "errMsg_mobileisNotValid"),
        ("avatar", json!("ftp://x"), "errMsg_avatarisNotValid"),
        ("roleId", json!("admin"), "errMsg_roleIdCannotBeChanged"),
        ("emailVerified", json!(true), "errMsg_emailVerifiedCannotBeChanged"),
        ("id", json!("0190163d-8694-739b-aea5-966c26f8ad90"), "errMsg_idCannotBeChanged"),
    ] {
        let mut body = jo();
        body[name] = value.clone();
        let told = register(&server, &body).await.expect(400);
        assert_eq!((&told["message"], &told["errCode"]), (&json!(message), &json!(400)), "{value}");
    }
    let mut body = jo();
    for (name, usual) in
        [("roleId", json!("user")), ("isActive", json!(true)), ("storeId", json!(null)), ("more", json!(1))]
    {
        body[name] = usual;
    }
    register(&server, &body).await.expect(201);
}

#[tokio::test]
async fn a_stranger_who_registers_the_same_address_gets_nothing_of_it() {
    let server = TestServer::start().await;
    let own = register(&server, &jo()).await.expect(201)["user"]["id"].clone();
    let code = server.code_sent_to("jo@example.com").await;
    server.advance(TimeDelta::seconds(1));
    let mut body = jo();
    body["password"] = json!("Another-harbour 19 fern");
    let stranger = register(&server, &body).await.expect(201)["user"]["id"].clone();
    let strangers_code = server.code_sent_to("jo@example.com").await;

    let complete = async |user: &Value, code: &str| {
        let route = "POST /auth-api/verification-services/email-verification/complete";
        let mut body = json!({"email": "jo@example.com", "secretCode": code});
        if !user.is_null() {
            body["userId"] = user.clone();
        }
        server.call(route).json(&body).send().await
    };
    for (user, code) in [(&json!(null), &strangers_code), (&own, &strangers_code), (&stranger, &code)] {
        assert_eq!(complete(user, code).await.expect(403)["errCode"], "CodeMismatch");
    }
    assert_eq!(complete(&json!("x"), &code).await.expect(400)["message"], "errMsg_userIdisNotAValidID");
    let told = complete(&own, &code).await.expect(200);
    assert_eq!(told["userId"], own);
    for (password, status) in [(PASSWORD, 200), ("Another-harbour 19 fern", 403)] {
        let login = json!({"username": "jo@example.com", "password": password});
        server.call("POST /auth-api/login").json(&login).send().await.expect(status);
    }
}
