//! What tokens say, where each is good, and what they are worth to whom.

use chrono::TimeDelta;
use nameplate::domain::{client::Scope, oidc::app::Algorithm};
use serde_json::json;

use super::*;
use crate::ui::browser::on_both_engines;

on_both_engines!(
    each_token_is_of_its_kind,
    tokens_are_good_where_they_are_meant_for,
    introspection_tells_whom_it_may,
    revocation_ends_the_session_of_the_app,
);

async fn each_token_is_of_its_kind(site: Site) {
    let mut ada = site.ada().await;
    for alg in Algorithm::ALL {
        let choose = |app: &mut Settings| {
            app.first_party = true;
            app.alg = alg;
        };
        let app = App::confidential(&site, choose).await;
        let with = [("scope", "openid offline_access read urn:logto:scope:organizations"), ("resource", API)];
        let code = app.code(&mut ada, &with).await;
        let tokens = app.exchange(&code).await.expect(200);
        assert_eq!(tokens["scope"], "openid offline_access", "what is unknown here is left out");
        let (head, claims) = (header(&tokens["id_token"]), payload(&tokens["id_token"]));
        assert_eq!((&head["alg"], &head["typ"]), (&json!(alg.as_str()), &json!("JWT")));
        let keys = site.server().call("GET /oidc/jwks").send().await.expect(200);
        let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == head["kid"]).unwrap();
        assert_eq!((&key["alg"], &key["use"]), (&head["alg"], &json!("sig")));
        let now = site.server().now().timestamp();
        assert_eq!((&claims["aud"], &claims["iat"], &claims["exp"]), (&json!(app.id), &json!(now), &json!(now + 3600)));
        assert_eq!((&claims["acr"], &claims["amr"]), (&json!("urn:nameplate:acr:1"), &json!(["pwd"])));
        assert_eq!((&claims["nonce"], &claims["iss"]), (&json!("n0nce"), &json!("http://localhost:3000/oidc")));
        let half = claims["at_hash"].as_str().unwrap().len();
        assert_eq!(half, if alg == Algorithm::EdDSA { 43 } else { 22 }, "the left half of the hash");

        let (head, access) = (header(&tokens["access_token"]), payload(&tokens["access_token"]));
        assert_eq!((&head["alg"], &head["typ"]), (&json!("EdDSA"), &json!("at+jwt")), "our own endpoint reads it");
        assert_eq!(access["aud"], "http://localhost:3000/oidc/me");
        assert_eq!(access["exp"].as_i64().unwrap() - access["iat"].as_i64().unwrap(), 600);
        for claim in ["iss", "sub", "client_id", "scope", "sid", "jti", "auth_time", "acr", "nbf"] {
            assert!(!access[claim].is_null(), "{claim}");
        }
        let refresh = tokens["refresh_token"].as_str().unwrap();
        let for_api = app.refresh(refresh, &[("resource", API)]).await.expect(200);
        let (head, access) = (header(&for_api["access_token"]), payload(&for_api["access_token"]));
        assert_eq!((&head["alg"], &access["aud"]), (&json!(alg.as_str()), &json!(API)));
        assert_eq!((&access["scope"], &for_api["scope"]), (&json!("read"), &json!("read")));
    }
}

/// Token confusion between doors (RFC 9068, section 5; RFC 9700, section 4.10).
async fn tokens_are_good_where_they_are_meant_for(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, first_party).await;
    let with = [("scope", "openid read offline_access"), ("resource", API)];
    let tokens = app.tokens(&mut ada, &with).await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let for_api = app.refresh(refresh, &[("resource", API)]).await.expect(200);
    let access = tokens["access_token"].as_str().unwrap();
    app.me(access).await.expect(200);
    let person = site.server().sign_in(EMAIL).await;
    let id_token = tokens["id_token"].as_str().unwrap();
    for other in [for_api["access_token"].as_str().unwrap(), id_token, &person.access, refresh, "x", ""] {
        refused(&app.me(other).await, 401, "invalid_token");
    }
    for token in [access, for_api["access_token"].as_str().unwrap(), id_token] {
        for route in ["GET /auth-api/currentuser", "GET /api/v1/profile/me", "GET /api/users"] {
            let reply = site.server().call(route).bearer(token).send().await;
            assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{route}");
        }
    }
    let call = |route: &str| site.server().call(route);
    refused(&call("GET /oidc/me").send().await, 401, "invalid_token");
    assert_eq!(call("GET /oidc/me").send().await.header("www-authenticate"), "Bearer", "RFC 6750, section 3.1");
    let bad = call("GET /oidc/me").bearer("x").send().await;
    assert!(bad.header("www-authenticate").contains("error=\"invalid_token\""));
    refused(&call(&format!("GET /oidc/me?access_token={access}")).send().await, 401, "invalid_token");
    let form = "application/x-www-form-urlencoded";
    call("POST /oidc/me").body(form, format!("access_token={access}")).send().await.expect(200);
    call("POST /oidc/me").bearer(access).send().await.expect(200);
    let both = call("POST /oidc/me").bearer(access).body(form, format!("access_token={access}")).send().await;
    refused(&both, 400, "invalid_request");
    let code = app.code(&mut ada, &[("scope", "read"), ("resource", API)]).await;
    let without = app.exchange(&code).await.expect(200);
    assert!(without.get("id_token").is_none());
    let told = app.me(without["access_token"].as_str().unwrap()).await;
    refused(&told, 403, "insufficient_scope");
    site.advance(TimeDelta::minutes(10) + TimeDelta::seconds(6));
    refused(&app.me(access).await, 401, "invalid_token");
}

