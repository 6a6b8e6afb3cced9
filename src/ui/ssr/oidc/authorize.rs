//! `/oidc/auth`: requests as they come.

use axum::{
    body::Bytes,
    extract::{FromRequest as _, Request, State},
    http::{StatusCode, header::ACCEPT, request::Parts},
    response::Response,
};

use super::{RequestContext, address, answer::json_error, entrance};
use crate::{
    domain::{
        error::Error,
        oidc::{
            decision::{Decision, PendingRequest},
            form::read,
            request::{Parameters, Refusal},
        },
    },
    http::request::media_type,
    service::oidc::authorization::{Progress, Received, Unanswerable},
    ui::{
        pages::OutageKind,
        ssr::{
            page::see_other,
            views::{SiteState, request_context},
        },
    },
};

/// Most bytes of a query.
const MOST_QUERY: usize = 8 * 1024;

/// A request in the query.
pub async fn authorize(State(site): SiteState, parts: Parts) -> Result<Response, Response> {
    let request = request_context(&site, &parts).await?;
    let query = parts.uri.query().unwrap_or_default();
    let parameters = Some(query).filter(|query| query.len() <= MOST_QUERY).and_then(|query| read(query.as_bytes()));
    let Some(parameters) = parameters else { return Ok(request.unreadable_request(StatusCode::BAD_REQUEST)) };
    let done = request.authorize(&parameters).await;
    Ok(done.unwrap_or_else(|error| request.outage(&error)))
}

/// A request in a form.
pub async fn repeat(state: SiteState, request: Request) -> Result<Response, Response> {
    repeated_as_link("/oidc/auth", state, request).await
}

/// A form of another site, as the link that comes with the cookie even from there.
pub(super) async fn repeated_as_link(
    path: &str,
    State(site): SiteState,
    request: Request,
) -> Result<Response, Response> {
    let (parts, body) = request.into_parts();
    let request = RequestContext::anonymous(&site, &parts);
    if media_type(&parts.headers) != "application/x-www-form-urlencoded" {
        return Ok(request.unreadable_request(StatusCode::BAD_REQUEST));
    }
    let body = match Bytes::from_request(Request::from_parts(parts, body), &()).await {
        Ok(body) => body,
        Err(rejection) => return Ok(request.unreadable_request(rejection.status())),
    };
    let Some(parameters) = read(&body) else { return Ok(request.unreadable_request(StatusCode::BAD_REQUEST)) };
    let query = parameters.to_query();
    match query.len() <= MOST_QUERY {
        true => Ok(see_other(&format!("{path}?{query}"))),
        false => Ok(request.unreadable_request(StatusCode::PAYLOAD_TOO_LARGE)),
    }
}

impl RequestContext {
    async fn authorize(&self, parameters: &Parameters) -> Result<Response, Error> {
        let pending = match self.accounts().receive_authorization(parameters).await? {
            Received::Unanswerable(why) => return Ok(self.unanswerable(why)),
            Received::Refused(target, refusal) => return Ok(self.lead_to_app(&target, Err(&refusal))),
            Received::Pending(pending) => *pending,
        };
        match self.accounts().advance(&pending, self.actor().ok()).await {
            Ok(Progress::Granted(code)) => Ok(self.lead_to_app(&pending.request.target, Ok(&code))),
            Ok(Progress::Decided(Decision::Refuse(refusal))) => {
                Ok(self.lead_to_app(&pending.request.target, Err(&refusal)))
            }
            Ok(Progress::Decided(decision)) => self.lead_to_page(&pending, &decision),
            Err(Error::NotFound) => Ok(self.unanswerable(Unanswerable::ClientUnknown)),
            // It ended in this moment.
            Err(Error::Unauthenticated) => self.lead_to_page(&pending, &pending.for_nobody()),
            Err(error) => Err(error),
        }
    }

    /// Goes where the person is asked for what is missing.
    pub(super) fn lead_to_page(&self, pending: &PendingRequest, decision: &Decision) -> Result<Response, Error> {
        let next = address(&self.accounts().seal_request(pending)?);
        Ok(match decision {
            Decision::SignIn(first) => see_other(&entrance(*first, &next)),
            _ => see_other(&next),
        })
    }

    /// Says why no app can be told.
    pub(super) fn unanswerable(&self, why: Unanswerable) -> Response {
        let text = &self.text().oidc;
        let (words, english) = match why {
            Unanswerable::ClientMissing => (text.client_missing, "The parameter client_id is missing or repeated."),
            Unanswerable::ClientUnknown => (text.client_unknown, "The client_id is that of no app here."),
            Unanswerable::RedirectMissing => {
                (text.redirect_missing, "The parameter redirect_uri is missing or repeated.")
            }
            Unanswerable::RedirectUnknown => {
                (text.redirect_unknown, "The redirect_uri is not registered for this app.")
            }
        };
        match self.prefers_json() {
            true => {
                let error = match why {
                    Unanswerable::ClientUnknown => "invalid_client",
                    _ => "invalid_request",
                };
                json_error(StatusCode::BAD_REQUEST, &Refusal::new(error, english))
            }
            false => self.request_error(text.refused_title, words),
        }
    }

    pub(super) fn unreadable_request(&self, status: StatusCode) -> Response {
        match self.prefers_json() {
            true => json_error(status, &Refusal::new("invalid_request", "The request cannot be read, or is too long.")),
            false if status == StatusCode::PAYLOAD_TOO_LARGE => self.outage_of(OutageKind::TooLarge),
            false => self.outage_of(OutageKind::Malformed),
        }
    }

    /// Whether whoever asks would rather read JSON than a page (RFC 9110, section 12.5.1).
    pub(super) fn prefers_json(&self) -> bool {
        let lines = self.headers().get_all(ACCEPT).iter().filter_map(|line| line.to_str().ok());
        let (mut json, mut html) = (0.0_f32, 0.0_f32);
        for range in lines.flat_map(|line| line.split(',')) {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default().to_ascii_lowercase();
            let quality = parts.find_map(|part| part.strip_prefix("q=")).and_then(|q| q.parse().ok()).unwrap_or(1.0);
            match name.as_str() {
                "application/json" => json = json.max(quality),
                "text/html" | "application/xhtml+xml" => html = html.max(quality),
                _ => {}
            }
        }
        json > html
    }
}
