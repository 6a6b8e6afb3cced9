//! What opens these routes, and what does not: tokens of other surfaces, of services, and of the half-signed-in.

use chrono::TimeDelta;
use nameplate::{
    api::nextgate::openapi::NextgateApi,
    domain::{client::Scope, session::Kind},
    service::{
        login::{OnArchived, SignIn},
        sessions::Secret,
    },
};
use serde_json::{Value, json};
use utoipa::OpenApi;

use super::{login, send, text};
use crate::harness::{PASSWORD, TestServer, origin};

/// Routes that ask nobody who calls; those that look who it is are not among them.
const OPEN: &str = "/api/v1/auth/";

#[tokio::test]
async fn one_user_token_is_good_in_both_dialects() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let body = json!({"username": "jo@example.com", "password": PASSWORD});
    let there = server.call("POST /auth-api/login").json(&body).send().await.expect(200);
    let me = send(&server, "GET /profile/me", text(&there["accessToken"]), &Value::Null).await.expect(200);
    assert_eq!(me["data"]["id"], json!(jo.account.id));
    let refreshed =
        send(&server, "POST /auth/refresh", "", &json!({"refreshToken": there["refreshToken"]})).await.expect(200);
    let current = server.call("GET /auth-api/currentuser").bearer(text(&refreshed["data"]["accessToken"])).send().await;
    assert_eq!(current.expect(200)["sessionId"], there["sessionId"]);
    let here = login(&server, "jo@example.com").await.expect(200);
    let token = text(&here["data"]["accessToken"]);
    server.call(&format!("GET /auth-api/v1/users/{}", jo.account.id)).bearer(token).send().await.expect(200);
    server.call("POST /auth-api/logout").bearer(token).send().await.expect(200);
    send(&server, "GET /profile/me", token, &Value::Null).await.expect(401);
}

/// Every operation that is not [`OPEN`], from the document.
fn protected() -> Vec<(String, bool)> {
    let document = json!(NextgateApi::openapi());
    let paths = document["paths"].as_object().expect("paths");
    let operations = paths.iter().flat_map(|(path, item)| {
        item.as_object().expect("operations").keys().map(move |method| (method.to_uppercase(), path.as_str()))
    });
    let protected = operations.filter(|(_, path)| !path.starts_with(OPEN));
    protected
        .map(|(method, path)| {
            let is_public = path.starts_with("/api/v1/profile/id/") || path.starts_with("/api/v1/profile/u/");
            let path = path.replace("{userId}", "0190163d-8694-739b-aea5-966c26f8ad90");
            let path = path.replace("{sessionId}", "0190163d-8694-739b-aea5-966c26f8ad90").replace("{username}", "jo");
            (format!("{method} {path}"), is_public)
        })
        .collect()
}

#[tokio::test]
async fn nobody_services_and_cookies_are_refused() {
    let server = TestServer::start().await;
    server.sign_up("jo@example.com", "Jo").await;
    let client = server.accounts.create_client("Shop", Scope::All).await.expect("a client");
    let resource = server.accounts.resource("https://id.example/api").expect("a resource");
    let management = server.accounts.issue_management_token(&client.client, &resource, "all").expect("a token").access;
    let signed_in =
        server.accounts.sign_in("jo@example.com", PASSWORD, Kind::Browser, OnArchived::Ask, &origin()).await;
    let Ok(SignIn::Complete(browser)) = signed_in else { panic!("not signed in") };
    let Secret::Cookie(cookie) = browser.secret else { panic!("no cookie") };
    let routes = protected();
    assert!(routes.len() > 45, "{}", routes.len());
    for (route, is_public) in routes {
        for call in [
            server.call(&route),
            server.call(&route).bearer(&management),
            server.call(&route).header("cookie", &format!("__Host-sid={cookie}; sid={cookie}")),
        ] {
            let reply = call.send().await;
            assert_eq!(reply.status == 401, !is_public, "{route}: {reply:?}");
            assert_eq!(reply.json()["success"], false);
        }
    }
}

#[tokio::test]
async fn the_half_signed_in_are_refused_everywhere() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    send(&server, "POST /profile/enable-2fa", &jo.access, &json!({"password": PASSWORD})).await.expect(200);
    server.advance(TimeDelta::minutes(1));
    let body = json!({"username": "jo@example.com", "password": PASSWORD});
    let there = server.call("POST /auth-api/login").json(&body).send().await.expect(200);
    let here = login(&server, "jo@example.com").await.expect(200);
    for (route, is_public) in protected() {
        let reply = server.call(&route).bearer(text(&there["accessToken"])).send().await;
        let message = reply.expect(403)["message"].clone();
        assert_eq!(message, "Two-factor authentication is not completed yet", "{route}");
        let reply = server.call(&route).bearer(text(&here["data"]["tempToken"])).send().await;
        assert_eq!(reply.status == 401, !is_public, "{route}: {reply:?}");
    }
    let code = json!({"tempToken": there["accessToken"], "otpCode": "123456"});
    send(&server, "POST /auth/verify-otp", "", &code).await.expect(401);
}
