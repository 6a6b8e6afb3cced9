//! Background work: whose turn it is.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use chrono::TimeDelta;
use futures::future::join_all;
use nameplate::{
    domain::error::Error,
    ports::{clock::FakeClock, rng::SystemRng},
    server::{
        health::{self, Health},
        job_health::JobHealth,
        jobs::{Job, Runner},
        metrics,
        shutdown::Shutdown,
    },
    store::{Store, sql},
};
use tokio::time::{sleep, timeout};
use tower::ServiceExt as _;

use crate::harness::statements::recorded;

const PERIOD: Duration = Duration::from_secs(3600);

async fn store() -> (tempfile::TempDir, Arc<dyn Store>) {
    let data = tempfile::tempdir().unwrap();
    let store = sql::connect(&format!("sqlite://{}/nameplate.db", data.path().display())).await.unwrap();
    store.migrate().await.unwrap();
    (data, store)
}

async fn panics() -> Result<(), Error> {
    panic!("on purpose")
}

fn job_health(clock: &FakeClock) -> JobHealth {
    JobHealth::new(Arc::new(clock.clone()))
}

/// A job that counts how often it is done.
fn counting(outcome: Result<(), Error>) -> (Job, Arc<AtomicU32>) {
    let done = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&done);
    let task = Box::new(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        let outcome = outcome.clone();
        Box::pin(async { outcome }) as _
    });
    (Job { name: "count", period: PERIOD, task }, done)
}

