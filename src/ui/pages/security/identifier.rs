//! The e-mail address and the mobile number: one page for either, and one for its code.

use leptos::prelude::*;

use super::{Badge, SubPage, words::words};
use crate::{
    domain::{
        account::Account,
        code::Channel,
        email::{EmailAddress, readable},
        error::Error,
    },
    service::Accounts,
    ui::{
        flash::{Flash, Tone},
        page_context::PageContext,
        pages::code::{CodeState, CodeStep, Resend},
        pages::login::sent_to,
        parts::{CodeField, EMAIL_PATTERN, Field, FlashSummary, NoticeBox, PHONE_PATTERN, Submit},
        text::Text,
    },
};

/// An e-mail address or a mobile number of an account.
#[derive(Clone, Debug)]
pub struct Identifier {
    /// Which of the two.
    pub channel: Channel,
    /// The one in force, and whether it is verified.
    pub in_force: Option<(String, bool)>,
    /// The one that waits for its code.
    pub pending: Option<String>,
    /// Whether this browser knows of a code that waits to be entered.
    pub code_waits: bool,
    /// Whether codes are sent to such ones at all.
    pub can_send: bool,
    /// Whether the account may go without one.
    pub removable: bool,
    /// The version of the record that the page shows.
    pub record_version: i64,
}

/// A code for one.
#[derive(Clone, Debug)]
pub struct IdentifierCode {
    /// The code.
    pub code: CodeStep,
    /// Of which of the two.
    pub channel: Channel,
    /// Whether it completes a change that can be cancelled.
    pub is_change: bool,
    /// The version of the record that the page shows.
    pub record_version: i64,
}

impl Identifier {
    /// Either of an account's.
    pub fn of(accounts: &Accounts, account: &Account, channel: Channel, code_waits: bool) -> Self {
        let primary = accounts.settings().login_identifier;
        // With nothing in force, what waits stands there like any other that is not verified.
        let shown = |email: &EmailAddress| readable(email.as_str());
        let email = account.email.as_ref().or(account.pending_email.as_ref());
        let email = email.map(|email| (shown(email), account.email_verified));
        let phone = account.phone.as_ref().or(account.pending_phone.as_ref());
        let phone = phone.map(|phone| (phone.to_string(), account.phone_verified));
        let verified = |other: &Option<(String, bool)>| other.as_ref().is_some_and(|(_, verified)| *verified);
        let (in_force, pending, removable) = match channel {
            Channel::Email => {
                let removable = !primary.email() || (primary.mobile() && verified(&phone));
                (email, account.next_email().map(shown), removable)
            }
            Channel::Sms => {
                let removable = !primary.mobile() || (primary.email() && verified(&email));
                (phone, account.next_phone().map(ToString::to_string), removable)
            }
        };
        let record_version = account.record_version;
        let can_send = accounts.can_send(channel);
        Self { channel, in_force, pending, code_waits, can_send, removable, record_version }
    }

    /// The title of its page.
    pub fn title(&self, text: &Text) -> &'static str {
        words(self.channel, text).title
    }

    /// The title of the page of its code.
    pub fn code_title(&self, text: &Text) -> &'static str {
        words(self.channel, text).code_title
    }
}

/// `/security/email` and `/security/phone`: how it stands, and the form that changes it.
#[component]
pub fn IdentifierPage(
    /// Who looks at it.
    context: PageContext,
    /// Which one.
    page: Identifier,
    /// What the last form left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let words = words(page.channel, context.text());
    let (name, _) = words.input;
    let present = (page.in_force.is_some() || page.pending.is_some())
        .then(|| view! { <PresentCard context=context.clone() page=page.clone()/> });
    view! {
        <SubPage context=context.clone() title=words.title lede=words.lede.to_owned()>
            <FlashSummary flash=flash.clone() forms=context.text().forms labels=vec![(name, words.new.to_owned())]/>
            {present}
            <ChangeCard context page flash/>
        </SubPage>
    }
}

