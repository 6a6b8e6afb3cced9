//! The pictures of a profile: which addresses it may show, and in which order.

pub mod avatar;
pub(super) mod bucket;
pub(super) mod uploads;

use uuid::Uuid;

use crate::{
    domain::{
        account::{Account, Picture},
        error::{Field, Issues, PictureUrlReason, Reason},
        limits::PICTURES,
        picture_url::PictureUrl,
        session::Origin,
    },
    store::Transaction,
};

use super::{Accounts, Result, profile::ProfileChange};

impl Accounts {
    /// Looks at the remote pictures among those that a change asks for and the account does not show yet, where that is
    /// configured. Before any transaction, because others may take their time.
    pub(super) async fn look_at_pictures(
        &self,
        issues: &mut Issues,
        owner: Uuid,
        change: &ProfileChange,
    ) -> Result<()> {
        // Too many are refused later, with all else that is wrong.
        let is_too_long = change.pictures.as_ref().is_some_and(|urls| urls.len() > PICTURES);
        if is_too_long || self.remote_pictures().is_none() {
            return Ok(());
        }
        let _looking = self.admit_looking(owner)?;
        let gallery = change.pictures.iter().flatten().map(|url| (Field::Pictures, url));
        for (field, url) in change.avatar.iter().map(|url| (Field::Avatar, url)).chain(gallery) {
            self.look_at_picture(issues, owner, field, url).await?;
        }
        Ok(())
    }

    /// As [`Self::look_at_pictures`], for one.
    pub(super) async fn look_at_picture(
        &self,
        issues: &mut Issues,
        owner: Uuid,
        field: Field,
        url: &str,
    ) -> Result<()> {
        let (Some(remote), Ok(url)) = (self.remote_pictures(), PictureUrl::parse(url)) else { return Ok(()) };
        if self.own_url(url.as_str()).is_some() {
            return Ok(());
        }
        let account = self.read().await?.account(owner).await?;
        let shown = account.is_some_and(|account| account.pictures.contains(&Picture::Remote(url.to_string())));
        if !shown && !remote.is_picture(&url).await? {
            issues.push(field, Reason::PictureUrl(PictureUrlReason::Unreachable));
        }
        Ok(())
    }

    /// The pictures that a change asks for; `None` leaves them as they are.
    pub(super) async fn read_pictures(
        &self,
        tx: &mut Box<dyn Transaction>,
        issues: &mut Issues,
        account: &Account,
        change: &ProfileChange,
    ) -> Result<Option<Vec<Picture>>> {
        match (&change.pictures, &change.avatar) {
            (Some(urls), _) => self.read_gallery(tx, issues, account, urls).await,
            (None, Some(url)) => self.read_avatar(tx, issues, account, url).await,
            (None, None) => Ok(None),
        }
    }

    /// All pictures anew. The first address that breaks a rule speaks for all.
    async fn read_gallery(
        &self,
        tx: &mut Box<dyn Transaction>,
        issues: &mut Issues,
        account: &Account,
        urls: &[String],
    ) -> Result<Option<Vec<Picture>>> {
        let generated = self.generated_avatar_url(account.id);
        let urls: Vec<_> = urls.iter().filter(|url| **url != generated).collect();
        if urls.len() > PICTURES {
            issues.push(Field::Pictures, Reason::TooMany { max: PICTURES });
            return Ok(None);
        }
        let mut pictures = Vec::new();
        for url in urls {
            match self.read_picture(tx, account.id, url).await? {
                Ok(picture) => pictures.push(picture),
                Err(reason) => {
                    issues.push(Field::Pictures, reason);
                    return Ok(None);
                }
            }
        }
        Ok(Some(pictures))
    }

    /// The account's pictures with another first one, or none.
    pub(super) async fn read_avatar(
        &self,
        tx: &mut Box<dyn Transaction>,
        issues: &mut Issues,
        account: &Account,
        url: &str,
    ) -> Result<Option<Vec<Picture>>> {
        if url.is_empty() || url == self.generated_avatar_url(account.id) {
            return Ok(Some(Vec::new()));
        }
        let first = match self.read_picture(tx, account.id, url).await? {
            Ok(picture) => picture,
            Err(reason) => {
                issues.push(Field::Avatar, reason);
                return Ok(None);
            }
        };
        let others = account.pictures.iter().skip(1).filter(|other| **other != first).cloned();
        Ok(Some(std::iter::once(first.clone()).chain(others).collect()))
    }

    /// The picture that somebody registers with: remote, because whoever has no account yet has uploaded nothing. It is looked
    /// at where nothing else is wrong, and one at a time for each network of strangers.
    pub(super) async fn check_first_picture(
        &self,
        issues: &mut Issues,
        owner: Uuid,
        url: Option<&str>,
        origin: &Origin,
    ) -> Result<Option<String>> {
        let Some(url) = url.filter(|url| !url.is_empty()) else { return Ok(None) };
        if issues.is_empty() && self.remote_pictures().is_some() {
            let _looking = self.admit_stranger_looking(origin)?;
            self.look_at_picture(issues, owner, Field::Avatar, url).await?;
        }
        let mut tx = self.read().await?;
        Ok(match self.read_picture(&mut tx, owner, url).await? {
            Ok(Picture::Remote(url)) => Some(url),
            Ok(Picture::Upload(_)) => None,
            Err(reason) => {
                issues.push(Field::Avatar, reason);
                None
            }
        })
    }
}
