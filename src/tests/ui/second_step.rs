//! The second step of signing in, through the pages.

use chrono::TimeDelta;

use super::browser::{Answer, Browser, EMAIL, PASSWORD, Site};
use crate::harness::App;

const CREDENTIALS: [(&str, &str); 2] = [("identifier", EMAIL), ("password", PASSWORD)];

/// Ada, whose second step is on with codes that are mailed; signed in nowhere.
async fn with_mailed_codes(site: &Site) -> Browser<'_> {
    let mut ada = site.ada().await;
    assert_eq!(ada.send("enable-two-factor", &[]).await.location(), "/security/two-factor");
    ada.send("sign-out", &[]).await;
    site.advance(TimeDelta::minutes(11));
    ada
}

/// Sets up an app in this browser, and answers it with its recovery codes.
pub async fn set_up_app(site: &Site, browser: &mut Browser<'_>) -> (App, Vec<String>) {
    assert_eq!(browser.send("set-up-authenticator", &[]).await.location(), "/security/two-factor/app");
    let page = browser.get("/security/two-factor/app").await;
    let (_, secret) = page.body.split_once("class=\"key\">").unwrap();
    let app = App::told(&secret.split('<').next().unwrap().replace(' ', ""));
    let code = app.code(site.server(), 0);
    let answer = browser.send("confirm-authenticator", &[("code", &code)]).await;
    assert_eq!(answer.location(), "/security/two-factor/codes");
    let codes = codes_on(&browser.get("/security/two-factor/codes").await);
    (app, codes)
}

/// The recovery codes that a page shows.
pub fn codes_on(page: &Answer) -> Vec<String> {
    page.body.split("<li><code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_mailed_code_is_on_its_way_at_once() {
    let site = Site::start().await;
    let mut ada = with_mailed_codes(&site).await;
    let fields = [CREDENTIALS[0], CREDENTIALS[1], ("next", "/security")];
    assert_eq!(ada.send("sign-in", &fields).await.location(), "/login?next=%2Fsecurity");
    let page = ada.get("/login?next=%2Fsecurity").await;
    assert!(
        page.says("One more step") && page.says("ad***@example.com") && page.says("5 tries left."),
        "{}",
        page.body
    );
    assert!(page.body.contains("autocomplete=\"one-time-code\"") && page.body.contains("data-countdown=\"600\""));
    assert_eq!(page.value("next").as_deref(), Some("/security"));

    for guarded in ["/profile", "/security", "/security/email", "/step-up"] {
        assert!(ada.get(guarded).await.location().starts_with("/login?next="), "{guarded}");
    }
    assert_eq!(ada.fetch("update-profile", &[("bio", "x")]).await.status.as_u16(), 401);
    assert_eq!(ada.fetch("end-other-sessions", &[]).await.status.as_u16(), 401);

    let wrong = [("method", "email"), ("code", "000000"), ("next", "/security")];
    assert_eq!(ada.send("second-step", &wrong).await.location(), "/login?next=%2Fsecurity");
    let page = ada.get("/login?next=%2Fsecurity").await;
    assert!(page.says("That is not the code. 4 tries left.") && !page.body.contains("000000"));

    let code = site.code_sent_to(EMAIL).await;
    let right = [("method", "email"), ("code", code.as_str()), ("next", "/security")];
    let half = ada.cookies["sid"].clone();
    assert_eq!(ada.send("second-step", &right).await.location(), "/security");
    assert_ne!(ada.cookies["sid"], half, "whoever planted the first one has nothing");
    assert!(ada.get("/security").await.says("Two-step verification is on"));
}

#[tokio::test]
async fn another_code_can_be_sent_until_there_were_enough() {
    let site = Site::start().await;
    let mut ada = with_mailed_codes(&site).await;
    ada.send("sign-in", &CREDENTIALS).await;
    for _ in 0..4 {
        let sent = ada.send("send-second-step-code", &[("channel", "email")]).await;
        assert_eq!(sent.location(), "/login?method=email");
    }
    let page = ada.get("/login?method=email").await;
    assert!(page.says("Another one can be sent in"), "{}", page.body);
    assert!(page.body.contains("data-enables=\"resend\""));
    assert_eq!(ada.fetch("send-second-step-code", &[("channel", "email")]).await.status.as_u16(), 429);
    assert_eq!(ada.send("send-second-step-code", &[("channel", "sms")]).await.location(), "/login");
    assert!(ada.get("/login").await.says("Verify your e-mail address or your number first"));
}

#[tokio::test]
async fn an_app_or_a_recovery_code_answers_too() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let (app, codes) = set_up_app(&site, &mut ada).await;
    assert_eq!(codes.len(), 10);
    for (method, code) in [("totp", None), ("recovery", Some(codes[0].to_uppercase()))] {
        ada.send("sign-out", &[]).await;
        site.advance(TimeDelta::minutes(1));
        assert_eq!(ada.send("sign-in", &CREDENTIALS).await.location(), "/login");
        assert!(ada.get("/login").await.says("Enter the code that your authenticator app shows."));
        let page = ada.get(&format!("/login?method={method}")).await;
        assert_eq!(page.value("method").as_deref(), Some(method));
        assert_eq!(page.body.contains("one-time-code"), method == "totp");
        let code = code.unwrap_or_else(|| app.code(site.server(), 0));
        assert_eq!(ada.send("second-step", &[("method", method), ("code", &code)]).await.location(), "/profile");
    }
    assert!(ada.get("/security/two-factor").await.says("9 of 10 left"));
}

