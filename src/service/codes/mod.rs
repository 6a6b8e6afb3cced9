//! Sending and confirming one-time codes.

pub(super) mod destination;
pub(super) mod limits;
pub mod state;
pub mod temporary_tokens;
pub mod verification;

use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::{
    domain::{
        code::{Channel, CodeReceipt, DIGITS, LIFETIME, MAX_TRIES, Purpose, SentCode, WINDOW},
        email::EmailAddress,
        error::{Error, Field, Reason},
        phone::PhoneNumber,
        session::Origin,
        typed_code::six_digits,
    },
    store::Transaction,
};

use super::{
    Accounts, Result, codes::limits::CodeRequester, limits::AddressTry, messages::Notice, secrets::fingerprint,
};

/// Where a code goes.
#[derive(Clone, Debug)]
pub(super) enum Destination {
    Email(EmailAddress),
    Phone(PhoneNumber),
}

impl Destination {
    pub fn channel(&self) -> Channel {
        match self {
            Self::Email(_) => Channel::Email,
            Self::Phone(_) => Channel::Sms,
        }
    }

    /// The folded value by which codes, limits and registrations are found again.
    pub fn key(&self) -> String {
        match self {
            Self::Email(email) => email.key(),
            Self::Phone(phone) => phone.as_str().to_owned(),
        }
    }

    /// What a message is addressed to.
    pub fn recipient(&self) -> String {
        match self {
            Self::Email(email) => email.as_str().to_owned(),
            Self::Phone(phone) => phone.as_str().to_owned(),
        }
    }

    pub fn masked(&self) -> String {
        match self {
            Self::Email(email) => email.masked(),
            Self::Phone(phone) => phone.masked(),
        }
    }
}

/// Whom a code belongs to. A decoy belongs to nobody: it is kept like any other, but no digits confirm it, so that a
/// stranger cannot tell it from a real one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Account(Uuid),
    /// An account, in one session of it alone.
    Session {
        account: Uuid,
        session: Uuid,
    },
    Registration(Uuid),
    /// No account: a service asked, for reasons of its own.
    Service,
    Decoy,
}

/// A code to be sent.
pub(super) struct NewCode<'a> {
    pub purpose: Purpose,
    pub owner: Owner,
    pub destination: &'a Destination,
    /// The number that it is told by; none counts those of its purpose that went there.
    pub index: Option<u32>,
}

/// The code that was made, and what to say of it.
pub(super) struct IssuedCode {
    pub notice: Notice,
    pub receipt: CodeReceipt,
}

/// A code whose digits were right. It counts once [`Accounts::spend`] has marked it in the transaction of its effect.
pub(super) struct RightCode {
    pub code: SentCode,
    failures: Vec<Uuid>,
    address: AddressTry,
}

/// A try of a code that was counted as a wrong one before it is looked at.
pub(super) struct CountedTry {
    /// The hits that count it.
    pub failures: Vec<Uuid>,
    /// How often the code may still be tried.
    pub left: u32,
}

impl Accounts {
    /// Makes a code in place of any older one: of an account for the same purpose by that channel, of the same registration,
    /// else of nobody's for the same purpose to that destination. The caller sends the notice.
    pub(super) async fn issue_code(&self, tx: &mut Box<dyn Transaction>, new: NewCode<'_>) -> Result<IssuedCode> {
        let now = self.now();
        let digits = format!("{:0width$}", self.rng().below(1_000_000), width = DIGITS);
        let token = self.rng().token();
        let (account_id, registration_id, session_id) = match new.owner {
            Owner::Account(id) => (Some(id), None, None),
            Owner::Session { account, session } => (Some(account), None, Some(session)),
            Owner::Registration(id) => (None, Some(id), None),
            Owner::Service | Owner::Decoy => (None, None, None),
        };
        let mut code = SentCode {
            id: self.rng().uuid(now),
            purpose: new.purpose.as_str().to_owned(),
            account_id,
            registration_id,
            session_id,
            channel: new.destination.channel().as_str().to_owned(),
            destination: new.destination.key(),
            code_hash: Vec::new(),
            token_hash: Some(fingerprint(&token)),
            tries: 0,
            created_at: now,
            expires_at: now + LIFETIME,
            used_at: None,
        };
        code.code_hash = self.code_hash(&code, &digits)?;
        let index = match new.index {
            Some(index) => index,
            None => {
                let before = tx.count_codes(&code.purpose, &code.destination, now - WINDOW).await?;
                u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
            }
        };
        match (account_id, registration_id) {
            (Some(id), _) => tx.end_codes_of(id, &code.purpose, new.destination.channel(), now).await?,
            (None, Some(id)) => tx.replace_codes_for(id, now).await?,
            (None, None) => tx.replace_codes(&code.purpose, &code.destination, now).await?,
        }
        tx.insert_code(&code).await?;
        let receipt = CodeReceipt {
            token,
            channel: new.destination.channel(),
            masked: new.destination.masked(),
            index,
            created_at: now,
            expires_at: code.expires_at,
        };
        let notice = Notice::Code { purpose: new.purpose, code: digits, index, expires_at: code.expires_at };
        Ok(IssuedCode { notice, receipt })
    }

