//! Apps are told that somebody signed out (OpenID Connect Back-Channel Logout 1.0).

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use chrono::TimeDelta;
use nameplate::{
    domain::client::Scope,
    ports::back_channel::{BackChannel, Delivery},
    service::management::Access,
};
use serde_json::json;

use super::*;
use crate::ui::browser::on_both_engines;

on_both_engines!(
    an_app_is_told_of_each_end,
    an_app_that_does_not_answer_is_tried_again,
    a_deleted_account_is_not_named
);

const THERE: &str = "https://notes.example/backchannel";

/// An app that takes what it is told, or not.
#[derive(Default)]
struct FakeApp {
    answers: Mutex<Vec<Delivery>>,
    told: Mutex<Vec<(String, Value)>>,
}

#[async_trait]
impl BackChannel for FakeApp {
    async fn post(&self, uri: &str, logout_token: &str) -> Delivery {
        let token = Value::String(logout_token.to_owned());
        assert_eq!((&header(&token)["typ"], &header(&token)["alg"]), (&json!("logout+jwt"), &json!("RS256")));
        self.told.lock().unwrap_or_else(PoisonError::into_inner).push((uri.to_owned(), payload(&token)));
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or(Delivery::Done)
    }
}

impl FakeApp {
    fn told(&self) -> Vec<(String, Value)> {
        std::mem::take(&mut self.told.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn answer(&self, answer: Delivery) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).push(answer);
    }
}

fn listening(app: &mut Settings) {
    app.first_party = true;
    app.backchannel_logout_uri = Some(THERE.to_owned());
}

async fn an_app_is_told_of_each_end(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, listening).await;
    let deaf = App::confidential(&site, first_party).await;
    let channel = FakeApp::default();
    let accounts = &site.server().accounts;
    for end in ["sign out", "revocation", "a code used twice", "removed"] {
        let mut browser = site.browser();
        browser.send("sign-in", &[("identifier", EMAIL), ("password", PASSWORD)]).await;
        deaf.code(&mut browser, &[]).await;
        let code = app.code(&mut browser, &[]).await;
        let tokens = app.exchange(&code).await.expect(200);
        let id_token = payload(&tokens["id_token"]);
        assert_eq!(accounts.tell_apps(&channel).await.unwrap(), 0, "nothing has ended");
        match end {
            "sign out" => {
                browser.send("sign-out", &[]).await;
            }
            "revocation" => {
                let token = tokens["access_token"].as_str().unwrap();
                app.post("/oidc/token/revocation", &[("token", token)]).await.expect(200);
            }
            "a code used twice" => refused(&app.exchange(&code).await, 400, "invalid_grant"),
            _ => {
                ada.send("remove-app", &[("id", &app.id.to_string()), ("step_up_password", PASSWORD)]).await;
            }
        }
        assert_eq!(accounts.tell_apps(&channel).await.unwrap(), 1, "{end}");
        let told = channel.told();
        let [(uri, claims)] = told.as_slice() else { panic!("{end}: {told:?}") };
        assert_eq!(
            (uri.as_str(), &claims["sid"], &claims["sub"]),
            (THERE, &id_token["sid"], &id_token["sub"]),
            "{end}"
        );
        assert_eq!((&claims["aud"], &claims["iss"]), (&id_token["aud"], &id_token["iss"]));
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 120);
        assert!(claims["jti"].is_string() && claims.get("nonce").is_none());
        assert_eq!(claims["events"], json!({ "http://schemas.openid.net/event/backchannel-logout": {} }));
        assert_eq!(accounts.tell_apps(&channel).await.unwrap(), 0, "once");
    }
}

async fn an_app_that_does_not_answer_is_tried_again(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, listening).await;
    let channel = FakeApp::default();
    let accounts = &site.server().accounts;
    app.code(&mut ada, &[]).await;
    ada.send("sign-out", &[]).await;
    channel.answer(Delivery::TryAgain("503".to_owned()));
    assert_eq!(accounts.tell_apps(&channel).await.unwrap(), 1);
    assert_eq!(accounts.tell_apps(&channel).await.unwrap(), 0, "not at once");
    let first = channel.told().remove(0).1;
    site.advance(TimeDelta::seconds(5));
    let other =
        site.server().beside(|parts| parts.settings.public_url = "http://localhost:3000".parse().unwrap()).await;
    let (one, two) = tokio::join!(accounts.tell_apps(&channel), other.accounts.tell_apps(&channel));
    assert!(one.is_ok() && two.is_ok());
    let told = channel.told();
    assert_eq!(told.len(), 1, "by one of two servers");
    assert_ne!(told[0].1["jti"], first["jti"], "signed anew");

    let mut ada = site.browser();
    ada.send("sign-in", &[("identifier", EMAIL), ("password", PASSWORD)]).await;
    app.code(&mut ada, &[]).await;
    ada.send("sign-out", &[]).await;
    for _ in 0..40 {
        channel.answer(Delivery::TryAgain("503".to_owned()));
        accounts.tell_apps(&channel).await.unwrap();
        site.advance(TimeDelta::hours(1));
    }
    let tries = channel.told().len();
    assert!((10..=26).contains(&tries), "{tries} tries in a day");
    app_refuses(&site, &app, &channel).await;
}

async fn app_refuses(site: &Site, app: &App<'_>, channel: &FakeApp) {
    let mut ada = site.browser();
    ada.send("sign-in", &[("identifier", EMAIL), ("password", PASSWORD)]).await;
    app.code(&mut ada, &[]).await;
    ada.send("sign-out", &[]).await;
    channel.answers.lock().unwrap_or_else(PoisonError::into_inner).clear();
    channel.answer(Delivery::Refused("400".to_owned()));
    assert_eq!(site.server().accounts.tell_apps(channel).await.unwrap(), 1);
    site.advance(TimeDelta::hours(2));
    assert_eq!(site.server().accounts.tell_apps(channel).await.unwrap(), 0, "final");
}

async fn a_deleted_account_is_not_named(site: Site) {
    let mut ada = site.ada().await;
    let app = App::confidential(&site, listening).await;
    let channel = FakeApp::default();
    let tokens = app.tokens(&mut ada, &[]).await;
    let accounts = &site.server().accounts;
    let made = accounts.create_client("Shop", Scope::All).await.unwrap();
    let resource = accounts.resource("https://default.logto.app/api").unwrap();
    let token = accounts.issue_management_token(&made.client, &resource, "all").unwrap().access;
    let operation = "DELETE /api/users/{userId}".to_owned();
    let access = Access::new(accounts, &token, operation, crate::harness::origin()).await.unwrap();
    let account = accounts.find_for_operator(EMAIL).await.unwrap();
    accounts.delete_managed(&access, account.id).await.unwrap();
    assert_eq!(site.server().accounts.tell_apps(&channel).await.unwrap(), 1);
    let told = channel.told().remove(0).1;
    assert_eq!(told["sid"], payload(&tokens["id_token"])["sid"]);
    assert!(told.get("sub").is_none(), "{told}");
}
