//! The e-mail address, the phone and the username, on the security page.

use chrono::TimeDelta;

use super::browser::{EMAIL, PASSWORD, Site};

const NEW: &str = "countess@example.com";

#[tokio::test]
async fn an_address_is_changed_by_a_code_to_the_new_one() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let page = ada.get("/security/email").await;
    assert!(page.says(EMAIL) && page.says("Verified") && !page.says("Remove the e-mail address"));
    let version = page.value("record_version").unwrap();
    let change = [("email", NEW), ("record_version", version.as_str())];
    assert_eq!(ada.send("change-email", &change).await.location(), "/security/email/code");
    let step = ada.get("/security/email/code").await;
    assert!(step.says("co***@example.com") && step.says("5 tries left.") && step.says("Cancel the change"));

    let page = ada.get("/security/email").await;
    assert!(page.says(NEW) && page.says("Not verified") && page.says(&format!("{EMAIL} stays in force")));
    assert!(ada.get("/security").await.says(NEW));

    let token = step.value("token").unwrap();
    for (code, sentence) in [("", "Enter the code."), ("000000", "That is not the code. 4 tries left.")] {
        let wrong = [("token", token.as_str()), ("code", code)];
        assert_eq!(ada.send("confirm-email", &wrong).await.location(), "/security/email/code");
        assert!(ada.get("/security/email/code").await.says(sentence), "{sentence}");
    }
    let code = site.code_sent_to(NEW).await;
    let right = [("token", token.as_str()), ("code", code.as_str())];
    assert_eq!(ada.send("confirm-email", &right).await.location(), "/security/email");
    let page = ada.get("/security/email").await;
    assert!(page.says("E-mail address verified") && page.says(NEW) && !page.says(EMAIL));
    assert_eq!(ada.get("/security/email/code").await.location(), "/security/email");
}

#[tokio::test]
async fn a_pending_change_can_be_cancelled_and_its_code_sent_again() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    ada.send("change-email", &[("email", NEW)]).await;
    let first = site.code_sent_to(NEW).await;
    site.advance(TimeDelta::seconds(1));
    let resend = ada.send("send-email-code", &[("token", "x"), ("channel", "email")]).await;
    assert_eq!(resend.location(), "/security/email/code");
    assert_ne!(site.code_sent_to(NEW).await, first);
    assert_eq!(ada.send("cancel-email-change", &[]).await.location(), "/security/email");
    let page = ada.get("/security/email").await;
    assert!(page.says("The change is cancelled") && !page.says(NEW));
}

#[tokio::test]
async fn what_cannot_be_an_address_comes_back_with_the_reason() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    site.server().sign_up("taken@example.com", "Somebody Else").await;
    for (email, sentence) in [
        ("", "Enter an e-mail address."),
        ("no at", "Write the whole address, like name@example.com."),
        ("taken@example.com", "That e-mail address belongs to another account."),
    ] {
        assert_eq!(ada.send("change-email", &[("email", email)]).await.location(), "/security/email");
        let page = ada.get("/security/email").await;
        assert!(page.says(sentence) && page.value("email").as_deref() == Some(email), "{sentence}: {}", page.body);
    }
    let stale = [("email", NEW), ("record_version", "0")];
    assert_eq!(ada.fetch("change-email", &stale).await.status.as_u16(), 409);
    assert_eq!(ada.send("change-email", &stale).await.location(), "/security/email");
    let page = ada.get("/security/email").await;
    assert!(page.says("This was changed elsewhere") && page.value("email").as_deref() == Some(NEW));
    assert_ne!(page.value("record_version").as_deref(), Some("0"));
    assert!(!ada.get("/security/email").await.says("wait"), "no code was sent");
}

#[tokio::test]
async fn a_phone_is_added_verified_and_removed() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    assert!(ada.get("/security/phone").await.says("Add a mobile number"));
    assert_eq!(ada.send("change-phone", &[("phone", "(201) 555-0123")]).await.location(), "/security/phone/code");
    let page = ada.get("/security/phone").await;
    assert!(page.says("+12015550123") && page.says("Nobody has proved yet"));
    let token = ada.get("/security/phone/code").await.value("token").unwrap();
    let code = site.code_sent_to("+12015550123").await;
    assert_eq!(ada.send("confirm-phone", &[("token", &token), ("code", &code)]).await.location(), "/security/phone");
    assert!(ada.get("/security").await.says("Mobile number verified"));
    assert_eq!(ada.send("remove-phone", &[]).await.location(), "/security/phone");
    assert!(ada.get("/security/phone").await.says("Mobile number removed"));
    assert_eq!(ada.send("remove-email", &[]).await.location(), "/security/email", "it is what she signs in with");
    assert!(ada.get("/security/email").await.says(EMAIL));
}

#[tokio::test]
async fn a_taken_username_comes_with_five_free_ones() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let other = site.server().sign_up("other@example.com", "Somebody Else").await.account.username.to_string();
    let asked = ada.get(&format!("/security/username?username={other}")).await;
    assert!(asked.says("That username is taken.") && asked.body.matches("class=\"chip\"").count() == 5);
    assert!(ada.get("/security/username?username=countess").await.says("countess is free."));
    assert!(ada.get("/security/username?username=admin").await.says("That name is reserved."));

    assert_eq!(ada.send("change-username", &[("username", &other)]).await.location(), "/security/username");
    let page = ada.get("/security/username").await;
    assert!(page.body.contains("username-error") && page.body.matches("class=\"chip\"").count() == 5);
    assert_eq!(page.value("username").as_deref(), Some(other.as_str()));
    for (wrong, sentence) in [("", "Enter a username."), ("1a", "Use at least 3"), ("1ab", "Begin with a letter")] {
        ada.send("change-username", &[("username", wrong)]).await;
        assert!(ada.get("/security/username").await.says(sentence), "{sentence}");
    }
}

#[tokio::test]
async fn another_username_signs_out_everywhere() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let mut elsewhere = site.browser();
    elsewhere.send("sign-in", &[("identifier", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!(ada.send("change-username", &[("username", "countess")]).await.location(), "/login");
    assert!(ada.get("/login").await.says("You are countess now. Sign in again."));
    assert!(elsewhere.get("/profile").await.location().starts_with("/login"));
    ada.send("sign-in", &[("identifier", "countess"), ("password", PASSWORD)]).await;
    assert!(ada.get("/security/username").await.says("@countess"));
}

#[tokio::test]
async fn too_many_names_are_told_beside_the_input() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    for number in 0..5 {
        site.rename(EMAIL, &format!("countess{number}")).await;
    }
    ada.send("sign-in", &[("identifier", EMAIL), ("password", PASSWORD)]).await;
    let refused = ada.send("change-username", &[("username", "countess9")]).await;
    assert_eq!(refused.location(), "/security/username");
    let page = ada.get("/security/username").await;
    assert!(page.body.contains("username-error") && page.says("You can change it again in 30 days."));
}
