//! The question whether to restore an archived account, put to who signed in to it on the pages.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::domain::{
    account::{Account, State},
    error::Error,
    session::{Kind, Origin},
};

use super::{
    Accounts, Result,
    secrets::{Claims, TokenKind},
    sign_in::{OfferClaims, ProvenIdentity, RestoreOffer, SignIn},
};

/// How long the question waits for its answer.
const LIFETIME: TimeDelta = TimeDelta::minutes(10);
const OFFER: TokenKind = TokenKind { typ: "restore+jwt", audience: "/restore" };

impl Accounts {
    /// What a restore token asks, as long as the account is archived still and has the same password.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when the token is too old or the account was restored or purged, or has another password.
    pub async fn read_restore_offer(&self, token: &str) -> Result<RestoreOffer> {
        let (id, claims) = self.read_offer(token).await?;
        let account = self.read().await?.account(id).await?;
        let account = account.filter(|account| claims.hold(account)).ok_or(Error::Unauthenticated)?;
        self.offer_of(&account, token.to_owned())
    }

    /// Restores the account that a restore token names, and signs in.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] as [`Self::read_restore_offer`]; [`Error::Locked`].
    pub async fn restore(&self, token: &str, kind: Kind, origin: &Origin) -> Result<SignIn> {
        let (id, claims) = self.read_offer(token).await?;
        match self.begin(id, ProvenIdentity::Offer(claims), kind, origin).await {
            Err(Error::BadCredentials) => Err(Error::Unauthenticated),
            begun => begun?.ok_or(Error::Unauthenticated),
        }
    }

    pub(super) fn offer(&self, account: &Account) -> Result<SignIn> {
        let claims = OfferClaims::of(account).ok_or(Error::BadCredentials)?;
        let token = self.sign_token(OFFER, account.id, LIFETIME, claims)?;
        Ok(SignIn::RestoreOffered(self.offer_of(account, token)?))
    }

    fn offer_of(&self, account: &Account, token: String) -> Result<RestoreOffer> {
        match account.state(self.now()) {
            Some(State::Archived { archived_at, purge_at }) => {
                Ok(RestoreOffer { token, name: account.display_name(), archived_at, purge_at })
            }
            _ => Err(Error::Unauthenticated),
        }
    }

    async fn read_offer(&self, token: &str) -> Result<(Uuid, OfferClaims)> {
        let claims: Claims<OfferClaims> = self.verify_token(OFFER, token).await?;
        let id = Uuid::parse_str(&claims.sub).map_err(|_| Error::Unauthenticated)?;
        Ok((id, claims.more))
    }
}