/// The one in force, and the one that waits.
#[component]
fn PresentCard(context: PageContext, page: Identifier) -> impl IntoView {
    let (text, words) = (&context.text().identifiers, words(page.channel, context.text()));
    let security = &context.text().security;
    let badge =
        |verified| view! { <Badge good=verified word=if verified { security.verified } else { security.unverified }/> };
    let unverified = page.pending.is_none() && page.in_force.as_ref().is_some_and(|(_, verified)| !verified);
    let in_force = page.in_force.clone().map(|(value, verified)| {
        view! { <div><dt>{text.present}</dt><dd>{value}" "{badge(verified)}</dd></div> }
    });
    let pending = page.pending.clone().map(|value| {
        view! { <div><dt>{text.pending}</dt><dd>{value}" "{badge(false)}</dd></div> }
    });
    let old = page.in_force.map(|(value, _)| value).unwrap_or_default();
    let explained = match (&page.pending, unverified) {
        (Some(_), _) => Some((words.pending)(&old)),
        (None, true) => Some(words.unverified.to_owned()),
        (None, false) => None,
    };
    let version = page.record_version;
    let actions = (page.pending.is_some() || unverified && page.can_send).then(|| {
        let enter = page.code_waits.then(|| {
            view! { <a class="btn btn--primary" href=words.actions.code_page>{text.enter_code}</a> }
        });
        let (class, label) = if page.code_waits { ("", text.resend) } else { ("btn--primary", text.send_code) };
        let send = page.can_send.then(|| {
            view! { <form method="post" action=words.actions.send><Submit class label/></form> }
        });
        let cancel = page
            .pending
            .is_some()
            .then(|| view! { <CancelForm action=words.actions.cancel version label=text.cancel/> });
        view! {
            <div class="row">
                {enter}
                {send}
                {cancel}
            </div>
        }
    });
    view! {
        <section class="card" aria-label=words.title>
            <dl class="facts">{in_force}{pending}</dl>
            {explained.map(|sentence| view! { <p>{sentence}</p> })}
            {actions}
        </section>
    }
    .into_any()
}

#[component]
fn CancelForm(action: &'static str, version: i64, label: &'static str) -> impl IntoView {
    view! {
        <form method="post" action=action>
            <input type="hidden" name="record_version" value=version/>
            <Submit class="" label/>
        </form>
    }
}

/// The form for another one.
#[component]
fn ChangeCard(context: PageContext, page: Identifier, flash: Flash) -> impl IntoView {
    let (text, words) = (&context.text().identifiers, words(page.channel, context.text()));
    let (name, keys) = words.input;
    let is_first = page.in_force.is_none() && page.pending.is_none();
    let (title, submit) = if is_first { (words.add, text.send_code) } else { (words.change, text.submit) };
    let issues = &context.text().issues;
    let (kind, pattern, wrong) = match page.channel {
        Channel::Email => ("text", EMAIL_PATTERN, issues.malformed_email),
        Channel::Sms => ("tel", PHONE_PATTERN, issues.not_a_phone_number),
    };
    let told = page.in_force.as_ref().is_some_and(|(_, verified)| *verified).then(|| view! { <p>{words.told}</p> });
    let remove = (page.removable && !is_first).then(|| {
        view! {
            <form method="post" action=words.actions.remove>
                <input type="hidden" name="record_version" value=page.record_version/>
                <Submit class="btn--quiet" label=words.remove/>
            </form>
        }
    });
    if !page.can_send {
        let off = context.text().error(&Error::ChannelOff(page.channel));
        return view! {
            <NoticeBox tone=Tone::Info>{off}</NoticeBox>
            {remove}
        }
        .into_any();
    }
    view! {
        <section class="card" aria-labelledby="change-title">
            <header class="card__head"><h2 id="change-title">{title}</h2></header>
            <form class="form" method="post" action=words.actions.change novalidate>
                <input type="hidden" name="record_version" value=page.record_version/>
                <Field
                    name label=words.new kind inputmode=keys autocomplete=keys hint=words.hint value=flash.value(name)
                    error=flash.error(name) pattern=Some(pattern) wrong
                />
                {told}
                <div><Submit label=submit/></div>
            </form>
            {remove.map(|form| view! { <footer class="card__foot">{form}</footer> })}
        </section>
    }
    .into_any()
}

/// `/security/email/code` and `/security/phone/code`: posts `token` and `code` to the form that confirms it.
#[component]
pub fn CodePage(
    /// Who looks at it.
    context: PageContext,
    /// Which code.
    page: IdentifierCode,
    /// What the last try left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let (text, words) = (&context.text().identifiers, words(page.channel, context.text()));
    let above = match page.channel {
        Channel::Email => ("/security/email", words.title),
        Channel::Sms => ("/security/phone", words.title),
    };
    let label = context.text().code.label;
    let code = page.code;
    let cancel = page.is_change.then(|| {
        let version = page.record_version;
        view! { <footer class="card__foot"><CancelForm action=words.actions.cancel version label=text.cancel/></footer> }
    });
    view! {
        <SubPage context=context.clone() title=words.code_title lede=sent_to(&context, &code) above>
            <FlashSummary flash=flash.clone() forms=context.text().forms labels=vec![("code", label.to_owned())]/>
            <section class="card" aria-label=words.code_title>
                <form class="form" method="post" action=words.actions.confirm novalidate>
                    <input type="hidden" name="token" value=code.token.clone()/>
                    <CodeField label error=flash.error("code")/>
                    <CodeState context=context.clone() code=code.clone() flash/>
                    <div><Submit label=text.confirm/></div>
                </form>
                <Resend context code next=None action=words.actions.send/>
                {cancel}
            </section>
        </SubPage>
    }
}
