//! The authorization endpoint (Core, section 3.1.2), and the way from it through our pages back to an app.
//!
//! The request travels in `next`, sealed: nothing is kept of it here, so that it survives whatever happens on the way. It
//! comes back to [`PAGE`], which asks what is still to be asked.

mod answer;
mod authorize;
mod consent;
mod ending;

use std::sync::Arc;

use axum::{Router, extract::DefaultBodyLimit, routing::get};
use chrono::{DateTime, Utc};
use url::form_urlencoded;
use uuid::Uuid;

use super::{RequestContext, Site, cookies, forms::MOST_BYTES, page::page_of, pending_flow::PendingFlow};
use crate::{
    domain::{
        client::Client,
        error::Error,
        limits,
        locale::Locale,
        oidc::{decision::PendingRequest, request::FirstScreen},
    },
    ui::{flash::Flash, page_context::with_next},
};

/// Where a request is gone on with.
const PAGE: &str = "/consent";
/// Names it there.
const PARAMETER: &str = "request";

/// A request for the sake of which somebody signs in.
#[derive(Clone, Debug)]
pub(super) struct Journey {
    pub pending: PendingRequest,
    pub client: Client,
}

/// The routes of our pages.
pub(super) fn router() -> Router<Arc<Site>> {
    Router::new().route(PAGE, get(consent::consent)).route("/signed-out", get(ending::signed_out))
}

/// The routes that apps send people to, also by forms on their own sites.
pub(super) fn foreign_router() -> Router<Arc<Site>> {
    let authorize = get(authorize::authorize).post(authorize::repeat).layer(DefaultBodyLimit::max(MOST_BYTES));
    let end = get(ending::end).post(ending::repeat_end).layer(DefaultBodyLimit::max(MOST_BYTES));
    Router::new().route("/oidc/auth", authorize).route("/oidc/session/end", end)
}

/// The address at which a sealed request is gone on with.
fn address(sealed: &str) -> String {
    format!("{PAGE}?{PARAMETER}={sealed}")
}

/// The sealed request that an address names.
fn sealed_in(next: &str) -> Option<String> {
    let query = next.strip_prefix(PAGE)?.strip_prefix('?')?;
    form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == PARAMETER).map(|(_, value)| value.into_owned())
}

/// The page on which somebody signs in, or registers, and comes back.
fn entrance(first: FirstScreen, next: &str) -> String {
    let page = match first {
        FirstScreen::SignIn => "/login",
        FirstScreen::Register => "/register",
        FirstScreen::ResetPassword => "/forgot",
    };
    with_next(page, Some(next))
}

impl RequestContext {
    /// Finds out whether this page stands on the way to an app, from where it leads.
    pub(super) async fn follow(&mut self, query: Option<&str>) -> Result<(), Error> {
        let query = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        let in_query = query.into_iter().find(|(name, _)| name == "next").map(|(_, next)| next.into_owned());
        let in_step = || {
            let step = self.cookie(cookies::STEP).and_then(|value| PendingFlow::decode(&value));
            step.filter(|step| step.page == page_of(self.path())).and_then(|step| step.next)
        };
        let Some(sealed) = in_query.or_else(in_step).as_deref().and_then(sealed_in) else { return Ok(()) };
        let now = self.accounts().now();
        let Some(pending) = self.accounts().open_request(&sealed).filter(|pending| pending.is_alive(now)) else {
            return Ok(());
        };
        match self.accounts().client_of(&pending).await {
            Ok(client) => {
                self.speak_as_asked(pending.request.ui_locales.as_deref());
                self.journey = Some(Arc::new(Journey { pending, client }));
                Ok(())
            }
            Err(Error::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The language that an app asks for counts after that of the account and of the cookie.
    fn speak_as_asked(&mut self, ui_locales: Option<&str>) {
        let is_chosen =
            self.cookie(cookies::LOCALE).is_some() || self.account().is_some_and(|one| one.locale.is_some());
        if let Some(query) = ui_locales.filter(|_| !is_chosen) {
            self.speak(Locale::negotiate(&query.replace(' ', ",")));
        }
    }

    /// Whether somebody who is signed in has to sign in all the same.
    pub(super) fn must_sign_in(&self) -> bool {
        self.journey.as_ref().is_some_and(|journey| journey.pending.needs_sign_in(self.signed_in()))
    }

    /// Who is signed in, and since when.
    fn signed_in(&self) -> Option<(Uuid, DateTime<Utc>)> {
        self.actor().ok().map(|actor| (actor.account_id, actor.authenticated_at))
    }

    /// What a form left, or what the app says that one signs in with.
    pub(super) fn filled_in(&self, mut flash: Flash, input: &'static str) -> Flash {
        let hint = self.journey.as_ref().and_then(|journey| journey.pending.request.login_hint.clone());
        if let Some(hint) = hint.filter(|hint| flash == Flash::default() && hint.chars().count() <= limits::EMAIL) {
            flash.values.insert(input.to_owned(), hint);
        }
        flash
    }

    /// Finds out whether the page was opened from an app that the person can return to.
    pub(super) async fn find_return(&mut self, query: Option<&str>) -> Result<(), Error> {
        let mut query = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        let app = query.find(|(name, _)| name == "app").and_then(|(_, id)| id.parse::<Uuid>().ok());
        let (Some(app), Ok(actor)) = (app, self.actor()) else { return Ok(()) };
        self.return_to = self.accounts().app_to_return_to(actor, app).await?;
        Ok(())
    }
}
