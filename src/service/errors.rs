//! What failures of the outside mean to a caller.

use std::time::Duration;

use crate::{
    domain::error::{Error, Field},
    ports::{
        blobs,
        hasher::{self, HashError},
        remote_picture::NotLooked,
    },
    store::StoreError,
};

/// When to ask again what the database did not answer.
const DATABASE_RETRY_AFTER: Duration = Duration::from_secs(5);
/// When to come back with a picture elsewhere that could not be looked at.
const PICTURES_RETRY_AFTER: Duration = Duration::from_secs(5);
/// When to ask for a picture again that the object store does not give.
const STORAGE_RETRY_AFTER: Duration = Duration::from_secs(30);
/// When to ask again what an operator has to mend first.
const OPERATOR_RETRY_AFTER: Duration = Duration::from_secs(300);

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::NotUnique(index) => match index.as_str() {
                "accounts_email_key" => Self::Taken(Field::Email),
                "accounts_phone_key" => Self::Taken(Field::Phone),
                "accounts_username_key" => Self::Taken(Field::Username),
                _ => Self::Internal(error.to_string()),
            },
            // What it refers to went in the meantime: the account was purged, the session swept.
            StoreError::Dangling => Self::NotFound,
            StoreError::Unavailable(_) => {
                tracing::error!(%error, "the store");
                Self::Busy { retry_after: DATABASE_RETRY_AFTER }
            }
            StoreError::Corrupt(_) | StoreError::Refused(_) => Self::Internal(error.to_string()),
        }
    }
}

impl From<HashError> for Error {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::Busy { retry_after: hasher::RETRY_AFTER },
            HashError::Failed(reason) => Self::Internal(reason),
        }
    }
}

impl From<blobs::Unavailable> for Error {
    fn from(error: blobs::Unavailable) -> Self {
        tracing::error!(%error, "storage");
        Self::Busy { retry_after: STORAGE_RETRY_AFTER }
    }
}

impl From<NotLooked> for Error {
    fn from(error: NotLooked) -> Self {
        let retry_after = match error {
            NotLooked::Busy => PICTURES_RETRY_AFTER,
            NotLooked::Unable(_) => {
                tracing::error!(%error, "remote pictures");
                OPERATOR_RETRY_AFTER
            }
        };
        Self::Busy { retry_after }
    }
}
