//! Changing the password, and what that ends.

use uuid::Uuid;

use crate::{
    domain::{
        account::Account,
        activity::Kind as Event,
        error::{Error, Field, Issues, PasswordReason, Reason},
        password::{self, Context, Password},
        session::{Actor, Origin},
    },
    store::Transaction,
};

use super::{Accounts, Expectation, Result, messages::Notice};

impl Accounts {
    /// Sets a new password for the caller. Every session, this one included, every refresh token and every code ends.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for somebody else's account, [`Error::WrongPassword`], [`Error::Invalid`] when the new one
    /// breaks a rule, [`Error::Throttled`], [`Error::Busy`], [`Error::Stale`] or [`Error::PreconditionFailed`].
    pub async fn change_password(
        &self,
        actor: &Actor,
        target: Uuid,
        current: &str,
        new: &str,
        confirm: Option<&str>,
        expected: Expectation,
    ) -> Result<Account> {
        if actor.account_id != target {
            return Err(Error::Forbidden);
        }
        let mut issues = Issues::default();
        issues.require(Field::CurrentPassword, current);
        issues.require(Field::NewPassword, new);
        issues.finish()?;
        let (current, new) = (Password::new(current), Password::new(new));
        if confirm.is_some_and(|again| Password::new(again) != new) {
            return Err(Error::invalid(Field::ConfirmPassword, Reason::Mismatch));
        }
        let account = self.verify_own_password(actor, &current).await?;
        expected.check(&account)?;
        let mut issues = Issues::default();
        if new == current {
            issues.push(Field::NewPassword, Reason::Password(PasswordReason::Unchanged));
        } else {
            self.check_password(&mut issues, Field::NewPassword, &new, &account.password_context()).await?;
        }
        issues.finish()?;
        let hash = self.hasher().hash(&new).await?;
        // Another password since would have ended the session.
        let (mut tx, mut fresh) = self.write_as(actor).await?;
        expected.check(&fresh)?;
        self.set_password(&mut tx, &mut fresh, hash, Event::PasswordChanged, &Notice::PasswordChanged, &actor.origin)
            .await?;
        tx.commit().await?;
        Ok(fresh)
    }

    /// Everything against `candidate` as the caller's next password; empty when it is acceptable.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when the account is gone; [`Error::Busy`] when it asks faster than it can be answered.
    pub async fn rate_password(&self, actor: &Actor, candidate: &str) -> Result<Vec<PasswordReason>> {
        let account = self.read().await?.account(actor.account_id).await?.ok_or(Error::Unauthenticated)?;
        let _rating = self.admit_rating(account.id)?;
        self.judge_password(&Password::new(candidate), &account.password_context()).await
    }

    /// Notes every reason against a new password.
    pub(super) async fn check_password(
        &self,
        issues: &mut Issues,
        field: Field,
        password: &Password,
        context: &Context<'_>,
    ) -> Result<()> {
        for reason in self.judge_password(password, context).await? {
            issues.push(field, Reason::Password(reason));
        }
        Ok(())
    }

    async fn judge_password(&self, password: &Password, context: &Context<'_>) -> Result<Vec<PasswordReason>> {
        let policy = self.settings().password_policy;
        let host = self.settings().public_url.host_str().map(str::to_owned);
        let emails: Vec<_> = context.emails.iter().map(|email| (*email).clone()).collect();
        let (username, names) = (context.username.cloned(), context.names.cloned());
        let password = Password::new(password.expose());
        // Estimating a contrived one takes long: not on an async thread, and not many at once.
        let judged = self.hasher().alongside(move || {
            let context = Context {
                emails: emails.iter().collect(),
                username: username.as_ref(),
                names: names.as_ref(),
                host: host.as_deref(),
            };
            password::check(&password, policy, &context).err().unwrap_or_default()
        });
        Ok(judged.await?)
    }

    /// Writes a new password and ends what the old one opened.
    pub(super) async fn set_password(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &mut Account,
        hash: String,
        event: Event,
        notice: &Notice,
        origin: &Origin,
    ) -> Result<()> {
        let now = self.now();
        account.password_hash = Some(hash);
        account.password_changed_at = Some(now);
        account.touch(now);
        tx.update_account(account).await?;
        tx.end_sessions(account.id, None, now).await?;
        tx.end_codes(account.id, now).await?;
        tx.delete_restore(account.id).await?;
        self.record(tx, account.id, event, origin, &[]).await?;
        self.notify_owner(tx, account, notice, origin).await
    }
}

impl Account {
    /// What a password of this account must not contain.
    pub(super) fn password_context(&self) -> Context<'_> {
        Context {
            emails: self.email.iter().chain(&self.pending_email).collect(),
            username: Some(&self.username),
            names: Some(&self.names),
            host: None,
        }
    }
}
