//! What runs the server asks whether it lives and whether it can be given work.

use std::sync::Arc;

use axum::{Router, extract::State, http::StatusCode, routing::get};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex;

use super::{job_health::JobHealth, shutdown::Shutdown};
use crate::{
    ports::clock::Clock,
    store::{Schema, Store},
};

/// How long an answer of the database is good for. Anybody may ask.
const GOOD_FOR: TimeDelta = TimeDelta::seconds(1);

/// What the answers depend on.
#[derive(Clone)]
pub struct Health {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Whether the server is leaving.
    pub shutdown: Shutdown,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Whether its background work lives.
    pub job_health: JobHealth,
}

/// `/livez` and `/readyz`. They stand outside of the limit on requests: a busy server is alive.
pub fn router(health: Health) -> Router {
    let state = (health, Arc::<Probe>::default());
    Router::new().route("/livez", get(async || "alive\n")).route("/readyz", get(readiness)).with_state(state)
}

/// What the database answered last, and when. Whoever asks while it is asked waits for the same answer.
#[derive(Default)]
struct Probe(Mutex<Option<(DateTime<Utc>, bool)>>);

impl Probe {
    async fn is_ready(&self, health: &Health) -> bool {
        let mut last = self.0.lock().await;
        let now = health.clock.now();
        if let Some((at, is_ready)) = *last
            // Not a clock that was set back: that would keep an answer good.
            && at <= now
            && now < at + GOOD_FOR
        {
            return is_ready;
        }
        let answered = health.store.check().await;
        let is_ready = match answered {
            Ok(Schema::Current | Schema::Later) => true,
            Ok(Schema::Earlier(missing)) => {
                tracing::error!("not ready: migration {missing} was not run");
                false
            }
            Err(error) => {
                tracing::error!(%error, "not ready");
                false
            }
        };
        *last = Some((health.clock.now(), is_ready));
        is_ready
    }
}

async fn readiness(State((health, probe)): State<(Health, Arc<Probe>)>) -> (StatusCode, String) {
    let not = |words: &str| (StatusCode::SERVICE_UNAVAILABLE, format!("{words}\n"));
    if health.shutdown.is_leaving() {
        return not("leaving");
    }
    if !probe.is_ready(&health).await {
        return not("the database is not ready");
    }
    match health.job_health.dying().as_slice() {
        [] => (StatusCode::OK, "ready\n".to_owned()),
        names => not(&format!("background work keeps failing: {}", names.join(", "))),
    }
}