#[tokio::test]
async fn one_of_several_servers_does_a_job_in_each_period() {
    let (_data, store) = store().await;
    let clock = FakeClock::at("2026-01-02T03:04:05Z".parse().unwrap());
    let runner = || Runner::new(Arc::clone(&store), Arc::new(clock.clone()), Arc::new(SystemRng), job_health(&clock));
    let (first, second) = (runner(), runner());
    let (job, done) = counting(Ok(()));
    assert!(first.tick(&job).await);
    assert!(!second.tick(&job).await, "it was done in this period");
    assert!(first.tick(&job).await, "whoever has the turn may do it again");
    clock.advance(TimeDelta::hours(1));
    assert!(second.tick(&job).await, "the other one went away");
    assert!(!first.tick(&job).await);
    assert_eq!(done.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn a_failed_job_is_anybodys() {
    let (_data, store) = store().await;
    let clock = FakeClock::at("2026-01-02T03:04:05Z".parse().unwrap());
    let runner = || Runner::new(Arc::clone(&store), Arc::new(clock.clone()), Arc::new(SystemRng), job_health(&clock));
    let (failing, _) = counting(Err(Error::Internal("on purpose".to_owned())));
    let (working, done) = counting(Ok(()));
    assert!(!runner().tick(&failing).await);
    assert!(runner().tick(&working).await);
    assert_eq!(done.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_loop_gives_its_turn_back_when_the_server_leaves() {
    let (_data, store) = store().await;
    let clock = FakeClock::at("2026-01-02T03:04:05Z".parse().unwrap());
    let runner = || Runner::new(Arc::clone(&store), Arc::new(clock.clone()), Arc::new(SystemRng), job_health(&clock));
    let (job, done) = counting(Ok(()));
    let job = Job { period: Duration::from_millis(20), ..job };
    let shutdown = Shutdown::default();
    let running = tokio::spawn(runner().run(Arc::new(job), shutdown.clone()));
    let repeated = async {
        while done.load(Ordering::Relaxed) < 3 {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(5), repeated).await.expect("done over and over");
    shutdown.ask();
    timeout(Duration::from_secs(5), running).await.expect("ends with the server").unwrap();
    let (job, _) = counting(Ok(()));
    assert!(runner().tick(&job).await, "the next server need not wait");
}

#[tokio::test]
async fn a_job_that_keeps_panicking_is_told_of_until_it_does_well() {
    let (_data, store) = store().await;
    let clock = FakeClock::at("2026-01-02T03:04:05Z".parse().unwrap());
    let job_health = job_health(&clock);
    let runner = Runner::new(Arc::clone(&store), Arc::new(clock.clone()), Arc::new(SystemRng), job_health.clone());
    let panicking = Job { name: "count", period: PERIOD, task: Box::new(|| Box::pin(panics())) };
    for _ in 0..4 {
        assert!(!runner.tick(&panicking).await);
        assert!(job_health.dying().is_empty(), "it may be for once");
        clock.advance(TimeDelta::minutes(6));
    }
    assert!(!runner.tick(&panicking).await, "it is begun again in spite of that");
    assert_eq!(job_health.dying(), ["count"]);
    let (waiting, _) = counting(Err(Error::Busy { retry_after: PERIOD }));
    assert!(!runner.tick(&waiting).await);
    assert_eq!(job_health.died("count"), 6, "an outage of something else is no failure of the job");
    let (working, done) = counting(Ok(()));
    assert!(runner.tick(&working).await);
    assert_eq!((job_health.dying().len(), done.load(Ordering::Relaxed)), (0, 1));
}

#[tokio::test]
async fn a_job_that_fails_is_counted_and_the_server_goes_on() {
    let recorder = metrics::builder().unwrap().build_recorder();
    let told = recorder.handle();
    let _here = ::metrics::set_default_local_recorder(&recorder);
    let (_data, store) = store().await;
    let clock = FakeClock::at("2026-01-02T03:04:05Z".parse().unwrap());
    let job_health = job_health(&clock);
    let runner = Runner::new(Arc::clone(&store), Arc::new(clock.clone()), Arc::new(SystemRng), job_health.clone());
    let (failing, _) = counting(Err(Error::Internal("one account is broken".to_owned())));
    for _ in 0..9 {
        assert!(!runner.tick(&failing).await);
    }
    assert!(job_health.dying().is_empty(), "whoever asks for readiness would take every server away");
    let told = told.render();
    assert!(told.contains("nameplate_job_failures_total{job=\"count\"} 9"), "{told}");
}

#[tokio::test]
async fn a_loop_that_dies_is_begun_again() {
    let clock = FakeClock::at("2026-01-02T03:04:05Z".parse().unwrap());
    let (job_health, shutdown) = (job_health(&clock), Shutdown::default());
    let lives = Arc::new(AtomicU32::new(0));
    let (lived, leaving) = (Arc::clone(&lives), shutdown.clone());
    let kept = job_health.clone().keep_alive("loop", shutdown.clone(), move || {
        let (lived, leaving) = (Arc::clone(&lived), leaving.clone());
        async move {
            if lived.fetch_add(1, Ordering::Relaxed) == 0 {
                panic!("on purpose");
            }
            leaving.draining().await;
        }
    });
    let kept = tokio::spawn(kept);
    let again = async {
        while lives.load(Ordering::Relaxed) < 2 {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(10), again).await.expect("it is begun again");
    shutdown.ask();
    timeout(Duration::from_secs(10), kept).await.expect("it ends with the server").unwrap();
    assert_eq!(lives.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn readiness_asks_the_database_once_however_many_ask() {
    let (_data, store) = store().await;
    let clock = FakeClock::at("2026-01-02T03:04:05Z".parse().unwrap());
    let health =
        Health { store, shutdown: Shutdown::default(), clock: Arc::new(clock.clone()), job_health: job_health(&clock) };
    let router = health::router(health);
    let asked = async || {
        let request = Request::get("/readyz").body(Body::empty()).unwrap();
        router.clone().oneshot(request).await.unwrap().status().as_u16()
    };
    let (_, one) = recorded(asked()).await;
    clock.advance(TimeDelta::seconds(1));
    let (answers, many) = recorded(join_all((0..50).map(|_| asked()))).await;
    assert_eq!(answers, [200; 50]);
    assert_eq!(many.len(), one.len(), "{many:?}");
    assert!(!many.is_empty(), "a second later it is asked again");
}

#[tokio::test]
async fn readiness_knows_what_keeps_dying_and_forgets_it_after_a_while() {
    let (_data, store) = store().await;
    let clock = FakeClock::at("2026-01-02T03:04:05Z".parse().unwrap());
    let (job_health, shutdown) = (job_health(&clock), Shutdown::default());
    let router =
        health::router(Health { store, shutdown, clock: Arc::new(clock.clone()), job_health: job_health.clone() });
    let ready = async || {
        let request = Request::get("/readyz").body(Body::empty()).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        (answer.status().as_u16(), to_bytes(answer.into_body(), 999).await.unwrap())
    };
    assert_eq!(ready().await.0, 200);
    for _ in 0..5 {
        job_health.died("outbox");
    }
    job_health.died("purge");
    assert_eq!(ready().await, (503, "background work keeps failing: outbox\n".into()));
    clock.advance(TimeDelta::minutes(15));
    assert_eq!(ready().await.0, 200);
    assert_eq!(job_health.died("outbox"), 1, "that was long ago");
}
