//! What the addresses of the security page show, and which forms stand there.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{StatusCode, request::Parts},
    response::Response,
    routing::get,
};
use chrono::TimeDelta;
use leptos::prelude::*;

use super::{
    RequestContext, Site, cookies, identifiers,
    page::{see_other, with_cookie},
    paths, step_up, undo,
    views::{QueryParams, SiteState, request_context},
};
use crate::{
    domain::{account::Account, code::Channel, error::Error, session::Actor},
    ui::{
        flash::Flash,
        page_context::{PageContext, with_next},
        pages::security::{
            AppRow, AppSetup, AppSetupPage, CodePage, Deactivate, DeactivatePage, FactorRemoval, FactorRemovalPage,
            Identifier, IdentifierCode, IdentifierPage, RecoveryCodes, RecoveryCodesPage, Security, SecurityPage,
            TwoFactor, TwoFactorPage, Username, UsernamePage, Verdict,
        },
    },
};

/// The routes of the security page.
pub(super) fn router() -> Router<Arc<Site>> {
    Router::new()
        .route("/security", get(security))
        .route(paths::EMAIL, get(email))
        .route(paths::EMAIL_CODE, get(email_code))
        .route(paths::PHONE, get(phone))
        .route(paths::PHONE_CODE, get(phone_code))
        .route("/security/username", get(username))
        .route("/security/deactivate", get(deactivate))
        .route(paths::ADD_APP, get(app))
        .route(paths::TWO_FACTOR, get(two_factor))
        .route(paths::TWO_FACTOR_OFF, get(turn_off))
        .route(paths::REMOVE_APP, get(remove_app))
        .route(paths::RECOVERY_CODES, get(recovery_codes))
        .route("/step-up", get(step_up::step_up))
        .route("/undo", get(undo::undo))
}

/// The context of a request with a session; others sign in first.
async fn member(site: &Arc<Site>, parts: &Parts) -> Result<(RequestContext, Actor, Account), Response> {
    let request = request_context(site, parts).await?;
    match (request.actor().ok().cloned(), request.account().cloned()) {
        (Some(actor), Some(account)) => Ok((request, actor, account)),
        _ => Err(see_other(&with_next("/login", Some(request.path())))),
    }
}

impl RequestContext {
    /// One of these pages, with what a form left for it.
    async fn show<V: IntoView + 'static>(
        &self,
        title: &str,
        view: impl FnOnce(PageContext, Flash) -> V + Send + 'static,
    ) -> Response {
        let (flash, cookie) = self.take_flash().await;
        with_cookie(self.page(StatusCode::OK, title, move |context| view(context, flash)), cookie)
    }
}

async fn security(State(site): SiteState, parts: Parts) -> Result<Response, Response> {
    let (request, actor, account) = member(&site, &parts).await?;
    let factors = request.accounts().two_factor_status(&actor).await.map_err(|error| request.outage(&error))?;
    let sessions = request.accounts().sessions(&actor).await.map_err(|error| request.outage(&error))?;
    let apps = request.accounts().apps_with_access(&actor).await.map_err(|error| request.outage(&error))?;
    let context = request.page_context();
    let apps = apps.iter().map(|app| AppRow::of(&context, app)).collect();
    let page = Security { apps, ..Security::of(request.accounts(), &account, &actor, factors, sessions) };
    let title = request.text().security.title;
    Ok(request.show(title, move |context, flash| view! { <SecurityPage context page flash/> }).await)
}

async fn email(state: SiteState, parts: Parts) -> Result<Response, Response> {
    identifier(state, parts, Channel::Email).await
}

async fn phone(state: SiteState, parts: Parts) -> Result<Response, Response> {
    identifier(state, parts, Channel::Sms).await
}

async fn identifier(State(site): SiteState, parts: Parts, channel: Channel) -> Result<Response, Response> {
    let (request, _, account) = member(&site, &parts).await?;
    let waits = request.step_to(identifiers::code_page_of(channel)).is_some();
    let page = Identifier::of(request.accounts(), &account, channel, waits);
    let title = page.title(request.text());
    Ok(request.show(title, move |context, flash| view! { <IdentifierPage context page flash/> }).await)
}

async fn email_code(state: SiteState, parts: Parts) -> Result<Response, Response> {
    identifier_code(state, parts, Channel::Email).await
}

async fn phone_code(state: SiteState, parts: Parts) -> Result<Response, Response> {
    identifier_code(state, parts, Channel::Sms).await
}

async fn identifier_code(State(site): SiteState, parts: Parts, channel: Channel) -> Result<Response, Response> {
    let (request, _, account) = member(&site, &parts).await?;
    let nothing_sent = || see_other(identifiers::page_of(channel));
    let step = request.pending_flow().ok_or_else(nothing_sent)?;
    let code = request.code_step(&step).await.ok_or_else(nothing_sent)?;
    let identifier = Identifier::of(request.accounts(), &account, channel, true);
    let page = IdentifierCode {
        code,
        channel,
        is_change: identifier.pending.is_some(),
        record_version: account.record_version,
    };
    let title = identifier.code_title(request.text());
    Ok(request.show(title, move |context, flash| view! { <CodePage context page flash/> }).await)
}

