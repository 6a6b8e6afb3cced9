//! The forms of the profile page, with script and without.

use std::convert::Infallible;

use axum::{
    body::{Body, Bytes},
    http::{Request, StatusCode, header},
};
use futures::stream;
use nameplate::domain::interruption::Interruption;
use serde_json::json;

use super::browser::{PASSWORD, Site};

#[tokio::test]
async fn a_plain_form_is_answered_with_a_redirect_and_says_so_once() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let answer =
        ada.send("update-profile", &[("given_name", "Augusta"), ("bio", "<b>Poet</b>"), ("record_version", "1")]).await;
    assert_eq!(answer.location(), "/profile");
    let page = ada.get("/profile").await;
    assert_eq!((page.status, page.headers["etag"].to_str().unwrap()), (StatusCode::OK, "\"2\""));
    assert!(page.body.contains("Saved") && page.body.contains("&lt;b&gt;Poet"), "{}", page.body);
    assert_eq!(page.value("given_name").as_deref(), Some("Augusta"));
    assert!(!ada.get("/profile").await.body.contains("notice--ok"), "said once");
}

#[tokio::test]
async fn what_was_typed_comes_back_with_the_errors_but_no_password() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let long = "x".repeat(501);
    let typed = [("given_name", ""), ("bio", long.as_str()), ("location", "İzmir \"&"), ("record_version", "1")];
    assert_eq!(ada.send("update-profile", &typed).await.location(), "/profile");
    let page = ada.get("/profile").await;
    assert!(page.body.contains("given_name-error") && page.body.contains("bio-error") && page.body.contains(&long));
    assert_eq!(page.value("location").as_deref(), Some("İzmir \"&"));

    let passwords =
        [("old_password", "wrong-one-17"), ("new_password", "other-one-18"), ("confirm_password", "other-one-18")];
    assert_eq!(ada.send("change-password", &passwords).await.location(), "/profile");
    let page = ada.get("/profile").await;
    assert!(page.body.contains("old_password-error"));
    assert!(!page.body.contains("wrong-one-17") && !page.body.contains("other-one-18"));
}

