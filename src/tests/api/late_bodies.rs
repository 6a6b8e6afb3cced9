//! A body that comes late: who may write is asked when it is there, not when its head was read.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use futures::stream;
use nameplate::domain::{account::Role, client::Scope};
use serde_json::json;
use tokio::sync::oneshot;

use crate::harness::{Reply, TestServer, origin};

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
async fn an_ended_session_leaves_no_upload() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(8, 8, image::Rgb([1, 2, 3])).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let mut form = b"--~\r\nContent-Disposition: form-data; name=\"file\"; filename=\"me.png\"\r\n\r\n".to_vec();
    form.extend(png.into_inner());
    form.extend(b"\r\n--~--\r\n");
    let sign_out = async { server.accounts.sign_out_by_bearer(&ada.access, &origin()).await.unwrap() };
    let form = ("multipart/form-data; boundary=~", form);
    send(&server, "POST /auth-api/bucket/userAvatars/upload", &ada.access, form, sign_out).await.expect(401);
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
