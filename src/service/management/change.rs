//! How services make and change accounts through the management API. What they write counts as verified.

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    domain::{
        account::Account,
        activity::Kind as Event,
        code::{Channel, Purpose},
        custom_data,
        error::{Error, Field, Issues, Reason},
        names::Names,
        oidc_profile,
        password::Password,
        session::Origin,
        username::Username,
    },
    store::Transaction,
};

use crate::service::{
    Accounts, Expectation, Result, callers::Getting, codes::Destination, codes::destination::read_international,
    locked_accounts::LockedAccounts, management::Access,
};

/// An object that is written.
#[derive(Clone, Debug)]
pub enum Write {
    /// In place of the present one.
    Whole(Map<String, Value>),
    /// Member by member over the present one.
    Merge(Map<String, Value>),
}

/// The fields that a service sent. What is `None` stays as it is; an empty text clears.
#[derive(Clone, Debug, Default)]
pub struct ManagedChange {
    /// Cleared, one is made from the name.
    pub username: Option<String>,
    /// Counts as verified.
    pub email: Option<String>,
    /// With its country code, `+` or not. Counts as verified.
    pub phone: Option<String>,
    /// The whole name in one field; written over the names in `profile`.
    pub name: Option<String>,
    /// The address of the first picture.
    pub avatar: Option<String>,
    /// The service's own data.
    pub custom_data: Option<Write>,
    /// OIDC claims.
    pub profile: Option<Write>,
}

/// The values of a [`ManagedChange`] that are read apart from the account.
#[derive(Default)]
struct Checked {
    /// `Some(None)`: one is to be made.
    username: Option<Option<Username>>,
    identifiers: Vec<(Channel, Option<Destination>)>,
}

impl Accounts {
    /// Makes an account, with a password or without one.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every value that breaks a rule, [`Error::Taken`], [`Error::Busy`];
    /// [`Error::Unauthenticated`] when the client was revoked in the meantime.
    pub async fn create_managed(
        &self,
        access: &Access,
        change: ManagedChange,
        password: Option<&str>,
    ) -> Result<Account> {
        let now = self.now();
        let nameless = Username::from_stored(String::new());
        let mut account = Account::new(self.rng().uuid(now), nameless, now);
        let mut issues = Issues::default();
        let Checked { username, identifiers } = self.check_managed(&mut issues, &mut account, &change);
        for (_, wanted) in &identifiers {
            wanted.iter().for_each(|wanted| account.put_in_force(wanted.clone(), true));
        }
        if let Some(username) = username.flatten() {
            account.username = username;
        }
        if let Some(url) = &change.avatar {
            self.look_at_picture(&mut issues, account.id, Field::Avatar, url).await?;
        }
        let password = password.map(Password::new);
        if let Some(password) = &password {
            self.check_password(&mut issues, Field::Password, password, &account.password_context()).await?;
        }
        let mut tx = self.read().await?;
        self.write_avatar(&mut tx, &mut issues, &mut account, change.avatar.as_deref()).await?;
        drop(tx);
        issues.finish()?;
        if let Some(password) = &password {
            account.password_hash = Some(self.hasher().hash(password).await?);
            account.password_changed_at = Some(now);
        }
        let mut tx = self.write_for(access).await?;
        let (wanted, named) = change.wanted();
        let getting = Getting { identifiers: &wanted, proved: true, username: named.as_ref() };
        let (_, locked) = self.lock_getting(&mut tx, account.id, getting).await?;
        if account.username.as_str().is_empty() {
            account.username = self.free_username(&mut tx, &account.names).await?;
        } else {
            let username = account.username.clone();
            self.refuse_taken_username(&mut tx, &account, &username, &locked).await?;
        }
        for (channel, wanted) in identifiers {
            self.put_managed(&mut tx, &mut account, channel, wanted, &locked).await?;
        }
        tx.insert_account(&account).await?;
        self.record(&mut tx, account.id, Event::Registered, &access.origin, &[]).await?;
        self.record_access(&mut tx, access, account.id).await?;
        tx.commit().await?;
        Ok(account)
    }

