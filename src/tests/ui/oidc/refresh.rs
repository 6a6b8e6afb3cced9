//! Refresh tokens (RFC 6749, section 6; RFC 9700, section 4.14).

use chrono::TimeDelta;

use super::*;
use crate::ui::browser::on_both_engines;

on_both_engines!(
    a_refresh_token_is_rotated_with_a_grace_of_thirty_seconds,
    a_refused_try_rotates_nothing,
    two_servers_agree_on_one_successor,
    they_live_to_their_own_end,
    what_ends_the_browser_session_ends_them,
    the_oldest_of_many_goes,
);

const OFFLINE: (&str, &str) = ("scope", "openid profile offline_access");

fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap_or_else(|| panic!("no {name} in {tokens}"))
}

async fn a_refresh_token_is_rotated_with_a_grace_of_thirty_seconds(site: Site) {
    let mut ada = site.ada().await;
    let app = App::public(&site, first_party).await;
    let first = app.tokens(&mut ada, &[OFFLINE]).await;
    site.advance(TimeDelta::minutes(20));
    let second = app.refresh(text(&first, "refresh_token"), &[]).await.expect(200);
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    app.me(text(&second, "access_token")).await.expect(200);
    let [before, after] = [&first, &second].map(|tokens| payload(&tokens["id_token"]));
    for same in ["sub", "aud", "sid", "auth_time", "acr", "amr", "iss"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert!(after["iat"].as_i64() > before["iat"].as_i64() && after.get("nonce").is_none(), "Core, section 12.2");
    site.advance(TimeDelta::seconds(30));
    let again = app.refresh(text(&first, "refresh_token"), &[]).await.expect(200);
    assert_eq!(again["refresh_token"], second["refresh_token"], "the same successor");
    app.refresh(text(&second, "refresh_token"), &[]).await.expect(200);
    site.advance(TimeDelta::seconds(1));
    let other = App::public(&site, first_party).await;
    refused(&other.refresh(text(&first, "refresh_token"), &[]).await, 400, "invalid_grant");
    app.me(text(&again, "access_token")).await.expect(200);
    refused(&app.refresh(text(&first, "refresh_token"), &[]).await, 400, "invalid_grant");
    refused(&app.me(text(&again, "access_token")).await, 401, "invalid_token");
    assert_eq!(site.server().activity_of(EMAIL).await[0], "refresh-token-reused");
    assert!(site.server().last_message_to(EMAIL).await.subject.contains("Notes was signed out"));
    assert_eq!(ada.get("/profile").await.status, StatusCode::OK);
}

async fn a_refused_try_rotates_nothing(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, first_party).await;
    let with = [("scope", "openid profile offline_access read"), ("resource", API)];
    let tokens = app.tokens(&mut ada, &with).await;
    let refresh = text(&tokens, "refresh_token");
    refused(&app.refresh(refresh, &[("scope", "openid email")]).await, 400, "invalid_scope");
    refused(&app.refresh(refresh, &[("resource", "https://other.example")]).await, 400, "invalid_target");
    let wrong = App { site: &site, id: app.id, secret: Some("wrong".to_owned()) };
    refused(&wrong.refresh(refresh, &[]).await, 401, "invalid_client");
    // Neither door takes the other's, and nothing ends.
    let body = serde_json::json!({ "refreshToken": refresh });
    for route in ["POST /auth-api/refresh", "POST /api/v1/auth/refresh"] {
        assert_eq!(site.server().call(route).json(&body).send().await.status, StatusCode::UNAUTHORIZED, "{route}");
    }
    site.server().call("POST /api/v1/auth/logout").json(&body).send().await;
    let person = site.server().sign_in(EMAIL).await;
    refused(&app.refresh(&person.refresh, &[]).await, 400, "invalid_grant");
    assert!(site.server().is_signed_in(&person).await);
    site.advance(TimeDelta::minutes(1));
    let fresh = app.refresh(refresh, &[("scope", "openid")]).await.expect(200);
    assert_eq!(fresh["scope"], "openid");
    let for_api = app.refresh(text(&fresh, "refresh_token"), &[("resource", API)]).await.expect(200);
    assert_eq!(for_api["scope"], "read", "the refresh token keeps all");
    assert_eq!(payload(&for_api["access_token"])["aud"], API);
}

