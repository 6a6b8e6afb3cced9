//! What each address shows.

use std::{collections::HashMap, sync::Arc};

use axum::{
    extract::{Query, State},
    http::{HeaderValue, StatusCode, header::ETAG, request::Parts},
    response::Response,
};
use leptos::prelude::*;

use super::{
    RequestContext, Site,
    page::{see_other, with_cookie},
    pending_flow::PendingFlow,
};
use crate::{
    domain::{account::Account, code::Channel, error::Error, next::LocalPath},
    ui::{
        page_context::with_next,
        pages::{
            ConfirmRegistration, ConfirmRegistrationPage, Forgot, ForgotPage, Login, LoginPage, OutageKind, Profile,
            ProfilePage, Register, RegisterPage, Reset, ResetPage, Restore, RestorePage, TimeZoneList, TimeZonePage,
        },
        remote_picture::RemotePicture,
    },
};

pub(super) type SiteState = State<Arc<Site>>;
pub(super) type QueryParams = Query<HashMap<String, String>>;

pub(super) async fn request_context(site: &Arc<Site>, parts: &Parts) -> Result<RequestContext, Response> {
    let mut request = RequestContext::anonymous(site, parts);
    let query = parts.uri.query();
    let found = match request.identify().await {
        Ok(()) => match request.follow(query).await {
            Ok(()) => request.find_return(query).await,
            error => error,
        },
        error => error,
    };
    match found {
        Ok(()) => Ok(request),
        Err(error) => Err(request.outage(&error)),
    }
}

/// The context of a request without a session; whoever is signed in goes on to where they wanted.
async fn stranger(site: &Arc<Site>, parts: &Parts, next: Option<&LocalPath>) -> Result<RequestContext, Response> {
    let request = request_context(site, parts).await?;
    match request.account() {
        Some(_) if !request.must_sign_in() => Err(see_other(next.map_or("/profile", LocalPath::as_str))),
        _ => Ok(request),
    }
}

pub(super) fn next(query: &QueryParams) -> Option<LocalPath> {
    query.get("next").and_then(|next| LocalPath::parse(next))
}

/// The same as text, for a page to which a step leads: what is too long for that one's cookie stands in its address.
fn asked_next(query: &QueryParams) -> Option<String> {
    next(query).map(|next| next.to_string())
}

/// `/`: the profile, or signing in.
pub async fn home(State(site): SiteState, parts: Parts) -> Result<Response, Response> {
    let request = request_context(&site, &parts).await?;
    Ok(see_other(if request.account().is_some() { "/profile" } else { "/login" }))
}

pub async fn login(State(site): SiteState, query: QueryParams, parts: Parts) -> Result<Response, Response> {
    let next = next(&query);
    let request = stranger(&site, &parts, next.as_ref()).await?;
    match request.challenge().await {
        Ok(challenge) => {
            let (wanted, next) = (query.get("method").map(String::as_str), next.map(|next| next.to_string()));
            return Ok(request.second_step_page(challenge, wanted, next).await);
        }
        Err(Error::Unauthenticated | Error::Locked) => {}
        Err(error) => return Err(request.outage(&error)),
    }
    let (flash, cookie) = request.take_flash().await;
    let flash = request.filled_in(flash, "identifier");
    let page =
        Login { identifier: request.accounts().settings().login_identifier, next: next.map(|next| next.to_string()) };
    let title = request.text().login.title;
    let response = request.page(StatusCode::OK, title, move |context| view! { <LoginPage context page flash/> });
    Ok(with_cookie(response, cookie))
}

pub async fn restore(State(site): SiteState, query: QueryParams, parts: Parts) -> Result<Response, Response> {
    let request = stranger(&site, &parts, None).await?;
    let PendingFlow { token, next, .. } = request.pending_flow().ok_or_else(|| see_other("/login"))?;
    let next = next.or_else(|| asked_next(&query));
    let offer = match request.accounts().read_restore_offer(&token).await {
        Ok(offer) => offer,
        Err(Error::Unauthenticated) => return Err(see_other("/login")),
        Err(error) => return Err(request.outage(&error)),
    };
    let (flash, cookie) = request.take_flash().await;
    let page = Restore { token, name: offer.name, archived_at: offer.archived_at, purge_at: offer.purge_at, next };
    let title = request.text().restore.title;
    let response = request.page(StatusCode::OK, title, move |context| view! { <RestorePage context page flash/> });
    Ok(with_cookie(response, cookie))
}

