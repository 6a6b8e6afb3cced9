//! Where the renditions of uploads are: in the database, or in an object store where one is configured.
//!
//! An object store knows no transactions. So a key is noted before anything is sent under it, and forgotten only in the
//! transaction that keeps the upload; deleting an upload notes it again. What is noted and due is deleted there by the sweep.

use chrono::TimeDelta;

use crate::{
    domain::{avatar::Size, error::Error},
    ports::{blobs::Blobs, image::Renditions},
    store::Transaction,
};

use crate::service::{Accounts, Result, pictures::avatar::Format};

/// No upload takes so long.
const UPLOAD_ENDS_WITHIN: TimeDelta = TimeDelta::hours(1);
/// Keys deleted before looking for more.
const BATCH: i64 = 100;
/// After so many keys that cannot be deleted it is the object store that does not answer.
const MOST_FAILED: usize = 5;

impl Format {
    /// What a rendition is called. There is one JPEG; the others are named by their size.
    fn rendition(self, size: Size) -> String {
        match self {
            Self::WebP => size.to_string(),
            Self::Jpeg => "jpeg".to_owned(),
        }
    }
}

/// What the renditions of an upload are called, in the order in which [`Renditions`] has them.
fn names() -> impl Iterator<Item = String> {
    let webp = Size::ALL.into_iter().map(|size| Format::WebP.rendition(size));
    webp.chain([Format::Jpeg.rendition(Size::default())])
}

fn named(renditions: &Renditions) -> impl Iterator<Item = (String, &Vec<u8>)> {
    names().zip(renditions.webp.iter().map(|(_, bytes)| bytes).chain([&renditions.jpeg]))
}

impl Accounts {
    fn blobs(&self) -> Option<&Blobs> {
        self.0.parts.blobs.as_ref()
    }

    /// Takes the renditions to the object store, where there is one: before the transaction that keeps the upload.
    pub(in crate::service) async fn send_renditions(&self, access_key: &str, renditions: &Renditions) -> Result<()> {
        let Some(blobs) = self.blobs() else { return Ok(()) };
        let mut tx = self.write().await?;
        tx.expect_object(access_key, self.now() + UPLOAD_ENDS_WITHIN).await?;
        tx.commit().await?;
        for (name, bytes) in named(renditions) {
            blobs.put(access_key, &name, bytes.clone()).await?;
        }
        Ok(())
    }

    /// Keeps the renditions with the upload.
    pub(in crate::service) async fn keep_renditions(
        &self,
        tx: &mut Box<dyn Transaction>,
        access_key: &str,
        renditions: &Renditions,
    ) -> Result<()> {
        if self.blobs().is_some() {
            return Ok(tx.forget_object(access_key).await?);
        }
        for (name, bytes) in named(renditions) {
            tx.insert_blob(access_key, &name, bytes).await?;
        }
        Ok(())
    }

    /// Reads a rendition. Pictures that came before the object store are still in the database.
    pub(in crate::service) async fn read_rendition(
        &self,
        access_key: &str,
        size: Size,
        format: Format,
    ) -> Result<Option<Vec<u8>>> {
        let name = format.rendition(size);
        let mut tx = self.read().await?;
        let kept = tx.blob(access_key, &name).await?;
        let Some(blobs) = self.blobs().filter(|_| kept.is_none()) else { return Ok(kept) };
        if tx.upload_by_key(access_key).await?.is_none() {
            return Ok(None);
        }
        drop(tx);
        Ok(blobs.get(access_key, &name).await?)
    }

    /// Deletes what the object store holds under keys that no upload names. A key with which that fails is told of and left,
    /// and those behind it have their turn.
    pub(in crate::service) async fn sweep_objects(&self) -> Result<()> {
        let mut failed: Vec<(String, Error)> = Vec::new();
        loop {
            let most = BATCH + i64::try_from(failed.len()).unwrap_or(i64::MAX);
            let mut stray = self.read().await?.stray_objects(self.now(), most).await?;
            stray.retain(|access_key| failed.iter().all(|(left, _)| left != access_key));
            if stray.is_empty() || failed.len() >= MOST_FAILED {
                return failed.pop().map_or(Ok(()), |(_, error)| Err(error));
            }
            for access_key in stray {
                if let Err(error) = self.sweep_object(&access_key).await {
                    tracing::error!(?error, "a picture cannot be deleted from the object store");
                    failed.push((access_key, error));
                    if failed.len() >= MOST_FAILED {
                        break;
                    }
                }
            }
        }
    }

    async fn sweep_object(&self, access_key: &str) -> Result<()> {
        if let Some(blobs) = self.blobs() {
            for name in names() {
                blobs.delete(access_key, &name).await?;
            }
        }
        let mut tx = self.write().await?;
        tx.forget_object(access_key).await?;
        Ok(tx.commit().await?)
    }
}
