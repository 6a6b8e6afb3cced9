//! `nameplate serve`: from a configuration to a running server, and to its end.

use std::{fs, net::SocketAddr, sync::Arc, time::Duration};

use futures::future::BoxFuture;
use tokio::{net::TcpListener, time::sleep};
use tokio_util::task::TaskTracker;
use url::Url;

use super::{
    admission::{Admission, REQUESTS_AT_ONCE},
    assets::{Assets, Files},
    config::Config,
    connection::Times,
    jobs::{Job, Runner},
    listen::{self, Terms},
    metrics,
    middleware::MiddlewareStack,
    proxies::TrustedProxies,
    router,
    shutdown::Shutdown,
    state::{Fatal, State, shows_outbox},
    telemetry,
};
use crate::{
    domain::error::Error,
    ports::{back_channel::HttpBackChannel, certificates, sms::Gateway},
    service::{
        Accounts,
        archive::{self, JobReport, Overdue},
        outbox::{OutboxWorker, Transports},
    },
    ui::page_context::brand_stylesheet,
};

/// How long at most another process may have rotated the keys before this server signs with the new one.
const KEYS_EVERY: Duration = Duration::from_secs(5);
/// How soon apps are told of a sign-out.
const LOGOUTS_EVERY: Duration = Duration::from_secs(1);
/// How soon it is written down that a session or a client was used.
const USES_EVERY: Duration = Duration::from_secs(5);
const HOUR: Duration = Duration::from_secs(3600);

/// Serves until a signal ends it.
///
/// # Errors
/// [`Fatal`]: the configuration, the data directory, the database or the address.
pub async fn serve(config: &Config, files: Files) -> Result<(), Fatal> {
    telemetry::start(&config.log);
    for warning in config.warnings() {
        tracing::warn!("{warning}");
    }
    if let (false, needed @ [_, ..]) = (certificates::are_there(), &*config.tls_keys()) {
        tracing::error!("{}: {}", needed.join(", "), certificates::MISSING);
    }
    let shutdown = Shutdown::on_signals(config.server.lame_duck)
        .map_err(|error| Fatal::Other(format!("signals cannot be followed: {error}")))?;
    tokio::select! {
        served = run(config, files, &shutdown) => served,
        // Wherever it is by then.
        () = shutdown.at_once() => Ok(()),
    }
}

async fn run(config: &Config, files: Files, shutdown: &Shutdown) -> Result<(), Fatal> {
    let (listener, bound) = bind("server.listen", config.server.listen).await?;
    let mut assets = Assets::new(files);
    let logo = add_brand(config, &mut assets)?;
    let state = tokio::select! {
        state = State::open(config, bound, logo) => state?,
        // The database may take long to answer, or to be brought up to this version.
        () = shutdown.leaving() => return Ok(()),
    };
    serve_metrics(config, &state, shutdown).await?;

    let outbox =
        shows_outbox(config, bound).then(|| format!("http://{bound}/dev/outbox").parse::<Url>().ok()).flatten();
    let public_url = config.public_url(bound);
    let work = begin_work(&state, worker(config, &state, &public_url, outbox.clone())?, shutdown);
    let admission = Admission::new(REQUESTS_AT_ONCE, shutdown.clone());
    greet(&public_url, outbox.as_ref());
    let middleware =
        MiddlewareStack::new(config, public_url, admission, Arc::clone(&state.clock), Arc::clone(&state.rng));
    let router = router::compose(&middleware, &state, Arc::new(assets), shutdown, outbox.is_some());

    listen::serve(listener, router, shutdown.clone(), terms(config)).await;
    work.wait().await;
    state.store.close().await;
    Ok(())
}

/// What connections may take.
fn terms(config: &Config) -> Terms {
    let proxies = TrustedProxies::from(config.server.trusted_proxies.clone()).and_this_machine();
    let times = Times { idle: config.server.keep_alive, ..Times::default() };
    Terms { times, proxies, ..Terms::default() }
}

