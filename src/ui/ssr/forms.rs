//! How forms are answered: a plain one with a redirect and a flash, an island's with a status and JSON.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    body::{Body, Bytes, HttpBody as _, to_bytes},
    extract::{FromRequest as _, Request, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, REFERER, RETRY_AFTER, SET_COOKIE},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use leptos::{prelude::provide_context, server_fn::axum as server_functions};
use leptos_axum::handle_server_fns_with_context;
use url::{Url, form_urlencoded};

use super::{
    RequestContext, Site,
    page::{see_other, with_cookie},
};
use crate::{
    domain::{error::Error, interruption::Interruption, next::LocalPath},
    http::request::media_type,
    ui::{
        error::{ActionError, Cause, Done},
        flash::{Flash, Notice, Tone},
        page_context::with_next,
        pages::{self, OutageKind},
    },
};

/// Most bytes of a form without files.
pub(super) const MOST_BYTES: usize = 64 * 1024;
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// What was values, by the names of the inputs. Of a name that comes twice the last counts: a tick box follows a hidden
/// `false`.
pub type FormValues = BTreeMap<String, String>;

/// How an action ended, with the cookies it set.
pub(super) struct Outcome {
    pub ended: Result<Done, ActionError>,
    pub cookies: Vec<HeaderValue>,
}

impl From<ActionError> for Outcome {
    fn from(error: ActionError) -> Self {
        Self { ended: Err(error), cookies: Vec::new() }
    }
}

/// Runs a server function and answers its form.
pub(super) async fn act(State(site): State<Arc<Site>>, http_request: Request) -> Response {
    let (parts, body) = http_request.into_parts();
    let path = parts.uri.path().to_owned();
    let mut request = RequestContext::anonymous(&site, &parts);
    let mut values = request.read_form(&parts, body).await;
    let outcome = match (request.identify().await, &mut values) {
        (Err(error), _) => request.refuse(error).into(),
        (_, Err(error)) => error.clone().into(),
        (Ok(()), Ok(values)) => match request.take_password(values).await {
            Err(error) => error.into(),
            Ok(()) => run(&request, parts, values).await,
        },
    };
    let mut values = values.unwrap_or_default();
    let page = site.forms.page(&path, &mut values);
    request.answer(&page, values, outcome).await
}

