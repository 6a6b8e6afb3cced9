//! Signing out from an app (OpenID Connect RP-Initiated Logout 1.0).

use super::*;
use crate::ui::browser::on_both_engines;

on_both_engines!(
    a_hint_of_this_session_signs_out_at_once,
    without_one_the_person_is_asked,
    what_does_not_fit_together_ends_nothing,
);

const OUT: &str = "https://notes.example/bye?a=b";

fn leaving(app: &mut Settings) {
    app.first_party = true;
    app.post_logout_redirect_uris = vec![OUT.to_owned()];
}

fn end(with: &[(&str, &str)]) -> String {
    format!("/oidc/session/end?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(with).finish())
}

async fn a_hint_of_this_session_signs_out_at_once(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, leaving).await;
    let tokens = app.tokens(&mut ada, &[]).await;
    let hint = tokens["id_token"].as_str().unwrap();
    let other = ada.clone();
    let left = ada.get(&end(&[("id_token_hint", hint), ("post_logout_redirect_uri", OUT), ("state", "s t")])).await;
    assert_eq!(left.location(), "https://notes.example/bye?a=b&state=s+t");
    assert!(!ada.cookies.contains_key("sid"));
    assert_eq!(other.clone().get("/profile").await.status, StatusCode::SEE_OTHER, "the session itself has ended");
    refused(&app.me(tokens["access_token"].as_str().unwrap()).await, 401, "invalid_token");
    // Nobody is signed in any more: back at once, and without a URI a page says so.
    let again = ada.get(&end(&[("id_token_hint", hint), ("post_logout_redirect_uri", OUT)])).await;
    assert_eq!(again.location(), OUT);
    assert!(ada.get(&end(&[])).await.says("You are signed out"));

    // Ended by the app, and too old: it means this browser's session all the same.
    let mut ada = site.browser();
    ada.send("sign-in", &[("identifier", EMAIL), ("password", PASSWORD)]).await;
    let tokens = app.tokens(&mut ada, &[]).await;
    app.post("/oidc/token/revocation", &[("token", tokens["access_token"].as_str().unwrap())]).await.expect(200);
    site.advance(chrono::TimeDelta::minutes(90));
    let left = ada.get(&end(&[("id_token_hint", tokens["id_token"].as_str().unwrap())])).await;
    assert!(left.says("You are signed out"));
    assert_eq!(ada.get("/profile").await.status, StatusCode::SEE_OTHER);
}

async fn without_one_the_person_is_asked(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, leaving).await;
    let mut elsewhere = site.browser();
    elsewhere.send("sign-in", &[("identifier", EMAIL), ("password", PASSWORD)]).await;
    let hint = app.tokens(&mut elsewhere, &[]).await["id_token"].as_str().unwrap().to_owned();
    let id = app.id.to_string();
    for with in [
        &[][..],
        &[("client_id", &*id), ("post_logout_redirect_uri", OUT)],
        &[("id_token_hint", &hint)],
        &[("id_token_hint", "x")],
    ] {
        let page = ada.get(&end(with)).await;
        assert!(page.says("Sign out?"), "{with:?}: {}", page.body);
        assert_eq!(ada.get("/profile").await.status, StatusCode::OK, "nothing has ended");
    }
    let page = ada.get(&end(&[("client_id", &id), ("post_logout_redirect_uri", OUT), ("state", "x")])).await;
    let back = page.value("back").unwrap();
    let done = ada.send("sign-out", &[("back", &back)]).await;
    let on = ada.get(done.location()).await;
    assert_eq!(answered(&on).0.as_str(), "https://notes.example/bye?a=b&state=x");
    assert_eq!(ada.get("/profile").await.status, StatusCode::SEE_OTHER);
    // A URI without an app is not gone back to.
    let page = elsewhere.get(&end(&[("post_logout_redirect_uri", "https://evil.example/")])).await;
    let done = elsewhere.send("sign-out", &[("back", &page.value("back").unwrap_or_default())]).await;
    assert_eq!(done.location(), "/signed-out");
    assert!(elsewhere.get("/signed-out").await.says("You are signed out"));
    assert!(elsewhere.get("/signed-out?back=https://evil.example").await.says("You are signed out"));
}

/// RFC 9700, section 4.11: no open redirector.
async fn what_does_not_fit_together_ends_nothing(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, leaving).await;
    let other = App::confidential(&site, first_party).await;
    let hint = app.tokens(&mut ada, &[]).await["id_token"].as_str().unwrap().to_owned();
    let (id, other) = (app.id.to_string(), other.id.to_string());
    for with in [
        &[("id_token_hint", hint.as_str()), ("client_id", &other)][..],
        &[("id_token_hint", &hint), ("client_id", "x")],
        &[("id_token_hint", &hint), ("post_logout_redirect_uri", "https://evil.example/")],
        &[("id_token_hint", &hint), ("post_logout_redirect_uri", CALLBACK)],
        &[("client_id", &other), ("post_logout_redirect_uri", OUT)],
        &[("client_id", "x"), ("post_logout_redirect_uri", OUT)],
        &[("client_id", &id), ("client_id", &id)],
    ] {
        let page = ada.get(&end(with)).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{with:?}");
        assert_eq!(ada.get("/profile").await.status, StatusCode::OK, "nothing has ended: {with:?}");
    }
}
