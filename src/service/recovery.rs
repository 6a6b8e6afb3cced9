//! A forgotten password: a code to a verified address, then a new one. What a stranger sees is the same for every address.

use chrono::TimeDelta;

use crate::{
    domain::{
        account::Account,
        activity::Kind as Event,
        code::{Channel, CodeReceipt, Purpose, SentCode},
        error::{Error, Field, Issues, Reason},
        password::{Context, Password},
        session::Origin,
    },
    store::limits::Failures,
};

use super::{
    Accounts, Result,
    callers::lock_found,
    codes::limits::CodeRequester,
    codes::{Destination, IssuedCode, NewCode, Owner, typed_digits},
    login::password_key,
    messages::Notice,
};

impl Accounts {
    /// Sends a code to an e-mail address or phone, if an account has it verified; answers the same if not.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is neither an e-mail address nor a phone number, [`Error::TooManyCodes`].
    pub async fn request_password_reset(&self, identifier: &str, origin: &Origin) -> Result<CodeReceipt> {
        let channel = if identifier.contains('@') { Channel::Email } else { Channel::Sms };
        let destination = self.parse_destination(channel, identifier)?;
        self.send_reset_code(&destination, TimeDelta::zero(), origin).await
    }

    /// `spacing` is the least time between two codes from one address to one destination.
    pub(super) async fn send_reset_code(
        &self,
        destination: &Destination,
        spacing: TimeDelta,
        origin: &Origin,
    ) -> Result<CodeReceipt> {
        let mut tx = self.write().await?;
        let owns = |account: &Account| account.verified(destination.channel()).as_ref() == Some(destination);
        let found = self.find_owner(&mut tx, destination).await?;
        let found = lock_found(&mut tx, found).await?.filter(owns);
        self.admit_code(&mut tx, destination, CodeRequester::Stranger, spacing, origin).await?;
        let owner = found.as_ref().map_or(Owner::Decoy, |account| Owner::Account(account.id));
        let new = NewCode { purpose: Purpose::PasswordReset, owner, destination, index: None };
        let IssuedCode { notice, receipt } = self.issue_code(&mut tx, new).await?;
        self.send_if_found(&mut tx, found.as_ref(), destination, &notice, origin).await?;
        tx.commit().await?;
        Ok(receipt)
    }

    /// Sets a new password with the code that `token` names.
    ///
    /// # Errors
    /// The errors of a code; [`Error::Invalid`] when the new password breaks a rule, which leaves the code good.
    pub async fn reset_password(
        &self,
        token: &str,
        digits: &str,
        new: &str,
        confirm: Option<&str>,
        origin: &Origin,
    ) -> Result<Account> {
        if confirm.is_some_and(|again| Password::new(again) != Password::new(new)) {
            return Err(Error::invalid(Field::ConfirmPassword, Reason::Mismatch));
        }
        let code = self.open_code(token).await?;
        self.reset_with(code, digits, new, origin).await
    }

    /// Sets a new password with the newest code that went to an address.
    ///
    /// # Errors
    /// As [`Self::reset_password`].
    pub async fn reset_password_by_destination(
        &self,
        channel: Channel,
        destination: &str,
        digits: &str,
        new: &str,
        origin: &Origin,
    ) -> Result<Account> {
        let destination = self.parse_destination(channel, destination)?;
        let code = self.code_to(Purpose::PasswordReset, &destination).await?.ok_or(Error::CodeNotFound)?;
        self.reset_with(code, digits, new, origin).await
    }

    async fn reset_with(&self, code: SentCode, digits: &str, new: &str, origin: &Origin) -> Result<Account> {
        if code.purpose != Purpose::PasswordReset.as_str() {
            return Err(Error::CodeNotFound);
        }
        let digits = &typed_digits(digits)?;
        self.expect_try(&code, origin).await?;
        let _work = self.admit_work(origin).await?;
        let new = Password::new(new);
        // Without the account's own words first: what they are is not for a stranger to find out.
        let mut issues = Issues::default();
        self.check_password(&mut issues, Field::NewPassword, &new, &Context::default()).await?;
        issues.finish()?;
        let right = self.try_code(code, digits, CodeRequester::Stranger, origin).await?;
        let id = right.code.account_id.ok_or(Error::CodeNotFound)?;
        let account = self.read().await?.account(id).await?.ok_or(Error::CodeNotFound)?;
        let mut issues = Issues::default();
        self.check_password(&mut issues, Field::NewPassword, &new, &account.password_context()).await?;
        if let Err(error) = issues.finish() {
            self.forgive_code(&right).await?;
            return Err(error);
        }
        let hash = self.hasher().hash(&new).await?;
        let mut tx = self.write().await?;
        let account = tx.lock_account(id).await?;
        // The code proves who reads what is sent there; it is worth nothing once that is not the account's any more.
        let owns = |account: &Account| {
            let verified = account.verified(right.code.channel());
            verified.is_some_and(|verified| verified.key() == right.code.destination)
        };
        let mut account = account.filter(owns).ok_or(Error::CodeNotFound)?;
        self.spend(&mut tx, &right).await?;
        self.set_password(&mut tx, &mut account, hash, Event::PasswordReset, &Notice::PasswordReset, origin).await?;
        // Who reads the mail of the account need not wait for the guesses of others.
        let key = password_key(id);
        tx.lock_limit(&key, self.now()).await?;
        tx.set_failures(&key, &Failures::default()).await?;
        tx.commit().await?;
        Ok(account)
    }
}
