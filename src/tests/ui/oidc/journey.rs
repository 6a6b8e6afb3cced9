//! The way from an app through our pages and back.

use chrono::TimeDelta;

use super::*;
use crate::ui::browser::on_both_engines;

on_both_engines!(
    a_stranger_signs_in_and_comes_back,
    a_long_request_survives_registration,
    a_request_survives_a_forgotten_password,
    a_request_survives_the_second_step_and_restore,
    a_request_lives_for_an_hour_and_cannot_be_changed,
    signing_in_again_keeps_the_session_of_the_app,
    another_account_ends_the_session_of_the_first,
    the_page_leads_back_to_the_app,
);

async fn a_stranger_signs_in_and_comes_back(site: Site) {
    site.ada().await;
    let app = App::confidential(&site, first_party).await;
    let mut browser = site.browser();
    let led = browser.get(&app.request(&[])).await;
    assert!(led.location().starts_with("/login?next=%2Fconsent%3Frequest%3D"), "{}", led.location());
    let page = browser.get(led.location()).await;
    assert!(page.says("to continue to Notes"), "{}", page.body);
    browser.cookies.insert("locale".to_owned(), "tr".to_owned());
    let page = browser.get(led.location()).await;
    assert!(page.says("Notes uygulamasına devam etmek için"), "{}", page.body);

    let back = sign_in(&mut browser, &led, EMAIL).await;
    // No form leads to another site by a redirect: browsers hold `form-action` against each hop.
    assert_eq!(back.status, StatusCode::OK);
    assert!(back.body.contains("http-equiv=\"refresh\"") && back.says("Notes uygulamasına devam et"), "{}", back.body);
    let code = answered(&back).code();
    let tokens = app.exchange(&code).await.expect(200);
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&"Bearer".into(), &600.into()));
    assert_eq!(tokens["scope"], "openid profile email");
    assert!(tokens.get("refresh_token").is_none(), "nobody asked for one");
    let me = app.me(tokens["access_token"].as_str().unwrap()).await.expect(200);
    assert_eq!((&me["email"], &me["name"]), (&EMAIL.into(), &"Ada Lovelace".into()));
    // Without a form before, by a redirect (RFC 9700, section 4.12: 303).
    let again = browser.get(&app.request(&[])).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    answered(&again).code();
    let second = browser.get(&next_of(led.location())).await;
    assert_ne!(answered(&second).code(), code, "the page can be loaded again");
}

async fn a_long_request_survives_registration(site: Site) {
    let app = App::public(&site, first_party).await;
    let mut grace = site.browser();
    let (state, nonce) = ("s".repeat(2048), "n".repeat(2048));
    let request = app.request(&[("state", &state), ("nonce", &nonce), ("first_screen", "register")]);
    let led = grace.get(&request).await;
    assert!(led.location().starts_with("/register?next="), "{}", led.location());
    let page = grace.get(led.location()).await;
    let next = page.value("next").unwrap();
    let email = "grace@example.com";
    let fields = [("email", email), ("given_name", "Grace"), ("password", PASSWORD), ("next", next.as_str())];
    let sent = grace.send("register", &fields).await;
    // Longer than a cookie can be.
    assert!(sent.location().starts_with("/register/confirm?next="), "{}", sent.location());
    assert!(grace.cookies.values().all(|value| value.len() < 4000));
    let page = grace.get(sent.location()).await;
    assert!(page.says("to continue to Notes"));
    let (token, next) = (page.value("token").unwrap(), page.value("next").unwrap());
    let code = site.code_sent_to(email).await;
    let done = grace.send("confirm-registration", &[("token", &token), ("code", &code), ("next", &next)]).await;
    let back = grace.get(done.location()).await;
    let answer = answered(&back);
    assert_eq!(answer.get("state"), Some(state));
    let tokens = app.exchange(&answer.get("code").unwrap()).await.expect(200);
    assert_eq!(payload(&tokens["id_token"])["nonce"], nonce);
}

async fn a_request_survives_a_forgotten_password(site: Site) {
    site.ada().await;
    let app = App::confidential(&site, first_party).await;
    let mut browser = site.browser();
    let led = browser.get(&app.request(&[("first_screen", "reset_password"), ("login_hint", EMAIL)])).await;
    assert!(led.location().starts_with("/forgot?next="), "{}", led.location());
    let page = browser.get(led.location()).await;
    assert_eq!(page.value("identifier").as_deref(), Some(EMAIL), "login_hint fills in");
    let next = page.value("next").unwrap();
    site.advance(TimeDelta::minutes(2));
    let sent = browser.send("request-reset", &[("identifier", EMAIL), ("next", &next)]).await;
    let page = browser.get(sent.location()).await;
    let (token, next) = (page.value("token").unwrap(), page.value("next").unwrap());
    let (code, new) = (site.code_sent_to(EMAIL).await, "Marble lanterns hum 52");
    let fields = [("token", token.as_str()), ("code", &code), ("new_password", new), ("next", &next)];
    let login = browser.send("reset-password", &fields).await;
    let next = next_of(login.location());
    let sent = browser.send("sign-in", &[("identifier", EMAIL), ("password", new), ("next", &next)]).await;
    answered(&browser.get(sent.location()).await).code();
}

