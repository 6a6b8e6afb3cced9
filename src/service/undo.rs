//! Taking the change of an e-mail address or phone back, by the link that the old one was sent.
//!
//! The link counts in whatever state the account is: whoever took it over may have archived or deactivated it.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use crate::{
    domain::{
        account::Account, activity::Kind as Event, code::Channel, email::readable, error::Error, locale::Locale,
        session::Origin,
    },
    store::{Transaction, undo::UndoLink},
};

use super::{
    Accounts, Result,
    callers::Getting,
    codes::Destination,
    messages::{Notice, Undo},
    secrets::fingerprint,
};

/// How long an undo link works.
const LIFETIME: TimeDelta = TimeDelta::days(7);

/// What an undo link would do.
#[derive(Clone, Debug)]
pub struct UndoOffer {
    /// Whether it is about an e-mail address or a phone.
    pub channel: Channel,
    /// The address or number that it restores, masked.
    pub restores: String,
    /// How long the link works.
    pub expires_at: DateTime<Utc>,
    /// The language of its owner.
    pub locale: Option<Locale>,
}

impl Accounts {
    /// What an undo link would do; asking does nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it was used, is too old, or there is nothing to take back any more.
    pub async fn read_undo(&self, token: &str) -> Result<UndoOffer> {
        let mut tx = self.read().await?;
        let link = self.usable_link(&mut tx, token).await?;
        let account = tx.account(link.account_id).await?.ok_or(Error::NotFound)?;
        let old = self.restorable(&account, &link)?;
        Ok(UndoOffer {
            channel: link.channel,
            restores: old.masked(),
            expires_at: link.expires_at,
            locale: account.locale,
        })
    }

    /// Puts the old address or number back in force, as verified, and ends a pending change, every code and every
    /// session. The link works once.
    ///
    /// # Errors
    /// As [`Self::read_undo`]; [`Error::Taken`] when somebody else has proved to own the old one since.
    pub async fn undo(&self, token: &str, origin: &Origin) -> Result<Account> {
        let now = self.now();
        let mut tx = self.write().await?;
        let link = self.usable_link(&mut tx, token).await?;
        let wanted = Destination::from_stored(link.channel, link.destination.clone());
        let getting = Getting { identifiers: &[wanted], proved: true, username: None };
        let (account, locked) = self.lock_getting(&mut tx, link.account_id, getting).await?;
        let mut account = account.ok_or(Error::NotFound)?;
        let old = self.restorable(&account, &link)?;
        if !tx.use_undo_link(&link).await? {
            return Err(Error::NotFound);
        }
        self.claim(&mut tx, account.id, &old, &locked).await?;
        let restored = old.masked();
        account.put_in_force(old, true);
        account.touch(now);
        tx.update_account(&account).await?;
        tx.end_sessions(account.id, None, now).await?;
        tx.end_codes(account.id, now).await?;
        // A registration that whoever took the address confirmed there waits for the second step no more.
        tx.delete_restore(account.id).await?;
        let event = link.channel.pick(Event::EmailChangeUndone, Event::PhoneChangeUndone);
        self.record(&mut tx, account.id, event, origin, &[("to", restored.clone().into())]).await?;
        let notice = match link.channel {
            Channel::Email => Notice::EmailChangeUndone { to: readable(&restored) },
            Channel::Sms => Notice::PhoneChangeUndone { to: restored },
        };
        self.tell_verified(&mut tx, &account, None, &notice, origin).await?;
        tx.commit().await?;
        Ok(account)
    }

    /// Makes the link that restores a verified identifier.
    pub(super) async fn undo_link(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &Account,
        old: &Destination,
    ) -> Result<Undo> {
        let now = self.now();
        let token = self.rng().token();
        let until = now + LIFETIME;
        tx.insert_undo_link(&UndoLink {
            token_hash: fingerprint(&token),
            account_id: account.id,
            channel: old.channel(),
            destination: old.recipient(),
            created_at: now,
            expires_at: until,
        })
        .await?;
        let link = Url::parse(&self.absolute(&format!("/undo?token={token}")));
        Ok(Undo { link: link.map_err(|error| Error::Internal(error.to_string()))?, until })
    }

    async fn usable_link(&self, tx: &mut Box<dyn Transaction>, token: &str) -> Result<UndoLink> {
        let link = tx.undo_link(&fingerprint(token)).await?;
        link.filter(|link| self.now() < link.expires_at).ok_or(Error::NotFound)
    }

    /// What the link puts back, if it is not in force already.
    fn restorable(&self, account: &Account, link: &UndoLink) -> Result<Destination> {
        let old = Destination::from_stored(link.channel, link.destination.clone());
        let untouched =
            account.pending(link.channel).is_none() && account.verified(link.channel).as_ref() == Some(&old);
        if untouched || account.state(self.now()).is_none() { Err(Error::NotFound) } else { Ok(old) }
    }
}