pub async fn register(State(site): SiteState, query: QueryParams, parts: Parts) -> Result<Response, Response> {
    let next = next(&query);
    let request = stranger(&site, &parts, next.as_ref()).await?;
    let (flash, cookie) = request.take_flash().await;
    let flash = request.filled_in(flash, "email");
    let accounts = request.accounts();
    let (identifier, policy) = (accounts.offered_identifier(), accounts.settings().password_policy);
    let page = Register { identifier, policy, next: next.map(|next| next.to_string()) };
    let title = request.text().register.title;
    let response = request.page(StatusCode::OK, title, move |context| view! { <RegisterPage context page flash/> });
    Ok(with_cookie(response, cookie))
}

pub async fn confirm_registration(
    State(site): SiteState,
    query: QueryParams,
    parts: Parts,
) -> Result<Response, Response> {
    let request = stranger(&site, &parts, None).await?;
    let step = request.pending_flow().ok_or_else(|| see_other("/register"))?;
    let code = request.code_step(&step).await.ok_or_else(|| see_other("/register"))?;
    let (flash, cookie) = request.take_flash().await;
    let text = &request.text().confirm_registration;
    let title = if code.channel == Channel::Email { text.title_email } else { text.title_sms };
    let page = ConfirmRegistration { code, next: step.next.or_else(|| asked_next(&query)) };
    let response =
        request.page(StatusCode::OK, title, move |context| view! { <ConfirmRegistrationPage context page flash/> });
    Ok(with_cookie(response, cookie))
}

pub async fn forgot(State(site): SiteState, query: QueryParams, parts: Parts) -> Result<Response, Response> {
    let next = next(&query);
    let request = stranger(&site, &parts, next.as_ref()).await?;
    let (flash, cookie) = request.take_flash().await;
    let flash = request.filled_in(flash, "identifier");
    let identifier = request.accounts().offered_identifier();
    let page = Forgot { identifier, next: next.map(|next| next.to_string()) };
    let title = request.text().forgot.title;
    let response = request.page(StatusCode::OK, title, move |context| view! { <ForgotPage context page flash/> });
    Ok(with_cookie(response, cookie))
}

pub async fn reset(State(site): SiteState, query: QueryParams, parts: Parts) -> Result<Response, Response> {
    let request = stranger(&site, &parts, None).await?;
    let step = request.pending_flow().ok_or_else(|| see_other("/forgot"))?;
    let code = request.code_step(&step).await.ok_or_else(|| see_other("/forgot"))?;
    let (flash, cookie) = request.take_flash().await;
    let policy = request.accounts().settings().password_policy;
    let next = step.next.or_else(|| asked_next(&query));
    let page = Reset { code, policy, identifier: step.identifier, next };
    let title = request.text().reset.title;
    let response = request.page(StatusCode::OK, title, move |context| view! { <ResetPage context page flash/> });
    Ok(with_cookie(response, cookie))
}

/// `/profile`, from the database and never from the session.
pub async fn profile(State(site): SiteState, parts: Parts) -> Result<Response, Response> {
    let request = request_context(&site, &parts).await?;
    let Some(account) = request.account().cloned() else {
        return Err(see_other(&with_next("/login", Some(request.path()))));
    };
    let (flash, cookie) = request.take_flash().await;
    let asset = |name: &str| request.asset(name);
    let page = Profile::of(request.accounts(), &account, request.locale(), request.theme(), asset);
    let title = request.text().profile.title.to_string();
    let mut response = request.page(StatusCode::OK, &title, move |context| view! { <ProfilePage context page flash/> });
    let tag = HeaderValue::try_from(format!("\"{}\"", account.record_version));
    response.headers_mut().extend(tag.ok().map(|tag| (ETAG, tag)));
    show_remote(&mut response, &account);
    Ok(with_cookie(response, cookie))
}

/// `/profile/time-zone`
pub async fn time_zone(State(site): SiteState, parts: Parts) -> Result<Response, Response> {
    let request = request_context(&site, &parts).await?;
    let Some(account) = request.account() else {
        return Err(see_other(&with_next("/login", Some(request.path()))));
    };
    let page = TimeZoneList { chosen: request.zone(), record_version: account.record_version };
    let title = request.text().profile.time_zone.to_string();
    Ok(request.page(StatusCode::OK, &title, move |context| view! { <TimeZonePage context page/> }))
}

/// Lets the browser fetch the account's avatar, where it is elsewhere.
pub(super) fn show_remote(response: &mut Response, account: &Account) {
    if let Some(picture) = RemotePicture::of(account) {
        response.extensions_mut().insert(picture);
    }
}

/// Whatever else is asked for.
pub async fn not_found(State(site): SiteState, parts: Parts) -> Result<Response, Response> {
    Ok(request_context(&site, &parts).await?.outage(&Error::NotFound))
}

/// A page that is asked for in a way that it has no answer to.
pub async fn method_not_allowed(State(site): SiteState, parts: Parts) -> Response {
    RequestContext::anonymous(&site, &parts).outage_of(OutageKind::Method)
}
