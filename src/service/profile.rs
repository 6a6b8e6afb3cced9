//! Reading and changing profiles.

use uuid::Uuid;

use crate::{
    domain::{
        account::{Account, Role},
        activity::Kind as Event,
        code::{Channel, CodeReceipt},
        error::{Error, Field, Issue, Issues, Reason},
        limits::{EMAIL, FULL_NAME},
        locale::{Locale, Theme},
        names::Names,
        profile::{Bio, Location},
        session::{Actor, Origin},
        text,
        time_zone::TimeZone,
        username::Username,
    },
    store::Transaction,
};

use super::{Accounts, Expectation, Result, callers::Getting, codes::Destination, locked_accounts::LockedAccounts};

pub use crate::store::accounts::AccountFilter;

/// Most accounts of one page of a list.
const PAGE: i64 = 100;

/// A name as a caller sends it.
#[derive(Clone, Debug)]
pub enum NameInput {
    /// In one field, split at the first and the last space.
    Full(String),
    /// In three.
    Parts {
        /// The only part that is needed.
        given: String,
        /// Empty or absent: none.
        middle: Option<String>,
        /// Empty or absent: none.
        family: Option<String>,
    },
}

impl Default for NameInput {
    fn default() -> Self {
        Self::Full(String::new())
    }
}

impl NameInput {
    pub(super) fn parse(&self) -> Result<Names, Vec<Issue>> {
        match self {
            Self::Full(full) => Names::from_full(full).map_err(|reason| vec![Issue::new(Field::FullName, reason)]),
            Self::Parts { given, middle, family } => Names::new(Some(given), middle.as_deref(), family.as_deref()),
        }
    }
}

/// The fields a caller sent. What is `None` stays as it is; an empty text clears what is optional.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    /// The whole name in one field.
    pub full_name: Option<String>,
    /// The given name.
    pub given_name: Option<String>,
    /// The middle name.
    pub middle_name: Option<String>,
    /// The family name.
    pub family_name: Option<String>,
    /// 0 to 500 characters.
    pub bio: Option<String>,
    /// 0 to 100 characters.
    pub location: Option<String>,
    /// Needs a code before it is verified.
    pub email: Option<String>,
    /// As a person writes it. Needs a code before it is verified.
    pub phone: Option<String>,
    /// Whether the primary identifier may be among them: NextGate and the security page.
    pub with_primary: bool,
    /// Another one ends every session.
    pub username: Option<String>,
    /// The address of the first picture: ours or remote. Empty, or the generated one: no picture.
    pub avatar: Option<String>,
    /// The addresses of all pictures in their order, in place of `avatar`. The generated one among them counts for nothing.
    pub pictures: Option<Vec<String>>,
    /// Whether follows wait for acceptance.
    pub is_private: Option<bool>,
    /// The language of pages and mails; empty follows the browser.
    pub locale: Option<String>,
    /// An IANA name; empty is UTC.
    pub time_zone: Option<String>,
    /// Light, dark or the system's.
    pub theme: Option<String>,
}

/// An account after a change.
#[derive(Clone, Debug)]
pub struct Updated {
    /// As it is now.
    pub account: Account,
    /// Of the codes that went to new identifiers, e-mail before phone.
    pub receipts: Vec<CodeReceipt>,
    /// Whether every session ended, the caller's included.
    pub signed_out: bool,
}

/// The fields of a [`ProfileChange`], read.
#[derive(Default)]
struct Checked {
    names: Option<Names>,
    bio: Option<String>,
    location: Option<String>,
    identifiers: Vec<(Channel, Option<Destination>)>,
    username: Option<Username>,
    locale: Option<Option<Locale>>,
    time_zone: Option<Option<String>>,
    theme: Option<Theme>,
}

impl Accounts {
    /// An account, read from the database, for its owner or an admin.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for anybody else, [`Error::NotFound`].
    pub async fn account(&self, actor: &Actor, id: Uuid) -> Result<Account> {
        if actor.account_id != id && actor.role != Role::Admin {
            return Err(Error::Forbidden);
        }
        let account = self.read().await?.account(id).await?;
        account.filter(|account| account.state(self.now()).is_some()).ok_or(Error::NotFound)
    }

    /// An account as anybody may see it; which fields that are is for the surface to say.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none that is active.
    pub async fn brief(&self, id: Uuid) -> Result<Account> {
        self.read().await?.account(id).await?.filter(Account::is_active).ok_or(Error::NotFound)
    }

