//! Changing users.

use serde_json::{Value, json};

use super::{Service, id, invalid, nothing, refusal, refused};
use crate::harness::{PASSWORD, TestServer, with_both_engines};

with_both_engines!(fields_that_are_sent_change, names_are_stored_once);

async fn fields_that_are_sent_change(server: TestServer) {
    let service = Service::new(&server).await;
    let body =
        json!({"primaryEmail": "jo@example.com", "name": "Jo Doe", "customData": {"a": 1}, "profile": {"gender": "x"}});
    let before = service.create(body).await;
    let user = format!("PATCH /users/{}", id(&before));
    server.advance(chrono::TimeDelta::seconds(1));
    let reply = service.send(&user, &json!({"primaryPhone": "+90 555 123 45 67", "unknown": 1, "updatedAt": 1})).await;
    let mut expected = before.clone();
    expected["primaryPhone"] = json!("905551234567");
    expected["updatedAt"] = json!(before["updatedAt"].as_i64().expect("a time") + 1000);
    assert_eq!((reply.expect(200), reply.header("etag")), (expected.clone(), "\"2\""));

    // What a service read it may send back as it is.
    let reply = service.send(&user, &expected).await;
    assert_eq!((reply.expect(200), reply.header("etag")), (expected, "\"2\""));

    let body =
        json!({"customData": {"b": 2}, "profile": {"birthdate": "1815-12-10"}, "avatar": "https://a.example/b.PNG"});
    let told = service.send(&user, &body).await.expect(200);
    assert_eq!((&told["customData"], &told["avatar"]), (&json!({"b": 2}), &json!("https://a.example/b.PNG")));
    assert_eq!(
        (&told["profile"], &told["name"]),
        (&json!({"birthdate": "1815-12-10"}), &Value::Null),
        "replaced whole"
    );

    let nulls = json!({"avatar": null, "customData": null, "profile": null, "primaryEmail": null, "name": null});
    let told = service.send(&user, &nulls).await.expect(200);
    for (name, cleared) in
        [("avatar", json!(null)), ("primaryEmail", json!(null)), ("customData", nothing()), ("profile", nothing())]
    {
        assert_eq!(told[name], cleared, "{name}");
    }
}

async fn names_are_stored_once(server: TestServer) {
    let service = Service::new(&server).await;
    let made = service.create(json!({"primaryEmail": "jo@example.com", "name": "Ada"})).await;
    let user = format!("PATCH /users/{}", id(&made));
    for (body, name, profile) in [
        (
            json!({"name": "Augusta Ada King"}),
            json!("Augusta Ada King"),
            json!({"givenName": "Augusta", "middleName": "Ada", "familyName": "King"}),
        ),
        (json!({"name": "Cher"}), json!("Cher"), json!({"givenName": "Cher"})),
        (json!({"profile": {"familyName": "Doe"}}), json!("Doe"), json!({"familyName": "Doe"})),
        (json!({"name": null}), json!(null), nothing()),
        (
            json!({"profile": {"givenName": "Mary Ann", "familyName": "Smith"}}),
            json!("Mary Ann Smith"),
            json!({"givenName": "Mary Ann", "familyName": "Smith"}),
        ),
        (
            json!({"name": "Mary Ann Smith"}),
            json!("Mary Ann Smith"),
            json!({"givenName": "Mary Ann", "familyName": "Smith"}),
        ),
        (json!({"name": ""}), json!(null), nothing()),
    ] {
        let told = service.send(&user, &body).await.expect(200);
        assert_eq!((&told["name"], &told["profile"]), (&name, &profile), "{body}");
    }
    for name in ["x".repeat(31), "a\u{202E}b".into(), "a\0b".into(), "a\nb".into()] {
        assert_eq!(refusal(&service.send(&user, &json!({"name": name})).await), invalid(&["name"]), "{name:?}");
    }
}

#[tokio::test]
async fn one_identifier_is_left() {
    let server = TestServer::start().await;
    let service = Service::new(&server).await;
    let body = json!({"primaryEmail": "jo@example.com", "primaryPhone": "12015550123", "password": PASSWORD});
    let user = format!("PATCH /users/{}", id(&service.create(body).await));
    for body in [json!({"primaryEmail": null, "primaryPhone": ""}), json!({"primaryPhone": null, "primaryEmail": "  "})]
    {
        assert_eq!(refusal(&service.send(&user, &body).await), refused(422, "entity.invalid_input"), "{body}");
    }
    let told = service.send(&user, &json!({"primaryEmail": ""})).await.expect(200);
    assert_eq!((&told["primaryEmail"], &told["primaryPhone"]), (&json!(null), &json!("12015550123")));
    for body in [json!({"primaryPhone": null}), json!({"primaryPhone": "", "name": "Jo"})] {
        assert_eq!(refusal(&service.send(&user, &body).await), refused(422, "entity.invalid_input"), "{body}");
    }
    let told = service.send(&user, &json!({"primaryPhone": null, "primaryEmail": "new@example.com"})).await.expect(200);
    assert_eq!((&told["primaryEmail"], &told["primaryPhone"]), (&json!("new@example.com"), &json!(null)));
    server.sign_in("new@example.com").await;
}

