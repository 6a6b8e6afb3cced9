//! Pages as answers: rendered at once, in islands mode, with what a form left for them.

use std::{sync::Arc, time::Duration};

use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{LOCATION, ORIGIN, RETRY_AFTER, SET_COOKIE},
    },
    response::{Html, IntoResponse, Response},
};
use chrono::TimeDelta;
use hydration_context::SsrSharedContext;
use leptos::prelude::*;

use super::{RequestContext, cookies};
use crate::{
    domain::error::Error,
    http::{request::REQUEST_ID, response},
    service::flashes,
    ui::{
        app::{Card, Document, Errand},
        flash::Flash,
        page_context::PageContext,
        pages::{Outage, OutageKind, OutagePage},
    },
};

/// A 303 to a local path.
pub fn see_other(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    // A local path is printable ASCII; should it not be, the home page is as good.
    let location = HeaderValue::try_from(path).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(LOCATION, location);
    response
}

impl RequestContext {
    /// Renders a page. All its data is at hand, so nothing is streamed, and the status is known.
    pub(super) fn page<V: IntoView + 'static>(
        &self,
        status: StatusCode,
        title: &str,
        view: impl FnOnce(PageContext) -> V + Send + 'static,
    ) -> Response {
        self.page_with_card(status, title, None, view)
    }

    /// As [`Self::page`], with what other sites show of a link to it.
    pub(super) fn page_with_card<V: IntoView + 'static>(
        &self,
        status: StatusCode,
        title: &str,
        card: Option<Card>,
        view: impl FnOnce(PageContext) -> V + Send + 'static,
    ) -> Response {
        self.rendered(status, title, card, None, view)
    }

    /// A page that leads on by itself: `refresh` is what its head says of where.
    pub(super) fn page_that_leads_on<V: IntoView + 'static>(
        &self,
        title: &str,
        refresh: String,
        view: impl FnOnce(PageContext) -> V + Send + 'static,
    ) -> Response {
        self.rendered(StatusCode::OK, title, None, Some(refresh), view)
    }

    fn rendered<V: IntoView + 'static>(
        &self,
        status: StatusCode,
        title: &str,
        card: Option<Card>,
        refresh: Option<String>,
        view: impl FnOnce(PageContext) -> V + Send + 'static,
    ) -> Response {
        let (context, title) = (self.page_context(), title.to_owned());
        let errand = self.journey.as_ref().map(|journey| (self.text().oidc.to_continue)(&journey.client.name));
        let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
        let html = owner.with(|| {
            provide_context(Errand(errand));
            let around = context.clone();
            view! { <Document context=around title card refresh>{view(context)}</Document> }.to_html()
        });
        owner.unset_with_forced_cleanup();
        (status, Html(html)).into_response()
    }

    /// The page that says what went wrong.
    pub(super) fn outage(&self, error: &Error) -> Response {
        let (kind, retry_after) = match error {
            Error::NotFound => (OutageKind::NotFound, None),
            Error::Forbidden => (OutageKind::Forbidden, None),
            Error::BodyTimedOut => (OutageKind::TimedOut, None),
            Error::Busy { retry_after } => (OutageKind::Busy, Some(*retry_after)),
            Error::Throttled { retry_after } => (OutageKind::TooMany, Some(*retry_after)),
            other => {
                tracing::error!(error = ?other, "a page failed");
                (OutageKind::Internal, None)
            }
        };
        self.outage_page(kind, retry_after)
    }

    /// The page for what no rule of the core refused.
    pub(super) fn outage_of(&self, kind: OutageKind) -> Response {
        self.outage_page(kind, None)
    }

    /// The page for a form that was not sent by one of ours, or by one that was opened under another address.
    pub(super) fn foreign_form(&self) -> Response {
        match self.elsewhere() {
            Some(_) => self.outage_page(OutageKind::Address, None),
            None => self.outage_page(OutageKind::Expired, None),
        }
    }

    /// The address of this site, where the page of a form may have been opened under another one: browsers vouch for no
    /// form of a page that came over plain HTTP from another machine, but say its origin.
    pub(super) fn elsewhere(&self) -> Option<String> {
        let public_url = &self.accounts().settings().public_url;
        let vouched = self.headers().contains_key("sec-fetch-site");
        let origin = self.headers().get(ORIGIN).filter(|_| !vouched)?;
        (origin != public_url.origin().ascii_serialization().as_str()).then(|| public_url.to_string())
    }

    fn outage_page(&self, kind: OutageKind, retry_after: Option<Duration>) -> Response {
        let status = StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let request_id = self.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).map(str::to_owned);
        let site = if kind == OutageKind::Address { self.elsewhere() } else { None };
        let page = Outage { kind, request_id, retry_after, site };
        let title = kind.title(&self.text().outages);
        let mut response = self.page(status, title, move |context| view! { <OutagePage context page/> });
        if let Some(wait) = retry_after {
            response.headers_mut().insert(RETRY_AFTER, response::retry_after(wait));
        }
        response
    }

    /// What a form left for this page, and the cookie without it.
    pub(super) async fn take_flash(&self) -> (Flash, Option<HeaderValue>) {
        let Some(tokens) = self.cookie(cookies::FLASH) else { return (Flash::default(), None) };
        let page = page_of(self.path());
        for token in tokens.split('.').take(2) {
            if let Ok(Some(flash)) = self.accounts().take_flash(token, page).await {
                let rest = tokens.split('.').filter(|other| *other != token).collect::<Vec<_>>().join(".");
                let lifetime = if rest.is_empty() { TimeDelta::zero() } else { flashes::LIFETIME };
                let flash = serde_json::from_value(flash).unwrap_or_default();
                return (flash, self.set_cookie(cookies::FLASH, &rest, lifetime));
            }
        }
        (Flash::default(), None)
    }

    /// Leaves something for the next view of each page, and answers the cookie that brings it there. What waited before
    /// goes, as a browser shows one form's answer at a time.
    pub(super) async fn leave_flash(&self, left: &[(&str, &Flash)]) -> Option<HeaderValue> {
        let mut tokens = Vec::new();
        for (path, flash) in left.iter().filter(|(_, flash)| **flash != Flash::default()) {
            let (actor, payload) = (self.actor().ok(), serde_json::to_value(flash).ok()?);
            let token = self.accounts().leave_flash(actor, self.origin(), page_of(path), &payload).await;
            tokens.push(token.inspect_err(|error| tracing::error!(?error, "a flash was lost")).ok()?);
        }
        if tokens.is_empty() { None } else { self.set_cookie(cookies::FLASH, &tokens.join("."), flashes::LIFETIME) }
    }
}

/// The path without its query and fragment.
pub fn page_of(path: &str) -> &str {
    path.split(['?', '#']).next().unwrap_or(path)
}

/// Adds a cookie to an answer.
pub fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
    response
}