    /// A page of accounts, oldest first, and how many match in all; for admins.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for anybody else, [`Error::Invalid`] for a filter that is longer than what it is held against.
    pub async fn list_accounts(&self, actor: &Actor, filter: &AccountFilter) -> Result<(Vec<Account>, i64)> {
        if actor.role != Role::Admin {
            return Err(Error::Forbidden);
        }
        let mut issues = Issues::default();
        for (field, part, max) in
            [(Field::Email, &filter.email, EMAIL), (Field::FullName, &filter.full_name, FULL_NAME)]
        {
            issues.check(field, part.as_deref().map_or(Ok(()), |part| text::at_most(part, max)));
        }
        issues.finish()?;
        let filter =
            AccountFilter { limit: filter.limit.clamp(1, PAGE), offset: filter.offset.max(0), ..filter.clone() };
        Ok(self.read().await?.list_accounts(&filter).await?)
    }

    /// Changes the caller's profile, and answers it as it is then. When it stops being private, those who asked to follow
    /// it do.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for somebody else's, [`Error::Stale`] or [`Error::PreconditionFailed`],
    /// [`Error::Invalid`] with every field that breaks a rule, [`Error::Taken`], [`Error::TooManyCodes`];
    /// [`Error::Throttled`] after too many taken identifiers.
    pub async fn update_profile(
        &self,
        actor: &Actor,
        target: Uuid,
        change: ProfileChange,
        expected: Expectation,
    ) -> Result<Account> {
        Ok(self.update_account(actor, target, change, expected).await?.account)
    }

    /// As [`Self::update_profile`], and answers what else came of it.
    ///
    /// # Errors
    /// As [`Self::update_profile`].
    pub async fn update_account(
        &self,
        actor: &Actor,
        target: Uuid,
        change: ProfileChange,
        expected: Expectation,
    ) -> Result<Updated> {
        if actor.account_id != target {
            return Err(Error::Forbidden);
        }
        let mut issues = Issues::default();
        self.look_at_pictures(&mut issues, target, &change).await?;
        let (mut tx, before, locked) = self.write_as_getting(actor, &change).await?;
        expected.check(&before)?;
        let checked = self.check_change(&mut issues, &before, &change);
        let pictures = self.read_pictures(&mut tx, &mut issues, &before, &change).await?;
        issues.finish()?;
        let mut tx = self.refuse_taken(tx, &before, &checked.identifiers, &locked).await?;
        if let Some(username) = &checked.username {
            self.refuse_taken_username(&mut tx, &before, username, &locked).await?;
        }

        let mut account = before.clone();
        account.names = checked.names.unwrap_or(account.names);
        account.bio = checked.bio.unwrap_or(account.bio);
        account.location = checked.location.unwrap_or(account.location);
        account.is_private = change.is_private.unwrap_or(account.is_private);
        account.locale = checked.locale.unwrap_or(account.locale);
        account.time_zone = checked.time_zone.unwrap_or(account.time_zone);
        account.theme = checked.theme.unwrap_or(account.theme);
        account.username = checked.username.unwrap_or(account.username);
        account.pictures = pictures.unwrap_or(account.pictures);
        let mut receipts = Vec::new();
        for (channel, wanted) in checked.identifiers {
            receipts.extend(self.change_identifier(&mut tx, &mut account, channel, wanted, &actor.origin).await?);
        }
        if account == before {
            return Ok(Updated { account, receipts, signed_out: false });
        }
        account.touch(self.now());
        tx.update_account(&account).await?;
        let signed_out = self.settle_change(&mut tx, &before, &account, &actor.origin).await?;
        tx.commit().await?;
        Ok(Updated { account, receipts, signed_out })
    }

    /// As [`Self::write_as`], with those locked as well whose day has come and who have what the change writes.
    async fn write_as_getting(
        &self,
        actor: &Actor,
        change: &ProfileChange,
    ) -> Result<(Box<dyn Transaction>, Account, LockedAccounts)> {
        let read = |(channel, raw): (_, &Option<String>)| self.read_destination(channel, raw.as_deref()?).ok();
        let raw = [(Channel::Email, &change.email), (Channel::Sms, &change.phone)];
        let identifiers: Vec<_> = raw.into_iter().filter_map(read).collect();
        let username = change.username.as_deref().and_then(|raw| Username::parse(raw).ok());
        let getting = Getting { identifiers: &identifiers, proved: false, username: username.as_ref() };
        let mut tx = self.write().await?;
        let (own, locked) = self.lock_getting(&mut tx, actor.account_id, getting).await?;
        let own = self.prove(&mut tx, actor, own).await?;
        Ok((tx, own, locked))
    }

