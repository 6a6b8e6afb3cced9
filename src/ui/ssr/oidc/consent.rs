//! `/consent`: what is still to be asked before a request is answered, and what was answered.

use axum::{
    extract::State,
    http::{StatusCode, request::Parts},
    response::Response,
};
use leptos::prelude::*;
use uuid::Uuid;

use super::{PARAMETER, RequestContext, address, entrance};
use crate::{
    domain::{
        client::Client,
        error::Error,
        oidc::{
            decision::{Answer, Decision, PendingRequest},
            request::FirstScreen,
        },
        session::Actor,
    },
    service::oidc::authorization::{Progress, Unanswerable},
    ui::{
        error::{ActionError, Done},
        flash::{Notice, Tone},
        pages::{AppQuestion, ConsentPage, ContinueAsPage, destination, gives},
        ssr::views::{QueryParams, SiteState, request_context},
    },
};

/// Goes on with a request.
pub async fn consent(State(site): SiteState, query: QueryParams, parts: Parts) -> Result<Response, Response> {
    let request = request_context(&site, &parts).await?;
    let text = &request.text().oidc;
    let Some(pending) = query.get(PARAMETER).and_then(|sealed| request.accounts().open_request(sealed)) else {
        return Ok(request.request_error(text.refused_title, text.unreadable_text));
    };
    if !pending.is_alive(request.accounts().now()) {
        return Ok(request.request_error(text.expired_title, text.expired_text));
    }
    let done = request.go_on(&pending).await;
    Ok(done.unwrap_or_else(|error| request.outage(&error)))
}

impl RequestContext {
    async fn go_on(&self, pending: &PendingRequest) -> Result<Response, Error> {
        let client = match self.accounts().client_of(pending).await {
            Err(Error::NotFound) => return Ok(self.unanswerable(Unanswerable::ClientUnknown)),
            client => client?,
        };
        let target = &pending.request.target;
        let progress = match self.accounts().advance(pending, self.actor().ok()).await {
            // It ended in this moment.
            Err(Error::Unauthenticated) => Progress::Decided(pending.for_nobody()),
            progress => progress?,
        };
        match (progress, self.actor()) {
            (Progress::Granted(code), _) => Ok(self.lead_on_to_app(&client.name, target, Ok(&code))),
            (Progress::Decided(Decision::Refuse(refusal)), _) => {
                Ok(self.lead_on_to_app(&client.name, target, Err(&refusal)))
            }
            (Progress::Decided(Decision::Consent), Ok(actor)) => self.ask(pending, &client, actor, true),
            (Progress::Decided(Decision::Choose), Ok(actor)) => self.ask(pending, &client, actor, false),
            (Progress::Decided(decision), _) => self.lead_to_page(pending, &decision),
        }
    }

    /// Asks for consent, or with which account to go on.
    fn ask(
        &self,
        pending: &PendingRequest,
        client: &Client,
        actor: &Actor,
        for_consent: bool,
    ) -> Result<Response, Error> {
        let account = self.account().ok_or(Error::Unauthenticated)?;
        let token = self.accounts().seal_request(&self.accounts().show_to(pending, actor))?;
        let context = self.page_context();
        let page = AppQuestion {
            app: client.name.clone(),
            destination: destination(&pending.request.target.redirect_uri),
            name: account.display_name(),
            username: account.username.to_string(),
            gives: if for_consent { gives(&context, &client.app, &pending.request.access) } else { Vec::new() },
            policy_url: client.app.policy_url.clone(),
            terms_url: client.app.terms_url.clone(),
            token,
            here: self.path().to_owned(),
        };
        let text = &self.text().oidc;
        Ok(match for_consent {
            true => {
                let title = (text.consent_title)(&page.app, &context.brand.name);
                self.page(StatusCode::OK, &title, move |context| view! { <ConsentPage context page/> })
            }
            false => {
                let title = (text.choose_title)(&page.name);
                self.page(StatusCode::OK, &title, move |context| view! { <ContinueAsPage context page/> })
            }
        })
    }

    /// Takes an answer, and goes on.
    ///
    /// # Errors
    /// Why it counts for nothing.
    pub async fn answer_app(&self, token: &str, answer: Answer) -> Result<Done, ActionError> {
        let pending = self.request_of(token)?;
        let answered = self.accounts().answer_request(self.actor()?, pending, answer).await;
        self.on_with(&answered.map_err(|error| self.refuse(error))?)
    }

    /// Signs in as somebody else, and goes on.
    ///
    /// # Errors
    /// Why it does not.
    pub fn continue_as_another(&self, token: &str) -> Result<Done, ActionError> {
        let pending = self.accounts().as_another(self.request_of(token)?);
        let sealed = self.accounts().seal_request(&pending).map_err(|error| self.refuse(error))?;
        Ok(Done { next: Some(entrance(FirstScreen::SignIn, &address(&sealed))), ..Done::default() })
    }

    /// Takes an app's access away.
    ///
    /// # Errors
    /// Why it stays.
    pub async fn remove_app(&self, id: &str) -> Result<Done, ActionError> {
        let actor = self.require_step_up().await?;
        let removed = match id.parse::<Uuid>() {
            Ok(id) => self.accounts().remove_app(actor, id).await,
            Err(_) => Err(Error::NotFound),
        };
        let text = &self.text().oidc;
        let (tone, said) = match removed {
            Ok(()) => (Tone::Ok, text.removed),
            Err(Error::NotFound) => (Tone::Info, text.already_removed),
            Err(error) => return Err(self.refuse(error)),
        };
        let notice = Some(Notice { tone, text: said.to_owned() });
        Ok(Done { notice, next: Some("/security".to_owned()), ..Done::default() })
    }

    fn request_of(&self, token: &str) -> Result<PendingRequest, ActionError> {
        self.accounts().open_request(token).ok_or_else(|| self.refuse(Error::NotFound))
    }

    fn on_with(&self, pending: &PendingRequest) -> Result<Done, ActionError> {
        let sealed = self.accounts().seal_request(pending).map_err(|error| self.refuse(error))?;
        Ok(Done { next: Some(address(&sealed)), ..Done::default() })
    }
}
