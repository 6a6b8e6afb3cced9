//! The one thing that a page may fetch from elsewhere: the picture that whoever it shows chose.

use std::fmt;

use url::Url;

use crate::domain::account::{Account, Picture};

/// The origin of the avatar that a page shows, where that is not ours. Left in the answer for whoever sets the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemotePicture(String);

impl RemotePicture {
    /// Of an account's avatar; none where it is ours, or where its host has more than letters, digits, dots and hyphens.
    pub fn of(account: &Account) -> Option<Self> {
        let Picture::Remote(url) = account.pictures.first()? else { return None };
        let url = Url::parse(url).ok()?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        let is_plain = url.scheme() == "https" && url.host_str().is_some_and(|host| host.bytes().all(plain));
        is_plain.then(|| Self(url.origin().ascii_serialization()))
    }
}

impl fmt::Display for RemotePicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
