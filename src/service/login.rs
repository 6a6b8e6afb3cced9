//! Signing in.

use uuid::Uuid;

use crate::{
    domain::{
        account::{Account, Registration, State},
        activity::Kind as Event,
        code::Channel,
        email::EmailAddress,
        error::{Error, Field, Issues},
        password::Password,
        session::{Kind, Origin, SecondFactor},
        username::Username,
    },
    ports::hasher::{HashPermit, Verdict},
};

use super::{Accounts, Result, codes::Destination, limits::Attempt, sessions::NewSession, sign_in::ProvenIdentity};

pub use super::sign_in::{RestoreOffer, SignIn};

/// How often a password is looked at again that was right, but for a hash that is not in force any more.
const ROUNDS: usize = 3;
/// Open registrations of one identifier whose passwords a sign-in is compared with. Everybody can make them, so that how
/// many there are, and with it how long a wrong password takes, tells nothing of an account.
const REGISTRATIONS: i64 = 5;

/// What signing in to an archived account does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnArchived {
    /// Asks first: the pages.
    Ask,
    /// Restores it: REST.
    Restore,
}

/// What was typed as identifier.
enum Identifier {
    Destination(Destination),
    Username(Username),
    Unreadable(String),
}

/// What is known under an identifier.
struct Known {
    account: Option<Account>,
    /// The newest registrations that wait for their codes, newest first.
    registrations: Vec<Registration>,
    /// The password of a confirmed one that waits for the second step.
    restore: Option<String>,
}

