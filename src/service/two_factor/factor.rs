//! What answers for a second factor: a code that was sent, a code of an authenticator app, a recovery code. One place judges
//! all three, at sign-in and wherever else one is asked for, and counts what it judges.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::{
    domain::{
        account::Account,
        activity::Kind as Event,
        code::{Channel, CodeReceipt, LIFETIME, MAX_TRIES, Purpose, SentCode},
        error::{Error, Field, Reason},
        recovery_code::RecoveryCode,
        second_factor::{Method, Status},
        session::Origin,
        totp::Authenticator,
        typed_code::six_digits,
    },
    store::{Transaction, factors::AuthenticatorApp},
};

use crate::service::{
    Accounts, Result,
    codes::limits::{CodeRequester, WRONG_CODES},
    codes::{CountedTry, Destination, IssuedCode, NewCode, Owner},
    limits::{AddressTry, Hit, throttled},
    messages::Notice,
};

/// InFlight of codes that are not sent, in one session: as many as one that is sent takes, in as long as it lives.
const TRIES: [(usize, TimeDelta); 1] = [(MAX_TRIES as usize, LIFETIME)];

/// An answer as it was read.
enum Answer {
    Digits(String),
    Recovery(RecoveryCode),
}

impl Answer {
    /// Reads what was typed; without a method, as whatever it can be by its form.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what can be none. That costs no try.
    fn read(typed: &str, method: Option<Method>) -> Result<Self> {
        let recovery = RecoveryCode::parse(typed).map(Self::Recovery);
        match method {
            Some(Method::RecoveryCode) => recovery.ok_or(Reason::NotARecoveryCode),
            None if recovery.is_some() => recovery.ok_or(Reason::NotARecoveryCode),
            Some(_) | None => six_digits(typed).map(Self::Digits).ok_or(Reason::Malformed),
        }
        .map_err(|reason| Error::invalid(Field::Code, reason))
    }
}

/// What an answer may be right as.
enum Candidate {
    Sent(SentCode),
    App(AuthenticatorApp),
    Recovery,
}

/// What was right about an answer.
enum FactorProof {
    Sent(Uuid),
    Step { app: Uuid, step: i64 },
    Recovery(Vec<u8>),
}

/// An answer that was right. It counts once [`Accounts::spend_answer`] has marked it in the transaction of its effect.
pub(in crate::service) struct RightAnswer {
    proof: FactorProof,
    left: u32,
    hits: Vec<Uuid>,
    address: AddressTry,
}

/// Who answers, and for what.
#[derive(Clone, Copy)]
pub(in crate::service) struct FactorChallenge<'a> {
    pub account: &'a Account,
    pub session_id: Uuid,
    /// Codes that were sent for something else do not answer it.
    pub purpose: Purpose,
    pub origin: &'a Origin,
}

impl Accounts {
    /// What an account has for a second step, whether or not that is on.
    pub(in crate::service) async fn factors_of(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &Account,
    ) -> Result<Status> {
        let has_app = tx.confirmed_app(account.id).await?.is_some();
        let left = usize::try_from(tx.count_recovery_codes(account.id).await?).unwrap_or(0);
        let [email, sms] =
            [Channel::Email, Channel::Sms].map(|channel| account.has_verified(channel) && self.can_send(channel));
        let all =
            [(Method::Totp, has_app), (Method::Email, email), (Method::Sms, sms), (Method::RecoveryCode, left > 0)];
        Ok(Status {
            enabled: account.two_factor_enabled,
            methods: all.into_iter().filter(|(_, there)| *there).map(|(method, _)| method).collect(),
            has_app,
            can_be_sent: email || sms,
            recovery_codes_left: left,
        })
    }

    /// Sends a code for a second factor to an account that is locked, good in one session alone: by the channel asked for,
    /// else by mail before text message.
    pub(in crate::service) async fn send_factor_code(
        &self,
        mut tx: Box<dyn Transaction>,
        challenge: FactorChallenge<'_>,
        channel: Option<Channel>,
        spacing: TimeDelta,
    ) -> Result<CodeReceipt> {
        let FactorChallenge { account, session_id: session, purpose, origin } = challenge;
        if let Some(channel) = channel {
            self.require_channel(channel)?;
        }
        let mut destinations = account.destinations().filter(|to| self.can_send(to.channel()));
        let destination = destinations.find(|to| channel.is_none_or(|channel| to.channel() == channel));
        let destination = &destination.ok_or(Error::NoSecondFactor)?;
        self.admit_code(&mut tx, destination, CodeRequester::Owner(account.id), spacing, origin).await?;
        let owner = Owner::Session { account: account.id, session };
        let new = NewCode { purpose, owner, destination, index: None };
        let IssuedCode { notice, receipt } = self.issue_code(&mut tx, new).await?;
        self.send(&mut tx, Some(account), destination.channel(), destination.recipient(), &notice, origin).await?;
        tx.commit().await?;
        Ok(receipt)
    }

