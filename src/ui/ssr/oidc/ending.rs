//! `/oidc/session/end` and what follows: signing out from an app.

use axum::{
    extract::{Request, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use leptos::prelude::*;

use super::{RequestContext, answer::json_error, authorize::repeated_as_link};
use crate::{
    domain::{
        error::Error,
        oidc::{form::read, request::Refusal},
    },
    service::oidc::ending::{Ending, EndingError, WayBack},
    ui::{
        error::{ActionError, Done},
        pages::{ContinuePage, SignOutPage, SignedOutPage},
        ssr::{
            cookies,
            page::with_cookie,
            views::{QueryParams, SiteState, request_context},
        },
    },
};

/// The page that says so.
const DONE: &str = "/signed-out";
/// Names the way back there.
const PARAMETER: &str = "back";
/// Most bytes of a query.
const MOST_QUERY: usize = 8 * 1024;

/// A request in the query.
pub async fn end(State(site): SiteState, parts: Parts) -> Result<Response, Response> {
    let request = request_context(&site, &parts).await?;
    let query = parts.uri.query().unwrap_or_default();
    let parameters = Some(query).filter(|query| query.len() <= MOST_QUERY).and_then(|query| read(query.as_bytes()));
    let Some(parameters) = parameters else { return Ok(request.unreadable_request(StatusCode::BAD_REQUEST)) };
    let ending = request.accounts().receive_ending(&parameters, request.actor().ok()).await;
    let done = match ending {
        Ok(ending) => request.end(ending).await,
        Err(error) => Err(error),
    };
    Ok(done.unwrap_or_else(|error| request.outage(&error)))
}

/// A request in a form: the same as a link.
pub async fn repeat_end(state: SiteState, request: Request) -> Result<Response, Response> {
    repeated_as_link("/oidc/session/end", state, request).await
}

/// `/signed-out`: on to the app, or that it is done.
pub async fn signed_out(State(site): SiteState, query: QueryParams, parts: Parts) -> Result<Response, Response> {
    let request = request_context(&site, &parts).await?;
    let back = query.get(PARAMETER).and_then(|sealed| request.accounts().open_way_back(sealed));
    Ok(match back {
        Some(back) => request.lead_back(back),
        None => request.say_signed_out(),
    })
}

impl RequestContext {
    async fn end(&self, ending: Ending) -> Result<Response, Error> {
        match ending {
            Ending::Refused(error) => Ok(self.refuse_ending(error)),
            Ending::Nobody(back) => Ok(self.left(back)),
            Ending::AtOnce(back) => {
                if let Some(value) = self.cookie(cookies::SESSION) {
                    self.accounts().sign_out_by_cookie(&value, self.origin()).await?;
                }
                let cookie = self.set_cookie(cookies::SESSION, "", TimeDelta::zero());
                Ok(with_cookie(self.left(back), cookie))
            }
            Ending::Ask(back) => {
                let token = back.map(|back| self.accounts().seal_way_back(&back)).transpose()?.unwrap_or_default();
                let title = self.text().oidc.sign_out_title;
                Ok(self.page(StatusCode::OK, title, move |context| view! { <SignOutPage context token/> }))
            }
        }
    }

    /// Goes back at once, as nothing was posted here, or says that it is done.
    fn left(&self, back: Option<WayBack>) -> Response {
        let location = back.and_then(|back| axum::http::HeaderValue::try_from(back.uri).ok());
        match location {
            Some(location) => {
                let mut response = StatusCode::SEE_OTHER.into_response();
                response.headers_mut().insert(axum::http::header::LOCATION, location);
                response
            }
            None => self.say_signed_out(),
        }
    }

    fn lead_back(&self, WayBack { app, uri }: WayBack) -> Response {
        let (title, refresh) = (self.text().oidc.signed_out_title, format!("0;url={uri}"));
        self.page_that_leads_on(title, refresh, move |context| view! { <ContinuePage context app href=uri/> })
    }

    fn say_signed_out(&self) -> Response {
        let title = self.text().oidc.signed_out_title;
        self.page(StatusCode::OK, title, move |context| view! { <SignedOutPage context/> })
    }

    fn refuse_ending(&self, error: EndingError) -> Response {
        let text = &self.text().oidc;
        let (words, english) = match error {
            EndingError::Repeated(_) => (text.repeated, "A parameter is repeated."),
            EndingError::OtherClient => (text.other_client, "The client_id is not the one of the id_token_hint."),
            EndingError::UnregisteredUri => {
                (text.uri_unknown, "The post_logout_redirect_uri is not registered for this app.")
            }
        };
        match self.prefers_json() {
            true => json_error(StatusCode::BAD_REQUEST, &Refusal::new("invalid_request", english)),
            false => self.request_error(text.refused_title, words),
        }
    }

    /// Signs out after the person was asked, and goes on.
    ///
    /// # Errors
    /// Why the session goes on.
    pub async fn sign_out_to_app(&self, token: &str) -> Result<Done, ActionError> {
        self.leave().await?;
        let next = match self.accounts().open_way_back(token) {
            Some(_) => format!("{DONE}?{PARAMETER}={token}"),
            None => DONE.to_owned(),
        };
        Ok(self.signed_out(&next, None))
    }
}
