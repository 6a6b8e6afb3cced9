//! Tells apps that a session of theirs has ended (OpenID Connect Back-Channel Logout 1.0). What is to be told is written
//! where sessions end, in the same transaction; here it is sent, so that no sign-out waits for an app.

use chrono::TimeDelta;
use futures::future::join_all;
use serde_json::json;

use crate::{
    domain::{client::Client, oidc::app::App},
    ports::back_channel::{BackChannel, Delivery},
    service::{Accounts, Result},
    store::oidc::LogoutDelivery,
};

/// The `typ` of logout tokens.
const TYP: &str = "logout+jwt";
/// What a logout token is about.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// How long a logout token is good.
const LIFETIME: TimeDelta = TimeDelta::minutes(2);
/// How long a claim holds: longer than an app may take to answer.
const CLAIM: TimeDelta = TimeDelta::seconds(30);
/// The wait after the first failure; it doubles with every other.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(5);
/// The longest wait.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(1);
/// How long an app is tried.
const GIVE_UP_AFTER: TimeDelta = TimeDelta::hours(24);
/// Deliveries looked at in one turn.
const BATCH: i64 = 64;
/// Of those, on their way at the same time.
const AT_ONCE: usize = 8;

impl Accounts {
    /// Tells apps what is due, and says how many were tried.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tell_apps(&self, channel: &dyn BackChannel) -> Result<usize> {
        let due = self.read().await?.due_logout_deliveries(self.now(), BATCH).await?;
        let tried = due.len();
        for some in due.chunks(AT_ONCE) {
            let told: Vec<_> = some.iter().map(|delivery| self.tell_app(channel, delivery)).collect();
            join_all(told).await.into_iter().collect::<Result<()>>()?;
        }
        Ok(tried)
    }

    async fn tell_app(&self, channel: &dyn BackChannel, delivery: &LogoutDelivery) -> Result<()> {
        let now = self.now();
        let mut tx = self.write().await?;
        // Whoever claims it second finds it moved.
        if !tx.claim_logout_delivery(delivery.session_id, delivery.due_at, now + CLAIM).await? {
            return Ok(());
        }
        let client = tx.client(delivery.client_id).await?;
        tx.commit().await?;
        let outcome = match client.as_ref().and_then(|client| Some((client, uri_of(&client.app)?))) {
            Some((client, uri)) => {
                self.secrets().prepare(client.app.alg).await?;
                channel.post(uri, &self.logout_token(client, delivery)?).await
            }
            None => Delivery::Refused("the app has no address for it any more".to_owned()),
        };
        let (now, client) = (self.now(), delivery.client_id);
        let mut tx = self.write().await?;
        match outcome {
            Delivery::TryAgain(reason) if now < delivery.created_at + GIVE_UP_AFTER => {
                tracing::info!(%client, reason, "an app could not be told of a sign-out yet");
                let doublings = u32::try_from(delivery.attempts).unwrap_or(u32::MAX).min(16);
                let wait = (FIRST_WAIT * (1 << doublings)).min(LONGEST_WAIT);
                tx.postpone_logout_delivery(delivery.session_id, now + wait).await?;
            }
            Delivery::TryAgain(reason) | Delivery::Refused(reason) => {
                tracing::warn!(%client, reason, "an app was not told of a sign-out");
                tx.delete_logout_delivery(delivery.session_id).await?;
            }
            Delivery::Done => tx.delete_logout_delivery(delivery.session_id).await?,
        }
        Ok(tx.commit().await?)
    }

    /// A logout token (section 2.4), signed anew for each try.
    fn logout_token(&self, client: &Client, delivery: &LogoutDelivery) -> Result<String> {
        let now = self.now();
        let mut claims = json!({
            "iss": self.issuer(),
            "aud": client.id,
            "iat": now.timestamp(),
            "exp": (now + LIFETIME).timestamp(),
            "jti": self.rng().uuid(now),
            "sid": delivery.session_id,
            "events": { EVENT: {} },
        });
        // Of an account that was deleted there is nothing to say any more.
        if let Some(account_id) = delivery.account_id {
            claims["sub"] = account_id.to_string().into();
        }
        self.secrets().sign_for_app(client.app.alg, TYP, &claims)
    }
}

fn uri_of(app: &App) -> Option<&str> {
    app.backchannel_logout_uri.as_deref()
}
