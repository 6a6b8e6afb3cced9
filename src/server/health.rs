//! What runs the server asks whether it lives and whether it can be given work.

use std::sync::Arc;

use axum::{Router, extract::State, http::StatusCode, routing::get};

use super::shutdown::Shutdown;
use crate::store::Store;

/// What the answers depend on.
#[derive(Clone)]
pub struct Health {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Whether the server is leaving.
    pub shutdown: Shutdown,
}

/// `/livez` and `/readyz`. They stand outside of the limit on requests: a busy server is alive.
pub fn router(health: Health) -> Router {
    Router::new().route("/livez", get(async || "alive\n")).route("/readyz", get(readiness)).with_state(health)
}

async fn readiness(State(Health { store, shutdown }): State<Health>) -> (StatusCode, &'static str) {
    if shutdown.is_leaving() {
        return (StatusCode::SERVICE_UNAVAILABLE, "leaving\n");
    }
    match store.check().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database is not ready\n")
        }
    }
}
