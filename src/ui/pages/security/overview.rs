//! `/security`: how the account stands, and where each part of that is changed.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::{
    Row,
    apps::{AppRow, AppsCard},
    row_link,
    sessions::SessionsCard,
    strength::StrengthCard,
};
use crate::{
    domain::{account::Account, second_factor::Status, session, session::Actor, strength::Strength},
    service::{Accounts, channels::Channels},
    ui::{
        app::{AccountLayout, Section},
        flash::Flash,
        page_context::PageContext,
        pages::security::Session,
        parts::{FlashSummary, Glyph},
    },
};

/// What the security page shows.
#[derive(Clone, Debug)]
pub struct Security {
    /// The rating.
    pub strength: Strength,
    /// The e-mail address, and whether it is verified.
    pub email: Option<(String, bool)>,
    /// The mobile number, and whether it is verified.
    pub phone: Option<(String, bool)>,
    /// The username.
    pub username: String,
    /// Whether there is a password.
    pub has_password: bool,
    /// When it was last set.
    pub password_changed_at: Option<DateTime<Utc>>,
    /// Where the account stands with the second step.
    pub factors: Status,
    /// Where it is signed in, this session first.
    pub sessions: Vec<Session>,
    /// What codes can be sent by.
    pub channels: Channels,
    /// Apps that know of the account.
    pub apps: Vec<AppRow>,
}

impl Security {
    /// The page of an account.
    pub fn of(
        accounts: &Accounts,
        account: &Account,
        actor: &Actor,
        factors: Status,
        sessions: Vec<session::Session>,
    ) -> Self {
        Self {
            strength: accounts.strength(account),
            email: account.shown_email().map(|email| (email.to_string(), account.shown_email_verified())),
            phone: account.shown_phone().map(|phone| (phone.to_string(), account.shown_phone_verified())),
            username: account.username.to_string(),
            has_password: account.password_hash.is_some(),
            password_changed_at: account.password_changed_at,
            factors,
            sessions: Session::listed(sessions, actor.session_id),
            channels: accounts.settings().channels,
            apps: Vec::new(),
        }
    }
}

/// `/security`
#[component]
pub fn SecurityPage(
    /// Who looks at it.
    context: PageContext,
    /// What it shows.
    page: Security,
    /// What the last form left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let text = &context.text().security;
    view! {
        <AccountLayout context=context.clone() current=Section::Security>
            <div class="page-head">
                <h1>{text.title}</h1>
                <p class="page-head__lede">{text.lede}</p>
            </div>
            <FlashSummary flash forms=context.text().forms labels=Vec::new()/>
            <StrengthCard context=context.clone() strength=page.strength.clone() channels=page.channels/>
            <SignInCard context=context.clone() page=page.clone()/>
            <FactorsCard context=context.clone() factors=page.factors.clone()/>
            <SessionsCard context=context.clone() sessions=page.sessions/>
            <AppsCard context=context.clone() apps=page.apps/>
            <DeactivateCard context/>
        </AccountLayout>
    }
}

/// What one signs in with.
#[component]
fn SignInCard(context: PageContext, page: Security) -> impl IntoView {
    let text = &context.text().security;
    let contact = |glyph, title: &'static str, href, contact: Option<(String, bool)>, can_send: bool| {
        if contact.is_none() && !can_send {
            return None;
        }
        let badge =
            contact.as_ref().map(|(_, verified)| (*verified, if *verified { text.verified } else { text.unverified }));
        let word = match contact {
            _ if !can_send => text.manage,
            None => text.add,
            Some((_, true)) => text.change,
            Some((_, false)) => text.verify,
        };
        let state = contact.map_or_else(|| text.none.to_owned(), |(value, _)| value);
        Some(view! { <Row glyph title state badge action=Some(row_link(href, word, title))/> })
    };
    let password = match page.password_changed_at.filter(|_| page.has_password) {
        Some(at) => (text.password_set)(&context.date(at)),
        None => text.password_none.to_owned(),
    };
    view! {
        <section class="card" aria-labelledby="sign-in-title">
            <header class="card__head"><h2 id="sign-in-title">{text.sign_in}</h2></header>
            <ul class="list">
                {contact(Glyph::Mail, text.email, "/security/email", page.email, page.channels.email)}
                {contact(Glyph::Phone, text.phone, "/security/phone", page.phone, page.channels.sms)}
                <Row
                    glyph=Glyph::At title=text.username state=page.username badge=None
                    action=Some(row_link("/security/username", text.change, text.username))
                />
                <Row
                    glyph=Glyph::Lock title=text.password state=password badge=None
                    action=Some(row_link("/profile#password-title", text.change, text.password))
                />
            </ul>
        </section>
    }
    .into_any()
}

/// The second step, in short.
#[component]
fn FactorsCard(context: PageContext, factors: Status) -> impl IntoView {
    let (text, manage) = (&context.text().two_factor, context.text().security.manage);
    let on = factors.enabled;
    let state = if on { text.on_text } else { text.off_text };
    let badge = Some((on, if on { text.on } else { text.off }));
    let left = factors.recovery_codes_left;
    let codes = (on || left > 0).then(|| {
        let badge = (left < 3).then_some((false, text.few));
        view! { <Row glyph=Glyph::Key title=text.codes state=(text.codes_left)(left) badge action=None/> }
    });
    view! {
        <section class="card" aria-labelledby="two-factor-title">
            <header class="card__head">
                <h2 id="two-factor-title">{text.title}</h2>
                <p>{text.lede}</p>
            </header>
            <ul class="list">
                <Row
                    glyph=Glyph::Shield title=text.status state badge
                    action=Some(row_link("/security/two-factor", manage, text.title))
                />
                {codes}
            </ul>
        </section>
    }
    .into_any()
}

#[component]
fn DeactivateCard(context: PageContext) -> impl IntoView {
    let text = &context.text().deactivate;
    view! {
        <section class="card card--danger" aria-labelledby="deactivate-title">
            <header class="card__head">
                <h2 id="deactivate-title">{text.title}</h2>
                <p>{text.lede}</p>
            </header>
            <div><a class="btn" href="/security/deactivate">{text.open}</a></div>
        </section>
    }
    .into_any()
}
