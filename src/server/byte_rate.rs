//! Whether bytes move fast enough. A longest gap alone would let one byte in each gap go on for ever.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::time::{Sleep, sleep};

/// How many bytes at least must move in each window of time.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// The window.
    pub window: Duration,
    /// Bytes in it, at least.
    pub bytes: usize,
}

impl Default for Rate {
    /// 2 KiB a second, over half a minute: a tenth of what the slowest mobile network gives.
    fn default() -> Self {
        Self { window: Duration::from_secs(30), bytes: 60 * 1024 }
    }
}

/// Bytes on their way.
#[derive(Debug)]
pub struct ByteRate {
    least: Rate,
    moved: usize,
    window: Option<Pin<Box<Sleep>>>,
}

impl ByteRate {
    /// Nothing moves yet, and nothing is waited for.
    pub fn new(least: Rate) -> Self {
        Self { least, moved: 0, window: None }
    }

    /// Notes that bytes moved.
    pub fn moved(&mut self, bytes: usize) {
        self.moved = self.moved.saturating_add(bytes);
    }

    /// Notes that nothing is waited for any more.
    pub fn rest(&mut self) {
        self.moved = 0;
        self.window = None;
    }

    /// To be asked while bytes are waited for: ready once too few moved within a window. The first begins with the first
    /// question.
    pub fn poll_too_slow(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let window = self.window.get_or_insert_with(|| Box::pin(sleep(self.least.window)));
            ready!(window.as_mut().poll(cx));
            if self.moved < self.least.bytes {
                return Poll::Ready(());
            }
            self.rest();
        }
    }
}
