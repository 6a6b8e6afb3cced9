//! Background work: whose turn it is.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use chrono::TimeDelta;
use nameplate::{
    domain::error::Error,
    ports::{clock::FakeClock, rng::SystemRng},
    server::{
        jobs::{Job, Runner},
        shutdown::Shutdown,
    },
    store::{Store, sql},
};
use tokio::time::{sleep, timeout};

const PERIOD: Duration = Duration::from_secs(3600);

async fn store() -> (tempfile::TempDir, Arc<dyn Store>) {
    let data = tempfile::tempdir().unwrap();
    let store = sql::connect(&format!("sqlite://{}/nameplate.db", data.path().display())).await.unwrap();
    store.migrate().await.unwrap();
    (data, store)
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
    let runner = || Runner::new(Arc::clone(&store), Arc::new(clock.clone()), Arc::new(SystemRng));
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
    let runner = || Runner::new(Arc::clone(&store), Arc::new(clock.clone()), Arc::new(SystemRng));
    let (failing, _) = counting(Err(Error::Internal("on purpose".to_owned())));
    let (working, done) = counting(Ok(()));
    assert!(runner().tick(&failing).await);
    assert!(runner().tick(&working).await);
    assert_eq!(done.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_loop_gives_its_turn_back_when_the_server_leaves() {
    let (_data, store) = store().await;
    let clock = FakeClock::at("2026-01-02T03:04:05Z".parse().unwrap());
    let runner = || Runner::new(Arc::clone(&store), Arc::new(clock.clone()), Arc::new(SystemRng));
    let (job, done) = counting(Ok(()));
    let job = Job { period: Duration::from_millis(20), ..job };
    let shutdown = Shutdown::default();
    let running = tokio::spawn(runner().run(job, shutdown.clone()));
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
