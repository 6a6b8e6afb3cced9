//! Password hashers that have no time for a while.

use std::{num::NonZero, sync::mpsc, thread::available_parallelism};

use nameplate::ports::hasher::Hasher;
use tokio::{spawn, sync::oneshot, task::yield_now};

/// Keeps every core of a hasher busy until it is opened: what is to be hashed waits.
pub struct Gate {
    hasher: Hasher,
    cores: usize,
    _held: Vec<mpsc::Sender<()>>,
}

impl Gate {
    /// Closes it.
    pub async fn close(hasher: &Hasher) -> Self {
        let cores = available_parallelism().map_or(1, NonZero::get);
        let mut held = Vec::new();
        for _ in 0..cores {
            let (hold, opened) = mpsc::channel::<()>();
            let (begun, begins) = oneshot::channel();
            let hasher = hasher.clone();
            spawn(async move {
                let work = move || {
                    begun.send(()).expect("somebody waits for this");
                    // Ends when the gate is dropped.
                    opened.recv().unwrap_err()
                };
                hasher.alongside(work).await.expect("a core")
            });
            begins.await.expect("a core");
            held.push(hold);
        }
        Self { hasher: hasher.clone(), cores, _held: held }
    }

    /// How many wait at it.
    pub fn waiting(&self) -> usize {
        self.hasher.under_way() - self.cores
    }

    /// Waits until so many wait at it.
    pub async fn until_waiting(&self, count: usize) {
        while self.waiting() < count {
            yield_now().await;
        }
    }

    /// Opens it.
    pub fn open(self) {}
}
