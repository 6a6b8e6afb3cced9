//! Proving that an e-mail address or phone is its owner's: of a registration, of the account, or pending.

use chrono::TimeDelta;

use crate::{
    domain::{
        account::{Account, Registration},
        activity::Kind as Event,
        code::{Channel, CodeReceipt, Purpose, SentCode},
        email::EmailAddress,
        error::{Error, Field, Reason},
        phone::{PhoneNumber, Region},
        session::{Actor, Origin},
    },
    store::Transaction,
};

use super::{
    Accounts, Result,
    codes::{Destination, IssuedCode, NewCode, Owner},
    limits::seconds_up,
};

impl Accounts {
    /// Sends a code to a destination for whoever it belongs to: a registration, or an account that has it unverified. A
    /// stranger hears the same whether or not anybody does. `spacing` is the least time between two codes to it.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is no destination, [`Error::AlreadyVerified`] to its signed-in owner only,
    /// [`Error::CodeTooSoon`], [`Error::TooManyCodes`].
    pub async fn start_verification(
        &self,
        purpose: Purpose,
        channel: Channel,
        destination: &str,
        spacing: TimeDelta,
        actor: Option<&Actor>,
        origin: &Origin,
    ) -> Result<CodeReceipt> {
        let destination = self.parse_destination(channel, destination)?;
        self.wait_for_spacing(&destination, spacing).await?;
        match purpose {
            Purpose::PasswordReset => self.send_reset_code(&destination, origin).await,
            _ => self.send_verification_code(&destination, actor, origin).await,
        }
    }

    /// Confirms the newest code that went to a destination.
    ///
    /// # Errors
    /// The errors of a code; [`Error::AlreadyVerified`] to its signed-in owner only.
    pub async fn complete_verification(
        &self,
        channel: Channel,
        destination: &str,
        digits: &str,
        actor: Option<&Actor>,
        origin: &Origin,
    ) -> Result<Account> {
        let destination = self.parse_destination(channel, destination)?;
        let registration = self.code_to(Purpose::Registration, &destination).await?;
        let verification = self.code_to(Purpose::Verification, &destination).await?;
        let newest = registration.into_iter().chain(verification).max_by_key(|code| code.created_at);
        match newest {
            Some(code) if code.purpose == Purpose::Registration.as_str() => {
                self.complete_registration(code, digits, origin).await
            }
            Some(code) => self.complete_own(code, digits, &destination, origin).await,
            None => {
                self.refuse_verified(actor, &destination).await?;
                Err(Error::CodeNotFound)
            }
        }
    }

    async fn send_verification_code(
        &self,
        destination: &Destination,
        actor: Option<&Actor>,
        origin: &Origin,
    ) -> Result<CodeReceipt> {
        self.refuse_verified(actor, destination).await?;
        let registration = self.read().await?.newest_registration(&destination.key(), self.now()).await?;
        if let Some(registration) = registration {
            return self.resend(&registration, destination, origin).await;
        }
        let mut tx = self.write().await?;
        let account = match actor {
            Some(actor) => tx.account(actor.account_id).await?.filter(|account| account.waits_for(destination)),
            None => self.find_by_destination(&mut tx, destination).await?,
        };
        let account = account.filter(|account| account.is_active() && account.waits_for(destination));
        self.admit_code(&mut tx, destination, actor.and(account.as_ref()), origin).await?;
        let owner = account.as_ref().map_or(Owner::Decoy, |account| Owner::Account(account.id));
        let new = NewCode { purpose: Purpose::Verification, owner, destination };
        let IssuedCode { notice, receipt } = self.issue_code(&mut tx, new).await?;
        if account.is_some() {
            self.send(&mut tx, account.as_ref(), destination.channel(), destination.recipient(), &notice, origin)
                .await?;
        }
        tx.commit().await?;
        Ok(receipt)
    }

    async fn resend(
        &self,
        registration: &Registration,
        destination: &Destination,
        origin: &Origin,
    ) -> Result<CodeReceipt> {
        let mut tx = self.write().await?;
        let receipt = self.send_registration_code(&mut tx, registration, destination, origin).await?;
        tx.commit().await?;
        Ok(receipt)
    }

    async fn complete_own(
        &self,
        code: SentCode,
        digits: &str,
        destination: &Destination,
        origin: &Origin,
    ) -> Result<Account> {
        let right = self.try_code(code, digits, origin).await?;
        let id = right.code.account_id.ok_or(Error::CodeNotFound)?;
        let mut tx = self.write().await?;
        self.spend(&mut tx, &right).await?;
        let mut account = tx.lock_account(id).await?.filter(Account::is_active).ok_or(Error::CodeNotFound)?;
        if !account.waits_for(destination) {
            return Err(Error::CodeNotFound);
        }
        let event = account.confirm(destination);
        account.touch(self.now());
        tx.update_account(&account).await?;
        self.record(&mut tx, id, event, origin, &[]).await?;
        tx.commit().await?;
        Ok(account)
    }

