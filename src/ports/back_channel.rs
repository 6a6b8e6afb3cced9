//! Telling apps that somebody signed out (OpenID Connect Back-Channel Logout 1.0, section 2.5).

use std::time::Duration;

use async_trait::async_trait;
use reqwest::{Client, redirect::Policy};

/// How long an app may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The app has it.
    Done,
    /// It may go better later.
    TryAgain(String),
    /// The app does not want it.
    Refused(String),
}

/// What posts logout tokens.
#[async_trait]
pub trait BackChannel: Send + Sync {
    /// Posts a logout token to an app.
    async fn post(&self, uri: &str, logout_token: &str) -> Delivery;
}

/// Posts them over HTTP.
pub struct HttpBackChannel(Client);

impl HttpBackChannel {
    /// One that follows no redirect: it would lead where nobody registered.
    ///
    /// # Errors
    /// When this system has no usable TLS certificates.
    pub fn new() -> Result<Self, reqwest::Error> {
        let agent = concat!("nameplate/", env!("CARGO_PKG_VERSION"));
        Client::builder().redirect(Policy::none()).user_agent(agent).timeout(PATIENCE).build().map(Self)
    }
}

#[async_trait]
impl BackChannel for HttpBackChannel {
    async fn post(&self, uri: &str, logout_token: &str) -> Delivery {
        let form = format!("logout_token={logout_token}");
        let request = self.0.post(uri).header("content-type", "application/x-www-form-urlencoded").body(form);
        match request.send().await.map(|answer| answer.status()) {
            Ok(status) if status.is_success() => Delivery::Done,
            Ok(status) if matches!(status.as_u16(), 408 | 429) || status.is_server_error() => {
                Delivery::TryAgain(status.to_string())
            }
            Ok(status) => Delivery::Refused(status.to_string()),
            Err(error) => Delivery::TryAgain(error.without_url().to_string()),
        }
    }
}
