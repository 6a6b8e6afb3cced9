//! Telling people: the activity list and the outbox, both written in the transaction of the change they speak of.

use std::net::IpAddr;

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    domain::{
        account::Account,
        activity::{Activity, Kind},
        code::Channel,
        locale::Locale,
        message::OutboxMessage,
        session::Origin,
    },
    store::Transaction,
};

use super::{
    Accounts, Result,
    codes::Destination,
    messages::{Compose, Message, Notice, RequestLocation, compose},
};

/// The network of an address: IPv4 /24, IPv6 /64, as it is shown and counted.
pub(super) fn shown_network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        v6 => address_prefix(v6),
    }
}

/// What counts as one caller: an IPv4 address, an IPv6 /64.
pub(super) fn address_prefix(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// A user agent in words, like "Firefox on Linux".
pub(super) fn device(user_agent: &str) -> String {
    match woothee::parser::Parser::new().parse(user_agent) {
        Some(agent) if agent.os != "UNKNOWN" => format!("{} on {}", agent.name, agent.os),
        Some(agent) => agent.name.to_owned(),
        // Clients of the REST dialects name themselves "name/version".
        None => user_agent.split(['/', ' ']).next().unwrap_or_default().chars().take(40).collect(),
    }
}

pub(super) fn request_location(origin: &Origin) -> RequestLocation {
    RequestLocation {
        device: device(&origin.user_agent),
        address: origin.address.map(shown_network).unwrap_or_default(),
    }
}

impl Accounts {
    /// Adds an event to the account's activity list.
    pub(super) async fn record(
        &self,
        tx: &mut Box<dyn Transaction>,
        account_id: Uuid,
        kind: Kind,
        origin: &Origin,
        detail: &[(&str, Value)],
    ) -> Result<()> {
        Ok(tx.insert_activity(&self.event(account_id, kind, origin, detail)).await?)
    }

    /// An event that happens now.
    pub(super) fn event(&self, account_id: Uuid, kind: Kind, origin: &Origin, detail: &[(&str, Value)]) -> Activity {
        let RequestLocation { device, address } = request_location(origin);
        let now = self.now();
        tracing::info!(account = %account_id, event = kind.as_str(), %device, %address, "activity");
        let detail: Map<_, _> = detail.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let id = self.rng().uuid(now);
        Activity { id, account_id, kind: kind.as_str().to_owned(), device, address, detail, at: now }
    }

    /// Tells the account at what it has proved, by mail before text message; one that has proved nothing, at what it has.
    pub(super) async fn notify_owner(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &Account,
        notice: &Notice,
        origin: &Origin,
    ) -> Result<()> {
        // What was not proved may be somebody else's: it is written to only where nothing was.
        let has_proved = [Channel::Email, Channel::Sms].into_iter().any(|channel| account.has_verified(channel));
        let mut channels = [Channel::Email, Channel::Sms].into_iter().filter(|channel| self.can_send(*channel));
        let to = channels.find_map(|channel| match has_proved {
            true => account.verified(channel),
            false => account.in_force(channel),
        });
        match to {
            Some(to) => self.send(tx, Some(account), to.channel(), to.recipient(), notice, origin).await,
            None => Ok(()),
        }
    }

    /// Puts a message into the outbox, if there is anything to carry it. Codes carry the end of their life with them.
    pub(super) async fn send(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: Option<&Account>,
        channel: Channel,
        recipient: String,
        notice: &Notice,
        origin: &Origin,
    ) -> Result<()> {
        self.post(tx, account, channel, recipient, notice, origin).await.map(drop)
    }

    /// Sends a notice to the account that was found with a destination. Where there is none, the same is written and taken
    /// back, so that the answer takes the same time.
    pub(super) async fn send_if_found(
        &self,
        tx: &mut Box<dyn Transaction>,
        found: Option<&Account>,
        destination: &Destination,
        notice: &Notice,
        origin: &Origin,
    ) -> Result<()> {
        let id = self.post(tx, found, destination.channel(), destination.recipient(), notice, origin).await?;
        Ok(tx.delete_message(id.filter(|_| found.is_none()).unwrap_or_default()).await?)
    }

    /// As [`Self::send`], and answers the id of the message.
    async fn post(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: Option<&Account>,
        channel: Channel,
        recipient: String,
        notice: &Notice,
        origin: &Origin,
    ) -> Result<Option<Uuid>> {
        if !self.can_send(channel) {
            return Ok(None);
        }
        let now = self.now();
        let settings = self.settings();
        let locale = account.and_then(|account| account.locale).or(origin.locale).unwrap_or(Locale::En);
        let zone = account.and_then(|account| account.time_zone.as_deref());
        let context = Compose {
            locale,
            time_zone: zone,
            brand: &settings.brand,
            public_url: &settings.public_url,
            when: now,
            location: &request_location(origin),
        };
        let Message { subject, text, html } = compose(notice, channel, &context);
        let message = OutboxMessage {
            id: self.rng().uuid(now),
            account_id: account.map(|account| account.id),
            channel,
            recipient,
            subject,
            body_text: text,
            body_html: html,
            created_at: now,
            due_at: now,
            expires_at: notice.expires_at(),
            attempts: 0,
            sent_at: None,
            parked_at: None,
            last_error: None,
        };
        tx.insert_message(&message).await?;
        Ok(Some(message.id))
    }
}
