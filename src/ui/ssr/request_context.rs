//! One request to the pages: who asks, in which language, and what they may be told.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header::SET_COOKIE, request::Parts};
use chrono::TimeDelta;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use super::{FormTable, Site, cookies, oidc::Journey};
use crate::{
    domain::{
        account::Account,
        error::Error,
        locale::{Locale, Theme},
        session::{Actor, Origin},
        time_zone::TimeZone,
    },
    service::Accounts,
    ui::{
        error::{ActionError, Cause},
        nonce::Nonce,
        page_context::{Assets, Brand, PageContext, SignedIn},
        text::{self, Text},
    },
};

/// One request to the pages.
#[derive(Clone)]
pub struct RequestContext {
    site: Arc<Site>,
    origin: Origin,
    who: Option<Arc<(Actor, Account)>>,
    locale: Locale,
    theme: Theme,
    nonce: Option<Nonce>,
    path: String,
    headers: Arc<HeaderMap>,
    /// The app for whose sake somebody signs in, if this page stands on the way to one.
    pub(super) journey: Option<Arc<Journey>>,
    /// An app to return to, by its name, and where it is.
    pub(super) return_to: Option<(String, String)>,
}

impl RequestContext {
    /// The context of a request before its session is looked up.
    pub(super) fn anonymous(site: &Arc<Site>, parts: &Parts) -> Self {
        let cookie = |name| site.cookies.read(&parts.headers, name);
        let mut origin = parts.extensions.get::<Origin>().cloned().unwrap_or_default();
        let chosen = cookie(cookies::LOCALE).and_then(|locale| locale.parse().ok());
        let locale = chosen.or(origin.locale).unwrap_or_default();
        origin.locale = Some(locale);
        origin.time_zone = cookie(cookies::ZONE).and_then(|zone| zone.parse().ok());
        origin.device = cookie(cookies::DEVICE);
        Self {
            origin,
            who: None,
            locale,
            theme: cookie(cookies::THEME).and_then(|theme| theme.parse().ok()).unwrap_or_default(),
            nonce: parts.extensions.get().cloned(),
            path: parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            headers: Arc::new(parts.headers.clone()),
            journey: None,
            return_to: None,
            site: Arc::clone(site),
        }
    }

    /// Looks up the session. A dead one is none.
    ///
    /// # Errors
    /// [`Error::Busy`] while the database does not answer in time, else [`Error::Internal`].
    pub(super) async fn identify(&mut self) -> Result<(), Error> {
        let Some(value) = self.cookie(cookies::SESSION) else { return Ok(()) };
        match self.accounts().authenticate_cookie(&value, &self.origin).await {
            Ok((actor, account)) => {
                self.locale = account.locale.unwrap_or(self.locale);
                self.theme = account.theme.or(self.theme);
                self.origin.session_id = Some(actor.session_id);
                self.who = Some(Arc::new((actor, account)));
                Ok(())
            }
            Err(Error::Unauthenticated | Error::SecondFactorRequired { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The context in which a server function runs.
    ///
    /// # Errors
    /// [`Cause::Internal`] when it was called some other way.
    pub fn current() -> Result<Self, ActionError> {
        use_context::<Self>().ok_or_else(|| Cause::Internal.into())
    }

    /// The account core.
    pub fn accounts(&self) -> &Accounts {
        &self.site.accounts
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// [`Cause::SignedOut`].
    pub fn actor(&self) -> Result<&Actor, ActionError> {
        self.who.as_deref().map(|(actor, _)| actor).ok_or_else(|| self.refuse(Error::Unauthenticated))
    }

    /// Their account, as it was when the request came.
    pub(super) fn account(&self) -> Option<&Account> {
        self.who.as_deref().map(|(_, account)| account)
    }

    /// From where.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The language to answer in.
    pub fn locale(&self) -> Locale {
        self.locale
    }

    pub(super) fn theme(&self) -> Theme {
        self.theme
    }

    /// Answers in the language of an account, where it has one.
    pub(super) fn speak(&mut self, locale: Option<Locale>) {
        self.locale = locale.unwrap_or(self.locale);
    }

    /// The words of that language.
    pub fn text(&self) -> &'static Text {
        text::of(self.locale)
    }

    /// The local path and query that were asked for.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    pub(super) fn cookie(&self, name: &str) -> Option<String> {
        self.site.cookies.read(&self.headers, name)
    }

    /// The forms of all pages.
    pub(super) fn forms(&self) -> &FormTable {
        &self.site.forms
    }

    pub(super) fn asset(&self, name: &str) -> String {
        (self.site.asset_url)(name)
    }

    pub(super) fn set_cookie(&self, name: &str, value: &str, lifetime: TimeDelta) -> Option<HeaderValue> {
        self.site.cookies.write(name, value, lifetime)
    }

    /// What stands around a page.
    pub(super) fn page_context(&self) -> PageContext {
        let settings = self.accounts().settings();
        let account = self.account();
        let signed_in = |account: &Account| SignedIn {
            name: account.display_name(),
            username: account.username.as_str().to_owned(),
            avatar_url: self.accounts().own_avatar_path(account),
        };
        let colour = settings.brand.colour.as_ref().map(|_| "brand.css");
        PageContext {
            locale: self.locale,
            theme: self.theme,
            zone: self.zone(),
            now: self.accounts().now(),
            brand: Brand { name: settings.brand.name.clone(), logo: settings.brand.logo.clone() },
            path: self.path.clone(),
            account: account.map(signed_in),
            return_to: self.return_to.clone(),
            assets: Assets {
                styles: ["pkg/nameplate.css"].into_iter().chain(colour).map(|name| self.asset(name)).collect(),
                scripts: vec![self.asset("page.js")],
            },
            nonce: self.nonce.as_ref().map(Nonce::to_string),
        }
    }

    /// The time zone of the account, else of the browser.
    pub(super) fn zone(&self) -> TimeZone {
        let chosen = self.account().and_then(|account| account.time_zone.as_deref());
        chosen.and_then(|zone| zone.parse().ok()).or(self.origin.time_zone).unwrap_or_default()
    }

    pub(super) fn answer_with_cookie(&self, name: &str, value: &str, lifetime: TimeDelta) {
        let cookie = self.set_cookie(name, value, lifetime);
        if let (Some(response), Some(cookie)) = (use_context::<ResponseOptions>(), cookie) {
            response.append_header(SET_COOKIE, cookie);
        }
    }
}
