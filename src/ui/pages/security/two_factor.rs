//! Two-step verification: whether it is on, and what answers it.

use leptos::prelude::*;

use super::{Badge, Row, SubPage, row_link};
use crate::{
    domain::{account::Account, email::readable, second_factor::Status},
    service::{Accounts, channels::Channels},
    ui::{
        flash::Flash,
        flash::Tone,
        page_context::PageContext,
        parts::{FlashSummary, Glyph, NoticeBox, Submit},
    },
};

/// Where an account stands.
#[derive(Clone, Debug)]
pub struct TwoFactor {
    /// On or off, and with what.
    pub factors: Status,
    /// The e-mail address, where codes can go there.
    pub email: Option<String>,
    /// The mobile number, where codes can go there.
    pub phone: Option<String>,
    /// What codes can be sent by.
    pub channels: Channels,
}

impl TwoFactor {
    /// The page of an account.
    pub fn of(accounts: &Accounts, account: &Account, factors: Status) -> Self {
        let channels = accounts.settings().channels;
        let email = account.email.as_ref().filter(|_| account.email_verified && channels.email);
        let phone = account.phone.as_ref().filter(|_| account.phone_verified && channels.sms);
        let email = email.map(|email| readable(email.as_str()));
        Self { factors, email, phone: phone.map(ToString::to_string), channels }
    }
}

/// `/security/two-factor`
#[component]
pub fn TwoFactorPage(
    /// Who looks at it.
    context: PageContext,
    /// How it stands.
    page: TwoFactor,
    /// What the last form left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let text = &context.text().two_factor;
    view! {
        <SubPage context=context.clone() title=text.title lede=text.lede.to_owned()>
            <FlashSummary flash forms=context.text().forms labels=Vec::new()/>
            <SwitchCard context=context.clone() page=page.clone()/>
            <MethodsCard context page/>
        </SubPage>
    }
}

/// On or off.
#[component]
fn SwitchCard(context: PageContext, page: TwoFactor) -> impl IntoView {
    let text = &context.text().two_factor;
    let TwoFactor { factors, email, phone, .. } = page;
    let (word, sentence) = if factors.enabled { (text.on, text.on_text) } else { (text.off, text.off_text) };
    let action = match (factors.enabled, factors.has_app || factors.can_be_sent) {
        (true, _) => view! { <div><a class="btn" href="/security/two-factor/off">{text.disable}</a></div> }.into_any(),
        (false, true) => {
            let sent_to = email.or(phone).filter(|_| !factors.has_app);
            let sent_to = sent_to.map(|to| view! { <p>{(text.enable_sent)(&to)}</p> });
            view! {
                <form class="stack" method="post" action="/fn/enable-two-factor">
                    {sent_to}
                    <p>{text.others_end}</p>
                    <div><Submit label=text.enable/></div>
                </form>
            }
            .into_any()
        }
        (false, false) => view! { <NoticeBox tone=Tone::Info>{text.needs_one}</NoticeBox> }.into_any(),
    };
    view! {
        <section class="card" aria-labelledby="switch-title">
            <header class="card__head">
                <h2 id="switch-title">{text.status}" "<Badge good=factors.enabled word/></h2>
                <p>{sentence}</p>
            </header>
            {action}
        </section>
    }
    .into_any()
}

/// What answers it.
#[component]
fn MethodsCard(context: PageContext, page: TwoFactor) -> impl IntoView {
    let (text, security) = (&context.text().two_factor, &context.text().security);
    let TwoFactor { factors, email, phone, channels } = page;
    let sent = |glyph, title: &'static str, href, to: Option<String>| {
        let badge = to.is_some().then_some((true, security.verified));
        let action = to.is_none().then(|| row_link(href, security.verify, title));
        let state = to.unwrap_or_else(|| text.not_verified.to_owned());
        view! { <Row glyph title state badge action/> }
    };
    let left = factors.recovery_codes_left;
    let codes = factors.enabled.then(|| {
        let label = if left == 0 { text.make } else { text.renew };
        let action = view! { <PostButton action="/fn/renew-recovery-codes" label of=text.codes/> }.into_any();
        let state = format!("{} {}.", text.codes_text, (text.codes_left)(left));
        view! { <Row glyph=Glyph::Key title=text.codes state badge=(left < 3).then_some((false, text.few)) action=Some(action)/> }
    });
    view! {
        <section class="card" aria-labelledby="methods-title">
            <header class="card__head"><h2 id="methods-title">{text.methods}</h2></header>
            <ul class="list">
                <AppRow context=context.clone() has_app=factors.has_app/>
                {channels.email.then(|| sent(Glyph::Mail, text.email, "/security/email", email))}
                {channels.sms.then(|| sent(Glyph::Phone, text.sms, "/security/phone", phone))}
                {codes}
            </ul>
        </section>
    }
    .into_any()
}

#[component]
fn AppRow(context: PageContext, has_app: bool) -> impl IntoView {
    let text = &context.text().two_factor;
    let badge = has_app.then_some((true, text.app_on));
    let (label, state) = if has_app { (text.replace, text.app_ready) } else { (text.set_up, text.app_off) };
    let remove = has_app.then(|| row_link("/security/two-factor/remove-app", text.remove, text.app));
    let action = view! {
        <div class="row"><PostButton action="/fn/set-up-authenticator" label of=text.app/>{remove}</div>
    };
    view! { <Row glyph=Glyph::Shield title=text.app state badge action=Some(action.into_any())/> }
}

/// A button at the end of a row that does something at once.
#[component]
fn PostButton(action: &'static str, label: &'static str, of: &'static str) -> impl IntoView {
    view! {
        <form method="post" action=action>
            <button class="btn btn--small" type="submit" aria-label=format!("{label}: {of}")>{label}</button>
        </form>
    }
}
