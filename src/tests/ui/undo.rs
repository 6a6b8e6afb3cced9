//! Taking a change back, by the link.

use axum::http::StatusCode;
use chrono::TimeDelta;

use super::browser::{EMAIL, Site};

const NEW: &str = "thief@example.com";

async fn link(site: &Site) -> String {
    let messages = site.server().messages_to(EMAIL).await;
    let path = |text: &str| {
        let (_, rest) = text.split_once("http://localhost:3000/undo?token=")?;
        rest.split_whitespace().next().map(str::to_owned)
    };
    messages.iter().find_map(|message| path(&message.body_text)).expect("an undo link")
}

#[tokio::test]
async fn looking_does_nothing_and_the_button_takes_the_change_back() {
    let site = Site::start().await;
    let mut thief = site.ada().await;
    thief.send("change-email", &[("email", NEW)]).await;
    let token = thief.get("/security/email/code").await.value("token").unwrap();
    let code = site.code_sent_to(NEW).await;
    thief.send("confirm-email", &[("token", &token), ("code", &code)]).await;
    let token = link(&site).await;

    let mut ada = site.browser();
    for _ in 0..2 {
        let page = ada.get(&format!("/undo?token={token}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.says("The e-mail address ad***@example.com becomes the one in force again."), "{}", page.body);
    }
    assert!(thief.get("/security/email").await.says(NEW));
    assert_eq!(ada.send("undo-change", &[("token", &token)]).await.location(), "/undo");
    let done = ada.get("/undo").await;
    assert!(done.status == StatusCode::OK && done.says("Taken back") && done.body.contains("href=\"/forgot\""));
    assert!(thief.get("/security/email").await.location().starts_with("/login"));
    let account = site.server().accounts.find_for_operator(EMAIL).await.unwrap();
    assert!(account.email_verified);

    for path in [format!("/undo?token={token}"), "/undo".into(), "/undo?token=no".into()] {
        let dead = ada.get(&path).await;
        assert_eq!(dead.status, StatusCode::NOT_FOUND, "{path}");
        assert!(dead.says("This link no longer works") && dead.body.contains("href=\"/login\""));
    }
    assert_eq!(ada.send("undo-change", &[("token", &token)]).await.location(), "/undo");
}

#[tokio::test]
async fn a_link_works_for_seven_days_in_its_owners_language() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    ada.send("set-appearance", &[("locale", "tr")]).await;
    ada.send("change-email", &[("email", NEW)]).await;
    let token = link(&site).await;
    let mut stranger = site.browser();
    site.advance(TimeDelta::days(7) - TimeDelta::seconds(1));
    assert!(stranger.get(&format!("/undo?token={token}")).await.says("Değişiklik geri alınsın mı?"));
    site.advance(TimeDelta::seconds(1));
    assert_eq!(stranger.get(&format!("/undo?token={token}")).await.status, StatusCode::NOT_FOUND);
}
