//! Registration: a code goes to the identifier, and the account exists once that code is confirmed. Registering never takes
//! an account over, and its answer never tells whether there is one.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::{
    domain::{
        account::{Account, Picture, Registration, State},
        activity::Kind as Event,
        code::{Channel, CodeReceipt, Purpose, SentCode},
        email::EmailAddress,
        error::{Error, Field, Issues, Reason},
        locale::Locale,
        names::Names,
        password::{Context, Password},
        phone::PhoneNumber,
        session::{Kind, Origin},
        username::Username,
        username_offer,
    },
    store::Transaction,
};

use super::{
    Accounts, Result,
    callers::lock_found,
    codes::limits::CodeRequester,
    codes::{Destination, IssuedCode, NewCode, Owner, RightCode},
    locked_accounts::LockedAccounts,
    login::SignIn,
    messages::Notice,
    owner::holder,
    profile::NameInput,
};

/// How long a registration waits for its code.
const PENDING: TimeDelta = TimeDelta::days(1);

/// What somebody typed to sign up.
#[derive(Default)]
pub struct SignUp {
    /// Needed where it is the login identifier.
    pub email: Option<String>,
    /// Needed where it is the login identifier.
    pub phone: Option<String>,
    /// None lets one be made from the name.
    pub username: Option<String>,
    /// The person's name.
    pub name: NameInput,
    /// The password.
    pub password: String,
    /// The password again, where the form asks for it.
    pub confirm_password: Option<String>,
    /// A remote picture.
    pub picture: Option<String>,
    /// The language the form was in.
    pub locale: Option<Locale>,
    /// Where the code shall go, where both identifiers are given and either would do; by mail without a wish.
    pub channel: Option<Channel>,
}

/// A sign-up that waits for its code.
#[derive(Clone, Debug)]
pub struct PendingSignUp {
    /// What was understood; its `account_id` is reserved.
    pub registration: Registration,
    /// Where the code went.
    pub receipt: CodeReceipt,
}

/// A sign-up whose values are all acceptable.
struct Checked {
    destination: Destination,
    email: Option<EmailAddress>,
    phone: Option<PhoneNumber>,
    username: Option<Username>,
    names: Names,
    picture: Option<String>,
    password: Password,
}

impl Accounts {
    /// Begins a registration and sends its code. The answer is the same for a free, a taken and an archived identifier.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every value that breaks a rule; [`Error::Taken`] for a chosen username (they are public);
    /// [`Error::ChannelOff`]; [`Error::TooManyCodes`]; [`Error::Busy`].
    pub async fn register(&self, sign_up: SignUp, origin: &Origin) -> Result<PendingSignUp> {
        let locale = sign_up.locale.or(origin.locale);
        let _work = self.admit_work(origin).await?;
        let account_id = self.rng().uuid(self.now());
        let checked = self.check_sign_up(sign_up, account_id, origin).await?;
        let password_hash = self.hasher().hash(&checked.password).await?;
        let now = self.now();
        let registration = Registration {
            account_id,
            identifier_key: checked.destination.key(),
            email: checked.email,
            phone: checked.phone,
            username: checked.username,
            names: checked.names,
            picture: checked.picture,
            password_hash,
            locale,
            created_at: now,
            expires_at: now + PENDING,
        };
        let mut tx = self.write().await?;
        if let Some(username) = &registration.username
            && !self.is_free(&mut tx, username, None).await?
        {
            return Err(Error::Taken(Field::Username));
        }
        tx.insert_registration(&registration).await?;
        let none = TimeDelta::zero();
        let receipt = self.send_registration_code(&mut tx, &registration, &checked.destination, none, origin).await?;
        tx.commit().await?;
        Ok(PendingSignUp { registration, receipt })
    }

    /// Sends the code of a registration once more.
    ///
    /// # Errors
    /// [`Error::CodeNotFound`] when the token names no registration; [`Error::TooManyCodes`].
    pub async fn resend_registration_code(&self, token: &str, origin: &Origin) -> Result<CodeReceipt> {
        let id = self.registration_of(token).await?;
        self.send_pending_code(id, origin).await
    }

