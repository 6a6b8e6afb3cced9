//! How many codes are sent, and how often they are guessed at, by who causes it. What strangers can spend is never what the
//! owner needs, and a full window tells nothing of an account:
//!
//! | who | codes sent in ten minutes | wrong codes |
//! |---|---|---|
//! | the owner, signed in or half so | 5 of the account | 10 an hour and 30 a day for each purpose and address |
//! | the same, to an address they have not proved | 5 of the account, 20 to the address | the same of the account; 30 an hour for the address |
//! | a stranger | 5 to the address typed and 30 in all from one caller, 20 to the address from all | for the address 10 an hour and 30 a day from one caller, 30 an hour from all |
//!
//! The windows of an address that count all callers bound what many of them can do together. For codes that are sent they
//! are as wide as four callers' own, for wrong codes as wide as three callers', so that none alone can fill them; and short.
//!
//! Everybody who comes from a loopback address is one caller: behind a proxy that is not among `server.trusted_proxies` all
//! people share the 5 codes and the wrong codes of an address. For what one caller has in all they are not counted.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::{
    domain::{
        code::{MAX_REQUESTS, MAX_TRIES, Purpose, SentCode, WINDOW},
        error::Error,
        session::Origin,
    },
    store::Transaction,
};

use crate::service::{
    Accounts, Result,
    codes::Destination,
    limits::{Hit, seconds_up, stranger, throttled},
};

/// Codes that strangers, or accounts that have not proved it, may have sent to one address within [`WINDOW`].
const MAX_TO_ADDRESS: u32 = 20;
/// Requests for codes by strangers from one address within [`WINDOW`].
const MAX_STRANGER_REQUESTS: u32 = 30;
/// Wrong codes of one party: so many within so long.
pub(in crate::service) const WRONG_CODES: [(usize, TimeDelta); 2] =
    [(10, TimeDelta::hours(1)), (30, TimeDelta::days(1))];
/// Wrong codes for one address by everybody who has not proved it.
const WRONG_FOR_ADDRESS: [(usize, TimeDelta); 1] = [(30, TimeDelta::hours(1))];

/// Who has a code sent, or tries one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::service) enum CodeRequester {
    /// An account, signed in or half so, at an identifier that it has proved.
    Owner(Uuid),
    /// The same, at one that it has not proved.
    Claimant(Uuid),
    /// Anybody.
    Stranger,
}

/// Sliding windows of one counter.
type Windows = (String, Vec<(usize, TimeDelta)>);

impl Accounts {
    /// Counts a request for a code. `spacing` is the least time between two of one party to one address.
    ///
    /// # Errors
    /// [`Error::ChannelOff`] where it could not be sent; [`Error::CodeTooSoon`]; [`Error::TooManyCodes`] when a window is full.
    pub(in crate::service) async fn admit_code(
        &self,
        tx: &mut Box<dyn Transaction>,
        destination: &Destination,
        party: CodeRequester,
        spacing: TimeDelta,
        origin: &Origin,
    ) -> Result<()> {
        self.require_channel(destination.channel())?;
        let windows = self.request_windows(&destination.key(), party, origin)?;
        if let Some((to, _)) = windows.first().filter(|_| spacing > TimeDelta::zero()) {
            let now = self.now();
            tx.lock_limit(to, now).await?;
            if let Some(last) = tx.hits(to, now - spacing).await?.last() {
                return Err(Error::CodeTooSoon { retry_after: seconds_up(*last + spacing - now) });
            }
        }
        for (key, most) in windows {
            if let Hit::Full(wait) = self.hit_all(tx, &key, &most).await? {
                return Err(Error::TooManyCodes { retry_after: seconds_up(wait) });
            }
        }
        Ok(())
    }

    /// For how long a party can have no code sent to an address. Asking counts nothing.
    pub(in crate::service) async fn codes_full_for(
        &self,
        tx: &mut Box<dyn Transaction>,
        address: &str,
        party: CodeRequester,
        origin: &Origin,
    ) -> Result<Option<TimeDelta>> {
        let mut longest = None;
        for (key, most) in self.request_windows(address, party, origin)? {
            longest = longest.max(self.full_for(tx, &key, &most).await?);
        }
        Ok(longest)
    }

    /// Waits for whoever has a code sent to an address, and lets nobody until the transaction ends.
    pub(in crate::service) async fn lock_codes_to(
        &self,
        tx: &mut Box<dyn Transaction>,
        destination: &Destination,
    ) -> Result<()> {
        let digest = self.secrets().digest(&destination.key())?;
        tx.lock_limit(&format!("code-to:{digest}"), self.now()).await?;
        Ok(())
    }

    /// Refuses a stranger who could have no code sent, before what leads there is paid for.
    ///
    /// # Errors
    /// [`Error::TooManyCodes`].
    pub(in crate::service) async fn expect_room(&self, destination: &Destination, origin: &Origin) -> Result<()> {
        let mut tx = self.read().await?;
        match self.codes_full_for(&mut tx, &destination.key(), CodeRequester::Stranger, origin).await? {
            Some(wait) => Err(Error::TooManyCodes { retry_after: seconds_up(wait) }),
            None => Ok(()),
        }
    }

