//! Who may call, and what the user hears of it.

use nameplate::domain::{activity::Kind, client::Scope};
use serde_json::json;
use uuid::Uuid;

use super::{Service, client, refusal, refused};
use crate::harness::TestServer;

#[tokio::test]
async fn a_call_needs_a_management_token_with_its_scope() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let service = Service::new(&server).await;
    let scopeless = Service::with_scope(&server, Scope::None).await;
    let basic = "Basic dXNlcjpwYXNz";
    let (user, tampered) = (format!("Bearer {}", jo.access), format!("Bearer {}x", service.token));
    let scopeless = format!("Bearer {}", scopeless.token);
    for route in [
        format!("GET /api/users/{}", jo.account.id),
        format!("GET /api/users/{}", Uuid::nil()),
        "GET /api/users".to_owned(),
        "POST /api/users".to_owned(),
        "POST /api/verification-codes".to_owned(),
    ] {
        let reply = server.call(&route).send().await;
        assert_eq!(refusal(&reply), refused(401, "auth.authorization_header_missing"), "{route}");
        assert_eq!(reply.header("www-authenticate"), "Bearer");
        for (header, status, code) in [
            (basic, 401, "auth.authorization_token_type_not_supported"),
            (service.token.as_str(), 401, "auth.authorization_token_type_not_supported"),
            ("Bearer", 401, "auth.unauthorized"),
            ("Bearer ", 401, "auth.unauthorized"),
            ("Bearer abc", 401, "auth.unauthorized"),
            (&user, 401, "auth.unauthorized"),
            (&tampered, 401, "auth.unauthorized"),
            (&scopeless, 403, "auth.forbidden"),
        ] {
            let reply = server.call(&route).header("authorization", header).send().await;
            assert_eq!(refusal(&reply), refused(status, code), "{route} {header}");
        }
    }
    let reply =
        server.call("GET /api/users").header("authorization", &format!("bearer {}", service.token)).send().await;
    reply.expect(200);
}

#[tokio::test]
async fn a_management_token_is_refused_everywhere_else() {
    let server = TestServer::start().await;
    let service = Service::new(&server).await;
    for route in ["GET /auth-api/currentuser", "GET /auth-api/v1/users", "GET /auth-api/getusersessions"] {
        server.call(route).bearer(&service.token).send().await.expect(401);
    }
}

#[tokio::test]
async fn the_token_of_a_revoked_client_is_dead() {
    let server = TestServer::start().await;
    let service = Service::new(&server).await;
    service.ask("GET /users").await.expect(200);
    let shop = server.accounts.clients().await.expect("clients").remove(0);
    server.accounts.revoke_client(shop.id).await.expect("a revocation");
    assert_eq!(refusal(&service.ask("GET /users").await), refused(401, "auth.unauthorized"));
    client(&server, Scope::All).await;
}

#[tokio::test]
async fn every_call_is_in_the_activity_of_the_user() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let service = Service::new(&server).await;
    let user = format!("/users/{}", jo.account.id);
    let tick = chrono::TimeDelta::seconds(1);
    service.ask(&format!("GET {user}")).await.expect(200);
    server.advance(tick);
    service.ask("GET /users").await.expect(200);
    server.advance(tick);
    service.send(&format!("PATCH {user}"), &json!({"primaryEmail": 7})).await.expect(400);
    server.advance(tick);
    service.send(&format!("POST {user}/password/verify"), &json!({"password": "wrong"})).await.expect(422);
    server.advance(tick);
    let actor = server.actor(&jo).await;
    let events = server.accounts.activity(&actor, &[Kind::ManagementAccess], None, 10).await.expect("events");
    let told: Vec<_> = events.iter().map(|event| event.detail["operation"].as_str().expect("a route")).collect();
    assert_eq!(
        told,
        [
            "POST /api/users/{userId}/password/verify",
            "PATCH /api/users/{userId}",
            "GET /api/users",
            "GET /api/users/{userId}"
        ]
    );
    assert!(events.iter().all(|event| event.detail["client"] == "Shop" && event.kind == "management-access"));
    assert_eq!(service.create(json!({"primaryEmail": "eve@example.com"})).await["name"], json!(null));
    let mut events = server.activity_of("eve@example.com").await;
    events.sort();
    assert_eq!(events, ["management-access", "registered"]);
}
