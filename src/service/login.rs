//! Signing in.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    domain::{
        account::{Account, Registration, State},
        activity::Kind as Event,
        code::Channel,
        email::EmailAddress,
        error::{Error, Field, Issues},
        password::Password,
        second_factor::Method,
        session::{Kind, Origin, SecondFactor},
        username::Username,
    },
    ports::hasher::Verdict,
};

use super::{
    Accounts, Result,
    codes::Destination,
    secrets::{Claims, TokenKind},
    sessions::NewSession,
};

/// How long the question whether to restore waits for its answer.
const OFFER_LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// Open registrations of one identifier whose passwords a sign-in is compared with. Everybody can make them, so that how
/// many there are, and with it how long a wrong password takes, tells nothing of an account.
const REGISTRATIONS: i64 = 5;
const OFFER: TokenKind = TokenKind { typ: "restore+jwt", audience: "/restore" };

/// What signing in to an archived account does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnArchived {
    /// Asks first: the pages.
    Ask,
    /// Restores it: REST.
    Restore,
}

/// What the right password leads to.
pub enum SignIn {
    /// Signed in.
    Complete(Box<NewSession>),
    /// A session that every route but the second step refuses.
    SecondFactor {
        /// The half-signed-in session.
        session: Box<NewSession>,
        /// What can answer the second step, in the order of preference.
        methods: Vec<Method>,
    },
    /// The account is archived, and the person is asked whether to restore it.
    RestoreOffered(RestoreOffer),
}

/// The question whether to restore an archived account.
#[derive(Clone, Debug)]
pub struct RestoreOffer {
    /// Proves that the password was right; good for ten minutes.
    pub token: String,
    /// Whose account, by its full name or username.
    pub name: String,
    /// When it was archived.
    pub archived_at: DateTime<Utc>,
    /// When it will be deleted.
    pub purge_at: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
struct OfferClaims {
    archived_at: i64,
}

/// What was typed as identifier.
enum Identifier {
    Destination(Destination),
    Username(Username),
    Unreadable,
}

/// What is known under an identifier.
struct Known {
    account: Option<Account>,
    /// The newest registrations that wait for their codes, newest first.
    registrations: Vec<Registration>,
    /// The password of a confirmed one that waits for the second step.
    restore: Option<String>,
}

impl Accounts {
    /// Signs in. An unknown identifier and a wrong password are one answer and take the same time.
    ///
    /// # Errors
    /// [`Error::Invalid`] when one of them is missing; [`Error::BadCredentials`]; with the right password [`Error::Locked`]
    /// or [`Error::RegistrationPending`]; [`Error::Throttled`]; [`Error::Busy`].
    pub async fn sign_in(
        &self,
        identifier: &str,
        password: &str,
        kind: Kind,
        on_archived: OnArchived,
        origin: &Origin,
    ) -> Result<SignIn> {
        let mut issues = Issues::default();
        issues.require(Field::Identifier, identifier.trim());
        issues.require(Field::Password, password);
        issues.finish()?;
        let identifier = self.read_identifier(identifier);
        let password = Password::new(password);
        let Known { account: found, registrations, restore } = self.look_up(&identifier).await?;
        let key = match &found {
            Some(account) => password_key(account.id),
            None => format!("typed:{}", self.secrets().digest(&identifier.key())?),
        };
        let attempt = self.attempt(key, origin).await?;
        let account_id = found.as_ref().map(|account| account.id);
        let hash = found.as_ref().and_then(|account| account.password_hash.as_deref());
        let verdict = attempt.place.verify(&password, hash).await?;
        if let Some(account) = found {
            if verdict != Verdict::Wrong {
                self.succeed(attempt).await?;
                let account = self.rehash(account, &password, verdict).await?;
                return self.admit(account, kind, on_archived, origin).await;
            }
            if restore.is_some() && attempt.place.verify(&password, restore.as_deref()).await? != Verdict::Wrong {
                self.succeed(attempt).await?;
                return self.begin_restore(account, kind, origin).await;
            }
        }
        for pending in &registrations {
            if attempt.place.verify(&password, Some(&pending.password_hash)).await? != Verdict::Wrong {
                self.succeed(attempt).await?;
                let channel = if pending.identifier_key.starts_with('+') { Channel::Sms } else { Channel::Email };
                return Err(Error::RegistrationPending { id: pending.account_id, channel });
            }
        }
        self.note_failure(account_id, origin).await?;
        Err(Error::BadCredentials)
    }

