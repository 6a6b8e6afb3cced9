//! What people let apps have.

use chrono::TimeDelta;

use super::*;
use crate::ui::browser::on_both_engines;

on_both_engines!(
    consent_is_asked_for_once_and_for_more,
    an_answer_counts_for_the_session_that_was_asked,
    who_may_answer_is_asked_where_any_app_could,
    apps_with_access_are_listed_and_removed,
    an_app_of_the_house_asks_nobody,
);

async fn question(browser: &mut Browser<'_>, app: &App<'_>, with: &[(&str, &str)]) -> Answer {
    let led = browser.get(&app.request(with)).await;
    assert!(led.location().starts_with("/consent?request="), "{}", led.location());
    browser.get(led.location()).await
}

async fn allow(browser: &mut Browser<'_>, page: &Answer) -> Answered {
    let token = page.value("token").unwrap();
    let on = browser.send("allow-app", &[("token", &token)]).await;
    answered(&browser.get(on.location()).await)
}

async fn consent_is_asked_for_once_and_for_more(site: Site) {
    let mut ada = site.ada().await;
    let links = |app: &mut Settings| app.policy_url = Some("https://notes.example/privacy".to_owned());
    let app = App::confidential(&site, links).await;
    let page = question(&mut ada, &app, &[("scope", "openid profile email phone offline_access")]).await;
    for words in [
        "Notes wants access to your Name Plate account",
        "See your name, username, picture and profile",
        "See your e-mail address, phone number",
        "Keep access until 2 March 2026, even while you are away",
        "notes.example",
        "Privacy policy",
        "Ada Lovelace",
    ] {
        assert!(page.says(words), "{words}: {}", page.body);
    }
    allow(&mut ada, &page).await.code();
    app.code(&mut ada, &[("scope", "openid email")]).await;
    let page = question(&mut ada, &app, &[("scope", "openid address")]).await;
    let token = page.value("token").unwrap();
    let cancelled = ada.send("refuse-app", &[("token", &token)]).await;
    assert_eq!(answered(&ada.get(cancelled.location()).await).error(), "access_denied");
    app.code(&mut ada, &[("scope", "openid email")]).await;
    let page = question(&mut ada, &app, &[("resource", API), ("scope", "openid read")]).await;
    assert!(page.says("Act for you at api.notes.example: read"), "{}", page.body);
    allow(&mut ada, &page).await.code();
    app.code(&mut ada, &[("resource", API), ("scope", "openid read")]).await;
    let page = question(&mut ada, &app, &[("prompt", "consent")]).await;
    allow(&mut ada, &page).await.code();
    assert_eq!(site.server().activity_of(EMAIL).await.iter().filter(|kind| *kind == "app-allowed").count(), 3);
}

/// Nobody answers for somebody else: neither a form that another session was shown, nor one that another site sends.
async fn an_answer_counts_for_the_session_that_was_asked(site: Site) {
    let mut browser = site.ada().await;
    site.advance(TimeDelta::minutes(3));
    site.server().sign_up("bob@example.com", "Bob").await;
    let app = App::confidential(&site, |_| {}).await;
    let page = question(&mut browser, &app, &[]).await;
    let token = page.value("token").unwrap();
    let mut bob = site.browser();
    bob.send("sign-in", &[("identifier", "bob@example.com"), ("password", PASSWORD)]).await;
    let on = bob.send("allow-app", &[("token", &token)]).await;
    let asked = bob.get(on.location()).await;
    assert!(asked.says("Bob") && asked.says("wants access"), "asked anew: {}", asked.body);
    let mut stranger = site.browser();
    let sent = stranger.send("allow-app", &[("token", &token), ("next", "/consent?request=x")]).await;
    assert!(sent.location().starts_with("/login?"), "{}", sent.location());
    // The seal of a request that nobody was shown is no answer to it.
    let led = browser.get(&app.request(&[])).await;
    let unseen = led.location().split_once("request=").unwrap().1.to_owned();
    let on = browser.send("allow-app", &[("token", &unseen)]).await;
    assert!(browser.get(on.location()).await.says("wants access"));
    assert_eq!(answered(&bob.get(&app.request(&[("prompt", "none")])).await).error(), "consent_required");
}

/// RFC 8252, section 8.6.
async fn who_may_answer_is_asked_where_any_app_could(site: Site) {
    let mut ada = site.ada().await;
    let native = |app: &mut Settings| {
        app.first_party = true;
        app.redirect_uris = vec!["com.example.notes:/callback".to_owned(), "http://127.0.0.1/callback".to_owned()];
    };
    let app = App::public(&site, native).await;
    site.advance(TimeDelta::minutes(1));
    for (uri, shown) in
        [("com.example.notes:/callback", "com.example.notes"), ("http://127.0.0.1:49152/callback", "127.0.0.1:49152")]
    {
        let silent = [("redirect_uri", uri), ("prompt", "none")];
        assert_eq!(answered(&ada.get(&app.request(&silent)).await).error(), "interaction_required", "{uri}");
        let page = question(&mut ada, &app, &[("redirect_uri", uri)]).await;
        assert!(page.says(shown) && page.says("Continue as Ada Lovelace"), "{}", page.body);
        let token = page.value("token").unwrap();
        let on = ada.send("continue-as", &[("token", &token)]).await;
        let code = answered(&ada.get(on.location()).await).code();
        let with = [("grant_type", "authorization_code"), ("code", code.as_str()), ("code_verifier", VERIFIER)];
        app.token(&with).await.expect(200);
    }
    let mut browser = site.browser();
    let led = browser.get(&app.request(&[("redirect_uri", "com.example.notes:/callback")])).await;
    answered(&sign_in(&mut browser, &led, EMAIL).await).code();
}

async fn apps_with_access_are_listed_and_removed(site: Site) {
    let mut ada = site.ada().await;
    assert!(ada.get("/security").await.says("No app has access."));
    let house = App::confidential(&site, first_party).await;
    let tokens = house.tokens(&mut ada, &[("scope", "openid email")]).await;
    let page = ada.get("/security").await;
    assert!(page.says("Notes") && page.says("See your e-mail address"), "{}", page.body);
    let id = house.id.to_string();
    site.advance(TimeDelta::minutes(6));
    assert!(ada.send("remove-app", &[("id", &id)]).await.location().starts_with("/step-up"));
    let confirmed = ada.send("remove-app", &[("id", &id), ("step_up_password", PASSWORD)]).await;
    assert_eq!(confirmed.location(), "/security");
    assert!(ada.get("/security").await.says("No app has access."));
    refused(&house.me(tokens["access_token"].as_str().unwrap()).await, 401, "invalid_token");
    let kinds = site.server().activity_of(EMAIL).await;
    assert!(kinds.iter().any(|kind| kind == "app-signed-in") && kinds[0] == "app-removed", "{kinds:?}");

    let app = App::confidential(&site, |_| {}).await;
    let page = question(&mut ada, &app, &[]).await;
    allow(&mut ada, &page).await.code();
    ada.send("remove-app", &[("id", &app.id.to_string())]).await;
    question(&mut ada, &app, &[]).await;
}

async fn an_app_of_the_house_asks_nobody(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, first_party).await;
    for with in [&[][..], &[("prompt", "consent")], &[("scope", "openid offline_access"), ("prompt", "consent")]] {
        app.code(&mut ada, with).await;
    }
}
