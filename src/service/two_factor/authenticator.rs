//! Authenticator apps: set up, confirmed by one code, removed.

use chrono::TimeDelta;

use crate::{
    domain::{
        account::Account,
        activity::Kind as Event,
        error::Error,
        password::Password,
        recovery_code::RecoveryCode,
        second_factor::Method,
        session::{Actor, SecondFactor},
        totp::{self, Authenticator, Enrolment},
    },
    store::factors::AuthenticatorApp,
};

use crate::service::{Accounts, Expectation, Result, codes::typed_digits, messages::Notice};

/// How long an app can be confirmed after it was set up.
pub(in crate::service) const SETUP_LIFETIME: TimeDelta = TimeDelta::hours(1);

impl Accounts {
    /// Makes the secret of a new app. It counts for nothing, and an app in use goes on, until a code confirms it.
    ///
    /// # Errors
    /// Those of [`Self::step_up`].
    pub async fn set_up_authenticator(
        &self,
        actor: &Actor,
        password: Option<&str>,
        expected: Expectation,
    ) -> Result<Enrolment> {
        expected.check(&self.check_caller(actor).await?)?;
        self.step_up(actor, password).await?;
        let now = self.now();
        let mut secret = vec![0; totp::SECRET];
        self.rng().fill(&mut secret);
        let (mut tx, account) = self.write_as(actor).await?;
        expected.check(&account)?;
        let app = AuthenticatorApp {
            id: self.rng().uuid(now),
            account_id: account.id,
            secret,
            created_at: now,
            confirmed_at: None,
            last_step: None,
        };
        tx.propose_app(&app).await?;
        tx.commit().await?;
        self.enrolment(&app, &account)
    }

    /// What the app is told that waits for its first code, once more.
    ///
    /// # Errors
    /// Those of [`Self::step_up`]; [`Error::CodeNotFound`] when no app waits for its code, or has waited for an hour.
    pub async fn authenticator_setup(&self, actor: &Actor) -> Result<Enrolment> {
        self.step_up(actor, None).await?;
        let app = self.proposed_app(actor).await?;
        let account = self.read().await?.account(actor.account_id).await?.ok_or(Error::Unauthenticated)?;
        self.enrolment(&app, &account)
    }

    /// Confirms a new app by one of its codes: it takes the place of any other one, the second step is on from now on, and
    /// this session counts as having passed it. Answers ten recovery codes if the account has none left.
    ///
    /// # Errors
    /// [`Error::CodeNotFound`] when no app waits for its code, or has waited for an hour; [`Error::CodeWrong`];
    /// [`Error::CodeExhausted`]; [`Error::Throttled`].
    pub async fn confirm_authenticator(
        &self,
        actor: &Actor,
        code: &str,
        expected: Expectation,
    ) -> Result<Option<Vec<RecoveryCode>>> {
        let now = self.now();
        expected.check(&self.check_caller(actor).await?)?;
        let app = self.proposed_app(actor).await?;
        let code = &typed_digits(code)?;
        let address = self.address_try(&actor.origin).await?;
        let counted = match self.count_held(actor.account_id, actor.session_id).await {
            Ok(counted) => counted,
            Err(error) => {
                let mut tx = self.write().await?;
                address.forgive(&mut tx).await?;
                tx.commit().await?;
                return Err(error);
            }
        };
        let step = self.step_of(&app, code)?.ok_or(Error::CodeWrong { tries_left: counted.left })?;
        let (mut tx, mut account) = self.write_as(actor).await?;
        expected.check(&account)?;
        if !tx.confirm_app(account.id, app.id, step, now).await? {
            return Err(Error::CodeNotFound);
        }
        for hit in counted.hits {
            tx.delete_hit(hit).await?;
        }
        address.forgive(&mut tx).await?;
        let codes = match tx.count_recovery_codes(account.id).await? {
            0 => Some(self.make_recovery_codes(&mut tx, &account).await?),
            _ => None,
        };
        tx.authenticate_session(actor.session_id, now, SecondFactor::Passed).await?;
        let (event, notice) = if account.two_factor_enabled {
            (Event::AuthenticatorAdded, Notice::AuthenticatorAdded)
        } else {
            (Event::TwoFactorEnabled, Notice::TwoFactorEnabled)
        };
        account.two_factor_enabled = true;
        self.change_factors(&mut tx, &mut account, actor, event, &notice).await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// Removes the app.
    ///
    /// # Errors
    /// As [`Self::disable_two_factor`]; [`Error::NotFound`] without an app; [`Error::NoSecondFactor`] when it alone answers
    /// a second step that is on.
    pub async fn remove_authenticator(
        &self,
        actor: &Actor,
        password: &str,
        code: Option<&str>,
        method: Option<Method>,
    ) -> Result<Account> {
        let account = self.verify_own_password(actor, &Password::new(password)).await?;
        if self.read().await?.confirmed_app(account.id).await?.is_none() {
            return Err(Error::NotFound);
        }
        let right = self.second_proof(actor, &account, code, method).await?;
        let (mut tx, mut account) = self.write_as(actor).await?;
        self.spend_proof(&mut tx, &account, right, actor).await?;
        if tx.delete_apps(account.id).await? == 0 {
            return Err(Error::NotFound);
        }
        self.keep_a_factor(&mut tx, &account).await?;
        let (event, notice) = (Event::AuthenticatorRemoved, Notice::AuthenticatorRemoved);
        self.change_factors(&mut tx, &mut account, actor, event, &notice).await?;
        tx.commit().await?;
        Ok(account)
    }

    async fn proposed_app(&self, actor: &Actor) -> Result<AuthenticatorApp> {
        let app = self.read().await?.proposed_app(actor.account_id).await?;
        app.filter(|app| self.now() < app.created_at + SETUP_LIFETIME).ok_or(Error::CodeNotFound)
    }

    fn enrolment(&self, app: &AuthenticatorApp, account: &Account) -> Result<Enrolment> {
        let authenticator = Authenticator::new(&app.secret).map_err(|error| Error::Internal(error.to_string()))?;
        authenticator.enrolment(&self.settings().brand.name, &account.identifier()).map_err(Error::Internal)
    }
}

impl Account {
    /// What an app calls the account: what its owner signs in with.
    fn identifier(&self) -> String {
        let email = self.email.as_ref().map(ToString::to_string);
        let phone = || self.phone.as_ref().map(ToString::to_string);
        email.or_else(phone).unwrap_or_else(|| self.username.to_string())
    }
}
