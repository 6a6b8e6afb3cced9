//! The way out for messages.

pub mod smtp;

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use thiserror::Error;

use crate::domain::message::OutboxMessage;

/// Hands messages to what carries them further: a mail relay, an SMS gateway.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Returns once the carrier has taken responsibility for the message, or at the latest after a minute. Dropped
    /// before that, it may or may not have.
    async fn send(&self, message: &OutboxMessage) -> Result<(), SendError>;
}

/// Why a message did not leave. What a carrier answers may repeat the recipient.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SendError {
    /// Trying again later may help: the carrier is away, busy, or wrongly configured.
    #[error("not sent yet: {0}")]
    Temporary(String),
    /// Trying again will not: the carrier refuses this recipient or this message.
    #[error("refused: {0}")]
    Refused(String),
}

/// Why a carrier cannot be had as configured: the end of a sentence that begins with the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Misconfigured(pub &'static str);

/// Keeps what it is given, for tests.
#[derive(Debug, Default)]
pub struct Recorder {
    sent: Mutex<Vec<OutboxMessage>>,
    failures: Mutex<VecDeque<SendError>>,
}

impl Recorder {
    /// Fails one send like this; failures add up and come in their order.
    pub fn fail_next(&self, error: SendError) {
        lock(&self.failures).push_back(error);
    }

    /// What was sent so far, oldest first.
    pub fn sent(&self) -> Vec<OutboxMessage> {
        lock(&self.sent).clone()
    }
}

#[async_trait]
impl Mailer for Recorder {
    async fn send(&self, message: &OutboxMessage) -> Result<(), SendError> {
        if let Some(error) = lock(&self.failures).pop_front() {
            return Err(error);
        }
        lock(&self.sent).push(message.clone());
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