/// Begins what goes on beside requests, until the server leaves.
fn begin_work(state: &State, worker: OutboxWorker, shutdown: &Shutdown) -> TaskTracker {
    let work = TaskTracker::new();
    let stop = shutdown.token().clone();
    work.spawn(state.job_health.clone().keep_alive("outbox", shutdown.clone(), move || {
        let (worker, stop) = (worker.clone(), stop.clone());
        async move { worker.run(&stop).await }
    }));
    let (store, clock, rng) = (Arc::clone(&state.store), Arc::clone(&state.clock), Arc::clone(&state.rng));
    let runner = Runner::new(store, clock, rng, state.job_health.clone());
    for job in jobs(&state.accounts) {
        let (runner, leaving, name, job) = (runner.clone(), shutdown.clone(), job.name, Arc::new(job));
        let begin = move || runner.clone().run(Arc::clone(&job), leaving.clone());
        work.spawn(state.job_health.clone().keep_alive(name, shutdown.clone(), begin));
    }
    let (accounts, leaving) = (state.accounts.clone(), shutdown.clone());
    let begin = move || follow_keys(accounts.clone(), leaving.clone());
    work.spawn(state.job_health.clone().keep_alive("keys", shutdown.clone(), begin));
    match HttpBackChannel::new() {
        Ok(channel) => {
            let (accounts, leaving, channel) = (state.accounts.clone(), shutdown.clone(), Arc::new(channel));
            let begin = move || tell_apps(accounts.clone(), Arc::clone(&channel), leaving.clone());
            work.spawn(state.job_health.clone().keep_alive("back-channel", shutdown.clone(), begin));
        }
        Err(error) => tracing::error!(%error, "apps cannot be told of sign-outs"),
    }
    let (accounts, leaving) = (state.accounts.clone(), shutdown.clone());
    let begin = move || write_uses(accounts.clone(), leaving.clone());
    work.spawn(state.job_health.clone().keep_alive("uses", shutdown.clone(), begin));
    work.close();
    work
}

async fn bind(key: &str, address: SocketAddr) -> Result<(TcpListener, SocketAddr), Fatal> {
    let bound = async {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    };
    bound.await.map_err(|error: std::io::Error| Fatal::Other(format!("{key}: {address}: {error}")))
}

/// Serves the configured colour and logo ourselves, as pages ask nobody else for anything; answers the logo's address.
fn add_brand(config: &Config, assets: &mut Assets) -> Result<Option<String>, Fatal> {
    let colour = config.brand.colour.as_deref().and_then(brand_stylesheet);
    if let Some(stylesheet) = colour {
        assets.add("brand.css", stylesheet);
    }
    let Some(path) = &config.brand.logo else { return Ok(None) };
    let content = fs::read(path).map_err(|error| Fatal::Other(format!("brand.logo: {}: {error}", path.display())))?;
    let name = format!("logo.{}", path.extension().unwrap_or_default().to_string_lossy());
    assets.add(&name, content);
    Ok(Some(assets.url(&name)))
}

async fn serve_metrics(config: &Config, state: &State, shutdown: &Shutdown) -> Result<(), Fatal> {
    let Some(address) = config.metrics_listen else { return Ok(()) };
    let (listener, bound) = bind("metrics.listen", address).await?;
    let handle = metrics::start().map_err(|error| Fatal::Other(format!("metrics: {error}")))?;
    let state = state.clone();
    let sample = move || -> BoxFuture<'static, ()> { Box::pin(sample(state.clone())) };
    let router = metrics::router(handle, Arc::new(sample));
    tokio::spawn(listen::serve(listener, router, shutdown.clone(), terms(config)));
    tracing::info!("metrics are at http://{bound}/metrics");
    Ok(())
}

