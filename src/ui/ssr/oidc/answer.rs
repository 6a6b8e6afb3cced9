//! Answers to apps: by a redirect, by a page that follows its own link, or by a form that posts itself.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header::LOCATION},
    response::{Html, IntoResponse, Response},
};
use leptos::prelude::*;
use serde_json::json;
use url::form_urlencoded;

use super::RequestContext;
use crate::{
    domain::oidc::request::{Refusal, ResponseMode, Target},
    service::oidc::authorization::answer,
    ui::{
        form_target::AnyFormTarget,
        pages::{ContinuePage, RequestErrorPage},
    },
};

/// An error for programs.
pub(super) fn json_error(status: StatusCode, refusal: &Refusal) -> Response {
    let Refusal { error, description } = refusal;
    let body = json!({
        "error": error,
        "error_description": description,
        "code": format!("oidc.{error}"),
        "message": description,
    });
    (status, Json(body)).into_response()
}

/// A URI with parameters behind those that it has.
fn with_parameters(uri: &str, parameters: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    let mark = if uri.contains('?') { '&' } else { '?' };
    format!("{uri}{mark}{query}")
}

impl RequestContext {
    /// Leads to an app at once: nothing was posted here.
    pub(super) fn lead_to_app(&self, target: &Target, outcome: Result<&str, &Refusal>) -> Response {
        let issuer = self.accounts().issuer();
        let parameters = answer(&issuer, target, outcome);
        if target.mode == ResponseMode::FormPost {
            return self.post_to_app(target, &parameters);
        }
        let mut response = StatusCode::SEE_OTHER.into_response();
        match HeaderValue::try_from(with_parameters(&target.redirect_uri, &parameters)) {
            Ok(location) => {
                response.headers_mut().insert(LOCATION, location);
                response
            }
            Err(_) => StatusCode::BAD_REQUEST.into_response(),
        }
    }

    /// Leads to an app from a page of ours: a form may have been posted before, and browsers hold `form-action` against each
    /// hop that follows.
    pub(super) fn lead_on_to_app(&self, app: &str, target: &Target, outcome: Result<&str, &Refusal>) -> Response {
        let issuer = self.accounts().issuer();
        let parameters = answer(&issuer, target, outcome);
        if target.mode == ResponseMode::FormPost {
            return self.post_to_app(target, &parameters);
        }
        let href = with_parameters(&target.redirect_uri, &parameters);
        let (title, app, refresh) = (self.text().oidc.continue_title, app.to_owned(), format!("0;url={href}"));
        self.page_that_leads_on(title, refresh, move |context| view! { <ContinuePage context app href/> })
    }

    /// A page that posts its form by itself, or with a button (Form Post Response Mode). It takes no input, so it may post
    /// anywhere.
    fn post_to_app(&self, target: &Target, parameters: &[(&str, &str)]) -> Response {
        let text = &self.text().oidc;
        let context = self.page_context();
        let lang = context.locale.as_str();
        let styles = context.assets.styles.into_iter().map(|href| view! { <link rel="stylesheet" href=href/> });
        let inputs = parameters.iter().map(|(name, value)| {
            view! { <input type="hidden" name=(*name).to_owned() value=(*value).to_owned()/> }
        });
        let (host, action) = (crate::ui::pages::destination(&target.redirect_uri), target.redirect_uri.clone());
        let owner = Owner::new();
        let html = owner.with(|| {
            view! {
                <!DOCTYPE html>
                <html lang=lang>
                    <head>
                        <meta charset="utf-8"/>
                        <meta name="viewport" content="width=device-width, initial-scale=1"/>
                        <title>{text.continue_title}</title>
                        {styles.collect_view()}
                    </head>
                    <body>
                        <main class="auth" id="main">
                            <form class="auth" method="post" action=action>
                                <h1>{text.continue_title}</h1>
                                {inputs.collect_view()}
                                <button class="btn btn--primary btn--wide" type="submit">{(text.continue_to)(&host)}</button>
                            </form>
                        </main>
                        <script nonce=context.nonce>"document.forms[0].submit()"</script>
                    </body>
                </html>
            }
            .to_html()
        });
        let mut response = Html(html).into_response();
        response.extensions_mut().insert(AnyFormTarget);
        response
    }

    /// A page for what cannot be answered to an app.
    pub(super) fn request_error(&self, title: &'static str, sentence: &'static str) -> Response {
        self.page(StatusCode::BAD_REQUEST, title, move |context| view! { <RequestErrorPage context title sentence/> })
    }
}