async fn two_servers_agree_on_one_successor(site: Site) {
    let mut ada = site.ada().await;
    let app = App::public(&site, first_party).await;
    let tokens = app.tokens(&mut ada, &[OFFLINE]).await;
    let other =
        site.server().beside(|parts| parts.settings.public_url = "http://localhost:3000".parse().unwrap()).await;
    let client = site.server().accounts.client_for_operator(app.id).await.unwrap();
    let (token, origin) = (text(&tokens, "refresh_token"), crate::harness::origin());
    let accounts = [&site.server().accounts, &other.accounts, &site.server().accounts, &other.accounts];
    let tries = accounts.map(|accounts| accounts.refresh_app(&client, token, None, None, &origin));
    let given = futures::future::join_all(tries).await;
    let successors: std::collections::BTreeSet<_> = given.into_iter().map(|tokens| tokens.unwrap().refresh).collect();
    assert_eq!(successors.len(), 1);
}

async fn they_live_to_their_own_end(site: Site) {
    let mut ada = site.ada().await;
    let days = |app: &mut Settings| {
        app.first_party = true;
        app.refresh_days = 60;
    };
    let app = App::public(&site, days).await;
    let online = App::public(&site, first_party).await;
    let first = app.tokens(&mut ada, &[OFFLINE]).await;
    let other = online.tokens(&mut ada, &[]).await;
    // The browser session runs out after thirty days without use; that is no end for what is held offline.
    site.advance(TimeDelta::days(40));
    assert_eq!(ada.get("/profile").await.status, StatusCode::SEE_OTHER);
    site.server().accounts.sweep().await.unwrap();
    let second = app.refresh(text(&first, "refresh_token"), &[]).await.expect(200);
    refused(&online.me(text(&other, "access_token")).await, 401, "invalid_token");
    site.advance(TimeDelta::days(20));
    refused(&app.refresh(text(&second, "refresh_token"), &[]).await, 400, "invalid_grant");
}

/// Contract, sections 2 and 3: each end, and each token.
async fn what_ends_the_browser_session_ends_them(site: Site) {
    let app = App::confidential(&site, first_party).await;
    let ends = ["sign out", "end all", "password", "archive", "lock", "revoke"];
    for (number, end) in ends.into_iter().enumerate() {
        let email = format!("person{number}@example.com");
        site.advance(TimeDelta::minutes(11));
        let mut browser = site.person(&email, "Ada Lovelace").await;
        let tokens = app.tokens(&mut browser, &[OFFLINE]).await;
        let code = app.code(&mut browser, &[]).await;
        let person = site.server().sign_in(&email).await;
        let actor = site.server().actor(&person).await;
        let accounts = &site.server().accounts;
        match end {
            "sign out" => drop(browser.send("sign-out", &[]).await),
            "end all" => {
                accounts.end_all_sessions(&actor, false).await.unwrap();
            }
            "password" => {
                let expected = nameplate::service::Expectation::Any;
                accounts
                    .change_password(&actor, person.account.id, PASSWORD, "Marble lanterns hum 52", None, expected)
                    .await
                    .unwrap();
            }
            "archive" => {
                let expected = nameplate::service::Expectation::Any;
                accounts.archive(&actor, person.account.id, None, expected).await.unwrap();
            }
            "lock" => site.server().lock(person.account.id).await,
            _ => accounts.revoke_client(app.id).await.unwrap(),
        }
        let refusal = if end == "revoke" { (401, "invalid_client") } else { (400, "invalid_grant") };
        refused(&app.me(text(&tokens, "access_token")).await, 401, "invalid_token");
        refused(&app.refresh(text(&tokens, "refresh_token"), &[]).await, refusal.0, refusal.1);
        refused(&app.exchange(&code).await, refusal.0, refusal.1);
    }
}

async fn the_oldest_of_many_goes(site: Site) {
    let mut ada = site.ada().await;
    let app = App::public(&site, first_party).await;
    let mut given = Vec::new();
    for _ in 0..22 {
        given.push(app.tokens(&mut ada, &[OFFLINE]).await);
        site.advance(TimeDelta::seconds(10));
    }
    // Unknown, not reused: the session goes on.
    refused(&app.refresh(text(&given[1], "refresh_token"), &[]).await, 400, "invalid_grant");
    for kept in &given[2..] {
        app.refresh(text(kept, "refresh_token"), &[]).await.expect(200);
    }
}
