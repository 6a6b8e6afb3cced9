//! What an app asks to be done with the person (Core, section 3.1.2.1).

use chrono::TimeDelta;

use super::*;
use crate::ui::browser::on_both_engines;

on_both_engines!(
    nothing_is_asked_where_nothing_may_be_asked,
    an_old_sign_in_is_asked_for_again,
    hints_name_the_account,
    the_person_chooses_and_registers,
    admins_alone_are_let_in,
);

const BOB: &str = "bob@example.com";

async fn nothing_is_asked_where_nothing_may_be_asked(site: Site) {
    let app = App::confidential(&site, |_| {}).await;
    let silent = app.request(&[("prompt", "none")]);
    let mut browser = site.browser();
    assert_eq!(answered(&browser.get(&silent).await).error(), "login_required");
    let mut ada = site.ada().await;
    assert_eq!(answered(&ada.get(&silent).await).error(), "consent_required");
    let house = App::confidential(&site, first_party).await;
    house.code(&mut ada, &[("prompt", "none")]).await;
}

async fn an_old_sign_in_is_asked_for_again(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, first_party).await;
    site.advance(TimeDelta::minutes(10));
    app.code(&mut ada, &[("max_age", "600")]).await;
    app.code(&mut ada, &[("max_age", "4294967296000")]).await;
    for with in [("max_age", "599"), ("max_age", "0"), ("prompt", "login")] {
        let led = ada.get(&app.request(&[with])).await;
        assert!(led.location().starts_with("/login?next="), "{with:?}");
    }
    let silent = [("max_age", "599"), ("prompt", "none")];
    assert_eq!(answered(&ada.get(&app.request(&silent)).await).error(), "login_required");
    let led = ada.get(&app.request(&[("max_age", "0")])).await;
    let back = sign_in(&mut ada, &led, EMAIL).await;
    let tokens = app.exchange(&answered(&back).code()).await.expect(200);
    assert_eq!(payload(&tokens["id_token"])["auth_time"], site.server().now().timestamp());
}

async fn hints_name_the_account(site: Site) {
    let mut ada = site.ada().await;
    site.advance(TimeDelta::minutes(3));
    site.server().sign_up(BOB, "Bob").await;
    let app = App::confidential(&site, first_party).await;
    let username = site.username(EMAIL).await;
    for own in [EMAIL, "ADA@example.com", &username] {
        app.code(&mut ada, &[("login_hint", own)]).await;
    }
    for other in [BOB, "nobody@example.com", "?"] {
        let led = ada.get(&app.request(&[("login_hint", other)])).await;
        assert!(led.location().starts_with("/consent?"), "it asks which: {other}");
        assert!(ada.get(led.location()).await.says("Continue as Ada Lovelace"));
        let silent = [("login_hint", other), ("prompt", "none")];
        assert_eq!(answered(&ada.get(&app.request(&silent)).await).error(), "login_required", "{other}");
    }
    let hint = app.tokens(&mut ada, &[]).await["id_token"].as_str().unwrap().to_owned();
    site.advance(TimeDelta::hours(1) + TimeDelta::minutes(1));
    app.code(&mut ada, &[("id_token_hint", &hint)]).await;
    app.code(&mut ada, &[("id_token_hint", "none.of.ours")]).await;
    let mut bob = site.browser();
    bob.send("sign-in", &[("identifier", BOB), ("password", PASSWORD)]).await;
    site.advance(TimeDelta::minutes(1));
    let led = bob.get(&app.request(&[("id_token_hint", &hint)])).await;
    assert!(led.location().starts_with("/login?next="), "another account is meant");
    let silent = [("id_token_hint", hint.as_str()), ("prompt", "none")];
    assert_eq!(answered(&bob.get(&app.request(&silent)).await).error(), "login_required");
}

async fn the_person_chooses_and_registers(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, first_party).await;
    site.advance(TimeDelta::minutes(1));
    let led = ada.get(&app.request(&[("prompt", "create")])).await;
    assert!(led.location().starts_with("/register?next="), "although somebody is signed in");
    assert_eq!(ada.get(led.location()).await.status, StatusCode::OK);
    app.code(&mut ada, &[("first_screen", "register")]).await;
    let mut stranger = site.browser();
    for with in [("first_screen", "register"), ("interaction_mode", "signUp"), ("prompt", "create")] {
        assert!(stranger.get(&app.request(&[with])).await.location().starts_with("/register?next="), "{with:?}");
    }

    let led = ada.get(&app.request(&[("prompt", "select_account")])).await;
    let page = ada.get(led.location()).await;
    assert!(page.says("Notes") && page.says("notes.example") && page.says("Use another account"), "{}", page.body);
    let token = page.value("token").unwrap();
    let on = ada.send("continue-as", &[("token", &token)]).await;
    answered(&ada.get(on.location()).await).code();
    let cancelled = ada.send("refuse-app", &[("token", &token)]).await;
    assert_eq!(answered(&ada.get(cancelled.location()).await).error(), "access_denied");
    let another = ada.send("continue-as-another", &[("token", &token)]).await;
    assert!(another.location().starts_with("/login?next="));
    assert_eq!(ada.get(another.location()).await.status, StatusCode::OK);
    assert!(
        ada.get(&next_of(another.location())).await.location().starts_with("/login?"),
        "the one signed in does not do"
    );
    site.advance(TimeDelta::minutes(3));
    site.server().sign_up(BOB, "Bob").await;
    answered(&sign_in(&mut ada, &another, BOB).await).code();
}

async fn admins_alone_are_let_in(site: Site) {
    let mut ada = site.ada().await;
    let for_admins = |app: &mut Settings| {
        app.first_party = true;
        app.admins_only = true;
    };
    let app = App::confidential(&site, for_admins).await;
    assert_eq!(answered(&ada.get(&app.request(&[])).await).error(), "access_denied");
    site.advance(TimeDelta::minutes(3));
    site.server().sign_up_admin("root@example.com").await;
    let mut root = site.browser();
    root.send("sign-in", &[("identifier", "root@example.com"), ("password", PASSWORD)]).await;
    app.code(&mut root, &[]).await;
}