    /// Changes an account. Its owner hears of another username, e-mail address or phone, and another username ends every
    /// session.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::PreconditionFailed`]; [`Error::Invalid`] with every value that breaks a rule, and
    /// for [`Field::Identifier`] when neither e-mail address nor phone would be left; [`Error::NoSecondFactor`] when
    /// nothing could answer the second step any more; [`Error::Taken`]; [`Error::Unauthenticated`] when the client was
    /// revoked in the meantime.
    pub async fn update_managed(
        &self,
        access: &Access,
        id: Uuid,
        change: ManagedChange,
        expected: Expectation,
    ) -> Result<Account> {
        let origin = &access.origin;
        let mut issues = Issues::default();
        if let Some(url) = &change.avatar {
            self.look_at_picture(&mut issues, id, Field::Avatar, url).await?;
        }
        let (wanted, username) = change.wanted();
        let getting = Getting { identifiers: &wanted, proved: true, username: username.as_ref() };
        let (mut tx, before, locked) = self.lock_managed_getting(access, id, getting, expected).await?;
        let mut account = before.clone();
        let checked = self.check_managed(&mut issues, &mut account, &change);
        self.write_avatar(&mut tx, &mut issues, &mut account, change.avatar.as_deref()).await?;
        issues.finish()?;
        match checked.username {
            Some(Some(username)) => {
                self.refuse_taken_username(&mut tx, &account, &username, &locked).await?;
                account.username = username;
            }
            Some(None) => account.username = self.free_username(&mut tx, &account.names).await?,
            None => {}
        }
        for (channel, wanted) in checked.identifiers {
            self.put_managed(&mut tx, &mut account, channel, wanted, &locked).await?;
        }
        if has_identifier(&before) && !has_identifier(&account) {
            return Err(Error::invalid(Field::Identifier, Reason::Required));
        }
        if account == before {
            return Ok(account);
        }
        match is_shown(&before, &account) {
            true => account.touch(self.now()),
            false => account.touch_unshown(self.now()),
        }
        tx.update_account(&account).await?;
        self.settle_change(&mut tx, &before, &account, origin).await?;
        for channel in [Channel::Email, Channel::Sms] {
            self.settle_managed(&mut tx, &before, &account, channel, origin).await?;
        }
        tx.commit().await?;
        Ok(account)
    }

    /// Reads a change, and writes to the account what concerns nobody else.
    fn check_managed(&self, issues: &mut Issues, account: &mut Account, change: &ManagedChange) -> Checked {
        if let Some(profile) = &change.profile {
            let claims = profile.over(|| oidc_profile::claims(account));
            oidc_profile::replace(account, &claims, issues);
        }
        if let Some(name) = &change.name {
            let names = if name.is_empty() { Ok(Names::default()) } else { account.names.rewritten(name) };
            account.names = issues.check(Field::FullName, names).unwrap_or_default();
        }
        if let Some(data) = &change.custom_data {
            let data = data.over(|| account.custom_data.clone().unwrap_or_default());
            issues.check(Field::CustomData, custom_data::check(&data));
            account.custom_data = Some(data);
        }
        let username = change.username.as_deref().filter(|username| *username != account.username.as_str());
        let username = username.map(|raw| match raw {
            "" => None,
            raw => issues.check(Field::Username, Username::parse(raw)),
        });
        let mut identifiers = Vec::new();
        for (channel, raw) in [(Channel::Email, &change.email), (Channel::Sms, &change.phone)] {
            match raw.as_deref().map(str::trim) {
                None => {}
                Some("") => identifiers.push((channel, None)),
                Some(raw) => {
                    let read = issues.check(channel.field(), read_international(channel, raw));
                    identifiers.extend(read.map(|wanted| (channel, Some(wanted))));
                }
            }
        }
        Checked { username, identifiers }
    }

