//! Prometheus metrics, on a listener of their own so that they never face the public.

use std::{sync::Arc, time::Duration};

use axum::{Router, extract::State, http::header, response::IntoResponse, routing::get};
use futures::future::BoxFuture;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::time::{MissedTickBehavior, interval};

/// Requests answered, by method, route template and status.
const REQUESTS: &str = "http_requests_total";
/// Seconds until the head of the answer, by method and route template.
const DURATION: &str = "http_request_duration_seconds";
/// Passwords being hashed or waiting for it.
const HASHES: &str = "nameplate_password_hashes";
/// Messages that are due and have not left.
const OUTBOX: &str = "nameplate_outbox_due";
/// Times that background work died or failed, by its name.
const DEATHS: &str = "nameplate_job_failures_total";
/// Accounts with which a job failed, by its name.
const FAILED: &str = "nameplate_job_accounts_failed_total";
/// Accounts with which a job should have done something hours ago, by its name.
const OVERDUE: &str = "nameplate_job_accounts_overdue";
/// A password hash takes some 30 ms, a picture up to a second.
const BUCKETS: [f64; 11] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// How often observations are folded into buckets, so that they do not pile up while nobody looks.
const UPKEEP: Duration = Duration::from_secs(10);

/// Reads gauges at the moment somebody looks.
pub type Sample = Arc<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;

/// A recorder of our metrics.
///
/// # Errors
/// Never with the buckets above.
pub fn builder() -> Result<PrometheusBuilder, BuildError> {
    PrometheusBuilder::new().set_buckets_for_metric(Matcher::Full(DURATION.to_owned()), &BUCKETS)
}

/// Records from now on, in the whole process.
///
/// # Errors
/// When something else records already.
pub fn start() -> Result<PrometheusHandle, BuildError> {
    let handle = builder()?.install_recorder()?;
    describe_counter!(REQUESTS, "Requests answered");
    describe_histogram!(DURATION, metrics::Unit::Seconds, "Time until the head of the answer");
    describe_gauge!(HASHES, "Passwords being hashed or waiting for it");
    describe_counter!(DEATHS, "Times that background work died or failed");
    describe_counter!(FAILED, "Accounts with which a job failed");
    describe_gauge!(OVERDUE, "Accounts with which a job should have done something hours ago");
    describe_gauge!(OUTBOX, "Messages that are due and have not left");
    let folded = handle.clone();
    tokio::spawn(async move {
        let mut ticks = interval(UPKEEP);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            folded.run_upkeep();
        }
    });
    Ok(handle)
}

/// What the listener for metrics serves.
pub fn router(handle: PrometheusHandle, sample: Sample) -> Router {
    Router::new().route("/metrics", get(render)).with_state((handle, sample))
}

async fn render(State((handle, sample)): State<(PrometheusHandle, Sample)>) -> impl IntoResponse {
    sample().await;
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render())
}

/// Counts an answered request.
pub fn count_request(method: &'static str, route: &str, status: u16, elapsed: Duration) {
    let route = route.to_owned();
    counter!(REQUESTS, "method" => method, "route" => route.clone(), "status" => status.to_string()).increment(1);
    histogram!(DURATION, "method" => method, "route" => route).record(elapsed);
}

/// Notes how many passwords are being hashed or wait for it.
pub fn note_hashes(count: usize) {
    gauge!(HASHES).set(count as f64);
}

/// Notes how many messages are due.
pub fn note_outbox(count: i64) {
    gauge!(OUTBOX).set(count as f64);
}

/// Counts that background work died or failed.
pub fn count_death(name: &'static str) {
    counter!(DEATHS, "job" => name).increment(1);
}

/// Counts accounts with which a job failed.
pub fn count_failed_accounts(job: &'static str, accounts: usize) {
    counter!(FAILED, "job" => job).increment(accounts as u64);
}

/// Notes with how many accounts a job should have done something hours ago.
pub fn note_overdue(job: &'static str, accounts: usize) {
    gauge!(OVERDUE, "job" => job).set(accounts as f64);
}
