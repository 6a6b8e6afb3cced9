//! Authorization requests in their course (Core, section 3.1.2).
//!
//! A stranger's request writes nothing: the browser carries it through sign-in, registration and whatever else, under a
//! keyed hash that no one can make but the servers of this database.

use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    domain::{
        client::Client,
        error::Error,
        oidc::{
            decision::{Decision, PendingRequest, SignedIn},
            request::{AuthorizationRequest, Parameters, Refusal, ResponseMode, Target},
        },
        session::Actor,
    },
    service::{Accounts, Result},
    store::Transaction,
};

/// Keeps the hash of a request apart from other keyed hashes.
const PURPOSE: &[u8] = b"authorization request";

/// A request as it came.
pub enum Received {
    /// It cannot be answered to an app (Core, section 3.1.2.6; RFC 6749, section 4.1.2.1).
    Unanswerable(Unanswerable),
    /// The app is told what is wrong with it.
    Refused(Target, Refusal),
    /// It is as it must be.
    Pending(Box<PendingRequest>),
}

/// Why nobody can be told but the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswerable {
    /// There is no `client_id`, or more than one.
    ClientMissing,
    /// There is no such app (any more).
    ClientUnknown,
    /// There is no `redirect_uri`, or more than one.
    RedirectMissing,
    /// The `redirect_uri` is none of the app's.
    RedirectUnknown,
}

/// How far a request has come.
pub enum Progress {
    /// This comes next.
    Decided(Decision),
    /// The app gets this code.
    Granted(String),
}

impl Accounts {
    /// Reads a request.
    ///
    /// # Errors
    /// [`Error::Internal`] only.
    pub async fn receive_authorization(&self, parameters: &Parameters) -> Result<Received> {
        let Ok(Some(id)) = parameters.one("client_id") else {
            return Ok(Received::Unanswerable(Unanswerable::ClientMissing));
        };
        let client = match Uuid::try_parse(id) {
            Ok(id) => self.read().await?.client(id).await?.filter(Client::is_app_in_use),
            Err(_) => None,
        };
        let Some(client) = client else { return Ok(Received::Unanswerable(Unanswerable::ClientUnknown)) };
        let Ok(Some(redirect_uri)) = parameters.one("redirect_uri") else {
            return Ok(Received::Unanswerable(Unanswerable::RedirectMissing));
        };
        if !client.app.redirects_to(redirect_uri, client.kind) {
            return Ok(Received::Unanswerable(Unanswerable::RedirectUnknown));
        }
        let mode = match parameters.one("response_mode") {
            Ok(Some("form_post")) => ResponseMode::FormPost,
            _ => ResponseMode::Query,
        };
        let state = parameters.one("state").ok().flatten().map(str::to_owned);
        let target = Target { redirect_uri: redirect_uri.to_owned(), state, mode };
        match AuthorizationRequest::read(parameters, &client, target.clone()) {
            Err(refusal) => Ok(Received::Refused(target, refusal)),
            Ok(mut request) => {
                let hinted = match request.id_token_hint.take() {
                    Some(hint) => self.read_id_token(&hint).await?,
                    None => None,
                };
                Ok(Received::Pending(Box::new(PendingRequest {
                    client_id: client.id,
                    request,
                    at: self.now(),
                    hinted: hinted.and_then(|claims| claims.sub.parse().ok()),
                    not_before: None,
                    shown: None,
                    answer: None,
                })))
            }
        }
    }

    /// A request as a browser carries it.
    ///
    /// # Errors
    /// [`Error::Internal`] only.
    pub fn seal_request(&self, pending: &PendingRequest) -> Result<String> {
        let written = serde_json::to_vec(pending).map_err(|error| Error::Internal(error.to_string()))?;
        let mac = self.secrets().mac(&[PURPOSE, &written])?;
        Ok(format!("{}.{}", BASE64URL_NOPAD.encode(&written), BASE64URL_NOPAD.encode(&mac)))
    }

    /// Reads such a request, as old as it may be. One that no server of this database wrote is none.
    pub fn open_request(&self, sealed: &str) -> Option<PendingRequest> {
        use subtle::ConstantTimeEq as _;
        let (written, mac) = sealed.split_once('.')?;
        let [written, mac] = [written, mac].map(|part| BASE64URL_NOPAD.decode(part.as_bytes()).ok());
        let (written, mac) = written.zip(mac)?;
        let right = self.secrets().mac(&[PURPOSE, &written]).ok()?;
        bool::from(right.ct_eq(&mac)).then(|| serde_json::from_slice(&written).ok()).flatten()
    }

    /// The app of a request, unless it was revoked.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn client_of(&self, pending: &PendingRequest) -> Result<Client> {
        let client = self.read().await?.client(pending.client_id).await?;
        client.filter(Client::is_app_in_use).ok_or(Error::NotFound)
    }

    /// Goes on with a request as far as it goes: to a question, an error, or a code.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the app was revoked, [`Error::Throttled`] when it asks for codes over and over,
    /// [`Error::Unauthenticated`] when the session ended in this moment.
    pub async fn advance(&self, pending: &PendingRequest, actor: Option<&Actor>) -> Result<Progress> {
        let client = self.client_of(pending).await?;
        let decision = match actor {
            None => pending.decide(&client, None),
            Some(actor) => {
                let mut tx = self.read().await?;
                let who = self.signed_in(&mut tx, pending, actor).await?;
                drop(tx);
                let who = self.with_hint(pending, who).await?;
                pending.decide(&client, Some(&who))
            }
        };
        match (decision, actor) {
            (Decision::Grant, Some(actor)) => self.give_code(pending, actor).await,
            (decision, _) => Ok(Progress::Decided(decision)),
        }
    }

    /// Who is signed in, as far as a request needs it.
    pub(super) async fn signed_in(
        &self,
        tx: &mut Box<dyn Transaction>,
        pending: &PendingRequest,
        actor: &Actor,
    ) -> Result<SignedIn> {
        let consent = tx.consent(actor.account_id, pending.client_id).await?;
        Ok(SignedIn {
            account_id: actor.account_id,
            role: actor.role,
            session_id: actor.session_id,
            authenticated_at: actor.authenticated_at,
            is_hinted: None,
            consent: consent.map(|consent| consent.access),
        })
    }

    async fn with_hint(&self, pending: &PendingRequest, who: SignedIn) -> Result<SignedIn> {
        let is_hinted = match &pending.request.login_hint {
            Some(hint) => Some(self.is_identifier_of(hint, who.account_id).await?),
            None => None,
        };
        Ok(SignedIn { is_hinted, ..who })
    }
}

impl Client {
    /// Whether people can sign in to it.
    pub(super) fn is_app_in_use(&self) -> bool {
        self.kind.is_app() && self.revoked_at.is_none()
    }
}

/// The parameters of an answer to an app: with `iss`, so that it knows from whom it is (RFC 9207).
pub fn answer<'a>(
    issuer: &'a str,
    target: &'a Target,
    outcome: Result<&'a str, &'a Refusal>,
) -> Vec<(&'static str, &'a str)> {
    let mut parameters = match outcome {
        Ok(code) => vec![("code", code)],
        Err(refusal) => vec![("error", refusal.error), ("error_description", refusal.description.as_str())],
    };
    parameters.extend(target.state.as_deref().map(|state| ("state", state)));
    parameters.push(("iss", issuer));
    parameters
}

/// What an ID token of ours says of whom it is about.
#[derive(Deserialize)]
pub(super) struct IdTokenHint {
    /// The account.
    pub sub: String,
}
