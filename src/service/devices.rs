//! Which devices an account is known to sign in from, so that a sign-in from another one is told.
//!
//! A browser is known by a cookie, which it keeps when it signs out; a client of the REST dialects, which keeps none, by what
//! it calls itself and by its network. Neither proves anything: all that comes of them is that a message is not sent.
//!
//! The first device of an account is told of to nobody, as there is none that it could be compared with. That is the one it
//! was made with; or, where a service or the operator made the account, the one of its first sign-in.

use data_encoding::BASE64URL_NOPAD;

use crate::{
    domain::{
        account::Account,
        session::{Kind, Origin},
    },
    ports::rng::TOKEN_BYTES,
    store::Transaction,
};

use super::{
    Accounts, Result,
    messages::{Notice, RequestLocation},
    notify::request_location,
    secrets::fingerprint,
};

impl Accounts {
    /// Notes from which device somebody came in, and tells of one that is new. The answer is the cookie by which a browser
    /// is known from now on.
    pub(super) async fn note_device(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &Account,
        kind: Kind,
        origin: &Origin,
    ) -> Result<Option<String>> {
        let (now, id) = (self.now(), account.id.as_bytes());
        let RequestLocation { device, address } = request_location(origin);
        let (cookie, known_by) = match kind {
            Kind::Browser => {
                let cookie = origin.device.clone().filter(|value| is_token(value));
                let cookie = cookie.unwrap_or_else(|| self.rng().token());
                // Bound to the account: that several sign in from one browser is not to be seen.
                let known_by = self.secrets().mac(&[b"browser", id, cookie.as_bytes()])?;
                (Some(cookie), known_by)
            }
            Kind::Api | Kind::App => {
                (None, self.secrets().mac(&[b"client", id, device.as_bytes(), address.as_bytes()])?)
            }
        };
        if tx.see_device(account.id, &known_by, now).await? {
            return Ok(cookie);
        }
        let is_first = !tx.has_devices(account.id).await?;
        // Earlier versions knew devices by their words alone. Each of those vouches for one that has a name of its own now.
        let is_vouched_for = tx.forget_device(account.id, &fingerprint(&device)).await?;
        tx.add_device(account.id, &known_by, now).await?;
        if !is_first && !is_vouched_for {
            self.notify_owner(tx, account, &Notice::NewDeviceSignIn, origin).await?;
        }
        Ok(cookie)
    }
}

/// Whether a cookie may be one of ours: what anybody could guess names nothing.
fn is_token(value: &str) -> bool {
    BASE64URL_NOPAD.decode(value.as_bytes()).is_ok_and(|bytes| bytes.len() == TOKEN_BYTES)
}