    /// Sends the code of a registration once more to somebody who just gave its password.
    ///
    /// # Errors
    /// [`Error::CodeNotFound`] when it is not there (any more); [`Error::TooManyCodes`].
    pub async fn send_pending_code(&self, id: Uuid, origin: &Origin) -> Result<CodeReceipt> {
        let mut tx = self.write().await?;
        let registration =
            tx.registration(id).await?.filter(|open| self.now() < open.expires_at).ok_or(Error::CodeNotFound)?;
        let destination = registered(&registration)?;
        let none = TimeDelta::zero();
        let receipt = self.send_registration_code(&mut tx, &registration, &destination, none, origin).await?;
        tx.commit().await?;
        Ok(receipt)
    }

    /// The code of a registration that was sent last, if it is good still, named to somebody who just gave its password.
    ///
    /// # Errors
    /// [`Error::CodeNotFound`] when there is none.
    pub async fn pending_code(&self, id: Uuid) -> Result<CodeReceipt> {
        let mut tx = self.read().await?;
        let registration = tx.registration(id).await?.ok_or(Error::CodeNotFound)?;
        let code = tx.newest_code_for(id).await?.filter(|code| self.now() < code.expires_at);
        drop(tx);
        let (code, destination) = (code.ok_or(Error::CodeNotFound)?, registered(&registration)?);
        Ok(CodeReceipt {
            token: self.registration_token(id).await?.token,
            channel: destination.channel(),
            masked: destination.masked(),
            index: 1,
            created_at: code.created_at,
            expires_at: code.expires_at,
        })
    }

    /// Confirms the code that `token` names and begins a session in the new or restored account.
    ///
    /// # Errors
    /// [`Error::CodeNotFound`], [`Error::CodeExpired`], [`Error::CodeWrong`], [`Error::CodeExhausted`], [`Error::Throttled`].
    pub async fn confirm_registration(&self, token: &str, digits: &str, kind: Kind, origin: &Origin) -> Result<SignIn> {
        let code = self.registration_code(token).await?;
        let account = self.complete_registration(code, digits, origin).await?;
        match account.archived_at {
            Some(_) => self.begin_restore(account, kind, origin).await,
            None => self.begin_session(account, kind, origin).await,
        }
    }

    /// Confirms a registration's code: the account is made, or restored with the new password. One with a second factor
    /// stays archived until the second step has passed in a session that the new password began.
    pub(super) async fn complete_registration(&self, code: SentCode, digits: &str, origin: &Origin) -> Result<Account> {
        let right = self.try_code(code, digits, CodeRequester::Stranger, origin).await?;
        match self.settle_registration(&right, origin).await {
            // Somebody got one of the values at the same moment: seen from now, it is theirs.
            Err(Error::Taken(_)) => self.settle_registration(&right, origin).await,
            settled => settled,
        }
    }

    async fn settle_registration(&self, right: &RightCode, origin: &Origin) -> Result<Account> {
        let id = right.code.registration_id.ok_or(Error::CodeNotFound)?;
        let mut tx = self.write().await?;
        let registration =
            tx.registration(id).await?.filter(|open| self.now() < open.expires_at).ok_or(Error::CodeNotFound)?;
        let destination = registered(&registration)?;
        let has = |found: &Account| found.in_force(destination.channel()).as_ref() == Some(&destination);
        let found = holder(&mut tx, &destination).await?;
        let found = lock_found(&mut tx, found).await?.filter(has);
        // Registrations of one identifier delete each other: before any of their codes is taken, one waits for another.
        self.lock_codes_to(&mut tx, &destination).await?;
        let locked = LockedAccounts::only(found.as_ref());
        self.spend(&mut tx, right).await?;
        // An account whose day has come no longer has the identifier, even if the purge has not reached it.
        let account = match self.purge_if_due(&mut tx, found, &locked).await? {
            Some(owner) if owner.has_verified(destination.channel()) => {
                self.restore_by_registration(&mut tx, owner, &registration, origin).await?
            }
            squatter => {
                if let Some(squatter) = squatter {
                    self.take_over(&mut tx, squatter, &destination).await?;
                }
                self.create_account(&mut tx, &registration, &destination, origin).await?
            }
        };
        tx.delete_registrations(&registration.identifier_key).await?;
        tx.commit().await?;
        Ok(account)
    }

