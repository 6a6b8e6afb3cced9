//! Codes (RFC 6749, section 4.1.2; RFC 9700, sections 4.5 and 4.8).

use chrono::TimeDelta;

use super::*;
use crate::ui::browser::on_both_engines;

on_both_engines!(
    a_code_used_twice_ends_the_session_of_the_app,
    a_failed_try_changes_nothing,
    a_code_lives_for_a_minute,
    two_servers_give_tokens_for_a_code_once,
    twenty_codes_a_minute_are_given,
);

async fn a_code_used_twice_ends_the_session_of_the_app(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, first_party).await;
    let code = app.code(&mut ada, &[]).await;
    let tokens = app.exchange(&code).await.expect(200);
    let access = tokens["access_token"].as_str().unwrap();
    app.me(access).await.expect(200);
    refused(&app.exchange(&code).await, 400, "invalid_grant");
    refused(&app.me(access).await, 401, "invalid_token");
    assert_eq!(ada.get("/profile").await.status, StatusCode::OK, "the browser stays signed in");
}

async fn a_failed_try_changes_nothing(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, first_party).await;
    let other = App::confidential(&site, first_party).await;
    let code = app.code(&mut ada, &[]).await;
    let grant = [("grant_type", "authorization_code"), ("code", code.as_str())];
    let verified = [&grant[..], &[("code_verifier", VERIFIER)]].concat();
    refused(&other.token(&verified).await, 400, "invalid_grant");
    refused(&app.token(&grant).await, 400, "invalid_grant");
    for with in [
        ("code_verifier", CHALLENGE),
        ("code_verifier", "short"),
        ("redirect_uri", "https://notes.example/other"),
        ("redirect_uri", "https://notes.example/callback/"),
    ] {
        let with =
            if with.0 == "code_verifier" { [&grant[..], &[with]].concat() } else { [&verified[..], &[with]].concat() };
        refused(&app.token(&with).await, 400, "invalid_grant");
    }
    for target in [API, "https://other.example"] {
        refused(&app.token(&[&verified[..], &[("resource", target)]].concat()).await, 400, "invalid_target");
    }
    refused(&app.token(&[("grant_type", "authorization_code")]).await, 400, "invalid_request");
    let wrong = App { site: &site, id: app.id, secret: Some("wrong".to_owned()) };
    refused(&wrong.exchange(&code).await, 401, "invalid_client");
    let none = App { site: &site, id: app.id, secret: None };
    refused(&none.exchange(&code).await, 401, "invalid_client");
    let tokens = app.token(&verified).await.expect(200);
    app.me(tokens["access_token"].as_str().unwrap()).await.expect(200);
    // Whoever found the used code has neither the secret nor the verifier.
    refused(&other.token(&verified).await, 400, "invalid_grant");
    refused(&app.token(&grant).await, 400, "invalid_grant");
    app.me(tokens["access_token"].as_str().unwrap()).await.expect(200);

    // A verifier for a code that had no challenge: somebody put the code in the place of another.
    let code = app.code(&mut ada, &[("code_challenge", ""), ("code_challenge_method", "")]).await;
    refused(&app.exchange(&code).await, 400, "invalid_grant");
    app.token(&[("grant_type", "authorization_code"), ("code", &code)]).await.expect(200);
}

async fn a_code_lives_for_a_minute(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, first_party).await;
    let code = app.code(&mut ada, &[]).await;
    site.advance(TimeDelta::seconds(59));
    app.exchange(&code).await.expect(200);
    let code = app.code(&mut ada, &[]).await;
    site.advance(TimeDelta::seconds(60));
    refused(&app.exchange(&code).await, 400, "invalid_grant");
    let code = app.code(&mut ada, &[]).await;
    ada.send("sign-out", &[]).await;
    refused(&app.exchange(&code).await, 400, "invalid_grant");
}

async fn two_servers_give_tokens_for_a_code_once(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, first_party).await;
    let code = app.code(&mut ada, &[]).await;
    let other =
        site.server().beside(|parts| parts.settings.public_url = "http://localhost:3000".parse().unwrap()).await;
    let client = site.server().accounts.client_for_operator(app.id).await.unwrap();
    let exchange =
        nameplate::service::oidc::codes::Exchange { code: &code, code_verifier: Some(VERIFIER), ..Default::default() };
    let accounts = [&site.server().accounts, &other.accounts, &site.server().accounts, &other.accounts];
    let tried = futures::future::join_all(accounts.map(|accounts| accounts.exchange_code(&client, &exchange))).await;
    let given: Vec<_> = tried.into_iter().filter_map(Result::ok).collect();
    assert_eq!(given.len(), 1);
    refused(&app.me(&given[0].access).await, 401, "invalid_token");
}

async fn twenty_codes_a_minute_are_given(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, first_party).await;
    let other = App::confidential(&site, first_party).await;
    for _ in 0..20 {
        app.code(&mut ada, &[]).await;
    }
    let refused = ada.get(&app.request(&[])).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    other.code(&mut ada, &[]).await;
    site.advance(TimeDelta::minutes(1));
    app.code(&mut ada, &[]).await;
}
