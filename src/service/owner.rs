//! Which account owns an e-mail address or phone number: the one that proved it. An account may have one in force that it
//! never proved; that stands in nobody's way, and is taken from it as soon as somebody else has proved it.

use uuid::Uuid;

use crate::{
    domain::{
        account::Account,
        activity::Kind as Event,
        code::{Channel, Purpose},
        email::readable,
        error::Error,
        session::Origin,
    },
    store::Transaction,
};

use super::{Accounts, Result, codes::Destination, locked_accounts::LockedAccounts, messages::Notice};

/// The account that has an identifier in force, in whatever state, and whether it proved it or not.
pub(super) async fn holder(tx: &mut Box<dyn Transaction>, destination: &Destination) -> Result<Option<Account>> {
    Ok(match destination {
        Destination::Email(email) => tx.account_by_email(&email.key()).await?,
        Destination::Phone(phone) => tx.account_by_phone(phone.as_str()).await?,
    })
}

impl Accounts {
    /// As [`holder`], unless its time has come to be purged.
    pub(super) async fn find_holder(
        &self,
        tx: &mut Box<dyn Transaction>,
        destination: &Destination,
    ) -> Result<Option<Account>> {
        Ok(holder(tx, destination).await?.filter(|account| account.state(self.now()).is_some()))
    }

    /// The account that proved an identifier, unless its time has come to be purged.
    pub(super) async fn find_owner(
        &self,
        tx: &mut Box<dyn Transaction>,
        destination: &Destination,
    ) -> Result<Option<Account>> {
        let holder = self.find_holder(tx, destination).await?;
        Ok(holder.filter(|holder| holder.has_verified(destination.channel())))
    }

    /// Takes an identifier that `claimant` has proved from whoever else has it without having proved it. An account whose
    /// day has come is deleted on the way. Both were locked together with the claimant.
    ///
    /// # Errors
    /// [`Error::Taken`] when another account owns it, or has got it since the accounts were locked.
    pub(super) async fn claim(
        &self,
        tx: &mut Box<dyn Transaction>,
        claimant: Uuid,
        destination: &Destination,
        locked: &LockedAccounts,
    ) -> Result<()> {
        let other = holder(tx, destination).await?.filter(|other| other.id != claimant);
        let Some(other) = self.purge_if_due(tx, other, locked).await? else { return Ok(()) };
        if other.has_verified(destination.channel()) || !locked.has(other.id) {
            return Err(Error::Taken(destination.channel().field()));
        }
        self.take_over(tx, other, destination).await
    }

    /// Takes an identifier from a locked account that never proved it: otherwise writing it there would be a way to keep
    /// its owner from having it. The account hears of it where it is known to be reached. One that proved nothing at all
    /// is told where its messages went until now; its username goes on signing in.
    pub(super) async fn take_over(
        &self,
        tx: &mut Box<dyn Transaction>,
        mut account: Account,
        destination: &Destination,
    ) -> Result<()> {
        let channel = destination.channel();
        account.clear(channel);
        account.touch(self.now());
        tx.update_account(&account).await?;
        tx.end_codes_of(account.id, Purpose::Verification.as_str(), channel, self.now()).await?;
        // From where the rightful owner came is nothing for this one to read.
        let origin = &Origin::default();
        self.record(tx, account.id, channel.pick(Event::EmailRemoved, Event::PhoneRemoved), origin, &[]).await?;
        let (masked, username) = (readable(&destination.masked()), account.username.to_string());
        let notice = Notice::Displaced { channel, identifier: masked, username };
        if [Channel::Email, Channel::Sms].into_iter().any(|channel| account.has_verified(channel)) {
            return self.tell_verified(tx, &account, None, &notice, origin).await;
        }
        self.send(tx, Some(&account), channel, destination.recipient(), &notice, origin).await
    }
}