    /// What a restore token asks, as long as the account is still archived.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when the token is too old or the account was restored or purged.
    pub async fn read_restore_offer(&self, token: &str) -> Result<RestoreOffer> {
        let account = self.read_offer(token).await?;
        self.offer_of(&account, token.to_owned())
    }

    /// Restores the account that a restore token names, and signs in.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when the token is too old or the account was restored or purged.
    pub async fn restore(&self, token: &str, kind: Kind, origin: &Origin) -> Result<SignIn> {
        let account = self.read_offer(token).await?;
        self.admit(account, kind, OnArchived::Restore, origin).await
    }

    /// What is known under an identifier.
    async fn look_up(&self, identifier: &Identifier) -> Result<Known> {
        let now = self.now();
        let mut tx = self.read().await?;
        let found = match identifier {
            Identifier::Destination(destination) => {
                let primary = self.is_primary(destination.channel());
                let found = self.find_holder(&mut tx, destination).await?;
                found.filter(|account| primary || account.has_verified(destination.channel()))
            }
            Identifier::Username(username) => tx.account_by_username(&username.key()).await?,
            Identifier::Unreadable => None,
        };
        let registrations = match identifier {
            Identifier::Destination(destination) => {
                tx.open_registrations(&destination.key(), now, REGISTRATIONS).await?
            }
            Identifier::Username(_) | Identifier::Unreadable => Vec::new(),
        };
        let account = found.filter(|account| account.state(now).is_some());
        // Asked for nobody, too, so that it takes the same time.
        let id = account.as_ref().map_or(Uuid::nil(), |account| account.id);
        Ok(Known { restore: tx.restore(id, now).await?, account, registrations })
    }

    /// Lets somebody in who proved to know the password.
    async fn admit(&self, account: Account, kind: Kind, on_archived: OnArchived, origin: &Origin) -> Result<SignIn> {
        match account.state(self.now()) {
            None => Err(Error::BadCredentials),
            Some(State::Deactivated) => Err(Error::Locked),
            Some(State::Archived { .. }) if on_archived == OnArchived::Ask => self.offer(&account),
            _ => self.begin_session(account, kind, origin).await,
        }
    }

    /// Begins a session. An archived account is restored in the same transaction, so that a purge cannot come between; with
    /// a second factor that waits for the second step.
    pub(super) async fn begin_session(&self, account: Account, kind: Kind, origin: &Origin) -> Result<SignIn> {
        self.begin(account, kind, SecondFactor::Pending, origin).await
    }

    /// Begins the half-signed-in session whose second step restores an archived account with the password of its confirmed
    /// registration.
    pub(super) async fn begin_restore(&self, account: Account, kind: Kind, origin: &Origin) -> Result<SignIn> {
        self.begin(account, kind, SecondFactor::PendingRestore, origin).await
    }

    async fn begin(&self, account: Account, kind: Kind, pending: SecondFactor, origin: &Origin) -> Result<SignIn> {
        let now = self.now();
        let mut tx = self.write().await?;
        let mut account = tx.lock_account(account.id).await?.ok_or(Error::BadCredentials)?;
        match account.state(now) {
            None => return Err(Error::BadCredentials),
            Some(State::Deactivated) => return Err(Error::Locked),
            Some(State::Archived { .. }) if !account.two_factor_enabled => {
                self.bring_back(&mut tx, &mut account, origin).await?;
            }
            _ => {}
        }
        let half = account.two_factor_enabled;
        let second_factor = if half { pending } else { SecondFactor::NotAsked };
        let session = self.open_session(&mut tx, &account, kind, second_factor, origin).await?;
        let device = if half { None } else { self.note_entry(&mut tx, &mut account, kind, origin).await? };
        let methods = self.factors_of(&mut tx, &account).await?.methods;
        tx.commit().await?;
        let session = Box::new(NewSession { account, device, ..session });
        Ok(if half { SignIn::SecondFactor { session, methods } } else { SignIn::Complete(session) })
    }