    async fn write_avatar(
        &self,
        tx: &mut Box<dyn Transaction>,
        issues: &mut Issues,
        account: &mut Account,
        url: Option<&str>,
    ) -> Result<()> {
        if let Some(url) = url
            && let Some(pictures) = self.read_avatar(tx, issues, account, url).await?
        {
            account.pictures = pictures;
        }
        Ok(())
    }

    /// Puts an identifier in force, or leaves none of its kind.
    async fn put_managed(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &mut Account,
        channel: Channel,
        wanted: Option<Destination>,
        locked: &LockedAccounts,
    ) -> Result<()> {
        let Some(wanted) = wanted else {
            account.clear(channel);
            return Ok(());
        };
        self.claim(tx, account.id, &wanted, locked).await?;
        account.put_in_force(wanted, true);
        Ok(())
    }

    /// What follows when an identifier was written: open codes end, and the owner hears of it.
    async fn settle_managed(
        &self,
        tx: &mut Box<dyn Transaction>,
        before: &Account,
        after: &Account,
        channel: Channel,
        origin: &Origin,
    ) -> Result<()> {
        let state = |account: &Account| {
            let written = account.in_force(channel).map(|own| own.recipient());
            (written, account.has_verified(channel), account.pending(channel).is_some())
        };
        if state(before) == state(after) {
            return Ok(());
        }
        tx.end_codes_of(after.id, Purpose::Verification.as_str(), channel, self.now()).await?;
        let (old, new) = (before.verified(channel), after.in_force(channel));
        let moved = before.in_force(channel) != new;
        let event = match &new {
            None => channel.pick(Event::EmailRemoved, Event::PhoneRemoved),
            Some(_) if !moved && old.is_none() => channel.pick(Event::EmailVerified, Event::PhoneVerified),
            Some(_) if !moved && before.pending(channel).is_some() => {
                channel.pick(Event::EmailChangeCancelled, Event::PhoneChangeCancelled)
            }
            Some(_) => channel.pick(Event::EmailChanged, Event::PhoneChanged),
        };
        let to = new.as_ref().map(|new| ("to", Value::from(new.masked())));
        self.record(tx, after.id, event, origin, to.as_slice()).await?;
        if new.is_none() {
            self.keep_a_factor(tx, after).await?;
        }
        if moved { self.tell_change(tx, after, channel, old, new, origin).await } else { Ok(()) }
    }
}

impl ManagedChange {
    /// The identifiers and the username that it writes, as far as they can be read.
    fn wanted(&self) -> (Vec<Destination>, Option<Username>) {
        let raw = [(Channel::Email, &self.email), (Channel::Sms, &self.phone)];
        let read = |(channel, raw): (_, &Option<String>)| read_international(channel, raw.as_deref()?.trim()).ok();
        let username = self.username.as_deref().and_then(|raw| Username::parse(raw).ok());
        (raw.into_iter().filter_map(read).collect(), username)
    }
}

impl Write {
    /// What is to be kept, given what there is.
    fn over(&self, present: impl FnOnce() -> Map<String, Value>) -> Map<String, Value> {
        match self {
            Self::Whole(new) => new.clone(),
            Self::Merge(new) => present().into_iter().chain(new.clone()).collect(),
        }
    }
}

fn has_identifier(account: &Account) -> bool {
    account.email.is_some() || account.phone.is_some()
}

/// Whether pages show that an account changed. Counters and the data that services keep stand on none of them.
fn is_shown(before: &Account, after: &Account) -> bool {
    let as_shown = Account {
        custom_data: before.custom_data.clone(),
        oidc_profile: before.oidc_profile.clone(),
        posts_count: before.posts_count,
        shops_count: before.shops_count,
        events_count: before.events_count,
        ..after.clone()
    };
    as_shown != *before
}
