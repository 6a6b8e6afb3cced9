//! What runs the server asks whether it lives and whether it can be given work.

use std::sync::Arc;

use axum::{Router, extract::State, http::StatusCode, routing::get};

use super::{job_health::JobHealth, shutdown::Shutdown};
use crate::store::Store;

/// What the answers depend on.
#[derive(Clone)]
pub struct Health {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Whether the server is leaving.
    pub shutdown: Shutdown,
    /// Whether its background work lives.
    pub job_health: JobHealth,
}

/// `/livez` and `/readyz`. They stand outside of the limit on requests: a busy server is alive.
pub fn router(health: Health) -> Router {
    Router::new().route("/livez", get(async || "alive\n")).route("/readyz", get(readiness)).with_state(health)
}

async fn readiness(State(health): State<Health>) -> (StatusCode, String) {
    let not = |words: &str| (StatusCode::SERVICE_UNAVAILABLE, format!("{words}\n"));
    if health.shutdown.is_leaving() {
        return not("leaving");
    }
    if let Err(error) = health.store.check().await {
        tracing::error!(%error, "not ready");
        return not("the database is not ready");
    }
    match health.job_health.dying().as_slice() {
        [] => (StatusCode::OK, "ready\n".to_owned()),
        names => not(&format!("background work keeps failing: {}", names.join(", "))),
    }
}