    fn offer(&self, account: &Account) -> Result<SignIn> {
        let archived_at = account.archived_at.ok_or(Error::BadCredentials)?;
        let more = OfferClaims { archived_at: archived_at.timestamp_micros() };
        let token = self.sign_token(OFFER, account.id, OFFER_LIFETIME, more)?;
        Ok(SignIn::RestoreOffered(self.offer_of(account, token)?))
    }

    fn offer_of(&self, account: &Account, token: String) -> Result<RestoreOffer> {
        match account.state(self.now()) {
            Some(State::Archived { archived_at, purge_at }) => {
                Ok(RestoreOffer { token, name: account.display_name(), archived_at, purge_at })
            }
            _ => Err(Error::Unauthenticated),
        }
    }

    async fn read_offer(&self, token: &str) -> Result<Account> {
        let claims: Claims<OfferClaims> = self.verify_token(OFFER, token).await?;
        let id = Uuid::parse_str(&claims.sub).map_err(|_| Error::Unauthenticated)?;
        let account = self.read().await?.account(id).await?.ok_or(Error::Unauthenticated)?;
        let still = account.archived_at.is_some_and(|at| at.timestamp_micros() == claims.more.archived_at);
        if still { Ok(account) } else { Err(Error::Unauthenticated) }
    }

    /// Hashes the password anew where the operator raised the cost. The password is right either way.
    async fn rehash(&self, account: Account, password: &Password, verdict: Verdict) -> Result<Account> {
        if verdict != Verdict::RightButOutdated {
            return Ok(account);
        }
        let hash = self.hasher().hash(password).await?;
        let mut tx = self.write().await?;
        if let Some(mut current) = tx.lock_account(account.id).await?
            && current.password_hash == account.password_hash
        {
            current.password_hash = Some(hash);
            tx.update_account(&current).await?;
            tx.commit().await?;
            return Ok(current);
        }
        Ok(account)
    }

    pub(super) async fn note_failure(&self, account_id: Option<Uuid>, origin: &Origin) -> Result<()> {
        // An unknown identifier writes nothing, but waits for the writer as a known one does.
        let mut tx = self.write().await?;
        if let Some(account_id) = account_id {
            self.record(&mut tx, account_id, Event::SignInFailed, origin, &[]).await?;
        }
        Ok(tx.commit().await?)
    }

    fn read_identifier(&self, typed: &str) -> Identifier {
        let typed = typed.trim();
        if typed.contains('@') {
            return EmailAddress::parse(typed)
                .map_or(Identifier::Unreadable, |email| Identifier::Destination(Destination::Email(email)));
        }
        match (Username::parse(typed), self.parse_phone(typed)) {
            (_, Ok(phone)) => Identifier::Destination(Destination::Phone(phone)),
            (Ok(username), _) => Identifier::Username(username),
            _ => Identifier::Unreadable,
        }
    }

    /// Whether people sign in with this kind of identifier, verified or not.
    pub(super) fn is_primary(&self, channel: Channel) -> bool {
        match channel {
            Channel::Email => self.settings().login_identifier.email(),
            Channel::Sms => self.settings().login_identifier.mobile(),
        }
    }
}

impl Identifier {
    fn key(&self) -> String {
        match self {
            Self::Destination(destination) => destination.key(),
            Self::Username(username) => username.key(),
            Self::Unreadable => String::new(),
        }
    }
}

impl Account {
    /// Whether the identifier in force of this kind is verified.
    pub(super) fn has_verified(&self, channel: Channel) -> bool {
        match channel {
            Channel::Email => self.email.is_some() && self.email_verified,
            Channel::Sms => self.phone.is_some() && self.phone_verified,
        }
    }
}

/// The counter of wrong passwords of an account, whatever it was named by.
pub(super) fn password_key(account_id: Uuid) -> String {
    format!("password:{account_id}")
}
