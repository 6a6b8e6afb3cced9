//! All doors in one router.

use std::sync::Arc;

use axum::{Router, http::request::Parts, routing::any_service};
use serde_json::Value;
use tower_http::{compression::CompressionLayer, request_id::RequestId};

use super::{
    assets::Assets,
    csrf::Scope,
    dev_outbox,
    health::{self, Health},
    middleware::MiddlewareStack,
    openapi,
    shutdown::Shutdown,
    state::State,
    surface::{Refuse, Surface},
    well_known,
};
use crate::{
    api::{logto, mindbricks, nextgate, openapi::document},
    domain::error::Error,
    service::Accounts,
    ui::ssr::{self, AssetUrl},
};

/// What the whole service answers.
pub fn compose(
    middleware: &MiddlewareStack,
    state: &State,
    assets: Arc<Assets>,
    shutdown: &Shutdown,
    dev_outbox: bool,
) -> Router {
    let accounts = &state.accounts;
    let health =
        Health { store: Arc::clone(&state.store), shutdown: shutdown.clone(), job_health: state.job_health.clone() };
    let mindbricks = middleware.rest_surface(mindbricks_surface(accounts));
    let logto = middleware.rest_surface(logto_surface(accounts));
    let oidc = middleware.rest_surface(oidc_surface(accounts));
    let nextgate = middleware.rest_surface(nextgate_surface(accounts));
    let description = Arc::new(document(&accounts.settings().public_url));
    let routes = middleware
        .surface(own(accounts, Arc::clone(&assets), &description, dev_outbox))
        .merge(middleware.surface(pages(accounts, assets, description)))
        // `nest` matches the prefix with and without a path behind it, but not with a bare slash.
        .route("/auth-api/", any_service(mindbricks.clone()))
        .nest("/auth-api", mindbricks)
        .route("/api/", any_service(logto.clone()))
        .nest("/api", logto)
        .route("/oidc/", any_service(oidc.clone()))
        .nest("/oidc", oidc)
        .route("/api/v1/", any_service(nextgate.clone()))
        .nest("/api/v1", nextgate)
        .merge(health::router(health));
    middleware.around(routes)
}

/// Routes of no dialect and no page.
fn own(accounts: &Accounts, assets: Arc<Assets>, description: &Value, dev_outbox: bool) -> Surface {
    let files = Arc::clone(&assets);
    // Who opens the address of an avatar that is not there sees a page.
    let refuse: Refuse = Arc::new(ssr::refusal(accounts.clone(), Arc::new(move |name| files.url(name))));
    let well_known = well_known::router(accounts.clone(), Arc::clone(&refuse));
    let mut router = well_known.merge(openapi::router(description)).merge(assets.router());
    if dev_outbox {
        router = router.merge(dev_outbox::router(accounts.clone()));
    }
    // They are read only: any other method is for the router to refuse.
    Surface { router, scope: Scope::WithCookie, refuse }
}

/// The pages, with their server functions and their 404.
fn pages(accounts: &Accounts, assets: Arc<Assets>, description: Arc<Value>) -> Surface {
    let url: AssetUrl = Arc::new(move |name| assets.url(name));
    let refuse = Arc::new(ssr::refusal(accounts.clone(), Arc::clone(&url)));
    // Only the pages: nothing that another site causes comes with the cookie, so none of their lengths tell a secret.
    let router = ssr::router(accounts.clone(), url, description).layer(CompressionLayer::new());
    Surface { router, scope: Scope::Every, refuse }
}

/// The Mindbricks dialect. It takes tokens alone, but a cookie that came along is never taken for one.
fn mindbricks_surface(accounts: &Accounts) -> Surface {
    let clock = accounts.clone();
    let refuse: Refuse =
        Arc::new(move |error: Error, head: &Parts| mindbricks::refuse(error, clock.now(), request_id(head)));
    Surface { router: mindbricks::router(accounts.clone()), scope: Scope::WithCookie, refuse }
}

/// The Logto dialect.
fn logto_surface(accounts: &Accounts) -> Surface {
    let refuse: Refuse = Arc::new(|error: Error, head: &Parts| logto::refuse(error, request_id(head)));
    Surface { router: logto::router(accounts.clone()), scope: Scope::WithCookie, refuse }
}

/// The token endpoint of the Logto dialect, and what belongs to it.
fn oidc_surface(accounts: &Accounts) -> Surface {
    let refuse: Refuse = Arc::new(|error: Error, head: &Parts| logto::refuse_oidc(error, request_id(head)));
    Surface { router: logto::oidc_router(accounts.clone()), scope: Scope::WithCookie, refuse }
}

/// The NextGate dialect, as [`mindbricks_surface`].
fn nextgate_surface(accounts: &Accounts) -> Surface {
    let clock = accounts.clone();
    let refuse: Refuse =
        Arc::new(move |error: Error, head: &Parts| nextgate::refuse(error, clock.now(), request_id(head)));
    Surface { router: nextgate::router(accounts.clone()), scope: Scope::WithCookie, refuse }
}

fn request_id(head: &Parts) -> &str {
    head.extensions.get::<RequestId>().and_then(|id| id.header_value().to_str().ok()).unwrap_or_default()
}