    /// The newest open code of a purpose for a destination.
    pub(super) async fn code_to(&self, purpose: Purpose, destination: &Destination) -> Result<Option<SentCode>> {
        Ok(self.read().await?.newest_code(purpose.as_str(), &destination.key()).await?)
    }

    /// The newest open code of a purpose that an account was sent to a destination.
    pub(super) async fn own_code_to(
        &self,
        account_id: Uuid,
        purpose: Purpose,
        destination: &Destination,
    ) -> Result<Option<SentCode>> {
        Ok(self.read().await?.newest_code_of(account_id, purpose.as_str(), &destination.key()).await?)
    }

    /// Compares digits with a code. The try is counted, and kept, before it is looked at.
    ///
    /// # Errors
    /// [`Error::CodeExpired`], [`Error::CodeWrong`], [`Error::CodeExhausted`], or [`Error::Throttled`] after too many wrong
    /// codes in an hour or a day, or too many failures from one address.
    pub(super) async fn try_code(
        &self,
        code: SentCode,
        digits: &str,
        party: CodeRequester,
        origin: &Origin,
    ) -> Result<RightCode> {
        let digits = &typed_digits(digits)?;
        // What cannot be right whatever is typed costs nothing, and can be asked over and over.
        if self.now() >= code.expires_at {
            return Err(Error::CodeExpired);
        }
        if code.tries >= MAX_TRIES {
            return Err(Error::CodeExhausted);
        }
        let address = self.address_try(origin).await?;
        match self.count_try(&code, party, origin).await {
            Err(error) => {
                // It was not looked at.
                let mut tx = self.write().await?;
                address.forgive(&mut tx).await?;
                tx.commit().await?;
                Err(error)
            }
            Ok(CountedTry { failures, .. }) if self.is_right(&code, digits)? => {
                Ok(RightCode { code, failures, address })
            }
            Ok(CountedTry { left, .. }) => Err(Error::CodeWrong { tries_left: left }),
        }
    }

    /// Counts a try of a code.
    ///
    /// # Errors
    /// As [`Self::try_code`]; then it must not be looked at.
    pub(super) async fn count_try(&self, code: &SentCode, party: CodeRequester, origin: &Origin) -> Result<CountedTry> {
        if self.now() >= code.expires_at {
            return Err(Error::CodeExpired);
        }
        let mut tx = self.write().await?;
        let failures = self.count_wrong(&mut tx, code, party, origin).await?;
        let Some(tries) = tx.count_try(code.id, MAX_TRIES).await? else { return Err(Error::CodeExhausted) };
        tx.commit().await?;
        Ok(CountedTry { failures, left: u32::try_from(MAX_TRIES - tries).unwrap_or(0) })
    }

    /// Whether these are the digits of a code. A decoy has none.
    pub(super) fn is_right(&self, code: &SentCode, digits: &str) -> Result<bool> {
        let is_owned = code.account_id.is_some() || code.registration_id.is_some();
        let is_decoy = !is_owned && code.purpose != Purpose::Management.as_str();
        let right: bool = self.code_hash(code, digits)?.ct_eq(&code.code_hash).into();
        Ok(right && !is_decoy)
    }

    /// Marks a right code as used.
    ///
    /// # Errors
    /// [`Error::CodeNotFound`] when a parallel request used it first.
    pub(super) async fn spend(&self, tx: &mut Box<dyn Transaction>, right: &RightCode) -> Result<()> {
        if !tx.use_code(right.code.id, self.now()).await? {
            return Err(Error::CodeNotFound);
        }
        right.forgive(tx).await
    }

    /// Takes back that a right code counted as a wrong one, because something else stood against its effect.
    pub(super) async fn forgive_code(&self, right: &RightCode) -> Result<()> {
        let mut tx = self.write().await?;
        right.forgive(&mut tx).await?;
        Ok(tx.commit().await?)
    }

    /// The keyed hash of digits, bound to what they prove, whose they are and where they went.
    fn code_hash(&self, code: &SentCode, digits: &str) -> Result<Vec<u8>> {
        let owner = code.account_id.or(code.registration_id).unwrap_or_default();
        self.secrets().mac(&[
            code.purpose.as_bytes(),
            owner.as_bytes(),
            code.id.as_bytes(),
            code.destination.as_bytes(),
            digits.as_bytes(),
        ])
    }
}

impl RightCode {
    /// Takes back that it was counted as a wrong one.
    async fn forgive(&self, tx: &mut Box<dyn Transaction>) -> Result<()> {
        for failure in &self.failures {
            tx.delete_hit(*failure).await?;
        }
        self.address.forgive(tx).await
    }
}

/// The digits of a code that somebody typed. What cannot be a code is told before it costs a try.
///
/// # Errors
/// [`Error::Invalid`] for anything but six digits.
pub(super) fn typed_digits(typed: &str) -> Result<String> {
    six_digits(typed).ok_or_else(|| Error::invalid(Field::Code, Reason::Malformed))
}
