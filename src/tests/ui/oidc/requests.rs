//! Requests that are not as they must be (Core, section 3.1.2.6; RFC 6749, section 4.1.2.1).

use axum::{
    body::Body,
    http::{Request, header},
};

use super::*;
use crate::ui::browser::on_both_engines;

on_both_engines!(
    what_cannot_be_answered_to_an_app_is_said_on_a_page,
    the_app_is_told_what_to_change,
    a_form_is_answered_with_a_link,
    answers_can_be_posted,
);

/// RFC 9700, section 4.11: nobody is led to an address that is not registered.
async fn what_cannot_be_answered_to_an_app_is_said_on_a_page(site: Site) {
    let app = App::confidential(&site, first_party).await;
    let service = site.server().accounts.create_client("Shop", nameplate::domain::client::Scope::All).await.unwrap();
    let (nobody, service) = (Uuid::nil().to_string(), service.client.id.to_string());
    let mut browser = site.browser();
    for (with, words) in [
        (("client_id", ""), "client_id"),
        (("client_id", "notes"), "client_id"),
        (("client_id", nobody.as_str()), "client_id"),
        (("client_id", service.as_str()), "client_id"),
        (("redirect_uri", ""), "redirect_uri"),
        (("redirect_uri", "https://evil.example/callback"), "redirect_uri"),
        (("redirect_uri", "https://notes.example/callback/"), "redirect_uri"),
        (("redirect_uri", "https://notes.example/callback?a=b"), "redirect_uri"),
        (("redirect_uri", "https://NOTES.example/callback"), "redirect_uri"),
        (("redirect_uri", "http://notes.example/callback"), "redirect_uri"),
        (("redirect_uri", "javascript:alert(1)"), "redirect_uri"),
    ] {
        let page = browser.get(&app.request(&[with])).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{with:?}");
        assert!(page.says(words) && !page.headers.contains_key(header::LOCATION), "{with:?}");
    }
    let twice = format!("{}&redirect_uri=https%3A%2F%2Fevil.example", app.request(&[]));
    assert_eq!(browser.get(&twice).await.status, StatusCode::BAD_REQUEST);
    let json = Request::get(app.request(&[("client_id", "x")])).header(header::ACCEPT, "application/json");
    let told = browser.ask(json.body(Body::empty()).unwrap()).await;
    assert_eq!((told.status, &told.json()["code"]), (StatusCode::BAD_REQUEST, &"oidc.invalid_client".into()));
    for unreadable in ["%ff", "a%00b", &"s".repeat(9000)] {
        let page = browser.get(&format!("{}&ui_locales={unreadable}", app.request(&[]))).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{unreadable:.9}");
    }
    site.server().accounts.revoke_client(app.id).await.unwrap();
    assert_eq!(browser.get(&app.request(&[])).await.status, StatusCode::BAD_REQUEST, "revoked");
}

async fn the_app_is_told_what_to_change(site: Site) {
    let app = App::public(&site, first_party).await;
    let mut browser = site.browser();
    let long = "x".repeat(2049);
    for (with, error) in [
        (&[("response_type", "")][..], "invalid_request"),
        (&[("response_type", "token")], "unsupported_response_type"),
        (&[("response_type", "code id_token")], "unsupported_response_type"),
        (&[("response_mode", "fragment")], "invalid_request"),
        (&[("scope", "")], "invalid_scope"),
        (&[("scope", "profile email")], "invalid_scope"),
        (&[("resource", "https://other.example")], "invalid_target"),
        (&[("prompt", "none login")], "invalid_request"),
        (&[("prompt", "wizard")], "invalid_request"),
        (&[("max_age", "soon")], "invalid_request"),
        (&[("max_age", "-1")], "invalid_request"),
        (&[("request", "eyJ")], "request_not_supported"),
        (&[("request_uri", "https://a.example")], "request_uri_not_supported"),
        (&[("registration", "{}")], "registration_not_supported"),
        (&[("nonce", long.as_str())], "invalid_request"),
        // RFC 7636, section 4.4.1; RFC 9700, section 2.1.1.
        (&[("code_challenge", ""), ("code_challenge_method", "")], "invalid_request"),
        (&[("code_challenge", "")], "invalid_request"),
        (&[("code_challenge_method", "plain")], "invalid_request"),
        (&[("code_challenge_method", "")], "invalid_request"),
        (&[("code_challenge", "short")], "invalid_request"),
    ] {
        let told = answered(&browser.get(&app.request(with)).await);
        assert_eq!((told.error().as_str(), told.get("state").as_deref()), (error, Some("s t&te")), "{with:?}");
        let is_pkce = with.iter().any(|(name, _)| name.starts_with("code_challenge"));
        assert_eq!(told.get("error_description").unwrap().contains("PKCE"), is_pkce, "{with:?}");
        assert!(told.0.as_str().starts_with(CALLBACK));
    }
    for name in ["scope", "state", "nonce", "prompt", "max_age", "login_hint", "code_challenge", "response_mode"] {
        let twice = format!("{}&{name}=a&{name}=b", app.request(&[(name, "")]));
        let told = answered(&browser.get(&twice).await);
        assert_eq!(told.error(), "invalid_request", "{name}");
        assert!(told.get("error_description").unwrap().contains(name));
    }
    for fine in [("unknown", "x"), ("acr_values", "urn:other"), ("display", "popup"), ("scope", "openid openid urn:x")]
    {
        let led = browser.get(&app.request(&[fine])).await;
        assert!(led.location().starts_with("/login?next="), "{fine:?}");
    }
}

/// Core, section 3.1.2.1: POST, too. The Lax cookie comes with the link alone.
async fn a_form_is_answered_with_a_link(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, first_party).await;
    let query = app.request(&[]).split_once('?').unwrap().1.to_owned();
    let post = |media_type: &str, body: String| {
        Request::post("/oidc/auth").header(header::CONTENT_TYPE, media_type).body(Body::from(body)).unwrap()
    };
    let form = "application/x-www-form-urlencoded";
    let led = ada.ask(post(form, query.clone())).await;
    assert!(led.location().starts_with("/oidc/auth?"), "{}", led.location());
    answered(&ada.get(led.location()).await).code();
    assert_eq!(ada.ask(post("application/json", query.clone())).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(ada.ask(post(form, "a=%00".to_owned())).await.status, StatusCode::BAD_REQUEST);
    for long in [9_000, 70_000] {
        assert_eq!(ada.ask(post(form, format!("a={}", "b".repeat(long)))).await.status.as_u16() / 100, 4, "{long}");
    }
}

/// OAuth 2.0 Form Post Response Mode, section 2.
async fn answers_can_be_posted(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, first_party).await;
    let page = ada.get(&app.request(&[("response_mode", "form_post"), ("state", "\"><script>x</script>")])).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains(&format!("action=\"{CALLBACK}\"")) && page.body.contains("method=\"post\""),
        "{}",
        page.body
    );
    assert!(!page.body.contains("<script>x"), "{}", page.body);
    assert!(page.extensions.get::<nameplate::ui::form_target::AnyFormTarget>().is_some());
    assert_eq!(page.value("iss").as_deref(), Some("http://localhost:3000/oidc"));
    app.exchange(&page.value("code").unwrap()).await.expect(200);
    let page = ada.get(&app.request(&[("response_mode", "form_post"), ("prompt", "wizard")])).await;
    assert_eq!(page.value("error").as_deref(), Some("invalid_request"));
}