async fn run(request: &RequestContext, mut parts: Parts, values: &FormValues) -> Outcome {
    if server_functions::get_server_fn_service(parts.uri.path(), parts.method.clone()).is_none() {
        return request.refuse(Error::NotFound).into();
    }
    // QueryParams like a script and without a referer, it answers its own JSON and redirects nowhere.
    parts.headers.insert(ACCEPT, JSON);
    parts.headers.insert(CONTENT_TYPE, FORM);
    parts.headers.remove(REFERER);
    parts.headers.remove(CONTENT_LENGTH);
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(values).finish();
    let context = request.clone();
    let http_request = Request::from_parts(parts, Body::from(body));
    let response =
        handle_server_fns_with_context(move || provide_context(context.clone()), http_request).await.into_response();
    let (head, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let ended = match head.status {
        StatusCode::OK => serde_json::from_slice(&body).map_err(|_| Cause::Internal.into()),
        _ => Err(serde_json::from_slice(&body).unwrap_or_else(|_| Cause::Internal.into())),
    };
    Outcome { ended, cookies: head.headers.get_all(SET_COOKIE).iter().cloned().collect() }
}

/// An error as an island's form is told of it.
pub(super) fn refused(error: ActionError) -> Response {
    let status = StatusCode::from_u16(error.cause.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let retry_after = error.retry_after.map(|seconds| (RETRY_AFTER, HeaderValue::from(seconds)));
    let mut response = (status, Json(error)).into_response();
    response.headers_mut().extend(retry_after);
    response
}

impl RequestContext {
    /// What a form sent. What is not said to be one is not read.
    async fn read_form(&self, parts: &Parts, body: Body) -> Result<FormValues, ActionError> {
        if body.is_end_stream() {
            return Ok(FormValues::new());
        }
        if media_type(&parts.headers) != "application/x-www-form-urlencoded" {
            return Err(Cause::UnsupportedMedia.into());
        }
        let bytes = Bytes::from_request(Request::from_parts(parts.clone(), body), &()).await;
        let bytes = bytes.map_err(|error| self.unreadable(error.status(), &error))?;
        Ok(form_urlencoded::parse(&bytes).into_owned().collect())
    }

    /// Why a body cannot be read. Whatever the server did not interrupt is the client's doing.
    pub(super) fn unreadable(&self, status: StatusCode, error: &(dyn std::error::Error + 'static)) -> ActionError {
        match Interruption::within(error) {
            Some(why) => self.refuse(why.into()),
            None if status == StatusCode::PAYLOAD_TOO_LARGE => Cause::TooLarge.into(),
            None => Cause::Malformed.into(),
        }
    }

    /// The answer to a form of `page`.
    pub(super) async fn answer(&self, page: &str, values: FormValues, outcome: Outcome) -> Response {
        let Outcome { ended, cookies } = outcome;
        let ended = ended.map_err(|error| self.worded(error));
        let response = match accepts_html(self.headers()) {
            true => self.redirect(page, values, ended).await,
            false => self.json(ended).await,
        };
        cookies.into_iter().fold(response, |response, cookie| with_cookie(response, Some(cookie)))
    }

    /// Says something of errors that had no words yet.
    fn worded(&self, error: ActionError) -> ActionError {
        if error.notice.is_some() {
            return error;
        }
        let outages = &self.text().outages;
        let text = match error.cause {
            Cause::Internal => {
                tracing::error!("an action ended without words");
                outages.internal_text
            }
            Cause::TooLarge => outages.too_large_text,
            Cause::UnsupportedMedia => outages.media_text,
            _ => outages.malformed_text,
        };
        ActionError { notice: Some(Notice { tone: Tone::Error, text: text.to_owned() }), ..error }
    }

    async fn json(&self, ended: Result<Done, ActionError>) -> Response {
        match ended {
            Ok(done) => {
                let flash = Flash { notice: done.notice.clone(), ..Flash::default() };
                let left = match &done.next {
                    Some(next) => self.leave_flash(&[(next, &flash)]).await,
                    None => None,
                };
                with_cookie(Json(done).into_response(), left)
            }
            Err(error) => refused(error),
        }
    }

    async fn redirect(&self, page: &str, values: FormValues, ended: Result<Done, ActionError>) -> Response {
        let back = self.back(page, &values);
        let error = match ended {
            Ok(Done { notice, next, .. }) => {
                let to = next.unwrap_or(back);
                let left = self.leave_flash(&[(&to, &Flash { notice, ..Flash::default() })]).await;
                return with_cookie(see_other(&to), left);
            }
            Err(error) => error,
        };
        match error.cause {
            Cause::NotFound => return self.outage_of(OutageKind::NotFound),
            Cause::TimedOut => return self.outage_of(OutageKind::TimedOut),
            // One that speaks of an input stands beside it.
            Cause::TooLarge if error.errors.is_empty() => return self.outage_of(OutageKind::TooLarge),
            Cause::UnsupportedMedia => return self.outage_of(OutageKind::Media),
            _ => {}
        }
        let password_asked =
            error.cause == Cause::StepUp || error.errors.iter().any(|error| error.field == pages::STEP_UP_PASSWORD);
        let errors: Vec<_> = error.errors.into_iter().map(|error| (error.field, error.message)).collect();
        let notice = error.notice.filter(|_| errors.is_empty());
        let values = self.kept(values);
        if password_asked {
            return self.ask_password(&back, Flash { notice, errors, values }).await;
        }
        if error.cause == Cause::SignedOut {
            // What was values waits on its own page.
            let (values, said) = (Flash { values, ..Flash::default() }, Flash { notice, ..Flash::default() });
            let left = self.leave_flash(&[("/login", &said), (&back, &values)]).await;
            return with_cookie(see_other(&with_next("/login", Some(&back))), left);
        }
        let left = self.leave_flash(&[(&back, &Flash { notice, errors, values })]).await;
        with_cookie(see_other(&back), left)
    }

    /// The page that the form was on, with its query where the browser tells.
    fn back(&self, page: &str, values: &FormValues) -> String {
        let referer = self.headers().get(REFERER).and_then(|value| Url::parse(value.to_str().ok()?).ok());
        let came_from = referer.filter(|url| url.path() == page).and_then(|url| {
            let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
            LocalPath::parse(&format!("{page}{query}"))
        });
        let next = values.get("next").and_then(|next| LocalPath::parse(next));
        came_from.map_or_else(|| with_next(page, next.as_ref().map(LocalPath::as_str)), |path| path.to_string())
    }
}

/// Whether the answer is for a person to read: a browser's own form.
pub(super) fn accepts_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|line| line.to_str().ok());
    let mut ranges = accepted.flat_map(|line| line.split(',')).filter_map(|range| range.split(';').next());
    ranges.any(|range| range.trim().eq_ignore_ascii_case("text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browsers_form_is_told_from_a_script() {
        for (accept, html) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
            ("application/json", false),
            ("*/*", false),
            ("application/json, TEXT/HTML ;q=0.5", true),
            ("application/x-text/html", false),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(accepts_html(&headers), html, "{accept}");
        }
        assert!(!accepts_html(&HeaderMap::new()));
    }
}