    /// What follows from a change that was written; whether it ended every session.
    pub(super) async fn settle_change(
        &self,
        tx: &mut Box<dyn Transaction>,
        before: &Account,
        account: &Account,
        origin: &Origin,
    ) -> Result<bool> {
        self.mark_pictures(tx, before, account).await?;
        if before.is_private && !account.is_private {
            tx.accept_follows(account.id, self.now()).await?;
        }
        let fields = changed_fields(before, account);
        if !fields.is_empty() {
            self.record(tx, account.id, Event::ProfileChanged, origin, &[("fields", fields.into())]).await?;
        }
        let renamed = account.username != before.username;
        if renamed {
            self.settle_username(tx, account, &before.username, origin).await?;
        }
        Ok(renamed)
    }

    fn check_change(&self, issues: &mut Issues, account: &Account, change: &ProfileChange) -> Checked {
        let mut checked = Checked { names: check_names(issues, account, change), ..Checked::default() };
        if let Some(bio) = &change.bio {
            let bio = issues.check(Field::Bio, Bio::parse(bio));
            checked.bio = bio.map(|bio| bio.map(String::from).unwrap_or_default());
        }
        if let Some(location) = &change.location {
            let location = issues.check(Field::Location, Location::parse(location));
            checked.location = location.map(|location| location.map(String::from).unwrap_or_default());
        }
        for (channel, raw) in [(Channel::Email, &change.email), (Channel::Sms, &change.phone)] {
            let Some(raw) = raw else { continue };
            let wanted = self.read_identifier_change(account, channel, raw, change.with_primary);
            checked.identifiers.extend(issues.check(channel.field(), wanted).map(|wanted| (channel, wanted)));
        }
        if let Some(username) = &change.username {
            // One that was given before the rules were what they are may stay.
            let unchanged = username == account.username.as_str();
            checked.username = if unchanged { None } else { issues.check(Field::Username, Username::parse(username)) };
        }
        if let Some(locale) = &change.locale {
            checked.locale = issues.check(Field::Locale, optional(locale));
        }
        if let Some(zone) = &change.time_zone {
            let zone = issues.check(Field::TimeZone, optional::<TimeZone>(zone));
            checked.time_zone = zone.map(|zone| zone.map(|zone| zone.as_str().to_owned()));
        }
        if let Some(theme) = &change.theme {
            checked.theme = issues.check(Field::Theme, theme.parse());
        }
        checked
    }
}

/// The names as they would be. The username stands in for the name of an account that has none; sent back as it was read, it
/// does not become one.
fn check_names(issues: &mut Issues, account: &Account, change: &ProfileChange) -> Option<Names> {
    let names = &account.names;
    let is_nameless = names.full().is_empty();
    let is_name = |name: &&str| !(is_nameless && *name == account.username.as_str());
    if let Some(full) = change.full_name.as_deref() {
        return is_name(&full).then(|| issues.check(Field::FullName, names.rewritten(full)))?;
    }
    let given = change.given_name.as_deref().filter(is_name);
    let (middle, family) = (change.middle_name.as_deref(), change.family_name.as_deref());
    let clears_nothing =
        is_nameless && given.is_none() && [middle, family].iter().flatten().all(|name| name.is_empty());
    if clears_nothing || [given, middle, family].iter().all(Option::is_none) {
        return None;
    }
    let (given, middle, family) = (given.or(names.given()), middle.or(names.middle()), family.or(names.family()));
    issues.take_all(Names::new(given, middle, family))
}

fn optional<T: std::str::FromStr<Err = Reason>>(raw: &str) -> Result<Option<T>, Reason> {
    if raw.is_empty() { Ok(None) } else { raw.parse().map(Some) }
}

/// Names of the fields that differ, for the activity list; identifiers have events of their own.
fn changed_fields(before: &Account, after: &Account) -> Vec<&'static str> {
    let changes = [
        ("name", before.names != after.names),
        ("bio", before.bio != after.bio),
        ("location", before.location != after.location),
        ("picture", before.pictures != after.pictures),
        ("private", before.is_private != after.is_private),
        ("language", before.locale != after.locale),
        ("timeZone", before.time_zone != after.time_zone),
        ("theme", before.theme != after.theme),
    ];
    changes.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name).collect()
}
