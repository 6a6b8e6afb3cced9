//! Proving that an e-mail address or phone is its owner's: of a registration, of the account, or pending.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::{
    domain::{
        account::Account,
        code::{Channel, CodeReceipt, LIFETIME, Purpose, SentCode},
        error::{Error, Reason},
        session::{Actor, Origin},
    },
    store::Transaction,
};

use crate::service::{
    Accounts, Expectation, Result,
    callers::lock_found,
    codes::limits::CodeRequester,
    codes::{Destination, IssuedCode, NewCode, Owner},
};

/// Whom a code is for, as a client names them.
#[derive(Clone, Copy, Debug)]
pub struct CodeRecipient<'a> {
    /// How the code is sent.
    pub channel: Channel,
    /// Where to.
    pub destination: &'a str,
    /// The account, or the registration by the id reserved for its account. A registration must be named where it is not
    /// the only one that waits for a code there.
    pub user_id: Option<Uuid>,
}

impl<'a> CodeRecipient<'a> {
    /// Whoever has this address or number.
    pub fn new(channel: Channel, destination: &'a str) -> Self {
        Self { channel, destination, user_id: None }
    }
}

impl Accounts {
    /// Sends a code to a destination for whoever it belongs to: a registration, or an account that has it unverified. A
    /// stranger hears the same whether or not anybody does. `spacing` is the least time between two codes of one party to it.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is no destination, [`Error::AlreadyVerified`] to its signed-in owner only,
    /// [`Error::CodeTooSoon`], [`Error::TooManyCodes`].
    pub async fn start_verification(
        &self,
        purpose: Purpose,
        to: CodeRecipient<'_>,
        spacing: TimeDelta,
        actor: Option<&Actor>,
        origin: &Origin,
    ) -> Result<CodeReceipt> {
        let destination = self.parse_destination(to.channel, to.destination)?;
        match purpose {
            Purpose::PasswordReset => self.send_reset_code(&destination, spacing, origin).await,
            _ => self.send_verification_code(&destination, to.user_id, spacing, actor, origin).await,
        }
    }

    /// Sends the caller a code for the address or number that its account shows as unverified.
    ///
    /// # Errors
    /// [`Error::AlreadyVerified`]; [`Error::Invalid`] when there is none; [`Error::TooManyCodes`].
    pub async fn request_verification(&self, actor: &Actor, channel: Channel) -> Result<CodeReceipt> {
        let (mut tx, account) = self.write_as(actor).await?;
        let Some(destination) = account.unverified(channel) else {
            return Err(match account.in_force(channel) {
                Some(_) => Error::AlreadyVerified(channel),
                None => Error::invalid(channel.field(), Reason::Required),
            });
        };
        let none = TimeDelta::zero();
        let receipt = self.send_own_code(&mut tx, &account, &destination, none, &actor.origin).await?;
        tx.commit().await?;
        Ok(receipt)
    }

    /// Confirms the caller's code that `token` names.
    ///
    /// # Errors
    /// The errors of a code; [`Error::Taken`] when somebody else confirmed the same value first.
    pub async fn confirm_verification(
        &self,
        actor: &Actor,
        channel: Channel,
        token: &str,
        digits: &str,
        expected: Expectation,
    ) -> Result<Account> {
        expected.check(&self.check_caller(actor).await?)?;
        let code = self.open_code(token).await?;
        let proves = code.purpose == Purpose::Verification.as_str() && code.channel() == channel;
        if !proves || code.account_id != Some(actor.account_id) {
            return Err(Error::CodeNotFound);
        }
        self.complete_own(code, digits, Some((actor, expected)), &actor.origin).await
    }

    /// Confirms the code that went to a destination. Whoever has the address reads the codes of every registration that
    /// strangers make with it, and of every account that strangers write it to: so one is completed by its destination
    /// alone only where nothing else waits for a code there. Otherwise any digits are wrong, unless the registration or
    /// account is named.
    ///
    /// # Errors
    /// The errors of a code; [`Error::AlreadyVerified`] to its signed-in owner only.
    pub async fn complete_verification(
        &self,
        to: CodeRecipient<'_>,
        digits: &str,
        actor: Option<&Actor>,
        origin: &Origin,
    ) -> Result<Account> {
        let destination = self.parse_destination(to.channel, to.destination)?;
        if let Some(actor) = actor
            && let Some(code) = self.own_code_to(actor.account_id, Purpose::Verification, &destination).await?
        {
            self.check_caller(actor).await?;
            return self.complete_own(code, digits, Some((actor, Expectation::Any)), origin).await;
        }
        match self.waiting_code(&destination, to.user_id).await? {
            Some(code) if code.purpose == Purpose::Registration.as_str() => {
                self.complete_registration(code, digits, origin).await
            }
            Some(code) => self.complete_own(code, digits, None, origin).await,
            None => {
                self.refuse_verified(actor, &destination).await?;
                Err(Error::CodeNotFound)
            }
        }
    }

    /// The code that is confirmed by its destination: of the registration or account that `user_id` names, else of the only
    /// one that waits for a code there. Where there are several, or it is not that user's, no digits are right.
    async fn waiting_code(&self, destination: &Destination, user_id: Option<Uuid>) -> Result<Option<SentCode>> {
        let (key, now) = (destination.key(), self.now());
        let mut tx = self.read().await?;
        let purpose = Purpose::Verification.as_str();
        // A decoy, which anybody can ask for, must not hide the code of whoever has the address.
        let of_accounts = tx.codes_of_accounts(purpose, &key, now - LIFETIME, 2).await?;
        let verification = match of_accounts.as_slice() {
            [] => tx.newest_code(purpose, &key).await?,
            [only] => Some(only.clone()),
            [newest, ..] => Some(hopeless(newest.clone())),
        };
        if let Some(id) = user_id {
            let own = tx.newest_code_for(id).await?.filter(|code| code.destination == key);
            // Ids of accounts are public: whether this one waits for a code there is not for everybody to find out.
            let of_account = match tx.newest_code_of(id, purpose, &key).await? {
                Some(code) => Some(code),
                None => verification.map(hopeless),
            };
            return Ok(own.or(of_account));
        }
        let open = tx.open_registrations(&key, now, 2).await?;
        let Some(newest) = open.first() else { return Ok(verification) };
        let Some(code) = tx.newest_code_for(newest.account_id).await? else { return Ok(verification) };
        Ok(Some(if open.len() > 1 || !of_accounts.is_empty() { hopeless(code) } else { code }))
    }