async fn a_request_survives_the_second_step_and_restore(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, first_party).await;
    ada.send("archive-profile", &[("confirmation", "ARCHIVE MY ACCOUNT")]).await;
    let mut browser = site.browser();
    let led = browser.get(&app.request(&[])).await;
    let next = next_of(led.location());
    let sent = browser.send("sign-in", &[("identifier", EMAIL), ("password", PASSWORD), ("next", &next)]).await;
    assert!(sent.location().starts_with("/login/restore"));
    let page = browser.get(sent.location()).await;
    let (token, next) = (page.value("token").unwrap(), page.value("next").unwrap());
    let back = browser.send("restore", &[("token", &token), ("next", &next)]).await;
    answered(&browser.get(back.location()).await).code();

    site.advance(TimeDelta::minutes(1));
    let person = site.server().sign_in(EMAIL).await;
    let actor = site.server().actor(&person).await;
    site.server().accounts.enable_two_factor(&actor, None).await.unwrap();
    site.advance(TimeDelta::minutes(1));
    let mut browser = site.browser();
    let led = browser.get(&app.request(&[])).await;
    let next = next_of(led.location());
    let sent = browser.send("sign-in", &[("identifier", EMAIL), ("password", PASSWORD), ("next", &next)]).await;
    assert!(browser.get(&app.request(&[("prompt", "none")])).await.location().contains("error=login_required"));
    let page = browser.get(sent.location()).await;
    let (method, next) = (page.value("method").unwrap(), page.value("next").unwrap());
    let code = site.code_sent_to(EMAIL).await;
    let back = browser.send("second-step", &[("method", &method), ("code", &code), ("next", &next)]).await;
    let code = answered(&browser.get(back.location()).await).code();
    let id_token = payload(&app.exchange(&code).await.expect(200)["id_token"]);
    assert_eq!(id_token["acr"], "urn:nameplate:acr:2");
    assert_eq!(id_token["amr"], serde_json::json!(["pwd", "otp", "mfa"]));
}

async fn a_request_lives_for_an_hour_and_cannot_be_changed(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, |_| {}).await;
    let led = ada.get(&app.request(&[])).await;
    let address = led.location().to_owned();
    site.advance(TimeDelta::minutes(59));
    assert_eq!(ada.get(&address).await.status, StatusCode::OK);
    for changed in [format!("{address}x"), address.replacen("request=", "request=e", 1), "/consent".to_owned()] {
        let page = ada.get(&changed).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{changed}");
    }
    site.advance(TimeDelta::minutes(1));
    let late = ada.get(&address).await;
    assert_eq!(late.status, StatusCode::BAD_REQUEST);
    assert!(late.says("within an hour"), "{}", late.body);
    // Another server of the database, and the same one after a restart, know the same key.
    let other =
        site.server().beside(|parts| parts.settings.public_url = "http://localhost:3000".parse().unwrap()).await;
    let sealed = address.split_once("request=").unwrap().1;
    assert!(other.accounts.open_request(sealed).is_some());
}

async fn signing_in_again_keeps_the_session_of_the_app(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, first_party).await;
    let first = app.tokens(&mut ada, &[]).await;
    site.advance(TimeDelta::minutes(10));
    let cookie = ada.cookies["sid"].clone();
    let led = ada.get(&app.request(&[("prompt", "login")])).await;
    assert!(led.location().starts_with("/login?"), "{}", led.location());
    assert_eq!(ada.get(led.location()).await.status, StatusCode::OK, "although somebody is signed in");
    let back = sign_in(&mut ada, &led, EMAIL).await;
    let second = app.exchange(&answered(&back).code()).await.expect(200);
    let [first, second] = [first, second].map(|tokens| payload(&tokens["id_token"]));
    assert_eq!(first["sid"], second["sid"]);
    assert!(second["auth_time"].as_i64() > first["auth_time"].as_i64());
    assert_ne!(ada.cookies["sid"], cookie, "under a new cookie");
    let mut old = site.browser();
    old.cookies.insert("sid".to_owned(), cookie);
    assert_eq!(old.get("/profile").await.status, StatusCode::SEE_OTHER, "the old one is worth nothing");
    let person = site.server().sign_in(EMAIL).await;
    let sessions = site.server().accounts.sessions(&site.server().actor(&person).await).await.unwrap();
    assert_eq!(sessions.iter().filter(|session| session.kind.as_str() == "browser").count(), 1, "{sessions:?}");
    assert!(sessions.iter().all(|session| session.kind.as_str() != "app"), "apps' are in no list");
}

async fn another_account_ends_the_session_of_the_first(site: Site) {
    let mut browser = site.ada().await;
    site.advance(TimeDelta::minutes(3));
    site.server().sign_up("bob@example.com", "Bob").await;
    let app = App::confidential(&site, first_party).await;
    let first = app.tokens(&mut browser, &[]).await;
    site.advance(TimeDelta::minutes(1));
    let led = browser.get(&app.request(&[("prompt", "login")])).await;
    let back = sign_in(&mut browser, &led, "bob@example.com").await;
    let second = app.exchange(&answered(&back).code()).await.expect(200);
    assert_ne!(payload(&first["id_token"])["sub"], payload(&second["id_token"])["sub"]);
    refused(&app.me(first["access_token"].as_str().unwrap()).await, 401, "invalid_token");
    app.me(second["access_token"].as_str().unwrap()).await.expect(200);
}

async fn the_page_leads_back_to_the_app(site: Site) {
    let mut ada = site.ada().await;
    let home = |app: &mut Settings| {
        app.first_party = true;
        app.home_url = Some("https://notes.example/home".to_owned());
    };
    let app = App::confidential(&site, home).await;
    let address = format!("/profile?app={}", app.id);
    assert!(!ada.get(&address).await.says("Return to Notes"), "nobody signed in to it in this browser");
    app.code(&mut ada, &[]).await;
    let page = ada.get(&address).await;
    assert!(page.says("Return to Notes") && page.body.contains("https://notes.example/home"), "{}", page.body);
    for other in ["/profile", "/profile?app=x", "/profile?app=019b7f21-6f1e-7c3a-9d54-0f6f6f1b2a10"] {
        assert!(!ada.get(other).await.says("Return to"), "{other}");
    }
}
