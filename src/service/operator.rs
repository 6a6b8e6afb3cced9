//! What the command line does: the operator needs no session.

use uuid::Uuid;

use crate::{
    domain::{
        account::{Account, Registration, Role},
        activity::Kind as Event,
        code::Channel,
        email::EmailAddress,
        error::{Error, Field, Issues, Reason},
        message::OutboxMessage,
        names::Names,
        password::{Context, Password},
        phone::PhoneNumber,
        session::Origin,
        username::Username,
    },
    store::{Transaction, limits::Failures},
};

use super::{
    Accounts, Result, callers::Getting, codes::Destination, login::password_key, messages::Notice, owner::holder,
    profile::NameInput, register::blank_account,
};

/// An account to be made by an operator: its identifiers count as verified.
#[derive(Clone)]
pub struct NewAccount {
    /// Either this or a phone is needed.
    pub email: Option<String>,
    /// Either this or an e-mail address is needed.
    pub phone: Option<String>,
    /// The person's name.
    pub name: NameInput,
    /// Keeps the password policy like any other.
    pub password: String,
    /// What it may do.
    pub role: Role,
}

/// What of a new account kept its rules.
struct Checked {
    email: Option<EmailAddress>,
    phone: Option<PhoneNumber>,
    names: Option<Names>,
}

