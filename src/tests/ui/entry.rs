//! Signing up, in and out, through the pages.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use chrono::TimeDelta;

use super::browser::{EMAIL, PASSWORD, Site};

#[tokio::test]
async fn signing_up_takes_a_code() {
    let site = Site::start().await;
    let mut grace = site.browser();
    assert_eq!(grace.get("/").await.location(), "/login");
    assert_eq!(grace.get("/register/confirm").await.location(), "/register");
    let fields =
        [("email", "grace@example.com"), ("given_name", "Grace"), ("password", PASSWORD), ("next", "/u/grace")];
    assert_eq!(grace.send("register", &fields).await.location(), "/register/confirm");
    let page = grace.get("/register/confirm").await;
    assert!(page.body.contains("gr***@example.com"), "{}", page.body);
    let token = page.value("token").unwrap();

    let wrong = [("token", token.as_str()), ("code", "000000"), ("next", "/u/grace")];
    assert_eq!(grace.send("confirm-registration", &wrong).await.location(), "/register/confirm?next=%2Fu%2Fgrace");
    let page = grace.get("/register/confirm?next=%2Fu%2Fgrace").await;
    assert!(page.body.contains("code-error"));
    assert_ne!(page.value("code").as_deref(), Some("000000"));

    let code = site.code_sent_to("grace@example.com").await;
    let right = [("token", token.as_str()), ("code", code.as_str()), ("next", "/u/grace")];
    assert_eq!(grace.send("confirm-registration", &right).await.location(), "/u/grace");
    assert!(grace.cookies.contains_key("sid") && !grace.cookies.contains_key("step"));
    assert_eq!(grace.get("/register").await.location(), "/profile");
}

#[tokio::test]
async fn a_wrong_password_keeps_the_identifier_and_the_way() {
    let site = Site::start().await;
    site.ada().await;
    let mut stranger = site.browser();
    let fields = [("identifier", EMAIL), ("password", "not-the-one"), ("next", "/security?tab=1")];
    let back = stranger.send("sign-in", &fields).await;
    assert_eq!(back.location(), "/login?next=%2Fsecurity%3Ftab%3D1");
    let page = stranger.get(back.location()).await;
    assert_eq!(page.value("identifier").as_deref(), Some(EMAIL));
    assert_eq!(page.value("next").as_deref(), Some("/security?tab=1"));
    assert!(!page.body.contains("not-the-one"));
    let fields = [("identifier", EMAIL), ("password", PASSWORD), ("next", "https://evil.example/")];
    assert_eq!(stranger.send("sign-in", &fields).await.location(), "/profile");
}