    /// Judges an answer. Without a method, whatever it can be by its form is looked at. The try is counted, and kept,
    /// before that: each code that was sent has its own count, apps and recovery codes share one.
    ///
    /// # Errors
    /// The errors of a code; see [`Error`].
    pub(in crate::service) async fn verify_factor(
        &self,
        challenge: FactorChallenge<'_>,
        typed: &str,
        method: Option<Method>,
    ) -> Result<RightAnswer> {
        let answer = Answer::read(typed, method)?;
        let candidates = self.candidates(challenge, &answer, method).await?;
        let address = self.address_try(challenge.origin).await?;
        let (mut tries_left, mut refusal, mut hits) = (None::<u32>, Error::CodeNotFound, Vec::new());
        for candidate in candidates {
            // What one count refuses, another may still take: guessing at an app must not keep a mailed code from its owner.
            let counted = match self.count_candidate(challenge, &candidate).await {
                Err(error @ (Error::Throttled { .. } | Error::CodeExhausted | Error::CodeExpired)) => {
                    refusal = error;
                    continue;
                }
                counted => counted?,
            };
            hits.extend(counted.hits);
            tries_left = tries_left.max(Some(counted.left));
            if let Some(proof) = self.proof(challenge, &candidate, &answer).await? {
                return Ok(RightAnswer { proof, left: counted.left, hits, address });
            }
        }
        let Some(tries_left) = tries_left else {
            let mut tx = self.write().await?;
            address.forgive(&mut tx).await?;
            tx.commit().await?;
            return Err(refusal);
        };
        Err(Error::CodeWrong { tries_left })
    }

    /// Marks a right answer as used, takes back what counted it as a wrong one, and tells of a recovery code.
    ///
    /// # Errors
    /// [`Error::CodeNotFound`] or [`Error::CodeWrong`] when a parallel request used it first.
    pub(in crate::service) async fn spend_answer(
        &self,
        tx: &mut Box<dyn Transaction>,
        account: &Account,
        right: &RightAnswer,
        origin: &Origin,
    ) -> Result<()> {
        let now = self.now();
        let refusal = Error::CodeWrong { tries_left: right.left };
        match &right.proof {
            FactorProof::Sent(id) if !tx.use_code(*id, now).await? => return Err(Error::CodeNotFound),
            FactorProof::Step { app, step } if !tx.use_app_step(*app, *step).await? => return Err(refusal),
            FactorProof::Recovery(hash) => {
                if !tx.use_recovery_code(account.id, hash, now).await? {
                    return Err(refusal);
                }
                let left = usize::try_from(tx.count_recovery_codes(account.id).await?).unwrap_or(0);
                self.record(tx, account.id, Event::RecoveryCodeUsed, origin, &[("left", left.into())]).await?;
                self.notify_owner(tx, account, &Notice::RecoveryCodeUsed { left }, origin).await?;
            }
            FactorProof::Sent(_) | FactorProof::Step { .. } => {}
        }
        for hit in &right.hits {
            tx.delete_hit(*hit).await?;
        }
        right.address.forgive(tx).await
    }

    /// The keyed hash of a recovery code, bound to its account.
    pub(in crate::service) fn recovery_hash(&self, account_id: Uuid, code: &RecoveryCode) -> Result<Vec<u8>> {
        self.secrets().mac(&[b"recovery-code", account_id.as_bytes(), code.expose().as_bytes()])
    }

