//! The security page: strength, sessions, deactivation.

use axum::http::StatusCode;

use super::browser::{EMAIL, PASSWORD, Site};

#[tokio::test]
async fn the_page_says_how_the_account_stands() {
    let site = Site::start().await;
    assert_eq!(site.browser().get("/security").await.location(), "/login?next=%2Fsecurity");
    let mut ada = site.ada().await;
    let page = ada.get("/security").await;
    assert_eq!(page.status, StatusCode::OK);
    for words in [
        "Account strength: Weak",
        "Your account security needs improvement.",
        "E-mail address verified",
        "Verify your mobile number",
        "+25 points",
        "JobReport on two-step verification",
        "+35 points",
        "Changed on 31 January 2026",
        "This session",
    ] {
        assert!(page.says(words), "{words}: {}", page.body);
    }
    for link in ["/security/email", "/security/phone", "/security/two-factor", "/profile#password-title"] {
        assert!(page.body.contains(&format!("href=\"{link}\"")), "{link}");
    }
    assert!(page.body.contains("stroke-dasharray=\"40 100\"") && !page.body.contains(".wasm"));
}

#[tokio::test]
async fn sessions_are_ended_one_by_one_or_all_others_at_once() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    // The one of signing up is an API client's.
    let page = ada.get("/security").await;
    assert!(page.body.contains("class=\"badge\">App<") && page.says("Firefox on Linux"));
    ada.send("set-appearance", &[("locale", "tr")]).await;
    assert!(ada.get("/security").await.says("Linux üzerinde Firefox"));
    ada.send("set-appearance", &[("locale", "en")]).await;
    let mut elsewhere = site.browser();
    elsewhere.send("sign-in", &[("identifier", EMAIL), ("password", PASSWORD)]).await;
    let page = ada.get("/security").await;
    assert_eq!(page.body.matches("action=\"/fn/end-session\"").count(), 2, "not for this one");

    let id = page.value("id").unwrap();
    assert_eq!(ada.send("end-session", &[("id", &id)]).await.location(), "/security");
    assert!(ada.get("/security").await.says("Session ended"));
    assert_eq!(ada.send("end-session", &[("id", &id)]).await.location(), "/security");
    assert!(ada.get("/security").await.says("That session had ended already"));
    assert_eq!(ada.send("end-other-sessions", &[]).await.location(), "/security");
    let page = ada.get("/security").await;
    assert!(page.says("All other sessions ended") && !page.body.contains("/fn/end-other-sessions"));
    assert!(elsewhere.get("/profile").await.location().starts_with("/login"));
}

#[tokio::test]
async fn somebody_elses_session_is_none() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let other = site.server().sign_up("other@example.com", "Somebody Else").await;
    let id = site.server().actor(&other).await.session_id.to_string();
    ada.send("end-session", &[("id", &id)]).await;
    assert!(site.server().is_signed_in(&other).await);
}

#[tokio::test]
async fn deactivating_takes_the_password_and_keeps_the_reason() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let long = "x".repeat(501);
    for (reason, password, sentence) in [
        (long.as_str(), PASSWORD, "Use at most 500"),
        ("Too noisy", "wrong-one-17", "That is not your current password."),
    ] {
        let fields = [("reason", reason), ("old_password", password)];
        assert_eq!(ada.send("deactivate", &fields).await.location(), "/security/deactivate");
        let page = ada.get("/security/deactivate").await;
        assert!(page.says(sentence) && page.says(reason) && !page.body.contains("wrong-one-17"), "{sentence}");
    }
    let fields = [("reason", "Too noisy"), ("old_password", PASSWORD)];
    assert_eq!(ada.send("deactivate", &fields).await.location(), "/login");
    assert!(ada.get("/login").await.says("Your account is deactivated."));
    ada.send("sign-in", &[("identifier", EMAIL), ("password", PASSWORD)]).await;
    assert!(ada.get("/login").await.says("This account is locked."));
    let account = site.server().accounts.find_for_operator(EMAIL).await.unwrap();
    assert_eq!(account.lock_reason.as_deref(), Some("Too noisy"));
}
