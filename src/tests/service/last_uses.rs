//! When sessions and clients were last used: noted at once, written down behind the answers.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use chrono::TimeDelta;
use nameplate::{
    domain::{client::Scope, error::Error, session::Kind},
    service::{
        login::{OnArchived, SignIn},
        management::clients::NewClient,
        sessions::Secret,
    },
    ui::{forms::forms, ssr},
};
use tower::ServiceExt as _;

use crate::harness::{PASSWORD, TestServer, origin, with_both_engines};

with_both_engines!(
    a_use_shows_at_once_and_is_written_later,
    a_late_note_takes_nothing_back,
    a_session_slides_past_a_restart,
);

async fn token(server: &TestServer, made: &NewClient) -> String {
    let resource = server.accounts.resource("https://id.example/api").unwrap();
    server.accounts.issue_management_token(&made.client, &resource, "all").unwrap().access
}

async fn cookie(server: &TestServer) -> String {
    let done = server.accounts.sign_in("ada@example.com", PASSWORD, Kind::Browser, OnArchived::Ask, &origin()).await;
    let Ok(SignIn::Complete(new)) = done else { panic!("not signed in") };
    let Secret::Cookie(cookie) = new.secret else { panic!("no cookie") };
    cookie
}

/// A read that had to wait for the writer would wait for ten seconds, and then fail.
#[tokio::test]
async fn reads_do_not_wait_for_whoever_writes() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let cookie = cookie(&server).await;
    let made = server.accounts.create_client("Shop", Scope::All).await.unwrap();
    let token = token(&server, &made).await;
    server.advance(TimeDelta::minutes(2));
    let writer = server.store().write().await.unwrap();
    server.accounts.authenticate_cookie(&cookie, &origin()).await.unwrap();
    server.accounts.authenticate_bearer(&ada.access, &origin()).await.unwrap();
    server.accounts.authenticate_management(&token).await.unwrap();
    server.call("GET /auth-api/currentuser").bearer(&ada.access).send().await.expect(200);
    server.call("GET /api/v1/profile/me").bearer(&ada.access).send().await.expect(200);
    // A cookie that somebody made by hand.
    let pages =
        ssr::router(server.accounts.clone(), Arc::new(|name: &str| format!("/{name}")), Arc::default(), forms());
    let login = Request::get("/login").header(header::COOKIE, "__Host-flash=one.two").extension(origin());
    let login = pages.oneshot(login.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(login.status(), StatusCode::OK);
    drop(writer);
    server.accounts.write_uses().await.unwrap();
    let session = server.accounts.sessions(&server.actor(&ada).await).await.unwrap().remove(0);
    assert_eq!(session.last_used_at, server.now());
}

/// On PostgreSQL it is the row that somebody may hold.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_do_not_wait_for_whoever_holds_the_session() {
    let server = TestServer::start_on_postgres().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    server.advance(TimeDelta::minutes(2));
    let mut writer = server.store().write().await.unwrap();
    let session = server.accounts.sessions(&actor).await.unwrap().remove(0);
    writer.touch_session(session.id, server.now(), session.expires_at).await.unwrap();
    server.call("GET /auth-api/currentuser").bearer(&ada.access).send().await.expect(200);
    drop(writer);
}

async fn a_use_shows_at_once_and_is_written_later(server: TestServer) {
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let made = server.accounts.create_client("Shop", Scope::All).await.unwrap();
    let token = token(&server, &made).await;
    let began = server.now();
    server.advance(TimeDelta::minutes(1) - TimeDelta::microseconds(1));
    server.actor(&ada).await;
    server.advance(TimeDelta::microseconds(1));
    let actor = server.actor(&ada).await;
    assert_eq!(server.accounts.authenticate_management(&token).await.unwrap().client.last_used_at, Some(server.now()));
    let used = server.now();
    let kept = async |id| server.store().read().await.unwrap().session(id).await.unwrap().unwrap().last_used_at;
    let client = async || server.accounts.clients().await.unwrap().remove(0).last_used_at;
    assert_eq!(server.accounts.sessions(&actor).await.unwrap()[0].last_used_at, used, "told at once");
    assert_eq!((kept(actor.session_id).await, client().await), (began, None), "and not written yet");
    server.advance(TimeDelta::seconds(5));
    server.accounts.write_uses().await.unwrap();
    assert_eq!((kept(actor.session_id).await, client().await), (used, Some(used)));
    server.actor(&ada).await;
    server.accounts.write_uses().await.unwrap();
    assert_eq!(kept(actor.session_id).await, used, "once a minute is enough");
}

async fn a_late_note_takes_nothing_back(server: TestServer) {
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let other = server.sign_in("ada@example.com").await;
    server.advance(TimeDelta::minutes(2));
    let (actor, other) = (server.actor(&ada).await, server.actor(&other).await);
    server.advance(TimeDelta::seconds(1));
    server.accounts.refresh(&ada.refresh, &origin()).await.unwrap();
    server.accounts.end_session(&actor, other.session_id).await.unwrap();
    server.accounts.write_uses().await.unwrap();
    let sessions = server.accounts.sessions(&actor).await.unwrap();
    assert_eq!(sessions.iter().map(|session| session.last_used_at).collect::<Vec<_>>(), [server.now()]);
}

async fn a_session_slides_past_a_restart(server: TestServer) {
    server.sign_up("ada@example.com", "Ada Lovelace").await;
    let cookie = cookie(&server).await;
    server.advance(TimeDelta::days(29));
    server.accounts.authenticate_cookie(&cookie, &origin()).await.unwrap();
    server.advance(TimeDelta::days(29));
    server.accounts.authenticate_cookie(&cookie, &origin()).await.expect("noted, and so alive");
    server.accounts.write_uses().await.unwrap();
    let server = server.restart().await;
    server.advance(TimeDelta::days(29));
    server.accounts.authenticate_cookie(&cookie, &origin()).await.expect("written, and so alive");
    let server = server.restart().await;
    server.advance(TimeDelta::days(1));
    let late = server.accounts.authenticate_cookie(&cookie, &origin()).await;
    assert_eq!(late.err(), Some(Error::Unauthenticated), "what nobody wrote is lost");
}