    /// Writes another phone number to an account: an unverified one is replaced, a verified one stays in force until the
    /// code that is sent to the new one is confirmed. Writing the one in force back ends a pending change.
    pub(super) async fn change_phone(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &mut Account,
        phone: Option<PhoneNumber>,
        origin: &Origin,
    ) -> Result<()> {
        if phone.as_ref() == account.shown_phone() {
            return Ok(());
        }
        account.pending_phone = None;
        let Some(phone) = phone else {
            account.phone = None;
            account.phone_verified = false;
            return self.keep_a_factor(tx, account).await;
        };
        if account.phone.as_ref() == Some(&phone) {
            return Ok(());
        }
        if tx.account_by_phone(phone.as_str()).await?.is_some() {
            return Err(Error::Taken(Field::Phone));
        }
        if account.phone_verified {
            account.pending_phone = Some(phone.clone());
        } else {
            account.phone = Some(phone.clone());
        }
        let destination = Destination::Phone(phone);
        self.admit_code(tx, &destination, Some(account), origin).await?;
        let new =
            NewCode { purpose: Purpose::Verification, owner: Owner::Account(account.id), destination: &destination };
        let IssuedCode { notice, .. } = self.issue_code(tx, new).await?;
        self.send(tx, Some(account), Channel::Sms, destination.recipient(), &notice, origin).await?;
        self.record(tx, account.id, Event::PhoneChangeRequested, origin, &[]).await
    }

    async fn refuse_verified(&self, actor: Option<&Actor>, destination: &Destination) -> Result<()> {
        let Some(actor) = actor else { return Ok(()) };
        let account = self.read().await?.account(actor.account_id).await?.ok_or(Error::Unauthenticated)?;
        if account.has_verified(destination.channel()) && account.in_force(destination) {
            return Err(Error::AlreadyVerified(destination.channel()));
        }
        Ok(())
    }

    pub(super) async fn wait_for_spacing(&self, destination: &Destination, spacing: TimeDelta) -> Result<()> {
        let now = self.now();
        match self.read().await?.last_code_at(&destination.key()).await? {
            Some(last) if now < last + spacing => {
                Err(Error::CodeTooSoon { retry_after: seconds_up(last + spacing - now) })
            }
            _ => Ok(()),
        }
    }

    pub(super) fn parse_destination(&self, channel: Channel, raw: &str) -> Result<Destination> {
        match channel {
            Channel::Email => {
                EmailAddress::parse(raw).map(Destination::Email).map_err(|reason| Error::invalid(Field::Email, reason))
            }
            Channel::Sms => {
                self.parse_phone(raw).map(Destination::Phone).map_err(|reason| Error::invalid(Field::Phone, reason))
            }
        }
    }

    pub(super) fn parse_phone(&self, raw: &str) -> Result<PhoneNumber, Reason> {
        let region: Region = self.settings().default_region.parse()?;
        PhoneNumber::parse(raw, region)
    }
}

impl Account {
    fn in_force(&self, destination: &Destination) -> bool {
        match destination {
            Destination::Email(email) => self.email.as_ref().is_some_and(|own| own.key() == email.key()),
            Destination::Phone(phone) => self.phone.as_ref() == Some(phone),
        }
    }

    /// Whether a code to this destination would confirm something.
    fn waits_for(&self, destination: &Destination) -> bool {
        let pending = match destination {
            Destination::Email(email) => self.pending_email.as_ref().is_some_and(|own| own.key() == email.key()),
            Destination::Phone(phone) => self.pending_phone.as_ref() == Some(phone),
        };
        pending || self.in_force(destination) && !self.has_verified(destination.channel())
    }

    /// Makes a confirmed destination the verified one in force.
    fn confirm(&mut self, destination: &Destination) -> Event {
        match destination {
            Destination::Email(email) => {
                if !self.in_force(destination) {
                    self.email = Some(email.clone());
                }
                self.pending_email = self.pending_email.take().filter(|pending| pending.key() != email.key());
                self.email_verified = true;
                Event::EmailVerified
            }
            Destination::Phone(phone) => {
                self.phone = Some(phone.clone());
                self.pending_phone = self.pending_phone.take().filter(|pending| pending != phone);
                self.phone_verified = true;
                Event::PhoneVerified
            }
        }
    }
}
