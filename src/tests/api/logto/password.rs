//! Passwords of users.

use chrono::TimeDelta;
use serde_json::json;

use super::{Service, id, invalid, nothing, refusal, refused};
use crate::harness::{PASSWORD, TestServer};

const NEW: &str = "Another-harbour 74 fern";

#[tokio::test]
async fn a_password_is_verified() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let service = Service::new(&server).await;
    let verify = format!("POST /users/{}/password/verify", jo.account.id);
    let reply = service.send(&verify, &json!({"password": PASSWORD})).await;
    assert_eq!((reply.status.as_u16(), reply.body.len()), (204, 0));
    let wrong = service.send(&verify, &json!({"password": "wrong"})).await;
    assert_eq!(refusal(&wrong), refused(422, "session.invalid_credentials"));
    for body in [nothing(), json!({"password": ""}), json!({"password": null}), json!({"password": 7})] {
        assert_eq!(refusal(&service.send(&verify, &body).await), invalid(&["password"]), "{body}");
    }
    assert!(server.is_signed_in(&jo).await);

    let nameless = id(&service.create(json!({"username": "no-password"})).await);
    let none = service.send(&format!("POST /users/{nameless}/password/verify"), &json!({"password": "any"})).await;
    assert_eq!(refusal(&none), refused(422, "session.invalid_credentials"));
    for (user, has) in [(jo.account.id, true), (nameless, false)] {
        let told = service.ask(&format!("GET /users/{user}/has-password")).await.expect(200);
        assert_eq!(told, json!({"hasPassword": has}));
    }
}

#[tokio::test]
async fn wrong_passwords_make_the_next_try_wait_through_every_surface() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let service = Service::new(&server).await;
    let verify = format!("POST /users/{}/password/verify", jo.account.id);
    for _ in 0..5 {
        let wrong = service.send(&verify, &json!({"password": "wrong"})).await;
        assert_eq!(refusal(&wrong), refused(422, "session.invalid_credentials"));
    }
    let blocked = service.send(&verify, &json!({"password": PASSWORD})).await;
    assert_eq!(refusal(&blocked), refused(429, "session.verification_blocked_too_many_attempts"));
    assert_eq!(blocked.header("retry-after"), "1");
    let login = json!({"username": "jo@example.com", "password": PASSWORD});
    server.call("POST /auth-api/login").json(&login).send().await.expect(429);
    server.advance(TimeDelta::seconds(1));
    assert_eq!(service.send(&verify, &json!({"password": PASSWORD})).await.status, 204);
}

#[tokio::test]
async fn the_address_of_a_service_stands_for_all_its_users() {
    let server = TestServer::start().await;
    let service = Service::new(&server).await;
    for number in 0..9 {
        let user = id(&service.create(json!({"username": format!("user-{number}")})).await);
        for _ in 0..4 {
            let verify = format!("POST /users/{user}/password/verify");
            let wrong = service.send(&verify, &json!({"password": "wrong"})).await;
            assert_eq!(refusal(&wrong), refused(422, "session.invalid_credentials"));
        }
    }
}

#[tokio::test]
async fn a_new_password_keeps_the_policy_and_ends_sessions() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo.doe@example.com", "Jo Marmalade").await;
    let service = Service::new(&server).await;
    let update = format!("PATCH /users/{}/password", jo.account.id);
    for password in ["short", "alllowercase1", "Password1!", "jo.doe@example.com!A1", "Marmalade-77x!", PASSWORD, ""] {
        let (status, code, mut paths) = refusal(&service.send(&update, &json!({"password": password})).await);
        paths.dedup();
        assert_eq!((status, code, paths), invalid(&["password"]), "{password}");
    }
    assert!(server.is_signed_in(&jo).await);
    server.advance(TimeDelta::seconds(1));
    let user = service.send(&update, &json!({"password": NEW})).await.expect(200);
    assert_eq!((&user["id"], &user["hasPassword"]), (&json!(jo.account.id), &json!(true)));
    assert!(!server.is_signed_in(&jo).await);
    server.call("POST /auth-api/refresh").json(&json!({"refreshToken": jo.refresh})).send().await.expect(401);
    let verify = format!("POST /users/{}/password/verify", jo.account.id);
    assert_eq!(service.send(&verify, &json!({"password": NEW})).await.status, 204);
    assert!(server.last_message_to("jo.doe@example.com").await.subject.contains("password"));

    let nameless = id(&service.create(json!({"username": "no-password"})).await);
    let first = service.send(&format!("PATCH /users/{nameless}/password"), &json!({"password": NEW})).await.expect(200);
    assert_eq!(first["hasPassword"], true);
}