#[tokio::test]
async fn an_island_hears_json() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let answer = ada.fetch("update-profile", &[("given_name", "Augusta"), ("record_version", "1")]).await;
    assert_eq!(answer.status, StatusCode::OK);
    let done = answer.json();
    assert_eq!(done["notice"], json!({ "tone": "ok", "text": "Saved" }));
    assert_eq!((&done["saved"]["given_name"], &done["saved"]["record_version"]), (&json!("Augusta"), &json!("2")));

    let answer = ada.fetch("update-profile", &[("given_name", " "), ("phone", "12"), ("record_version", "2")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let refused = answer.json();
    assert_eq!(refused["cause"], "invalid");
    let fields: Vec<_> =
        refused["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["given_name", "phone"]);
    assert_eq!(refused["notice"]["text"], "Please check 2 fields");
}

#[tokio::test]
async fn a_stale_form_loses_nothing() {
    let site = Site::start().await;
    let mut first = site.ada().await;
    let mut second = first.clone();
    first.fetch("update-profile", &[("bio", "From one tab"), ("record_version", "1")]).await;

    let typed = [("bio", "From another"), ("given_name", "Ada"), ("record_version", "1")];
    let answer = second.fetch("update-profile", &typed).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.json()["saved"]["bio"], "From one tab");
    assert_eq!(answer.json()["saved"]["record_version"], "2");

    assert_eq!(second.send("update-profile", &typed).await.location(), "/profile");
    let page = second.get("/profile").await.body;
    let conflict = page.split("data-row=").find(|row| row.starts_with("\"bio\"")).unwrap();
    assert!(conflict.contains("From one tab") && conflict.contains("From another"), "{conflict}");
    assert!(page.contains(">From another</textarea>"), "what was typed stays");
}

#[tokio::test]
async fn if_match_means_here_what_it_means_elsewhere() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    for never in ["\"2\"", "W/\"1\"", "1", "\"01\"", "\"2\", \"3\"", ""] {
        let answer = ada.post("update-profile", "application/json", &[("bio", "x")], &[("if-match", never)]).await;
        assert_eq!(answer.status, StatusCode::PRECONDITION_FAILED, "{never}");
        assert_eq!(answer.json()["saved"]["record_version"], "1");
    }
    // Where both are sent, the one that does not hold counts.
    let behind = [("bio", "x"), ("record_version", "7")];
    for (now, any) in [("\"1\"", StatusCode::CONFLICT), ("*", StatusCode::CONFLICT)] {
        assert_eq!(ada.post("update-profile", "application/json", &behind, &[("if-match", now)]).await.status, any);
    }
    for (bio, holds) in [("a", "\"1\""), ("b", "\"7\", \"2\""), ("c", "*")] {
        let answer = ada.post("update-profile", "application/json", &[("bio", bio)], &[("if-match", holds)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{holds}");
    }
}

#[tokio::test]
async fn a_tab_that_is_behind_neither_changes_the_password_nor_archives() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    ada.fetch("update-profile", &[("bio", "From another tab"), ("record_version", "1")]).await;
    let new = "Copper-Kites-92-orbit";
    for (operation, typed) in [
        ("change-password", vec![("old_password", PASSWORD), ("new_password", new), ("confirm_password", new)]),
        ("archive-profile", vec![("confirmation", "ARCHIVE MY ACCOUNT")]),
    ] {
        let behind: Vec<_> = typed.into_iter().chain([("record_version", "1")]).collect();
        let answer = ada.fetch(operation, &behind).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{operation}");
        assert_eq!(answer.json()["saved"]["record_version"], "2", "{operation}");
    }
    assert_eq!(ada.get("/profile").await.status, StatusCode::OK);
    assert_eq!(
        ada.fetch("archive-profile", &[("confirmation", "ARCHIVE MY ACCOUNT"), ("record_version", "2")]).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn only_what_was_sent_is_written() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    ada.fetch("update-profile", &[("bio", "Poet"), ("is_private", "false"), ("is_private", "true")]).await;
    let done = ada.fetch("update-profile", &[("location", "London")]).await.json();
    let saved = ["bio", "location", "is_private", "name"].map(|name| done["saved"][name].as_str().unwrap().to_owned());
    assert_eq!(saved, ["Poet", "London", "true", "Ada Lovelace"]);
}

#[tokio::test]
async fn what_the_page_cannot_change_is_refused_as_a_whole() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    for (name, value) in [("email", "eve@example.com"), ("role", "admin"), ("username", "eve")] {
        let refused = ada.fetch("update-profile", &[("bio", "Poet"), (name, value)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert_eq!(refused.json()["errors"][0]["field"], name);
    }
    let done = ada.fetch("update-profile", &[("location", "London"), ("role", "user")]).await.json();
    assert_eq!(done["saved"]["bio"], "");
}

#[tokio::test]
async fn another_language_redraws_the_page() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let done = ada.fetch("update-profile", &[("locale", "tr")]).await.json();
    assert_eq!(done["next"], "/profile");
    let page = ada.get("/profile").await.body;
    assert!(page.contains("lang=\"tr\"") && page.contains("Kaydedildi"), "{page}");
    assert_eq!(
        ada.send("set-appearance", &[("locale", "en"), ("next", "/profile?x=1")]).await.location(),
        "/profile?x=1"
    );
    assert!(ada.get("/profile").await.body.contains("lang=\"en\""));
    assert_eq!(ada.send("set-appearance", &[("theme", "dark"), ("next", "//evil.example")]).await.location(), "/");
    assert_eq!(ada.fetch("set-appearance", &[("theme", "pink")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_new_password_signs_out_everywhere() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let mut elsewhere = ada.clone();
    let new = "Marble lanterns hum 52";
    let check = ada.fetch("check-password", &[("new_password", "Lovelace-1815!")]).await;
    assert_eq!(
        (check.status, &check.json()["errors"][0]["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("new_password"))
    );
    assert_eq!(ada.fetch("check-password", &[("new_password", new)]).await.status, StatusCode::OK);

    let mismatch = [("old_password", PASSWORD), ("new_password", new), ("confirm_password", "Marble")];
    let answer = ada.fetch("change-password", &mismatch).await.json();
    assert_eq!(answer["errors"][0]["field"], "confirm_password");

    let right = [("old_password", PASSWORD), ("new_password", new), ("confirm_password", new)];
    let answer = ada.fetch("change-password", &right).await;
    assert_eq!((answer.status, &answer.json()["next"]), (StatusCode::OK, &json!("/login")));
    assert!(!ada.cookies.contains_key("sid"));
    assert!(ada.get("/login").await.body.contains("Password changed"));
    assert_eq!(elsewhere.get("/profile").await.location(), "/login?next=/profile".replace("/profile", "%2Fprofile"));
}

#[tokio::test]
async fn archiving_takes_the_phrase_and_names_the_day() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let page = ada.get("/profile").await.body;
    assert!(page.contains("28 February 2026"), "31 January and one month");
    for wrong in ["", "archive my account", "ARCHIVE MY ACCOUNT "] {
        assert_eq!(ada.send("archive-profile", &[("confirmation", wrong)]).await.location(), "/profile");
        assert!(ada.get("/profile").await.body.contains("confirmation-error"), "{wrong}");
    }
    assert_eq!(ada.send("archive-profile", &[("confirmation", "ARCHİVE MY ACCOUNT")]).await.location(), "/login");
    assert!(!ada.cookies.contains_key("sid"));
    assert!(ada.get("/login").await.body.contains("28 February 2026"));
}

#[tokio::test]
async fn a_session_that_ended_keeps_what_was_typed() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let mut elsewhere = ada.clone();
    elsewhere.send("sign-out", &[]).await;

    let typed = [("bio", "An hour of work"), ("record_version", "1")];
    let answer = ada.fetch("update-profile", &typed).await;
    assert_eq!((answer.status, &answer.json()["cause"]), (StatusCode::UNAUTHORIZED, &json!("signed-out")));

    let answer = ada.send("update-profile", &typed).await;
    assert_eq!(answer.location(), "/login?next=%2Fprofile");
    assert!(ada.get("/login?next=%2Fprofile").await.body.contains("notice"));
    let credentials = [("identifier", super::browser::EMAIL), ("password", PASSWORD), ("next", "/profile")];
    assert_eq!(ada.send("sign-in", &credentials).await.location(), "/profile");
    assert!(ada.get("/profile").await.body.contains(">An hour of work</textarea>"));
}

#[tokio::test]
async fn nothing_a_client_sends_is_our_fault() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    for (operation, fields, status) in [
        ("update-profile", &[("record_version", "seven")][..], StatusCode::BAD_REQUEST),
        ("update-profile", &[("is_private", "perhaps")], StatusCode::BAD_REQUEST),
        ("no-such-thing", &[], StatusCode::NOT_FOUND),
        ("update-profile", &[("bio[x]", "y")], StatusCode::BAD_REQUEST),
        ("change-password", &[], StatusCode::UNPROCESSABLE_ENTITY),
        ("archive-profile", &[], StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let answer = ada.fetch(operation, fields).await;
        assert_eq!(answer.status, status, "{operation} {fields:?} {}", answer.body);
        if !status.is_success() {
            assert!(!answer.json()["notice"]["text"].as_str().unwrap().is_empty());
        }
    }
    let large = "x".repeat(70_000);
    let answer = ada.fetch("update-profile", &[("bio", &large)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_form_that_cannot_be_read_is_told_why() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let form = "application/x-www-form-urlencoded";
    for (path, media_type, broken, status) in [
        ("/fn/update-profile", form, Some(Interruption::TimedOut), StatusCode::REQUEST_TIMEOUT),
        ("/fn/update-profile", form, Some(Interruption::NoRoom), StatusCode::SERVICE_UNAVAILABLE),
        (
            "/fn/upload-avatar",
            "multipart/form-data; boundary=~",
            Some(Interruption::TimedOut),
            StatusCode::REQUEST_TIMEOUT,
        ),
        // These are not read.
        ("/fn/update-profile", "text/plain", None, StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("/fn/upload-avatar", form, None, StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("/fn/upload-avatar", "", None, StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("/fn/upload-avatar", "multipart/form-data", None, StatusCode::BAD_REQUEST),
    ] {
        for accept in ["application/json", "text/html"] {
            let body = match broken {
                Some(why) => Body::from_stream(stream::iter([Ok("x"), Err(why)])),
                None => Body::from_stream(stream::pending::<Result<Bytes, Infallible>>()),
            };
            let request = Request::post(path).header(header::ACCEPT, accept).header(header::CONTENT_TYPE, media_type);
            let answer = ada.ask(request.body(body).unwrap()).await;
            match (accept, status) {
                // These are said on the page of the form.
                ("text/html", StatusCode::SERVICE_UNAVAILABLE | StatusCode::BAD_REQUEST) => {
                    assert_eq!(answer.location(), "/profile", "{path}");
                }
                _ => assert_eq!(answer.status, status, "{path} {media_type} {broken:?} {accept}"),
            }
        }
    }
}

#[tokio::test]
async fn an_operation_that_does_not_decode_is_not_there() {
    let site = Site::start().await;
    let ask = async |accept| {
        let request = Request::post("/fn/%FF").header(header::ACCEPT, accept);
        site.browser().ask(request.body(Body::empty()).unwrap()).await
    };
    let (page, told) = (ask("text/html").await, ask("application/json").await);
    assert_eq!((page.status, told.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert!(page.says("There is nothing here"), "{}", page.body);
    assert_eq!(told.json()["cause"], "not-found");
}
