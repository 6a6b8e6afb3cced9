//! Archiving, and what brings an account back.

use serde_json::json;

use crate::harness::{PASSWORD, TestServer};

#[tokio::test]
async fn archiving_ends_the_session_and_signing_in_restores() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let route = format!("DELETE /auth-api/v1/archiveprofile/{}", jo.account.id);
    let told = server.call(&route).bearer(&jo.access).send().await.expect(200);
    assert_eq!((&told["method"], &told["action"], &told["rowCount"]), (&json!("DELETE"), &json!("delete"), &json!(1)));
    assert_eq!(
        (&told["user"]["isActive"], &told["user"]["archivedAt"]),
        (&json!(false), &json!("2026-01-02T03:04:05.678Z"))
    );
    server.call("GET /auth-api/currentuser").bearer(&jo.access).send().await.expect(401);
    server.call(&format!("GET /auth-api/v1/briefuser/{}", jo.account.id)).send().await.expect(404);

    let login = json!({"username": "jo@example.com", "password": PASSWORD});
    let told = server.call("POST /auth-api/login").json(&login).send().await.expect(200);
    let access = told["accessToken"].as_str().expect("a token");
    let user =
        server.call(&format!("GET /auth-api/v1/users/{}", jo.account.id)).bearer(access).send().await.expect(200);
    assert_eq!((&user["user"]["isActive"], &user["user"]["archivedAt"]), (&json!(true), &json!(null)));
}

#[tokio::test]
async fn the_phrase_is_checked_if_it_is_sent() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let archive = "DELETE /auth-api/v1/archiveprofile";
    for confirmation in [json!("archive my account"), json!(""), json!("yes")] {
        let body = json!({"confirmation": confirmation});
        let told = server.call(archive).bearer(&jo.access).json(&body).send().await.expect(400);
        assert!(told["message"].as_str().is_some_and(|m| m.starts_with("errMsg_confirmationis")), "{told}");
    }
    server.call(archive).bearer(&jo.access).header("if-match", "\"9\"").send().await.expect(412);
    let body = json!({"confirmation": "ARCHİVE MY ACCOUNT", "recordVersion": 1});
    server.call(archive).bearer(&jo.access).json(&body).send().await.expect(200);
}
