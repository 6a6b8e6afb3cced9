//! Making users.

use serde_json::json;

use super::{Service, id, invalid, refusal, refused, without};
use crate::harness::{PASSWORD, TestServer, with_both_engines};

with_both_engines!(a_user_is_made_as_it_is_sent);

async fn a_user_is_made_as_it_is_sent(server: TestServer) {
    let service = Service::new(&server).await;
    let avatar = "https://pictures.example/jo.png?v=1";
    let user = service
        .create(json!({
            "username": "Jo-Doe",
            "primaryEmail": " Jo@Example.com ",
            "primaryPhone": "12015550123",
            "password": PASSWORD,
            "name": "Jo  Ann Doe",
            "avatar": avatar,
            "customData": {"plan": "gold", "n": 1.5, "list": [null, {"ş": true}]},
            "profile": {"nickname": "JD", "zoneinfo": "Europe/Istanbul", "locale": "tr-TR", "unknown": 7},
            "unknown": [1, 2],
        }))
        .await;
    assert_eq!(
        (&user["username"], &user["primaryEmail"], &user["primaryPhone"], &user["name"], &user["avatar"]),
        (&json!("Jo-Doe"), &json!("Jo@example.com"), &json!("12015550123"), &json!("Jo Ann Doe"), &json!(avatar))
    );
    assert_eq!(user["customData"], json!({"plan": "gold", "n": 1.5, "list": [null, {"ş": true}]}));
    let profile = json!({
        "familyName": "Doe", "givenName": "Jo", "middleName": "Ann",
        "nickname": "JD", "zoneinfo": "Europe/Istanbul", "locale": "tr-TR",
    });
    assert_eq!((&user["profile"], &user["hasPassword"]), (&profile, &json!(true)));
    assert_eq!(user, service.user(id(&user)).await);
    for identifier in ["jo@example.com", "+1 201 555 0123", "jo-doe"] {
        let signed_in = server.sign_in(identifier).await.account;
        assert!(signed_in.email_verified && signed_in.phone_verified, "what services say counts as proved");
    }
}

#[tokio::test]
async fn what_is_not_sent_is_made_or_empty() {
    let server = TestServer::start().await;
    let service = Service::new(&server).await;
    let body = json!({"primaryEmail": "jo@example.com", "name": "Jo Doe", "username": null, "primaryPhone": "", "avatar": null});
    let user = service.create(body).await;
    assert!(user["username"].as_str().is_some_and(|name| name.starts_with("jodoe-")), "{user}");
    assert_eq!(user["hasPassword"], false);
    assert_eq!(service.create(json!({"username": "only-a-name"})).await["username"], "only-a-name");
    let named = service
        .create(json!({"profile": {"givenName": "Mary Ann", "familyName": "Smith"}, "name": "Mary Ann Smith"}))
        .await;
    assert_eq!((&named["name"], &named["profile"]["givenName"]), (&json!("Mary Ann Smith"), &json!("Mary Ann")));
}

#[tokio::test]
async fn every_rule_holds_and_all_that_is_wrong_is_told() {
    let server = TestServer::start().await;
    let service = Service::new(&server).await;
    let full = json!({
        "username": "admin",
        "primaryEmail": "nobody",
        "name": "x".repeat(31),
        "avatar": "http://127.0.0.1/a.png",
        "password": "short",
        "customData": {"a": "\0"},
        "profile": {"givenName": "a\u{202E}b", "zoneinfo": "Mars", "address": 7, "website": "x\u{7}"},
    });
    let (status, code, mut paths) = refusal(&service.send("POST /users", &full).await);
    paths.sort();
    paths.dedup();
    let wrong = [
        "avatar",
        "customData",
        "name",
        "password",
        "primaryEmail",
        "profile.address",
        "profile.givenName",
        "profile.website",
        "profile.zoneinfo",
        "username",
    ];
    assert_eq!(
        (status, code.as_str(), paths.iter().map(String::as_str).collect::<Vec<_>>()),
        (400, "guard.invalid_input", wrong.to_vec())
    );
    for (body, refusal_of_it) in [
        (json!({"username": 7, "customData": [], "profile": "x"}), invalid(&["username", "customData", "profile"])),
        (json!({"password": "jo.doe@example.com A1", "primaryEmail": "jo.doe@example.com"}), invalid(&["password"])),
        (json!({"primaryPhone": "5550123"}), refused(422, "user.invalid_phone")),
        (json!({"primaryPhone": "abc"}), refused(422, "user.invalid_phone")),
        (json!({"id": "7", "isSuspended": true, "roleId": "admin"}), invalid(&["id", "isSuspended", "roleId"])),
        (json!({"passwordDigest": "x", "passwordAlgorithm": "MD5"}), invalid(&["passwordDigest", "passwordAlgorithm"])),
        (json!({"password": "alllowercase1"}), invalid(&["password"])),
    ] {
        assert_eq!(refusal(&service.send("POST /users", &body).await), refusal_of_it, "{body}");
    }
    let counted = service.ask("GET /users").await;
    assert_eq!(counted.header("total-number"), "0", "nothing was made");
}

#[tokio::test]
async fn what_another_user_has_cannot_be_had() {
    let server = TestServer::start().await;
    let service = Service::new(&server).await;
    let taken = json!({"username": "jo-doe", "primaryEmail": "jo@example.com", "primaryPhone": "12015550123"});
    let jo = service.create(taken).await;
    let eve = service.create(json!({"username": "eve"})).await;
    let user = format!("PATCH /users/{}", id(&eve));
    for (body, code) in [
        (json!({"username": "JO-doe"}), "user.username_already_in_use"),
        (json!({"primaryEmail": "JO@example.com"}), "user.email_already_in_use"),
        (json!({"primaryPhone": "+1 (201) 555-0123"}), "user.phone_already_in_use"),
    ] {
        assert_eq!(refusal(&service.send("POST /users", &body).await), refused(422, code));
        assert_eq!(refusal(&service.send(&user, &body).await), refused(422, code));
    }
    let unchanged = without(service.user(id(&jo)).await, "updatedAt");
    assert_eq!(unchanged, without(jo, "updatedAt"));
}
