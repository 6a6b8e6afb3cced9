//! Two-step verification on the security page.

use chrono::TimeDelta;

use super::{
    browser::{EMAIL, PASSWORD, Site, on_both_engines},
    second_step::{codes_on, set_up_app},
};

on_both_engines!(
    recovery_codes_are_shown_once_and_never_travel_in_a_cookie,
    recovery_codes_wait_for_the_session_that_made_them,
);

#[tokio::test]
async fn an_app_is_told_its_secret_until_a_code_confirms_it() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    assert_eq!(ada.get("/security/two-factor/app").await.location(), "/security/two-factor");
    ada.send("set-up-authenticator", &[]).await;
    let page = ada.get("/security/two-factor/app").await;
    assert!(
        page.body.contains("aria-label=\"QR code for the authenticator app\"><path")
            && page.body.contains("otpauth://")
    );
    for (code, sentence) in [("", "Enter the code."), ("000000", "4 tries left.")] {
        assert_eq!(ada.send("confirm-authenticator", &[("code", code)]).await.location(), "/security/two-factor/app");
        assert!(ada.get("/security/two-factor/app").await.says(sentence), "{sentence}");
    }
    assert!(ada.get("/security/two-factor").await.says("Signing in takes your password alone."));
    site.advance(TimeDelta::minutes(6));
    let away = ada.get("/security/two-factor/app").await;
    assert_eq!(
        away.location(),
        "/step-up?next=%2Fsecurity%2Ftwo-factor%2Fapp",
        "the secret is not for anybody to read"
    );
    let back = [("next", "/security/two-factor/app"), ("step_up_password", PASSWORD)];
    assert_eq!(ada.send("confirm-password", &back).await.location(), "/security/two-factor/app");
    set_up_app(&site, &mut ada).await;
    let page = ada.get("/security/two-factor").await;
    assert!(page.says("Signing in takes your password and a code.") && page.says("10 of 10 left"));
}

async fn recovery_codes_are_shown_once_and_never_travel_in_a_cookie(site: Site) {
    const PAGE: &str = "/security/two-factor/codes";
    let mut ada = site.ada().await;
    let (_, first) = set_up_app(&site, &mut ada).await;
    assert_eq!(ada.get(PAGE).await.location(), "/security/two-factor");
    assert_eq!(ada.send("renew-recovery-codes", &[]).await.location(), PAGE);
    let told = ada.clone();
    let page = ada.get(PAGE).await;
    assert!(!ada.cookies.contains_key("codes"));
    assert!(!page.says(&first[0]) && page.body.contains("download=\"recovery-codes.txt\""));
    let codes = codes_on(&page);
    assert_eq!(codes.len(), 10);
    for cookie in told.cookies.values() {
        assert!(!codes.iter().any(|code| cookie.contains(code) || cookie.contains(&code.replace('-', ""))), "{cookie}");
    }
    assert_eq!(told.clone().get(PAGE).await.location(), "/security/two-factor", "they are gone");
    ada.cookies.insert("codes".into(), "<script>.0000-0000-0000-0000".into());
    assert_eq!(ada.get(PAGE).await.location(), "/security/two-factor");
    assert!(!ada.cookies.contains_key("codes"));
}

async fn recovery_codes_wait_for_the_session_that_made_them(site: Site) {
    const PAGE: &str = "/security/two-factor/codes";
    let mut ada = site.ada().await;
    let mut eve = site.person("eve@example.com", "Eve").await;
    set_up_app(&site, &mut ada).await;
    ada.send("renew-recovery-codes", &[]).await;
    eve.cookies.insert("codes".into(), ada.cookies["codes"].clone());
    assert_eq!(eve.get(PAGE).await.location(), "/security/two-factor");
    assert_eq!(ada.get(PAGE).await.location(), "/security/two-factor", "and whoever tried has spent them");

    ada.send("renew-recovery-codes", &[]).await;
    site.advance(TimeDelta::minutes(5));
    assert_eq!(ada.get(PAGE).await.location(), "/security/two-factor", "they do not wait for long");
}

#[tokio::test]
async fn turning_it_off_takes_the_password_and_where_none_was_given_a_code() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    assert_eq!(ada.get("/security/two-factor/off").await.location(), "/security/two-factor");
    ada.send("enable-two-factor", &[]).await;
    let page = ada.get("/security/two-factor/off").await;
    assert!(page.value("code").is_some() || page.body.contains("id=\"code\""));
    let password = ("old_password", PASSWORD);
    assert_eq!(ada.send("disable-two-factor", &[password]).await.location(), "/security/two-factor/off");
    assert!(ada.get("/security/two-factor/off").await.says("Enter a code of your second step, too."));

    let send = [("channel", "email"), ("next", "/security/two-factor/off")];
    assert_eq!(ada.send("send-factor-code", &send).await.location(), "/security/two-factor/off");
    assert!(ada.get("/security/two-factor/off").await.says("ad***@example.com"));
    let code = site.code_sent_to(EMAIL).await;
    let wrong = [("old_password", "wrong-one-17"), ("code", code.as_str())];
    assert_eq!(ada.send("disable-two-factor", &wrong).await.location(), "/security/two-factor/off");
    let page = ada.get("/security/two-factor/off").await;
    assert!(page.body.contains("old_password-error") && !page.body.contains("wrong-one-17"));
    assert_eq!(ada.send("disable-two-factor", &[password, wrong[1]]).await.location(), "/security/two-factor");
    assert!(ada.get("/security/two-factor").await.says("Two-step verification is off"));
}

#[tokio::test]
async fn an_app_is_removed_unless_it_alone_answers() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    assert_eq!(ada.get("/security/two-factor/remove-app").await.location(), "/security/two-factor");
    set_up_app(&site, &mut ada).await;
    let page = ada.get("/security/two-factor/remove-app").await;
    assert!(!page.body.contains("id=\"code\""), "this session gave a code");
    let password = [("old_password", PASSWORD)];
    assert_eq!(ada.send("remove-authenticator", &password).await.location(), "/security/two-factor");
    let page = ada.get("/security/two-factor").await;
    assert!(page.says("The authenticator app is removed") && page.says("Signing in takes your password and a code."));
}