#[tokio::test]
async fn too_many_tries_are_told_when_to_come_back() {
    let site = Site::start().await;
    site.ada().await;
    let mut stranger = site.browser();
    for _ in 0..5 {
        let answer = stranger.fetch("sign-in", &[("identifier", EMAIL), ("password", "not-the-one")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let answer = stranger.fetch("sign-in", &[("identifier", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!((answer.status, answer.headers["retry-after"].to_str().unwrap()), (StatusCode::TOO_MANY_REQUESTS, "1"));
}

#[tokio::test]
async fn an_archived_account_is_restored_when_asked() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    ada.send("archive-profile", &[("confirmation", "ARCHIVE MY ACCOUNT")]).await;
    assert_eq!(ada.get("/login/restore").await.location(), "/login");
    let credentials = [("identifier", EMAIL), ("password", PASSWORD)];
    assert_eq!(ada.send("sign-in", &credentials).await.location(), "/login/restore");
    assert!(!ada.cookies.contains_key("sid"));
    let page = ada.get("/login/restore").await;
    assert!(page.body.contains("Ada Lovelace") && page.body.contains("28 February 2026"));
    let token = page.value("token").unwrap();
    assert_eq!(ada.send("restore", &[("token", &token)]).await.location(), "/profile");
    assert_eq!(ada.get("/profile").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_by_code() {
    let site = Site::start().await;
    site.ada().await;
    let mut stranger = site.browser();
    for identifier in ["nobody@example.com", EMAIL] {
        site.advance(TimeDelta::minutes(1));
        assert_eq!(stranger.send("request-reset", &[("identifier", identifier)]).await.location(), "/reset");
    }
    let token = stranger.get("/reset").await.value("token").unwrap();
    let code = site.code_sent_to(EMAIL).await;
    let fields = [("token", token.as_str()), ("code", code.as_str()), ("new_password", "Marble lanterns hum 52")];
    assert_eq!(stranger.send("reset-password", &fields).await.location(), "/login");
    let credentials = [("identifier", EMAIL), ("password", "Marble lanterns hum 52")];
    assert_eq!(stranger.send("sign-in", &credentials).await.location(), "/profile");
}

#[tokio::test]
async fn pages_have_the_right_status() {
    let site = Site::start().await;
    let mut stranger = site.browser();
    assert_eq!(stranger.get("/nowhere").await.status, StatusCode::NOT_FOUND);
    for path in ["/fn/sign-in", "/fn/upload-avatar"] {
        let answer = stranger.get(path).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        assert!(answer.headers.contains_key("allow") && answer.body.contains("href=\"/\""), "{path}");
    }
    for path in ["/login", "/people", "/u/ada"] {
        let request = Request::post(path).header("accept", "text/html").body(Body::from("a=b")).unwrap();
        assert_eq!(stranger.ask(request).await.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    assert_eq!(stranger.send("no-such-thing", &[]).await.status, StatusCode::NOT_FOUND);
    let login = stranger.get("/login").await;
    assert!(login.status.is_success() && !login.body.contains("leptos-island") && !login.body.contains(".wasm"));
    let cookie = "sid=dead; flash=a.b; step=zz; locale=xx; theme=yy";
    stranger
        .cookies
        .extend(cookie.split("; ").map(|pair| pair.split_once('=').map(|(a, b)| (a.into(), b.into())).unwrap()));
    assert_eq!(stranger.get("/login").await.status, StatusCode::OK);
    assert_eq!(stranger.get("/reset").await.location(), "/forgot");
}

#[tokio::test]
async fn what_no_form_of_ours_sends_gets_a_page_with_a_way_back() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let large = format!("bio={}", "x".repeat(70_000));
    for (kind, body, status, words) in [
        ("application/json", "{}", StatusCode::UNSUPPORTED_MEDIA_TYPE, "We cannot read this format"),
        ("text/plain", "bio=x", StatusCode::UNSUPPORTED_MEDIA_TYPE, "We cannot read this format"),
        ("application/x-www-form-urlencoded", &large, StatusCode::PAYLOAD_TOO_LARGE, "That is too much at once"),
    ] {
        for (accept, is_page) in [("text/html", true), ("application/json", false)] {
            let request = Request::post("/fn/update-profile").header(header::CONTENT_TYPE, kind);
            let request = request.header(header::ACCEPT, accept).body(Body::from(body.to_owned())).unwrap();
            let answer = ada.ask(request).await;
            assert_eq!(answer.status, status, "{kind} {accept}");
            assert_eq!(is_page, answer.body.contains(words) && answer.body.contains("Go to the start page"), "{kind}");
        }
    }
}

#[tokio::test]
async fn signing_in_asks_for_the_code_of_the_registration_with_that_password() {
    let site = Site::start().await;
    let register = [("email", "grace@example.com"), ("given_name", "Grace")];
    let mut grace = site.browser();
    grace.send("register", &[register[0], register[1], ("password", PASSWORD)]).await;
    site.advance(TimeDelta::seconds(1));
    site.browser().send("register", &[register[0], register[1], ("password", "Another-harbour 19 fern")]).await;
    site.advance(TimeDelta::seconds(1));
    let mut elsewhere = site.browser();
    let fields = [("identifier", "grace@example.com"), ("password", PASSWORD)];
    assert_eq!(elsewhere.send("sign-in", &fields).await.location(), "/register/confirm");
    let token = elsewhere.get("/register/confirm").await.value("token").unwrap();
    let code = site.code_sent_to("grace@example.com").await;
    let right = [("token", token.as_str()), ("code", code.as_str())];
    assert_eq!(elsewhere.send("confirm-registration", &right).await.location(), "/profile");
    assert_eq!(site.browser().send("sign-in", &fields).await.location(), "/profile");
}

#[tokio::test]
async fn a_browser_is_named_once_somebody_signs_in_and_stays_so() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let name = ada.cookies["device"].clone();
    ada.send("sign-out", &[]).await;
    assert_eq!((ada.cookies.get("device"), ada.cookies.get("sid")), (Some(&name), None));
    let mails = site.server().messages_to(EMAIL).await.len();
    site.advance(TimeDelta::seconds(1));
    let answer = ada.send("sign-in", &[("identifier", EMAIL), ("password", PASSWORD)]).await;
    let set = answer.headers.get_all(header::SET_COOKIE).iter().filter_map(|line| line.to_str().ok());
    let set: Vec<_> = set.filter(|line| line.starts_with("device=")).collect();
    assert_eq!(set, [format!("device={name}; Path=/; HttpOnly; SameSite=Lax; Max-Age=34560000")]);
    assert_eq!(site.server().messages_to(EMAIL).await.len(), mails, "it is known");

    let mut stranger = site.browser();
    for page in ["/", "/login", "/register", "/forgot"] {
        stranger.get(page).await;
    }
    stranger.send("sign-in", &[("identifier", EMAIL), ("password", "not-the-one")]).await;
    assert!(!stranger.cookies.contains_key("device"));
    stranger.cookies.insert("sid".into(), name.clone());
    assert_eq!(stranger.get("/profile").await.location(), "/login?next=%2Fprofile", "it opens nothing");
    stranger.cookies.remove("sid");
    site.advance(TimeDelta::seconds(1));
    stranger.send("sign-in", &[("identifier", EMAIL), ("password", PASSWORD)]).await;
    assert_ne!(stranger.cookies["device"], name);
    assert_eq!(site.server().messages_to(EMAIL).await.len(), mails + 1, "another browser");
}

#[tokio::test]
async fn a_code_that_is_good_is_asked_for_where_no_other_one_can_be_sent() {
    let site = Site::start().await;
    let register = [("email", "grace@example.com"), ("given_name", "Grace"), ("password", PASSWORD)];
    let mut grace = site.browser();
    for _ in 0..5 {
        grace.send("register", &register).await;
        site.advance(TimeDelta::seconds(1));
    }
    let mut elsewhere = site.browser();
    let fields = [("identifier", "grace@example.com"), ("password", PASSWORD)];
    let sent = site.server().messages_to("grace@example.com").await.len();
    assert_eq!(elsewhere.send("sign-in", &fields).await.location(), "/register/confirm");
    assert_eq!(site.server().messages_to("grace@example.com").await.len(), sent, "no other one");
    let page = elsewhere.get("/register/confirm").await;
    assert!(page.body.contains("gr***@example.com"), "{}", page.body);
    let code = site.code_sent_to("grace@example.com").await;
    let right = [("token", page.value("token").unwrap()), ("code", code)];
    let right = right.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(elsewhere.send("confirm-registration", &right).await.location(), "/profile");
}
