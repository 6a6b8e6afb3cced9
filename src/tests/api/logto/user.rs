//! A user as it is shown.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Service, id, nothing, refusal, refused};
use crate::harness::{TestServer, with_both_engines};

with_both_engines!(every_member_is_present, a_user_that_is_gone_is_not_found);

async fn every_member_is_present(server: TestServer) {
    let jo = server.sign_up("Jo@example.com", "Jo Ann Doe").await;
    let service = Service::new(&server).await;
    let reply = service.ask(&format!("GET /users/{}", jo.account.id)).await;
    let user = reply.expect(200);
    let ms = jo.account.created_at.timestamp_millis();
    let shown = json!({
        "id": jo.account.id,
        "username": jo.account.username.as_str(),
        "primaryEmail": "Jo@example.com",
        "primaryPhone": null,
        "name": "Jo Ann Doe",
        "avatar": null,
        "customData": {},
        "identities": {},
        "lastSignInAt": ms,
        "createdAt": ms,
        "updatedAt": ms,
        "profile": {"familyName": "Doe", "givenName": "Jo", "middleName": "Ann"},
        "applicationId": null,
        "isSuspended": false,
        "hasPassword": true,
    });
    assert_eq!(user, shown);
    assert_eq!((reply.header("etag"), reply.header("cache-control")), ("\"1\"", "no-store"));

    let empty = service.create(nothing()).await;
    let null = ["primaryEmail", "primaryPhone", "name", "avatar", "lastSignInAt", "applicationId"];
    assert!(null.iter().all(|name| empty.get(*name) == Some(&Value::Null)), "{empty}");
    assert_eq!((&empty["profile"], &empty["hasPassword"]), (&nothing(), &json!(false)));
    assert_eq!(empty, service.user(id(&empty)).await);
}

#[tokio::test]
async fn an_identifier_that_waits_for_its_code_is_not_shown() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let actor = server.actor(&jo).await;
    let any = nameplate::service::Expectation::Any;
    server.accounts.change_email(&actor, "new@example.com", any).await.expect("a pending change");
    let service = Service::new(&server).await;
    assert_eq!(service.user(jo.account.id).await["primaryEmail"], "jo@example.com");
}

async fn a_user_that_is_gone_is_not_found(server: TestServer) {
    let service = Service::new(&server).await;
    let known = service.create(json!({"username": "jo-doe"})).await;
    let known = id(&known);
    let (nobody, unusual) = (Uuid::nil().to_string(), known.simple().to_string());
    for user in [nobody.as_str(), &unusual, "1", "me", "%20", "%ff", "jo-doe", "a%00b"] {
        for route in [
            format!("GET /users/{user}"),
            format!("PATCH /users/{user}"),
            format!("DELETE /users/{user}"),
            format!("GET /users/{user}/has-password"),
            format!("GET /users/{user}/custom-data"),
            format!("PATCH /users/{user}/custom-data"),
            format!("PATCH /users/{user}/profile"),
            format!("PATCH /users/{user}/password"),
            format!("POST /users/{user}/password/verify"),
            format!("PATCH /users/{user}/is-suspended"),
            format!("PUT /users/{user}/counters"),
        ] {
            assert_eq!(refusal(&service.ask(&route).await), refused(404, "entity.not_found"), "{route}");
        }
    }
    let upper = known.to_string().to_uppercase();
    service.user(upper).await;

    let reply = service.ask(&format!("DELETE /users/{known}")).await;
    assert_eq!((reply.status.as_u16(), reply.body.len()), (204, 0));
    assert_eq!(refusal(&service.ask(&format!("GET /users/{known}")).await), refused(404, "entity.not_found"));
    assert_eq!(refusal(&service.ask(&format!("DELETE /users/{known}")).await), refused(404, "entity.not_found"));
    assert_eq!(service.create(json!({"username": "jo-doe"})).await["username"], "jo-doe", "nothing is left of it");
}
