//! Taking a change back, by the link that the old address or number was sent.

use axum::{
    extract::State,
    http::{StatusCode, request::Parts},
    response::Response,
};
use leptos::prelude::*;

use super::{
    RequestContext,
    page::with_cookie,
    views::{QueryParams, SiteState, request_context},
};
use crate::{
    domain::{code::Channel, error::Error},
    ui::{
        error::{ActionError, Done},
        flash::{Flash, Notice, Tone},
        pages::{Undo, UndoPage},
    },
};

impl RequestContext {
    /// Takes a change back. A link that no longer works is told so by its page.
    ///
    /// # Errors
    /// [`ActionError`]: the cause, and a sentence for each input that is wrong.
    pub async fn undo_change(&self, token: &str) -> Result<Done, ActionError> {
        let restored = match self.accounts().read_undo(token).await {
            Ok(offer) => self.accounts().undo(token, self.origin()).await.map(|_| offer.restores),
            Err(error) => Err(error),
        };
        let notice = match restored {
            Ok(restored) => Some(Notice { tone: Tone::Ok, text: (self.text().undo_change.done_lede)(&restored) }),
            Err(Error::NotFound) => None,
            Err(error @ Error::Taken(_)) => Some(Notice { tone: Tone::Error, text: self.text().error(&error) }),
            Err(error) => return Err(self.refuse(error)),
        };
        Ok(Done { notice, next: Some("/undo".to_owned()), ..Done::default() })
    }
}

/// `/undo`: asks first, and says how it went.
pub async fn undo(State(site): SiteState, query: QueryParams, parts: Parts) -> Result<Response, Response> {
    let mut request = request_context(&site, &parts).await?;
    let (mut flash, cookie) = request.take_flash().await;
    let token = query.get("token").cloned().unwrap_or_default();
    let page = match request.accounts().read_undo(&token).await {
        Ok(offer) => {
            request.speak(offer.locale);
            let is_email = offer.channel == Channel::Email;
            Undo::Offer { token, is_email, restores: offer.restores, until: offer.expires_at }
        }
        Err(Error::NotFound) => match flash.notice.take() {
            Some(Notice { tone: Tone::Ok, text }) => Undo::Done { said: text },
            notice => {
                flash = Flash { notice, ..Flash::default() };
                Undo::Dead
            }
        },
        Err(error) => return Err(request.outage(&error)),
    };
    let status = if matches!(page, Undo::Dead) { StatusCode::NOT_FOUND } else { StatusCode::OK };
    let title = page.title(&request.text().undo_change);
    let response = request.page(status, title, move |context| view! { <UndoPage context page flash/> });
    Ok(with_cookie(response, cookie))
}
