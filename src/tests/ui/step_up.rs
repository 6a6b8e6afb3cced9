//! The password in between.

use axum::http::StatusCode;
use chrono::TimeDelta;

use super::browser::{EMAIL, PASSWORD, Site};

#[tokio::test]
async fn what_is_sensitive_asks_for_the_password_and_goes_on() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    site.advance(TimeDelta::minutes(6));
    let change = [("email", "countess@example.com"), ("record_version", "1")];
    assert_eq!(ada.fetch("change-email", &change).await.json()["cause"], "step-up");
    let asked = ada.send("change-email", &change).await;
    assert_eq!(asked.location(), "/step-up?next=%2Fsecurity%2Femail");
    let page = ada.get(asked.location()).await;
    assert!(page.says("Is it you?") && page.body.contains("action=\"/fn/change-email\""), "{}", page.body);
    assert_eq!(page.value("email").as_deref(), Some("countess@example.com"));

    let with = |password| [change[0], change[1], ("step_up_password", password)];
    for (password, sentence) in [("", "Enter your password."), ("wrong-one-17", "That is not your current password.")] {
        assert_eq!(ada.send("change-email", &with(password)).await.location(), "/step-up?next=%2Fsecurity%2Femail");
        let page = ada.get("/step-up?next=%2Fsecurity%2Femail").await;
        assert!(page.says(sentence) && !page.body.contains("wrong-one-17"), "{sentence}");
        assert_eq!(page.value("email").as_deref(), Some("countess@example.com"), "{sentence}");
    }
    assert_eq!(ada.send("change-email", &with(PASSWORD)).await.location(), "/security/email/code");
    assert_eq!(ada.fetch("end-other-sessions", &[]).await.status, StatusCode::OK, "the next one needs none");
}

#[tokio::test]
async fn who_goes_back_finds_what_was_typed() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    site.advance(TimeDelta::minutes(6));
    ada.send("change-username", &[("username", "countess"), ("record_version", "1")]).await;
    let page = ada.get("/security/username").await;
    assert_eq!(page.value("username").as_deref(), Some("countess"));
}

#[tokio::test]
async fn without_a_form_the_page_leads_back_by_itself() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    site.advance(TimeDelta::minutes(6));
    let page = ada.get("/step-up?next=%2Fsecurity%2Fphone").await;
    assert!(page.body.contains("action=\"/fn/confirm-password\""));
    assert_eq!(page.value("next").as_deref(), Some("/security/phone"));
    let wrong = [("next", "/security/phone"), ("step_up_password", "wrong-one-17")];
    assert_eq!(ada.send("confirm-password", &wrong).await.location(), "/step-up?next=%2Fsecurity%2Fphone");
    assert!(ada.get("/step-up?next=%2Fsecurity%2Fphone").await.says("That is not your current password."));
    let right = [("next", "/security/phone"), ("step_up_password", PASSWORD)];
    assert_eq!(ada.send("confirm-password", &right).await.location(), "/security/phone");
    let away = [("next", "https://evil.example/"), ("step_up_password", PASSWORD)];
    assert_eq!(ada.send("confirm-password", &away).await.location(), "/");
    assert_eq!(site.browser().get("/step-up").await.location(), "/login?next=%2Fstep-up");
}

#[tokio::test]
async fn every_sensitive_form_asks() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    site.advance(TimeDelta::minutes(6));
    for operation in [
        "change-email",
        "change-phone",
        "remove-email",
        "remove-phone",
        "cancel-email-change",
        "cancel-phone-change",
        "change-username",
        "enable-two-factor",
        "set-up-authenticator",
        "renew-recovery-codes",
        "end-session",
        "end-other-sessions",
        "confirm-password",
    ] {
        let fields = [("email", "a@example.com"), ("phone", "+12015550123"), ("username", "countess"), ("id", "x")];
        let answer = ada.fetch(operation, &fields).await;
        assert_eq!(
            (answer.status, answer.json()["cause"].as_str()),
            (StatusCode::FORBIDDEN, Some("step-up")),
            "{operation}"
        );
    }
    let password = [("old_password", "wrong-one-17")];
    for operation in ["disable-two-factor", "remove-authenticator", "deactivate"] {
        let answer = ada.fetch(operation, &password).await;
        assert_eq!(answer.json()["errors"][0]["field"], "old_password", "{operation}");
    }
}

#[tokio::test]
async fn wrong_passwords_count_here_too() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    for _ in 0..5 {
        ada.fetch("confirm-password", &[("step_up_password", "wrong-one-17")]).await;
    }
    let refused = ada.fetch("confirm-password", &[("step_up_password", PASSWORD)]).await;
    assert_eq!(
        (refused.status, &refused.headers["retry-after"]),
        (StatusCode::TOO_MANY_REQUESTS, &"1".parse().unwrap())
    );
    let mut stranger = site.browser();
    let refused = stranger.fetch("sign-in", &[("identifier", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn the_profile_asks_before_it_changes_the_phone() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    site.advance(TimeDelta::minutes(6));
    let kept = [("given_name", "Augusta"), ("phone", "")];
    assert_eq!(ada.fetch("update-profile", &kept).await.status, StatusCode::OK);
    let changed = [("given_name", "Augusta"), ("phone", "(201) 555-0123")];
    assert_eq!(ada.fetch("update-profile", &changed).await.json()["cause"], "step-up");
    assert_eq!(ada.send("update-profile", &changed).await.location(), "/step-up?next=%2Fprofile");
    let confirmed = [changed[0], changed[1], ("step_up_password", PASSWORD)];
    assert_eq!(ada.send("update-profile", &confirmed).await.location(), "/profile");
    assert_eq!(ada.get("/profile").await.value("phone").as_deref(), Some("+12015550123"));
}