async fn sample(state: State) {
    metrics::note_hashes(state.hasher.under_way());
    let counted = async { state.store.read().await?.count_due_messages(state.clock.now()).await };
    match counted.await {
        Ok(due) => metrics::note_outbox(due),
        Err(error) => tracing::warn!(%error, "the outbox cannot be counted"),
    }
    match archive::overdue(&*state.store, state.clock.now()).await {
        Ok(Overdue { purges, reminders }) => {
            metrics::note_overdue("purge", purges);
            metrics::note_overdue("remind", reminders);
        }
        Err(error) => tracing::warn!(%error, "what is overdue cannot be counted"),
    }
}

/// Sends mail and text messages until the server leaves.
fn worker(config: &Config, state: &State, public_url: &Url, shown_at: Option<Url>) -> Result<OutboxWorker, Fatal> {
    let mail = config.mail.as_ref().map(|mail| mail.relay(public_url));
    let mail = mail.transpose().map_err(|error| Fatal::Other(format!("mail.smtp_url: {error}")))?;
    let sms = config.sms.as_ref().map(|sms| Gateway::new(sms.url.expose(), sms.body.expose()));
    let sms = sms.transpose().map_err(|error| Fatal::Other(format!("sms.url: {error}")))?;
    let transports =
        Transports { mail: mail.map(|smtp| Arc::new(smtp) as _), sms: sms.map(|gateway| Arc::new(gateway) as _) };
    let (store, clock, rng) = (Arc::clone(&state.store), Arc::clone(&state.clock), Arc::clone(&state.rng));
    Ok(OutboxWorker::new(store, clock, rng, transports, state.accounts.outbox_notify(), shown_at))
}

/// The work that one of all servers does.
fn jobs(accounts: &Accounts) -> [Job; 3] {
    let job = |name, period, task: fn(Accounts) -> BoxFuture<'static, Result<(), Error>>| {
        let accounts = accounts.clone();
        Job { name, period, task: Box::new(move || task(accounts.clone())) }
    };
    [
        job("purge", HOUR, |accounts| {
            Box::pin(async move { accounts.purge().await.map(|turn| count("purge", &turn)) })
        }),
        job("remind", HOUR, |accounts| {
            Box::pin(async move { accounts.remind().await.map(|turn| count("remind", &turn)) })
        }),
        job("sweep", HOUR / 6, |accounts| Box::pin(async move { accounts.sweep().await })),
    ]
}

fn count(job: &'static str, turn: &JobReport) {
    metrics::count_failed_accounts(job, turn.failed.len());
}

/// Signs with whatever key the database holds. A token of a newer one is verified even before: see
/// [`crate::service::secrets`].
async fn follow_keys(accounts: Accounts, shutdown: Shutdown) {
    loop {
        tokio::select! {
            () = shutdown.draining() => return,
            () = sleep(KEYS_EVERY) => {}
        }
        if let Err(error) = accounts.reload_keys().await {
            tracing::warn!(?error, "the keys cannot be read again");
        }
    }
}

/// Tells apps that sessions of theirs have ended. See [`crate::service::Accounts::tell_apps`].
async fn tell_apps(accounts: Accounts, channel: Arc<HttpBackChannel>, shutdown: Shutdown) {
    loop {
        tokio::select! {
            () = shutdown.draining() => return,
            () = sleep(LOGOUTS_EVERY) => {}
        }
        if let Err(error) = accounts.tell_apps(&*channel).await {
            tracing::warn!(?error, "what is to be told to apps cannot be read");
        }
    }
}

/// Writes down when sessions and clients were last used. See [`crate::service::Accounts::write_uses`].
async fn write_uses(accounts: Accounts, shutdown: Shutdown) {
    loop {
        let leaving = tokio::select! {
            () = shutdown.draining() => true,
            () = sleep(USES_EVERY) => false,
        };
        if let Err(error) = accounts.write_uses().await {
            tracing::warn!(?error, "what was used cannot be written down");
        }
        if leaving {
            return;
        }
    }
}

fn greet(public_url: &Url, outbox: Option<&Url>) {
    say!("Nameplate is at {public_url}");
    if let Some(outbox) = outbox {
        say!("No mail server is configured: codes that would be mailed are at {outbox}");
    }
}