    async fn check_sign_up(&self, sign_up: SignUp, account_id: Uuid, origin: &Origin) -> Result<Checked> {
        let identifier = self.settings().login_identifier;
        let mut issues = Issues::default();
        let given = |value: &Option<String>| value.as_deref().is_some_and(|value| !value.trim().is_empty());
        let (has_email, has_phone) = (given(&sign_up.email), given(&sign_up.phone));
        let email = has_email.then(|| sign_up.email.as_deref().unwrap_or_default());
        let email = email.and_then(|raw| issues.check(Field::Email, EmailAddress::parse(raw)));
        let phone = has_phone.then(|| sign_up.phone.as_deref().unwrap_or_default());
        let phone = phone.and_then(|raw| issues.check(Field::Phone, self.parse_phone(raw)));
        match (identifier.email(), identifier.mobile()) {
            (true, false) if !has_email => issues.push(Field::Email, Reason::Required),
            (false, true) if !has_phone => issues.push(Field::Phone, Reason::Required),
            (true, true) if !has_email && !has_phone => issues.push(Field::Identifier, Reason::Required),
            _ => {}
        }
        let username = sign_up.username.as_deref().filter(|raw| !raw.is_empty());
        let username = username.and_then(|raw| issues.check(Field::Username, Username::parse(raw)));
        let names = issues.take_all(sign_up.name.parse());
        let wish = sign_up.channel.or_else(|| (!self.can_send(Channel::Email)).then_some(Channel::Sms));
        let by_phone = identifier.mobile() && (wish == Some(Channel::Sms) || !identifier.email() || email.is_none());
        let destination = match (&email, &phone) {
            (_, Some(phone)) if by_phone => Some(Destination::Phone(phone.clone())),
            (Some(email), _) => Some(Destination::Email(email.clone())),
            _ => None,
        };
        if let Some(destination) = &destination {
            self.require_channel(destination.channel())?;
            self.expect_room(destination, origin).await?;
        }
        let password = Password::new(&sign_up.password);
        let context =
            Context { emails: email.iter().collect(), username: username.as_ref(), names: names.as_ref(), host: None };
        self.check_password(&mut issues, Field::Password, &password, &context).await?;
        if sign_up.confirm_password.is_some_and(|again| Password::new(&again) != password) {
            issues.push(Field::ConfirmPassword, Reason::Mismatch);
        }
        let picture = self.check_first_picture(&mut issues, account_id, sign_up.picture.as_deref(), origin).await?;
        issues.finish()?;
        let destination = destination.ok_or_else(|| Error::invalid(Field::Identifier, Reason::Required))?;
        let names = names.ok_or(Error::NothingToChange)?;
        Ok(Checked { destination, email, phone, username, names, picture, password })
    }

    /// Sends a code to a free or archived identifier; the owner of a taken one hears of it instead, with no code.
    pub(super) async fn send_registration_code(
        &self,
        tx: &mut Box<dyn Transaction>,
        registration: &Registration,
        destination: &Destination,
        spacing: TimeDelta,
        origin: &Origin,
    ) -> Result<CodeReceipt> {
        self.admit_code(tx, destination, CodeRequester::Stranger, spacing, origin).await?;
        let known = self.find_owner(tx, destination).await?;
        let taken = known.as_ref().is_some_and(Account::is_in_the_way);
        let owner = Owner::Registration(registration.account_id);
        let IssuedCode { notice, receipt } =
            self.issue_code(tx, NewCode { purpose: Purpose::Registration, owner, destination, index: None }).await?;
        let origin = &Origin { locale: registration.locale.or(origin.locale), ..origin.clone() };
        let notice = if taken { Notice::AlreadyRegistered } else { notice };
        let account = known.as_ref().filter(|_| taken);
        self.send(tx, account, destination.channel(), destination.recipient(), &notice, origin).await?;
        Ok(receipt)
    }