#[tokio::test]
async fn choosing_a_method_that_is_sent_sends_nothing_before_it_is_asked_to() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    set_up_app(&site, &mut ada).await;
    ada.send("sign-out", &[]).await;
    ada.send("sign-in", &CREDENTIALS).await;
    let before = site.server().messages_to(EMAIL).await.len();
    let page = ada.get("/login?method=email").await;
    assert!(page.value("code").is_none() && page.value("channel").as_deref() == Some("email"), "{}", page.body);
    assert_eq!(site.server().messages_to(EMAIL).await.len(), before);
    site.advance(TimeDelta::seconds(1));
    ada.send("send-second-step-code", &[("channel", "email"), ("next", "/people")]).await;
    let page = ada.get("/login?method=email&next=%2Fpeople").await;
    assert!(page.says("ad***@example.com"));
    let code = site.code_sent_to(EMAIL).await;
    let answer = [("method", "email"), ("code", code.as_str()), ("next", "/people")];
    assert_eq!(ada.send("second-step", &answer).await.location(), "/people");
}

#[tokio::test]
async fn the_step_can_be_left_and_ends_by_itself() {
    let site = Site::start().await;
    let mut ada = with_mailed_codes(&site).await;
    ada.send("sign-in", &CREDENTIALS).await;
    assert_eq!(ada.send("sign-out", &[]).await.location(), "/login");
    assert!(ada.get("/login").await.says("Welcome back"));

    ada.send("sign-in", &CREDENTIALS).await;
    let code = site.code_sent_to(EMAIL).await;
    site.advance(TimeDelta::minutes(11));
    let late = [("method", "email"), ("code", code.as_str()), ("next", "/people")];
    assert_eq!(ada.send("second-step", &late).await.location(), "/login?next=%2Fpeople");
    let page = ada.get("/login?next=%2Fpeople").await;
    assert!(page.says("That took too long.") && page.value("identifier").is_some());
}

#[tokio::test]
async fn an_archived_account_comes_back_after_the_second_step_only() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    ada.send("enable-two-factor", &[]).await;
    ada.send("archive-profile", &[("confirmation", "ARCHIVE MY ACCOUNT")]).await;
    site.advance(TimeDelta::minutes(11));
    assert_eq!(ada.send("sign-in", &CREDENTIALS).await.location(), "/login/restore");
    let token = ada.get("/login/restore").await.value("token").unwrap();
    assert_eq!(ada.send("restore", &[("token", &token)]).await.location(), "/login");
    assert!(ada.get("/login").await.says("Then your archived account comes back"));
    assert!(site.server().accounts.find_for_operator(EMAIL).await.unwrap().archived_at.is_some());
    let code = site.code_sent_to(EMAIL).await;
    assert_eq!(ada.send("second-step", &[("method", "email"), ("code", &code)]).await.location(), "/profile");
    assert!(site.server().accounts.find_for_operator(EMAIL).await.unwrap().archived_at.is_none());
}
