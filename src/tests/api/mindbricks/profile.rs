//! The caller's profile.

use nameplate::domain::account::LoginIdentifier;
use serde_json::{Value, json};

use crate::harness::{Person, Reply, TestServer};

async fn update(server: &TestServer, person: &Person, body: Value) -> Reply {
    server.call("PATCH /auth-api/v1/profile").bearer(&person.access).json(&body).send().await
}

#[tokio::test]
async fn only_what_is_sent_changes() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo Ann Doe").await;
    let route = format!("PATCH /auth-api/v1/profile/{}", jo.account.id);
    let picture = "https://pictures.example.com/jo.PNG?v=1";
    let reply = server.call(&route).bearer(&jo.access).json(&json!({"avatar": picture, "unknown": 7})).send().await;
    let told = reply.expect(200);
    assert_eq!((&told["user"]["avatar"], &told["user"]["fullname"]), (&json!(picture), &json!("Jo Ann Doe")));
    assert_eq!((&told["user"]["recordVersion"], reply.header("etag")), (&json!(2), "\"2\""));
    assert_eq!((&told["method"], &told["action"]), (&json!("PATCH"), &json!("update")));
    let told = update(&server, &jo, json!({"fullname": "  Jo   Doe ", "mobile": "(201) 555-0123"})).await.expect(200);
    assert_eq!((&told["user"]["avatar"], &told["user"]["fullname"]), (&json!(picture), &json!("Jo Doe")));
    assert_eq!((&told["user"]["mobile"], &told["user"]["mobileVerified"]), (&json!("+12015550123"), &json!(false)));
    for nothing in [json!(null), json!("")] {
        update(&server, &jo, json!({"avatar": picture, "mobile": "+12015550123"})).await.expect(200);
        let told = update(&server, &jo, json!({"avatar": nothing, "mobile": nothing})).await.expect(200);
        assert!(told["user"]["avatar"].as_str().is_some_and(|avatar| avatar.ends_with(".svg")), "{told}");
        assert_eq!(told["user"]["mobile"], json!(null));
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_by_field() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    for (body, message) in [
        (json!({}), "errMsg_UpdateDataClauseCanNotBeEmpty"),
        (json!({"unknown": 1, "recordVersion": 1}), "errMsg_UpdateDataClauseCanNotBeEmpty"),
        (json!({"fullname": 7}), "errMsg_fullnameisNotValid"),
        (json!({"fullname": null}), "errMsg_fullnameisRequired"),
        (json!({"fullname": "x".repeat(31)}), "errMsg_fullnameisNotValid"),
        (json!({"avatar": {}}), "errMsg_avatarisNotValid"),
        (json!({"avatar": "http://pictures.example.com/a.png"}), "errMsg_avatarisNotValid"),
        (json!({"avatar": "javascript:alert(1)"}), "errMsg_avatarisNotValid"),
        (json!({"mobile": "12"}), "errMsg_mobileisNotValid"),
        (json!({"mobile": 12}), "errMsg_mobileisNotValid"),
        (json!({"fullname": "Jo", "recordVersion": "1"}), "errMsg_recordVersionisNotValid"),
        (json!({"fullname": "Jo", "recordVersion": 1.5}), "errMsg_recordVersionisNotValid"),
    ] {
        let told = update(&server, &jo, body.clone()).await.expect(400);
        assert_eq!((&told["message"], &told["errCode"]), (&json!(message), &json!(400)), "{body}");
    }
    let two = update(&server, &jo, json!({"fullname": "", "mobile": "12"})).await.expect(400);
    let detail = two["detail"].as_str().expect("words");
    assert!(detail.contains("fullname") && detail.contains("mobile"), "{detail}");
    update(&server, &jo, json!({"fullname": "Joan", "mobile": "12"})).await.expect(400);
    let route = format!("GET /auth-api/v1/users/{}", jo.account.id);
    assert_eq!(
        server.call(&route).bearer(&jo.access).send().await.expect(200)["user"]["fullname"],
        "Jo",
        "refused as a whole"
    );
}

