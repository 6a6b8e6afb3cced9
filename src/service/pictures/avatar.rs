//! Avatars: uploads in the bucket, remote pictures, and the generated one.

use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;
use tokio::{sync::OwnedSemaphorePermit, task::spawn_blocking};
use url::Url;
use uuid::Uuid;

use crate::{
    domain::{
        account::{Account, Picture},
        activity::Kind as Event,
        avatar::{self, AccessKey, AvatarError, Region, Size},
        error::{Error, Field, PictureUrlReason, Reason},
        generated_avatar,
        picture_url::PictureUrl,
        session::Actor,
    },
    ports::image::{self, Renditions},
    store::Transaction,
};

use crate::service::{
    Accounts, Result,
    limits::{Hit, stranger, throttled},
};

pub use crate::service::pictures::uploads::UploadSlot;
pub use crate::store::pictures::Upload;

/// Where uploads are read from, below the public URL.
const DOWNLOAD: &str = "/auth-api/bucket/userAvatars/download/key/";
/// Longest file name that is kept, in code points.
const FILE_NAME: usize = 100;
/// What a name of a picture may end in, rightly or not.
const PICTURE_ENDINGS: [&str; 12] =
    ["jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "heic", "heif", "avif", "bmp", "tiff"];

/// How a stored picture is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// At any [`Size`].
    WebP,
    /// At the largest.
    Jpeg,
}

impl Accounts {
    /// Waits for a right to read the body of an upload, which is held while it is under way.
    ///
    /// # Errors
    /// [`Error::Throttled`] after 20 uploads in an hour; [`Error::Busy`] when the caller has two already or their network six, or
    /// there is no room in time.
    pub async fn upload_slot(&self, actor: &Actor) -> Result<UploadSlot> {
        // Told before the body is read, which may take minutes; counted when there is a picture.
        let most = [(avatar::UPLOADS_PER_HOUR as usize, chrono::TimeDelta::hours(1))];
        let mut tx = self.read().await?;
        if let Some(wait) = self.full_for(&mut tx, &format!("upload:{}", actor.account_id), &most).await? {
            return Err(throttled(wait));
        }
        drop(tx);
        self.0.uploads.slot(actor.account_id, stranger(&actor.origin)).await
    }

    /// Keeps a picture in the bucket. The profile does not show it until it is written there. When it is refused, nothing
    /// has changed.
    ///
    /// # Errors
    /// [`Error::Avatar`] for what is no acceptable picture, [`Error::Throttled`] after 20 uploads in an hour,
    /// [`Error::Busy`] when too many pictures wait to be decoded, and while the object store does not answer.
    pub async fn upload_avatar(
        &self,
        actor: &Actor,
        file_name: &str,
        bytes: Vec<u8>,
        region: Region,
    ) -> Result<Upload> {
        let size = bytes.len() as u64;
        if size > avatar::MAX_BYTES {
            return Err(AvatarError::TooLarge { max_bytes: avatar::MAX_BYTES }.into());
        }
        // Before the upload is counted: one for which there was no room costs nothing.
        let decoder = self.0.uploads.decoder().await?;
        self.count_upload(actor).await?;
        let renditions = render(decoder, bytes, region).await?;
        let now = self.now();
        let upload = Upload {
            id: self.rng().uuid(now),
            owner_id: actor.account_id,
            access_key: self.access_key(),
            file_name: name_of_file(file_name, renditions.source_type),
            mime_type: renditions.source_type.to_owned(),
            file_size: i64::try_from(size).unwrap_or(i64::MAX),
            in_use: false,
            created_at: now,
            updated_at: now,
        };
        self.send_renditions(&upload.access_key, &renditions).await?;
        let (mut tx, _) = self.write_as(actor).await?;
        let stored = tx.uploads_of(actor.account_id).await?;
        if stored.len() >= avatar::MAX_STORED
            && let Some(oldest) = stored.iter().find(|upload| !upload.in_use)
        {
            tx.delete_upload(oldest.id).await?;
        }
        tx.insert_upload(&upload).await?;
        self.keep_renditions(&mut tx, &upload.access_key, &renditions).await?;
        let detail = [("upload", Value::from(upload.id.to_string()))];
        self.record(&mut tx, actor.account_id, Event::AvatarUploaded, &actor.origin, &detail).await?;
        tx.commit().await?;
        Ok(upload)
    }

    /// A stored picture.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none under this key, [`Error::Busy`] while the object store does not answer.
    pub async fn rendition(&self, access_key: &str, size: Size, format: Format) -> Result<Vec<u8>> {
        self.read_rendition(access_key, size, format).await?.ok_or(Error::NotFound)
    }

    /// One of the caller's uploads.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`] for somebody else's.
    pub async fn upload(&self, actor: &Actor, id: Uuid) -> Result<Upload> {
        let upload = self.read().await?.upload(id).await?;
        owned(upload, actor)
    }

