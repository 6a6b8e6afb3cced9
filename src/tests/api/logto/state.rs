//! Suspended, archived and deleted users.

use nameplate::{
    domain::session::Kind,
    service::{Expectation, login::OnArchived},
};
use serde_json::json;

use super::{Service, invalid, nothing, refusal};
use crate::harness::{PASSWORD, TestServer, origin, with_both_engines};

with_both_engines!(a_suspended_user_is_locked, a_deleted_user_leaves_nothing);

async fn a_suspended_user_is_locked(server: TestServer) {
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let service = Service::new(&server).await;
    let route = format!("PATCH /users/{}/is-suspended", jo.account.id);
    for body in [nothing(), json!({"isSuspended": "true"}), json!({"isSuspended": null}), json!({"isSuspended": 1})] {
        assert_eq!(refusal(&service.send(&route, &body).await), invalid(&["isSuspended"]), "{body}");
    }
    for _ in 0..2 {
        let told = service.send(&route, &json!({"isSuspended": true})).await.expect(200);
        assert_eq!((&told["isSuspended"], &told["id"]), (&json!(true), &json!(jo.account.id)));
    }
    assert!(!server.is_signed_in(&jo).await);
    let login = json!({"username": "jo@example.com", "password": PASSWORD});
    let told = server.call("POST /auth-api/login").json(&login).send().await.expect(403);
    assert_eq!(told["errCode"], "ForbiddenAccess");
    assert_eq!(service.user(jo.account.id).await["isSuspended"], true);
    let told = service.send(&route, &json!({"isSuspended": false})).await.expect(200);
    assert_eq!(told["isSuspended"], false);
    server.sign_in("jo@example.com").await;
}

#[tokio::test]
async fn suspending_an_archived_user_keeps_them_from_restoring_it() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let actor = server.actor(&jo).await;
    server.accounts.archive(&actor, jo.account.id, None, Expectation::Any).await.expect("an archived account");
    let service = Service::new(&server).await;
    let user = format!("/users/{}", jo.account.id);
    assert_eq!(service.ask(&format!("GET {user}")).await.expect(200)["isSuspended"], false, "services see it still");
    service.send(&format!("PATCH {user}/is-suspended"), &json!({"isSuspended": true})).await.expect(200);
    let refused = server.accounts.sign_in("jo@example.com", PASSWORD, Kind::Api, OnArchived::Restore, &origin()).await;
    assert_eq!(refused.err(), Some(nameplate::domain::error::Error::Locked));
    service.send(&format!("PATCH {user}/is-suspended"), &json!({"isSuspended": false})).await.expect(200);
    server.sign_in("jo@example.com").await;
}

async fn a_deleted_user_leaves_nothing(server: TestServer) {
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let service = Service::new(&server).await;
    let deleted = service.ask(&format!("DELETE /users/{}", jo.account.id)).await;
    assert_eq!((deleted.status.as_u16(), deleted.body.len()), (204, 0));
    assert!(!server.is_signed_in(&jo).await);
    assert!(server.messages_to("jo@example.com").await.is_empty());
    assert_eq!(service.ask("GET /users").await.header("total-number"), "0");
    let again = server.sign_up("jo@example.com", "Jo").await;
    assert_ne!(again.account.id, jo.account.id);
}
