//! A body that comes late: who may write is asked when it is there, not when its head was read. And one that does not come,
//! or that nobody needs to wait for.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use futures::stream;
use nameplate::{
    domain::{account::Role, client::Scope, interruption::Interruption},
    service::{Expectation, profile::ProfileChange},
};
use serde_json::json;
use tokio::sync::oneshot;

use crate::harness::{PASSWORD, Reply, TestServer, origin};

const UPLOAD: &str = "POST /auth-api/bucket/userAvatars/upload";
const FORM: &str = "multipart/form-data; boundary=~";

/// A body that says when it is asked for, by when its head has been read, and comes once it may.
fn late(body: impl Into<Bytes>) -> (Body, oneshot::Receiver<()>, oneshot::Sender<()>) {
    let (asked, is_asked) = oneshot::channel();
    let (go, may_go) = oneshot::channel();
    let body = body.into();
    let read = async move {
        asked.send(()).expect("somebody waits for it");
        may_go.await.expect("it comes in the end");
        Ok::<_, Infallible>(body)
    };
    (Body::from_stream(stream::once(read)), is_asked, go)
}

/// Sends a request, and does something between its head and its body.
async fn send(
    server: &TestServer,
    route: &str,
    token: &str,
    (media_type, body): (&str, impl Into<Bytes>),
    meanwhile: impl Future<Output = ()>,
) -> Reply {
    let (body, is_asked, go) = late(body);
    let reply = server.call(route).bearer(token).body(media_type, body).send();
    let between = async {
        is_asked.await.expect("the head was read");
        meanwhile.await;
        go.send(()).expect("it is still waited for");
    };
    tokio::join!(reply, between).0
}

/// A form with a picture.
fn form() -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(8, 8, image::Rgb([1, 2, 3])).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let mut form = b"--~\r\nContent-Disposition: form-data; name=\"file\"; filename=\"me.png\"\r\n\r\n".to_vec();
    form.extend(png.into_inner());
    form.extend(b"\r\n--~--\r\n");
    form
}

fn body(value: serde_json::Value) -> (&'static str, String) {
    ("application/json", value.to_string())
}

#[tokio::test]
async fn whoever_was_demoted_meanwhile_does_not_become_an_admin_again() {
    let server = TestServer::start().await;
    let ada = server.sign_up_admin("ada@example.com").await;
    let id = ada.account.id;
    let route = format!("PATCH /auth-api/v1/userrole/{id}");
    let again = body(json!({ "roleId": "admin" }));
    let demote = async {
        server.accounts.set_role_for_operator(&id.to_string(), Role::User).await.unwrap();
    };
    send(&server, &route, &ada.access, again, demote).await.expect(401);
    let now = server.accounts.find_for_operator(&id.to_string()).await.unwrap();
    assert_eq!((now.role, now.record_version), (Role::User, 3));
}

#[tokio::test]
async fn an_ended_session_does_not_write_the_profile() {
    let server = TestServer::start().await;
    let sign_out = async |token: &str| server.accounts.sign_out_by_bearer(token, &origin()).await.unwrap();
    for (email, route, change) in [
        ("ada@example.com", "PATCH /auth-api/v1/profile", json!({ "fullname": "Mallory" })),
        ("bob@example.com", "PUT /api/v1/profile/update", json!({ "bio": "Mallory" })),
    ] {
        let person = server.sign_up(email, "Ada Lovelace").await;
        let before = server.accounts.find_for_operator(email).await.unwrap();
        send(&server, route, &person.access, body(change), sign_out(&person.access)).await.expect(401);
        assert_eq!(server.accounts.find_for_operator(email).await.unwrap(), before, "{route}");
    }
}

#[tokio::test]
async fn what_a_request_expects_is_held_against_the_account_as_it_is_then() {
    let server = TestServer::start().await;
    for (number, (route, mut fields)) in [
        ("POST /api/v1/account/2fa/enable", json!({ "password": PASSWORD })),
        ("POST /api/v1/account/2fa/disable", json!({ "password": PASSWORD, "otpCode": "123456" })),
        ("POST /api/v1/account/2fa/totp/setup", json!({ "password": PASSWORD })),
        ("POST /api/v1/account/2fa/totp/confirm", json!({ "otpCode": "123456" })),
        ("POST /api/v1/account/2fa/recovery-codes", json!({ "password": PASSWORD })),
        ("POST /api/v1/account/email/verify", json!({ "tempToken": "x", "otpCode": "123456" })),
        ("PUT /api/v1/profile/update", json!({ "bio": "Notes" })),
    ]
    .into_iter()
    .enumerate()
    {
        let email = format!("p{number}@example.com");
        let ada = server.sign_up(&email, "Ada Lovelace").await;
        let actor = server.actor(&ada).await;
        fields["recordVersion"] = json!(ada.account.record_version);
        let change = async {
            let change = ProfileChange { location: Some("London".into()), ..ProfileChange::default() };
            server.accounts.update_profile(&actor, actor.account_id, change, Expectation::Any).await.unwrap();
        };
        send(&server, route, &ada.access, body(fields), change).await.expect(409);
        let now = server.accounts.find_for_operator(&email).await.unwrap();
        assert_eq!((now.record_version, now.two_factor_enabled), (2, false), "{route}");
    }
}