    /// Deletes one of the caller's uploads, and takes it off the profile.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`] for somebody else's.
    pub async fn delete_upload(&self, actor: &Actor, id: Uuid) -> Result<Upload> {
        let (mut tx, mut account) = self.write_as(actor).await?;
        let upload = owned(tx.upload(id).await?, actor)?;
        let shown = Picture::Upload(upload.access_key.clone());
        if account.pictures.contains(&shown) {
            account.pictures.retain(|picture| *picture != shown);
            account.touch(self.now());
            tx.update_account(&account).await?;
        }
        if !tx.delete_upload(id).await? {
            return Err(Error::NotFound);
        }
        let detail = [("upload", Value::from(id.to_string()))];
        self.record(&mut tx, actor.account_id, Event::AvatarDeleted, &actor.origin, &detail).await?;
        tx.commit().await?;
        Ok(upload)
    }

    /// The generated avatar of an active account, as SVG.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none that is active.
    pub async fn generated_avatar(&self, id: Uuid) -> Result<String> {
        let account = self.brief(id).await?;
        Ok(generated_avatar::svg(id, &account.display_name()))
    }

    /// The address of an account's avatar: its first picture, or the generated one.
    pub fn avatar_url(&self, account: &Account) -> String {
        account
            .pictures
            .first()
            .map_or_else(|| self.generated_avatar_url(account.id), |picture| self.picture_url(picture))
    }

    /// As [`Self::avatar_url`], for our own pages, which are opened under other addresses than the public one, too: the path
    /// of a picture that is ours.
    pub fn avatar_path(&self, account: &Account) -> String {
        match account.pictures.first() {
            Some(Picture::Remote(url)) => url.clone(),
            Some(Picture::Upload(_)) | None => self.own_avatar_path(account),
        }
    }

    /// As [`Self::avatar_path`], where nothing may be fetched from elsewhere: a remote picture gives way to the generated
    /// one.
    pub fn own_avatar_path(&self, account: &Account) -> String {
        match account.pictures.first() {
            Some(Picture::Upload(access_key)) => self.upload_path(access_key),
            Some(Picture::Remote(_)) | None => generated_avatar_path(account.id),
        }
    }

    /// The address of a picture.
    pub fn picture_url(&self, picture: &Picture) -> String {
        match picture {
            Picture::Upload(access_key) => self.upload_url(access_key),
            Picture::Remote(url) => url.clone(),
        }
    }

    /// The address of an upload.
    pub fn upload_url(&self, access_key: &str) -> String {
        self.absolute(&self.upload_path(access_key))
    }

    /// The same, below the public URL.
    pub fn upload_path(&self, access_key: &str) -> String {
        format!("{DOWNLOAD}{access_key}")
    }

    /// The address of an account's generated avatar.
    pub fn generated_avatar_url(&self, id: Uuid) -> String {
        self.absolute(&generated_avatar_path(id))
    }

    /// Reads the address of a picture that the account `owner` wants to show.
    pub(in crate::service) async fn read_picture(
        &self,
        tx: &mut Box<dyn Transaction>,
        owner: Uuid,
        url: &str,
    ) -> Result<Result<Picture, Reason>> {
        // Ours is ours however it is spelt; under http, no picture of elsewhere's rules take it.
        if let Some(ours) = self.own_url(url) {
            let base = self.settings().public_url.path().trim_end_matches('/');
            let is_whole = ours.query().is_none() && ours.fragment().is_none();
            let path = ours.path().strip_prefix(base).filter(|_| is_whole);
            let upload = match path.and_then(|path| path.strip_prefix(DOWNLOAD)) {
                Some(access_key) => tx.upload_by_key(access_key).await?.filter(|upload| upload.owner_id == owner),
                None => None,
            };
            let known = upload.map(|upload| Picture::Upload(upload.access_key));
            return Ok(known.ok_or(Reason::PictureUrl(PictureUrlReason::NotYours)));
        }
        Ok(PictureUrl::parse(url).map(|url| Picture::Remote(url.into())).map_err(Reason::PictureUrl))
    }

    /// An address that leads to this service: by its scheme, port and host, which a dot may end.
    pub(in crate::service) fn own_url(&self, url: &str) -> Option<Url> {
        let (url, public) = (Url::parse(url).ok()?, &self.settings().public_url);
        let origin = |url: &Url| {
            let host = url.host_str().unwrap_or_default();
            (url.scheme().to_owned(), host.trim_end_matches('.').to_owned(), url.port_or_known_default())
        };
        (origin(&url) == origin(public)).then_some(url)
    }

