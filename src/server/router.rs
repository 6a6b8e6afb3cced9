//! All surfaces in one router.

use std::sync::Arc;

use axum::{Router, http::request::Parts, routing::any_service};
use serde_json::Value;
use tower_http::compression::CompressionLayer;

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
    api::{
        dialects::{DIALECTS, Mount},
        openapi::document,
    },
    domain::error::Error,
    http::request::request_id,
    service::Accounts,
    ui::{
        forms::forms,
        ssr::{self, AssetUrl},
    },
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
    let health = Health {
        store: Arc::clone(&state.store),
        shutdown: shutdown.clone(),
        clock: Arc::clone(&state.clock),
        job_health: state.job_health.clone(),
    };
    let description = Arc::new(document(&accounts.settings().public_url));
    let mut routes = middleware
        .surface(system(accounts, Arc::clone(&assets), &description, dev_outbox))
        .merge(middleware.surface(foreign_pages(accounts, Arc::clone(&assets))))
        .merge(middleware.surface(pages(accounts, assets, description)))
        .merge(health::router(health));
    for mount in DIALECTS.iter().flat_map(|api| api.mounts) {
        let surface = dialect(accounts, mount);
        let service = if mount.has_own_cors { middleware.surface(surface) } else { middleware.rest_surface(surface) };
        // `nest` matches the prefix with and without a path behind it, but not with a bare slash.
        routes = routes.route(&format!("{}/", mount.prefix), any_service(service.clone())).nest(mount.prefix, service);
    }
    middleware.around(routes)
}

/// Routes of no dialect and no page.
fn system(accounts: &Accounts, assets: Arc<Assets>, description: &Value, dev_outbox: bool) -> Surface {
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

/// The pages that apps send people to.
fn foreign_pages(accounts: &Accounts, assets: Arc<Assets>) -> Surface {
    let url: AssetUrl = Arc::new(move |name| assets.url(name));
    let refuse = Arc::new(ssr::refusal(accounts.clone(), Arc::clone(&url)));
    Surface { router: ssr::foreign_router(accounts.clone(), url), scope: Scope::None, refuse }
}

/// The pages, with their server functions and their 404.
fn pages(accounts: &Accounts, assets: Arc<Assets>, description: Arc<Value>) -> Surface {
    let url: AssetUrl = Arc::new(move |name| assets.url(name));
    let refuse = Arc::new(ssr::refusal(accounts.clone(), Arc::clone(&url)));
    // Only the pages: nothing that another site causes comes with the cookie, so none of their lengths tell a secret.
    let router = ssr::router(accounts.clone(), url, description, forms()).layer(CompressionLayer::new());
    Surface { router, scope: Scope::Every, refuse }
}

/// Routes of a dialect. They take tokens alone, but a cookie that came along is never taken for one.
fn dialect(accounts: &Accounts, mount: &'static Mount) -> Surface {
    let of_refused = accounts.clone();
    let refuse: Refuse =
        Arc::new(move |error: Error, head: &Parts| (mount.refuse)(&of_refused, error, request_id(&head.extensions)));
    Surface { router: (mount.router)(accounts.clone()), scope: Scope::WithCookie, refuse }
}
