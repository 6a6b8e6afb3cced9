//! Pictures in an S3-compatible object store, for operators who would not have them in the database.

use std::time::Duration;

use object_store::{
    BackoffConfig, Error as StoreError, ObjectStoreExt, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    path::Path,
};
use thiserror::Error;
use url::Url;

use super::mailer::Misconfigured;

/// What the variables that AWS's own tools read begin with.
const VARIABLES: &str = "AWS_";
/// A person waits for the answer.
const RETRY: RetryConfig = RetryConfig {
    backoff: BackoffConfig { init_backoff: Duration::from_millis(100), max_backoff: Duration::from_secs(2), base: 2. },
    max_retries: 3,
    retry_timeout: Duration::from_secs(15),
};

/// The object store did not do what it was asked.
#[derive(Debug, Error)]
#[error("the object store: {0}")]
pub struct Unavailable(String);

impl From<StoreError> for Unavailable {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

/// A bucket, or the part of one below a prefix.
pub struct Blobs {
    store: AmazonS3,
    prefix: Path,
}

impl Blobs {
    /// The bucket at `s3://bucket/prefix`. Region, endpoint and credentials come from `variables`, named as AWS's own
    /// tools name theirs (`AWS_REGION`, `AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID` …). Connects to nothing yet.
    ///
    /// # Errors
    /// When the address or a variable does not read so.
    pub fn s3(url: &Url, variables: impl IntoIterator<Item = (String, String)>) -> Result<Self, Misconfigured> {
        let bucket = url.host_str().ok_or(Misconfigured("must be s3://bucket or s3://bucket/prefix"))?;
        let prefix = Path::from_url_path(url.path()).map_err(|_| Misconfigured("has a prefix that is no path"))?;
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(bucket)
            // Whoever names an endpoint without TLS means it: a store on this machine or beside it.
            .with_allow_http(true)
            // Not every store that speaks S3 deletes in bulk, and there are five objects at most.
            .with_disable_bulk_delete(true)
            .with_retry(RETRY);
        for (name, value) in variables {
            if name.starts_with(VARIABLES)
                && let Ok(key) = name.to_ascii_lowercase().parse()
            {
                builder = builder.with_config(key, value);
            }
        }
        let store = builder.build().map_err(|_| Misconfigured("cannot be used with these AWS_ variables"))?;
        Ok(Self { store, prefix })
    }

    fn path(&self, access_key: &str, rendition: &str) -> Path {
        self.prefix.clone().join(access_key).join(rendition)
    }

    /// Keeps a rendition.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn put(&self, access_key: &str, rendition: &str, bytes: Vec<u8>) -> Result<(), Unavailable> {
        self.store.put(&self.path(access_key, rendition), bytes.into()).await?;
        Ok(())
    }

    /// Reads a rendition.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn get(&self, access_key: &str, rendition: &str) -> Result<Option<Vec<u8>>, Unavailable> {
        match self.store.get(&self.path(access_key, rendition)).await {
            Ok(found) => Ok(Some(found.bytes().await?.into())),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes a rendition, if it is there.
    ///
    /// # Errors
    /// When the store does not do it.
    pub async fn delete(&self, access_key: &str, rendition: &str) -> Result<(), Unavailable> {
        match self.store.delete(&self.path(access_key, rendition)).await {
            Ok(()) | Err(StoreError::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
