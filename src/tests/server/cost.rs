//! What requests cost: the statements that each sends to the database.

use std::{fmt::Write as _, sync::Arc};

use axum::{
    body::Body,
    http::{Request, header},
};
use nameplate::{
    domain::{
        avatar::{FocusPoint, Region},
        session::Kind,
    },
    service::{
        login::{OnArchived, SignIn},
        sessions::Secret,
    },
    ui::ssr,
};
use serde_json::json;
use tower::ServiceExt as _;

use crate::harness::{Call, PASSWORD, TestServer, origin, statements::recorded, with_both_engines};

const EMAIL: &str = "ada@example.com";
const PICTURE: &[u8] = include_bytes!("../../ports/image/fixtures/progressive.jpg");

with_both_engines!(statements_of_common_requests);

/// The cookie of a browser that signed in.
async fn cookie(server: &TestServer) -> String {
    let done = server.accounts.sign_in(EMAIL, PASSWORD, Kind::Browser, OnArchived::Ask, &origin()).await.unwrap();
    match done {
        SignIn::Complete(session) => match session.secret {
            Secret::Cookie(value) => format!("__Host-sid={value}"),
            _ => panic!("no cookie"),
        },
        _ => panic!("more than a password was asked for"),
    }
}

async fn statements_of_common_requests(server: TestServer) {
    let ada = server.sign_up(EMAIL, "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    let upload = server
        .accounts
        .upload_avatar(&actor, "ada.jpg", PICTURE.to_vec(), Region::Focus(FocusPoint::default()))
        .await
        .unwrap();
    let (id, key, cookie) = (ada.account.id, upload.access_key, cookie(&server).await);
    let pages = ssr::router(server.accounts.clone(), Arc::new(|name: &str| format!("/{name}")), Arc::default());
    let page = Request::get("/profile").header(header::COOKIE, cookie).body(Body::empty()).unwrap();
    let right = json!({ "username": EMAIL, "password": PASSWORD });
    let wrong = json!({ "username": EMAIL, "password": "Quill-harbour 73 mess" });

    let mut table = String::new();
    let (page, statements) = recorded(async { pages.oneshot(page).await.unwrap() }).await;
    assert_eq!(page.status().as_u16(), 200);
    let _ = writeln!(table, "{:2} cookie page", statements.len());
    let call = |route: &str| server.call(route).bearer(&ada.access);
    let calls: [(&str, u16, Call); 7] = [
        ("GET users/:id", 200, call(&format!("GET /auth-api/v1/users/{id}"))),
        ("profile/me", 200, call("GET /api/v1/profile/me")),
        ("PATCH profile", 200, call("PATCH /auth-api/v1/profile").json(&json!({ "fullname": "Ada King" }))),
        ("NextGate update", 200, call("PUT /api/v1/profile/update").json(&json!({ "bio": "Notes" }))),
        ("sign-in", 200, server.call("POST /auth-api/login").json(&right)),
        ("wrong password", 403, server.call("POST /auth-api/login").json(&wrong)),
        ("avatar download", 200, server.call(&format!("GET /auth-api/bucket/userAvatars/download/key/{key}"))),
    ];
    for (name, status, call) in calls {
        let (reply, statements) = recorded(call.send()).await;
        assert_eq!(reply.status.as_u16(), status, "{name}: {reply:?}");
        let _ = writeln!(table, "{:2} {name}", statements.len());
    }
    // One table for both engines: each is sent the same.
    insta::assert_snapshot!("statements", table);
}