    /// Counts a try of what an account's apps and recovery codes answer. It is worth a hit of the session and one of the
    /// account.
    pub(in crate::service) async fn count_held(&self, account_id: Uuid, session_id: Uuid) -> Result<CountedAnswer> {
        let session_key = format!("second-step:{}", self.secrets().digest(&session_id.to_string())?);
        let account_key = format!("wrong-factor:{}", self.secrets().digest(&account_id.to_string())?);
        let mut tx = self.write().await?;
        let Hit::Added(of_session) = self.hit_all(&mut tx, &session_key, &TRIES).await? else {
            return Err(Error::CodeExhausted);
        };
        let of_account = match self.hit_all(&mut tx, &account_key, &WRONG_CODES).await? {
            Hit::Added(hit) => hit,
            Hit::Full(wait) => return Err(throttled(wait)),
        };
        let [(most, window)] = TRIES;
        let made = tx.hits(&session_key, self.now() - window).await?.len();
        tx.commit().await?;
        let left = u32::try_from(most.saturating_sub(made)).unwrap_or(0);
        Ok(CountedAnswer { hits: vec![of_session, of_account], left })
    }

    async fn count_candidate(&self, challenge: FactorChallenge<'_>, candidate: &Candidate) -> Result<CountedAnswer> {
        match candidate {
            Candidate::Sent(code) => {
                let party = CodeRequester::Owner(challenge.account.id);
                let CountedTry { failures, left } = self.count_try(code, party, challenge.origin).await?;
                Ok(CountedAnswer { hits: failures, left })
            }
            Candidate::App(_) | Candidate::Recovery => {
                self.count_held(challenge.account.id, challenge.session_id).await
            }
        }
    }

    /// What an answer can be.
    async fn candidates(
        &self,
        challenge: FactorChallenge<'_>,
        answer: &Answer,
        method: Option<Method>,
    ) -> Result<Vec<Candidate>> {
        if let Answer::Recovery(_) = answer {
            return Ok(vec![Candidate::Recovery]);
        }
        let wanted = method.map_or(vec![Method::Totp, Method::Email, Method::Sms], |method| vec![method]);
        let mut tx = self.read().await?;
        let mut candidates = Vec::new();
        if wanted.contains(&Method::Totp) {
            candidates.extend(tx.confirmed_app(challenge.account.id).await?.map(Candidate::App));
        }
        for destination in challenge.account.destinations().filter(|to| wanted.contains(&to.channel().into())) {
            let sent = tx.newest_code(challenge.purpose.as_str(), &destination.key()).await?;
            let sent = sent.filter(|code| {
                code.session_id == Some(challenge.session_id) && code.account_id == Some(challenge.account.id)
            });
            candidates.extend(sent.map(Candidate::Sent));
        }
        Ok(candidates)
    }

    async fn proof(
        &self,
        challenge: FactorChallenge<'_>,
        candidate: &Candidate,
        answer: &Answer,
    ) -> Result<Option<FactorProof>> {
        Ok(match (candidate, answer) {
            (Candidate::Sent(code), Answer::Digits(digits)) => {
                self.is_right(code, digits)?.then_some(FactorProof::Sent(code.id))
            }
            (Candidate::App(app), Answer::Digits(digits)) => {
                self.step_of(app, digits)?.map(|step| FactorProof::Step { app: app.id, step })
            }
            (Candidate::Recovery, Answer::Recovery(code)) => {
                let hash = self.recovery_hash(challenge.account.id, code)?;
                let known = self.read().await?.has_recovery_code(challenge.account.id, &hash).await?;
                known.then_some(FactorProof::Recovery(hash))
            }
            (Candidate::Sent(_) | Candidate::App(_), Answer::Recovery(_))
            | (Candidate::Recovery, Answer::Digits(_)) => None,
        })
    }

    /// The step whose code an app showed, if that code has not counted yet.
    pub(in crate::service) fn step_of(&self, app: &AuthenticatorApp, digits: &str) -> Result<Option<i64>> {
        let authenticator = Authenticator::new(&app.secret).map_err(|error| Error::Internal(error.to_string()))?;
        Ok(authenticator.step_of(digits, self.now().timestamp(), app.last_step))
    }
}

/// A try that was counted.
pub(in crate::service) struct CountedAnswer {
    pub hits: Vec<Uuid>,
    pub left: u32,
}

impl Account {
    /// Where codes for a second factor may go: what is verified, mail first.
    fn destinations(&self) -> impl Iterator<Item = Destination> {
        let email = self.email.clone().filter(|_| self.email_verified).map(Destination::Email);
        let phone = self.phone.clone().filter(|_| self.phone_verified).map(Destination::Phone);
        email.into_iter().chain(phone)
    }
}
