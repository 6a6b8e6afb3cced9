//! The second version of the profile.

use serde_json::{Value, json};

use super::{invalid, says, send};
use crate::harness::{Person, Reply, TestServer};

async fn with_jo() -> (TestServer, Person) {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo Ann Doe").await;
    (server, jo)
}

async fn update(server: &TestServer, token: &str, body: &Value) -> Reply {
    send(server, "PUT /profile/update", token, body).await
}

#[tokio::test]
async fn the_fields_that_are_sent_are_changed_and_cleared() {
    let (server, jo) = with_jo().await;
    let body = json!({
        "firstName": " Johanna ", "lastName": "Smith", "middleName": "K", "bio": "One\r\ntwo", "location": "Nairobi",
        "profilePictureUrls": ["https://cdn.example.com/a.jpg", "https://cdn.example.com/b.PNG?v=1"], "isPrivate": true,
    });
    let told = update(&server, &jo.access, &body).await.expect(200);
    assert_eq!(told["message"], "Profile updated successfully");
    let me = &told["data"];
    assert_eq!(
        (&me["firstName"], &me["lastName"], &me["bio"]),
        (&json!("Johanna"), &json!("Smith"), &json!("One\ntwo"))
    );
    assert_eq!((&me["profilePictureUrls"], &me["isPrivate"]), (&body["profilePictureUrls"], &json!(true)));
    assert_eq!((&me["recordVersion"], &me["editedAt"]), (&json!(2), &json!("2026-01-02T03:04:05.678Z")));

    let told = update(&server, &jo.access, &json!({"location": "Mombasa", "unknown": 7})).await.expect(200);
    assert_eq!((&told["data"]["location"], &told["data"]["bio"]), (&json!("Mombasa"), &me["bio"]));
    let clear = json!({"lastName": null, "middleName": "", "bio": null, "location": "", "profilePictureUrls": null});
    let told = update(&server, &jo.access, &clear).await.expect(200);
    for name in ["lastName", "middleName", "bio", "location"] {
        assert_eq!(told["data"][name], Value::Null, "{name}");
    }
    assert_eq!(told["data"]["profilePictureUrls"], json!([]));
    for body in [json!({}), json!(null), json!({"isPrivate": null})] {
        let told = update(&server, &jo.access, &body).await.expect(200);
        assert_eq!(told["data"]["recordVersion"], 4, "nothing changed");
    }
}

#[tokio::test]
async fn broken_rules_are_told_by_field_and_nothing_is_changed() {
    let (server, jo) = with_jo().await;
    let six: Vec<_> = (0..6).map(|number| format!("https://cdn.example.com/{number}.jpg")).collect();
    let told =
        update(&server, &jo.access, &json!({"firstName": "x".repeat(31), "profilePictureUrls": six, "bio": "b"})).await;
    assert_eq!(told.expect(422)["message"], "Validation failed");
    assert_eq!(
        invalid(&told),
        json!({
            "firstName": "First name must be between 1 and 30 characters",
            "profilePictureUrls": "Maximum 5 profile pictures allowed",
        })
    );
    for (body, field) in [
        (json!({"firstName": null}), "firstName"),
        (json!({"firstName": "  "}), "firstName"),
        (json!({"bio": "x".repeat(501)}), "bio"),
        (json!({"bio": "a\u{0}b"}), "bio"),
        (json!({"location": "x".repeat(101)}), "location"),
        (json!({"profilePictureUrls": ["http://cdn.example.com/a.jpg"]}), "profilePictureUrls"),
        (json!({"profilePictureUrls": ["https://cdn.example.com/a.svg"]}), "profilePictureUrls"),
        (json!({"profilePictureUrls": ["https://10.0.0.1/a.jpg"]}), "profilePictureUrls"),
        (
            json!({"profilePictureUrls": [format!("https://cdn.example.com/{}.jpg", "x".repeat(500))]}),
            "profilePictureUrls",
        ),
    ] {
        assert!(invalid(&update(&server, &jo.access, &body).await)[field].is_string(), "{body}");
    }
    let me = send(&server, "GET /profile/me", &jo.access, &Value::Null).await.expect(200);
    assert_eq!((&me["data"]["bio"], &me["data"]["recordVersion"]), (&Value::Null, &json!(1)));
}

#[tokio::test]
async fn what_is_not_to_be_set_is_refused_unless_it_is_so_already() {
    let (server, jo) = with_jo().await;
    let me = send(&server, "GET /profile/me", &jo.access, &Value::Null).await.expect(200)["data"].clone();
    for (name, value) in [
        ("id", json!("0190163d-8694-739b-aea5-966c26f8ad90")),
        ("role", json!("ROLE_ADMIN")),
        ("roleId", json!("admin")),
        ("roles", json!(["ROLE_USER", "ROLE_ADMIN"])),
        ("password", json!("x")),
        ("isVerified", json!(false)),
        ("isEmailVerified", json!(false)),
        ("isPhoneVerified", json!(true)),
        ("isTwoFactorEnabled", json!(true)),
        ("isAccountLocked", json!(true)),
        ("createdAt", json!("2020-01-01T00:00:00.000Z")),
        ("editedAt", json!(null)),
        ("followersCount", json!(1_000)),
        ("followingCount", json!(1)),
        ("postsCount", json!("0")),
        ("shopsCount", json!(1)),
        ("eventsCount", json!(1)),
        ("securityStrength", json!({"score": 100})),
    ] {
        for route in ["PUT /profile/update", "PUT /profile/update-basic-info"] {
            let body = json!({ "firstName": "Eve", name: value });
            let told = invalid(&send(&server, route, &jo.access, &body).await);
            assert!(told[name].as_str().is_some_and(|words| words.starts_with(name)), "{route} {name}: {told}");
            assert_eq!(told.as_object().expect("a map").len(), 1);
        }
    }
    let body = json!({"userName": "other-name", "email": "eve@example.com", "phoneNumber": "+12015550123"});
    assert_eq!(
        invalid(&update(&server, &jo.access, &body).await),
        json!({
            "userName": "userName cannot be changed here; use POST /api/v1/account/username/change",
            "email": "email cannot be changed here; use POST /api/v1/account/link/email/initiate",
            "phoneNumber": "phoneNumber cannot be changed here; use POST /api/v1/account/link/phone/initiate",
        })
    );
    let told = update(&server, &jo.access, &me).await.expect(200);
    assert_eq!(told["data"], me, "sent back as it was read");
    let told = send(&server, "PUT /profile/update-basic-info", &jo.access, &me).await.expect(200);
    assert_eq!(told["data"], me);
}