    async fn create_account(
        &self,
        tx: &mut Box<dyn Transaction>,
        registration: &Registration,
        destination: &Destination,
        origin: &Origin,
    ) -> Result<Account> {
        let username = match &registration.username {
            Some(username) if self.is_free(tx, username, None).await? => username.clone(),
            _ => self.free_username(tx, &registration.names).await?,
        };
        let mut account = blank_account(registration, username, self.now());
        account.time_zone = origin.time_zone.map(|zone| zone.to_string());
        account.put_in_force(destination.clone(), true);
        // The second value was not proved. Where another account has it, proved or not, it waits for its code; saying so
        // would tell of that account.
        let second = account.in_force(destination.channel().other());
        if let Some(second) = second
            && holder(tx, &second).await?.is_some()
        {
            account.clear(second.channel());
            account.put_pending(second);
        }
        tx.insert_account(&account).await?;
        self.record(tx, account.id, Event::Registered, origin, &[]).await?;
        Ok(account)
    }

    /// A username made from a name that nobody has.
    pub(super) async fn free_username(&self, tx: &mut Box<dyn Transaction>, names: &Names) -> Result<Username> {
        loop {
            let mut random = [0; 8];
            self.rng().fill(&mut random);
            let username = username_offer::generate(names, u64::from_le_bytes(random));
            if self.is_free(tx, &username, None).await? {
                return Ok(username);
            }
        }
    }

    /// The code of an archived account's identifier was confirmed: the account, which is locked, comes back with its profile
    /// and the new password.
    async fn restore_by_registration(
        &self,
        tx: &mut Box<dyn Transaction>,
        mut account: Account,
        registration: &Registration,
        origin: &Origin,
    ) -> Result<Account> {
        let now = self.now();
        // Somebody restored it, or made it, since the code was sent; the mail with the code spoke of another state.
        if !matches!(account.state(now), Some(State::Archived { .. })) {
            return Err(Error::CodeNotFound);
        }
        if account.two_factor_enabled {
            // Another registration may have been confirmed before: its password is worth nothing any more.
            tx.end_sessions(account.id, None, now).await?;
            tx.put_restore(account.id, &registration.password_hash, registration.expires_at).await?;
            return Ok(account);
        }
        account.password_hash = Some(registration.password_hash.clone());
        account.password_changed_at = Some(now);
        self.record(tx, account.id, Event::PasswordReset, origin, &[]).await?;
        self.bring_back(tx, &mut account, origin).await?;
        Ok(account)
    }
}

impl Account {
    /// Whether registering with its identifier gets no code: every account but an archived one that is not locked.
    fn is_in_the_way(&self) -> bool {
        self.archived_at.is_none() || self.locked_at.is_some()
    }
}

/// The identifier a registration was made with.
pub(super) fn registered(registration: &Registration) -> Result<Destination> {
    let email = registration.email.clone().filter(|email| email.key() == registration.identifier_key);
    let phone = registration.phone.clone().filter(|phone| phone.as_str() == registration.identifier_key);
    email.map(Destination::Email).or(phone.map(Destination::Phone)).ok_or(Error::CodeNotFound)
}

pub(super) fn blank_account(registration: &Registration, username: Username, now: DateTime<Utc>) -> Account {
    Account {
        email: registration.email.clone(),
        phone: registration.phone.clone(),
        password_hash: Some(registration.password_hash.clone()),
        password_changed_at: Some(now),
        names: registration.names.clone(),
        pictures: registration.picture.clone().map(Picture::Remote).into_iter().collect(),
        locale: registration.locale,
        ..Account::new(registration.account_id, username, now)
    }
}
