//! Two-step verification on the security page.

use chrono::TimeDelta;

use super::{
    browser::{EMAIL, PASSWORD, Site},
    second_step::set_up_app,
};

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

#[tokio::test]
async fn recovery_codes_are_shown_once_and_kept_nowhere() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let (_, codes) = set_up_app(&site, &mut ada).await;
    assert_eq!(ada.get("/security/two-factor/codes").await.location(), "/security/two-factor");
    assert_eq!(ada.send("renew-recovery-codes", &[]).await.location(), "/security/two-factor/codes");
    assert!(ada.cookies.contains_key("codes"));
    let page = ada.get("/security/two-factor/codes").await;
    assert!(!ada.cookies.contains_key("codes") && page.body.matches("<li><code>").count() == 10);
    assert!(!page.body.contains(&codes[0]) && page.body.contains("download=\"recovery-codes.txt\""));
    ada.cookies.insert("codes".into(), "<script>.0000-0000-0000-0000".into());
    assert_eq!(ada.get("/security/two-factor/codes").await.location(), "/security/two-factor");
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