#[tokio::test]
async fn a_write_may_expect_a_version() {
    let (server, jo) = with_jo().await;
    let write = async |tag: Option<&str>, body: Value| {
        let call = server.call("PUT /api/v1/profile/update").bearer(&jo.access).json(&body);
        let call = if let Some(tag) = tag { call.header("if-match", tag) } else { call };
        call.send().await
    };
    let reply = write(Some("\"1\""), json!({"bio": "one", "recordVersion": 1})).await;
    assert_eq!((reply.expect(200)["data"]["bio"].clone(), reply.header("etag")), (json!("one"), "\"2\""));
    let stale = write(None, json!({"bio": "two", "recordVersion": 1})).await;
    says(&stale, 409, "The record has changed; recordVersion is 2");
    // JSON has one kind of number.
    for version in [json!(1.0), json!(1e300)] {
        write(None, json!({"bio": "two", "recordVersion": version})).await.expect(409);
    }
    for tag in ["\"1\"", "W/\"2\"", "x"] {
        says(&write(Some(tag), json!({"bio": "two"})).await, 412, "The precondition does not hold; recordVersion is 2");
    }
    assert_eq!(write(Some("*"), json!({"bio": "two"})).await.expect(200)["data"]["bio"], "two");
    says(&write(None, json!({"recordVersion": "3"})).await, 400, "recordVersion: must be a whole number");
    for (route, body) in [
        ("PUT /profile/update-basic-info", json!({"firstName": "Eve"})),
        (
            "PUT /profile/change-password",
            json!({"currentPassword": crate::harness::PASSWORD, "newPassword": "Another-harbour 19 fern", "confirmPassword": "Another-harbour 19 fern"}),
        ),
        ("POST /account/username/change", json!({"userName": "evelyn"})),
        ("POST /account/link/email/initiate", json!({"email": "eve@example.com"})),
        ("POST /profile/verify-email", json!({"tempToken": "x", "otpCode": "123456"})),
        ("POST /profile/enable-2fa", json!({"password": crate::harness::PASSWORD})),
        ("POST /account/2fa/totp/setup", json!({"password": crate::harness::PASSWORD})),
        ("POST /account/archive", json!({"confirmation": "ARCHIVE MY ACCOUNT"})),
        ("DELETE /account/deactivate", json!({"password": crate::harness::PASSWORD})),
    ] {
        let (method, path) = route.split_once(' ').expect("a method and a path");
        let call = || server.call(&format!("{method} /api/v1{path}")).bearer(&jo.access);
        call().header("if-match", "\"1\"").json(&body).send().await.expect(412);
        let mut stale = body.clone();
        stale["recordVersion"] = json!(1);
        call().json(&stale).send().await.expect(409);
    }
}

#[tokio::test]
async fn others_see_what_is_public() {
    let (server, jo) = with_jo().await;
    let ann = server.sign_up("ann@example.com", "Ann").await;
    let by_id = format!("GET /profile/id/{}", jo.account.id);
    let by_name = format!("GET /profile/u/@{}", jo.account.username.to_string().to_uppercase());
    let stranger = send(&server, &by_id, "", &Value::Null).await.expect(200);
    insta::assert_json_snapshot!("public", stranger, { ".data.userId" => "[uuid]", ".data.userName" => "[name]" });
    assert_eq!(send(&server, &by_name, "", &Value::Null).await.expect(200), stranger);
    let seen = send(&server, &by_id, &ann.access, &Value::Null).await.expect(200);
    let ties = json!({"isFollowing": false, "isFollowedBy": false, "isBlocked": false, "isBlockedBy": false});
    assert_eq!((&seen["data"]["relationship"], &seen["data"]["isOwnProfile"]), (&ties, &json!(false)));
    let own = send(&server, &by_name, &jo.access, &Value::Null).await.expect(200);
    assert_eq!((own["data"].get("relationship"), &own["data"]["isOwnProfile"]), (None, &json!(true)));
    let dead = send(&server, &by_id, "not.a.token", &Value::Null).await.expect(200);
    assert_eq!(dead, stranger, "a dead token is like none");

    let pictures = json!({"profilePictureUrls": ["https://cdn.example.com/a.jpg", "https://cdn.example.com/b.jpg"]});
    update(&server, &jo.access, &pictures).await.expect(200);
    let seen = send(&server, &by_id, "", &Value::Null).await.expect(200);
    assert_eq!(seen["data"]["profilePictureUrl"], "https://cdn.example.com/a.jpg");
    server.lock(jo.account.id).await;
    for route in [by_id.as_str(), by_name.as_str(), "GET /profile/u/nobody", "GET /profile/u/%20", "GET /profile/u/@"] {
        says(&send(&server, route, "", &Value::Null).await, 404, "User not found");
    }
}
