//! What stands around all routes, outermost first: request id, log and metrics; security headers; the caller's origin;
//! what bodies may take; and each surface's guards.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    http::{HeaderName, HeaderValue, Method, header},
    middleware::from_fn_with_state,
};
use tower_http::cors::{AllowOrigin, CorsLayer};
use url::Url;

use super::{
    admission::Admission,
    bodies::{self, Bodies},
    config::Config,
    headers::{Security, secure},
    proxies::{TrustedProxies, note_origin},
    surface::Surface,
    telemetry::{Observer, observe},
};
use crate::{
    http::request::REQUEST_ID,
    ports::{clock::Clock, rng::Rng},
};

/// How long a browser may remember what a CORS preflight allowed.
const CORS_MEMORY: Duration = Duration::from_secs(3600);

/// The layers around all routes, and those around each surface.
pub struct MiddlewareStack {
    /// Where people reach the service.
    pub public_url: Url,
    /// Whose `X-Forwarded-For` counts.
    pub proxies: TrustedProxies,
    /// Origins whose scripts may call REST surfaces.
    pub cors: Option<CorsLayer>,
    /// Room for requests.
    pub admission: Admission,
    /// What their bodies may take.
    pub bodies: Bodies,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub rng: Arc<dyn Rng>,
}

impl MiddlewareStack {
    /// The layers as configured.
    pub fn new(
        config: &Config,
        public_url: Url,
        admission: Admission,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
    ) -> Self {
        let proxies = TrustedProxies::from(config.server.trusted_proxies.clone());
        let bodies = Bodies { proxies: proxies.and_this_machine(), ..Bodies::default() };
        let cors = cors(&config.cors_origins);
        Self { public_url, proxies, cors, admission, bodies, clock, rng }
    }

    /// A surface behind its guards.
    pub fn surface(&self, surface: Surface) -> Router {
        surface.guarded(&self.public_url, &self.admission)
    }

    /// A REST surface, which scripts of configured origins may call.
    pub fn rest_surface(&self, surface: Surface) -> Router {
        let router = self.surface(surface);
        match &self.cors {
            Some(cors) => router.layer(cors.clone()),
            None => router,
        }
    }

    /// The layers around everything.
    pub fn around(&self, routes: Router) -> Router {
        let observer = Observer { clock: Arc::clone(&self.clock), rng: Arc::clone(&self.rng) };
        let security = Security::new(&self.public_url, Arc::clone(&self.rng));
        routes
            .layer(from_fn_with_state(self.bodies.clone(), bodies::limit))
            .layer(from_fn_with_state(self.proxies.clone(), note_origin))
            .layer(from_fn_with_state(security, secure))
            .layer(from_fn_with_state(observer, observe))
    }
}

/// What scripts of these origins may do. Credentials are not among it: tokens are sent in a header, and cookies are for our
/// own pages.
pub fn cors(origins: &[String]) -> Option<CorsLayer> {
    if origins.is_empty() {
        return None;
    }
    let allowed = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(origins.iter().filter_map(|origin| HeaderValue::try_from(origin).ok()))
    };
    let sent = [header::AUTHORIZATION, header::CONTENT_TYPE, header::IF_MATCH, header::IF_NONE_MATCH];
    let exposed: [HeaderName; 5] =
        [header::ETAG, header::LINK, header::RETRY_AFTER, HeaderName::from_static("total-number"), REQUEST_ID];
    let methods = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let cors = CorsLayer::new().allow_origin(allowed).allow_methods(methods).allow_headers(sent);
    Some(cors.expose_headers(exposed).max_age(CORS_MEMORY))
}
