//! Changing the e-mail address and the phone: one set of rules for both.
//!
//! An unverified value is replaced; a verified one stays in force while the new one is pending, until the code sent there
//! is confirmed. The old one hears of it at once, with a link that takes the change back.

use chrono::TimeDelta;

use crate::{
    domain::{
        account::Account,
        activity::Kind as Event,
        code::{Channel, CodeReceipt, Purpose},
        email::readable,
        error::{Error, Reason},
        session::{Actor, Origin},
    },
    store::Transaction,
};

use super::{
    Accounts, Expectation, Result,
    callers::Getting,
    codes::{Destination, RightCode},
    limits::{Hit, throttled},
    locked_accounts::LockedAccounts,
    messages::{Notice, Undo},
    owner::holder,
    profile::{ProfileChange, Updated},
};

/// Tries of a user that find somebody else's identifier within [`TAKEN_WINDOW`].
const MAX_TAKEN: usize = 10;
/// The window of [`MAX_TAKEN`].
const TAKEN_WINDOW: TimeDelta = TimeDelta::hours(1);

impl Accounts {
    /// Writes another e-mail address, the primary identifier or not; empty clears it. A code goes to a new one at once.
    ///
    /// # Errors
    /// [`Error::ChannelOff`]; those of [`Self::update_account`].
    pub async fn change_email(&self, actor: &Actor, email: &str, expected: Expectation) -> Result<Updated> {
        if !email.trim().is_empty() {
            self.require_channel(Channel::Email)?;
        }
        let change = ProfileChange { email: Some(email.to_owned()), with_primary: true, ..Default::default() };
        self.update_account(actor, actor.account_id, change, expected).await
    }

    /// As [`Self::change_email`], for the phone.
    ///
    /// # Errors
    /// Those of [`Self::update_account`].
    pub async fn change_phone(&self, actor: &Actor, phone: &str, expected: Expectation) -> Result<Updated> {
        if !phone.trim().is_empty() {
            self.require_channel(Channel::Sms)?;
        }
        let change = ProfileChange { phone: Some(phone.to_owned()), with_primary: true, ..Default::default() };
        self.update_account(actor, actor.account_id, change, expected).await
    }

    /// Ends a pending change; the value in force stays. Without one nothing happens.
    ///
    /// # Errors
    /// [`Error::Stale`] or [`Error::PreconditionFailed`].
    pub async fn cancel_change(&self, actor: &Actor, channel: Channel, expected: Expectation) -> Result<Account> {
        let (mut tx, mut account) = self.write_as(actor).await?;
        expected.check(&account)?;
        if account.pending(channel).is_some() {
            let in_force = account.in_force(channel);
            self.change_identifier(&mut tx, &mut account, channel, in_force, &actor.origin).await?;
            account.touch(self.now());
            tx.update_account(&account).await?;
            tx.commit().await?;
        }
        Ok(account)
    }

    /// An identifier to be written, read. The primary one can only be what it is already, unless `with_primary`; and not
    /// nothing, unless the other kind stands in for it.
    pub(super) fn read_identifier_change(
        &self,
        account: &Account,
        channel: Channel,
        raw: &str,
        with_primary: bool,
    ) -> Result<Option<Destination>, Reason> {
        let wanted = if raw.trim().is_empty() { None } else { Some(self.read_destination(channel, raw)?) };
        if !self.is_primary(channel) {
            return Ok(wanted);
        }
        let shown = account.shown(channel);
        match wanted == shown {
            // Not even its case may be another one.
            true if !with_primary => return Ok(shown),
            true => return Ok(wanted),
            false if !with_primary => return Err(Reason::NotSettable),
            false => {}
        }
        let other = channel.other();
        let dispensable = self.is_primary(other) && account.has_verified(other);
        if wanted.is_none() && !dispensable { Err(Reason::Required) } else { Ok(wanted) }
    }

    /// Goes on with the transaction unless somebody else has one of the identifiers. Whoever finds that out learns of an
    /// account, so such tries are counted, and the count is kept although the change is refused.
    pub(super) async fn refuse_taken(
        &self,
        mut tx: Box<dyn Transaction>,
        account: &Account,
        wanted: &[(Channel, Option<Destination>)],
        locked: &LockedAccounts,
    ) -> Result<Box<dyn Transaction>> {
        let key = format!("taken:{}", account.id);
        for (channel, wanted) in wanted {
            let Some(wanted) = wanted.as_ref().filter(|wanted| !account.has(wanted)) else { continue };
            let hit = match self.hit(&mut tx, &key, MAX_TAKEN, TAKEN_WINDOW).await? {
                Hit::Added(hit) => hit,
                Hit::Full(wait) => return Err(throttled(wait)),
            };
            if self.is_taken(&mut tx, account, wanted, locked).await? {
                tx.commit().await?;
                return Err(Error::Taken(channel.field()));
            }
            tx.delete_hit(hit).await?;
        }
        Ok(tx)
    }

    /// Whether another account has proved the identifier. One whose day has come is deleted on the way.
    async fn is_taken(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &Account,
        wanted: &Destination,
        locked: &LockedAccounts,
    ) -> Result<bool> {
        let holder = holder(tx, wanted).await?.filter(|holder| holder.id != account.id);
        let holder = self.purge_if_due(tx, holder, locked).await?;
        Ok(holder.is_some_and(|holder| holder.has_verified(wanted.channel())))
    }

