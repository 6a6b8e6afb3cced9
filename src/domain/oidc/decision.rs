//! What comes next in the course of an authorization request.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    grant::Access,
    request::{AuthorizationRequest, FirstScreen, Prompt, Refusal},
    uri,
};
use crate::domain::{
    account::Role,
    client::{Client, ClientType},
};

/// How long a request can be gone on with.
pub const REQUEST_LIFETIME: TimeDelta = TimeDelta::hours(1);

/// A request in its course: nothing of it is kept here, the browser carries it from page to page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingRequest {
    /// Whose it is.
    pub client_id: Uuid,
    /// What it asks for.
    pub request: AuthorizationRequest,
    /// When it began.
    pub at: DateTime<Utc>,
    /// The account that an ID token named.
    #[serde(default)]
    pub hinted: Option<Uuid>,
    /// A sign-in before this time does not do, because another account was asked for.
    #[serde(default)]
    pub not_before: Option<DateTime<Utc>>,
    /// The session for which a question was shown.
    #[serde(default)]
    pub shown: Option<Uuid>,
    /// What the person answered, and in which session.
    #[serde(default)]
    pub answer: Option<(Uuid, Answer)>,
}

/// What a person answered to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// To go on with this account.
    Continue,
    /// To let the app have what it asks for.
    Allow,
    /// Not to go on.
    Cancel,
}

/// Somebody who is signed in, as far as a request needs it.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The account.
    pub account_id: Uuid,
    /// What it may do.
    pub role: Role,
    /// The session of the browser.
    pub session_id: Uuid,
    /// When they signed in.
    pub authenticated_at: DateTime<Utc>,
    /// Whether `login_hint` names this account; `None` when there is none.
    pub is_hinted: Option<bool>,
    /// What they let this app have before.
    pub consent: Option<Access>,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// To sign in, on this page first.
    SignIn(FirstScreen),
    /// To say with which account to go on.
    Choose,
    /// To be asked for consent.
    Consent,
    /// The app gets a code.
    Grant,
    /// The app gets an error.
    Refuse(Refusal),
}

impl PendingRequest {
    /// Whether it can be gone on with.
    pub fn is_alive(&self, now: DateTime<Utc>) -> bool {
        now < self.at + REQUEST_LIFETIME
    }

    /// Whether somebody has to sign in first: because nobody is, or not lately enough, or as another account.
    pub fn needs_sign_in(&self, who: Option<(Uuid, DateTime<Utc>)>) -> bool {
        let Some((account_id, authenticated_at)) = who else { return true };
        let request = &self.request;
        let again = request.prompts(Prompt::Login)
            || request.prompts(Prompt::Create)
            || self.hinted.is_some_and(|hinted| hinted != account_id);
        let oldest = request.max_age.map(|seconds| self.at - TimeDelta::seconds(seconds.into()));
        let since = [again.then_some(self.at), oldest, self.not_before];
        since.into_iter().flatten().any(|since| authenticated_at < since)
    }

    /// What comes next.
    pub fn decide(&self, client: &Client, who: Option<&SignedIn>) -> Decision {
        let request = &self.request;
        let silent = request.prompts(Prompt::None);
        let refuse = |error, words: &str| Decision::Refuse(Refusal::new(error, words));
        let needs_sign_in = self.needs_sign_in(who.map(|who| (who.account_id, who.authenticated_at)));
        let Some(who) = who.filter(|_| !needs_sign_in) else {
            return match silent {
                true => refuse("login_required", "The person has to sign in."),
                false => Decision::SignIn(self.first_screen(who.is_some())),
            };
        };
        let answer = self.answer.filter(|(session_id, _)| *session_id == who.session_id).map(|(_, answer)| answer);
        if answer == Some(Answer::Cancel) {
            return refuse("access_denied", "The person cancelled.");
        }
        let just_signed_in = who.authenticated_at >= self.at;
        let chosen = just_signed_in || answer.is_some();
        if who.is_hinted == Some(false) && !chosen {
            return match silent {
                true => refuse("login_required", "Another account is signed in than login_hint names."),
                false => Decision::Choose,
            };
        }
        if client.app.admins_only && who.role != Role::Admin {
            return refuse("access_denied", "This app is for admins.");
        }
        if request.prompts(Prompt::SelectAccount) && !chosen {
            return Decision::Choose;
        }
        let has_consent = who.consent.as_ref().is_some_and(|consent| consent.covers(&request.access));
        let asks_again = request.prompts(Prompt::Consent) && answer != Some(Answer::Allow);
        let is_asked = !client.app.first_party && (!has_consent || asks_again);
        if is_asked {
            return match silent {
                true => refuse("consent_required", "The person has to be asked for consent."),
                false => Decision::Consent,
            };
        }
        // Anything on the device may answer to such a URI (RFC 8252, section 8.6).
        if client.kind == ClientType::Public && uri::is_interceptable(&request.target.redirect_uri) && !chosen {
            return match silent {
                true => refuse("interaction_required", "The person has to say that they want this."),
                false => Decision::Choose,
            };
        }
        Decision::Grant
    }

    /// What comes next for somebody whose session has ended.
    pub fn for_nobody(&self) -> Decision {
        match self.request.prompts(Prompt::None) {
            true => Decision::Refuse(Refusal::new("login_required", "The person has to sign in.")),
            false => Decision::SignIn(self.first_screen(false)),
        }
    }

    fn first_screen(&self, is_signed_in: bool) -> FirstScreen {
        match self.request.first_screen {
            _ if self.request.prompts(Prompt::Create) => FirstScreen::Register,
            first if !is_signed_in => first,
            _ => FirstScreen::SignIn,
        }
    }
}