#[tokio::test]
async fn the_owner_hears_of_another_address_and_can_take_it_back() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let service = Service::new(&server).await;
    let user = format!("PATCH /users/{}", jo.account.id);
    server.advance(chrono::TimeDelta::seconds(1));
    service.send(&user, &json!({"primaryEmail": "new@example.com"})).await.expect(200);
    let mut newest = server.activity_of("new@example.com").await[..2].to_vec();
    newest.sort();
    assert_eq!(newest, ["email-changed", "management-access"]);
    let undo = server.undo_link_to("jo@example.com").await;
    assert!(server.last_message_to("new@example.com").await.subject.contains("changed"));
    server.accounts.undo(&undo, &crate::harness::origin()).await.expect("the old address");
    assert_eq!(service.user(jo.account.id).await["primaryEmail"], "jo@example.com");
    service.send(&user, &json!({"primaryEmail": "JO@example.com"})).await.expect(200);
    assert_eq!(service.user(jo.account.id).await["primaryEmail"], "JO@example.com");
}

#[tokio::test]
async fn another_username_ends_sessions_and_a_cleared_one_is_made_anew() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo Doe").await;
    let service = Service::new(&server).await;
    let user = format!("PATCH /users/{}", jo.account.id);
    let own = jo.account.username.as_str();
    service.send(&user, &json!({"username": own, "name": "Jo D"})).await.expect(200);
    assert!(server.is_signed_in(&jo).await);
    assert_eq!(service.send(&user, &json!({"username": "jo-doe"})).await.expect(200)["username"], "jo-doe");
    assert!(!server.is_signed_in(&jo).await);
    for cleared in [json!(null), json!("")] {
        let made = service.send(&user, &json!({"username": cleared})).await.expect(200)["username"].clone();
        assert!(made.as_str().is_some_and(|name| name.starts_with("jod-")), "{made}");
    }
    for username in ["ab", "1abc", "admin", "jo doe", &"x".repeat(31), "jo\0"] {
        let told = refusal(&service.send(&user, &json!({"username": username})).await);
        assert_eq!(told, invalid(&["username"]), "{username}");
    }
    let eve = json!({"username": "jo-doe"});
    assert_eq!(
        refusal(&service.send("POST /users", &eve).await),
        refused(422, "user.username_already_in_use"),
        "it is held"
    );
}

#[tokio::test]
async fn what_must_not_be_set_is_refused_and_nothing_is_no_change() {
    let server = TestServer::start().await;
    let service = Service::new(&server).await;
    let made = service.create(json!({"primaryEmail": "jo@example.com"})).await;
    let user = format!("PATCH /users/{}", id(&made));
    for body in [nothing(), json!({"unknown": 1}), json!({"id": made["id"], "isSuspended": false, "createdAt": 7})] {
        assert_eq!(refusal(&service.send(&user, &body).await), refused(422, "entity.invalid_input"), "{body}");
    }
    assert_eq!(refusal(&service.ask(&user).await), refused(422, "entity.invalid_input"), "no body is an empty one");
    for name in ["id", "applicationId", "identities", "isSuspended", "hasPassword", "role", "roleId"] {
        let told = service.send(&user, &json!({"name": "Jo", name: "x"})).await;
        assert_eq!(refusal(&told), invalid(&[name]));
    }
    assert_eq!(service.user(id(&made)).await, made);
    let body = json!({"name": 7, "primaryEmail": [], "customData": "x", "profile": [], "avatar": {}, "username": true, "primaryPhone": 12});
    let wrong = ["username", "primaryEmail", "primaryPhone", "name", "avatar", "customData", "profile"];
    assert_eq!(refusal(&service.send(&user, &body).await), invalid(&wrong));
}

#[tokio::test]
async fn a_stale_version_is_refused() {
    let server = TestServer::start().await;
    let service = Service::new(&server).await;
    let made = service.create(json!({"primaryEmail": "jo@example.com"})).await;
    let call = |tag: &str| {
        let call = server.call(&format!("PATCH /api/users/{}", id(&made))).bearer(&service.token);
        call.header("if-match", tag).json(&json!({"name": "Jo"}))
    };
    assert_eq!(refusal(&call("\"9\"").send().await), refused(412, "request.precondition_failed"));
    call("\"1\"").send().await.expect(200);
}