#[tokio::test]
async fn an_ended_session_leaves_no_upload() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let sign_out = async { server.accounts.sign_out_by_bearer(&ada.access, &origin()).await.unwrap() };
    send(&server, UPLOAD, &ada.access, (FORM, form()), sign_out).await.expect(401);
    let mut tx = server.store().read().await.unwrap();
    assert_eq!(tx.uploads_of(ada.account.id).await.unwrap(), []);
}

#[tokio::test]
async fn a_revoked_client_does_not_write_a_user() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let made = server.accounts.create_client("Shop", Scope::All).await.unwrap();
    let resource = server.accounts.resource("https://id.example/api").unwrap();
    let token = server.accounts.issue_management_token(&made.client, &resource, "all").unwrap().access;
    let before = server.accounts.find_for_operator("ada@example.com").await.unwrap();
    let route = format!("PATCH /api/users/{}", ada.account.id);
    let revoke = async { server.accounts.revoke_client(made.client.id).await.unwrap() };
    send(&server, &route, &token, body(json!({ "name": "Mallory" })), revoke).await.expect(401);
    assert_eq!(server.accounts.find_for_operator("ada@example.com").await.unwrap(), before);
}

/// A body that begins, and is broken off.
fn broken(why: Interruption) -> Body {
    Body::from_stream(stream::iter([Ok("{"), Err(why)]))
}

#[tokio::test]
async fn a_body_that_is_broken_off_is_told_in_the_words_of_each_dialect() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let made = server.accounts.create_client("Shop", Scope::All).await.unwrap();
    let resource = server.accounts.resource("https://id.example/api").unwrap();
    let token = server.accounts.issue_management_token(&made.client, &resource, "all").unwrap().access;
    let (json, form) = ("application/json", "application/x-www-form-urlencoded");
    for (route, media_type, token, member, late, no_room) in [
        ("POST /auth-api/login", json, "", "message", "errMsg_RequestTimeout", "errMsg_ServiceBusy"),
        (UPLOAD, FORM, ada.access.as_str(), "message", "errMsg_RequestTimeout", "errMsg_ServiceBusy"),
        ("POST /api/v1/auth/login", json, "", "httpStatus", "REQUEST_TIMEOUT", "SERVICE_UNAVAILABLE"),
        ("POST /api/users", json, token.as_str(), "code", "request.timeout", "request.service_busy"),
        ("POST /oidc/token", form, "", "error", "invalid_request", "temporarily_unavailable"),
    ] {
        let send = async |why| {
            let call = server.call(route).bearer(token).body(media_type, broken(why));
            call.send().await
        };
        assert_eq!(send(Interruption::TimedOut).await.expect(408)[member], late, "{route}");
        let reply = send(Interruption::NoRoom).await;
        assert_eq!(reply.expect(503)[member], no_room, "{route}");
        assert_eq!(reply.header("retry-after"), "2", "{route}");
    }
}

#[tokio::test]
async fn a_body_of_another_type_is_refused_before_it_is_read() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    for (route, media_type, status) in [
        ("POST /auth-api/login", "text/plain", 415),
        ("POST /api/v1/auth/login", "", 415),
        (UPLOAD, "application/json", 415),
        (UPLOAD, "multipart/form-database; boundary=~", 415),
        (UPLOAD, "multipart/form-data", 400),
        ("POST /oidc/token", "application/json", 400),
    ] {
        // It never comes.
        let body = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
        server.call(route).bearer(&ada.access).body(media_type, body).send().await.expect(status);
    }
}

#[tokio::test]
async fn an_account_has_two_uploads_under_way_and_gets_them_back() {
    let server = TestServer::start().await;
    let (ada, bob) = (server.sign_up("ada@example.com", "Ada").await, server.sign_up("bob@example.com", "Bob").await);
    let upload = |body: Body| server.call(UPLOAD).bearer(&ada.access).body(FORM, body).send();
    let ((first, first_asked, first_goes), (second, second_asked, second_goes)) = (late(form()), late(form()));
    let between = async {
        first_asked.await.expect("its body is read");
        second_asked.await.expect("its body is read");
        for _ in 0..3 {
            let third = upload(Body::from_stream(stream::pending::<Result<Bytes, Infallible>>())).await;
            assert_eq!(third.expect(503)["message"], "errMsg_ServiceBusy", "before its body is read");
            assert_eq!(third.header("retry-after"), "5");
        }
        server.call(UPLOAD).bearer(&bob.access).body(FORM, form()).send().await.expect(200);
        first_goes.send(()).expect("it is waited for");
        second_goes.send(()).expect("it is waited for");
    };
    let (first, second, ()) = tokio::join!(upload(first), upload(second), between);
    first.expect(200);
    second.expect(200);

    // However an upload ends, it is not under way any more.
    for _ in 0..3 {
        upload(form().split_off(20).into()).await.expect(400);
        upload(broken(Interruption::TimedOut)).await.expect(408);
        let (body, is_asked, _goes) = late(form());
        tokio::select! {
            _ = upload(body) => unreachable!("it waits for its body"),
            asked = is_asked => asked.expect("its body is read"),
        }
    }
    upload(form().into()).await.expect(200);
}