    /// Keeps `in_use` of uploads in step with the pictures of a profile.
    ///
    /// # Errors
    /// [`Error::Invalid`] when one that it is to show was swept up since it was looked at.
    pub(in crate::service) async fn mark_pictures(
        &self,
        tx: &mut Box<dyn Transaction>,
        before: &Account,
        after: &Account,
    ) -> Result<()> {
        if before.pictures == after.pictures {
            return Ok(());
        }
        let mut kept = Vec::new();
        for upload in tx.uploads_of(after.id).await? {
            let picture = Picture::Upload(upload.access_key);
            let in_use = after.pictures.contains(&picture);
            if in_use == upload.in_use || tx.mark_upload(upload.id, in_use, self.now()).await? {
                kept.push(picture);
            }
        }
        let is_gone = |picture: &Picture| {
            matches!(picture, Picture::Upload(_)) && !before.pictures.contains(picture) && !kept.contains(picture)
        };
        let field = match after.pictures.iter().position(is_gone) {
            Some(0) => Field::Avatar,
            Some(_) => Field::Pictures,
            None => return Ok(()),
        };
        Err(Error::invalid(field, Reason::PictureUrl(PictureUrlReason::NotYours)))
    }

    async fn count_upload(&self, actor: &Actor) -> Result<()> {
        let (mut tx, _) = self.write_as(actor).await?;
        let key = format!("upload:{}", actor.account_id);
        match self.hit(&mut tx, &key, avatar::UPLOADS_PER_HOUR as usize, chrono::TimeDelta::hours(1)).await? {
            Hit::Added(_) => Ok(tx.commit().await?),
            Hit::Full(wait) => Err(throttled(wait)),
        }
    }

    /// 256 random bits, and the ending that remote pictures need: the address of an upload passes that rule too.
    fn access_key(&self) -> String {
        let mut random = [0; 32];
        self.rng().fill(&mut random);
        format!("{}{}", BASE64URL_NOPAD.encode(&random), AccessKey::SUFFIX)
    }
}

/// The name of an uploaded file without the folders of the computer it comes from, and ending as its content does.
fn name_of_file(sent: &str, media_type: &str) -> String {
    let endings: &[&str] = match media_type {
        "image/jpeg" => &["jpg", "jpeg"],
        "image/png" => &["png"],
        "image/gif" => &["gif"],
        _ => &["webp"],
    };
    let name: String =
        sent.rsplit(['/', '\\']).next().into_iter().flat_map(str::chars).filter(|c| !c.is_control()).collect();
    let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
    let is_one_of = |endings: &[&str]| endings.iter().any(|known| known.eq_ignore_ascii_case(ending));
    let (stem, ending) = match ending {
        fitting if is_one_of(endings) => (stem, fitting),
        _ if is_one_of(&PICTURE_ENDINGS) => (stem, endings[0]),
        _ => (&*name, endings[0]),
    };
    let stem: String = stem.chars().take(FILE_NAME - 1 - ending.len()).collect();
    format!("{}.{ending}", if stem.is_empty() { "picture" } else { &stem })
}

/// Decodes and resizes on a blocking thread. Nobody may wait for it any more: the right to decode ends with the work.
async fn render(decoder: OwnedSemaphorePermit, bytes: Vec<u8>, region: Region) -> Result<Renditions> {
    let rendered = spawn_blocking(move || {
        let rendered = image::process(&bytes, region);
        drop(decoder);
        rendered
    });
    Ok(rendered.await.map_err(|error| Error::Internal(error.to_string()))??)
}

fn generated_avatar_path(id: Uuid) -> String {
    format!("/avatars/{id}.svg")
}

/// An upload that was found, if it is the caller's.
fn owned(found: Option<Upload>, actor: &Actor) -> Result<Upload> {
    let upload = found.ok_or(Error::NotFound)?;
    if upload.owner_id == actor.account_id { Ok(upload) } else { Err(Error::Forbidden) }
}

#[cfg(test)]
mod tests {
    use super::name_of_file;

    #[test]
    fn a_file_has_the_name_of_what_it_is_and_no_folders() {
        for (sent, media_type, name) in [
            ("me.jpg", "image/jpeg", "me.jpg"),
            ("me.JPEG", "image/jpeg", "me.JPEG"),
            ("C:\\fakepath\\me.png", "image/png", "me.png"),
            ("../../etc/passwd", "image/gif", "passwd.gif"),
            ("avatar.webp", "image/png", "avatar.png"),
            ("IMG_1.HEIC", "image/jpeg", "IMG_1.jpg"),
            ("my.holiday", "image/png", "my.holiday.png"),
            ("", "image/webp", "picture.webp"),
            (".png", "image/png", "picture.png"),
            ("a\r\nb.png", "image/png", "ab.png"),
        ] {
            assert_eq!(name_of_file(sent, media_type), name, "{sent}");
        }
        assert_eq!(name_of_file(&"é".repeat(300), "image/jpeg").chars().count(), 100);
    }
}