/// Whose a password turned out to be.
enum Match {
    /// The account's.
    Account { outdated: bool },
    /// That of a confirmed registration that waits for the second step.
    Restore,
    /// That of a registration that waits for its code.
    Registration { id: Uuid, channel: Channel },
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
        let mut known = self.look_up(&identifier).await?;
        let key = match &known.account {
            Some(account) => password_key(account.id),
            None => format!("typed:{}", self.secrets().digest(&identifier.key())?),
        };
        let attempt = self.attempt(key.clone(), origin).await?;
        for _ in 0..ROUNDS {
            let Some(matched) = match_password(&attempt.permit, &known, &password).await? else { break };
            let done = self.let_in(&attempt, &known, &password, matched, (kind, on_archived, origin)).await;
            let Ok(None) = done else {
                match done {
                    // Anybody can register with an address; that must not make room for guesses at its account.
                    Err(Error::RegistrationPending { .. }) => self.take_back(&attempt).await?,
                    _ => self.succeed(&attempt).await?,
                }
                return done.and_then(|done| done.ok_or(Error::BadCredentials));
            };
            // Another password was set while this one waited, or this one was hashed anew.
            known = self.look_up(&identifier).await?;
        }
        match &known.account {
            // Whoever types an address may own it; where they are is nothing for an account that has not proved it.
            Some(account) if identifier.is_unproved_by(account) => {
                self.note_failure(account.id, &Origin::default()).await?;
            }
            Some(account) => self.note_failure(account.id, origin).await?,
            None => self.note_nothing(&key).await?,
        }
        Err(Error::BadCredentials)
    }

    /// Goes on from the right password. None when it is not in force any more.
    async fn let_in(
        &self,
        attempt: &Attempt<'_>,
        known: &Known,
        password: &Password,
        matched: Match,
        (kind, on_archived, origin): (Kind, OnArchived, &Origin),
    ) -> Result<Option<SignIn>> {
        let account = match (matched, known.account.clone()) {
            (Match::Registration { id, channel }, _) => return Err(Error::RegistrationPending { id, channel }),
            (_, None) => return Ok(None),
            (Match::Restore, Some(account)) => {
                return self.begin(account.id, ProvenIdentity::Restore(known.restore.clone()), kind, origin).await;
            }
            (Match::Account { outdated: true }, Some(account)) => {
                self.rehash(account, password, &attempt.permit).await?
            }
            (Match::Account { outdated: false }, Some(account)) => account,
        };
        let verified = account.password_hash.clone();
        let asks = on_archived == OnArchived::Ask && account.archived_at.is_some();
        if account.locked_at.is_none() && !asks {
            return self.begin(account.id, ProvenIdentity::Password(verified), kind, origin).await;
        }
        // Nothing is written here, so what is said needs no lock; but whoever knows an old password hears none of it.
        let account = self.read().await?.account(account.id).await?;
        let Some(account) = account.filter(|account| account.password_hash == verified) else { return Ok(None) };
        match account.state(self.now()) {
            None => Err(Error::BadCredentials),
            Some(State::Deactivated) => Err(Error::Locked),
            Some(State::Archived { .. }) if asks => self.offer(&account).map(Some),
            _ => self.begin(account.id, ProvenIdentity::Password(verified), kind, origin).await,
        }
    }

    /// What is known under an identifier. The primary one signs in before it is verified, until somebody else has proved it:
    /// the password tells whose account it is, and imported accounts have proved nothing here yet.
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
            Identifier::Unreadable(_) => None,
        };
        let registrations = match identifier {
            Identifier::Destination(destination) => {
                tx.open_registrations(&destination.key(), now, REGISTRATIONS).await?
            }
            Identifier::Username(_) | Identifier::Unreadable(_) => Vec::new(),
        };
        let account = found.filter(|account| account.state(now).is_some());
        // Asked for nobody, too, so that it takes the same time.
        let id = account.as_ref().map_or(Uuid::nil(), |account| account.id);
        Ok(Known { restore: tx.restore(id, now).await?, account, registrations })
    }

    /// Begins a session in an account that is as it was when the password or code was looked at.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when it has another password by now; [`Error::Locked`].
    pub(super) async fn begin_session(&self, account: Account, kind: Kind, origin: &Origin) -> Result<SignIn> {
        let proved = ProvenIdentity::Password(account.password_hash);
        self.begin(account.id, proved, kind, origin).await?.ok_or(Error::Unauthenticated)
    }

    /// Begins the half-signed-in session whose second step restores an archived account with the password of the
    /// registration that was confirmed just now.
    pub(super) async fn begin_restore(&self, account: Account, kind: Kind, origin: &Origin) -> Result<SignIn> {
        self.begin(account.id, ProvenIdentity::Restore(None), kind, origin).await?.ok_or(Error::Unauthenticated)
    }

    /// Begins a session if what was proved holds still. An archived account is restored in the same transaction, so that a
    /// purge cannot come between; with a second factor that waits for the second step.
    pub(super) async fn begin(
        &self,
        id: Uuid,
        proved: ProvenIdentity,
        kind: Kind,
        origin: &Origin,
    ) -> Result<Option<SignIn>> {
        let now = self.now();
        let mut tx = self.write().await?;
        let mut account = tx.lock_account(id).await?.ok_or(Error::BadCredentials)?;
        if !proved.holds(&mut tx, &account, now).await? {
            return Ok(None);
        }
        match account.state(now) {
            None => return Err(Error::BadCredentials),
            Some(State::Deactivated) => return Err(Error::Locked),
            Some(State::Archived { .. }) if !account.two_factor_enabled => {
                self.bring_back(&mut tx, &mut account, origin).await?;
            }
            _ => {}
        }
        let half = account.two_factor_enabled;
        let second_factor = match proved {
            _ if !half => SecondFactor::NotAsked,
            ProvenIdentity::Restore(_) => SecondFactor::PendingRestore,
            ProvenIdentity::Password(_) | ProvenIdentity::Offer(_) => SecondFactor::Pending,
        };
        let session = self.open_session(&mut tx, &account, kind, second_factor, origin).await?;
        let device = if half { None } else { self.note_entry(&mut tx, &mut account, kind, origin).await? };
        let methods = self.factors_of(&mut tx, &account).await?.methods;
        tx.commit().await?;
        if !half {
            self.end_replaced(&session.session, origin).await?;
        }
        let session = Box::new(NewSession { account, device, ..session });
        Ok(Some(if half { SignIn::SecondFactor { session, methods } } else { SignIn::Complete(session) }))
    }

    /// Hashes the password anew where the operator raised the cost or set a pepper. The password is right either way.
    async fn rehash(&self, account: Account, password: &Password, permit: &HashPermit) -> Result<Account> {
        let hash = permit.hash(password).await?;
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

    pub(super) async fn note_failure(&self, account_id: Uuid, origin: &Origin) -> Result<()> {
        let mut tx = self.write().await?;
        self.record(&mut tx, account_id, Event::SignInFailed, origin, &[]).await?;
        Ok(tx.commit().await?)
    }

    /// What [`Self::note_failure`] is for an account: a row of its own, made durable, so that nobody can tell the two apart.
    async fn note_nothing(&self, key: &str) -> Result<()> {
        let now = self.now();
        let mut tx = self.write().await?;
        tx.insert_hit(self.rng().uuid(now), key, now).await?;
        Ok(tx.commit().await?)
    }

    /// Whether this is what somebody would sign in to this account with.
    pub(super) async fn is_identifier_of(&self, typed: &str, account_id: Uuid) -> Result<bool> {
        let known = self.look_up(&self.read_identifier(typed)).await?;
        Ok(known.account.is_some_and(|account| account.id == account_id))
    }

    fn read_identifier(&self, typed: &str) -> Identifier {
        let typed = typed.trim();
        if typed.contains('@') {
            return match EmailAddress::parse(typed) {
                Ok(email) => Identifier::Destination(Destination::Email(email)),
                Err(_) => Identifier::Unreadable(typed.to_owned()),
            };
        }
        match (Username::parse(typed), self.parse_phone(typed)) {
            (_, Ok(phone)) => Identifier::Destination(Destination::Phone(phone)),
            (Ok(username), _) => Identifier::Username(username),
            _ => Identifier::Unreadable(typed.to_owned()),
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
    /// Whether it is an address or number that the account it was found by has not proved.
    fn is_unproved_by(&self, account: &Account) -> bool {
        matches!(self, Self::Destination(destination) if !account.has_verified(destination.channel()))
    }

    fn key(&self) -> String {
        match self {
            Self::Destination(destination) => destination.key(),
            Self::Username(username) => username.key(),
            // One person's slip is not another's.
            Self::Unreadable(typed) => typed.to_lowercase(),
        }
    }
}

/// Whose password this is, of what is known under an identifier.
///
/// The password of the account and that of a restore are asked for even where there is none, so that a wrong one takes the
/// same time whatever is there. Registrations add to it: that somebody registers with an identifier, which anybody can, tells
/// nothing of an account, and cannot be hidden anyway.
async fn match_password(permit: &HashPermit, known: &Known, password: &Password) -> Result<Option<Match>> {
    let own = known.account.as_ref().and_then(|account| account.password_hash.as_deref());
    match permit.verify(password, own).await? {
        Verdict::Right => return Ok(Some(Match::Account { outdated: false })),
        Verdict::RightButOutdated => return Ok(Some(Match::Account { outdated: true })),
        Verdict::Wrong => {}
    }
    if permit.verify(password, known.restore.as_deref()).await? != Verdict::Wrong {
        return Ok(Some(Match::Restore));
    }
    for pending in &known.registrations {
        if permit.verify(password, Some(&pending.password_hash)).await? != Verdict::Wrong {
            let channel = if pending.identifier_key.starts_with('+') { Channel::Sms } else { Channel::Email };
            return Ok(Some(Match::Registration { id: pending.account_id, channel }));
        }
    }
    Ok(None)
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