    /// Writes an identifier to a locked account, whose row the caller updates. The receipt is of the code that was sent.
    pub(super) async fn change_identifier(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &mut Account,
        channel: Channel,
        wanted: Option<Destination>,
        origin: &Origin,
    ) -> Result<Option<CodeReceipt>> {
        if let Some(wanted) = &wanted
            && account.shown(channel).as_ref() == Some(wanted)
        {
            account.respell(wanted);
            return Ok(None);
        }
        if wanted.is_none() && account.shown(channel).is_none() {
            return Ok(None);
        }
        let old = account.verified(channel);
        let Some(wanted) = wanted else {
            account.clear(channel);
            self.keep_a_factor(tx, account).await?;
            tx.end_codes_of(account.id, Purpose::Verification.as_str(), channel, self.now()).await?;
            self.record(tx, account.id, channel.pick(Event::EmailRemoved, Event::PhoneRemoved), origin, &[]).await?;
            self.tell_change(tx, account, channel, old, None, origin).await?;
            return Ok(None);
        };
        if account.in_force(channel).as_ref() == Some(&wanted) {
            account.end_pending(channel);
            tx.end_codes_of(account.id, Purpose::Verification.as_str(), channel, self.now()).await?;
            let event = channel.pick(Event::EmailChangeCancelled, Event::PhoneChangeCancelled);
            self.record(tx, account.id, event, origin, &[]).await?;
            return Ok(None);
        }
        if old.is_none() {
            account.clear(channel);
        }
        // Where another account has it, proved or not, it waits; that is no reason to say so.
        match holder(tx, &wanted).await? {
            None if old.is_none() => account.put_in_force(wanted.clone(), false),
            _ => account.put_pending(wanted.clone()),
        }
        // With nothing to send it by, it goes without until there is.
        let receipt = match self.can_send(channel) {
            true => Some(self.send_own_code(tx, account, &wanted, TimeDelta::zero(), origin).await?),
            false => None,
        };
        let event = channel.pick(Event::EmailChangeRequested, Event::PhoneChangeRequested);
        self.record(tx, account.id, event, origin, &[("to", wanted.masked().into())]).await?;
        if let Some(old) = old {
            let (to, undo) = (readable(&wanted.masked()), self.undo_link(tx, account, &old).await?);
            let notice = match channel {
                Channel::Email => Notice::EmailChangeRequested { to, undo },
                Channel::Sms => Notice::PhoneChangeRequested { to, undo },
            };
            self.send(tx, Some(account), channel, old.recipient(), &notice, origin).await?;
        }
        Ok(receipt)
    }

    /// Puts in force what a code has proved, for a caller if one asks. Whoever has it without having proved it loses it; the
    /// last word is the unique key's.
    pub(super) async fn confirm_identifier(
        &self,
        right: &RightCode,
        caller: Option<(&Actor, Expectation)>,
        origin: &Origin,
    ) -> Result<Account> {
        let (id, channel) = (right.code.account_id.ok_or(Error::CodeNotFound)?, right.code.channel());
        let mut tx = self.write().await?;
        let wanted = Destination::from_stored(channel, right.code.destination.clone());
        let getting = Getting { identifiers: &[wanted], proved: true, username: None };
        let (account, locked) = self.lock_getting(&mut tx, id, getting).await?;
        let mut account = match caller {
            Some((actor, expected)) => {
                let account = self.prove(&mut tx, actor, account).await?;
                expected.check(&account)?;
                account
            }
            None => account.filter(Account::is_active).ok_or(Error::CodeNotFound)?,
        };
        self.spend(&mut tx, right).await?;
        let proved = account.unverified(channel).filter(|waiting| waiting.key() == right.code.destination);
        let proved = proved.ok_or(Error::CodeNotFound)?;
        self.claim(&mut tx, account.id, &proved, &locked).await?;
        let old = account.verified(channel);
        account.put_in_force(proved.clone(), true);
        account.touch(self.now());
        tx.update_account(&account).await?;
        let event = match old {
            Some(_) => channel.pick(Event::EmailChanged, Event::PhoneChanged),
            None => channel.pick(Event::EmailVerified, Event::PhoneVerified),
        };
        self.record(&mut tx, id, event, origin, &[("to", proved.masked().into())]).await?;
        self.tell_change(&mut tx, &account, channel, old, Some(proved), origin).await?;
        tx.commit().await?;
        Ok(account)
    }

    /// Tells the old identifier of a change, with an undo link, and every verified one in force.
    pub(super) async fn tell_change(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &Account,
        channel: Channel,
        old: Option<Destination>,
        new: Option<Destination>,
        origin: &Origin,
    ) -> Result<()> {
        let to = new.as_ref().map(|new| readable(&new.masked()));
        let notice = |undo: Option<Undo>| match channel {
            Channel::Email => Notice::EmailChanged { to: to.clone(), undo },
            Channel::Sms => Notice::PhoneChanged { to: to.clone(), undo },
        };
        if let Some(old) = &old {
            let undo = self.undo_link(tx, account, old).await?;
            self.send(tx, Some(account), channel, old.recipient(), &notice(Some(undo)), origin).await?;
        }
        // Whoever just proved a first one knows.
        let knows = new.filter(|_| old.is_none());
        self.tell_verified(tx, account, knows.as_ref(), &notice(None), origin).await
    }

    /// Tells every verified identifier in force but `except`.
    pub(super) async fn tell_verified(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &Account,
        except: Option<&Destination>,
        notice: &Notice,
        origin: &Origin,
    ) -> Result<()> {
        for channel in [Channel::Email, Channel::Sms] {
            if let Some(own) = account.verified(channel).filter(|own| Some(own) != except) {
                self.send(tx, Some(account), channel, own.recipient(), notice, origin).await?;
            }
        }
        Ok(())
    }
}
