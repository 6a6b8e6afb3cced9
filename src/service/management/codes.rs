//! Codes that services ask for to learn whether an address is its user's. They belong to no account, and have a count of
//! their own.

use crate::domain::{
    code::{Channel, MANAGEMENT_REQUESTS, MANAGEMENT_TRIES, Purpose, WINDOW},
    error::Error,
    session::Origin,
    typed_code::six_digits,
};

use crate::service::{
    Accounts, Result,
    codes::destination::read_international,
    codes::{IssuedCode, NewCode, Owner},
    limits::{Hit, seconds_up},
    management::Access,
};

impl Accounts {
    /// Sends a code to an e-mail address or phone.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is no destination, [`Error::ChannelOff`], [`Error::TooManyCodes`]; [`Error::Unauthenticated`] when the client was
    /// revoked in the meantime.
    pub async fn send_management_code(&self, access: &Access, channel: Channel, destination: &str) -> Result<()> {
        let destination =
            read_international(channel, destination).map_err(|reason| Error::invalid(channel.field(), reason))?;
        self.require_channel(channel)?;
        let mut tx = self.write_for(access).await?;
        let key = format!("service-code-to:{}", self.secrets().digest(&destination.key())?);
        if let Hit::Full(wait) = self.hit(&mut tx, &key, MANAGEMENT_REQUESTS as usize, WINDOW).await? {
            return Err(Error::TooManyCodes { retry_after: seconds_up(wait) });
        }
        // In the language of whoever has the address; the code is nobody's all the same.
        let owner = self.find_owner(&mut tx, &destination).await?;
        let locale = owner.and_then(|account| account.locale).or(access.origin.locale);
        let origin = Origin { locale, ..access.origin.clone() };
        let (purpose, owner) = (Purpose::Management, Owner::Service);
        let new = NewCode { purpose, owner, destination: &destination, index: None };
        let IssuedCode { notice, .. } = self.issue_code(&mut tx, new).await?;
        self.send(&mut tx, None, channel, destination.recipient(), &notice, &origin).await?;
        Ok(tx.commit().await?)
    }

    /// Confirms the newest such code that went to a destination. It works once.
    ///
    /// # Errors
    /// The errors of a code; [`Error::Invalid`] for what is no destination; [`Error::Unauthenticated`] when the client was
    /// revoked in the meantime.
    pub async fn verify_management_code(
        &self,
        access: &Access,
        channel: Channel,
        destination: &str,
        digits: &str,
    ) -> Result<()> {
        let destination =
            read_international(channel, destination).map_err(|reason| Error::invalid(channel.field(), reason))?;
        let code = self.code_to(Purpose::Management, &destination).await?.ok_or(Error::CodeNotFound)?;
        let now = self.now();
        if now >= code.expires_at {
            return Err(Error::CodeExpired);
        }
        let mut tx = self.write_for(access).await?;
        let tries = tx.count_try(code.id, MANAGEMENT_TRIES).await?.ok_or(Error::CodeExhausted)?;
        tx.commit().await?;
        let right = six_digits(digits).map(|digits| self.is_right(&code, &digits)).transpose()?;
        if right != Some(true) {
            return Err(Error::CodeWrong { tries_left: u32::try_from(MANAGEMENT_TRIES - tries).unwrap_or(0) });
        }
        let mut tx = self.write_for(access).await?;
        if !tx.use_code(code.id, now).await? {
            return Err(Error::CodeNotFound);
        }
        Ok(tx.commit().await?)
    }
}
