//! The routes of the pages, who asks, and how forms are answered.
//!
//! A form reaches its server function through [`forms`], with a [`RequestContext`] in its context. Neither the redirects nor the
//! error links of `leptos_axum` are used: they follow any `Referer` and lose what was typed.

mod activity;
mod cookies;
mod docs;
mod entry;
mod factors;
mod form_table;
mod forms;
mod identifiers;
mod oidc;
mod page;
pub mod paths;
mod pending_flow;
mod people;
mod profile;
mod refusals;
mod request_context;
mod second_step;
mod security;
mod step_up;
mod undo;
mod upload;
mod views;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::request::Parts,
    response::Response,
    routing::{get, post},
};
use serde_json::Value;

use self::{
    cookies::Cookies,
    forms::{accepts_html, refused},
};
pub use self::{
    form_table::{FormPage, FormTable},
    forms::FormValues,
    people::RelationshipAction,
    request_context::RequestContext,
};
use crate::{
    domain::error::Error,
    service::Accounts,
    ui::{
        error::Cause,
        flash::{Notice, Tone},
        pages::Docs,
    },
};

/// The address of a file of the build by its name there, as in `pkg/nameplate.js`.
pub type AssetUrl = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// What all requests share.
struct Site {
    accounts: Accounts,
    asset_url: AssetUrl,
    cookies: Cookies,
    docs: Docs,
    forms: FormTable,
}

impl Site {
    /// `description` is null where no page shows it.
    fn new(accounts: Accounts, asset_url: AssetUrl, description: Arc<Value>, forms: FormTable) -> Arc<Self> {
        let public_url = &accounts.settings().public_url;
        let cookies = Cookies::new(public_url);
        let docs = Docs::new(public_url.as_str().trim_end_matches('/').to_owned(), description);
        Arc::new(Self { accounts, asset_url, cookies, docs, forms })
    }
}

/// The pages, their server functions, and a page for whatever else is asked for. Cross-site requests must be refused, and
/// the security headers set, around it. `description` is the OpenAPI document that `/docs` shows; `forms` are those of all
/// pages.
pub fn router(accounts: Accounts, asset_url: AssetUrl, description: Arc<Value>, forms: FormTable) -> Router {
    Router::new()
        .route("/", get(views::home))
        .route("/login", get(views::login))
        .route("/login/restore", get(views::restore))
        .route("/register", get(views::register))
        .route("/register/confirm", get(views::confirm_registration))
        .route("/forgot", get(views::forgot))
        .route("/reset", get(views::reset))
        .route("/profile", get(views::profile))
        .route("/profile/time-zone", get(views::time_zone))
        .route("/activity", get(activity::activity))
        .route("/people", get(people::followers))
        .route("/people/following", get(people::following))
        .route("/people/requests", get(people::requests))
        .route("/people/blocked", get(people::blocked))
        .route("/u/{username}", get(people::public_profile))
        .route("/u/{username}/followers", get(people::shown_followers))
        .route("/u/{username}/following", get(people::shown_following))
        .route("/docs", get(docs::index))
        .route("/docs/{dialect}", get(docs::dialect))
        .route("/fn/upload-avatar", post(upload::upload_avatar).layer(DefaultBodyLimit::max(upload::MOST_BYTES)))
        .route("/fn/{operation}", post(forms::act).layer(DefaultBodyLimit::max(forms::MOST_BYTES)))
        .merge(security::router())
        .merge(oidc::router())
        .fallback(views::not_found)
        .method_not_allowed_fallback(views::method_not_allowed)
        .with_state(Site::new(accounts, asset_url, description, forms))
}

/// Pages that apps send people to, with a link or with a form on a site of their own.
pub fn foreign_router(accounts: Accounts, asset_url: AssetUrl) -> Router {
    oidc::foreign_router().method_not_allowed_fallback(views::method_not_allowed).with_state(Site::new(
        accounts,
        asset_url,
        Arc::default(),
        FormTable::default(),
    ))
}

/// Words what kept a request from [`router`]: as JSON for an island's form, as a page for anybody else.
pub fn refusal(accounts: Accounts, asset_url: AssetUrl) -> impl Fn(Error, &Parts) -> Response + Send + Sync {
    let site = Site::new(accounts, asset_url, Arc::default(), FormTable::default());
    move |error, parts| {
        let request = RequestContext::anonymous(&site, parts);
        match error {
            _ if parts.uri.path().starts_with("/fn/") && !accepts_html(&parts.headers) => {
                let mut refusal = request.refuse(error);
                if let Some(site) = request.elsewhere().filter(|_| refusal.cause == Cause::Forbidden) {
                    let text = (request.text().outages.address_text)(&site);
                    refusal.notice = Some(Notice { tone: Tone::Error, text });
                }
                refused(refusal)
            }
            // The server refuses nothing else than forms that other sites send.
            Error::Forbidden => request.foreign_form(),
            error => request.outage(&error),
        }
    }
}