impl Accounts {
    /// The account that an operator names by id, e-mail address, mobile or username. What changes it finds it by an address
    /// or number only if that is proved: whoever wrote it there may not be whom the operator means.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn find_for_operator(&self, name: &str) -> Result<Account> {
        let mut tx = self.read().await?;
        self.find_named(&mut tx, name).await?.ok_or(Error::NotFound)
    }

    /// The same account, if it may be changed: to be asked before somebody is asked for what it is to have.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn find_to_change_for_operator(&self, name: &str) -> Result<Account> {
        self.find_to_change(&mut self.read().await?, name).await
    }

    /// Whether an account can be made, as far as that does not depend on its password: to be asked before somebody is
    /// asked for one.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Taken`].
    pub async fn check_for_operator(&self, new: &NewAccount) -> Result<()> {
        let mut issues = Issues::default();
        let Checked { email, phone, .. } = self.check_new(&mut issues, new);
        issues.finish()?;
        let mut tx = self.read().await?;
        for destination in email.map(Destination::Email).into_iter().chain(phone.map(Destination::Phone)) {
            if self.find_owner(&mut tx, &destination).await?.is_some() {
                return Err(Error::Taken(destination.channel().field()));
            }
        }
        Ok(())
    }

    fn check_new(&self, issues: &mut Issues, new: &NewAccount) -> Checked {
        let email = new.email.as_deref().map(EmailAddress::parse);
        let email = email.and_then(|email| issues.check(Field::Email, email));
        let phone = new.phone.as_deref().and_then(|raw| issues.check(Field::Phone, self.parse_phone(raw)));
        if new.email.is_none() && new.phone.is_none() {
            issues.push(Field::Identifier, Reason::Required);
        }
        Checked { email, phone, names: issues.take_all(new.name.parse()) }
    }

    /// Makes an account.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Taken`].
    pub async fn create_for_operator(&self, new: NewAccount) -> Result<Account> {
        let mut issues = Issues::default();
        let Checked { email, phone, names } = self.check_new(&mut issues, &new);
        let password = Password::new(&new.password);
        let context = Context { emails: email.iter().collect(), username: None, names: names.as_ref(), host: None };
        self.check_password(&mut issues, Field::Password, &password, &context).await?;
        issues.finish()?;
        let now = self.now();
        let registration = Registration {
            account_id: self.rng().uuid(now),
            identifier_key: String::new(),
            email,
            phone,
            username: None,
            names: names.unwrap_or_default(),
            picture: None,
            password_hash: self.hasher().hash(&password).await?,
            locale: None,
            created_at: now,
            expires_at: now,
        };
        let mut tx = self.write().await?;
        let username = self.free_username(&mut tx, &registration.names).await?;
        let mut account = blank_account(&registration, username, now);
        account.role = new.role;
        account.email_verified = account.email.is_some();
        account.phone_verified = account.phone.is_some();
        let own = [Channel::Email, Channel::Sms].map(|channel| account.in_force(channel));
        let own: Vec<_> = own.into_iter().flatten().collect();
        let getting = Getting { identifiers: &own, proved: true, username: None };
        let (_, locked) = self.lock_getting(&mut tx, account.id, getting).await?;
        for destination in &own {
            self.claim(&mut tx, account.id, destination, &locked).await?;
        }
        tx.insert_account(&account).await?;
        self.record(&mut tx, account.id, Event::Registered, &Origin::default(), &[]).await?;
        tx.commit().await?;
        Ok(account)
    }

    /// Sets a role.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn set_role_for_operator(&self, name: &str, role: Role) -> Result<Account> {
        let mut tx = self.write().await?;
        let found = self.find_to_change(&mut tx, name).await?;
        let mut account = tx.lock_account(found.id).await?.ok_or(Error::NotFound)?;
        self.write_role(&mut tx, &mut account, role, &Origin::default()).await?;
        tx.commit().await?;
        Ok(account)
    }

    /// Unlocks a deactivated account.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn unlock_for_operator(&self, name: &str) -> Result<Account> {
        let mut tx = self.write().await?;
        let found = self.find_to_change(&mut tx, name).await?;
        let mut account = tx.lock_account(found.id).await?.ok_or(Error::NotFound)?;
        self.write_unlock(&mut tx, &mut account, &Origin::default()).await?;
        tx.commit().await?;
        Ok(account)
    }

    /// Sets a password in place of one that was lost. Every session and code ends, and the owner is told.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Invalid`] when it breaks a rule.
    pub async fn reset_password_for_operator(&self, name: &str, password: &str) -> Result<Account> {
        let found = self.find_to_change(&mut self.read().await?, name).await?;
        let password = Password::new(password);
        let mut issues = Issues::default();
        self.check_password(&mut issues, Field::Password, &password, &found.password_context()).await?;
        issues.finish()?;
        let hash = self.hasher().hash(&password).await?;
        let origin = Origin::default();
        let mut tx = self.write().await?;
        let mut account = tx.lock_account(found.id).await?.ok_or(Error::NotFound)?;
        self.set_password(&mut tx, &mut account, hash, Event::PasswordReset, &Notice::PasswordChanged, &origin).await?;
        let key = password_key(account.id);
        tx.lock_limit(&key, self.now()).await?;
        tx.set_failures(&key, &Failures::default()).await?;
        tx.commit().await?;
        Ok(account)
    }

    /// Makes new keys that sign tokens from now on, and answers their ids. Servers that run take it up within seconds;
    /// tokens signed before stay good until they end.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub async fn rotate_keys(&self) -> Result<Vec<String>> {
        self.secrets().rotate(self.now(), self.rng()).await
    }

    /// Reads the keys again, in case another process rotated them.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub async fn reload_keys(&self) -> Result<()> {
        self.secrets().reload().await
    }

    /// The newest messages of the outbox, newest first: the development view.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub async fn outbox(&self, limit: i64) -> Result<Vec<OutboxMessage>> {
        Ok(self.read().await?.newest_messages(limit).await?)
    }

    async fn find_to_change(&self, tx: &mut Box<dyn Transaction>, name: &str) -> Result<Account> {
        let named = |account: &Account| {
            let by_address = [Channel::Email, Channel::Sms].into_iter().find_map(|channel| {
                let typed = self.parse_destination(channel, name).ok()?;
                (account.in_force(channel).as_ref() == Some(&typed)).then(|| account.has_verified(channel))
            });
            by_address.unwrap_or(true)
        };
        self.find_named(tx, name).await?.filter(named).ok_or(Error::NotFound)
    }

    async fn find_named(&self, tx: &mut Box<dyn Transaction>, name: &str) -> Result<Option<Account>> {
        if let Ok(id) = Uuid::parse_str(name) {
            return Ok(tx.account(id).await?);
        }
        for channel in [Channel::Email, Channel::Sms] {
            let found = match self.parse_destination(channel, name) {
                Ok(destination) => holder(tx, &destination).await?,
                Err(_) => None,
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        match Username::parse(name) {
            Ok(username) => Ok(tx.account_by_username(&username.key()).await?),
            Err(_) => Ok(None),
        }
    }
}