    async fn send_verification_code(
        &self,
        destination: &Destination,
        user_id: Option<Uuid>,
        spacing: TimeDelta,
        actor: Option<&Actor>,
        origin: &Origin,
    ) -> Result<CodeReceipt> {
        self.refuse_verified(actor, destination).await?;
        let mut tx = self.write().await?;
        let waits = |account: &Account| account.unverified(destination.channel()).as_ref() == Some(destination);
        let own = match actor {
            Some(actor) => Some(self.lock_caller(&mut tx, actor).await?),
            None => None,
        };
        if let Some(own) = own.filter(waits) {
            let receipt = self.send_own_code(&mut tx, &own, destination, spacing, origin).await?;
            tx.commit().await?;
            return Ok(receipt);
        }
        let (key, now) = (destination.key(), self.now());
        let open = match user_id {
            Some(id) => tx.registration(id).await?.into_iter().collect(),
            None => tx.open_registrations(&key, now, 2).await?,
        };
        let found = if actor.is_some() { None } else { self.find_holder(&mut tx, destination).await? };
        let named = |account: &Account| user_id.is_none_or(|id| account.id == id);
        // Another account that waits for a code there makes them several, too.
        let rivals = match user_id {
            Some(_) => Vec::new(),
            None => tx.codes_of_accounts(Purpose::Verification.as_str(), &key, now - LIFETIME, 2).await?,
        };
        let alone = |account: &Account| rivals.iter().all(|rival| rival.account_id == Some(account.id));
        let found = found.filter(|account| named(account) && waits(account) && alone(account));
        let mut open = open.iter().filter(|open| open.identifier_key == key && now < open.expires_at);
        let (registration, found) = match (open.next(), open.next(), found) {
            (Some(only), None, None) => (Some(only), None),
            (None, _, found) => (None, found),
            // Of several nobody knows whose code is asked for: none is sent, and nothing said.
            _ => (None, None),
        };
        if let Some(registration) = registration {
            let receipt = self.send_registration_code(&mut tx, registration, destination, spacing, origin).await?;
            tx.commit().await?;
            return Ok(receipt);
        }
        let found = lock_found(&mut tx, found).await?.filter(|account| account.is_active() && waits(account));
        self.admit_code(&mut tx, destination, CodeRequester::Stranger, spacing, origin).await?;
        let index = Some(self.verification_index(&mut tx, destination, origin).await?);
        let owner = found.as_ref().map_or(Owner::Decoy, |account| Owner::Account(account.id));
        let new = NewCode { purpose: Purpose::Verification, owner, destination, index };
        let IssuedCode { notice, receipt } = self.issue_code(&mut tx, new).await?;
        self.send_if_found(&mut tx, found.as_ref(), destination, &notice, origin).await?;
        tx.commit().await?;
        Ok(receipt)
    }

    /// Sends a code that proves a destination of an account, in place of any earlier one of its kind.
    pub(in crate::service) async fn send_own_code(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &Account,
        destination: &Destination,
        spacing: TimeDelta,
        origin: &Origin,
    ) -> Result<CodeReceipt> {
        self.admit_code(tx, destination, CodeRequester::Claimant(account.id), spacing, origin).await?;
        let owner = Owner::Account(account.id);
        let new = NewCode { purpose: Purpose::Verification, owner, destination, index: None };
        let IssuedCode { notice, receipt } = self.issue_code(tx, new).await?;
        self.send(tx, Some(account), destination.channel(), destination.recipient(), &notice, origin).await?;
        Ok(receipt)
    }

    /// Confirms a code of an account, for a caller if one asks, who may expect a version of it.
    async fn complete_own(
        &self,
        code: SentCode,
        digits: &str,
        caller: Option<(&Actor, Expectation)>,
        origin: &Origin,
    ) -> Result<Account> {
        let party = caller.map_or(CodeRequester::Stranger, |(actor, _)| CodeRequester::Claimant(actor.account_id));
        let right = self.try_code(code, digits, party, origin).await?;
        let settled = match self.confirm_identifier(&right, caller, origin).await {
            // Somebody got it at the same moment: seen from now, it is theirs, or theirs to lose.
            Err(Error::Taken(_)) => self.confirm_identifier(&right, caller, origin).await,
            settled => settled,
        };
        if matches!(settled, Err(Error::Taken(_) | Error::Stale { .. } | Error::PreconditionFailed { .. })) {
            self.forgive_code(&right).await?;
        }
        settled
    }

    async fn refuse_verified(&self, actor: Option<&Actor>, destination: &Destination) -> Result<()> {
        let Some(actor) = actor else { return Ok(()) };
        let account = self.read().await?.account(actor.account_id).await?.ok_or(Error::Unauthenticated)?;
        if account.verified(destination.channel()).as_ref() == Some(destination) {
            return Err(Error::AlreadyVerified(destination.channel()));
        }
        Ok(())
    }
}

/// A code that no digits confirm.
fn hopeless(code: SentCode) -> SentCode {
    SentCode { code_hash: Vec::new(), ..code }
}