    /// Refuses a stranger whose try of a code would not be looked at, before what leads there is paid for.
    ///
    /// # Errors
    /// [`Error::CodeExpired`], [`Error::CodeExhausted`], [`Error::Throttled`].
    pub(in crate::service) async fn expect_try(&self, code: &SentCode, origin: &Origin) -> Result<()> {
        if self.now() >= code.expires_at {
            return Err(Error::CodeExpired);
        }
        if code.tries >= MAX_TRIES {
            return Err(Error::CodeExhausted);
        }
        let mut tx = self.read().await?;
        for (key, most) in self.wrong_windows(code, CodeRequester::Stranger, origin)? {
            if let Some(wait) = self.full_for(&mut tx, &key, &most).await? {
                return Err(throttled(wait));
            }
        }
        Ok(())
    }

    /// Counts a wrong code, and answers the hits.
    ///
    /// # Errors
    /// [`Error::Throttled`] when a window is full.
    pub(in crate::service) async fn count_wrong(
        &self,
        tx: &mut Box<dyn Transaction>,
        code: &SentCode,
        party: CodeRequester,
        origin: &Origin,
    ) -> Result<Vec<Uuid>> {
        let mut hits = Vec::new();
        for (key, most) in self.wrong_windows(code, party, origin)? {
            match self.hit_all(tx, &key, &most).await? {
                Hit::Added(hit) => hits.push(hit),
                Hit::Full(wait) => return Err(throttled(wait)),
            }
        }
        Ok(hits)
    }

    /// Which one it is of the codes that a stranger had sent to an address within [`WINDOW`] to verify it, from 1 on. The
    /// owner's are not counted: a stranger would learn of them.
    pub(in crate::service) async fn verification_index(
        &self,
        tx: &mut Box<dyn Transaction>,
        destination: &Destination,
        origin: &Origin,
    ) -> Result<u32> {
        let (now, digest) = (self.now(), self.secrets().digest(&destination.key())?);
        let key = format!("verification-to:{digest}:{}", stranger(origin).unwrap_or_default());
        self.hit(tx, &key, usize::MAX, WINDOW).await?;
        Ok(u32::try_from(tx.hits(&key, now - WINDOW).await?.len()).unwrap_or(u32::MAX))
    }

    /// The windows of a request for a code; the first is of this party and address alone.
    fn request_windows(&self, address: &str, party: CodeRequester, origin: &Origin) -> Result<Vec<Windows>> {
        let digest = self.secrets().digest(address)?;
        let window = |key: String, most: u32| (key, vec![(most as usize, WINDOW)]);
        // Keys of an account end in its id: they go when it is purged.
        let of_account = |id: Uuid| {
            vec![window(format!("code-to:{digest}:{id}"), MAX_REQUESTS), window(format!("code-of:{id}"), MAX_REQUESTS)]
        };
        Ok(match party {
            CodeRequester::Owner(id) => of_account(id),
            CodeRequester::Claimant(id) => {
                let mut windows = of_account(id);
                windows.push(window(format!("claim-to:{digest}"), MAX_TO_ADDRESS));
                windows
            }
            CodeRequester::Stranger => {
                let caller = stranger(origin);
                let mut windows = vec![
                    window(format!("code-to:{digest}:{}", caller.as_deref().unwrap_or_default()), MAX_REQUESTS),
                    window(format!("code-to:{digest}"), MAX_TO_ADDRESS),
                ];
                windows.extend(caller.map(|caller| window(format!("code-from:{caller}"), MAX_STRANGER_REQUESTS)));
                windows
            }
        })
    }

    /// The windows of a wrong code.
    fn wrong_windows(&self, code: &SentCode, party: CodeRequester, origin: &Origin) -> Result<Vec<Windows>> {
        let (digest, purpose) = (self.secrets().digest(&code.destination)?, &code.purpose);
        let (own, all) = (WRONG_CODES.to_vec(), WRONG_FOR_ADDRESS.to_vec());
        Ok(match party {
            CodeRequester::Owner(id) => vec![(format!("wrong-{purpose}:{digest}:{id}"), own)],
            // Writing another address does not begin the count anew.
            CodeRequester::Claimant(id) => {
                vec![(format!("wrong-{purpose}:{id}"), own), (format!("wrong-claim-to:{digest}"), all)]
            }
            CodeRequester::Stranger => {
                let caller = stranger(origin).unwrap_or_default();
                vec![(format!("wrong-code-to:{digest}:{caller}"), own), (format!("wrong-code-to:{digest}"), all)]
            }
        })
    }
}

impl SentCode {
    /// Who has codes like this one sent: what is counted, as far as it may be told to whoever holds its token.
    pub(in crate::service) fn party(&self) -> CodeRequester {
        match (Purpose::from_stored(&self.purpose), self.account_id) {
            (Some(Purpose::SecondFactor | Purpose::FactorChange), Some(id)) => CodeRequester::Owner(id),
            (Some(Purpose::Verification), Some(id)) => CodeRequester::Claimant(id),
            _ => CodeRequester::Stranger,
        }
    }
}