#[tokio::test]
async fn what_must_not_be_set_is_refused_unless_it_is_so_already() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let route = format!("GET /auth-api/v1/users/{}", jo.account.id);
    let mut user = server.call(&route).bearer(&jo.access).send().await.expect(200)["user"].clone();
    for (name, other) in [
        ("id", json!("00000000-0000-0000-0000-000000000000")),
        ("email", json!("eve@example.com")),
        ("roleId", json!("admin")),
        ("password", json!("Another-1-Password")),
        ("emailVerified", json!(false)),
        ("mobileVerified", json!(true)),
        ("isActive", json!("true")),
        ("storeId", json!("x")),
        ("_owner", json!(null)),
        ("createdAt", json!("2020-01-01T00:00:00.000Z")),
        ("updatedAt", json!(0)),
        ("archivedAt", json!("2026-01-01T00:00:00.000Z")),
        ("userId", json!("x")),
    ] {
        let told = update(&server, &jo, json!({"fullname": "Joan", name: other})).await.expect(400);
        assert_eq!(told["message"], format!("errMsg_{name}CannotBeChanged"));
    }
    user["userId"] = user["id"].clone();
    user["fullname"] = json!("Joan");
    let told = update(&server, &jo, user).await.expect(200);
    assert_eq!(told["user"]["fullname"], "Joan", "a whole user with one change is one change");
}

#[tokio::test]
async fn a_mobile_that_is_primary_stays() {
    let server = TestServer::start_with(|settings| settings.login_identifier = LoginIdentifier::EmailOrMobile).await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let told = update(&server, &jo, json!({"fullname": "Joan", "mobile": "+12015550123"})).await.expect(400);
    assert_eq!(told["message"], "errMsg_mobileCannotBeChanged");
}

#[tokio::test]
async fn a_stale_change_is_told() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let name = |version: Value| json!({"fullname": "Joan", "recordVersion": version});
    let told = update(&server, &jo, name(json!(7))).await.expect(409);
    assert_eq!((&told["message"], &told["errCode"]), (&json!("errMsg_RecordVersionConflict"), &json!(409)));
    // JSON has one kind of number.
    for version in [json!(7.0), json!(1e300)] {
        update(&server, &jo, name(version)).await.expect(409);
    }
    for tag in ["\"7\"", "W/\"1\"", "1", "\"x\""] {
        let call = server.call("PATCH /auth-api/v1/profile").bearer(&jo.access).header("if-match", tag);
        let told = call.json(&name(json!(null))).send().await.expect(412);
        assert_eq!(told["message"], "errMsg_PreconditionFailed", "{tag}");
    }
    let mixed = |tag: &str| server.call("PATCH /auth-api/v1/profile").bearer(&jo.access).header("if-match", tag);
    mixed("\"1\"").json(&name(json!(7))).send().await.expect(409);
    mixed("\"7\"").json(&name(json!(1))).send().await.expect(412);
    mixed("\"1\"").json(&name(json!(1))).send().await.expect(200);
    mixed("*").json(&name(json!(null))).send().await.expect(200);
}

#[tokio::test]
async fn a_profile_is_changed_by_its_owner_alone() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let ada = server.sign_up_admin("ada@example.com").await;
    for route in ["PATCH /auth-api/v1/profile", "PATCH /auth-api/v1/userpassword", "DELETE /auth-api/v1/archiveprofile"]
    {
        let named = format!("{route}/{}", jo.account.id);
        let told = server.call(&named).bearer(&ada.access).json(&json!({"fullname": "Eve"})).send().await.expect(403);
        assert_eq!(told["message"], "errMsg_UserShouldBeTheOwnerOfTheObject", "{route}");
        assert_eq!(server.call(&named).json(&json!({})).send().await.expect(401)["errCode"], "LoginRequired");
        server.call(route).json(&json!({})).send().await.expect(401);
    }
}
