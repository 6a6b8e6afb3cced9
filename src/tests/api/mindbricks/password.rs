//! The caller's password.

use serde_json::json;

use crate::harness::{PASSWORD, TestServer};

const NEW: &str = "Walnut-lantern 19 fog";

#[tokio::test]
async fn a_change_ends_every_session() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let other = server.sign_in("jo@example.com").await;
    let route = format!("PATCH /auth-api/v1/userpassword/{}", jo.account.id);
    let body = json!({"oldPassword": PASSWORD, "newPassword": NEW});
    let told = server.call(&route).bearer(&jo.access).json(&body).send().await.expect(200);
    assert_eq!((&told["action"], &told["user"]["recordVersion"]), (&json!("update"), &json!(2)));
    assert_eq!(told["user"].get("password"), None);
    for access in [&jo.access, &other.access] {
        server.call("GET /auth-api/currentuser").bearer(access).send().await.expect(401);
    }
    server.call("POST /auth-api/refresh").json(&json!({"refreshToken": jo.refresh})).send().await.expect(401);
    let login = json!({"username": "jo@example.com", "password": NEW});
    server.call("POST /auth-api/login").json(&login).send().await.expect(200);
}

#[tokio::test]
async fn what_is_wrong_is_told() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    for (status, body, message) in [
        (400, json!({"newPassword": NEW}), "errMsg_oldPasswordisRequired"),
        (400, json!({"oldPassword": PASSWORD}), "errMsg_newPasswordisRequired"),
        (400, json!({"oldPassword": PASSWORD, "newPassword": 12345678}), "errMsg_newPasswordisNotValid"),
        (400, json!({"oldPassword": PASSWORD, "newPassword": "password"}), "errMsg_newPasswordisNotValid"),
        (400, json!({"oldPassword": PASSWORD, "newPassword": PASSWORD}), "errMsg_newPasswordisNotValid"),
        (403, json!({"oldPassword": "wrong", "newPassword": NEW}), "TheOldPasswordDoesNotMatch"),
        (409, json!({"oldPassword": PASSWORD, "newPassword": NEW, "recordVersion": 9}), "errMsg_RecordVersionConflict"),
    ] {
        let told =
            server.call("PATCH /auth-api/v1/userpassword").bearer(&jo.access).json(&body).send().await.expect(status);
        assert_eq!((&told["message"], &told["errCode"]), (&json!(message), &json!(status)), "{body}");
    }
    let body = json!({"oldPassword": PASSWORD, "newPassword": NEW});
    let stale =
        server.call("PATCH /auth-api/v1/userpassword").bearer(&jo.access).header("if-match", "\"9\"").json(&body);
    stale.send().await.expect(412);
}