/// RFC 7662, section 4: nobody hears of tokens that are not theirs.
async fn introspection_tells_whom_it_may(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, first_party).await;
    let api = App::confidential(&site, |_| {}).await;
    let stranger = App::confidential(&site, |app| app.resources.clear()).await;
    let with = [("scope", "openid read offline_access"), ("resource", API)];
    let tokens = app.tokens(&mut ada, &with).await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let for_api = app.refresh(refresh, &[("resource", API)]).await.expect(200);
    let refresh = for_api["refresh_token"].as_str().unwrap();
    let (access, for_api) = (tokens["access_token"].as_str().unwrap(), for_api["access_token"].as_str().unwrap());
    let ask =
        async |who: &App<'_>, token: &str| who.post("/oidc/token/introspection", &[("token", token)]).await.expect(200);
    let told = ask(&app, access).await;
    assert_eq!((&told["active"], &told["client_id"]), (&json!(true), &json!(app.id)));
    assert_eq!(told["sub"], payload(&tokens["id_token"])["sub"]);
    assert_eq!(ask(&app, refresh).await["token_type"], "refresh_token");
    assert_eq!(ask(&api, for_api).await["scope"], "read", "the API that it is for");
    let made = site.server().accounts.create_client("Shop", Scope::All).await.unwrap();
    let service = App { site: &site, id: made.client.id, secret: Some(made.secret) };
    for token in [access, for_api, refresh] {
        assert_eq!(ask(&service, token).await["active"], true);
        assert_eq!(ask(&stranger, token).await, json!({ "active": false }));
    }
    let powerless = site.server().accounts.create_client("Reader", Scope::None).await.unwrap();
    let powerless = App { site: &site, id: powerless.client.id, secret: Some(powerless.secret) };
    let person = site.server().sign_in(EMAIL).await;
    for (who, token) in
        [(&powerless, access), (&api, access), (&api, refresh), (&service, &person.access), (&service, &person.refresh)]
    {
        assert_eq!(ask(who, token).await, json!({ "active": false }));
    }
    let public = App::public(&site, first_party).await;
    refused(&public.post("/oidc/token/introspection", &[("token", access)]).await, 401, "invalid_client");
    refused(&app.post("/oidc/token/introspection", &[]).await, 400, "invalid_request");
    ada.send("sign-out", &[]).await;
    for token in [access, for_api, refresh] {
        assert_eq!(ask(&service, token).await, json!({ "active": false }), "at once");
    }
}

/// RFC 7009, section 2.
async fn revocation_ends_the_session_of_the_app(site: Site) {
    let mut ada = site.ada().await;
    let app = App::public(&site, first_party).await;
    let other = App::confidential(&site, first_party).await;
    for kind in ["access_token", "refresh_token"] {
        let tokens = app.tokens(&mut ada, &[("scope", "openid offline_access")]).await;
        let token = tokens[kind].as_str().unwrap();
        refused(&other.post("/oidc/token/revocation", &[("token", token)]).await, 400, "invalid_grant");
        app.me(tokens["access_token"].as_str().unwrap()).await.expect(200);
        for unknown in ["x", token, token] {
            assert_eq!(app.post("/oidc/token/revocation", &[("token", unknown)]).await.expect(200), json!({}));
        }
        refused(&app.me(tokens["access_token"].as_str().unwrap()).await, 401, "invalid_token");
        refused(&app.refresh(tokens["refresh_token"].as_str().unwrap(), &[]).await, 400, "invalid_grant");
    }
    refused(&app.post("/oidc/token/revocation", &[]).await, 400, "invalid_request");
    let person = site.server().sign_in(EMAIL).await;
    app.post("/oidc/token/revocation", &[("token", &person.refresh)]).await.expect(200);
    assert!(site.server().is_signed_in(&person).await, "a wrong door ends nothing");
}