async fn username(State(site): SiteState, query: QueryParams, parts: Parts) -> Result<Response, Response> {
    let (request, actor, account) = member(&site, &parts).await?;
    let (flash, cookie) = request.take_flash().await;
    let typed = flash.values.get("username").or(query.get("username")).map(|typed| typed.trim().to_owned());
    let verdict = match typed.as_deref().filter(|typed| !typed.is_empty()) {
        Some(typed) if typed == account.username.as_str() => Some(Verdict::Yours),
        Some(typed) => {
            let checked = request.accounts().check_username(Some(&actor), typed).await;
            Some(Verdict::Checked(checked.map_err(|error| request.outage(&error))?))
        }
        None => None,
    };
    let page = Username {
        present: account.username.to_string(),
        typed: typed.unwrap_or_default(),
        verdict,
        record_version: account.record_version,
        script: request.asset("security.js"),
    };
    let title = request.text().username_change.title;
    let response = request.page(StatusCode::OK, title, move |context| view! { <UsernamePage context page flash/> });
    Ok(with_cookie(response, cookie))
}

async fn two_factor(State(site): SiteState, parts: Parts) -> Result<Response, Response> {
    let (request, actor, account) = member(&site, &parts).await?;
    let factors = request.accounts().two_factor_status(&actor).await.map_err(|error| request.outage(&error))?;
    let page = TwoFactor::of(request.accounts(), &account, factors);
    let title = request.text().two_factor.title;
    Ok(request.show(title, move |context, flash| view! { <TwoFactorPage context page flash/> }).await)
}

async fn app(State(site): SiteState, parts: Parts) -> Result<Response, Response> {
    let (request, actor, _) = member(&site, &parts).await?;
    let told = match request.accounts().authenticator_setup(&actor).await {
        Ok(told) => told,
        Err(Error::StepUpRequired) => return Err(request.password_first()),
        Err(Error::CodeNotFound) => return Err(see_other(paths::TWO_FACTOR)),
        Err(error) => return Err(request.outage(&error)),
    };
    let factors = request.accounts().two_factor_status(&actor).await.map_err(|error| request.outage(&error))?;
    let page = AppSetup::of(told, factors.has_app);
    let title = request.text().app_setup.title;
    Ok(request.show(title, move |context, flash| view! { <AppSetupPage context page flash/> }).await)
}

async fn turn_off(state: SiteState, parts: Parts) -> Result<Response, Response> {
    removal(state, parts, false).await
}

async fn remove_app(state: SiteState, parts: Parts) -> Result<Response, Response> {
    removal(state, parts, true).await
}

async fn removal(State(site): SiteState, parts: Parts, of_app: bool) -> Result<Response, Response> {
    let (request, actor, _) = member(&site, &parts).await?;
    let factors = request.accounts().two_factor_status(&actor).await.map_err(|error| request.outage(&error))?;
    if (of_app && !factors.has_app) || (!of_app && !factors.enabled) {
        return Err(see_other(paths::TWO_FACTOR));
    }
    let code = match request.pending_flow() {
        Some(step) => request.code_step(&step).await,
        None => None,
    };
    let page = FactorRemoval::of(of_app, &actor, factors, code);
    let title = page.title(&request.text().factor_removal);
    Ok(request.show(title, move |context, flash| view! { <FactorRemovalPage context page flash/> }).await)
}

/// Shown once.
async fn recovery_codes(State(site): SiteState, parts: Parts) -> Result<Response, Response> {
    let (request, actor, _) = member(&site, &parts).await?;
    let token = request.cookie(cookies::RECOVERY_CODES).ok_or_else(|| see_other(paths::TWO_FACTOR))?;
    let taken = request.accounts().take_recovery_codes(&actor, &token).await.map_err(|error| request.outage(&error))?;
    let cookie = request.set_cookie(cookies::RECOVERY_CODES, "", TimeDelta::zero());
    let Some(codes) = taken else { return Err(with_cookie(see_other(paths::TWO_FACTOR), cookie)) };
    let page = RecoveryCodes { codes, script: request.asset("security.js") };
    let title = request.text().recovery_codes.title;
    let response = request.show(title, move |context, flash| view! { <RecoveryCodesPage context page flash/> }).await;
    Ok(with_cookie(response, cookie))
}

async fn deactivate(State(site): SiteState, parts: Parts) -> Result<Response, Response> {
    let (request, _, account) = member(&site, &parts).await?;
    let page = Deactivate::of(&account);
    let title = request.text().deactivate.title;
    Ok(request.show(title, move |context, flash| view! { <DeactivatePage context page flash/> }).await)
}
